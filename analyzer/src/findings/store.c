/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "findings/store.h"

#include <errno.h>
#include <stdlib.h>

#include "findings/signature.h"

void store_done(struct store *s) {
        for (size_t i = 0; i < s->n; i++)
                finding_free(s->items[i]);
        free(s->items);
        table_done(&s->table);
        pack_done(&s->pack);
        *s = (struct store){};
}

/* A report that was cut before any function says no more than whose it is: of two tasks it is two. */
static uint64_t whose(const struct finding *f) {
        return f->n_functions == 0 && f->n_corrupted && f->n_tasks ? f->tasks[0].pid + 1 : 0;
}

/* The signature is a hash already. What may differ without bound among its findings is in it, too: a table's search
 * passes all that are alike. */
static uint64_t hash_of(const struct finding *f) {
        uint64_t h;

        memcpy(&h, f->signature + 3, sizeof(h));
        return (h ^ f->boot ^ whose(f) << 32) * 0x9e3779b97f4a7c15ull;
}

static bool is_same(const void *item, const void *key) {
        const struct finding *a = item, *b = key;
        return a->boot == b->boot && a->origin == b->origin && a->phase == b->phase && a->injected == b->injected &&
               signature_same(a, b) && !finding_on_other_device(a, b) && whose(a) == whose(b);
}

static int make_room(struct store *s) {
        if (s->n < s->room)
                return 0;
        size_t room = s->room ? s->room * 2 : 64;
        struct finding **items = realloc(s->items, room * sizeof(*items));
        if (!items)
                return -ENOMEM;
        s->items = items;
        s->room = room;
        return 0;
}

int store_copy(struct store *to, const struct store *from) {
        *to = (struct store){};
        for (size_t i = 0; i < from->n; i++) {
                struct finding *f = malloc(sizeof(*f));
                int e = f ? make_room(to) : -ENOMEM;
                if (e == 0)
                        e = table_add(&to->table, hash_of(from->items[i]), f);
                if (e < 0) {
                        free(f);
                        return e;
                }
                *f = *from->items[i];
                f->arena = (struct arena){};
                to->items[to->n++] = f;
        }
        return 0;
}

/* A headline that waited for its body in vain comes late. */
static void fold_into(struct finding *first, struct finding *f, uint64_t count) {
        const bool late = f->source == first->source && f->number < first->number;

        first->count += count;
        if (late) {
                first->first = f->first;
                first->number = f->number;
        } else
                first->last = f->last;
        finding_free(f);
}

/* Of a text, whose lines anybody may have written: what was forged before the kernel's own report, or was cut, is not
 * what the finding is judged by where a later event is whole. */
static bool is_better(const struct finding *f, const struct finding *first) {
        return first->origin == ORIGIN_UNVERIFIED && first->n_corrupted && f->n_corrupted == 0;
}

static int take_place(struct store *s, struct finding *first, struct finding *f) {
        const struct finding was = *first; /* its strings go */
        int e = store_replace(s, first, f);

        if (e < 0)
                return e;
        memcpy(first->id, was.id, sizeof(first->id));
        first->count = was.count + 1;
        first->first = was.first;
        return 0;
}

bool store_count(struct store *s, struct finding *f) {
        struct finding *first = table_get(&s->table, hash_of(f), is_same, f);

        if (!first || is_better(f, first))
                return false;
        fold_into(first, f, 1);
        return true;
}

int store_add(struct store *s, struct finding *f) {
        const uint64_t h = hash_of(f);

        if (store_count(s, f))
                return 0;
        struct finding *first = table_get(&s->table, h, is_same, f);
        if (first)
                return take_place(s, first, f);
        f->count = 1;
        int e = store_keep(s, f);
        return e == 0 ? table_add(&s->table, h, f) : e;
}

int store_keep(struct store *s, struct finding *f) {
        int e = make_room(s);
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

void store_drop(struct store *s, struct finding *f) {
        size_t n = 0;

        for (size_t i = 0; i < s->n; i++)
                if (s->items[i] != f)
                        s->items[n++] = s->items[i];
        s->n = n;
        table_remove(&s->table, hash_of(f), f);
        finding_free(f);
}

static bool is_of_source(const struct finding *f, uint32_t source) {
        return f->source == source;
}

/* A boot loader prints no stack of a task, and names no task. Lines of a kernel may lack times, too. */
static bool is_loaders(const struct finding *f, uint32_t boot) {
        return f->boot == boot && !f->first.has_mono && !f->first.has_real && f->n_tasks == 0 && f->n_corrupted > 0;
}

static void drop_where(struct store *s, bool (*is)(const struct finding *f, uint32_t of), uint32_t of) {
        size_t n = 0;

        for (size_t i = 0; i < s->n; i++) {
                struct finding *f = s->items[i];
                if (is(f, of)) {
                        table_remove(&s->table, hash_of(f), f);
                        finding_free(f);
                } else
                        s->items[n++] = f;
        }
        s->n = n;
}

void store_drop_source(struct store *s, uint32_t source) {
        drop_where(s, is_of_source, source);
}

void store_drop_loaders(struct store *s, uint32_t boot) {
        drop_where(s, is_loaders, boot);
}

static int by_first_line(const void *a, const void *b) {
        const struct finding *x = *(const struct finding *const *) a, *y = *(const struct finding *const *) b;

        if (x->source != y->source)
                return x->source < y->source ? -1 : 1;
        return x->number < y->number ? -1 : x->number > y->number;
}

void store_sort(struct store *s) {
        if (s->n)
                qsort(s->items, s->n, sizeof(s->items[0]), by_first_line);
}

int store_fold(struct store *s) {
        const size_t n = s->n;
        int e = 0;

        table_clear(&s->table);
        s->n = 0;
        for (size_t k = 0; k < n; k++) {
                struct finding *f = s->items[k], *first;
                f->phase = 0;
                first = table_get(&s->table, hash_of(f), is_same, f);
                if (first) {
                        fold_into(first, f, f->count);
                        continue;
                }
                s->items[s->n++] = f;
                if (table_add(&s->table, hash_of(f), f) < 0)
                        e = -ENOMEM;
        }
        return e;
}

static bool is_event(const void *item, const void *key) {
        const struct finding *a = item, *b = key;

        return a->boot == b->boot &&
               (strcmp(a->id, b->id) == 0 || (a->source != b->source && a->origin == b->origin && event_same(a, b)));
}

/* Is one kept already that is found where this would be? Those with its id are found by that. */
static bool is_kept(const void *item, const void *key) {
        const struct finding *a = item, *b = key;

        return a->boot == b->boot && event_stands_for(a, b);
}

/* By which a table finds the event's other reports: in logs that begin alike, that say the same, and that have the
 * kernel's clock. */
enum { N_KEYS = 1 + EVENT_KEYS };
static void keys_of(const struct finding *f, bool sought, uint64_t keys[static N_KEYS]) {
        keys[0] = hash_slice(HASH_START, slice_of(f->id));
        (sought ? event_sought_by : event_kept_by)(f, keys + 1);
        for (size_t k = 0; k < N_KEYS; k++)
                keys[k] = keys[k] ? hash_u64(keys[k], f->boot) : 0;
}

/* One more report of the event. The whole one stays, and the larger count. */
static void join_event(struct finding *known, struct finding *f) {
        const struct finding more = f->count > known->count ? *f : *known;

        if (known->n_corrupted && f->n_corrupted == 0) {
                const struct finding was = *known;
                *known = *f;
                *f = was;
        }
        known->count = more.count;
        known->last = more.last;
        finding_free(f);
}

int store_join_boots(struct store *s, const uint32_t *to) {
        struct table events = {};
        const size_t n = s->n;
        int e = 0;

        table_clear(&s->table); /* store_fold() fills it */
        s->n = 0;
        for (size_t i = 0; i < n; i++) {
                struct finding *f = s->items[i], *known = NULL;
                uint64_t keys[N_KEYS];

                f->boot = to[f->boot];
                keys_of(f, true, keys);
                for (size_t k = 0; k < N_KEYS && !known; k++)
                        known = keys[k] ? table_get(&events, keys[k], is_event, f) : NULL;
                if (known) {
                        join_event(known, f);
                        continue;
                }
                s->items[s->n++] = f;
                keys_of(f, false, keys);
                for (size_t k = 0; k < N_KEYS; k++)
                        if (keys[k] && !(k > 0 && table_get(&events, keys[k], is_kept, f)) &&
                            table_add(&events, keys[k], f) < 0)
                                e = -ENOMEM;
        }
        table_done(&events);
        return e;
}

bool store_has_v1(const struct store *s) {
        for (size_t i = 0; i < s->n; i++)
                if (signature_is_v1(s->items[i]))
                        return true;
        return false;
}
