/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "line/record.h"

/* Further lines of a record as dmesg and journalctl print them: with as many blanks in place of its prefix as that is
 * wide. What a runner of jobs or a container puts before each line stands before the blanks, too. Whatever such a line
 * holds stands in the message, for a user can have the kernel print a line end. */

/* A line's prefix. */
enum { BEFORE_BYTES = 160 };
struct prefix_bytes {
        size_t n; /* 0: none, or more than there is room for */
        char bytes[BEFORE_BYTES];
};

/* The line before, to which one without a prefix may belong. */
struct before {
        struct stamp time;
        enum origin origin;
        uint32_t caller;
        size_t width;    /* of its prefix */
        bool empty;      /* nothing followed that */
        uint64_t number; /* of the line; 0: none yet */
        bool told;       /* its prefix was a kernel's, not only any program's time */
        bool continued;  /* it had no prefix itself, */
        bool stray;      /* and belonged to no line before it */
        struct prefix_bytes prefix;
        struct prefix_bytes head; /* what the last line that was no further one itself began with, with its text */
};

/* Where the text of a further line begins in the line of that number; 0 if it is none. Of another program's line it may
 * not be known how wide its prefix is: then the kernel's show that there is one behind what stands before each line. */
size_t further_at(struct slice line, const struct before *b, const struct prefix_bytes *kernels, uint64_t number);
/* The same by that line alone, of which its first bytes are known, whatever was learned: where that has a time, this
 * one has as many blanks at least, behind what both begin with. */
size_t further_of(struct slice line, struct slice before);
/* May the line be one, by its own bytes? */
bool may_be_further(struct slice line);
