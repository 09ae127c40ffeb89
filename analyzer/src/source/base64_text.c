/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "source/base64_text.h"

#include "base/cleanup.h"
#include "base/macros.h"
#include "source/mime.h"

/* Bytes that are looked at, and of base64 among them: a name, a path, a hash can be made of its digits, too. */
enum { LEAST = 256, LOOK = 4096 };

/* Characters of text, in UTF-8 or ASCII, and line ends among them. */
static bool is_text(struct slice s) {
        enum { LINES = 2, PER_CENT = 98 };
        size_t lines = 0, other = 0;

        for (size_t i = 0; i < s.n; i++) {
                const unsigned char c = (unsigned char) s.s[i];
                lines += c == '\n';
                other += (c < ' ' && c != '\n' && c != '\r' && c != '\t' && c != '\033') || c == 0x7f;
        }
        return lines >= LINES && other * 100 <= s.n * (100 - PER_CENT);
}

bool base64_holds_text(struct slice s) {
        _cleanup_(buffer_done) struct buffer text = {};
        struct base64 state = {};
        struct slice rest = slice_head(s, LOOK);
        const size_t looked_at = rest.n;
        size_t n = 0;

        while (rest.n && base64_is(slice_token(&rest, '\n')))
                n = looked_at - rest.n;
        return n >= LEAST && base64_take(&state, slice_head(s, n), &text) == 0 && is_text(buffer_all(&text));
}
