/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <strings.h>

#include "base/macros.h"
#include "source/decode.h"

/* Logs on web pages, as CI systems show them, and text that was copied out of a page's source: character references
 * become characters, and where it is a page the elements go. A kernel prints <TASK> and <IRQ>, so only names of
 * elements are taken for elements. */

enum { BLOCK = 64 * 1024, TAG_MAX = 4096, REFERENCE_MAX = 12 };

/* Elements within a line, those that end one, those whose content is no text. */
enum effect { INLINE, CELL, ENDS_LINE, NO_TEXT };
static const struct element {
        const char *name;
        enum effect effect;
} elements[] = {
        { "a", INLINE },
        { "abbr", INLINE },
        { "b", INLINE },
        { "button", INLINE },
        { "code", INLINE },
        { "em", INLINE },
        { "font", INLINE },
        { "i", INLINE },
        { "img", INLINE },
        { "input", INLINE },
        { "kbd", INLINE },
        { "label", INLINE },
        { "mark", INLINE },
        { "s", INLINE },
        { "samp", INLINE },
        { "small", INLINE },
        { "span", INLINE },
        { "strong", INLINE },
        { "sub", INLINE },
        { "sup", INLINE },
        { "tt", INLINE },
        { "u", INLINE },
        { "var", INLINE },
        { "wbr", INLINE },
        { "td", CELL },
        { "th", CELL },
        { "article", ENDS_LINE },
        { "aside", ENDS_LINE },
        { "blockquote", ENDS_LINE },
        { "body", ENDS_LINE },
        { "br", ENDS_LINE },
        { "center", ENDS_LINE },
        { "dd", ENDS_LINE },
        { "details", ENDS_LINE },
        { "div", ENDS_LINE },
        { "dl", ENDS_LINE },
        { "dt", ENDS_LINE },
        { "footer", ENDS_LINE },
        { "form", ENDS_LINE },
        { "h1", ENDS_LINE },
        { "h2", ENDS_LINE },
        { "h3", ENDS_LINE },
        { "h4", ENDS_LINE },
        { "h5", ENDS_LINE },
        { "h6", ENDS_LINE },
        { "head", ENDS_LINE },
        { "header", ENDS_LINE },
        { "hr", ENDS_LINE },
        { "html", ENDS_LINE },
        { "li", ENDS_LINE },
        { "link", ENDS_LINE },
        { "main", ENDS_LINE },
        { "meta", ENDS_LINE },
        { "nav", ENDS_LINE },
        { "ol", ENDS_LINE },
        { "p", ENDS_LINE },
        { "pre", ENDS_LINE },
        { "section", ENDS_LINE },
        { "summary", ENDS_LINE },
        { "table", ENDS_LINE },
        { "tbody", ENDS_LINE },
        { "thead", ENDS_LINE },
        { "title", ENDS_LINE },
        { "tr", ENDS_LINE },
        { "ul", ENDS_LINE },
        { "script", NO_TEXT },
        { "style", NO_TEXT },
        { "svg", NO_TEXT },
};

static const struct reference {
        struct slice name;
        const char *text;
} references[] = {
        { SLICE("lt"), "<" },     { SLICE("gt"), ">" },     { SLICE("amp"), "&" },    { SLICE("quot"), "\"" },
        { SLICE("apos"), "'" },   { SLICE("nbsp"), " " },   { SLICE("plus"), "+" },   { SLICE("lsqb"), "[" },
        { SLICE("rsqb"), "]" },   { SLICE("lbrack"), "[" }, { SLICE("rbrack"), "]" }, { SLICE("equals"), "=" },
        { SLICE("num"), "#" },    { SLICE("colon"), ":" },  { SLICE("sol"), "/" },    { SLICE("lowbar"), "_" },
        { SLICE("period"), "." }, { SLICE("comma"), "," },  { SLICE("lpar"), "(" },   { SLICE("rpar"), ")" },
        { SLICE("quest"), "?" },  { SLICE("excl"), "!" },   { SLICE("percnt"), "%" }, { SLICE("ast"), "*" },
        { SLICE("Tab"), "\t" },
};

/* A control character is a blank: nobody writes a line's end so, but somebody may want to make one. */
const char *reference_text(struct slice text, size_t *taken, char scratch[static 2]) {
        struct slice s = slice_head(text, REFERENCE_MAX), name;
        uint64_t code;

        if (!slice_eat(&s, SLICE("&")) || slice_find_byte(s, ';') == SLICE_NPOS)
                return NULL;
        name = slice_token(&s, ';');
        *taken = name.n + 2;
        if (slice_eat(&name, SLICE("#"))) {
                const bool hex = slice_eat(&name, SLICE("x")) || slice_eat(&name, SLICE("X"));
                if (!(hex ? slice_eat_hex(&name, &code) : slice_eat_u64(&name, &code)) || name.n || code > 0x7e)
                        return NULL;
                scratch[0] = code < ' ' ? ' ' : (char) code;
                scratch[1] = '\0';
                return scratch;
        }
        for (size_t i = 0; i < ARRAY_SIZE(references); i++)
                if (slice_eq(name, references[i].name))
                        return references[i].text;
        return NULL;
}

/* "<td class=x>" or "</td>" at the start: which element, and its length; 0 if it is not a tag. */
static const struct element *element_of(struct slice text, size_t *taken) {
        struct slice s = slice_head(text, TAG_MAX);
        size_t end = slice_find_byte(s, '>'), n = 0;

        if (!slice_eat(&s, SLICE("<")) || end == SLICE_NPOS)
                return NULL;
        slice_eat(&s, SLICE("/"));
        while (n < s.n && (is_digit(s.s[n]) || (s.s[n] | 0x20) >= 'a') && (s.s[n] | 0x20) <= 'z')
                n++;
        if (n == s.n || !strchr(" \t\r\n/>", s.s[n]))
                return NULL;
        *taken = end + 1;
        for (size_t i = 0; i < ARRAY_SIZE(elements); i++)
                if (strlen(elements[i].name) == n && strncasecmp(s.s, elements[i].name, n) == 0)
                        return &elements[i];
        return NULL;
}

static bool starts_page(struct slice head) {
        size_t taken;

        while (head.n && strchr(" \t\r\n", head.s[0]))
                head = slice_from(head, 1);
        if (head.n >= 9 && strncasecmp(head.s, "<!doctype", 9) == 0)
                return true;
        return slice_starts(head, SLICE("<!--")) || slice_starts(head, SLICE("<?xml")) ||
               element_of(head, &taken) != NULL;
}

/* Two references to what kernels print everywhere. */
static bool has_references(struct slice head) {
        char scratch[2];
        size_t n = 0, taken, at;

        while (n < 2 && (at = slice_find_byte(head, '&')) != SLICE_NPOS) {
                head = slice_from(head, at);
                n += reference_text(head, &taken, scratch) != NULL;
                head = slice_from(head, 1);
        }
        return n == 2;
}

static bool is_html(struct slice head) {
        return starts_page(head) || has_references(head);
}

struct html {
        struct decoded decoded;
        const struct element *inside; /* one without text; NULL */
        bool page, comment, end;
        bool literal; /* in a CDATA section */
};

static int html_begin(void *state) {
        struct html *h = state;
        struct slice head;
        int e = input_peek(h->decoded.in, TAG_MAX, &head);

        if (e == 0)
                h->page = starts_page(head);
        return e;
}

static int end_line(struct buffer *out) {
        return out->size && out->data[out->size - 1] == '\n' ? 0 : buffer_add(out, "\n", 1);
}

static int take_element(struct html *h, const struct element *x, bool closes, struct buffer *out) {
        if (h->inside) {
                h->inside = closes && x == h->inside ? NULL : h->inside;
                return 0;
        }
        switch (x->effect) {
        case CELL:
                return closes ? buffer_add(out, " ", 1) : 0;
        case ENDS_LINE:
                return end_line(out);
        case NO_TEXT:
                h->inside = closes ? NULL : x;
                return 0;
        default:
                return 0;
        }
}

/* A comment or a declaration at the start, to its end or as far as it is there; 0 if it is neither. */
static size_t skip_declaration(struct html *h, struct slice s) {
        if (!h->comment && slice_starts(s, SLICE("<!--")))
                h->comment = true;
        if (h->comment) {
                size_t end = slice_find(s, SLICE("-->"));
                h->comment = end == SLICE_NPOS;
                return !h->comment ? end + 3 : h->end ? s.n : s.n - 2;
        }
        if (slice_starts(s, SLICE("<![CDATA["))) {
                h->literal = true;
                return strlen("<![CDATA[");
        }
        if (!slice_starts(s, SLICE("<!")) && !slice_starts(s, SLICE("<?")))
                return 0;
        size_t end = slice_find_byte(slice_head(s, TAG_MAX), '>');
        return end == SLICE_NPOS ? 0 : end + 1;
}

/* What stands at the start and is no plain text; *taken is 0 where it is plain after all. 0 or -ENOMEM. */
static int take_mark(struct html *h, struct slice s, size_t *taken, struct buffer *out) {
        const struct element *x = NULL;
        char scratch[2];

        *taken = h->page ? skip_declaration(h, s) : 0;
        if (*taken)
                return 0;
        if (h->page && s.s[0] == '<')
                x = element_of(s, taken);
        if (x)
                return take_element(h, x, s.n > 1 && s.s[1] == '/', out);
        *taken = 0;
        const char *text = s.s[0] == '&' ? reference_text(s, taken, scratch) : NULL;
        if (!text)
                *taken = 0;
        return text && !h->inside ? buffer_add(out, text, strlen(text)) : 0;
}

/* Text of a CDATA section means itself: up to its end, or as far as it is there. How many bytes were taken; -ENOMEM. */
static ssize_t take_literal(struct html *h, struct slice s, struct buffer *out) {
        static const struct slice mark = SLICE("]]>");
        const size_t end = slice_find(s, mark);
        const size_t n = end != SLICE_NPOS ? end : h->end || s.n < mark.n ? s.n * h->end : s.n - mark.n + 1;

        h->literal = end == SLICE_NPOS;
        int e = buffer_add(out, s.s, n);
        return e < 0 ? e : (ssize_t) (n + (h->literal ? 0 : mark.n));
}

/* May a mark at the start go on behind what is there? */
static bool is_cut(const struct html *h, struct slice s) {
        if (h->comment)
                return !h->end && s.n <= 2;
        return !h->end && s.n < (s.s[0] == '&' ? (size_t) REFERENCE_MAX : (size_t) TAG_MAX) &&
               slice_find_byte(s, s.s[0] == '&' ? ';' : '>') == SLICE_NPOS;
}

static size_t plain_length(const struct html *h, struct slice s) {
        size_t amp = slice_find_byte(s, '&'), less = h->page ? slice_find_byte(s, '<') : SLICE_NPOS;
        return MIN(s.n, MIN(amp, less));
}

static int convert(struct html *h, struct buffer *out) {
        size_t at = 0;

        while (at < h->decoded.text.size) {
                struct slice s = buffer_slice(&h->decoded.text, at, h->decoded.text.size - at);
                if (h->literal) {
                        ssize_t taken = take_literal(h, s, out);
                        if (taken < 0)
                                return (int) taken;
                        at += (size_t) taken;
                        if (taken == 0)
                                break;
                        continue;
                }
                size_t n = h->comment ? 0 : plain_length(h, s);

                if (n == 0) {
                        if (is_cut(h, s))
                                break;
                        int e = take_mark(h, s, &n, out);
                        if (e < 0)
                                return e;
                        at += n;
                        if (n)
                                continue;
                        n = 1;
                }
                int e = h->inside ? 0 : buffer_add(out, s.s, n);
                if (e < 0)
                        return e;
                at += n;
        }
        buffer_drop(&h->decoded.text, at);
        return 0;
}

static int html_more(void *state, struct buffer *out) {
        struct html *h = state;

        if (h->end)
                return 0;
        int e = buffer_reserve(&h->decoded.text, BLOCK);
        if (e < 0)
                return e;
        ssize_t n = input_read(h->decoded.in, h->decoded.text.data + h->decoded.text.size, BLOCK);
        if (n < 0)
                return (int) n;
        h->decoded.text.size += (size_t) n;
        h->end = n == 0;
        e = convert(h, out);
        return e < 0 ? e : 1;
}

const struct decoder decoder_html = {
        .name = "html",
        .is = is_html,
        .size = sizeof(struct html),
        .begin = html_begin,
        .more = html_more,
};
