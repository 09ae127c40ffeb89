/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "source/mime.h"

#include <errno.h>
#include <stdlib.h>
#include <strings.h>

#include "base/macros.h"

enum coding { PLAIN, BASE64, QUOTED };
enum { WORD_MAX = 128, LEVELS_MAX = 8, PARTS_MAX = 4096 };
/* A mail is held as a whole: larger mailboxes are refused. */
static const size_t size_max = 256u * 1024 * 1024;

/* What the headers of a mail or part told. */
struct head {
        enum coding coding;
        bool is_text, is_html, is_multipart, is_mail, is_alternative, attached, flowed, delete_blank;
        char boundary[WORD_MAX], charset[WORD_MAX], name[WORD_MAX];
};

/* What divides the parts of a part that has some. */
struct level {
        char boundary[WORD_MAX];
        bool alternative; /* they say the same, */
        bool has_text;    /* and one did as text */
};

struct parser {
        struct mime *mime;
        struct head head;
        struct level levels[LEVELS_MAX];
        size_t n_levels, bytes;
        bool in_headers;
        struct buffer field, part; /* a header with its further lines; what the part holds so far */
        struct base64 base64;
};

static bool eat_word(struct slice *s, const char *word) {
        const size_t n = strlen(word);

        if (s->n < n || strncasecmp(s->s, word, n) != 0)
                return false;
        *s = slice_from(*s, n);
        return true;
}

/* --- headers --- */

/* "Content-Type: ...": the name; empty where the line begins no header. The kernel's "BUG:" and "WARNING:" are none. */
static struct slice header_name(struct slice line) {
        struct slice name = slice_token(&line, ':');
        size_t capitals = 0;

        for (size_t i = 0; i < name.n; i++) {
                const char c = name.s[i];
                if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' || (i > 0 && is_digit(c))))
                        return SLICE_NULL;
                capitals += c >= 'A' && c <= 'Z';
        }
        return name.s + name.n == line.s || name.n + 1 > WORD_MAX || (capitals == name.n && name.n > 2) ? SLICE_NULL :
                                                                                                          name;
}

static bool is_folded(struct slice line) {
        return line.n && is_blank(line.s[0]) && slice_trim(line).n;
}

/* "From a@b Thu Jan  1 00:00:00 1970": what divides the mails of a mailbox. */
static bool is_envelope(struct slice line) {
        uint64_t year;

        line = slice_rtrim(line);
        if (!slice_eat(&line, SLICE("From ")) || line.n < strlen("00:00:00 1970"))
                return false;
        struct slice tail = slice_from(line, line.n - strlen("00:00:00 1970"));
        return tail.s[2] == ':' && tail.s[5] == ':' && tail.s[8] == ' ' &&
               (tail = slice_from(tail, 9), slice_eat_u64(&tail, &year)) && tail.n == 0;
}

/* A header that tells how a part is made. */
static bool is_content_header(struct slice line) {
        return eat_word(&line, "content-type:") || eat_word(&line, "content-transfer-encoding:") ||
               eat_word(&line, "mime-version:");
}

static bool is_coded(struct slice line) {
        if (!eat_word(&line, "content-transfer-encoding:"))
                return false;
        line = slice_trim(line);
        return eat_word(&line, "base64") || eat_word(&line, "quoted-printable");
}

/* Two of those that mails have, among headers only. */
static bool begins_with_headers(struct slice head) {
        static const char *const words[] = {
                "from:",         "to:",           "subject:",  "date:",           "message-id:",  "cc:",
                "sender:",       "in-reply-to:",  "received:", "x-received:",     "return-path:", "mime-version:",
                "delivered-to:", "content-type:", "arc-",      "dkim-signature:",
        };
        size_t n = 0;

        for (bool first = true; head.n && n < 2; first = false) {
                const struct slice line = slice_token(&head, '\n');
                const bool envelope = first && is_envelope(line);
                if (!(envelope || is_folded(line) || header_name(line).n))
                        break;
                n += envelope;
                for (size_t i = 0; i < ARRAY_SIZE(words); i++) {
                        struct slice s = line;
                        n += eat_word(&s, words[i]);
                }
        }
        return n >= 2;
}

bool mime_begins(struct slice head) {
        if (begins_with_headers(head))
                return true;
        while (head.n)
                if (is_coded(slice_token(&head, '\n')))
                        return true;
        return false;
}

/* "; charset=utf-8; format=flowed": a value of a header; whether it is there. */
static bool header_value(struct slice field, const char *name, char *ret) {
        struct slice s;

        for (size_t at; (at = slice_find_byte(field, ';')) != SLICE_NPOS;) {
                field = slice_ltrim(slice_from(field, at + 1));
                s = field;
                if (!eat_word(&s, name))
                        continue;
                (void) slice_eat(&s, SLICE("*"));
                s = slice_ltrim(s);
                if (!slice_eat(&s, SLICE("=")))
                        continue;
                s = slice_ltrim(s);
                s = slice_eat(&s, SLICE("\"")) ? slice_token(&s, '"') : slice_trim(slice_token(&s, ';'));
                s = slice_head(s, WORD_MAX - 1);
                memcpy(ret, s.s, s.n);
                ret[s.n] = '\0';
                return s.n > 0;
        }
        return false;
}

static void see_type(struct head *h, struct slice field) {
        char value[WORD_MAX];
        struct slice type = slice_trim(field);

        h->is_text = eat_word(&type, "text/plain");
        h->is_html = eat_word(&type, "text/html");
        h->is_mail = eat_word(&type, "message/rfc822");
        h->is_multipart = eat_word(&type, "multipart/");
        h->is_alternative = h->is_multipart && eat_word(&type, "alternative");
        (void) header_value(field, "boundary", h->boundary);
        (void) header_value(field, "charset", h->charset);
        (void) header_value(field, "name", h->name);
        h->flowed = header_value(field, "format", value) && strcasecmp(value, "flowed") == 0;
        h->delete_blank = header_value(field, "delsp", value) && strcasecmp(value, "yes") == 0;
}

static void end_field(struct parser *p) {
        struct slice s = buffer_all(&p->field);
        struct head *h = &p->head;

        if (eat_word(&s, "content-type:"))
                see_type(h, s);
        else if (eat_word(&s, "content-transfer-encoding:")) {
                s = slice_trim(s);
                h->coding = eat_word(&s, "base64") ? BASE64 : eat_word(&s, "quoted-printable") ? QUOTED : PLAIN;
        } else if (eat_word(&s, "content-disposition:")) {
                (void) header_value(s, "filename", h->name);
                s = slice_trim(s);
                h->attached = eat_word(&s, "attachment");
        }
        p->field.size = 0;
}

static void begin_headers(struct parser *p) {
        p->in_headers = true;
        p->head = (struct head){ .is_text = true };
        p->field.size = 0;
}

/* --- parts --- */

static int end_body(struct parser *p) {
        _cleanup_(buffer_done) struct buffer joined = {};
        struct slice text = buffer_all(&p->part);
        int e = 0;

        if (p->head.flowed && (e = flowed_join(text, p->head.delete_blank, &joined)) == 0)
                text = buffer_all(&joined);
        if (e == 0)
                e = charset_convert(p->head.charset, text, &p->mime->body);
        return e;
}

static int end_attachment(struct parser *p) {
        struct mime *m = p->mime;
        struct mime_part *parts = m->n_parts < PARTS_MAX ? realloc(m->parts, (m->n_parts + 1) * sizeof(*parts)) :
                                                           m->parts;
        struct mime_part *new = parts ? &parts[m->n_parts] : NULL;

        if (m->n_parts == PARTS_MAX)
                return -EFBIG;
        if (!parts)
                return -ENOMEM;
        m->parts = parts;
        *new = (struct mime_part){ .name = *p->head.name ? strdup(p->head.name) : NULL, .bytes = p->part };
        m->n_parts++;
        p->part = (struct buffer){};
        return *p->head.name && !new->name ? -ENOMEM : 0;
}

/* A page that says the same as a text does is left out, as are signatures. */
static bool is_needless(const struct parser *p) {
        const struct level *l = p->n_levels ? &p->levels[p->n_levels - 1] : NULL;

        return (l && l->alternative && l->has_text && !p->head.is_text) ||
               slice_ends(slice_of(p->head.name), SLICE(".asc")) || slice_ends(slice_of(p->head.name), SLICE(".p7s"));
}

static bool is_body(const struct head *h) {
        return (h->is_text && !h->attached && !*h->name) || h->is_multipart || h->is_mail;
}

static int end_part(struct parser *p) {
        const struct head *h = &p->head;
        const bool body = is_body(h);
        int e = 0;

        if (p->in_headers)
                end_field(p);
        if (p->part.size && !is_needless(p)) {
                e = body ? end_body(p) : end_attachment(p);
                if (p->n_levels && body && !h->is_multipart)
                        p->levels[p->n_levels - 1].has_text = true;
        }
        p->part.size = 0;
        p->base64 = (struct base64){};
        return e;
}

static void end_headers(struct parser *p) {
        end_field(p);
        p->in_headers = false;
        const struct head *h = &p->head;
        if (h->is_multipart && *h->boundary && p->n_levels < LEVELS_MAX) {
                struct level *l = &p->levels[p->n_levels++];
                *l = (struct level){ .alternative = h->is_alternative };
                memcpy(l->boundary, h->boundary, sizeof(l->boundary));
        }
        if (h->is_mail)
                begin_headers(p);
}

/* A line that divides parts: how many levels go on behind it, and whether another part of the last one follows. */
static bool is_boundary(const struct parser *p, struct slice line, size_t *n_levels, bool *more) {
        line = slice_rtrim(line);
        if (!slice_eat(&line, SLICE("--")))
                return false;
        for (size_t i = p->n_levels; i-- > 0;) {
                struct slice rest = line;
                if (!slice_eat(&rest, slice_of(p->levels[i].boundary)))
                        continue;
                *more = rest.n == 0;
                *n_levels = i + *more;
                if (*more || slice_eq(rest, SLICE("--")))
                        return true;
        }
        return false;
}

/* A line of the part's contents. */
static int take_content(struct parser *p, struct slice line) {
        if (p->head.coding == QUOTED)
                return quoted_printable_take(line, &p->part);
        if (p->head.coding == BASE64 && base64_is(line))
                return base64_take(&p->base64, line, &p->part);
        /* Lists put their words behind the text of those who sent it in base64. */
        int e = p->head.coding == BASE64 ? end_part(p) : 0;
        if (p->head.coding == BASE64)
                p->head = (struct head){ .is_text = true };
        if (line.n && line.s[line.n - 1] == '\r')
                line.n--;
        if (e == 0)
                e = buffer_add(&p->part, line.s, line.n);
        return e < 0 ? e : buffer_add(&p->part, "\n", 1);
}

/* Does the line end the part before it? Then what follows has headers of its own, or is text. */
static bool divides(struct parser *p, struct slice line, size_t *n_levels, bool *headers, bool *taken) {
        *n_levels = 0;
        *headers = *taken = true;
        if (is_envelope(line) || is_boundary(p, line, n_levels, headers))
                return true;
        /* A mail within a text, as a page of an archive shows it. */
        *taken = false;
        return !p->in_headers && p->n_levels == 0 && p->head.coding == PLAIN && is_content_header(line);
}

/* Whatever is not the text becomes an empty line: so a line of it has the number that it has in the mail. */
static int pass(struct parser *p) {
        return buffer_add(&p->mime->body, "\n", 1);
}

static int take_line(struct parser *p, struct slice line) {
        size_t n_levels;
        bool headers, taken;

        if (divides(p, line, &n_levels, &headers, &taken)) {
                int e = end_part(p);
                p->n_levels = n_levels;
                begin_headers(p);
                p->in_headers = headers;
                if (e < 0 || taken)
                        return e < 0 ? e : pass(p);
        }
        const bool header = header_name(line).n > 0;
        if (p->in_headers && ((is_folded(line) && p->field.size) || header)) {
                if (header)
                        end_field(p);
                int e = buffer_add(&p->field, line.s, slice_rtrim(line).n);
                return e < 0 ? e : pass(p);
        }
        if (p->in_headers) {
                end_headers(p);
                if (slice_trim(line).n == 0)
                        return pass(p);
        }
        int e = is_body(&p->head) ? 0 : pass(p);
        return e < 0 ? e : take_content(p, line);
}

int mime_read(struct mime *m, struct input *in) {
        struct parser p = { .mime = m };
        struct line_reader lines = { .in = in };
        struct slice line;
        int r = 0;

        begin_headers(&p);
        while (r == 0 && (r = line_reader_next(&lines, &line)) > 0) {
                p.bytes += line.n;
                r = p.bytes > size_max ? -EFBIG : take_line(&p, line);
        }
        m->cut = p.n_levels && p.head.coding == BASE64 && p.part.size;
        int e = end_part(&p);
        buffer_done(&p.field);
        buffer_done(&p.part);
        line_reader_done(&lines);
        return r < 0 ? r : e;
}

void mime_done(struct mime *m) {
        for (size_t i = 0; i < m->n_parts; i++) {
                free(m->parts[i].name);
                buffer_done(&m->parts[i].bytes);
        }
        free(m->parts);
        buffer_done(&m->body);
}
