/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "report/finding.h"

/* Source lines of stack frames, from the debug information of the kernel that printed them. */
struct symbols;

/* vmlinux: the kernel with its debug information; modules: a folder with NAME.ko files somewhere in it, plain or
 * compressed. Either may be NULL. Says itself what cannot be opened; 0 or -errno. */
int symbols_open(struct symbols **ret, const char *vmlinux, const char *modules);
struct symbols *symbols_free(struct symbols *s);

/* Adds file and line to the finding's frames that lack them, and the functions that were inlined there as frames of
 * their own before them, the innermost first. New strings live in symbols. What cannot be found stays as it was;
 * a file that lacks debug information, or is of another build, is named once. 0 or -ENOMEM. */
int symbols_resolve(struct symbols *s, struct finding *f);
/* After the last: names the files that had no information for any of their frames. */
void symbols_say(const struct symbols *s);
