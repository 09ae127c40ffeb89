/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "line/trigger.h"

/* Threads that read a file of text and search it for the trigger words ahead of the one that takes its lines in: it
 * gets the file's blocks in order, each with the lines that hold a word. What the words mean depends on the lines
 * before, which only that one knows. */
struct text_ahead;

/* Bytes of a block, but of the last; and of what may be put before it. */
enum { TEXT_BLOCK = 256 * 1024, TEXT_BEFORE = 192 * 1024 };

/* From that byte of the file on; fd is the caller's, and its position stays. n_threads, at least two, has the caller
 * among them. NULL where there is nothing to be gained (no file, a short one, no threads): read it without. */
struct text_ahead *text_ahead_start(int fd, uint64_t from, const struct trigger_set *words, unsigned n_threads);
struct text_ahead *text_ahead_stop(struct text_ahead *a);

struct text_block {
        char *bytes;                       /* those before it, TEXT_BLOCK of its own; the caller may change them */
        const struct trigger_lines *lines; /* of its own bytes alone; NULL where they could not be found */
};
/* The next block, valid until the next call, behind the bytes of `before`, which may be of the last one. False where
 * no whole one is left, or there are more than TEXT_BEFORE of those: from there on the caller reads itself. */
bool text_ahead_next(struct text_ahead *a, struct slice before, struct text_block *ret);
