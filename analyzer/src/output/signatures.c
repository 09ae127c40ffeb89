/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "output/signatures.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/macros.h"
#include "output/by_boot.h"

void signatures_done(struct signatures *s) {
        for (size_t i = 0; i < s->n; i++) {
                table_done(&s->lines[i].machines);
                free(s->lines[i].sightings);
        }
        free(s->lines);
        free(s->boots);
        table_done(&s->by_signature);
        *s = (struct signatures){};
}

/* Items of the table are places in lines, one up: 0 is none. */
static struct signature_line *find(const struct signatures *s, uint64_t hash, const char *signature) {
        const uintptr_t at = (uintptr_t) table_get(&s->by_signature, hash, NULL, NULL);

        if (at && strcmp(s->lines[at - 1].signature, signature) == 0)
                return &s->lines[at - 1];
        /* Two signatures with one hash: as good as never. */
        for (size_t i = 0; at && i < s->n; i++)
                if (strcmp(s->lines[i].signature, signature) == 0)
                        return &s->lines[i];
        return NULL;
}

static struct signature_line *line_of(struct signatures *s, const char *signature) {
        const uint64_t hash = hash_slice(HASH_START, slice_of(signature));
        struct signature_line *found = find(s, hash, signature);

        if (found)
                return found;
        if ((s->n & (s->n - 1)) == 0) {
                struct signature_line *p = reallocarray(s->lines, s->n ? s->n * 2 : 1, sizeof(*p));
                if (!p)
                        return NULL;
                s->lines = p;
        }
        if (table_add(&s->by_signature, hash, (const void *) (uintptr_t) (s->n + 1)) < 0)
                return NULL;
        s->lines[s->n] = (struct signature_line){ .signature = signature, .injected = true };
        return &s->lines[s->n++];
}

static bool is_name(const void *item, const void *key) {
        return strcmp(item, key) == 0;
}

static int count_boot(struct signature_line *l, const struct boot *b) {
        const char *machine = boot_machine(b);

        if (l->counted == b)
                return 0;
        l->counted = b;
        l->n_boots++;
        if (!machine)
                return 0;
        const uint64_t hash = hash_slice(HASH_START, slice_of(machine));
        if (table_get(&l->machines, hash, is_name, machine))
                return 0;
        l->n_machines++;
        return table_add(&l->machines, hash, machine);
}

static void take_kernel(struct signature_line *l, const char *release) {
        if (!release)
                return;
        if (!l->first_kernel || strverscmp(release, l->first_kernel) < 0)
                l->first_kernel = release;
        if (!l->last_kernel || strverscmp(release, l->last_kernel) > 0)
                l->last_kernel = release;
}

static void take_time(struct signature_line *l, const struct finding *f) {
        if (f->first.has_real && (!l->first.has_real || f->first.real_us < l->first.real_us))
                l->first = f->first;
        if (f->last.has_real && (!l->last.has_real || f->last.real_us > l->last.real_us))
                l->last = f->last;
}

static int take_sighting(struct signature_line *l, const struct finding *f, size_t boot) {
        if (f->injected == INJECTED_YES)
                return 0;
        if ((l->n_sightings & (l->n_sightings - 1)) == 0) {
                struct sighting *p = reallocarray(l->sightings, l->n_sightings ? l->n_sightings * 2 : 1, sizeof(*p));
                if (!p)
                        return -ENOMEM;
                l->sightings = p;
        }
        l->sightings[l->n_sightings++] = (struct sighting){ f, (uint32_t) boot };
        return 0;
}

static int take(struct signatures *s, const struct scan *scan, const struct finding *f) {
        const struct boot *b = scan->boots.items[f->boot];
        struct signature_line *l = line_of(s, f->signature);

        if (!l)
                return -ENOMEM;
        if (!l->example || (l->example->n_corrupted && !f->n_corrupted)) {
                l->example = f;
                l->scan = scan;
        }
        l->count += f->count;
        l->injected &= f->injected == INJECTED_YES;
        if (l->status == STATUS_NONE || f->status == STATUS_NEW)
                l->status = f->status;
        take_kernel(l, b->release ? b->release : f->release);
        take_time(l, f);
        const int e = take_sighting(l, f, s->n_boots + f->boot);
        return e == 0 ? count_boot(l, b) : e;
}

static int add_boots(struct signatures *s, const struct scan *scan) {
        const struct boot **p = reallocarray(s->boots, s->n_boots + scan->boots.n + 1, sizeof(*p));

        if (!p)
                return -ENOMEM;
        s->boots = p;
        for (size_t i = 0; i < scan->boots.n; i++)
                s->boots[s->n_boots++] = scan->boots.items[i];
        return 0;
}

/* Findings of one boot stand together in no order: each boot is counted once by going through them boot by boot. */
int signatures_add(struct signatures *s, const struct scan *scan) {
        _cleanup_(by_boot_done) struct by_boot by_boot = {};
        int e = by_boot_make(scan, &by_boot);

        for (uint32_t b = 0; e == 0 && b < scan->boots.n; b++)
                for (size_t i = by_boot.first[b]; e == 0 && i < by_boot.first[b + 1]; i++)
                        if (by_boot.findings[i]->origin != ORIGIN_USERSPACE)
                                e = take(s, scan, by_boot.findings[i]);
        return e == 0 ? add_boots(s, scan) : e;
}

static int more(uint64_t a, uint64_t b) {
        return (a < b) - (a > b);
}

/* What counts before what does not, then by how bad, how near, how widespread. */
static int worst_first(const void *a, const void *b) {
        const struct signature_line *x = a, *y = b;
        const bool x_known = x->injected || x->status == STATUS_KNOWN,
                   y_known = y->injected || y->status == STATUS_KNOWN;
        int c = x_known - y_known;

        if (c == 0)
                c = more(x->example->severity, y->example->severity);
        if (c == 0)
                c = more(x->example->relevance, y->example->relevance);
        if (c == 0)
                c = more(x->n_boots, y->n_boots);
        if (c == 0)
                c = more(x->count, y->count);
        return c ? c : strcmp(x->example->title, y->example->title);
}

void signatures_sort(struct signatures *s) {
        if (s->n)
                qsort(s->lines, s->n, sizeof(*s->lines), worst_first);
        table_clear(&s->by_signature);
}
