/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "base/buffer.h"

#include <errno.h>
#include <stdlib.h>

void buffer_done(struct buffer *b) {
        free(b->data);
        *b = (struct buffer){};
}

int buffer_reserve(struct buffer *b, size_t more) {
        if (b->room - b->size >= more)
                return 0;
        if (more > SIZE_MAX / 4 || b->size > SIZE_MAX / 4)
                return -ENOMEM;
        size_t room = b->room * 2 > b->size + more ? b->room * 2 : b->size + more;
        if (room < 256)
                room = 256;
        char *p = realloc(b->data, room);
        if (!p)
                return -ENOMEM;
        b->data = p;
        b->room = room;
        return 0;
}

int buffer_add(struct buffer *b, const void *data, size_t n) {
        int r = buffer_reserve(b, n);
        if (r < 0)
                return r;
        if (n)
                memcpy(b->data + b->size, data, n);
        b->size += n;
        return 0;
}

void buffer_drop(struct buffer *b, size_t n) {
        if (n < b->size)
                memmove(b->data, b->data + n, b->size - n);
        b->size = n < b->size ? b->size - n : 0;
}
