/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <json-c/json.h>
#include <stdbool.h>

/* Do the items list the newest first, as what searches in collected logs gives? Each has a time: the first member that
 * is one, also of an object within ("_source"), or the first item of a pair. */
bool json_falls(struct json_object *array);
