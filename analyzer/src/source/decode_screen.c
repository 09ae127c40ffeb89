/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "base/macros.h"
#include "source/decode.h"

/* What was sent to a terminal that shows a console in a window of its own (tmux, a BMC's viewer): lines begin where the
 * cursor is set to the first column of a row, "\033[12;1H", not behind a line end. */

enum { BLOCK = 64 * 1024, SEQUENCE_MAX = 16 };

/* The bytes of a sequence that sets the cursor to a row's first column; 0 where none stands there. */
static size_t row_at(struct slice s) {
        struct slice rest = s;
        uint64_t row, column = 1;

        if (!slice_eat(&rest, SLICE("\033[")) || !slice_eat_u64(&rest, &row))
                return 0;
        if (slice_eat(&rest, SLICE(";")) && !slice_eat_u64(&rest, &column))
                return 0;
        return column == 1 && (slice_starts(rest, SLICE("H")) || slice_starts(rest, SLICE("f"))) ? s.n - rest.n + 1 : 0;
}

/* More lines begin so than behind line ends. */
static bool is_screen(struct slice head) {
        enum { SURE = 8 };
        size_t rows = 0, ends = 0;

        for (size_t i = 0; i < head.n; i++) {
                ends += head.s[i] == '\n';
                rows += head.s[i] == '\033' && row_at(slice_from(head, i)) > 0;
        }
        return rows >= SURE && rows > ends;
}

static int screen_more(void *state, struct buffer *out) {
        struct decoded *d = state;
        int e = buffer_reserve(&d->text, BLOCK);

        if (e < 0)
                return e;
        const ssize_t n = input_read(d->in, d->text.data + d->text.size, BLOCK);
        if (n < 0)
                return (int) n;
        d->text.size += (size_t) n;
        struct slice s = buffer_all(&d->text);
        /* A sequence may go on behind what is there. */
        while (e == 0 && (s.n >= SEQUENCE_MAX || (n == 0 && s.n > 0))) {
                const size_t row = row_at(s), at = slice_find_byte(slice_from(s, 1), '\033'),
                             plain = MIN(at, n == 0 ? s.n - 1 : s.n - SEQUENCE_MAX) + 1;
                e = row ? buffer_add(out, "\n", 1) : buffer_add(out, s.s, plain);
                s = slice_from(s, row ? row : plain);
        }
        buffer_drop(&d->text, d->text.size - s.n);
        return e < 0 ? e : n > 0 || out->size > 0;
}

const struct decoder decoder_screen = {
        .name = "screen",
        .is = is_screen,
        .size = sizeof(struct decoded),
        .more = screen_more,
};
