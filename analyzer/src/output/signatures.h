/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "base/table.h"
#include "history/history.h"
#include "scan/scan.h"

/* The findings of scans and saved reports by signature: one bug a line, however many logs show it. */

struct signature_line {
        const char *signature;
        const struct scan *scan;       /* of the example */
        const struct finding *example; /* the one that says most: whole rather than corrupted, the first of those */
        uint64_t count;                /* events */
        size_t n_boots, n_machines;    /* machines as far as the sources name them */
        const char *first_kernel, *last_kernel; /* by version; NULL: not known */
        struct stamp first, last;               /* by the wall clock; without has_real: not known */
        enum known_status status;               /* new if any is */
        bool injected;                          /* all are */
        struct sighting *sightings;             /* those that nobody injected; boots as signatures counts them */
        size_t n_sightings;
        /* The last boot and machine that was counted: findings come in the order of boots. */
        const struct boot *counted;
        struct table machines;
};

/* What the example was found in, by its name. */
static inline const char *example_source(const struct signature_line *l) {
        return l->scan->sources[l->example->source].name;
}

struct signatures {
        struct signature_line *lines; /* the worst first */
        size_t n;
        const struct boot **boots; /* of all scans, in the order in which they were added */
        size_t n_boots;
        struct table by_signature;
};

/* Takes all findings of a finished scan that the kernel wrote. The scan must outlive s. 0 or -ENOMEM. */
int signatures_add(struct signatures *s, const struct scan *scan);
/* Once all are added. */
void signatures_sort(struct signatures *s);
void signatures_done(struct signatures *s);
