/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "line/record.h"

/* One line of kernel output, without prefixes. Points into the record. */
struct line {
        struct slice text; /* the text that the kernel printed, without line end; leading blanks kept */
        struct slice raw;  /* the same with its prefixes */
        struct stamp time;
        enum origin origin;
        uint32_t caller; /* lines of one report have one caller */
        /* A further line of a record, after a line end within it. What goes into a message can hold one, so that such a
         * line is part of a report and never the start of one. */
        bool continues;
        /* Of a text whose lines have a prefix: this one has none, and belongs to no record before it. A program's, a
         * boot loader's, or the kernel's with its prefix lost: part of a report by its form alone, and never the start
         * of one. */
        bool stray;
        /* It may be the name of a cgroup, which holds no slash: a frame, or the registers' place, has one behind its
         * function, so that this is none, or one of a kernel without symbols. */
        bool maybe_name;
        bool chosen; /* the first line of a record that begins with a user's string: it counts as a further one */
        bool fits;   /* it is made as the text's lines are */
        bool within; /* the kernel's time stands within it, behind what a program left unfinished */
        bool glued;  /* it is not the first in its line, of which the prefix stands in it again; else ends are there */
        bool cut;    /* such a one came behind it */
        bool timed;  /* its prefix has a time of any kind, also one of day without a date */
        bool told;   /* its prefix says that it is the kernel's: the kernel's time or tag, or a learned one */
        const char *form;  /* what told so where nothing was learned: a name as layout_name() gives; NULL */
        struct slice more; /* further lines of this record, for line_next() */
        const struct record *record;
};

/* Scratch memory of line_parse(), for lines from which colour codes are taken out. */
struct buffer;

/* Parses one line (without a newline). Text that is not a prefix is message text, so this fails only with -ENOMEM. */
int line_parse(struct slice raw, const struct record *record, struct buffer *scratch, struct line *ret);
/* The next line of the same record, if the record has a line end in it; false if there is none. */
bool line_next(struct line *l);
