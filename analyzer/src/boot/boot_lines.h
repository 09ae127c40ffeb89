/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "boot/boot.h"

/* Notes: lines that say something about the boot they stand in and belong to no report. A new one is one
 * line in the table in boot_lines.c. */
struct note {
        const char *word; /* what the prefilter looks for; the text begins with it */
        bool within;   /* or holds it: take() then checks the form of the whole line, for users choose parts of lines */
        bool new_boot; /* it is the first message of a kernel: in text a new boot begins here */
        bool proves;   /* it may make a boot proven: it must begin its line, where others' words may lie in it */
        /* rest: the text after the word. 0, or -ENOMEM. NULL: the word is only looked for. */
        int (*take)(struct boot *b, struct slice rest, const struct line *l);
};

extern const struct note notes[];
extern const size_t n_notes;

/* The entry of the table that the line matches, or NULL; rest is the text after its word. */
const struct note *note_of(struct slice text, struct slice *rest);
