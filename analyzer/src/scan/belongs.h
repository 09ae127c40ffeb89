/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "kind/kind.h"
#include "line/line.h"

/* Is a line an open report's? What the two say of it, whatever other reports are open. starter: the kind that the line
 * would start, or NULL. */

/* A kernel that knows its functions prints no addresses instead: what may be a cgroup's name was one. */
void drop_names(struct report *r);
/* "cut here" says that a report comes, not which: UBSAN's have it since 6.9, and are no warnings. Others' lines may
 * have come between, where callers are not known. */
bool is_announced(const struct report *r, const struct kind *starter);
/* Symbolized reports have a line for each function that the compiler put into another: "BUG: KASAN: ... in g g.h:1
 * [inline]", "BUG: KASAN: ... in f+0x1/0x2 f.c:3". Is the line the next of these? The last names the function. */
bool is_outer(const struct report *r, const struct line *l, const struct kind *starter);
/* Is the line older than the report's last by more than CPUs' clocks differ? Then it is of another time, and what was
 * to come of the report is missing. */
bool is_earlier(const struct report *r, const struct line *l);
/* In a trace that somebody shortened the frames are names alone, and its head may be gone. */
bool is_name_of_frame(const struct report *r, const struct line *l, enum line_class class);
/* A kernel without symbols prints addresses alone, and a name that looks like one names no function. Is it a line of
 * the report, which has a task, registers or a trace's head of its own, and no symbol? */
bool is_own_address(const struct report *r, const struct line *l);
/* Words behind others', which a user may have chosen, take no report that begins by itself: where no body came so far,
 * only what continues a report of their kind, or counts an oops, is theirs. */
bool gives_way(const struct report *r, const struct line *l, const struct kind *starter);
/* Has it a line that only a report of its kind has? */
bool has_own_line(const struct report *r);
/* Two programs showed the kernel's lines in one file, each with its own time: the line is the report's last once more.
 * (With one clock it may be a frame of a function that calls itself; what stood behind others' words was quoted.) */
bool is_shown_twice(const struct report *r, const struct line *l);
/* Another CPU answers, or goes on answering, the report's own by lines with its own caller. */
bool adopts(struct report *r, const struct line *l, const struct kind *starter);
/* A console line without the prefix that the report's lines have? */
bool is_bare(const struct report *r, const struct line *l);
/* Has the report this line, with its time? */
bool has_line(const struct report *r, const struct line *l);
/* decode_stacktrace.sh shows the code twice, each time with a ruler below these words. */
bool heads_code(struct slice text);
/* "Freed by task 42:", "-> #1 (lock){+.+.}-{3:3}:", "in_atomic(): 1, ": a collector may have joined what follows to it.
 * Users' strings stand behind words, a colon and a blank, or in quotation marks, and may begin with a line end. */
bool begins_section(struct slice text);
