/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "kind/warn.h"

#include <errno.h>

#include "kind/blame.h"
#include "kind/dump.h"

extern const struct kind kind_bug;

/* ------------[ cut here ]------------
 * message
 * WARNING: CPU: 0 PID: 1 at file.c:12 F+0x1/0x2 [module]         (up to 6.18)
 * WARNING: file.c:12 at F+0x1/0x2 [module], CPU#0: comm/1        (from 6.19)
 * modules, registers, trace
 * ---[ end trace 0000000000000000 ]--- */

struct banner {
        struct slice file;
        struct frame_view at; /* no function where the kernel did not know it */
};

static bool parse_banner(struct slice text, struct banner *ret) {
        struct slice s = slice_ltrim(text);
        struct banner b = {};
        uint64_t n;

        if (!slice_eat(&s, SLICE("WARNING: ")))
                return false;
        if (slice_eat(&s, SLICE("CPU: "))) {
                if (!slice_eat_u64(&s, &n))
                        return false;
                size_t at = slice_find(s, SLICE(" at "));
                if (at == SLICE_NPOS)
                        return false;
                s = slice_from(s, at + 4);
                b.file = slice_token(&s, ' ');
                symbol_eat(&s, false, &b.at);
                *ret = b;
                return true;
        }
        if (slice_find(s, SLICE(", CPU#")) == SLICE_NPOS)
                return false;
        b.file = slice_token(&s, ' ');
        if (slice_find_byte(b.file, ':') == SLICE_NPOS || !slice_eat(&s, SLICE("at ")))
                return false;
        symbol_eat(&s, true, &b.at);
        *ret = b;
        return true;
}

static const char *const triggers[] = { "[ cut here ]", "WARNING: ", "vmlife: rule=", NULL };

static bool starts(struct slice text) {
        struct banner b;

        /* Our own record counts even where the line above it was lost. */
        return slice_starts(text, SLICE("------------[ cut here ]")) || parse_banner(text, &b) ||
               slice_has(slice_head(text, 64), SLICE("vmlife: rule="));
}

static enum part part(struct report *r, const struct line *l, enum line_class class, const struct kind *starter) {
        struct banner b;

        if (!r->has_banner) {
                /* Or a BUG() ends what "cut here" began. */
                if (parse_banner(l->text, &b) || starter == &kind_bug) {
                        r->has_banner = true;
                        return PART_BODY;
                }
                if (class == LINE_CUT_HERE)
                        return PART_OVER;
                /* The message: any text. */
                if (!starter || starter == &kind_warn)
                        return class == LINE_OTHER && r->n_lines < 32 ? PART_BODY : part_dump(r, l, class, NULL);
        }
        r->complete = r->has_banner && r->has_frames;
        return part_dump(r, l, class, starter);
}

struct slice warn_message(const struct report *r) {
        struct slice m = SLICE_NULL;
        struct banner b;

        if (r->kind != &kind_warn)
                return m;
        for (size_t i = 0; i < r->n_lines; i++) {
                struct slice text = slice_trim(report_text(r, i));

                if (r->lines[i].class == LINE_CUT_HERE || parse_banner(text, &b)) {
                        if (m.n)
                                break;
                        continue;
                }
                if (r->lines[i].class != LINE_OTHER)
                        break;
                /* Several lines are one message: the line ends lie between them in the report's bytes. */
                if (!m.n)
                        m = text;
                else if (!memchr(m.s, '\n', m.n) && r->lines[i].text_at == r->lines[i].at)
                        m.n = (size_t) (text.s + text.n - m.s);
        }
        return m;
}

int warn_parse(const struct report *r, struct finding *f) {
        struct banner b = {};
        int e;

        f->detector = "warn";
        f->kind = "warning";
        f->severity = SEVERITY_MEDIUM;

        struct slice message = warn_message(r);
        if (message.n && !(f->message = arena_dup(&f->arena, message)))
                return -ENOMEM;
        for (size_t i = 0; i < r->n_lines && !b.file.n; i++)
                parse_banner(report_text(r, i), &b);

        struct stack *s = finding_add_stack(f, "backtrace");
        if (!s)
                return -ENOMEM;
        e = dump_rest(r, 0, f, s);
        if (e < 0)
                return e;
        /* Where the kernel prints no RIP line, or the trace begins with the caller, the banner's own function
         * is the top frame. */
        s = &f->stacks[f->n_stacks - 1];
        if (s->n_frames == 0 && b.at.function.n) {
                e = dump_add_frame(f, s, &b.at);
                if (e < 0)
                        return e;
        }

        char *at = arena_dup(&f->arena, b.at.function);
        if (!at)
                return -ENOMEM;
        const char *blamed = b.at.function.n && !is_machinery(at, NULL) ? at : blame_stack(s, NULL);
        if (!blamed)
                blamed = b.at.function.n ? at : NULL;
        if (blamed && finding_add_function(f, slice_of(blamed)) < 0)
                return -ENOMEM;
        if (b.file.n) {
                e = finding_add_field(f, SLICE("at"), b.file);
                if (e < 0)
                        return e;
        } else
                e = finding_corrupt(f, "the line that names the warning's place is missing");
        if (e == 0 && r->n_lines > 0 && !r->has_frames)
                e = finding_corrupt(f, "no stack trace");
        f->title = arena_printf(&f->arena, "WARNING in %s", f->n_functions ? f->functions[0] : blame_nobody);
        return f->title ? e : -ENOMEM;
}

const struct kind kind_warn = {
        .name = "warn",
        .triggers = triggers,
        .starts = starts,
        .part = part,
        .parse = warn_parse,
};
