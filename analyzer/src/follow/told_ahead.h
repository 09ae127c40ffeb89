/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "base/table.h"
#include "follow/codec.h"
#include "report/finding.h"

/* Lines of the output that the state does not know of, besides findings: of boots, by what tells one from others, and
 * of losses, by their ids. Until the source is read again they say what was told already. */

enum ahead_type { AHEAD_BOOT, AHEAD_LOSS };

struct ahead_line {
        enum ahead_type type;
        char id[ID_CHARS + 1];
        /* Of a boot, as its last line has it. */
        uint64_t ordinal;
        uint64_t body; /* a hash of the line */
        uint8_t verdict;
        bool over; /* a line said so */
};

struct ahead {
        struct ahead_line **items;
        size_t n, room;
        struct table by_id;
};

/* The line with that id; NULL: there is none. */
struct ahead_line *ahead_find(const struct ahead *a, enum ahead_type type, const char *id);
/* The same, added if it is new; NULL when out of memory. An id that is too long is cut. */
struct ahead_line *ahead_add(struct ahead *a, enum ahead_type type, const char *id);
void ahead_clear(struct ahead *a);
void ahead_code(struct codec *c, struct ahead *a);
