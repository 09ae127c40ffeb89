/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Mails: all is read to its end, what comes out is no larger than what went in allows, and the same mail in pieces of
 * any size gives the same parts. */
#include <string.h>

#include "base/macros.h"
#include "fuzz.h"
#include "source/mime.h"

struct memory {
        struct slice rest;
        size_t piece;
};

static ssize_t read_memory(void *from, void *buf, size_t n, const char **problem) {
        struct memory *m = from;

        (void) problem;
        n = MIN(MIN(n, m->rest.n), m->piece);
        memcpy(buf, m->rest.s, n);
        m->rest = slice_from(m->rest, n);
        return (ssize_t) n;
}

static void parse(struct mime *ret, struct slice mail, size_t piece) {
        struct memory m = { mail, piece };
        struct input in = { .name = "input", .fd = -1, .read = read_memory, .from = &m };

        MUST(mime_read(ret, &in) == 0);
        input_done(&in);
}

static struct slice bytes_of(const struct buffer *b) {
        return buffer_slice(b, 0, b->size);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
        /* A byte of an 8-bit character set becomes three of UTF-8 at most, and a line gets an end. */
        enum { GROWTH = 4, MORE = 64 };
        const struct slice mail = { (const char *) data, size };
        struct mime whole = {}, pieces = {};
        size_t bytes;

        if (size == 0 || size > 1 << 18)
                return 0;
        (void) mime_begins(mail);
        parse(&whole, mail, size);
        bytes = whole.body.size;
        for (size_t i = 0; i < whole.n_parts; i++) {
                bytes += whole.parts[i].bytes.size;
                MUST(!whole.parts[i].name || strlen(whole.parts[i].name) <= size * GROWTH);
        }
        MUST(bytes <= (size + MORE) * GROWTH);
        parse(&pieces, mail, 7);
        MUST(slice_eq(bytes_of(&whole.body), bytes_of(&pieces.body)) && whole.n_parts == pieces.n_parts &&
             whole.cut == pieces.cut);
        for (size_t i = 0; i < whole.n_parts; i++)
                MUST(slice_eq(bytes_of(&whole.parts[i].bytes), bytes_of(&pieces.parts[i].bytes)));
        mime_done(&whole);
        mime_done(&pieces);
        return 0;
}
