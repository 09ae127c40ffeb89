/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "line/line.h"

/* The last lines that began a report, to know what a log shows again; a ring. */
enum { SEEN_MAX = 64 };
struct seen_lines {
        struct {
                uint64_t hash;
                size_t n;
                uint32_t boot;
                uint64_t mono_us;
        } line[SEEN_MAX];
        size_t n;
};

/* Consoles show what dmesg printed of the same kernel: its lines come again with the time they had, or with none. A
 * kernel says nothing twice in a microsecond. Is the line of a text log such? Remembers it where it is new. */
bool seen_again(struct seen_lines *s, const struct line *l);
