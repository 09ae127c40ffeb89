/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <sys/types.h>

#include "base/buffer.h"
#include "base/progress.h"

/* What archives gave, those in archives included. */
struct unpacked {
        uint64_t bytes, members;
        size_t skipped; /* members that hold no log; so many are named: */
};
enum { SKIPPED_SAID = 10 };

/* Bytes from somewhere: a file, standard input, a member of an archive, a decompressor. */
struct input {
        const char *name; /* for messages and the report */
        int fd;           /* the caller's; -1 where read is set */
        /* Gives up to n bytes: 0 at the end, or -errno, with *problem set to words for it where it knows better
         * than strerror(). */
        ssize_t (*read)(void *from, void *buf, size_t n, const char **problem);
        void *from;
        const char *problem;
        struct progress *progress; /* hears of what is read from fd; NULL */
        struct unpacked *unpacked; /* what the archives around it gave so far, all together; NULL: it is in none */
        struct buffer head;        /* read already, to look at */
        size_t head_at;            /* given out of it */
        int pending;               /* an error that comes after the head */
};

void input_done(struct input *in);
/* The first bytes, up to n, without taking them; fewer only where there are no more. 0 or -errno. */
int input_peek(struct input *in, size_t n, struct slice *ret);
/* How it begins, without taking it: what tells one log from all others. Kernels print the same for pages before their
 * clock runs, and the times after that differ. 0 or -errno. */
int input_beginning(struct input *in, struct slice *ret);
/* Up to n bytes: 0 at the end, -errno. */
ssize_t input_read(struct input *in, void *buf, size_t n);
/* Words for an error that input_read() or input_peek() returned. */
const char *input_error(const struct input *in, int error);

/* Reads line by line. line: without its end, valid until the next call; longer ones are cut there and the rest
 * passed over. Returns 1, 0 at the end, -errno. */
struct line_reader {
        struct input *in;
        struct buffer buffer;
        size_t at;      /* of the next line */
        uint64_t bytes; /* given out */
        bool end, cut;  /* cut: the line that was given out was too long */
};
enum { INPUT_LINE_MAX = 1024 * 1024 };
int line_reader_next(struct line_reader *r, struct slice *line);
/* The next n bytes, whatever they are: 1, 0 where there are fewer, -errno. */
int line_reader_bytes(struct line_reader *r, void *buf, size_t n);
void line_reader_done(struct line_reader *r);
