/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <json-c/json.h>

/* Puts the text in place of each string of the value that holds one in base64, as interfaces give attachments and
 * files. 0 or -ENOMEM. */
int json_undo_base64(struct json_object *v);
