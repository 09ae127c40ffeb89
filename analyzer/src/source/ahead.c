/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "source/ahead.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>

struct ahead {
        ahead_job_t job;
        void *userdata;
        uint64_t n;
        uint64_t next;  /* the first that nobody has begun */
        uint64_t first; /* the first that was not released */
        size_t window;
        bool *done; /* of job i: i modulo the window */
        bool stop;
        pthread_mutex_t lock;
        pthread_cond_t changed;
        pthread_t *threads;
        unsigned n_threads;
};

/* Does the next job; called and left with the lock held. False if there is none to be begun. */
static bool work(struct ahead *a) {
        if (a->stop || a->next >= a->n || a->next >= a->first + a->window)
                return false;

        const uint64_t i = a->next++;
        pthread_mutex_unlock(&a->lock);
        a->job(a->userdata, i);
        pthread_mutex_lock(&a->lock);
        a->done[i % a->window] = true;
        pthread_cond_broadcast(&a->changed);
        return true;
}

static void *thread(void *userdata) {
        struct ahead *a = userdata;

        pthread_mutex_lock(&a->lock);
        while (!a->stop && a->next < a->n)
                if (!work(a))
                        pthread_cond_wait(&a->changed, &a->lock);
        pthread_mutex_unlock(&a->lock);
        return NULL;
}

int ahead_start(struct ahead **ret, ahead_job_t job, void *userdata, uint64_t n, size_t window, unsigned n_threads) {
        struct ahead *a = calloc(1, sizeof(*a));

        if (!a)
                return -ENOMEM;
        *a = (struct ahead){
                .job = job,
                .userdata = userdata,
                .n = n,
                .window = window,
                .done = calloc(window, sizeof(*a->done)),
                .threads = calloc(n_threads, sizeof(*a->threads)),
        };
        if (!a->done || !a->threads) {
                free(a->done);
                free(a->threads);
                free(a);
                return -ENOMEM;
        }
        pthread_mutex_init(&a->lock, NULL);
        pthread_cond_init(&a->changed, NULL);
        while (a->n_threads + 1 < n_threads && pthread_create(&a->threads[a->n_threads], NULL, thread, a) == 0)
                a->n_threads++;
        *ret = a;
        return 0;
}

struct ahead *ahead_stop(struct ahead *a) {
        if (!a)
                return NULL;
        pthread_mutex_lock(&a->lock);
        a->stop = true;
        pthread_cond_broadcast(&a->changed);
        pthread_mutex_unlock(&a->lock);
        for (unsigned i = 0; i < a->n_threads; i++)
                pthread_join(a->threads[i], NULL);
        pthread_cond_destroy(&a->changed);
        pthread_mutex_destroy(&a->lock);
        free(a->done);
        free(a->threads);
        free(a);
        return NULL;
}

bool ahead_has_threads(const struct ahead *a) {
        return a->n_threads > 0;
}

void ahead_wait(struct ahead *a, uint64_t i) {
        pthread_mutex_lock(&a->lock);
        while (!a->done[i % a->window])
                if (!work(a))
                        pthread_cond_wait(&a->changed, &a->lock);
        pthread_mutex_unlock(&a->lock);
}

void ahead_release(struct ahead *a, uint64_t first) {
        pthread_mutex_lock(&a->lock);
        for (; a->first < first; a->first++)
                a->done[a->first % a->window] = false;
        pthread_cond_broadcast(&a->changed);
        pthread_mutex_unlock(&a->lock);
}
