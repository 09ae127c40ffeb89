/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "boot/boot.h"
#include "boot/sites.h"
#include "findings/store.h"
#include "judge/focus.h"

/* A log without reports is clean only if the detectors were enabled, and active to the end of the log. */

/* The question of the caller. */
struct question {
        struct focus focus;          /* whose code relevance is about; all 0: i915 */
        enum relevance fail_on;      /* findings below that do not count, */
        enum severity fail_severity; /* nor those below that */
        bool only_new; /* known findings and injected faults, which are never a regression, do not count either */
        bool has_require;
        bool require_origin;       /* nothing is proven without a source that records who wrote a message */
        bool require[N_DETECTORS]; /* detectors without which nothing is proven; where nobody named any:
                                    * lockdep, kcsan or kasan, which exclude each other, and vmlife, if i915 is in
                                    * focus */
        const struct sites *sites; /* where hooks stand, which then must have been passed; NULL: nobody said */
};

/* What --require accepts besides names of detectors. */
#define REQUIRE_ORIGIN "origin"

/* Parses "kcsan,lockdep,vmlife,origin". 0, or -EINVAL with *bad the unknown name. */
int require_parse(const char *list, struct question *q, struct slice *bad);

/* The level of --fail-on and asked.fail_on: "any", "related", "likely", "certain", "medium", "high", "critical"; each
 * also after "new,", and "new" alone is "new,any". False, and nothing set, for what is none. */
bool fail_on_parse(struct slice level, struct question *q);
const char *fail_on_name(const struct question *q);
/* All of them, in that order; NULL beyond the last. */
const char *fail_on_level(size_t i);

/* Can any finding count? With a focus of none there is no relevance to ask for. */
bool question_can_hold(const struct question *q);

/* Does a finding count for this question? What a process wrote never does. */
bool finding_counts(const struct finding *f, const struct question *q);

/* Why silence in a source proves nothing. */
struct source_doubts {
        bool incomplete;    /* it was not read in full */
        bool writers_known; /* it records who wrote a message */
        const char *reason; /* another one, as a clause; NULL */
};

/* Sets for each boot the effect of its findings on its detectors, its verdict and the reasons. doubts[i] belong to
 * source i. 0 or -ENOMEM. */
int coverage_make(const struct boots *boots, const struct store *s, const struct question *q,
                  const struct source_doubts *doubts);
