/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Threads that do numbered jobs, in order, ahead of one reader, which wants their results in that order. While it waits
 * for one it does jobs itself. */
struct ahead;

/* Does job i; called by any of the threads. Its result is userdata's, which must have room for `window` of them. */
typedef void (*ahead_job_t)(void *userdata, uint64_t i);

/* n jobs, at most `window` of which are begun and not yet released. n_threads has the caller among them: with one, or
 * where threads cannot be had, ahead_wait() does all the work. 0 or -ENOMEM. */
int ahead_start(struct ahead **ret, ahead_job_t job, void *userdata, uint64_t n, size_t window, unsigned n_threads);
/* Waits for the jobs that are being done, and frees. NULL is allowed. */
struct ahead *ahead_stop(struct ahead *a);

/* Are there threads besides the caller? */
bool ahead_has_threads(const struct ahead *a);
/* Returns when job i is done; those before it are or were. It must be less than `window` from the first that was not
 * released. */
void ahead_wait(struct ahead *a, uint64_t i);
/* The results of jobs before `first`, all of them done, are not needed any more. */
void ahead_release(struct ahead *a, uint64_t first);
