/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "line/template.h"

/* Private to layout.c: the tags by which the lines of a syslog file name their writers: "TIME host kernel: ", "TIME
 * host cron[7]: ". A program chooses its own: it may hold blanks, and the kernel's name. */

/* How much a line matters, or the kind of stream that it came from: a logger's words, not a writer's name. */
bool is_level(struct slice w);
/* The same behind a facility: "warning", "kern.warn", "daemon.info". */
bool is_priority(struct slice w);

/* The part that is the kernel's name as a tag: "host kernel:", and in RFC 5424 "host kernel - - -". 0: none. */
size_t tag_of(const struct template *t);
/* The part that is the kernel's name as a column of its own: "TIME,vm,kernel,". 0: none. */
size_t column_of(const struct template *t);
/* The parts up to that column, or to the labels that name the kernel ("TIME {unit="kernel"} "), and to the kernel's
 * time if it follows. 0: neither is there. */
size_t behind_name(const struct template *t);
/* Is it a syslog file's: not that of RFC 5424? */
bool is_tagged(const struct template *t);
/* Does nothing that ends in a colon stand between the time and the kernel's tag? */
bool has_plain_tag(const struct template *t);
/* "TIME host program[12]: ", "TIME program: ", "[   12.345678] program[12]: ": a program's own line, which nothing
 * within gives to the kernel. */
bool is_programs(const struct template *t);
/* "TIME host my kernel: ": more than a host before the kernel's name, so that this is the end of a program's. */
bool has_long_tag(const struct template *t);

/* What the kernel's lines begin with in a text that has this line, if that has the kernel's tag, or a process's with
 * its number: what is before the tag, and the kernel's. *kernels: it has the kernel's. False if it has neither. */
bool tag_prefix(struct slice line, struct template *ret, bool *kernels);
/* Is it the prefix of other programs' lines, in a log of which the kernel's is known? Or what is left of it where the
 * program's name begins as a report does? */
bool is_others(const struct template *t, const struct template *kernels);
/* A line of another program in a log of many: as the kernel's template says, but with another tag in the place of its.
 * Where the lines do not name a host, only a process's number shows a tag: "usb:" begins the kernel's lines too. */
bool is_fellow(const struct template *kernels, struct slice line);
/* Do the first parts of a prefix name another writer, in a column or by labels, where that of the kernel's lines names
 * the kernel, or fewer of its parts the kernel? */
bool lacks_name(const struct template *t, const struct template *kernels);
/* Has the prefix labels that do not name the kernel, and the line those that do? */
bool is_labelled_otherwise(const struct template *t, struct slice line);
