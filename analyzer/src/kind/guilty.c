/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "kind/guilty.h"

#include <errno.h>
#include <pthread.h>

#include "base/macros.h"
#include "line/frame.h"
#include "line/rust.h"

const char blame_nobody[] = "corrupted";

/* Machinery is whatever has one of these in its name: wrappers come and go, these stay. */
static const struct slice roots[] = {
        SLICE("kasan"), SLICE("kmsan"), SLICE("kcsan"), SLICE("lockdep"), SLICE("spin_lock"), SLICE("spin_trylock"),
        SLICE("spin_unlock"), SLICE("mutex_lock"), SLICE("mutex_unlock"), SLICE("mutex_trylock"), SLICE("refcount"),
        SLICE("memcpy"), SLICE("memset"), SLICE("memmove"), SLICE("memcmp"), SLICE("memchr"), SLICE("printk"),
        SLICE("snprintf"), SLICE("scnprintf"), SLICE("copy_to_user"), SLICE("copy_from_user"), SLICE("put_user"),
        SLICE("get_user"), SLICE("might_sleep"), SLICE("might_fault"), SLICE("lock_class"), SLICE("kmalloc"),
        SLICE("vmalloc"), SLICE("vprintf"), SLICE("netdev_printk"), SLICE("panic"), SLICE("atomic_"),
        SLICE("write_lock"), SLICE("read_lock"), SLICE("task_rq_lock"), SLICE("assertfail"), SLICE("assert_fail"),
        SLICE("_is_static_object"),
};

/* Functions that stand above the culprit in traces of every kind: they print, trap, check, allocate, count,
 * lock or copy on somebody's behalf, and do what they are told. */
static const char *const machinery[] = {
        "read_word_at_a_time*", "netdev_info", "netdev_warn",
        "netdev_err",
        /* printing and dumping */
        "dump_stack*", "__dump_stack", "show_stack*", "show_regs*", "show_trace*", "dump_trace*", "__show_*",
        "print_*_bug*", "print_report*", "print_address_*", "print_lock*", "print_trailer*", "print_section*",
        "sched_show_task*", "object_err*", "nmi_cpu_backtrace*", "nmi_trigger_cpumask_backtrace*",
        "arch_trigger_cpumask_backtrace*", "trigger_*_backtrace*", "lib_ring*", "rcu_dump_cpu_stacks*", "dump_page*",
        "bad_page*",
        /* traps and warnings */
        "panic", "__panic", "vpanic", "nmi_panic*", "check_panic_on_warn", "panic_on_warn*", "end_report*",
        "__warn*", "warn_*", "insert_work*", "report_bug*", "__report_bug*", "handle_bug*", "fixup_bug*", "exc_*",
        "asm_exc_*", "asm_sysvec_*", "sysvec_*", "do_trap*", "do_error_trap*", "do_invalid_op", "invalid_op",
        "invalid_opcode", "do_general_protection", "general_protection", "do_double_fault", "double_fault", "df_*",
        "do_divide_error", "divide_error", "math_error", "do_stack_segment", "stack_segment*", "do_int3", "int3",
        "ex_handler*", "fixup_exception*", "do_syscall_*", "do_fast_syscall_*", "do_int80_*", "__do_fast_syscall_*",
        "entry_SYSCALL*", "entry_SYSENTER*", "entry_INT80*", "sysenter_*", "tracesys*", "system_call_*",
        "int_ret_from_*", "x64_sys_call", "ia32_sys_call", "die", "__die*", "die_body*", "oops_*", "no_context",
        "bad_area*", "__bad_area*", "page_fault*", "__do_page_fault", "do_page_fault", "async_page_fault",
        "do_async_page_fault", "do_user_addr_fault", "do_kern_addr_fault", "handle_page_fault", "kernelmode_fixup*",
        "error_entry", "error_exit", "ret_from_intr", "retint_*", "common_interrupt", "asm_common_interrupt",
        "apic_timer_interrupt", "smp_apic_timer_interrupt", "__sysvec_*", "secondary_startup*", "ret_from_fork*",
        "handle_stack_overflow*", "fortify_panic*", "__fortify_*", "usercopy_*", "__check_object_size*",
        "__check_heap_object*", "check_heap_object*", "__stack_chk_fail*", "trace_hardirqs_*", "trace_softirqs_*",
        "irqentry_*", "trace_irq*",
        /* counting */
        "refcount_*", "__refcount_*", "kref_*", "atomic_*", "atomic64_*", "arch_atomic*", "raw_atomic*",
        "instrument_*", "percpu_ref_*", "ref_tracker_*",
        /* checkers */
        "kasan_*", "__kasan_*", "__asan_*", "__hwasan_*", "check_memory_region*", "check_region_*", "describe_*",
        "addr_has_*", "kcsan_*", "__kcsan_*", "__tsan_*", "kfence_*", "__kfence*", "kmsan_*", "__kmsan*", "__msan_*",
        "ubsan_*", "__ubsan_*", "handle_overflow*", "val_to_string*", "debug_object*", "__debug_object*",
        "debug_check_no_obj*", "__debug_check_no_obj*", "debug_print_object", "kmemleak_*", "__list_*_valid*",
        "list_add*", "list_del*", "__list_add*", "__list_del*", "list_move*", "list_splice*", "list_replace*",
        "hlist_*", "__hlist_*", "__sanitizer_*", "write_comp_data", "check_kcov_mode", "should_fail*",
        "__should_fail*", "fail_dump", "check_preemption_disabled*", "debug_smp_processor_id*",
        "__this_cpu_preempt_check*", "preempt_count_*", "usage_accumulate", "save_stack*", "set_track*",
        "stack_depot_*", "__stack_depot*", "set_alloc_info", "depot_*",
        /* lockdep */
        "lockdep_*", "__lockdep_*", "lock_acquire*", "lock_release*", "lock_is_held*", "lock_unpin*", "lock_pin*",
        "__lock_acquire*", "__lock_release*", "__lock_is_held*", "__lock_set_class*", "__lock_downgrade*",
        "__lock_unpin*", "lock_downgrade", "lock_set_class*", "reacquire_held_locks*", "add_chain*", "lookup_chain*",
        "lock_contended", "lock_acquired", "check_prev_add*", "check_prevs_add*", "check_noncircular*",
        "check_deadlock*", "check_usage*", "check_irq_usage*", "check_path*", "__bfs*", "check_wait_context*",
        "check_chain_key*", "validate_chain*", "mark_lock*", "mark_usage*", "mark_held_locks*", "mark_irq*",
        "valid_state*", "mark_all_locks*", "register_lock_class*", "look_up_lock_class*", "assign_lock_key*",
        "debug_check_no_locks*", "debug_lockdep_rcu*", "find_held_lock*", "match_held_lock*", "hlock_*",
        "save_trace*", "stack_trace_*", "perf_trace_*", "trace_event_*", "arch_stack_walk", "alloc_list_entry*",
        "___might_sleep", "__might_sleep*", "__might_resched*", "might_sleep*", "__might_fault", "might_fault",
        "__cant_sleep*", "__cant_migrate*", "__schedule_bug", "__schedule_delayed*", "rcu_sleep_check", "___might_*",
        /* taking and giving locks */
        "mutex_lock*", "__mutex_lock*", "mutex_trylock*", "mutex_unlock*", "__mutex_unlock*", "__mutex_trylock*",
        "__ww_mutex*", "ww_mutex_*", "_mutex_*", "mutex_optimistic*", "mutex_spin*", "call_rwsem_*", "rt_mutex_*",
        "__rt_mutex*", "rt_spin_*", "__rt_spin*", "rt_read_*", "rt_write_*", "down", "down_*", "__down*", "up_read*",
        "up_write*", "up", "__up_*", "rwsem_*", "__rwsem_*", "_raw_*", "__raw_*", "do_raw_*", "native_queued_*",
        "queued_*", "__pv_queued_*", "pv_queued_*", "spin_lock*", "spin_unlock*", "spin_bug*", "spin_dump*",
        "rwlock_bug*", "spin_trylock*", "__spin_*", "_spin_*", "raw_spin_*", "read_lock*", "read_unlock*",
        "write_lock*", "write_unlock*", "rcu_read_*", "rcu_lock_*", "percpu_down*", "percpu_up*", "percpu_rwsem*",
        "__percpu_*rw*", "seqcount_*", "seqcount_lockdep*", "lock_sock_nested",
        "raw_spin_rq_lock*", "do_write_seqcount*", "local_lock*", "osq_lock*", "console_trylock*",
        "bit_spin_*", "hlist_bl_lock*",
        /* allocating and freeing */
        "kmalloc*", "__kmalloc*", "__do_kmalloc*", "kzalloc*", "kcalloc*", "kvmalloc*", "__kvmalloc*", "kvzalloc*",
        "kmem_cache_*", "__kmem_cache*", "kfree*", "kvfree", "kvfree_sensitive", "kzfree*", "__kfree", "krealloc*",
        "ksize", "__ksize", "sk_prot_alloc*", "sk_alloc", "kstrdup*", "kmemdup*", "kvmemdup*", "memdup_*", "slab_*",
        "__slab_*", "___slab_*", "do_slab_*", "cache_alloc*", "__cache_*", "___cache_*", "____cache_*", "cache_grow*",
        "fallback_alloc*",
        "new_slab*", "allocate_slab*", "__do_cache_*", "check_slab*", "setup_object*", "free_debug_*",
        "alloc_debug_*", "__vmalloc*", "vmalloc*", "vzalloc*", "__vcalloc*", "warn_alloc*", "alloc_pages*",
        "__alloc_pages*", "__alloc_frozen*", "alloc_frozen*", "get_page_from_freelist*", "prep_new_page*",
        "post_alloc_hook*", "get_zeroed_page*", "__get_free_page*", "devm_k*", "pcpu_alloc*", "__alloc_percpu*",
        "alloc_percpu*", "fs_reclaim_*", "__fs_reclaim*", "alloc_slab_page*", "mempool_alloc*", "vfree*", "__vfree*",
        "__vunmap*", "remove_vm_area*", "free_page*", "__free_page*", "___free_page*", "free_unref*", "free_frozen*",
        "__free_frozen*",
        /* helpers of libraries and of the device model, which act on what the caller handed them */
        "__x86_indirect*", "__x86_return*", "rb_*", "__rb_*", "xas_*", "xa_*", "__xa_*", "rhashtable_*",
        "__rhashtable_*", "lock_timer_base*", "__mod_timer*", "mod_timer*", "add_timer*", "try_to_del_timer*",
        "del_timer*", "timer_delete*", "detach_if_pending*", "queue_work*", "__queue_work*", "queue_delayed_work*",
        "__queue_delayed_work*", "mod_delayed_work*", "kobject_*", "kset_*", "klist_*", "get_device*", "put_device",
        "device_add", "device_del", "device_unregister", "device_register", "device_create*", "device_initialize",
        "try_to_grab_pending*", "flush_workqueue*", "__flush_workqueue*", "drain_workqueue*",
        "finish_wait", "__wake_up*", "prepare_to_wait*", "autoremove_wake*", "iput", "drop_nlink", "inc_nlink",
        "set_nlink", "clear_nlink", "ihold", "dget", "test_and_*bit*", "set_bit*", "clear_bit*", "change_bit*",
        "test_bit*", "__test_and*", "find_*_bit*", "_find_*_bit*", "bitmap_*", "__bitmap_*", "crc*", "__crc*",
        "siphash*", "__siphash*", "jhash*", "sort", "sort_r", "kstrto*", "vsscanf", "sscanf",
        "local_bh_*", "__local_bh_*", "_local_bh_*", "percpu_counter_*", "__percpu_counter*", "lockref_*", "llist_*",
        "dpm_sysfs_*", "bus_remove_device", "bus_add_device", "i2c_del_adapter", "__unregister_client",
        "device_destroy", "device_for_each_child*", "device_remove_*", "device_release_driver*",
        "tty_unregister_device", "destroy_workqueue*", "sysfs_create_*", "internal_create_group*", "usb_kill_urb*",
        "usb_kill_anchored*", "usb_poison_*", "usb_control_msg*", "usb_bulk_msg*", "usb_interrupt_msg*",
        "usb_start_wait_urb*", "usb_hcd_submit_urb*", "usb_submit_urb*", "dummy_urb_enqueue*", "device_release",
        "devres_*", "folio_unlock*", "unlock_page*", "mark_buffer_dirty*", "wait_for_completion*", "complete",
        "complete_all", "uninit_*", "interval_tree_*", "find_get_*", "find_lock_*", "pagevec_lookup*",
        "truncate_inode_pages*", "kernfs_find*", "sysfs_remove*", "kthread_stop*", "hwrng_*register",
        "unregister_netdevice*", "rollback_registered*", "add_uevent_var*", "fast_dput", "dput",
        "skb_panic", "skb_over_panic", "skb_under_panic", "skb_put", "skb_push", "skb_pull",
        "sock_hold", "sock_put", "flush_work", "__flush_work", "cancel_work_sync", "__cancel_work*",
        "cancel_delayed_work*",
        /* formatting */
        "string", "string_nocheck", "vsnprintf*", "vscnprintf*", "snprintf*", "scnprintf*", "sprintf*", "vsprintf*",
        "pointer", "number", "format_decode*", "hex_dump_to_buffer*", "printk*", "_printk*", "vprintk*",
        "dev_printk*", "__dev_printk*", "_dev_*", "dev_vprintk*", "seq_printf*", "seq_vprintf*", "kvasprintf*",
        "kasprintf*",
        /* copying */
        "memcpy*", "__memcpy*", "memmove*", "__memmove*", "memset*", "__memset*", "memcmp*", "memchr*", "memscan*",
        "strcmp*", "strncmp*", "strcasecmp*", "strlen*", "strnlen*", "strcpy*", "strncpy*", "strscpy*",
        "sized_strscpy*", "strlcpy*", "strlcat*", "strcat*", "strchr*", "strrchr*", "strstr*", "strnstr*", "strsep*",
        "copy_to_user*", "copy_from_user*", "_copy_*", "__copy_*", "copy_user_*", "raw_copy_*", "rep_movs*",
        "rep_stos*", "put_user*", "__put_user*", "get_user*", "__get_user*", "clear_user*", "__clear_user*",
        "copyin*", "copyout*",
};

/* What stands between the scheduler and the one who waits: the ways to sleep, and the locks, completions and
 * works slept on. */
const char *const blame_waiting[] = {
        "*sched*", "context_switch*", "__switch_to*", "*wait*", "*completion*", "*_lock", "*_lock_*", "*_slowlock*",
        "*down_read*", "*down_write*", "down", "down_*", "__down*", "*mutex*", "*rwsem*", "msleep*", "usleep*",
        "*_sleep*", "sleep_*", "*nanosleep*", "__flush_*work*", "flush_*work*", "drain_workqueue*", "*cancel_*work*",
        "exp_funnel*", "*synchronize_*", "rcu_exp_*", "rcu_barrier*", "srcu_*", "*kthread*", "__refrigerator*",
        "freezer_*", "__lock_page*", "lock_page*", "folio_lock*", "mempool_*",
        NULL,
};

/* Whom many wait for at once: which of them is shown is chance, what they all wait for is not. */
static const char *const crowded[] = {
        "rtnl_lock*", "rtnl_net_lock*", "synchronize_rcu*", "synchronize_srcu*", "synchronize_net*",
        "synchronize_sched*",
};

/* Who hands work to others: each kind of context begins with one of these. A frame that one of these calls
 * says what the work was. */
static const char *const dispatchers[] = {
        /* system calls; those that only look up a method of the file, socket or file system after them */
        "do_syscall_*", "do_fast_syscall_*", "__do_fast_syscall_*", "do_int80_*", "entry_*", "sysenter_*",
        "tracesys*", "system_call_*", "x64_sys_call", "ia32_sys_call", "vfs_ioctl", "do_vfs_ioctl", "ksys_ioctl",
        "*sys_ioctl", "compat_SyS_ioctl", "SyS_ioctl", "SyS_write", "SyS_read", "SyS_sendto", "SyS_sendmsg",
        "vfs_read*", "__vfs_read", "vfs_write*", "__vfs_write", "ksys_read", "ksys_write", "*sys_read", "*sys_write",
        "*sys_writev", "*sys_pwrite64", "new_sync_read", "new_sync_write", "call_read_iter", "call_write_iter",
        "full_proxy_*", "proc_reg_*", "kernfs_fop_*", "sysfs_kf_*", "do_iter_read*", "do_iter_write*", "do_readv*", "do_writev*", "do_loop_readv*", "vfs_writev", "vfs_readv",
        "vfs_iter_*", "blkdev_ioctl", "__blkdev_driver_ioctl", "compat_blkdev_ioctl", "blkdev_common_ioctl",
        "sock_sendmsg*", "__sock_sendmsg*", "sock_recvmsg*", "____sys_sendmsg", "___sys_sendmsg", "__sys_sendto",
        "__sys_sendmsg", "__sys_sendmmsg", "sock_write_iter", "sock_read_iter", "sock_do_ioctl", "sock_ioctl",
        "____sys_recvmsg", "sock_release", "__sock_release", "sk_common_release", "__sys_setsockopt",
        "do_sock_setsockopt", "sock_common_setsockopt", "kernel_setsockopt", "__sys_listen", "__sys_accept*",
        "__sys_connect*", "__sys_bind", "__sys_socketpair", "call_mmap", "mmap_region", "__mmap_region", "do_mmap",
        "do_dentry_open", "vfs_open", "__fput", "task_work_run", "exit_to_user*", "prepare_exit_to_user*",
        "get_signal",
        /* messages to families and their parts */
        "rtnetlink_rcv*", "nfnetlink_rcv*", "__netif_receive_skb*", "netif_receive_skb*", "process_backlog",
        "net_rx_action", "napi_poll", "__napi_poll", "deliver_skb*",
        /* softirqs, timers, interrupts */
        "__do_softirq", "do_softirq*", "handle_softirqs", "run_ksoftirqd", "call_timer_fn", "expire_timers",
        "__run_timers*", "run_timer_*", "tmigr_*", "timer_expire_remote*", "__hrtimer_run_queues", "hrtimer_run_*", "hrtimer_interrupt",
        "tasklet_action*", "rcu_do_batch", "rcu_core*", "rcu_process_callbacks", "irq_exit*", "__irq_exit*",
        "invoke_softirq*", "__handle_irq_event*", "handle_irq_event*", "do_IRQ", "*apic_timer_interrupt*",
        "asm_sysvec_*", "asm_common_interrupt", "sysvec_*", "common_interrupt", "flush_smp_call_function*",
        "generic_smp_call_function*", "__flush_smp_call*",
        /* kernel threads */
        "process_one_work", "process_scheduled_works", "worker_thread", "kthread", "kthread_worker_fn",
        "smpboot_thread_fn", "ret_from_fork*", "do_one_initcall", "kernel_init*", "start_secondary",
        "cpu_startup_entry", "do_idle",
};

/* Those of kernel threads and works, which call what is their own. */
static const char *const threads[] = { "process_one_work", "process_scheduled_works", "kthread", "kthread_worker_fn", "smpboot_thread_fn" };

/* Who finds that a CPU is stuck, in the interrupt that found it. */
static const char *const stall_finders[] = {
        "nmi_cpu_backtrace*", "print_cpu_stall*", "print_other_cpu_stall*", "check_cpu_stall*",
        "rcu_check_callbacks*", "rcu_sched_clock_irq*", "rcu_pending*", "watchdog_timer_fn*",
        "watchdog_overflow_callback*", "*sched_show_task*", "rcu_dump_cpu_stacks*", "rcu_print_detail*",
        "update_process_times*", "softlockup_fn*", "rcu_check_gp_kthread*", "__perf_event_overflow*", "dump_stack*",
        "__dump_stack*",
};

static const char *const interrupt_entries[] = {
        "*apic_timer_interrupt*", "asm_sysvec_*", "asm_common_interrupt*", "ret_from_intr*", "common_interrupt*",
        "asm_exc_nmi*", "nmi", "end_repeat_nmi*", "irq_entries_start*",
};

/* Where a stuck CPU was waiting for another one or busy telling of it says nothing of the work. */
static const char *const cross_calls[] = { "smp_call_function*", NULL };

/* An idle CPU is not the one that hangs. */
static const char *const idlers[] = {
        "native_safe_halt*", "default_idle*", "arch_cpu_idle*", "cpuidle_*", "do_idle", "acpi_idle*",
        "acpi_safe_halt*", "pv_native_safe_halt*", "mwait_idle*", "intel_idle*", "amd_e400_idle*",
};

/* In a module, what may stand anywhere in a name says nothing: the functions meant are those of the kernel image,
 * or inlined and called by their own names. */
static bool in_frame(struct slice name, const char *const *patterns, size_t n, bool module) {
        /* Most patterns differ in the first byte: look before calling. */
        for (size_t i = 0; i < n && patterns[i]; i++)
                if (name.n && (patterns[i][0] == name.s[0] || (patterns[i][0] == '*' && !module)) &&
                    slice_glob(name, patterns[i]))
                        return true;
        return false;
}

static bool in(struct slice name, const char *const *patterns, size_t n) {
        return in_frame(name, patterns, n, false);
}

/* The machinery by its first two bytes: names are looked up millions of times. Filled once, read only after. */
enum { BUCKETS = 1024 };
static uint16_t bucket_start[BUCKETS + 1], bucket_item[ARRAY_SIZE(machinery)];
static pthread_once_t bucket_once = PTHREAD_ONCE_INIT;

static size_t bucket_of(const char *s) {
        return ((uint8_t) s[0] * 33u + (uint8_t) s[1]) % BUCKETS;
}

static void fill_buckets(void) {
        uint16_t at[BUCKETS];

        for (size_t i = 0; i < ARRAY_SIZE(machinery); i++)
                bucket_start[bucket_of(machinery[i]) + 1]++;
        for (size_t b = 0; b < BUCKETS; b++)
                bucket_start[b + 1] = (uint16_t) (bucket_start[b + 1] + bucket_start[b]);
        memcpy(at, bucket_start, sizeof(at));
        for (size_t i = 0; i < ARRAY_SIZE(machinery); i++)
                bucket_item[at[bucket_of(machinery[i])]++] = (uint16_t) i;
}

/* Built in, always: what a module calls so is a test of theirs. */
static const char *const built_in[] = { "kasan_*", "kcsan_*", "kmsan_*", "kfence_*" };

static bool in_machinery(struct slice name, bool module) {
        if (name.n < 2 || (module && in(name, built_in, ARRAY_SIZE(built_in))))
                return false;
        pthread_once(&bucket_once, fill_buckets);
        size_t b = bucket_of(name.s);
        for (size_t i = bucket_start[b]; i < bucket_start[b + 1]; i++)
                if (slice_glob(name, machinery[bucket_item[i]]))
                        return true;
        for (size_t i = 0; !module && i < ARRAY_SIZE(roots); i++)
                if (slice_has(name, roots[i]))
                        return true;
        return false;
}

static struct slice base_of(const struct frame *fr) {
        return function_base(slice_of(fr->function));
}

static bool is_machinery_in(const char *function, bool module, const char *const *own) {
        struct slice name = function_base(slice_of(function));

        return slice_starts(name, SLICE("0x")) || in_machinery(name, module) ||
               (own && in_frame(name, own, SIZE_MAX, module));
}

bool is_machinery(const char *function, const char *const *own) {
        return is_machinery_in(function, false, own);
}

bool is_machinery_frame(const struct frame *fr, const char *const *own) {
        return is_machinery_in(fr->function, fr->module, own);
}

/* Written in assembly, without a frame of their own: where a trap hits in one, an unwinder that goes by frames takes
 * its caller, which lies first on the stack, for a guess. */
static const char *const frameless[] = {
        "memcpy*", "__memcpy*", "memmove*", "__memmove*", "memset*", "__memset*", "clear_page_*", "copy_page*", "rep_movs*",
        "rep_stos*", "copy_user_*",
};

static bool is_frameless_caller(const struct stack *s, size_t i) {
        return i > 0 && s->frames[i - 1].rip && !s->frames[i].inlined && in(base_of(&s->frames[i - 1]), frameless, ARRAY_SIZE(frameless));
}

const char *blame_stack(const struct stack *s, const char *const *own) {
        const struct frame *callee = NULL;
        bool trapped = false; /* the callee is where the trap hit */

        for (size_t i = 0; i < s->n_frames; i++) {
                const struct frame *fr = &s->frames[i];
                if ((!fr->reliable && !is_frameless_caller(s, i)) || fr->inlined)
                        continue;
                /* What KUnit calls is a test case, and what a dispatcher calls is a callback, whatever its name. */
                if (callee && (slice_eq(base_of(fr), SLICE("kunit_try_run_case")) ||
                               (trapped && !slice_starts(base_of(callee), SLICE("__x86_")) && in(base_of(fr), dispatchers, ARRAY_SIZE(dispatchers)))))
                        return callee->function;
                if (!is_machinery_frame(fr, own))
                        return fr->function;
                trapped = fr->rip || (callee && slice_starts(slice_of(callee->function), SLICE("asm_exc_")));
                callee = fr;
        }
        return NULL;
}

const char *blame_hung(const struct stack *s) {
        for (size_t i = 0; i < s->n_frames; i++)
                if (s->frames[i].reliable && !s->frames[i].inlined &&
                    in(base_of(&s->frames[i]), crowded, ARRAY_SIZE(crowded)))
                        return s->frames[i].function;
        const char *before = NULL;

        /* Where nobody but those who wait come before the thread's own function, it is that one. */
        for (size_t i = 0; i < s->n_frames; i++) {
                const struct frame *fr = &s->frames[i];
                if (!fr->reliable || fr->inlined)
                        continue;
                if (before && in(base_of(fr), threads, ARRAY_SIZE(threads)))
                        return before;
                if (!is_machinery_frame(fr, blame_waiting))
                        return fr->function;
                before = fr->function;
        }
        return NULL;
}

static bool has_reliable(const struct stack *s) {
        for (size_t i = 0; i < s->n_frames; i++)
                if (s->frames[i].reliable)
                        return true;
        return false;
}

const char *blame_stall(const struct stack *s) {
        size_t first = 0;
        const char *before = NULL;
        /* Of a task that runs, another CPU can only guess: what it lists may be there no more, and is all there is. */
        const bool guesses = !has_reliable(s);

        /* What found the stall ends where it interrupted the CPU. */
        for (size_t i = 0; i < s->n_frames; i++) {
                if (!s->frames[i].reliable)
                        continue;
                if (s->frames[i].rip) {
                        first = i;
                        break;
                }
                if (in(base_of(&s->frames[i]), stall_finders, ARRAY_SIZE(stall_finders)))
                        first = i + 1;
        }
        /* Older kernels print no RIP there, but the interrupt's way in. */
        for (size_t i = first; first > 0 && i < s->n_frames && !s->frames[first].rip; i++)
                if (in(base_of(&s->frames[i]), interrupt_entries, ARRAY_SIZE(interrupt_entries))) {
                        first = i + 1;
                        break;
                }
        for (size_t i = first; i < s->n_frames; i++) {
                const struct frame *fr = &s->frames[i];
                if ((!fr->reliable && !guesses) || fr->inlined)
                        continue;
                struct slice name = base_of(fr);
                if (in(name, idlers, ARRAY_SIZE(idlers)))
                        return NULL;
                if (in(name, cross_calls, ARRAY_SIZE(cross_calls)))
                        return fr->function;
                /* A method for 32 bit programs hands over to the real one, where it is not that itself. */
                if (before && slice_ends(name, SLICE("_compat_ioctl")))
                        return before;
                if (in(name, dispatchers, ARRAY_SIZE(dispatchers))) {
                        if (before)
                                return before;
                        continue;
                }
                if (!is_machinery_frame(fr, blame_waiting))
                        before = fr->function;
        }
        return before;
}

char *blame_name(struct arena *a, const char *function) {
        static const struct slice wrappers[] = {
                SLICE("__x64_sys_"), SLICE("__ia32_sys_"), SLICE("__se_sys_"), SLICE("__do_sys_"), SLICE("__arm64_sys_"),
                    SLICE("SyS_"), SLICE("SYSC_"),
                SLICE("__x64_compat_sys_"), SLICE("__ia32_compat_sys_"), SLICE("__se_compat_sys_"),
                    SLICE("__do_compat_sys_"), SLICE("compat_SyS_"), SLICE("C_SYSC_"),
        };
        struct slice name = function_base(slice_of(function));
        char *rust = rust_path(a, name);

        if (rust)
                return rust;

        for (size_t i = 0; i < ARRAY_SIZE(wrappers); i++)
                if (slice_eat(&name, wrappers[i]))
                        return slice_has(wrappers[i], SLICE("compat")) ||
                               slice_starts(wrappers[i], SLICE("C_")) ? arena_dup(a, name) :
                                   arena_printf(a, "sys_%.*s", SLICE_FMT(name));
        return arena_dup(a, name);
}

int blame_title_only(struct finding *f, const char *title) {
        f->title = title;
        return title ? 0 : -ENOMEM;
}

int blame_title(struct finding *f, const char *pattern, const char *function) {
        struct slice after = slice_of(pattern), before = slice_token(&after, '@');
        int e;

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
