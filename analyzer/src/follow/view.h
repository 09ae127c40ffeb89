/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "scan/scan.h"

/* What a scan would say if its log ended here: judged, linked, folded, each boot with its verdict. The scan itself
 * goes on as if nobody had looked. The view shares memory with it and lives until the scan takes in more. */

/* Is this open report to be shown, as it is now? */
typedef bool (*view_due_t)(struct report *r, void *userdata);

/* 0 or -ENOMEM; view_done() either way. */
int view_make(struct scan *view, const struct scan *s, const struct question *q, view_due_t due, void *userdata);
void view_done(struct scan *view);
