/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "saved/ids.h"

#include <errno.h>
#include <stdlib.h>

#include "base/macros.h"

struct saved_ids {
        struct finding **slots; /* open addressing */
        size_t n, n_slots;
};

struct saved_ids *ids_new(void) {
        return calloc(1, sizeof(struct saved_ids));
}

void ids_free(struct saved_ids *ids) {
        if (ids)
                free(ids->slots);
        free(ids);
}

/* Whoever writes a report by hand chooses the ids, so they are mixed. */
static size_t slot_of(const struct saved_ids *ids, const char *id) {
        uint64_t h = 0xcbf29ce484222325ull;

        for (size_t i = 0; i < ID_CHARS; i++)
                h = (h ^ (unsigned char) id[i]) * 0x100000001b3ull;
        size_t at = (size_t) (h ^ h >> 32) & (ids->n_slots - 1);
        while (ids->slots[at] && strcmp(ids->slots[at]->id, id) != 0)
                at = (at + 1) & (ids->n_slots - 1);
        return at;
}

struct finding *ids_get(const struct saved_ids *ids, const char *id) {
        return ids->n ? ids->slots[slot_of(ids, id)] : NULL;
}

/* A table of n_slots without one of the findings; NULL: with all of them. */
static int rebuild(struct saved_ids *ids, size_t n_slots, const struct finding *without) {
        struct saved_ids new = { .n_slots = n_slots, .slots = calloc(n_slots, sizeof(*new.slots)) };

        if (!new.slots)
                return -ENOMEM;
        for (size_t i = 0; i < ids->n_slots; i++)
                if (ids->slots[i] && ids->slots[i] != without) {
                        new.slots[slot_of(&new, ids->slots[i]->id)] = ids->slots[i];
                        new.n++;
                }
        free(ids->slots);
        *ids = new;
        return 0;
}

int ids_add(struct saved_ids *ids, struct finding *f) {
        int e = ids->n * 2 >= ids->n_slots ? rebuild(ids, MAX(ids->n_slots * 2, (size_t) 256), NULL) : 0;

        if (e < 0)
                return e;
        ids->slots[slot_of(ids, f->id)] = f;
        ids->n++;
        return 0;
}

int ids_drop(struct saved_ids *ids, const struct finding *f) {
        return rebuild(ids, ids->n_slots, f);
}
