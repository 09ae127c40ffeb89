/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "base/arena.h"
#include "base/slice.h"

/* A Rust function's path as its source has it, from the symbol's name ("_RNvMs3_..."): without the hash of its crate,
 * which differs from build to build. In the arena; NULL where it is no such name, or refers to itself more than the
 * kernel's do. */
char *rust_path(struct arena *a, struct slice symbol);
