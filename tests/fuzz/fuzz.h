/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/slice.h"

/* Called by libFuzzer with each input. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* What must hold whatever the input; a failure is a finding of the fuzzer's. */
#define MUST(condition)                                                                            \
        do {                                                                                       \
                if (!(condition)) {                                                                \
                        fprintf(stderr, "%s:%d: must hold: %s\n", __FILE__, __LINE__, #condition); \
                        abort();                                                                   \
                }                                                                                  \
        } while (0)

static inline bool lies_within(struct slice part, struct slice whole) {
        return part.n == 0 || (part.s >= whole.s && part.s + part.n <= whole.s + whole.n);
}
