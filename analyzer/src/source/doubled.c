/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "source/doubled.h"

#include <string.h>

#include "base/macros.h"
#include "line/clock.h"
#include "source/hosts.h"

static struct slice from_kernels_time(struct slice line) {
        struct slice s = slice_head(line, 96);
        struct stamp ignored = {};

        for (size_t at; (at = slice_find_byte(s, '[')) != SLICE_NPOS; s = slice_from(s, at + 1)) {
                struct slice rest = slice_from(s, at);
                if (clock_kernel(&rest, &ignored))
                        return slice_from(line, (size_t) (s.s - line.s) + at);
        }
        return line;
}

static uint64_t add(uint64_t hash, struct slice s) {
        for (size_t i = 0; i < s.n; i++)
                hash = (hash ^ (unsigned char) s.s[i]) * 0x100000001b3ull;
        return hash;
}

uint64_t doubled_key(struct slice line) {
        const struct slice s = slice_rtrim(from_kernels_time(line));
        const uint64_t hash = add(add(0xcbf29ce484222325ull, hosts_name(line)), s);

        return s.n ? hash | 1 : 0;
}

/* Both end in the same bytes where they have one key: what is cut off stands before the text. Most lines that follow
 * one another differ there, and need no key. */
static bool may_be_double(struct slice a, struct slice b) {
        enum { TOLD_BY = 8 };
        const size_t n = MIN(MIN(a.n, b.n), (size_t) TOLD_BY);

        return memcmp(a.s + a.n - n, b.s + b.n - n, n) == 0;
}

/* A prefix without a text behind it has none. */
static bool have_one_key(struct slice a, struct slice b) {
        const uint64_t key = doubled_key(a);
        return key != 0 && key == doubled_key(b);
}

bool doubled_lines(struct slice window) {
        enum { LEAST = 8, ONE_IN = 8 };
        size_t pairs = 0, single = 0;
        struct slice last = SLICE_NULL; /* without its double so far */

        while (window.n) {
                const struct slice line = slice_rtrim(slice_token(&window, '\n'));
                if (line.n == 0)
                        continue;
                if (last.n && may_be_double(last, line) && have_one_key(last, line)) {
                        pairs++;
                        single--;
                        last = SLICE_NULL;
                } else {
                        single++;
                        last = line;
                }
        }
        return pairs >= LEAST && single * ONE_IN <= pairs;
}
