/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <stdio.h>

#include "base/buffer.h"

/* JSON as json-c makes it, with characters that do not print where they stand (C1 controls, marks of direction,
 * separators of lines), and the first one of what a CI would obey (base/ci_command.h), in letters: "\\u202e".
 * Terminals and readers of lines see none, and a parser the same value. */

/* 0 or -ENOMEM. */
int json_text_add(struct buffer *b, const char *json);
void json_text_print(FILE *f, const char *json);
