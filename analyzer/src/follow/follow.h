/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "follow/reader.h"

/* Reads a growing source and emits findings as they come, until it is stopped. */
struct follow_options {
        const struct reader_type *type;
        struct reader_options reader;
        const char *output; /* NULL: standard output */
        const char *state;  /* NULL: no state is kept */
        bool text;          /* lines for people in place of JSON, on standard output alone */
        bool once;          /* stop when all entries are read */
        bool journal;       /* each finding goes to this machine's journal, too */
        bool save_always;   /* after each batch, not only once a second */
        struct question question;
        /* Reads the known issues, at the start and when asked to reload; *ret is NULL for none. 0 or -errno, which it
         * says. */
        int (*read_known)(const struct follow_options *o, struct known **ret);
        const void *userdata;
        const struct maintainers *maintainers; /* NULL: nobody is named */
        struct label *labels;                  /* that each boot carries */
        size_t n_labels;
};

/* 0 if it was stopped and saved its state; -errno, which it reports. */
int follow_run(const struct follow_options *o);
