/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "diff/stats.h"

#include <math.h>

#include "base/macros.h"

/* The logarithm of n over k. lgamma() has a global that only its sign goes to. */
static double log_choose(double n, double k) {
        return lgamma(n + 1) - lgamma(k + 1) - lgamma(n - k + 1);
}

static double bounded(double p) {
        return p < 0 ? 0 : p > 1 ? 1 : p;
}

double chance_of_boots(uint64_t base_hits, uint64_t base_boots, uint64_t new_hits, uint64_t new_boots, enum tail tail) {
        const uint64_t hits = base_hits + new_hits;
        const double all = log_choose((double) (base_boots + new_boots), (double) hits);
        /* As many hits as NEW can have had. */
        const uint64_t least = hits > base_boots ? hits - base_boots : 0, most = MIN(hits, new_boots);
        const uint64_t from = tail == FEWER ? least : new_hits, to = tail == FEWER ? new_hits : most;
        double p = 0;

        if (base_boots == 0 || new_boots == 0)
                return 1;
        for (uint64_t x = from; x <= to; x++)
                p += exp(log_choose((double) new_boots, (double) x) +
                         log_choose((double) base_boots, (double) (hits - x)) - all);
        return bounded(p);
}

double chance_of_rate(uint64_t base_hits, double base_exposure, uint64_t new_hits, double new_exposure,
                      enum tail tail) {
        const uint64_t hits = base_hits + new_hits;
        const uint64_t from = tail == FEWER ? 0 : new_hits, to = tail == FEWER ? new_hits : hits;
        double p = 0;

        if (!(base_exposure > 0) || !(new_exposure > 0))
                return 1;
        const double of_new = log(new_exposure / (base_exposure + new_exposure)),
                     of_base = log(base_exposure / (base_exposure + new_exposure));
        for (uint64_t x = from; x <= to; x++)
                p += exp(log_choose((double) hits, (double) x) + (double) x * of_new + (double) (hits - x) * of_base);
        return bounded(p);
}

uint64_t boots_needed(uint64_t base_hits, uint64_t base_boots, double alpha) {
        enum { LIMIT = 1000000 };
        double p = 1;

        /* Each boot more multiplies the chance that all hits fell onto BASE. */
        for (uint64_t n = 1; base_hits && base_boots >= base_hits && n <= LIMIT; n++) {
                p *= (double) (base_boots + n - base_hits) / (double) (base_boots + n);
                if (chance_within(p, alpha))
                        return n;
        }
        return 0;
}

double exposure_needed(uint64_t base_hits, double base_exposure, double alpha) {
        if (base_hits == 0 || !(base_exposure > 0))
                return 0;
        return base_exposure * (pow(alpha, -1.0 / (double) base_hits) - 1);
}
