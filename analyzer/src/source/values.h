/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <json-c/json.h>

#include "base/buffer.h"
#include "source/input.h"

/* JSON values that follow one another, however they are put together: a line each, pretty-printed, in one array, with
 * a record separator (RFC 7464) or "data: " (server-sent events) before each, or as the array that is a document's
 * first member, as dmesg --json prints them. So the memory that a long list takes is that of its largest item. */
struct values {
        struct input *in;
        struct json_tokener *tokener;
        char *block;
        size_t n, at;         /* bytes of the block, and how many of them are taken */
        uint64_t bytes;       /* read so far */
        uint64_t value_bytes; /* of the value that is open */
        uint64_t bad;         /* pieces that are no value, passed over */
        char word[16];        /* what stands between two values on this line, its head */
        size_t word_n;
        bool lost; /* in a damaged value: on to what looks like the next one's beginning */
        bool line_start;
        bool numbered; /* a number began the list that the value stands in, */
        unsigned nth;  /* of whose other items it is this one, from 1 on */
        bool assigned; /* a name and '=' stand before them, ';' may behind */
        bool single;   /* strings stand in single quotation marks, as Python and JavaScript write them, or either, */
        struct buffer text; /* what of one was read, and without its escapes */
        struct buffer plain;
        char mark;        /* that the open one ends in, NUL where none is open */
        bool escaped;     /* its last byte was a backslash that counts */
        bool rows;        /* a list of lists: each is a value */
        char wrapper[32]; /* name of the member that the values are the items of, "" */
};

/* 0, or -errno after saying what is wrong. */
int values_begin(struct values *v, struct input *in);
void values_done(struct values *v);

/* The next value, which the caller puts: 1; 0 at the end; -errno after saying what is wrong (-ENODATA: the end is
 * inside a value). */
int values_next(struct values *v, struct json_object **ret);

/* Does the text begin as such values do? */
bool values_begin_here(struct slice head);
