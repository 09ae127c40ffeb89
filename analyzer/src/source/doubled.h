/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "base/slice.h"

/* Texts that have each line twice: two consoles on one line, two loggers into one file. */

/* Equal for a line and its double: what stands before the kernel's time is a logger's, but for a
 * machine's name. 0: it is blank. */
uint64_t doubled_key(struct slice line);
/* Do most lines of the window come twice, the one behind the other? */
bool doubled_lines(struct slice window);
