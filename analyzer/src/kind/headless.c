/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>

#include "kind/headline.h"
#include "kind/part.h"
#include "line/frame.h"

/* An oops whose first lines are missing: whoever copied it cut them off, or they were glued to others' text. It begins
 * where the trap's place is named. Kernels print such a place and a stack for others' reports and on request, too; the
 * mark at the end is die()'s alone, or a warning's, which has a headline. A soft lockup, whose headline is of another
 * level than the rest, is known by its watchdog. */

static const struct headline headline = {
        "*", "oops", "trap", "Oops in @", SEVERITY_CRITICAL, OWES_STACK, NULL,
};

static const char *const triggers[] = { "RIP: 0010:", "pc : ", "PC is at ", "NIP [", NULL };

static bool starts(struct slice text) {
        struct frame_view ignored;
        return trap_parse(text, &ignored);
}

static bool stands(const struct report *r) {
        return (r->phase == PHASE_MARKED && r->has_frames) || part_of_watchdog(r);
}

/* Of a log that begins within a report, too. */
static bool claims(const struct report *r) {
        bool trap = false;

        if (part_of_watchdog(r))
                return false;
        for (size_t i = 0; kind_is(r->kind, KIND_BEHEADED) && stands(r) && !trap && i < r->n_lines; i++)
                trap = r->lines[i].class == LINE_RIP && starts(slice_ltrim(report_text(r, i)));
        return trap || kind_is(r->kind, KIND_HEADLESS);
}

static int parse(const struct report *r, struct finding *f) {
        int e = headline_parse(r, f, &headline);
        return e < 0 ? e : finding_corrupt(f, "the line that begins it is missing");
}

const struct kind kind_headless = {
        .name = "headless",
        .general = KIND_HEADLESS,
        .headlines = &headline,
        .n_headlines = 1,
        .triggers = triggers,
        .starts = starts,
        .inner = true,
        .part = part_marked,
        .stands = stands,
        .claims = claims,
        .parse = parse,
};
