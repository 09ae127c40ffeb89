/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "base/slice.h"

/* Items by hash. The caller owns the items. Zero-initialise; table_done() frees the table. */
struct table {
        struct table_slot {
                uint64_t hash;
                void *item; /* NULL: the slot is empty */
        } * slots;
        size_t n, n_slots;
};

/* FNV-1a, from HASH_START on. */
#define HASH_START 0xcbf29ce484222325ull
static inline uint64_t hash_u64(uint64_t h, uint64_t v) {
        return (h ^ v) * 0x100000001b3ull;
}
static inline uint64_t hash_slice(uint64_t h, struct slice s) {
        for (size_t i = 0; i < s.n; i++)
                h = hash_u64(h, (unsigned char) s.s[i]);
        return h;
}

/* The item with that hash for which same() is true; same NULL: the first with that hash. NULL if there is none. */
void *table_get(const struct table *t, uint64_t hash, bool (*same)(const void *item, const void *key), const void *key);
/* Adds an item without a search for duplicates. 0 or -ENOMEM. */
int table_add(struct table *t, uint64_t hash, const void *item);
/* Removes an item, if present. */
void table_remove(struct table *t, uint64_t hash, const void *item);
void table_clear(struct table *t);
void table_done(struct table *t);
