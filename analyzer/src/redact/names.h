/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "boot/boot.h"
#include "redact/redact.h"
#include "report/finding.h"

/* What is to be taken out, as the command line says it. */
struct redaction {
        bool on;
        const char *key;       /* a file; NULL: a new random key */
        const char *words[64]; /* beside what is known by its form or place */
        size_t n_words;
};

/* A redactor with its key and the words. 0 or -errno, which it says. */
int redaction_begin(struct redactor **ret, const struct redaction *o);

/* Where a redactor learns names. Each returns 0 or -ENOMEM. */

/* Its host and its machine's id. */
int redact_know_boot(struct redactor *r, const struct boot *b);
/* Its tasks; functions, modules and locks must stay. */
int redact_know_finding(struct redactor *r, const struct finding *f);
/* This machine, and the people with an account here. */
int redact_know_here(struct redactor *r);
