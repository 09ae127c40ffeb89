/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Preloaded into the command, makes it run out of memory or fail to read:
 *   FAIL_ALLOC=N   the Nth allocation and all after it fail
 *   FAIL_READ=N    the Nth read() and all after it fail with EIO
 *   FAIL_FULL=TEXT write() to a file with TEXT in its name finds a full disk
 *   KILL_AT=N      it is killed at the Nth call that changes a file: a write() is half done by then, others not begun
 */
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

extern void *__libc_malloc(size_t n);
extern void *__libc_calloc(size_t n, size_t size);
extern void *__libc_realloc(void *p, size_t n);

static long allocations_left = -1, reads_left = -1, changes_left = -1;
static const char *full;

static long number(const char *name) {
        const char *value = getenv(name);
        return value ? atol(value) : -1;
}

__attribute__((constructor)) static void start(void) {
        allocations_left = number("FAIL_ALLOC");
        reads_left = number("FAIL_READ");
        changes_left = number("KILL_AT");
        full = getenv("FAIL_FULL");
}

static bool fails(long *left, int error) {
        if (*left < 0)
                return false;
        if (*left > 0)
                --*left;
        if (*left == 0)
                errno = error;
        return *left == 0;
}

void *malloc(size_t n) {
        return fails(&allocations_left, ENOMEM) ? NULL : __libc_malloc(n);
}

void *calloc(size_t n, size_t size) {
        return fails(&allocations_left, ENOMEM) ? NULL : __libc_calloc(n, size);
}

void *realloc(void *p, size_t n) {
        return fails(&allocations_left, ENOMEM) ? NULL : __libc_realloc(p, n);
}

ssize_t read(int fd, void *buf, size_t n) {
        static ssize_t (*next)(int, void *, size_t);

        if (!next)
                next = (ssize_t(*)(int, void *, size_t)) dlsym(RTLD_NEXT, "read");
        return fails(&reads_left, EIO) ? -1 : next(fd, buf, n);
}

/* --- calls that change files --- */

#define NEXT(function) ((__typeof__(function) *) dlsym(RTLD_NEXT, #function))

static bool is_last_change(void) {
        return changes_left > 0 && --changes_left == 0;
}

static void change(void) {
        if (is_last_change())
                kill(getpid(), SIGKILL);
}

static bool is_full(int fd) {
        char link[64], name[4096];

        if (!full)
                return false;
        snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);
        ssize_t n = readlink(link, name, sizeof(name) - 1);
        name[n < 0 ? 0 : n] = '\0';
        return strstr(name, full);
}

ssize_t write(int fd, const void *buf, size_t n) {
        if (is_full(fd)) {
                errno = ENOSPC;
                return -1;
        }
        if (is_last_change()) {
                (void) !NEXT(write)(fd, buf, n / 2);
                kill(getpid(), SIGKILL);
        }
        return NEXT(write)(fd, buf, n);
}

int open(const char *path, int flags, ...) {
        va_list ap;

        va_start(ap, flags);
        mode_t mode = flags & O_CREAT ? va_arg(ap, mode_t) : 0;
        va_end(ap);
        if (flags & O_CREAT)
                change();
        return NEXT(open)(path, flags, mode);
}

int rename(const char *from, const char *to) {
        change();
        return NEXT(rename)(from, to);
}

int ftruncate(int fd, off_t size) {
        change();
        return NEXT(ftruncate)(fd, size);
}

int fsync(int fd) {
        change();
        return NEXT(fsync)(fd);
}

int fdatasync(int fd) {
        change();
        return NEXT(fdatasync)(fd);
}
