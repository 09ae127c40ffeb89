/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "report/finding.h"

/* The findings of a scan, folded by signature within each boot: the first is kept, later ones raise its
 * count and move its last time. */
struct store {
        struct finding **items; /* in order of first sight */
        size_t n, room;
        uint32_t *slots;        /* open addressing by boot and signature: index + 1 */
        size_t n_slots;
};

void store_done(struct store *s);
/* Takes the finding over, also on error. 0 or -ENOMEM. */
int store_add(struct store *s, struct finding *f);
