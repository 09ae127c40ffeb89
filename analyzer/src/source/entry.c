/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "source/entry.h"

#include <errno.h>

#include "base/log.h"
#include "base/macros.h"

static const struct slice names[N_ENTRY_FIELDS] = {
        [ENTRY_MESSAGE] = SLICE("MESSAGE"),
        [ENTRY_BOOT] = SLICE("_BOOT_ID"),
        [ENTRY_MACHINE] = SLICE("_MACHINE_ID"),
        [ENTRY_HOST] = SLICE("_HOSTNAME"),
        [ENTRY_TRANSPORT] = SLICE("_TRANSPORT"),
        [ENTRY_IDENTIFIER] = SLICE("SYSLOG_IDENTIFIER"),
        [ENTRY_FACILITY] = SLICE("SYSLOG_FACILITY"),
        [ENTRY_MESSAGE_ID] = SLICE("MESSAGE_ID"),
        [ENTRY_CURSOR] = SLICE("__CURSOR"),
        [ENTRY_REAL] = SLICE("__REALTIME_TIMESTAMP"),
        [ENTRY_MONO] = SLICE("__MONOTONIC_TIMESTAMP"),
        [ENTRY_PID] = SLICE("_PID"),
        [ENTRY_UID] = SLICE("_UID"),
        [ENTRY_SOURCE_MONO] = SLICE("_SOURCE_MONOTONIC_TIMESTAMP"),
};
/* journald's record of messages that the ring buffer overwrote. */
static const struct slice lost_id = SLICE("e9bf28e6e834481bb6f48f548ad13606");

static struct slice value(const struct entry *x, enum entry_field f) {
        return x->has[f] ? buffer_slice(&x->field[f], 0, x->field[f].size) : SLICE_NULL;
}

static bool number(const struct entry *x, enum entry_field f, uint64_t *ret) {
        struct slice s = value(x, f);
        return slice_eat_u64(&s, ret) && s.n == 0;
}

static bool is_id(struct slice s) {
        for (size_t i = 0; i < s.n; i++)
                if (!is_digit(s.s[i]) && !(s.s[i] >= 'a' && s.s[i] <= 'f'))
                        return false;
        return s.n == 32;
}

bool entry_is_name(struct slice s) {
        for (size_t i = 0; i < s.n; i++)
                if (s.s[i] != '_' && !is_digit(s.s[i]) && !(s.s[i] >= 'A' && s.s[i] <= 'Z'))
                        return false;
        return s.n > 0 && s.n <= 64;
}

int entry_begin(struct entry *x, struct scan *s, struct input *in, const char *type, const struct source_options *o) {
        *x = (struct entry){ .scan = s, .options = o };
        if (o->boot && !is_id(slice_of(o->boot))) {
                log_error("%s is a saved form of the journal, where -b takes a boot's id only", in->name);
                return -EINVAL;
        }
        int e = scan_add_source(s, in->name, type, &x->source);
        return e < 0 ? log_oom() : 0;
}

void entry_done(struct entry *x) {
        for (size_t i = 0; i < N_ENTRY_FIELDS; i++)
                buffer_done(&x->field[i]);
}

/* The field of that name, N_ENTRY_FIELDS for those that we do not look at. */
static size_t field_of(struct slice name) {
        size_t i = 0;

        while (i < N_ENTRY_FIELDS && !slice_eq(name, names[i]))
                i++;
        return i;
}

int entry_keep(struct entry *x, struct slice name, struct slice s) {
        const size_t i = field_of(name);

        x->any = true;
        if (i == N_ENTRY_FIELDS || x->has[i])
                return 0;
        x->field[i].size = 0;
        x->has[i] = true;
        return buffer_add(&x->field[i], s.s, MIN(s.n, (size_t) ENTRY_FIELD_MAX));
}

int entry_more(struct entry *x, struct slice name, struct slice line) {
        const size_t i = field_of(name);

        if (i == N_ENTRY_FIELDS || x->field[i].size + line.n >= ENTRY_FIELD_MAX)
                return 0;
        int e = buffer_add(&x->field[i], "\n", 1);
        return e < 0 ? e : buffer_add(&x->field[i], line.s, line.n);
}

static int make_cursor(const struct record *r, char **ret) {
        struct slice s = value(r->userdata, ENTRY_CURSOR);

        if (s.n == 0)
                return 0;
        *ret = strndup(s.s, s.n);
        return *ret ? 0 : -ENOMEM;
}

static int enter_boot(struct entry *x) {
        struct slice id = value(x, ENTRY_BOOT), machine = value(x, ENTRY_MACHINE), host = value(x, ENTRY_HOST);

        /* journal-remote gives entries without an id zeros; so do we. */
        if (!is_id(id))
                id = SLICE("00000000000000000000000000000000");
        if (x->has_boot && memcmp(x->boot_id, id.s, 32) == 0)
                return 0;
        memcpy(x->boot_id, id.s, 32);
        int e = scan_find_boot(x->scan, x->boot_id, x->source, &x->boot);
        if (e < 0)
                return e;
        x->has_boot = true;
        struct boot *b = scan_boot(x->scan, x->boot);
        if (!*b->machine && is_id(machine))
                memcpy(b->machine, machine.s, 32);
        if (!b->host && host.n > 0 && host.n <= 64 && !(b->host = arena_dup(&b->arena, host)))
                return -ENOMEM;
        return 0;
}

/* --output-fields can leave the transport out: then the entry may be the kernel's, and nothing vouches for it. Any
 * program can send journald's message id, and facility 0: the transport alone is journald's own word. */
static bool may_be_kernel(const struct entry *x) {
        const bool lost = slice_eq(value(x, ENTRY_MESSAGE_ID), lost_id);

        if (x->has[ENTRY_TRANSPORT])
                return slice_eq(value(x, ENTRY_TRANSPORT), SLICE("kernel")) ||
                       (lost && slice_eq(value(x, ENTRY_TRANSPORT), SLICE("driver")));
        /* journald says of each program's entry who sent it. */
        if (x->has[ENTRY_PID] || x->has[ENTRY_UID])
                return false;
        return lost || !x->has[ENTRY_IDENTIFIER] || slice_eq(value(x, ENTRY_IDENTIFIER), SLICE("kernel"));
}

static bool is_wanted(const struct entry *x) {
        const struct source_options *o = x->options;
        uint64_t real;

        if (!may_be_kernel(x) || (o->boot && !slice_eq(value(x, ENTRY_BOOT), slice_of(o->boot))))
                return false;
        if (!o->has_since && !o->has_until)
                return true;
        return number(x, ENTRY_REAL, &real) && (!o->has_since || real >= o->since_us) &&
               (!o->has_until || real <= o->until_us);
}

static enum origin origin_of(const struct entry *x) {
        uint64_t facility;

        if (x->has[ENTRY_TRANSPORT] && number(x, ENTRY_FACILITY, &facility))
                return facility == 0 ? ORIGIN_KERNEL : ORIGIN_USERSPACE;
        return slice_eq(value(x, ENTRY_TRANSPORT), SLICE("driver")) ? ORIGIN_KERNEL : ORIGIN_UNVERIFIED;
}

static int take(struct entry *x) {
        struct source_info *info = scan_source(x->scan, x->source);
        bool hit;

        if (!is_wanted(x))
                return 0;
        int e = enter_boot(x);
        if (e < 0)
                return e;
        if (x->boot < x->options->held_boots) {
                info->repeated++;
                return 0;
        }
        struct record r = {
                .message = value(x, ENTRY_MESSAGE),
                .boot = x->boot,
                .source = x->source,
                .number = ++info->entries,
                .cursor = make_cursor,
                .userdata = x,
                .origin = origin_of(x),
        };
        r.time.has_mono = number(x, ENTRY_SOURCE_MONO, &r.time.mono_us) || number(x, ENTRY_MONO, &r.time.mono_us);
        r.time.has_real = number(x, ENTRY_REAL, &r.time.real_us);
        info->bytes += r.message.n;
        scan_boot(x->scan, x->boot)->records++;
        if (!scan_wants(x->scan, r.message, x->boot, &hit)) {
                boot_seen(scan_boot(x->scan, x->boot), &r.time);
                return 0;
        }
        return scan_record(x->scan, &r, hit, &x->boot);
}

int entry_end(struct entry *x) {
        int e = x->any ? take(x) : 0;

        x->any = false;
        memset(x->has, 0, sizeof(x->has));
        return e;
}

int entry_finish(struct entry *x, struct input *in, int e, uint64_t bad) {
        const struct source_options *o = x->options;
        struct source_info *info = scan_source(x->scan, x->source);
        int e2 = scan_end_source(x->scan, x->source);

        if (e == -ENOMEM || e2 == -ENOMEM)
                return log_oom();
        if (bad) {
                log_error("%s: skipped %llu pieces that are not part of a journal entry", in->name,
                          (unsigned long long) bad);
                e = e < 0 ? e : -EBADMSG;
        }
        if (e < 0)
                info->complete = false;
        if (e == 0 && info->entries == 0 && info->repeated == 0) {
                log_error("%s holds no message of a kernel%s", in->name,
                          o->boot || o->has_since || o->has_until ? " for this boot and time" : "");
                return -ENODATA;
        }
        return e < 0 ? e : e2;
}
