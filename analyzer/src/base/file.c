/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/macros.h"

bool file_begins_with(const char *path, struct slice magic) {
        char head[64];
        struct stat st;
        /* A pipe would be waited for, and what is read of it is gone. */
        int fd = magic.n <= sizeof(head) ? open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK) : -1;
        const bool same = fd >= 0 && fstat(fd, &st) == 0 && S_ISREG(st.st_mode) &&
                          read(fd, head, magic.n) == (ssize_t) magic.n && memcmp(head, magic.s, magic.n) == 0;

        if (fd >= 0)
                close(fd);
        return same;
}

bool file_is_other(const char *path) {
        struct stat st;

        return stat(path, &st) == 0 && !S_ISREG(st.st_mode);
}

int file_read(const char *path, struct buffer *ret) {
        FILE *f = fopen(path, "re");
        char block[16384];
        int e = f ? 0 : -errno;

        for (size_t n; e == 0 && (n = fread(block, 1, sizeof(block), f)) > 0;)
                e = buffer_add(ret, block, n);
        if (e == 0 && ferror(f))
                e = -EIO;
        if (f)
                fclose(f);
        return e;
}

FILE *file_unnamed(void) {
        const char *folders[] = { getenv("TMPDIR"), "/var/tmp", "/tmp" };

        for (size_t i = 0; i < ARRAY_SIZE(folders); i++) {
                int fd = folders[i] && *folders[i] ? open(folders[i], O_TMPFILE | O_RDWR | O_CLOEXEC, 0600) : -1;
                FILE *f = fd < 0 ? NULL : fdopen(fd, "w+");
                if (f)
                        return f;
                if (fd >= 0)
                        close(fd);
        }
        return NULL;
}

int file_create(const char *path, mode_t mode) {
        if (unlink(path) < 0 && errno != ENOENT)
                return -errno;
        const int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, mode);
        return fd < 0 ? -errno : fd;
}

int file_create_beside(const char *path, mode_t mode, char **ret) {
        enum { TRIES = 16 };
        int fd = -1;

        *ret = NULL;
        for (int i = 0; i < TRIES && fd < 0; i++) {
                uint32_t random;
                free(*ret);
                if (getrandom(&random, sizeof(random), 0) != sizeof(random) ||
                    asprintf(ret, "%s.%08" PRIx32, path, random) < 0) {
                        *ret = NULL;
                        return -ENOMEM;
                }
                fd = open(*ret, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, mode);
                if (fd < 0 && errno != EEXIST)
                        break;
        }
        return fd < 0 ? -errno : fd;
}

struct file_id {
        dev_t device;
        ino_t number;
};

static bool is_same_file(const void *item, const void *key) {
        const struct file_id *a = item, *b = key;
        return a->device == b->device && a->number == b->number;
}

int file_set_add(struct file_set *set, const struct stat *st) {
        const struct file_id id = { st->st_dev, st->st_ino };
        const uint64_t hash = hash_u64(hash_u64(HASH_START, id.device), id.number);

        if (table_get(&set->files, hash, is_same_file, &id))
                return 0;
        struct file_id *new = malloc(sizeof(*new));
        if (!new)
                return -ENOMEM;
        *new = id;
        if (table_add(&set->files, hash, new) < 0) {
                free(new);
                return -ENOMEM;
        }
        return 1;
}

bool file_set_has(const struct file_set *set, const struct stat *st) {
        const struct file_id id = { st->st_dev, st->st_ino };

        return table_get(&set->files, hash_u64(hash_u64(HASH_START, id.device), id.number), is_same_file, &id);
}

void file_set_done(struct file_set *set) {
        for (size_t i = 0; i < set->files.n_slots; i++)
                free(set->files.slots[i].item);
        table_done(&set->files);
}
