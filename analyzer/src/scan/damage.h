/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "report/report.h"

/* What is wrong with a report because of how it ended, or what was lost within it, whatever its kind; NULL: nothing. */
const char *damage(const struct report *r);
/* Does its stack end where more must come? */
bool is_cut_short(const struct report *r);
