/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <stdbool.h>
#include <stdint.h>

/* How likely is the difference between two sides if nothing changed? Both tests are exact, and compute how all hits
 * are distributed over the two sides:
 *
 *  - boots, each of which shows a finding or does not: Fisher's exact test (hypergeometric);
 *  - time or rounds, in which a finding comes at some rate: the binomial test of two Poisson rates, by the part of
 *    the exposure that each side has.
 *
 * FEWER is the probability that NEW shows as few hits as it did or fewer, MORE as many or more. 1 if a side had no
 * exposure: then nothing can be concluded. */
enum tail { FEWER, MORE };

double chance_of_boots(uint64_t base_hits, uint64_t base_boots, uint64_t new_hits, uint64_t new_boots, enum tail tail);
double chance_of_rate(uint64_t base_hits, double base_exposure, uint64_t new_hits, double new_exposure, enum tail tail);

/* Is a probability small enough? With tolerance for rounding: 5 % is 0.05. */
static inline bool chance_within(double chance, double alpha) {
        return chance <= alpha * (1 + 1e-9);
}

/* How many boots, or how much exposure, NEW needs without a hit until FEWER is at most alpha. 0: no number would do
 * (of boots: within a million). */
uint64_t boots_needed(uint64_t base_hits, uint64_t base_boots, double alpha);
double exposure_needed(uint64_t base_hits, double base_exposure, double alpha);
