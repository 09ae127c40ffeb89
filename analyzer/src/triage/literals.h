/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/slice.h"

/* Which of many entries can match a text, in one pass over the text: each entry has words, one of which the text must
 * contain (Aho-Corasick). The cost of patterns and findings is their sum, not their product. */
struct literals;

/* NULL when out of memory. */
struct literals *literals_new(void);
struct literals *literals_free(struct literals *l);

/* The entry can match texts that contain the word; an empty word: any text. 0 or -ENOMEM. */
int literals_add(struct literals *l, uint32_t entry, struct slice word);
/* After the last word, before the first text. 0 or -ENOMEM. */
int literals_finish(struct literals *l);

/* Collects the entries that can match one of the texts, one call each. begin() starts over. */
void literals_begin(struct literals *l);
void literals_text(struct literals *l, struct slice text);
/* Each once, in rising order; valid until the next begin(). */
const uint32_t *literals_entries(struct literals *l, size_t *n);

/* The longest string that every match of the regular expression contains; empty if none is certain. Points into the
 * expression. */
struct slice literal_of_pattern(struct slice expression);
