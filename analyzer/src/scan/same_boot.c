/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "scan/same_boot.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/log.h"
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

struct first {
        const struct boot *boot;
        uint32_t to; /* the number that it gets */
};

static bool begins_so(const void *item, const void *key) {
        return strcmp(((const struct first *) item)->boot->start, key) == 0;
}

/* Once for each log. */
static void say_joined(const struct scan *s, const struct boot *b, const struct boot *first,
                       const struct boot *before) {
        if (before && before->source == b->source)
                return;
        if (first->source == b->source)
                log_warning("%s holds a boot twice: what both parts have counts once", s->sources[b->source].name);
        else
                log_warning("%s begins as %s does: they are read as logs of one boot, and what both have counts once",
                            s->sources[b->source].name, s->sources[first->source].name);
}

int scan_join_texts(struct scan *s) {
        const size_t n = s->boots.n;
        _cleanup_free_ struct first *firsts = calloc(n + 1, sizeof(*firsts));
        _cleanup_free_ uint32_t *to = calloc(n + 1, sizeof(*to));
        const struct boot *joined = NULL;
        struct table table = {};
        uint32_t kept = 0;
        int e = firsts && to ? 0 : -ENOMEM;

        for (size_t i = 0; e == 0 && i < n; i++) {
                const struct boot *b = s->boots.items[i];
                const bool is_text = !*b->id && *b->start;
                const uint64_t h = hash_slice(HASH_START, slice_of(b->start));
                const struct first *first = is_text ? table_get(&table, h, begins_so, b->start) : NULL;

                to[i] = first ? first->to : kept++;
                if (first) {
                        say_joined(s, b, first->boot, joined);
                        joined = b;
                } else if (is_text) {
                        firsts[i] = (struct first){ b, to[i] };
                        e = table_add(&table, h, &firsts[i]);
                }
        }
        table_done(&table);
        if (e < 0 || !joined)
                return e;
        e = store_join_boots(&s->store, to);
        if (e == 0)
                boots_join(&s->boots, to);
        return e;
}
