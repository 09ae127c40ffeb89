/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "scan/scan.h"
#include "source/input.h"

/* What the user asked to be read, with the options that choose among journal entries. */
struct source_options {
        const char *boot; /* -b's argument: NULL for all boots, "" or "0" for the last, "-1", an id */
        bool has_since, has_until;
        uint64_t since_us, until_us; /* microseconds since 1970 */
        uint64_t max_unpacked;       /* bytes that one archive may unpack to, all in it included; 0: UNPACKED_MAX */
        const struct focus *focus;   /* for a scan that has none yet; NULL: i915 */
        bool every_entry;            /* journals: read each entry through libsystemd, search no file */
        bool journals_only;          /* -D: of a folder that has journals, read nothing else */
        size_t held_boots; /* the scan's first boots, which journals beside the log hold: of an export or JSON,
                              skip their entries */
        /* Gets the saved reports of a folder, by their paths, and says itself what is wrong: 0 or -errno. NULL: they
         * are passed over. */
        int (*take_report)(void *data, const char *path);
        void *data;
        bool follows;     /* it is the next file of the rotated log that was read before */
        bool listed;      /* nobody named it: see source_info's maybe_document */
        bool verbose;     /* say which journals are read so all the same, and why */
        unsigned threads; /* -j; 0: see source_threads() */
};

/* Far beyond any real bundle. */
#define UNPACKED_MAX (16ull << 30)
enum { MEMBERS_MAX = 1000000 };

/* Reads one source to its end into the scan. All say themselves what went wrong, and return 0, or
 * -errno when it could not be read or not in full; what could be read has then been fed. */

/* "journal", "-", or a path: what it is follows from its content. */
int source_read(struct scan *s, const char *name, const struct source_options *o);

/* How many threads read, this one included: as many as there are CPUs that it may run on, eight at most, unless the
 * user says. */
unsigned source_threads(const struct source_options *o);

/* How bytes came to be asked for. A file that the user named is a log until it proves to be none; a member of an
 * archive must look like one, and is skipped with a word where it does not; a file of a folder too, and the folder's
 * reader counts it. */
enum source_way { SOURCE_NAMED, SOURCE_PACKED, SOURCE_MEMBER, SOURCE_LISTED };
/* What a file of a folder gives that is no log, in place of 0; the latter for a saved report. */
enum { SOURCE_PASSED = 1, SOURCE_REPORT };

/* Bytes, by what they hold. depth: how many times over they were packed. */
int source_input(struct scan *s, struct input *in, const struct source_options *o, enum source_way way, unsigned depth);

/* A file by its path. 0, SOURCE_PASSED, SOURCE_REPORT or -errno. */
int source_file(struct scan *s, const char *path, const struct source_options *o, enum source_way way);
/* All logs in a folder and its subfolders, ordered by name, but for the journals in these folders, which were read
 * before (NULL: there are none). Reports how many files are not logs; saved reports go to the options' take_report. A
 * text of a boot that these journals hold counts only for what they lack. */
struct file_set;
int source_folder(struct scan *s, const char *path, const struct source_options *o,
                  const struct file_set *journal_folders);

/* This machine's journal (path NULL), a folder's or a file's. */
int source_journal(struct scan *s, const char *path, bool folder, const struct source_options *o);
/* All of pstore's dumps in a folder, each with its parts in order; not what stands beside them. 0 or -errno. */
int source_pstore(struct scan *s, const char *path, const struct source_options *o);

/* Each reads one kind of content: dmesg, console and syslog text; what /dev/kmsg gives, or the device itself; the
 * journal's export format, journalctl's verbose and JSON; dmesg's JSON; igt's results.json; anything packed. */
/* -ENOMSG: no line of the text could be told to be a kernel's, and nobody said so yet; -ENODATA: the same, and it was
 * said that lines have its words. */
int source_text(struct scan *s, struct input *in, const struct source_options *o);
int source_kmsg(struct scan *s, struct input *in, const struct source_options *o);
int source_export(struct scan *s, struct input *in, const struct source_options *o);
int source_verbose(struct scan *s, struct input *in, const struct source_options *o);
int source_journal_json(struct scan *s, struct input *in, const struct source_options *o);
int source_dmesg_json(struct scan *s, struct input *in, const struct source_options *o);
int source_igt(struct scan *s, struct input *in, const struct source_options *o);
/* A mail: what people wrote in it, and each attachment, by what it holds. */
int source_mail(struct scan *s, struct input *in, const struct source_options *o, enum source_way way, unsigned depth);
/* Is the input a mail's part? Then what looks like a mail in it is quoted. */
bool is_mail_part(const struct input *in);
/* A bundle is an archive with this folder (see redact/bundle.h); the log is in log/; other members are not logs. */
#define BUNDLE_FOLDER "vmlife-bundle/"
int source_archive(struct scan *s, struct input *in, const struct source_options *o, enum source_way way,
                   unsigned depth);
