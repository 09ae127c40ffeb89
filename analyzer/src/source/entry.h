/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "source/source.h"

/* An entry of the journal as its export, JSON and verbose forms give it: fields by name. They are collected one by
 * one, whatever their order; entry_end() feeds the entry to the scan if it is the kernel's and is wanted. */

/* The fields that we look at. */
enum entry_field {
        ENTRY_MESSAGE,
        ENTRY_BOOT,
        ENTRY_MACHINE,
        ENTRY_HOST,
        ENTRY_TRANSPORT,
        ENTRY_IDENTIFIER,
        ENTRY_FACILITY,
        ENTRY_MESSAGE_ID,
        ENTRY_CURSOR,
        ENTRY_REAL,
        ENTRY_MONO,
        ENTRY_PID,
        ENTRY_UID,
        ENTRY_SOURCE_MONO,
        N_ENTRY_FIELDS
};

struct entry {
        struct scan *scan;
        const struct source_options *options;
        uint32_t source, boot; /* indices into the scan's */
        char boot_id[33];
        bool has_boot;
        bool any; /* it has a field, maybe one that we do not look at */
        struct buffer field[N_ENTRY_FIELDS];
        bool has[N_ENTRY_FIELDS];
};

/* A message of the kernel is short; a field beyond this is kept by its head. */
enum { ENTRY_FIELD_MAX = 64 * 1024 };

/* Begins a source of that type: -b must be a boot's id here. 0, or -errno after saying what is wrong. */
int entry_begin(struct entry *x, struct scan *s, struct input *in, const char *type, const struct source_options *o);
void entry_done(struct entry *x);

/* Is it the name of a field: capitals, digits, underscores? */
bool entry_is_name(struct slice s);
/* The first value of a field counts. 0 or -ENOMEM. */
int entry_keep(struct entry *x, struct slice name, struct slice value);
/* Goes on with a field that entry_keep() took last, after a line end. 0 or -ENOMEM. */
int entry_more(struct entry *x, struct slice name, struct slice line);
/* The entry is whole; the next one begins. 0 or -errno. */
int entry_end(struct entry *x);

/* The source was read to its end, or failed with e, which is said already; bad pieces of it were no part of an
 * entry. What source_*() returns. */
int entry_finish(struct entry *x, struct input *in, int e, uint64_t bad);
