/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "boot/boot.h"

/* Keeps an event in the log's order; beyond a bound nothing more is kept. 0 or -ENOMEM. */
int fault_add(struct boot *b, enum fault_event event, struct slice rule, const struct line *l);

/* The fault in force at a place of the log: a rule or "none"; NULL where the log does not tell. */
const char *fault_at(const struct boot *b, uint32_t source, uint64_t number);
