/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/slice.h"
#include "base/stamp.h"

struct layout;

/* Who wrote a message, as far as the source can tell. */
enum origin {
        ORIGIN_KERNEL,     /* the kernel itself: facility 0 */
        ORIGIN_USERSPACE,  /* a process, through /dev/kmsg or syslog */
        ORIGIN_UNVERIFIED, /* console text: anybody who can write to the console */
};

/* Who printed a line (CONFIG_PRINTK_CALLER): tasks are even, CPUs odd. */
#define CALLER_NONE 0u
#define CALLER_TASK(id) (((id) << 1) + 2u)
#define CALLER_CPU(id) (((id) << 1) + 1u)

/* One entry of a source: what flows from source to line. All pointers are valid until the next record. */
struct record {
        struct slice message;
        struct layout
                *layout; /* of a text: what its lines' prefixes look like (layout.h); NULL where nobody learns it */
        bool console;    /* the message carries prefixes (time, caller, level) that must come off */
        bool goes_on;    /* it goes on a line that another record came into, says who printed it: it begins nothing */
        bool cut;        /* the source had to cut the message: it was too long */
        enum origin origin; /* for console text a guess that the prefix may correct */
        struct stamp time;
        uint32_t caller; /* CALLER_NONE where the source does not know it */
        uint32_t boot;   /* index into the scan's boots */
        uint32_t source; /* index into the scan's sources */
        uint64_t number; /* entry or line, counted from 1 within the source */

        /* A name for the place that the source can find again, such as a journal cursor. Asked for the first
         * line of a report only. NULL where the number says all. 0 or -errno; the caller frees. */
        int (*cursor)(const struct record *r, char **ret);
        void *userdata;
};
