/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "follow/codec.h"

/* Where the lines go: a file that is appended to, or standard output. A file has whole lines only, and each once:
 * what was written after the state was saved the last time is found at its end after a crash, and counts as told.
 * On standard output such lines come again, with the same ids. */
struct sink {
        const char *path;      /* NULL: standard output */
        int fd;
        uint64_t device, inode, size;
        struct buffer waiting; /* lines that are not written yet */
        struct buffer tail;    /* lines that were written after the state was saved the last time; see teller_take_tail() */
        int error;             /* of the last try, said once */
};

/* Opens it at its end. Call when the state was read. 0 or -errno, which it says. */
int sink_open(struct sink *o);
/* Opens the path anew, for a file that was moved away. */
int sink_reopen(struct sink *o);
void sink_done(struct sink *o);
/* Takes lines over, which are written here or, when there is no room for them now, later: -EAGAIN. -EPIPE: nobody
 * reads them any more. */
int sink_write(struct sink *o, struct buffer *lines);
/* What was written is on disk. 0 or -errno. */
int sink_sync(struct sink *o);
void sink_code(struct codec *c, struct sink *o);
