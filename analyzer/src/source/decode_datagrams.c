/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <inttypes.h>

#include "base/macros.h"
#include "source/decode.h"

/* Extended netconsole sends each message as a datagram with its number, "4,1072,209927860,-;text", and one that is too
 * long in pieces, "4,1072,209927860,-,ncfrag=0/1500;text". Networks deliver datagrams in any order: messages are put in
 * order here, and pieces joined. What a receiver writes before a datagram stays before it. */

enum { BLOCK = 64 * 1024, FIELDS_MAX = 128, PREFIX_MAX = 160 };
/* How many messages are held back, for an earlier one that may come. */
enum { HELD_MAX = 64 };
/* A number that is so far before the last one has no place any more, or so far behind it: it is another sender's, or
 * another boot's. */
enum { FAR_BEFORE = HELD_MAX, FAR_BEHIND = 4096 };

struct datagram {
        uint64_t number, piece; /* piece: where its text is in the message's */
        uint64_t us;
        size_t text; /* where it is in the line */
        bool is_piece;
};

/* "4,1072,209927860,-,caller=T1;" at the start. */
static bool parse_fields(struct slice s, struct datagram *d) {
        const size_t whole = s.n, semicolon = slice_find_byte(slice_head(s, FIELDS_MAX), ';');
        uint64_t priority, size;

        if (semicolon == SLICE_NPOS || !slice_eat_u64(&s, &priority) || !slice_eat(&s, SLICE(",")) ||
            !slice_eat_u64(&s, &d->number) || !slice_eat(&s, SLICE(",")) || !slice_eat_u64(&s, &d->us) ||
            !slice_eat(&s, SLICE(",")) || whole - s.n > semicolon || is_digit(s.s[0]))
                return false;
        struct slice flags = slice_head(s, semicolon - (whole - s.n));
        const size_t at = slice_find(flags, SLICE("ncfrag="));

        *d = (struct datagram){ .number = d->number, .us = d->us, .text = semicolon + 1, .is_piece = at != SLICE_NPOS };
        flags = slice_from(flags, at + strlen("ncfrag="));
        return !d->is_piece ||
               (slice_eat_u64(&flags, &d->piece) && slice_eat(&flags, SLICE("/")) && slice_eat_u64(&flags, &size));
}

/* Where the datagram begins in the line, behind what a receiver wrote; SLICE_NPOS: it holds none. */
static size_t find_datagram(struct slice line, struct datagram *d) {
        for (size_t i = 0; i < line.n && i < PREFIX_MAX; i++)
                if (is_digit(line.s[i]) && (i == 0 || !is_digit(line.s[i - 1])) &&
                    parse_fields(slice_from(line, i), d)) {
                        d->text += i;
                        return i;
                }
        return SLICE_NPOS;
}

/* " SUBSYSTEM=pci": about the message before it. */
static bool is_further(struct slice line) {
        return slice_starts(line, SLICE(" "));
}

/* Is the line a part of the name in " taskname=x", which is sent as the task chose it, with its line ends? A name has
 * 15 bytes, and a datagram more. left: how many the name before this line may still have. */
static bool is_of_name(size_t *left, struct slice line) {
        enum { NAME_MAX_BYTES = 15 };

        if (line.n < *left) {
                *left -= line.n + 1;
                return true;
        }
        *left = slice_eat(&line, SLICE(" taskname=")) ? NAME_MAX_BYTES - MIN(line.n, NAME_MAX_BYTES) : 0;
        return false;
}

static bool is_datagrams(struct slice head) {
        size_t n = 0, others = 0, left = 0;
        struct datagram d;

        while (head.n) {
                struct slice line = slice_token(&head, '\n');
                if (is_of_name(&left, line))
                        continue;
                if (find_datagram(line, &d) != SLICE_NPOS)
                        n++;
                else if (!is_further(line))
                        others++;
        }
        return n >= 8 && n > others;
}

struct message {
        struct datagram datagram;
        struct buffer line;
};

struct datagrams {
        struct decoded decoded;
        size_t taken;                      /* so much of it is in messages */
        struct message held[HELD_MAX + 1]; /* by number and piece */
        size_t n_held, latest;             /* latest: where the one that came last is; HELD_MAX + 1: not there */
        size_t name_left;                  /* see is_of_name() */
        bool ended;
};

static void datagrams_done(void *state) {
        struct datagrams *r = state;

        for (size_t i = 0; i < ARRAY_SIZE(r->held); i++)
                buffer_done(&r->held[i].line);
}

/* The next line without its line end; 1, 0 at the end, -errno. It is valid until the next call. */
static int next_line(struct datagrams *r, struct slice *ret) {
        for (;;) {
                struct slice rest = buffer_slice(&r->decoded.text, r->taken, r->decoded.text.size - r->taken);
                size_t end = slice_find_byte(rest, '\n');

                if (end != SLICE_NPOS || (r->ended && rest.n) || rest.n > BLOCK) {
                        *ret = slice_head(rest, MIN(end, rest.n));
                        r->taken += MIN(end, rest.n) + (end != SLICE_NPOS);
                        return 1;
                }
                if (r->ended)
                        return 0;
                if (rest.n)
                        memmove(r->decoded.text.data, rest.s, rest.n);
                r->decoded.text.size = rest.n;
                r->taken = 0;
                int e = buffer_reserve(&r->decoded.text, BLOCK);
                if (e < 0)
                        return e;
                ssize_t n = input_read(r->decoded.in, r->decoded.text.data + r->decoded.text.size, BLOCK);
                if (n < 0)
                        return (int) n;
                r->ended = n == 0;
                r->decoded.text.size += (size_t) n;
        }
}

static bool is_before(const struct datagram *a, const struct datagram *b) {
        return a->number != b->number ? a->number < b->number : a->piece < b->piece;
}

/* Is it of another boot or sender than those held? One whose number is held, with another time, is, too. */
static bool is_of_others(const struct datagrams *r, const struct datagram *d) {
        const struct datagram *last = r->n_held ? &r->held[r->n_held - 1].datagram : NULL;

        if (!last)
                return false;
        if (d->number > last->number + FAR_BEHIND || d->number + FAR_BEFORE < last->number)
                return true;
        for (size_t i = 0; i < r->n_held; i++)
                if (r->held[i].datagram.number == d->number && r->held[i].datagram.us != d->us)
                        return true;
        return false;
}

/* Holds a line with a datagram. */
static int hold(struct datagrams *r, struct slice line, const struct datagram *d) {
        size_t at = r->n_held;
        struct message new = { .datagram = *d, .line = r->held[r->n_held].line };

        new.line.size = 0;
        int e = buffer_add(&new.line, line.s, line.n);
        while (at > 0 && is_before(d, &r->held[at - 1].datagram)) {
                r->held[at] = r->held[at - 1];
                at--;
        }
        r->held[at] = new;
        r->latest = at;
        r->n_held++;
        return e;
}

/* Gives the first message out, with all its pieces; nothing where the piece that begins it is missing: where the next
 * begins was chosen by whoever chose a long string in the message, and it would look like a message. The gap in the
 * numbers says that one is lost. */
static int release(struct datagrams *r, struct buffer *out) {
        const struct datagram first = r->held[0].datagram;
        const bool begun = !first.is_piece || first.piece == 0;
        size_t n = 1;
        int e = begun ? buffer_add(out, r->held[0].line.data, r->held[0].line.size) : 0;

        for (; e == 0 && first.is_piece && n < r->n_held && r->held[n].datagram.is_piece &&
               r->held[n].datagram.number == first.number;
             n++) {
                const struct message *m = &r->held[n];
                if (begun && m->datagram.piece != r->held[n - 1].datagram.piece) /* else it came twice */
                        e = buffer_add(out, m->line.data + m->datagram.text, m->line.size - m->datagram.text);
        }
        r->latest = r->latest >= n ? r->latest - n : ARRAY_SIZE(r->held);
        for (; n > 0; n--) {
                struct message done = r->held[0];
                r->n_held--;
                memmove(r->held, r->held + 1, r->n_held * sizeof(done));
                r->held[r->n_held] = done;
        }
        return e < 0 || !begun ? e : buffer_add(out, "\n", 1);
}

static int release_all(struct datagrams *r, struct buffer *out) {
        int e = 0;

        while (e == 0 && r->n_held)
                e = release(r, out);
        return e;
}

static int take_line(struct datagrams *r, struct slice line, struct buffer *out) {
        struct datagram d;
        const bool of_name = is_of_name(&r->name_left, line);

        if ((of_name || is_further(line)) && r->latest < r->n_held) {
                struct buffer *to = &r->held[r->latest].line;
                int e = buffer_add(to, of_name ? "?" : "\n", 1);
                return e < 0 ? e : buffer_add(to, line.s, line.n);
        }
        if (find_datagram(line, &d) == SLICE_NPOS) {
                int e = release_all(r, out);
                if (e == 0)
                        e = buffer_add(out, line.s, line.n);
                return e < 0 ? e : buffer_add(out, "\n", 1);
        }
        int e = is_of_others(r, &d) ? release_all(r, out) : 0;
        if (e == 0)
                e = hold(r, line, &d);
        return e == 0 && r->n_held > HELD_MAX ? release(r, out) : e;
}

static int datagrams_more(void *state, struct buffer *out) {
        struct datagrams *r = state;
        struct slice line = SLICE_NULL;
        int e = 0, more = 1;

        while (e == 0 && out->size < BLOCK && (more = next_line(r, &line)) > 0)
                e = take_line(r, line, out);
        if (e == 0 && more == 0)
                e = release_all(r, out);
        return e < 0 ? e : more < 0 ? more : out->size > 0;
}

const struct decoder decoder_datagrams = {
        .name = "netconsole",
        .is = is_datagrams,
        .size = sizeof(struct datagrams),
        .done = datagrams_done,
        .more = datagrams_more,
};
