/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "base/buffer.h"
#include "line/classify.h"
#include "line/line.h"

struct kind;

struct report_line {
        uint32_t at, raw_n;       /* the raw line in the report's bytes */
        uint32_t text_at, text_n; /* the text within it */
        uint8_t class;            /* enum line_class */
        bool maybe_name;          /* an address that may be a cgroup's name */
};

/* How a report came to its end. */
enum report_end {
        END_MARK,  /* by its own last line */
        END_QUIET, /* no more of its lines came */
        END_PROSE, /* the same, and what came instead is not the kernel's: somebody quoted a part of a log */
        END_NEXT,  /* the next report of the same caller began */
        END_LOG,   /* the log or the boot ended */
        END_LOST,  /* records were lost */
        END_LIMIT, /* it grew beyond any report's size */
};

/* The lines of one report of one caller, while they come in and when they are complete. */
struct report {
        const struct kind *kind; /* who started it */
        struct buffer bytes;
        struct report_line *lines;
        size_t n_lines, room;
        size_t n_own; /* lines up to the last that surely belongs; those after it may be dropped */

        uint32_t caller, boot, source;
        uint32_t adopted[8]; /* callers of other CPUs whose lines are part of it */
        size_t n_adopted;
        enum origin origin;
        uint64_t number;
        uint64_t opened; /* of the assembler's reports, which in order */
        char *cursor;
        struct stamp first, last; /* of the first and the last line that surely belongs */

        /* What the parts so far say, kept by its kind's part(). */
        bool console;       /* its source is a text, where anything may be quoted */
        bool has_banner;    /* the line that names the event came */
        bool has_frames;    /* a stack trace came */
        bool complete;      /* nothing that must come is missing; more may come */
        unsigned phase;     /* the kind's own */
        const void *header; /* the kind's own: what its first line was found to be in a table */
        bool over;          /* its own end came; a panic that says so may follow */
        bool panicked;      /* it did */
        bool goes_on;       /* or a stack that a line after the end announced */
        bool timed;         /* its first line had a time of any kind */
        bool maybe_names;   /* it has lines that may be cgroups' names */
        bool behind;        /* its first words stood behind others in their line */
        bool follows;       /* another of which no body came stands shortly before it: its stack may be that one's */
        bool shown;         /* it was told of while it was open */

        unsigned foreign; /* lines of others since its last own line */
        bool lost;        /* messages were lost while it was open; of texts, which nobody follows */
        /* Where callers are not known: what another report still lacked when this one began. */
        enum {
                AWAITED_NOTHING,
                AWAITED_REST,   /* of its stack */
                AWAITED_TRACE,  /* and what heads it, the task */
                AWAITED_FRAMES, /* its task came, or its trace's head */
        } awaited;
        bool mixed; /* frames of others, without a caller to tell them apart, lie between its own lines */
        enum report_end end;
};

struct report *report_free(struct report *r);
/* Appends a line; 0, -ENOMEM, or -E2BIG when the report would grow beyond the limit. */
int report_add(struct report *r, const struct line *l, enum line_class class);

static inline struct slice report_text(const struct report *r, size_t i) {
        return buffer_slice(&r->bytes, r->lines[i].text_at, r->lines[i].text_n);
}

/* No kernel report is longer: RCU stalls with the backtraces of all CPUs come closest. */
enum { REPORT_LINES_MAX = 4096, REPORT_BYTES_MAX = 512 * 1024 };
