/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <fts.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/log.h"
#include "base/macros.h"
#include "source/journal_folder.h"
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

static int by_name(const FTSENT **a, const FTSENT **b) {
        return strverscmp((*a)->fts_name, (*b)->fts_name);
}

static void fts_closep(FTS **f) {
        if (*f)
                fts_close(*f);
}

static int report(const char *path, size_t n, bool but_journals, const struct passed *passed) {
        if (n == 0 && !but_journals) {
                log_error("%s holds no log: there is no file in it", path);
                return -ENODATA;
        }
        if (passed->n == n && !but_journals) {
                log_error("%s holds no log: none of its %zu files is a journal or a kernel's log (%s)", path, n,
                          passed->names);
                return -ENODATA;
        }
        if (passed->n)
                log_warning("%s: %zu of %zu files%s hold no kernel log and were passed over: %s", path, passed->n, n,
                            but_journals ? " that are no journals" : "", passed->names);
        return 0;
}

/* journal_folder_list() has those of the folder and of its subfolders. */
static bool is_listed_journal(const FTSENT *f) {
        return f->fts_level <= 2 && journal_is_file_name(f->fts_name);
}

int source_folder(struct scan *s, const char *path, bool but_journals, const struct source_options *o) {
        _cleanup_free_ char *root = strdup(path);
        struct passed passed = {};
        size_t n = 0;
        int r = 0, e;

        if (!root)
                return log_oom();
        _cleanup_(fts_closep) FTS *files = fts_open((char *const[]){ root, NULL }, FTS_LOGICAL | FTS_NOCHDIR, by_name);
        if (!files)
                return log_oom();
        for (FTSENT *f; (f = fts_read(files));) {
                if (f->fts_level > 0 && *f->fts_name == '.') {
                        fts_set(files, f, FTS_SKIP);
                        continue;
                }
                if (f->fts_info == FTS_DNR || f->fts_info == FTS_ERR || f->fts_info == FTS_NS) {
                        r = -f->fts_errno;
                        log_error("cannot read %s: %s", f->fts_path, strerror(f->fts_errno));
                }
                if (f->fts_info != FTS_F || (but_journals && is_listed_journal(f)))
                        continue;
                n++;
                e = source_file(s, f->fts_path, o, SOURCE_LISTED);
                if (e == SOURCE_PASSED)
                        pass_over(&passed, f->fts_path + strlen(path) + (path[strlen(path) - 1] != '/'));
                if (e == -ENOMEM)
                        return e;
                r = e < 0 ? e : r;
        }
        e = report(path, n, but_journals, &passed);
        return r < 0 ? r : e;
}
