/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "scan/scan.h"

/* A scan looked at boot by boot: what each boot has, without a walk over everything for each of them. */
struct by_boot {
        const struct finding **findings; /* those of boot 0 in the order of the report, those of boot 1, ... */
        size_t *first;                   /* of each boot: its first one; one more marks the end */
        uint32_t *number, *of; /* of each boot without an id: its number among those of its source, from 1, and how many
                                  these are */
};

/* The scan must outlive it. 0 or -ENOMEM. */
int by_boot_make(const struct scan *s, struct by_boot *ret);
void by_boot_done(struct by_boot *b);
