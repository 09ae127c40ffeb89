/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <stdio.h>

#include "base/buffer.h"
#include "base/table.h"
#include "report/finding.h"

/* Compact storage of findings: the logs of a fleet's night hold a hundred thousand different ones. Equal strings are
 * stored once, arrays have their exact size, and the lines move to an unnamed file when there are many. */
struct pack {
        struct arena arena; /* of the strings */
        struct table strings;
        size_t excerpts; /* bytes of lines in memory */
        FILE *file;      /* the other lines; NULL: none yet, or no file could be created */
        bool no_file;
        uint64_t at; /* its size */
};

void pack_done(struct pack *p);

/* Moves a finding's memory. 0 or -ENOMEM; the finding is whole either way. */
int pack_finding(struct pack *p, struct finding *f);

/* The finding's lines, wherever they are; valid until the buffer changes. 0 or -errno. */
int pack_excerpt(const struct pack *p, const struct finding *f, struct buffer *scratch, struct slice *ret);
