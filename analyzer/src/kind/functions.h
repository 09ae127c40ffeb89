/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "base/slice.h"

/* What the kernel's own sources say of a function: the area that the file belongs to in which it is defined
 * (functions/areas.tsv). By name this comes from a list that functions/generate makes from the four trees; a name that
 * other files define too is not in it. */
enum function_role {
        FUNCTION_UNKNOWN,   /* in no area, or not known to these trees */
        FUNCTION_MACHINERY, /* acts for its callers: libraries, allocators, locks, checkers, traps */
        FUNCTION_INLINE,    /* the same in a header: may be in any module */
        FUNCTION_MODULE,    /* belongs to a driver; built into the image it has no [module] behind it */
};

/* The area, by the function's name, compiler's suffixes off: "locking", "[i915]". NULL slice: in none, or unknown. */
struct slice function_area(struct slice name);
/* By its name as well. ret_module (may be NULL) gets the module's name, empty for others. */
enum function_role function_role(struct slice name, struct slice *ret_module);
/* By the path of its source file from the tree's top. */
enum function_role path_role(struct slice path, struct slice *ret_module);
