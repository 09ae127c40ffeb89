/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "scan/patience.h"

/* A report that is whole ends after so many lines of others; where callers are known and no mark showed its end,
 * those say little of it. */
enum { FOREIGN_MAX_COMPLETE = 16, FOREIGN_MAX_CALLER = 128 };
static const uint64_t moment_us = 2 * 1000000ull, late_us = 10 * 1000000ull;

/* Behind the mark of a report's end nothing but a panic may come, and that at once; what the kernel says behind a panic
 * may take long. One that is not alone does not overtake those that began before it. */
static unsigned patience(const struct report *r, bool alone) {
        if (!r->complete)
                return FOREIGN_MAX;
        const bool ended = r->over && !r->panicked && alone;

        return ended || r->caller == CALLER_NONE ? FOREIGN_MAX_COMPLETE : FOREIGN_MAX_CALLER;
}

/* How long ago, by the kernel's clock, the report's last line was; 0 where that is not known. */
static uint64_t silent_us(const struct report *r, const struct line *l) {
        return r->last.has_mono && l->time.has_mono && l->time.mono_us > r->last.mono_us ?
                       l->time.mono_us - r->last.mono_us :
                       0;
}

bool is_moment(const struct report *r, const struct line *l) {
        return !r->over && r->caller != CALLER_NONE && r->last.has_mono && l->time.has_mono &&
               silent_us(r, l) < moment_us;
}

bool is_old(const struct report *r, const struct line *l, bool alone) {
        return (r->foreign > patience(r, alone) && !is_moment(r, l)) ||
               ((r->complete || r->caller == CALLER_NONE) && silent_us(r, l) > quiet_us);
}

bool is_late(const struct report *r, const struct line *l) {
        return silent_us(r, l) > late_us;
}

enum report_end quiet_end(const struct report *r, const struct line *l) {
        enum { BETWEEN = 2 };
        const bool timed = r->last.has_mono || r->last.has_real;

        if (!l->record->console || l->time.has_mono || l->time.has_real)
                return END_QUIET;
        return timed || (!r->timed && r->foreign <= BETWEEN) ? END_PROSE : END_QUIET;
}
