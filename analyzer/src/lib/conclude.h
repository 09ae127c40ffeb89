/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "boot/sites.h"
#include "lib/exit_status.h"
#include "redact/names.h"
#include "scan/scan.h"
#include "symbol/symbols.h"
#include "triage/known.h"
#include "triage/maintainers.h"

/* What a scan is told besides its logs, and what follows from it for findings: one place for the library and for the
 * command, so that both say the same of a log. */

struct knowledge {
        struct symbols *symbols; /* each may be NULL */
        const struct sites *sites;
        struct known *known;
        const struct maintainers *maintainers;
        const char *maintainers_file; /* its name, for a warning */
};

/* For findings of logs, once they are judged: file and line of frames, hooks, owners, people. Says for how many there
 * is nobody to ask. 0 or -errno. */
int knowledge_add(const struct knowledge *k, struct scan *s);
/* People alone: what saved reports lack. 0 or -errno. */
int knowledge_add_people(const struct knowledge *k, struct scan *s);

/* Warns where all that was found is unrelated to a focus that no finding names. */
void doubt_focus(const struct question *q, const struct store *const stores[], size_t n);

/* For boots that were judged: EXIT_FINDINGS, EXIT_NOT_PROVEN or EXIT_CLEAN. */
int status_of_boots(const struct boots *boots, const struct question *q);
