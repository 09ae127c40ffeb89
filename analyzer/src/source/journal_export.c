/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <endian.h>
#include <errno.h>

#include "base/log.h"
#include "base/macros.h"
#include "source/entry.h"

/* The journal's export format: entries of fields, an empty line between two. A field is "NAME=value", or, where
 * the value may hold line ends, "NAME", a line end, its size as 64 bits little endian, the value, a line end. */

/* "NAME" alone: size, value and line end follow. 1, 0 where they do not, -errno. */
static int take_sized(struct entry *x, struct line_reader *r, struct slice name, uint64_t *bad) {
        char head[64], size_bytes[8], end;
        struct slice kept = slice_head(name, sizeof(head));
        _cleanup_(buffer_done) struct buffer b = {};
        uint64_t size;

        memcpy(head, kept.s, kept.n);
        kept.s = head;
        int e = line_reader_bytes(r, size_bytes, sizeof(size_bytes));
        if (e <= 0)
                return e;
        memcpy(&size, size_bytes, sizeof(size));
        size = le64toh(size);
        e = buffer_reserve(&b, ENTRY_FIELD_MAX);
        if (e < 0)
                return e;
        size_t keeps = (size_t) MIN(size, (uint64_t) ENTRY_FIELD_MAX);
        e = line_reader_bytes(r, b.data, keeps);
        for (uint64_t left = size - keeps; e > 0 && left;) {
                char skipped[4096];
                size_t n = (size_t) MIN(left, (uint64_t) sizeof(skipped));
                e = line_reader_bytes(r, skipped, n);
                left -= n;
        }
        if (e > 0)
                e = line_reader_bytes(r, &end, 1);
        if (e <= 0)
                return e;
        if (end != '\n')
                (*bad)++;
        e = entry_keep(x, kept, (struct slice){ b.data, keeps });
        return e < 0 ? e : 1;
}

static int read_entries(struct entry *x, struct input *in, uint64_t *bad) {
        _cleanup_(line_reader_done) struct line_reader r = { .in = in };
        struct slice line;
        int e;

        while ((e = line_reader_next(&r, &line)) > 0) {
                struct slice rest = line, name = slice_token(&rest, '=');

                if (line.n == 0)
                        e = entry_end(x);
                else if (!entry_is_name(name)) {
                        (*bad)++;
                        e = 0;
                } else if (name.n < line.n) {
                        e = entry_keep(x, name, rest);
                } else {
                        e = take_sized(x, &r, name, bad);
                        if (e == 0) {
                                log_error("%s ends inside a field, after %llu bytes", in->name,
                                          (unsigned long long) r.bytes);
                                (void) entry_end(x);
                                return -ENODATA;
                        }
                }
                if (e < 0)
                        break;
        }
        if (e == 0)
                e = entry_end(x);
        if (e < 0 && e != -ENOMEM)
                log_error("reading %s failed after %llu bytes: %s", in->name, (unsigned long long) r.bytes,
                          input_error(in, e));
        return e;
}

int source_export(struct scan *s, struct input *in, const struct source_options *o) {
        _cleanup_(entry_done) struct entry x;
        uint64_t bad = 0;

        int e = entry_begin(&x, s, in, "export", o);
        if (e < 0)
                return e;
        e = read_entries(&x, in, &bad);
        return entry_finish(&x, in, e, bad);
}
