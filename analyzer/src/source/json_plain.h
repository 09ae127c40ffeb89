/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <json-c/json.h>

/* A value of OpenTelemetry's as others write it, which the caller puts: { "stringValue": "x" } is "x", and a list of
 * { "key": "name", "value": ... } an object. NULL where memory ended. */
struct json_object *json_plain(struct json_object *v);
