/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "base/buffer.h"

/* The file with a follower's state: written atomically, and protected by a hash. */

/* Takes the lock that keeps a second follower away; its descriptor, or -errno, which it says. */
int state_file_lock(const char *path);
/* What was kept: 0 with nothing in it where there is no file, or one that is damaged or of another version, which is
 * said and put aside. -errno where it cannot be read. */
int state_file_read(const char *path, struct buffer *ret);
/* On disk when it returns 0. */
int state_file_write(const char *path, const struct buffer *state);
