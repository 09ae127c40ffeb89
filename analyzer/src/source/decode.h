/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "source/input.h"

/* Text behind an encoding: UTF-16 and UTF-32, base64, dumps in hex, rich text, XML, HTML, JSON that carries lines as
 * strings, YAML that breaks them or has a record a document, a terminal's screen, heads or all fields in lines of their
 * own, a template of properties, parts in the wrong order, lines in pieces, filled paragraphs, the newest line or entry
 * first, datagrams in any order, tables. A decoder is an input made from another one; it gives the text in UTF-8, as if
 * the log had been saved plainly. */
struct decoder {
        const char *name;
        /* Is it this encoding, by how it begins? */
        bool (*is)(struct slice head);
        /* Bytes of the state of one reading: zeroes behind a struct decoded. */
        size_t size;
        /* More of the state, 0 or -errno; NULL: there is no more. */
        int (*begin)(void *state);
        /* Adds plain text to out: 1, 0 at the end, -errno. */
        int (*more)(void *state, struct buffer *out);
        /* Frees what the state holds beside struct decoded; NULL: nothing. */
        void (*done)(void *state);
        /* Words for an error that begin() or more() returned; NULL: those of the input. */
        const char *(*problem)(int error);
};

/* How each state begins. */
struct decoded {
        const struct decoder *decoder;
        struct input *in;
        struct line_reader reader; /* of it, */
        struct buffer text;        /* or what was read of it: the decoder's to use */
        struct buffer out;         /* plain text; */
        size_t given;              /* so much of it was given out */
        int error;                 /* of begin(): the first that is read */
};

/* Reads in by a decoder; decode_read() is the read() of an input made of that. NULL when out of memory. The caller
 * frees it by decode_done(). */
struct decoded *decode_begin(const struct decoder *by, struct input *in);
ssize_t decode_read(void *decoded, void *buf, size_t n, const char **problem);
void decode_done(struct decoded *d);
/* Is an input made of that decoder? What it gives may look like what it takes. */
bool is_decoded(const struct input *in, const struct decoder *by);

/* The one that the text needs first; NULL: none, it is plain. */
const struct decoder *decoder_of(struct slice head);

/* All of the text, where its end must be known first: 0, -EFBIG where it is too large for that, -errno. */
int decoded_whole(struct input *in, struct buffer *text);
/* A problem() of those that turn a text round. */
const char *decoded_newest_problem(int error);

/* "&lt;" at the start: what it stands for, and how many bytes it takes; NULL where it is none. */
const char *reference_text(struct slice text, size_t *taken, char scratch[static 2]);

extern const struct decoder decoder_unicode, decoder_dump, decoder_octets, decoder_base64, decoder_rtf, decoder_xml,
        decoder_html, decoder_json, decoder_screen, decoder_headed, decoder_yaml_records, decoder_yaml, decoder_cells,
        decoder_template, decoder_parts, decoder_pieces, decoder_reversed, decoder_filled, decoder_newest,
        decoder_datagrams, decoder_csv;
