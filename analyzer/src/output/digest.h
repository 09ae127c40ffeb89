/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "output/export.h"

/* What was found, by signature over all boots: injected faults apart from what came by itself. */

struct digest_line {
        const struct finding *example; /* the one that says most: whole rather than corrupted, the first of those */
        const struct finding *first, *last; /* in time */
        const struct finding **all;         /* in the order of the report */
        size_t n;
        uint64_t count; /* events */
        size_t n_boots;
        bool is_new; /* not in the base; without a base: in the last day, or boot, and not before */
};

struct digest {
        struct digest_line *lines; /* new ones first, then by relevance, severity, and the latest first */
        size_t n, n_new;
        const char *new_since; /* what new ones are compared with, "in the last day"; NULL: with nothing */
        const struct finding **members;
};

void digest_done(struct digest *d);
/* 0 or -ENOMEM. */
int digest_make(const struct saved *s, const struct export_options *o, struct digest *ret);
