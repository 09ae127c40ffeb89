/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* Messages for people: what happened, where, and what to do about it. Only cmd prints them: all messages go to one
 * function, which log_to() sets (see cmd/messages.h); without one they are dropped. */

enum message {
        MESSAGE_ERROR,
        MESSAGE_WARNING,
        MESSAGE_LAST,     /* a fatal error: printing it must not wait for a reader */
        MESSAGE_PROGRESS, /* how far a job is, in a line of its own */
        MESSAGE_STATUS, /* the same in one line, which the next replaces and which gives way to messages; "": no more */
};

/* Names and log text in a message may hold any byte: the function gets control characters replaced by '?'. Several
 * threads may call it at once. */
typedef void (*log_sink_t)(enum message what, const char *text);
void log_to(log_sink_t sink);

void log_error(const char *format, ...) __attribute__((format(printf, 1, 2)));
void log_warning(const char *format, ...) __attribute__((format(printf, 1, 2)));
void log_message(enum message what, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* Reports that memory ran out; returns -ENOMEM. */
int log_oom(void);
