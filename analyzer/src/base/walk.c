/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "base/walk.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/cleanup.h"
#include "base/log.h"
#include "base/macros.h"
#include "base/slice.h"

static int by_name(const FTSENT **a, const FTSENT **b) {
        return strverscmp((*a)->fts_name, (*b)->fts_name);
}

int walk_open(struct walk *w, const char *folder) {
        *w = (struct walk){ .root = strdup(folder), .real = realpath(folder, NULL) };
        w->files = w->root ? fts_open((char *const[]){ w->root, NULL }, FTS_LOGICAL | FTS_NOCHDIR, by_name) : NULL;
        if (w->files)
                return 0;
        walk_done(w);
        return -ENOMEM;
}

static bool leads_out(const struct walk *w, const FTSENT *f) {
        struct stat st;

        if (f->fts_level == 0 || !w->real || lstat(f->fts_path, &st) < 0 || !S_ISLNK(st.st_mode))
                return false;
        _cleanup_free_ char *real = realpath(f->fts_path, NULL);
        struct slice rest = real ? slice_of(real) : SLICE_NULL;
        /* One that leads nowhere is passed over as such. */
        return real &&
               !(slice_eat(&rest, slice_of(w->real)) && (rest.n == 0 || rest.s[0] == '/' || strcmp(w->real, "/") == 0));
}

FTSENT *walk_next(struct walk *w) {
        FTSENT *f;

        while ((f = fts_read(w->files))) {
                const bool hidden = f->fts_level > 0 && *f->fts_name == '.';
                const bool out = !hidden && f->fts_info != FTS_DP && leads_out(w, f);

                if (hidden || out)
                        fts_set(w->files, f, FTS_SKIP);
                else if (f->fts_info == FTS_F ?
                                 file_set_add(&w->seen, f->fts_statp) != 0 :
                                 f->fts_info == FTS_DNR || f->fts_info == FTS_ERR || f->fts_info == FTS_NS)
                        break;
                if (out && w->n_out++ == 0)
                        w->first_out = strdup(f->fts_path);
        }
        return f;
}

void walk_warn(const struct walk *w) {
        if (w->n_out)
                log_warning("%s: %zu link%s (%s) lead%s out of it, and what is there is not read: name it to have it "
                            "read",
                            w->root, w->n_out, w->n_out == 1 ? "" : "s", w->first_out ?: "?", w->n_out == 1 ? "s" : "");
}

void walk_done(struct walk *w) {
        if (w->files)
                fts_close(w->files);
        file_set_done(&w->seen);
        free(w->root);
        free(w->real);
        free(w->first_out);
        *w = (struct walk){};
}
