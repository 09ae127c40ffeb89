/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "scan/scan.h"

/* Stacks that stand below no report's headline: whose that was is not known, and silence would hide it. */

/* Told of each report that stands, in the log's order: other CPUs' and tasks' stacks follow it. */
void stacks_report(struct scan *s, const struct report *r);
/* Is it the frame where a stack ends, and nothing else? Nobody knew the lines above it for a stack's. Not where
 * records are whole and it may be the rest of another line, and a user's. */
bool stack_is_last_frame(const struct report *r);
/* Counts the stack that was begun by its own head, or by nothing, unless the kernel prints it for a reason that is
 * known. 0 or -ENOMEM. */
int stacks_count(struct scan *s, const struct report *r);
/* Counts and says so many stacks of a source, which only their frames show; first is one. Not where something was read
 * or said of it: then these are what that is about. 0 or -ENOMEM. */
int stacks_bare(struct source_info *in, uint64_t n, const char *first);
/* Says of a source what was counted. */
void stacks_say(const struct source_info *in);
/* Why a boot with them is not proven; NULL where there are none but those that a driver asked for. */
const char *stacks_doubt(const struct source_info *in);
/* Is the stack one that users can cause: memory ran out, for all or for one request, or the keyboard asked? */
bool stack_is_requested(const struct report *r);
