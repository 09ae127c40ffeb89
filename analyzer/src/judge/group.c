/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "judge/group.h"

#include <errno.h>
#include <stdlib.h>

#include "base/macros.h"
#include "base/stamp.h"

/* How far back a finding looks for one that it belongs to: bounds the work in a log that is all reports. */
enum { LOOK_BACK = 64 };

static bool same_rule(const struct finding *a, const struct finding *b) {
        return a->rule && b->rule && strcmp(a->rule, b->rule) == 0;
}

/* Our own records number contexts and vms. */
static bool same_field(const struct finding *a, const struct finding *b, const char *key) {
        const char *x = finding_field(a, key), *y = finding_field(b, key);
        return x && y && strcmp(x, y) == 0 && strcmp(x, "0") != 0;
}

static bool same_object(const struct finding *a, const struct finding *b) {
        return same_field(a, b, "vm_id") || same_field(a, b, "ctx_id");
}

/* KASAN names the object that an address is in; another report may be of another address in it. */
static bool in_object(const struct finding *a, const struct finding *b) {
        const char *object = finding_field(a, "object"), *bytes = finding_field(a, "object_size");
        struct slice s = slice_of(object), n = slice_of(bytes);
        uint64_t start, size;

        if (!slice_eat_hex(&s, &start) || !slice_eat_u64(&n, &size))
                return false;
        for (size_t i = 0; i < b->n_accesses; i++)
                if (b->accesses[i].address >= start && b->accesses[i].address - start < size)
                        return true;
        return same_field(a, b, "object");
}

static bool same_memory(const struct finding *a, const struct finding *b) {
        return in_object(a, b) || in_object(b, a);
}

static bool overlap(const struct access *x, const struct access *y) {
        return x->address && y->address && x->address < y->address + MAX(y->size, 1u) &&
               y->address < x->address + MAX(x->size, 1u);
}

static bool same_address(const struct finding *a, const struct finding *b) {
        for (size_t i = 0; i < a->n_accesses; i++)
                for (size_t k = 0; k < b->n_accesses; k++)
                        if (overlap(&a->accesses[i], &b->accesses[k]))
                                return true;
        return false;
}

static bool is_in(const struct finding *f, uint64_t pid) {
        for (size_t i = 0; i < f->n_tasks; i++)
                if (f->tasks[i].pid == pid)
                        return true;
        for (size_t i = 0; i < f->n_accesses; i++)
                if (f->accesses[i].has_task && f->accesses[i].task == pid)
                        return true;
        return false;
}

/* The idle task is everybody's. */
static bool same_task(const struct finding *a, const struct finding *b) {
        for (size_t i = 0; i < a->n_tasks; i++)
                if (a->tasks[i].pid && is_in(b, a->tasks[i].pid))
                        return true;
        for (size_t i = 0; i < a->n_accesses; i++)
                if (a->accesses[i].has_task && a->accesses[i].task && is_in(b, a->accesses[i].task))
                        return true;
        return false;
}

static bool same_time(const struct finding *a _unused_, const struct finding *b _unused_) {
        return true;
}

/* What links two findings of a boot; the first line that fits gives the reason. */
static const struct link {
        bool (*test)(const struct finding *a, const struct finding *b);
        uint64_t within_us;   /* of each other; 0 is the whole boot */
        enum relevance least; /* both must touch the driver at least so much */
        const char *why;
} links[] = {
        { same_rule, 0, RELEVANCE_LIKELY, "it breaks the same rule" },
        { same_object, 60 * 1000000ull, RELEVANCE_UNRELATED, "it concerns the same context or vm" },
        { same_address, 60 * 1000000ull, RELEVANCE_UNRELATED, "it concerns the same address" },
        { same_memory, 60 * 1000000ull, RELEVANCE_UNRELATED, "it concerns the same object in memory" },
        { same_task, 2 * 1000000ull, RELEVANCE_RELATED, "the same task reported it within two seconds" },
        { same_time, 100 * 1000ull, RELEVANCE_RELATED, "it was reported within a tenth of a second" },
};

static const char *linked(const struct finding *a, const struct finding *b) {
        const enum relevance least = MIN(a->relevance, b->relevance);
        const uint64_t distance = stamp_distance(&a->first, &b->first);

        if (finding_on_other_device(a, b))
                return NULL;
        for (size_t i = 0; i < ARRAY_SIZE(links); i++)
                if (least >= links[i].least && (links[i].within_us == 0 || distance <= links[i].within_us) &&
                    links[i].test(a, b))
                        return links[i].why;
        return NULL;
}

/* Of reports that come nearly at once, which is the cause: a broken order of accesses or locks before the
 * count that it broke, before memory that was used after that, before whatever else fell over. */
static const char *const causes_first[] = {
        "kcsan", "vmlife", "lockdep", "refcount odebug ref-tracker", "kasan kfence slub", "*"
};
static const uint64_t at_once_us = 1000000;

static size_t cause_rank(const struct finding *f) {
        size_t i = 0;
        while (!slice_glob_any(slice_of(f->detector), causes_first[i]))
                i++;
        return i;
}

static bool is_likelier_cause(const struct finding *a, const struct finding *b) {
        if (stamp_distance(&a->first, &b->first) > at_once_us)
                return stamp_before(&a->first, &b->first, 0);
        size_t x = cause_rank(a), y = cause_rank(b);
        return x != y ? x < y : a->first.has_mono && b->first.has_mono && a->first.mono_us < b->first.mono_us;
}

/* Sets of findings, by the usual union and find. */
struct sets {
        uint32_t *parent;
        uint32_t *before; /* the finding before in the same boot: index + 1 */
};

static void setsp(struct sets *s) {
        free(s->parent);
        free(s->before);
}

static uint32_t root_of(struct sets *s, uint32_t i) {
        while (s->parent[i] != i)
                i = s->parent[i] = s->parent[s->parent[i]];
        return i;
}

static void join(struct sets *sets, struct store *s, uint32_t a, uint32_t b, const char *why) {
        uint32_t x = root_of(sets, a), y = root_of(sets, b);

        if (!s->items[a]->link)
                s->items[a]->link = why;
        if (!s->items[b]->link)
                s->items[b]->link = why;
        if (x != y)
                sets->parent[MAX(x, y)] = MIN(x, y);
}

static int find_links(struct sets *sets, struct store *s, size_t n_boots) {
        _cleanup_free_ uint32_t *last = calloc(n_boots + 1, sizeof(*last));

        if (!last)
                return -ENOMEM;
        for (uint32_t i = 0; i < s->n; i++) {
                struct finding *f = s->items[i];
                unsigned looked = 0;

                sets->parent[i] = i;
                if (f->origin == ORIGIN_USERSPACE)
                        continue;
                sets->before[i] = last[f->boot];
                last[f->boot] = i + 1;
                for (uint32_t k = sets->before[i]; k && looked < LOOK_BACK; k = sets->before[k - 1], looked++) {
                        const char *why = linked(s->items[k - 1], f);
                        if (why)
                                join(sets, s, k - 1, i, why);
                }
        }
        return 0;
}

int groups_make(struct store *s, size_t n_boots) {
        _cleanup_(setsp) struct sets sets = {
                .parent = calloc(s->n + 1, sizeof(uint32_t)),
                .before = calloc(s->n + 1, sizeof(uint32_t)),
        };
        _cleanup_free_ struct finding **cause = calloc(s->n + 1, sizeof(*cause));

        if (!sets.parent || !sets.before || !cause)
                return -ENOMEM;
        int e = find_links(&sets, s, n_boots);
        if (e < 0)
                return e;
        for (uint32_t i = 0; i < s->n; i++) {
                struct finding **c = &cause[root_of(&sets, i)];
                if (s->items[i]->link && (!*c || is_likelier_cause(s->items[i], *c)))
                        *c = s->items[i];
        }
        /* From the last to the first: each is put behind the cause, before those that came later. */
        for (uint32_t i = (uint32_t) s->n; i-- > 0;) {
                struct finding *f = s->items[i], *c = cause[root_of(&sets, i)];
                if (!f->link)
                        continue;
                f->cause = c;
                if (f == c)
                        continue;
                f->next_in_group = c->next_in_group;
                c->next_in_group = f;
        }
        return 0;
}
