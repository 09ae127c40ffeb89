/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "boot/repeat.h"

#include <errno.h>
#include <string.h>

/* The slot that has it, or the empty one where it would be. */
static uint64_t *slot_of(const struct prints *p, uint64_t print) {
        size_t i = (size_t) (print ^ print >> 32) & (p->n_slots - 1);

        while (p->slots[i] && p->slots[i] != print)
                i = (i + 1) & (p->n_slots - 1);
        return &p->slots[i];
}

static bool has(const struct prints *p, uint64_t print) {
        return p->n && *slot_of(p, print);
}

/* At most half full. */
static int make_room(struct prints *p, struct arena *a) {
        struct prints more = { .n = p->n, .n_slots = p->n_slots ? p->n_slots * 2 : 16 };

        if (p->n < p->n_slots / 2)
                return 0;
        more.slots = arena_exact(a, more.n_slots * sizeof(*more.slots));
        if (!more.slots)
                return -ENOMEM;
        for (size_t i = 0; i < p->n_slots; i++)
                if (p->slots[i])
                        *slot_of(&more, p->slots[i]) = p->slots[i];
        *p = more;
        return 0;
}

int repeats_remember(struct repeats *r, struct arena *a, uint64_t print) {
        if (r->young.n == PRINTS_MAX) {
                const struct prints old = r->old;

                r->old = r->young;
                r->young = (struct prints) { .slots = old.slots, .n_slots = old.n_slots };
                if (old.n_slots)
                        memset(old.slots, 0, old.n_slots * sizeof(*old.slots));
        }
        int e = make_room(&r->young, a);
        if (e == 0) {
                *slot_of(&r->young, print | 1) = print | 1;
                r->young.n++;
        }
        return e;
}

int repeats_take(struct repeats *r, struct arena *a, uint64_t time_us, uint64_t print, bool starts) {
        r->replaying = time_us < r->latest_us || (r->replaying && time_us == r->latest_us);
        if (time_us > r->latest_us) {
                r->latest_us = time_us;
                r->going_back = false;
        } else if (has(&r->young, print | 1) || has(&r->old, print | 1))
                return 0;
        else if (time_us < r->latest_us) {
                r->going_back = r->going_back || starts;
                if (!r->going_back)
                        return 0;
        }
        int e = repeats_remember(r, a, print);
        return e < 0 ? e : 1;
}

bool repeats_may_differ(const struct repeats *r, uint64_t time_us) {
        return time_us == r->latest_us && !r->replaying;
}

int repeats_take_numbered(struct repeats *r, struct arena *a, uint64_t print) {
        if (has(&r->young, print | 1) || has(&r->old, print | 1))
                return 0;
        int e = repeats_remember(r, a, print);
        return e < 0 ? e : 1;
}
