/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <stddef.h>

#include "report/finding.h"

/* The rules of the lifetime contract of ctx->vm, and what in a report of the kernel's own detectors points
 * to one. Both are tables to read and extend. */
struct rule {
        const char *id;
        const char *contract; /* in one sentence */
};

extern const struct rule rules[];
extern const size_t n_rules;

const struct rule *rule_of(struct slice id);

/* Evidence: a frame or a lock in a report of some detector that says which rule broke. */
struct evidence {
        const char *detector; /* NULL: any */
        const char *kind;     /* NULL: any */
        const char *frame;    /* pattern with '*' */
        const char *rule;     /* NULL: says only that the vm's lifetime is touched */
        enum relevance relevance;
        const char *why;
};

extern const struct evidence evidence[];
extern const size_t n_evidence;
