/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "follow/codec.h"

#include <errno.h>
#include <stdlib.h>

static void fail(struct codec *c, int error) {
        if (c->error == 0)
                c->error = error;
}

static void put(struct codec *c, const void *p, size_t n) {
        if (c->error == 0 && buffer_add(&c->out, p, n) < 0)
                fail(c, -ENOMEM);
}

void codec_u64(struct codec *c, uint64_t *v) {
        if (!c->reading) {
                char bytes[10];
                size_t n = 0;

                for (uint64_t left = *v; n == 0 || left; left >>= 7)
                        bytes[n++] = (char) ((left & 0x7f) | (left > 0x7f ? 0x80 : 0));
                put(c, bytes, n);
                return;
        }
        *v = 0;
        for (unsigned shift = 0; c->error == 0; shift += 7) {
                if (c->in.n == 0 || shift > 63) {
                        fail(c, -EBADMSG);
                        *v = 0;
                        return;
                }
                const unsigned char byte = (unsigned char) c->in.s[0];
                c->in = slice_from(c->in, 1);
                *v |= (uint64_t) (byte & 0x7f) << shift;
                if (!(byte & 0x80))
                        return;
        }
}

/* So many of the bytes that are left to read; none on error. */
static struct slice take(struct codec *c, uint64_t n) {
        if (c->error < 0 || n > c->in.n) {
                fail(c, -EBADMSG);
                return SLICE_NULL;
        }
        struct slice s = slice_head(c->in, (size_t) n);
        c->in = slice_from(c->in, (size_t) n);
        return s;
}

/* 0 is NULL, else the length and one. */
static struct slice string(struct codec *c, const char *s) {
        uint64_t n = s ? strlen(s) + 1 : 0;

        codec_u64(c, &n);
        if (!c->reading) {
                if (n > 1)
                        put(c, s, (size_t) n - 1);
                return SLICE_NULL;
        }
        struct slice bytes = n ? take(c, n - 1) : SLICE_NULL;
        return n && c->error == 0 ? (struct slice){ bytes.n ? bytes.s : "", bytes.n } : SLICE_NULL;
}

void codec_string(struct codec *c, const char **s) {
        struct slice bytes = string(c, *s);

        if (!c->reading)
                return;
        *s = bytes.s ? arena_dup(c->arena, bytes) : NULL;
        if (bytes.s && !*s)
                fail(c, -ENOMEM);
}

void codec_own_string(struct codec *c, char **s) {
        struct slice bytes = string(c, *s);

        if (!c->reading)
                return;
        *s = bytes.s ? strndup(bytes.s, bytes.n) : NULL;
        if (bytes.s && !*s)
                fail(c, -ENOMEM);
}

void codec_bytes(struct codec *c, void *p, size_t n) {
        if (!c->reading) {
                put(c, p, n);
                return;
        }
        struct slice s = take(c, n);
        memset(p, 0, n);
        if (s.n)
                memcpy(p, s.s, s.n);
}

void codec_buffer(struct codec *c, struct buffer *b) {
        uint64_t n = b->size;

        codec_u64(c, &n);
        if (!c->reading) {
                put(c, b->data, b->size);
                return;
        }
        struct slice s = take(c, n);
        b->size = 0;
        if (buffer_add(b, s.s, s.n) < 0)
                fail(c, -ENOMEM);
}

void codec_array(struct codec *c, void **items, size_t *n, size_t size, size_t max) {
        uint64_t count = *n;

        codec_u64(c, &count);
        if (!c->reading)
                return;
        /* Each item takes a byte at least. */
        if (count > max || count > c->in.n)
                fail(c, -EBADMSG);
        *n = c->error == 0 ? (size_t) count : 0;
        *items = *n ? arena_items(c->arena, *n, size) : NULL;
        if (*n && !*items) {
                *n = 0;
                fail(c, -ENOMEM);
        }
}
