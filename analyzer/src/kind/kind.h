/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "report/finding.h"
#include "report/report.h"

/* What one more line is to an open report of the same caller. */
enum part {
        PART_BODY,    /* belongs to it */
        PART_LAST,    /* belongs to it and ends it */
        PART_MAYBE,   /* can't tell: kept unless no line that belongs follows */
        PART_FOREIGN, /* not of this report */
        PART_OVER,    /* not of this report, which ended before it */
};

/* A kind of kernel report. A new kind is one file that defines one of these and one line in kinds.c.
 *
 * A kind may start reports itself (starts, part), or claim, once they are complete, reports that another
 * kind starts: refcount_t warnings begin as any WARN does. */
struct kind {
        const char *name;

        /* Words that lines hold which start a report, for the prefilter; ends with NULL. NULL for kinds that
         * only claim. */
        const char *const *triggers;
        /* Does this line start a report? Asked only for lines with a trigger (anyone's). */
        bool (*starts)(struct slice text);
        /* What is this line to the open report? starter is the kind that the line would start, or NULL. Asked
         * once for the report's first line too, where only PART_LAST means something. */
        enum part (*part)(struct report *r, const struct line *l, enum line_class class, const struct kind *starter);

        /* Is this complete report of this kind? NULL: all that it started are. */
        bool (*claims)(const struct report *r);
        /* Fills the parser's part of the finding. What the report lacks is marked with finding_corrupt() and
         * is no error. 0, -ENOMEM. */
        int (*parse)(const struct report *r, struct finding *f);
};

/* All kinds, ended by NULL; the first that claims a report has it: the special before the general. */
extern const struct kind *const kinds[];

/* The kind that a line with a trigger starts, or NULL. */
const struct kind *kinds_start(struct slice text);
/* The kind that a complete report is of; never NULL for reports that a kind started. */
const struct kind *kinds_claim(const struct report *r);

/* Shared by kinds that end with a stack dump: frames, registers and lists are BODY; other lines are MAYBE
 * until the report is complete, then FOREIGN (OVER when the caller is known, for then nothing can come
 * between). A starter is OVER. */
enum part part_dump(struct report *r, const struct line *l, enum line_class class, const struct kind *starter);
