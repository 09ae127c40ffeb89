/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What the stress of the render node shares between its processes (stress.c) and its
 * operations (operations.c).
 */
#pragma once

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#define MAX_PROCESSES 32
#define MAX_OPERATIONS 48
#define MAX_WANTED 128 /* hooks that a run waits for */
#define NAMES 24 /* names of one kind that a process remembers */

/*
 * struct operation - one thing that a thread does with the node
 * @name: for the report
 * @run: does it; returns 0 or a negative errno, both of which are fine
 * @weight: how often, of all weights
 * @reaches: prefix of the names of the driver's hooks that it passes, or NULL.  While one
 *	of them is not passed, the operation is done four times as often.
 */
struct actor;
struct operation {
        const char *name;
        int (*run)(struct actor *actor);
        unsigned int weight;
        const char *reaches;
};

extern const struct operation operations[];
extern const unsigned int nr_operations;

/* struct shared - counts, in memory that all processes share */
struct shared {
        _Atomic uint64_t done[MAX_OPERATIONS];
        _Atomic uint64_t failed[MAX_OPERATIONS];
        _Atomic uint32_t weight[MAX_OPERATIONS];
        atomic_bool stop;
};

/* struct settings - the options */
struct settings {
        const char *node;
        uint64_t seed;
        unsigned int seconds;
        unsigned int processes;
        unsigned int threads;
        unsigned int hang_every; /* one batch in so many hangs; 0: none */
        bool kill;
        bool until_report;
        char *wanted[MAX_WANTED]; /* names of hooks, with a blank behind; not freed */
        unsigned int n_wanted;
};

/*
 * struct file - one open file of the node, and the names its threads have seen there.
 * Threads take them from each other at random, whether they are still valid or not.
 */
struct file {
        int fd;
        _Atomic uint32_t contexts[NAMES];
        _Atomic uint32_t spaces[NAMES];
        _Atomic uint32_t objects[NAMES];
        _Atomic uint32_t highest_context;
};

/* struct actor - a thread */
struct actor {
        uint64_t state; /* of its random numbers */
        struct file *file;
        struct shared *shared;
        const struct settings *settings;
        int mates; /* socket to the other processes, for files */
};

/* The next random number of an actor, below @bound. */
uint32_t pick(struct actor *actor, uint32_t bound);

/* Make some objects, address spaces and contexts, so that the first operations have names that are valid. */
void settle(struct actor *actor);
