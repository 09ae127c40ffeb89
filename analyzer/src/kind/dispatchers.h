/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "base/slice.h"

/* Who hands work to others. Each kind of context begins with one of these: a system call, an interrupt, a thread. A
 * frame that one of them calls says what the work was. All take the name without what compilers add
 * (function_base()), but for the last two, which take it as it is printed. */

/* Any of them. */
bool is_dispatcher(struct slice name);
/* The same, with those that are found since signatures of version 2. */
bool is_dispatcher_since(struct slice name);
/* Those of softirqs, timers, interrupts and kernel threads: nobody waits for what they call. */
bool is_context(struct slice name);
/* Those of kernel threads and works, which call what is their own. */
bool is_thread_loop(struct slice name);
/* Dispatchers that have work of their own. */
bool is_worker(struct slice name);

/* Is it an entry point of stacks, so that a stack that was printed to it is complete? */
bool is_outermost(struct slice function);
/* The same, or one of those that hand work to others, where people end the stack that they quote. */
bool ends_quoted_stack(struct slice function);
