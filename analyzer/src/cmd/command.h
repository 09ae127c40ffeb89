/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <stddef.h>

/* A subcommand: one file and one line in main.c. run() gets argv from its own name on and returns the exit
 * status. */
struct command {
        const char *name, *what;
        int (*run)(int argc, char **argv);
};

/* The exit statuses of scan, follow and diff, the first that applies. */
enum {
        EXIT_CLEAN = 0,
        EXIT_FINDINGS = 1,   /* at or above --fail-on */
        EXIT_INPUT = 2,      /* input that could not be read in full, or a wrong call */
        EXIT_NOT_PROVEN = 3, /* --require asked for proof that is not there */
};

int cmd_scan(int argc, char **argv);
