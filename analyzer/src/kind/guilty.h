/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "kind/machinery.h"

/* Which function is to blame: the first frame that is not the machinery that noticed. */

/* The first reliable frame that is no machinery, NULL if there is none: one with a question mark is what lay on
 * the stack, maybe from a call long past. */
const char *blame_stack(const struct stack *s, const char *const *own);

/* The same for a report whose headline names a function, which is the first to be asked: name is it, module says
 * whether one stood behind it. NULL if there is none. */
const char *blame_named(const char *name, bool module, const struct stack *s, const char *const *own);

/* What a CPU that does not come back was asked to do: the outermost function of the innermost context (task,
 * softirq, timer) that is not the dispatcher every such stack passes through. NULL if there is none. */
const char *blame_stall(const struct stack *s);

/* What a sleeping task waits for: what many are known to wait for at once, else the first function that is no way
 * to sleep. NULL if there is none. */
const char *blame_hung(const struct stack *s);

/* Is it where stacks are entered, so that one that was printed this far is whole? */
bool is_outermost(struct slice function);

/* The functions that put a waiting task to sleep on behalf of others: for hung tasks. */
extern const char *const blame_waiting[];

/* The name for people and signatures: a system call is "sys_read" whatever the wrapper that this tree or
 * architecture has around it, and compilers' suffixes are off. In the arena; NULL when out of memory. */
char *blame_name(struct arena *a, const char *function);

/* Names function as the one to blame (NULL: nobody, which marks the finding corrupted) and makes the title
 * of the pattern, in which the one '@', if any, stands for the name. 0 or -ENOMEM. */
int blame_title(struct finding *f, const char *pattern, const char *function);
/* The same without a frame being owed: a pattern without '@'. */
int blame_title_only(struct finding *f, const char *title);

/* The title's name for a report without a frame to blame; the finding is marked corrupted. */
extern const char blame_nobody[];
