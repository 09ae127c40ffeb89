/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "kind/dispatchers.h"

#include "base/macros.h"
#include "kind/machinery.h"
#include "line/frame.h"

/* What a task asked for. */
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

bool is_dispatcher(struct slice name) {
        return in_patterns(name, callers, ARRAY_SIZE(callers)) || is_context(name);
}

bool is_dispatcher_since(struct slice name) {
        return is_dispatcher(name) || in_patterns(name, callers_since, ARRAY_SIZE(callers_since));
}

bool is_context(struct slice name) {
        return in_patterns(name, contexts, ARRAY_SIZE(contexts));
}

bool is_thread_loop(struct slice name) {
        return in_patterns(name, threads, ARRAY_SIZE(threads));
}

bool is_worker(struct slice name) {
        return in_patterns(name, workers, ARRAY_SIZE(workers));
}

bool is_outermost(struct slice function) {
        return in_patterns(function_base(function), outermost, ARRAY_SIZE(outermost));
}

bool ends_quoted_stack(struct slice function) {
        static const char *const system_calls[] = { "do_syscall_*", "do_fast_syscall_*", "__do_fast_syscall_*",
                                                    "x64_sys_call", "ia32_sys_call" };
        const struct slice name = function_base(function);

        return is_outermost(name) || in_patterns(name, system_calls, ARRAY_SIZE(system_calls)) || is_context(name);
}
