/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <stdlib.h>
#include <strings.h>

#include "base/macros.h"
#include "source/decode.h"

/* Mails as they were sent and archived: bodies and attachments in base64 or quoted-printable. Headers and text that is
 * plain already pass unchanged; what is no text (pictures, archives) is left out. */

enum coding { PLAIN, BASE64, QUOTED };
enum { BOUNDARY_MAX = 128 };

struct mail {
        struct decoded decoded;
        struct line_reader lines;
        enum coding coding; /* of the body, or told by the headers so far */
        bool headers;       /* these are headers */
        bool no_text;       /* what the body is cannot be read */
        char boundary[BOUNDARY_MAX];
        uint32_t bits; /* of base64: not written yet, */
        unsigned n_bits;
};

static bool eat_word(struct slice *s, const char *word) {
        const size_t n = strlen(word);

        if (s->n < n || strncasecmp(s->s, word, n) != 0)
                return false;
        *s = slice_from(*s, n);
        return true;
}

/* "Content-Transfer-Encoding: base64": which; PLAIN for others. */
static bool coding_header(struct slice line, enum coding *ret) {
        if (!eat_word(&line, "content-transfer-encoding:"))
                return false;
        line = slice_trim(line);
        *ret = eat_word(&line, "base64") ? BASE64 : eat_word(&line, "quoted-printable") ? QUOTED : PLAIN;
        return true;
}

static bool is_mail(struct slice head) {
        while (head.n) {
                enum coding coding;
                if (coding_header(slice_token(&head, '\n'), &coding) && coding != PLAIN)
                        return true;
        }
        return false;
}

static void mail_done(void *state) {
        struct mail *m = state;

        line_reader_done(&m->lines);
        buffer_done(&m->decoded.out);
        free(m);
}

static void *mail_begin(struct input *in) {
        struct mail *m = calloc(1, sizeof(*m));

        if (m) {
                m->lines.in = in;
                m->headers = true;
        }
        return m;
}

static void see_type(struct mail *m, struct slice type) {
        type = slice_trim(type);
        struct slice rest = type;
        m->no_text = !eat_word(&rest, "text/") && !eat_word(&rest, "application/octet-stream") &&
                     !eat_word(&rest, "multipart/") && !eat_word(&rest, "message/");
}

/* "boundary=..." of a header or its further lines: what divides the mail's parts. */
static void see_boundary(struct mail *m, struct slice line) {
        size_t at = slice_find(line, SLICE("boundary="));

        if (at == SLICE_NPOS)
                return;
        struct slice b = slice_from(line, at + strlen("boundary="));
        b = slice_eat(&b, SLICE("\"")) ? slice_token(&b, '"') : slice_token(&b, ';');
        b = slice_trim(b);
        if (b.n && b.n < sizeof(m->boundary)) {
                memcpy(m->boundary, b.s, b.n);
                m->boundary[b.n] = '\0';
        }
}

static int add_line(struct buffer *out, struct slice line) {
        int e = buffer_add(out, line.s, line.n);
        return e < 0 ? e : buffer_add(out, "\n", 1);
}

static int take_header(struct mail *m, struct slice line, struct buffer *out) {
        struct slice rest = line;

        see_boundary(m, line);
        if (eat_word(&rest, "content-type:"))
                see_type(m, rest);
        if (coding_header(line, &m->coding))
                return 0;
        if (slice_trim(line).n == 0) {
                m->headers = false;
                m->bits = m->n_bits = 0;
        }
        return add_line(out, line);
}

static int digit_of(char c) {
        return c >= 'A' && c <= 'Z' ? c - 'A' :
               c >= 'a' && c <= 'z' ? c - 'a' + 26 :
               c >= '0' && c <= '9' ? c - '0' + 52 :
               c == '+'             ? 62 :
               c == '/'             ? 63 :
                                      -1;
}

static int take_base64(struct mail *m, struct slice line, struct buffer *out) {
        int e = 0;

        for (size_t i = 0; i < line.n && e == 0; i++) {
                const int digit = digit_of(line.s[i]);
                if (digit < 0)
                        continue;
                m->bits = m->bits << 6 | (uint32_t) digit;
                m->n_bits += 6;
                if (m->n_bits < 8)
                        continue;
                m->n_bits -= 8;
                const char byte = (char) (m->bits >> m->n_bits);
                e = buffer_add(out, &byte, 1);
        }
        return e;
}

static int take_quoted(struct slice line, struct buffer *out) {
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

/* Does the line end the body that it comes after? */
static bool ends_body(const struct mail *m, struct slice line) {
        struct slice s = line;

        if (*m->boundary && slice_eat(&s, SLICE("--")) && slice_starts(s, slice_of(m->boundary)))
                return true;
        return m->coding != BASE64 && slice_starts(line, SLICE("From "));
}

static int take(struct mail *m, struct slice line, struct buffer *out) {
        enum coding coding;

        if (!m->headers && (ends_body(m, line) || (m->coding == PLAIN && coding_header(line, &coding)))) {
                m->headers = true;
                m->no_text = false;
                m->coding = PLAIN;
                /* Of base64 the last line has no end of its own. */
                int e = buffer_add(out, "\n", 1);
                if (e < 0)
                        return e;
        }
        if (m->headers)
                return take_header(m, line, out);
        if (m->no_text)
                return 0;
        return m->coding == BASE64 ? take_base64(m, line, out) :
               m->coding == QUOTED ? take_quoted(line, out) :
                                     add_line(out, line);
}

static int mail_more(void *state, struct buffer *out) {
        struct mail *m = state;

        while (out->size == 0) {
                struct slice line;
                int r = line_reader_next(&m->lines, &line);
                if (r <= 0)
                        return r;
                int e = take(m, line, out);
                if (e < 0)
                        return e;
        }
        return 1;
}

static ssize_t mail_read(void *state, void *buf, size_t n, const char **problem) {
        struct mail *m = state;
        ssize_t r = decoded_read(&m->decoded, mail_more, m, buf, n);

        *problem = r < 0 ? m->lines.in->problem : NULL;
        return r;
}

const struct decoder decoder_mail = { "mail", is_mail, mail_begin, mail_done, mail_read };
