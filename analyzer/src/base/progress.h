/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <stdbool.h>
#include <stdint.h>

/* Messages that say how far a long job is, how fast it goes and when it will be done, from the second second on: one
 * line that stays in place, for a terminal, or a line every few seconds. Each call takes NULL for a job that
 * nobody looks at, and is cheap enough to come with each block that is read. */
struct progress;

/* NULL when out of memory. */
struct progress *progress_new(bool in_place);
/* Takes the line off. Returns NULL. */
struct progress *progress_free(struct progress *p);

/* So many bytes more are to be done. Not said, nobody knows how many: then no time is given. */
void progress_expect(struct progress *p, uint64_t bytes);
void progress_step(struct progress *p, uint64_t bytes);
/* Of a part of so many bytes, none of which was stepped over, this much is done; ends with a step of all of it. */
void progress_within(struct progress *p, uint64_t bytes, double share);
