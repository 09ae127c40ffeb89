/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "kind/blame_hung.h"

#include "base/macros.h"
#include "kind/dispatchers.h"
#include "kind/machinery.h"
#include "kind/sure_frames.h"

/* What stands between the scheduler and the one who waits: the ways to sleep, and the locks, completions and
 * works slept on. */
const char *const blame_waiting[] = {
        "schedule*",
        "__schedule*",
        "*preempt_schedule*",
        "io_schedule*",
        "*cond_resched*",
        "sched_*",
        "tick_sched*",
        "context_switch*",
        "__switch_to*",
        "*wait*",
        "*completion*",
        "*_lock",
        "*_lock_*",
        "*_slowlock*",
        "*down_read*",
        "*down_write*",
        "down",
        "down_*",
        "__down*",
        "*mutex*",
        "*rwsem*",
        "msleep*",
        "usleep*",
        "*_sleep*",
        "sleep_*",
        "*nanosleep*",
        "__flush_*work*",
        "flush_*work*",
        "drain_workqueue*",
        "*cancel_*work*",
        "exp_funnel*",
        "*synchronize_*",
        "rcu_exp_*",
        "rcu_barrier*",
        "srcu_*",
        "*kthread*",
        "__refrigerator*",
        "freezer_*",
        "__lock_page*",
        "lock_page*",
        "folio_lock*",
        "mempool_*",
        NULL,
};

/* Whom many wait for at once: which of them is shown is chance, what they all wait for is not. */
static const char *const crowded[] = {
        "rtnl_lock*",        "rtnl_net_lock*",   "synchronize_rcu*",
        "synchronize_srcu*", "synchronize_net*", "synchronize_sched*",
};

bool waited_then(const struct frame *fr) {
        return was_machinery_frame(fr, blame_waiting) || (!fr->module && slice_has(frame_base(fr), SLICE("sched")));
}

const char *blame_hung(const struct stack *s) {
        for (size_t i = 0; i < s->n_frames; i++)
                if (stack_has_surely(s, &s->frames[i]) && !s->frames[i].inlined &&
                    (in_patterns(frame_base(&s->frames[i]), crowded, ARRAY_SIZE(crowded)) ||
                     (!s->former && slice_starts(frame_base(&s->frames[i]), SLICE("__synchronize_srcu")))))
                        return s->frames[i].function;
        const char *before = NULL, *called = NULL;
        const bool passes = stack_passes_inlined(s);

        /* Where nobody but those who wait come before the thread's own function, it is that one. */
        for (size_t i = 0; i < s->n_frames; i++) {
                const struct frame *fr = &s->frames[i];
                if (!stack_has_surely(s, fr) || (fr->inlined && passes))
                        continue;
                /* A thread that was never started waits for itself. */
                if (before && is_thread_loop(frame_base(fr)))
                        return !s->former && slice_starts(slice_of(before), SLICE("schedule")) ? fr->function : before;
                if (s->former ? !waited_then(fr) : !is_machinery_frame(fr, blame_waiting))
                        return fr->function;
                if (before && !called && is_dispatcher(frame_base(fr)))
                        called = before;
                before = fr->function;
        }
        /* All wait, by their names: the outermost of them is whom the dispatcher called. */
        return s->former ? NULL : called;
}
