/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "line/record.h"

/* Times as programs write them before a message. Each removes one from the start of s and sets the known members of t;
 * false, and nothing removed, if there is none. */

/* "[   12.345678]": seconds and microseconds since boot, the kernel's own. */
bool clock_kernel(struct slice *s, struct stamp *t);

/* A time of day, with or without a date, in whatever order, language and precision: ISO 8601, syslog, ctime, "Sep20
 * 11:53", Android, seconds since 1970. The point in time is known only where year, month and day are; without a zone
 * it counts as UTC. */
bool clock_wall(struct slice *s, struct stamp *t);

/* What else a bracket or a column before a message may hold: a time of either kind, seconds since boot, a difference
 * ("+0.003000", "<    0.003000>"). */
bool clock_any(struct slice *s, struct stamp *t);
