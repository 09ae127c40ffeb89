/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/log.h"
#include "base/macros.h"
#include "source/journal.h"
#include "source/journal_folder.h"

static int make_cursor(const struct record *r, char **ret) {
        return sd_journal_get_cursor(r->userdata, ret);
}

/* Machine and host are asked for once a boot, of its first entry. */
static int enter_boot(struct journal *t, sd_id128_t id) {
        struct slice machine, host;
        char hex[33];

        int r = scan_find_boot(t->scan, sd_id128_to_string(id, hex), t->source, &t->boot);
        if (r < 0)
                return r;
        t->boot_id = id;
        t->has_boot = true;

        struct boot *b = scan_boot(t->scan, t->boot);
        if (!*b->machine && journal_field(t->j, "_MACHINE_ID", &machine) == 0 && machine.n == 32) {
                memcpy(b->machine, machine.s, 32);
                b->machine[32] = '\0';
        }
        if (!b->host && journal_field(t->j, "_HOSTNAME", &host) == 0 && host.n > 0 && host.n <= 64 &&
            !(b->host = arena_dup(&b->arena, host)))
                return -ENOMEM;
        return 0;
}

static bool is_number(struct slice s, uint64_t *ret) {
        return slice_eat_u64(&s, ret) && s.n == 0;
}

/* The time since boot when the kernel printed it, or else when journald received it. 0 or -errno. */
static int kernel_time(sd_journal *j, uint64_t *ret) {
        sd_id128_t any; /* without a place for the boot's id libsystemd refuses all boots but the machine's own */
        struct slice s;

        return journal_field(j, "_SOURCE_MONOTONIC_TIMESTAMP", &s) == 0 && is_number(s, ret) ?
                       0 :
                       sd_journal_get_monotonic_usec(j, ret, &any);
}

/* Uptime counts from the first entry on, whether or not it is looked at: else a boot with one report would be as long
 * as that report. */
static void begin_boot(struct boot *b, sd_journal *j) {
        b->first.has_real = sd_journal_get_realtime_usec(j, &b->first.real_us) >= 0;
        if (!b->first.has_mono)
                b->first.has_mono = kernel_time(j, &b->first.mono_us) >= 0;
}

/* The kernel's time and who wrote it, in one walk over the fields: each that is asked for by name costs as much. The
 * kernel's own words have facility 0; processes that write to /dev/kmsg have another. */
static void take_fields(sd_journal *j, struct record *rec) {
        bool has_facility = false, userspace = false, driver = false;
        const void *data;
        size_t n;

        SD_JOURNAL_FOREACH_DATA(j, data, n) {
                struct slice s = { data, n };
                uint64_t v;

                if (slice_eat(&s, SLICE("_SOURCE_MONOTONIC_TIMESTAMP="))) {
                        if (is_number(s, &v)) {
                                rec->time.mono_us = v;
                                rec->time.has_mono = true;
                        }
                } else if (slice_eat(&s, SLICE("SYSLOG_FACILITY="))) {
                        has_facility = true;
                        userspace = userspace || !is_number(s, &v) || v != 0;
                } else if (slice_eat(&s, SLICE("_TRANSPORT=")))
                        driver = slice_eq(s, SLICE("driver")); /* journald's own word on losses */
        }
        rec->origin = userspace ? ORIGIN_USERSPACE : has_facility || driver ? ORIGIN_KERNEL : ORIGIN_UNVERIFIED;
}

/* Equal for entries that say the same at the same time; each message of a kernel has a time of its own. */
static uint64_t print_of(const struct record *rec, uint64_t received_us) {
        return hash_slice(hash_u64(hash_u64(HASH_START, received_us), rec->time.mono_us), rec->message);
}

/* Was the entry not there before? Its number in the file, with the file's own id, is what its cursor begins with. */
static int take_once(struct journal *t, struct boot *b, const struct record *rec, uint64_t mono, bool hit) {
        const uint64_t print = print_of(rec, mono);
        _cleanup_free_ char *cursor = NULL;

        int r = repeats_take(&b->repeats, mono, print, hit);
        if (r != 0 || !repeats_may_differ(&b->repeats, mono))
                return r;
        r = sd_journal_get_cursor(t->j, &cursor);
        if (r < 0)
                return r;
        struct slice number = slice_head(slice_of(cursor), slice_find(slice_of(cursor), SLICE(";b=")));
        return repeats_take_numbered(&b->repeats, hash_slice(print, number));
}

/* Entries of the current boot that nobody looks at. */
static void pass_over(struct boot *b, uint64_t n, uint64_t first_mono, uint64_t last_mono) {
        b->records += n;
        if (!b->first.has_mono) {
                b->first.has_mono = true;
                b->first.mono_us = first_mono;
        }
        b->last.has_mono = true;
        b->last.mono_us = last_mono;
}

/* The entry's time and boot. stop: it lies beyond --until. */
static int take_time(struct journal *t, uint64_t *mono, bool *stop) {
        uint64_t real;
        sd_id128_t id;

        int r = sd_journal_get_monotonic_usec(t->j, mono, &id);
        if (r < 0)
                return r;
        *stop = t->filter->has_until && sd_journal_get_realtime_usec(t->j, &real) >= 0 && real > t->filter->until_us;
        if (*stop || (t->has_boot && sd_id128_equal(id, t->boot_id)))
                return 0;
        return enter_boot(t, id);
}

/* Is noise asked for its time? */
static bool times_noise(const struct journal *t) {
        return !t->one_boot || t->filter->has_until;
}

int journal_take_entry(struct journal *t, bool *stop) {
        struct source_info *info = scan_source(t->scan, t->source);
        const bool timed = !t->has_boot || times_noise(t);
        uint64_t mono = 0;
        bool hit;

        int r = timed ? take_time(t, &mono, stop) : 0;
        if (r < 0 || *stop)
                return r;
        struct boot *b = scan_boot(t->scan, t->boot);
        struct record rec = {
                .boot = t->boot,
                .source = t->source,
                .number = ++info->entries,
                .cursor = make_cursor,
                .userdata = t->j,
        };
        if (!b->first.has_real)
                begin_boot(b, t->j);

        r = journal_field(t->j, "MESSAGE", &rec.message);
        if (r < 0 && r != -ENOENT)
                return r;
        if (r == -ENOENT)
                rec.message = SLICE_NULL;
        info->bytes += rec.message.n;
        t->untimed = false;
        if (r == -ENOENT || !scan_wants(t->scan, rec.message, t->boot, &hit)) {
                t->untimed = !timed;
                if (timed)
                        pass_over(b, 1, mono, mono);
                else
                        b->records++;
                return 0;
        }

        /* Now the rest is worth asking for. It may move the message. */
        b->records++;
        t->message.size = 0;
        r = buffer_add(&t->message, rec.message.s, rec.message.n);
        if (r < 0)
                return r;
        rec.message = buffer_all(&t->message);
        take_fields(t->j, &rec);
        r = timed ? 0 : take_time(t, &mono, stop);
        if (r < 0)
                return r;
        if (!rec.time.has_mono)
                rec.time.mono_us = mono;
        rec.time.has_mono = true;
        r = take_once(t, b, &rec, mono, hit);
        if (r <= 0) {
                info->repeated += r == 0;
                return r;
        }
        rec.time.has_real = sd_journal_get_realtime_usec(t->j, &rec.time.real_us) >= 0;
        return scan_record(t->scan, &rec, hit, &t->boot);
}

/* Damaged entries are passed over, counted; a run of them means that there is no way on. */
enum { BAD_RUN_MAX = 1000 };

/* How far it is by the clock: entries are spread over a file about as time is. */
static void say_progress(const struct journal *t) {
        uint64_t real;

        if (t->scan->progress && t->to_us > t->from_us && sd_journal_get_realtime_usec(t->j, &real) >= 0)
                progress_within(t->scan->progress, t->size,
                                real <= t->from_us ? 0 :
                                                     (double) (real - t->from_us) / (double) (t->to_us - t->from_us));
}

/* All that is left of t->j. */
static int read_entries(struct journal *t) {
        enum { SAY_EVERY = 4096 };
        uint64_t bad = 0, n = 0;
        unsigned run = 0;
        bool stop = false;
        int r, first = 0;

        while (!stop && run < BAD_RUN_MAX && (r = sd_journal_next(t->j)) != 0) {
                if (r > 0)
                        r = journal_take_entry(t, &stop);
                if (r == -ENOMEM)
                        return log_oom();
                if (r < 0) {
                        bad++;
                        run++;
                        if (first == 0)
                                first = r;
                } else
                        run = 0;
                if (++n % SAY_EVERY == 0)
                        say_progress(t);
        }
        progress_step(t->scan->progress, t->size);
        if (bad) {
                log_error("%s: %" PRIu64 " entries could not be read (%s)", t->name, bad, strerror(-first));
                scan_source(t->scan, t->source)->complete = false;
        }
        return first;
}

static uint64_t file_size(const char *path) {
        struct stat st;

        return stat(path, &st) == 0 ? (uint64_t) st.st_size : 0;
}

/* The part that comes next: some files, or one. */
static void begin_part(struct journal *t, const struct journal_file *files, size_t n) {
        if (!t->scan->progress)
                return;
        t->size = 0;
        for (size_t i = 0; i < n; i++) {
                t->from_us = i == 0 ? files[i].first.real_us : MIN(t->from_us, files[i].first.real_us);
                t->to_us = i == 0 ? files[i].last.real_us : MAX(t->to_us, files[i].last.real_us);
                t->size += file_size(files[i].path);
        }
}

/* Where the last entries of a file with one boot were not asked for their time. */
static void leave_file(struct journal *t, const struct journal_file *single) {
        t->j = NULL;
        t->one_boot = false;
        if (t->untimed)
                pass_over(scan_boot(t->scan, t->boot), 0, single->last.mono_us, single->last.mono_us);
        t->untimed = false;
}

/* Some files, merged; of a single one is known what it holds. */
static int read_files(struct journal *t, const struct journal_file *files, size_t n,
                      const struct journal_file *single) {
        _cleanup_(journal_closep) sd_journal *j = NULL;

        int r = journal_files_open(&j, files, n, t->filter);
        if (r == -ENOMEM)
                return log_oom();
        if (r < 0) {
                log_error("cannot open %s: %s", files[0].path, strerror(-r));
                scan_source(t->scan, t->source)->complete = false;
                return r;
        }
        t->j = j;
        t->one_boot = single && single->n_boots == 1;
        t->has_boot = false;
        r = read_entries(t);
        leave_file(t, single);
        return r;
}

/* --- with an index of where the triggers are --- */

/* To the entry with that number in its journald's sequence. */
static int seek(struct journal *t, sd_id128_t seqnum_id, uint64_t seqnum) {
        char id[33], cursor[64];

        snprintf(cursor, sizeof(cursor), "s=%s;i=%" PRIx64, sd_id128_to_string(seqnum_id, id), seqnum);
        int r = sd_journal_seek_cursor(t->j, cursor);
        if (r >= 0)
                r = sd_journal_next(t->j);
        if (r > 0)
                r = sd_journal_test_cursor(t->j, cursor);
        return r == 0 ? -EADDRNOTAVAIL : r;
}

/* Entries that are counted only, up to the next stretch (NULL: the file's end). mark: the bytes of messages before the
 * gap, of which some may have been read while a report was open. */
static void pass_gap(struct journal *t, const struct journal_index *x, const struct journal_stretch *next, uint64_t n,
                     uint64_t mark) {
        struct source_info *info = scan_source(t->scan, t->source);
        struct boot *b = scan_boot(t->scan, t->boot);
        const uint64_t mono = next ? next->mono_us : x->mono_us;

        t->untimed = !times_noise(t);
        if (t->untimed)
                b->records += n;
        else
                pass_over(b, n, mono, mono);
        info->entries += n;
        info->bytes = mark + (next ? next->bytes : x->bytes);
}

/* Reads what an index says is worth reading. Entries that nobody would look at are counted only: those of a boot
 * without open report, between stretches. */
static int read_stretches(struct journal *t, const struct journal_index *x, sd_id128_t seqnum_id) {
        struct source_info *info = scan_source(t->scan, t->source);
        const struct journal_stretch *s = x->stretches, *const last = s + x->n_stretches;
        uint64_t at = 0, mark = info->bytes;
        bool placed = false, stop = false;

        while (at < x->entries) {
                const bool in_stretch = s < last && s->first <= at;
                if (!in_stretch && scan_idle(t->scan, t->boot)) {
                        const uint64_t to = s < last ? s->first : x->entries;
                        pass_gap(t, x, s < last ? s : NULL, to - at, mark);
                        placed = false;
                        at = to;
                        continue;
                }
                int r = placed ? sd_journal_next(t->j) : seek(t, seqnum_id, s->seqnum);
                if (r <= 0)
                        return r < 0 ? r : -EADDRNOTAVAIL;
                placed = true;
                r = journal_take_entry(t, &stop);
                if (r < 0)
                        return r;
                if (in_stretch && at == s->last) {
                        mark = info->bytes;
                        s++;
                }
                at++;
        }
        return x->grows && !placed ? seek(t, seqnum_id, x->last_seqnum) : 0;
}

static int read_indexed(struct journal *t, const struct journal_index *x, const struct journal_file *f) {
        _cleanup_(journal_closep) sd_journal *j = NULL;

        int r = journal_files_open(&j, f, 1, t->filter);
        t->j = j;
        t->one_boot = f->n_boots == 1;
        t->has_boot = false;
        if (r >= 0)
                r = read_stretches(t, x, f->seqnum_id);
        if (r >= 0 && x->grows)
                r = read_entries(t);
        else
                progress_step(t->scan->progress, t->size);
        leave_file(t, f);
        if (r == -ENOMEM)
                return log_oom();
        if (r < 0) {
                log_error("%s changed while it was read, or is damaged: %s", f->path, strerror(-r));
                scan_source(t->scan, t->source)->complete = false;
        }
        return r;
}

static void journal_ahead_stopp(struct journal_ahead **a) {
        journal_ahead_stop(*a);
}

/* libsystemd opens 7168 files at once and drops the others with a word for those who debug it only. And each of
 * its steps looks at all of them. */
enum { MERGED_MAX = 512 };

/* As many as this process may have open, twice while they are opened, beside a few of its own. */
static size_t merged_max(void) {
        struct rlimit l;

        if (getrlimit(RLIMIT_NOFILE, &l) < 0)
                return MERGED_MAX;
        l.rlim_cur = l.rlim_max;
        (void) setrlimit(RLIMIT_NOFILE, &l);
        if (getrlimit(RLIMIT_NOFILE, &l) < 0 || l.rlim_cur == RLIM_INFINITY || l.rlim_cur > 2 * MERGED_MAX + 64)
                return MERGED_MAX;
        return l.rlim_cur > 192 ? ((size_t) l.rlim_cur - 64) / 2 : 64;
}

/* So many files of one boot that overlap in time are read in parts: nothing is lost, but a report whose lines are
 * in files of two parts comes apart. */
static int read_merged(struct journal *t, const struct journal_file *items, size_t n) {
        const size_t max = n > 256 ? merged_max() : n;
        int first = 0;

        if (n > max)
                log_warning("%s: %zu files overlap in time, more than can be merged at once: they are read in parts",
                            t->name, n);
        for (size_t i = 0, k; i < n; i += k) {
                k = MIN(max, n - i);
                begin_part(t, items + i, k);
                int r = read_files(t, items + i, k, NULL);
                if (r == -ENOMEM)
                        return r;
                first = first < 0 ? first : r;
        }
        return first;
}

static const char *why_unmapped(int error) {
        switch (error) {
        case -EPROTONOSUPPORT:
                return "its format is newer than what vmlife can search";
        case -EBADMSG:
                return "its bytes are not what the format says or are being changed";
        default:
                return strerror(-error);
        }
}

/* Files of chains one by one, the others merged by libsystemd. */
static int read_groups(struct journal *t, const struct journal_files *files, const struct source_options *o) {
        const unsigned n_threads = source_threads(o);
        _cleanup_(journal_ahead_stopp) struct journal_ahead *ahead = NULL;
        _cleanup_free_ size_t *order = calloc(files->n + 1, sizeof(*order));
        size_t n = 0, at = 0;
        int first = 0;

        if (!order)
                return log_oom();
        for (size_t g = 0; g < files->n_groups; g++)
                for (size_t i = 0; files->groups[g].chain && i < files->groups[g].n; i++)
                        order[n++] = files->groups[g].first + i;
        if ((!o->every_entry || (n_threads > 1 && n > 1)) &&
            journal_ahead_start(&ahead, files->items, t->filter, scan_triggers(t->scan), order, n,
                                MIN(n_threads, (unsigned) n), !o->every_entry) < 0)
                return log_oom();

        for (size_t i = 0; t->scan->progress && i < files->n; i++)
                progress_expect(t->scan->progress, file_size(files->items[i].path));
        for (size_t g = 0; g < files->n_groups; g++) {
                const struct journal_group *group = &files->groups[g];
                const struct journal_file *items = files->items + group->first;
                int r = 0;

                if (!group->chain && o->verbose)
                        log_message(MESSAGE_PROGRESS,
                                    "%s and %zu other files: libsystemd looks at each entry, for "
                                    "they overlap in time",
                                    items[0].path, group->n - 1);
                if (!group->chain)
                        r = read_merged(t, items, group->n);
                for (size_t i = 0; group->chain && r != -ENOMEM && i < group->n; i++) {
                        const struct journal_index *x = ahead ? journal_ahead_get(ahead, at++) : NULL;
                        if (o->verbose && x && x->unmapped && !o->every_entry)
                                log_message(MESSAGE_PROGRESS, "%s: libsystemd looks at each entry, for %s",
                                            items[i].path, why_unmapped(x->unmapped));
                        begin_part(t, &items[i], 1);
                        int e = x && x->error == 0 ? read_indexed(t, x, &items[i]) :
                                                     read_files(t, &items[i], 1, &items[i]);
                        r = r < 0 ? r : e;
                }
                if (r == -ENOMEM)
                        return r;
                if (first == 0)
                        first = r;
        }
        return first;
}

/* --- sources --- */

/* -b: an id, or which boot counted from the last. */
static int resolve_boot(const struct source_options *o, const char *name, const struct journal_files *files,
                        struct journal_filter *filter) {
        _cleanup_(journal_boots_done) struct journal_boots boots = {};
        int r = 0;

        if (!o->boot)
                return 0;
        if (sd_id128_from_string(o->boot, &filter->boot) < 0) {
                r = journal_boots_add_files(&boots, files);
                if (r >= 0)
                        r = journal_boots_pick(&boots, o->boot, &filter->boot);
        }
        if (r == -ENOMEM)
                return log_oom();
        if (r < 0)
                log_error("%s holds no boot \"%s\"; journalctl --list-boots shows those of this machine", name,
                          o->boot);
        filter->has_boot = r >= 0;
        return r;
}

static int nothing(const char *name, const struct source_options *o) {
        log_error("%s holds no message of a kernel%s", name,
                  o->boot || o->has_since || o->has_until ? " for this boot and time" : "");
        return -ENODATA;
}

static int end(struct journal *t) {
        int e = scan_end_source(t->scan, t->source);
        buffer_done(&t->message);
        return e == -ENOMEM ? log_oom() : e;
}

/* The files that were found, damaged ones (`damage`: -errno) among them. */
static int read_found(struct scan *s, const char *name, struct journal_files *files, int damage,
                      const struct source_options *o, struct journal_filter *filter) {
        struct journal t = { .scan = s, .name = name, .filter = filter };
        int r = resolve_boot(o, name, files, filter);

        if (r < 0)
                return r;
        r = journal_files_group(files, filter);
        if (r == -ENOMEM)
                return r;
        if (damage == 0)
                damage = r;
        if (damage < 0 && files->n == 0)
                return damage;

        r = scan_add_source(s, name, "journal", &t.source);
        if (r < 0)
                return log_oom();
        r = read_groups(&t, files, o);
        int e = end(&t);
        if (damage < 0)
                scan_source(s, t.source)->complete = false;
        if (r == 0 && damage == 0 && scan_source(s, t.source)->entries == 0)
                return nothing(name, o);
        return r < 0 ? r : damage < 0 ? damage : e;
}

/* Where journald keeps this machine's journal, as journalctl finds it: what is not flushed yet, and what is. Other
 * machines' files and those of namespaces are in folders beside these. */
static int find_local(struct journal_files *files) {
        static const char *const folders[] = { "/var/log/journal", "/run/log/journal" };
        char path[128], id[SD_ID128_STRING_MAX];
        sd_id128_t machine;

        int r = sd_id128_get_machine(&machine);
        if (r < 0) {
                log_error("cannot read this machine's id: %s", strerror(-r));
                return r;
        }
        for (size_t i = 0; r != -ENOMEM && i < ARRAY_SIZE(folders); i++) {
                snprintf(path, sizeof(path), "%s/%s", folders[i], sd_id128_to_string(machine, id));
                int e = access(path, F_OK) == 0 ? journal_files_add_folder(files, path) : 0;
                r = r < 0 && e != -ENOMEM ? r : e;
        }
        return r;
}

static int read_local(struct scan *s, const struct source_options *o, struct journal_filter *filter) {
        _cleanup_(journal_closep) sd_journal *j = NULL;
        _cleanup_(journal_files_done) struct journal_files files = {};

        int r = sd_journal_open(&j, SD_JOURNAL_LOCAL_ONLY);
        if (r < 0) {
                log_error("cannot open this machine's journal: %s", strerror(-r));
                return r;
        }
        if (sd_journal_has_runtime_files(j) <= 0 && sd_journal_has_persistent_files(j) <= 0) {
                log_error("%s; try \"dmesg | vmlife\" or \"vmlife /dev/kmsg\", or name a log", journal_none());
                return -ENOENT;
        }
        r = find_local(&files);
        return r == -ENOMEM ? r : read_found(s, "journal", &files, r, o, filter);
}

static int read_path(struct scan *s, const char *path, bool folder, const struct source_options *o,
                     struct journal_filter *filter) {
        _cleanup_(journal_files_done) struct journal_files files = {};

        int damage = journal_files_find(&files, path, folder);
        return damage == -ENOMEM || files.n == 0 ? damage : read_found(s, path, &files, damage, o, filter);
}

int source_journal(struct scan *s, const char *path, bool folder, const struct source_options *o) {
        struct journal_filter filter = {
                .has_since = o->has_since,
                .since_us = o->since_us,
                .has_until = o->has_until,
                .until_us = o->until_us,
        };
        return path ? read_path(s, path, folder, o, &filter) : read_local(s, o, &filter);
}
