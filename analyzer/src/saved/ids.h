/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "report/finding.h"

/* Findings by their id. */
struct saved_ids;

/* NULL when out of memory. */
struct saved_ids *ids_new(void);
void ids_free(struct saved_ids *ids);
/* NULL when there is none. */
struct finding *ids_get(const struct saved_ids *ids, const char *id);
/* The id must be new; the finding stays the caller's. 0 or -ENOMEM. */
int ids_add(struct saved_ids *ids, struct finding *f);
/* Forgets a finding that is there. 0 or -ENOMEM. */
int ids_drop(struct saved_ids *ids, const struct finding *f);
