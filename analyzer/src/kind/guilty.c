/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "kind/guilty.h"

#include <errno.h>

#include "base/macros.h"
#include "kind/dump.h"
#include "kind/machinery.h"
#include "line/frame.h"
#include "line/rust.h"

const char blame_nobody[] = "corrupted";

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

/* Who hands work to others: each kind of context begins with one of these. A frame that one of these calls
 * says what the work was. Here what a task asked for. */
static const char *const callers[] = {
        /* system calls; those that only look up a method of the file, socket or file system after them */
        "do_syscall_*",
        "do_fast_syscall_*",
        "__do_fast_syscall_*",
        "do_int80_*",
        "entry_*",
        "sysenter_*",
        "tracesys*",
        "system_call_*",
        "x64_sys_call",
        "ia32_sys_call",
        "vfs_ioctl",
        "do_vfs_ioctl",
        "ksys_ioctl",
        "*sys_ioctl",
        "compat_SyS_ioctl",
        "SyS_ioctl",
        "SyS_write",
        "SyS_read",
        "SyS_sendto",
        "SyS_sendmsg",
        "vfs_read*",
        "__vfs_read",
        "vfs_write*",
        "__vfs_write",
        "ksys_read",
        "ksys_write",
        "*sys_read",
        "*sys_write",
        "*sys_writev",
        "*sys_pwrite64",
        "new_sync_read",
        "new_sync_write",
        "call_read_iter",
        "call_write_iter",
        "full_proxy_*",
        "proc_reg_*",
        "kernfs_fop_*",
        "sysfs_kf_*",
        "do_iter_read*",
        "do_iter_write*",
        "do_readv*",
        "do_writev*",
        "do_loop_readv*",
        "vfs_writev",
        "vfs_readv",
        "vfs_iter_*",
        "blkdev_ioctl",
        "__blkdev_driver_ioctl",
        "compat_blkdev_ioctl",
        "blkdev_common_ioctl",
        "sock_sendmsg*",
        "__sock_sendmsg*",
        "sock_recvmsg*",
        "____sys_sendmsg",
        "___sys_sendmsg",
        "__sys_sendto",
        "__sys_sendmsg",
        "__sys_sendmmsg",
        "sock_write_iter",
        "sock_read_iter",
        "sock_do_ioctl",
        "sock_ioctl",
        "____sys_recvmsg",
        "sock_release",
        "__sock_release",
        "sk_common_release",
        "__sys_setsockopt",
        "do_sock_setsockopt",
        "sock_common_setsockopt",
        "kernel_setsockopt",
        "__sys_listen",
        "__sys_accept*",
        "__sys_connect*",
        "__sys_bind",
        "__sys_socketpair",
        "call_mmap",
        "mmap_region",
        "__mmap_region",
        "do_mmap",
        "do_dentry_open",
        "vfs_open",
        "__fput",
        "task_work_run",
        "exit_to_user*",
        "prepare_exit_to_user*",
        "get_signal",
        /* messages to families and their parts */
        "rtnetlink_rcv*",
        "nfnetlink_rcv*",
        "__netif_receive_skb*",
        "netif_receive_skb*",
        "process_backlog",
        "net_rx_action",
        "napi_poll",
        "__napi_poll",
        "deliver_skb*",
};

/* The same, found since signatures of version 1. */
static const char *const callers_since[] = { "__do_fault", "netlink_dump", "do_el0_svc*", "el0_svc_common*",
                                             "invoke_syscall*", "system_call_exception",
                                             /* every threaded interrupt, every asynchronous call */
                                             "irq_thread", "irq_thread_fn", "irq_forced_thread_fn",
                                             "async_run_entry_fn" };

/* Those of them that have work of their own. */
static const char *const workers[] = { "kernfs_fop_*",   "nfnetlink_rcv_msg*", "rtnetlink_rcv_msg*", "netlink_dump",
                                       "do_dentry_open", "full_proxy_*",       "proc_reg_*",         "__do_fault" };

/* And what nobody waits for. */
static const char *const contexts[] = {
        /* softirqs, timers, interrupts */
        "__do_softirq",
        "do_softirq*",
        "handle_softirqs",
        "run_ksoftirqd",
        "call_timer_fn",
        "expire_timers",
        "__run_timers*",
        "run_timer_*",
        "tmigr_*",
        "timer_expire_remote*",
        "__hrtimer_run_queues",
        "hrtimer_run_*",
        "hrtimer_interrupt",
        "tasklet_action*",
        "rcu_do_batch",
        "rcu_core*",
        "rcu_process_callbacks",
        "irq_exit*",
        "__irq_exit*",
        "invoke_softirq*",
        "__handle_irq_event*",
        "handle_irq_event*",
        "do_IRQ",
        "*apic_timer_interrupt*",
        "asm_sysvec_*",
        "asm_common_interrupt",
        "sysvec_*",
        "common_interrupt",
        "flush_smp_call_function*",
        "generic_smp_call_function*",
        "__flush_smp_call*",
        /* kernel threads */
        "process_one_work",
        "process_scheduled_works",
        "worker_thread",
        "kthread",
        "kthread_worker_fn",
        "smpboot_thread_fn",
        "ret_from_fork*",
        "ret_from_kernel_*",
        "do_one_initcall",
        "kernel_init*",
        "start_secondary",
        "cpu_startup_entry",
        "do_idle",
};

/* Those of kernel threads and works, which call what is their own. */
static const char *const threads[] = { "process_one_work", "process_scheduled_works", "kthread", "kthread_worker_fn",
                                       "smpboot_thread_fn" };

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

static struct slice base_of(const struct frame *fr) {
        return function_base(slice_of(fr->function));
}

/* Written in assembly, without a frame of their own: where a trap hits in one, an unwinder that goes by frames takes
 * its caller, which lies first on the stack, for a guess. */
static const char *const frameless[] = {
        "memcpy*",      "__memcpy*",  "memmove*",  "__memmove*", "memset*",     "__memset*",
        "clear_page_*", "copy_page*", "rep_movs*", "rep_stos*",  "copy_user_*",
};

/* Is the frame surely of the stack, or at least no less so than all the others? */
static bool counts(const struct stack *s, const struct frame *fr) {
        return fr->reliable || s->guessed;
}

/* Is a function that is part of another none to blame? Of a stack that somebody shortened to such they are all there
 * is. */
static bool passes_inlined(const struct stack *s) {
        for (size_t i = 0; i < s->n_frames; i++)
                if (!s->frames[i].inlined)
                        return true;
        return s->former;
}

static bool is_frameless_caller(const struct stack *s, size_t i) {
        return i > 0 && s->frames[i - 1].rip && !s->frames[i].inlined &&
               in_patterns(base_of(&s->frames[i - 1]), frameless, ARRAY_SIZE(frameless));
}

static bool is_dispatcher(struct slice name) {
        return in_patterns(name, callers, ARRAY_SIZE(callers)) || in_patterns(name, contexts, ARRAY_SIZE(contexts));
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
        return in_patterns(base_of(fr), noticing, ARRAY_SIZE(noticing));
}

/* Where a thread's loop calls what only helps others otherwise, that was the thread's job. */
static bool is_job(const struct frame *callee, const struct frame *caller) {
        return in_patterns(base_of(caller), threads, ARRAY_SIZE(threads)) && !notices(callee) && !callee->rip &&
               !in_patterns(base_of(callee), blame_waiting, SIZE_MAX);
}

/* Who calls one callback after the other, and nothing else. */
static const char *const callback_callers[] = { "cpuhp_invoke_callback*", "*notifier_call_chain", "multi_cpu_stop",
                                                "cpu_stopper_thread" };

/* Did the caller call it for its own sake, though its file is one of the machinery's? */
static bool is_callback(const struct frame *callee, const struct frame *caller, const char *const *own) {
        return in_patterns(base_of(caller), callback_callers, ARRAY_SIZE(callback_callers)) && !notices(callee) &&
               !is_helper_frame(callee, own);
}

/* The first frame that is not innocent. */
static const char *first_guilty(const struct stack *s, const char *const *own,
                                bool (*is_innocent)(const struct frame *fr, const char *const *own)) {
        const struct frame *callee = NULL;
        const bool passes = passes_inlined(s);
        bool trapped = false; /* the callee is where the trap hit */

        for (size_t i = 0; i < s->n_frames; i++) {
                const struct frame *fr = &s->frames[i];
                if ((!counts(s, fr) && !is_frameless_caller(s, i)) || (fr->inlined && passes))
                        continue;
                /* What KUnit calls is a test case, and what a dispatcher calls is a callback, whatever its name. */
                if (callee && ((slice_eq(base_of(fr), SLICE("kunit_try_run_case")) && !notices(callee)) ||
                               (trapped && !slice_starts(base_of(callee), SLICE("__x86_")) &&
                                is_dispatcher(base_of(fr)) && (s->former || !notices(callee)))))
                        return callee->function;
                /* Whatever was called from there was called for its own sake. */
                if (is_innocent == is_machinery_frame && in_patterns(base_of(fr), contexts, ARRAY_SIZE(contexts)))
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

const char *blame_named(const char *name, bool module, const struct stack *s, const char *const *own) {
        struct frame at = { .function = name, .module = module ? "" : NULL };

        /* The stack may say where the function stands. */
        for (size_t i = 0; name && s && i < s->n_frames && !at.file; i++)
                if (s->frames[i].reliable && !s->frames[i].inlined && strcmp(s->frames[i].function, name) == 0)
                        at.file = s->frames[i].file;
        const bool machinery = name && (s && s->former ? was_machinery_frame(&at, own) : is_machinery_frame(&at, own));
        return name && (!machinery || !s) ? name : s ? blame_stack(s, own) : NULL;
}

/* Did the function wait for others when signatures had version 1? */
static bool waited_then(const struct frame *fr) {
        return was_machinery_frame(fr, blame_waiting) || (!fr->module && slice_has(base_of(fr), SLICE("sched")));
}

const char *blame_hung(const struct stack *s) {
        for (size_t i = 0; i < s->n_frames; i++)
                if (counts(s, &s->frames[i]) && !s->frames[i].inlined &&
                    (in_patterns(base_of(&s->frames[i]), crowded, ARRAY_SIZE(crowded)) ||
                     (!s->former && slice_starts(base_of(&s->frames[i]), SLICE("__synchronize_srcu")))))
                        return s->frames[i].function;
        const char *before = NULL, *called = NULL;
        const bool passes = passes_inlined(s);

        /* Where nobody but those who wait come before the thread's own function, it is that one. */
        for (size_t i = 0; i < s->n_frames; i++) {
                const struct frame *fr = &s->frames[i];
                if (!counts(s, fr) || (fr->inlined && passes))
                        continue;
                /* A thread that was never started waits for itself. */
                if (before && in_patterns(base_of(fr), threads, ARRAY_SIZE(threads)))
                        return !s->former && slice_starts(slice_of(before), SLICE("schedule")) ? fr->function : before;
                if (s->former ? !waited_then(fr) : !is_machinery_frame(fr, blame_waiting))
                        return fr->function;
                if (before && !called && is_dispatcher(base_of(fr)))
                        called = before;
                before = fr->function;
        }
        /* All wait, by their names: the outermost of them is whom the dispatcher called. */
        return s->former ? NULL : called;
}

static bool has_reliable(const struct stack *s) {
        for (size_t i = 0; i < s->n_frames; i++)
                if (s->frames[i].reliable)
                        return true;
        return false;
}

static bool is_entry(const struct frame *fr) {
        return in_patterns(base_of(fr), interrupt_entries, ARRAY_SIZE(interrupt_entries));
}

static bool is_entry_since(const struct frame *fr) {
        return in_patterns(base_of(fr), interrupt_entries_since, ARRAY_SIZE(interrupt_entries_since));
}

/* The timer's tick always comes by an interrupt: all up to the nearest way in is of that, whatever it is called. Where
 * that frame is, from that one on, or else the same. */
static size_t behind_tick(const struct stack *s, size_t from) {
        if (!slice_starts(base_of(&s->frames[from - 1]), SLICE("update_process_times")))
                return from;
        for (size_t i = from; i < s->n_frames && !s->frames[i].rip; i++)
                if (is_entry_since(&s->frames[i]))
                        return i + 1;
        return from;
}

/* The frame at which what stalled begins: what found the stall ends where it interrupted the CPU. */
static size_t stalled_from(const struct stack *s) {
        size_t first = 0;

        for (size_t i = 0; i < s->n_frames; i++) {
                if (!s->frames[i].reliable)
                        continue;
                if (s->frames[i].rip) {
                        first = i;
                        break;
                }
                if (in_patterns(base_of(&s->frames[i]), stall_finders, ARRAY_SIZE(stall_finders)))
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
                in_patterns(base_of(&s->frames[first]), interrupt_ways, ARRAY_SIZE(interrupt_ways)) ||
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
        return is_dispatcher(name) || (!s->former && in_patterns(name, callers_since, ARRAY_SIZE(callers_since)));
}

/* Is the first sure frame from there on one that waits for a lock? */
static bool waits_for_lock(const struct stack *s, size_t i) {
        while (i < s->n_frames && (!s->frames[i].reliable || s->frames[i].inlined))
                i++;
        return i < s->n_frames && in_patterns(base_of(&s->frames[i]), lock_waiters, ARRAY_SIZE(lock_waiters));
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
                const struct slice name = base_of(fr);
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
                        if (!s->former && helped && in_patterns(name, workers, ARRAY_SIZE(workers)))
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

/* Takes what stands before a system call's name: "__x64_sys_". NULL slice: it is none. */
static struct slice eat_wrapper(struct slice *name) {
        static const struct slice wrappers[] = {
                SLICE("__x64_sys_"),
                SLICE("__ia32_sys_"),
                SLICE("__se_sys_"),
                SLICE("__do_sys_"),
                SLICE("__arm64_sys_"),
                SLICE("SyS_"),
                SLICE("SYSC_"),
                SLICE("__x64_compat_sys_"),
                SLICE("__ia32_compat_sys_"),
                SLICE("__se_compat_sys_"),
                SLICE("__do_compat_sys_"),
                SLICE("compat_SyS_"),
                SLICE("C_SYSC_"),
        };

        for (size_t i = 0; i < ARRAY_SIZE(wrappers); i++)
                if (slice_eat(name, wrappers[i]))
                        return wrappers[i];
        return SLICE_NULL;
}

static bool is_compat(struct slice wrapper) {
        return slice_has(wrapper, SLICE("compat")) || slice_starts(wrapper, SLICE("C_"));
}

char *blame_name(struct arena *a, const char *function) {
        struct slice name = function_base(slice_of(function));
        char *rust = rust_path(a, name);

        if (rust)
                return rust;
        const struct slice wrapper = eat_wrapper(&name);
        return wrapper.n == 0 || is_compat(wrapper) ? arena_dup(a, name) : arena_printf(a, "sys_%.*s", SLICE_FMT(name));
}

bool blame_is_of(struct slice name, const struct frame *fr) {
        struct slice function = function_base(slice_of(fr->function));
        const struct slice wrapper = eat_wrapper(&function);

        return !is_compat(wrapper) && (wrapper.n == 0 || slice_eat(&name, SLICE("sys_"))) && slice_eq(name, function);
}

/* Where a stack ends that was printed to its end, beside dispatchers. */
static const char *const outermost[] = {
        "ret_from_*",
        "entry_*",
        "asm_*",
        "el0*",
        "el1*",
        "ret_fast_syscall*",
        "ret_to_user*",
        "start_kernel",
        "x86_64_start_*",
        "error_entry",
        "page_fault",
        "divide_error",
        "general_protection",
        "invalid_op",
        "vector_*",
        "__irq_svc",
        "__dabt_*",
        "handle_exception",
        "system_call_*",
        "child_rip",
        "kernel_thread_helper",
        "__secondary_switched",
        "__primary_switched",
        "secondary_startup*",
};

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

bool is_outermost(struct slice function) {
        return in_patterns(function_base(function), outermost, ARRAY_SIZE(outermost));
}

bool blame_ends_stack(struct slice function) {
        static const char *const system_calls[] = { "do_syscall_*", "do_fast_syscall_*", "__do_fast_syscall_*",
                                                    "x64_sys_call", "ia32_sys_call" };
        const struct slice name = function_base(function);

        return is_outermost(name) || in_patterns(name, system_calls, ARRAY_SIZE(system_calls)) ||
               in_patterns(name, contexts, ARRAY_SIZE(contexts));
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
        if (last && (is_outermost(base_of(last)) || is_dispatcher(base_of(last))))
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

bool blame_is_victim(const struct stack *s) {
        for (size_t i = 0; i < s->n_frames; i++)
                if (slice_starts(slice_of(s->frames[i].function), SLICE("rcu_gp_")))
                        return true;
        return false;
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
