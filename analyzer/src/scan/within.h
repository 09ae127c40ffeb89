/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "kind/kind.h"
#include "line/line.h"

/* A report's first words behind others, that a line without end left there: which kind they begin, and where; NULL if
 * they begin none. Anybody may have had them printed in a name or a message, so that they mean something only with what
 * follows; and where the source keeps records whole, lines do not run together. class: of the line; named: kinds with a
 * trigger in it. */
const struct kind *starts_within(const struct line *l, enum line_class class, uint64_t named, struct slice *ret);
/* Does the kernel say that it prints a stack which is no report's? Users have it do so, as when memory runs out, behind
 * a headline that they had it print in a name: what began behind others' words has no body there. */
bool announces_stack(struct slice text);

/* Words began amid a line while a report of the same caller was open. Does the next line go on the open one, or is it
 * of what began? Words alone that others print tell nothing. starter: the kind that the line would start, or NULL. */
enum whose {
        WHOSE_NOBODYS,
        WHOSE_OPENS,
        WHOSE_BEGUN,
};
enum whose whose_line(const struct report *open, const struct report *begun, struct slice text, enum line_class class,
                      const struct kind *starter);
