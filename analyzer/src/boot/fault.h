/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "boot/boot.h"

/* Which fault was asked for, and when: the load line and the runtime switch set it, and a selftest says at
 * its end which one it ran with (it runs clean rounds first, even where a fault is set). */
enum fault_event { FAULT_SET, FAULT_TEST_BEGIN, FAULT_TEST_END };

struct fault {
        enum fault_event event;
        uint32_t source;
        uint64_t number;  /* line or entry */
        const char *rule; /* NULL for FAULT_TEST_BEGIN */
};

/* Keeps an event in the log's order; beyond a bound nothing more is kept. 0 or -ENOMEM. */
int fault_add(struct boot *b, enum fault_event event, struct slice rule, const struct line *l);

/* The fault in force at a place of the log: a rule or "none"; NULL where the log does not tell. */
const char *fault_at(const struct boot *b, uint32_t source, uint64_t number);
