/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "report/finding.h"

/* The name for people and signatures: a system call is "sys_read" for every wrapper of trees and architectures, and
 * compilers' suffixes are removed. In the arena; NULL when out of memory. */
char *blame_name(struct arena *a, const char *function);
/* Is that a frame's name? Not for system calls of other machines' programs, whose name here is that of many things. */
bool blame_is_of(struct slice name, const struct frame *fr);
