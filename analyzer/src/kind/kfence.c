/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>

#include "base/macros.h"
#include "kind/dump.h"
#include "kind/guilty.h"
#include "kind/headline.h"

/* mm/kfence/report.c, between rulers: "BUG: KFENCE: use-after-free read in F+0x1/0x2", a sentence with the
 * address, the frames without a head, "kfence-#12: 0x...-0x..., size=32, cache=kmalloc-32", "allocated by task 5 on
 * cpu 0 at 1.2s:" with frames, "freed by task ...", CPU line, ruler. */

static const char *const triggers[] = { "BUG: KFENCE: ", NULL };

static bool starts(struct slice text) {
        return slice_starts(text, SLICE("BUG: KFENCE: "));
}

static enum part part(struct report *r, const struct line *l, enum line_class class, const struct kind *starter) {
        if (starter || class == LINE_CUT_HERE)
                return PART_OVER;
        if (class == LINE_FRAME)
                r->has_frames = true;
        if (class == LINE_RULER) {
                r->complete = true;
                return PART_LAST;
        }
        if (class == LINE_BLANK)
                return PART_MAYBE;
        return class != LINE_OTHER || l->caller ? PART_BODY : PART_MAYBE;
}

/* "Use-after-free read at 0xffff888100000000 (in kfence-#12):", "Invalid free of 0xffff888100000000 (in kfence-#12):",
 * from its first word on: a device's name may end with the same. */
static bool own_line(struct slice s) {
        static const struct slice words[] = {
                SLICE("Use-after-free "),
                SLICE("Out-of-bounds "),
                SLICE("Corrupted memory at "),
                SLICE("Invalid "),
        };

        if (!slice_has(s, SLICE(" 0x")) || !slice_has(s, SLICE("kfence-#")) || !slice_ends(s, SLICE("):")))
                return false;
        for (size_t i = 0; i < ARRAY_SIZE(words); i++)
                if (slice_starts(s, words[i]))
                        return true;
        return false;
}

/* "Use-after-free read at 0x... (in kfence-#12):": the address is the first 0x. */
static int parse_address(const struct report *r, struct finding *f, struct slice type) {
        for (size_t i = 1; i < r->n_lines && i < 6; i++) {
                struct slice s = slice_trim(report_text(r, i));
                size_t at = slice_find(s, SLICE(" 0x"));
                struct access a = { .cpu = -1, .stack = -1 };

                if (r->lines[i].class != LINE_OTHER || at == SLICE_NPOS)
                        continue;
                s = slice_from(s, at + 3);
                if (!slice_eat_hex(&s, &a.address))
                        continue;
                a.type = slice_has(type, SLICE("write"))                                        ? "write" :
                         slice_has(type, SLICE("read"))                                         ? "read" :
                         slice_has(type, SLICE("free")) && !slice_has(type, SLICE("use-after")) ? "free" :
                                                                                                  "corruption";
                struct access *slot = finding_add_access(f);
                if (!slot)
                        return -ENOMEM;
                *slot = a;
                return 0;
        }
        return 0;
}

static int parse(const struct report *r, struct finding *f) {
        struct slice title = slice_trim(report_text(r, 0));
        struct frame_view at = {};
        const char *blamed = NULL;

        slice_eat(&title, SLICE("BUG: KFENCE: "));
        size_t in = slice_find(title, SLICE(" in "));
        struct slice type = slice_head(title, in);
        if (in != SLICE_NPOS) {
                struct slice s = slice_from(title, in + 4);
                symbol_eat(&s, true, &at);
        }
        type = slice_trim(type).n ? slice_trim(type) : SLICE("unknown");
        char *kind = arena_dup(&f->arena, type);
        if (!kind || !(f->message = arena_dup(&f->arena, slice_trim(report_text(r, 0)))))
                return -ENOMEM;
        char *pattern = arena_printf(&f->arena, "KFENCE: %s in @", kind);
        if (!pattern)
                return -ENOMEM;
        for (char *c = kind; *c; c++)
                if (*c == ' ')
                        *c = '-';
        f->detector = "kfence";
        f->kind = kind;
        f->severity = SEVERITY_CRITICAL;

        int e = parse_address(r, f, type);
        if (e == 0)
                e = dump_all(r, 0, f);
        if (e < 0)
                return e;
        const struct stack *s = f->former ? dump_main(f) : dump_own(f);
        if (s && f->n_accesses)
                f->accesses[0].stack = s - f->stacks;
        const char *name = at.function.n ? arena_dup(&f->arena, at.function) : NULL;
        if (!f->former && blame_may_be_cut(report_text(r, 0), at.function))
                name = blame_whole(name, s);
        blamed = blame_named(name, at.module.n > 0 && !f->former, s, NULL);
        e = headline_damage(r, f, true);
        if (e == 0 && !s && f->n_stacks)
                e = finding_corrupt(f, "the stack trace of the access is missing");
        return e < 0 ? e : blame_title(f, pattern, blamed);
}

static const struct kind_name known[] = { { "kfence", NULL } };
KIND_NAMES(known, known[i].detector, known[i].kind)

const struct kind kind_kfence = {
        .name = "kfence",
        .names = names,
        .triggers = triggers,
        .starts = starts,
        .own_line = own_line,
        .part = part,
        .parse = parse,
};
