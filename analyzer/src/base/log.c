/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "base/log.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/ci_command.h"

static log_sink_t log_sink;

void log_to(log_sink_t sink) {
        log_sink = sink;
}

/* A terminal obeys these: C0 and DEL; C1 as UTF-8, which no name of ours holds. And a CI its commands. */
static void tame(char *text) {
        for (unsigned char *p = (unsigned char *) text; *p; p++)
                if (*p < 0x20 || *p == 0x7f || (*p == 0xc2 && p[1] >= 0x80 && p[1] < 0xa0))
                        *p = '?';
        for (size_t at; text[at = ci_command_find(slice_of(text))]; text += at + 1)
                text[at] = '?';
}

__attribute__((format(printf, 2, 0))) static void say(enum message what, const char *format, va_list ap) {
        char text[4096];
        int n = log_sink ? vsnprintf(text, sizeof(text), format, ap) : -1;

        if (n < 0)
                return;
        if ((size_t) n >= sizeof(text))
                memcpy(text + sizeof(text) - 4, "...", 4);
        tame(text);
        log_sink(what, text);
}

void log_message(enum message what, const char *format, ...) {
        va_list ap;
        va_start(ap, format);
        say(what, format, ap);
        va_end(ap);
}

void log_error(const char *format, ...) {
        va_list ap;
        va_start(ap, format);
        say(MESSAGE_ERROR, format, ap);
        va_end(ap);
}

void log_warning(const char *format, ...) {
        va_list ap;
        va_start(ap, format);
        say(MESSAGE_WARNING, format, ap);
        va_end(ap);
}

int log_oom(void) {
        log_error("out of memory");
        return -ENOMEM;
}
