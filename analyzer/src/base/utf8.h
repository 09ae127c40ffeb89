/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "base/buffer.h"

/* Appends bytes as valid UTF-8: each invalid byte, and each control character other than tab and newline, becomes
 * U+FFFD. 0 or -ENOMEM. */
int utf8_add(struct buffer *b, struct slice s);

/* The same for readers' eyes: what does not print where it stands becomes U+FFFD too. C1 controls steer terminals that
 * are old enough; marks of direction, invisible characters and separators of lines make a text look like another. So
 * does the first character of what a CI would obey (base/ci_command.h). */
int utf8_add_shown(struct buffer *b, struct slice s);

/* The bytes of the character that s begins with and that does not print where it stands, and which it is; 0: another.
 */
size_t utf8_invisible(struct slice s, uint32_t *ret);
