/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "report/finding.h"
#include "report/report.h"

/* Two CPUs report at once, and the log does not say whose a line is: the words of one end the other's report, whose
 * stack then comes within the next. */

/* What the report lacks where another's words end it; see struct report. */
unsigned awaited_by(const struct report *r);
/* May the stacks of this finding be those of another report, whose own were awaited when its report began? */
bool is_crossed(const struct report *r, const struct finding *f);
