/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "source/bare_stacks.h"

#include <stdio.h>

#include "base/macros.h"
#include "line/frame.h"

/* Frames that make a stack, and lines of others between two of its frames: mails break them. */
enum { LEAST = 3, BETWEEN = 2 };
static const uint64_t looked_at_most = 1024 * 1024;

/* "from", "at", "function": a sentence names a function, and the line is no frame. */
static bool is_word(struct slice s) {
        for (size_t i = 0; i < s.n; i++)
                if (s.s[i] < 'a' || s.s[i] > 'z')
                        return false;
        return s.n > 1;
}

/* crash: "#3 [ffff88003fc03d98] function at ffffffff81000000" */
static bool is_of_crash(struct slice s) {
        uint64_t v;
        const char *address;

        if (!slice_eat(&s, SLICE("#")) || !slice_eat_u64(&s, &v) || !slice_eat(&s, SLICE(" [")))
                return false;
        address = s.s;
        return slice_eat_hex(&s, &v) && s.s - address >= 8 && slice_eat(&s, SLICE("] ")) && slice_has(s, SLICE(" at "));
}

/* Before kallsyms a stack was a row of addresses: "[<c0112233>] [<c0112244>]". */
static bool is_row(struct slice s) {
        unsigned n = 0;

        for (s = slice_ltrim(s); slice_starts(s, SLICE("[<")) && address_eat(&s); n++)
                ;
        return n >= 2 && s.n == 0;
}

/* arm's "callee from caller+0x1/0x2" is a whole line; in a sentence words stand before it. */
static bool is_sentence(struct slice before, struct slice s) {
        const char last = before.n ? before.s[before.n - 1] : ' ';

        return is_word(before) || (slice_has(s, SLICE(" from ")) && (is_letter(last) || is_digit(last)));
}

/* A frame is all that stands behind what the line begins with. */
static bool is_frame(struct slice line, struct slice *ret) {
        enum { WORDS = 16 };
        struct frame_view v;
        struct slice before = SLICE_NULL, s = slice_trim(line);

        for (unsigned i = 0; i < WORDS && s.n; i++) {
                *ret = s;
                if (frame_parse(s, &v) && (v.size || v.addressed))
                        return !is_sentence(before, s);
                if (is_of_crash(s) || is_row(s))
                        return true;
                before = slice_token(&s, ' ');
                s = slice_ltrim(s);
        }
        return false;
}

/* Has the line what every form of a frame has: an offset, crash's number, an address or what is left of one? Most lines
 * of a log have none of it, and is_frame() tries each of their words. */
static bool may_hold_frame(struct slice line) {
        if (slice_find_byte(line, '+') != SLICE_NPOS)
                return slice_has(line, SLICE("+0x")) || slice_has(line, SLICE(" ["));
        return slice_has(line, SLICE(" [")) && (slice_find_byte(line, '#') != SLICE_NPOS ||
                                                slice_has(line, SLICE("[<")) || slice_has(line, SLICE("[] ")));
}

static void see_line(struct bare_stacks *b, struct slice line) {
        struct slice frame;

        if (may_hold_frame(line) && is_frame(line, &frame)) {
                if (b->n == 0 && b->frames == 0)
                        snprintf(b->first, sizeof(b->first), "%.*s",
                                 SLICE_FMT(slice_head(frame, sizeof(b->first) - 1)));
                b->others = 0;
                b->n += ++b->frames == LEAST;
        } else if (b->frames && ++b->others > BETWEEN)
                b->frames = 0;
}

void bare_stacks_see(struct bare_stacks *b, struct slice lines) {
        if (b->seen > looked_at_most)
                return;
        b->seen += lines.n;
        /* Most texts have none. */
        if (b->frames == 0 && !slice_has(lines, SLICE("+0x")) && !slice_has(lines, SLICE(" [")))
                return;
        while (lines.n)
                see_line(b, slice_token(&lines, '\n'));
}
