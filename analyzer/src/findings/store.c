/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "findings/store.h"

#include <errno.h>
#include <stdlib.h>

void store_done(struct store *s) {
        for (size_t i = 0; i < s->n; i++)
                finding_free(s->items[i]);
        free(s->items);
        free(s->slots);
        pack_done(&s->pack);
        *s = (struct store) {};
}

static size_t slot_of(const struct store *s, const struct finding *f) {
        /* The signature is a hash already. */
        uint64_t h;
        memcpy(&h, f->signature + 3, sizeof(h));
        h = (h ^ f->boot) * 0x9e3779b97f4a7c15ull;
        size_t i = (size_t) (h >> 32) & (s->n_slots - 1);
        while (s->slots[i]) {
                const struct finding *other = s->items[s->slots[i] - 1];
                if (other->boot == f->boot && other->origin == f->origin && other->phase == f->phase &&
                    other->injected == f->injected && strcmp(other->signature, f->signature) == 0 &&
                    !finding_on_other_device(other, f))
                        break;
                i = (i + 1) & (s->n_slots - 1);
        }
        return i;
}

static int grow(struct store *s) {
        if (s->n == s->room) {
                size_t room = s->room ? s->room * 2 : 64;
                struct finding **items = realloc(s->items, room * sizeof(*items));
                if (!items)
                        return -ENOMEM;
                s->items = items;
                s->room = room;
        }
        if (s->n * 2 >= s->n_slots) {
                size_t n_slots = s->n_slots ? s->n_slots * 2 : 256;
                uint32_t *slots = calloc(n_slots, sizeof(*slots));
                if (!slots)
                        return -ENOMEM;
                free(s->slots);
                s->slots = slots;
                s->n_slots = n_slots;
                for (size_t i = 0; i < s->n; i++)
                        s->slots[slot_of(s, s->items[i])] = (uint32_t) i + 1;
        }
        return 0;
}

int store_copy(struct store *to, const struct store *from) {
        *to = (struct store) {};
        for (size_t i = 0; i < from->n; i++) {
                struct finding *f = malloc(sizeof(*f));
                int e = f ? grow(to) : -ENOMEM;
                if (e < 0) {
                        free(f);
                        return e;
                }
                *f = *from->items[i];
                f->arena = (struct arena) {};
                to->slots[slot_of(to, f)] = (uint32_t) i + 1;
                to->items[to->n++] = f;
        }
        return 0;
}

static void fold_into(struct finding *first, struct finding *f, uint64_t count) {
        first->count += count;
        first->last = f->last;
        finding_free(f);
}

int store_add(struct store *s, struct finding *f) {
        int e = grow(s);
        if (e < 0) {
                finding_free(f);
                return e;
        }
        size_t i = slot_of(s, f);
        if (s->slots[i]) {
                fold_into(s->items[s->slots[i] - 1], f, 1);
                return 0;
        }
        f->count = 1;
        e = pack_finding(&s->pack, f);
        if (e < 0) {
                finding_free(f);
                return e;
        }
        s->items[s->n++] = f;
        s->slots[i] = (uint32_t) s->n;
        return 0;
}

int store_keep(struct store *s, struct finding *f) {
        int e = grow(s);
        if (e == 0)
                e = pack_finding(&s->pack, f);
        if (e < 0) {
                finding_free(f);
                return e;
        }
        s->items[s->n++] = f;
        return 0;
}

int store_replace(struct store *s, struct finding *f, struct finding *by) {
        int e = pack_finding(&s->pack, by);

        if (e < 0) {
                finding_free(by);
                return e;
        }
        arena_free(&f->arena);
        *f = *by;
        free(by);
        return 0;
}

static void rehash(struct store *s) {
        if (s->n_slots)
                memset(s->slots, 0, s->n_slots * sizeof(*s->slots));
        for (size_t i = 0; i < s->n; i++)
                s->slots[slot_of(s, s->items[i])] = (uint32_t) i + 1;
}

void store_drop(struct store *s, struct finding *f) {
        size_t n = 0;

        for (size_t i = 0; i < s->n; i++)
                if (s->items[i] != f)
                        s->items[n++] = s->items[i];
        s->n = n;
        finding_free(f);
        rehash(s);
}

void store_drop_untimed(struct store *s, uint32_t boot) {
        size_t n = 0;

        for (size_t i = 0; i < s->n; i++) {
                struct finding *f = s->items[i];
                if (f->boot == boot && !f->first.has_mono && !f->first.has_real)
                        finding_free(f);
                else
                        s->items[n++] = f;
        }
        if (n == s->n)
                return;
        s->n = n;
        rehash(s);
}

static int by_first_line(const void *a, const void *b) {
        const struct finding *x = *(const struct finding *const *) a, *y = *(const struct finding *const *) b;

        if (x->source != y->source)
                return x->source < y->source ? -1 : 1;
        return x->number < y->number ? -1 : x->number > y->number;
}

void store_sort(struct store *s) {
        if (s->n == 0)
                return;
        qsort(s->items, s->n, sizeof(s->items[0]), by_first_line);
        rehash(s);
}

void store_fold(struct store *s) {
        size_t n = s->n;

        if (n == 0)
                return;
        memset(s->slots, 0, s->n_slots * sizeof(*s->slots));
        s->n = 0;
        for (size_t k = 0; k < n; k++) {
                struct finding *f = s->items[k];
                f->phase = 0;
                size_t i = slot_of(s, f);
                if (s->slots[i]) {
                        fold_into(s->items[s->slots[i] - 1], f, f->count);
                        continue;
                }
                s->items[s->n++] = f;
                s->slots[i] = (uint32_t) s->n;
        }
}
