/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/slice.h"

/* Which of many entries may match a text, in one walk over the text: each entry has words of which the text must hold
 * one (Aho-Corasick). Thousands of patterns on thousands of findings cost their sum, not their product. */
struct literals;

/* NULL when out of memory. */
struct literals *literals_new(void);
struct literals *literals_free(struct literals *l);

/* The entry may match texts that hold the word; an empty word: any text. 0 or -ENOMEM. */
int literals_add(struct literals *l, uint32_t entry, struct slice word);
/* After the last word, before the first text. 0 or -ENOMEM. */
int literals_finish(struct literals *l);

/* Collects the entries that the texts, one call each, leave possible. begin() forgets the texts before. */
void literals_begin(struct literals *l);
void literals_text(struct literals *l, struct slice text);
/* Each once, in rising order; valid until the next begin(). */
const uint32_t *literals_entries(struct literals *l, size_t *n);

/* The longest run of characters that every text has in which the regular expression is found; empty where none is
 * sure. Points into the expression. */
struct slice literal_of_pattern(struct slice expression);
