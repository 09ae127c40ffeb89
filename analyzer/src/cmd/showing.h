/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "cmd/option.h"
#include "cmd/pager.h"
#include "output/terminal.h"

/* How output is shown to people: the options of commands that write text, whose table includes showing_options. */
struct showing {
        unsigned color; /* enum color_when */
        bool no_pager;
};

extern const struct cmd_option showing_options[];
/* Of these those of the pager alone, for text without colour. */
extern const struct cmd_option pager_options[];

/* For -1 as the format that nobody chose: is it text for a person at a terminal, or data for a pipe or file? path is
 * -o's argument, NULL without. */
bool showing_to_person(const char *path);
/* What text is written for. Ask before writing starts. */
struct terminal showing_terminal(const struct showing *s, const char *path);
/* As output_write(); on a terminal the output goes through the pager, and a reader who leaves it early is no error. */
int showing_write(const struct showing *s, const char *path, int (*write)(const void *what, FILE *f), const void *what);
