/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>

#include "kind/dump.h"
#include "kind/headline.h"

/* mm/kmsan/report.c, between rulers: "BUG: KMSAN: uninit-value in F+0x1/0x2", frames, "Uninit was stored to memory
 * at:", "Uninit was created at:" with frames. */

static const char *const triggers[] = { "BUG: KMSAN: ", NULL };

static bool starts(struct slice text) {
        return slice_starts(text, SLICE("BUG: KMSAN: "));
}

/* "Uninit was created at:" */
static bool own_line(struct slice s) {
        return slice_starts(s, SLICE("Uninit was ")) && slice_ends(s, SLICE(" at:"));
}

static enum part part(struct report *r, const struct line *l, enum line_class class, const struct kind *starter) {
        if (starter || class == LINE_CUT_HERE)
                return PART_OVER;
        if (class == LINE_FRAME)
                r->has_frames = true;
        if (class == LINE_RULER)
                return PART_LAST;
        return class != LINE_BLANK && (class != LINE_OTHER || l->caller) ? PART_BODY : PART_MAYBE;
}

static int parse(const struct report *r, struct finding *f) {
        struct slice title = slice_trim(report_text(r, 0));

        slice_eat(&title, SLICE("BUG: KMSAN: "));
        struct slice type = slice_head(title, slice_find(title, SLICE(" in ")));
        type = slice_trim(type).n ? slice_trim(type) : SLICE("unknown");
        char *kind = arena_dup(&f->arena, type),
             *pattern = arena_printf(&f->arena, "KMSAN: %.*s in @", SLICE_FMT(type));
        if (!kind || !pattern)
                return -ENOMEM;
        struct headline h = { .detector = "kmsan", .kind = kind, .title = pattern, .severity = SEVERITY_HIGH };
        return headline_parse(r, f, &h);
}

static const struct kind_name known[] = { { "kmsan", NULL } };
KIND_NAMES(known, known[i].detector, known[i].kind)

const struct kind kind_kmsan = {
        .name = "kmsan",
        .names = names,
        .triggers = triggers,
        .starts = starts,
        .own_line = own_line,
        .part = part,
        .parse = parse,
};
