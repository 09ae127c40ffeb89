/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

/* Records of one boot, written in the forms in which a log comes.
 *
 * Those of text show what a record's further lines are: by blanks in place of the
 * prefix, or by rsyslog's "#012". A serial console does not: there a line end begins what looks like a record. */
enum log_form {
        FORM_EXPORT,
        FORM_KMSG,
        FORM_JSON,
        FORM_CONSOLE,
        FORM_DMESG,
        FORM_DECODED,
        FORM_SYSLOG,
        FORM_SHORT,
        FORM_CTIME,
        FORM_DECODED_CTIME,
        FORM_LEVEL,
        FORM_DELTA,
        FORM_MONOTONIC,
        FORM_RUNNER,
        FORM_CONTAINER,
        FORM_TABLE,   /* CSV: quoted only where it must be */
        FORM_SERIAL,  /* with line ends as they come */
        FORM_OBJECTS, /* JSON of a collector: a message each, without the kernel's time */
        FORMS,
};

extern const struct record_form {
        const char *name;
        const char *prefix;   /* of text: %t the kernel's time, %d a time of day, %c a caller; NULL: it is no text */
        const char *line_end; /* what becomes of one within a message; NULL: as many blanks as the prefix is wide */
        const char *outer;    /* what a program puts before each line, those that begin with blanks, too */
        bool sampled;         /* one message in twelve is tried, for the form is read like others */
} forms[FORMS];

/* Where they are written. A record takes 11 microseconds. */
struct out {
        FILE *file;
        enum log_form form;
        uint64_t us, sequence;
        const char *caller; /* NULL: "T7" */
        bool goes_on;       /* the record goes on a line that another CPU's came into: /dev/kmsg says so */
};

/* A message, which may hold line ends and, with its length, any byte. */
void put_record(struct out *o, const char *message, size_t n);
void put_text(struct out *o, const char *message);
/* What stands before a text record's message now; nothing for others. */
void put_prefix_of(const struct out *o, FILE *to);
