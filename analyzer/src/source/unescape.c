/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "source/unescape.h"

#include <string.h>

#include "base/macros.h"

/* "\x1b", "\u00e9" behind the backslash: the bytes that it takes. */
static size_t add_number(struct buffer *b, struct slice s, int *e) {
        const size_t digits = s.s[0] == 'x' ? 2 : s.s[0] == 'u' ? 4 : 8;
        struct slice hex = slice_head(slice_from(s, 1), digits);
        uint64_t v;

        if (hex.n < digits || !slice_eat_hex(&hex, &v) || hex.n > 0)
                return 0;
        const char bytes[] = { (char) (0xe0 | (v >> 12)), (char) (0x80 | (v >> 6 & 0x3f)), (char) (0x80 | (v & 0x3f)) },
                   two[] = { (char) (0xc0 | (v >> 6)), (char) (0x80 | (v & 0x3f)) }, one = (char) v;
        *e = v < 0x80  ? buffer_add(b, &one, 1) :
             v < 0x800 ? buffer_add(b, two, sizeof(two)) :
                         buffer_add(b, v < 0x10000 ? bytes : "?", v < 0x10000 ? sizeof(bytes) : 1);
        return digits + 1;
}

int unescape(struct slice s, char mark, struct buffer *out) {
        static const char letters[] = "0abtnvfre \"/\\N_LP", *const by[] = { "",   "\a", "\b",   "\t", "\n", "\v",
                                                                             "\f", "\r", "\033", " ",  "\"", "/",
                                                                             "\\", "\n", " ",    "\n", "\n" };
        int e = 0;

        out->size = 0;
        while (e == 0 && s.n) {
                const size_t at = slice_find_byte(s, mark == '"' ? '\\' : '\'');
                e = buffer_add(out, s.s, MIN(at, s.n));
                if (e < 0 || at == SLICE_NPOS || at + 1 == s.n)
                        return e;
                s = slice_from(s, at + 1);
                const char *letter = mark == '"' && s.s[0] ? strchr(letters, s.s[0]) : NULL;
                size_t taken = 1;
                if (letter)
                        e = buffer_add(out, by[letter - letters], strlen(by[letter - letters]));
                else if (mark == '"' && strchr("xuU", s.s[0]) && s.s[0])
                        taken = add_number(out, s, &e);
                else
                        e = buffer_add(out, s.s, 1);
                s = slice_from(s, taken ? taken : 1);
        }
        return e;
}
