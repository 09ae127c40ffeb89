/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Lines of several callers and boots in any mixture. The first byte of each line says whose it is, and whether it ran
 * together with the one before it or stands amid what a program left unfinished. */
#include "base/buffer.h"
#include "fuzz.h"
#include "scan/assembler.h"

static int done(const struct report *r, void *userdata) {
        uint64_t *n = userdata;

        MUST(r->n_lines >= 1 && r->n_lines <= REPORT_LINES_MAX && r->bytes.size <= REPORT_BYTES_MAX);
        for (size_t i = 0; i < r->n_lines; i++)
                MUST(lies_within(report_text(r, i), buffer_slice(&r->bytes, 0, r->bytes.size)));
        ++*n;
        return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
        struct slice rest = { (const char *) data, size };
        struct buffer scratch = {};
        struct assembler *a;
        uint64_t n = 0, number = 0;

        MUST(assembler_new(&a, done, &n) == 0);
        for (; rest.n; number++) {
                struct slice raw = slice_token(&rest, '\n');
                unsigned who = raw.n ? (uint8_t) raw.s[0] : 0;
                struct record r = {
                        .boot = who >> 2 & 1,
                        .caller = who & 3 ? CALLER_TASK(who & 3) : CALLER_NONE,
                        .number = number,
                        .origin = who >> 3 & 1 ? ORIGIN_USERSPACE : ORIGIN_KERNEL,
                        .time = { .has_mono = true, .mono_us = number },
                };
                struct line l;

                if (who >> 4 == 15)
                        MUST(assembler_end(a, r.boot, END_LOST) == 0);
                MUST(line_parse(slice_from(raw, 1), &r, &scratch, &l) == 0);
                l.glued = who >> 5 & 1;
                l.within = l.within || who >> 7 & 1;
                MUST(assembler_line(a, &l, UINT64_MAX) == 0);
        }
        MUST(assembler_end(a, UINT32_MAX, END_LOG) == 0);
        MUST(assembler_idle(a, 0) && assembler_idle(a, 1) && n <= number);
        assembler_free(a);
        buffer_done(&scratch);
        return 0;
}
