/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "source/decode.h"

#include <errno.h>

#include "base/macros.h"

static const struct decoder *const decoders[] = {
        &decoder_unicode,  &decoder_octets, &decoder_rtf,    &decoder_xml,      &decoder_html,   &decoder_json,
        &decoder_template, &decoder_parts,  &decoder_pieces, &decoder_reversed, &decoder_filled,
};

const struct decoder *decoder_of(struct slice head) {
        for (size_t i = 0; i < ARRAY_SIZE(decoders); i++)
                if (decoders[i]->is(head))
                        return decoders[i];
        return NULL;
}

ssize_t decoded_read(struct decoded *d, decode_more_t more, void *state, void *buf, size_t n) {
        while (d->given == d->out.size) {
                d->given = d->out.size = 0;
                int e = more(state, &d->out);
                if (e < 0 || (e == 0 && d->out.size == 0))
                        return e;
        }
        n = MIN(n, d->out.size - d->given);
        memcpy(buf, d->out.data + d->given, n);
        d->given += n;
        return (ssize_t) n;
}

const char decoded_too_large[] = "it lists the newest line first, and is too large to be turned round";

int decoded_whole(struct input *in, struct buffer *text) {
        enum { BLOCK = 256 * 1024 };
        const size_t size_max = 256u * 1024 * 1024;
        ssize_t n;

        do {
                int e = buffer_reserve(text, BLOCK);
                if (e < 0)
                        return e;
                n = input_read(in, text->data + text->size, BLOCK);
                if (n < 0)
                        return (int) n;
                text->size += (size_t) n;
                if (text->size > size_max)
                        return -EFBIG;
        } while (n > 0);
        return 0;
}
