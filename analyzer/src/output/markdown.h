/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <stdio.h>

#include "base/slice.h"

/* Prints a log's words as words: no markup, no link, no end of a table's cell, and nobody is called by them. */
void markdown_words(FILE *f, struct slice words);
