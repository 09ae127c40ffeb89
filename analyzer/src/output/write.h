/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <stdio.h>

#include "output/terminal.h"
#include "scan/scan.h"

/* How a person wants to see it. */
struct style {
        struct terminal terminal; /* around the stream that is written to */
        unsigned verbose;         /* 0: what and where; 1: also stacks, accesses, locks; 2: also the lines themselves */
};

/* An output format: one file and one line in formats[]. */
struct format {
        const char *name;
        /* Writes all of the scan; style is for people's formats. 0 or -errno; errors of the stream itself are the
         * caller's to find. */
        int (*write)(const struct scan *s, const struct style *style, FILE *f);
};

extern const struct format formats[];
extern const size_t n_formats;
/* Of one that is there. */
const struct format *format_by_name(const char *name);
