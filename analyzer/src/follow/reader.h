/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "follow/emit.h"

/* Reads a source as it grows, from where it stopped the last time. One reader is one table below. */

struct reader;

struct reader_options {
        const char *folder; /* of journals; NULL: this machine's */
        bool has_since;     /* for journals that were never read */
        uint64_t since_us;
        uint64_t batch; /* entries read between two saves of the state */
};

struct reader_type {
        const char *source_type; /* as in the report */
        /* 0 or -errno, which it says. */
        int (*open)(struct reader **ret, const struct reader_options *o);
        void (*free)(struct reader *r);
        /* A new life of the scan that it feeds: after a start, and each time the scan was made anew. 0 or -errno. */
        int (*attach)(struct reader *r, struct scan *s, struct teller *t);
        /* Feeds what is new, at most a batch. 1: there is more; 0: all was read; -errno. Lines about losses go to out.
         */
        int (*read)(struct reader *r, struct buffer *out);
        /* Becomes readable when there may be more; -1: only time tells. drain() before reading. */
        int (*fd)(struct reader *r);
        void (*drain)(struct reader *r);
        /* The place, to and from the state file. */
        void (*code)(struct codec *c, struct reader *r);
};

extern const struct reader_type reader_journal, reader_kmsg;
