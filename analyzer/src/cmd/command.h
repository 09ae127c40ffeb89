/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <stdio.h>

#include "cmd/options.h"
#include "lib/exit_status.h"

/* A subcommand: one file that defines one of these, and one line in commands.c. Its help, its completions and the
 * frame of its manual page are made from this. */
struct command {
        const char *name, *what;       /* what it does, in a line */
        const char *words;             /* what it takes beside options, as written in a usage line; NULL: nothing */
        const char *(*word)(size_t i); /* those that a word can be, for completion; NULL: a file */
        /* What an option chooses among, one an item, with what it is for: listed after about; NULL: nothing. Its name,
         * or NULL past the last. */
        const char *(*list)(size_t i, const char **what);
        const char *about, *after; /* paragraphs, divided by empty lines, before and after the options; NULL: none */
        const struct cmd_option *options; /* ended by {}; --help is everyone's and not named */
        /* Gets argv from its own name on and returns the exit status. */
        int (*run)(int argc, char **argv);
};

/* All, in the order in which the help names them; ended by NULL. */
extern const struct command *const commands[];
const struct command *command_of(const char *name);
/* Reports a name that no command has, with the one that may have been meant. */
void command_unknown(const char *name);
/* "vmlife --help" */
void help_print(FILE *f);
/* The same on standard output, on a terminal through the pager. The exit status. */
int help_show(bool no_pager);
/* The exit status of a command that has printed all on standard output. Reports it where that failed. */
int printed(void);
/* scan for a call that names no command: without a SOURCE it reads standard input where that is a pipe or a file. */
int scan_unnamed(int argc, char **argv);
