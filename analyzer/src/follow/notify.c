/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "follow/notify.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <systemd/sd-daemon.h>
#include <time.h>

void notify_ready(void) {
        (void) sd_notify(0, "READY=1");
}

void notify_reloading(void) {
        struct timespec ts;

        clock_gettime(CLOCK_MONOTONIC, &ts);
        (void) sd_notifyf(0, "RELOADING=1\nMONOTONIC_USEC=%" PRIu64,
                          (uint64_t) ts.tv_sec * 1000000 + (uint64_t) ts.tv_nsec / 1000);
}

void notify_stopping(void) {
        (void) sd_notify(0, "STOPPING=1");
}

void notify_status(const char *format, ...) {
        char text[256];
        va_list ap;

        va_start(ap, format);
        vsnprintf(text, sizeof(text), format, ap);
        va_end(ap);
        (void) sd_notifyf(0, "STATUS=%s", text);
}

int notify_watchdog(uint64_t now_us, uint64_t *next_us) {
        uint64_t every;

        if (sd_watchdog_enabled(0, &every) <= 0)
                return -1;
        if (now_us >= *next_us) {
                (void) sd_notify(0, "WATCHDOG=1");
                *next_us = now_us + every / 2;
        }
        return (int) ((*next_us - now_us) / 1000 + 1);
}
