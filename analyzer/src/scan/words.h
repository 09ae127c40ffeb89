/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "kind/kind.h"
#include "line/classify.h"

/* What a line's text says by itself, whatever is open. One kernel's reports have most of their lines in common, so what
 * the last texts said is kept. */
struct words {
        enum line_class class;
        bool forged; /* but the text begins with what a user may have chosen */
        /* Of what is LINE_OTHER, or forged: */
        bool is_name; /* begins_with_name() */
        bool of_task; /* it tells of a task, or begins with a number: no report's, whatever the task is called */
        uint64_t named;
        const struct kind *starter; /* that the text starts, of those named; named 0: not asked yet */
};

enum { WORDS_SETS = 256, WORDS_WAYS = 4, WORDS_LONGEST = 112 };
struct known_words {
        /* By the text's hash; of a set the oldest goes. */
        struct {
                uint64_t hashes[WORDS_WAYS];
                struct known_text {
                        struct words words;
                        size_t n; /* 0: none */
                        char text[WORDS_LONGEST];
                } texts[WORDS_WAYS];
                unsigned oldest;
        } sets[WORDS_SETS];
        struct words other; /* of a longer text */
};

/* Valid up to the next call. */
struct words *words_of(struct known_words *k, struct slice text);
/* As kinds_start(); the words are the text's. */
const struct kind *words_start(struct words *w, struct slice text, uint64_t named);
