/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <stddef.h>
#include <stdint.h>

/* The items of a table by a byte of each, or a hash of one byte: chains of indexes. At most BY_BYTE_MAX items; zero is
 * an empty index. */
enum { BY_BYTE_MAX = UINT8_MAX };
struct by_byte {
        uint8_t first[256], next[BY_BYTE_MAX + 1]; /* counted from 1; 0 ends */
};

/* Item i becomes the first of its byte's: add the last of a table first. */
static inline void by_byte_add(struct by_byte *x, uint8_t byte, size_t i) {
        x->next[i + 1] = x->first[byte];
        x->first[byte] = (uint8_t) (i + 1);
}

/* For each item i of that byte's, in the order of the table. */
#define BY_BYTE_EACH(x, byte, i) \
        for (size_t at_ = (x)->first[(uint8_t) (byte)], i; at_ && (i = at_ - 1, true); at_ = (x)->next[at_])
