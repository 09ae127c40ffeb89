/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>

#include "kind/blame.h"
#include "kind/dump.h"
#include "kind/kind.h"

/* BUG(): "kernel BUG at file.c:12!", mostly after "[ cut here ]", then an oops with registers and trace. */

static const char *const triggers[] = { "kernel BUG at ", NULL };

static bool is_banner(struct slice text, struct slice *file) {
        struct slice s = slice_trim(text);

        if (!slice_eat(&s, SLICE("kernel BUG at ")))
                return false;
        if (s.n && s.s[s.n - 1] == '!')
                s.n--;
        *file = s;
        return true;
}

static bool starts(struct slice text) {
        struct slice file;
        return is_banner(text, &file);
}

static enum part part(struct report *r, const struct line *l, enum line_class class, const struct kind *starter) {
        r->has_banner = true;
        r->complete = r->has_frames;
        return part_dump(r, l, class, starter);
}

static bool find_banner(const struct report *r, struct slice *file) {
        for (size_t i = 0; i < r->n_lines && i < 40; i++)
                if (is_banner(report_text(r, i), file))
                        return true;
        return false;
}

static bool claims(const struct report *r) {
        struct slice file;
        return find_banner(r, &file);
}

static int parse(const struct report *r, struct finding *f) {
        struct slice file = SLICE_NULL;
        int e;

        f->detector = "bug";
        f->kind = "bug";
        f->severity = SEVERITY_HIGH;
        find_banner(r, &file);
        e = finding_add_field(f, SLICE("at"), file);
        if (e < 0)
                return e;
        struct stack *s = finding_add_stack(f, "backtrace");
        if (!s)
                return -ENOMEM;
        e = dump_rest(r, 0, f, s);
        if (e < 0)
                return e;
        const char *blamed = blame_stack(&f->stacks[f->n_stacks - 1], NULL);
        if (blamed)
                e = finding_add_function(f, slice_of(blamed));
        else
                e = finding_corrupt(f, "no frame to blame");
        if (e < 0)
                return e;
        f->title = arena_printf(&f->arena, "kernel BUG in %s", f->n_functions ? f->functions[0] : blame_nobody);
        return f->title ? 0 : -ENOMEM;
}

const struct kind kind_bug = {
        .name = "bug",
        .triggers = triggers,
        .starts = starts,
        .part = part,
        .claims = claims,
        .parse = parse,
};
