/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <stdio.h>

#include "base/slice.h"

/* Text for people at a terminal, or in a file that stands in for one. */

struct terminal {
        FILE *f;
        bool color;
        size_t columns; /* for text: what reads well */
        size_t width;   /* for tables: the terminal's own; 0 for a file, which has no bound */
};

enum color_when { COLOR_AUTO, COLOR_ALWAYS, COLOR_NEVER, N_COLOR_WHEN };
/* "auto", "always", "never", NULL: for an option's values. */
const char *color_when_name(size_t i);

/* Auto is colour for a terminal whose user did not set NO_COLOR. Columns are the terminal's, at most what reads well;
 * 80 for a file, which NULL stands for. */
struct terminal terminal_of(FILE *f, enum color_when when);

/* What colours mean here. */
enum paint { PAINT_NONE, PAINT_STRONG, PAINT_QUIET, PAINT_GOOD, PAINT_DOUBT, PAINT_BAD, PAINT_NOTE, N_PAINT };

/* What is painted between is shown so; balanced. */
void paint(const struct terminal *t, enum paint p);
void unpaint(const struct terminal *t, enum paint p);

/* Bytes of unknown origin on one line: nothing in them is a command to the terminal, nor turns the order of what it
 * shows. Returns the columns taken. */
size_t show(const struct terminal *t, struct slice text);
static inline size_t show_text(const struct terminal *t, const char *text) {
        return show(t, slice_of(text));
}

/* The same, painted. */
void painted(const struct terminal *t, enum paint p, const char *text);

/* The same broken into lines: the first goes on at column `at`, the others begin at `indent`; an empty line in the
 * text stays one. Ends the line. */
void show_wrapped(const struct terminal *t, struct slice text, size_t at, size_t indent);
/* A line "LABELtext" at that column, wrapped. */
void show_line(const struct terminal *t, size_t indent, const char *label, const char *text);
