/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "base/buffer.h"
#include "base/build.h"

/* A file of known issues as people wrote it, with one entry more at the end of its list: all else stays byte by byte,
 * and the entry is laid out as those before it. 0, -ENOMEM, or -EBADMSG where there is no list "issues". */
int known_text_add(struct slice text, struct json_object *issue, struct buffer *ret);
