/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "line/line.h"

/* printk puts what goes on a line into the line's record, unless another CPU's came between: then it is a record of its
 * own, and may begin with what a user chose. Of that there is one in all trees: the name of a task's cgroup, behind
 * "cpuset=". A path in a cgroup begins with a slash. */
struct parted {
        bool open; /* such a line was begun, and its end did not come so far */
        uint32_t boot, source, caller;
        uint64_t number; /* of its record */
        struct stamp time;
};

enum rest {
        REST_NOT,
        REST_MAYBE, /* it stands where the rest would, and nobody knows who printed which */
        REST_IS,
};

/* What a record's first line is to the line that was begun before it; takes note of what it begins or ends. */
enum rest parted_rest(struct parted *p, const struct line *l);
