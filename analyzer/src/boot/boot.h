/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "base/arena.h"
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

/* One boot of one machine: what the log says about it beside its reports. */
struct boot {
        struct arena arena;
        uint32_t source;         /* where it was seen first */
        char id[33];             /* 128 bits in hex, empty for text */
        char machine[33];
        const char *host;        /* NULL where not known */
        char start[33];          /* for text: a hash of the boot's first line, which stands for the id */
        const char *release, *version, *command_line;
        struct stamp first, last;
        uint64_t records;        /* lines or entries read */
        uint64_t lost;           /* messages known to be lost */

        /* The variant's own words, NULL until it said them. */
        const char *load, *unload;
        const char *variant, *tree, *rules;
        const char *inject;      /* the fault asked for last: a rule or "none" */
        struct fault *faults;    /* when which was asked for, see fault.h */
        size_t n_faults;
        bool loaded;
        struct passes *passes;
        size_t n_passes;
        struct selftest *selftests;
        size_t n_selftests;
        bool has_suppressed;
        uint64_t reports, suppressed;
};

struct boots {
        struct boot **items;
        size_t n;
};

void boots_done(struct boots *b);
/* A new boot, -errno when out of memory; ret is its index. */
int boots_add(struct boots *b, uint32_t source, uint32_t *ret);
/* The boot with that id, added if it is new. */
int boots_find(struct boots *b, const char *id, uint32_t source, uint32_t *ret);

static inline void boot_seen(struct boot *b, const struct stamp *t) {
        if (!b->first.has_mono && !b->first.has_real)
                b->first = *t;
        if (t->has_mono || t->has_real)
                b->last = *t;
}
