/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "line/layout.h"
#include "scan/scan.h"
#include "source/bare_stacks.h"

/* What came of a text that was read to its end, besides what stands in its source_info. */
struct text_shown {
        const struct layout *layout;
        const struct bare_stacks *stacks;
        uint64_t lines;
        bool listed; /* nobody named it: a folder or an archive holds it */
};

/* Says in the source_info how the text was read, and what is in doubt of it: whether its silence means something.
 * 0, -ENOMSG where no line of it could be told to be a kernel's, -ENODATA where some have a kernel's words all the
 * same, -ENOMEM. */
int text_conclude(struct scan *s, uint32_t source, const struct text_shown *t, const char *name);

/* Does a line end as those of a stack do, "+0x62/0xb0", "+0x62/0xb0 [i915]" or "+0x62/0xb0 mm/slub.c:1344"? Then it may
 * be a log in a form that is not known, and not only a text that has a kernel's words. */
bool text_has_frame(struct slice beginning);
