/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>

#include "base/macros.h"
#include "diff/diff.h"
#include "judge/judge.h"
#include "output/reasons.h"
#include "triage/known.h"

enum { INDENT = 12 };

static const enum paint change_paint[N_CHANGES] = {
        [CHANGE_NEW] = PAINT_BAD,     [CHANGE_MORE] = PAINT_DOUBT,     [CHANGE_STILL] = PAINT_STRONG,
        [CHANGE_LESS] = PAINT_STRONG, [CHANGE_NOT_SEEN] = PAINT_QUIET, [CHANGE_GONE] = PAINT_GOOD,
};

static const char *s_of(uint64_t n) {
        return n == 1 ? "" : "s";
}

/* "3.5 h" */
static void show_span(FILE *f, uint64_t us) {
        static const struct {
                const char *unit;
                double us;
        } units[] = { { "days", 86400e6 }, { "h", 3600e6 }, { "min", 60e6 }, { "s", 1e6 } };
        size_t i = 0;

        while (i + 1 < ARRAY_SIZE(units) && (double) us < 2 * units[i].us)
                i++;
        fprintf(f, "%.3g %s", (double) us / units[i].us, units[i].unit);
}

static void show_exposure(FILE *f, uint64_t boots, bool has_uptime, uint64_t uptime_us, uint64_t rounds) {
        fprintf(f, "%" PRIu64 " boot%s", boots, s_of(boots));
        if (has_uptime) {
                fputs(", ", f);
                show_span(f, uptime_us);
        }
        if (rounds)
                fprintf(f, ", %" PRIu64 " rounds", rounds);
}

static void show_side(const struct terminal *t, const struct diff *d, int i) {
        const struct side *s = i == 0 ? d->base : d->new;
        const char *release = s->n_trials ? s->trials[0].boot->release : NULL;
        bool several = false;

        fputs(i == 0 ? "BASE: " : "NEW:  ", t->f);
        show_exposure(t->f, s->n_trials, s->has_uptime, s->uptime_us, s->rounds);
        for (size_t k = 1; release && k < s->n_trials; k++)
                several |= !s->trials[k].boot->release || strcmp(s->trials[k].boot->release, release) != 0;
        if (release) {
                fputs(" of ", t->f);
                show_text(t, release);
                fputs(several ? " and others" : "", t->f);
        }
        if (s->lost)
                fprintf(t->f, ", %" PRIu64 " messages lost", s->lost);
        if (d->injected[i])
                fprintf(t->f, "; %" PRIu64 " injected left out", d->injected[i]);
        fputc('\n', t->f);
}

static void show_rate(FILE *f, const char *side, const struct seen *s) {
        const struct exposure *e = &s->exposure;

        fprintf(f, "%s %" PRIu64 " of %" PRIu64 " boot%s", side, s->boots, e->boots, s_of(e->boots));
        if (s->events > s->boots)
                fprintf(f, " (%" PRIu64 " times)", s->events);
        if (s->events && e->has_uptime)
                fprintf(f, ", %.3g an hour", (double) s->events / ((double) e->uptime_us / 3600e6));
}

/* What its exposure makes of it. */
static void show_trust(const struct terminal *t, const struct difference *x) {
        FILE *f = t->f;

        fprintf(f, "%*s", INDENT, "");
        if (x->change == CHANGE_NEW && !x->sure && x->why_unsure)
                fprintf(f, "maybe not new: %s", x->why_unsure);
        else if (x->change == CHANGE_NEW && !x->sure)
                fputs("maybe not new: BASE ran too short to have shown it", f);
        else if (x->change == CHANGE_NOT_SEEN && x->why_unsure)
                fprintf(f, "not proven to be gone: %s", x->why_unsure);
        else if (x->change == CHANGE_NOT_SEEN) {
                fputs("not proven to be gone: that needs ", f);
                if (x->needed.boots)
                        show_exposure(f, x->needed.boots, x->needed.has_uptime, x->needed.uptime_us, 0);
                else
                        fputs("more than there can be", f);
                fputs(" without it", f);
        } else
                fprintf(f, "by chance in %.2g of 100 cases, measured by %s", 100 * x->chance, per_name(x->per));
        fputc('\n', f);
}

/* Of a few boots the rates above say all. */
static int show_history(const struct terminal *t, const struct history *h) {
        enum { FEW = 2 };

        for (int i = 0; h->of > FEW && i < N_HISTORY_FACTS; i++) {
                _cleanup_free_ char *fact = history_fact(h, (enum history_fact) i);
                if (!fact)
                        return -ENOMEM;
                if (!*fact)
                        continue;
                fprintf(t->f, "%*s%s: ", INDENT, "", history_fact_name((enum history_fact) i));
                show_text(t, fact);
                fputc('\n', t->f);
        }
        return 0;
}

/* Where to look: NEW's first, or BASE's where NEW has none. */
static void show_example(const struct terminal *t, const struct difference *x) {
        const struct source_info *source = &x->scan->sources[x->finding->source];

        fprintf(t->f, "%*s%s %" PRIu64 " of ", INDENT, "", entry_word(source), x->finding->number);
        show_text(t, source->name);
        fputc('\n', t->f);
}

static int show_difference(const struct terminal *t, const struct difference *x) {
        const struct finding *f = x->finding;

        paint(t, change_paint[x->change]);
        fprintf(t->f, "%-*s", INDENT, change_name(x->change));
        unpaint(t, change_paint[x->change]);
        painted(t, PAINT_STRONG, f->title);
        if (f->injected == INJECTED_YES)
                painted(t, PAINT_NOTE, "  (injected)");
        if (x->status == STATUS_KNOWN)
                painted(t, PAINT_QUIET, "  (known)");
        fprintf(t->f, "\n%*s%s, severity %s, ", INDENT, "", relevance_name(x->relevance), severity_name(f->severity));
        show_text(t, f->detector);
        fputc(' ', t->f);
        show_text(t, f->kind);
        if (f->rule) {
                fputs(", rule ", t->f);
                show_text(t, f->rule);
        }
        fputs("; ", t->f);
        if (x->base.boots || x->change != CHANGE_NEW)
                show_rate(t->f, "BASE", &x->base);
        if (x->base.boots && x->new.boots)
                fputs("; ", t->f);
        if (x->new.boots)
                show_rate(t->f, "NEW", &x->new);
        fprintf(t->f, "\n%*s%s\n", INDENT, "", x->signature);
        show_example(t, x);
        if (x->base_title) {
                fprintf(t->f, "%*sin BASE: ", INDENT, "");
                show_text(t, x->base_title);
                fputc('\n', t->f);
        }
        if (f->issue && x->status != STATUS_NONE) {
                fprintf(t->f, "%*sknown issue ", INDENT, "");
                show_text(t, f->issue->name);
                if (f->issue->expired)
                        fputs(" (expired)", t->f);
                if (f->issue->bug) {
                        fputs(", ", t->f);
                        show_text(t, f->issue->bug);
                }
                fputc('\n', t->f);
        }
        if (f->owner) {
                fprintf(t->f, "%*sowner: ", INDENT, "");
                show_text(t, f->owner);
                fputc('\n', t->f);
        }
        if (x->change != CHANGE_STILL)
                show_trust(t, x);
        const int e = show_history(t, &x->history);
        fputc('\n', t->f);
        return e;
}

static void show_coverage(const struct terminal *t, const struct diff *d) {
        for (int i = 0; i < N_DETECTORS; i++) {
                const struct coverage_difference *c = &d->coverage[i];
                const bool worse = c->change == COVERAGE_LOST || c->change == COVERAGE_LESS;

                if (c->change == COVERAGE_SAME)
                        continue;
                painted(t, worse ? PAINT_DOUBT : PAINT_QUIET, "coverage");
                fprintf(t->f,
                        "    %s was active to the end in %" PRIu64 " of %zu boot%s of BASE, in %" PRIu64
                        " of %zu of NEW",
                        detector_name(c->detector), c->base.alive, d->base->n_trials, s_of(d->base->n_trials),
                        c->new.alive, d->new->n_trials);
                if (worse && c->new.quiet) {
                        fputs(": ", t->f);
                        show_text(t, c->new.quiet);
                }
                fputc('\n', t->f);
        }
}

/* Of a few boots each by its name, of many each reason once. */
static int show_doubts(const struct terminal *t, const struct diff *d) {
        enum { FEW = 3 };
        _cleanup_(reasons_done) struct reasons reasons = {};

        for (size_t i = 0; d->n_doubts > FEW && i < d->n_doubts; i++)
                if (reasons_add(&reasons, d->doubts[i].reason, i) < 0)
                        return -ENOMEM;
        if (reasons.n)
                return reasons_show(&reasons, t, "NEW is not proven");
        for (size_t i = 0; i < d->n_doubts; i++) {
                const struct boot *b = d->doubts[i].boot;
                painted(t, PAINT_DOUBT, "not proven");
                fputs("  NEW's ", t->f);
                if (b)
                        fprintf(t->f, "boot %.8s: ", *b->id ? b->id : "(text)");
                else
                        fputs("boots: ", t->f);
                show_wrapped(t, slice_of(d->doubts[i].reason), INDENT + 18, INDENT);
        }
        return 0;
}

int diff_write_text(const struct diff *d, const struct terminal *t) {
        painted(t, d->counted ? PAINT_BAD : d->n_doubts ? PAINT_DOUBT : PAINT_GOOD, diff_verdict(d));
        fprintf(t->f, ": %" PRIu64 " new", d->by_change[CHANGE_NEW]);
        if (d->known)
                fprintf(t->f, " (%" PRIu64 " known)", d->known);
        fprintf(t->f, ", %" PRIu64 " still there",
                d->by_change[CHANGE_STILL] + d->by_change[CHANGE_MORE] + d->by_change[CHANGE_LESS]);
        if (d->by_change[CHANGE_MORE])
                fprintf(t->f, " (%" PRIu64 " more often)", d->by_change[CHANGE_MORE]);
        fprintf(t->f, ", %" PRIu64 " gone, %" PRIu64 " not seen\n", d->by_change[CHANGE_GONE],
                d->by_change[CHANGE_NOT_SEEN]);
        show_side(t, d, 0);
        show_side(t, d, 1);
        fputc('\n', t->f);
        for (size_t i = 0; i < d->n; i++)
                if (show_difference(t, &d->items[i]) < 0)
                        return -ENOMEM;
        show_coverage(t, d);
        return show_doubts(t, d);
}
