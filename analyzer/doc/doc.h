/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <stdio.h>

#include "cmd/command.h"
#include "cmd/usage.h"

/* vmlife-doc: writes at build time what is made from the tables of the command: the manual, completions, the journal's
 * message catalog. Each function writes one to f and returns 0 or -errno; errors of the stream are main's to find. */

/* A page of a command: its options and words as they are; what a person wrote besides (examples) is in the file
 * more, which may not be there. */
int write_command_page(const struct command *c, const char *more, FILE *f);
/* A page from a template in man(7): a line "@WORD argument" stands for what is made. */
int write_page(const char *template, FILE *f);
/* vmlife-explain(7) */
int write_topics_page(FILE *f);
/* The members of a JSON Schema's objects, in man(7). */
int write_schema(const char *path, FILE *f);

int write_catalog(FILE *f);
int write_bash(FILE *f);
int write_zsh(FILE *f);
int write_fish(FILE *f);
/* One option a line, for tests: command, letter, name, argument, "optional" or "", values by commas, help. */
int write_table(FILE *f);

/* --- roff.c --- */

/* Text for man(7): nothing in it is a request or an escape. */
void roff(FILE *f, const char *text);
/* The same as a paragraph or more, divided by empty lines. */
void roff_paragraphs(FILE *f, const char *text);
void roff_title(FILE *f, const char *name, int section);

/* What an argument of an option, or a word of a command, is completed with. */
enum completes { COMPLETES_NOTHING, COMPLETES_FILES, COMPLETES_FOLDERS, COMPLETES_VALUES };
enum completes completes_option(const struct cmd_option *o);
enum completes completes_words(const struct command *c);
/* All values, a blank between. */
void print_words(FILE *f, const char *(*value)(size_t i));
