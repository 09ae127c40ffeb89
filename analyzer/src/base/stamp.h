/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <stdbool.h>
#include <stdint.h>

/* A point in time; either clock may be missing. Two of one boot are compared by the kernel's clock where both have it,
 * else by the wall clock. */
struct stamp {
        bool has_mono, has_real;
        uint64_t mono_us; /* microseconds since boot, the kernel's clock */
        uint64_t real_us; /* microseconds since 1970, UTC */
};

/* Microseconds between them, UINT64_MAX if they have no common clock. */
static inline uint64_t stamp_distance(const struct stamp *a, const struct stamp *b) {
        if (a->has_mono && b->has_mono)
                return a->mono_us > b->mono_us ? a->mono_us - b->mono_us : b->mono_us - a->mono_us;
        if (a->has_real && b->has_real)
                return a->real_us > b->real_us ? a->real_us - b->real_us : b->real_us - a->real_us;
        return UINT64_MAX;
}

/* Is a not later than b plus slack? True if they have no common clock. */
static inline bool stamp_before(const struct stamp *a, const struct stamp *b, uint64_t slack_us) {
        if (a->has_mono && b->has_mono)
                return a->mono_us <= b->mono_us || a->mono_us - b->mono_us <= slack_us;
        if (a->has_real && b->has_real)
                return a->real_us <= b->real_us || a->real_us - b->real_us <= slack_us;
        return true;
}
