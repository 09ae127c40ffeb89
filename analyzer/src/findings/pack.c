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
        free(p->slots);
        if (p->file)
                fclose(p->file);
        *p = (struct pack) {};
}

/* --- strings, each kept once --- */

static size_t slot_of(const struct pack *p, const char *s, size_t n) {
        uint64_t h = 0xcbf29ce484222325ull;

        for (size_t i = 0; i < n; i++)
                h = (h ^ (unsigned char) s[i]) * 0x100000001b3ull;
        size_t at = (size_t) (h ^ h >> 32) & (p->n_slots - 1);
        while (p->slots[at] && strcmp(p->slots[at], s) != 0)
                at = (at + 1) & (p->n_slots - 1);
        return at;
}

static int grow(struct pack *p) {
        struct pack bigger = *p;

        if (p->n * 2 < p->n_slots)
                return 0;
        bigger.n_slots = p->n_slots ? p->n_slots * 2 : 1024;
        bigger.slots = calloc(bigger.n_slots, sizeof(*bigger.slots));
        if (!bigger.slots)
                return -ENOMEM;
        for (size_t i = 0; i < p->n_slots; i++)
                if (p->slots[i])
                        bigger.slots[slot_of(&bigger, p->slots[i], strlen(p->slots[i]))] = p->slots[i];
        free(p->slots);
        *p = bigger;
        return 0;
}

static int keep(struct pack *p, const char **s) {
        if (!*s)
                return 0;
        int e = grow(p);
        if (e < 0)
                return e;
        size_t n = strlen(*s), at = slot_of(p, *s, n);
        if (!p->slots[at]) {
                p->slots[at] = arena_dup(&p->arena, (struct slice) { *s, n });
                if (!p->slots[at])
                        return -ENOMEM;
                p->n++;
        }
        *s = p->slots[at];
        return 0;
}

/* The member of each item at that offset. */
static int keep_each(struct pack *p, void *items, size_t n, size_t size, size_t offset) {
        int e = 0;
        for (size_t i = 0; e == 0 && i < n; i++)
                e = keep(p, (const char **) (void *) ((char *) items + i * size + offset));
        return e;
}

/* --- arrays, in one piece of memory --- */

static size_t padded(size_t n) {
        return (n + alignof(max_align_t) - 1) / alignof(max_align_t) * alignof(max_align_t);
}

#define ARRAYS(X) \
        X(functions) X(accesses) X(stacks) X(locks) X(tasks) X(scenario) X(fields) X(corrupted) X(alt_titles)

static size_t arrays_size(const struct finding *f) {
        size_t n = 0;
#define X(array) n += padded(f->n_##array * sizeof(*f->array));
        ARRAYS(X)
#undef X
        for (size_t i = 0; i < f->n_stacks; i++)
                n += padded(f->stacks[i].n_frames * sizeof(struct frame));
        return n;
}

static void *move(char **to, const void *from, size_t n) {
        void *p = *to;

        if (n == 0)
                return NULL;
        memcpy(p, from, n);
        *to += padded(n);
        return p;
}

static int keep_strings(struct pack *p, struct finding *f) {
        static const size_t scalars[] = {
                offsetof(struct finding, detector), offsetof(struct finding, kind), offsetof(struct finding, title),
                offsetof(struct finding, message), offsetof(struct finding, cursor), offsetof(struct finding, test),
                offsetof(struct finding, rule), offsetof(struct finding, why), offsetof(struct finding, follows),
                offsetof(struct finding, ended), offsetof(struct finding, link), offsetof(struct finding, owner),
        };
        int e = 0;

        for (size_t i = 0; e == 0 && i < ARRAY_SIZE(scalars); i++)
                e = keep(p, (const char **) (void *) ((char *) f + scalars[i]));
#define EACH(array, member) \
        if (e == 0)         \
                e = keep_each(p, f->array, f->n_##array, sizeof(*f->array), offsetof(__typeof__(*f->array), member))
#define EACH_STRING(array) \
        if (e == 0)        \
                e = keep_each(p, f->array, f->n_##array, sizeof(*f->array), 0)
        EACH_STRING(functions);
        EACH_STRING(corrupted);
        EACH_STRING(alt_titles);
        EACH(accesses, type);
        EACH(accesses, function);
        EACH(stacks, what);
        EACH(stacks, of);
        EACH(locks, name);
        EACH(locks, usage);
        EACH(locks, wait);
        EACH(locks, function);
        EACH(locks, role);
        EACH(tasks, comm);
        EACH(tasks, role);
        EACH(scenario, action);
        EACH(scenario, lock);
        EACH(fields, key);
        EACH(fields, value);
        for (size_t i = 0; i < f->n_stacks; i++) {
                struct stack *s = &f->stacks[i];
                static const size_t members[] = { offsetof(struct frame, function), offsetof(struct frame, module), offsetof(struct frame, file) };
                for (size_t k = 0; e == 0 && k < ARRAY_SIZE(members); k++)
                        e = keep_each(p, s->frames, s->n_frames, sizeof(*s->frames), members[k]);
        }
        return e;
}

/* What a saved report says of its known issues lies in the finding's own memory. */
static int keep_issue(struct pack *p, struct finding *f) {
        static const size_t strings[] = {
                offsetof(struct known_issue, name), offsetof(struct known_issue, bug), offsetof(struct known_issue, owner),
                offsetof(struct known_issue, note),
        };
        struct known_issue *i = f->issue ? arena_new(&p->arena, struct known_issue, 1) : NULL;
        int e = f->issue && !i ? -ENOMEM : 0;

        if (!i)
                return e;
        *i = *f->issue;
        for (size_t k = 0; e == 0 && k < ARRAY_SIZE(strings); k++)
                e = keep(p, (const char **) (void *) ((char *) i + strings[k]));
        f->issue = i;
        return e;
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
                ssize_t k = pread(fileno(p->file), scratch->data + done, f->excerpt.n - done, (off_t) (f->excerpt_at + done));
                if (k < 0 && errno == EINTR)
                        continue;
                if (k <= 0)
                        return k < 0 ? -errno : -EIO;
                done += (size_t) k;
        }
        scratch->size = f->excerpt.n;
        *ret = (struct slice) { scratch->data, f->excerpt.n };
        return e;
}

int pack_finding(struct pack *p, struct finding *f) {
        struct arena arena = {};
        const bool in_memory = p->excerpts + f->excerpt.n <= excerpts_max || !move_to_file(p, f);
        const size_t lines = in_memory ? padded(f->excerpt.n + 1) : 0;

        int e = keep_strings(p, f);
        if (e == 0)
                e = keep_issue(p, f);
        if (e < 0)
                return e;
        char *to = arena_exact(&arena, arrays_size(f) + lines);
        if (!to)
                return -ENOMEM;
#define X(array) f->array = move(&to, f->array, f->n_##array * sizeof(*f->array));
        ARRAYS(X)
#undef X
        for (size_t i = 0; i < f->n_stacks; i++)
                f->stacks[i].frames = move(&to, f->stacks[i].frames, f->stacks[i].n_frames * sizeof(struct frame));
        if (in_memory && f->excerpt.n) {
                p->excerpts += f->excerpt.n;
                f->excerpt.s = move(&to, f->excerpt.s, f->excerpt.n);
        }
        arena_free(&f->arena);
        f->arena = arena;
        return 0;
}
