/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <stdio.h>

#include "redact/redact.h"
#include "source/source.h"

/* The log of a bundle: what was said, in a form that scan reads to the same findings. */
struct evidence {
        const char *source;            /* "journal", or a path */
        struct source_options options; /* of a journal: one boot, by its id */
        bool is_journal;
        char boot[33];      /* of a journal; empty for others */
        bool here;          /* it is the boot that runs now on this machine */
        const char *member; /* the log's name in the bundle */
        FILE *log;          /* without a name on disk */
        uint64_t size;
};

void evidence_done(struct evidence *e);
/* Which log is meant, and of a journal which boot: the last one where nothing else is asked for. 0 or -errno, said. */
int evidence_choose(struct evidence *e, const char *source, const struct source_options *o);
/* Learns all names that it shows. 0 or -errno, said. */
int evidence_learn(const struct evidence *e, struct redactor *r);
/* Copies the boot's kernel messages, in the journal's export format, or the text as it is. r: NULL leaves all as it is.
 * 0 or -errno, said. */
int evidence_copy(struct evidence *e, struct redactor *r);
