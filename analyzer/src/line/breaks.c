/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "line/breaks.h"

#include "base/macros.h"

/* The marks of quotations at a line's beginning: a rest has those of the line it belongs to. */
static struct slice quotation(struct slice line) {
        size_t n = 0;

        for (size_t i = 0; i < line.n && strchr("> |", line.s[i]); i++)
                if (line.s[i] != ' ')
                        n = i + 1;
        return slice_head(line, n && n < line.n && line.s[n] == ' ' ? n + 1 : n);
}

static size_t rest_at(struct slice line, struct slice next) {
        struct slice marks = quotation(line);
        return slice_starts(next, marks) ? marks.n : 0;
}

/* Could the line have been broken at this width before the first word of the next? */
static bool is_broken_at(size_t width, struct slice line, struct slice next) {
        size_t word = slice_find_byte(next, ' ');

        return line.n <= width && line.n + 1 + MIN(word, next.n) > width;
}

void breaks_learn(struct breaks *b, const struct slice *lines, size_t n, breaks_rest_t is_rest, const void *userdata) {
        enum { NARROWEST = 60, WIDEST = 140, LEAST = 2 };
        size_t width = 0, rests = 0, broken = 0, whole = 0;

        for (size_t i = 0; i < n; i++)
                width = MAX(width, lines[i].n);
        if (width < NARROWEST || width > WIDEST)
                return;
        for (size_t i = 0; i + 1 < n; i++) {
                struct slice next = slice_from(lines[i + 1], rest_at(lines[i], lines[i + 1]));
                if (!is_rest(userdata, lines[i], lines[i + 1]) || next.n == 0)
                        continue;
                rests++;
                broken += is_broken_at(width, lines[i], next);
                whole += lines[i].n == width;
        }
        if (broken < LEAST || broken * 4 < rests * 3)
                return;
        b->width = width;
        /* A line that was broken behind a blank lost it. */
        b->within_words = whole > rests * 2 / 3;
}

bool breaks_between(const struct breaks *b, struct slice line, struct slice next, bool *blank, size_t *ret_at) {
        if (b->width == 0)
                return false;
        *blank = !b->within_words || line.n + 1 == b->width;
        *ret_at = rest_at(line, next);
        return next.n > *ret_at && is_broken_at(b->width, line, slice_from(next, *ret_at)) &&
               (!b->within_words || line.n + 1 >= b->width);
}
