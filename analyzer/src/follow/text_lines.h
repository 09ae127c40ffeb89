/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "base/buffer.h"

/* What follow emits, for people: each JSON line of *lines becomes a line of text, or none where it tells a reader
 * nothing new. The machine of a finding is asked of its boot's number; NULL where nothing names it. Replaces the
 * content of *lines. 0 or -ENOMEM. */
int text_lines(struct buffer *lines, const char *(*machine_of)(uint64_t boot, const void *userdata),
               const void *userdata);
