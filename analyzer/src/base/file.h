/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <stdbool.h>
#include <stdio.h>
#include <sys/types.h>

#include "base/buffer.h"
#include "base/table.h"

/* Appends all bytes of a file. 0, -ENOMEM, or -errno; the buffer then has the bytes read so far. */
int file_read(const char *path, struct buffer *ret);

/* The file exists, is readable, and begins with these bytes. */
bool file_begins_with(const char *path, struct slice magic);

/* The name is that of a pipe, a device or a directory, which must not be replaced by a file. */
bool file_is_other(const char *path);

/* A new file of that name, to be written; one that was there goes. A link is not followed, nor is a file written that
 * somebody else opened before: in a folder that others can write, they choose what stands at the name. A descriptor, or
 * -errno. */
int file_create(const char *path, mode_t mode);
/* A new file beside that one, which it is to replace when it is whole. Nobody can tell its name before, and none that
 * is there goes. *ret: its name. A descriptor, or -errno. */
int file_create_beside(const char *path, mode_t mode, char **ret);

/* A file without a name, for reading and writing: no other process sees it, and closing the stream removes it. In
 * $TMPDIR, /var/tmp or /tmp, in that order, because /tmp may be in memory. NULL if none of them works. */
FILE *file_unnamed(void);

/* Files that were given, by what they are and not by name. Zero-initialise. */
struct file_set {
        struct table files;
};
/* 1: it is new to the set, and was added; 0: it was there; -ENOMEM. */
struct stat;
int file_set_add(struct file_set *set, const struct stat *st);
bool file_set_has(const struct file_set *set, const struct stat *st);
void file_set_done(struct file_set *set);
