/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <stdlib.h>

#include "source/journal.h"

/* Places closer than this are one stretch: to seek takes as long as to step over some entries. */
enum { STRETCH_GAP = 8 };
/* Grows an array of which n items are in use by one. */
static void *grow(void *items, size_t n, size_t size) {
        if (n != 0 && (n & (n - 1)) != 0)
                return items;
        return reallocarray(items, n ? n * 2 : 1, size);
}

static int add_wanted(struct journal_index *x, uint64_t seqnum) {
        struct journal_stretch *last = x->n_stretches ? &x->stretches[x->n_stretches - 1] : NULL;

        if (last && x->entries - last->last <= STRETCH_GAP) {
                last->last = x->entries;
                x->bytes = 0;
                return 0;
        }
        struct journal_stretch *stretches = grow(x->stretches, x->n_stretches, sizeof(*stretches));
        if (!stretches)
                return -ENOMEM;
        x->stretches = stretches;
        stretches[x->n_stretches++] = (struct journal_stretch){
                .first = x->entries,
                .last = x->entries,
                .seqnum = seqnum,
                .bytes = x->bytes,
                .mono_us = x->mono_us,
        };
        x->bytes = 0;
        return 0;
}

int journal_index_add(struct journal_index *x, bool wanted, uint64_t seqnum, uint64_t bytes, uint64_t mono_us) {
        int r = 0;

        if (wanted)
                r = add_wanted(x, seqnum);
        else
                x->bytes += bytes;
        x->entries++;
        x->last_seqnum = seqnum;
        x->mono_us = mono_us;
        return r;
}
