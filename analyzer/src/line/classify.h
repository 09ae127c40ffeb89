/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "base/slice.h"

/* The type of a line by its form alone, the same in every kind of report: stack and register dumps, lockdep's lists,
 * and the rulers around them. */
enum line_class {
        LINE_OTHER, /* none of the types below: a title, a message, or a line of another report */
        LINE_BLANK,
        LINE_RULER,  /* ====== */
        LINE_DASHES, /* ------ */
        LINE_CUT_HERE,
        LINE_END_TRACE,
        LINE_TRACE_HEAD, /* Call Trace: */
        LINE_CONTEXT,    /* <TASK>, </IRQ> */
        LINE_TASK_END,   /* </TASK> */
        LINE_FRAME,      /* f+0x1/0x2 */
        LINE_RIP,
        LINE_CPU,   /* CPU: 0 PID: 1 Comm: x */
        LINE_DUMP,  /* registers, code, modules, hardware */
        LINE_LOCKS, /* N locks held by, #0:, irq event stamp, hardirqs last */
};

enum line_class line_classify(struct slice text);
