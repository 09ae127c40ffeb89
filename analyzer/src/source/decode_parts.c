/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <string.h>

#include "base/macros.h"
#include "source/decode.h"
#include "source/pstore.h"

/* Parts of pstore's dumps in one text, as `cat dmesg-*` and systemd-pstore's dmesg.txt have them: the first part holds
 * the log's end. Those of one dump are put in order. */

/* "dmesg-efi-169123456:", as those write who print each file behind its name. */
static bool is_file_name(struct slice line) {
        if (!slice_ends(line, SLICE(":")))
                return false;
        line.n--;
        const char *slash = line.n ? memrchr(line.s, '/', line.n) : NULL;
        return pstore_is_dump(slash ? slice_from(line, (size_t) (slash + 1 - line.s)) : line);
}

/* What head and tail write between files, and lines without anything. */
static bool is_between(struct slice line) {
        return line.n == 0 || (slice_starts(line, SLICE("==> ")) && slice_ends(line, SLICE(" <=="))) ||
               is_file_name(line);
}

static bool is_parts(struct slice head) {
        struct slice line, dump;
        unsigned number;

        do
                line = slice_rtrim(slice_token(&head, '\n'));
        while (head.n && is_between(line));
        return pstore_header(line, &dump, &number);
}

/* A part's text within the whole, without its header. */
struct span {
        size_t begin, end;
        struct slice dump;
        unsigned number;
};

struct parts {
        struct decoded decoded;
        struct buffer spans;
        size_t given; /* of spans */
        bool read;
};

static void parts_done(void *state) {
        struct parts *p = state;

        buffer_done(&p->spans);
}

static size_t without_between(struct slice text, size_t begin, size_t end) {
        for (;;) {
                const size_t last = end > begin && text.s[end - 1] == '\n' ? end - 1 : end;
                const char *newline = last > begin ? memrchr(text.s + begin, '\n', last - begin) : NULL;
                const size_t at = newline ? (size_t) (newline + 1 - text.s) : begin;
                if (at == end || !is_between(slice_rtrim((struct slice){ text.s + at, end - at })))
                        return end;
                end = at;
        }
}

/* Behind the parts of its dump that hold what came before; those of two dumps may alternate. A part that is there
 * already, or one that is not in order, is of another dump of that name. */
static size_t place_of(const struct span *items, size_t n, const struct span *s) {
        unsigned last = 0;
        size_t at = n;

        for (size_t i = n; i-- > 0;) {
                if (!slice_eq(items[i].dump, s->dump))
                        continue;
                if (items[i].number == s->number || items[i].number <= last)
                        break;
                if (items[i].number > s->number)
                        return i + 1;
                last = items[i].number;
                at = i;
        }
        return at;
}

static int add_span(struct parts *p, struct span s) {
        int e = buffer_add(&p->spans, (const char *) &s, sizeof(s));

        if (e < 0)
                return e;
        struct span *items = (struct span *) (void *) p->spans.data;
        const size_t n = p->spans.size / sizeof(s) - 1, at = place_of(items, n, &s);
        memmove(items + at + 1, items + at, (n - at) * sizeof(s));
        items[at] = s;
        return 0;
}

static int find_spans(struct parts *p) {
        const struct slice text = buffer_all(&p->decoded.text);
        struct span s = {};
        int e = 0;

        for (size_t at = 0, next; e == 0 && at < text.n; at = next) {
                struct slice rest = slice_from(text, at), dump;
                const struct slice line = slice_token(&rest, '\n');
                unsigned number;

                next = text.n - rest.n;
                if (!pstore_header(slice_rtrim(line), &dump, &number))
                        continue;
                s.end = without_between(text, s.begin, at);
                if (s.end > s.begin)
                        e = add_span(p, s);
                s = (struct span){ .begin = next, .dump = dump, .number = number };
        }
        s.end = without_between(text, s.begin, text.n);
        return e == 0 && s.end > s.begin ? add_span(p, s) : e;
}

static int parts_more(void *state, struct buffer *out) {
        struct parts *p = state;
        int e = 0;

        if (!p->read) {
                p->read = true;
                e = decoded_whole(p->decoded.in, &p->decoded.text);
                if (e == 0)
                        e = find_spans(p);
        }
        if (e < 0 || p->given == p->spans.size / sizeof(struct span))
                return e;
        const struct span *s = (const struct span *) (const void *) p->spans.data + p->given++;
        e = buffer_add(out, p->decoded.text.data + s->begin, s->end - s->begin);
        return e < 0 ? e : 1;
}

static const char *parts_problem(int error) {
        return error == -EFBIG ? "it holds parts of a dump in pstore, and is too large to be put in order" : NULL;
}

const struct decoder decoder_parts = {
        .name = "parts",
        .is = is_parts,
        .size = sizeof(struct parts),
        .done = parts_done,
        .more = parts_more,
        .problem = parts_problem,
};
