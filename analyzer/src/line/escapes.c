/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "line/escapes.h"

#include "base/macros.h"

/* The ways to write the escape character itself. */
static const struct slice written[] = {
        SLICE("\033"),    SLICE("^["),    SLICE("#033"), SLICE("\\x1b"), SLICE("\\x1B"),        SLICE("\\u001b"),
        SLICE("\\u001B"), SLICE("\\033"), SLICE("\\e"),  SLICE("ESC"),   SLICE("\342\220\233"), SLICE("\302\233"),
};
/* Marks the encoding, not only at a text's beginning: RFC 5424 wants one before each message. */
static const struct slice byte_order_mark = SLICE("\357\273\277");

/* The length of a sequence that begins here, 0 where none does. Of written ones only colours are known: other bytes
 * may be anybody's. */
static size_t sequence(struct slice s) {
        if (slice_starts(s, byte_order_mark))
                return byte_order_mark.n;
        for (size_t w = 0; w < ARRAY_SIZE(written); w++) {
                struct slice b = s;
                size_t i = 0;

                if (!slice_eat(&b, written[w]))
                        continue;
                if (w == ARRAY_SIZE(written) - 1 || slice_eat(&b, SLICE("["))) {
                        while (i < b.n && ((unsigned char) b.s[i] < 0x40 || (unsigned char) b.s[i] > 0x7e))
                                i++;
                        if (w == 0)
                                return s.n - b.n + MIN(i + 1, b.n);
                        return i < b.n && i < 16 && (b.s[i] == 'm' || b.s[i] == 'K') ? s.n - b.n + i + 1 : 0;
                }
                if (w > 0)
                        return 0;
                /* Strings to the terminal end with a bell or ESC and a backslash. */
                if (b.n && strchr("]P_^X", b.s[0]) && b.s[0]) {
                        for (i = 1; i < b.n && b.s[i] != '\a' && b.s[i] != '\033'; i++)
                                ;
                        return MIN(s.n, s.n - b.n + i + (i < b.n && b.s[i] == '\033' ? 2 : 1));
                }
                return MIN(s.n, (size_t) 2);
        }
        return 0;
}

bool escapes_in(struct slice s) {
        if (s.n == 0)
                return false;
        if (memchr(s.s, '\033', s.n) || memchr(s.s, '\a', s.n) || slice_has(s, SLICE("\302\233")) ||
            slice_has(s, byte_order_mark))
                return true;
        for (size_t at = 0, next; (next = slice_find_byte(slice_from(s, at), '[')) != SLICE_NPOS; at += next + 1)
                if (at + next > 0 && strchr("[3bBeC\233", s.s[at + next - 1]) && s.s[at + next - 1])
                        for (size_t back = 1; back <= 6 && back <= at + next; back++)
                                if (sequence(slice_from(s, at + next - back)) > 0)
                                        return true;
        return false;
}

size_t escapes_drop(char *p, size_t n) {
        size_t to = 0;

        for (size_t i = 0; i < n;) {
                size_t k = sequence((struct slice){ p + i, n - i });
                if (k == 2 && p[i] == '\033' && p[i + 1] == 'c')
                        to = 0;
                else if (k == 0 && p[i] != '\a')
                        p[to++] = p[i];
                i += MAX(k, (size_t) 1);
        }
        return to;
}

static int octal(const char *p) {
        return p[0] == '0' && p[1] >= '0' && p[1] <= '3' && p[2] >= '0' && p[2] <= '7' ? (p[1] - '0') * 8 + p[2] - '0' :
                                                                                         -1;
}

static int hex(char c) {
        return is_digit(c) ? c - '0' : (c | 32) >= 'a' && (c | 32) <= 'f' ? (c | 32) - 'a' + 10 : -1;
}

/* "#012" or "\x0a" at p: what it stands for, where that is a blank's kind; else 0. */
static char control(struct slice s) {
        int c = -1;

        if (s.n < 4)
                return 0;
        if (s.s[0] == '#')
                c = octal(s.s + 1);
        else if (s.s[0] == '\\' && s.s[1] == 'x' && hex(s.s[2]) >= 0 && hex(s.s[3]) >= 0)
                c = hex(s.s[2]) * 16 + hex(s.s[3]);
        return c == '\n' || c == '\t' || c == '\r' ? (char) c : 0;
}

bool controls_in(struct slice s) {
        for (size_t k = 0; k < 2; k++)
                for (size_t at = 0, next; (next = slice_find_byte(slice_from(s, at), "#\\"[k])) != SLICE_NPOS;
                     at += next + 1)
                        if (control(slice_from(s, at + next)))
                                return true;
        return false;
}

size_t controls_undo(char *p, size_t n) {
        size_t to = 0;

        for (size_t i = 0; i < n;) {
                char c = control((struct slice){ p + i, n - i });
                p[to++] = c ? c : p[i];
                i += c ? 4 : 1;
        }
        return to;
}

/* "\n", "\x41", "\u0041", behind the backslash: bytes eaten; what they stand for goes to out. */
static size_t undo_one(struct slice s, char *out, size_t *n_out) {
        static const char letters[] = "nrtbfae0", means[] = "\n\r\t\b\f\a\033\0";
        const size_t digits = s.s[0] == 'x' ? 2 : s.s[0] == 'u' ? 4 : 0;
        unsigned code = 0;

        *n_out = 1;
        if (digits && s.n > digits) {
                for (size_t i = 1; i <= digits; i++) {
                        int d = hex(s.s[i]);
                        if (d < 0)
                                goto plain;
                        code = code * 16 + (unsigned) d;
                }
                if (digits == 2 || code < 0x80)
                        out[0] = (char) code;
                else if (code < 0x800) {
                        out[0] = (char) (0xc0 | code >> 6);
                        out[1] = (char) (0x80 | (code & 63));
                        *n_out = 2;
                } else {
                        out[0] = (char) (0xe0 | code >> 12);
                        out[1] = (char) (0x80 | (code >> 6 & 63));
                        out[2] = (char) (0x80 | (code & 63));
                        *n_out = 3;
                }
                return digits + 1;
        }
        const char *at = s.s[0] ? strchr(letters, s.s[0]) : NULL;
        if (at) {
                out[0] = means[at - letters];
                return 1;
        }
plain:
        out[0] = s.s[0];
        return 1;
}

size_t quoted_undo(char *p, size_t n, char quote) {
        size_t to = 0;

        for (size_t i = 0; i < n;) {
                if (p[i] == quote) {
                        /* CSV and YAML double a mark that is meant. */
                        if (i + 1 >= n || p[i + 1] != quote)
                                break;
                        p[to++] = quote;
                        i += 2;
                } else if (p[i] == '\\' && i + 1 < n) {
                        char out[4];
                        size_t n_out, eaten = undo_one((struct slice){ p + i + 1, n - i - 1 }, out, &n_out);
                        memcpy(p + to, out, n_out);
                        to += n_out;
                        i += 1 + eaten;
                } else
                        p[to++] = p[i++];
        }
        return to;
}

size_t string_undo(char *p, size_t n, size_t *held) {
        enum { LONGEST = 6 };
        size_t to = 0, i = 0;

        while (i < n && (p[i] != '\\' || i + LONGEST <= n)) {
                if (p[i] != '\\') {
                        p[to++] = p[i++];
                        continue;
                }
                char out[4];
                size_t n_out, eaten = undo_one((struct slice){ p + i + 1, n - i - 1 }, out, &n_out);
                memcpy(p + to, out, n_out);
                to += n_out;
                i += 1 + eaten;
        }
        *held = n - i;
        memmove(p + to, p + i, n - i);
        return to;
}
