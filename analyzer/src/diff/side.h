/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "saved/saved.h"
#include "source/source.h"

/* One side of a comparison: everything read for BASE, or for NEW, from saved reports and from logs. */

/* A boot as a trial: an opportunity for a finding to show. A boot in two reports is one trial. */
struct trial {
        const struct boot *boot;
        bool whole; /* its log is complete, as far as known */
        bool has_uptime;
        uint64_t uptime_us; /* that the log spans */
        uint64_t rounds;    /* of selftests */
};

struct side {
        struct saved saved;
        struct scan live;
        bool has_live;

        struct trial *trials; /* set by side_finish(), as are all below */
        size_t n_trials;
        uint32_t *of_saved, *of_live; /* index of a boot's trial, by the boot's index in its scan */
        bool has_uptime;              /* every trial has one */
        uint64_t uptime_us, rounds, lost;
};

/* Zero-initialise; side_done() gives all back. */
void side_done(struct side *s);

/* Adds a log, as scan reads it. 0 or -errno. */
int side_read_log(struct side *s, const char *name, const struct source_options *o);
/* Does it name a saved report? */
bool side_is_report(const char *name);
/* The options for reading a folder of logs, whose reports go to the side. */
struct source_options side_with_reports(struct side *s, const struct source_options *o);
/* Reads all reports of a folder and its subfolders, by name, and adds their number to *reports. Says itself what is
 * wrong. 0 or -errno. */
int side_read_reports(struct saved *s, const char *folder, size_t *reports);
/* Adds what one word names: a saved report, a folder of some and of logs, or any source that scan reads. Says itself
 * what is wrong. 0 or -errno; what could be read of a log is then there, of a report it is not. */
int side_read(struct side *s, const char *name, const struct source_options *o);
/* A saved report keeps the relevance that it was judged with. With another --focus than the report's, which q names:
 * -EINVAL where --fail-on depends on it, else a warning. 0 otherwise. */
int side_check_focus(const struct side *s, const struct question *q);
/* All is read: judges the logs by the question, counts the trials. What a log and a report of it both have counts
 * once. 0 or -errno. */
int side_finish(struct side *s, struct known *k, const struct question *q);

/* The scans of a side, i = 0 and 1; NULL where there is none. */
static inline const struct scan *side_scan(const struct side *s, int i) {
        return i == 0 ? &s->saved.scan : s->has_live ? &s->live : NULL;
}
static inline uint32_t side_trial_of(const struct side *s, int i, uint32_t boot) {
        return (i == 0 ? s->of_saved : s->of_live)[boot];
}
