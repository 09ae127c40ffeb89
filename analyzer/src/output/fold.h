/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <stdio.h>

/* A stream that breaks lines longer than width columns between words on their way to the other stream. A broken line
 * goes on under its own second column: behind the first gap of two spaces, or else at its indentation. Lines that quote
 * a log ("| ") are not broken: the terminal does that, and a copy of them is whole. Colours take no columns. width 0:
 * no bound; the stream is the other one itself. NULL if out of memory. */
FILE *fold_open(FILE *to, size_t width);
/* Passes on what is left and closes the stream, but not the other one. 0 or -errno. */
int fold_close(FILE *folded, FILE *to);
