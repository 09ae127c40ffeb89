/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "diff/side.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/log.h"
#include "base/macros.h"
#include "base/walk.h"
#include "saved/repeated.h"
#include "source/own_output.h"
#include "triage/known.h"

void side_done(struct side *s) {
        saved_done(&s->saved);
        scan_done(&s->live);
        free(s->trials);
        free(s->of_saved);
        free(s->of_live);
        *s = (struct side){};
}

/* --- what a word names --- */

static bool named_as_report(struct slice name) {
        return slice_ends(name, SLICE(".json")) || slice_ends(name, SLICE(".ndjson"));
}

/* A regular file that begins as a report does. */
static bool begins_as_report(int folder, const char *name, bool *is_json) {
        _cleanup_(closep) int fd = openat(folder, name, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
        char bytes[4096];
        struct stat st;

        *is_json = false;
        if (fd < 0 || fstat(fd, &st) < 0 || !S_ISREG(st.st_mode))
                return false;
        const ssize_t n = pread(fd, bytes, sizeof(bytes), 0);
        const struct slice head = { bytes, n > 0 ? (size_t) n : 0 };
        *is_json = slice_starts(slice_trim(head), SLICE("{"));
        return is_own_report(head);
}

/* One that is named as a report is to be one, whatever became of it. */
bool side_is_report(const char *name) {
        bool is_json;

        if (strcmp(name, "-") == 0 || strcmp(name, "journal") == 0)
                return false;
        return begins_as_report(AT_FDCWD, name, &is_json) || (!is_json && named_as_report(slice_of(name)));
}

int side_read_log(struct side *s, const char *name, const struct source_options *o) {
        int e = s->has_live ? 0 : scan_init(&s->live);

        if (e < 0)
                return log_oom();
        s->has_live = true;
        return source_read(&s->live, name, o);
}

int side_read_reports(struct saved *s, const char *name, size_t *reports) {
        _cleanup_(walk_done) struct walk w = {};
        _cleanup_free_ char *example = NULL;
        size_t others = 0, before = *reports;
        bool is_json;
        int e = 0;

        if (walk_open(&w, name) < 0)
                return log_oom();
        for (FTSENT *f; e == 0 && (f = walk_next(&w));)
                if (f->fts_info != FTS_F) {
                        e = -f->fts_errno;
                        log_error("cannot read %s: %s", f->fts_path, strerror(f->fts_errno));
                } else if (begins_as_report(AT_FDCWD, f->fts_path, &is_json)) {
                        e = saved_read(s, f->fts_path);
                        ++*reports;
                } else if (others++ == 0 && !(example = strdup(f->fts_name)))
                        e = log_oom();
        walk_warn(&w);
        if (e == 0 && others && *reports > before)
                log_warning("%s: %zu of %zu files are no reports and were passed over (%s, for one)", name, others,
                            *reports - before + others, example);
        return e;
}

static int take_report(void *side, const char *path) {
        return saved_read(&((struct side *) side)->saved, path);
}

struct source_options side_with_reports(struct side *s, const struct source_options *o) {
        struct source_options ret = *o;

        ret.take_report = take_report;
        ret.data = s;
        return ret;
}

int side_read(struct side *s, const char *name, const struct source_options *o) {
        const struct source_options with_reports = side_with_reports(s, o);

        return strcmp(name, "-") == 0 || side_is_report(name) ? saved_read(&s->saved, name) :
                                                                side_read_log(s, name, &with_reports);
}

int side_check_focus(const struct side *s, const struct question *q) {
        const struct focus *focus = &s->saved.scan.question.focus;
        const char *was = focus_name(focus), *asked = focus_name(&q->focus);
        const bool matters = q->fail_on != RELEVANCE_UNRELATED;

        if (!q->focus.name || s->saved.n_reports == 0 || focus_same(focus, &q->focus))
                return 0;
        if (!matters) {
                log_warning(
                        "the saved reports were judged with --focus %s, and their relevance is about that, not about "
                        "%s: scan the logs again to change it",
                        was, asked);
                return 0;
        }
        /* diff adds "new" by itself: that is not what the user wrote. */
        struct question typed = *q;
        typed.only_new = false;
        log_error("--fail-on %s with --focus %s cannot be answered from reports that were judged with --focus %s: scan "
                  "the logs again, or give a severity (--fail-on high)",
                  fail_on_name(&typed), asked, was);
        return -EINVAL;
}

/* --- boots as trials --- */

static struct trial trial_of(const struct scan *s, const struct boot *b) {
        struct trial t = { .boot = b };

        t.whole = b->lost == 0 && (b->source >= s->n_sources || s->sources[b->source].complete);
        t.has_uptime = b->first.has_mono && b->last.has_mono && b->last.mono_us >= b->first.mono_us;
        t.uptime_us = t.has_uptime ? b->last.mono_us - b->first.mono_us : 0;
        for (size_t i = 0; i < b->n_selftests; i++)
                if (__builtin_add_overflow(t.rounds, b->selftests[i].rounds, &t.rounds))
                        t.rounds = UINT64_MAX;
        return t;
}

/* Reports of earlier versions have no log_id for a text: there it is the same boot that has the same kernel and the
 * same times to the microsecond. */
struct key {
        char text[160];
        uint32_t scan, boot;
};

static void make_key(struct key *k, const struct boot *b) {
        uint64_t labels = HASH_START; /* they tell equal texts apart, see boots_find_start() */

        for (size_t i = 0; !*b->id && i < b->n_labels; i++)
                labels = hash_slice(hash_slice(labels, slice_of(b->labels[i].name)), slice_of(b->labels[i].value));
        if (*boot_identity(b))
                snprintf(k->text, sizeof(k->text), "%s %" PRIx64, boot_identity(b), labels);
        else if (b->last.has_mono)
                snprintf(k->text, sizeof(k->text), "m %" PRIu64 " %" PRIu64 " %.64s", b->first.mono_us, b->last.mono_us,
                         b->release ? b->release : "");
        else if (b->last.has_real)
                snprintf(k->text, sizeof(k->text), "r %" PRIu64 " %" PRIu64 " %.64s", b->first.real_us, b->last.real_us,
                         b->release ? b->release : "");
        else /* nothing to tell it by: it is one of its own */
                snprintf(k->text, sizeof(k->text), "n %u %u", k->scan, k->boot);
}

static int by_text(const void *a, const void *b) {
        const struct key *x = a, *y = b;
        int c = strcmp(x->text, y->text);

        if (c == 0)
                c = x->scan < y->scan ? -1 : x->scan > y->scan;
        return c ? c : x->boot < y->boot ? -1 : x->boot > y->boot;
}

/* Trials are in the order in which boots were read: of texts nothing else tells which came first. */
static int count_trials(struct side *s) {
        const size_t n_saved = s->saved.scan.boots.n, n_live = s->has_live ? s->live.boots.n : 0, n = n_saved + n_live;
        _cleanup_free_ struct key *keys = calloc(n + 1, sizeof(*keys));
        _cleanup_free_ size_t *same = calloc(n + 1, sizeof(*same)); /* the first that is the same boot */

        s->trials = calloc(n + 1, sizeof(*s->trials));
        s->of_saved = calloc(n_saved + 1, sizeof(*s->of_saved));
        s->of_live = calloc(n_live + 1, sizeof(*s->of_live));
        if (!keys || !same || !s->trials || !s->of_saved || !s->of_live)
                return log_oom();
        for (size_t i = 0; i < n; i++) {
                keys[i].scan = i >= n_saved;
                keys[i].boot = (uint32_t) (i >= n_saved ? i - n_saved : i);
                make_key(&keys[i], side_scan(s, i >= n_saved)->boots.items[keys[i].boot]);
        }
        qsort(keys, n, sizeof(*keys), by_text);
        for (size_t i = 0, first = 0; i < n; i++) {
                const size_t at = keys[i].boot + (keys[i].scan ? n_saved : 0);
                if (i == 0 || strcmp(keys[i].text, keys[i - 1].text) != 0)
                        first = at;
                same[at] = first;
        }
        for (size_t i = 0; i < n; i++) {
                const struct scan *scan = side_scan(s, i >= n_saved);
                uint32_t *of = i >= n_saved ? &s->of_live[i - n_saved] : &s->of_saved[i];
                *of = (uint32_t) s->n_trials;
                if (same[i] == i)
                        s->trials[s->n_trials++] = trial_of(scan, scan->boots.items[i >= n_saved ? i - n_saved : i]);
                else
                        *of = same[i] >= n_saved ? s->of_live[same[i] - n_saved] : s->of_saved[same[i]];
        }
        return 0;
}

static uint64_t add(uint64_t a, uint64_t b) {
        uint64_t sum;
        return __builtin_add_overflow(a, b, &sum) ? UINT64_MAX : sum;
}

int side_finish(struct side *s, struct known *k, const struct question *q) {
        int e;

        if (s->has_live) {
                s->live.known = k;
                if (scan_finish(&s->live, q) < 0)
                        return log_oom();
        }
        /* What a report says of known issues gives way to what is said now. */
        for (size_t i = 0; k && i < s->saved.scan.store.n; i++) {
                struct finding *f = s->saved.scan.store.items[i];
                if (known_mark(k, f, s->saved.scan.boots.items[f->boot]) < 0)
                        return log_oom();
                known_route(k, f);
        }
        for (size_t i = 0; k && s->has_live && i < s->live.store.n; i++)
                known_route(k, s->live.store.items[i]);
        struct repeated repeated;
        if (s->has_live && saved_drop_repeated(&s->saved, &s->live, &repeated) < 0)
                return log_oom();
        e = count_trials(s);
        s->has_uptime = e == 0 && s->n_trials;
        for (size_t i = 0; e == 0 && i < s->n_trials; i++) {
                s->has_uptime &= s->trials[i].has_uptime;
                s->uptime_us = add(s->uptime_us, s->trials[i].uptime_us);
                s->rounds = add(s->rounds, s->trials[i].rounds);
                s->lost = add(s->lost, s->trials[i].boot->lost);
        }
        return e;
}
