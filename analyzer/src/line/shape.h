/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "line/template.h"

/* Private to layout.c and window.c: what a prefix's parts say together. Where a kernel's own time or name ends it, what
 * goes on behind that may be a string that a user chose. */

/* Parts up to the kernel's tag and, if it follows, the kernel's time. 0: no tag. */
size_t shape_behind_tag(const struct template *t);
/* Parts up to where the kernel's own words begin: behind its time, or its name as a tag. 0: neither is there. */
size_t shape_terminal(const struct template *t);
/* The same where another time is what shows it first, or dmesg's level. */
size_t shape_words_from(const struct template *t);

/* Makes one template of two, words that differ becoming any; false, and nothing changed, where they are not alike. */
bool shape_merge(struct template *t, const struct template *with);

/* Have all parts a meaning of their own, or name the kernel? */
bool shape_is_plain(const struct template *t);
/* Is there something in it that any two words do not have? */
bool shape_has_numbers(const struct template *t);
/* Only marks, such as a quotation's, or blanks? */
bool shape_is_marks(const struct template *t);
/* Words, and then the kernel's time, before any other? */
bool shape_words_before_time(const struct template *t);
/* Is there more than a caller behind the first `end` parts? */
bool shape_goes_on(const struct template *t, size_t end);
/* Is it another's first `end` parts, and a caller at most? */
bool shape_is_head(const struct template *t, const struct template *of, size_t end);
/* Is it another's first parts, behind which neither a time nor the kernel's name follows? Then those that do follow are
 * what messages begin with. */
bool shape_is_beginning(const struct template *t, const struct template *of);

/* Does the line begin with a time, or with fields that only logs have? */
bool shape_begins_line(struct slice line);
/* Is the prefix that of the kernel's lines up to their time, but for the time and a word ("lvl": "info" where they have
 * "target")? */
bool shape_lacks_time(const struct template *t, const struct template *kernels);
