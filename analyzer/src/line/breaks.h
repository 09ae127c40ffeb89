/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "base/slice.h"

/* Lines that are broken at one width, and none that is longer: somebody's program broke them, not the kernel's lines.
 * Private to layout.c. */
struct breaks {
        size_t width;      /* 0: no lines are broken */
        bool within_words; /* else at blanks, which are lost */
};

/* Does the line have a prefix, and next none, so that it may be the rest of the line? */
typedef bool (*breaks_rest_t)(const void *userdata, struct slice line, struct slice next);

/* Learns from n lines of a text; where they show nothing, what was known stays. */
void breaks_learn(struct breaks *b, const struct slice *lines, size_t n, breaks_rest_t is_rest, const void *userdata);
/* May the line have been broken before next, by where it ends? The rest is as layout_breaks() gives it. */
bool breaks_between(const struct breaks *b, struct slice line, struct slice next, bool *blank, size_t *ret_at);
