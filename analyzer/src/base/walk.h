/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <fts.h>
#include <stdbool.h>
#include <stddef.h>

#include "base/file.h"

/* A walk through a folder's files, by name, of a rotated log the oldest first, each once, through links too, but for
 * hidden ones and for links that lead out of the folder: who made it may not read what is there, and must not have it
 * read by somebody who may. */
struct walk {
        FTS *files;
        struct file_set seen;
        char *root, *real;
        size_t n_out; /* links that lead out */
        char *first_out;
};

/* 0 or -ENOMEM. */
int walk_open(struct walk *w, const char *folder);
/* A file (FTS_F), or what cannot be read; NULL past the last. */
FTSENT *walk_next(struct walk *w);
/* Is that a file of the same rotated log, written after the other? */
bool walk_follows(const char *name, const char *before);
/* Says how many links were not followed. */
void walk_warn(const struct walk *w);
void walk_done(struct walk *w);
