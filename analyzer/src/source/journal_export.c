/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <endian.h>
#include <errno.h>

#include "base/log.h"
#include "base/macros.h"
#include "source/source.h"

/* The journal's export format: entries of fields, an empty line between two. A field is "NAME=value", or, where
 * the value may hold line ends, "NAME", a line end, its size as 64 bits little endian, the value, a line end. */

/* The fields that we look at. */
enum export_field { MESSAGE, BOOT, MACHINE, HOST, TRANSPORT, FACILITY, MESSAGE_ID, CURSOR, REAL, MONO, SOURCE_MONO, N_FIELDS };
static const struct slice names[N_FIELDS] = {
        [MESSAGE] = SLICE("MESSAGE"),     [BOOT] = SLICE("_BOOT_ID"),
        [MACHINE] = SLICE("_MACHINE_ID"), [HOST] = SLICE("_HOSTNAME"),
        [TRANSPORT] = SLICE("_TRANSPORT"), [FACILITY] = SLICE("SYSLOG_FACILITY"),
        [MESSAGE_ID] = SLICE("MESSAGE_ID"), [CURSOR] = SLICE("__CURSOR"),
        [REAL] = SLICE("__REALTIME_TIMESTAMP"), [MONO] = SLICE("__MONOTONIC_TIMESTAMP"),
        [SOURCE_MONO] = SLICE("_SOURCE_MONOTONIC_TIMESTAMP"),
};
/* journald's record of messages that the ring buffer overwrote. */
static const struct slice lost_id = SLICE("e9bf28e6e834481bb6f48f548ad13606");

/* A message of the kernel is short; a field beyond this is kept by its head. */
enum { FIELD_MAX = 64 * 1024 };

struct export {
        struct scan *scan;
        struct input *in;
        const struct source_options *options;
        uint32_t source, boot;
        char boot_id[33];
        bool has_boot, any;       /* any: the entry has a field */
        struct buffer field[N_FIELDS];
        bool has[N_FIELDS];
        uint64_t bad;             /* lines that are no field */
};

static void export_done(struct export *x) {
        for (size_t i = 0; i < N_FIELDS; i++)
                buffer_done(&x->field[i]);
}

static struct slice value(const struct export *x, enum export_field f) {
        return x->has[f] ? buffer_slice(&x->field[f], 0, x->field[f].size) : SLICE_NULL;
}

static bool number(const struct export *x, enum export_field f, uint64_t *ret) {
        struct slice s = value(x, f);
        return slice_eat_u64(&s, ret) && s.n == 0;
}

static int make_cursor(const struct record *r, char **ret) {
        struct slice s = value(r->userdata, CURSOR);

        if (s.n == 0)
                return 0;
        *ret = strndup(s.s, s.n);
        return *ret ? 0 : -ENOMEM;
}

static bool is_id(struct slice s) {
        for (size_t i = 0; i < s.n; i++)
                if (!is_digit(s.s[i]) && !(s.s[i] >= 'a' && s.s[i] <= 'f'))
                        return false;
        return s.n == 32;
}

static int enter_boot(struct export *x) {
        struct slice id = value(x, BOOT), machine = value(x, MACHINE), host = value(x, HOST);

        /* journal-remote gives entries without an id zeros; so do we. */
        if (!is_id(id))
                id = SLICE("00000000000000000000000000000000");
        if (x->has_boot && memcmp(x->boot_id, id.s, 32) == 0)
                return 0;
        memcpy(x->boot_id, id.s, 32);
        int e = boots_find(&x->scan->boots, x->boot_id, x->source, &x->boot);
        if (e < 0)
                return e;
        x->has_boot = true;
        struct boot *b = x->scan->boots.items[x->boot];
        if (!*b->machine && is_id(machine))
                memcpy(b->machine, machine.s, 32);
        if (!b->host && host.n > 0 && host.n <= 64 && !(b->host = arena_dup(&b->arena, host)))
                return -ENOMEM;
        return 0;
}

static bool is_wanted(const struct export *x) {
        const struct source_options *o = x->options;
        uint64_t real;

        if (!slice_eq(value(x, TRANSPORT), SLICE("kernel")) && !slice_eq(value(x, MESSAGE_ID), lost_id))
                return false;
        if (o->boot && !slice_eq(value(x, BOOT), slice_of(o->boot)))
                return false;
        if (!o->has_since && !o->has_until)
                return true;
        return number(x, REAL, &real) && (!o->has_since || real >= o->since_us) && (!o->has_until || real <= o->until_us);
}

static int take_entry(struct export *x) {
        struct source_info *info = &x->scan->sources[x->source];
        uint64_t facility;
        bool hit;

        if (!is_wanted(x))
                return 0;
        int e = enter_boot(x);
        if (e < 0)
                return e;
        struct record r = {
                .message = value(x, MESSAGE), .boot = x->boot, .source = x->source, .number = ++info->entries,
                .cursor = make_cursor, .userdata = x, .origin = ORIGIN_UNVERIFIED,
        };
        r.time.has_mono = number(x, SOURCE_MONO, &r.time.mono_us) || number(x, MONO, &r.time.mono_us);
        r.time.has_real = number(x, REAL, &r.time.real_us);
        if (number(x, FACILITY, &facility))
                r.origin = facility == 0 ? ORIGIN_KERNEL : ORIGIN_USERSPACE;
        else if (slice_eq(value(x, TRANSPORT), SLICE("driver")))
                r.origin = ORIGIN_KERNEL;
        info->bytes += r.message.n;
        x->scan->boots.items[x->boot]->records++;
        if (!scan_wants(x->scan, r.message, x->boot, &hit)) {
                boot_seen(x->scan->boots.items[x->boot], &r.time);
                return 0;
        }
        return scan_record(x->scan, &r, hit, &x->boot);
}

static int end_entry(struct export *x) {
        int e = x->any ? take_entry(x) : 0;

        x->any = false;
        memset(x->has, 0, sizeof(x->has));
        return e;
}

/* --- bytes --- */

static int keep(struct export *x, struct slice name, struct slice s) {
        for (size_t i = 0; i < N_FIELDS; i++) {
                if (!slice_eq(name, names[i]) || x->has[i])
                        continue;
                x->field[i].size = 0;
                x->has[i] = true;
                return buffer_add(&x->field[i], s.s, MIN(s.n, (size_t) FIELD_MAX));
        }
        return 0;
}

/* "NAME" alone: size, value and line end follow. 1, 0 where they do not, -errno. */
static int take_sized(struct export *x, struct line_reader *r, struct slice name) {
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
        e = buffer_reserve(&b, FIELD_MAX);
        if (e < 0)
                return e;
        size_t keeps = (size_t) MIN(size, (uint64_t) FIELD_MAX);
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
                x->bad++;
        x->any = true;
        e = keep(x, kept, (struct slice) { b.data, keeps });
        return e < 0 ? e : 1;
}

static bool is_name(struct slice s) {
        for (size_t i = 0; i < s.n; i++)
                if (s.s[i] != '_' && !is_digit(s.s[i]) && !(s.s[i] >= 'A' && s.s[i] <= 'Z'))
                        return false;
        return s.n > 0 && s.n <= 64;
}

static int read_entries(struct export *x) {
        _cleanup_(line_reader_done) struct line_reader r = { .in = x->in };
        struct slice line;
        int e;

        while ((e = line_reader_next(&r, &line)) > 0) {
                struct slice rest = line, name = slice_token(&rest, '=');

                if (line.n == 0)
                        e = end_entry(x);
                else if (!is_name(name)) {
                        x->bad++;
                        e = 0;
                } else if (name.n < line.n) {
                        x->any = true;
                        e = keep(x, name, rest);
                } else {
                        e = take_sized(x, &r, name);
                        if (e == 0) {
                                log_error("%s ends inside a field, after %llu bytes", x->in->name, (unsigned long long) r.bytes);
                                (void) end_entry(x);
                                return -ENODATA;
                        }
                }
                if (e < 0)
                        break;
        }
        if (e == 0)
                e = end_entry(x);
        if (e < 0 && e != -ENOMEM)
                log_error("reading %s failed after %llu bytes: %s", x->in->name, (unsigned long long) r.bytes, input_error(x->in, e));
        return e;
}

int source_export(struct scan *s, struct input *in, const struct source_options *o) {
        _cleanup_(export_done) struct export x = { .scan = s, .in = in, .options = o };

        if (o->boot && !is_id(slice_of(o->boot))) {
                log_error("%s is in the journal's export format, where -b takes a boot's id only", in->name);
                return -EINVAL;
        }
        int e = scan_add_source(s, in->name, "export", &x.source);
        if (e < 0)
                return log_oom();
        e = read_entries(&x);
        int e2 = scan_end_source(s, x.source);
        if (e == -ENOMEM || e2 == -ENOMEM)
                return log_oom();
        if (x.bad) {
                log_error("%s: %llu lines are no field of the journal's export format", in->name, (unsigned long long) x.bad);
                e = e < 0 ? e : -EBADMSG;
        }
        if (e < 0)
                s->sources[x.source].incomplete = true;
        if (e == 0 && s->sources[x.source].entries == 0) {
                log_error("%s holds no message of a kernel%s", in->name,
                          o->boot || o->has_since || o->has_until ? " for this boot and time" : "");
                return -ENODATA;
        }
        return e < 0 ? e : e2;
}
