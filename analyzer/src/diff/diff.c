/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "diff/diff.h"

#include <errno.h>
#include <stdlib.h>

#include "base/macros.h"
#include "base/table.h"
#include "diff/proof.h"
#include "diff/stats.h"
#include "findings/signature.h"

const char *change_name(enum change c) {
        static const char *const names[] = { "new", "more-often", "still-there", "less-often", "not-seen", "gone" };
        return names[c];
}

const char *per_name(size_t i) {
        static const char *const names[] = { "all", "boots", "uptime", "rounds" };
        return i < N_PERS ? names[i] : NULL;
}

void diff_done(struct diff *d) {
        for (size_t i = 0; i < d->n; i++)
                history_done(&d->items[i].history);
        series_done(&d->series);
        free(d->items);
        free(d->doubts);
        arena_free(&d->arena);
        *d = (struct diff){};
}

const char *diff_verdict(const struct diff *d) {
        return d->counted ? "new" : d->n_doubts ? "not-proven" : "nothing-new";
}

/* --- findings of both sides, by signature --- */

struct ref {
        const struct scan *scan;
        const struct finding *finding;
        const char *signature; /* of the version that all have */
        const struct boot *boot;
        uint32_t trial;
        uint8_t side;   /* 0 BASE, 1 NEW */
        const char *as; /* the signature that it is compared by */
};

/* A title, and whose words it is in. */
struct title {
        const char *text, *detector;
};

static int by_signature(const void *a, const void *b) {
        const struct ref *x = a, *y = b;
        int c = strcmp(x->as, y->as);

        if (c == 0)
                c = x->side - y->side;
        if (c == 0)
                c = x->trial < y->trial ? -1 : x->trial > y->trial;
        return c ? c : strcmp(x->finding->id, y->finding->id);
}

/* What a process wrote never counts, and what was asked for is never a regression. */
static bool left_out(struct diff *d, const struct finding *f, uint8_t side) {
        const bool userspace = f->origin == ORIGIN_USERSPACE,
                   injected = !userspace && !d->options->injected && f->injected == INJECTED_YES;

        d->userspace[side] += userspace;
        d->injected[side] += injected;
        return userspace || injected;
}

static bool is_signature(const void *item, const void *key) {
        return strcmp(((const struct ref *) item)->signature, key) == 0;
}

/* Is that one of the finding's titles, and are both of one detector? */
static bool is_titled(const void *item, const void *key) {
        const struct finding *f = ((const struct ref *) item)->finding;
        const struct title *t = key;
        bool is = strcmp(f->title, t->text) == 0;

        for (size_t i = 0; !is && i < f->n_alt_titles; i++)
                is = strcmp(f->alt_titles[i], t->text) == 0;
        return is && strcmp(f->detector, t->detector) == 0;
}

static uint64_t hash_text(const char *s) {
        return hash_slice(HASH_START, slice_of(s));
}

/* All titles of a finding; the first is its own. */
static const char *title_of(const struct finding *f, size_t i) {
        return i == 0 ? f->title : f->alt_titles[i - 1];
}

/* The finding of BASE that has another title, which is one of this one's, or the other way round. */
static const struct ref *renamed(const struct table *titles, const struct finding *f) {
        for (size_t i = 0; i <= f->n_alt_titles; i++) {
                const struct title t = { title_of(f, i), f->detector };
                const struct ref *base = table_get(titles, hash_text(t.text), is_titled, &t);

                if (base && (i == 0) != (strcmp(base->finding->title, t.text) == 0))
                        return base;
        }
        return NULL;
}

/* Many boots have the same finding: the first stands for all of its words. */
static int add_once(struct table *t, const char *text, bool (*same)(const void *item, const void *key), const void *key,
                    const struct ref *ref) {
        const uint64_t hash = hash_text(text);

        return table_get(t, hash, same, key) ? 0 : table_add(t, hash, ref);
}

/* A kernel may word the same report otherwise than the one before, and then the signature differs: what is of one side
 * alone, and of the other under another title, is compared as one. */
static int join_renamed(struct ref *refs, size_t n) {
        struct table titles = {}, signatures[2] = {};
        int e = 0;

        for (size_t i = 0; e == 0 && i < n; i++) {
                const struct finding *f = refs[i].finding;
                e = add_once(&signatures[refs[i].side], refs[i].signature, is_signature, refs[i].signature, &refs[i]);
                for (size_t k = 0; e == 0 && refs[i].side == 0 && k <= f->n_alt_titles; k++) {
                        const struct title t = { title_of(f, k), f->detector };
                        e = add_once(&titles, t.text, is_titled, &t, &refs[i]);
                }
        }
        for (size_t i = 0; e == 0 && i < n; i++) {
                const struct finding *f = refs[i].finding;
                const struct ref *base = refs[i].side == 1 && !table_get(&signatures[0], hash_text(refs[i].signature),
                                                                         is_signature, refs[i].signature) ?
                                                 renamed(&titles, f) :
                                                 NULL;
                if (base && !table_get(&signatures[1], hash_text(base->signature), is_signature, base->signature))
                        refs[i].as = base->signature;
        }
        table_done(&titles);
        table_done(&signatures[0]);
        table_done(&signatures[1]);
        if (e == 0)
                qsort(refs, n, sizeof(*refs), by_signature);
        return e;
}

static int collect(struct diff *d, struct ref **ret, size_t *n) {
        const struct side *sides[] = { d->base, d->new };
        size_t room = 1;
        bool v1 = false; /* a report of an earlier release is among them */

        for (int k = 0; k < 4; k++)
                v1 |= side_scan(sides[k / 2], k % 2) && store_has_v1(&side_scan(sides[k / 2], k % 2)->store);
        for (int k = 0; k < 4; k++)
                room += side_scan(sides[k / 2], k % 2) ? side_scan(sides[k / 2], k % 2)->store.n : 0;
        struct ref *refs = calloc(room, sizeof(*refs));
        if (!refs)
                return -ENOMEM;
        *n = 0;
        for (int k = 0; k < 4; k++) {
                const struct scan *s = side_scan(sides[k / 2], k % 2);
                for (size_t i = 0; s && i < s->store.n; i++) {
                        const struct finding *f = s->store.items[i];
                        if (!left_out(d, f, (uint8_t) (k / 2)))
                                refs[(*n)++] = (struct ref){ s,
                                                             f,
                                                             signature_among(f, v1),
                                                             s->boots.items[f->boot],
                                                             side_trial_of(sides[k / 2], k % 2, f->boot),
                                                             (uint8_t) (k / 2),
                                                             signature_among(f, v1) };
                }
        }
        *ret = refs;
        return join_renamed(refs, *n);
}

/* --- exposure --- */

static uint64_t add(uint64_t a, uint64_t b) {
        uint64_t sum;
        return __builtin_add_overflow(a, b, &sum) ? UINT64_MAX : sum;
}

/* Who would have said it. */
struct watcher {
        enum detector detector; /* DETECTOR_NONE for warnings and oopses: they need none */
        const char *kind;
};

/* To the end of this boot? */
static bool awake(const struct trial *t, const struct watcher *who) {
        const struct watch *w = who->detector == DETECTOR_NONE ? NULL : &t->boot->watch[who->detector];

        /* What it says once a boot and has said hides the next. */
        for (size_t i = 0; w && i < w->n_spent; i++)
                if (strcmp(w->spent[i], who->kind) == 0)
                        return false;
        return t->whole && (!w || (w->present == PRESENCE_YES && !w->quiet));
}

static uint64_t since_start(const struct boot *b, const struct stamp *t) {
        return t->has_mono && b->first.has_mono && t->mono_us >= b->first.mono_us ? t->mono_us - b->first.mono_us :
                                                                                    UINT64_MAX;
}

static void expose_hit(struct exposure *e, const struct trial *t, uint64_t first_us) {
        e->boots++;
        e->rounds = add(e->rounds, t->rounds);
        e->uptime_us = add(e->uptime_us, t->uptime_us);
        e->at_risk_us = add(e->at_risk_us, MIN(first_us, t->uptime_us));
        e->has_uptime &= t->has_uptime;
}

static void expose_silent(struct exposure *e, const struct trial *t, const struct watcher *who, uint64_t reach_us) {
        const struct watch *w = who->detector == DETECTOR_NONE ? NULL : &t->boot->watch[who->detector];
        uint64_t us = t->uptime_us;

        if (t->whole && w && w->present == PRESENCE_YES && w->quiet) {
                /* Awake for a while: that is uptime, and no whole boot. */
                us = since_start(t->boot, &w->quiet_at);
                us = us == UINT64_MAX ? 0 : MIN(us, t->uptime_us);
        } else if (!awake(t, who))
                return;
        else if (!t->has_uptime || us >= reach_us) {
                e->boots++;
                e->rounds = add(e->rounds, t->rounds);
        }
        e->uptime_us = add(e->uptime_us, us);
        e->at_risk_us = add(e->at_risk_us, us);
        e->has_uptime &= t->has_uptime;
}

/* reach_us: a boot that ended before that is no trial for what takes as long to show. */
static void expose(struct seen *seen, const struct side *s, const struct watcher *who, const struct ref *hits,
                   size_t n_hits, uint64_t reach_us) {
        struct exposure *e = &seen->exposure;
        size_t k = 0;

        *e = (struct exposure){ .has_uptime = s->n_trials > 0 };
        for (uint32_t i = 0; i < s->n_trials; i++) {
                uint64_t first_us = UINT64_MAX;
                const bool hit = k < n_hits && hits[k].trial == i;

                for (; k < n_hits && hits[k].trial == i; k++)
                        first_us = MIN(first_us, since_start(hits[k].boot, &hits[k].finding->first));
                if (hit)
                        expose_hit(e, &s->trials[i], first_us);
                else
                        expose_silent(e, &s->trials[i], who, reach_us);
        }
        /* No uptime to speak of: the log has no times of its own. */
        e->has_uptime &= e->uptime_us > 0;
}

static void count(struct seen *seen, const struct ref *hits, size_t n) {
        *seen = (struct seen){ .earliest_us = UINT64_MAX };
        for (size_t i = 0; i < n; i++) {
                const bool again = i && hits[i].trial == hits[i - 1].trial;

                seen->boots += !again;
                /* One event that two logs of a side tell of is one. */
                if (!again || strcmp(hits[i].finding->id, hits[i - 1].finding->id) != 0)
                        seen->events = add(seen->events, hits[i].finding->count);
                seen->earliest_us = MIN(seen->earliest_us, since_start(hits[i].boot, &hits[i].finding->first));
        }
}

/* --- how sure --- */

/* The chance of that tail, by the measure that is least sure of a change; 1 where there is nothing to measure by. */
static double chance_of(const struct diff *d, const struct difference *x, enum tail tail, enum per *per) {
        const struct seen *a = &x->base, *b = &x->new;
        const bool driver = x->relevance >= RELEVANCE_RELATED;
        double p[N_PERS] = { -1, -1, -1, -1 }, worst = -1;

        p[PER_BOOT] = chance_of_boots(a->boots, a->exposure.boots, b->boots, b->exposure.boots, tail);
        if (a->exposure.has_uptime && b->exposure.has_uptime)
                p[PER_UPTIME] = chance_of_rate(a->boots, (double) a->exposure.at_risk_us, b->boots,
                                               (double) b->exposure.at_risk_us, tail);
        /* Rounds exercise the driver, and nothing else. */
        if (a->exposure.rounds && b->exposure.rounds && driver)
                p[PER_ROUND] = chance_of_rate(a->boots, (double) a->exposure.rounds, b->boots,
                                              (double) b->exposure.rounds, tail);
        *per = d->options->per;
        if (d->options->per != PER_ALL)
                return p[d->options->per] < 0 ? 1 : p[d->options->per];
        for (int i = PER_BOOT; i < N_PERS; i++)
                if (p[i] > worst) {
                        worst = p[i];
                        *per = (enum per) i;
                }
        return worst;
}

static const char *blind(struct diff *d, const struct side *s, enum detector det, const char *side) {
        for (size_t i = 0; det != DETECTOR_NONE && i < s->n_trials; i++)
                if (s->trials[i].boot->watch[det].present == PRESENCE_YES)
                        return NULL;
        return det == DETECTOR_NONE ? NULL :
                                      arena_printf(&d->arena, "%s was not there in %s, as far as the log says",
                                                   detector_name(det), side);
}

static int judge_absence(struct diff *d, struct difference *x, enum detector det, const struct side *absent,
                         const char *name) {
        const double alpha = 1 - d->options->confidence;
        const struct exposure *e = &x->base.exposure;

        x->chance = chance_of(d, x, x->change == CHANGE_NEW ? MORE : FEWER, &x->per);
        x->sure = chance_within(x->chance, alpha);
        if (x->sure)
                return 0;
        x->why_unsure = blind(d, absent, det, name);
        if (x->change != CHANGE_NEW) {
                x->needed.boots = boots_needed(x->base.boots, e->boots, alpha);
                x->needed.has_uptime = e->has_uptime;
                x->needed.uptime_us = (uint64_t) MIN(exposure_needed(x->base.boots, (double) e->at_risk_us, alpha),
                                                     1e18);
                x->needed.rounds = (uint64_t) MIN(exposure_needed(x->base.boots, (double) e->rounds, alpha), 1e18);
        }
        return 0;
}

/* Twice the smaller tail: it was not said beforehand in which direction it would change. */
static void judge_both(struct diff *d, struct difference *x) {
        enum per more_per, less_per;
        double more = chance_of(d, x, MORE, &more_per), less = chance_of(d, x, FEWER, &less_per);

        x->chance = MIN(1.0, 2 * MIN(more, less));
        x->per = more <= less ? more_per : less_per;
        x->change = more <= less ? CHANGE_MORE : CHANGE_LESS; /* until it is seen whether that is sure */
}

static int by_chance(const void *a, const void *b) {
        const struct difference *x = *(const struct difference *const *) a, *y = *(const struct difference *const *) b;
        return x->chance < y->chance ? -1 : x->chance > y->chance;
}

/* Of three hundred rates that did not change, fifteen are out of the ordinary at 0.05. So that at most one in twenty of
 * those called changed is not: as many are sure as Benjamini and Hochberg's step-up lets through. */
static int settle_rates(struct diff *d) {
        const double alpha = 1 - d->options->confidence;
        struct difference **both = calloc(d->n + 1, sizeof(*both));
        size_t n = 0, sure = 0;

        if (!both)
                return -ENOMEM;
        for (size_t i = 0; i < d->n; i++)
                if (d->items[i].change == CHANGE_MORE || d->items[i].change == CHANGE_LESS)
                        both[n++] = &d->items[i];
        qsort(both, n, sizeof(*both), by_chance);
        for (size_t i = 0; i < n; i++)
                if (chance_within(both[i]->chance, alpha * (double) (i + 1) / (double) n))
                        sure = i + 1;
        for (size_t i = 0; i < n; i++) {
                both[i]->sure = i < sure;
                if (i >= sure)
                        both[i]->change = CHANGE_STILL;
        }
        free(both);
        return 0;
}

/* --- over both sides --- */

static int make_series(struct diff *d) {
        const size_t n_base = d->base->n_trials, n = n_base + d->new->n_trials;
        _cleanup_free_ const struct boot **boots = calloc(n + 1, sizeof(*boots));

        if (!boots)
                return -ENOMEM;
        for (size_t i = 0; i < n; i++)
                boots[i] = i < n_base ? d->base->trials[i].boot : d->new->trials[i - n_base].boot;
        return series_make(&d->series, boots, n);
}

static int add_history(struct diff *d, const struct ref *refs, size_t n, struct history *ret) {
        _cleanup_free_ struct sighting *all = calloc(n, sizeof(*all));

        if (!all)
                return -ENOMEM;
        for (size_t i = 0; i < n; i++)
                all[i] = (struct sighting){ refs[i].finding,
                                            refs[i].trial + (refs[i].side ? (uint32_t) d->base->n_trials : 0) };
        return history_make(&d->series, all, n, ret);
}

/* --- one signature --- */

static int compare(struct diff *d, const struct ref *refs, size_t n) {
        struct difference *x = &d->items[d->n++];
        size_t n_base = 0;

        while (n_base < n && refs[n_base].side == 0)
                n_base++;
        const struct ref *new = refs + n_base, *shown = n_base < n ? new : refs;
        const size_t n_new = n - n_base;
        const struct watcher who = { detector_of(slice_of(shown->finding->detector)), shown->finding->kind };

        *x = (struct difference){ .signature = shown->finding->signature,
                                  .scan = shown->scan,
                                  .finding = shown->finding,
                                  .boot = shown->boot };
        if (add_history(d, refs, n, &x->history) < 0)
                return -ENOMEM;
        if (n_base && strcmp(refs->finding->title, x->finding->title) != 0)
                x->base_title = refs->finding->title;
        for (size_t i = 0; i < n; i++)
                x->relevance = MAX(x->relevance, refs[i].finding->relevance);
        count(&x->base, refs, n_base);
        count(&x->new, new, n_new);
        expose(&x->base, d->base, &who, refs, n_base,
               n_base                           ? 0 :
               x->new.earliest_us == UINT64_MAX ? 0 :
                                                  x->new.earliest_us);
        expose(&x->new, d->new, &who, new, n_new,
               n_new                             ? 0 :
               x->base.earliest_us == UINT64_MAX ? 0 :
                                                   x->base.earliest_us);

        x->status = n_new ? STATUS_KNOWN : STATUS_NONE;
        for (size_t i = 0; i < n_new; i++)
                if (new[i].finding->status != STATUS_KNOWN) {
                        x->status = new[i].finding->status;
                        x->scan = new[i].scan;
                        x->finding = new[i].finding;
                        x->boot = new[i].boot;
                        if (x->status == STATUS_NEW)
                                break;
                }
        if (n_base == 0) {
                struct question q = d->options->question;
                q.only_new = false; /* has been seen to: this is new, and known is asked next */
                x->change = CHANGE_NEW;
                x->counts = x->status != STATUS_KNOWN && x->relevance >= q.fail_on &&
                            x->finding->severity >= q.fail_severity;
                return judge_absence(d, x, who.detector, d->base, "BASE");
        }
        if (n_new == 0) {
                x->change = CHANGE_NOT_SEEN;
                int e = judge_absence(d, x, who.detector, d->new, "NEW");
                if (x->sure)
                        x->change = CHANGE_GONE;
                return e;
        }
        judge_both(d, x);
        return 0;
}

static int by_change(const void *a, const void *b) {
        const struct difference *x = a, *y = b;

        if (x->change != y->change)
                return x->change < y->change ? -1 : 1;
        if (x->counts != y->counts)
                return x->counts ? -1 : 1;
        if (x->relevance != y->relevance)
                return x->relevance > y->relevance ? -1 : 1;
        if (x->finding->severity != y->finding->severity)
                return x->finding->severity > y->finding->severity ? -1 : 1;
        return strcmp(x->signature, y->signature);
}

static int compare_findings(struct diff *d) {
        _cleanup_free_ struct ref *refs = NULL;
        size_t n = 0;
        int e = make_series(d);

        if (e == 0)
                e = collect(d, &refs, &n);
        d->items = e == 0 ? calloc(n + 1, sizeof(*d->items)) : NULL;
        if (e == 0 && !d->items)
                return -ENOMEM;
        for (size_t i = 0, end; e == 0 && i < n; i = end) {
                for (end = i + 1; end < n && strcmp(refs[end].as, refs[i].as) == 0;)
                        end++;
                e = compare(d, refs + i, end - i);
        }
        if (e == 0)
                e = settle_rates(d);
        if (e == 0)
                qsort(d->items, d->n, sizeof(*d->items), by_change);
        for (size_t i = 0; e == 0 && i < d->n; i++) {
                d->by_change[d->items[i].change]++;
                d->counted += d->items[i].counts;
                d->known += d->items[i].change == CHANGE_NEW && d->items[i].status == STATUS_KNOWN;
        }
        return e;
}

int diff_make(struct diff *d, const struct side *base, const struct side *new, const struct diff_options *o) {
        *d = (struct diff){ .base = base, .new = new, .options = o };
        int e = compare_findings(d);

        if (e == 0)
                compare_coverage(d);
        return e == 0 ? find_doubts(d) : e;
}
