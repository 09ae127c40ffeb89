/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "source/input.h"

#include <errno.h>
#include <unistd.h>

#include "base/macros.h"

void input_done(struct input *in) {
        buffer_done(&in->head);
}

static ssize_t read_more(struct input *in, void *buf, size_t n) {
        if (in->pending)
                return in->pending;
        if (in->read)
                return in->read(in->from, buf, n, &in->problem);
        for (;;) {
                ssize_t k = read(in->fd, buf, n);
                if (k >= 0) {
                        progress_step(in->progress, (uint64_t) k);
                        return k;
                }
                if (errno != EINTR)
                        return -errno;
        }
}

int input_peek(struct input *in, size_t n, struct slice *ret) {
        int e = buffer_reserve(&in->head, n);
        if (e < 0)
                return e;
        while (in->head.size < n) {
                ssize_t k = read_more(in, in->head.data + in->head.size, n - in->head.size);
                if (k < 0 && in->head.size == 0)
                        return (int) k;
                if (k < 0)
                        in->pending = (int) k;
                if (k <= 0)
                        break;
                in->head.size += (size_t) k;
        }
        *ret = buffer_slice(&in->head, 0, MIN(n, in->head.size));
        return 0;
}

int input_beginning(struct input *in, struct slice *ret) {
        return input_peek(in, 32 * 1024, ret);
}

ssize_t input_read(struct input *in, void *buf, size_t n) {
        size_t left = in->head.size - in->head_at;

        if (left == 0)
                return read_more(in, buf, n);
        n = MIN(n, left);
        memcpy(buf, in->head.data + in->head_at, n);
        in->head_at += n;
        return (ssize_t) n;
}

const char *input_error(const struct input *in, int error) {
        return in->problem ? in->problem : strerror(-error);
}

void line_reader_done(struct line_reader *r) {
        buffer_done(&r->buffer);
}

/* More bytes behind those that are there: 1, 0 at the end, -errno. */
static int fill(struct line_reader *r) {
        enum { MORE = 64 * 1024 };

        buffer_drop(&r->buffer, r->at);
        r->at = 0;
        int e = buffer_reserve(&r->buffer, MORE);
        if (e < 0)
                return e;
        ssize_t k = input_read(r->in, r->buffer.data + r->buffer.size, MORE);
        if (k <= 0)
                return (int) k;
        r->buffer.size += (size_t) k;
        return 1;
}

int line_reader_next(struct line_reader *r, struct slice *line) {
        size_t looked = 0;

        r->cut = false;
        for (;;) {
                const char *p = r->buffer.data ? r->buffer.data + r->at : NULL;
                size_t left = r->buffer.size - r->at;
                const char *newline = left > looked ? memchr(p + looked, '\n', left - looked) : NULL;

                if (newline || (r->end && left)) {
                        size_t n = newline ? (size_t) (newline - p) : left;
                        *line = (struct slice){ p, MIN(n, (size_t) INPUT_LINE_MAX) };
                        r->cut = n > INPUT_LINE_MAX;
                        r->at += n + (newline != NULL);
                        r->bytes += n + (newline != NULL);
                        return 1;
                }
                if (r->end)
                        return 0;
                looked = left;
                if (left > 2 * INPUT_LINE_MAX) {
                        /* A line without end: its head is kept, what follows is skipped. */
                        r->bytes += left - INPUT_LINE_MAX - 1;
                        r->buffer.size = r->at + INPUT_LINE_MAX + 1;
                        looked = INPUT_LINE_MAX + 1;
                }
                int e = fill(r);
                if (e < 0)
                        return e;
                r->end = e == 0;
        }
}

int line_reader_bytes(struct line_reader *r, void *buf, size_t n) {
        for (size_t done = 0; done < n;) {
                size_t left = r->buffer.size - r->at, some = MIN(left, n - done);

                if (some == 0) {
                        int e = r->end ? 0 : fill(r);
                        if (e <= 0) {
                                r->end = true;
                                return e;
                        }
                        continue;
                }
                memcpy((char *) buf + done, r->buffer.data + r->at, some);
                r->at += some;
                r->bytes += some;
                done += some;
        }
        return 1;
}
