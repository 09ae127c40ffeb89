/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "base/slice.h"

/* Words that only a kernel prints, at the very beginning of a message: in a line of unknown format they show where the
 * kernel's text begins. They prove nothing (any process that writes to a log can write them), but consecutive lines
 * that have them at the same place show the format of the log's lines. */
struct anchor {
        size_t at;     /* where the kernel's text begins */
        size_t end;    /* where it ends, SLICE_NPOS where the words do not say */
        unsigned kind; /* equal for equal words, and some others; below ANCHOR_KINDS, the bits of a word */
};
enum { ANCHOR_KINDS = 64 };

/* The first in the line; false where there is none. */
bool anchor_find(struct slice line, struct anchor *ret);
