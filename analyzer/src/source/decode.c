/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "source/decode.h"

#include <errno.h>
#include <stdlib.h>

#include "base/macros.h"

static const struct decoder *const decoders[] = {
        &decoder_unicode, &decoder_dump,     &decoder_octets, &decoder_base64, &decoder_rtf,          &decoder_xml,
        &decoder_html,    &decoder_json,     &decoder_screen, &decoder_headed, &decoder_yaml_records, &decoder_yaml,
        &decoder_cells,   &decoder_template, &decoder_parts,  &decoder_pieces, &decoder_reversed,     &decoder_filled,
};

const struct decoder *decoder_of(struct slice head) {
        for (size_t i = 0; i < ARRAY_SIZE(decoders); i++)
                if (decoders[i]->is(head))
                        return decoders[i];
        return NULL;
}

struct decoded *decode_begin(const struct decoder *by, struct input *in) {
        struct decoded *d = calloc(1, by->size);

        if (!d)
                return NULL;
        *d = (struct decoded){ .decoder = by, .in = in, .reader = { .in = in } };
        d->error = by->begin ? by->begin(d) : 0;
        return d;
}

static int decode_more(struct decoded *d) {
        while (d->error == 0 && d->given == d->out.size) {
                d->given = d->out.size = 0;
                int e = d->decoder->more(d, &d->out);
                if (e < 0 || (e == 0 && d->out.size == 0))
                        return e;
        }
        return d->error;
}

ssize_t decode_read(void *decoded, void *buf, size_t n, const char **problem) {
        struct decoded *d = decoded;
        int e = decode_more(d);

        *problem = e < 0 && d->decoder->problem ? d->decoder->problem(e) : NULL;
        if (e < 0 && !*problem)
                *problem = d->in->problem;
        if (e < 0)
                return e;
        n = MIN(n, d->out.size - d->given);
        if (n)
                memcpy(buf, d->out.data + d->given, n);
        d->given += n;
        return (ssize_t) n;
}

void decode_done(struct decoded *d) {
        if (!d)
                return;
        if (d->decoder->done)
                d->decoder->done(d);
        line_reader_done(&d->reader);
        buffer_done(&d->text);
        buffer_done(&d->out);
        free(d);
}

bool is_decoded(const struct input *in, const struct decoder *by) {
        return in->read == decode_read && ((const struct decoded *) in->from)->decoder == by;
}
