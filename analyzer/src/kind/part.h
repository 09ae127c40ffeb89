/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "report/report.h"

/* What one more line is to an open report of the same caller. */
enum part {
        PART_BODY,    /* belongs to it */
        PART_LAST,    /* belongs to it and ends it */
        PART_MAYBE,   /* can't tell: kept unless no line that belongs follows */
        PART_FOREIGN, /* not of this report */
        PART_OVER,    /* not of this report, which ended before it */
};

/* What is this line to a report whose own end came? A dump may still be repeated, and a panic that only says
 * that the report was fatal (panic_on_warn, an oops) is the same event: BODY. Others are OVER, or FOREIGN where
 * callers are not known. */
enum part part_after_end(struct report *r, const struct line *l, enum line_class class, const struct kind *starter);

/* Shared by kinds that end with a stack dump: frames, registers and lists are BODY; other lines are MAYBE
 * until the report is complete, then FOREIGN (OVER when the caller is known, for then nothing can come
 * between). A starter is OVER. */
enum part part_dump(struct report *r, const struct line *l, enum line_class class, const struct kind *starter);

/* The same for what the mark at its end shows to be a report, which die() and warnings alone print: the report's phase
 * is PHASE_MARKED once it came. */
enum { PHASE_MARKED = 1 };
enum part part_marked(struct report *r, const struct line *l, enum line_class class, const struct kind *starter);

/* Is the line a frame, though the report's own dump has not begun? Then it is another CPU's, whose lines mix with
 * these: the report is marked as mixed. */
bool part_is_anothers_frame(struct report *r, enum line_class class);

/* Does a stack of the report begin with the timer that finds a soft lockup? That shows what it interrupted, so it is
 * itself a guess, and the top of the interrupt's stack; an older one may lie below others. */
bool part_of_watchdog(const struct report *r);
