/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <stdio.h>

#include "saved/saved.h"

/* What the user wants of an export. */
struct export_options {
        const char *origin; /* kcidb: who submits; never NULL, checked by origin_is_valid() */
        /* html: where the kernel's source is shown, with {version}, {release}, {file} and {line}; "": nowhere; NULL:
         * elixir.bootlin.com. */
        const char *source_url;
        const struct saved *base; /* what was known before: signatures in there are not new; NULL */
};

/* A form that other tools take reports in: one file that defines one of these, export_NAME, and one line in
 * exports.c. */
struct export {
        const char *name, *what; /* what it is for, in a few words */
        /* Writes all of the reports. 0 or -errno; errors of the stream itself are the caller's to find. */
        int (*write)(const struct saved *s, const struct export_options *o, FILE *f);
        bool for_people; /* who read it at a terminal */
};

extern const struct export *const exports[];
extern const size_t n_exports;

bool origin_is_valid(const char *origin);
