/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Decoders, one in another as in an archive's members: each comes to its end, and gives no more than a reader took. */
#include <errno.h>

#include "base/macros.h"
#include "fuzz.h"
#include "source/decode.h"

enum { DEPTH = 4 };

struct memory {
        struct slice rest;
};

static ssize_t read_memory(void *from, void *buf, size_t n, const char **problem) {
        struct memory *m = from;

        (void) problem;
        /* Small pieces, so that what is looked for lies on their edges too. */
        n = MIN(MIN(n, m->rest.n), (size_t) 997);
        memcpy(buf, m->rest.s, n);
        m->rest = slice_from(m->rest, n);
        return (ssize_t) n;
}

static void decode(struct input *in, int depth) {
        struct slice head;
        char bytes[4096];

        if (depth == DEPTH || input_beginning(in, &head) != 0)
                return;
        const struct decoder *d = decoder_of(head);
        if (!d) {
                ssize_t n;
                for (uint64_t all = 0; (n = input_read(in, bytes, sizeof(bytes))) > 0; all += (uint64_t) n)
                        MUST((size_t) n <= sizeof(bytes) && all < UINT64_C(1) << 26);
                MUST(n <= 0);
                return;
        }
        struct input decoded = { .name = "decoded", .fd = -1, .read = decode_read, .from = decode_begin(d, in) };
        MUST(decoded.from);
        decode(&decoded, depth + 1);
        input_done(&decoded);
        decode_done(decoded.from);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
        struct memory m = { { (const char *) data, size } };
        struct input in = { .name = "input", .fd = -1, .read = read_memory, .from = &m };

        decode(&in, 0);
        input_done(&in);
        return 0;
}
