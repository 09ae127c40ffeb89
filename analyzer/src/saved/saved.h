/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "base/file.h"
#include "base/table.h"
#include "scan/scan.h"

/* Reports that scan or follow saved, read back into what they were written from: whoever reads a scan (writers,
 * exports, diff) reads saved reports alike. Several come together in one scan:
 *
 *   - a boot is one by its id or, of a text, by its log_id, however many reports speak of it; the one that read on for
 *     longer is believed;
 *   - a finding is one event by its id: told again, its count and its times are the widest that were told;
 *   - sources, and boots that have neither, follow one another in the order of the reports.
 *
 * A report is a file in any order of its keys, with whatever keys a later version adds; it is checked as it is
 * read, for it may come from anywhere. */

struct saved_report {
        char *name;      /* as it was given: a path or "-" */
        char *version;   /* of the vmlife that wrote it; NULL where it does not say */
        uint32_t source; /* its first, index into scan.sources */
        uint32_t n_sources;
        uint64_t findings; /* as many as it held, those known from other reports too */
};

struct saved {
        struct scan scan; /* sources, boots, store, question; what only reads logs is NULL */
        struct saved_report *reports;
        size_t n_reports;
        struct file_set given;
        struct table ids;    /* the first finding of each id */
        struct table events; /* all findings, by id and boot: equal logs give their events equal ids */
        struct arena words;  /* of the scan's question */
};

/* Zero-initialise; saved_done() gives all of it back. */
void saved_done(struct saved *s);

/* Reads one saved report, JSON or NDJSON (also what follow writes: its lines are applied in order); "-" is standard
 * input. A file that was read before is skipped, with a warning. Memory: one element at a time beside what is kept.
 * Says itself, once, what is wrong and where: no such file, no report at all, a newer version, cut off, a value that
 * cannot be. Then it returns -errno (-EBADMSG for what the file holds), and *s holds a part of it: fit for saved_done()
 * only. 0 when all of it was read. */
int saved_read(struct saved *s, const char *name);
