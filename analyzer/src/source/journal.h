/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <systemd/sd-id128.h>
#include <systemd/sd-journal.h>

#include "line/trigger.h"
#include "source/source.h"

/* What the files that read journals share. */

/* journald's record of messages that the ring buffer overwrote; a match on the kernel's records hides it. */
#define LOST_MESSAGE_ID "e9bf28e6e834481bb6f48f548ad13606"

/* Which entries are wanted, with -b resolved. */
struct journal_filter {
        bool has_boot, has_since, has_until;
        sd_id128_t boot;
        uint64_t since_us, until_us;
};

/* One journal while its entries are fed to a scan. */
struct journal {
        sd_journal *j;
        struct scan *scan;
        const char *name;
        const struct journal_filter *filter;
        uint32_t source, boot;
        bool has_boot;
        sd_id128_t boot_id;
        bool one_boot; /* all entries are of one boot: noise is not asked for its time */
        bool untimed;  /* and the last entry was such */
        struct buffer message;

        /* For those who wait: the part that is being read, from when to when it is and how large. */
        uint64_t from_us, to_us, size;
};

/* Feeds the current entry. stop: it lies beyond --until. 0 or -errno. */
int journal_take_entry(struct journal *t, bool *stop);

static inline void journal_closep(sd_journal **j) {
        sd_journal_close(*j);
}

/* --- journal_filter.c: which entries, and what they hold --- */

/* Those entries only of a journal that was opened, from the first. 0 or -errno. */
int journal_filter_entries(sd_journal *j, const struct journal_filter *filter);

/* A field's value in the current entry, without its name; valid until the next call. -ENOENT where it has none. */
int journal_field(sd_journal *j, const char *name, struct slice *ret);

/* --- journal_files.c: which files there are, and which must be read together --- */

/* What a journal file's header begins with: systemd's documented layout, little-endian. */
struct journal_header {
        char signature[8];
        uint32_t compatible_flags, incompatible_flags;
        uint8_t state, reserved[7];
        uint8_t file_id[16], machine_id[16], tail_entry_boot_id[16], seqnum_id[16];
        uint64_t header_size, arena_size, data_hash_table_offset, data_hash_table_size, field_hash_table_offset,
                field_hash_table_size, tail_object_offset, n_objects, n_entries, tail_entry_seqnum, head_entry_seqnum,
                entry_array_offset, head_entry_realtime, tail_entry_realtime, tail_entry_monotonic;
};
enum { JOURNAL_FILE_OFFLINE, JOURNAL_FILE_ONLINE, JOURNAL_FILE_ARCHIVED };

struct journal_point {
        sd_id128_t boot;
        uint64_t mono_us, real_us;
};

struct journal_file {
        char *path; /* as it was when it was listed */
        bool has_header;
        uint8_t id[16];
        sd_id128_t seqnum_id; /* of the journald that wrote it */
        uint64_t head_seqnum, tail_seqnum;
        struct journal_point first, last; /* of the wanted entries */
        sd_id128_t *boots;
        size_t n_boots;
        size_t group; /* files with a boot in common, through others too, are of one group */
};

/* A group in which files follow one another in time is a chain and can be read file by file; the files of others
 * must be merged entry by entry. */
struct journal_group {
        size_t first, n; /* of the files */
        bool chain;
};

struct journal_files {
        struct journal_file *items;
        size_t n;
        struct journal_group *groups;
        size_t n_groups;
};

void journal_files_done(struct journal_files *f);

/* The journal file, or the journal files in a folder and its subfolders. Checks headers and says which file is
 * damaged: -ENODATA when one is cut off, -EACCES when one can't be read; the list holds them still.
 * -ENOENT when there is none. */
int journal_files_find(struct journal_files *f, const char *path, bool folder);
/* A folder's, behind those that are listed already; 0 where it has none. */
int journal_files_add_folder(struct journal_files *f, const char *path);

/* Opens one for reading: by its id, wherever in its folder it was moved to since. A descriptor, or -errno. */
int journal_file_open(const struct journal_file *f);

/* Opens some of them as one journal, filtered, before its first entry: each by its id, wherever in its folder it was
 * moved to since. Takes two descriptors a file while it opens. 0 or -errno. */
int journal_files_open(sd_journal **ret, const struct journal_file *files, size_t n,
                       const struct journal_filter *filter);

/* Drops files that hold no wanted entry, puts the others into groups, and both in order of time. Files that
 * cannot be opened are named, and the first error returned after all were looked at. */
int journal_files_group(struct journal_files *f, const struct journal_filter *filter);

/* --- journal_boots.c: which boots there are, for -b --- */

struct journal_boot {
        sd_id128_t id;
        uint64_t start_us; /* time of the first entry */
};

struct journal_boots {
        struct journal_boot *items;
        size_t n;
};

void journal_boots_done(struct journal_boots *b);
/* Adds the boots of any number of files. 0 or -errno. */
int journal_boots_add_files(struct journal_boots *b, const struct journal_files *files);
/* "" or "0": the last; "-1": the one before, ... -ENOENT where there are not so many, -EINVAL for other words. */
int journal_boots_pick(struct journal_boots *b, const char *which, sd_id128_t *ret);
/* Appends the ids of all boots that the journal has entries of; who has *ids frees it. 0 or -errno. */
int journal_boot_ids(sd_journal *j, sd_id128_t **ids, size_t *n);
/* Entries of that boot only. */
int journal_match_boot(sd_journal *j, sd_id128_t id);

/* --- journal_index.c, journal_search.c, journal_ahead.c: where the triggers are --- */

/* Entries that are worth reading and close together, and those between them. A boot's first entry is one. */
struct journal_stretch {
        uint64_t first, last; /* entries, counted from 0 within the file */
        uint64_t seqnum;      /* of the first */
        /* Of the entries between the stretch before this one and it: */
        uint64_t bytes;   /* of their messages */
        uint64_t mono_us; /* of the last, where the file has several boots */
};

struct journal_index {
        int error;    /* the file is not what it should be, or -ENOMEM: read it entry by entry */
        int unmapped; /* why libsystemd had to look at each entry; 0: it had not */
        bool grows;   /* entries may follow */
        struct journal_stretch *stretches;
        size_t n_stretches;
        uint64_t entries, last_seqnum;
        /* Of the entries after the last stretch: */
        uint64_t bytes, mono_us;
};

/* Adds the entry that comes next. 0 or -ENOMEM. */
int journal_index_add(struct journal_index *x, bool wanted, uint64_t seqnum, uint64_t bytes, uint64_t mono_us);

/* Makes the index of a file from its bytes. 0; -ENOMEM; another -errno: libsystemd must read it. */
int journal_search(const struct journal_file *f, const struct journal_filter *filter,
                   const struct trigger_set *triggers, struct journal_index *x);

struct journal_ahead;

/* Starts threads that index the files at these places, in this order, beside the caller; with n_threads 1 it does so
 * alone, by journal_search() or not at all. search: what is in files' bytes counts. The arguments must outlive it. */
int journal_ahead_start(struct journal_ahead **ret, const struct journal_file *files,
                        const struct journal_filter *filter, const struct trigger_set *triggers, const size_t *order,
                        size_t n, unsigned n_threads, bool search);
/* The index of the file at order[i]; asked for in rising order. The caller helps while it waits. Valid until the
 * next call. */
const struct journal_index *journal_ahead_get(struct journal_ahead *a, size_t i);
void journal_ahead_stop(struct journal_ahead *a);
