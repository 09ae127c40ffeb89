/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "source/source.h"

/* The parts of pstore's dumps that an archive holds, each a member: they are kept until all are there, and those of one
 * folder are read as one log. */
struct archived_dumps {
        struct archived_dump {
                char *folder;
                struct buffer parts;
        } * items;
        size_t n;
};

/* Is the member a part of a dump that has others? head: how it begins. */
bool archived_dumps_has(const char *path, struct slice head);
/* Keeps it. 0, or -errno, which was said. */
int archived_dumps_add(struct archived_dumps *d, const char *path, struct input *member);
/* Reads all. name: the archive's. */
int archived_dumps_read(struct scan *s, struct archived_dumps *d, const char *name, const struct source_options *o);
void archived_dumps_done(struct archived_dumps *d);
