/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "output/terminal.h"

/* Why boots are not proven clean, each reason once with the number of boots that have it: a hundred boots of one kernel
 * have the same ones. Those that differ in numbers only (a time, how many messages were lost) are one reason. */

struct reason {
        const char *text; /* the caller's; has to outlive it */
        size_t boot;
};

struct reasons {
        struct reason *items;
        size_t n;
};

/* boot: its index. 0 or -ENOMEM. */
int reasons_add(struct reasons *r, const char *text, size_t boot);
void reasons_done(struct reasons *r);

/* "also unproven in 24 boots: lockdep: ...", the most frequent first, then how many are left out. 0 or -ENOMEM. */
int reasons_show(struct reasons *r, const struct terminal *t, const char *label);
