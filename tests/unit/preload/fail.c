/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Preloaded into the command, makes it run out of memory or fail to read:
 *   FAIL_ALLOC=N   the Nth allocation and all after it fail
 *   FAIL_READ=N    the Nth read() and all after it fail with EIO */
#include <dlfcn.h>
#include <errno.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdlib.h>
#include <unistd.h>

extern void *__libc_malloc(size_t n);
extern void *__libc_calloc(size_t n, size_t size);
extern void *__libc_realloc(void *p, size_t n);

static long allocations_left = -1, reads_left = -1;

__attribute__((constructor)) static void start(void) {
        const char *alloc = getenv("FAIL_ALLOC"), *reading = getenv("FAIL_READ");

        allocations_left = alloc ? atol(alloc) : -1;
        reads_left = reading ? atol(reading) : -1;
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
                next = (ssize_t (*)(int, void *, size_t)) dlsym(RTLD_NEXT, "read");
        return fails(&reads_left, EIO) ? -1 : next(fd, buf, n);
}
