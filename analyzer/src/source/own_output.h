/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "base/slice.h"

/* Is it something that vmlife wrote, by how it begins: a report as text, page, test results, table, mail or diff? These
 * quote kernel reports, which count where they were logged. head: the first bytes. */
bool is_own_output(struct slice head);
/* Is it a report that scan or follow saved, as JSON or NDJSON, with its keys in any order? */
bool is_own_report(struct slice head);
/* A report that scan, follow or diff saved, or a bundle's manifest: about logs, and none. */
bool is_saved_report(struct slice head);
