/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "base/log.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>

static void say(const char *level, const char *format, va_list ap) {
        flockfile(stderr);
        fputs("vmlife: ", stderr);
        fputs(level, stderr);
        vfprintf(stderr, format, ap);
        fputc('\n', stderr);
        funlockfile(stderr);
}

void log_error(const char *format, ...) {
        va_list ap;
        va_start(ap, format);
        say("", format, ap);
        va_end(ap);
}

void log_warning(const char *format, ...) {
        va_list ap;
        va_start(ap, format);
        say("warning: ", format, ap);
        va_end(ap);
}

int log_oom(void) {
        log_error("out of memory");
        return -ENOMEM;
}
