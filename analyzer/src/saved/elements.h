/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <json-c/json.h>

#include "source/input.h"

/* Takes one element: key is the member of the report that it is of ("schema", "tool", "summary") or in ("sources",
 * "boots", "findings", "groups"), index its place in there. Of NDJSON (line is set), key is the line's type ("source",
 * "boot", "finding", "group", "summary", "report") and index counts those of its type. Keys of later versions come too.
 * The value may be of any type, NULL for null, and is gone afterwards. 0 or -errno, which ends the reading. */
typedef int (*element_taker)(void *userdata, const char *key, uint64_t index, struct json_object *value, bool line);

/* Reads JSON or NDJSON, element by element: no more than one is in memory. 0, what the taker returned, or -errno
 * when it is neither, is cut off, or cannot be read; that is said. */
int elements_read(struct input *in, element_taker take, void *userdata);
