/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "cmd/messages.h"

#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <unistd.h>

#include "base/log.h"
#include "base/macros.h"
#include "output/terminal.h"

/* What stderr shows, of which there is one: a status without a newline. */
static bool has_status;

static void clear_status(void) {
        if (has_status)
                fputs("\r\033[K", stderr);
        has_status = false;
}

/* A line that does not fit could not be cleared: its end is left out. */
static void show_status(const char *text) {
        const size_t width = terminal_of(stderr, COLOR_NEVER).width;
        char line[256];

        has_status = *text;
        if (has_status) {
                snprintf(line, MIN(sizeof(line), width ? width : sizeof(line)), "vmlife: %s", text);
                fputs(line, stderr);
        }
        fflush(stderr);
}

/* Does somebody read it? */
static bool is_read(void) {
        return poll(&(struct pollfd){ .fd = STDERR_FILENO, .events = POLLOUT }, 1, 0) > 0;
}

static void show_message(enum message what, const char *text) {
        if (what == MESSAGE_LAST && !is_read())
                return;
        flockfile(stderr);
        clear_status();
        if (what == MESSAGE_STATUS)
                show_status(text);
        else
                fprintf(stderr, "vmlife: %s%s\n", what == MESSAGE_WARNING ? "warning: " : "", text);
        funlockfile(stderr);
}

void messages_to_stderr(void) {
        log_to(show_message);
}
