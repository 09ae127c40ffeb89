/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <json-c/json.h>
#include <stdbool.h>
#include <stddef.h>

/* Who wrote a line that a collector put into an object. What the members beside it say is believed as far as the
 * collector sets them: a transport before a facility before a name, for any program may log under any name. */
enum author {
        AUTHOR_UNSAID, /* no member tells */
        AUTHOR_KERNEL,
        AUTHOR_PROCESS,
};

/* Syslog's priorities in a text, of lines that no name shows to be a program's. One with another facility than the
 * kernel's shows a program only where most have the kernel's: some daemons give its lines another one. */
struct json_priorities {
        size_t kernels, others;
        bool learned; /* the text's first values were looked at; before, lines are counted and none is judged so */
};

/* What the object's own members and those of objects in it say, but for objects that are lines of their own (has_line
 * says which) and lists. */
enum author json_author(struct json_object *o, bool (*has_line)(struct json_object *o), struct json_priorities *p);

/* Of a line in an object within another: both must be the kernel's, or silent. */
enum author json_author_within(enum author outer, enum author inner);
