/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <stdlib.h>

#include "base/macros.h"
#include "source/journal.h"

void journal_boots_done(struct journal_boots *b) {
        free(b->items);
        *b = (struct journal_boots){};
}

int journal_match_boot(sd_journal *j, sd_id128_t id) {
        char match[9 + 33] = "_BOOT_ID=";
        sd_id128_to_string(id, match + 9);
        return sd_journal_add_match(j, match, 0);
}

int journal_boot_ids(sd_journal *j, sd_id128_t **ids, size_t *n) {
        const void *data;
        size_t size;

        int r = sd_journal_query_unique(j, "_BOOT_ID");
        if (r < 0)
                return r;
        SD_JOURNAL_FOREACH_UNIQUE(j, data, size) {
                char id[33] = {};

                if (size != 9 + 32)
                        continue;
                memcpy(id, (const char *) data + 9, 32);
                sd_id128_t *p = reallocarray(*ids, *n + 1, sizeof(*p));
                if (!p)
                        return -ENOMEM;
                *ids = p;
                if (sd_id128_from_string(id, &p[*n]) >= 0)
                        (*n)++;
        }
        return 0;
}

static int add_boots(struct journal_boots *b, sd_journal *j) {
        _cleanup_free_ sd_id128_t *ids = NULL;
        size_t n = 0;

        int r = journal_boot_ids(j, &ids, &n);
        struct journal_boot *items = r >= 0 && n ? reallocarray(b->items, b->n + n, sizeof(*items)) : NULL;
        if (items)
                b->items = items;
        else if (r >= 0 && n)
                return -ENOMEM;
        for (size_t i = 0; r >= 0 && i < n; i++) {
                struct journal_boot *boot = &items[b->n++];

                *boot = (struct journal_boot){ .id = ids[i] };
                sd_journal_flush_matches(j);
                r = journal_match_boot(j, boot->id);
                if (r >= 0)
                        r = sd_journal_seek_head(j);
                if (r >= 0 && sd_journal_next(j) > 0)
                        (void) sd_journal_get_realtime_usec(j, &boot->start_us);
        }
        sd_journal_flush_matches(j);
        return r < 0 ? r : 0;
}

/* Far fewer than libsystemd opens at once without a word about the rest, and than a process may open. */
enum { AT_ONCE = 256 };

int journal_boots_add_files(struct journal_boots *b, const struct journal_files *files) {
        const char *paths[AT_ONCE + 1];

        for (size_t i = 0, n; i < files->n; i += n) {
                _cleanup_(journal_closep) sd_journal *j = NULL;

                for (n = 0; n < AT_ONCE && i + n < files->n; n++)
                        paths[n] = files->items[i + n].path;
                paths[n] = NULL;
                int r = sd_journal_open_files(&j, paths, 0);
                if (r >= 0)
                        r = add_boots(b, j);
                /* A damaged one spoils all; it was named before. */
                for (size_t k = 0; r < 0 && r != -ENOMEM && k < n; k++) {
                        _cleanup_(journal_closep) sd_journal *one = NULL;
                        if (sd_journal_open_files(&one, (const char *[]){ paths[k], NULL }, 0) >= 0 &&
                            add_boots(b, one) == -ENOMEM)
                                return -ENOMEM;
                }
                if (r == -ENOMEM)
                        return r;
        }
        return 0;
}

static int by_id(const void *a, const void *b) {
        const struct journal_boot *x = a, *y = b;
        int c = memcmp(&x->id, &y->id, sizeof(x->id));

        return c ? c : x->start_us < y->start_us ? -1 : x->start_us > y->start_us;
}

static int by_start(const void *a, const void *b) {
        const struct journal_boot *x = a, *y = b;
        return x->start_us < y->start_us ? -1 : x->start_us > y->start_us;
}

int journal_boots_pick(struct journal_boots *b, const char *which, sd_id128_t *ret) {
        size_t n = 0;
        char *end;

        long back = strtol(*which ? which : "0", &end, 10);
        if (*end || back > 0)
                return -EINVAL;
        /* A boot may be in several files: its first entry counts. */
        if (b->n)
                qsort(b->items, b->n, sizeof(*b->items), by_id);
        for (size_t i = 0; i < b->n; i++)
                if (n == 0 || !sd_id128_equal(b->items[n - 1].id, b->items[i].id))
                        b->items[n++] = b->items[i];
        b->n = n;
        if (n)
                qsort(b->items, n, sizeof(*b->items), by_start);
        if ((size_t) -back >= n)
                return -ENOENT;
        *ret = b->items[n - 1 - (size_t) -back].id;
        return 0;
}
