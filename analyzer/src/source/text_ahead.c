/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "source/text_ahead.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/macros.h"

/* Blocks that are read before they are wanted, for each thread; fewer blocks than that in a file are none too many for
 * one thread. */
enum { AHEAD = 3, BLOCKS_MIN = 8 };

enum state { FREE, TAKEN, READY };

struct slot {
        enum state state;
        char *room; /* for what is before, and the block */
        size_t n;
        bool searched;
        struct trigger_lines lines;
};

struct text_ahead {
        int fd;
        uint64_t from;
        const struct trigger_set *words;
        uint64_t n;    /* whole blocks */
        uint64_t next; /* the first that nobody has taken */
        uint64_t wanted;
        struct slot *slots; /* of block i: i modulo their number */
        size_t n_slots;
        bool stop;
        pthread_mutex_t lock;
        pthread_cond_t changed;
        pthread_t *threads;
        unsigned n_threads;
};

static size_t read_block(const struct text_ahead *a, char *to, uint64_t i) {
        size_t n = 0;

        while (n < TEXT_BLOCK) {
                ssize_t k = pread(a->fd, to + n, TEXT_BLOCK - n, (off_t) (a->from + i * TEXT_BLOCK + n));
                if (k < 0 && errno == EINTR)
                        continue;
                if (k <= 0)
                        break;
                n += (size_t) k;
        }
        return n;
}

/* Takes the next block, reads and searches it; called and left with the lock held. False when there is none to take.
 * The slot before the wanted one's is still the reader's. */
static bool work(struct text_ahead *a) {
        if (a->stop || a->next >= a->n || a->next + 1 >= a->wanted + a->n_slots)
                return false;

        const uint64_t i = a->next++;
        struct slot *s = &a->slots[i % a->n_slots];
        s->state = TAKEN;
        pthread_mutex_unlock(&a->lock);
        s->n = read_block(a, s->room + TEXT_BEFORE, i);
        s->searched = trigger_find_lines(a->words, (struct slice){ s->room + TEXT_BEFORE, s->n }, &s->lines) == 0;
        pthread_mutex_lock(&a->lock);
        s->state = READY;
        pthread_cond_broadcast(&a->changed);
        return true;
}

static void *thread(void *userdata) {
        struct text_ahead *a = userdata;

        pthread_mutex_lock(&a->lock);
        while (!a->stop && a->next < a->n)
                if (!work(a))
                        pthread_cond_wait(&a->changed, &a->lock);
        pthread_mutex_unlock(&a->lock);
        return NULL;
}

static struct text_ahead *new_ahead(unsigned n_threads) {
        struct text_ahead *a = calloc(1, sizeof(*a));

        if (!a)
                return NULL;
        pthread_mutex_init(&a->lock, NULL);
        pthread_cond_init(&a->changed, NULL);
        a->n_slots = (size_t) n_threads * AHEAD;
        a->slots = calloc(a->n_slots, sizeof(*a->slots));
        a->threads = calloc(n_threads, sizeof(*a->threads));
        bool whole = a->slots && a->threads;
        for (size_t i = 0; whole && i < a->n_slots; i++)
                whole = (a->slots[i].room = malloc(TEXT_BEFORE + TEXT_BLOCK)) != NULL;
        return whole ? a : text_ahead_stop(a);
}

struct text_ahead *text_ahead_start(int fd, uint64_t from, const struct trigger_set *words, unsigned n_threads) {
        struct stat st;

        if (n_threads < 2 || fstat(fd, &st) < 0 || !S_ISREG(st.st_mode) || (uint64_t) st.st_size < from ||
            ((uint64_t) st.st_size - from) / TEXT_BLOCK < BLOCKS_MIN)
                return NULL;
        struct text_ahead *a = new_ahead(n_threads);
        if (!a)
                return NULL;
        a->fd = fd;
        a->from = from;
        a->words = words;
        a->n = ((uint64_t) st.st_size - from) / TEXT_BLOCK;
        while (a->n_threads + 1 < n_threads && pthread_create(&a->threads[a->n_threads], NULL, thread, a) == 0)
                a->n_threads++;
        return a->n_threads ? a : text_ahead_stop(a);
}

bool text_ahead_next(struct text_ahead *a, struct slice before, struct text_block *ret) {
        if (a->wanted == a->n || before.n > TEXT_BEFORE)
                return false;

        struct slot *s = &a->slots[a->wanted % a->n_slots];
        pthread_mutex_lock(&a->lock);
        while (s->state != READY)
                if (!work(a))
                        pthread_cond_wait(&a->changed, &a->lock);
        pthread_mutex_unlock(&a->lock);
        if (s->n < TEXT_BLOCK)
                return false;
        *ret = (struct text_block){
                .bytes = s->room + TEXT_BEFORE - before.n,
                .lines = s->searched ? &s->lines : NULL,
        };
        if (before.n)
                memcpy(ret->bytes, before.s, before.n);
        /* The slot of the block before, whose bytes those were, may be used again. */
        pthread_mutex_lock(&a->lock);
        if (a->wanted > 0)
                a->slots[(a->wanted - 1) % a->n_slots].state = FREE;
        a->wanted++;
        pthread_cond_broadcast(&a->changed);
        pthread_mutex_unlock(&a->lock);
        return true;
}

struct text_ahead *text_ahead_stop(struct text_ahead *a) {
        if (!a)
                return NULL;
        pthread_mutex_lock(&a->lock);
        a->stop = true;
        pthread_cond_broadcast(&a->changed);
        pthread_mutex_unlock(&a->lock);
        for (unsigned i = 0; i < a->n_threads; i++)
                pthread_join(a->threads[i], NULL);
        for (size_t i = 0; a->slots && i < a->n_slots; i++) {
                free(a->slots[i].room);
                free(a->slots[i].lines.items);
        }
        pthread_cond_destroy(&a->changed);
        pthread_mutex_destroy(&a->lock);
        free(a->slots);
        free(a->threads);
        free(a);
        return NULL;
}
