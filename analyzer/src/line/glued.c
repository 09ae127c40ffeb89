/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "line/glued.h"

#include "line/clock.h"

/* Seconds that may lie between records that were run together. */
static const uint64_t near_us = 3600 * 1000000ull;

/* Are they made alike: digits, or the blanks that pad them, where the other has them, and all else the same? */
static bool is_alike(struct slice a, struct slice b) {
        for (size_t i = 0; i < a.n; i++) {
                const bool number = is_digit(a.s[i]) || is_digit(b.s[i]);
                if (a.s[i] != b.s[i] &&
                    !(number && (is_digit(a.s[i]) || is_blank(a.s[i])) && (is_digit(b.s[i]) || is_blank(b.s[i]))))
                        return false;
        }
        return true;
}

/* The last of the kernel's times in the prefix, up to its end, with a caller. */
static struct slice kernels(struct slice prefix, struct stamp *t) {
        struct slice last = SLICE_NULL;

        for (size_t i = 0, at; (at = slice_find_byte(slice_from(prefix, i), '[')) != SLICE_NPOS; i += at + 1) {
                struct slice s = slice_from(prefix, i + at);
                if (clock_kernel(&s, t))
                        last = slice_from(prefix, i + at);
        }
        return last;
}

/* A prefix without the kernel's time must have a time and more to be told from a message's words. */
static bool is_telling(struct slice prefix) {
        enum { DIGITS = 6, BYTES = 16 };
        size_t digits = 0;

        for (size_t i = 0; i < prefix.n; i++)
                digits += is_digit(prefix.s[i]);
        return prefix.n >= BYTES && digits >= DIGITS;
}

/* The first byte that is the same in all that is alike; behind the last if there is none. It is sought first, for each
 * line of a report is asked. */
static size_t fixed_byte(struct slice own) {
        size_t i = 0;

        while (i < own.n && (is_digit(own.s[i]) || is_blank(own.s[i])))
                i++;
        return i;
}

/* Where such bytes begin again, with no earlier time than the kernel's here. */
static size_t next_alike(struct slice text, struct slice own, const struct stamp *t) {
        const size_t fixed = fixed_byte(own);

        for (size_t i = 0; i + own.n <= text.n; i++) {
                if (fixed < own.n) {
                        const size_t more = slice_find_byte(
                                slice_head(slice_from(text, i + fixed), text.n - own.n - i + 1), own.s[fixed]);
                        if (more == SLICE_NPOS)
                                return SLICE_NPOS;
                        i += more;
                }
                struct slice s = slice_head(slice_from(text, i), own.n);
                struct stamp at = {};

                if (is_alike(s, own) && (!t->has_mono || (clock_kernel(&s, &at) && at.mono_us >= t->mono_us &&
                                                          at.mono_us - t->mono_us <= near_us)))
                        return i;
        }
        return SLICE_NPOS;
}

/* Each line of a report is asked, and most begin with the kernel's time: what is alike begins with a bracket and a
 * digit or its padding, too, and is not shorter than such a time. */
static bool may_have_alike(struct slice prefix, struct slice text) {
        enum { SHORTEST = sizeof("[0.000000] ") - 1 };

        if (prefix.n < SHORTEST || prefix.s[0] != '[' || !(is_digit(prefix.s[1]) || is_blank(prefix.s[1])))
                return true;
        for (size_t at; text.n >= SHORTEST; text = slice_from(text, at + 1)) {
                at = slice_find_byte(slice_head(text, text.n - SHORTEST + 1), '[');
                if (at == SLICE_NPOS)
                        return false;
                if (is_digit(text.s[at + 1]) || is_blank(text.s[at + 1]))
                        return true;
        }
        return false;
}

size_t glued_at(struct slice line, size_t width) {
        const struct slice prefix = slice_head(line, width), text = slice_from(line, width);
        struct stamp t = {};

        if (!may_have_alike(prefix, text))
                return 0;
        struct slice own = kernels(prefix, &t);

        if (own.n == 0)
                own = is_telling(prefix) ? slice_ltrim(prefix) : own;
        if (own.n == 0 || own.s[own.n - 1] != ' ')
                return 0;
        const size_t at = next_alike(text, own, &t);
        if (at == SLICE_NPOS)
                return 0;
        /* All of the prefix may stand there, or only what the kernel printed, behind what a logger saw come. */
        const size_t before = prefix.n - own.n;
        const bool whole = at >= before &&
                           is_alike(slice_head(slice_from(text, at - before), before), slice_head(prefix, before));
        return width + at - (whole ? before : 0);
}
