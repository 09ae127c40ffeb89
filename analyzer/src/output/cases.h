/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "output/by_boot.h"
#include "saved/saved.h"

/* A boot as a run of tests, for the forms that know tests only. Each finding is one. Each detector is one, in every
 * boot, so that a series of results shows when it broke and when it was fixed: failed if a finding of it counts, passed
 * if it was active to the end, skipped, with the reason, if its silence says nothing. */

enum outcome {
        OUTCOME_PASS,
        OUTCOME_FAIL,
        OUTCOME_SKIP, /* proves nothing, or does not count: why says which */
};

struct test_case {
        const char *detector;
        enum outcome outcome;
        const char *why;               /* of a skip or a failure; in the array's memory or the report's */
        const struct finding *finding; /* NULL: this is the detector's own test */
};

struct cases {
        struct test_case *items;
        size_t n, failed, skipped;
        struct arena arena;
};

void cases_done(struct cases *c);
/* Those of a boot, findings first, in the order of the report. 0 or -ENOMEM. */
int cases_of_boot(const struct saved *s, const struct by_boot *by_boot, uint32_t boot, struct cases *ret);

/* A name for the boot that a person tells it by, the same for the same boot in all exports: its id, or what its
 * source and its place in there are. In the arena; NULL when out of memory. */
char *boot_label(const struct scan *s, const struct by_boot *by_boot, uint32_t boot, struct arena *arena);
/* Seconds that the log covers; 0 where it has no times. */
double boot_seconds(const struct boot *b);
