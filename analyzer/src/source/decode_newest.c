/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <endian.h>
#include <errno.h>

#include "base/macros.h"
#include "source/decode.h"

/* The journal's export, JSON and verbose forms with the newest entry first, as `journalctl -r` gives them: the entries
 * are turned round, each as it is. When one was made is what its own field says, in no message: a message with line
 * ends has its size before it (export), is escaped (JSON) or indented (verbose). */

struct piece {
        size_t begin, end;
        uint64_t time;
        bool timed;
};

/* The first entry from *at on, which moves behind it; false where there is none. */
typedef bool (*next_piece_t)(struct slice text, size_t *at, struct piece *ret);

static const struct slice field = SLICE("__REALTIME_TIMESTAMP");

/* Where a value follows whose size stands before it: behind that value. */
static size_t behind_sized(struct slice text, size_t at) {
        uint64_t size;

        if (text.n - at < sizeof(size))
                return text.n;
        memcpy(&size, text.s + at, sizeof(size));
        size = le64toh(size);
        return size < text.n - at - sizeof(size) ? at + sizeof(size) + size + 1 : text.n;
}

static bool next_of_export(struct slice text, size_t *at, struct piece *ret) {
        size_t i = *at;

        while (i < text.n && text.s[i] == '\n')
                i++;
        *ret = (struct piece){ .begin = i };
        while (i < text.n && text.s[i] != '\n') {
                struct slice rest = slice_from(text, i), value = slice_token(&rest, '\n');
                const size_t n = value.n;
                const struct slice name = slice_token(&value, '=');

                i = MIN(i + n + 1, text.n);
                if (name.n == n)
                        i = behind_sized(text, i);
                else if (slice_eq(name, field))
                        ret->timed = slice_eat_u64(&value, &ret->time);
        }
        ret->end = *at = i;
        return ret->end > ret->begin;
}

/* "Sat 2025-09-20 11:53:55.004211 UTC [s=...;t=63f3a...;x=...]": the line that begins an entry. */
static bool is_entry_line(struct slice line, uint64_t *time) {
        const size_t cursor = slice_find(line, SLICE(" [s=")), t = slice_find(line, SLICE(";t="));

        if (line.n == 0 || is_blank(line.s[0]) || cursor == SLICE_NPOS || t == SLICE_NPOS)
                return false;
        struct slice s = slice_from(line, t + 3);
        return slice_eat_hex(&s, time);
}

static bool next_of_verbose(struct slice text, size_t *at, struct piece *ret) {
        uint64_t time;

        *ret = (struct piece){ .begin = *at };
        while (*at < text.n) {
                struct slice rest = slice_from(text, *at), line = slice_token(&rest, '\n');
                if (is_entry_line(line, &time)) {
                        if (ret->timed)
                                break;
                        *ret = (struct piece){ .begin = *at, .time = time, .timed = true };
                }
                *at = MIN(*at + line.n + 1, text.n);
        }
        ret->end = *at;
        return ret->end > ret->begin;
}

/* ' : "1758361435004211"' behind the name. */
static bool json_time(struct slice s, uint64_t *ret) {
        s = slice_ltrim(s);
        if (!slice_eat(&s, SLICE(":")))
                return false;
        s = slice_ltrim(s);
        slice_eat(&s, SLICE("\""));
        return slice_eat_u64(&s, ret);
}

static bool next_of_json(struct slice text, size_t *at, struct piece *ret) {
        const size_t begin = slice_find_byte(slice_from(text, *at), '{');
        unsigned depth = 0;
        bool quoted = false;

        if (begin == SLICE_NPOS)
                return false;
        *ret = (struct piece){ .begin = *at + begin };
        for (*at = ret->begin; *at < text.n; (*at)++) {
                const char c = text.s[*at];
                struct slice s = slice_from(text, *at);

                if (quoted && c == '\\')
                        (*at)++;
                else if (c == '"') {
                        if (!quoted && depth == 1 && slice_eat(&s, SLICE("\"")) && slice_eat(&s, field) &&
                            slice_eat(&s, SLICE("\"")) && !ret->timed)
                                ret->timed = json_time(s, &ret->time);
                        quoted = !quoted;
                } else if (!quoted && c == '{')
                        depth++;
                else if (!quoted && c == '}' && --depth == 0)
                        break;
        }
        *at = ret->end = MIN(*at + 1, text.n);
        return true;
}

static next_piece_t form_of(struct slice head) {
        struct slice rest = head, first = SLICE_NULL;
        uint64_t ignored;

        while (rest.n && (first.n == 0 || slice_starts(first, SLICE("-- "))))
                first = slice_token(&rest, '\n');
        if (is_entry_line(first, &ignored))
                return next_of_verbose;
        if (!slice_has(head, field))
                return NULL;
        return first.n && (first.s[0] == '_' || (first.s[0] >= 'A' && first.s[0] <= 'Z')) ? next_of_export :
                                                                                            next_of_json;
}

/* Clocks of machines may be set back once or twice. */
static bool is_newest_first(struct slice head) {
        enum { LEAST = 2, ENOUGH = 4, ONE_IN = 8 };
        const next_piece_t next = form_of(head);
        size_t down = 0, up = 0;
        struct piece p;
        uint64_t last = 0;

        for (size_t at = 0, n = 0; next && next(head, &at, &p);) {
                if (!p.timed)
                        continue;
                down += n && p.time < last;
                up += n && p.time > last;
                last = p.time;
                n++;
        }
        return down >= (up ? ENOUGH : LEAST) && up * ONE_IN <= down;
}

struct newest {
        struct decoded decoded;
        struct buffer pieces; /* what was not given out, the last entry first to be */
        bool read;
};

static void newest_done(void *state) {
        struct newest *n = state;

        buffer_done(&n->pieces);
}

static int read_pieces(struct newest *n) {
        int e = decoded_whole(n->decoded.in, &n->decoded.text);
        const struct slice text = buffer_all(&n->decoded.text);
        const next_piece_t next = form_of(text);
        struct piece p;

        for (size_t at = 0; e == 0 && next && next(text, &at, &p);)
                e = buffer_add(&n->pieces, (const char *) &p, sizeof(p));
        n->read = true;
        return e;
}

static int newest_more(void *state, struct buffer *out) {
        struct newest *n = state;
        struct piece p;
        int e = n->read ? 0 : read_pieces(n);

        if (e < 0 || n->pieces.size == 0)
                return e;
        n->pieces.size -= sizeof(p);
        memcpy(&p, n->pieces.data + n->pieces.size, sizeof(p));
        e = buffer_add(out, n->decoded.text.data + p.begin, p.end - p.begin);
        /* An empty line divides entries of the export form, and is none in the others. */
        if (e == 0)
                e = buffer_add(out, "\n\n", out->data[out->size - 1] == '\n' ? 1 : 2);
        return e < 0 ? e : 1;
}

const struct decoder decoder_newest = {
        .name = "entries, newest first",
        .is = is_newest_first,
        .size = sizeof(struct newest),
        .done = newest_done,
        .more = newest_more,
        .problem = decoded_newest_problem,
};
