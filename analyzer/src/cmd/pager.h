/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <stdbool.h>
#include <sys/types.h>

/* Text for a terminal goes through a pager, as journalctl's does: $VMLIFE_PAGER, else $PAGER, else less or more; empty
 * or "cat" is none. less leaves at once what fits one screen. */
struct pager {
        pid_t pid;
};

/* Where path is NULL and standard output a terminal: what is written to it from here on goes to the pager. Ask
 * terminal_of() for colours and columns before this. False where there is no pager. */
bool pager_open(struct pager *p, const char *path);
/* Waits until the reader has left it. Returns false where text could not be written for another reason than that. */
bool pager_close(struct pager *p);
