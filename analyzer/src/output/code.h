/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <stddef.h>

#include "base/slice.h"
#include "output/terminal.h"

/* The "Code:" line of a dump, decoded by the objdump of its machine as the kernel's scripts/decodecode does, with an
 * arrow at the instruction that was stopped at; a line says why where it cannot be. The report's lines tell the
 * machine. */
void show_code(const struct terminal *t, const char *code, struct slice report, size_t indent);
