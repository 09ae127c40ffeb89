/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "line/frame.h"
#include "report/finding.h"
#include "report/report.h"

/* Reading stack dumps, the same for all kinds. */

/* Copies a frame into the finding. */
int dump_add_frame(struct finding *f, struct stack *s, const struct frame_view *v);

/* Reads the frames from line i on into s and moves i to the first line that is not part of the trace:
 * contexts and "Call Trace:" are passed over, an RIP in the kernel is a frame. */
int dump_frames(const struct report *r, size_t *i, struct finding *f, struct stack *s);

/* The same over the rest of the report, with registers and all between. */
int dump_rest(const struct report *r, size_t i, struct finding *f, struct stack *s);

/* "CPU: 0 PID: 1 Comm: x Not tainted ...": adds the task with role "reporter". */
int dump_cpu_line(struct slice text, struct finding *f);

/* "comm/123" at the start of a sentence; both may hold any byte but the pid is the last number before rest. */
bool comm_pid(struct slice s, struct slice *comm, uint64_t *pid);
