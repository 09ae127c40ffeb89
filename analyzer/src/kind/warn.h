/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "kind/kind.h"

/* The message of a WARN that gave one ("refcount_t: ..."), empty if it did not. For reports that the WARN
 * kind started; several lines are one message. */
struct slice warn_message(const struct report *r);
/* Is it what refcount_t says, or debugobjects? Messages of an interface that is called so are other sentences. */
bool warn_is_of_refcount(struct slice message);
bool warn_is_of_objects(struct slice message);
/* What it says happened to a count, where x86's own handler says so with the place: "hit zero"; else empty. */
struct slice warn_of_counter(struct slice message);
/* The file and line that the banner names, empty if it is missing. */
struct slice warn_file(const struct report *r);
/* Fills all that any WARN says: message, place, stacks, function, title "WARNING in F". own: more machinery
 * to pass over, NULL is none. */
int warn_parse(const struct report *r, struct finding *f, const char *title, const char *const *own);
