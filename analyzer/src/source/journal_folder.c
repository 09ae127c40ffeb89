/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <dirent.h>
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/log.h"
#include "base/macros.h"
#include "base/slice.h"
#include "source/journal_folder.h"

bool journal_is_file_name(const char *name) {
        return slice_ends(slice_of(name), SLICE(".journal")) || slice_ends(slice_of(name), SLICE(".journal~"));
}

const char *journal_none(void) {
        return geteuid() == 0 ? "no journal that you may read on this machine" :
                                "no journal that you may read on this machine: run as root or as a member of group "
                                "systemd-journal";
}

static void forget(struct journal_folder *f, size_t n) {
        while (f->n > n)
                free(f->paths[--f->n]);
}

void journal_folder_done(struct journal_folder *f) {
        forget(f, 0);
        free(f->paths);
        f->paths = NULL;
}

static int add(struct journal_folder *f, char **path) {
        if ((f->n & (f->n - 1)) == 0) {
                char **paths = reallocarray(f->paths, f->n ? f->n * 2 : 1, sizeof(*paths));
                if (!paths)
                        return log_oom();
                f->paths = paths;
        }
        f->paths[f->n++] = *path;
        *path = NULL;
        return 0;
}

static int list(struct journal_folder *f, const char *folder, int depth);

static int list_once(struct journal_folder *f, DIR *d, const char *folder, int depth) {
        int r = 0;

        for (struct dirent *de; (de = readdir(d));) {
                _cleanup_free_ char *path = NULL;
                struct stat st;
                int e = 0;

                if (de->d_name[0] == '.')
                        continue;
                if (asprintf(&path, "%s/%s", folder, de->d_name) < 0) {
                        path = NULL;
                        return log_oom();
                }
                const bool is_file = de->d_type == DT_REG, stated = !is_file && stat(path, &st) == 0;
                if (stated && S_ISDIR(st.st_mode) && depth > 0)
                        e = list(f, path, depth - 1);
                else if ((is_file || (stated && S_ISREG(st.st_mode))) && journal_is_file_name(de->d_name))
                        e = add(f, &path);
                if (e == -ENOMEM)
                        return e;
                r = r < 0 ? r : e;
        }
        return r;
}

enum { TICK_NS = 10 * 1000 * 1000 }; /* of the coarsest clock that stamps folders */

/* Has a name come or gone since, or may it have? Changes within one tick bear the same time. */
static bool has_changed(DIR *d, const struct stat *before) {
        struct timespec now;
        struct stat st;

        if (fstat(dirfd(d), &st) < 0)
                return true;
        clock_gettime(CLOCK_REALTIME, &now);
        const struct timespec *a = &st.st_mtim, *b = &before->st_mtim;
        const int64_t age = (now.tv_sec - a->tv_sec) * INT64_C(1000000000) + now.tv_nsec - a->tv_nsec;
        return a->tv_sec != b->tv_sec || a->tv_nsec != b->tv_nsec || (age >= 0 && age < TICK_NS);
}

/* What is renamed while a folder is listed may be missing from the list: it is listed until it keeps still. */
static int list(struct journal_folder *f, const char *folder, int depth) {
        enum { TRIES = 10 };
        _cleanup_(closedirp) DIR *d = opendir(folder);
        const size_t n = f->n;
        bool changed = true;
        struct stat before;
        int r = 0;

        if (!d) {
                int e = -errno;
                if (!f->quiet)
                        log_error("cannot open %s: %s", folder, strerror(-e));
                return e;
        }
        if (f->enter)
                f->enter(f->data, folder);
        for (unsigned i = 0; r != -ENOMEM && changed && i < TRIES; i++) {
                forget(f, n);
                if (i > 0)
                        nanosleep(&(struct timespec){ .tv_nsec = TICK_NS }, NULL);
                rewinddir(d);
                if (fstat(dirfd(d), &before) < 0)
                        break;
                r = list_once(f, d, folder, depth);
                changed = has_changed(d, &before);
        }
        f->restless |= changed;
        return r;
}

int journal_folder_list(struct journal_folder *f, const char *folder) {
        return list(f, folder, 1);
}
