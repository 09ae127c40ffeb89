/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "base/buffer.h"

/* Does it begin with base64 that holds a text of several lines? Line ends in it count for nothing. */
bool base64_holds_text(struct slice s);
