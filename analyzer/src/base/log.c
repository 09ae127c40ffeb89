/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "base/log.h"

#include <errno.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>

/* What stderr shows, of which there is one: a status without a newline. */
static bool has_status;

static void clear_status(void) {
        if (has_status)
                fputs("\r\033[K", stderr);
        has_status = false;
}

/* A terminal obeys these: C0 and DEL; C1 as UTF-8, which no name of ours holds. */
static void tame(char *text) {
        for (unsigned char *p = (unsigned char *) text; *p; p++)
                if (*p < 0x20 || *p == 0x7f || (*p == 0xc2 && p[1] >= 0x80 && p[1] < 0xa0))
                        *p = '?';
}

__attribute__((format(printf, 2, 0))) static void say(const char *level, const char *format, va_list ap) {
        char text[4096];
        int n = vsnprintf(text, sizeof(text), format, ap);

        if (n < 0)
                return;
        tame(text);
        flockfile(stderr);
        clear_status();
        fprintf(stderr, "vmlife: %s%s%s\n", level, text, (size_t) n < sizeof(text) ? "" : "...");
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

void log_status(const char *text) {
        flockfile(stderr);
        clear_status();
        if (text)
                fprintf(stderr, "vmlife: %s", text);
        has_status = text;
        fflush(stderr);
        funlockfile(stderr);
}
