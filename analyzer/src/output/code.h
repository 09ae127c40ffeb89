/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <stddef.h>

#include "output/terminal.h"

/* The "Code:" line of a dump, decoded by objdump as the kernel's scripts/decodecode does, with an arrow at the
 * instruction that was stopped at; the line as it is where objdump is missing or cannot read it. */
void show_code(const struct terminal *t, const char *code, size_t indent);
