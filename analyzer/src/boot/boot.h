/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "base/arena.h"
#include "boot/detector.h"
#include "boot/repeat.h"
#include "line/line.h"

/* How often a hook of the variant was passed. */
struct passes {
        const char *site;
        uint64_t n;
};

/* A selftest of the variant that ran. */
struct selftest {
        const char *name, *inject;
        uint64_t rounds;
        int64_t error; /* 0 or what it returned */
};

/* A fault that was on, and whether a report of its rule came of it. */
struct asked {
        const char *rule;
        bool seen;
};

/* Messages that were there once and are not in the log. */
struct loss {
        struct stamp after, before; /* the last message before the gap and the first after it */
        uint64_t n;
};

/* A place whose messages the kernel held back: "F: 12 callbacks suppressed". */
struct limit {
        const char *function;
        uint64_t n;
};

enum verdict { VERDICT_CLEAN, VERDICT_FINDINGS, VERDICT_NOT_PROVEN };

/* One boot of one machine: what the log says about it beside its reports. */
struct boot {
        struct arena arena;
        uint32_t source;         /* where it was seen first */
        char id[33];             /* 128 bits in hex, empty for text */
        char machine[33];
        const char *host;        /* NULL where not known */
        char start[33];          /* for text: a hash of how the log begins, and which of its boots it is: stands for the id */
        const char *release, *version, *command_line;
        struct stamp first, last;
        uint64_t records;        /* lines or entries read */
        struct repeats repeats;  /* of a journal: what came of it, to know what comes twice */
        bool from_start;         /* the kernel's first message is there */
        uint64_t lost;           /* messages known to be lost */
        struct loss *losses;     /* where, in order; the last one takes all beyond a bound */
        size_t n_losses;
        struct limit *limits;
        size_t n_limits;
        struct watch watch[N_DETECTORS];

        /* What KCSAN said of its settings; NULL. */
        const char *kcsan_mode, *kcsan_selftest;

        /* Set by the judge. */
        enum verdict verdict;
        const char **reasons;    /* why nothing is proven, whatever the verdict */
        size_t n_reasons;

        /* The variant's own words, NULL until it said them. */
        const char *load, *unload;
        const char *variant, *tree, *rules;
        const char *inject;      /* the fault asked for last: a rule or "none" */
        struct fault *faults;    /* when which was asked for, see fault.h */
        size_t n_faults;
        struct asked *asked;     /* the faults that selftests ran with */
        size_t n_asked;
        bool loaded;             /* the load line was seen */
        bool unloading;          /* unload lines came, and no load line since */
        struct passes *passes;
        size_t n_passes;
        struct selftest *selftests;
        size_t n_selftests;
        bool excess;             /* there were more of either than are kept */
        bool has_suppressed;
        uint64_t reports, suppressed, unchecked; /* of all unloads */
        uint64_t unload_reports, unload_suppressed, unload_unchecked; /* of the one that is being told */
};

struct boots {
        struct boot **items;
        size_t n;
        uint32_t *slots; /* open addressing by id: index + 1 */
        size_t n_slots, n_ids;
};

void boots_done(struct boots *b);
/* A new boot, -errno when out of memory; ret is its index. */
int boots_add(struct boots *b, uint32_t source, uint32_t *ret);
/* A copy that shares strings with the original, which must outlive it: the judge's words do not show in that.
 * 0 or -ENOMEM. */
int boots_copy(struct boots *to, const struct boots *from);
/* n messages were lost between what was seen of the boot so far and a message at that time. 0 or -ENOMEM. */
int boot_lost(struct boot *b, uint64_t n, const struct stamp *before);
/* The boot with that id, added if it is new. */
int boots_find(struct boots *b, const char *id, uint32_t source, uint32_t *ret);

static inline void boot_seen(struct boot *b, const struct stamp *t) {
        if (!b->first.has_mono && !b->first.has_real)
                b->first = *t;
        if (t->has_mono || t->has_real)
                b->last = *t;
}
