/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "line/further.h"
#include "line/prefix.h"

/* The text around the kernel's messages in the lines of a log: times, hosts, tags, quotes, marks, as added by the
 * programs that the log passed through. It is learned from lines with words that only a kernel prints (anchor.h): text
 * before those words that is similar in all lines is the prefix, whatever it means. A log may have several layouts.
 *
 * Strings that users choose must not influence this: see accept() in layout.c. */
struct layout;

/* pasted: people put pieces of several logs into it, as into a mail: what one has for a prefix says nothing of others.
 */
int layout_new(struct layout **ret, bool pasted);
struct layout *layout_free(struct layout *l);

/* Is there something to learn at this line, whose end is known? True where it holds a kernel's words elsewhere than
 * what is known so far says. Lines without escape sequences, here and below. */
bool layout_doubts(const struct layout *l, struct slice line);
/* Learns from the lines of a window, complete ones, including the line in doubt; at most LAYOUT_WINDOW bytes. */
enum { LAYOUT_WINDOW = 48 * 1024 };
int layout_learn(struct layout *l, struct slice window);

/* Parses the line by one of the learned layouts. False if none fits or none is known. */
bool layout_match(struct layout *l, struct slice line, const struct prefix *initial, struct prefix *ret);

/* Is anything known, and do the lines have a prefix at all? */
bool layout_known(const struct layout *l);
bool layout_prefixed(const struct layout *l);
/* Do the kernel's lines have its tag, as in a syslog file, so that one without it is not the kernel's? */
bool layout_tagged(const struct layout *l);
/* Does something that others write stand before the kernel's time, or its words? */
bool layout_has_outer(const struct layout *l);
/* Does the line begin with the kernel's time, where most have something before it? What collectors write of a message
 * of several lines may look so. */
bool layout_lacks_outer(const struct layout *l, struct slice line);

/* Has the line, which no layout fits, another program's tag where the kernel's lines have theirs? */
bool layout_others(const struct layout *l, struct slice line);
/* Does the line name another facility where the kernel's lines name theirs: a process's, whatever its tag is? */
bool layout_denies(const struct layout *l, struct slice line);

/* Is it known that lines are broken? */
bool layout_broken(const struct layout *l);
/* Could this be the first that shows it? Then layout_learn_breaks() looks at a window, as layout_learn() does. */
bool layout_may_break(const struct layout *l, struct slice line, struct slice next);
int layout_learn_breaks(struct layout *l, struct slice window);
/* Was the line broken where a mail program or terminal breaks long ones, and next is its rest? Known where a text shows
 * it several times. first: the line is no rest itself. *blank: a blank was lost between them; *ret_at: where the rest
 * begins in next, behind the marks of a quotation. */
bool layout_breaks(const struct layout *l, struct slice line, struct slice next, bool first, bool *blank,
                   size_t *ret_at);

/* Does a line end as no such line does, and may next be its rest? headline: it has a report's words. */
bool layout_unfinished(const struct layout *l, struct slice line, struct slice next, bool headline, size_t *ret_at);

/* How most of the lines read so: a name of the table in layout_names.c, "learned" for one that is not there; NULL
 * where nothing was learned. */
const char *layout_name(const struct layout *l);

/* The line before the next one. */
struct before *layout_before(struct layout *l);
/* What the last line of the kernel's began with that was made as a layout says. */
struct prefix_bytes *layout_kernels(struct layout *l);
