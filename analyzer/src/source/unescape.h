/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "base/buffer.h"

/* The text of a string that stands in such marks, into out, which is emptied first. Escapes begin with a backslash in
 * '"'; between other marks only the mark itself has one, its double. 0 or -ENOMEM. */
int unescape(struct slice s, char mark, struct buffer *out);
