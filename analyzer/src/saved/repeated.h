/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "saved/saved.h"

/* A folder of a job has a log beside the report of it, and what the kernel printed once must not count twice.
 *
 * Drops the findings of a saved report that a log has too: of the same boot, by its ID or by how the log begins, and of
 * the same event. A boot of a log stands for one boot of the reports; if it has no labels, it gets those of the report.
 * Boots and sources of which nothing else is left are counted in *ret. 0 or -ENOMEM. */
struct repeated {
        size_t boots, sources;
};
int saved_drop_repeated(struct saved *s, struct scan *logs, struct repeated *ret);
