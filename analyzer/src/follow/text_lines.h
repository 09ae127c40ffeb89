/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "base/buffer.h"

/* What follow emits, for people: each JSON line of *lines becomes a line of text, or none where it tells a reader
 * nothing new. Replaces the content of *lines. 0 or -ENOMEM. */
int text_lines(struct buffer *lines);
