/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "base/buffer.h"
#include "base/slice.h"

/* Lines that something else than a line end ends: which, is seen in the text's beginning. */
struct line_ends {
        bool one_string;   /* the text is one string, its line ends are "\\n" */
        bool only_returns; /* its lines end in carriage returns alone */
        bool run_together; /* its line ends became blanks: the kernel's time stands within lines, again and again */
        size_t date;       /* there each has a date of so many bytes before that, or only this; 0: none */
        bool nuls;         /* bytes that are zero are its line ends */
        bool of_unicode;   /* Unicode's other line ends are */
        bool tabs;         /* most lines have "\\t" where a tab was */
        bool several; /* most lines with the kernel's time have it several times: their ends were lost here and there */
        size_t held;  /* bytes at the buffer's end that may begin an escape of that string */
};

void line_ends_see(struct line_ends *l, struct slice beginning);

bool line_ends_others(const struct line_ends *l);

/* Makes lines of what came into the buffer, from that byte on. */
void line_ends_put(struct line_ends *l, struct buffer *b, size_t from);
