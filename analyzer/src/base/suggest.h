/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <stddef.h>

/* Finds the word that a mistyped one may have meant. */
struct suggestion {
        const char *typed;
        const char *best; /* NULL: nothing is near */
        size_t distance;
};

/* Offers a candidate, which must live as long as the suggestion; the nearest one is kept. Letters are compared without
 * regard to case. */
void suggest(struct suggestion *s, const char *candidate);
