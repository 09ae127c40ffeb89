/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "source/input.h"

/* Text behind an encoding: UTF-16 and UTF-32, rich text, XML, HTML, JSON that carries lines as strings, a template of
 * properties, parts in the wrong order, lines in pieces, filled paragraphs, the newest line or entry first, datagrams
 * in any order, tables. A decoder is an input made from another one; it gives the text in UTF-8, as if the log had been
 * saved plainly. */
struct decoder {
        const char *name;
        /* Is it this encoding, by how it begins? */
        bool (*is)(struct slice head);
        /* The state of one reading; NULL when out of memory. The caller frees it by done(). */
        void *(*begin)(struct input *in);
        void (*done)(void *state);
        /* As input's read(). */
        ssize_t (*read)(void *state, void *buf, size_t n, const char **problem);
};

/* The one that the text needs first; NULL: none, it is plain. */
const struct decoder *decoder_of(struct slice head);

/* What decoders share: bytes that were decoded and not given out yet. Makes more of them: 1, 0 at the end, -errno. */
typedef int (*decode_more_t)(void *state, struct buffer *out);
struct decoded {
        struct buffer out;
        size_t given;
};
ssize_t decoded_read(struct decoded *d, decode_more_t more, void *state, void *buf, size_t n);

/* All of the text, where its end must be known first: 0, -EFBIG where it is too large for that, -errno. */
int decoded_whole(struct input *in, struct buffer *text);
extern const char decoded_too_large[];

/* "&lt;" at the start: what it stands for, and how many bytes it takes; NULL where it is none. */
const char *reference_text(struct slice text, size_t *taken, char scratch[static 2]);

extern const struct decoder decoder_unicode, decoder_octets, decoder_rtf, decoder_xml, decoder_html, decoder_json,
        decoder_template, decoder_parts, decoder_pieces, decoder_reversed, decoder_filled, decoder_newest,
        decoder_datagrams, decoder_csv;
