/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "cmd/option.h"
#include "judge/coverage.h"
#include "triage/known.h"

/* --known, for commands that mark known findings: their table includes known_options. */
struct known_files {
        const char *paths[32];
        size_t n;
};

extern const struct cmd_option known_options[];

/* Reads all of the files; *ret is NULL where none was given. A question that asks for what is new while nobody says
 * what is known is a wrong call, unless there is something else to compare with. 0, or -errno once it is said. */
int known_files_read(const struct known_files *files, const struct question *q, bool compares, struct known **ret);
