/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "report/finding.h"

/* Whom to ask: the kernel's MAINTAINERS file, read as scripts/get_maintainer.pl reads it. */
struct maintainers;

/* Reads the file. Reports what is wrong with it. 0 or -errno. */
int maintainers_read(struct maintainers **ret, const char *path);
struct maintainers *maintainers_free(struct maintainers *m);
static inline void maintainers_freep(struct maintainers **m) {
        maintainers_free(*m);
}

/* Sets the finding's guilty_file, subsystem, maintainers, reviewers, wider and lists. The file is that of the function
 * to blame, by its frame's place or the warning's; without one it is guessed by the function's name or its module's
 * (kind/places.h; else the entry that is named as the module), and guilty_file_guess says so. Nothing is set where none
 * is known. The strings are copies. 0 or -ENOMEM. */
int maintainers_find(const struct maintainers *m, struct finding *f);

/* Does a path match the section's F:, N: and X: lines? The rank is higher for a more specific line; 0: it does not.
 * For tests. */
unsigned maintainers_rank(const struct maintainers *m, const char *section, const char *path);
