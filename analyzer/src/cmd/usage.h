/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "cmd/option.h"

/* What a command's table says of its options: for people, for completions, for the manual. */

struct command;

/* What "vmlife COMMAND --help" prints. */
void options_help(const struct command *c, FILE *f);

/* An option as it stands once tables are put together, --help among them. */
struct flat_option {
        const struct cmd_option *o;
        size_t at;
};
enum { OPTIONS_MAX = 64 };
size_t options_flatten(const struct command *c, struct flat_option ret[static OPTIONS_MAX]);

/* --help, which each command has. */
extern const struct cmd_option help_option;

/* The help of commands, on a terminal through the pager. The exit status. */
int usage_show(const struct command *const *which, size_t n, bool no_pager);
