/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "scan/lone_stacks.h"

#include <errno.h>
#include <inttypes.h>

#include "base/log.h"
#include "base/macros.h"
#include "kind/dispatchers.h"
#include "line/frame.h"

/* Frames that make a stack, and lines after a report in which more of what it had the kernel print may come. */
enum { LEAST = 3, NEAR = 128 };

static bool is_one_of(struct slice function, const char *const *names) {
        const struct slice base = function_base(function);

        for (; *names; names++)
                if (slice_eq(base, slice_of(*names)))
                        return true;
        return false;
}

/* Does one of these print the report's first stack? */
static bool is_printed_by(const struct report *r, const char *const *names) {
        struct frame_view v;
        bool began = false;

        for (size_t i = 1; i < r->n_lines && !(began && r->lines[i].class == LINE_TRACE_HEAD); i++) {
                if (r->lines[i].class != LINE_FRAME || !frame_parse_any(report_text(r, i), &v) || !v.reliable)
                        continue;
                began = true;
                if (is_one_of(v.function, names))
                        return true;
        }
        return false;
}

bool stack_is_requested(const struct report *r) {
        static const char *const printers[] = { "dump_header", "oom_kill_process", "warn_alloc", "__handle_sysrq",
                                                NULL };
        return is_printed_by(r, printers);
}

/* Other CPUs answer who asked for their stacks; a test that has allocations fail prints where. */
static bool is_answer(const struct report *r) {
        static const char *const printers[] = { "nmi_cpu_backtrace", "do_handle_IPI", "should_fail", "should_fail_ex",
                                                NULL };
        return is_printed_by(r, printers);
}

static size_t count_frames(const struct report *r) {
        size_t n = 0;

        for (size_t i = 0; i < r->n_lines; i++)
                n += r->lines[i].class == LINE_FRAME;
        return n;
}

/* Does a report of some kind end in it, whose headline is not there? */
static bool is_reports(struct slice function) {
        return slice_glob_any(function_base(function),
                              "panic vpanic print_* spin_* object_err slab_* lockdep_* register_lock_class kmsan_* "
                              "__report_* report_*");
}

/* Did code ask for it, which said why in words of its own? */
static bool is_dump(const struct report *r) {
        static const char *const printers[] = { "dump_stack", "dump_stack_lvl", "__dump_stack",
                                                "show_stack", "dump_backtrace", "unwind_backtrace",
                                                NULL };
        struct frame_view v;
        bool printed = false;

        for (size_t i = 0; i < r->n_lines; i++) {
                if (r->lines[i].class != LINE_FRAME || !frame_parse_any(report_text(r, i), &v) || !v.reliable)
                        continue;
                if (!is_one_of(v.function, printers))
                        return printed && !is_reports(v.function);
                printed = true;
        }
        return printed;
}

bool stack_is_last_frame(const struct report *r) {
        struct frame_view v;

        return r->n_lines == 1 && (r->console || !r->behind) && r->lines[0].class == LINE_FRAME &&
               frame_parse(report_text(r, 0), &v) && is_outermost(v.function);
}

void stacks_report(struct scan *s, const struct report *r) {
        s->explained = (struct explained){ r->source, r->boot, r->number + r->n_lines + NEAR, r->last, false };
}

/* Does it stand where the last one's end was in time, too? */
static bool is_soon(const struct scan *s, const struct report *r) {
        enum { SOON_US = 5 * 1000000 };
        const struct stamp *a = &s->explained.last, *b = &r->first;

        return !a->has_mono || !b->has_mono || b->mono_us <= a->mono_us + SOON_US;
}

/* Does the record that asks for stacks stand shortly before? */
static bool follows_request(const struct scan *s, const struct report *r) {
        const struct boot *b = s->boots.items[r->boot];

        return b->stacks_asked && b->stacks_asked_in == r->source && r->number >= b->stacks_asked &&
               r->number <= b->stacks_asked + NEAR;
}

/* Behind a report one stack follows the other. */
static bool follows_others(const struct scan *s, const struct report *r) {
        return r->follows || (s->explained.until >= r->number && s->explained.source == r->source &&
                              s->explained.boot == r->boot && is_soon(s, r));
}

int stacks_count(struct scan *s, const struct report *r) {
        enum { SHOWN_MAX = 160 };
        struct source_info *in = &s->sources[r->source];

        /* Or on request. */
        const bool asked = follows_request(s, r);
        if (asked || follows_others(s, r)) {
                const bool by_request = asked || s->explained.by_request;
                stacks_report(s, r);
                s->explained.by_request = by_request;
                in->stacks_known++;
                in->stacks_asked += by_request;
                return 0;
        }
        if (stack_is_requested(r) || is_answer(r)) {
                /* What could not be had is in the words above it, which are not there or say it in another way. */
                in->stacks_known += !is_printed_by(r, (const char *const[]){ "warn_alloc", NULL });
                return 0;
        }
        if (count_frames(r) < LEAST && !stack_is_last_frame(r))
                return 0;
        for (size_t i = 0; !in->stacks_first && i < r->n_lines; i++)
                if (r->lines[i].class == LINE_FRAME &&
                    !(in->stacks_first = arena_dup(&in->arena, slice_head(slice_trim(report_text(r, i)), SHOWN_MAX))))
                        return -ENOMEM;
        in->stacks++;
        in->stack_dumps += is_dump(r);
        return 0;
}

int stacks_bare(struct source_info *in, uint64_t n, const char *first) {
        if (n == 0 || in->reports || in->stacks || in->stacks_known || in->unrecognized)
                return 0;
        in->stacks = n;
        if (!(in->stacks_first = arena_dup(&in->arena, slice_of(first))))
                return -ENOMEM;
        stacks_say(in);
        return 0;
}

void stacks_say(const struct source_info *in) {
        if (in->stacks)
                log_warning("%s: %" PRIu64 " %s below no headline of a report: not in the report; the first has"
                            " \"%s\"",
                            in->name, in->stacks, in->stacks == 1 ? "stack stands" : "stacks stand", in->stacks_first);
}

const char *stacks_doubt(const struct source_info *in) {
        return in->stacks > in->stack_dumps ?
                       "a stack stands below no headline of a report, so that its report was not "
                       "read" :
                       NULL;
}
