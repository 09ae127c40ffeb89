/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "cmd/output.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <string.h>
#include <sys/stat.h>
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

static bool same_file(const struct stat *a, const struct stat *b) {
        return a->st_dev == b->st_dev && a->st_ino == b->st_ino;
}

static int stat_input(const char *name, struct stat *ret) {
        return strcmp(name, "-") == 0 ? fstat(STDIN_FILENO, ret) : stat(name, ret);
}

/* Would a file of that name take the place of one of them? */
static const char *input_at(const char *path, const char *const *inputs, size_t n) {
        _cleanup_free_ char *copy = strdup(path);
        struct stat at, folder = {}, input;

        if (!copy || stat(path, &at) < 0 || !S_ISREG(at.st_mode))
                return NULL;
        const bool is_journal = file_begins_with(path, SLICE("LPKSHHRH")) && stat(dirname(copy), &folder) == 0;
        for (size_t i = 0; i < n; i++)
                if (inputs[i] && stat_input(inputs[i], &input) == 0 &&
                    (same_file(&at, &input) || (is_journal && same_file(&folder, &input))))
                        return inputs[i];
        return NULL;
}

int output_check(const char *path, const char *const *inputs, size_t n) {
        _cleanup_free_ char *new = NULL;

        if (!path)
                return 0;
        if (asprintf(&new, "%s.new", path) < 0) {
                new = NULL;
                return log_oom();
        }
        const char *input = input_at(path, inputs, n);
        if (!input)
                input = input_at(new, inputs, n);
        if (!input)
                return 0;
        log_error("the output %s would overwrite the input %s: name another file with --output", path, input);
        return -EINVAL;
}

/* A device or a pipe is there and stays; any other output is a new file. */
static int open_output(const char *path, bool in_place, FILE **ret) {
        int fd = in_place ? open(path, O_WRONLY | O_CLOEXEC) : file_create(path, 0666);

        if (fd < 0)
                return in_place ? -errno : fd;
        *ret = fdopen(fd, "w");
        if (*ret)
                return 0;
        close(fd);
        return -ENOMEM;
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
        e = open_output(new, in_place, &f);
        if (e < 0) {
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
