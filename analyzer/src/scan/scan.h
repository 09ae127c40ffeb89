/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "base/progress.h"
#include "boot/boot.h"
#include "judge/coverage.h"
#include "line/trigger.h"
#include "scan/assembler.h"
#include "findings/store.h"

/* One scan: what all sources feed, and what the writers read. */

/* A source as it was asked for, and what was read of it. */
struct source_info {
        char *name;        /* "journal", a path, or "-"; of an archive's member "ARCHIVE:PATH" */
        const char *type;  /* one of source_types[] */
        uint64_t entries;  /* records or lines */
        uint64_t bytes;    /* of messages */
        uint64_t lost;     /* messages known to be lost before they got here */
        uint64_t repeated; /* records that were there before, passed over */
        bool incomplete;   /* not all of it could be read */
        char start[33];    /* where it does not name its boots: a hash of how it begins, */
        size_t boots;      /* and how many of them there are */
};

/* What sources can be, as reports name it. */
extern const char *const source_types[];
extern const size_t n_source_types;

struct scan {
        struct trigger_set *triggers;
        struct assembler *assembler;
        struct boots boots;
        struct store store;
        struct source_info *sources;
        size_t n_sources;
        struct buffer scratch;
        const char *test; /* whose messages are read, where the source tells; NULL */
        struct progress *progress; /* hears how far the sources are; the caller's, NULL: nobody */
        struct question question; /* set by scan_finish() */
        struct known *known; /* known issues to mark findings by, the caller's; NULL: nobody gave any */
};

/* 0 or -errno. */
int scan_init(struct scan *s);
void scan_done(struct scan *s);

/* Sources call these. */

/* A new source; ret is its index. */
int scan_add_source(struct scan *s, const char *name, const char *type, uint32_t *ret);
int scan_name_source(struct scan *s, uint32_t source, const char *name);
/* n messages are missing before the one that comes next, at that time: open reports end there. */
int scan_lost(struct scan *s, uint32_t source, uint32_t boot, uint64_t n, const struct stamp *before);
/* From here on the messages are a test's (NULL: nobody's); no report spans two. */
int scan_begin_test(struct scan *s, uint32_t boot, const char *test);
/* Must the source show this record? True when it holds a trigger word or a report of its boot is open. hit
 * says whether it holds one. */
bool scan_wants(const struct scan *s, struct slice message, uint32_t boot, bool *hit);
/* Takes a record in; its message may hold several lines. In text, a record that begins a new boot moves
 * *boot. 0 or -errno. */
int scan_record(struct scan *s, const struct record *r, bool hit, uint32_t *boot);
/* A new boot of a source that does not name its boots. words: what stands for the boot's id, in ids of findings: of
 * the source's first boot how the source begins, as input_beginning() gives it; of a later one the line that begins it. */
int scan_text_boot(struct scan *s, uint32_t source, struct slice words, uint32_t *ret);
/* The source is at its end: open reports of its boots end. */
int scan_end_source(struct scan *s, uint32_t source);

/* A report that ended, or is to be looked at as if it had: what the assembler calls. 0 or -ENOMEM. */
int scan_take_report(struct scan *s, const struct report *r);

/* All sources are read: what can be said only then. After this the scan is for writers. */
int scan_finish(struct scan *s, const struct question *q);
