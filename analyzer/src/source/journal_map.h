/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <systemd/sd-id128.h>

#include "base/slice.h"

/* A journal file as it lies on disk, mapped: systemd's documented format, little-endian. Every byte is untrusted: each
 * call checks what it reads at least as strictly as libsystemd does. -EBADMSG: the file is not what the format says,
 * or changes under the reader. A file that somebody cuts off while it is read ends the process, as with libsystemd. */

struct journal_map {
        const uint8_t *bytes;
        size_t mapped;
        uint64_t begin, end; /* of the objects */
        uint64_t fields;     /* of the hash table of fields: its first bucket, */
        uint64_t n_fields;   /* and how many there are */
        bool compact;        /* entries and arrays hold offsets of 32 bits */
        bool online;         /* it is being written, or was when its machine went down */
};

/* 0; -EPROTONOSUPPORT: of a newer format; -EBADMSG; -errno of mmap(). */
int journal_map_open(struct journal_map *m, int fd);
void journal_map_done(struct journal_map *m);

/* --- DATA objects: a field of one or more entries, NAME=value --- */

struct journal_data {
        struct slice payload;
        bool compressed; /* the payload is packed */
        uint64_t next;   /* the data object of the same field that was added before; 0: none */
        uint64_t n_entries, first_entry, entry_array;
};
int journal_map_data(const struct journal_map *m, uint64_t at, struct journal_data *ret);
/* The bytes of the payload of an object that journal_map_data() has read; 0 where it is not what it was. */
uint64_t journal_map_payload(const struct journal_map *m, uint64_t at);
/* The data object of a field's value. 1; 0 where there is none. */
int journal_map_find(const struct journal_map *m, struct slice name, struct slice value, uint64_t *at);

/* --- the entries that have a data object, in order of their offsets --- */

struct journal_places {
        uint64_t first, left, last; /* the entry that the object names; how many are left; the last that was given */
        uint64_t array, item;       /* the array that comes next, and the item in it */
};
int journal_map_places(const struct journal_map *m, uint64_t data, struct journal_places *ret);
/* 1; 0 at the end. */
int journal_places_next(const struct journal_map *m, struct journal_places *p, uint64_t *at);

/* --- ENTRY objects --- */

struct journal_entry {
        uint64_t seqnum, real_us, mono_us;
        sd_id128_t boot;
        const uint8_t *items;
        size_t n_items;
};
int journal_map_entry(const struct journal_map *m, uint64_t at, struct journal_entry *ret);
/* Where the entry's data object number i is. */
uint64_t journal_map_item(const struct journal_map *m, const struct journal_entry *e, size_t i);
