/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "line/record.h"

/* One line of kernel output, its prefixes taken off. Points into the record. */
struct line {
        struct slice text;  /* what the kernel printed, without line end; leading blanks kept */
        struct slice raw;   /* the same with its prefixes */
        struct stamp time;
        enum origin origin;
        /* Who printed it (CONFIG_PRINTK_CALLER): tasks are even, CPUs odd; 0 is not known. Lines of one
         * report have one caller. */
        uint32_t caller;
        /* A further line of a record, after a line end within it. What goes into a message can hold one, so that such a
         * line is part of a report and never the start of one. */
        bool continues;
        const struct record *record;
};

#define CALLER_NONE 0u
#define CALLER_TASK(id) (((id) << 1) + 2u)
#define CALLER_CPU(id) (((id) << 1) + 1u)

/* Scratch memory of line_parse(), for lines from which colour codes are taken out. */
struct buffer;

/* Takes one line (no newline inside) apart. Never fails: what is no prefix is text. 0 or -ENOMEM. */
int line_parse(struct slice raw, const struct record *record, struct buffer *scratch, struct line *ret);
