/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "output/signatures.h"
#include "output/terminal.h"

/* A line for each signature, the worst first: scan --by signature. */
struct by_signature {
        const struct signatures *signatures;
        size_t n_sources, n_boots;
};

void write_by_signature(const struct by_signature *w, const struct terminal *t);
