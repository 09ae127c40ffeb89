/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "follow/reader.h"

/* Keeps reading a source and says what it finds as it comes, until it is told to stop. */
struct follow_options {
        const struct reader_type *type;
        struct reader_options reader;
        const char *output; /* NULL: standard output */
        const char *state;  /* NULL: nothing is remembered */
        bool once;          /* stop when all is read that there is */
        bool journal;       /* each finding goes to this machine's journal, too */
        bool save_always;   /* after each batch, not only once a second */
        struct question question;
        /* Reads the known issues, at the start and when asked to reload; *ret is NULL for none. 0 or -errno, which it
         * says. */
        int (*read_known)(const struct follow_options *o, struct known **ret);
        const void *userdata;
};

/* 0 when it was told to stop and could save its state, -errno, which it says. */
int follow_run(const struct follow_options *o);
