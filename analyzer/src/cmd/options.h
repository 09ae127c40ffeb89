/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <stddef.h>

#include "cmd/option.h"

/* A call's options, as the table of its command has them. */

struct command;

/* What is left when the options are taken. */
struct words {
        const char *const *items;
        size_t n;
};

/* Sets each option that is in argv, after which words may stand. values: the command's options, as it wants them
 * where none is given. 0; 1 when the help was asked for and given; -EINVAL for a wrong call, once it is said. */
int options_parse(const struct command *c, int argc, char **argv, void *values, struct words *ret);
