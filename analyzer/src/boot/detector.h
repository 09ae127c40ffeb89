/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <stdint.h>

#include "base/arena.h"
#include "line/line.h"

/* What watches a kernel. A log without reports says something only where these were there and awake. A new
 * one is a line here, one in names[], and its words in signs[], both in detector.c. */
enum detector {
        DETECTOR_VMLIFE,
        DETECTOR_LOCKDEP,
        DETECTOR_KCSAN,
        DETECTOR_KASAN,
        DETECTOR_REFCOUNT,
        DETECTOR_KFENCE,
        DETECTOR_UBSAN,
        DETECTOR_KMEMLEAK,
        DETECTOR_ODEBUG,
        DETECTOR_HUNG_TASK,
        N_DETECTORS,
        DETECTOR_NONE = N_DETECTORS,
};

const char *detector_name(enum detector d);
/* DETECTOR_NONE if no detector has that name. */
enum detector detector_of(struct slice name);

enum presence { PRESENCE_UNKNOWN, PRESENCE_NO, PRESENCE_YES };

struct boot;

/* The detector is there, or is not; the first word counts. 0 or -ENOMEM. */
int watch_present(struct boot *b, enum detector d, enum presence p, struct slice shown_by, const struct stamp *t);
/* It fell silent; the earliest counts. why: a literal or in the boot's arena. */
void watch_quiet(struct boot *b, enum detector d, const char *why, const struct stamp *t);
/* It will not say this again in this boot. Told twice, it is kept once. */
int watch_spent(struct boot *b, enum detector d, struct slice what);

/* What the kernel's own words say of its detectors: signs[] of detector.c. Returns 0, also for a line that
 * is none, or -ENOMEM. */
int sign_take(struct boot *b, const struct line *l);
