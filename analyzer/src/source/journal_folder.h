/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <stdbool.h>
#include <stddef.h>

/* Why no journal of this machine can be read, for a message that goes on with what to do instead. */
const char *journal_none(void);

/* The journal files of a folder, while journald renames them. */

struct journal_folder {
        char **paths;
        size_t n;
        bool restless; /* names came and went all the time: some may be missing */

        /* Told of each folder before it is listed; NULL: nobody is. */
        void (*enter)(void *data, const char *folder);
        void *data;
        bool quiet; /* a folder that cannot be opened is not complained about */
};

/* "x.journal", or "x.journal~", which was not closed well. */
bool journal_is_file_name(const char *name);

/* Adds the files of a folder and of its subfolders, which are machines, as libsystemd has it. 0, or the first -errno
 * of those folders that could not be opened, after all were listed; -ENOMEM at once. */
int journal_folder_list(struct journal_folder *f, const char *folder);
void journal_folder_done(struct journal_folder *f);
