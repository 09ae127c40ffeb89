/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>

#include "base/macros.h"
#include "kind/headline.h"
#include "line/own_words.h"

/* i915_gpu_error.c, one line: "i915 0000:00:02.0: [drm] GPU HANG: ecode 9:1:85dffffb, in gem_exec [1234]". */
static const struct headline headlines[] = {
        { "GPU HANG: ecode *", "i915", "gpu-hang", "i915: GPU HANG", SEVERITY_HIGH, OWES_NOTHING, NULL },
};

static const char *const triggers[] = { "GPU HANG: ecode", NULL };

/* The code is hexadecimal. Some drivers begin a message with a task's name, "GPU HANG: ecode (77): ...". */
static bool starts(struct slice text) {
        struct slice s = after_driver(text);
        uint64_t code;

        return slice_eat(&s, SLICE("GPU HANG: ecode ")) && slice_eat_hex(&s, &code);
}

/* It comes at any time, within others' reports too, and nothing follows. */
static bool alone(struct slice text) {
        return starts(text);
}

static enum part part(struct report *r, const struct line *l, enum line_class class, const struct kind *starter) {
        r->complete = true;
        return part_dump(r, l, class, starter);
}

static int parse(const struct report *r, struct finding *f) {
        struct slice s = report_text(r, 0);
        size_t at = slice_find(s, SLICE("ecode ")), in = slice_find(s, SLICE(", in "));
        uint64_t pid;

        if (at != SLICE_NPOS) {
                struct slice code = slice_from(s, at + 6);
                int e = finding_add_field(f, SLICE("ecode"), slice_token(&code, ','));
                if (e < 0)
                        return e;
        }
        /* "name [pid]"; the name may hold brackets. */
        if (in != SLICE_NPOS) {
                struct slice rest = slice_from(s, in + 5), comm = rest;
                for (size_t i = rest.n; i-- > 0 && comm.n == rest.n;)
                        if (rest.s[i] == '[')
                                comm.n = i;
                rest = slice_from(rest, comm.n + 1);
                struct task *t = slice_eat_u64(&rest, &pid) ? finding_add_task(f) : NULL;
                if (t && !(t->comm = arena_dup(&f->arena, slice_trim(comm))))
                        return -ENOMEM;
                if (t) {
                        t->pid = pid;
                        t->role = "submitter";
                }
        }
        return headline_parse(r, f, &headlines[0]);
}

static const struct topic topics[] = {
        { .word = "i915/gpu-hang", .what = "the GPU hung" },
};

const struct kind kind_gpu_hang = {
        .name = "gpu_hang",
        HEADLINES(headlines),
        .topics = topics,
        .n_topics = ARRAY_SIZE(topics),
        .triggers = triggers,
        .starts = starts,
        .part = part,
        .alone = alone,
        .parse = parse,
};
