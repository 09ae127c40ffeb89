/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <sched.h>

#include "base/macros.h"
#include "source/source.h"

unsigned source_threads(const struct source_options *o) {
        enum { MANY = 8 };
        cpu_set_t set;

        if (o->threads)
                return o->threads;
        return sched_getaffinity(0, sizeof(set), &set) == 0 ? MIN((unsigned) CPU_COUNT(&set), (unsigned) MANY) : 1;
}
