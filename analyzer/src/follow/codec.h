/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "base/arena.h"
#include "base/buffer.h"

/* Values to bytes and back: the same function writes and reads a structure, so that both stay consistent. Numbers have
 * variable length. The first error is kept; values read after it are 0 and NULL. */
struct codec {
        bool reading;
        int error;           /* -ENOMEM, or -EBADMSG for bytes that say nothing */
        struct buffer out;   /* while writing; the owner's to free */
        struct slice in;     /* what is left to read */
        struct arena *arena; /* where strings and arrays are put that are read */
};

void codec_u64(struct codec *c, uint64_t *v);
/* NULL stays NULL. What is read is never changed. */
void codec_string(struct codec *c, const char **s);
/* A string of malloc()'s. */
void codec_own_string(struct codec *c, char **s);
void codec_bytes(struct codec *c, void *p, size_t n);
void codec_buffer(struct codec *c, struct buffer *b);
/* The number of items, at most max; while reading, room for them in the arena. */
void codec_array(struct codec *c, void **items, size_t *n, size_t size, size_t max);

/* Any number, flag or enum. */
#define CODE(c, value)                                    \
        do {                                              \
                uint64_t v_ = (uint64_t) (value);         \
                codec_u64((c), &v_);                      \
                if ((c)->reading)                         \
                        (value) = (__typeof__(value)) v_; \
        } while (0)
#define CODE_ARRAY(c, array, n, max)                                      \
        do {                                                              \
                void *items_ = (void *) (uintptr_t) (array);              \
                codec_array((c), &items_, &(n), sizeof(*(array)), (max)); \
                (array) = items_;                                         \
        } while (0)
