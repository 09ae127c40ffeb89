/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <json-c/json.h>
#include <stdbool.h>

/* Who wrote a line that a collector put into an object. What the members beside it say is believed as far as the
 * collector sets them: a transport before a facility before a name, for any program may log under any name. */
enum author {
        AUTHOR_UNSAID, /* no member tells */
        AUTHOR_KERNEL,
        AUTHOR_PROCESS,
};

/* What the object's own members and those of objects in it say, but for objects that are lines of their own (has_line
 * says which) and lists. */
enum author json_author(struct json_object *o, bool (*has_line)(struct json_object *o));

/* Of a line in an object within another: both must be the kernel's, or silent. */
enum author json_author_within(enum author outer, enum author inner);
