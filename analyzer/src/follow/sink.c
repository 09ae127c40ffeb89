/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "follow/sink.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/log.h"
#include "base/macros.h"

static int say(const struct sink *o, const char *what, int e) {
        log_error("cannot %s %s: %s", what, o->path ? o->path : "standard output", strerror(-e));
        return e;
}

/* Keeps the lines behind the saved size, and takes a half one at the end away: that was being written when we died. */
static int read_tail(struct sink *o, uint64_t end) {
        const uint64_t from = MIN(o->size, end);
        struct buffer *tail = &o->tail;

        int e = buffer_reserve(tail, (size_t) (end - from) + 1);
        while (e == 0 && tail->size < end - from) {
                ssize_t n = pread(o->fd, tail->data + tail->size, (size_t) (end - from) - tail->size, (off_t) (from + tail->size));
                if (n < 0 && errno != EINTR)
                        return -errno;
                if (n == 0)
                        break;
                tail->size += n > 0 ? (size_t) n : 0;
        }
        if (e < 0)
                return e;
        const size_t read = tail->size;
        while (tail->size && tail->data[tail->size - 1] != '\n')
                tail->size--;
        o->size = from + tail->size;
        return tail->size < read && ftruncate(o->fd, (off_t) o->size) < 0 ? -errno : 0;
}

static int open_path(struct sink *o, bool known) {
        struct stat st;

        o->fd = open(o->path, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
        if (o->fd < 0 || fstat(o->fd, &st) < 0)
                return say(o, "open", -errno);
        if (!S_ISREG(st.st_mode)) {
                o->size = 0;
                return 0;
        }
        /* A file of which the state says nothing is somebody's to whom lines are added; its last must be whole. */
        if (!known || o->device != st.st_dev || o->inode != st.st_ino) {
                char last = '\n';
                o->size = (uint64_t) st.st_size;
                o->device = st.st_dev;
                o->inode = st.st_ino;
                if (o->size && pread(o->fd, &last, 1, st.st_size - 1) == 1 && last != '\n' && write(o->fd, "\n", 1) == 1)
                        o->size++;
                return 0;
        }
        int e = read_tail(o, (uint64_t) st.st_size);
        return e < 0 ? say(o, "read the end of", e) : 0;
}

int sink_open(struct sink *o) {
        if (o->path)
                return open_path(o, true);
        o->fd = STDOUT_FILENO;
        return 0;
}

int sink_reopen(struct sink *o) {
        int old = o->fd;

        if (!o->path)
                return 0;
        int e = open_path(o, false);
        if (e < 0) {
                o->fd = old;
                return e;
        }
        close(old);
        return 0;
}

void sink_done(struct sink *o) {
        if (o->path && o->fd >= 0)
                close(o->fd);
        buffer_done(&o->waiting);
        buffer_done(&o->tail);
        *o = (struct sink) { .fd = -1 };
}

/* Half a line is taken back, so that the file has whole ones only. */
static int write_line(struct sink *o, struct slice line) {
        for (size_t done = 0; done < line.n;) {
                ssize_t n = write(o->fd, line.s + done, line.n - done);
                if (n >= 0) {
                        done += (size_t) n;
                        continue;
                }
                if (errno == EINTR)
                        continue;
                int e = -errno;
                if (done && o->path && ftruncate(o->fd, (off_t) o->size) < 0)
                        log_error("%s ends in half a line: %s", o->path, strerror(errno));
                return e;
        }
        o->size += line.n;
        return 0;
}

int sink_write(struct sink *o, struct buffer *lines) {
        size_t done = 0;
        int e = buffer_add(&o->waiting, lines->data, lines->size);

        if (e < 0)
                return e;
        lines->size = 0;
        struct slice rest = buffer_slice(&o->waiting, 0, o->waiting.size);
        for (size_t at; e == 0 && (at = slice_find_byte(rest, '\n')) != SLICE_NPOS; rest = slice_from(rest, at + 1)) {
                e = write_line(o, slice_head(rest, at + 1));
                if (e == 0)
                        done += at + 1;
                else
                        break;
        }
        buffer_drop(&o->waiting, done);
        if (e < 0 && e != o->error)
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
