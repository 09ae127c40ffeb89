/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <fts.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/cleanup.h"
#include "base/file.h"
#include "base/log.h"
#include "base/macros.h"
#include "base/walk.h"
#include "scan/same_boot.h"
#include "source/journal_folder.h"
#include "source/pstore.h"
#include "source/source.h"

/* Names of files that were passed over, as many as a message takes. */
struct passed {
        char names[200];
        size_t n;
};

static void pass_over(struct passed *p, const char *name) {
        const size_t used = strlen(p->names);
        const bool fits = used + strlen(name) + sizeof(", ...") < sizeof(p->names);

        if (fits)
                snprintf(p->names + used, sizeof(p->names) - used, "%s%s", p->n ? ", " : "", name);
        else if (used && p->names[used - 1] != '.')
                snprintf(p->names + used, sizeof(p->names) - used, ", ...");
        p->n++;
}

static const char *below(const FTSENT *f, const char *path) {
        return f->fts_path + strlen(path) + (path[strlen(path) - 1] != '/');
}

/* What stands in a folder besides the journals that were read. */
struct others {
        const char *path;
        bool beside_journals;
        size_t held_boots; /* that the journals hold */
        const struct file_set *journal_folders;
        struct file_set dumped; /* folders whose dumps of pstore were read */
        char *before;           /* the file that was read before */
        struct passed passed;   /* the reports among them, if nobody takes them */
        size_t n;
        size_t n_passed_reports, n_taken;
};

/* Told by name and place, since journald renames them and begins new ones while they are read. */
static bool is_one_of_the_journals(const struct others *o, const FTSENT *f) {
        return o->beside_journals && journal_is_file_name(f->fts_name) &&
               file_set_has(o->journal_folders, f->fts_parent->fts_statp);
}

/* -b and --since ask for a part of the journals, and no part of a text can be told to be that. */
static bool asks_for_part(const struct source_options *o) {
        return o->boot || o->has_since || o->has_until;
}

static bool reads_journals_only(const struct others *x, const struct source_options *o) {
        return x->beside_journals && (o->journals_only || asks_for_part(o));
}

static int report(const struct others *x, const struct source_options *o) {
        const char *names = x->passed.names;
        const size_t passed = x->passed.n;
        const bool none = passed == x->n && !x->beside_journals && x->n_taken == 0;
        char reports[160] = "";

        if (x->n_passed_reports)
                snprintf(reports, sizeof(reports), "; %zu %s, which \"scan --by signature\", diff and export read",
                         x->n_passed_reports, x->n_passed_reports == 1 ? "is a saved report" : "are saved reports");
        if (none && x->n == 0) {
                log_error("%s holds no log: there is no file in it", x->path);
                return -ENODATA;
        }
        if (none) {
                log_error("%s holds no log: none of its %zu files is a journal or a kernel's log (%s)%s", x->path, x->n,
                          names, reports);
                return -ENODATA;
        }
        if (passed && reads_journals_only(x, o))
                log_warning("%s: only its journals are read, %zu other file%s not: %s", x->path, passed,
                            passed == 1 ? " is" : "s are", names);
        else if (passed)
                log_warning("%s: %zu of %zu %sfiles hold no kernel log and were passed over: %s%s", x->path, passed,
                            x->n, x->beside_journals ? "other " : "", names, reports);
        return 0;
}

/* Of a file whose boots the journals hold: what it repeats counts once. */
static void drop_repeated(struct scan *s, const struct others *x, uint32_t from, const char *path) {
        const struct boot *same = scan_drop_same_boots(s, from);

        if (same)
                log_warning("%s is a log of boot %s, which a journal holds too: what both have counts once", path,
                            same->id);
        if (s->n_sources == from + 1 && s->sources[from].repeated && s->sources[from].entries == 0) {
                log_warning("%s has only boots that the journals of %s hold, and is not read", path, x->path);
                scan_drop_source(s);
        }
}

/* Is it of the same rotated log as the file before it, and written after that? */
static bool follows(struct others *x, const FTSENT *f) {
        _cleanup_free_ char *before = x->before;
        const size_t folder = f->fts_pathlen - f->fts_namelen;

        x->before = strdup(f->fts_path);
        return before && strlen(before) > folder && memcmp(before, f->fts_path, folder) == 0 &&
               !strchr(before + folder, '/') && walk_follows(f->fts_name, before + folder);
}

static int read_other(struct scan *s, struct others *x, const FTSENT *f, const struct source_options *o) {
        const uint32_t from = (uint32_t) s->n_sources;
        struct source_options beside = *o;

        if (reads_journals_only(x, o))
                return f->fts_statp->st_size ? SOURCE_PASSED : 0;
        beside.held_boots = x->held_boots;
        beside.follows = follows(x, f);
        int e = source_file(s, f->fts_path, &beside, SOURCE_LISTED);
        if (x->beside_journals)
                drop_repeated(s, x, from, f->fts_path);
        return e;
}

/* With the first part of a dump all of its folder's are read. */
static int read_dumps(struct scan *s, struct others *x, const FTSENT *f, const struct source_options *o) {
        _cleanup_free_ char *folder = strndup(f->fts_path, (size_t) (f->fts_pathlen - f->fts_namelen));

        const uint32_t from = (uint32_t) s->n_sources;

        x->n++;
        if (file_set_has(&x->dumped, f->fts_parent->fts_statp))
                return 0;
        if (!folder || file_set_add(&x->dumped, f->fts_parent->fts_statp) < 0)
                return log_oom();
        while (strlen(folder) > 1 && folder[strlen(folder) - 1] == '/')
                folder[strlen(folder) - 1] = '\0';
        const int e = source_pstore(s, folder, o);
        if (x->beside_journals)
                drop_repeated(s, x, from, folder);
        return e;
}

/* Reads one, and counts it by what it is. 0 or -errno. */
static int take_other(struct scan *s, struct others *x, const FTSENT *f, const struct source_options *o) {
        if (pstore_is_dump(slice_of(f->fts_name)) && !reads_journals_only(x, o))
                return read_dumps(s, x, f, o);
        const int e = read_other(s, x, f, o);

        if (e == SOURCE_REPORT && o->take_report) {
                x->n_taken++;
                return o->take_report(o->data, f->fts_path);
        }
        x->n++;
        x->n_passed_reports += e == SOURCE_REPORT;
        if (e > 0)
                pass_over(&x->passed, below(f, x->path));
        return MIN(e, 0);
}

/* How much there is to read, for the progress. */
static void expect_all(struct scan *s, const struct others *others) {
        _cleanup_(walk_done) struct walk w = {};

        if (!s->progress || walk_open(&w, others->path) < 0)
                return;
        for (FTSENT *f; (f = walk_next(&w));)
                if (f->fts_info == FTS_F && !is_one_of_the_journals(others, f))
                        progress_expect(s->progress, (uint64_t) f->fts_statp->st_size);
}

int source_folder(struct scan *s, const char *path, const struct source_options *o,
                  const struct file_set *journal_folders) {
        _cleanup_(walk_done) struct walk w = {};
        struct others others = { .path = path,
                                 .beside_journals = journal_folders,
                                 .journal_folders = journal_folders,
                                 .held_boots = journal_folders ? s->boots.n : 0 };
        int r = 0, e;

        expect_all(s, &others);
        if (walk_open(&w, path) < 0)
                return log_oom();
        for (FTSENT *f; (f = walk_next(&w));) {
                if (f->fts_info != FTS_F) {
                        r = -f->fts_errno;
                        log_error("cannot read %s: %s", f->fts_path, strerror(f->fts_errno));
                        continue;
                }
                if (is_one_of_the_journals(&others, f))
                        continue;
                e = take_other(s, &others, f, o);
                if (e == -ENOMEM) {
                        file_set_done(&others.dumped);
                        free(others.before);
                        return e;
                }
                r = e < 0 ? e : r;
        }
        walk_warn(&w);
        file_set_done(&others.dumped);
        free(others.before);
        e = report(&others, o);
        return r < 0 ? r : e;
}
