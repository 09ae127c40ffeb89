/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "cmd/output.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/file.h"
#include "base/log.h"
#include "base/macros.h"
#include "saved/json.h"

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

/* Did vmlife write it, and not as an input of what is done now? A page may stand among the reports that it was made of,
 * a report among its logs. */
static bool is_result(const char *path, enum output_inputs inputs) {
        _cleanup_(closep) int fd = open(path, O_RDONLY | O_CLOEXEC);
        char head[1024];
        const ssize_t n = fd < 0 ? 0 : read(fd, head, sizeof(head));

        return n > 0 && ((head[0] == '<' && memmem(head, (size_t) n, "vmlife", strlen("vmlife"))) ||
                         (inputs == OUTPUT_OF_LOGS && memmem(head, (size_t) n, REPORT_SCHEMA, strlen(REPORT_SCHEMA))));
}

/* Is that folder, or one above it, the input? Changes the path. */
static bool is_within(char *path, const struct stat *input) {
        struct stat st;

        if (!S_ISDIR(input->st_mode))
                return false;
        for (char *slash; path[1] && (slash = strrchr(path, '/'));) {
                slash[slash == path] = '\0';
                if (stat(path, &st) == 0 && same_file(&st, input))
                        return true;
        }
        return false;
}

/* Would a file of that name take the place of one of them, or of a file in one? */
static const char *input_at(const char *path, enum output_inputs of, const char *const *inputs, size_t n) {
        struct stat at, input;

        if (stat(path, &at) < 0 || !S_ISREG(at.st_mode))
                return NULL;
        for (size_t i = 0; i < n; i++) {
                if (!inputs[i] || stat_input(inputs[i], &input) < 0)
                        continue;
                _cleanup_free_ char *real = realpath(path, NULL);
                if (same_file(&at, &input) || (real && is_within(real, &input) && !is_result(path, of)))
                        return inputs[i];
        }
        return NULL;
}

int output_check(const char *path, enum output_inputs of, const char *const *inputs, size_t n) {
        const char *input = path ? input_at(path, of, inputs, n) : NULL;

        if (!input)
                return 0;
        log_error("the output %s would overwrite the input %s: name another file with --output", path, input);
        return -EINVAL;
}

/* A device or a pipe is there and stays; any other output is a new file. */
static int open_output(const char *path, bool in_place, char **new, FILE **ret) {
        int fd = in_place ? open(path, O_WRONLY | O_CLOEXEC) : file_create_beside(path, 0666, new);

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
        e = open_output(path, in_place, &new, &f);
        if (e < 0) {
                log_error("cannot create %s: %s", path, strerror(-e));
                return e;
        }
        e = fill(f, path, write, what);
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
