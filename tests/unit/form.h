/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "base/buffer.h"

/* A log as the kernel said it. */
struct said {
        struct {
                uint64_t us;
                char text[1200];
        } lines[4000];
        size_t n;
};

/* A fixture, whose lines have the kernel's time. The caller frees. */
struct said *read_said(const char *name);

/* The same of several. */
void read_all_said(struct said **logs, const char *const *names, size_t n);
void free_all_said(struct said **logs, size_t n);

/* What a text gives, as a file of that path: titles and marks of damage. The buffer is done, the caller frees. */
char *found_in(const char *path, struct buffer *b, int status);

/* A line of it. */
struct place {
        const struct said *log;
        size_t i;
};

/* A form is a line with fields in it:
 *
 * %k [   12.345678]   %K 12.345678   %T ctime   %S syslog   %I ISO 8601   %C clock   %c with milliseconds   %E epoch
 * %D 2026/11/23 10:00:00   %A 11-23 10:00:00.123   %n line number   %N the same, six wide   %L level   %l its letter
 * %P <4>   %x a mark or a blank   %s a letter or one   %h host   %t task   %p its id   %u CPU   %m message   %j the
 * message in a string's escapes   %% itself */
void put_line(struct buffer *b, const char *form, struct place at);

__attribute__((format(printf, 2, 3))) void putf(struct buffer *b, const char *format, ...);
