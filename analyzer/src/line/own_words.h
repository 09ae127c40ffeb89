/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "base/slice.h"

/* The kernel prints strings that users choose: names of tasks, files, devices. The contents of such a string prove
 * nothing. The start of a record is the kernel's, unless a task's name comes first; these functions recognize the forms
 * in which the first words of a line are the kernel's or a driver's. */

/* Does the line begin with a task's name, which any process sets for itself (15 bytes, prctl)? Recognized by what the
 * kernel prints after it ("[123]: segfault at"), which is longer than a name, so that a name cannot imitate it. */
bool begins_with_task(struct slice text);

/* Does it, with words that are no report's? Then the line is a message of its own, whatever the task is called. */
bool tells_of_task(struct slice text);

/* The same as begins_with_task() of what no table has: a task's name and its number, "[123]: ", as every kernel prints
 * them. A program's tag in a text looks the same. */
bool begins_with_id(struct slice text);

/* Does it begin with a name that may be longer than a task's: what a USB device calls itself, as usbhid prints it, the
 * file of a program that a signal ended, or the prefix of netfilter's LOG, which whoever makes the rule chooses? */
bool begins_with_name(struct slice text);

/* A task's name may hold line ends. Those in a name, told by the kernel's words around it, become '?', from the
 * record's first line on: the line is then as the kernel meant it. A line end elsewhere stays, and what is behind it.
 */
void join_names(char *p, size_t n);

/* The line without what a driver of graphics prints before its message: "i915 0000:00:02.0: [drm] *ERROR* ". */
struct slice after_driver(struct slice text);

/* Without " ilc:2" at its end, the length of the instruction, which s390 says in that line. */
struct slice without_length(struct slice s);
/* "<what>: <code> [#<n>]" and words in capitals, or "Oops - <what> [#<n>]": the line with the count of oopses. what is
 * without the code; it may be NULL. */
bool is_oops_count(struct slice text, struct slice *what);
