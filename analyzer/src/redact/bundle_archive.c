/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "redact/bundle_archive.h"

#include <archive.h>
#include <archive_entry.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/libarchive.h"
#include "base/log.h"
#include "base/macros.h"
#include "base/slice.h"

/* clang-format off */
#define FUNCTIONS(X)                                                                                                       \
        X(archive_write_new) X(archive_write_free) X(archive_write_close) X(archive_write_add_filter_zstd)                  \
        X(archive_write_add_filter_xz) X(archive_write_add_filter_gzip) X(archive_write_set_format_pax_restricted) X(archive_write_open_fd)                   \
        X(archive_write_header) X(archive_write_data) X(archive_error_string) X(archive_entry_new) X(archive_entry_free)     \
        X(archive_entry_set_pathname) X(archive_entry_set_size) X(archive_entry_set_filetype) X(archive_entry_set_perm)
/* clang-format on */

struct bundle_pack {
        void *handle;
        struct archive *a;
        char *name, *new;
        bool made;
        int fd;
        FUNCTIONS(LIBARCHIVE_POINTER)
};

enum filter { FILTER_ZSTD, FILTER_XZ, FILTER_GZIP };

static const struct {
        const char *end;
        enum filter filter;
} ends[] = {
        { ".tar.zst", FILTER_ZSTD }, { ".tzst", FILTER_ZSTD },   { ".tar.xz", FILTER_XZ },
        { ".txz", FILTER_XZ },       { ".tar.gz", FILTER_GZIP }, { ".tgz", FILTER_GZIP },
};

int bundle_pack_check(const char *name) {
        if (file_is_other(name)) {
                log_error("%s exists and is not a regular file: name another output", name);
                return -EINVAL;
        }
        for (size_t i = 0; i < ARRAY_SIZE(ends); i++)
                if (slice_ends(slice_of(name), slice_of(ends[i].end)))
                        return (int) ends[i].filter;
        log_error("the name's end says how a bundle is compressed: .tar.zst (.tzst), .tar.xz (.txz) or .tar.gz (.tgz); "
                  "\"%s\" ends in none of them",
                  name);
        return -EINVAL;
}

static int add_filter(const struct bundle_pack *p, int filter) {
        return filter == FILTER_XZ   ? p->archive_write_add_filter_xz(p->a) :
               filter == FILTER_GZIP ? p->archive_write_add_filter_gzip(p->a) :
                                       p->archive_write_add_filter_zstd(p->a);
}

static int load(struct bundle_pack *p) {
        static const char *const names[] = { FUNCTIONS(LIBARCHIVE_NAME) };

        p->handle = libarchive_open("bundle", names, ARRAY_SIZE(names), &p->archive_write_new);
        return p->handle ? 0 : -EOPNOTSUPP;
}

static int fail(const struct bundle_pack *p, const char *what) {
        const char *why = p->a ? p->archive_error_string(p->a) : NULL;

        log_error("cannot %s %s: %s", what, p->name, why ? why : "libarchive does not say why");
        return -EIO;
}

int bundle_pack_open(struct bundle_pack **ret, const char *name) {
        const int filter = bundle_pack_check(name);
        if (filter < 0)
                return filter;
        struct bundle_pack *p = calloc(1, sizeof(*p));
        if (!p)
                return log_oom();
        p->fd = -1;
        int e = load(p);
        if (e == 0 && !(p->name = strdup(name)))
                e = log_oom();
        if (e == 0 && !(p->a = p->archive_write_new()))
                e = log_oom();
        if (e == 0 && (p->fd = file_create_beside(name, 0666, &p->new)) < 0) {
                e = p->fd;
                log_error("cannot create %s: %s", name, strerror(-e));
        }
        if (e == 0) {
                p->made = true;
                if (add_filter(p, filter) != ARCHIVE_OK ||
                    p->archive_write_set_format_pax_restricted(p->a) != ARCHIVE_OK ||
                    p->archive_write_open_fd(p->a, p->fd) != ARCHIVE_OK)
                        e = fail(p, "create");
        }
        if (e < 0) {
                bundle_pack_free(p);
                return e;
        }
        *ret = p;
        return 0;
}

/* Nobody's and of no time: a bundle says of its maker only what its members say. */
static int head(struct bundle_pack *p, const char *path, uint64_t size) {
        struct archive_entry *e = p->archive_entry_new();

        if (!e)
                return log_oom();
        p->archive_entry_set_pathname(e, path);
        p->archive_entry_set_size(e, (la_int64_t) size);
        p->archive_entry_set_filetype(e, AE_IFREG);
        p->archive_entry_set_perm(e, 0644);
        int r = p->archive_write_header(p->a, e);
        p->archive_entry_free(e);
        return r == ARCHIVE_OK ? 0 : fail(p, "write");
}

int bundle_pack_add(struct bundle_pack *p, const char *path, struct slice content) {
        int e = head(p, path, content.n);

        while (e == 0 && content.n) {
                la_ssize_t n = p->archive_write_data(p->a, content.s, content.n);
                if (n <= 0)
                        return fail(p, "write");
                content = slice_from(content, (size_t) n);
        }
        return e;
}

int bundle_pack_add_file(struct bundle_pack *p, const char *path, int fd, uint64_t size) {
        _cleanup_free_ char *block = malloc(64 * 1024);
        int e = block ? head(p, path, size) : log_oom();

        for (uint64_t at = 0; e == 0 && at < size;) {
                ssize_t n = pread(fd, block, 64 * 1024, (off_t) at);
                if (n <= 0) {
                        e = n < 0 ? -errno : -EIO;
                        log_error("cannot read %s again: %s", path, strerror(-e));
                        break;
                }
                n = MIN(n, (ssize_t) (size - at));
                if (p->archive_write_data(p->a, block, (size_t) n) != n)
                        return fail(p, "write");
                at += (uint64_t) n;
        }
        return e;
}

int bundle_pack_finish(struct bundle_pack *p) {
        if (p->archive_write_close(p->a) != ARCHIVE_OK)
                return fail(p, "write");
        if (rename(p->new, p->name) < 0) {
                int e = -errno;
                log_error("cannot rename %s to %s: %s", p->new, p->name, strerror(-e));
                return e;
        }
        p->made = false;
        return 0;
}

struct bundle_pack *bundle_pack_free(struct bundle_pack *p) {
        if (!p)
                return NULL;
        if (p->a)
                p->archive_write_free(p->a);
        if (p->made)
                unlink(p->new);
        if (p->fd >= 0)
                close(p->fd);
        libarchive_close(p->handle);
        free(p->name);
        free(p->new);
        free(p);
        return NULL;
}
