/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>

#include "base/macros.h"
#include "source/decode.h"

/* Syslog as it goes over a connection (RFC 6587): "134 <4>1 2026-...", the number of bytes before each message and
 * nothing between them. */

enum { COUNT_MAX = 64 * 1024, COUNT_DIGITS = 6 };

/* Takes a message's count. */
static bool eat_count(struct slice *s, uint64_t *n) {
        struct slice rest = *s;
        uint64_t ignored;

        if (!slice_eat_u64(&rest, n) || s->n - rest.n >= COUNT_DIGITS || *n == 0 || *n > COUNT_MAX ||
            !slice_eat(&rest, SLICE(" ")))
                return false;
        *s = rest;
        return slice_eat(&rest, SLICE("<")) && slice_eat_u64(&rest, &ignored) && slice_eat(&rest, SLICE(">"));
}

/* The first messages must be as long as they say. */
static bool is_octets(struct slice head) {
        enum { SURE = 3 };
        uint64_t n;

        for (int i = 0; i < SURE; i++) {
                if (!eat_count(&head, &n) || n >= head.n)
                        return false;
                head = slice_from(head, n);
        }
        return true;
}

/* The number, up to the blank behind it, and not line ends before it. 1, 0 at the end, -errno. */
static int read_count(struct decoded *o, size_t *ret) {
        char c = '\n';
        int e = 1;

        while (e > 0 && c == '\n')
                e = line_reader_bytes(&o->reader, &c, 1);
        for (*ret = 0; e > 0 && is_digit(c) && *ret <= COUNT_MAX;) {
                *ret = *ret * 10 + (size_t) (c - '0');
                e = line_reader_bytes(&o->reader, &c, 1);
        }
        return e <= 0 ? e : c == ' ' && *ret > 0 && *ret <= COUNT_MAX ? 1 : -EBADMSG;
}

static int octets_more(void *state, struct buffer *out) {
        struct decoded *o = state;
        size_t n;
        int e = read_count(o, &n);

        if (e <= 0)
                return e;
        e = buffer_reserve(out, n + 1);
        if (e == 0)
                e = line_reader_bytes(&o->reader, out->data + out->size, n);
        if (e <= 0)
                return e < 0 ? e : -ENODATA;
        /* A message's own line end would be another's beginning. */
        for (size_t i = 0; i < n; i++)
                if (out->data[out->size + i] == '\n')
                        out->data[out->size + i] = ' ';
        out->size += n;
        e = buffer_add(out, "\n", 1);
        return e < 0 ? e : 1;
}

static const char *octets_problem(int error) {
        return error == -ENODATA ? "it ends within a message" :
               error == -EBADMSG ? "a message does not begin with the number of its bytes" :
                                   NULL;
}

const struct decoder decoder_octets = {
        .name = "octets",
        .is = is_octets,
        .size = sizeof(struct decoded),
        .more = octets_more,
        .problem = octets_problem,
};
