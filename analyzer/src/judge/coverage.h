/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "boot/boot.h"
#include "boot/sites.h"
#include "findings/store.h"

/* Honest silence: a log without reports is clean only if what would have reported was there, and awake to
 * the log's end. */

/* What the caller wants to know. */
struct question {
        enum relevance fail_on; /* findings of less do not count */
        bool only_new;          /* nor do those that are known, and injected faults, which are never a regression */
        bool has_require;
        bool require_origin;       /* without a source that says who wrote a message nothing is proven */
        bool require[N_DETECTORS]; /* detectors without which nothing is proven; where nobody named any: vmlife,
                                    * lockdep, and kcsan or kasan, which exclude each other */
        const struct sites *sites; /* where hooks stand, which then must have been passed; NULL: nobody said */
};

/* What --require takes beside names of detectors. */
#define REQUIRE_ORIGIN "origin"

/* Reads "kcsan,lockdep,vmlife,origin". 0, or -EINVAL with *bad the name that is none. */
int require_parse(const char *list, struct question *q, struct slice *bad);

/* The level of --fail-on and asked.fail_on: "any", "related", "likely", "certain"; each also after "new,", and "new"
 * alone is "new,any". False, and nothing set, for what is none. */
bool fail_on_parse(struct slice level, struct question *q);
const char *fail_on_name(const struct question *q);
/* All of them, in that order; NULL beyond the last. */
const char *fail_on_level(size_t i);

/* Does a finding count for this question? What a process wrote never does. */
bool finding_counts(const struct finding *f, const struct question *q);

/* What is known of a source that a silence in it proves nothing. */
struct source_doubts {
        bool incomplete;    /* it was not read in full */
        bool writers_known; /* it says who wrote a message */
        const char *reason; /* another one, as a clause; NULL */
};

/* Gives each boot what its findings did to its detectors, its verdict and the reasons. doubts[i] are those about source
 * i. 0 or -ENOMEM. */
int coverage_make(const struct boots *boots, const struct store *s, const struct question *q,
                  const struct source_doubts *doubts);
