/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "base/macros.h"
#include "source/decode.h"

/* Rich text, as WordPad, TextEdit and Outlook save what was pasted into them: control words go, \par ends a line. */

enum { BLOCK = 64 * 1024, WORD_MAX = 64, GROUPS_MAX = 256 };

struct rtf {
        struct decoded decoded;
        unsigned depth, hidden; /* groups that are open; the one whose text is none of the document's, 0: no */
        bool end;
};

static bool is_rtf(struct slice head) {
        return slice_starts(head, SLICE("{\\rtf"));
}

static int put(const struct rtf *r, struct slice s, struct buffer *out) {
        return r->hidden ? 0 : buffer_add(out, s.s, s.n);
}

/* Groups that hold fonts, colours, styles and what a reader may pass over. */
static bool hides(struct slice word) {
        static const struct slice words[] = { SLICE("*"),          SLICE("fonttbl"), SLICE("colortbl"),
                                              SLICE("stylesheet"), SLICE("info"),    SLICE("pict") };

        for (size_t i = 0; i < ARRAY_SIZE(words); i++)
                if (slice_eq(word, words[i]))
                        return true;
        return false;
}

/* \word. A character of Unicode (\u8217) has another one behind it that stands for it, which is enough. */
static int take_word(struct rtf *r, struct slice word, struct buffer *out) {
        if (hides(word) && !r->hidden)
                r->hidden = r->depth;
        else if (slice_eq(word, SLICE("par")) || slice_eq(word, SLICE("line")) || slice_eq(word, SLICE("row")))
                return put(r, SLICE("\n"), out);
        else if (slice_eq(word, SLICE("tab")) || slice_eq(word, SLICE("cell")))
                return put(r, SLICE(" "), out);
        return 0;
}

/* What a backslash begins: how many bytes it takes, 0 where it may go on behind what is there. *e: 0 or -ENOMEM. */
static size_t take_control(struct rtf *r, struct slice s, struct buffer *out, int *e) {
        size_t n = 1;
        uint64_t hex, ignored;

        if (s.n < WORD_MAX && !r->end)
                return 0;
        if (s.n < 2)
                return s.n;
        if (s.s[1] == '\'') {
                struct slice digits = slice_head(slice_from(s, 2), 2);
                const char byte = !slice_eat_hex(&digits, &hex) ? '?' : hex == 0xa0 ? ' ' : (char) hex;
                *e = put(r, (struct slice){ &byte, 1 }, out);
                return MIN(s.n, (size_t) 4);
        }
        while (n < s.n && n < WORD_MAX && s.s[n] >= 'a' && s.s[n] <= 'z')
                n++;
        if (n == 1) { /* a mark of RTF's itself, a line end, or "\*" */
                const char c = s.s[1] == '~' ? ' ' : s.s[1] == '\r' ? '\n' : s.s[1];
                if (c == '*')
                        *e = take_word(r, SLICE("*"), out);
                else if (strchr("{}\\ \n_", c) && c)
                        *e = put(r, (struct slice){ c == '_' ? "-" : &c, 1 }, out);
                return 2;
        }
        struct slice word = slice_head(slice_from(s, 1), n - 1), rest = slice_from(s, n);
        slice_eat(&rest, SLICE("-"));
        slice_eat_u64(&rest, &ignored);
        slice_eat(&rest, SLICE(" "));
        *e = take_word(r, word, out);
        return s.n - rest.n;
}

static size_t plain_length(struct slice s) {
        size_t n = 0;

        while (n < s.n && !strchr("\\{}\r\n", s.s[n] ? s.s[n] : 'x'))
                n++;
        return n;
}

static int convert(struct rtf *r, struct buffer *out) {
        size_t at = 0;
        int e = 0;

        while (e == 0 && at < r->decoded.text.size) {
                const struct slice s = buffer_slice(&r->decoded.text, at, r->decoded.text.size - at);
                size_t n = plain_length(s);
                if (n > 0) {
                        e = put(r, slice_head(s, n), out);
                } else if (s.s[0] == '\\') {
                        n = take_control(r, s, out, &e);
                        if (n == 0)
                                break;
                } else {
                        n = 1;
                        r->depth += s.s[0] == '{' && r->depth < GROUPS_MAX;
                        if (s.s[0] == '}') {
                                r->hidden = r->hidden == r->depth ? 0 : r->hidden;
                                r->depth -= r->depth > 0;
                        }
                }
                at += n;
        }
        buffer_drop(&r->decoded.text, at);
        return e;
}

static int rtf_more(void *state, struct buffer *out) {
        struct rtf *r = state;

        if (r->end)
                return 0;
        int e = buffer_reserve(&r->decoded.text, BLOCK);
        if (e < 0)
                return e;
        ssize_t n = input_read(r->decoded.in, r->decoded.text.data + r->decoded.text.size, BLOCK);
        if (n < 0)
                return (int) n;
        r->decoded.text.size += (size_t) n;
        r->end = n == 0;
        e = convert(r, out);
        return e < 0 ? e : 1;
}

const struct decoder decoder_rtf = {
        .name = "rtf",
        .is = is_rtf,
        .size = sizeof(struct rtf),
        .more = rtf_more,
};
