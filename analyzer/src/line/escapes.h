/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "base/buffer.h"

/* Undo the escapes that programs added to a message. All work in place, because escapes only make text longer. */

/* Are there a terminal's escape sequences in it, as such or in the ways in which programs print them ("^[[0m",
 * "#033[0m", "\x1b[0m")? */
bool escapes_in(struct slice s);
/* Removes them. A reset of the terminal separates the firmware's output from the kernel's first line. Returns the new
 * length. */
size_t escapes_drop(char *p, size_t n);

/* Does a syslog daemon's or the kernel's own way to write a line end ("#012", "\x0a") stand in it? */
bool controls_in(struct slice s);
size_t controls_undo(char *p, size_t n);

/* Text that is one string from its beginning to its end, as JSON and Python write it: each piece of it, in place.
 * Returns the new length; *held is how many bytes at the end may begin an escape, and were left for the next piece. */
size_t string_undo(char *p, size_t n, size_t *held);

/* A string within the marks of JSON, Python, YAML or CSV: up to the closing mark, escapes undone. */
size_t quoted_undo(char *p, size_t n, char quote);
