/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/slice.h"

/* The prefilter: finds the words that can start a report, or a line about the boot, in a large buffer.
 * It is the only code that looks at every byte of a log. */
struct trigger_set;

/* The words are literals, matched byte for byte, each at least TRIGGER_MIN bytes long; the array is
 * copied, the strings must live on. owners (NULL: nobody's): a bit for each that looks for the word. Returns -EINVAL
 * for a shorter word, -ENOMEM. */
enum { TRIGGER_MIN = 5 };
int trigger_set_new(struct trigger_set **ret, const char *const *words, const uint64_t *owners, size_t n);
struct trigger_set *trigger_set_free(struct trigger_set *t);

/* The start of a word in [p, end) such that no word lies wholly before it; NULL if there is none. Where words
 * overlap it may be either's. */
const char *trigger_find(const struct trigger_set *t, const char *p, const char *end);

/* The owners of all words in it; and of some that are not there, if a shorter word is part of theirs and is. */
uint64_t trigger_owners(const struct trigger_set *t, struct slice s);

/* The lines of a text that hold a word. */
struct trigger_line {
        uint32_t at;       /* a place in the line */
        uint32_t newlines; /* before it */
};
struct trigger_lines {
        struct trigger_line *items; /* the caller frees */
        size_t n, room;
        size_t newlines; /* in the whole text */
        bool escapes;    /* the escape character is in it */
};
/* Less than 4 GiB. What ret held is overwritten, its memory used again. 0 or -ENOMEM. */
int trigger_find_lines(const struct trigger_set *t, struct slice text, struct trigger_lines *ret);
/* One more, behind the others. 0 or -ENOMEM. */
int trigger_lines_add(struct trigger_lines *l, size_t at, size_t newlines);

static inline bool trigger_in(const struct trigger_set *t, struct slice s) {
        return s.n > 0 && trigger_find(t, s.s, s.s + s.n);
}

/* The ways to search, for tests and benchmarks: trigger_find() uses the best that the machine has. -ENOTSUP where
 * it has not this one, or a word is not ASCII: shorter vectors find only such. */
enum trigger_engine { TRIGGER_PORTABLE, TRIGGER_SSSE3, TRIGGER_AVX2, TRIGGER_AVX512, TRIGGER_ENGINES };
int trigger_set_engine(struct trigger_set *t, enum trigger_engine engine);
