/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "findings/pack.h"

#include <errno.h>
#include <stdalign.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/file.h"
#include "base/macros.h"
#include "triage/known.h"

/* So many bytes of lines stay in memory. */
static const size_t excerpts_max = 64 * 1024 * 1024;

void pack_done(struct pack *p) {
        arena_free(&p->arena);
        table_done(&p->strings);
        if (p->file)
                fclose(p->file);
        *p = (struct pack){};
}

/* --- strings, each kept once --- */

static bool is_string(const void *item, const void *key) {
        return strcmp(item, key) == 0;
}

static int keep(struct pack *p, const char **s) {
        if (!*s)
                return 0;
        const struct slice text = slice_of(*s);
        const uint64_t h = hash_slice(HASH_START, text);
        const char *kept = table_get(&p->strings, h, is_string, *s);
        if (!kept) {
                kept = arena_dup(&p->arena, text);
                if (!kept || table_add(&p->strings, h, kept) < 0)
                        return -ENOMEM;
        }
        *s = kept;
        return 0;
}

static int keep_members(struct pack *p, const struct layout *l, void *item);

/* What a saved report says of a known issue lies in the finding's own memory. */
static int keep_record(struct pack *p, const struct member *m, void *item) {
        void *copy = member_n(item, m) ? arena_alloc(&p->arena, m->of()->size) : NULL;

        if (!copy)
                return member_n(item, m) ? -ENOMEM : 0;
        memcpy(copy, member_pointer(item, m), m->of()->size);
        member_point(item, m, copy);
        return keep_members(p, m->of(), copy);
}

/* All strings of a structure and of those below it. */
static int keep_members(struct pack *p, const struct layout *l, void *item) {
        int e = 0;

        EACH_MEMBER(l, m) {
                if (m->form == FORM_TEXT)
                        e = keep(p, member_in(item, m));
                else if (m->form == FORM_TEXTS)
                        for (size_t i = 0; e == 0 && i < member_n(item, m); i++)
                                e = keep(p, (const char **) member_pointer(item, m) + i);
                else if (m->form == FORM_RECORD)
                        e = keep_record(p, m, item);
                else if (m->form == FORM_ITEMS || m->form == FORM_MAP)
                        for (size_t i = 0; e == 0 && i < member_n(item, m); i++)
                                e = keep_members(p, m->of(), member_item(item, m, i));
                if (e < 0)
                        return e;
        }
        return 0;
}

/* --- arrays, in one piece of memory --- */

static size_t padded(size_t n) {
        return (n + alignof(max_align_t) - 1) / alignof(max_align_t) * alignof(max_align_t);
}

static size_t array_size(const struct member *m, const void *item) {
        switch (m->form) {
        case FORM_TEXTS:
                return member_n(item, m) * sizeof(const char *);
        case FORM_ITEMS:
        case FORM_MAP:
                return member_n(item, m) * m->of()->size;
        default:
                return 0;
        }
}

static void *move(char **to, const void *from, size_t n) {
        void *p = *to;

        if (n == 0)
                return NULL;
        memcpy(p, from, n);
        *to += padded(n);
        return p;
}

/* Moves the arrays of a structure and of those below it, and says how much room they need; *to NULL: only that. */
static size_t move_arrays(char **to, const struct layout *l, void *item) {
        size_t all = 0;

        EACH_MEMBER(l, m) {
                const size_t n = array_size(m, item);

                all += padded(n);
                if (n && *to)
                        member_point(item, m, move(to, member_pointer(item, m), n));
                for (size_t i = 0; m->form == FORM_ITEMS && i < member_n(item, m); i++)
                        all += move_arrays(to, m->of(), member_item(item, m, i));
        }
        return all;
}

/* --- lines --- */

/* Where no file can be had, or its disk is full, memory it is. */
static bool move_to_file(struct pack *p, struct finding *f) {
        if (!p->file && !p->no_file) {
                p->file = file_unnamed();
                p->no_file = !p->file;
        }
        if (p->no_file)
                return false;
        if (fwrite(f->excerpt.s, 1, f->excerpt.n, p->file) != f->excerpt.n || fflush(p->file) != 0) {
                p->no_file = true;
                return false;
        }
        f->excerpt.s = NULL;
        f->excerpt_at = p->at;
        p->at += f->excerpt.n;
        return true;
}

int pack_excerpt(const struct pack *p, const struct finding *f, struct buffer *scratch, struct slice *ret) {
        *ret = f->excerpt;
        if (f->excerpt.s || f->excerpt.n == 0)
                return 0;
        scratch->size = 0;
        int e = buffer_reserve(scratch, f->excerpt.n);
        for (size_t done = 0; e == 0 && done < f->excerpt.n;) {
                ssize_t k = pread(fileno(p->file), scratch->data + done, f->excerpt.n - done,
                                  (off_t) (f->excerpt_at + done));
                if (k < 0 && errno == EINTR)
                        continue;
                if (k <= 0)
                        return k < 0 ? -errno : -EIO;
                done += (size_t) k;
        }
        scratch->size = f->excerpt.n;
        *ret = (struct slice){ scratch->data, f->excerpt.n };
        return e;
}

int pack_finding(struct pack *p, struct finding *f) {
        struct arena arena = {};
        const bool in_memory = p->excerpts + f->excerpt.n <= excerpts_max || !move_to_file(p, f);
        const size_t lines = in_memory ? padded(f->excerpt.n + 1) : 0;

        char *to = NULL;
        int e = keep_members(p, finding_layout(), f);

        if (e < 0)
                return e;
        to = arena_exact(&arena, move_arrays(&to, finding_layout(), f) + lines);
        if (!to)
                return -ENOMEM;
        move_arrays(&to, finding_layout(), f);
        if (in_memory && f->excerpt.n) {
                p->excerpts += f->excerpt.n;
                f->excerpt.s = move(&to, f->excerpt.s, f->excerpt.n);
        }
        arena_free(&f->arena);
        f->arena = arena;
        return 0;
}
