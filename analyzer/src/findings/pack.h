/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <stdio.h>

#include "base/buffer.h"
#include "base/table.h"
#include "report/finding.h"

/* Findings at rest take as little memory as they can: a night's logs of a fleet hold a hundred thousand
 * different ones. Strings are kept once for all, arrays have their exact size, and the lines themselves move to
 * a file without a name when there are many. */
struct pack {
        struct arena arena; /* of the strings */
        struct table strings;
        size_t excerpts; /* bytes of lines in memory */
        FILE *file;      /* lines that are not; NULL: none yet, or there is no room for one */
        bool no_file;
        uint64_t at; /* its size */
};

void pack_done(struct pack *p);

/* Moves a finding's memory. 0 or -ENOMEM; the finding is whole either way. */
int pack_finding(struct pack *p, struct finding *f);

/* The finding's lines, wherever they are; valid until the buffer changes. 0 or -errno. */
int pack_excerpt(const struct pack *p, const struct finding *f, struct buffer *scratch, struct slice *ret);
