/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "records.h"

struct json_object;

/* A boot of which all is known: its first lines, and the last. */
void put_start(struct out *o);
void put_end(struct out *o);

/* What a report says of the boot and of its findings: without times, places and counts of what was read. The caller
 * frees. */
char *what_is_said(struct json_object *r);
