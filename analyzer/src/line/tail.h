/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "line/template.h"

/* Private to layout.c: what programs write behind the kernel's text, such as further columns of a table, a level, a
 * task. It is learned as a prefix is: from lines whose words show where the kernel's text ends. */
struct tail {
        struct template t;
        unsigned lines;
        uint64_t kinds; /* of their words */
        bool differs;
};

/* A line's rest behind the kernel's words, without blanks around it; kind: of those words, as in struct anchor. */
void tail_see(struct tail *tail, struct slice rest, unsigned kind);
/* Did all those lines show the same tail? */
bool tail_seen(const struct tail *tail);
/* Is it the text's, where `have` of n lines end so? What a user had printed in a line or two, other lines do not have.
 */
bool tail_sure(const struct tail *tail, size_t n, size_t have);
/* Makes it the template's; false, and nothing changed, if that has no room for it. */
bool tail_give(const struct tail *tail, struct template *t);

/* Has it letters that are in no tag and no escape? Such end lines behind a name that a user chose, too. */
bool tail_has_letters(struct slice s);
/* May it be marks that a program put behind all lines? Those that close brackets end lines of the kernel too. */
bool tail_may_be_marks(struct slice s);
