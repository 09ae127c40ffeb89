/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "history/history.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/macros.h"
#include "base/table.h"

/* --- the boots --- */

void series_done(struct series *s) {
        free(s->boots);
        free(s->place);
        free(s->releases.items);
        free(s->releases.of);
        free(s->builds.items);
        free(s->builds.of);
        *s = (struct series){};
}

struct in_time {
        uint64_t us;
        uint32_t boot;
};

static int by_time(const void *a, const void *b) {
        const struct in_time *x = a, *y = b;

        if (x->us != y->us)
                return x->us < y->us ? -1 : 1;
        return x->boot < y->boot ? -1 : x->boot > y->boot;
}

static bool is_boot(const void *item, const void *key) {
        return *(const struct boot *const *) item == key;
}

static uint64_t hash_pointer(const void *p) {
        return hash_u64(HASH_START, (uintptr_t) p >> 4);
}

/* The boots that are listed, by their addresses. */
static int index_boots(struct table *t, const struct boot *const *boots, size_t n) {
        int e = 0;

        for (size_t i = 0; e == 0 && i < n; i++)
                e = table_add(t, hash_pointer(boots[i]), &boots[i]);
        return e;
}

/* The index of the boot that this one is; its own where that one is not listed. */
static size_t stands_for(const struct table *t, const struct boot *const *boots, size_t i) {
        const struct boot *const *same = boots[i]->same ?
                                                 table_get(t, hash_pointer(boots[i]->same), is_boot, boots[i]->same) :
                                                 NULL;

        return same ? (size_t) (same - boots) : i;
}

static int order_boots(struct series *s, const struct boot *const *boots, size_t n) {
        _cleanup_free_ struct in_time *times = calloc(n + 1, sizeof(*times));
        _cleanup_(table_done) struct table listed = {};
        bool clock = true;

        if (!times || index_boots(&listed, boots, n) < 0)
                return -ENOMEM;
        for (uint32_t i = 0; i < n; i++) {
                if (stands_for(&listed, boots, i) != i)
                        continue;
                times[s->n++] = (struct in_time){ boots[i]->first.real_us, i };
                clock &= boots[i]->first.has_real;
        }
        if (clock)
                qsort(times, s->n, sizeof(*times), by_time);
        for (uint32_t i = 0; i < s->n; i++) {
                s->boots[i] = boots[times[i].boot];
                s->place[times[i].boot] = i;
        }
        for (size_t i = 0; i < n; i++)
                s->place[i] = s->place[stands_for(&listed, boots, i)];
        return 0;
}

static bool is_name(const void *item, const void *key) {
        return strcmp(*(const char *const *) item, key) == 0;
}

static const char *release_of(const struct boot *b) {
        return b->release;
}

static const char *build_of(const struct boot *b) {
        return boot_label_value(b, "build");
}

static int number_names(struct history_names *names, const struct series *s,
                        const char *(*name_of)(const struct boot *b)) {
        struct table known = {};
        int e = 0;

        names->items = calloc(s->n + 1, sizeof(*names->items));
        names->of = calloc(s->n + 1, sizeof(*names->of));
        if (!names->items || !names->of)
                return -ENOMEM;
        for (size_t i = 0; e == 0 && i < s->n; i++) {
                const char *name = name_of(s->boots[i]);
                const uint64_t hash = name ? hash_slice(HASH_START, slice_of(name)) : 0;
                const char **at = name ? table_get(&known, hash, is_name, name) : NULL;

                if (name && !at) {
                        at = &names->items[names->n++];
                        *at = name;
                        e = table_add(&known, hash, at);
                }
                names->of[i] = at ? (uint32_t) (at - names->items) : HISTORY_NO_NAME;
        }
        table_done(&known);
        return e;
}

int series_make(struct series *s, const struct boot *const *boots, size_t n) {
        *s = (struct series){ .boots = calloc(n + 1, sizeof(*s->boots)), .place = calloc(n + 1, sizeof(*s->place)) };
        if (!s->boots || !s->place || order_boots(s, boots, n) < 0 || number_names(&s->releases, s, release_of) < 0 ||
            number_names(&s->builds, s, build_of) < 0) {
                series_done(s);
                return -ENOMEM;
        }
        return 0;
}

/* --- rates --- */

/* 95 % of a normal distribution; views.sql has the same figures. */
static const double z = 1.96;

static struct rate share_of(uint64_t with, uint64_t of) {
        const double n = (double) of, p = (double) with / n, centre = p + z * z / 2 / n,
                     wide = z * sqrt((p * (1 - p) + z * z / 4 / n) / n), scale = 1 + z * z / n;

        return (struct rate){ p, MAX((centre - wide) / scale, 0.0), MIN((centre + wide) / scale, 1.0) };
}

static double byar(double n, double sign) {
        return n * pow(1 - 1 / (9 * n) + sign * z / (3 * sqrt(n)), 3);
}

static struct rate per_hour_of(uint64_t with, uint64_t uptime_us) {
        const double hours = (double) uptime_us / 3600e6, n = (double) with;

        if (uptime_us == 0)
                return (struct rate){};
        return (struct rate){ n / hours, byar(n, -1) / hours, byar(n + 1, 1) / hours };
}

/* --- one signature --- */

/* Of a release or a build. */
struct tally {
        uint64_t with, boots, uptime_us;
        uint32_t last; /* place of its last trial */
};

struct tallies {
        struct tally *releases, *builds;
        struct tally unnamed; /* releases that the log does not name */
};

static void tallies_done(struct tallies *t) {
        free(t->releases);
        free(t->builds);
}

void history_done(struct history *h) {
        free(h->releases_with.items);
        free(h->builds_with.items);
        *h = (struct history){};
}

const char *history_manner(const struct history *h) {
        return h->manner == MANNER_STEADY ? "steady" : h->manner == MANNER_FLAKY ? "flaky" : NULL;
}

static uint64_t add(uint64_t a, uint64_t b) {
        uint64_t sum;
        return __builtin_add_overflow(a, b, &sum) ? UINT64_MAX : sum;
}

static bool earlier(const struct stamp *a, const struct stamp *b) {
        return a->has_real && b->has_real ? a->real_us < b->real_us : a->mono_us < b->mono_us;
}

/* Marks the places that showed it. */
static void take_sightings(const struct series *s, const struct sighting *all, size_t n, bool *hit, struct history *h) {
        h->first_place = UINT32_MAX;
        for (size_t i = 0; i < n; i++) {
                const uint32_t at = s->place[all[i].boot];
                const struct finding *f = all[i].finding;
                const bool again = i && all[i].boot == all[i - 1].boot && strcmp(f->id, all[i - 1].finding->id) == 0;

                h->events = add(h->events, again ? 0 : f->count);
                if (h->first_place == UINT32_MAX || at < h->first_place ||
                    (at == h->first_place && earlier(&f->first, &h->first))) {
                        h->first_place = at;
                        h->first = f->first;
                }
                if (h->last.has_mono + h->last.has_real == 0 || at > h->last_place ||
                    (at == h->last_place && earlier(&h->last, &f->last))) {
                        h->last_place = at;
                        h->last = f->last;
                }
                hit[at] = true;
        }
        h->first_boot = s->boots[h->first_place];
        h->last_boot = s->boots[h->last_place];
}

static bool watched(const struct boot *b, enum detector d) {
        return d == DETECTOR_NONE || (b->watch[d].present == PRESENCE_YES && !b->watch[d].quiet);
}

static uint64_t uptime_of(const struct boot *b) {
        return b->first.has_mono && b->last.has_mono && b->last.mono_us >= b->first.mono_us ?
                       b->last.mono_us - b->first.mono_us :
                       0;
}

static void count_trial(struct tally *t, const struct boot *b, uint32_t place, bool hit) {
        t->with += hit;
        t->boots++;
        t->uptime_us = add(t->uptime_us, uptime_of(b));
        t->last = place;
}

/* Returns how many trials there were from the first that showed it to the last. */
static uint64_t count_trials(const struct series *s, enum detector d, const bool *hit, struct tallies *t,
                             struct history *h) {
        uint64_t between = 0;

        for (uint32_t i = 0; i < s->n; i++) {
                const struct boot *b = s->boots[i];
                const uint32_t release = s->releases.of[i], build = s->builds.of[i];

                if (!hit[i] && !watched(b, d))
                        continue;
                count_trial(release == HISTORY_NO_NAME ? &t->unnamed : &t->releases[release], b, i, hit[i]);
                if (build != HISTORY_NO_NAME)
                        count_trial(&t->builds[build], b, i, hit[i]);
                between += i >= h->first_place && i <= h->last_place;
                h->boots_since += i > h->last_place;
        }
        return between;
}

/* It came, or ran after that. */
static bool concerned(const struct tally *t, const struct history *h) {
        return t->boots && (t->with || t->last > h->first_place);
}

static int list_names(const struct history_names *names, const struct tally *tallies, const struct history *h,
                      struct history_list *with, struct history_list *without) {
        with->items = calloc(names->n + 1, sizeof(*with->items));
        if (!with->items)
                return -ENOMEM;
        for (size_t i = 0; i < names->n; i++)
                if (tallies[i].with)
                        with->items[with->n++] = names->items[i];
        without->items = with->items + with->n;
        for (size_t i = 0; i < names->n; i++)
                if (!tallies[i].with && concerned(&tallies[i], h))
                        without->items[without->n++] = names->items[i];
        return 0;
}

static void sum_up(const struct series *s, const struct tallies *t, uint64_t between, struct history *h) {
        for (size_t i = 0; i <= s->releases.n; i++) {
                const struct tally *x = i < s->releases.n ? &t->releases[i] : &t->unnamed;
                if (!concerned(x, h))
                        continue;
                h->boots_with += x->with;
                h->boots += x->boots;
                h->uptime_us = add(h->uptime_us, x->uptime_us);
        }
        h->share = share_of(h->boots_with, h->boots);
        h->per_hour = per_hour_of(h->boots_with, h->uptime_us);
        if (between > 1)
                h->manner = (double) h->boots_with >= 0.9 * (double) between ? MANNER_STEADY : MANNER_FLAKY;
        h->quiet = h->boots_since && pow(1 - share_of(h->boots_with, between).low, (double) h->boots_since) <= 0.05;
}

int history_make(const struct series *s, const struct sighting *sightings, size_t n, struct history *ret) {
        _cleanup_free_ bool *hit = calloc(s->n + 1, sizeof(*hit));
        _cleanup_(tallies_done) struct tallies t = { .releases = calloc(s->releases.n + 1, sizeof(*t.releases)),
                                                     .builds = calloc(s->builds.n + 1, sizeof(*t.builds)) };

        *ret = (struct history){ .of = s->n };
        if (!hit || !t.releases || !t.builds)
                return -ENOMEM;
        take_sightings(s, sightings, n, hit, ret);
        const enum detector d = detector_of(slice_of(sightings[0].finding->detector));
        const uint64_t between = count_trials(s, d, hit, &t, ret);
        sum_up(s, &t, between, ret);
        if (list_names(&s->releases, t.releases, ret, &ret->releases_with, &ret->releases_without) < 0 ||
            list_names(&s->builds, t.builds, ret, &ret->builds_with, &ret->builds_without) < 0) {
                history_done(ret);
                return -ENOMEM;
        }
        return 0;
}
