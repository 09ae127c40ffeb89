/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "diff/diff.h"

/* Whether the silence of a side proves anything. */

/* Sets coverage. */
void compare_coverage(struct diff *d);
/* Sets doubts: the boots of NEW that are not proven, and why. With --require by what it names; else as the boots' own
 * verdicts say. 0 or -ENOMEM. */
int find_doubts(struct diff *d);
