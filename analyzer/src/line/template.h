/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "line/prefix.h"

/* Private to layout.c: a prefix as parts, and a line read by them. */

/* A prefix, piece by piece. */
enum part_type {
        PART_CLOCK,   /* a time that is in no bracket */
        PART_KMSG,    /* extended netconsole's fields */
        PART_DECODED, /* dmesg -x: facility and level */
        PART_BRACKET, /* from an opening to its closing bracket, whatever is between */
        PART_BLANKS,
        PART_NUMBER,
        PART_WORD,
        PART_MARK, /* any other byte */
};

struct part {
        uint8_t type;
        char open;      /* of a bracket; the byte of a mark */
        bool timed;     /* a bracket that begins with a time */
        bool any;       /* a word that differs from line to line; a mark, or blanks in its place */
        uint16_t at, n; /* a word's bytes in the template's */
};

enum { PARTS_MAX = 80, PREFIX_MAX = 320, SUFFIX_MAX = 48 };

struct template {
        struct part parts[PARTS_MAX];
        size_t n;
        size_t tail_n; /* parts that follow those: what stands behind the text */
        char bytes[PREFIX_MAX];
        size_t pad; /* blanks between the prefix and the text */
        char quote; /* the text is in these */
        char suffix[SUFFIX_MAX];
        size_t suffix_n;
        uint64_t used; /* lines that it took apart */
};

/* The bytes of a part in the template. */
static inline struct slice template_part(const struct template *t, const struct part *p) {
        return (struct slice){ t->bytes + p->at, p->n };
}

/* A template of the bytes before the kernel's text. False if there are too many of them. */
bool template_make(struct template *t, struct slice prefix);
/* The mark that opens a quotation in which the text stands: one without its other before the text, and with it after.
 */
char template_quote(struct slice prefix, struct slice rest);
/* The next part of a prefix: the number of its bytes. */
size_t template_next_part(struct slice s, struct part *p);
/* Reads a line by the template; false if it does not fit. loose: words other than the kernel's name may differ. */
bool template_match(const struct template *t, struct slice line, bool loose, const struct prefix *initial,
                    struct prefix *ret);

/* Are they of one type, whatever is in them? */
bool template_same_part(const struct part *a, const struct part *b);
/* Is the part a caller's bracket, or the blanks around one? */
bool template_is_caller(const struct template *t, const struct part *p);
/* Of labels, {host="vm", unit="kernel"}, the one that names the kernel: unit="kernel". Empty if none does. */
struct slice kernel_label(struct slice labels);
/* Does the line begin with the kernel's time, or with its level and that? */
bool begins_with_kernels_time(struct slice line);
/* Does the prefix have anything before the kernel's time, or no such time? */
bool has_outer(const struct template *t);
/* A name for logs whose lines begin so, from the table in layout_names.c; "learned" if it has none. */
const char *template_name(const struct template *t);

bool is_letter_byte(char c);
/* The bracket that closes this one, NUL for another byte. */
char closing_bracket(char open);
/* A word with "kern" in it, which names the writer of the line: never treated as another word. */
bool is_kernel_word(struct slice w);
