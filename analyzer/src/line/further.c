/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "line/further.h"

#include "base/macros.h"
#include "line/template.h"

enum { NARROWEST = 4, NARROWEST_WITHIN = 8, PARTS = 32 };

static size_t n_blanks(struct slice s) {
        return s.n - slice_ltrim(s).n;
}

/* Where a run of eight blanks begins, from that byte on, among those that may be put before a line; SLICE_NPOS. One of
 * any eight bytes that follow one another is looked at: a run has one of them, and most lines have none. */
static size_t find_blanks(struct slice line, size_t from) {
        enum { RUN = NARROWEST_WITHIN };
        const struct slice s = slice_head(line, BEFORE_BYTES);

        for (size_t at = from + RUN - 1; at < s.n; at += RUN) {
                if (s.s[at] != ' ')
                        continue;
                size_t begin = at, end = at + 1;
                while (begin > from && s.s[begin - 1] == ' ')
                        begin--;
                while (end < s.n && end - begin < RUN && s.s[end] == ' ')
                        end++;
                if (end - begin == RUN)
                        return begin;
        }
        return SLICE_NPOS;
}

bool may_be_further(struct slice line) {
        return (line.n && is_blank(line.s[0])) || find_blanks(line, 0) != SLICE_NPOS;
}

static bool is_same_but_digits(char a, char b) {
        return a == b || (is_digit(a) && is_digit(b));
}

/* Does the line begin with the whole prefix, but for its digits? Then nothing stands in its place. Lines of one log
 * begin alike: the last bytes tell most apart. */
static bool is_whole(struct slice line, struct slice prefix) {
        if (prefix.n == 0 || line.n < prefix.n)
                return false;
        for (size_t i = prefix.n; i-- > 0;)
                if (!is_same_but_digits(line.s[i], prefix.s[i]))
                        return false;
        return true;
}

/* The bytes of a prefix that are made as these are, part by part: "2026-11-20T11:53:01Z ", "web-1 | ". 0: none. */
static size_t alike(struct slice prefix, struct slice outer) {
        const size_t n = prefix.n;

        if (is_whole(prefix, outer))
                return outer.n;
        for (size_t i = 0; outer.n && i < PARTS; i++) {
                struct part p, q;
                if (prefix.n == 0)
                        return 0;
                outer = slice_from(outer, template_next_part(outer, &p));
                prefix = slice_from(prefix, template_next_part(prefix, &q));
                if (p.type != q.type || ((p.type == PART_MARK || p.type == PART_BRACKET) && p.open != q.open))
                        return 0;
        }
        return outer.n ? 0 : n - prefix.n;
}

static struct slice slice_of_prefix(const struct prefix_bytes *p) {
        return (struct slice){ p->bytes, p->n };
}

/* The bytes of the fields that begin a prefix of the kernel's or of any logger's: a time, and what may stand before it.
 */
static size_t time_width(struct slice s) {
        const size_t n = s.n;
        struct part p;

        while (s.n) {
                const size_t taken = template_next_part(s, &p);
                s = slice_from(s, taken);
                if (p.type == PART_CLOCK || p.type == PART_KMSG || p.timed)
                        return n - s.n;
                if (p.type != PART_DECODED && p.type != PART_BLANKS && p.open != '<')
                        break;
        }
        return 0;
}

/* Whatever is taken for a time has a digit on both sides of a mark. */
static bool may_have_time(struct slice s) {
        static const char marks[] = { '.', ':', ',' };

        for (size_t m = 0; m < ARRAY_SIZE(marks); m++)
                for (size_t i = 0, at; (at = slice_find_byte(slice_from(s, i), marks[m])) != SLICE_NPOS; i += at + 1)
                        if (i + at > 0 && i + at + 1 < s.n && is_digit(s.s[i + at - 1]) && is_digit(s.s[i + at + 1]))
                                return true;
        return false;
}

/* Could blanks at that byte of a line, or behind, stand in place of a time of the line before? What stands before them
 * is alike in both, its first part at least; in most lines no time is behind that, and they hold blanks all the same.
 */
static bool may_replace(struct slice before, size_t at) {
        struct part p;
        const size_t first = at && before.n ? template_next_part(before, &p) : 0;

        return at < first || may_have_time(slice_from(before, first));
}

/* As further_of(), of a line whose first run of blanks is there. */
static size_t further_from(struct slice line, struct slice before, size_t at) {
        /* Of an empty one an editor left what stands before the blanks. */
        const struct slice bare = slice_rtrim(line);

        if (bare.n + NARROWEST_WITHIN <= before.n && is_whole(before, bare) &&
            time_width(slice_ltrim(slice_from(before, bare.n))) >= NARROWEST_WITHIN)
                return line.n;
        if (at != SLICE_NPOS && !may_replace(before, at))
                return 0;
        for (; at != SLICE_NPOS; at = find_blanks(line, at)) {
                const size_t blanks = n_blanks(slice_from(line, at)),
                             same = at ? alike(before, slice_head(line, at)) : 0;
                const struct slice rest = slice_from(before, same), inner = slice_ltrim(rest);
                const size_t room = blanks - MIN(blanks, rest.n - inner.n);
                const size_t width = room >= NARROWEST_WITHIN && (at == 0 || same) ? time_width(inner) : 0;

                if (width >= NARROWEST_WITHIN && room >= width)
                        return at + blanks;
                at += blanks;
        }
        return 0;
}

/* "<4>[    3.900093]  [7:", padded before a task's name: nothing was put in place of a prefix within its bracket. */
static bool is_within_bracket(struct slice s) {
        size_t n = 0;

        for (size_t i = 0; i < s.n; i++)
                n = s.s[i] == '[' ? n + 1 : s.s[i] == ']' && n ? n - 1 : n;
        return n > 0;
}

size_t further_of(struct slice line, struct slice before) {
        return further_from(line, before, find_blanks(line, 0));
}

size_t further_at(struct slice line, const struct before *b, const struct prefix_bytes *kernels, uint64_t number) {
        const struct slice prefix = slice_of_prefix(&b->prefix), of_kernel = slice_of_prefix(kernels);

        if (b->number == 0 || b->number + 1 != number || b->width < NARROWEST)
                return 0;
        if (n_blanks(line) >= b->width)
                return b->width;
        const size_t at = find_blanks(line, 0), shown = further_from(line, slice_of_prefix(&b->head), at);
        if (shown)
                return shown;
        if (at == SLICE_NPOS || at == 0 || (b->told && is_whole(line, prefix)) || is_whole(line, of_kernel))
                return 0;
        const struct slice outer = slice_head(line, at);
        if (is_within_bracket(outer))
                return 0;
        const size_t n = n_blanks(slice_from(line, at)), of_record = alike(prefix, outer);
        /* The rest of the record's prefix, in whose place the blanks are. */
        const size_t width = prefix.n - of_record;
        if (of_record && width >= NARROWEST_WITHIN)
                return n >= width ? at + width : 0;
        const size_t same = b->told ? 0 : alike(of_kernel, outer),
                     own = same ? n_blanks(slice_from(of_kernel, same)) : 0;
        return same && of_kernel.n - same >= NARROWEST_WITHIN && n > own ? at + n : 0;
}
