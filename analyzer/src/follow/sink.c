/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "follow/sink.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <json-c/json.h>

#include "base/log.h"
#include "base/macros.h"

enum { BLOCK = 64 * 1024 };

static int say(const struct sink *o, const char *what, int e) {
        log_error("cannot %s %s: %s", what, o->path ? o->path : "standard output", strerror(-e));
        return e;
}

/* --- what is there already --- */

/* Gives take() the whole lines from *at on; *at becomes the end of the last one, half what follows it. */
static int each_line(const struct sink *o, uint64_t *at, struct buffer *half, sink_line_t take, void *userdata) {
        uint64_t from = *at;

        for (;;) {
                int e = buffer_reserve(half, BLOCK);
                if (e < 0)
                        return e;
                ssize_t n = pread(o->fd, half->data + half->size, BLOCK, (off_t) from);
                if (n < 0 && errno == EINTR)
                        continue;
                if (n <= 0)
                        return n < 0 ? -errno : 0;
                size_t done = 0, searched = half->size;
                from += (uint64_t) n;
                half->size += (size_t) n;
                for (const char *end; e == 0 && (end = memchr(half->data + searched, '\n', half->size - searched));
                     done = searched = (size_t) (end - half->data) + 1)
                        e = take(buffer_slice(half, done, (size_t) (end - half->data) - done), userdata);
                buffer_drop(half, done);
                *at += done;
                if (e < 0)
                        return e;
        }
}

/* An object that was being written when its writer died. */
static bool is_half_object(const struct buffer *line) {
        struct json_tokener *tokener = line->size && line->data[0] == '{' && line->size < INT_MAX ? json_tokener_new() :
                                                                                                    NULL;

        if (!tokener)
                return false;
        json_object_put(json_tokener_parse_ex(tokener, line->data, (int) line->size));
        const bool half = json_tokener_get_error(tokener) == json_tokener_continue;
        json_tokener_free(tokener);
        return half;
}

/* What follows the last line end: half a line of ours goes, somebody else's last line gets its end. */
static int mend_end(struct sink *o, const struct buffer *half) {
        if (half->size == 0)
                return 0;
        if (!o->is_new || is_half_object(half))
                return ftruncate(o->fd, (off_t) o->size) < 0 ? -errno : 0;
        if (write(o->fd, "\n", 1) != 1)
                return -errno;
        o->size += half->size + 1;
        return 0;
}

static int read_tail(struct sink *o, uint64_t end, sink_line_t take, void *userdata) {
        _cleanup_(buffer_done) struct buffer half = {};

        o->size = o->is_new ? 0 : MIN(o->size, end);
        int e = each_line(o, &o->size, &half, take, userdata);
        return e < 0 ? e : mend_end(o, &half);
}

/* --- opening --- */

/* Two that append to one file would each count the other's lines as its own after a crash. */
static int lock(const struct sink *o, int fd) {
        if (flock(fd, LOCK_EX | LOCK_NB) == 0)
                return 0;
        if (errno != EWOULDBLOCK)
                return say(o, "lock", -errno);
        log_error("the output %s is in use by another vmlife follow: stop it, or name another file with --output",
                  o->path);
        return -EBUSY;
}

static int ignore_line(struct slice line, void *userdata) {
        (void) line, (void) userdata;
        return 0;
}

static int open_file(struct sink *o, int fd, const struct stat *st, sink_line_t take, void *userdata) {
        int e = lock(o, fd);

        if (e < 0)
                return e;
        o->fd = fd;
        o->file = true;
        o->is_new = o->device != st->st_dev || o->inode != st->st_ino;
        o->device = st->st_dev;
        o->inode = st->st_ino;
        e = read_tail(o, (uint64_t) st->st_size, take, userdata);
        return e < 0 ? say(o, "read the end of", e) : 0;
}

static int open_path(struct sink *o, sink_line_t take, void *userdata) {
        struct stat st;
        int fd = open(o->path, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0644), e = 0;

        if (fd < 0 || fstat(fd, &st) < 0)
                e = say(o, "open", -errno);
        else if (S_ISREG(st.st_mode) && o->fd >= 0 && o->device == st.st_dev && o->inode == st.st_ino) {
                /* It was not moved away. */
                close(fd);
                return 0;
        } else if (S_ISREG(st.st_mode))
                e = open_file(o, fd, &st, take, userdata);
        else
                o->fd = fd, o->file = false, o->size = 0;
        if (e < 0 && fd >= 0)
                close(fd);
        return e;
}

static int open_stdout(struct sink *o) {
        struct stat st;
        const int flags = fcntl(STDOUT_FILENO, F_GETFL);

        if (flags < 0 || (flags & O_ACCMODE) == O_RDONLY || fstat(STDOUT_FILENO, &st) < 0) {
                log_error("standard output is closed: name a file with --output");
                return -EBADF;
        }
        o->fd = STDOUT_FILENO;
        o->file = S_ISREG(st.st_mode);
        return 0;
}

int sink_open(struct sink *o, sink_line_t take, void *userdata) {
        return o->path ? open_path(o, take, userdata) : open_stdout(o);
}

int sink_reopen(struct sink *o) {
        struct sink old = *o;

        if (!o->path)
                return 0;
        int e = open_path(o, ignore_line, NULL);
        if (e < 0)
                *o = old;
        else if (o->fd != old.fd)
                close(old.fd);
        return e;
}

void sink_done(struct sink *o) {
        if (o->path && o->fd >= 0)
                close(o->fd);
        buffer_done(&o->waiting);
        *o = (struct sink){ .fd = -1 };
}

/* --- writing --- */

/* A pipe that is ready takes so much at once. */
static ssize_t write_some(const struct sink *o, struct slice s) {
        struct pollfd ready = { .fd = o->fd, .events = POLLOUT };

        if (o->file)
                return write(o->fd, s.s, s.n);
        if (poll(&ready, 1, 0) == 0) {
                errno = EAGAIN;
                return -1;
        }
        return write(o->fd, s.s, MIN(s.n, (size_t) PIPE_BUF));
}

/* *done: bytes of the line that are written. Half a line in our file is taken back, so that it has whole ones only. */
static int write_line(struct sink *o, struct slice line, size_t *done) {
        for (*done = 0; *done < line.n;) {
                ssize_t n = write_some(o, slice_from(line, *done));
                if (n >= 0) {
                        *done += (size_t) n;
                        continue;
                }
                if (errno == EINTR)
                        continue;
                int e = -errno;
                if (*done && o->path && o->file) {
                        *done = 0;
                        if (ftruncate(o->fd, (off_t) o->size) < 0)
                                log_error("%s ends in the middle of a line: %s", o->path, strerror(errno));
                }
                return e;
        }
        o->size += line.n;
        return 0;
}

int sink_write(struct sink *o, struct buffer *lines) {
        size_t all = 0, done;
        int e = buffer_add(&o->waiting, lines->data, lines->size);

        if (e < 0)
                return e;
        lines->size = 0;
        struct slice rest = buffer_all(&o->waiting);
        for (size_t at; e == 0 && (at = slice_find_byte(rest, '\n')) != SLICE_NPOS; rest = slice_from(rest, at + 1)) {
                e = write_line(o, slice_head(rest, at + 1), &done);
                all += done;
        }
        buffer_drop(&o->waiting, all);
        if (e < 0 && e != o->error && e != -EAGAIN)
                (void) say(o, "write", e);
        o->error = e;
        return e == 0 || e == -EPIPE ? e : -EAGAIN;
}

int sink_sync(struct sink *o) {
        /* A pipe or a terminal has nothing to sync. */
        if (!o->path || fdatasync(o->fd) == 0 || errno == EINVAL || errno == EROFS)
                return 0;
        return -errno;
}

void sink_code(struct codec *c, struct sink *o) {
        uint64_t size = c->reading ? 0 : o->size, device = o->device, inode = o->inode;

        CODE(c, size);
        CODE(c, device);
        CODE(c, inode);
        if (c->reading) {
                o->size = size;
                o->device = device;
                o->inode = inode;
        }
}
