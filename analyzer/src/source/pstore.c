/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/log.h"
#include "base/macros.h"
#include "source/pstore.h"
#include "source/source.h"

/* pstore keeps the end of a log over a crash, as files "dmesg-BACKEND-ID" in /sys/fs/pstore or where
 * systemd-pstore put them. Each begins with a line "Panic#2 Part3" (fs/pstore/platform.c), for ramoops
 * "====1700000000.123456-D". Part 1 holds the log's end: the parts of one dump are joined from the last. */

struct part {
        char *path;
        char dump[256]; /* "Panic#2", or the file's name: what parts of one dump share */
        unsigned number;
        size_t skip; /* bytes of the first line, 0 where it is a message */
};

struct parts {
        struct part *items;
        size_t n;
};

static void parts_done(struct parts *p) {
        for (size_t i = 0; i < p->n; i++)
                free(p->items[i].path);
        free(p->items);
}

bool pstore_header(struct slice line, struct slice *dump, unsigned *number) {
        struct slice s = line, count;
        uint64_t n;

        *dump = count = slice_token(&s, ' ');
        slice_token(&count, '#');
        if (!slice_eat_u64(&count, &n) || count.n || !slice_eat(&s, SLICE("Part")) || !slice_eat_u64(&s, &n) || s.n ||
            n > 1000000)
                return false;
        *number = (unsigned) n;
        return true;
}

static bool parse_header(struct slice line, struct part *p) {
        struct slice dump;

        if (!pstore_header(line, &dump, &p->number) || dump.n >= sizeof(p->dump))
                return false;
        memcpy(p->dump, dump.s, dump.n);
        p->dump[dump.n] = '\0';
        return true;
}

/* PREFIX, a backend's name, '-', a number: "dmesg-efi-169123456", "dmesg-ramoops-0.enc.z". A log that somebody named
 * "dmesg-host1.log" is no dump. */
static bool is_of_pstore(struct slice name, struct slice prefix) {
        if (!slice_eat(&name, prefix))
                return false;
        if (slice_ends(name, SLICE(".enc.z")))
                name.n -= sizeof(".enc.z") - 1;
        const size_t n = name.n;
        while (name.n && is_digit(name.s[name.n - 1]))
                name.n--;
        return name.n < n && name.n > 1 && name.s[name.n - 1] == '-';
}

bool pstore_is_dump(struct slice name) {
        return is_of_pstore(name, SLICE("dmesg-"));
}

bool pstore_is_of_programs(struct slice name) {
        return is_of_pstore(name, SLICE("pmsg-"));
}

static int look_into(struct part *p, const char *name) {
        char head[128];
        int fd = open(p->path, O_RDONLY | O_CLOEXEC);
        ssize_t n = fd < 0 ? -1 : read(fd, head, sizeof(head));
        int e = n < 0 ? -errno : 0;

        if (fd >= 0)
                close(fd);
        if (e < 0)
                return e;
        struct slice s = { head, (size_t) n }, line = slice_token(&s, '\n');
        snprintf(p->dump, sizeof(p->dump), "%s", name);
        if (parse_header(line, p) || slice_starts(line, SLICE("====")))
                p->skip = line.n + 1;
        return 0;
}

static int by_part(const void *a, const void *b) {
        const struct part *x = a, *y = b;
        int c = strcmp(x->dump, y->dump);

        return c ? c : x->number != y->number ? (x->number > y->number ? -1 : 1) : strcmp(x->path, y->path);
}

static int find_parts(const char *path, struct parts *ret) {
        _cleanup_(closedirp) DIR *d = opendir(path);
        int r = 0;

        for (struct dirent *de; d && (de = readdir(d));) {
                struct slice name = slice_of(de->d_name);

                if (!pstore_is_dump(name))
                        continue;
                struct part *p = realloc(ret->items, (ret->n + 1) * sizeof(*p));
                if (!p)
                        return log_oom();
                ret->items = p;
                p += ret->n;
                *p = (struct part){};
                if (asprintf(&p->path, "%s/%s", path, de->d_name) < 0) {
                        p->path = NULL;
                        return log_oom();
                }
                ret->n++;
                int e = look_into(p, de->d_name);
                if (e < 0) {
                        log_error("cannot read %s: %s", p->path, strerror(-e));
                        r = r < 0 ? r : e;
                } else if (slice_ends(name, SLICE(".enc.z"))) {
                        log_error("%s was compressed by the kernel, and only the kernel can decompress it", p->path);
                        r = r < 0 ? r : -EOPNOTSUPP;
                } else
                        continue;
                free(ret->items[--ret->n].path);
        }
        if (ret->n)
                qsort(ret->items, ret->n, sizeof(*ret->items), by_part);
        return r;
}

/* The parts of one dump as one stream. */
struct joined {
        const struct part *next, *end;
        int fd;
};

static ssize_t read_joined(void *from, void *buf, size_t n, const char **problem _unused_) {
        struct joined *j = from;

        for (;;) {
                if (j->fd < 0) {
                        if (j->next == j->end)
                                return 0;
                        j->fd = open(j->next->path, O_RDONLY | O_CLOEXEC);
                        if (j->fd < 0 || lseek(j->fd, (off_t) j->next->skip, SEEK_SET) < 0)
                                return -errno;
                        j->next++;
                }
                ssize_t k = read(j->fd, buf, n);
                if (k > 0)
                        return k;
                if (k < 0 && errno != EINTR)
                        return -errno;
                if (k == 0) {
                        close(j->fd);
                        j->fd = -1;
                }
        }
}

static int read_dump(struct scan *s, const char *path, const struct part *first, const struct part *end,
                     const struct source_options *o) {
        _cleanup_free_ char *name = NULL;
        struct joined j = { .next = first, .end = end, .fd = -1 };
        const size_t before = s->n_sources;

        if (asprintf(&name, "%s/%s", path, first->dump) < 0) {
                name = NULL;
                return log_oom();
        }
        _cleanup_(input_done) struct input in = { .name = name, .fd = -1, .read = read_joined, .from = &j };
        int e = source_input(s, &in, o, SOURCE_NAMED, 0);
        if (j.fd >= 0)
                close(j.fd);
        for (size_t i = before; i < s->n_sources; i++)
                if (strcmp(scan_source(s, i)->type, "text") == 0)
                        scan_source(s, i)->type = "pstore";
        return e;
}

int source_pstore(struct scan *s, const char *path, const struct source_options *o) {
        _cleanup_(parts_done) struct parts parts = {};

        int r = find_parts(path, &parts);
        for (size_t i = 0, k; i < parts.n; i = k) {
                for (k = i; k < parts.n && strcmp(parts.items[k].dump, parts.items[i].dump) == 0; k++)
                        ;
                int e = read_dump(s, path, &parts.items[i], &parts.items[k], o);
                if (e == -ENOMEM)
                        return e;
                r = r < 0 ? r : e;
        }
        return r;
}
