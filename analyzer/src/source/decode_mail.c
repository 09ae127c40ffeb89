/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <strings.h>

#include "base/macros.h"
#include "source/decode.h"

/* Mails as they were sent and archived: bodies and attachments in base64 or quoted-printable. Text that is plain
 * already passes unchanged but for its charset; headers become empty lines, for there are more of them than of many a
 * log, and its form would not show among them; what is no text (pictures, archives) is left out. */

enum coding { PLAIN, BASE64, QUOTED };
enum { BOUNDARY_MAX = 128 };

struct mail {
        struct decoded decoded;
        struct line_reader lines;
        enum coding coding; /* of the body, or told by the headers so far */
        bool headers;       /* these are headers */
        bool no_text;       /* what the body is cannot be read */
        bool latin;         /* its bytes above ASCII are characters of Latin-1 */
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

/* "Subject: re: hang": a header's name. */
static bool is_field(struct slice line) {
        size_t n = 0;

        while (n < line.n && (isalnum((unsigned char) line.s[n]) || line.s[n] == '-'))
                n++;
        return n > 0 && n < line.n && line.s[n] == ':';
}

/* "From a@b.example Fri Nov 20 11:53:55 2026": begins a mail in a mailbox. */
static bool begins_mail(struct slice line) {
        static const char days[] = "Mon Tue Wed Thu Fri Sat Sun ";

        if (!slice_eat(&line, SLICE("From ")))
                return false;
        slice_token(&line, ' ');
        line = slice_head(slice_ltrim(line), 4);
        return line.n == 4 && slice_has(slice_of(days), line);
}

/* Does a text begin with the headers that every mail has, or with more of those that hosts add than were read? */
static bool has_headers(struct slice head) {
        static const char *const names[] = { "from:", "subject:", "date:" }, *const hosts[] = { "received:",
                                                                                                "return-path:" };
        unsigned found = 0;

        for (bool first = true; slice_find_byte(head, '\n') != SLICE_NPOS; first = false) {
                struct slice line = slice_rtrim(slice_token(&head, '\n'));
                if (line.n == 0)
                        return (found & 7) == 7;
                if (!is_field(line) && !(first && begins_mail(line)) && !(is_blank(line.s[0]) && !first))
                        return false;
                for (unsigned i = 0; i < ARRAY_SIZE(names); i++)
                        found |= (unsigned) eat_word(&line, names[i]) << i;
                for (unsigned i = 0; i < ARRAY_SIZE(hosts); i++)
                        found |= (unsigned) eat_word(&line, hosts[i]) << 3;
        }
        return found > 7;
}

static bool is_mail(struct slice head) {
        if (has_headers(head))
                return true;
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

/* Undoes what Europe's charsets need where the bytes are no UTF-8: those above ASCII that logs have in mails are blanks
 * that do not break, and quotes. */
static int to_utf8(struct mail *m, struct buffer *out, size_t from) {
        struct slice s = buffer_slice(out, from, out->size - from);
        size_t n = 0;

        for (size_t i = 0; i < s.n; i++)
                n += (unsigned char) s.s[i] >= 0x80;
        if (!m->latin || n == 0)
                return 0;
        int e = buffer_reserve(out, n);
        if (e < 0)
                return e;
        for (size_t i = out->size, to = i + n; to > i;) {
                const unsigned char c = (unsigned char) out->data[--i];
                out->data[--to] = (char) (c < 0x80 ? c : 0x80 | (c & 0x3f));
                if (c >= 0x80)
                        out->data[--to] = (char) (0xc0 | c >> 6);
        }
        out->size += n;
        return 0;
}

static int add_line(struct buffer *out, struct slice line) {
        int e = buffer_add(out, line.s, line.n);
        return e < 0 ? e : buffer_add(out, "\n", 1);
}

static void see_charset(struct mail *m, struct slice line) {
        static const char *const names[] = { "iso-8859-1", "iso-8859-15", "windows-1252" };

        for (size_t at = 0; at + 8 < line.n; at++) {
                struct slice s = slice_from(line, at);
                if (!eat_word(&s, "charset="))
                        continue;
                slice_eat(&s, SLICE("\""));
                m->latin = false;
                for (size_t i = 0; i < ARRAY_SIZE(names); i++)
                        m->latin = m->latin || eat_word(&s, names[i]);
        }
}

static int take_header(struct mail *m, struct slice line, struct buffer *out) {
        struct slice rest = line;

        see_boundary(m, line);
        see_charset(m, line);
        if (eat_word(&rest, "content-type:"))
                see_type(m, rest);
        coding_header(line, &m->coding);
        if (slice_trim(line).n == 0) {
                m->headers = false;
                m->bits = m->n_bits = 0;
        }
        return add_line(out, SLICE_NULL);
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
        return m->coding != BASE64 && begins_mail(line);
}

static int take(struct mail *m, struct slice line, struct buffer *out) {
        enum coding coding;

        if (!m->headers && (ends_body(m, line) || (m->coding == PLAIN && coding_header(line, &coding)))) {
                /* Of base64 the last line has no end of its own. */
                int e = m->coding == BASE64 ? buffer_add(out, "\n", 1) : 0;
                m->headers = true;
                m->no_text = m->latin = false;
                m->coding = PLAIN;
                if (e < 0)
                        return e;
        }
        if (m->headers)
                return take_header(m, line, out);
        if (m->no_text)
                return 0;
        const size_t from = out->size;
        int e = m->coding == BASE64 ? take_base64(m, line, out) :
                m->coding == QUOTED ? take_quoted(line, out) :
                                      add_line(out, line);
        return e < 0 ? e : to_utf8(m, out, from);
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
