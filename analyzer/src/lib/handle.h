/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <stdio.h>

#include "base/arena.h"
#include "base/buffer.h"
#include "base/file.h"
#include "boot/sites.h"
#include "lib/vmlife.h"
#include "redact/names.h"
#include "scan/scan.h"
#include "source/source.h"
#include "symbol/symbols.h"
#include "triage/known.h"
#include "triage/maintainers.h"

/* What is behind the library's handle. "vmlife scan" is a program on the library: it opens a handle, reads and ends it
 * with the public functions, and looks in here for what these do not tell: it fills source, question, known and
 * redaction from its own options, and shows and writes the scan itself. */
struct vmlife {
        struct scan scan;
        struct source_options source;
        struct question question;
        struct known *known;
        struct sites *sites;
        struct symbols *symbols;
        struct maintainers *maintainers;
        struct label labels[32];
        size_t n_labels;
        struct redaction redaction;
        struct arena arena;                                      /* of strings that options gave */
        const char *folder;                                      /* --directory, until it was read */
        const char *maintainers_file, *vmlinux, *modules, *boot; /* NULL: not given */
        struct file_set given;                                   /* what vmlife_read() has read */
        FILE *fed; /* bytes that vmlife_feed() took; NULL: none since the last end */
        bool has_read, finished, incomplete;
        bool messages_elsewhere;   /* they go where the program's go, not to this handle */
        struct json_object *shown; /* what vmlife_json() gave last, */
        struct buffer shown_text;  /* and as text */
        char error[4096];
        void (*hear)(void *data, const char *text);
        void *data;
};

/* vmlife_open() for a program whose own log_to() stays. */
int handle_open(struct vmlife **ret);
/* Reads the directory, if one was given that was not read yet. 0 or -errno. */
int handle_read_directory(struct vmlife *v);
/* The first half of vmlife_finish(): judges what was read, and adds what people and other files know. The second warns
 * of a focus that nothing has, and redacts. 0 or -errno. */
int handle_judge(struct vmlife *v);
