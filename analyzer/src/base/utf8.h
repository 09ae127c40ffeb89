/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "base/buffer.h"

/* Appends bytes as valid UTF-8: each invalid byte, and each control character other than tab and newline, becomes
 * U+FFFD. 0 or -ENOMEM. */
int utf8_add(struct buffer *b, struct slice s);
