/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <math.h>

#include "base/log.h"
#include "base/macros.h"
#include "source/entry.h"
#include "source/values.h"

/* The JSON that journalctl (-o json, json-pretty, json-sse, json-seq) and dmesg (--json) print, also where jq or a
 * person put it together in another way. */

static void put(struct json_object **o) {
        json_object_put(*o);
}

static struct slice text_of(struct json_object *v) {
        return (struct slice){ json_object_get_string(v), (size_t) json_object_get_string_len(v) };
}

/* --- the journal's --- */

struct journal_json {
        struct entry entry;
        struct buffer bytes; /* scratch */
        uint64_t bad, held_back;
};

/* A value that is no UTF-8 is an array of its bytes; a field that an entry has several times an array of values. */
static int take_array(struct journal_json *j, struct slice name, struct json_object *array) {
        struct json_object *first = json_object_array_get_idx(array, 0);

        if (json_object_is_type(first, json_type_string))
                return entry_keep(&j->entry, name, text_of(first));
        if (json_object_is_type(first, json_type_array))
                return take_array(j, name, first);
        j->bytes.size = 0;
        for (size_t i = 0; i < json_object_array_length(array); i++) {
                const char c = (char) json_object_get_int(json_object_array_get_idx(array, i));
                int e = buffer_add(&j->bytes, &c, 1);
                if (e < 0)
                        return e;
        }
        return entry_keep(&j->entry, name, buffer_all(&j->bytes));
}

static int take_field(struct journal_json *j, struct slice name, struct json_object *v) {
        switch (json_object_get_type(v)) {
        case json_type_array:
                return take_array(j, name, v);
        case json_type_null: /* longer than journalctl prints without --all */
                j->held_back += slice_eq(name, SLICE("MESSAGE"));
                return 0;
        default:
                return entry_keep(&j->entry, name, text_of(v));
        }
}

static int take_entry(struct journal_json *j, struct json_object *o) {
        if (!json_object_is_type(o, json_type_object))
                return j->bad++, 0;
        json_object_object_foreach(o, key, v) {
                int e = entry_is_name(slice_of(key)) ? take_field(j, slice_of(key), v) : 0;
                if (e < 0)
                        return e;
        }
        return entry_end(&j->entry);
}

int source_journal_json(struct scan *s, struct input *in, const struct source_options *o) {
        _cleanup_(values_done) struct values values = {};
        struct journal_json j = {};
        struct json_object *v;

        int e = entry_begin(&j.entry, s, in, "journal-json", o);
        if (e < 0)
                return e;
        e = values_begin(&values, in);
        while (e == 0 && (e = values_next(&values, &v)) > 0) {
                e = take_entry(&j, v);
                json_object_put(v);
        }
        if (j.held_back) {
                log_error("%s: journalctl omitted %llu long messages: save the journal with --all", in->name,
                          (unsigned long long) j.held_back);
                e = e < 0 ? e : -EBADMSG;
        }
        e = entry_finish(&j.entry, in, e, j.bad + values.bad);
        entry_done(&j.entry);
        buffer_done(&j.bytes);
        return e;
}

/* --- dmesg's --- */

struct dmesg {
        struct scan *scan;
        uint32_t source, boot;
        uint64_t bad;
};

/* "pri" is a number that holds the facility too, or with --decode the level's name beside the facility's, "fac". */
static enum origin origin_of(struct json_object *o) {
        struct json_object *fac, *pri;

        if (json_object_object_get_ex(o, "fac", &fac))
                return json_object_is_type(fac, json_type_int) ?
                               (json_object_get_int(fac) ? ORIGIN_USERSPACE : ORIGIN_KERNEL) :
                       slice_eq(text_of(fac), SLICE("kern")) ? ORIGIN_KERNEL :
                                                               ORIGIN_USERSPACE;
        if (json_object_object_get_ex(o, "pri", &pri) && json_object_is_type(pri, json_type_int))
                return json_object_get_int(pri) >> 3 ? ORIGIN_USERSPACE : ORIGIN_KERNEL;
        return ORIGIN_UNVERIFIED;
}

/* "T123", "C1". */
static uint32_t caller_of(struct json_object *o) {
        struct json_object *caller;
        uint64_t id;

        if (!json_object_object_get_ex(o, "caller", &caller))
                return CALLER_NONE;
        struct slice s = slice_trim(text_of(caller)), digits = slice_from(s, 1);
        if (!slice_eat_u64(&digits, &id) || digits.n || id >= UINT32_MAX / 4)
                return CALLER_NONE;
        return slice_starts(s, SLICE("C")) ? CALLER_CPU((uint32_t) id) : CALLER_TASK((uint32_t) id);
}

static struct stamp time_of(struct json_object *o) {
        struct json_object *time;
        double seconds;

        if (!json_object_object_get_ex(o, "time", &time))
                return (struct stamp){};
        seconds = json_object_get_double(time);
        if (!(seconds >= 0 && seconds < 1e12) || (seconds == 0 && json_object_is_type(time, json_type_string)))
                return (struct stamp){};
        return (struct stamp){ .has_mono = true, .mono_us = (uint64_t) llround(seconds * 1e6) };
}

static int take_message(struct dmesg *d, struct json_object *o) {
        struct source_info *info = scan_source(d->scan, d->source);
        struct boot *boot = scan_boot(d->scan, d->boot);
        struct json_object *msg;
        bool hit;

        if (!json_object_object_get_ex(o, "msg", &msg) || !json_object_is_type(msg, json_type_string))
                return d->bad++, 0;
        struct record r = {
                .message = text_of(msg),
                .boot = d->boot,
                .source = d->source,
                .number = ++info->entries,
                .origin = origin_of(o),
                .caller = caller_of(o),
                .time = time_of(o),
        };
        info->bytes += r.message.n;
        boot->records++;
        if (scan_wants(d->scan, r.message, d->boot, &hit))
                return scan_record(d->scan, &r, hit, &d->boot);
        boot_seen(boot, &r.time);
        return 0;
}

static int read_messages(struct dmesg *d, struct values *values) {
        struct json_object *v;
        int e;

        while ((e = values_next(values, &v)) > 0) {
                _cleanup_(put) struct json_object *owned = v;

                e = take_message(d, v);
                if (e < 0)
                        break;
        }
        return e;
}

int source_dmesg_json(struct scan *s, struct input *in, const struct source_options *o _unused_) {
        _cleanup_(values_done) struct values values = {};
        struct dmesg d = { .scan = s };
        struct slice beginning;

        int e = scan_add_source(s, in->name, "dmesg-json", &d.source);
        if (e == 0)
                e = input_beginning(in, &beginning);
        if (e == 0)
                e = scan_text_boot(s, d.source, beginning, &d.boot);
        if (e < 0)
                return log_oom();
        e = values_begin(&values, in);
        if (e == 0)
                e = read_messages(&d, &values);
        int e2 = scan_end_source(s, d.source);
        if (e == -ENOMEM || e2 == -ENOMEM)
                return log_oom();
        d.bad += values.bad;
        if (d.bad) {
                log_error("%s: skipped %llu pieces that are not messages as dmesg --json prints them", in->name,
                          (unsigned long long) d.bad);
                e = e < 0 ? e : -EBADMSG;
        }
        scan_source(s, d.source)->complete = e >= 0;
        if (e == 0 && scan_source(s, d.source)->entries == 0) {
                log_error("%s holds no message", in->name);
                return -ENODATA;
        }
        return e < 0 ? e : e2;
}
