/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "line/frame.h"
#include "report/finding.h"
#include "report/report.h"

/* Reading stack dumps, the same for all kinds. */

/* Copies a frame into the finding. */
int dump_add_frame(struct finding *f, struct stack *s, const struct frame_view *v);

/* Reads the frames from line i on into s and moves i to the first line that is not part of the trace:
 * contexts are skipped, an RIP in the kernel is a frame. */
int dump_frames(const struct report *r, size_t *i, struct finding *f, struct stack *s);

/* Reads all stacks and tasks from line i to the report's end. Each stack is named after the line that heads
 * it: "backtrace", "allocated", "freed", "work", "nmi", "leaked", "panic", "other" (another CPU's), ... The RIP of a
 * trap is the first frame of the trace that follows it. Empty stacks are not kept. */
int dump_all(const struct report *r, size_t i, struct finding *f);

/* The first stack of that name, NULL if there is none. */
struct stack *dump_stack_of(const struct finding *f, const char *what);
/* The stack of the event: the first "backtrace", else the first that is not an allocation's, else the first.
 */
struct stack *dump_main(const struct finding *f);
/* The same without the last: NULL if there are only stacks of the past. */
struct stack *dump_own(const struct finding *f);
/* The stack that begins at a trap, regardless of earlier ones; NULL if there is none. */
struct stack *dump_trap(const struct finding *f);

/* Does this line of the variant announce the stack that took a leaked reference? */
bool dump_says_taken(struct slice text);

/* "CPU: 0 PID: 1 Comm: x Not tainted ...", before 3.11 "Pid: 1, comm: x Not tainted ...": adds the task with role
 * "reporter", once. */
int dump_cpu_line(const struct report *r, size_t i, struct finding *f);
/* The same from a sentence, for a report without such a line: "comm/12 is trying to acquire lock:", "Read of size 8 at
 * addr ffff888100000000 by task comm/12", "in_atomic(): 1, irqs_disabled(): 0, pid: 12, name: comm". */
int dump_told_task(const struct report *r, struct finding *f);
/* Is the line what follows a task's name in such a line? A name may hold a line end, which breaks the line in two. */
bool dump_ends_cpu_line(struct slice text);

/* "comm/123" at the start of a sentence; both may hold any byte but the pid is the last number before rest. */
bool comm_pid(struct slice s, struct slice *comm, uint64_t *pid);
