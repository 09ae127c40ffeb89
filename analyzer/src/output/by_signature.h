/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "output/signatures.h"
#include "output/terminal.h"

#define BY_SIGNATURE_SCHEMA "vmlife-signatures/1"

/* A line for each signature, the worst first: scan --by signature. */
struct by_signature {
        const struct signatures *signatures;
        size_t n_sources, n_boots;
        size_t limit; /* of the lines in text; 0: all. What is left out is counted in the last line */
        bool places;  /* in text: below each where its example begins */
};

void write_by_signature(const struct by_signature *w, const struct terminal *t);
/* All of them, whatever the limit. 0 or -ENOMEM. */
int write_by_signature_json(const struct by_signature *w, FILE *f);
