/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <dirent.h>
#include <endian.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/log.h"
#include "base/macros.h"
#include "source/source.h"

/* libsystemd reads what it can of a damaged file and says nothing, so the headers are looked at here. The
 * layout is systemd's documented journal file format. */
struct journal_header {
        char signature[8];
        uint32_t compatible_flags, incompatible_flags;
        uint8_t state, reserved[7];
        uint8_t file_id[16], machine_id[16], tail_entry_boot_id[16], seqnum_id[16];
        uint64_t header_size, arena_size;
};

static void closep(int *fd) {
        if (*fd >= 0)
                close(*fd);
}

static void closedirp(DIR **d) {
        if (*d)
                closedir(*d);
}

int journal_check_file(const char *path) {
        _cleanup_(closep) int fd = open(path, O_RDONLY | O_CLOEXEC);
        struct journal_header h;
        struct stat st;

        if (fd < 0 || fstat(fd, &st) < 0) {
                int e = -errno;
                log_error("cannot open %s: %s%s", path, strerror(-e),
                          e == -EACCES ? " (members of group systemd-journal may)" : "");
                return e;
        }
        ssize_t n = pread(fd, &h, sizeof(h), 0);
        if (n < (ssize_t) sizeof(h) || memcmp(h.signature, "LPKSHHRH", 8) != 0) {
                log_error("%s is no journal file or is cut off inside its header", path);
                return -ENODATA;
        }
        uint64_t want;
        if (__builtin_add_overflow(le64toh(h.header_size), le64toh(h.arena_size), &want) || want > (uint64_t) st.st_size) {
                log_error("%s is truncated: its header tells of %llu bytes, %llu are there; what is left is read", path,
                          (unsigned long long) want, (unsigned long long) st.st_size);
                return -ENODATA;
        }
        return 0;
}

static bool is_journal_name(const char *name) {
        return slice_ends(slice_of(name), SLICE(".journal")) || slice_ends(slice_of(name), SLICE(".journal~"));
}

/* One folder; subfolders are machines, as libsystemd has it. */
static int check_folder(const char *path, int depth, size_t *n_files) {
        _cleanup_(closedirp) DIR *d = opendir(path);
        int r = 0;

        if (!d) {
                int e = -errno;
                log_error("cannot open %s: %s", path, strerror(-e));
                return e;
        }
        for (struct dirent *de; (de = readdir(d));) {
                _cleanup_free_ char *child = NULL;
                struct stat st;

                if (de->d_name[0] == '.')
                        continue;
                if (asprintf(&child, "%s/%s", path, de->d_name) < 0) {
                        child = NULL;
                        return log_oom();
                }
                int e = 0;
                if (stat(child, &st) < 0)
                        continue;
                if (S_ISDIR(st.st_mode) && depth > 0)
                        e = check_folder(child, depth - 1, n_files);
                else if (S_ISREG(st.st_mode) && is_journal_name(de->d_name)) {
                        (*n_files)++;
                        e = journal_check_file(child);
                }
                if (e < 0 && r == 0)
                        r = e;
        }
        return r;
}

int journal_check_folder(const char *path) {
        size_t n_files = 0;
        int r = check_folder(path, 1, &n_files);

        if (r == 0 && n_files == 0) {
                log_error("%s holds no journal: no file there ends in .journal", path);
                return -ENOENT;
        }
        return r;
}
