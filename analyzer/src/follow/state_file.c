/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "follow/state_file.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <sha2.h>
#include <stdio.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/file.h"
#include "base/log.h"
#include "base/macros.h"

/* Another number where state_code() and those beside it read or write something else. */
static const struct slice magic = SLICE("vmlife follow state 10\n");

static void seal(struct slice s, uint8_t digest[static SHA256_DIGEST_LENGTH]) {
        SHA2_CTX c;

        SHA256Init(&c);
        SHA256Update(&c, (const uint8_t *) s.s, s.n);
        SHA256Final(digest, &c);
}

int state_file_lock(const char *path) {
        _cleanup_free_ char *lock = NULL;

        if (file_is_other(path)) {
                log_error("%s exists and is not a regular file: name another state", path);
                return -EINVAL;
        }
        if (asprintf(&lock, "%s.lock", path) < 0) {
                lock = NULL;
                return log_oom();
        }
        int fd = open(lock, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
        if (fd < 0) {
                int e = -errno;
                log_error("cannot create %s: %s", lock, strerror(-e));
                return e;
        }
        if (flock(fd, LOCK_EX | LOCK_NB) < 0) {
                int e = -errno;
                log_error("the state %s is in use by another vmlife follow: stop it, or name another file with --state",
                          path);
                close(fd);
                return e;
        }
        return fd;
}

static int put_aside(const char *path, const char *why) {
        _cleanup_free_ char *aside = NULL;

        if (asprintf(&aside, "%s.old", path) < 0) {
                aside = NULL;
                return log_oom();
        }
        log_warning(
                "the state %s %s; it is saved as %s, and everything is read again from the start (IDs stay the same)",
                path, why, aside);
        if (rename(path, aside) == 0)
                return 0;
        int e = -errno;
        log_error("cannot rename %s to %s: %s", path, aside, strerror(-e));
        return e;
}

int state_file_read(const char *path, struct buffer *ret) {
        _cleanup_(closep) int fd = open(path, O_RDONLY | O_CLOEXEC);
        uint8_t digest[SHA256_DIGEST_LENGTH];
        struct stat st;
        int e = 0;

        if (fd < 0 && errno == ENOENT)
                return 0;
        if (fd < 0 || fstat(fd, &st) < 0)
                e = -errno;
        if (e == 0)
                e = buffer_reserve(ret, (size_t) st.st_size + 1);
        for (ssize_t n = 1; e == 0 && n; ret->size += (size_t) n) {
                n = read(fd, ret->data + ret->size, (size_t) st.st_size + 1 - ret->size);
                if (n < 0) {
                        e = -errno;
                        n = 0;
                }
        }
        if (e < 0) {
                log_error("cannot read the state %s: %s", path, strerror(-e));
                return e;
        }
        struct slice all = buffer_all(ret), body = all;
        const bool ours = slice_eat(&body, magic) && body.n >= sizeof(digest);
        const char *why = ours                                             ? NULL :
                          slice_starts(all, SLICE("vmlife follow state ")) ? "is of another version" :
                                                                             "is damaged";
        if (ours) {
                body.n -= sizeof(digest);
                seal(slice_head(all, all.n - sizeof(digest)), digest);
                if (memcmp(digest, body.s + body.n, sizeof(digest)) != 0)
                        why = "is damaged";
        }
        if (why) {
                ret->size = 0;
                return put_aside(path, why);
        }
        buffer_drop(ret, magic.n);
        ret->size -= sizeof(digest);
        return 0;
}

static int write_all(int fd, const void *p, size_t n) {
        for (size_t done = 0; done < n;) {
                ssize_t k = write(fd, (const char *) p + done, n - done);
                if (k < 0 && errno != EINTR)
                        return -errno;
                done += k > 0 ? (size_t) k : 0;
        }
        return 0;
}

/* The new name is on disk only when its folder is. */
static int sync_folder(const char *path) {
        _cleanup_free_ char *copy = strdup(path);
        _cleanup_(closep) int fd = copy ? open(dirname(copy), O_RDONLY | O_DIRECTORY | O_CLOEXEC) : -1;

        return fd >= 0 && fsync(fd) == 0 ? 0 : -errno;
}

int state_file_write(const char *path, const struct buffer *state) {
        _cleanup_(buffer_done) struct buffer all = {};
        _cleanup_free_ char *new = NULL;
        uint8_t digest[SHA256_DIGEST_LENGTH];

        if (buffer_add(&all, magic.s, magic.n) < 0 || buffer_add(&all, state->data, state->size) < 0)
                return log_oom();
        seal(buffer_all(&all), digest);
        if (buffer_add(&all, digest, sizeof(digest)) < 0 || asprintf(&new, "%s.new", path) < 0) {
                new = NULL;
                return log_oom();
        }
        int fd = file_create(new, 0600);
        int e = fd < 0 ? fd : write_all(fd, all.data, all.size);
        if (e == 0 && fsync(fd) < 0)
                e = -errno;
        if (fd >= 0 && close(fd) < 0 && e == 0)
                e = -errno;
        if (e == 0 && rename(new, path) < 0)
                e = -errno;
        if (e < 0 && fd >= 0)
                unlink(new);
        if (e == 0)
                e = sync_folder(path);
        if (e < 0)
                log_error("cannot write the state %s: %s", path, strerror(-e));
        return e;
}
