/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>

#include "base/log.h"
#include "base/macros.h"
#include "source/entry.h"

/* What journalctl -o verbose prints. An entry begins with its wall time and, in brackets, its cursor; each field is
 * a line of its own behind four blanks. A value's further lines stand below its first, as far in. */

enum { INDENT = 4 };

struct verbose {
        struct entry entry;
        char name[64]; /* of the field that was read last */
        size_t name_n; /* 0: none, or not one of this entry */
        uint64_t bad, blobs;
};

/* The cursor at the end of an entry's first line; empty if it is not such a line. */
static struct slice cursor_of(struct slice line) {
        size_t at = slice_find(line, SLICE("[s="));

        line = slice_rtrim(line);
        if (line.n == 0 || is_blank(line.s[0]) || at == SLICE_NPOS || !slice_ends(line, SLICE("]")))
                return SLICE_NULL;
        struct slice cursor = slice_head(slice_from(line, at + 1), line.n - at - 2);
        return slice_has(cursor, SLICE(";i=")) && slice_has(cursor, SLICE(";b=")) ? cursor : SLICE_NULL;
}

/* "b=…": the boot, "m=…" and "t=…": both clocks in base 16. */
static int take_cursor(struct verbose *v, struct slice cursor) {
        int e = entry_keep(&v->entry, SLICE("__CURSOR"), cursor);

        while (e == 0 && cursor.n) {
                struct slice item = slice_token(&cursor, ';');
                char decimal[32];
                uint64_t us;

                if (slice_eat(&item, SLICE("b=")))
                        e = entry_keep(&v->entry, SLICE("_BOOT_ID"), item);
                const bool real = slice_starts(item, SLICE("t="));
                if (!real && !slice_starts(item, SLICE("m=")))
                        continue;
                item = slice_from(item, 2);
                if (!slice_eat_hex(&item, &us))
                        continue;
                snprintf(decimal, sizeof(decimal), "%" PRIu64, us);
                e = entry_keep(&v->entry, real ? SLICE("__REALTIME_TIMESTAMP") : SLICE("__MONOTONIC_TIMESTAMP"),
                               slice_of(decimal));
        }
        return e;
}

static size_t indent_of(struct slice line) {
        size_t n = 0;

        while (n < line.n && line.s[n] == ' ')
                n++;
        return n;
}

/* "[12B blob data]" stands for bytes that journalctl holds back. */
static bool is_blob(struct slice value) {
        uint64_t n;

        return slice_eat(&value, SLICE("[")) && slice_eat_u64(&value, &n) && slice_ends(value, SLICE("B blob data]"));
}

static int take_field(struct verbose *v, struct slice line) {
        struct slice value = slice_from(line, INDENT), name = slice_token(&value, '=');

        if (!entry_is_name(name) || name.n + INDENT == line.n)
                return v->bad++, 0;
        memcpy(v->name, name.s, name.n);
        v->name_n = name.n;
        v->blobs += slice_eq(name, SLICE("MESSAGE")) && is_blob(value);
        return entry_keep(&v->entry, name, value);
}

static int take_line(struct verbose *v, struct slice line) {
        struct slice cursor = cursor_of(line);
        const size_t value_at = INDENT + v->name_n + 1, indent = indent_of(line);

        if (cursor.n) {
                v->name_n = 0;
                int e = entry_end(&v->entry);
                return e < 0 ? e : take_cursor(v, cursor);
        }
        if (v->name_n && indent >= value_at)
                return entry_more(&v->entry, (struct slice){ v->name, v->name_n }, slice_from(line, value_at));
        if (indent == INDENT)
                return take_field(v, line);
        /* journalctl's own words: "-- Boot … --". */
        v->bad += slice_trim(line).n > 0 && !slice_starts(line, SLICE("-- "));
        return 0;
}

int source_verbose(struct scan *s, struct input *in, const struct source_options *o) {
        _cleanup_(line_reader_done) struct line_reader r = { .in = in };
        struct verbose v = {};
        struct slice line;

        int e = entry_begin(&v.entry, s, in, "journal-verbose", o);
        if (e < 0)
                return e;
        while ((e = line_reader_next(&r, &line)) > 0 && (e = take_line(&v, line)) == 0)
                ;
        if (e == 0)
                e = entry_end(&v.entry);
        else if (e != -ENOMEM)
                log_error("reading %s failed after %llu bytes: %s", in->name, (unsigned long long) r.bytes,
                          input_error(in, e));
        if (v.blobs) {
                log_error("%s: journalctl omitted %llu binary messages: save the journal with --all", in->name,
                          (unsigned long long) v.blobs);
                e = e < 0 ? e : -EBADMSG;
        }
        e = entry_finish(&v.entry, in, e, v.bad);
        entry_done(&v.entry);
        return e;
}
