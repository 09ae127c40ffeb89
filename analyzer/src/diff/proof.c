/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "diff/proof.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>

const char *coverage_change_name(enum coverage_change c) {
        static const char *const names[] = { "same", "lost", "less", "more", "gained" };
        return names[c];
}

static struct watching watching(const struct side *s, enum detector d) {
        struct watching x = {};

        for (size_t i = 0; i < s->n_trials; i++) {
                const struct watch *w = &s->trials[i].boot->watch[d];
                x.present += w->present == PRESENCE_YES;
                x.alive += w->present == PRESENCE_YES && !w->quiet;
                if (w->present == PRESENCE_YES && w->quiet && !x.quiet)
                        x.quiet = w->quiet;
        }
        return x;
}

void compare_coverage(struct diff *d) {
        for (int i = 0; i < N_DETECTORS; i++) {
                struct coverage_difference *c = &d->coverage[i];

                *c = (struct coverage_difference){ .detector = (enum detector) i,
                                                   .base = watching(d->base, (enum detector) i),
                                                   .new = watching(d->new, (enum detector) i) };
                /* The parts of the boots that were watched, without dividing by what may be 0. */
                double base = (double) c->base.alive * (double) d->new->n_trials,
                       new = (double) c->new.alive *(double) d->base->n_trials;
                if (c->base.alive && !c->new.alive)
                        c->change = COVERAGE_LOST;
                else if (!c->base.alive && c->new.alive)
                        c->change = COVERAGE_GAINED;
                else
                        c->change = new < base ? COVERAGE_LESS : new > base ? COVERAGE_MORE : COVERAGE_SAME;
        }
}

/* By what --require asks, from what the boot says of itself. NULL: it is proven. */
static const char *doubt_required(struct diff *d, const struct trial *t, bool *oom) {
        const struct boot *b = t->boot;
        const char *reason = NULL;

        for (int i = 0; !reason && i < N_DETECTORS; i++) {
                const struct watch *w = &b->watch[i];
                if (!d->options->question.require[i])
                        continue;
                if (w->present != PRESENCE_YES)
                        reason = arena_printf(&d->arena, "%s: nothing says that it was there",
                                              detector_name((enum detector) i));
                else if (w->quiet)
                        reason = arena_printf(&d->arena, "%s fell silent: %s", detector_name((enum detector) i),
                                              w->quiet);
                else
                        continue;
                *oom = !reason;
                if (*oom)
                        return NULL;
        }
        if (reason)
                return reason;
        if (d->options->question.require_origin && !b->writers_known)
                return "the source does not say who wrote its lines";
        if (!b->from_start)
                return "the log does not begin with the kernel's first message";
        if (!t->whole)
                return b->lost ? "messages were lost" : "the log could not be read in full";
        for (size_t i = 0; i < b->n_selftests; i++)
                if (b->selftests[i].error)
                        return "a selftest ended with an error";
        return NULL;
}

static const char *doubt_verdict(const struct boot *b) {
        if (b->n_reasons)
                return b->reasons[0];
        return b->verdict == VERDICT_NOT_PROVEN ? "the report does not say why" : NULL;
}

int find_doubts(struct diff *d) {
        bool oom = false;

        d->doubts = calloc(d->new->n_trials + 1, sizeof(*d->doubts));
        if (!d->doubts)
                return -ENOMEM;
        if (d->new->n_trials == 0)
                d->doubts[d->n_doubts++] = (struct doubt){ NULL, "there is no boot in NEW" };
        for (size_t i = 0; i < d->new->n_trials; i++) {
                const struct trial *t = &d->new->trials[i];
                const char *reason = d->options->question.has_require ? doubt_required(d, t, &oom) :
                                                                        doubt_verdict(t->boot);
                if (oom)
                        return -ENOMEM;
                if (reason)
                        d->doubts[d->n_doubts++] = (struct doubt){ t->boot, reason };
        }
        return 0;
}
