/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <stdbool.h>
#include <stddef.h>

/* One option of a command: a line of a table from which parsing, --help, completions and the manual are made. */
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

/* Help text with the values filled in, which the caller frees; NULL when out of memory. */
char *option_help(const struct cmd_option *o);
