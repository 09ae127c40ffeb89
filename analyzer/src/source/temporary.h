/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* A folder of files that others read by name, in $TMPDIR or /tmp. It goes with temporary_free(), and also when a signal
 * ends the process before. */
struct temporary;

/* 0 or -errno. Removes all, also half made: temporary_free(). */
int temporary_new(struct temporary **ret);
struct temporary *temporary_free(struct temporary *t);
const char *temporary_path(const struct temporary *t);
/* A new empty file in it, to write to: a descriptor that the caller closes, or -errno. */
int temporary_file(struct temporary *t);
