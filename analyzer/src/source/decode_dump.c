/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <ctype.h>

#include "base/macros.h"
#include "source/decode.h"

/* Bytes in hex, as hexdump -C, xxd, od and monitors of serial ports show them:
 * "00000000  5b 20 20 20 20 30 2e 30  30 30 30 30 30 5d 20 4c  |[    0.000000] L|",
 * "00000000: 5b20 2020 2030 2e30 3030 3030 305d 204c  [    0.000000] L", "5B 20 20 20 20 30 2E 30". */

enum { WIDTH_MAX = 4096 };

static int digit_of(char c) {
        return c >= '0' && c <= '9' ? c - '0' : (c | 32) >= 'a' && (c | 32) <= 'f' ? (c | 32) - 'a' + 10 : -1;
}

static size_t count_digits(struct slice s) {
        size_t n = 0;

        while (n < s.n && digit_of(s.s[n]) >= 0)
                n++;
        return n;
}

/* Takes the place of the line's first byte; *colon says that one follows it, which is what xxd writes. */
static bool eat_place(struct slice *s, bool *colon) {
        enum { PLACE_MIN = 6, PLACE_MAX = 16 };
        const size_t n = count_digits(*s);

        *colon = n < s->n && s->s[n] == ':';
        if (n < PLACE_MIN || n > PLACE_MAX || (n < s->n && !*colon && !is_blank(s->s[n])))
                return false;
        *s = slice_from(*s, n + *colon);
        return *colon || s->n == 0 || slice_starts(*s, SLICE(" ")) || slice_starts(*s, SLICE("\t"));
}

/* The bytes of a line; how many, or -1 where it is none of a dump. */
static int parse_dump(struct slice s, char bytes[static WIDTH_MAX]) {
        bool colon = false;
        struct slice rest = s = slice_rtrim(s);
        const bool placed = eat_place(&rest, &colon);
        int n = 0;

        for (s = placed ? rest : s; s.n;) {
                const size_t blanks = s.n - slice_ltrim(s).n, digits = count_digits(slice_ltrim(s));
                /* Behind the bytes the same stands as text. */
                if (placed && n && (colon ? blanks > 1 : digits != 2))
                        break;
                s = slice_ltrim(s);
                if (digits == 0 || digits % 2 || (digits < s.n && !is_blank(s.s[digits])) ||
                    n + (int) digits / 2 > WIDTH_MAX)
                        return -1;
                for (size_t i = 0; i < digits; i += 2)
                        bytes[n++] = (char) (digit_of(s.s[i]) * 16 + digit_of(s.s[i + 1]));
                s = slice_from(s, digits);
        }
        return n || placed ? n : -1;
}

/* Its lines are of a dump, and that of a text. */
static bool is_dump(struct slice head) {
        enum { SURE = 4 };
        size_t lines = 0, n = 0, text = 0;

        while (head.n) {
                const struct slice line = slice_token(&head, '\n');
                char bytes[WIDTH_MAX];
                const int got = parse_dump(line, bytes);
                if (got < 0 && head.n && !slice_eq(slice_rtrim(line), SLICE("*")))
                        return false;
                lines += got > 0;
                for (int i = 0; i < got; i++, n++)
                        text += isprint((unsigned char) bytes[i]) || isspace((unsigned char) bytes[i]);
        }
        return lines >= SURE && text > n - n / 8;
}

static int dump_more(void *state, struct buffer *out) {
        struct decoded *d = state;
        char bytes[WIDTH_MAX];
        struct slice line;
        int e = line_reader_next(&d->reader, &line);

        if (e <= 0)
                return e;
        const int n = parse_dump(line, bytes);
        if (n >= 0)
                return (e = buffer_add(out, bytes, (size_t) n)) < 0 ? e : 1;
        /* What else stands there is no part of the dumped lines. */
        e = buffer_add(out, "\n", 1);
        if (e == 0)
                e = buffer_add(out, line.s, line.n);
        if (e == 0)
                e = buffer_add(out, "\n", 1);
        return e < 0 ? e : 1;
}

const struct decoder decoder_dump = {
        .name = "dump",
        .is = is_dump,
        .size = sizeof(struct decoded),
        .more = dump_more,
};
