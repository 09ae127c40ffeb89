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

int ids_add(struct saved_ids *ids, struct finding *f) {
        if (ids->n * 2 >= ids->n_slots) {
                struct saved_ids bigger = { .n = ids->n, .n_slots = MAX(ids->n_slots * 2, (size_t) 256) };
                bigger.slots = calloc(bigger.n_slots, sizeof(*bigger.slots));
                if (!bigger.slots)
                        return -ENOMEM;
                for (size_t i = 0; i < ids->n_slots; i++)
                        if (ids->slots[i])
                                bigger.slots[slot_of(&bigger, ids->slots[i]->id)] = ids->slots[i];
                free(ids->slots);
                *ids = bigger;
        }
        ids->slots[slot_of(ids, f->id)] = f;
        ids->n++;
        return 0;
}
