/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <dirent.h>
#include <endian.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/log.h"
#include "base/macros.h"
#include "source/journal.h"
#include "source/journal_folder.h"

/* libsystemd reads what it can of a damaged file and says nothing, so the headers are looked at here. */
static int check_header(const char *path, struct journal_file *ret) {
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
                log_error("%s is not a journal file, or is cut off inside its header", path);
                return -ENODATA;
        }
        ret->has_header = true;
        memcpy(ret->id, h.file_id, 16);
        memcpy(&ret->seqnum_id, h.seqnum_id, 16);
        ret->head_seqnum = le64toh(h.head_entry_seqnum);
        ret->tail_seqnum = le64toh(h.tail_entry_seqnum);
        uint64_t want;
        if (__builtin_add_overflow(le64toh(h.header_size), le64toh(h.arena_size), &want) ||
            want > (uint64_t) st.st_size) {
                log_error("%s is truncated: its header declares %llu bytes, the file has %llu; the rest is read", path,
                          (unsigned long long) want, (unsigned long long) st.st_size);
                return -ENODATA;
        }
        return 0;
}

static void file_done(struct journal_file *f) {
        free(f->path);
        free(f->boots);
}

void journal_files_done(struct journal_files *f) {
        for (size_t i = 0; i < f->n; i++)
                file_done(&f->items[i]);
        free(f->items);
        free(f->groups);
        *f = (struct journal_files){};
}

/* What is damaged is listed too: libsystemd may still read some of it. */
static int add_file(struct journal_files *f, const char *path) {
        if ((f->n & (f->n - 1)) == 0) {
                struct journal_file *items = realloc(f->items, (f->n ? f->n * 2 : 1) * sizeof(*items));
                if (!items)
                        return log_oom();
                f->items = items;
        }
        struct journal_file *file = &f->items[f->n];
        *file = (struct journal_file){ .path = strdup(path) };
        if (!file->path)
                return log_oom();
        f->n++;
        return check_header(path, file);
}

int journal_files_add_folder(struct journal_files *f, const char *path) {
        _cleanup_(journal_folder_done) struct journal_folder listed = {};
        int r = journal_folder_list(&listed, path);

        for (size_t i = 0; r != -ENOMEM && i < listed.n; i++) {
                int e = add_file(f, listed.paths[i]);
                r = r < 0 && e != -ENOMEM ? r : e;
        }
        return r;
}

int journal_files_find(struct journal_files *f, const char *path, bool folder) {
        if (!folder)
                return add_file(f, path);
        int r = journal_files_add_folder(f, path);
        if (r == 0 && f->n == 0) {
                log_error("%s holds no journal: no file there ends in .journal", path);
                return -ENOENT;
        }
        return r;
}

/* --- opening what was listed --- */

static int open_with_id(const char *path, const uint8_t *id) {
        struct journal_header h;
        int fd = open(path, O_RDONLY | O_CLOEXEC);

        if (fd < 0)
                return -errno;
        if (!id || (pread(fd, &h, sizeof(h), 0) == sizeof(h) && memcmp(h.file_id, id, 16) == 0))
                return fd;
        close(fd);
        return -ENOENT;
}

/* Rotation gives a file another name in its folder, and its name to another. */
int journal_file_open(const struct journal_file *f) {
        int fd = open_with_id(f->path, f->has_header ? f->id : NULL);
        if (fd != -ENOENT || !f->has_header)
                return fd;
        const char *slash = strrchr(f->path, '/');
        _cleanup_free_ char *folder = slash ? strndup(f->path, (size_t) (slash - f->path) + 1) : strdup("./");
        if (!folder)
                return -ENOMEM;
        _cleanup_(closedirp) DIR *d = opendir(folder);
        for (struct dirent *de; d && fd == -ENOENT && (de = readdir(d));) {
                _cleanup_free_ char *path = NULL;
                if (!journal_is_file_name(de->d_name))
                        continue;
                if (asprintf(&path, "%s%s", folder, de->d_name) < 0) {
                        path = NULL;
                        return -ENOMEM;
                }
                fd = open_with_id(path, f->id);
        }
        return fd;
}

struct opened {
        size_t n;
        int *fds;
        char (*names)[32];
        const char **paths;
};

static void opened_done(struct opened *o) {
        for (size_t i = 0; i < o->n; i++)
                close(o->fds[i]);
        free(o->fds);
        free(o->names);
        free(o->paths);
}

int journal_files_open(sd_journal **ret, const struct journal_file *files, size_t n,
                       const struct journal_filter *filter) {
        _cleanup_(opened_done) struct opened o = {
                .fds = calloc(n, sizeof(*o.fds)),
                .names = calloc(n, sizeof(*o.names)),
                .paths = calloc(n + 1, sizeof(*o.paths)),
        };
        _cleanup_(journal_closep) sd_journal *j = NULL;

        if (!o.fds || !o.names || !o.paths)
                return -ENOMEM;
        for (; o.n < n; o.n++) {
                int fd = journal_file_open(&files[o.n]);
                if (fd < 0)
                        return fd;
                o.fds[o.n] = fd;
                snprintf(o.names[o.n], sizeof(o.names[o.n]), "/proc/self/fd/%d", fd);
                o.paths[o.n] = o.names[o.n];
        }
        /* Not by fd: whether libsystemd closes those is not documented. */
        int r = sd_journal_open_files(&j, o.paths, 0);
        if (r >= 0)
                r = journal_filter_entries(j, filter);
        if (r < 0)
                return r;
        *ret = j;
        j = NULL;
        return 0;
}

/* --- groups --- */

static int point(sd_journal *j, struct journal_point *ret) {
        int r = sd_journal_get_monotonic_usec(j, &ret->mono_us, &ret->boot);
        return r < 0 ? r : sd_journal_get_realtime_usec(j, &ret->real_us);
}

/* Whose entries the file holds and from when to when: 1, 0 where none is wanted, -errno. */
static int look_into(struct journal_file *f, const struct journal_filter *filter) {
        _cleanup_(journal_closep) sd_journal *j = NULL;

        int r = journal_files_open(&j, f, 1, filter);
        if (r < 0)
                return r;
        r = sd_journal_next(j);
        if (r <= 0)
                return r;
        r = point(j, &f->first);
        if (r >= 0)
                r = sd_journal_seek_tail(j);
        if (r >= 0 && (r = sd_journal_previous(j)) > 0)
                r = point(j, &f->last);
        if (r >= 0)
                r = journal_boot_ids(j, &f->boots, &f->n_boots);
        return r < 0 ? r : 1;
}

static int by_time(const void *a, const void *b) {
        const struct journal_file *x = a, *y = b;

        if (x->first.real_us != y->first.real_us)
                return x->first.real_us < y->first.real_us ? -1 : 1;
        return strcmp(x->path, y->path);
}

static int by_group(const void *a, const void *b) {
        const struct journal_file *x = a, *y = b;

        if (x->group != y->group)
                return x->group < y->group ? -1 : 1;
        return by_time(a, b);
}

struct owner {
        sd_id128_t boot;
        size_t file;
};

static int by_boot(const void *a, const void *b) {
        const struct owner *x = a, *y = b;
        int c = memcmp(&x->boot, &y->boot, sizeof(x->boot));

        return c ? c : x->file < y->file ? -1 : x->file > y->file;
}

/* The group's first file, which stands for it. */
static size_t root_of(struct journal_file *files, size_t i) {
        while (files[i].group != i)
                i = files[i].group = files[files[i].group].group;
        return i;
}

static int join_groups(struct journal_files *f) {
        size_t n = 0, room = 0;

        for (size_t i = 0; i < f->n; i++) {
                f->items[i].group = i;
                room += f->items[i].n_boots;
        }
        _cleanup_free_ struct owner *owners = calloc(room + 1, sizeof(*owners));
        if (!owners)
                return -ENOMEM;
        for (size_t i = 0; i < f->n; i++)
                for (size_t k = 0; k < f->items[i].n_boots; k++)
                        owners[n++] = (struct owner){ f->items[i].boots[k], i };
        qsort(owners, n, sizeof(*owners), by_boot);
        for (size_t i = 1; i < n; i++)
                if (sd_id128_equal(owners[i].boot, owners[i - 1].boot)) {
                        size_t a = root_of(f->items, owners[i - 1].file), b = root_of(f->items, owners[i].file);
                        f->items[MAX(a, b)].group = MIN(a, b);
                }
        for (size_t i = 0; i < f->n; i++)
                f->items[i].group = root_of(f->items, i);
        return 0;
}

/* Are all entries of a before those of b, as libsystemd compares entries? */
static bool follows(const struct journal_file *a, const struct journal_file *b) {
        if (sd_id128_equal(a->seqnum_id, b->seqnum_id))
                return a->tail_seqnum < b->head_seqnum;
        return a->last.real_us < b->first.real_us &&
               (!sd_id128_equal(a->last.boot, b->first.boot) || a->last.mono_us < b->first.mono_us);
}

static int make_groups(struct journal_files *f) {
        f->groups = calloc(f->n + 1, sizeof(*f->groups));
        if (!f->groups)
                return -ENOMEM;
        for (size_t i = 0; i < f->n; i++) {
                struct journal_group *g = f->n_groups ? &f->groups[f->n_groups - 1] : NULL;

                if (g && f->items[g->first].group == f->items[i].group) {
                        g->n++;
                        g->chain = g->chain && follows(&f->items[i - 1], &f->items[i]);
                } else
                        f->groups[f->n_groups++] = (struct journal_group){ .first = i, .n = 1, .chain = true };
        }
        return 0;
}

int journal_files_group(struct journal_files *f, const struct journal_filter *filter) {
        int first = 0;
        size_t n = 0;

        for (size_t i = 0; i < f->n; i++) {
                int r = look_into(&f->items[i], filter);
                if (r == -ENOMEM)
                        return log_oom();
                if (r < 0) {
                        log_error("cannot open %s: %s", f->items[i].path, strerror(-r));
                        if (first == 0)
                                first = r;
                }
                if (r > 0)
                        f->items[n++] = f->items[i];
                else
                        file_done(&f->items[i]);
        }
        f->n = n;
        /* By time first: then a group's first file is its earliest, and groups are in the order of those. */
        if (n)
                qsort(f->items, n, sizeof(*f->items), by_time);
        int r = join_groups(f);
        if (r >= 0 && n)
                qsort(f->items, n, sizeof(*f->items), by_group);
        if (r >= 0)
                r = make_groups(f);
        return r < 0 ? log_oom() : first;
}
