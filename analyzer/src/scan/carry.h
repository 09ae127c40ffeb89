/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "scan/scan.h"

/* A report that a rotated log's file ends within, and the next one begins within. */

/* At a text's end, around what ends its open reports: keeps the lines of the one that is open, and what becomes of it.
 */
int carry_begin(struct scan *s, uint32_t source);
void carry_end(struct scan *s, uint32_t source);

/* For the text behind it. Does its line, the first that is the kernel's, go on with that report? Then what was made of
 * the report's beginning is forgotten, and its lines are to be taken before this text's own; empty where it does not.
 * They stay until another source ends. */
struct slice carry_take(struct scan *s, uint32_t source, const struct line *l);
