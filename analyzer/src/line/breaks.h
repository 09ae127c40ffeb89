/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "base/slice.h"

/* Lines that are broken at one width, though other lines may be longer: a mail holds what its sender's program broke,
 * and what was attached. What dmesg or journalctl indented (line/further.h) is no rest of such a line: users can have
 * it printed. Private to layout.c. */
enum { BREAKS_LINES = 320 };
struct breaks {
        size_t width;      /* 0: no lines are broken */
        size_t widest;     /* it may be up to that, by the lines that show it */
        bool marked;       /* it counts the marks of a quotation: who quoted broke the lines */
        bool within_words; /* else at blanks, which are lost */
};

/* The marks of quotations at a line's beginning: a rest has those of the line that it belongs to. */
struct slice breaks_marks(struct slice line);

/* Has the line a prefix? One without may be the rest of the line before; behind one that has nothing else, blanks may
 * have been lost that nobody counts. */
enum breaks_begins { BEGINS_NOT, BEGINS_EMPTY, BEGINS };
typedef enum breaks_begins (*breaks_begins_t)(const void *userdata, struct slice line);

/* Learns from n lines of a text, BREAKS_LINES at most; where they show nothing, what was known stays. */
void breaks_learn(struct breaks *b, const struct slice *lines, size_t n, breaks_begins_t begins, const void *userdata);
/* May the line have been broken before next, by where it ends? The rest is as layout_breaks() gives it. */
bool breaks_between(const struct breaks *b, struct slice line, struct slice next, bool *blank, size_t *ret_at);
/* Does a line end in a word that no such line ends in, so that it goes on in next whatever the width? headline: it has
 * a report's words. */
bool breaks_unfinished(struct slice line, struct slice next, bool headline);
