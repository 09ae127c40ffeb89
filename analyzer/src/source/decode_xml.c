/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <stdio.h>

#include "base/macros.h"
#include "line/classify.h"
#include "line/clock.h"
#include "source/decode.h"

/* Logs whose lines are elements of XML, as office programs and event logs keep them: paragraphs, rows, events. Which
 * element is a line is learned from the beginning: the outermost that follows itself again and again, with text in it.
 * A document whose lines end in line ends is a page (decode_html.c), also where each line has several elements that
 * only colour it. */

enum { BLOCK = 64 * 1024, TAG_MAX = 4096, DEPTH_MAX = 64, NAME_MAX_ = 32 };

/* "<NAME ...>", "</NAME>", "<NAME/>"; a comment, declaration or instruction has no name. */
struct tag {
        struct slice name;
        bool closes, empty;
        size_t n; /* its bytes */
};

/* False where none begins: "<0f>" and "<TASK>" are a kernel's. */
static bool tag_at(struct slice s, struct tag *ret) {
        const bool comment = slice_starts(s, SLICE("<!--"));
        const size_t end = slice_find(slice_head(s, TAG_MAX), comment ? SLICE("-->") : SLICE(">"));
        size_t n = 0;

        *ret = (struct tag){ .n = end + (comment ? 3 : 1) };
        if (end == SLICE_NPOS || s.n < 3)
                return false;
        if (s.s[1] == '?' || s.s[1] == '!')
                return true;
        const enum line_class class = line_classify(slice_head(s, ret->n));
        if (class == LINE_CONTEXT || class == LINE_TASK_END)
                return false;
        ret->closes = s.s[1] == '/';
        ret->empty = s.s[end - 1] == '/';
        struct slice name = slice_from(s, 1 + ret->closes);
        while (n < name.n && (is_digit(name.s[n]) || (name.s[n] | 32) >= 'a' || strchr("_:.-", name.s[n])) &&
               (name.s[n] | 32) <= 'z')
                n++;
        ret->name = slice_head(name, n);
        return n > 0 && !is_digit(name.s[0]) && n < name.n && strchr(" \t\r\n/>", name.s[n]);
}

/* --- what is a line --- */

struct level {
        struct slice name, last; /* of the open element, and of the one before it */
        size_t again;            /* how often the last came */
        bool text;
};

static bool is_one_of(struct slice name, const struct slice *names) {
        for (; names->s; names++)
                if (slice_eq(name, *names))
                        return true;
        return false;
}

/* A page's elements that are no lines of their own: what ends the lines is between them. */
static const struct slice colouring[] = { SLICE("span"), SLICE("font"), SLICE("b"),    SLICE("i"),
                                          SLICE("em"),   SLICE("code"), SLICE("tt"),   SLICE("strong"),
                                          SLICE("u"),    SLICE("samp"), SLICE("mark"), SLICE_NULL };

/* Takes one element's end. False where it is another's. */
static bool close_level(struct level *levels, size_t *depth, struct slice name, size_t *ret) {
        enum { OFTEN = 3 };
        if (*depth == 0 || !slice_eq(levels[*depth - 1].name, name))
                return false;
        struct level *l = &levels[--*depth];
        if (l->text) {
                l->again = slice_eq(l->last, name) ? l->again + 1 : 1;
                l->last = name;
                if (l->again >= OFTEN && *depth < *ret)
                        *ret = *depth;
                if (*depth)
                        levels[*depth - 1].text = true;
        }
        return true;
}

/* Without the blanks and line ends around it. */
static struct slice strip(struct slice s) {
        while (s.n && strchr(" \t\r\n", s.s[0]) && s.s[0])
                s = slice_from(s, 1);
        while (s.n && strchr(" \t\r\n", s.s[s.n - 1]) && s.s[s.n - 1])
                s.n--;
        return s;
}

static const struct slice literal_begin = SLICE("<![CDATA["), literal_end = SLICE("]]>");

/* Takes a CDATA section: *text is what it holds, without the blanks around it, as far as it is there. */
static bool eat_literal(struct slice *s, struct slice *text) {
        if (!slice_eat(s, literal_begin))
                return false;
        const size_t at = slice_find(*s, literal_end);
        *text = strip(slice_head(*s, at));
        *s = slice_from(*s, at == SLICE_NPOS ? s->n : at + literal_end.n);
        return true;
}

/* How many elements are around those that are lines; SIZE_MAX where nothing shows it, or it is no XML. */
static size_t depth_of_lines(struct slice s) {
        struct level levels[DEPTH_MAX + 1] = {};
        bool ended[DEPTH_MAX + 1] = {}; /* behind an element that only colours, so deep, a line ended */
        size_t depth = 0, lines = SIZE_MAX;
        struct slice literal;
        struct tag t;

        slice_eat(&s, SLICE("\357\273\277"));
        s = strip(s);
        if (!slice_starts(s, SLICE("<")))
                return SIZE_MAX;
        while (s.n) {
                const size_t less = MIN(slice_find_byte(s, '<'), s.n);
                const struct slice raw = slice_head(s, less), text = strip(raw);
                if (slice_find_byte(raw, '\n') != SLICE_NPOS && is_one_of(levels[depth].last, colouring))
                        ended[depth] = true;
                if (slice_find_byte(text, '\n') != SLICE_NPOS)
                        return SIZE_MAX;
                if (depth && text.n)
                        levels[depth - 1].text = true;
                s = slice_from(s, less);
                if (eat_literal(&s, &literal)) {
                        if (depth && literal.n && slice_find_byte(literal, '\n') == SLICE_NPOS)
                                levels[depth - 1].text = true;
                        continue;
                }
                if (s.n < TAG_MAX && slice_find_byte(s, '>') == SLICE_NPOS)
                        break;
                if (!tag_at(s, &t)) {
                        s = slice_from(s, 1);
                        continue;
                }
                s = slice_from(s, t.n);
                if (t.empty && slice_eq(t.name, SLICE("br")) && is_one_of(levels[depth].last, colouring))
                        ended[depth] = true;
                if (t.name.n == 0 || t.empty)
                        continue;
                if (t.closes && !close_level(levels, &depth, t.name, &lines))
                        return SIZE_MAX;
                if (!t.closes && depth == DEPTH_MAX)
                        return SIZE_MAX;
                if (!t.closes) {
                        levels[depth].name = t.name;
                        levels[depth++].text = false;
                }
        }
        return lines != SIZE_MAX && ended[lines] ? SIZE_MAX : lines;
}

static bool is_xml(struct slice head) {
        return depth_of_lines(head) != SIZE_MAX;
}

/* --- reading --- */

struct xml {
        struct decoded decoded;
        size_t lines, depth;   /* how deep lines are, and where the reader is */
        char name[NAME_MAX_];  /* of the element that text stands in, */
        char texts[NAME_MAX_]; /* and that the line's last text stood in; "" where it has none */
        bool end, literal;     /* literal: in a CDATA section */
        bool stamp;            /* the line's first text is a time, and nothing else */
};

static int xml_begin(void *state) {
        struct xml *x = state;
        struct slice head;
        int e = input_beginning(x->decoded.in, &head);

        if (e == 0)
                x->lines = depth_of_lines(head);
        return e;
}

/* The name without what stands for its namespace. */
static struct slice local(struct slice name) {
        const size_t colon = slice_find_byte(name, ':');

        return colon == SLICE_NPOS ? name : slice_from(name, colon + 1);
}

static int end_line(struct xml *x, struct buffer *out) {
        x->texts[0] = '\0';
        return buffer_add(out, "\n", 1);
}

static int take_tag(struct xml *x, const struct tag *t, struct buffer *out) {
        static const struct slice ends[] = { SLICE("br"), SLICE("cr"), SLICE("line-break"), SLICE_NULL };
        static const struct slice cells[] = { SLICE("c"),  SLICE("cell"), SLICE("Cell"),
                                              SLICE("td"), SLICE("tab"),  SLICE("table-cell"),
                                              SLICE("s"),  SLICE("div"),  SLICE_NULL };
        const struct slice name = local(t->name);
        const bool opens = !t->closes && !t->empty;

        x->depth += opens;
        x->depth -= t->closes && x->depth > 0;
        if (opens)
                snprintf(x->name, sizeof(x->name), "%.*s", (int) MIN(name.n, (size_t) NAME_MAX_), name.s);
        if (!t->closes && is_one_of(name, ends))
                return end_line(x, out);
        if (t->closes && x->depth <= x->lines && x->texts[0])
                return end_line(x, out);
        if (!opens && is_one_of(name, cells) && x->texts[0])
                return buffer_add(out, " ", 1);
        return 0;
}

/* "[  100.000000]", "2026-03-04T10:11:01.500Z" */
static bool is_stamp(struct slice s) {
        struct stamp ignored = {};

        s = strip(s);
        return (clock_kernel(&s, &ignored) || clock_wall(&s, &ignored)) && s.n == 0;
}

/* Text of an element, between its tags. What another element of the line had, and a time, is divided from it. */
static int take_text(struct xml *x, struct slice s, struct buffer *out) {
        char scratch[2];
        int e = 0;

        if (strip(s).n == 0 && slice_find_byte(s, '\n') != SLICE_NPOS)
                return 0;
        if (x->texts[0] && (x->stamp || strcmp(x->texts, x->name) != 0))
                e = buffer_add(out, " ", 1);
        x->stamp = !x->texts[0] && is_stamp(s);
        strcpy(x->texts, x->name);
        while (e == 0 && s.n) {
                size_t n = MIN(slice_find_byte(s, '&'), s.n);
                if (n > 0) {
                        e = buffer_add(out, s.s, n);
                } else {
                        const char *by = reference_text(s, &n, scratch);
                        e = by ? buffer_add(out, by, strlen(by)) : buffer_add(out, "&", n = 1);
                }
                s = slice_from(s, n);
        }
        return e;
}

/* Takes a piece from the start: a tag, or text up to one. The bytes it took, 0 where more must be read; -ENOMEM. */
static ssize_t take_piece(struct xml *x, struct slice s, struct buffer *out) {
        struct tag t;
        int e;

        if (!x->end && s.n < TAG_MAX)
                return 0;
        if (x->literal || slice_starts(s, literal_begin)) {
                const struct slice text = x->literal ? s : slice_from(s, literal_begin.n);
                const size_t at = slice_find(text, literal_end),
                             n = at != SLICE_NPOS ? at : text.n - MIN(text.n, literal_end.n - 1);
                strcpy(x->texts, x->name);
                e = buffer_add(out, text.s, at == SLICE_NPOS && x->end ? text.n : n);
                x->literal = at == SLICE_NPOS;
                const size_t taken = s.n - text.n + (x->literal ? x->end ? text.n : n : at + literal_end.n);
                return e < 0 ? e : (ssize_t) taken;
        }
        if (s.s[0] == '<' && tag_at(s, &t)) {
                e = t.name.n ? take_tag(x, &t, out) : 0;
                return e < 0 ? e : (ssize_t) t.n;
        }
        size_t n = slice_find_byte(slice_from(s, 1), '<');
        n = n == SLICE_NPOS ? s.n : n + 1;
        /* A reference may go on behind what is there. */
        if (n == s.n && !x->end)
                n -= MIN(n - 1, (size_t) 16);
        e = take_text(x, slice_head(s, n), out);
        return e < 0 ? e : (ssize_t) n;
}

static int xml_more(void *state, struct buffer *out) {
        struct xml *x = state;
        size_t at = 0;
        ssize_t taken = 1;

        if (x->end)
                return 0;
        int e = buffer_reserve(&x->decoded.text, BLOCK);
        if (e < 0)
                return e;
        ssize_t n = input_read(x->decoded.in, x->decoded.text.data + x->decoded.text.size, BLOCK);
        if (n < 0)
                return (int) n;
        x->decoded.text.size += (size_t) n;
        x->end = n == 0;
        while (at < x->decoded.text.size &&
               (taken = take_piece(x, buffer_slice(&x->decoded.text, at, x->decoded.text.size - at), out)) > 0)
                at += (size_t) taken;
        buffer_drop(&x->decoded.text, at);
        return taken < 0 ? (int) taken : 1;
}

const struct decoder decoder_xml = {
        .name = "xml",
        .is = is_xml,
        .size = sizeof(struct xml),
        .begin = xml_begin,
        .more = xml_more,
};
