/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <archive.h>
#include <archive_entry.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/libarchive.h"
#include "base/log.h"
#include "base/macros.h"
#include "source/archive_dumps.h"
#include "source/gzip_sum.h"
#include "source/source.h"
#include "source/temporary.h"

/* Compressed logs and archives of logs, through libarchive. */

/* clang-format off */
#define FUNCTIONS(X)                                                                                             \
        X(archive_read_new) X(archive_read_free) X(archive_read_open2) X(archive_read_next_header) X(archive_read_data) \
        X(archive_error_string) X(archive_format) X(archive_filter_count) X(archive_entry_pathname) X(archive_entry_filetype) X(archive_read_support_filter_gzip)  \
        X(archive_read_support_filter_bzip2) X(archive_read_support_filter_xz) X(archive_read_support_filter_lzma)     \
        X(archive_read_support_filter_zstd) X(archive_read_support_filter_lz4) X(archive_read_support_filter_lzip)     \
        X(archive_read_support_filter_compress) X(archive_read_support_format_tar) X(archive_read_support_format_cpio)  \
        X(archive_read_support_format_zip_streamable) X(archive_read_support_format_raw)
/* clang-format on */

struct library {
        void *handle;
        FUNCTIONS(LIBARCHIVE_POINTER)
};

static int library_open(struct library *l, const char *name) {
        static const char *const names[] = { FUNCTIONS(LIBARCHIVE_NAME) };
        _cleanup_free_ char *who = NULL;

        if (asprintf(&who, "%s is compressed or an archive: unpacking it", name) < 0)
                return log_oom();
        l->handle = libarchive_open(who, names, ARRAY_SIZE(names), &l->archive_read_new);
        return l->handle ? 0 : -EOPNOTSUPP;
}

struct unpacker {
        struct library lib;
        struct input *in;
        struct archive *a;
        char block[64 * 1024];
        struct temporary *folder; /* journals of the archive, which libsystemd reads from files only; NULL: none yet */
        struct archived_dumps dumps;    /* parts of pstore's, for which there is an order */
        struct unpacked own, *unpacked; /* own: where the archive is in none */
        uint64_t max;                   /* bytes that may be unpacked */
        bool is_gzip;                   /* then its checksum is compared where it is one file's: */
        struct gzip_sum sum;
};

static void unpacker_done(struct unpacker **u) {
        if (!*u)
                return;
        if ((*u)->a)
                (*u)->lib.archive_read_free((*u)->a);
        libarchive_close((*u)->lib.handle);
        temporary_free((*u)->folder);
        archived_dumps_done(&(*u)->dumps);
        free(*u);
}

/* libarchive asks for packed bytes. */
static la_ssize_t give(struct archive *a _unused_, void *userdata, const void **block) {
        struct unpacker *u = userdata;

        const ssize_t n = input_read(u->in, u->block, sizeof(u->block));

        *block = u->block;
        if (n > 0 && u->is_gzip)
                gzip_sum_packed(&u->sum, (struct slice){ u->block, (size_t) n });
        return n;
}

/* Is it one text that gzip packed, and nothing else? */
static bool is_gzipped_text(struct unpacker *u) {
        return u->is_gzip && u->lib.archive_format(u->a) == ARCHIVE_FORMAT_RAW &&
               u->lib.archive_filter_count(u->a) == 2;
}

/* The contents of a member: input's read(). */
static ssize_t take(void *from, void *buf, size_t n, const char **problem) {
        struct unpacker *u = from;
        la_ssize_t k = u->lib.archive_read_data(u->a, buf, n);

        if (k >= 0) {
                u->unpacked->bytes += (uint64_t) k;
                const bool summed = is_gzipped_text(u);
                if (summed)
                        gzip_sum_unpacked(&u->sum, (struct slice){ buf, (size_t) k });
                if (k == 0 && summed && gzip_sum_differs(&u->sum)) {
                        *problem = "its checksum is wrong: it is damaged";
                        return -EBADMSG;
                }
                if (u->unpacked->bytes <= u->max)
                        return k;
                *problem = "it unpacks to more than --max-unpacked allows";
                return -EFBIG;
        }
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

static int copy(struct input *member, int fd, const char *folder) {
        _cleanup_free_ char *block = malloc(64 * 1024);
        int e = block ? 0 : log_oom();

        for (ssize_t n; e == 0 && (n = input_read(member, block, 64 * 1024)) != 0;) {
                if (n < 0) {
                        log_error("reading %s failed: %s", member->name, input_error(member, (int) n));
                        return (int) n;
                }
                for (ssize_t at = 0, k; e == 0 && at < n; at += k)
                        if ((k = write(fd, block + at, (size_t) (n - at))) < 0) {
                                e = -errno;
                                k = 0;
                        }
                if (e < 0)
                        log_error("cannot copy %s to %s: %s (TMPDIR chooses another place)", member->name, folder,
                                  strerror(-e));
        }
        return e;
}

/* Copies a journal out, to be read when all of the archive's are there. */
static int keep_journal(struct unpacker *u, struct input *member) {
        int e = u->folder ? 0 : temporary_new(&u->folder);

        if (e < 0) {
                log_error("cannot create a directory for the journals in %s: %s (TMPDIR selects another place)",
                          u->in->name, strerror(-e));
                return e;
        }
        int fd = temporary_file(u->folder);
        if (fd < 0) {
                log_error("cannot create a file in %s: %s", temporary_path(u->folder), strerror(-fd));
                return fd;
        }
        e = copy(member, fd, temporary_path(u->folder));
        close(fd);
        return e;
}

/* Where libarchive finds nothing that it can unpack, it gives the bytes as they are. */
static bool is_as_packed(const struct unpacker *u, struct slice head) {
        return head.n >= 4 && slice_eq(head, buffer_slice(&u->in->head, 0, MIN(head.n, u->in->head.size)));
}

/* Reads a member by what it holds. */
static int read_member(struct scan *s, struct unpacker *u, const char *path, const struct source_options *o,
                       enum source_way way, unsigned depth) {
        const bool only_packed = strcmp(path, "data") == 0 && !strchr(path, '/');
        _cleanup_free_ char *name = NULL;
        _cleanup_(input_done) struct input member = { .fd = -1, .read = take, .from = u, .unpacked = u->unpacked };
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
        struct slice begins;
        if (e == 0 && input_peek(&member, sizeof("Emergency#123456 Part123456\n"), &begins) == 0 &&
            archived_dumps_has(path, begins))
                return archived_dumps_add(&u->dumps, path, &member);
        if (e == 0 && only_packed && is_as_packed(u, head)) {
                log_error("cannot unpack %s: it is damaged, or packed in a way that is not known", name);
                return -EBADMSG;
        }
        return source_input(s, &member, o,
                            !only_packed         ? SOURCE_MEMBER :
                            way == SOURCE_LISTED ? way :
                                                   SOURCE_PACKED,
                            depth + 1);
}

static int read_journals(struct scan *s, struct unpacker *u, const struct source_options *o) {
        size_t first = s->n_sources;
        int e = source_journal(s, temporary_path(u->folder), true, o);

        /* The folder is gone soon, and it is the archive that the user knows. */
        for (size_t i = first; i < s->n_sources; i++)
                if (scan_name_source(s, (uint32_t) i, u->in->name) < 0)
                        return log_oom();
        return e;
}

/* What nobody took of a member is unpacked all the same, and counts. */
static int pass_over(struct unpacker *u) {
        _cleanup_free_ char *block = malloc(64 * 1024);
        const char *problem = NULL;
        ssize_t n;

        if (!block)
                return log_oom();
        while ((n = take(u, block, 64 * 1024, &problem)) > 0)
                ;
        return n == -EFBIG ? -EFBIG : 0;
}

static bool is_exhausted(const struct unpacker *u) {
        return u->unpacked->bytes > u->max || u->unpacked->members > MEMBERS_MAX;
}

static void say_bound(const struct unpacker *u) {
        if (u->unpacked->bytes > u->max)
                log_error("%s unpacks to more than %" PRIu64
                          " MiB and was read up to there; --max-unpacked raises the bound",
                          u->in->name, u->max / 1024 / 1024);
        else
                log_error("%s has more than %d members and was read up to there: unpack it yourself", u->in->name,
                          MEMBERS_MAX);
}

/* Archives of a build hold a log among thousands of files. */
static void say_skipped(const struct unpacker *u) {
        const size_t more = u->own.skipped > SKIPPED_SAID ? u->own.skipped - SKIPPED_SAID : 0;

        if (more)
                log_warning("%s: %zu more member%s skipped: no log", u->in->name, more, more == 1 ? " is" : "s are");
}

/* A member of a bundle that is no log. */
static bool is_beside(const char *path) {
        struct slice s = slice_of(path);
        return slice_eat(&s, SLICE(BUNDLE_FOLDER)) && !slice_starts(s, SLICE("log/"));
}

int source_archive(struct scan *s, struct input *in, const struct source_options *o, enum source_way way,
                   unsigned depth) {
        _cleanup_(unpacker_done) struct unpacker *u = calloc(1, sizeof(*u));
        struct archive_entry *entry;
        const size_t sources = s->n_sources;
        int r = 0;

        if (!u)
                return log_oom();
        u->in = in;
        struct slice head;
        if (input_peek(in, 2, &head) == 0)
                u->is_gzip = slice_eq(head, SLICE("\037\213"));
        u->unpacked = in->unpacked ? in->unpacked : &u->own;
        u->max = o->max_unpacked ? o->max_unpacked : UNPACKED_MAX;
        if (depth > 4) {
                log_error("%s is packed more than four levels deep: unpack it yourself", in->name);
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
                        log_error("%s cannot be unpacked to its end: %s", in->name,
                                  why ? why : "it is damaged or cut off");
                        r = r < 0 ? r : -EBADMSG;
                        break;
                }
                mode_t type = u->lib.archive_entry_filetype(entry);
                int x = ++u->unpacked->members > MEMBERS_MAX ? -EFBIG : 0;
                if (x == 0 && (type == 0 || type == AE_IFREG) && !(path && is_beside(path)))
                        x = read_member(s, u, path ? path : "?", o, way, depth);
                if (x == -ENOMEM)
                        return x;
                r = r != 0 ? r : x;
                if (is_exhausted(u) || pass_over(u) == -EFBIG) {
                        r = -EFBIG;
                        break;
                }
        }
        if (u->folder) {
                int x = read_journals(s, u, o);
                r = r != 0 ? r : x;
        }
        if (u->dumps.n) {
                int x = archived_dumps_read(s, &u->dumps, u->in->name, o);
                r = r != 0 ? r : x;
        }
        say_skipped(u);
        if (is_exhausted(u)) {
                say_bound(u);
                for (size_t i = sources; i < s->n_sources; i++)
                        scan_source(s, i)->complete = false;
        }
        if (r == 0 && s->n_sources == sources && way == SOURCE_LISTED)
                return SOURCE_PASSED;
        if (r == 0 && s->n_sources == sources) {
                log_error("%s holds no log", in->name);
                return -ENODATA;
        }
        return r;
}
