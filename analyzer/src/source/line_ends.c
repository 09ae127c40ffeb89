/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "source/line_ends.h"

#include <ctype.h>

#include "line/clock.h"
#include "line/escapes.h"
#include "line/template.h"

/* " [   12.345678]" */
static bool is_time_within(const char *p, const char *end) {
        struct slice s = { p + 1, (size_t) (end - p - 1) };
        struct stamp ignored = {};

        return *p == ' ' && end - p > 2 && p[1] == '[' && clock_kernel(&s, &ignored);
}

/* What a program or machine may have put where a line ends. */
enum line_end { END_WRITTEN, END_RETURN, END_BLANK, LINE_ENDS };

struct seen {
        size_t newlines;
        size_t n[LINE_ENDS];
        size_t many[LINE_ENDS]; /* lines that have several */
        size_t few[LINE_ENDS];  /* those of a log that have none, or one */
};

/* Does the line begin with a time, behind what a runner puts before it? A member of JSON ("name": ...) is none. */
static bool begins_timed(struct slice line) {
        enum { FIRST = 64 };
        struct slice s = slice_ltrim(line);
        struct part p;

        if (s.n > 1 && s.s[0] == '"' && !isdigit((unsigned char) s.s[1]))
                return false;
        while (s.n && (size_t) (s.s - line.s) < FIRST) {
                const size_t n = template_next_part(s, &p);
                if (p.type == PART_CLOCK || p.type == PART_KMSG || p.type == PART_DECODED || p.timed)
                        return true;
                s = slice_from(s, n);
        }
        return false;
}

static void see_line(struct seen *e, struct slice s) {
        size_t n[LINE_ENDS] = {};

        e->newlines++;
        for (size_t i = 0; i < s.n; i++) {
                n[END_WRITTEN] += s.s[i] == '\\' && i + 1 < s.n && s.s[i + 1] == 'n';
                n[END_RETURN] += s.s[i] == '\r' && i + 1 < s.n && s.s[i + 1] != '\r';
                n[END_BLANK] += is_time_within(s.s + i, s.s + s.n);
        }
        const bool timed = begins_timed(s);
        for (size_t i = 0; i < LINE_ENDS; i++) {
                e->n[i] += n[i];
                e->many[i] += n[i] > 1;
                e->few[i] += n[i] <= 1 && timed;
        }
}

/* Do those end lines, much more often than line ends do? Users choose strings that hold any number of them, in lines
 * that line ends end: next to none of the others may look like a log's. */
static bool ends_lines(const struct seen *e, enum line_end end, size_t factor) {
        enum { LEAST = 4, ONE_IN = 8 };
        return e->n[end] >= LEAST && e->n[end] > e->newlines * factor && e->few[end] * ONE_IN <= e->many[end];
}

void line_ends_see(struct line_ends *l, struct slice s) {
        struct seen e = {};

        while (s.n)
                see_line(&e, slice_token(&s, '\n'));
        l->one_string = ends_lines(&e, END_WRITTEN, 4);
        l->only_returns = ends_lines(&e, END_RETURN, 4);
        l->run_together = ends_lines(&e, END_BLANK, 2);
}

bool line_ends_others(const struct line_ends *l) {
        return l->one_string || l->only_returns || l->run_together;
}

void line_ends_put(struct line_ends *l, struct buffer *b, size_t from) {
        if (l->one_string) {
                from -= l->held;
                b->size = from + string_undo(b->data + from, b->size - from, &l->held) + l->held;
        }
        for (char *p = b->data + from; l->only_returns && p < b->data + b->size; p++)
                if (*p == '\r')
                        *p = '\n';
        for (char *p = b->data + from; l->run_together && p < b->data + b->size; p++)
                if (is_time_within(p, b->data + b->size))
                        *p = '\n';
}
