/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "report/finding.h"

/* Machinery: functions that stand in a trace above the one that is to blame. They print, trap, check, allocate, count,
 * lock or copy on their callers' behalf. Who is machinery is decided by whole names: a table kept by hand, and behind
 * it the list that is made from the kernel's sources (functions.h). What the frame says beside the name goes first:
 * its module, its source file. */

/* Is the frame machinery of every kind of report, or of the kind's own list (patterns with '*', ends with NULL;
 * NULL is none)? A driver's own functions are not, whatever they are called. */
bool is_machinery_frame(const struct frame *fr, const char *const *own);
/* The same by the table alone: libraries, allocators, timers and the like, which work for their callers but have work
 * of their own too, are not machinery then. */
bool is_helper_frame(const struct frame *fr, const char *const *own);
/* Was it when signatures had version 1? Then pieces of names counted. */
bool was_machinery_frame(const struct frame *fr, const char *const *own);
/* is_machinery_frame() where only the name is known. */
bool is_machinery(const char *function, const char *const *own);

/* Does the name match one of the n patterns, or of those before a NULL? */
bool in_patterns(struct slice name, const char *const *patterns, size_t n);

/* The module that a frame belongs to: the one printed, or the one that its source file or its name is known to be of
 * where the driver is built into the image. NULL slice: none, or not known. */
struct slice frame_module(const struct frame *fr);
