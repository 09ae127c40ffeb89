/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "base/macros.h"
#include "source/decode.h"

/* Container runtimes (CRI) write "2026-11-27T09:53:55.004211Z stdout P text" for a piece of a line and "F" for the last
 * one or a whole line: what a program wrote at once, or 16 KiB. Pieces are joined here, behind the first one's time;
 * the stream and the flag say nothing more and go. */

enum stream { STREAM_OUT, STREAM_ERR, N_STREAMS };

struct piece {
        enum stream stream;
        size_t stamp, text; /* where the one ends and the other begins */
        bool goes_on;
};

static bool parse_piece(struct slice line, struct piece *p) {
        static const struct slice words[] = { SLICE(" stdout "), SLICE(" stderr ") };
        enum { STAMP_MIN = sizeof("2026-11-27T09:53:55Z") - 1, STAMP_MAX = 40 };
        const size_t at = slice_find_byte(slice_head(line, STAMP_MAX), ' ');

        if (at == SLICE_NPOS || at < STAMP_MIN || line.s[10] != 'T')
                return false;
        for (size_t i = 0; i < N_STREAMS; i++) {
                struct slice rest = slice_from(line, at);
                if (!slice_eat(&rest, words[i]))
                        continue;
                /* Words for later use may follow the flag, "P:word:word ". */
                const size_t flags = slice_find_byte(rest, ' ');
                if (flags == SLICE_NPOS || flags == 0 || (rest.s[0] != 'P' && rest.s[0] != 'F') ||
                    (flags > 1 && rest.s[1] != ':'))
                        return false;
                *p = (struct piece){ .stream = (enum stream) i,
                                     .stamp = at + 1,
                                     .text = at + words[i].n + flags + 1,
                                     .goes_on = rest.s[0] == 'P' };
                return true;
        }
        return false;
}

/* All lines have the form; the last one may be cut. */
static bool is_pieces(struct slice head) {
        size_t n = 0;

        for (struct slice rest = head; rest.n;) {
                struct slice line = slice_token(&rest, '\n');
                struct piece p;
                if (parse_piece(line, &p))
                        n++;
                else if (line.n && rest.n)
                        return false;
        }
        return n > 1;
}

struct pieces {
        struct decoded decoded;
        struct buffer open[N_STREAMS]; /* what goes on; empty: nothing does */
};

static void pieces_done(void *state) {
        struct pieces *p = state;

        for (size_t i = 0; i < N_STREAMS; i++)
                buffer_done(&p->open[i]);
}

/* The line that is open, if any, as one that ended. */
static int end_line(struct buffer *open, struct buffer *out) {
        int e = 0;

        if (open->size) {
                e = buffer_add(out, open->data, open->size);
                if (e == 0)
                        e = buffer_add(out, "\n", 1);
        }
        open->size = 0;
        return e;
}

/* The first piece behind its time; of others the text alone. */
static int add_piece(struct pieces *p, struct slice line, const struct piece *piece, struct buffer *out) {
        struct buffer *open = &p->open[piece->stream];
        int e = open->size ? 0 : buffer_add(open, line.s, piece->stamp);

        if (e == 0)
                e = buffer_add(open, line.s + piece->text, line.n - piece->text);
        if (e < 0)
                return e;
        return piece->goes_on && open->size < INPUT_LINE_MAX ? 0 : end_line(open, out);
}

static int pieces_more(void *state, struct buffer *out) {
        struct pieces *p = state;
        struct slice line;
        int e = line_reader_next(&p->decoded.reader, &line);

        if (e < 0)
                return e;
        if (e == 0) {
                for (size_t i = 0; e == 0 && i < N_STREAMS; i++)
                        e = end_line(&p->open[i], out);
                return e;
        }
        struct piece piece;
        if (parse_piece(line, &piece))
                e = add_piece(p, line, &piece, out);
        else {
                e = buffer_add(out, line.s, line.n);
                if (e == 0)
                        e = buffer_add(out, "\n", 1);
        }
        return e < 0 ? e : 1;
}

const struct decoder decoder_pieces = {
        .name = "pieces of lines",
        .is = is_pieces,
        .size = sizeof(struct pieces),
        .done = pieces_done,
        .more = pieces_more,
};
