/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <stdint.h>

#include "report/finding.h"
#include "triage/kernel_version.h"
#include "triage/pattern.h"

/* Known issues: files as analyzer/schema/known-issues.schema.json describes them. An issue that matches a finding makes
 * it known and gives it its bug, owner and note; the owners in the files assign findings by their blamed function or
 * file. */

struct boot;
struct literals;

/* Kernels in which an issue is found; all that is set must hold. */
struct known_bound {
        bool set;
        struct kernel_version version; /* is within the range; compared as version_against() says */
};

struct known_range {
        struct known_bound since, until;
        struct pattern *suffix; /* found in what follows the numbers of the release; NULL: any */
};

/* One entry. All that is set must match; at least one of signatures, title and rule is. */
struct known_issue {
        const char *file;  /* as given */
        size_t index;      /* in its file, from 0 */
        struct issue says; /* what reports show of it; the name is unique over all files */

        const char **signatures, **detectors; /* one of them; none: any. signatures are sorted */
        size_t n_signatures, n_detectors;
        struct pattern *title, *rule; /* NULL: any */
        struct known_range *ranges;   /* one of them; none: any kernel */
        size_t n_ranges;

        uint64_t matched; /* findings, so far */
        unsigned stopped; /* how often a pattern took too many steps: taken for no match, and after some times not tried
                           */
};

/* The owner of findings in that code. */
struct known_route {
        const char *owner;
        struct pattern *function, *file; /* one of the two is set, or both: one of them must match */
};

struct known {
        struct known_issue **issues; /* in the order given */
        size_t n_issues;
        struct known_route **routes;
        size_t n_routes;
        struct arena *arena;                        /* of all strings */
        uint64_t today;                             /* days since 1970, UTC */
        struct literals *issue_words, *route_words; /* the issues that can match; built at the first query */
};

/* today in days since 1970 (UTC): issues that expired before then do not hide findings. 0 or -ENOMEM. */
int known_new(struct known **ret, uint64_t today);
struct known *known_free(struct known *k);
static inline void known_freep(struct known **k) {
        known_free(*k);
}

/* Adds the issues of a file ("-" is standard input). Says itself what is wrong, with the entry's index and
 * name; a file with anything wrong is refused as a whole, for half of a list of known issues would make known
 * ones new. 0 or -errno. */
int known_read(struct known *k, const char *path);
/* The same from memory; name is what messages call it. */
int known_parse(struct known *k, const char *name, struct slice text);

/* A field's form. A date as "2026-11-23", a day that exists: its number since 1970; a bug, which becomes a link, and
 * so is nothing that runs when it is followed. */
bool known_date(const char *text, uint64_t *days);
bool known_link(const char *text);

/* The data of a finding that is matched. */
struct known_subject {
        const char *signature, *former_signature, *title, *detector, *rule; /* rule may be NULL */
        const char *const *alt_titles;
        size_t n_alt_titles;
        struct kernel_versions kernel;
};

/* The first issue in force that matches, and *status STATUS_KNOWN; else the first expired one that does, or NULL,
 * and STATUS_NEW. Counts all that match. Issues live as long as k. 0 or -ENOMEM. */
int known_find(struct known *k, const struct known_subject *s, const struct known_issue **ret,
               enum known_status *status);

/* Who is to look at code, by functions (without compilers' suffixes) and files; the first route that matches one of
 * either. NULL for nobody. Lives as long as k. */
const char *known_owner_of(struct known *k, const char *const *functions, size_t n_functions, const char *const *files,
                           size_t n_files);

/* The two steps for a finding of a scan. known_mark() needs the judge's word and sets issue and status; known_route()
 * sets owner: the issue's, else by the code to blame, for which it needs file and line where they are to be had
 * (see symbols.h). 0 or -ENOMEM. */
int known_mark(struct known *k, struct finding *f, const struct boot *b);
void known_route(struct known *k, struct finding *f);

/* After all findings are marked: reports issues that expired, matched nothing or could not be matched. */
void known_say(const struct known *k);
