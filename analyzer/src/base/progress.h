/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <stdbool.h>
#include <stdint.h>

/* Progress of a long job: how far it is, its speed and the time left, from the second second on. On a terminal one line
 * that is rewritten, otherwise a line every few seconds. Each call accepts NULL, for no output, and is cheap
 * enough to be made for each block. */
struct progress;

/* NULL when out of memory. */
struct progress *progress_new(bool in_place);
/* Removes the line. Returns NULL. */
struct progress *progress_free(struct progress *p);

/* Adds so many bytes to the total. Without a total, no time left is shown. */
void progress_expect(struct progress *p, uint64_t bytes);
void progress_step(struct progress *p, uint64_t bytes);
/* Progress within a part of so many bytes that is not yet counted; progress_step() counts it at its end. */
void progress_within(struct progress *p, uint64_t bytes, double share);
