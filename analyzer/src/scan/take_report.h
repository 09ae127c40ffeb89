/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "scan/scan.h"

/* What becomes of a report: a finding of the scan, one more event of a finding that is there, or nothing but a number
 * where it only begins as a report does. */

/* A report that ended, or is to be looked at as if it had. 0 or -ENOMEM. */
int scan_take_report(struct scan *s, const struct report *r);
/* The same, and lines that only begin as a report does are counted: what the assembler calls; userdata is the scan. */
int scan_report_done(const struct report *r, void *userdata);
