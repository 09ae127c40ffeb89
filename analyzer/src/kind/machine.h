/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "report/finding.h"
#include "report/report.h"

/* What a stack dump says of the machine and of the place that it stopped at: release, taint, hardware, RIP, Code. Fills
 * the members of those names with what the report's first dump prints. 0 or -ENOMEM. */
int machine_read(const struct report *r, struct finding *f);
