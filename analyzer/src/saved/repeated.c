/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "saved/repeated.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"

/* By the boots of the reports: is there a log of it, and has it a finding that the log lacks? */
struct repeating {
        struct saved *saved;
        struct scan *logs;
        bool *logged, *left;
};

static bool is_boot(const void *item, const void *key) {
        return strcmp(boot_identity(item), key) == 0;
}

static bool is_event(const void *item, const void *key) {
        return strcmp(((const struct finding *) item)->id, key) == 0;
}

static uint64_t hash_text(const char *s) {
        return hash_slice(HASH_START, slice_of(s));
}

/* Pairs the boots: each of the logs once, with the first of the reports. */
static int pair_boots(struct repeating *r) {
        const struct boots *logs = &r->logs->boots, *saved = &r->saved->scan.boots;
        struct table boots = {};
        int e = 0;

        for (size_t i = 0; e == 0 && i < logs->n; i++)
                e = *boot_identity(logs->items[i]) ?
                            table_add(&boots, hash_text(boot_identity(logs->items[i])), logs->items[i]) :
                            0;
        for (size_t i = 0; e == 0 && i < saved->n; i++) {
                const char *is = boot_identity(saved->items[i]);
                struct boot *b = *is ? table_get(&boots, hash_text(is), is_boot, is) : NULL;
                if (!b)
                        continue;
                table_remove(&boots, hash_text(is), b);
                r->logged[i] = true;
                saved->items[i]->same = b;
                if (b->n_labels == 0) {
                        b->labels = saved->items[i]->labels;
                        b->n_labels = saved->items[i]->n_labels;
                }
        }
        table_done(&boots);
        return e;
}

static int drop_findings(struct repeating *r) {
        struct store *saved = &r->saved->scan.store;
        const struct store *logs = &r->logs->store;
        struct table events = {};
        int e = 0;

        for (size_t i = 0; e == 0 && i < logs->n; i++)
                e = table_add(&events, hash_text(logs->items[i]->id), logs->items[i]);
        for (size_t i = saved->n; e == 0 && i-- > 0;) {
                struct finding *f = saved->items[i];
                if (!r->logged[f->boot])
                        continue;
                if (table_get(&events, hash_text(f->id), is_event, f->id))
                        store_drop(saved, f);
                else
                        r->left[f->boot] = true;
        }
        table_done(&events);
        return e;
}

static int count(const struct repeating *r, struct repeated *ret) {
        const struct scan *s = &r->saved->scan;
        _cleanup_free_ size_t *boots = calloc(s->n_sources + 1, sizeof(*boots)),
                              *repeated = calloc(s->n_sources + 1, sizeof(*repeated));

        if (!boots || !repeated)
                return -ENOMEM;
        for (size_t b = 0; b < s->boots.n; b++) {
                const uint32_t source = s->boots.items[b]->source;
                const bool again = r->logged[b] && !r->left[b];

                ret->boots += again;
                if (source < s->n_sources) {
                        boots[source]++;
                        repeated[source] += again;
                }
        }
        for (size_t i = 0; i < s->n_sources; i++)
                ret->sources += boots[i] && boots[i] == repeated[i];
        return 0;
}

int saved_drop_repeated(struct saved *s, struct scan *logs, struct repeated *ret) {
        const size_t n = s->scan.boots.n;
        _cleanup_free_ bool *logged = calloc(n + 1, sizeof(*logged)), *left = calloc(n + 1, sizeof(*left));
        struct repeating r = { s, logs, logged, left };

        *ret = (struct repeated){};
        if (!logged || !left)
                return -ENOMEM;
        if (n == 0 || logs->boots.n == 0)
                return 0;
        return pair_boots(&r) < 0 || drop_findings(&r) < 0 ? -ENOMEM : count(&r, ret);
}
