/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <stdlib.h>

#include "base/macros.h"
#include "source/ahead.h"
#include "source/journal.h"

/* Most entries are noise. So an index of each file says where the trigger words are, and the reader jumps from one
 * such place to the next. What it makes of them cannot differ from what it would have made of all entries: it passes
 * over an entry only where it would have done nothing with it. The index is made from the file's bytes; where that
 * cannot be, and there are several threads, by stepping through the file with libsystemd. Threads make indexes ahead
 * of the reader, one file a thread at a time. */

/* Files that are indexed before the reader wants them, for each thread. */
enum { AHEAD = 4 };

struct journal_ahead {
        const struct journal_file *files;
        const struct journal_filter *filter;
        const struct trigger_set *triggers;
        const size_t *order;
        struct journal_index *indexes;
        size_t n;
        size_t wanted; /* the first whose index the reader may still use */
        bool search;   /* files' bytes, before libsystemd is asked */
        bool threaded;
        struct ahead *ahead;
};

static void index_done(struct journal_index *x) {
        free(x->stretches);
        *x = (struct journal_index){};
}

/* The entry's number within its journald's; libsystemd 252 gives it in the cursor only: "s=ID;i=HEX;..." */
static int sequence(sd_journal *j, uint64_t *ret) {
        _cleanup_free_ char *cursor = NULL;

        int r = sd_journal_get_cursor(j, &cursor);
        if (r < 0)
                return r;
        struct slice s = slice_of(cursor);
        if (!slice_eat(&s, SLICE("s=")) || s.n < 32)
                return -EBADMSG;
        s = slice_from(s, 32);
        return slice_eat(&s, SLICE(";i=")) && slice_eat_hex(&s, ret) ? 0 : -EBADMSG;
}

/* One entry, which j stands at. boot: of the one before. 1; 0: it is later than what is wanted; -errno. */
static int index_entry(const struct journal_ahead *a, const struct journal_file *f, sd_journal *j, sd_id128_t *boot,
                       struct journal_index *x) {
        const bool one_boot = f->n_boots == 1 && x->entries > 0;
        uint64_t mono = f->last.mono_us, real, seqnum = 0;
        sd_id128_t id = *boot;
        struct slice message;
        int r = 0;

        if (!one_boot || a->filter->has_until)
                r = sd_journal_get_monotonic_usec(j, &mono, &id);
        if (r >= 0 && a->filter->has_until) {
                r = sd_journal_get_realtime_usec(j, &real);
                if (r >= 0 && real > a->filter->until_us)
                        return 0;
        }
        if (r < 0)
                return r;
        r = journal_field(j, "MESSAGE", &message);
        if (r < 0 && r != -ENOENT)
                return r;
        if (r == -ENOENT)
                message = SLICE_NULL;
        const bool wanted = x->entries == 0 || !sd_id128_equal(id, *boot) || trigger_in(a->triggers, message);
        r = wanted ? sequence(j, &seqnum) : 0;
        if (r >= 0)
                r = journal_index_add(x, wanted, seqnum, message.n, mono);
        *boot = id;
        return r < 0 ? r : 1;
}

/* Any error makes the reader read the file itself, entry by entry, and say what is wrong with it. */
static int index_entries(const struct journal_ahead *a, const struct journal_file *f, struct journal_index *x) {
        _cleanup_(journal_closep) sd_journal *j = NULL;
        sd_id128_t boot = {};
        int r = journal_files_open(&j, f, 1, a->filter);

        while (r >= 0 && (r = sd_journal_next(j)) > 0) {
                r = index_entry(a, f, j, &boot, x);
                if (r <= 0)
                        return r;
        }
        return r;
}

static void index_file(void *userdata, uint64_t i) {
        const struct journal_ahead *a = userdata;
        const struct journal_file *f = &a->files[a->order[i]];
        struct journal_index *x = &a->indexes[i];
        int r = a->search ? journal_search(f, a->filter, a->triggers, x) : -ENOTSUP;

        if (r == 0)
                return;
        index_done(x);
        x->unmapped = r;
        if (a->threaded)
                r = index_entries(a, f, x);
        x->error = r < 0 ? r : 0;
}

int journal_ahead_start(struct journal_ahead **ret, const struct journal_file *files,
                        const struct journal_filter *filter, const struct trigger_set *triggers, const size_t *order,
                        size_t n, unsigned n_threads, bool search) {
        struct journal_ahead *a = calloc(1, sizeof(*a));

        if (!a)
                return -ENOMEM;
        *a = (struct journal_ahead){
                .files = files,
                .filter = filter,
                .triggers = triggers,
                .order = order,
                .n = n,
                .search = search,
                .threaded = n_threads > 1,
                .indexes = calloc(n + 1, sizeof(*a->indexes)),
        };
        int e = a->indexes ? ahead_start(&a->ahead, index_file, a, n, MAX((size_t) n_threads, (size_t) 1) * AHEAD,
                                         n_threads) :
                             -ENOMEM;
        if (e < 0) {
                free(a->indexes);
                free(a);
                return e;
        }
        *ret = a;
        return 0;
}

const struct journal_index *journal_ahead_get(struct journal_ahead *a, size_t i) {
        for (; a->wanted < i; a->wanted++) {
                ahead_wait(a->ahead, a->wanted);
                index_done(&a->indexes[a->wanted]);
                ahead_release(a->ahead, a->wanted + 1);
        }
        ahead_wait(a->ahead, i);
        return &a->indexes[i];
}

void journal_ahead_stop(struct journal_ahead *a) {
        if (!a)
                return;
        ahead_stop(a->ahead);
        for (size_t i = 0; i < a->n; i++)
                index_done(&a->indexes[i]);
        free(a->indexes);
        free(a);
}
