/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "base/slice.h"

/* Words that only a kernel writes, at the very beginning of what it prints: where they stand in a line of unknown form
 * shows where the kernel's text begins. They prove nothing (whoever writes into a log can write them), but lines that
 * have them at one place after one another show how the log's lines are made. */
struct anchor {
        size_t at;     /* where the kernel's text begins */
        size_t end;    /* where it ends, SLICE_NPOS where the words do not say */
        unsigned kind; /* equal for equal words, from 0 on, below ANCHOR_KINDS */
};
enum { ANCHOR_KINDS = 64 };

/* The first in the line; false where there is none. */
bool anchor_find(struct slice line, struct anchor *ret);
