/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "base/slice.h"

/* Private to layout.c: the facility that a syslog daemon writes into each line, "kern.warn kernel: " or "kernel:
 * kern.warn ". A program chooses its tag and may choose the kernel's; where the daemon names facilities, another one
 * than the kernel's shows that. Some daemons give the kernel's own lines another facility (busybox with glibc: "user"),
 * so it counts only in a text whose lines with the kernel's tag or time mostly name the kernel's. */
struct facilities {
        size_t kern[2], others[2]; /* lines that name it before the tag or the time, and behind the tag */
};

void facilities_learn(struct facilities *f, struct slice line);
/* Does the line name another facility where the kernel's lines name theirs? */
bool facilities_deny(const struct facilities *f, struct slice line);
