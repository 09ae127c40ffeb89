/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "base/log.h"
#include "base/macros.h"
#include "source/base64_text.h"
#include "source/decode.h"
#include "source/mime.h"

/* A text in base64 and nothing else, as `base64` writes it, in lines or in one; or between "begin-base64 644 NAME" and
 * "====" (uuencode -m), "-----BEGIN" and "-----END". What comes behind is given as it stands. */

/* Takes a line off that says what follows. */
static struct slice behind_mark(struct slice head) {
        static const struct slice marks[] = { SLICE("begin-base64 "), SLICE("-----BEGIN ") };

        for (size_t i = 0; i < ARRAY_SIZE(marks); i++)
                if (slice_starts(head, marks[i]))
                        (void) slice_token(&head, '\n');
        return head;
}

static bool is_encoded(struct slice head) {
        return base64_holds_text(behind_mark(head));
}

struct encoded {
        struct decoded decoded;
        struct base64 base64;
        bool begun, ended; /* the base64 */
};

static bool is_digit_of_it(char c) {
        return is_letter(c) || is_digit(c) || c == '+' || c == '/' || c == '=' || c == '\n' || c == '\r';
}

/* Bytes that came. Behind "=" others begin anew, as where two texts were put together. */
static int take(struct encoded *d, struct slice s, struct buffer *out) {
        size_t n = 0;

        while (n < s.n && is_digit_of_it(s.s[n]))
                n++;
        const struct slice rest = slice_from(s, n);
        for (s = slice_head(s, n); s.n;) {
                const struct slice whole = s, part = slice_token(&s, '=');
                int e = base64_take(&d->base64, part, out);
                if (e < 0)
                        return e;
                if (part.n < whole.n)
                        d->base64 = (struct base64){};
        }
        d->ended = rest.n > 0;
        if (d->ended && !slice_starts(rest, SLICE("-----END")))
                log_warning("%s: its base64 ends: what follows is read as it stands", d->decoded.in->name);
        int e = d->ended ? buffer_add(out, "\n", 1) : 0;
        return e < 0 ? e : buffer_add(out, rest.s, rest.n);
}

static int more(void *state, struct buffer *out) {
        enum { READ_SIZE = 32 * 1024 };
        struct encoded *d = state;

        while (out->size == 0) {
                int e = buffer_reserve(&d->decoded.text, READ_SIZE);
                const ssize_t k = e < 0 ? e : input_read(d->decoded.in, d->decoded.text.data, READ_SIZE);
                if (k <= 0)
                        return (int) k;
                struct slice s = { d->decoded.text.data, (size_t) k };
                if (!d->begun)
                        s = behind_mark(s);
                d->begun = true;
                e = d->ended ? buffer_add(out, s.s, s.n) : take(d, s, out);
                if (e < 0)
                        return e;
        }
        return 1;
}

const struct decoder decoder_base64 = {
        .name = "base64",
        .is = is_encoded,
        .size = sizeof(struct encoded),
        .more = more,
};
