/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <stdio.h>

#include "scan/scan.h"

/* An output format: one file and one line in formats[]. */
struct format {
        const char *name;
        /* Writes all of the scan. 0 or -errno; errors of the stream itself are the caller's to find. */
        int (*write)(const struct scan *s, FILE *f);
};

extern const struct format formats[];
extern const size_t n_formats;
const struct format *format_of(const char *name);

#define REPORT_SCHEMA "vmlife-report/1"
