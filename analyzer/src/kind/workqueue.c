/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>

#include "base/macros.h"
#include "kind/dump.h"
#include "kind/headline.h"

/* kernel/workqueue.c: what a work left behind, with the work's name in the second line ("last function: f", from
 * 6.10 on "preempt=... workfn=f"); and pools that do not move. */

static const struct headline headlines[] = {
        { "BUG: workqueue leaked lock or atomic*", "workqueue", "leaked-lock",
          "BUG: workqueue leaked lock or atomic in @", SEVERITY_HIGH, OWES_NOTHING, NULL },
        { "BUG: workqueue leaked atomic, lock or RCU*", "workqueue", "leaked-lock",
          "BUG: workqueue leaked atomic, lock or RCU in @", SEVERITY_HIGH, OWES_NOTHING, NULL },
        { "BUG: workqueue lockup*", "workqueue", "lockup", "BUG: workqueue lockup", SEVERITY_HIGH, OWES_NOTHING, NULL },
};

static const char *const triggers[] = { "BUG: workqueue ", NULL };

static enum part part(struct report *r, const struct line *l, enum line_class class, const struct kind *starter) {
        struct slice s = slice_trim(l->text);

        if (class == LINE_OTHER && !starter &&
            (slice_starts(s, SLICE("last function: ")) || slice_starts(s, SLICE("preempt=")) ||
             slice_starts(s, SLICE("Showing busy workqueues")) || slice_starts(s, SLICE("workqueue ")) ||
             slice_starts(s, SLICE("pwq ")) || slice_starts(s, SLICE("pending: ")) ||
             slice_starts(s, SLICE("in-flight: ")) || slice_starts(s, SLICE("delayed: ")) ||
             slice_starts(s, SLICE("pool ")) || slice_starts(s, SLICE("Showing backtraces"))))
                return PART_BODY;
        r->complete = r->has_frames || r->n_lines > 1;
        return part_dump(r, l, class, starter);
}

static int parse(const struct report *r, struct finding *f) {
        const struct headline *h = headline_of(headlines, ARRAY_SIZE(headlines), report_text(r, 0));
        const char *blamed = NULL;
        int e = headline_begin(r, f, h);

        if (e < 0)
                return e;
        for (size_t i = 0; i < r->n_lines && !blamed; i++) {
                static const struct slice says[] = { SLICE("last function: "), SLICE("workfn=") };
                for (size_t k = 0; k < ARRAY_SIZE(says) && !blamed; k++) {
                        struct slice s = report_text(r, i);
                        size_t at = slice_find(s, says[k]);
                        struct frame_view v;
                        if (at == SLICE_NPOS)
                                continue;
                        s = slice_from(s, at + says[k].n);
                        if (symbol_eat(&s, true, &v) && !(blamed = arena_dup(&f->arena, v.function)))
                                return -ENOMEM;
                }
        }
        return headline_end(r, f, h, blamed);
}

const struct kind kind_workqueue = {
        .name = "workqueue",
        HEADLINES(headlines),
        .triggers = triggers,
        .part = part,
        .parse = parse,
};
