/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "base/table.h"

#include <errno.h>
#include <stdlib.h>

/* Open addressing; the number of slots is a power of two. */
static size_t first_slot(const struct table *t, uint64_t hash) {
        return (size_t) (hash ^ hash >> 32) & (t->n_slots - 1);
}

static size_t next_slot(const struct table *t, size_t at) {
        return (at + 1) & (t->n_slots - 1);
}

void *table_get(const struct table *t, uint64_t hash, bool (*same)(const void *item, const void *key),
                const void *key) {
        if (t->n == 0)
                return NULL;
        for (size_t at = first_slot(t, hash); t->slots[at].item; at = next_slot(t, at))
                if (t->slots[at].hash == hash && (!same || same(t->slots[at].item, key)))
                        return t->slots[at].item;
        return NULL;
}

static void put(struct table *t, struct table_slot slot) {
        size_t at = first_slot(t, slot.hash);

        while (t->slots[at].item)
                at = next_slot(t, at);
        t->slots[at] = slot;
}

/* At most three quarters full. */
static int grow(struct table *t) {
        struct table more = { .n = t->n, .n_slots = t->n_slots ? t->n_slots * 2 : 16 };

        if (t->n < t->n_slots / 4 * 3)
                return 0;
        more.slots = calloc(more.n_slots, sizeof(*more.slots));
        if (!more.slots)
                return -ENOMEM;
        for (size_t i = 0; i < t->n_slots; i++)
                if (t->slots[i].item)
                        put(&more, t->slots[i]);
        free(t->slots);
        *t = more;
        return 0;
}

int table_add(struct table *t, uint64_t hash, const void *item) {
        int e = grow(t);

        if (e < 0)
                return e;
        put(t, (struct table_slot){ hash, (void *) (uintptr_t) item });
        t->n++;
        return 0;
}

void table_remove(struct table *t, uint64_t hash, const void *item) {
        if (t->n == 0)
                return;
        size_t at = first_slot(t, hash);
        while (t->slots[at].item && t->slots[at].item != item)
                at = next_slot(t, at);
        if (!t->slots[at].item)
                return;
        t->slots[at].item = NULL;
        t->n--;
        /* Those behind it may have been put there because it was in the way. */
        for (at = next_slot(t, at); t->slots[at].item; at = next_slot(t, at)) {
                const struct table_slot slot = t->slots[at];
                t->slots[at].item = NULL;
                put(t, slot);
        }
}

void table_clear(struct table *t) {
        if (t->n_slots)
                memset(t->slots, 0, t->n_slots * sizeof(*t->slots));
        t->n = 0;
}

void table_done(struct table *t) {
        free(t->slots);
        *t = (struct table){};
}
