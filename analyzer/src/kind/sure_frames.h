/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "report/finding.h"

/* Which frames of a stack are to be asked, when somebody to blame is looked for. */

/* The function's name without what compilers add to it. */
struct slice frame_base(const struct frame *fr);

/* Is the frame surely of the stack, or at least no less so than all the others? */
bool stack_has_surely(const struct stack *s, const struct frame *fr);

/* Is a function that is part of another none to blame? Of a stack that somebody shortened to such they are all there
 * is. */
bool stack_passes_inlined(const struct stack *s);
