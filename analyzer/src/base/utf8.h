/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "base/buffer.h"

/* Appends bytes as valid UTF-8: each byte that is none becomes U+FFFD, and so do control characters other
 * than tab and newline. 0 or -ENOMEM. */
int utf8_add(struct buffer *b, struct slice s);
