/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "cmd/output.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/log.h"
#include "base/macros.h"

static void fclosep(FILE **f) {
        if (*f && *f != stdout)
                fclose(*f);
}

/* Errors of a stream show when it is flushed: a full disk, a closed pipe. */
static int flush(FILE *f, const char *name) {
        if (fflush(f) == 0 && !ferror(f))
                return 0;
        int e = errno ? -errno : -EIO;
        log_error("cannot write %s: %s", name, strerror(-e));
        return e;
}

static int fill(FILE *f, const char *name, int (*write)(const void *what, FILE *f), const void *what) {
        int e = write(what, f);

        if (e == -ENOMEM)
                return log_oom();
        return e == 0 ? flush(f, name) : e;
}

int output_write(const char *path, int (*write)(const void *what, FILE *f), const void *what) {
        _cleanup_free_ char *new = NULL;
        _cleanup_(fclosep) FILE *f = NULL;
        int e;

        if (!path)
                return fill(stdout, "standard output", write, what);
        const bool in_place = file_is_other(path);
        if (asprintf(&new, in_place ? "%s" : "%s.new", path) < 0) {
                new = NULL;
                return log_oom();
        }
        f = fopen(new, "we");
        if (!f) {
                e = -errno;
                log_error("cannot create %s: %s", new, strerror(-e));
                return e;
        }
        e = fill(f, new, write, what);
        if (in_place)
                return e;
        if (e == 0 && rename(new, path) < 0) {
                e = -errno;
                log_error("cannot rename %s to %s: %s", new, path, strerror(-e));
        }
        if (e < 0)
                unlink(new);
        return e;
}
