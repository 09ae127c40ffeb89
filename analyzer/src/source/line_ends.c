/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "source/line_ends.h"

#include <ctype.h>

#include "base/macros.h"
#include "line/clock.h"
#include "line/escapes.h"
#include "line/template.h"

/* " [   12.345678]", or a date of so many bytes. */
static bool is_time_within(const char *p, const char *end, size_t date) {
        struct slice s = { p + 1, (size_t) (end - p - 1) };
        struct stamp ignored = {};

        if (*p != ' ' || end - p < 3)
                return false;
        if (!date)
                return p[1] == '[' && clock_kernel(&s, &ignored);
        return s.n > date && s.s[date] == ' ' && isalnum((unsigned char) *s.s) && clock_wall(&s, &ignored) &&
               (size_t) (s.s - p - 1) == date;
}

/* Bytes of one of Unicode's line ends there: NEL, also in Latin 1, LINE SEPARATOR, PARAGRAPH SEPARATOR; 0: none. */
static size_t unicode_end(struct slice s, size_t at) {
        static const struct slice ends[] = { SLICE("\xc2\x85"), SLICE("\xe2\x80\xa8"), SLICE("\xe2\x80\xa9") };

        for (size_t i = 0; i < ARRAY_SIZE(ends); i++)
                if (slice_starts(slice_from(s, at), ends[i]))
                        return ends[i].n;
        return s.s[at] == '\x85' && at && (unsigned char) s.s[at - 1] < 0x80;
}

/* What a program or machine may have put where a line ends. */
enum line_end { END_WRITTEN, END_RETURN, END_BLANK, END_NUL, END_UNICODE, LINE_ENDS };

struct seen {
        size_t newlines;
        size_t n[LINE_ENDS];
        size_t many[LINE_ENDS]; /* lines that have several */
        size_t tabs;            /* lines with "\\t" */
        size_t once, again;     /* lines of a log, with the kernel's time at most once, or several times */
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

/* How often the kernel's time stands in it. */
static size_t n_times(struct slice s) {
        struct stamp ignored = {};
        size_t n = 0;

        for (size_t at; (at = slice_find_byte(s, '[')) != SLICE_NPOS;) {
                s = slice_from(s, at);
                if (clock_kernel(&s, &ignored))
                        n++;
                else
                        s = slice_from(s, 1);
        }
        return n;
}

static void see_line(struct seen *e, struct slice s, size_t date) {
        size_t n[LINE_ENDS] = {};

        e->newlines++;
        e->tabs += slice_has(s, SLICE("\\t"));
        for (size_t i = 0; i < s.n; i++) {
                /* Most bytes are none of all these. */
                if (s.s[i] > ' ' && s.s[i] != '\\')
                        continue;
                n[END_WRITTEN] += s.s[i] == '\\' && i + 1 < s.n && s.s[i + 1] == 'n';
                n[END_RETURN] += s.s[i] == '\r' && i + 1 < s.n && s.s[i + 1] != '\r';
                n[END_BLANK] += is_time_within(s.s + i, s.s + s.n, date);
                n[END_NUL] += s.s[i] == '\0' && i + 1 < s.n && s.s[i + 1] != '\0';
                n[END_UNICODE] += (unsigned char) s.s[i] >= 0x80 && unicode_end(s, i) > 0;
        }
        const bool timed = begins_timed(s), again = n_times(s) > 1;
        e->once += timed && !again;
        e->again += timed && again;
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

/* The bytes of the date that a text begins with; 0: it begins with none. */
static size_t date_at(struct slice s) {
        struct slice rest = slice_ltrim(s);
        const size_t n = rest.n;
        struct stamp ignored = {};

        return clock_wall(&rest, &ignored) ? n - rest.n : 0;
}

void line_ends_see(struct line_ends *l, struct slice s) {
        struct seen e = {};

        l->date = date_at(s);
        while (s.n)
                see_line(&e, slice_token(&s, '\n'), l->date);
        l->one_string = ends_lines(&e, END_WRITTEN, 4);
        l->only_returns = ends_lines(&e, END_RETURN, 4);
        l->run_together = ends_lines(&e, END_BLANK, 2);
        l->several = e.again > e.once;
        l->nuls = ends_lines(&e, END_NUL, 4);
        l->of_unicode = ends_lines(&e, END_UNICODE, 4);
        l->tabs = !l->one_string && e.tabs * 2 > e.newlines;
}

bool line_ends_others(const struct line_ends *l) {
        return l->one_string || l->only_returns || l->run_together || l->nuls || l->of_unicode || l->tabs;
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
                if (is_time_within(p, b->data + b->size, l->date))
                        *p = '\n';
        for (char *p = b->data + from; l->nuls && p < b->data + b->size; p++)
                if (*p == '\0')
                        *p = '\n';
        for (size_t i = from; l->tabs && i < b->size; i++)
                if (b->data[i] == 't' && i > 0 && b->data[i - 1] == '\\' && (i == 1 || b->data[i - 2] != '\\'))
                        memcpy(b->data + i - 1, " \t", 2);
        for (size_t i = from, n; l->of_unicode && i < b->size; i += n ? n : 1) {
                n = unicode_end(buffer_all(b), i);
                if (n) {
                        memset(b->data + i, ' ', n);
                        b->data[i] = '\n';
                }
        }
}
