/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "scan/same_boot.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/log.h"
#include "base/macros.h"
#include "findings/signature.h"

/* Before that the clock of many machines stands still or ticks, and boots agree by chance. */
enum { CLOCK_RUNS_US = 1000000 };

static bool same_moment(const struct stamp *a, const struct stamp *b) {
        return a->has_mono && b->has_mono && a->mono_us == b->mono_us && a->mono_us >= CLOCK_RUNS_US;
}

static bool contradict(const char *a, const char *b) {
        return a && b && strcmp(a, b) != 0;
}

/* The finding of that boot with this signature, from any source before; NULL. */
static struct finding *counterpart(const struct scan *s, const struct finding *f, size_t boot) {
        for (size_t i = 0; i < s->store.n; i++)
                if (s->store.items[i]->boot == boot && signature_same(s->store.items[i], f))
                        return s->store.items[i];
        return NULL;
}

static bool share_a_finding(const struct scan *s, size_t boot, size_t other) {
        for (size_t i = 0; i < s->store.n; i++) {
                const struct finding *f = s->store.items[i], *g = f->boot == boot ? counterpart(s, f, other) : NULL;
                if (g && same_moment(&f->first, &g->first))
                        return true;
        }
        return false;
}

static bool is_same_boot(const struct scan *s, size_t boot, size_t other) {
        const struct boot *a = s->boots.items[boot], *b = s->boots.items[other];
        bool same = same_moment(&a->last, &b->last);

        if (contradict(a->release, b->release) || contradict(a->version, b->version) ||
            contradict(a->command_line, b->command_line))
                return false;
        for (size_t i = 0; i < N_DETECTORS; i++)
                same |= a->watch[i].shown_by && b->watch[i].shown_by &&
                        same_moment(&a->watch[i].since, &b->watch[i].since);
        return same || share_a_finding(s, boot, other);
}

/* How many findings of the boot stay. */
static size_t drop_findings(struct scan *s, size_t boot, size_t other) {
        size_t left = 0;

        for (size_t i = s->store.n; i-- > 0;) {
                struct finding *f = s->store.items[i];
                if (f->boot == boot && counterpart(s, f, other))
                        store_drop(&s->store, f);
                else
                        left += f->boot == boot;
        }
        return left;
}

const struct boot *scan_drop_same_boots(struct scan *s, uint32_t from) {
        const struct boot *ret = NULL;
        bool whole = true; /* nothing is left of the sources behind the boot */

        for (size_t boot = s->boots.n; boot-- > 0 && s->boots.items[boot]->source >= from;) {
                size_t other = 0, left = 1;

                if (*s->boots.items[boot]->id)
                        continue;
                while (other < boot && (!*s->boots.items[other]->id || !is_same_boot(s, boot, other)))
                        other++;
                if (other < boot) {
                        left = drop_findings(s, boot, other);
                        ret = s->boots.items[other];
                }
                whole &= left == 0;
        }
        while (ret && whole && s->n_sources > from)
                scan_drop_source(s);
        return ret;
}

/* Which boots are one. */
struct join {
        const struct scan *s;
        uint32_t *first; /* of each boot the first one that it is one with; itself, where it is that */
        size_t said_for; /* the source that was told of last, plus 1 */
};

static uint32_t first_of(const struct join *j, uint32_t boot) {
        while (j->first[boot] != boot)
                boot = j->first[boot];
        return boot;
}

static bool is_text_boot(const struct boot *b) {
        return !*b->id && *b->start;
}

/* Once for each log. */
static void say_joined(struct join *j, const struct boot *b, const struct boot *before, bool by_event) {
        const struct source_info *sources = j->s->sources;
        const char *name = sources[b->source].name, *other = sources[before->source].name;

        if (j->said_for == b->source + 1)
                return;
        j->said_for = b->source + 1;
        if (before->source == b->source)
                log_warning("%s holds a boot twice: what both parts have counts once", name);
        else
                log_warning(by_event ? "%s tells of the same event as %s: they are read as logs of one boot, and what "
                                       "both have counts once" :
                                       "%s begins as %s does: they are read as logs of one boot, and what both have "
                                       "counts once",
                            name, other);
}

static void join(struct join *j, uint32_t boot, uint32_t before, bool by_event) {
        const uint32_t a = first_of(j, before), b = first_of(j, boot);

        if (a == b)
                return;
        j->first[MAX(a, b)] = MIN(a, b);
        say_joined(j, j->s->boots.items[boot], j->s->boots.items[before], by_event);
}

static bool begins_so(const void *item, const void *key) {
        return strcmp((*(struct boot *const *) item)->start, key) == 0;
}

static int join_by_start(struct join *j) {
        struct table table = {};
        int e = 0;

        for (uint32_t i = 0; e == 0 && i < j->s->boots.n; i++) {
                struct boot *const *b = &j->s->boots.items[i];
                if (!is_text_boot(*b))
                        continue;
                const uint64_t h = hash_slice(HASH_START, slice_of((*b)->start));
                struct boot *const *before = table_get(&table, h, begins_so, (*b)->start);
                if (before)
                        join(j, i, (uint32_t) (before - j->s->boots.items), false);
                else
                        e = table_add(&table, h, b);
        }
        table_done(&table);
        return e;
}

/* Words that hold a task's number and a stack's offsets are those of one event: no other has them all. */
static bool tells_event(const struct finding *f) {
        return (f->n_tasks && f->n_stacks) || event_has_moment(f);
}

struct sighting {
        const struct scan *s;
        const struct finding *f;
};

/* Is it the same event in another text of what may be the same boot? */
static bool is_elsewhere(const void *item, const void *key) {
        const struct finding *f = item;
        const struct sighting *of = key;
        const struct boot *a = of->s->boots.items[f->boot], *b = of->s->boots.items[of->f->boot];

        return f->source != of->f->source && f->origin == of->f->origin && event_same(f, of->f) &&
               !contradict(a->release, b->release) && !contradict(a->version, b->version) &&
               !contradict(a->command_line, b->command_line) && !contradict(a->host, b->host);
}

static bool agree(const char *a, const char *b) {
        return a && b ? strcmp(a, b) == 0 : a == b;
}

/* Is one kept already that is found where this would be? */
static bool is_kept(const void *item, const void *key) {
        const struct finding *f = item;
        const struct sighting *of = key;
        const struct boot *a = of->s->boots.items[f->boot], *b = of->s->boots.items[of->f->boot];

        return event_stands_for(f, of->f) && agree(a->release, b->release) && agree(a->version, b->version) &&
               agree(a->command_line, b->command_line) && agree(a->host, b->host);
}

static int join_by_event(struct join *j) {
        struct table table = {};
        int e = 0;

        if (j->s->n_sources < 2) /* none has another source's */
                return 0;
        for (size_t i = 0; e == 0 && i < j->s->store.n; i++) {
                const struct finding *f = j->s->store.items[i], *other = NULL;
                const struct sighting sighting = { j->s, f };
                uint64_t keys[EVENT_KEYS];

                if (!is_text_boot(j->s->boots.items[f->boot]) || !tells_event(f))
                        continue;
                event_sought_by(f, keys);
                for (size_t k = 0; k < EVENT_KEYS && !other; k++)
                        other = keys[k] ? table_get(&table, keys[k], is_elsewhere, &sighting) : NULL;
                if (other) {
                        join(j, f->boot, other->boot, true);
                        continue;
                }
                event_kept_by(f, keys);
                for (size_t k = 0; k < EVENT_KEYS && e == 0; k++)
                        if (keys[k] && !table_get(&table, keys[k], is_kept, &sighting))
                                e = table_add(&table, keys[k], f);
        }
        table_done(&table);
        return e;
}

int scan_join_texts(struct scan *s) {
        const size_t n = s->boots.n;
        _cleanup_free_ uint32_t *first = calloc(n + 1, sizeof(*first)), *to = calloc(n + 1, sizeof(*to));
        struct join j = { .s = s, .first = first };
        uint32_t kept = 0;

        if (!first || !to)
                return -ENOMEM;
        for (uint32_t i = 0; i < n; i++)
                first[i] = i;
        int e = join_by_start(&j);
        if (e == 0)
                e = join_by_event(&j);
        for (uint32_t i = 0; i < n; i++)
                to[i] = first[i] == i ? kept++ : to[first_of(&j, i)];
        if (e < 0 || kept == n)
                return e;
        e = store_join_boots(&s->store, to);
        if (e == 0)
                boots_join(&s->boots, to);
        return e;
}
