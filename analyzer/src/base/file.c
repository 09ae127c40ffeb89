/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/macros.h"

bool file_begins_with(const char *path, struct slice magic) {
        char head[64];
        int fd = magic.n <= sizeof(head) ? open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY) : -1;
        const bool same = fd >= 0 && read(fd, head, magic.n) == (ssize_t) magic.n &&
                          memcmp(head, magic.s, magic.n) == 0;

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
