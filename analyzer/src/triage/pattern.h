/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <stddef.h>

#include "base/slice.h"

/* A PCRE2 regular expression from an untrusted file: its length, and the steps and memory of a match, are limited. It
 * matches anywhere in a text unless anchored with ^ or $. */
struct pattern;

enum { PATTERN_MAX = 1024 }; /* bytes */

/* 0; -EINVAL for an invalid expression, with the reason and its offset (bytes) in why[]; -ENOMEM. */
int pattern_new(struct pattern **ret, const char *text, char *why, size_t n_why);
struct pattern *pattern_free(struct pattern *p);

/* A string that every match contains: in the pattern's memory, maybe empty; see literals.h. */
struct slice pattern_literal(const struct pattern *p);

/* 1 match, 0 no match, -ELOOP too many steps or too much memory, -ENOMEM. */
int pattern_match(struct pattern *p, struct slice text);
