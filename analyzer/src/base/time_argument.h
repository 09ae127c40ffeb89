/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <stdbool.h>
#include <stdint.h>

/* Reads a time as journalctl's --since does: "2026-11-23", "2026-11-23 10:00[:00]", "@1700000000", "now",
 * "today", "yesterday", "-90s", "-15min", "-2h", "-1d". Local time; microseconds since 1970. */
bool time_argument_parse(const char *s, uint64_t *ret);
