/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/log.h"
#include "base/macros.h"
#include "source/source.h"

/* Contents that are neither a journal nor text, by their first bytes. */
static const struct {
        struct slice magic;
        const char *what;
} not_logs[] = {
        { SLICE("\177ELF"), "an ELF program or object" },
        { SLICE("\037\213"), "compressed with gzip" },
        { SLICE("\3757zXZ"), "compressed with xz" },
        { SLICE("\050\265\057\375"), "compressed with zstd" },
        { SLICE("BZh"), "compressed with bzip2" },
        { SLICE("PK\003\004"), "a zip archive" },
        { SLICE("\211PNG"), "an image" },
        { SLICE("%PDF"), "a PDF document" },
};

static void closep(int *fd) {
        if (*fd > STDERR_FILENO)
                close(*fd);
}

/* Serial logs hold stray bytes; a file that is mostly that is no log. */
static bool looks_binary(struct slice head) {
        size_t bad = 0;

        for (size_t i = 0; i < head.n; i++) {
                unsigned char c = (unsigned char) head.s[i];
                bad += c >= 0x80 || c == 0x7f || (c < 0x20 && !(c == '\t' || c == '\n' || c == '\r' || c == '\b' || c == '\033'));
        }
        return bad > head.n / 4;
}

static int read_head(int fd, char *buf, size_t size, size_t *ret) {
        size_t n = 0;

        while (n < size) {
                ssize_t k = read(fd, buf + n, size - n);
                if (k < 0 && errno == EINTR)
                        continue;
                if (k < 0)
                        return -errno;
                if (k == 0)
                        break;
                n += (size_t) k;
        }
        *ret = n;
        return 0;
}

int source_read(struct scan *s, const char *name, const struct source_options *o) {
        _cleanup_(closep) int fd = -1;
        const bool standard_input = strcmp(name, "-") == 0;
        char buf[8192];
        size_t n = 0;
        struct stat st;

        if (strcmp(name, "journal") == 0)
                return source_journal(s, NULL, false, o);

        fd = standard_input ? STDIN_FILENO : open(name, O_RDONLY | O_CLOEXEC);
        if (fd < 0 || fstat(fd, &st) < 0) {
                int e = -errno;
                log_error("cannot open %s: %s", name, strerror(-e));
                return e;
        }
        if (S_ISDIR(st.st_mode))
                return source_journal(s, name, true, o);

        int e = read_head(fd, buf, sizeof(buf), &n);
        if (e < 0) {
                log_error("cannot read %s: %s", name, strerror(-e));
                return e;
        }
        struct slice head = { buf, n };
        if (n == 0) {
                log_error("%s is empty: there is no log to judge", standard_input ? "standard input" : name);
                return -ENODATA;
        }
        if (slice_starts(head, SLICE("LPKSHHRH"))) {
                if (!standard_input)
                        return source_journal(s, name, false, o);
                log_error("a journal file cannot be read from standard input: give its path");
                return -EINVAL;
        }
        for (size_t i = 0; i < ARRAY_SIZE(not_logs); i++)
                if (slice_starts(head, not_logs[i].magic)) {
                        log_error("%s is %s, not a log", name, not_logs[i].what);
                        return -EINVAL;
                }
        if (looks_binary(head)) {
                log_error("%s is binary: neither text nor a journal", name);
                return -EINVAL;
        }
        if (o->boot || o->has_since || o->has_until)
                log_warning("%s is text: -b, --since and --until choose among journal entries only", name);
        return source_text(s, name, fd, head);
}
