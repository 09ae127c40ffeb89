/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "kind/part.h"

#include "kind/dump.h"
#include "line/frame.h"

bool part_is_anothers_frame(struct report *r, enum line_class class) {
        if (r->caller != CALLER_NONE || (class != LINE_FRAME && class != LINE_CONTEXT && class != LINE_TASK_END))
                return false;
        for (size_t i = 0; i < r->n_lines; i++)
                if (r->lines[i].class == LINE_CPU || r->lines[i].class == LINE_DUMP || r->lines[i].class == LINE_RIP ||
                    r->lines[i].class == LINE_TRACE_HEAD)
                        return false;
        return r->mixed = true;
}

/* Is the frame that comes one place, which the line before announced, and no stack? */
static bool is_place_alone(const struct report *r) {
        return slice_eq(slice_trim(report_text(r, r->n_lines - 1)), SLICE("Preemption disabled at:"));
}

enum part part_dump(struct report *r, const struct line *l, enum line_class class, const struct kind *starter) {
        if (starter)
                return PART_OVER;
        switch (class) {
        case LINE_END_TRACE:
                return PART_LAST;
        case LINE_FRAME:
                r->has_frames = r->has_frames || !is_place_alone(r);
                return PART_BODY;
        case LINE_OTHER:
                if (r->lines[r->n_lines - 1].class == LINE_CPU && dump_ends_cpu_line(l->text))
                        return PART_BODY;
                if (!r->complete)
                        return PART_MAYBE;
                return l->caller ? PART_OVER : PART_FOREIGN;
        case LINE_BLANK:
                return PART_MAYBE;
        case LINE_RULER:
        case LINE_CUT_HERE:
                return PART_OVER;
        default:
                return PART_BODY;
        }
}

enum part part_marked(struct report *r, const struct line *l, enum line_class class, const struct kind *starter) {
        /* x86 says the address again behind the trace of a page fault. */
        const struct slice s = slice_trim(l->text);
        const bool fault = class == LINE_DUMP && r->has_frames && slice_starts(s, SLICE("CR2: ")) &&
                           slice_find_byte(slice_from(s, strlen("CR2: ")), ' ') == SLICE_NPOS;

        if (!starter && (class == LINE_END_TRACE || fault))
                r->phase = PHASE_MARKED;
        r->complete = r->has_frames;
        return part_dump(r, l, class, starter);
}

enum part part_after_end(struct report *r, const struct line *l, enum line_class class, const struct kind *starter) {
        struct slice s = slice_trim(l->text);

        if (starter)
                return PART_OVER;
        switch (class) {
        case LINE_END_TRACE:
                return PART_BODY;
        case LINE_BLANK:
                return PART_MAYBE;
        case LINE_OTHER:
                /* Who took the reference that leaked is not in the backtrace: the variant prints that stack apart. */
                if (dump_says_taken(s)) {
                        r->goes_on = true;
                        return PART_BODY;
                }
                if (slice_starts(s, SLICE("Kernel Offset: ")) || slice_starts(s, SLICE("Rebooting in ")) ||
                    slice_starts(s, SLICE("Disabling lock debugging")) ||
                    slice_starts(s, SLICE("Dumping ftrace buffer")) || slice_starts(s, SLICE("(ftrace buffer")) ||
                    slice_starts(s, SLICE("Shutting down cpus")))
                        return PART_BODY;
                return l->caller ? PART_OVER : PART_FOREIGN;
        case LINE_DUMP:
        case LINE_RIP:
                return PART_BODY;
        case LINE_RULER:
                /* An end is printed as a start is. */
                return PART_OVER;
        case LINE_FRAME:
        case LINE_TRACE_HEAD:
        case LINE_CONTEXT:
        case LINE_TASK_END:
        case LINE_CPU:
        case LINE_LOCKS:
                return r->panicked || (r->goes_on && class == LINE_FRAME) ? PART_BODY : PART_OVER;
        default:
                return PART_OVER;
        }
}

bool part_of_watchdog(const struct report *r) {
        struct frame_view frame;

        for (size_t i = 0; i + 1 < r->n_lines; i++)
                if (r->lines[i].class == LINE_CONTEXT && slice_eq(slice_trim(report_text(r, i)), SLICE("<IRQ>")))
                        return frame_parse(slice_trim(report_text(r, i + 1)), &frame) && !frame.reliable &&
                               slice_eq(function_base(frame.function), SLICE("watchdog_timer_fn"));
        return false;
}
