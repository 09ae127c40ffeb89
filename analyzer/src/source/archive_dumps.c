/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "source/archive_dumps.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/log.h"
#include "base/macros.h"
#include "source/pstore.h"

/* Far beyond any real one: firmware has kilobytes, RAM kept over a reboot some megabytes. */
enum { DUMPS_MAX = 64 * 1024 * 1024 };

static struct slice folder_of(const char *path) {
        const char *slash = strrchr(path, '/');

        return slash ? (struct slice){ path, (size_t) (slash + 1 - path) } : SLICE("");
}

bool archived_dumps_has(const char *path, struct slice head) {
        struct slice name = slice_from(slice_of(path), folder_of(path).n), dump;
        unsigned number;

        return pstore_is_dump(name) && pstore_header(slice_rtrim(slice_token(&head, '\n')), &dump, &number);
}

static struct archived_dump *dump_in(struct archived_dumps *d, struct slice folder) {
        for (size_t i = 0; i < d->n; i++)
                if (slice_eq(slice_of(d->items[i].folder), folder))
                        return &d->items[i];
        struct archived_dump *items = realloc(d->items, (d->n + 1) * sizeof(*items));
        if (!items)
                return NULL;
        d->items = items;
        items[d->n] = (struct archived_dump){ .folder = strndup(folder.s, folder.n) };
        return items[d->n].folder ? &items[d->n++] : NULL;
}

int archived_dumps_add(struct archived_dumps *d, const char *path, struct input *member) {
        struct archived_dump *to = dump_in(d, folder_of(path));
        size_t all = 0;

        for (size_t i = 0; i < d->n; i++)
                all += d->items[i].parts.size;
        for (;;) {
                enum { BLOCK = 16 * 1024 };
                if (!to || buffer_reserve(&to->parts, BLOCK + 1) < 0)
                        return log_oom();
                const ssize_t n = input_read(member, to->parts.data + to->parts.size, BLOCK);
                if (n < 0)
                        log_error("reading %s failed: %s", member->name, input_error(member, (int) n));
                if (n < 0)
                        return (int) n;
                to->parts.size += (size_t) n;
                all += (size_t) n;
                if (all > DUMPS_MAX) {
                        log_error("%s: its dumps of pstore are too large to be put in order", member->name);
                        return -EFBIG;
                }
                if (n == 0)
                        break;
        }
        if (to->parts.size && to->parts.data[to->parts.size - 1] != '\n')
                to->parts.data[to->parts.size++] = '\n';
        return 0;
}

static ssize_t read_kept(void *from, void *buf, size_t n, const char **problem _unused_) {
        struct slice *rest = from;
        const size_t k = MIN(n, rest->n);

        if (k)
                memcpy(buf, rest->s, k);
        *rest = slice_from(*rest, k);
        return (ssize_t) k;
}

static int read_dump(struct scan *s, const struct archived_dump *d, const char *archive,
                     const struct source_options *o) {
        _cleanup_free_ char *name = NULL;
        struct slice rest = buffer_all(&d->parts);
        const size_t before = s->n_sources;

        if (asprintf(&name, "%s:%sdmesg-*", archive, d->folder) < 0) {
                name = NULL;
                return log_oom();
        }
        _cleanup_(input_done) struct input in = { .name = name, .fd = -1, .read = read_kept, .from = &rest };
        const int e = source_input(s, &in, o, SOURCE_NAMED, 0);
        for (size_t i = before; i < s->n_sources; i++)
                if (strcmp(scan_source(s, i)->type, "text") == 0)
                        scan_source(s, i)->type = "pstore";
        return e;
}

int archived_dumps_read(struct scan *s, struct archived_dumps *d, const char *name, const struct source_options *o) {
        int r = 0;

        for (size_t i = 0; i < d->n && r != -ENOMEM; i++) {
                const int e = read_dump(s, &d->items[i], name, o);
                r = r < 0 && e != -ENOMEM ? r : e;
        }
        return r;
}

void archived_dumps_done(struct archived_dumps *d) {
        for (size_t i = 0; i < d->n; i++) {
                free(d->items[i].folder);
                buffer_done(&d->items[i].parts);
        }
        free(d->items);
        *d = (struct archived_dumps){};
}
