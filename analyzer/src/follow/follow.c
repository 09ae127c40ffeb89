/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "follow/follow.h"

#include <errno.h>
#include <inttypes.h>
#include <libgen.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/file.h"
#include "base/log.h"
#include "base/macros.h"
#include "follow/announce.h"
#include "follow/notify.h"
#include "follow/sink.h"
#include "follow/state.h"
#include "follow/state_file.h"
#include "follow/text_lines.h"
#include "follow/view.h"
#include "triage/known.h"

/* Wall time without a message of its boot after which an open report is told: when nothing is missing from it, and
 * when something is. */
static const uint64_t quiet_us = 2 * 1000000ull, quiet_open_us = 30 * 1000000ull;
/* While there is much to read, what was found is told, and the state saved, this often. */
static const uint64_t tell_every_us = 250 * 1000ull, save_every_us = 1000 * 1000ull;
/* News come in bursts: this long they gather. */
enum { GATHER_MS = 50, LOOK_MS = 5000, RETRY_MS = 2000 };
/* What makes the scan worth being made anew from its state: whole findings, and boots that are over. Of boots that go
 * on more are kept: a centre has one of each machine. */
enum { WHOLE_MAX = 512, BOOTS_MAX = 64, LIVE_MAX = 16384 };

struct follower {
        const struct follow_options *o;
        struct scan scan;
        struct known *known; /* issues; NULL: nobody gave any */
        struct teller teller;
        struct reader *reader;
        struct sink sink;
        struct buffer lines, state;
        int signals, lock;
        uint64_t now_us, told_us, saved_us, watchdog_us;
        size_t n_light, n_kept; /* findings and boots of the scan that came from a state */
        uint64_t told_entries;  /* of the source when it was told last */
        uint64_t forgotten;
        bool caught_up, dirty; /* dirty: something was told, or read, since the state was saved */
        bool waiting;          /* an open report is not due yet */
        bool stop, reload;     /* asked for by a signal */
};

static uint64_t now(void) {
        struct timespec ts;

        clock_gettime(CLOCK_MONOTONIC, &ts);
        return (uint64_t) ts.tv_sec * 1000000 + (uint64_t) ts.tv_nsec / 1000;
}

/* --- state --- */

/* Everything, in one order, both ways. */
static void code(struct follower *f, struct codec *c, const struct state_choice *choice) {
        const char *type = f->o->type->source_type;

        codec_string(c, &type);
        if (c->reading && c->error == 0 && strcmp(type ? type : "", f->o->type->source_type) != 0)
                c->error = -EBADMSG;
        state_code(c, &f->scan, choice, &f->forgotten);
        teller_code(c, &f->teller, choice->keep, choice->remap, f->scan.boots.n);
        f->o->type->code(c, f->reader);
        sink_code(c, &f->sink);
}

/* Boots that are over and told, those that changed longest ago first, when there are many; then idle ones. */
static void choose_boots(const struct follower *f, bool *keep) {
        const struct boot_mark *marks = f->teller.marks;
        const size_t n = f->scan.boots.n;

        for (size_t i = 0; i < n; i++)
                keep[i] = true;
        for (size_t left = n; left > BOOTS_MAX; left--) {
                size_t oldest = SIZE_MAX;
                for (size_t i = 0; i < n; i++)
                        if (keep[i] && (marks[i].told_over || left > LIVE_MAX) &&
                            (oldest == SIZE_MAX || marks[i].changed_us < marks[oldest].changed_us))
                                oldest = i;
                if (oldest == SIZE_MAX)
                        return;
                keep[oldest] = false;
        }
}

static int encode(struct follower *f, const bool *keep) {
        _cleanup_free_ uint32_t *remap = calloc(f->scan.boots.n + 1, sizeof(*remap));
        struct state_choice choice = { .keep = keep, .remap = remap };

        if (!remap)
                return -ENOMEM;
        f->state.size = 0;
        struct codec c = { .out = f->state };
        code(f, &c, &choice);
        f->state = c.out;
        return c.error;
}

static int decode(struct follower *f) {
        struct state_choice choice = {};
        struct arena arena = {};
        struct codec c = { .reading = true, .in = buffer_all(&f->state), .arena = &arena };

        code(f, &c, &choice);
        arena_free(&arena);
        f->n_light = f->scan.store.n;
        f->n_kept = f->scan.boots.n;
        return c.error < 0 ? c.error : c.in.n ? -EBADMSG : 0;
}

static int begin_scan(struct follower *f) {
        int e = scan_init(&f->scan);

        f->scan.focus = &f->o->question.focus;
        f->scan.boots.labels = f->o->labels;
        f->scan.boots.n_labels = f->o->n_labels;
        return e;
}

/* A scan that lives on from its state: what was told of in full is forgotten but for what later findings need. */
static int renew(struct follower *f) {
        _cleanup_free_ bool *keep = calloc(f->scan.boots.n + 1, sizeof(*keep));

        if (!keep)
                return -ENOMEM;
        choose_boots(f, keep);
        int e = encode(f, keep);
        if (e < 0)
                return e;
        scan_done(&f->scan);
        teller_done(&f->teller);
        f->teller.now_us = f->now_us;
        e = begin_scan(f);
        if (e == 0)
                e = decode(f);
        return e < 0 ? e : f->o->type->attach(f->reader, &f->scan, &f->teller);
}

/* The output first: what the state takes for told must be there whatever happens. */
static int save(struct follower *f) {
        if (f->sink.waiting.size)
                return 0;
        int e = sink_sync(&f->sink);
        if (e < 0)
                log_error("cannot write %s to disk: %s", f->o->output, strerror(-e));
        if (e == 0)
                e = encode(f, NULL);
        if (e == 0 && f->o->state)
                e = state_file_write(f->o->state, &f->state);
        if (e == 0) {
                f->saved_us = f->now_us;
                f->dirty = false;
        }
        return e;
}

/* --- telling --- */

static bool is_due(struct report *r, void *userdata) {
        struct follower *f = userdata;
        const uint64_t since = f->now_us - f->teller.marks[r->boot].changed_us;

        r->shown = r->shown || r->over || f->teller.last ||
                   (f->caught_up && since >= (r->complete ? quiet_us : quiet_open_us));
        f->waiting = f->waiting || !r->shown;
        return r->shown;
}

static int tell(struct follower *f) {
        struct scan view = {};

        f->scan.known = f->known;
        f->teller.announce = f->o->journal ? announce_finding : NULL;
        f->teller.maintainers = f->o->maintainers;
        f->waiting = false;
        int e = view_make(&view, &f->scan, &f->o->question, is_due, f);
        f->teller.caught_up = f->caught_up && !f->waiting;
        if (e == 0)
                e = teller_tell(&f->teller, &view, &f->lines);
        view_done(&view);
        f->told_us = f->now_us;
        f->told_entries = f->scan.n_sources ? f->scan.sources[0].entries : 0;
        f->dirty = f->dirty || f->lines.size;
        return e;
}

/* Lines number a boot by how many came before it. */
static const char *machine_of(uint64_t boot, const void *userdata) {
        const struct follower *f = userdata;

        for (size_t i = 0; i < f->teller.n_marks; i++)
                if (f->teller.marks[i].ordinal == boot)
                        return boot_machine(f->scan.boots.items[i]);
        return NULL;
}

/* Lines that find no room on the disk wait, and nothing more is read: the journal keeps it. */
static int write_lines(struct follower *f) {
        int e = f->o->text ? text_lines(&f->lines, machine_of, f) : 0;

        if (e == 0)
                e = sink_write(&f->sink, &f->lines);

        if (e == -EAGAIN)
                notify_status("Waiting: the output cannot be written (%s)", strerror(-f->sink.error));
        return e == -EAGAIN ? 0 : e;
}

/* --- boots --- */

static bool is_newer(const struct follower *f, size_t a, size_t b) {
        const struct boot *x = f->scan.boots.items[a], *y = f->scan.boots.items[b];

        if (x->first.has_real && y->first.has_real)
                return x->first.real_us > y->first.real_us;
        return f->teller.marks[a].ordinal > f->teller.marks[b].ordinal;
}

/* Which boots said something, and whose machine has started again since. */
static int look_at_boots(struct follower *f) {
        int e = teller_know_boots(&f->teller, &f->scan);

        for (size_t i = 0; e == 0 && i < f->scan.boots.n; i++) {
                const struct boot *b = f->scan.boots.items[i];
                struct boot_mark *m = &f->teller.marks[i];

                if (m->records != b->records) {
                        m->records = b->records;
                        m->changed_us = f->now_us;
                        m->over = m->told_over = false;
                        f->dirty = true;
                        continue;
                }
                for (size_t k = 0; f->caught_up && !m->over && *b->machine && k < f->scan.boots.n; k++)
                        m->over = k != i && strcmp(f->scan.boots.items[k]->machine, b->machine) == 0 &&
                                  is_newer(f, k, i);
                if (m->over && !m->told_over)
                        e = scan_end_boot(&f->scan, (uint32_t) i);
        }
        return e;
}

/* --- life --- */

static void take_signals(struct follower *f) {
        struct signalfd_siginfo info;
        while (read(f->signals, &info, sizeof(info)) == sizeof(info)) {
                f->reload = f->reload || info.ssi_signo == SIGHUP;
                f->stop = f->stop || info.ssi_signo != SIGHUP;
        }
}

static int block_signals(struct follower *f) {
        sigset_t set;

        sigemptyset(&set);
        sigaddset(&set, SIGTERM);
        sigaddset(&set, SIGINT);
        sigaddset(&set, SIGHUP);
        signal(SIGPIPE, SIG_IGN);
        if (sigprocmask(SIG_BLOCK, &set, NULL) < 0 || (f->signals = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK)) < 0)
                return -errno;
        return 0;
}

/* The names of one file, there or not: the same last part in the same folder, or what both lead to. */
static bool same_place(const char *a, const char *b) {
        _cleanup_free_ char *x = strdup(a), *y = strdup(b);
        struct stat at, bt;

        if (stat(a, &at) == 0 && stat(b, &bt) == 0)
                return at.st_dev == bt.st_dev && at.st_ino == bt.st_ino;
        const char *last = strrchr(a, '/'), *other = strrchr(b, '/');
        return x && y && strcmp(last ? last + 1 : a, other ? other + 1 : b) == 0 && stat(dirname(x), &at) == 0 &&
               stat(dirname(y), &bt) == 0 && at.st_dev == bt.st_dev && at.st_ino == bt.st_ino;
}

static bool is_journal(const char *path) {
        return path && file_begins_with(path, SLICE("LPKSHHRH"));
}

/* A file that the state replaces, or that a lock is on, can hold no lines, nor can what is read be written to. */
static int check_places(const struct follow_options *o) {
        static const char *const beside[] = { "", ".lock", ".new" };

        if (is_journal(o->output) || is_journal(o->state)) {
                log_error("%s is a journal: name another file", is_journal(o->output) ? o->output : o->state);
                return -EINVAL;
        }
        for (size_t i = 0; o->output && o->state && i < ARRAY_SIZE(beside); i++) {
                _cleanup_free_ char *path = NULL;
                if (asprintf(&path, "%s%s", o->state, beside[i]) < 0) {
                        path = NULL;
                        return -ENOMEM;
                }
                if (same_place(o->output, path)) {
                        log_error("the output %s is %s: name another file with --output", o->output,
                                  i ? "a file of the state's" : "the state");
                        return -EINVAL;
                }
        }
        return 0;
}

static int take_line(struct slice line, void *userdata) {
        struct follower *f = userdata;
        return teller_take_line(&f->teller, line, f->sink.is_new);
}

/* From the first line on the state names the file that has it. */
static int open_output(struct follower *f) {
        int e = sink_open(&f->sink, take_line, f);

        if (e == 0)
                e = f->o->type->attach(f->reader, &f->scan, &f->teller);
        return e == 0 && f->sink.is_new ? save(f) : e;
}

static int begin(struct follower *f) {
        f->now_us = f->teller.now_us = now();
        int e = check_places(f->o);
        if (e == 0)
                e = f->o->read_known(f->o, &f->known);
        if (e < 0)
                return e;
        e = block_signals(f);
        if (e == 0)
                e = begin_scan(f);
        if (e < 0)
                return e == -ENOMEM ? log_oom() : e;
        if (f->o->state && (f->lock = state_file_lock(f->o->state)) < 0)
                return f->lock;
        e = f->o->type->open(&f->reader, &f->o->reader);
        if (e == 0 && f->o->state)
                e = state_file_read(f->o->state, &f->state);
        if (e == 0 && f->state.size && (e = decode(f)) < 0)
                log_error("the state %s belongs to another source: name another file with --state, or remove it",
                          f->o->state);
        if (e == 0)
                e = open_output(f);
        if (e == 0)
                notify_ready();
        return e == -ENOMEM ? log_oom() : e;
}

/* Milliseconds to wait for news; 0: there is more to do. */
static int patience(struct follower *f) {
        const int watchdog = notify_watchdog(f->now_us, &f->watchdog_us);
        int ms = LOOK_MS;

        if (f->stop)
                return 0;
        if (f->sink.waiting.size)
                ms = RETRY_MS;
        else if (!f->caught_up)
                ms = 0;
        else if (f->waiting)
                ms = 500;
        if (f->caught_up && f->teller.next_in_s >= 0)
                ms = MIN(ms, (int) MIN(f->teller.next_in_s, (int64_t) 60) * 1000 + 1);
        return watchdog >= 0 ? MIN(ms, watchdog) : ms;
}

/* A full disk or device is tried again after a while: it is ready at any time. */
static bool waits_for_reader(const struct follower *f) {
        return f->sink.waiting.size && !f->sink.file && f->sink.error == -EAGAIN;
}

static int wait_for_news(struct follower *f) {
        const int ms = patience(f);
        struct pollfd fds[] = {
                { .fd = f->signals, .events = POLLIN },
                { .fd = f->o->type->fd(f->reader), .events = POLLIN },
                { .fd = waits_for_reader(f) ? f->sink.fd : -1, .events = POLLOUT },
        };

        if (poll(fds, ms ? ARRAY_SIZE(fds) : 1, ms) < 0 && errno != EINTR)
                return -errno;
        /* What wakes us comes in bursts; a signal ends the wait. */
        if (ms && fds[1].revents && !fds[0].revents && !fds[2].revents)
                (void) poll(fds, 1, GATHER_MS);
        take_signals(f);
        return 0;
}

/* A list that cannot be read is no reason to stop: the one before stays in force. */
static void reload_known(struct follower *f) {
        struct known *new = NULL;

        if (f->o->read_known(f->o, &new) < 0) {
                log_warning("the known issues loaded before stay in use");
                return;
        }
        known_free(f->known);
        f->known = f->scan.known = new;
}

/* What was found so far belongs to the old file; from here on the state speaks of the new one. */
static int reload(struct follower *f) {
        f->reload = false;
        notify_reloading();
        int e = tell(f);
        if (e == 0)
                e = write_lines(f);
        if (e == 0)
                e = save(f);
        if (e == 0)
                e = sink_reopen(&f->sink);
        if (e == 0)
                reload_known(f);
        if (e == 0)
                e = save(f);
        if (e == 0)
                e = write_lines(f);
        notify_ready();
        return e;
}

/* One look at the source, and all that follows from it. */
static int turn(struct follower *f) {
        int e = 0;

        f->now_us = f->teller.now_us = now();
        if (f->reload)
                e = reload(f);
        if (e < 0)
                return e;
        if (f->sink.waiting.size == 0) {
                f->o->type->drain(f->reader);
                e = f->o->type->read(f->reader, &f->lines);
                if (e < 0)
                        return e;
                f->caught_up = e == 0;
                e = look_at_boots(f);
        }
        f->teller.last = f->stop || (f->o->once && f->caught_up);
        const bool save_now = f->teller.last || f->o->save_always || (f->caught_up && f->lines.size) ||
                              f->now_us >= f->saved_us + save_every_us;
        if (e == 0 && (f->caught_up || save_now || f->now_us >= f->told_us + tell_every_us))
                e = tell(f);
        if (e == 0)
                e = write_lines(f);
        if (e == 0 && f->dirty && (save_now || f->lines.size))
                e = save(f);
        if (e == 0 && f->sink.waiting.size == 0 && !f->teller.last &&
            (f->scan.store.n > f->n_light + WHOLE_MAX ||
             f->scan.boots.n > MAX(f->n_kept, (size_t) BOOTS_MAX) + BOOTS_MAX))
                e = tell(f) < 0 || write_lines(f) < 0 ? -ENOMEM : renew(f);
        notify_status("%" PRIu64 " entries read, %" PRIu64 " findings told, %s",
                      f->scan.n_sources ? f->scan.sources[0].entries : 0, f->teller.n_findings,
                      f->caught_up ? "waiting for more" : "reading");
        return e;
}

static void end(struct follower *f) {
        if (f->reader)
                f->o->type->free(f->reader);
        scan_done(&f->scan);
        known_free(f->known);
        teller_done(&f->teller);
        sink_done(&f->sink);
        buffer_done(&f->lines);
        buffer_done(&f->state);
        if (f->signals >= 0)
                close(f->signals);
        if (f->lock >= 0)
                close(f->lock);
}

/* A slow reader is waited for, unless a signal ends it; a full disk or device is not. */
static bool is_over(const struct follower *f) {
        return f->teller.last && (f->stop || !waits_for_reader(f));
}

/* Nobody may read messages, either, and then they must not keep us. */
static int say_unwritten(const struct follower *f) {
        log_message(MESSAGE_LAST, "stopped before all was written to %s: %s",
                    f->o->output ? f->o->output : "standard output",
                    f->o->state ? "the next run writes it" : "without a state it is lost");
        return -EIO;
}

int follow_run(const struct follow_options *o) {
        struct follower f = { .o = o, .signals = -1, .lock = -1, .sink = { .path = o->output, .fd = -1 } };
        int e = begin(&f);

        while (e == 0 && !is_over(&f)) {
                e = turn(&f);
                if (e == 0 && !is_over(&f))
                        e = wait_for_news(&f);
        }
        if (e == 0)
                notify_stopping();
        if (e == -ENOMEM)
                log_oom();
        if (e == 0 && f.sink.waiting.size)
                e = say_unwritten(&f);
        end(&f);
        return e;
}
