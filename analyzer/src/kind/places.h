/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "base/buffer.h"
#include "base/table.h"

/* Which source file a function is in, and what a module is made of, by their names alone, from a list that
 * functions/generate makes from kernel trees (functions/places.zst). A guess: another kernel may have another function
 * of that name. Names in files of more than one folder are not in the list.
 *
 * Unpacked the list is some megabytes, so that it is opened when it is first asked. Zero-initialise. */
struct places {
        struct buffer text;
        struct table names; /* where they stand in the text */
        bool asked;
};
void places_done(struct places *p);

/* The file of a function: a path, or the folder ("kernel/rcu/") where several files of it define one of that name.
 * 1, 0: not in the list, or the list cannot be unpacked, which is said once; or -ENOMEM. */
int places_of_function(struct places *p, struct slice function, struct slice *ret);
/* Of a module: its one file, or the folder that it is made in; empty where modules of that name are in more than one.
 * Returns the same: 0 is a module that is not the kernel's own. */
int places_of_module(struct places *p, struct slice module, struct slice *ret);
/* The trees that the list is from, the oldest first: "5.10 6.1". For what places gave an answer before. */
struct slice places_trees(const struct places *p);
