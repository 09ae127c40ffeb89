/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "line/line.h"
#include "report/report.h"

/* When a report is over though no mark of its end came: lines of others, and time, pass it by. */

/* After so many lines of others a report that lacks a part ends, too. */
enum { FOREIGN_MAX = 400 };
/* Microseconds without a line of its own after which a report is over, by the kernel's clock. */
static const uint64_t quiet_us = 30 * 1000000ull;

/* What others print within a moment, however much, says nothing of one whose caller is known. */
bool is_moment(const struct report *r, const struct line *l);
/* Does a line of its boot that went elsewhere show that it is over? alone: no other report of the boot is open. */
bool is_old(const struct report *r, const struct line *l, bool alone);
/* Is a line that starts a report too late to be part of the open one? What a kernel says of one bug comes at once; who
 * waits for other CPUs prints no headline then. */
bool is_late(const struct report *r, const struct line *l);
/* How a report ends because of a line that is another's: a line without a time, where the report's have one, was not
 * printed by the kernel. Where none has a time, a line like a ruler right behind a piece of a report is his who chose
 * the piece. */
enum report_end quiet_end(const struct report *r, const struct line *l);
