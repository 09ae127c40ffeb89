/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "source/decode.h"

#include "base/macros.h"

static const struct decoder *const decoders[] = {
        &decoder_unicode, &decoder_octets, &decoder_rtf,    &decoder_xml,
        &decoder_html,    &decoder_json,   &decoder_pieces, &decoder_reversed
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
