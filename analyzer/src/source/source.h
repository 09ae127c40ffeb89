/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "scan/scan.h"

/* What the user asked to be read, with the options that choose among journal entries. */
struct source_options {
        const char *boot;           /* -b's argument: NULL for all boots, "" or "0" for the last, "-1", an id */
        bool has_since, has_until;
        uint64_t since_us, until_us; /* microseconds since 1970 */
        unsigned threads;            /* -j: for journals of several files; 0 is as many as there are CPUs */
};

/* Reads one source to its end into the scan. All say themselves on stderr what went wrong, and return 0, or
 * -errno when it could not be read or not in full; what could be read has then been fed. */

/* "journal", "-", or a path to a folder of journals, a journal file or text: told apart by their content. */
int source_read(struct scan *s, const char *name, const struct source_options *o);

/* This machine's journal (path NULL), a folder's or a file's. */
int source_journal(struct scan *s, const char *path, bool folder, const struct source_options *o);
/* Text from a descriptor, which stays the caller's. head: bytes that were read from it already. */
int source_text(struct scan *s, const char *name, int fd, struct slice head);
