/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <stddef.h>

#include "base/slice.h"

/* A regular expression as PCRE2 understands it, from a file that nobody vouches for: its length, and the steps and
 * memory of a match, are bounded. Found anywhere in a text unless it says ^ or $. */
struct pattern;

enum { PATTERN_MAX = 1024 }; /* bytes */

/* 0; -EINVAL for one that cannot be understood, with why and where in it (bytes) in why[]; -ENOMEM. */
int pattern_new(struct pattern **ret, const char *text, char *why, size_t n_why);
struct pattern *pattern_free(struct pattern *p);

/* What every text has in which it is found: in the pattern's memory, maybe empty; see literals.h. */
struct slice pattern_literal(const struct pattern *p);

/* 1 it is found, 0 it is not, -ELOOP it takes too many steps or too much memory to tell, -ENOMEM. */
int pattern_match(struct pattern *p, struct slice text);
