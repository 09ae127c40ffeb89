/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>

#include "base/macros.h"
#include "kind/dump.h"
#include "kind/headline.h"

/* ZFS's own checks (OpenZFS, module/os/linux/spl): "VERIFY3(a == b) failed (1 == 2)" or none, "PANIC at file.c:12:f()",
 * "Showing stack for process 12", and the stack of the task, which then stops for good. */

static const char *const machinery[] = { "spl_*", "vcmn_err*", "cmn_err*", "zfs_panic_recover*", NULL };

static const struct headline headlines[] = {
        { "PANIC at *:*:*()", "bug", "spl-panic", "SPL panic in @", SEVERITY_HIGH, OWES_STACK, machinery },
        { "VERIFY*(*) failed *", "bug", "spl-panic", "SPL panic in @", SEVERITY_HIGH, OWES_STACK, machinery },
        { "ASSERT*(*) failed *", "bug", "spl-panic", "SPL panic in @", SEVERITY_HIGH, OWES_STACK, machinery },
};

static const char *const triggers[] = { "PANIC at ", ") failed (", NULL };

/* The check and where it stands are two lines. */
static enum part part(struct report *r, const struct line *l, enum line_class class, const struct kind *starter) {
        if (starter == r->kind && !r->has_frames)
                return PART_BODY;
        r->complete = r->has_frames;
        return part_dump(r, l, class, starter);
}

/* Other programs and modules say such things too: no stack, no panic. */
static bool stands(const struct report *r) {
        return r->has_frames;
}

/* "PANIC at dmu.c:824:dmu_write()" says where; else the stack does. */
static int parse(const struct report *r, struct finding *f) {
        const struct headline *h = &headlines[0];
        int e = headline_begin(r, f, h);

        for (size_t i = 0; e == 0 && i < MIN(r->n_lines, (size_t) 4); i++) {
                struct slice s = slice_trim(report_text(r, i));
                if (!slice_glob(s, h->says))
                        continue;
                s = slice_head(s, s.n - strlen("()"));
                while (slice_find_byte(s, ':') != SLICE_NPOS)
                        slice_token(&s, ':');
                const char *function = arena_dup(&f->arena, s);
                return function ? headline_end(r, f, h, function) : -ENOMEM;
        }
        return e < 0 ? e : headline_rest(r, f, h);
}

static const struct topic topics[] = {
        { .word = "bug/spl-panic", .what = "a check in ZFS failed, and its task stopped" },
};

const struct kind kind_spl = {
        .name = "spl",
        HEADLINES(headlines),
        .topics = topics,
        .n_topics = ARRAY_SIZE(topics),
        .triggers = triggers,
        .part = part,
        .stands = stands,
        .parse = parse,
};
