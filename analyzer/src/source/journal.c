/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <systemd/sd-id128.h>
#include <systemd/sd-journal.h>

#include "base/log.h"
#include "base/macros.h"
#include "source/source.h"

/* journald's record of messages that the ring buffer overwrote; a match on the kernel's records hides it. */
#define LOST_MATCH "MESSAGE_ID=e9bf28e6e834481bb6f48f548ad13606"

static void journal_closep(sd_journal **j) {
        sd_journal_close(*j);
}

struct journal {
        sd_journal *j;
        struct scan *scan;
        uint32_t source, boot;
        bool has_boot;
        sd_id128_t boot_id;
};

/* A field's value, without its name. -ENOENT where the entry lacks it. */
static int field(sd_journal *j, const char *name, struct slice *ret) {
        const void *data;
        size_t n, skip = strlen(name) + 1;

        int r = sd_journal_get_data(j, name, &data, &n);
        if (r < 0)
                return r;
        if (n < skip)
                return -ENOENT;
        *ret = (struct slice) { (const char *) data + skip, n - skip };
        return 0;
}

static bool field_u64(sd_journal *j, const char *name, uint64_t *ret) {
        struct slice s;
        return field(j, name, &s) == 0 && slice_eat_u64(&s, ret) && s.n == 0;
}

static int make_cursor(const struct record *r, char **ret) {
        return sd_journal_get_cursor(r->userdata, ret);
}

/* Machine and host stand in every entry; they are asked for once a boot. */
static int enter_boot(struct journal *t, sd_id128_t id) {
        char hex[33];
        struct slice s;

        sd_id128_to_string(id, hex);
        int r = boots_find(&t->scan->boots, hex, t->source, &t->boot);
        if (r < 0)
                return r;
        t->boot_id = id;
        t->has_boot = true;

        struct boot *b = t->scan->boots.items[t->boot];
        if (!*b->machine && field(t->j, "_MACHINE_ID", &s) == 0 && s.n == 32) {
                memcpy(b->machine, s.s, 32);
                b->machine[32] = '\0';
        }
        if (!b->host && field(t->j, "_HOSTNAME", &s) == 0 && !(b->host = arena_dup(&b->arena, s)))
                return -ENOMEM;
        return 0;
}

/* The kernel's own words have facility 0; processes that write to /dev/kmsg have another. */
static enum origin origin_of(sd_journal *j) {
        uint64_t facility;
        struct slice transport;

        if (field_u64(j, "SYSLOG_FACILITY", &facility))
                return facility == 0 ? ORIGIN_KERNEL : ORIGIN_USERSPACE;
        if (field(j, "_TRANSPORT", &transport) == 0 && slice_eq(transport, SLICE("driver")))
                return ORIGIN_KERNEL; /* journald's own word on losses */
        return ORIGIN_UNVERIFIED;
}

static int take_entry(struct journal *t, const struct source_options *o, bool *stop) {
        struct source_info *info = &t->scan->sources[t->source];
        sd_id128_t id;
        uint64_t mono;
        bool hit;

        int r = sd_journal_get_monotonic_usec(t->j, &mono, &id);
        if (r < 0)
                return r;
        if (!t->has_boot || !sd_id128_equal(id, t->boot_id)) {
                r = enter_boot(t, id);
                if (r < 0)
                        return r;
        }
        struct boot *b = t->scan->boots.items[t->boot];

        if (o->has_until) {
                uint64_t real;
                if (sd_journal_get_realtime_usec(t->j, &real) >= 0 && real > o->until_us) {
                        *stop = true;
                        return 0;
                }
        }
        struct record rec = {
                .time = { .has_mono = true, .mono_us = mono },
                .boot = t->boot, .source = t->source, .number = ++info->entries,
                .cursor = make_cursor, .userdata = t->j,
        };
        b->records++;
        if (!b->first.has_real)
                b->first.has_real = sd_journal_get_realtime_usec(t->j, &b->first.real_us) >= 0;

        r = field(t->j, "MESSAGE", &rec.message);
        if (r == -ENOENT)
                return 0;
        if (r < 0)
                return r;
        info->bytes += rec.message.n;
        if (!scan_wants(t->scan, rec.message, t->boot, &hit)) {
                if (!b->first.has_mono) {
                        b->first.has_mono = true;
                        b->first.mono_us = mono;
                }
                b->last.has_mono = true;
                b->last.mono_us = mono;
                return 0;
        }

        /* Now the rest is worth asking for. It may move the message. */
        uint64_t source_mono;
        if (field_u64(t->j, "_SOURCE_MONOTONIC_TIMESTAMP", &source_mono))
                rec.time.mono_us = source_mono;
        rec.time.has_real = sd_journal_get_realtime_usec(t->j, &rec.time.real_us) >= 0;
        rec.origin = origin_of(t->j);
        r = field(t->j, "MESSAGE", &rec.message);
        if (r < 0)
                return r;
        return scan_record(t->scan, &rec, hit, &t->boot);
}

/* Boots in the order of their first entries. */
struct boot_start {
        sd_id128_t id;
        uint64_t real;
};

static int by_start(const void *a, const void *b) {
        uint64_t x = ((const struct boot_start *) a)->real, y = ((const struct boot_start *) b)->real;
        return x < y ? -1 : x > y;
}

static int match_boot(sd_journal *j, sd_id128_t id) {
        char match[9 + 33] = "_BOOT_ID=";
        sd_id128_to_string(id, match + 9);
        return sd_journal_add_match(j, match, 0);
}

/* -b: an id, or which boot counted from the last. */
static int find_boot(sd_journal *j, const char *which, sd_id128_t *ret) {
        _cleanup_free_ struct boot_start *starts = NULL;
        size_t n = 0, room = 0;
        const void *data;
        size_t size;
        char *end;

        if (sd_id128_from_string(which, ret) >= 0)
                return 0;
        long back = strtol(*which ? which : "0", &end, 10);
        if (*end || back > 0)
                return -EINVAL;

        int r = sd_journal_query_unique(j, "_BOOT_ID");
        if (r < 0)
                return r;
        SD_JOURNAL_FOREACH_UNIQUE(j, data, size) {
                struct boot_start s = {};
                char id[33];

                if (size != 9 + 32)
                        continue;
                memcpy(id, (const char *) data + 9, 32);
                id[32] = '\0';
                if (sd_id128_from_string(id, &s.id) < 0)
                        continue;
                if (n == room) {
                        struct boot_start *p = realloc(starts, (room = room ? room * 2 : 16) * sizeof(*p));
                        if (!p)
                                return -ENOMEM;
                        starts = p;
                }
                starts[n++] = s;
        }
        for (size_t i = 0; i < n; i++) {
                sd_journal_flush_matches(j);
                r = match_boot(j, starts[i].id);
                if (r >= 0)
                        r = sd_journal_seek_head(j);
                if (r >= 0 && sd_journal_next(j) > 0)
                        (void) sd_journal_get_realtime_usec(j, &starts[i].real);
        }
        sd_journal_flush_matches(j);
        if (n)
                qsort(starts, n, sizeof(*starts), by_start);
        if ((size_t) -back >= n)
                return -ENOENT;
        *ret = starts[n - 1 - (size_t) -back].id;
        return 0;
}

static int add_matches(sd_journal *j, const struct source_options *o, const char *name) {
        sd_id128_t boot;
        int r = 0;

        if (o->boot) {
                r = find_boot(j, o->boot, &boot);
                if (r < 0) {
                        log_error("%s holds no boot \"%s\"; journalctl --list-boots shows those of this machine", name, o->boot);
                        return r;
                }
        }
        r = sd_journal_add_match(j, "_TRANSPORT=kernel", 0);
        if (r >= 0)
                r = sd_journal_add_disjunction(j);
        if (r >= 0)
                r = sd_journal_add_match(j, LOST_MATCH, 0);
        if (r >= 0 && o->boot) {
                r = sd_journal_add_conjunction(j);
                if (r >= 0)
                        r = match_boot(j, boot);
        }
        if (r >= 0)
                r = o->has_since ? sd_journal_seek_realtime_usec(j, o->since_us) : sd_journal_seek_head(j);
        if (r < 0)
                log_error("cannot search %s: %s", name, strerror(-r));
        return r < 0 ? r : 0;
}

static int open_journal(sd_journal **j, const char *path, bool folder) {
        if (!path)
                return sd_journal_open(j, SD_JOURNAL_LOCAL_ONLY);
        if (folder)
                return sd_journal_open_directory(j, path, 0);
        return sd_journal_open_files(j, (const char *[]) { path, NULL }, 0);
}

/* Damaged entries are passed over, counted; a run of them means that there is no way on. */
enum { BAD_RUN_MAX = 1000 };

static int read_all(struct journal *t, const struct source_options *o, const char *name) {
        uint64_t bad = 0;
        unsigned run = 0;
        bool stop = false;
        int r, first = 0;

        while (!stop && run < BAD_RUN_MAX && (r = sd_journal_next(t->j)) != 0) {
                if (r > 0)
                        r = take_entry(t, o, &stop);
                if (r == -ENOMEM)
                        return log_oom();
                if (r < 0) {
                        bad++;
                        run++;
                        if (first == 0)
                                first = r;
                } else
                        run = 0;
        }
        if (bad) {
                log_error("%s: %" PRIu64 " entries could not be read (%s)", name, bad, strerror(-first));
                t->scan->sources[t->source].incomplete = true;
        }
        return first;
}

int source_journal(struct scan *s, const char *path, bool folder, const struct source_options *o) {
        _cleanup_(journal_closep) sd_journal *j = NULL;
        struct journal t = { .scan = s };
        const char *name = path ? path : "journal";

        int damage = !path ? 0 : folder ? journal_check_folder(path) : journal_check_file(path);
        if (damage == -ENOENT || damage == -ENOMEM)
                return damage;

        int r = open_journal(&j, path, folder);
        if (r < 0) {
                /* A damaged file was named above. */
                if (damage == 0)
                        log_error("cannot open %s: %s", path ? path : "this machine's journal", strerror(-r));
                return r;
        }
        if (!path && sd_journal_has_runtime_files(j) <= 0 && sd_journal_has_persistent_files(j) <= 0) {
                log_error("this machine has no journal that you may read: be root or a member of group systemd-journal, "
                          "or name a folder with -D");
                return -ENOENT;
        }
        sd_journal_set_data_threshold(j, 0);

        r = scan_add_source(s, name, "journal", &t.source);
        if (r < 0)
                return log_oom();
        r = add_matches(j, o, name);
        if (r < 0)
                return r;
        t.j = j;
        r = read_all(&t, o, name);
        int e = scan_end_source(s, t.source);
        if (e == -ENOMEM)
                return log_oom();
        if (damage < 0)
                s->sources[t.source].incomplete = true;
        if (r == 0 && damage == 0 && s->sources[t.source].entries == 0) {
                log_error("%s holds no message of a kernel%s", name,
                          o->boot || o->has_since || o->has_until ? " for this boot and time" : "");
                return -ENODATA;
        }
        return r < 0 ? r : damage < 0 ? damage : e;
}
