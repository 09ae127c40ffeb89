/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <stdio.h>

/* The version, the formats that this build reads and writes, and its libraries: a line each, "name: words". */
void version_print(FILE *f);
