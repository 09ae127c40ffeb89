/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* What a word of a report means; see output/topic.h. */
struct topic {
        const char *word;       /* "vm-early-put", "lockdep", "lockdep/circular-locking", "not-proven" */
        const char *what;       /* in a line, without a full stop */
        const char *means;      /* paragraphs, divided by empty lines; NULL in those below: as for the detector */
        const char *cause;      /* what it comes of most often */
        const char *look;       /* what to look at */
        const char *turn_on;    /* kernel options and parameters that make it say more, or say it at all */
        const char *commands;   /* to watch it live: lines for a root shell */
        const char *message_id; /* of the journal entries that follow writes for such a finding, 32 hex digits; NULL:
                                   none */
};
