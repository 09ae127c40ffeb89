/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* Messages for people, on stderr: "vmlife: WHAT". Say what happened, where, and what to do about it. */
void log_error(const char *format, ...) __attribute__((format(printf, 1, 2)));
void log_warning(const char *format, ...) __attribute__((format(printf, 1, 2)));
/* The usual words for running out of memory; returns -ENOMEM. */
int log_oom(void);
