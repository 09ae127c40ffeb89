/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "scan/damage.h"

#include "kind/dispatchers.h"
#include "line/frame.h"

/* How a report's last stack ends: where a task's ends whatever follows, or before. */
enum stack_end { STACK_NONE, STACK_OPEN /* arm64 has no mark of its end */, STACK_CUT /* after "<TASK>" */ };

static enum stack_end stack_end(const struct report *r) {
        bool task = false, arm64 = false; /* heads came */
        /* Its last frame may be called by another, unless that one's function ends stacks. */
        bool inner = false;
        struct slice last = SLICE_NULL;

        for (size_t i = 0; i < r->n_lines; i++) {
                const struct slice text = report_text(r, i);
                struct frame_view v;

                switch (r->lines[i].class) {
                case LINE_CONTEXT:
                        task = task || slice_eq(slice_trim(text), SLICE("<TASK>"));
                        break;
                case LINE_TRACE_HEAD:
                        arm64 = slice_eq(slice_trim(text), SLICE("Call trace:"));
                        break;
                case LINE_TASK_END:
                        task = inner = false;
                        break;
                case LINE_RIP:
                        inner = trap_parse(text, &v); /* else a program's */
                        last = SLICE_NULL;
                        break;
                case LINE_FRAME:
                        if (!frame_parse(text, &v))
                                return STACK_NONE; /* somebody made it short */
                        if (v.reliable) {
                                inner = true;
                                last = v.function;
                        }
                        break;
                default:
                        break;
                }
        }
        inner = inner && !(last.n && ends_quoted_stack(last));
        if (task && inner)
                return STACK_CUT;
        return arm64 && inner && r->lines[r->n_lines - 1].class == LINE_FRAME ? STACK_OPEN : STACK_NONE;
}

bool is_cut_short(const struct report *r) {
        return stack_end(r) == STACK_CUT;
}

const char *damage(const struct report *r) {
        if (r->lost)
                return "messages were lost inside it";
        switch (r->end) {
        case END_QUIET:
                return stack_end(r) == STACK_CUT ?
                               "its stack has no end, neither a frame where stacks end nor \"</TASK>\"" :
                               NULL;
        case END_LOG:
                return r->foreign == 0 && stack_end(r) != STACK_NONE ? "the log ended within its stack trace" : NULL;
        case END_NEXT:
                /* Without times it may be a quotation that was made short. */
                return stack_end(r) == STACK_CUT && (r->last.has_mono || r->last.has_real) ?
                               "the next report began within its stack trace" :
                               NULL;
        case END_LOST:
                return "messages were lost inside it";
        case END_LIMIT:
                return "it is longer than any report of the kernel";
        default:
                return NULL;
        }
}
