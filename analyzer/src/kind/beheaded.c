/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "base/macros.h"
#include "kind/headline.h"
#include "kind/part.h"
#include "line/classify.h"

/* A log that begins within a report: the ring buffer ran over, the console was opened late, somebody saved a part. What
 * was wrong may not be in what is left; that something was, is. Only a log's first lines are asked whether they are of
 * a stack or a dump, for elsewhere the kernel shows such on request, under a headline that says so. Where the stack or
 * the end tells who reported, other kinds claim it. */

static const struct headline headlines[] = {
        { "*", "bug", "beheaded", "report without its beginning in @", SEVERITY_MEDIUM, OWES_STACK, NULL },
};

/* No word is looked for: whoever reads a log from its first line asks. */
static const char *const triggers[] = { NULL };

static bool starts(struct slice text) {
        return line_classify(text) >= LINE_FRAME;
}

/* ARM dumps the registers of a program that crashed as it does its own. */
static bool is_of_program(const struct report *r) {
        for (size_t i = 0; i < r->n_lines; i++)
                if (r->lines[i].class == LINE_DUMP && slice_has(report_text(r, i), SLICE(" Mode USER_")))
                        return true;
        return false;
}

/* A register alone may stand in any log; the mark at a report's end may not. */
static bool stands(const struct report *r) {
        enum { LEAST = 3 };
        size_t n = 0;

        for (size_t i = 0; i < r->n_lines; i++)
                n += r->lines[i].class == LINE_FRAME;
        return (n >= LEAST || r->phase == PHASE_MARKED) && !is_of_program(r);
}

static int parse(const struct report *r, struct finding *f) {
        int e = headline_parse(r, f, headlines);
        return e < 0 ? e : finding_corrupt(f, "the log begins within it");
}

static const struct topic topics[] = {
        { .word = "bug/beheaded",
          .what = "the log begins within a report: what was wrong stood before it",
          .look = "an earlier part of the log: a rotated file, the journal, the serial console" },
};

const struct kind kind_beheaded = {
        .name = "beheaded",
        .general = KIND_BEHEADED,
        HEADLINES(headlines),
        .topics = topics,
        .n_topics = ARRAY_SIZE(topics),
        .triggers = triggers,
        .starts = starts,
        .inner = true,
        .part = part_marked,
        .stands = stands,
        .parse = parse,
};
