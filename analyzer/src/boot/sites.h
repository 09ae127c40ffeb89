/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "boot/boot.h"
#include "report/finding.h"

/* The places of the variant's hooks in the driver, as `kernel/annotate --sites TREE` prints them: its schema is
 * kernel/annotate.schema.json. The driver itself counts passes by name only. */

/* One call of a hook. */
struct site {
        const char *name;     /* HOOK@FUNCTION, as in the unload line; a function may hold several of that name */
        const char *function; /* that it stands in, a part of name */
        const char *file;     /* in the annotated tree */
        const char *rules;    /* that it judges by, with commas between; NULL: it keeps account */
        unsigned line;
        bool reachable; /* by the mock selftests: without the hardware, a fault or an error */
};

/* Those of one tree, and of further ones. */
struct sites {
        struct sites *next;
        char *path;
        struct arena arena;
        const char *kernel; /* "6.1" */
        const char *fix;    /* "upstream", "applied" or "none" */
        struct site *items;
        size_t n;
};

/* Adds the sites of a file to a list, NULL at first. Reports errors in the file. 0 or -errno. */
int sites_read(struct sites **list, const char *path);
struct sites *sites_free(struct sites *s);
static inline void sites_freep(struct sites **s) {
        sites_free(*s);
}

/* Those of the tree that the boot's driver was built from; NULL where the list lacks it. */
const struct sites *sites_of(const struct sites *list, const struct boot *b);

/* Gives the frame from which the variant's check was called, where it has no file and line, those of the hook. Only
 * where one place alone can be meant. The strings live in s. */
void sites_locate(const struct sites *s, struct finding *f);
