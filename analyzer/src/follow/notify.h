/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <stdint.h>

/* Notifications to the service manager, if there is one. */
void notify_ready(void);
void notify_reloading(void);
void notify_stopping(void);
void notify_status(const char *format, ...) __attribute__((format(printf, 1, 2)));
/* Says that we live when half the time has passed that the manager waits. Returns the milliseconds until it wants to
 * hear again, -1 where it does not. next_us: 0 at first, and kept by the caller. */
int notify_watchdog(uint64_t now_us, uint64_t *next_us);
