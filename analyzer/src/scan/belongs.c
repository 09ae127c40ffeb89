/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "scan/belongs.h"

#include "base/macros.h"
#include "line/anchor.h"
#include "line/frame.h"
#include "scan/patience.h"

/* Lines of a report among which the one that started it is. */
enum { HEAD_LINES = 8 };

/* Does the report's kernel know its functions, as far as it shows? */
static bool has_symbol(const struct report *r) {
        for (size_t i = 0; i < r->n_lines; i++)
                if (slice_has(report_text(r, i), SLICE("+0x")))
                        return true;
        return false;
}

void drop_names(struct report *r) {
        size_t n = 0;

        if (!r->maybe_names || !has_symbol(r))
                return;
        for (size_t i = 0; i < r->n_lines; i++)
                if (!r->lines[i].maybe_name)
                        r->lines[n++] = r->lines[i];
        r->n_lines = n;
}

bool is_announced(const struct report *r, const struct kind *starter) {
        enum { BETWEEN = 8 };

        return starter && starter != r->kind && r->lines[0].class == LINE_CUT_HERE && !r->has_banner &&
               (r->n_lines == 1 || (starter->cut_here && r->n_lines <= BETWEEN));
}

bool is_outer(const struct report *r, const struct line *l, const struct kind *starter) {
        static const struct slice mark = SLICE(" [inline]");
        enum { ALIKE = 9 }; /* "WARNING: ", "BUG: KASAN: " */

        if (starter != r->kind || r->lines[r->n_lines - 1].class != LINE_OTHER)
                return false;
        const struct slice inner = slice_trim(report_text(r, r->n_lines - 1)), outer = slice_trim(l->text);
        return slice_has(inner, mark) && slice_eq(slice_head(inner, ALIKE), slice_head(outer, ALIKE));
}

bool is_earlier(const struct report *r, const struct line *l) {
        return !stamp_before(&r->last, &l->time, quiet_us);
}

/* Does the line hold only the name of what prints a stack, so that a stack begins with it? */
static bool begins_names(struct slice text) {
        static const struct slice names[] = {
                SLICE("dump_stack"), SLICE("dump_stack_lvl"), SLICE("__dump_stack"),     SLICE("show_stack"),
                SLICE("show_trace"), SLICE("dump_backtrace"), SLICE("unwind_backtrace"),
        };
        const struct slice s = slice_trim(text);

        for (size_t i = 0; i < ARRAY_SIZE(names); i++)
                if (slice_eq(s, names[i]))
                        return true;
        return false;
}

bool is_name_of_frame(const struct report *r, const struct line *l, enum line_class class) {
        const enum line_class before = r->lines[r->n_lines - 1].class;
        struct frame_view v;

        return class == LINE_OTHER && l->record->console && !l->cut && !l->maybe_name && !r->over &&
               frame_parse_name(l->text, &v) &&
               (before == LINE_TRACE_HEAD || before == LINE_CONTEXT || (!r->has_frames && begins_names(l->text)) ||
                (before == LINE_FRAME && !frame_parse(report_text(r, r->n_lines - 1), &v)));
}

/* "0xffffffff81234567", "? 0xffffffff81234567", "RIP: 0010:0xffffffff81234567". */
static bool is_address(struct slice text, enum line_class class) {
        enum { DIGITS = 8 };
        struct slice s = slice_trim(text);
        struct frame_view v;
        uint64_t address;

        if (class != LINE_FRAME && class != LINE_RIP)
                return false;
        if (class == LINE_FRAME ? frame_parse(s, &v) : trap_parse(s, &v))
                s = v.function;
        else
                for (size_t at;
                     (at = slice_find_byte(s, ' ')) != SLICE_NPOS || (at = slice_find_byte(s, ':')) != SLICE_NPOS;)
                        s = slice_from(s, at + 1);
        return slice_eat(&s, SLICE("0x")) && s.n >= DIGITS && slice_eat_hex(&s, &address) && s.n == 0;
}

bool is_own_address(const struct report *r, const struct line *l) {
        if (!l->maybe_name || r->over || !is_address(l->text, line_classify(l->text)) || has_symbol(r))
                return false;
        for (size_t i = 1; i < r->n_lines; i++) {
                const enum line_class class = r->lines[i].class;
                if (class == LINE_CPU || class == LINE_DUMP || class == LINE_TRACE_HEAD || class == LINE_CONTEXT)
                        return true;
        }
        return false;
}

bool has_own_line(const struct report *r) {
        for (size_t i = 1; r->kind->own_line && i < r->n_lines; i++)
                if (r->kind->own_line(slice_trim(report_text(r, i))))
                        return true;
        return false;
}

bool gives_way(const struct report *r, const struct line *l, const struct kind *starter) {
        if (starter && is_late(r, l))
                return true;
        if (!starter || !r->behind || r->has_frames)
                return false;
        /* Only a warning needs it, for what stands between. */
        if (r->lines[0].class == LINE_CUT_HERE && !r->has_banner)
                return !kind_is(starter, KIND_WARN);
        if (r->kind->own_line && r->kind->own_line(slice_trim(l->text)))
                return false;
        if (kind_is(starter, KIND_OOPS) && oops_goes_on(r->kind, l->text))
                return false;
        return !has_own_line(r);
}

bool is_shown_twice(const struct report *r, const struct line *l) {
        return l->record->console && !r->behind && l->time.has_mono != r->last.has_mono && r->n_lines > 0 &&
               slice_eq(slice_rtrim(l->text), slice_rtrim(report_text(r, r->n_lines - 1)));
}

static bool is_adopted(const struct report *r, uint32_t caller) {
        for (size_t i = 0; i < r->n_adopted; i++)
                if (r->adopted[i] == caller)
                        return true;
        return false;
}

bool adopts(struct report *r, const struct line *l, const struct kind *starter) {
        if (l->caller == CALLER_NONE || r->over || !r->kind->adopts)
                return false;
        if (is_adopted(r, l->caller)) {
                if (!starter)
                        return true;
                for (size_t i = 0; i < r->n_adopted; i++)
                        if (r->adopted[i] == l->caller)
                                r->adopted[i] = r->adopted[--r->n_adopted];
                return false;
        }
        if ((starter && starter != r->kind) || r->n_adopted == sizeof(r->adopted) / sizeof(r->adopted[0]) ||
            !r->kind->adopts(r, l->text))
                return false;
        r->adopted[r->n_adopted++] = l->caller;
        return true;
}

bool is_bare(const struct report *r, const struct line *l) {
        return l->stray || (l->record->console && r->first.has_mono && !l->time.has_mono && l->caller == CALLER_NONE);
}

bool has_line(const struct report *r, const struct line *l) {
        const struct slice s = slice_trim(l->text);

        if (r->boot != l->record->boot || (r->first.has_mono && l->time.has_mono &&
                                           (l->time.mono_us < r->first.mono_us || l->time.mono_us > r->last.mono_us)))
                return false;
        for (size_t i = 0; i < r->n_lines && i < HEAD_LINES; i++)
                if (slice_eq(slice_trim(report_text(r, i)), s))
                        return true;
        return false;
}

bool heads_code(struct slice text) {
        return slice_eq(text, SLICE("All code")) || slice_starts(text, SLICE("Code starting with the "));
}

bool begins_section(struct slice text) {
        static const struct slice begins[] = { SLICE("Allocated in "), SLICE("Freed in ") };
        const struct slice s = slice_trim(text);
        struct anchor anchor;

        for (size_t i = 0; i < ARRAY_SIZE(begins); i++)
                if (slice_starts(s, begins[i]))
                        return true;
        if (anchor_find(s, &anchor) && anchor.at == 0)
                return true;
        text = slice_ends(text, SLICE("\r")) ? slice_head(text, text.n - 1) : text;
        /* A row of the table of tasks ends in a name. */
        return slice_ends(text, SLICE(":")) && !slice_starts(s, SLICE("[")) && slice_has(s, SLICE(" ")) &&
               !slice_has(s, SLICE(": ")) && !slice_has(s, SLICE("'")) && !slice_has(s, SLICE("\""));
}
