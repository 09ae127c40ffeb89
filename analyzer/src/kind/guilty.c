/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "kind/guilty.h"

#include <errno.h>

#include "base/macros.h"
#include "kind/blame_hung.h"
#include "kind/blame_stall.h"
#include "kind/dispatchers.h"
#include "kind/dump.h"
#include "kind/function_name.h"
#include "kind/machinery.h"
#include "kind/sure_frames.h"

const char blame_nobody[] = "corrupted";

/* Written in assembly, without a frame of their own: where a trap hits in one, an unwinder that goes by frames takes
 * its caller, which lies first on the stack, for a guess. */
static const char *const frameless[] = {
        "memcpy*",      "__memcpy*",  "memmove*",  "__memmove*", "memset*",     "__memset*",
        "clear_page_*", "copy_page*", "rep_movs*", "rep_stos*",  "copy_user_*",
};

static bool is_frameless_caller(const struct stack *s, size_t i) {
        return i > 0 && s->frames[i - 1].rip && !s->frames[i].inlined &&
               in_patterns(frame_base(&s->frames[i - 1]), frameless, ARRAY_SIZE(frameless));
}

/* Those of the machinery that only notice and tell. */
static const char *const noticing[] = {
        "dump_stack*",
        "__dump_stack",
        "dump_backtrace*",
        "show_stack*",
        "show_regs*",
        "show_trace*",
        "print_*",
        "report_bug*",
        "__report_bug*",
        "__warn*",
        "warn_*",
        "*panic*",
        "end_report*",
        "*kasan*",
        "*kmsan*",
        "*kcsan*",
        "__asan_*",
        "__hwasan_*",
        "__tsan_*",
        "__msan_*",
        "*ubsan*",
        "check_memory_region*",
        "check_region*",
        "check_preemption_disabled*",
        "debug_smp_processor_id*",
        "__this_cpu_preempt_check*",
        "preempt_count_*",
        "debug_*",
        "__debug_*",
        "trace_hardirqs_*",
        "trace_softirqs_*",
        "lockdep_*",
        "__lock_acquire*",
        "lock_acquire*",
        "lock_release*",
        "__might_*",
        "___might_*",
        "might_*",
        "refcount_warn*",
        "__schedule_bug*",
};

static bool notices(const struct frame *fr) {
        return in_patterns(frame_base(fr), noticing, ARRAY_SIZE(noticing));
}

/* Where a thread's loop calls what only helps others otherwise, that was the thread's job. */
static bool is_job(const struct frame *callee, const struct frame *caller) {
        return is_thread_loop(frame_base(caller)) && !notices(callee) && !callee->rip &&
               !in_patterns(frame_base(callee), blame_waiting, SIZE_MAX);
}

/* Who calls one callback after the other, and nothing else. */
static const char *const callback_callers[] = { "cpuhp_invoke_callback*", "*notifier_call_chain", "multi_cpu_stop",
                                                "cpu_stopper_thread" };

/* Did the caller call it for its own sake, though its file is one of the machinery's? */
static bool is_callback(const struct frame *callee, const struct frame *caller, const char *const *own) {
        return in_patterns(frame_base(caller), callback_callers, ARRAY_SIZE(callback_callers)) && !notices(callee) &&
               !is_helper_frame(callee, own);
}

/* The first frame that is not innocent. */
static const char *first_guilty(const struct stack *s, const char *const *own,
                                bool (*is_innocent)(const struct frame *fr, const char *const *own)) {
        const struct frame *callee = NULL;
        const bool passes = stack_passes_inlined(s);
        bool trapped = false; /* the callee is where the trap hit */

        for (size_t i = 0; i < s->n_frames; i++) {
                const struct frame *fr = &s->frames[i];
                if ((!stack_has_surely(s, fr) && !is_frameless_caller(s, i)) || (fr->inlined && passes))
                        continue;
                /* What KUnit calls is a test case, and what a dispatcher calls is a callback, whatever its name. */
                if (callee && ((slice_eq(frame_base(fr), SLICE("kunit_try_run_case")) && !notices(callee)) ||
                               (trapped && !slice_starts(frame_base(callee), SLICE("__x86_")) &&
                                is_dispatcher(frame_base(fr)) && (s->former || !notices(callee)))))
                        return callee->function;
                /* Whatever was called from there was called for its own sake. */
                if (is_innocent == is_machinery_frame && is_context(frame_base(fr)))
                        return NULL;
                if (!is_innocent(fr, own)) {
                        const bool called = callee &&
                                            (is_innocent == is_helper_frame    ? is_job(callee, fr) :
                                             is_innocent == is_machinery_frame ? is_callback(callee, fr, own) :
                                                                                 false);
                        return called ? callee->function : fr->function;
                }
                trapped = fr->rip || (callee && slice_starts(slice_of(callee->function), SLICE("asm_exc_")));
                callee = fr;
        }
        return NULL;
}

const char *blame_stack(const struct stack *s, const char *const *own) {
        if (s->former)
                return first_guilty(s, own, was_machinery_frame);
        const char *function = first_guilty(s, own, is_machinery_frame);

        return function ? function : first_guilty(s, own, is_helper_frame);
}

bool blame_may_be_cut(struct slice line, struct slice name) {
        line = slice_trim(line);
        if (slice_ends(line, SLICE(">")))
                line = slice_rtrim(slice_head(line, line.n - 1));
        return name.n > 0 && slice_ends(line, name);
}

const char *blame_whole(const char *name, const struct stack *s) {
        const char *whole = NULL;

        for (size_t i = 0; name && *name && s && i < s->n_frames; i++) {
                const char *function = s->frames[i].function;
                if (slice_eq(frame_base(&s->frames[i]), slice_of(name)) || strcmp(function, name) == 0)
                        return name;
                if (!whole && slice_starts(slice_of(function), slice_of(name)))
                        whole = function;
        }
        return whole ? whole : name;
}

const char *blame_named(const char *name, bool module, const struct stack *s, const char *const *own) {
        struct frame at = { .function = name, .module = module ? "" : NULL };

        /* The stack may say where the function stands. */
        for (size_t i = 0; name && s && i < s->n_frames && !at.file; i++)
                if (s->frames[i].reliable && !s->frames[i].inlined && strcmp(s->frames[i].function, name) == 0)
                        at.file = s->frames[i].file;
        const bool machinery = name && (s && s->former ? was_machinery_frame(&at, own) : is_machinery_frame(&at, own));
        return name && (!machinery || !s) ? name : s ? blame_stack(s, own) : NULL;
}

/* Where all from that frame on are machinery, the first that does more than notice; else the first. */
static const char *blame_machinery(const struct stack *s, size_t from) {
        const char *first = NULL;

        for (size_t i = from; i < s->n_frames; i++) {
                const struct frame *fr = &s->frames[i];

                if (!fr->reliable || fr->inlined || slice_starts(slice_of(fr->function), SLICE("0x")))
                        continue;
                if (!notices(fr))
                        return fr->function;
                if (!first)
                        first = fr->function;
        }
        return first;
}

/* How much of the stack is there? */
enum extent { EXTENT_LOST /* the unwinder found no further, only guesses follow */, EXTENT_CUT, EXTENT_WHOLE };

static enum extent extent_of(const struct stack *s) {
        const struct frame *last = NULL;
        bool lost = false;

        for (size_t i = 0; i < s->n_frames; i++) {
                lost = !s->frames[i].reliable;
                if (s->frames[i].reliable && !s->frames[i].inlined)
                        last = &s->frames[i];
        }
        if (last && (is_outermost(frame_base(last)) || is_dispatcher(frame_base(last))))
                return EXTENT_WHOLE;
        return !last || lost ? EXTENT_LOST : s->whole ? EXTENT_WHOLE : EXTENT_CUT;
}

int blame_title_only(struct finding *f, const char *title) {
        f->title = title;
        return title ? 0 : -ENOMEM;
}

static bool is_stall(const struct finding *f) {
        const struct slice detector = slice_of(f->detector ? f->detector : "");
        return slice_eq(detector, SLICE("rcu-stall")) || slice_ends(detector, SLICE("-lockup"));
}

/* The stack that is asked first, where its frames are all machinery. */
static const struct stack *main_stack(const struct finding *f) {
        const struct stack *s = dump_main(f);

        if (!s || f->former || !is_stall(f) || !blame_is_victim(s))
                return s;
        for (size_t i = 0; i < f->n_stacks; i++)
                if (f->stacks[i].n_frames && strcmp(f->stacks[i].what, "panic") != 0 && !blame_is_victim(&f->stacks[i]))
                        return &f->stacks[i];
        return NULL;
}

int blame_title(struct finding *f, const char *pattern, const char *function) {
        struct slice after = slice_of(pattern), before = slice_token(&after, '@');
        const struct stack *s = main_stack(f);
        int e;

        if (!function && s && !f->former && extent_of(s) != EXTENT_LOST) {
                function = blame_machinery(s, is_stall(f) ? stalled_from(s) : 0);
                if (function && extent_of(s) == EXTENT_CUT &&
                    finding_corrupt(f, "its stack trace ends before a function to blame") < 0)
                        return -ENOMEM;
        }
        if (function) {
                const char *name = blame_name(&f->arena, function);
                e = name ? finding_add_function(f, slice_of(name)) : -ENOMEM;
        } else
                e = finding_corrupt(f, "no frame to blame");
        if (e < 0)
                return e;
        if (before.n == strlen(pattern))
                return blame_title_only(f, pattern);
        return blame_title_only(f, arena_printf(&f->arena, "%.*s%s%.*s", SLICE_FMT(before),
                                                f->n_functions ? f->functions[0] : blame_nobody, SLICE_FMT(after)));
}
