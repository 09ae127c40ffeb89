/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <stddef.h>

/* The names of machinery that are kept by hand, as patterns: those that decide signatures of version 1 too, and those
 * that were found since. New ones belong to the second. */
extern const char *const machinery_names[], *const machinery_names_since[];
extern const size_t n_machinery_names, n_machinery_names_since;
