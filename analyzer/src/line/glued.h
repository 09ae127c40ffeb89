/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "base/slice.h"

/* Records of the kernel that lost their line ends: a line with its own prefix again within it. line: with its prefix,
 * of that many bytes. Returns where the next record begins, 0 if there is none. Users can have the kernel print such
 * bytes: what begins there proves nothing. */
size_t glued_at(struct slice line, size_t width);
