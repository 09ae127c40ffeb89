/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "base/slice.h"

bool slice_eat_u64(struct slice *a, uint64_t *ret) {
        uint64_t v = 0;
        size_t i = 0;

        /* So many digits fit. */
        for (; i < a->n && i < 19 && is_digit(a->s[i]); i++)
                v = v * 10 + (uint64_t) (a->s[i] - '0');
        for (; i < a->n && is_digit(a->s[i]); i++)
                if (__builtin_mul_overflow(v, 10, &v) || __builtin_add_overflow(v, (uint64_t) (a->s[i] - '0'), &v))
                        return false;
        if (i == 0)
                return false;
        *a = slice_from(*a, i);
        *ret = v;
        return true;
}

static int hex_digit(char c) {
        if (is_digit(c))
                return c - '0';
        if (c >= 'a' && c <= 'f')
                return c - 'a' + 10;
        if (c >= 'A' && c <= 'F')
                return c - 'A' + 10;
        return -1;
}

bool slice_eat_hex(struct slice *a, uint64_t *ret) {
        struct slice b = *a;
        uint64_t v = 0;
        size_t i = 0;

        if (slice_starts(b, SLICE("0x")) && b.n > 2 && hex_digit(b.s[2]) >= 0)
                b = slice_from(b, 2);
        for (; i < b.n && hex_digit(b.s[i]) >= 0; i++) {
                if (i >= 16)
                        return false;
                v = v << 4 | (uint64_t) hex_digit(b.s[i]);
        }
        if (i == 0)
                return false;
        *a = slice_from(b, i);
        *ret = v;
        return true;
}

bool slice_glob_all(struct slice name, const char *pattern) {
        const char *star = strchrnul(pattern, '*');
        struct slice part = { pattern, (size_t) (star - pattern) };

        if (!*star)
                return slice_eq(name, part);
        if (!slice_eat(&name, part))
                return false;
        /* Each part between stars where it comes first: a later place leaves no more for the others. */
        for (;;) {
                part.s = star + 1;
                star = strchrnul(part.s, '*');
                part.n = (size_t) (star - part.s);
                if (!*star)
                        return slice_ends(name, part);
                size_t at = part.n ? slice_find(name, part) : 0;
                if (at == SLICE_NPOS)
                        return false;
                name = slice_from(name, at + part.n);
        }
}

bool slice_glob_any(struct slice name, const char *patterns) {
        char pattern[64];

        for (struct slice rest = slice_of(patterns); rest.n;) {
                struct slice one = slice_token(&rest, ' ');
                if (one.n == 0 || one.n >= sizeof(pattern))
                        continue;
                /* Most differ in their first byte, which is cheaper to see than to copy. */
                if (name.n && one.s[0] != name.s[0] && one.s[0] != '*')
                        continue;
                memcpy(pattern, one.s, one.n);
                pattern[one.n] = '\0';
                if (slice_glob(name, pattern))
                        return true;
        }
        return false;
}
