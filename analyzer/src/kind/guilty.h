/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "kind/machinery.h"

/* The blamed function: the first frame that is not machinery, which only detected the problem. */

/* The first reliable frame that is not machinery, NULL if there is none: a frame with a question mark may be left on
 * the stack by an earlier call. */
const char *blame_stack(const struct stack *s, const char *const *own);

/* The same for a report whose headline names a function, which is the first to be asked: name is it, module says
 * whether one stood behind it. Without a stack (NULL) it is that one in any case. NULL if there is none. */
const char *blame_named(const char *name, bool module, const struct stack *s, const char *const *own);

/* The job of a CPU that is stuck: the outermost function of the innermost context (task,
 * softirq, timer) that is not the dispatcher every such stack passes through. NULL if there is none. */
const char *blame_stall(const struct stack *s);

/* Where that context interrupted a task, the task's; NULL if it did not. */
const char *blame_interrupted(const struct stack *s);

/* Is it of RCU's own thread? A stall shows it where it was starved: it is the victim. */
bool blame_is_victim(const struct stack *s);

/* What a sleeping task waits for: a function that many tasks are known to wait in, else the first function that does
 * not only sleep. NULL if there is none. */
const char *blame_hung(const struct stack *s);

/* Is it an entry point of stacks, so that a stack that was printed to it is complete? */
bool is_outermost(struct slice function);

/* The same, or one of those that hand work to others, where people end the stack that they quote. */
bool blame_ends_stack(struct slice function);

/* The functions that put a waiting task to sleep on behalf of others: for hung tasks. */
extern const char *const blame_waiting[];

/* The name for people and signatures: a system call is "sys_read" for every wrapper of trees and architectures, and
 * compilers' suffixes are removed. In the arena; NULL when out of memory. */
char *blame_name(struct arena *a, const char *function);
/* Is that a frame's name? Not for system calls of other machines' programs, whose name here is that of many things. */
bool blame_is_of(struct slice name, const struct frame *fr);

/* Sets the blamed function (NULL: none, which marks the finding corrupted) and makes the title from the pattern, in
 * which '@', if any, stands for the name. 0 or -ENOMEM. */
int blame_title(struct finding *f, const char *pattern, const char *function);
/* The same if no frame is required: a pattern without '@'. */
int blame_title_only(struct finding *f, const char *title);

/* The title's name for a report without a frame to blame; the finding is marked corrupted. */
extern const char blame_nobody[];
