/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "output/write.h"

/* For reading in a terminal: the verdict, then each finding in a few lines, what follows from another below it, then
 * the boots and what was read. */
int write_text(const struct scan *s, const struct style *style, FILE *f);

/* What -v adds to a finding: accesses, stacks, locks; with -vv the lines themselves. 0 or -errno. */
int show_detail(const struct scan *s, const struct finding *x, const struct style *style, size_t indent);
/* A frame in a line of its own: function, module, file and line, as far as they are known. */
void show_frame(const struct terminal *t, const struct frame *fr, size_t indent);

/* What the kernel printed of the event, in a line or two: a WARN's place, the accesses, the object of KASAN, the values
 * of KCSAN. */
void show_facts(const struct terminal *t, const struct finding *x, size_t indent);
/* Where it stopped and on what: RIP, kernel, taint, hardware. */
void show_machine(const struct terminal *t, const struct scan *s, const struct finding *x, size_t indent);

/* "[12.345678]", or the wall clock's where there is no other. */
void show_time(const struct terminal *t, const struct stamp *at);

/* Behind the findings. Boots, each with why it is not proven clean; of many boots, unless verbose, each reason once. 0
 * or -ENOMEM. */
int show_boots(const struct style *style, const struct scan *s);
void show_sources(const struct style *style, const struct scan *s);
enum paint paint_of_verdict(enum verdict v);
