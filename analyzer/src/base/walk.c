/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "base/walk.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/cleanup.h"
#include "base/log.h"
#include "base/macros.h"
#include "base/slice.h"

/* A log's name without what rotating it put behind: "kern.log" of "kern.log.2.gz", "messages" of "messages-20261101".
 * *age: larger for an older one, 0 for the log that is written. */
static struct slice rotated(const char *name, int64_t *age) {
        static const struct slice packed[] = { SLICE(".gz"), SLICE(".xz"), SLICE(".bz2"), SLICE(".zst"),
                                               SLICE(".lz4") };
        static const struct slice logs[] = { SLICE("log"),  SLICE("messages"), SLICE("dmesg"),
                                             SLICE("kern"), SLICE("warn"),     SLICE("debug") };
        enum { NUMBER_MAX = 4, DATE = 8 };
        struct slice s = slice_of(name), digits;
        uint64_t n = 0;
        size_t d = 0;

        *age = 0;
        for (size_t i = 0; i < ARRAY_SIZE(packed); i++)
                if (slice_ends(s, packed[i]))
                        s.n -= packed[i].n;
        while (d < s.n && is_digit(s.s[s.n - 1 - d]))
                d++;
        digits = slice_from(s, s.n - d);
        const char before = d < s.n ? s.s[s.n - 1 - d] : '\0';
        const struct slice stem = slice_head(s, s.n - d - (d < s.n));
        if (d == 0 || !slice_eat_u64(&digits, &n) || !(before == '.' ? d <= NUMBER_MAX : before == '-' && d == DATE))
                return slice_of(name);
        for (size_t i = 0; i < ARRAY_SIZE(logs); i++)
                if (slice_ends(stem, logs[i])) {
                        /* "dmesg.0" is older than "dmesg". */
                        *age = before == '.' ? (int64_t) n + 1 : (int64_t) (100000000 - n);
                        return stem;
                }
        return slice_of(name);
}

/* By their names, but of a log's rotated files the oldest first, as their lines follow one another. */
static int by_name(const FTSENT **a, const FTSENT **b) {
        char stems[2][NAME_MAX + 1] = {};
        int64_t age_a, age_b;
        const struct slice stem_a = rotated((*a)->fts_name, &age_a), stem_b = rotated((*b)->fts_name, &age_b);

        memcpy(stems[0], stem_a.s, MIN(stem_a.n, (size_t) NAME_MAX));
        memcpy(stems[1], stem_b.s, MIN(stem_b.n, (size_t) NAME_MAX));
        const int c = strverscmp(stems[0], stems[1]);
        if (c != 0 || age_a == age_b)
                return c ? c : strverscmp((*a)->fts_name, (*b)->fts_name);
        return age_a > age_b ? -1 : 1;
}

bool walk_follows(const char *name, const char *before) {
        int64_t age, age_before;
        const struct slice stem = rotated(name, &age), stem_before = rotated(before, &age_before);

        return slice_eq(stem, stem_before) && age < age_before;
}

int walk_open(struct walk *w, const char *folder) {
        *w = (struct walk){ .root = strdup(folder), .real = realpath(folder, NULL) };
        w->files = w->root ? fts_open((char *const[]){ w->root, NULL }, FTS_LOGICAL | FTS_NOCHDIR, by_name) : NULL;
        if (w->files)
                return 0;
        walk_done(w);
        return -ENOMEM;
}

static bool leads_out(const struct walk *w, const FTSENT *f) {
        struct stat st;

        if (f->fts_level == 0 || !w->real || lstat(f->fts_path, &st) < 0 || !S_ISLNK(st.st_mode))
                return false;
        _cleanup_free_ char *real = realpath(f->fts_path, NULL);
        struct slice rest = real ? slice_of(real) : SLICE_NULL;
        /* One that leads nowhere is passed over as such. */
        return real &&
               !(slice_eat(&rest, slice_of(w->real)) && (rest.n == 0 || rest.s[0] == '/' || strcmp(w->real, "/") == 0));
}

FTSENT *walk_next(struct walk *w) {
        FTSENT *f;

        while ((f = fts_read(w->files))) {
                const bool hidden = f->fts_level > 0 && *f->fts_name == '.';
                const bool out = !hidden && f->fts_info != FTS_DP && leads_out(w, f);

                if (hidden || out)
                        fts_set(w->files, f, FTS_SKIP);
                else if (f->fts_info == FTS_F ?
                                 file_set_add(&w->seen, f->fts_statp) != 0 :
                                 f->fts_info == FTS_DNR || f->fts_info == FTS_ERR || f->fts_info == FTS_NS)
                        break;
                if (out && w->n_out++ == 0)
                        w->first_out = strdup(f->fts_path);
        }
        return f;
}

void walk_warn(const struct walk *w) {
        if (w->n_out)
                log_warning("%s: %zu link%s (%s) lead%s out of it, and what is there is not read: name it to have it "
                            "read",
                            w->root, w->n_out, w->n_out == 1 ? "" : "s", w->first_out ?: "?", w->n_out == 1 ? "s" : "");
}

void walk_done(struct walk *w) {
        if (w->files)
                fts_close(w->files);
        file_set_done(&w->seen);
        free(w->root);
        free(w->real);
        free(w->first_out);
        *w = (struct walk){};
}
