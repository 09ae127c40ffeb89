/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "follow/codec.h"

/* Where the lines go: a file that is appended to, or standard output. A file has whole lines only, and each once:
 * lines that the state does not know of are read from its end, or from all of it where the state does not know the
 * file, and count as told. One follower at a time holds a file. On standard output such lines come again, with the
 * same ids. A pipe or terminal that nobody reads never blocks: the lines wait. */
struct sink {
        const char *path; /* NULL: standard output */
        int fd;
        uint64_t device, inode, size;
        bool file;             /* a regular file: it takes lines at once, or has no room */
        bool is_new;           /* the state did not know this file */
        struct buffer waiting; /* lines that are not written yet */
        int error;             /* of the last try, reported once */
};

/* Takes a line that the state does not know of. 0 or -errno. */
typedef int (*sink_line_t)(struct slice line, void *userdata);

/* Opens it at its end, after take() got each line that the state does not know of. Call when the state was read. 0 or
 * -errno, which it reports. */
int sink_open(struct sink *o, sink_line_t take, void *userdata);
/* Opens the path anew, for a file that was moved away. */
int sink_reopen(struct sink *o);
void sink_done(struct sink *o);
/* Takes lines over, which are written here or, when there is no room for them now, later: -EAGAIN. -EPIPE: nobody
 * reads them any more. */
int sink_write(struct sink *o, struct buffer *lines);
/* What was written is on disk. 0 or -errno. */
int sink_sync(struct sink *o);
void sink_code(struct codec *c, struct sink *o);
