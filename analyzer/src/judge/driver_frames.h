/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "judge/focus.h"

/* Does a report touch the code in focus, i915 by default? Not every stack with a frame of it does: a race in the slab
 * allocator stays one when the driver's init happens to be at the bottom of the stack. What counts is the blamed part
 * of each stack: its first frames that are not machinery, as many as driver_frames.c's table has for the detector,
 * and never beyond the place where the stack was entered (a syscall, an interrupt, a worker, module init).
 * Frames with a question mark are leftovers of earlier calls and do not count. */

struct blamed {
        const struct frame *frame;
        const struct stack *stack;
};

/* The driver's frames in the blamed parts, the topmost of each stack first; returns their number, at most max. */
size_t blamed_frames(const struct finding *f, const struct focus *focus, struct blamed *ret, size_t max);
