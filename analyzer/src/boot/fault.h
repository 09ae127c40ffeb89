/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "boot/boot.h"

/* Adds an event in the log's order; above a limit, further events are dropped. 0 or -ENOMEM. */
int fault_add(struct boot *b, enum fault_event event, struct slice rule, const struct line *l);

/* The injected fault at a place of the log: a rule or "none"; NULL if unknown. */
const char *fault_at(const struct boot *b, uint32_t source, uint64_t number);
