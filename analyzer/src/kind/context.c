/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "base/macros.h"
#include "kind/headline.h"
#include "kind/part.h"
#include "line/frame.h"

/* Checks of the context that code runs in: sleeping or scheduling while atomic, per-CPU data of a task that may
 * move, locks and preempt counts left behind. One line, then locks held and a dump. */

static const char *const schedule_machinery[] = {
        "schedule*",       "__schedule*",    "preempt_schedule*",
        "__cond_resched*", "_cond_resched*", "cond_resched*",
        "yield*",          "io_schedule*",   NULL,
};

static const struct headline headlines[] = {
        { "BUG: sleeping function called from invalid context*", "atomic-sleep", "sleeping",
          "BUG: sleeping function called from invalid context in @", SEVERITY_MEDIUM, OWES_STACK, schedule_machinery },
        { "BUG: scheduling while atomic*", "atomic-sleep", "scheduling", "BUG: scheduling while atomic in @",
          SEVERITY_HIGH, OWES_STACK, schedule_machinery },
        { "BUG: scheduling in a non-blocking section*", "atomic-sleep", "scheduling",
          "BUG: scheduling in a non-blocking section in @", SEVERITY_HIGH, OWES_STACK, schedule_machinery },
        { "BUG: assuming atomic context*", "atomic-sleep", "not-atomic", "BUG: assuming atomic context in @",
          SEVERITY_MEDIUM, OWES_STACK, NULL },
        { "BUG: assuming non migratable context*", "atomic-sleep", "migratable",
          "BUG: assuming non migratable context in @", SEVERITY_MEDIUM, OWES_STACK, NULL },
        { "BUG: using smp_processor_id() in preemptible*", "lockdep", "preemptible",
          "BUG: using smp_processor_id() in preemptible code in @", SEVERITY_MEDIUM, OWES_STACK, NULL },
        { "BUG: using __this_cpu_read() in preemptible*", "lockdep", "preemptible",
          "BUG: using __this_cpu_read() in preemptible code in @", SEVERITY_MEDIUM, OWES_STACK, NULL },
        { "BUG: using __this_cpu_write() in preemptible*", "lockdep", "preemptible",
          "BUG: using __this_cpu_write() in preemptible code in @", SEVERITY_MEDIUM, OWES_STACK, NULL },
        { "BUG: using __this_cpu_add() in preemptible*", "lockdep", "preemptible",
          "BUG: using __this_cpu_add() in preemptible code in @", SEVERITY_MEDIUM, OWES_STACK, NULL },
        { "BUG: using * in preemptible*", "lockdep", "preemptible", "BUG: using per-CPU data in preemptible code in @",
          SEVERITY_MEDIUM, OWES_STACK, NULL },
        { "BUG: spinlock lockup on CPU*", "lockdep", "spinlock-lockup", "BUG: spinlock lockup suspected in @",
          SEVERITY_HIGH, OWES_STACK, NULL },
        { "BUG: spinlock lockup suspected*", "lockdep", "spinlock-lockup", "BUG: spinlock lockup suspected in @",
          SEVERITY_HIGH, OWES_STACK, NULL },
        { "BUG: spinlock already unlocked*", "lockdep", "spinlock-unlocked", "BUG: spinlock already unlocked in @",
          SEVERITY_HIGH, OWES_STACK, NULL },
        { "BUG: spinlock recursion*", "lockdep", "spinlock-recursion", "BUG: spinlock recursion in @", SEVERITY_HIGH,
          OWES_STACK, NULL },
        { "BUG: spinlock bad magic*", "lockdep", "spinlock-bad-magic", "BUG: spinlock bad magic in @", SEVERITY_HIGH,
          OWES_STACK, NULL },
        { "BUG: spinlock wrong owner*", "lockdep", "spinlock-wrong-owner", "BUG: spinlock wrong owner in @",
          SEVERITY_HIGH, OWES_STACK, NULL },
        { "BUG: spinlock wrong CPU*", "lockdep", "spinlock-wrong-cpu", "BUG: spinlock wrong CPU in @", SEVERITY_HIGH,
          OWES_STACK, NULL },
        { "BUG: rwlock bad magic*", "lockdep", "rwlock", "BUG: rwlock bad magic in @", SEVERITY_HIGH, OWES_STACK,
          NULL },
        { "BUG: rwlock *", "lockdep", "rwlock", "BUG: rwlock bug in @", SEVERITY_HIGH, OWES_STACK, NULL },
};

static const char *const triggers[] = {
        "BUG: sleeping function",
        "BUG: scheduling ",
        "BUG: assuming ",
        "BUG: using ",
        "BUG: spinlock ",
        "BUG: rwlock ",
        NULL,
};

/* "caller is f+0x1/0x2", of the checks of per-CPU data: whom to blame, also where the stack is cut off. */
static bool own_line(struct slice s) {
        struct frame_view v;

        return slice_eat(&s, SLICE("caller is ")) && symbol_eat(&s, false, &v) && slice_trim(s).n == 0;
}

static enum part part(struct report *r, const struct line *l, enum line_class class, const struct kind *starter) {
        if (class == LINE_OTHER && own_line(slice_trim(l->text)))
                return PART_BODY;
        return part_dump(r, l, class, starter);
}

const struct kind kind_context = {
        .name = "context",
        HEADLINES(headlines),
        .triggers = triggers,
        .own_line = own_line,
        .part = part,
};
