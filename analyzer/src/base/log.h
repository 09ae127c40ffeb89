/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* Messages for people, on stderr: "vmlife: WHAT". Say what happened, where, and what to do about it. Names and log
 * text in them may hold any byte: control characters are shown as '?'. */
void log_error(const char *format, ...) __attribute__((format(printf, 1, 2)));
void log_warning(const char *format, ...) __attribute__((format(printf, 1, 2)));
/* The usual words for running out of memory; returns -ENOMEM. */
int log_oom(void);

/* One line of a terminal that is written over by the next, and gives way to messages; NULL takes it off. */
void log_status(const char *text);
