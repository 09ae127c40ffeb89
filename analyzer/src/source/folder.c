/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <fts.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

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

static const char *below(const FTSENT *f, const char *path) {
        return f->fts_path + strlen(path) + (path[strlen(path) - 1] != '/');
}

/* The next file, NULL past the last; hidden ones are no logs. */
static FTSENT *next(FTS *files) {
        FTSENT *f;

        while ((f = fts_read(files)) && f->fts_level > 0 && *f->fts_name == '.')
                fts_set(files, f, FTS_SKIP);
        return f;
}

void source_folder_name_others(const char *path) {
        _cleanup_free_ char *root = strdup(path);
        _cleanup_(fts_closep)
                FTS *files = root ? fts_open((char *const[]){ root, NULL }, FTS_LOGICAL | FTS_NOCHDIR, by_name) : NULL;
        struct passed passed = {};

        for (FTSENT *f; files && (f = next(files));)
                if (f->fts_info == FTS_F && f->fts_statp->st_size && !journal_is_file_name(f->fts_name))
                        pass_over(&passed, below(f, path));
        if (passed.n)
                log_warning(
                        "%s holds journals, and these are read; %zu other file%s not (%s): name those that are logs of "
                        "other boots",
                        path, passed.n, passed.n == 1 ? " is" : "s are", passed.names);
}

static int report(const char *path, size_t n, const struct passed *passed) {
        if (n == 0) {
                log_error("%s holds no log: there is no file in it", path);
                return -ENODATA;
        }
        if (passed->n == n) {
                log_error("%s holds no log: none of its %zu files is a journal or a kernel's log (%s)", path, n,
                          passed->names);
                return -ENODATA;
        }
        if (passed->n)
                log_warning("%s: %zu of %zu files hold no kernel log and were passed over: %s", path, passed->n, n,
                            passed->names);
        return 0;
}

int source_folder(struct scan *s, const char *path, const struct source_options *o) {
        _cleanup_free_ char *root = strdup(path);
        struct passed passed = {};
        size_t n = 0;
        int r = 0, e;

        if (!root)
                return log_oom();
        _cleanup_(fts_closep) FTS *files = fts_open((char *const[]){ root, NULL }, FTS_LOGICAL | FTS_NOCHDIR, by_name);
        if (!files)
                return log_oom();
        for (FTSENT *f; (f = next(files));) {
                if (f->fts_info == FTS_DNR || f->fts_info == FTS_ERR || f->fts_info == FTS_NS) {
                        r = -f->fts_errno;
                        log_error("cannot read %s: %s", f->fts_path, strerror(f->fts_errno));
                }
                if (f->fts_info != FTS_F)
                        continue;
                n++;
                e = source_file(s, f->fts_path, o, SOURCE_LISTED);
                if (e == SOURCE_PASSED)
                        pass_over(&passed, below(f, path));
                if (e == -ENOMEM)
                        return e;
                r = e < 0 ? e : r;
        }
        e = report(path, n, &passed);
        return r < 0 ? r : e;
}
