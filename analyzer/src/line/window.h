/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "line/breaks.h"
#include "line/tail.h"
#include "line/template.h"

/* Private to layout.c: the lines of a stretch of text, and what stands before and behind a kernel's words in them.
 * Each form of that is a candidate; layout.c decides which are how the text's lines are made. */

enum { CANDIDATES_MAX = 12 };

struct candidate {
        struct template t;
        unsigned anchors;   /* lines that it was made from */
        uint64_t kinds;     /* of anchors */
        size_t first, last; /* lines of the window */
        unsigned suffixes;  /* lines that showed the suffix */
        bool suffix_differs;
        struct tail tail;
};

struct window {
        struct slice lines[BREAKS_LINES]; /* of the text that it was made from */
        size_t n;
        struct candidate candidates[CANDIDATES_MAX];
        size_t n_candidates;
};

/* The text's lines, as far as they are looked at (LAYOUT_WINDOW), without candidates. NULL: no memory. To be freed with
 * free(), before the text. */
struct window *window_new(struct slice text);
/* Looks for candidates in all lines. */
void window_find_candidates(struct window *w);

/* The line without a terminal's carriage returns at either end. */
struct slice window_line(struct slice line);

/* Lines but those that may be further lines of a record, which lack its prefix. */
size_t window_first_lines(const struct window *w);
/* Lines of the candidate's span that its template fits, strictly or loosely. */
size_t window_fits(const struct window *w, const struct candidate *c, bool loose);
/* Lines of the span that can speak against it: where the kernel's time ends the prefix (timed), those that have one. */
size_t window_voters(const struct window *w, const struct candidate *c, bool timed);
/* Lines first to last that are other programs', with a tag where the template has the kernel's. */
size_t window_fellows(const struct window *w, size_t first, size_t last, const struct template *t);
/* Of the lines that have the template's first parts, have nearly all the rest too, or are other programs'? */
bool window_is_common(const struct window *w, const struct template *t, size_t parts, bool loose);
/* Is it a quotation, of which the lines around those with a kernel's words are too? */
bool window_is_quotation(const struct window *w, const struct candidate *c);

/* Words between the lines with a kernel's words may differ where theirs happened to be the same: the template then
 * takes any. */
void window_loosen(const struct window *w, struct candidate *c);
/* Gives the template what nearly all lines end in: the same bytes, or a tail that differs. */
void window_find_suffix(const struct window *w, struct candidate *c);
void window_find_tail(const struct window *w, struct candidate *c);
