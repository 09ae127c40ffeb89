/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/log.h"
#include "base/macros.h"
#include "source/source.h"

/* Large enough to make read() cheap, small enough to stay in the second-level cache. */
enum { READ_SIZE = 256 * 1024, LINE_LIMIT = 64 * 1024 };

struct text {
        struct scan *scan;
        uint32_t source, boot;
        uint64_t lines, cut;
        bool in_long_line; /* the rest of a line that was cut is passed over */
        bool started;
};

/* Sixteen bytes at a time: a comparison gives -1 where it holds, so each lane of seen counts down. */
static uint64_t count_lines(const char *p, const char *end) {
        typedef signed char lanes __attribute__((vector_size(16)));
        uint64_t n = 0;

        while (end - p >= (ptrdiff_t) sizeof(lanes)) {
                lanes seen = {};
                for (int i = 0; i < 127 && end - p >= (ptrdiff_t) sizeof(lanes); i++, p += sizeof(lanes)) {
                        lanes v;
                        memcpy(&v, p, sizeof(v));
                        seen += v == '\n';
                }
                for (size_t i = 0; i < sizeof(lanes); i++)
                        n += (uint64_t) -seen[i];
        }
        for (; p < end; p++)
                n += *p == '\n';
        return n;
}

static int take(struct text *t, struct slice line, bool hit, bool cut) {
        struct record r = {
                .message = line, .console = true, .cut = cut, .origin = ORIGIN_UNVERIFIED,
                .boot = t->boot, .source = t->source, .number = t->lines,
        };
        return scan_record(t->scan, &r, hit, &t->boot);
}

/* Whole lines only: p to end, which follows a newline. */
static int take_lines(struct text *t, const char *p, const char *end) {
        while (p < end) {
                if (scan_idle(t->scan, t->boot)) {
                        /* The fast path: on to the next line with a trigger. */
                        const char *hit = scan_next_hit(t->scan, p, end);
                        const char *line = hit ? hit : end;
                        const char *newline = line > p ? memrchr(p, '\n', (size_t) (line - p)) : NULL;

                        line = newline ? newline + 1 : p;
                        if (line > p) {
                                const char *last = line - 1 > p ? memrchr(p, '\n', (size_t) (line - 1 - p)) : NULL;
                                t->lines += count_lines(p, line);
                                const char *first = last ? last + 1 : p;
                                int e = scan_pass_line(t->scan, (struct slice) { first, (size_t) (line - 1 - first) }, t->boot);
                                if (e < 0)
                                        return e;
                                p = line;
                        }
                        if (!hit)
                                return 0;
                }
                const char *newline = memchr(p, '\n', (size_t) (end - p));
                struct slice line = { p, (size_t) (newline - p) };
                t->lines++;
                int e = take(t, line, scan_hit(t->scan, line), false);
                if (e < 0)
                        return e;
                p = newline + 1;
        }
        return 0;
}

/* A line without end: its head is a line, the rest is passed over. */
static int take_cut(struct text *t, struct buffer *b) {
        t->lines++;
        t->cut++;
        struct slice line = buffer_slice(b, 0, LINE_LIMIT);
        int e = take(t, line, scan_hit(t->scan, line), true);
        t->in_long_line = true;
        b->size = 0;
        return e;
}

static int take_buffer(struct text *t, struct buffer *b) {
        if (t->in_long_line) {
                const char *newline = memchr(b->data, '\n', b->size);
                if (!newline) {
                        b->size = 0;
                        return 0;
                }
                buffer_drop(b, (size_t) (newline + 1 - b->data));
                t->in_long_line = false;
        }
        const char *last = b->size ? memrchr(b->data, '\n', b->size) : NULL;
        if (!last)
                return b->size >= LINE_LIMIT ? take_cut(t, b) : 0;
        size_t n = (size_t) (last + 1 - b->data);
        int e = take_lines(t, b->data, b->data + n);
        buffer_drop(b, n);
        return e;
}

int source_text(struct scan *s, struct input *in, const struct source_options *o _unused_) {
        struct text t = { .scan = s };
        _cleanup_(buffer_done) struct buffer b = {};
        struct slice beginning;
        int e = scan_add_source(s, in->name, "text", &t.source);

        if (e == 0)
                e = buffer_reserve(&b, READ_SIZE + LINE_LIMIT);
        if (e == 0)
                e = input_beginning(in, &beginning);
        if (e == 0)
                e = scan_text_boot(s, t.source, beginning, &t.boot);
        if (e < 0)
                return log_oom();

        for (bool eof = false; !eof && e == 0;) {
                e = take_buffer(&t, &b);
                if (e < 0)
                        break;
                ssize_t k = input_read(in, b.data + b.size, READ_SIZE);
                if (k < 0) {
                        e = (int) k;
                        log_error("reading %s failed after %llu bytes: %s", in->name,
                                  (unsigned long long) scan_source(s, t.source)->bytes, input_error(in, e));
                        scan_source(s, t.source)->incomplete = true;
                        break;
                }
                eof = k == 0;
                b.size += (size_t) k;
                scan_source(s, t.source)->bytes += (uint64_t) k;
        }
        /* The last line may lack its end. */
        if (b.size && !t.in_long_line) {
                t.lines++;
                struct slice line = buffer_slice(&b, 0, b.size);
                int e2 = take(&t, line, scan_hit(s, line), false);
                e = e < 0 ? e : e2;
        }
        if (t.cut)
                log_warning("%s: of %llu lines only the first %d KiB were read; no kernel prints such", in->name,
                            (unsigned long long) t.cut, LINE_LIMIT / 1024);
        int e2 = scan_end_source(s, t.source);
        scan_source(s, t.source)->entries = t.lines;
        for (size_t i = 0; i < s->boots.n; i++)
                if (scan_boot(s, i)->source == t.source && s->boots.n == 1)
                        scan_boot(s, i)->records = t.lines;
        if (e == -ENOMEM || e2 == -ENOMEM)
                return log_oom();
        return e < 0 ? e : e2;
}
