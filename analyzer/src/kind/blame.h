/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "report/finding.h"

/* Which function is to blame: the first frame that is not the machinery that noticed. */

/* Is it machinery of every kind of report, or of the kind's own list (patterns with '*', ends with NULL;
 * NULL is none)? */
bool is_machinery(const char *function, const char *const *own);

/* The first reliable frame that is no machinery, else the first unreliable one; NULL if there is none. */
const char *blame_stack(const struct stack *s, const char *const *own);

/* The title's name for a report without a frame to blame; the finding is marked corrupted. */
extern const char blame_nobody[];
