/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "base/slice.h"
#include <stddef.h>

/* A growing byte array. Zero-initialise; buffer_done() frees it. */
struct buffer {
        char *data;
        size_t size, room;
};

void buffer_done(struct buffer *b);
/* 0 or -ENOMEM. */
int buffer_add(struct buffer *b, const void *data, size_t n);
int buffer_reserve(struct buffer *b, size_t more);
/* Drops bytes from the front. */
void buffer_drop(struct buffer *b, size_t n);

static inline int buffer_add_slice(struct buffer *b, struct slice s) {
        return buffer_add(b, s.s, s.n);
}

static inline struct slice buffer_slice(const struct buffer *b, size_t at, size_t n) {
        return (struct slice){ b->data ? b->data + at : NULL, n };
}

/* All of it. */
static inline struct slice buffer_all(const struct buffer *b) {
        return buffer_slice(b, 0, b->size);
}
