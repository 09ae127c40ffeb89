/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "base/utf8.h"

#include <stdint.h>

#include "base/ci_command.h"

static const struct slice replacement = SLICE("\357\277\275"); /* U+FFFD */

/* Length of the valid sequence at p, 0 if there is none: no overlong forms, no surrogates. */
static size_t sequence(const unsigned char *p, size_t n) {
        size_t len = p[0] < 0x80                 ? 1 :
                     p[0] >= 0xc2 && p[0] < 0xe0 ? 2 :
                     p[0] >= 0xe0 && p[0] < 0xf0 ? 3 :
                     p[0] >= 0xf0 && p[0] < 0xf5 ? 4 :
                                                   0;

        if (len == 0 || len > n)
                return 0;
        for (size_t i = 1; i < len; i++)
                if ((p[i] & 0xc0) != 0x80)
                        return 0;
        if ((p[0] == 0xe0 && p[1] < 0xa0) || (p[0] == 0xed && p[1] >= 0xa0) || (p[0] == 0xf0 && p[1] < 0x90) ||
            (p[0] == 0xf4 && p[1] >= 0x90))
                return 0;
        return len;
}

/* How many bytes from the start are plain: printable ASCII, tab or newline. Nearly all are. */
static size_t plain(const char *p, size_t n) {
        size_t i = 0;
        while (i < n && ((p[i] >= 0x20 && p[i] < 0x7f) || p[i] == '\n' || p[i] == '\t'))
                i++;
        return i;
}

/* U+0080 to U+009F, U+061C, U+180E, U+200B to U+200F, U+2028 to U+202E, U+2060 to U+206F, U+FEFF, U+FFF9 to U+FFFB,
 * U+FFFE, U+FFFF, U+E0000 to U+E0FFF. */
static bool is_invisible(const unsigned char *p, size_t len, uint32_t *ret) {
        uint32_t c = len == 2 ? p[0] & 0x1fu : len == 3 ? p[0] & 0xfu : len == 4 ? p[0] & 7u : p[0];
        static const struct {
                uint32_t first, last;
        } ranges[] = {
                { 0x80, 0x9f },     { 0x61c, 0x61c },   { 0x180e, 0x180e }, { 0x200b, 0x200f }, { 0x2028, 0x202e },
                { 0x2060, 0x206f }, { 0xfeff, 0xfeff }, { 0xfff9, 0xfffb }, { 0xfffe, 0xffff }, { 0xe0000, 0xe0fff },
        };

        for (size_t i = 1; i < len; i++)
                c = c << 6 | (p[i] & 0x3fu);
        *ret = c;
        for (size_t i = 0; i < sizeof(ranges) / sizeof(*ranges); i++)
                if (c >= ranges[i].first && c <= ranges[i].last)
                        return true;
        return false;
}

static int add(struct buffer *b, struct slice s, bool shown) {
        /* A replacement takes three bytes. */
        int r = buffer_reserve(b, s.n * 3 + 1);
        if (r < 0)
                return r;
        for (size_t i = 0; i < s.n;) {
                size_t run = plain(s.s + i, s.n - i);
                if (run) {
                        r = buffer_add(b, s.s + i, run);
                        if (r < 0)
                                return r;
                        i += run;
                        continue;
                }
                const unsigned char *p = (const unsigned char *) s.s + i;
                size_t len = sequence(p, s.n - i);

                if (len == 1 && (p[0] == 0x7f || (p[0] < 0x20 && p[0] != '\n' && p[0] != '\t')))
                        len = 0;
                uint32_t ignored;
                const bool prints = len && !(shown && is_invisible(p, len, &ignored));
                r = prints ? buffer_add(b, p, len) : buffer_add(b, replacement.s, replacement.n);
                if (r < 0)
                        return r;
                i += len ? len : 1;
        }
        return 0;
}

int utf8_add(struct buffer *b, struct slice s) {
        return add(b, s, false);
}

int utf8_add_shown(struct buffer *b, struct slice s) {
        for (;;) {
                const size_t at = ci_command_find(s);
                int r = add(b, slice_head(s, at), true);
                if (r < 0 || at == s.n)
                        return r;
                r = buffer_add(b, replacement.s, replacement.n);
                if (r < 0)
                        return r;
                s = slice_from(s, at + 1);
        }
}

size_t utf8_invisible(struct slice s, uint32_t *ret) {
        const unsigned char *p = (const unsigned char *) s.s;
        const size_t len = s.n ? sequence(p, s.n) : 0;

        *ret = 0x7f;
        return len > 1 ? is_invisible(p, len, ret) ? len : 0 : s.n && p[0] == 0x7f;
}
