/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "base/slice.h"

bool slice_eat_u64(struct slice *a, uint64_t *ret) {
        uint64_t v = 0;
        size_t i = 0;

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

bool slice_glob(struct slice name, const char *pattern) {
        size_t n = 0, retry_n = SIZE_MAX;
        const char *p = pattern, *retry_p = NULL;

        /* Linear: a mismatch goes back to the last star only. */
        while (n < name.n) {
                if (*p == '*') {
                        retry_p = ++p;
                        retry_n = n;
                } else if (*p == name.s[n]) {
                        p++;
                        n++;
                } else if (retry_p) {
                        p = retry_p;
                        n = ++retry_n;
                } else
                        return false;
        }
        while (*p == '*')
                p++;
        return *p == '\0';
}
