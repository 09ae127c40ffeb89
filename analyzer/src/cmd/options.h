/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

/* The options of a command as a table, from which everything that knows them is made: parsing, --help,
 * completions, the manual. A new option is one line in such a table. */

struct command;

struct cmd_option {
        char letter;      /* 0: none */
        const char *name; /* of the long form, without dashes */
        const char *arg;  /* its argument's name, NULL where it takes none; FILE and DIR are completed as such */
        /* In words, without a full stop at its end. A '@' stands for the values: "json, ndjson or text". */
        const char *help;
        /* Puts it into *to, which is `at` bytes into the command's options. arg is NULL for an option without. 0, or
         * -errno once it has said on stderr what is wrong. */
        int (*set)(void *to, const char *arg, const struct cmd_option *o);
        size_t at;
        const char *(*values)(size_t i);  /* the i-th value that it takes, NULL past the last; NULL: not a choice */
        bool list;                        /* it takes several of its values, divided by commas */
        bool optional;                    /* the argument may be left out, and else follows a '=' */
        bool (*may_follow)(const char *); /* or, where this says so of it, is the next word; NULL: never */
        const struct cmd_option *include; /* this line stands for a table, whose members begin at `at` */
};

/* Setters for what many want: to is a const char *, a bool, an unsigned that counts, an index of values. */
int set_text(void *to, const char *arg, const struct cmd_option *o);
/* A file to write to; "-" is standard output, which is NULL. */
int set_output(void *to, const char *arg, const struct cmd_option *o);
int set_flag(void *to, const char *arg, const struct cmd_option *o);
int set_count(void *to, const char *arg, const struct cmd_option *o);
int set_choice(void *to, const char *arg, const struct cmd_option *o);

/* The index of arg among the option's values; -EINVAL, after a message with the valid ones, if it is invalid. */
int option_choice(const struct cmd_option *o, const char *arg);

/* What is left when the options are taken. */
struct words {
        const char *const *items;
        size_t n;
};

/* Sets each option that is in argv, after which words may stand. values: the command's options, as it wants them
 * where none is given. 0; 1 when the help was asked for and given; -EINVAL for a wrong call, once it is said. */
int options_parse(const struct command *c, int argc, char **argv, void *values, struct words *ret);

/* What "vmlife COMMAND --help" prints. */
void options_help(const struct command *c, FILE *f);

/* An option as it stands once tables are put together, --help among them. */
struct flat_option {
        const struct cmd_option *o;
        size_t at;
};
enum { OPTIONS_MAX = 64 };
size_t options_flatten(const struct command *c, struct flat_option ret[static OPTIONS_MAX]);

/* Help text with the values filled in, which the caller frees; NULL when out of memory. */
char *option_help(const struct cmd_option *o);
