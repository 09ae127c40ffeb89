/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "output/mail_head.h"

#include "base/buffer.h"
#include "base/utf8.h"
#include "line/frame.h"

/* Of the 75 bytes that an encoded word may have, those between "=?UTF-8?Q?" and "?=". */
enum { ENCODED_MAX = 63 };

bool mail_is_ascii(struct slice s) {
        for (size_t i = 0; i < s.n; i++)
                if ((unsigned char) s.s[i] >= 0x80)
                        return false;
        return true;
}

static bool is_alphanumeric(char c) {
        return is_letter(c) || is_digit(c);
}

/* A byte that an encoded word may have as it is, wherever it stands. */
static bool is_safe(char c) {
        return is_alphanumeric(c) || c == '-' || c == '*' || c == '+' || c == '/' || c == '!';
}

/* All bytes of the character that begins there. */
static size_t character(struct slice s) {
        size_t n = 1;

        while (n < s.n && ((unsigned char) s.s[n] & 0xc0) == 0x80)
                n++;
        return n;
}

/* No character is split between two encoded words; blanks between these are none of the text. */
static void encoded(FILE *f, struct slice s) {
        size_t used = 0;

        fputs("=?UTF-8?Q?", f);
        while (s.n) {
                const size_t n = character(s), width = n == 1 && (is_safe(*s.s) || *s.s == ' ') ? 1 : 3 * n;

                if (used && used + width > ENCODED_MAX) {
                        fputs("?=\n =?UTF-8?Q?", f);
                        used = 0;
                }
                for (size_t i = 0; i < n; i++)
                        if (width > 1)
                                fprintf(f, "=%02X", (unsigned char) s.s[i]);
                        else
                                fputc(s.s[i] == ' ' ? '_' : s.s[i], f);
                used += width;
                s = slice_from(s, n);
        }
        fputs("?=", f);
}

static bool needs_encoding(struct slice s) {
        return !mail_is_ascii(s) || slice_has(s, SLICE("=?"));
}

static bool is_atoms(struct slice s) {
        for (size_t i = 0; i < s.n; i++)
                if (!is_alphanumeric(s.s[i]) && !memchr(" !#$%&'*+-/=?^_`{|}~", s.s[i], 20))
                        return false;
        return true;
}

static void name(FILE *f, struct slice s) {
        if (s.n > 1 && s.s[0] == '"' && s.s[s.n - 1] == '"')
                s = slice_head(slice_from(s, 1), s.n - 2);
        else if (is_atoms(s) && !needs_encoding(s)) {
                fprintf(f, "%.*s", SLICE_FMT(s));
                return;
        }
        if (needs_encoding(s)) {
                encoded(f, s);
                return;
        }
        fputc('"', f);
        for (size_t i = 0; i < s.n; i++) {
                const bool pair = s.s[i] == '\\' && i + 1 < s.n;

                if (pair)
                        fputc(s.s[i++], f);
                else if (s.s[i] == '"' || s.s[i] == '\\')
                        fputc('\\', f);
                fputc(s.s[i], f);
        }
        fputc('"', f);
}

/* Bytes of a file that somebody gave: none of them ends a line of the head. */
static bool shown(struct buffer *b, const char *text) {
        if (utf8_add_shown(b, slice_of(text)) < 0)
                return false;
        for (size_t i = 0; i < b->size; i++)
                if (b->data[i] == '\n' || b->data[i] == '\t')
                        b->data[i] = ' ';
        return true;
}

void mail_person(FILE *f, const char *person) {
        struct buffer b = {};

        if (shown(&b, person)) {
                const struct slice all = buffer_all(&b);
                const size_t n = slice_find(all, SLICE("<"));
                const bool bare = slice_find_byte(all, '@') != SLICE_NPOS && slice_find_byte(all, ' ') == SLICE_NPOS;

                if (n == 0 || (n == SLICE_NPOS && bare))
                        fprintf(f, "%.*s", SLICE_FMT(all));
                else if (n == SLICE_NPOS)
                        name(f, all);
                else {
                        const struct slice before = slice_trim(slice_head(all, n)), address = slice_from(all, n);
                        name(f, before);
                        fprintf(f, " %.*s", SLICE_FMT(address));
                }
        }
        buffer_done(&b);
}

void mail_subject(FILE *f, const char *prefix, const char *title) {
        struct buffer b = {};

        fputs(prefix, f);
        if (shown(&b, title)) {
                const struct slice s = buffer_all(&b);

                if (needs_encoding(s))
                        encoded(f, s);
                else
                        fprintf(f, "%.*s", SLICE_FMT(s));
        }
        buffer_done(&b);
}
