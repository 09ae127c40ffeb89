/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "output/digest.h"

#include <errno.h>
#include <stdlib.h>

#include "base/macros.h"
#include "findings/signature.h"

void digest_done(struct digest *d) {
        free(d->lines);
        free(d->members);
        *d = (struct digest){};
}

static int compare(uint64_t a, uint64_t b) {
        return a < b ? -1 : a > b;
}

/* Points in time of several boots: by the wall clock where both have it, else by the order of the boots in the
 * reports, then by the kernel's clock. Less than 0 when a is earlier. */
static int compare_first_seen(const struct finding *a, const struct finding *b) {
        if (a->first.has_real && b->first.has_real)
                return compare(a->first.real_us, b->first.real_us);
        if (a->boot != b->boot)
                return compare(a->boot, b->boot);
        return compare(a->first.mono_us, b->first.mono_us);
}

/* --- lines --- */

static int by_signature(const void *x, const void *y, void *v1) {
        const struct finding *a = *(const struct finding *const *) x, *b = *(const struct finding *const *) y;
        int c = strcmp(signature_among(a, *(const bool *) v1), signature_among(b, *(const bool *) v1));

        if (c == 0)
                c = (a->injected == INJECTED_YES) - (b->injected == INJECTED_YES);
        return c ? c : a->boot != b->boot ? compare(a->boot, b->boot) : compare_first_seen(a, b);
}

static bool same_line(const struct finding *a, const struct finding *b, bool v1) {
        return strcmp(signature_among(a, v1), signature_among(b, v1)) == 0 &&
               (a->injected == INJECTED_YES) == (b->injected == INJECTED_YES);
}

static bool says_more(const struct finding *a, const struct finding *b) {
        if ((a->n_corrupted == 0) != (b->n_corrupted == 0))
                return a->n_corrupted == 0;
        return a->n_stacks > b->n_stacks;
}

static struct digest_line line_of(const struct finding **all, size_t n) {
        struct digest_line l = { .example = all[0], .first = all[0], .last = all[0], .all = all, .n = n };

        for (size_t i = 0; i < n; i++) {
                if (__builtin_add_overflow(l.count, all[i]->count, &l.count))
                        l.count = UINT64_MAX;
                l.n_boots += i == 0 || all[i]->boot != all[i - 1]->boot;
                if (compare_first_seen(all[i], l.first) < 0)
                        l.first = all[i];
                if (compare_first_seen(all[i], l.last) > 0)
                        l.last = all[i];
                if (says_more(all[i], l.example))
                        l.example = all[i];
        }
        return l;
}

/* --- what is new --- */

/* What the newest of several days, or boots where there is no wall clock, begins with. */
struct news {
        bool possible;
        bool by_time;
        uint64_t since_us;
        uint32_t boot;
};

static struct news news_of(const struct scan *s) {
        static const uint64_t day_us = 86400 * 1000000ull;
        uint64_t first = UINT64_MAX, last = 0;
        bool by_time = s->boots.n > 0;

        for (size_t i = 0; i < s->boots.n; i++) {
                const struct boot *b = s->boots.items[i];
                by_time &= b->first.has_real && b->last.has_real;
                first = MIN(first, b->first.real_us);
                last = MAX(last, b->last.real_us);
        }
        if (by_time && last - first > day_us)
                return (struct news){ .possible = true, .by_time = true, .since_us = last - day_us };
        return (struct news){ .possible = s->boots.n > 1, .boot = (uint32_t) s->boots.n - 1 };
}

static int by_name(const void *a, const void *b) {
        return strcmp(*(const char *const *) a, *(const char *const *) b);
}

static int mark_against_base(struct digest *d, const struct saved *base, bool v1) {
        const struct store *store = &base->scan.store;
        _cleanup_free_ const char **known = calloc(store->n + 1, sizeof(*known));

        if (!known)
                return -ENOMEM;
        for (size_t i = 0; i < store->n; i++)
                known[i] = signature_among(store->items[i], v1);
        qsort(known, store->n, sizeof(*known), by_name);
        for (size_t i = 0; i < d->n; i++) {
                const char *signature = signature_among(d->lines[i].example, v1);
                d->lines[i].is_new = !bsearch(&signature, known, store->n, sizeof(*known), by_name);
        }
        return 0;
}

/* False where there is nothing to compare with. */
static bool mark_by_time(struct digest *d, const struct scan *s) {
        const struct news news = news_of(s);

        for (size_t i = 0; news.possible && i < d->n; i++) {
                struct digest_line *l = &d->lines[i];
                if (news.by_time)
                        l->is_new = l->first->first.has_real && l->first->first.real_us >= news.since_us;
                else
                        l->is_new = l->first->boot >= news.boot;
        }
        d->new_since = !news.possible ? NULL : news.by_time ? "in the last day" : "in the last boot";
        return news.possible;
}

/* What people said weighs more than when it came: a known issue is not new, whatever the day, and where there is
 * nothing to compare with, all that nobody knows is. What was asked for is no news at all. */
static void heed_status(struct digest_line *l, bool compared) {
        bool any = false, unknown = false;

        for (size_t i = 0; i < l->n; i++) {
                any |= l->all[i]->status != STATUS_NONE;
                unknown |= l->all[i]->status == STATUS_NEW;
        }
        if (l->example->injected == INJECTED_YES || (any && !unknown))
                l->is_new = false;
        else if (unknown && !compared)
                l->is_new = true;
}

static int by_importance(const void *x, const void *y) {
        const struct digest_line *a = x, *b = y;
        const struct finding *f = a->example, *g = b->example;
        const bool a_asked = f->injected == INJECTED_YES, b_asked = g->injected == INJECTED_YES;

        if (a_asked != b_asked)
                return a_asked - b_asked;
        if (a->is_new != b->is_new)
                return b->is_new - a->is_new;
        if (f->relevance != g->relevance)
                return (int) g->relevance - (int) f->relevance;
        if (f->severity != g->severity)
                return (int) g->severity - (int) f->severity;
        int c = compare_first_seen(b->last, a->last);
        return c ? c : strcmp(f->id, g->id);
}

int digest_make(const struct saved *s, const struct export_options *o, struct digest *ret) {
        const struct store *store = &s->scan.store;

        *ret = (struct digest){
                .members = calloc(store->n + 1, sizeof(*ret->members)),
                .lines = calloc(store->n + 1, sizeof(*ret->lines)),
        };
        if (!ret->members || !ret->lines)
                return -ENOMEM;
        if (store->n)
                memcpy(ret->members, store->items, store->n * sizeof(*ret->members));
        bool v1 = store_has_v1(store) || (o->base && store_has_v1(&o->base->scan.store));
        qsort_r(ret->members, store->n, sizeof(*ret->members), by_signature, &v1);
        for (size_t from = 0, to; from < store->n; from = to) {
                for (to = from + 1; to < store->n && same_line(ret->members[from], ret->members[to], v1);)
                        to++;
                ret->lines[ret->n++] = line_of(ret->members + from, to - from);
        }
        if (o->base && mark_against_base(ret, o->base, v1) < 0)
                return -ENOMEM;
        ret->new_since = o->base ? "since the base" : NULL;
        const bool compared = o->base || mark_by_time(ret, &s->scan);
        for (size_t i = 0; i < ret->n; i++)
                heed_status(&ret->lines[i], compared);
        qsort(ret->lines, ret->n, sizeof(*ret->lines), by_importance);
        for (size_t i = 0; i < ret->n; i++)
                ret->n_new += ret->lines[i].is_new;
        return 0;
}
