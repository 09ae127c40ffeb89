/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <stdbool.h>
#include <stdio.h>

#include "base/buffer.h"

/* Appends all bytes of a file. 0, -ENOMEM, or -errno; what was read until then is in the buffer. */
int file_read(const char *path, struct buffer *ret);

/* The file is there, can be read, and its first bytes are these. */
bool file_begins_with(const char *path, struct slice magic);

/* There is a pipe, a device or a folder of that name: no file may take its place. */
bool file_is_other(const char *path);

/* A file to read and write that has no name, so that nobody else sees it and it goes with the stream; in $TMPDIR,
 * /var/tmp or /tmp, in that order, for /tmp may be memory itself. NULL where none of them takes one. */
FILE *file_unnamed(void);
