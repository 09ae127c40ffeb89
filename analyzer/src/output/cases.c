/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "output/cases.h"

#include <errno.h>
#include <stdlib.h>

#include "base/macros.h"
#include "judge/judge.h"
#include "triage/known.h"

void cases_done(struct cases *c) {
        free(c->items);
        arena_free(&c->arena);
        *c = (struct cases){};
}

static const char *known_as(struct arena *a, const struct issue *i) {
        if (!i)
                return "a known issue";
        return i->bug ? arena_printf(a, "known: %s, %s", i->name, i->bug) : arena_printf(a, "known: %s", i->name);
}

static struct test_case of_finding(struct arena *a, const struct finding *f, const struct question *q) {
        struct test_case c = { .detector = f->detector, .finding = f, .outcome = OUTCOME_SKIP };

        if (f->origin == ORIGIN_USERSPACE)
                c.why = "a process wrote this, not the kernel";
        else if (f->injected == INJECTED_YES)
                c.why = "an injected fault";
        else if (q->only_new && f->status == STATUS_KNOWN)
                c.why = known_as(a, f->issue);
        else if (!finding_counts(f, q))
                c.why = "below the level given with --fail-on";
        else {
                c.why = f->why;
                c.outcome = OUTCOME_FAIL;
        }
        return c;
}

static struct test_case of_silence(struct arena *a, enum detector d, const struct watch *w, size_t failed) {
        struct test_case c = { .detector = detector_name(d), .outcome = OUTCOME_SKIP };

        if (failed) {
                c.outcome = OUTCOME_FAIL;
                c.why = arena_printf(a, failed == 1 ? "1 finding" : "%zu findings", failed);
        } else if (w->present == PRESENCE_YES && !w->quiet)
                c.outcome = OUTCOME_PASS;
        else if (w->present == PRESENCE_YES)
                c.why = arena_printf(a, "fell silent: %s", w->quiet);
        else
                c.why = w->present == PRESENCE_NO ? "not in this kernel" : "the log does not show that it was enabled";
        return c;
}

int cases_of_boot(const struct saved *s, const struct by_boot *by_boot, uint32_t boot, struct cases *ret) {
        const size_t first = by_boot->first[boot], end = by_boot->first[boot + 1];
        size_t failed[N_DETECTORS] = {};

        *ret = (struct cases){ .items = calloc(end - first + N_DETECTORS, sizeof(*ret->items)) };
        if (!ret->items)
                return -ENOMEM;
        for (size_t i = first; i < end; i++) {
                const struct finding *f = by_boot->findings[i];
                enum detector d = detector_of(slice_of(f->detector));
                const struct test_case c = of_finding(&ret->arena, f, &s->scan.question);
                if (d != DETECTOR_NONE)
                        failed[d] += c.outcome == OUTCOME_FAIL;
                ret->items[ret->n++] = c;
        }
        for (int d = 0; d < N_DETECTORS; d++)
                ret->items[ret->n++] = of_silence(&ret->arena, (enum detector) d, &s->scan.boots.items[boot]->watch[d],
                                                  failed[d]);
        for (size_t i = 0; i < ret->n; i++) {
                if (ret->items[i].outcome != OUTCOME_PASS && !ret->items[i].why)
                        return -ENOMEM;
                ret->failed += ret->items[i].outcome == OUTCOME_FAIL;
                ret->skipped += ret->items[i].outcome == OUTCOME_SKIP;
        }
        return 0;
}

char *boot_label(const struct scan *s, const struct by_boot *by_boot, uint32_t boot, struct arena *arena) {
        const struct boot *b = s->boots.items[boot];

        if (*b->id)
                return arena_dup(arena, slice_of(b->id));
        const char *name = s->sources[b->source].name;
        return by_boot->of[boot] > 1 ? arena_printf(arena, "%s, boot %u", name, by_boot->number[boot]) :
                                       arena_dup(arena, slice_of(name));
}

double boot_seconds(const struct boot *b) {
        if (b->first.has_mono && b->last.has_mono && b->last.mono_us >= b->first.mono_us)
                return (double) (b->last.mono_us - b->first.mono_us) / 1e6;
        if (b->first.has_real && b->last.has_real && b->last.real_us >= b->first.real_us)
                return (double) (b->last.real_us - b->first.real_us) / 1e6;
        return 0;
}
