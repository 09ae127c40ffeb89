/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <stddef.h>

/* The prefilter: finds the words that can start a report, or tell about a boot, in a large buffer.
 * It is the only code that sees every byte of a log, and it sees each byte once. */
struct trigger_set;

/* The words are literals, matched byte for byte, each at least TRIGGER_MIN bytes long; the array is
 * copied, the strings must live on. Returns -EINVAL for a shorter word, -ENOMEM. */
enum { TRIGGER_MIN = 4 };
int trigger_set_new(struct trigger_set **ret, const char *const *words, size_t n);
struct trigger_set *trigger_set_free(struct trigger_set *t);

/* The start of the first word in [p, end), NULL if there is none. */
const char *trigger_find(const struct trigger_set *t, const char *p, const char *end);
