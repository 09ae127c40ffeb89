/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <iconv.h>
#include <strings.h>

#include "base/macros.h"
#include "line/clock.h"
#include "source/mime.h"

static int digit_of(char c) {
        return c >= 'A' && c <= 'Z' ? c - 'A' :
               c >= 'a' && c <= 'z' ? c - 'a' + 26 :
               c >= '0' && c <= '9' ? c - '0' + 52 :
               c == '+'             ? 62 :
               c == '/'             ? 63 :
                                      -1;
}

bool base64_is(struct slice line) {
        line = slice_rtrim(line);
        while (slice_ends(line, SLICE("=")))
                line.n--;
        for (size_t i = 0; i < line.n; i++)
                if (digit_of(line.s[i]) < 0)
                        return false;
        return true;
}

int base64_take(struct base64 *b, struct slice line, struct buffer *out) {
        int e = 0;

        for (size_t i = 0; i < line.n && e == 0; i++) {
                const int digit = digit_of(line.s[i]);
                if (digit < 0)
                        continue;
                b->bits = b->bits << 6 | (uint32_t) digit;
                b->n_bits += 6;
                if (b->n_bits < 8)
                        continue;
                b->n_bits -= 8;
                const char byte = (char) (b->bits >> b->n_bits);
                e = buffer_add(out, &byte, 1);
        }
        return e;
}

int quoted_printable_take(struct slice line, struct buffer *out) {
        line = slice_rtrim(line);
        const bool goes_on = slice_ends(line, SLICE("="));
        int e = 0;

        line.n -= goes_on;
        for (size_t i = 0; i < line.n && e == 0; i++) {
                struct slice hex = slice_head(slice_from(line, i + 1), 2);
                uint64_t code;

                if (line.s[i] == '=' && hex.n == 2 && slice_eat_hex(&hex, &code) && hex.n == 0) {
                        const char byte = (char) code;
                        e = buffer_add(out, &byte, 1);
                        i += 2;
                } else
                        e = buffer_add(out, line.s + i, 1);
        }
        return e < 0 || goes_on ? e : buffer_add(out, "\n", 1);
}

/* The marks of quotations before the text; returns how many. */
static size_t eat_quotes(struct slice *line) {
        size_t n = 0;

        while (line->n && (line->s[0] == '>' || (line->s[0] == ' ' && n))) {
                n += line->s[0] == '>';
                *line = slice_from(*line, 1);
        }
        return n;
}

/* A line is broken where the next word has no room. A shorter one ends in a blank because the kernel put it there. */
enum { NARROW = 60 };

/* Is next the rest of line, both behind their quotes? */
static bool goes_on(struct slice line, size_t width, struct slice next) {
        struct stamp ignored = {};
        struct slice s = next, word = next;

        if (!slice_ends(line, SLICE(" ")) || slice_eq(line, SLICE("-- ")) || slice_trim(next).n == 0 ||
            (next.s[0] == '[' && clock_kernel(&s, &ignored)))
                return false;
        return width + slice_token(&word, ' ').n >= NARROW;
}

int flowed_join(struct slice text, bool delete_blank, struct buffer *out) {
        struct slice line = SLICE_NULL; /* the last one that was added */
        size_t depth = 0;
        int e = 0;

        for (bool first = true; e == 0 && text.n; first = false) {
                const struct slice whole = slice_token(&text, '\n');
                struct slice next = whole;
                const size_t next_depth = eat_quotes(&next);

                if (!first && next_depth == depth && goes_on(line, line.n + depth, slice_ltrim(next))) {
                        out->size -= delete_blank;
                        next = slice_ltrim(next);
                        e = buffer_add(out, next.s, next.n);
                } else {
                        e = first ? 0 : buffer_add(out, "\n", 1);
                        if (e == 0)
                                e = buffer_add(out, whole.s, whole.n);
                }
                line = next;
                depth = next_depth;
        }
        return e < 0 ? e : buffer_add(out, "\n", 1);
}

/* What is no character of the set stays as it is. */
static int convert(iconv_t cd, struct slice text, struct buffer *out) {
        char *from = (char *) text.s; /* iconv() writes nothing there */
        size_t n = text.n;

        while (n) {
                int e = buffer_reserve(out, 4 * n + 16);
                if (e < 0)
                        return e;
                char *to = out->data + out->size;
                size_t room = out->room - out->size;
                const size_t r = iconv(cd, &from, &n, &to, &room);
                out->size = (size_t) (to - out->data);
                if (r != (size_t) -1 || errno == E2BIG || n == 0)
                        continue;
                e = buffer_add(out, from, 1);
                if (e < 0)
                        return e;
                from++;
                n--;
        }
        return 0;
}

/* In a mail's text this is how programs for HTML keep blanks together. */
static const struct slice hard_blank = SLICE("\u00a0");

static void soften(struct buffer *b, size_t from) {
        size_t to = from;

        for (size_t i = from; i < b->size;) {
                const bool hard = slice_starts(buffer_slice(b, i, b->size - i), hard_blank);
                b->data[to++] = hard ? ' ' : b->data[i];
                i += hard ? hard_blank.n : 1;
        }
        b->size = to;
}

int charset_convert(const char *charset, struct slice text, struct buffer *out) {
        const size_t from = out->size;
        const bool plain = *charset == '\0' || strcasecmp(charset, "utf-8") == 0 ||
                           strcasecmp(charset, "us-ascii") == 0;
        const iconv_t cd = plain ? (iconv_t) -1 : iconv_open("UTF-8", charset);
        int e = cd == (iconv_t) -1 ? buffer_add(out, text.s, text.n) : convert(cd, text, out);

        if (cd != (iconv_t) -1)
                iconv_close(cd);
        soften(out, from);
        return e;
}
