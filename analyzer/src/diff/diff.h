/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <stdio.h>

#include "diff/side.h"
#include "history/history.h"
#include "output/terminal.h"

/* What changed from BASE to NEW: findings by signature, and what watched. */

#define DIFF_SCHEMA "vmlife-diff/1"

/* In the order in which they are told. */
enum change {
        CHANGE_NEW,      /* NEW alone has it */
        CHANGE_MORE,     /* both; more often in NEW than chance has it */
        CHANGE_STILL,    /* both */
        CHANGE_LESS,     /* both; less often in NEW than chance has it */
        CHANGE_NOT_SEEN, /* BASE alone has it, and NEW's silence does not prove that it is gone */
        CHANGE_GONE,     /* BASE alone has it, and it would have shown in NEW */
        N_CHANGES,
};
const char *change_name(enum change c);

/* By what a rate is judged: PER_ALL asks all that both sides know, and believes the one that is least sure. */
enum per { PER_ALL, PER_BOOT, PER_UPTIME, PER_ROUND, N_PERS };
const char *per_name(size_t i); /* "all", "boots", "uptime", "rounds"; NULL beyond: for an option's values */

/* How long a side watched for a finding: boots whose log is whole and in which the finding's detector was awake to the
 * end, and those that showed it. */
struct exposure {
        uint64_t boots;
        bool has_uptime;
        uint64_t uptime_us;  /* in all */
        uint64_t at_risk_us; /* up to the first time that it showed in each boot: what comes after is no news */
        uint64_t rounds;     /* of selftests */
};

/* A finding on one side. */
struct seen {
        uint64_t boots;       /* that showed it */
        uint64_t events;      /* a lower bound where a detector reports once */
        uint64_t earliest_us; /* after its boot's start; UINT64_MAX: not known */
        struct exposure exposure;
};

struct difference {
        const char *signature;
        const char *base_title;        /* as BASE has it, where its kernel worded it otherwise; NULL */
        const struct finding *finding; /* the first of NEW's, or of BASE's where NEW has none */
        const struct scan *scan;       /* that has the finding */
        const struct boot *boot;       /* that showed it */
        enum change change;
        struct seen base, new;
        enum relevance relevance; /* the highest */
        enum known_status status; /* known where each of NEW's is */
        bool counts;              /* for the exit status: new, not known, at the level that was asked for */

        /* The chance that the two sides differ so much, had nothing changed, by `per`: where it is small, the change is
         * sure. Of CHANGE_NEW: that BASE would have shown nothing of it. */
        double chance;
        bool sure;
        enum per per;
        const char *why_unsure; /* where no number would say it: a detector that was not there; NULL */
        struct exposure needed; /* CHANGE_NOT_SEEN: NEW's, without a hit, that would make it gone; 0: not known */
        struct history history; /* over the boots of both sides */
};

/* A detector on one side. */
struct watching {
        uint64_t present, alive; /* boots; alive to the end of the log */
        const char *quiet;       /* a reason why not, of the first boot that has one; NULL */
};

enum coverage_change { COVERAGE_SAME, COVERAGE_LOST, COVERAGE_LESS, COVERAGE_MORE, COVERAGE_GAINED };
const char *coverage_change_name(enum coverage_change c);

struct coverage_difference {
        enum detector detector;
        enum coverage_change change;
        struct watching base, new;
};

/* A boot of NEW without proof, and why. */
struct doubt {
        const struct boot *boot;
        const char *reason;
};

struct diff_options {
        struct question question; /* of NEW: what counts, and what must have watched */
        double confidence;        /* 0.95: a change is sure where chance is at most 0.05 */
        enum per per;
        bool injected; /* take injected faults for real ones */
};

struct diff {
        const struct side *base, *new;
        const struct diff_options *options;
        struct difference *items; /* by change, then the most relevant first, of these the worst */
        size_t n;
        struct series series; /* boots of BASE, then of NEW */
        struct coverage_difference coverage[N_DETECTORS];
        struct doubt *doubts;
        size_t n_doubts;
        uint64_t by_change[N_CHANGES], known, counted;
        uint64_t injected[2], userspace[2]; /* findings left out, of BASE and NEW */
        struct arena arena;
};

/* Both sides must be finished and stay as they are while the diff lives. 0 or -ENOMEM. */
int diff_make(struct diff *d, const struct side *base, const struct side *new, const struct diff_options *o);
void diff_done(struct diff *d);
/* In a word: "new" something counts, "not-proven" nothing does and there are doubts, "nothing-new". */
const char *diff_verdict(const struct diff *d);

/* As analyzer/schema/diff.schema.json describes it; and for people. 0 or -errno; the stream's errors are the caller's.
 */
int diff_write_json(const struct diff *d, FILE *f);
int diff_write_text(const struct diff *d, const struct terminal *t);
