/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "report/finding.h"

/* The blamed function: the first frame that is not machinery, which only detected the problem. */

/* The first reliable frame that is not machinery, NULL if there is none: a frame with a question mark may be left on
 * the stack by an earlier call. */
const char *blame_stack(const struct stack *s, const char *const *own);

/* The same for a report whose headline names a function, which is the first to be asked: name is it, module says
 * whether one stood behind it. Without a stack (NULL) it is that one in any case. NULL if there is none. */
const char *blame_named(const char *name, bool module, const struct stack *s, const char *const *own);

/* Does the line end in the name, or in a pager's sign (">") behind it, so that it may have been cut there? */
bool blame_may_be_cut(struct slice line, struct slice name);
/* Of such a name: the first function of the stack that begins with it. The name itself where the stack has it, or where
 * none does. */
const char *blame_whole(const char *name, const struct stack *s);

/* Sets the blamed function (NULL: none, which marks the finding corrupted) and makes the title from the pattern, in
 * which '@', if any, stands for the name. 0 or -ENOMEM. */
int blame_title(struct finding *f, const char *pattern, const char *function);
/* The same if no frame is required: a pattern without '@'. */
int blame_title_only(struct finding *f, const char *title);

/* The title's name for a report without a frame to blame; the finding is marked corrupted. */
extern const char blame_nobody[];
