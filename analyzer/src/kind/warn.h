/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "kind/kind.h"

/* WARN() and what others say through it. */
extern const struct kind kind_warn;

/* The message of a report that kind_warn started: the lines beside the banner. Empty if there is none. */
struct slice warn_message(const struct report *r);

/* Fills the finding as a plain WARN; kinds that claim one call it first. */
int warn_parse(const struct report *r, struct finding *f);
