/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <json-c/json.h>

#include "boot/boot.h"
#include "report/finding.h"

/* What a series of boots says of one signature: since when, in which releases and builds, how often, until when. The
 * store's view vmlife.signature_history (configs/postgresql/views.sql) computes the same figures.
 *
 * A boot is a trial for a signature if it showed it, or if the detector that reports it was active to the end of the
 * log. Warnings, oopses and whatever else needs no detector would have shown in any boot. */

/* A release or a build (--label build=) by its number in the series. */
enum { HISTORY_NO_NAME = UINT32_MAX };
struct history_names {
        const char **items; /* in the order in which boots first ran them */
        size_t n;
        uint32_t *of; /* of each place; HISTORY_NO_NAME */
};

/* Boots in time, where each has a wall clock, else in the order in which they were added. */
struct series {
        const struct boot **boots;
        uint32_t *place; /* of each boot, by the index by which it was added */
        size_t n;
        struct history_names releases, builds;
};

/* A boot of a report that is another one of a log (`same`) has that one's place. The boots must outlive the series. 0
 * or -ENOMEM. */
int series_make(struct series *s, const struct boot *const *boots, size_t n);
void series_done(struct series *s);

/* A finding in a boot, which is an index by which boots were added. */
struct sighting {
        const struct finding *finding;
        uint32_t boot;
};

/* With the interval that holds the true one in 19 of 20 cases. */
struct rate {
        double value, low, high;
};

struct history_list {
        const char **items; /* of the series; those without it stand behind those with it, in one piece of memory */
        size_t n;
};

struct history {
        size_t of;                  /* boots of the series */
        uint64_t boots_with, boots; /* trials: those that showed it, all of the releases that ran since it came */
        uint64_t uptime_us, events; /* of these trials; 0: their logs have no times */
        const struct boot *first_boot, *last_boot; /* that showed it */
        uint32_t first_place, last_place;
        struct stamp first, last; /* of the first and the last event */
        struct history_list releases_with, releases_without, builds_with, builds_without;
        struct rate share;    /* of boots with it (Wilson) */
        struct rate per_hour; /* boots with it an hour of uptime (Poisson, by Byar); without uptime all 0 */
        enum {
                MANNER_UNKNOWN,
                MANNER_STEADY,
                MANNER_FLAKY
        } manner;             /* in nine of ten trials from its first to its last;
                               * unknown of one trial */
        uint64_t boots_since; /* trials after the last that showed it */
        bool quiet;           /* so many that its rate until then would have shown it, in 19 of 20 cases */
};

/* Sightings of one boot stand together, and in each those of one id: they count once. At least one. 0 or -ENOMEM. */
int history_make(const struct series *s, const struct sighting *sightings, size_t n, struct history *ret);
void history_done(struct history *h);

const char *history_manner(const struct history *h); /* "steady", "flaky", NULL */

/* As both schemas define "history"; NULL when out of memory. */
struct json_object *history_json(const struct history *h);

/* For people: one sentence of each, without its name. Names in it are as in the log: the caller escapes them. */
enum history_fact { HISTORY_SEEN, HISTORY_RATE, HISTORY_MANNER, HISTORY_RELEASES, HISTORY_BUILDS, N_HISTORY_FACTS };
const char *history_fact_name(enum history_fact fact);
/* The caller frees it; "" if there is nothing to say, NULL when out of memory. */
char *history_fact(const struct history *h, enum history_fact fact);
