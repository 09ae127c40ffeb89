/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/slice.h"

/* Stacks in a text by the form of their lines alone, whatever stands before them: a debugger's (powerpc's xmon, kdb,
 * crash), of machines whose words nobody knows, behind marks that nobody knows. What no report and no other stack was
 * begun by is said all the same. */
struct bare_stacks {
        uint64_t n;      /* stacks so far */
        unsigned frames; /* of the one that is open */
        unsigned others; /* lines since its last frame */
        uint64_t seen;   /* bytes that were looked at */
        char first[161]; /* the first stack's first frame */
};

/* Looks at the next lines of the text; only those of its beginning, for what is long is a log in a form that shows. */
void bare_stacks_see(struct bare_stacks *b, struct slice lines);
