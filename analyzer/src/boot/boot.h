/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "base/arena.h"
#include "base/table.h"
#include "boot/detector.h"
#include "boot/repeat.h"
#include "line/line.h"
#include "report/member.h"

enum verdict { VERDICT_CLEAN, VERDICT_FINDINGS, VERDICT_NOT_PROVEN };
const char *verdict_name(enum verdict v);

/* The load line and the runtime switch set a fault, and a selftest says at its end which one it ran with (it runs
 * clean rounds first, even where a fault is set). */
enum fault_event { FAULT_SET, FAULT_TEST_BEGIN, FAULT_TEST_END };

/* What is counted beside reports: it explains them, and nobody wants it as a bug. */
enum event_what {
        EVENT_OOM_KILL, /* a task was killed because memory ran out */
        EVENT_MACHINE_CHECK,
        EVENT_HARDWARE_ERROR, /* that the firmware told of (APEI) */
        EVENT_EDAC_CORRECTED, /* errors of memory, as they were counted */
        EVENT_EDAC_UNCORRECTED,
        EVENT_THROTTLING, /* for heat */
};
enum { N_EVENTS = EVENT_THROTTLING + 1 };
const char *event_name(enum event_what what);

#define MEMBER(form, ...) DECLARE_##form(__VA_ARGS__)
#include "boot/boot.def"

struct boots {
        struct boot **items;
        size_t n;
        struct table by_id;
        struct label *labels; /* that every new boot gets; the caller's, as are their strings */
        size_t n_labels;
};

/* Reads "NAME=VALUE", where a name is letters, digits, '_', '-' and '.'; its strings are in the arena. 0, -EINVAL,
 * -ENOMEM. */
int label_parse(const char *text, struct arena *arena, struct label *ret);
/* The value of the boot's label of that name; NULL: it has none. */
const char *boot_label_value(const struct boot *b, const char *name);
/* What people call the boot's machine: as the lab labels it (--label machine=), which is all that a text can have, or
 * its host's name, or the machine's ID. NULL: nothing names it. */
const char *boot_machine(const struct boot *b);

/* What tells one boot from all others, in reports, diff, the page and the store: its ID or, of a text, the hash of how
 * the log begins (log_id). "": nothing does. */
static inline const char *boot_identity(const struct boot *b) {
        return *b->id ? b->id : b->start;
}

void boots_done(struct boots *b);
/* A new boot, -errno when out of memory; ret is its index. */
int boots_add(struct boots *b, uint32_t source, uint32_t *ret);
/* Forgets the last one, which has no id. */
void boots_drop_last(struct boots *b);
/* A copy that shares strings with the original, which must outlive it: the judge's words do not show in that.
 * 0 or -ENOMEM. */
int boots_copy(struct boots *to, const struct boots *from);
/* n messages were lost between what was seen of the boot so far and a message at that time. 0 or -ENOMEM. */
int boot_lost(struct boot *b, uint64_t n, const struct stamp *before);
/* The boot with that id, added if it is new. */
int boots_find(struct boots *b, const char *id, uint32_t source, uint32_t *ret);
/* The same for a text's, which has no id, but by how it begins. like: whose labels it must not contradict; NULL: any.
 */
int boots_find_start(struct boots *b, const char *start, const struct boot *like, uint32_t source, uint32_t *ret);
/* Gives each boot the number to[its number]: the first of those that get the same number gets the next one. Of those
 * the one stays that was read further. */
void boots_join(struct boots *b, const uint32_t *to);
/* Of two logs of a boot, was a read at least as far? */
bool boot_reads_further(const struct boot *a, const struct boot *b);

static inline void boot_seen(struct boot *b, const struct stamp *t) {
        if (!b->first.has_mono && !b->first.has_real)
                b->first = *t;
        if (t->has_mono || t->has_real)
                b->last = *t;
}
