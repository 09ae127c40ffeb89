/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "base/macros.h"
#include "line/clock.h"
#include "source/decode.h"

/* Records whose head stands in a line of its own, with an empty line behind each, as `logcat -v long` prints them:
 * "[ 11-23 10:00:00.123     0:    0 W/kernel   ]". The head is put before the record's first line, as other forms of
 * logcat have it; further lines of the record have none. */

/* "11-23 10:00:00.123     0:    0 W/kernel": what is in the brackets, and where level and tag begin in it. */
struct head {
        struct slice fields, tag;
};

static bool parse_head(struct slice line, struct head *h) {
        struct stamp ignored = {};

        line = slice_rtrim(line);
        if (!slice_eat(&line, SLICE("[ ")) || !slice_ends(line, SLICE("]")))
                return false;
        line.n--;
        const struct slice in = slice_ends(line, SLICE(" ")) ? slice_head(line, line.n - 1) : line;
        const char *slash = in.n ? memchr(in.s, '/', in.n) : NULL;
        if (!clock_any(&line, &ignored) || !slash || slash < in.s + 2 || !is_letter(slash[-1]) || slash[-2] != ' ')
                return false;
        *h = (struct head){ .fields = slice_head(in, (size_t) (slash - 1 - in.s)),
                            .tag = slice_from(in, (size_t) (slash - 1 - in.s)) };
        return true;
}

/* Heads with a line behind each, and an empty one before each but the first. */
static bool is_headed(struct slice head) {
        enum { SURE = 3 };
        size_t n = 0;
        bool empty = true;
        struct head h;

        while (head.n) {
                const struct slice line = slice_rtrim(slice_token(&head, '\n'));
                if (parse_head(line, &h)) {
                        if (!empty)
                                return false;
                        n++;
                } else if (n == 0 && line.n > 0 && !slice_starts(line, SLICE("--------- beginning of ")))
                        return false;
                empty = line.n == 0 || n == 0;
        }
        return n >= SURE;
}

struct headed {
        struct decoded decoded; /* its text: the head whose record's first line comes */
        size_t empty;           /* lines that were, since the last one that was not */
};

/* "11-23 10:00:00.123     0     0 W kernel  : " */
static int keep_head(struct buffer *head, const struct head *h) {
        enum { WIDTH = sizeof("kernel  ") - 1 };
        int e = 0;

        head->size = 0;
        for (size_t i = 0; e == 0 && i < h->fields.n; i++) {
                /* Older ones print a thread in hex, behind the colon: "0:0x2a". */
                const struct slice rest = slice_from(h->fields, i);
                const bool hex = slice_starts(rest, SLICE(":0x")), ends = hex || slice_starts(rest, SLICE(": "));
                e = buffer_add(head, ends ? " " : rest.s, 1);
                i += hex ? 2 : 0;
        }
        if (e == 0)
                e = buffer_add(head, h->tag.s, 1);
        if (e == 0)
                e = buffer_add(head, " ", 1);
        if (e == 0)
                e = buffer_add(head, h->tag.s + 2, h->tag.n - 2);
        for (size_t i = h->tag.n - 2; e == 0 && i < WIDTH; i++)
                e = buffer_add(head, " ", 1);
        return e < 0 ? e : buffer_add(head, ": ", 2);
}

static int headed_more(void *state, struct buffer *out) {
        struct headed *r = state;
        struct slice line;
        struct head h;
        int e = line_reader_next(&r->decoded.reader, &line);

        if (e <= 0)
                return e;
        const struct slice text = slice_rtrim(line);
        if (text.n == 0) {
                r->empty++;
                return 1;
        }
        e = 0;
        /* The empty line before a head is none of the record's. */
        const bool is_head = parse_head(text, &h);
        for (r->empty -= is_head && r->empty; e == 0 && r->empty > 0; r->empty--)
                e = buffer_add(out, "\n", 1);
        if (e == 0 && is_head)
                return (e = keep_head(&r->decoded.text, &h)) < 0 ? e : 1;
        if (e == 0)
                e = buffer_add(out, r->decoded.text.data, r->decoded.text.size);
        r->decoded.text.size = 0;
        if (e == 0)
                e = buffer_add(out, line.s, line.n);
        if (e == 0)
                e = buffer_add(out, "\n", 1);
        return e < 0 ? e : 1;
}

const struct decoder decoder_headed = {
        .name = "records behind heads",
        .is = is_headed,
        .size = sizeof(struct headed),
        .more = headed_more,
};
