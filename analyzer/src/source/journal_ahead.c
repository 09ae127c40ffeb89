/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <pthread.h>
#include <stdlib.h>

#include "base/macros.h"
#include "source/journal.h"

/* Most of the time that a journal takes goes into libsystemd's stepping from entry to entry, and most entries
 * are noise. So threads step through whole files, one file a thread at a time, and write down where the trigger
 * words are; the reader then jumps from one such place to the next. What it makes of them cannot differ from
 * what it would have made of all entries: it passes over an entry only where it would have done nothing with it. */

/* Places closer than this are one stretch: to seek takes as long as to step over some entries. */
enum { STRETCH_GAP = 8 };
/* A file in which entries of many boots alternate gains nothing by an index. */
enum { RUNS_MAX = 4096 };
/* Files that are indexed before the reader wants them, for each thread. */
enum { AHEAD = 4 };

enum state { WAITING, TAKEN, READY };

struct slot {
        enum state state;
        struct journal_index index;
};

struct journal_ahead {
        const struct journal_file *files;
        const struct journal_filter *filter;
        const struct trigger_set *triggers;
        const size_t *order;
        struct slot *slots;
        size_t n, next; /* the first that nobody has taken */
        size_t wanted;  /* the first that the reader has not seen */
        size_t window;
        bool stop;
        pthread_mutex_t lock;
        pthread_cond_t changed;
        pthread_t *threads;
        unsigned n_threads;
};

static void index_done(struct journal_index *x) {
        free(x->runs);
        free(x->stretches);
        *x = (struct journal_index){};
}

/* Grows an array of which n items are in use by one. */
static void *grow(void *items, size_t n, size_t size) {
        if (n != 0 && (n & (n - 1)) != 0)
                return items;
        return reallocarray(items, n ? n * 2 : 1, size);
}

/* The entry's number within its journald's; libsystemd 252 gives it in the cursor only: "s=ID;i=HEX;..." */
static int sequence(sd_journal *j, sd_id128_t *id, uint64_t *ret) {
        _cleanup_free_ char *cursor = NULL;
        char hex[33] = {};

        int r = sd_journal_get_cursor(j, &cursor);
        if (r < 0)
                return r;
        struct slice s = slice_of(cursor);
        if (!slice_eat(&s, SLICE("s=")) || s.n < 32)
                return -EBADMSG;
        memcpy(hex, s.s, 32);
        s = slice_from(s, 32);
        if (sd_id128_from_string(hex, id) < 0 || !slice_eat(&s, SLICE(";i=")) || !slice_eat_hex(&s, ret))
                return -EBADMSG;
        return 0;
}

static void copy_field(sd_journal *j, const char *name, char *to, size_t room) {
        struct slice s;

        if (journal_field(j, name, &s) < 0 || s.n >= room)
                return;
        memcpy(to, s.s, s.n);
        to[s.n] = '\0';
}

static int begin_run(struct journal_index *x, sd_journal *j, sd_id128_t boot) {
        struct journal_run *runs = x->n_runs < RUNS_MAX ? grow(x->runs, x->n_runs, sizeof(*runs)) : NULL;

        if (x->n_runs == RUNS_MAX)
                return -E2BIG;
        if (!runs)
                return -ENOMEM;
        x->runs = runs;
        struct journal_run *run = &runs[x->n_runs++];
        *run = (struct journal_run){
                .boot = boot,
                .first = x->entries,
                .end = x->entries,
                .bytes = x->bytes,
                .first_stretch = x->n_stretches,
        };
        copy_field(j, "_MACHINE_ID", run->machine, sizeof(run->machine));
        copy_field(j, "_HOSTNAME", run->host, sizeof(run->host));
        int r = sd_journal_get_realtime_usec(j, &run->first_real_us);
        if (r >= 0)
                r = journal_kernel_time(j, &run->first_mono_us);
        return r < 0 ? r : sequence(j, &x->seqnum_id, &run->seqnum);
}

static int add_hit(struct journal_index *x, sd_journal *j) {
        struct journal_run *run = &x->runs[x->n_runs - 1];

        if (run->n_stretches && x->entries - x->stretches[x->n_stretches - 1].last <= STRETCH_GAP) {
                x->stretches[x->n_stretches - 1].last = x->entries;
                return 0;
        }
        struct journal_stretch *stretches = grow(x->stretches, x->n_stretches, sizeof(*stretches));
        if (!stretches)
                return -ENOMEM;
        x->stretches = stretches;
        struct journal_stretch *s = &stretches[x->n_stretches++];
        *s = (struct journal_stretch){ .first = x->entries, .last = x->entries, .bytes = x->bytes };
        run->n_stretches++;
        return sequence(j, &x->seqnum_id, &s->seqnum);
}

/* Any error makes the reader read the file itself, entry by entry, and say what is wrong with it. */
static int index_file(const struct journal_ahead *a, const struct journal_file *f, struct journal_index *x) {
        _cleanup_(journal_closep) sd_journal *j = NULL;
        struct slice message;
        int r = journal_files_open(&j, f, 1, a->filter);

        while (r >= 0 && (r = sd_journal_next(j)) > 0) {
                /* Of a file with one boot is known when it ends. */
                uint64_t mono = f->last.mono_us, real;
                sd_id128_t boot = f->last.boot;

                if (f->n_boots != 1 || x->n_runs == 0 || a->filter->has_until)
                        r = sd_journal_get_monotonic_usec(j, &mono, &boot);
                if (r >= 0 && a->filter->has_until) {
                        r = sd_journal_get_realtime_usec(j, &real);
                        if (r >= 0 && real > a->filter->until_us)
                                return 0;
                }
                if (r >= 0 && (x->n_runs == 0 || !sd_id128_equal(boot, x->runs[x->n_runs - 1].boot)))
                        r = begin_run(x, j, boot);
                if (r < 0)
                        return r;
                r = journal_field(j, "MESSAGE", &message);
                if (r == -ENOENT)
                        message = SLICE_NULL;
                else if (r < 0)
                        return r;
                r = trigger_in(a->triggers, message) ? add_hit(x, j) : 0;
                struct journal_run *run = &x->runs[x->n_runs - 1];
                run->end = ++x->entries;
                run->last_mono_us = mono;
                x->bytes += message.n;
                run->end_bytes = x->bytes;
        }
        return r;
}

/* Takes the next file and indexes it; called and left with the lock held. False when there is none to take. */
static bool work(struct journal_ahead *a) {
        if (a->stop || a->next >= a->n || a->next >= a->wanted + a->window)
                return false;

        struct slot *s = &a->slots[a->next];
        const struct journal_file *f = &a->files[a->order[a->next]];
        a->next++;
        s->state = TAKEN;
        pthread_mutex_unlock(&a->lock);
        int r = index_file(a, f, &s->index);
        s->index.error = r < 0 ? r : 0;
        pthread_mutex_lock(&a->lock);
        s->state = READY;
        pthread_cond_broadcast(&a->changed);
        return true;
}

static void *thread(void *userdata) {
        struct journal_ahead *a = userdata;

        pthread_mutex_lock(&a->lock);
        while (!a->stop && a->next < a->n)
                if (!work(a))
                        pthread_cond_wait(&a->changed, &a->lock);
        pthread_mutex_unlock(&a->lock);
        return NULL;
}

int journal_ahead_start(struct journal_ahead **ret, const struct journal_file *files,
                        const struct journal_filter *filter, const struct trigger_set *triggers, const size_t *order,
                        size_t n, unsigned n_threads) {
        struct journal_ahead *a = calloc(1, sizeof(*a));

        if (!a)
                return -ENOMEM;
        *a = (struct journal_ahead){
                .files = files,
                .filter = filter,
                .triggers = triggers,
                .order = order,
                .n = n,
                .window = (size_t) n_threads * AHEAD,
                .slots = calloc(n + 1, sizeof(*a->slots)),
                .threads = calloc(n_threads + 1, sizeof(*a->threads)),
        };
        if (!a->slots || !a->threads) {
                free(a->slots);
                free(a->threads);
                free(a);
                return -ENOMEM;
        }
        pthread_mutex_init(&a->lock, NULL);
        pthread_cond_init(&a->changed, NULL);
        /* The reader is one of them. Where threads can't be had it does all the work. */
        while (a->n_threads + 1 < n_threads && pthread_create(&a->threads[a->n_threads], NULL, thread, a) == 0)
                a->n_threads++;
        *ret = a;
        return 0;
}

const struct journal_index *journal_ahead_get(struct journal_ahead *a, size_t i) {
        struct slot *s = &a->slots[i];

        pthread_mutex_lock(&a->lock);
        for (; a->wanted < i; a->wanted++)
                index_done(&a->slots[a->wanted].index);
        pthread_cond_broadcast(&a->changed);
        while (s->state != READY)
                if (!work(a))
                        pthread_cond_wait(&a->changed, &a->lock);
        pthread_mutex_unlock(&a->lock);
        return &s->index;
}

void journal_ahead_stop(struct journal_ahead *a) {
        if (!a)
                return;
        pthread_mutex_lock(&a->lock);
        a->stop = true;
        pthread_cond_broadcast(&a->changed);
        pthread_mutex_unlock(&a->lock);
        for (unsigned i = 0; i < a->n_threads; i++)
                pthread_join(a->threads[i], NULL);
        for (size_t i = 0; i < a->n; i++)
                index_done(&a->slots[i].index);
        pthread_cond_destroy(&a->changed);
        pthread_mutex_destroy(&a->lock);
        free(a->slots);
        free(a->threads);
        free(a);
}
