/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "report/finding.h"

/* Whom a stack of a CPU that is stuck is about: below the interrupt that found the stall. */

/* The frame at which what stalled begins: what found the stall ends where it interrupted the CPU. */
size_t stalled_from(const struct stack *s);

/* The job of a CPU that is stuck: the outermost function of the innermost context (task,
 * softirq, timer) that is not the dispatcher every such stack passes through. NULL if there is none. */
const char *blame_stall(const struct stack *s);

/* Where that context interrupted a task, the task's; NULL if it did not. */
const char *blame_interrupted(const struct stack *s);

/* Is it of RCU's own thread? A stall shows it where it was starved: it is the victim. */
bool blame_is_victim(const struct stack *s);
