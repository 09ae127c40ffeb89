/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <string.h>

#include "base/table.h"

/* Eight bytes at a time, the last of a text once more. */
static inline uint64_t text_hash(struct slice s) {
        uint64_t h = HASH_START ^ s.n, v;

        if (s.n < sizeof(v))
                return hash_slice(h, s);
        for (size_t i = 0; i < s.n; i += sizeof(v)) {
                memcpy(&v, s.s + (s.n - i < sizeof(v) ? s.n - sizeof(v) : i), sizeof(v));
                h = hash_u64(h, v);
                h ^= h >> 32;
        }
        return h;
}
