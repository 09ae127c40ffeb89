/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <stdio.h>

/* The version, and what this build reads, writes and stands on: a line each, "name: words". */
void version_print(FILE *f);
