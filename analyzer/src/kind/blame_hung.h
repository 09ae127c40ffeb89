/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "report/finding.h"

/* The functions that put a waiting task to sleep on behalf of others: for hung tasks. Ends with NULL. */
extern const char *const blame_waiting[];

/* Did the function wait for others when signatures had version 1? */
bool waited_then(const struct frame *fr);

/* What a sleeping task waits for: a function that many tasks are known to wait in, else the first function that does
 * not only sleep. NULL if there is none. */
const char *blame_hung(const struct stack *s);
