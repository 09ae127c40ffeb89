/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <archive.h>
#include <archive_entry.h>
#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/log.h"
#include "base/macros.h"
#include "source/source.h"

/* Compressed logs and archives of logs, through libarchive. The library is loaded when the first of them comes:
 * it brings thirty megabytes of others that no plain log needs, and a small guest lives without it. */

/* clang-format off */
#define FUNCTIONS(X)                                                                                             \
        X(archive_read_new) X(archive_read_free) X(archive_read_open2) X(archive_read_next_header) X(archive_read_data) \
        X(archive_error_string) X(archive_entry_pathname) X(archive_entry_filetype) X(archive_read_support_filter_gzip)  \
        X(archive_read_support_filter_bzip2) X(archive_read_support_filter_xz) X(archive_read_support_filter_lzma)     \
        X(archive_read_support_filter_zstd) X(archive_read_support_filter_lz4) X(archive_read_support_filter_lzip)     \
        X(archive_read_support_filter_compress) X(archive_read_support_format_tar) X(archive_read_support_format_cpio)  \
        X(archive_read_support_format_zip_streamable) X(archive_read_support_format_raw)
/* clang-format on */

struct library {
        void *handle;
#define X(name) __typeof__(&name) name;
        FUNCTIONS(X)
#undef X
};

static void library_close(struct library *l) {
        if (l->handle)
                dlclose(l->handle);
}

static int library_open(struct library *l, const char *name) {
        l->handle = dlopen("libarchive.so.13", RTLD_NOW | RTLD_LOCAL);
        if (!l->handle) {
                log_error("%s is compressed or an archive, which takes libarchive: install libarchive13, or unpack it yourself", name);
                return -EOPNOTSUPP;
        }
#define X(f)                                                                             \
        *(void **) (&l->f) = dlsym(l->handle, #f);                                       \
        if (!l->f) {                                                                     \
                log_error("libarchive.so.13 lacks " #f ": install a newer libarchive13"); \
                return -EOPNOTSUPP;                                                      \
        }
        FUNCTIONS(X)
#undef X
        return 0;
}

struct unpacker {
        struct library lib;
        struct input *in;
        struct archive *a;
        char block[64 * 1024];
        char *folder; /* journals of the archive, which libsystemd reads from files only; NULL: none yet */
        size_t n_journals;
};

static void remove_folder(const char *path) {
        DIR *d = opendir(path);

        for (struct dirent *de; d && (de = readdir(d));)
                if (de->d_name[0] != '.')
                        unlinkat(dirfd(d), de->d_name, 0);
        if (d)
                closedir(d);
        rmdir(path);
}

static void unpacker_done(struct unpacker **u) {
        if (!*u)
                return;
        if ((*u)->a)
                (*u)->lib.archive_read_free((*u)->a);
        library_close(&(*u)->lib);
        if ((*u)->folder)
                remove_folder((*u)->folder);
        free((*u)->folder);
        free(*u);
}

/* libarchive asks for packed bytes. */
static la_ssize_t give(struct archive *a _unused_, void *userdata, const void **block) {
        struct unpacker *u = userdata;

        *block = u->block;
        return input_read(u->in, u->block, sizeof(u->block));
}

/* What a member holds, for whoever reads it. */
static ssize_t take(void *from, void *buf, size_t n, const char **problem) {
        struct unpacker *u = from;
        la_ssize_t k = u->lib.archive_read_data(u->a, buf, n);

        if (k >= 0)
                return k;
        *problem = u->in->problem ? u->in->problem : u->lib.archive_error_string(u->a);
        if (!*problem)
                *problem = "it is damaged or cut off";
        return -EBADMSG;
}

static int open_archive(struct unpacker *u) {
        const struct library *l = &u->lib;

        u->a = l->archive_read_new();
        if (!u->a)
                return log_oom();
        l->archive_read_support_filter_gzip(u->a);
        l->archive_read_support_filter_bzip2(u->a);
        l->archive_read_support_filter_xz(u->a);
        l->archive_read_support_filter_lzma(u->a);
        l->archive_read_support_filter_zstd(u->a);
        l->archive_read_support_filter_lz4(u->a);
        l->archive_read_support_filter_lzip(u->a);
        l->archive_read_support_filter_compress(u->a);
        l->archive_read_support_format_tar(u->a);
        l->archive_read_support_format_cpio(u->a);
        l->archive_read_support_format_zip_streamable(u->a);
        l->archive_read_support_format_raw(u->a);
        if (l->archive_read_open2(u->a, u, NULL, give, NULL, NULL) == ARCHIVE_OK)
                return 0;
        const char *why = l->archive_error_string(u->a);
        log_error("cannot unpack %s: %s", u->in->name, why ? why : "it is damaged");
        return -EBADMSG;
}

/* Copies a journal out, to be read when all of the archive's are there. */
static int keep_journal(struct unpacker *u, struct input *member) {
        _cleanup_free_ char *path = NULL, *block = malloc(64 * 1024);
        int e = 0;

        if (!block)
                return log_oom();
        if (!u->folder) {
                const char *tmp = getenv("TMPDIR");
                if (asprintf(&u->folder, "%s/vmlife-XXXXXX", tmp && *tmp ? tmp : "/tmp") < 0) {
                        u->folder = NULL;
                        return log_oom();
                }
                if (!mkdtemp(u->folder)) {
                        e = -errno;
                        log_error("cannot make a folder %s for the journals in %s: %s", u->folder, u->in->name, strerror(-e));
                        free(u->folder);
                        u->folder = NULL;
                        return e;
                }
        }
        if (asprintf(&path, "%s/%zu.journal", u->folder, ++u->n_journals) < 0) {
                path = NULL;
                return log_oom();
        }
        int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
        if (fd < 0)
                e = -errno;
        for (ssize_t n; e == 0 && (n = input_read(member, block, 64 * 1024)) != 0;) {
                if (n < 0) {
                        log_error("reading %s failed: %s", member->name, input_error(member, (int) n));
                        close(fd);
                        return (int) n;
                }
                for (ssize_t at = 0, k; e == 0 && at < n; at += k)
                        if ((k = write(fd, block + at, (size_t) (n - at))) < 0) {
                                e = -errno;
                                k = 0;
                        }
        }
        if (fd >= 0)
                close(fd);
        if (e < 0)
                log_error("cannot copy %s to %s: %s (TMPDIR chooses another place)", member->name, path, strerror(-e));
        return e;
}

/* Reads a member by what it holds. */
static int read_member(struct scan *s, struct unpacker *u, const char *path, const struct source_options *o, unsigned depth) {
        const bool only_packed = strcmp(path, "data") == 0 && !strchr(path, '/');
        _cleanup_free_ char *name = NULL;
        _cleanup_(input_done) struct input member = { .fd = -1, .read = take, .from = u };
        struct slice head;

        /* A compressed file's one member has no name of its own. */
        if (asprintf(&name, "%s%s%s", u->in->name, only_packed ? "" : ":", only_packed ? "" : path) < 0) {
                name = NULL;
                return log_oom();
        }
        member.name = name;
        int e = input_peek(&member, sizeof("LPKSHHRH") - 1, &head);
        if (e == 0 && slice_eq(head, SLICE("LPKSHHRH")))
                return keep_journal(u, &member);
        return source_input(s, &member, o, only_packed ? SOURCE_PACKED : SOURCE_MEMBER, depth + 1);
}

static int read_journals(struct scan *s, struct unpacker *u, const struct source_options *o) {
        size_t first = s->n_sources;
        int e = source_journal(s, u->folder, true, o);

        /* The folder is gone soon, and it is the archive that the user knows. */
        for (size_t i = first; i < s->n_sources; i++)
                if (scan_name_source(s, (uint32_t) i, u->in->name) < 0)
                        return log_oom();
        return e;
}

/* A member of a bundle that is no log. */
static bool is_beside(const char *path) {
        struct slice s = slice_of(path);
        return slice_eat(&s, SLICE(BUNDLE_FOLDER)) && !slice_starts(s, SLICE("log/"));
}

int source_archive(struct scan *s, struct input *in, const struct source_options *o, unsigned depth) {
        _cleanup_(unpacker_done) struct unpacker *u = calloc(1, sizeof(*u));
        struct archive_entry *entry;
        const size_t sources = s->n_sources;
        int r = 0;

        if (!u)
                return log_oom();
        u->in = in;
        if (depth > 4) {
                log_error("%s is packed more than four times over: unpack it yourself", in->name);
                return -ELOOP;
        }
        int e = library_open(&u->lib, in->name);
        if (e == 0)
                e = open_archive(u);
        if (e < 0)
                return e;
        while ((e = u->lib.archive_read_next_header(u->a, &entry)) != ARCHIVE_EOF) {
                const char *path = e >= ARCHIVE_WARN ? u->lib.archive_entry_pathname(entry) : NULL;

                if (e < ARCHIVE_WARN) {
                        const char *why = u->lib.archive_error_string(u->a);
                        log_error("%s cannot be unpacked to its end: %s", in->name, why ? why : "it is damaged or cut off");
                        r = r < 0 ? r : -EBADMSG;
                        break;
                }
                mode_t type = u->lib.archive_entry_filetype(entry);
                if ((type && type != AE_IFREG) || (path && is_beside(path)))
                        continue;
                int x = read_member(s, u, path ? path : "?", o, depth);
                if (x == -ENOMEM)
                        return x;
                r = r < 0 ? r : x;
        }
        if (u->folder) {
                int x = read_journals(s, u, o);
                r = r < 0 ? r : x;
        }
        if (r == 0 && s->n_sources == sources) {
                log_error("%s holds no log", in->name);
                return -ENODATA;
        }
        return r;
}
