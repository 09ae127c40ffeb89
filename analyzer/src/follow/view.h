/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "scan/scan.h"

/* The result of the scan if its log ended here: judged, linked, folded, each boot with its verdict. The scan itself is
 * not changed. The view shares memory with it and is valid until the scan takes in more. */

/* Is this open report to be shown, as it is now? */
typedef bool (*view_due_t)(struct report *r, void *userdata);

/* 0 or -ENOMEM; view_done() either way. */
int view_make(struct scan *view, const struct scan *s, const struct question *q, view_due_t due, void *userdata);
void view_done(struct scan *view);
