/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "base/suggest.h"

#include <string.h>

#include "base/macros.h"
#include "base/slice.h"

enum { WORD_MAX = 63 };

static char lower(char c) {
        return c >= 'A' && c <= 'Z' ? (char) (c - 'A' + 'a') : c;
}

/* Letters that are missing, extra, wrong, or swapped with their neighbour, each counts one. Three rows of the usual
 * table are enough for it. */
static size_t distance(const char *a, size_t n, const char *b, size_t m) {
        size_t rows[3][WORD_MAX + 2];
        size_t *before = rows[0], *above = rows[1], *row = rows[2];

        for (size_t k = 0; k <= m; k++)
                above[k] = k;
        for (size_t i = 1; i <= n; i++) {
                row[0] = i;
                for (size_t k = 1; k <= m; k++) {
                        const char x = lower(a[i - 1]), y = lower(b[k - 1]);

                        row[k] = MIN(MIN(above[k], row[k - 1]) + 1, above[k - 1] + (x != y));
                        if (i > 1 && k > 1 && x == lower(b[k - 2]) && lower(a[i - 2]) == y)
                                row[k] = MIN(row[k], before[k - 2] + 1);
                }
                size_t *oldest = before;
                before = above;
                above = row;
                row = oldest;
        }
        return above[m];
}

void suggest(struct suggestion *s, const char *candidate) {
        const size_t n = strlen(s->typed), m = strlen(candidate);

        if (n == 0 || m == 0 || n > WORD_MAX || m > WORD_MAX)
                return;
        /* A beginning that is long enough to mean something is as good as one slip. */
        const bool begins = n >= 3 && m > n && distance(s->typed, n, candidate, n) == 0;
        const size_t d = begins ? 1 : distance(s->typed, n, candidate, m);
        if (d > (MAX(n, m) + 2) / 4 + (MAX(n, m) > 4) || d >= MAX(n, m) - (MAX(n, m) > 1))
                return;
        if (s->best && d >= s->distance)
                return;
        s->best = candidate;
        s->distance = d;
}
