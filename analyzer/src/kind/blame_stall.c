/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "kind/blame_stall.h"

#include "base/macros.h"
#include "kind/blame_hung.h"
#include "kind/dispatchers.h"
#include "kind/machinery.h"
#include "kind/sure_frames.h"
#include "line/frame.h"

/* Who finds that a CPU is stuck, in the interrupt that found it. */
static const char *const stall_finders[] = {
        "nmi_cpu_backtrace*",     "print_cpu_stall*",     "print_other_cpu_stall*",
        "check_cpu_stall*",       "rcu_check_callbacks*", "rcu_sched_clock_irq*",
        "rcu_pending*",           "watchdog_timer_fn*",   "watchdog_overflow_callback*",
        "*sched_show_task*",      "rcu_dump_cpu_stacks*", "rcu_print_detail*",
        "update_process_times*",  "softlockup_fn*",       "rcu_check_gp_kthread*",
        "__perf_event_overflow*", "dump_stack*",          "__dump_stack*",
};

static const char *const interrupt_entries[] = {
        "*apic_timer_interrupt*", "asm_sysvec_*", "asm_common_interrupt*", "ret_from_intr*",     "common_interrupt*",
        "asm_exc_nmi*",           "nmi",          "end_repeat_nmi*",       "irq_entries_start*",
};

/* The same of other architectures: what their assembly calls itself. */
static const char *const interrupt_entries_since[] = {
        /* arm64, arm */
        "el1_irq", "el1h_64_irq*", "el1t_64_irq*", "el1_interrupt", "el0_irq", "el0t_64_irq*", "__irq_svc", "__irq_usr",
        /* powerpc */
        "decrementer_*common*", "Decrementer_*", "hardware_interrupt_*common*", "HardwareInterrupt_*",
        "doorbell_super_*common*", "performance_monitor_*common*", "system_reset_*common*", "soft_nmi_common*",
        "interrupt_return*", "restore_check_irq_replay", "replay_interrupt_return",
        /* riscv, loongarch, mips */
        "handle_exception", "ret_from_exception", "handle_vint", "handle_int", "rollback_handle_int", "except_vec_vi*",
        "ret_from_irq", "skipover_handler",
        /* s390, sparc, parisc, m68k, sh, xtensa, alpha, csky */
        "ext_int_handler", "io_int_handler", "ext_skip", "io_skip", "restart_int_handler", "tl0_irq*", "rtrap_irq",
        "intr_return", "intr_check_sig", "auto_inthandler", "user_inthandler", "interrupt_entry", "common_exception*",
        "entInt", "csky_irq", "_external_irq_handler", "_timer_handler"
};

/* What lies between such an entry and the timer that finds a stall. */
static const char *const interrupt_ways[] = {
        "update_process_times*",
        "tick_*",
        "__hrtimer_run_queues*",
        "hrtimer_interrupt*",
        "arch_timer_handler_*",
        "*clockevent_*",
        "*timer_interrupt*",
        "handle_*irq*",
        "__handle_*irq*",
        "generic_handle_*",
        "__handle_domain_irq*",
        "generic_handle_domain_irq*",
        "gic_handle_irq*",
        "bcm*_handle_irq*",
        "asm_call_irq_on_stack*",
        "asm_call_on_stack*",
        "call_on_irq_stack*",
        "do_interrupt_handler*",
        "run_on_irqstack*",
        "sysvec_*",
        "__sysvec_*",
        "asm_sysvec_*",
};

/* Where an idle function is called to wait for a lock of a virtual machine. */
static const char *const lock_waiters[] = { "*spin_lock_slowpath*", "pv_wait*", "kvm_wait*", "xen_qlock_wait*" };

/* Where a stuck CPU was waiting for another one or busy telling of it says nothing of the work. */
static const char *const cross_calls[] = { "smp_call_function*", NULL };

/* An idle CPU is not the one that hangs. */
static const char *const idlers[] = {
        "native_safe_halt*", "default_idle*",        "arch_cpu_idle*", "cpuidle_*",   "do_idle",        "acpi_idle*",
        "acpi_safe_halt*",   "pv_native_safe_halt*", "mwait_idle*",    "intel_idle*", "amd_e400_idle*",
};

static bool has_reliable(const struct stack *s) {
        for (size_t i = 0; i < s->n_frames; i++)
                if (s->frames[i].reliable)
                        return true;
        return false;
}

static bool is_entry(const struct frame *fr) {
        return in_patterns(frame_base(fr), interrupt_entries, ARRAY_SIZE(interrupt_entries));
}

static bool is_entry_since(const struct frame *fr) {
        return in_patterns(frame_base(fr), interrupt_entries_since, ARRAY_SIZE(interrupt_entries_since));
}

/* The timer's tick always comes by an interrupt: all up to the nearest way in is of that, whatever it is called. Where
 * that frame is, from that one on, or else the same. */
static size_t behind_tick(const struct stack *s, size_t from) {
        if (!slice_starts(frame_base(&s->frames[from - 1]), SLICE("update_process_times")))
                return from;
        for (size_t i = from; i < s->n_frames && !s->frames[i].rip; i++)
                if (is_entry_since(&s->frames[i]))
                        return i + 1;
        return from;
}

size_t stalled_from(const struct stack *s) {
        size_t first = 0;

        for (size_t i = 0; i < s->n_frames; i++) {
                if (!s->frames[i].reliable)
                        continue;
                if (s->frames[i].rip) {
                        first = i;
                        break;
                }
                if (in_patterns(frame_base(&s->frames[i]), stall_finders, ARRAY_SIZE(stall_finders)))
                        first = i + 1;
        }
        /* Older kernels print no RIP there, but the interrupt's way in. */
        for (size_t i = first; first > 0 && i < s->n_frames && !s->frames[first].rip; i++)
                if (is_entry(&s->frames[i])) {
                        first = i + 1;
                        break;
                }
        if (s->former || first == 0)
                return first;
        const size_t found = first, entry = s->frames[first - 1].rip ? first : behind_tick(s, first);
        first = entry;
        while (first < s->n_frames && !s->frames[first].rip &&
               (is_entry(&s->frames[first]) || !s->frames[first].reliable ||
                in_patterns(frame_base(&s->frames[first]), interrupt_ways, ARRAY_SIZE(interrupt_ways)) ||
                is_entry_since(&s->frames[first])))
                first++;
        /* Guesses alone are of the task. */
        for (size_t i = found; i < first; i++)
                if (s->frames[i].reliable)
                        return first;
        return found;
}

/* Does it call functions for their own sake? */
static bool calls_methods(const struct stack *s, struct slice name) {
        return s->former ? is_dispatcher(name) : is_dispatcher_since(name);
}

/* Is the first sure frame from there on one that waits for a lock? */
static bool waits_for_lock(const struct stack *s, size_t i) {
        while (i < s->n_frames && (!s->frames[i].reliable || s->frames[i].inlined))
                i++;
        return i < s->n_frames && in_patterns(frame_base(&s->frames[i]), lock_waiters, ARRAY_SIZE(lock_waiters));
}

/* The job of what runs from that frame on. */
static const char *job_from(const struct stack *s, size_t from) {
        const char *before = NULL, *first_ran = NULL;
        bool helped = false; /* the callee acts for its caller */
        /* Of a task that runs, another CPU can only guess: what it lists may be there no more, and is all there is. */
        const bool guesses = !has_reliable(s);

        for (size_t i = from; i < s->n_frames; i++) {
                const struct frame *fr = &s->frames[i];
                if ((!fr->reliable && !guesses) || fr->inlined)
                        continue;
                const struct slice name = frame_base(fr);
                if (in_patterns(name, idlers, ARRAY_SIZE(idlers))) {
                        if (!s->former && waits_for_lock(s, i + 1))
                                continue;
                        return NULL;
                }
                if (in_patterns(name, cross_calls, ARRAY_SIZE(cross_calls)))
                        return fr->function;
                /* A method for 32 bit programs hands over to the real one, where it is not that itself. */
                if (before && slice_ends(name, SLICE("_compat_ioctl")))
                        return before;
                if (calls_methods(s, name)) {
                        /* One that allocates or locks has no method at work, but works itself. */
                        if (!s->former && helped && is_worker(name))
                                return fr->function;
                        if (before)
                                return before;
                        helped = false;
                        continue;
                }
                helped = s->former ? waited_then(fr) :
                                     is_helper_frame(fr, blame_waiting) || slice_has(name, SLICE("copy_msghdr"));
                if (!helped)
                        before = fr->function;
                if (!first_ran)
                        first_ran = fr->function;
        }
        return before || s->former ? before : first_ran;
}

const char *blame_stall(const struct stack *s) {
        return job_from(s, stalled_from(s));
}

const char *blame_interrupted(const struct stack *s) {
        const size_t first = stalled_from(s);
        size_t from = first;

        for (size_t i = first; i < s->n_frames; i++)
                if (s->frames[i].reliable && (is_entry(&s->frames[i]) || is_entry_since(&s->frames[i])))
                        from = i + 1;
        return from > first ? job_from(s, from) : NULL;
}

bool blame_is_victim(const struct stack *s) {
        for (size_t i = 0; i < s->n_frames; i++)
                if (slice_starts(slice_of(s->frames[i].function), SLICE("rcu_gp_")))
                        return true;
        return false;
}
