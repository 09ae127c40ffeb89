/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>

#include "source/decode.h"

const char *decoded_newest_problem(int error) {
        return error == -EFBIG ? "it lists the newest line first, and is too large to be turned round" : NULL;
}

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
