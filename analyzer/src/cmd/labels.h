/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "base/arena.h"
#include "boot/boot.h"
#include "cmd/option.h"

/* --label, for commands that read logs: their table includes label_options, and what was given goes into
 * scan.boots.labels before anything is read. */
struct labels {
        struct label items[32];
        size_t n;
        struct arena arena;
};

extern const struct cmd_option label_options[];

void labels_done(struct labels *l);
