/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "kind/machinery.h"

#include <pthread.h>

#include "base/macros.h"
#include "kind/functions.h"
#include "line/frame.h"

/* Functions that stand above the culprit in traces of every kind: they print, trap, check, allocate, count,
 * lock or copy on somebody's behalf, and do what they are told. */
static const char *const machinery[] = {
        "read_word_at_a_time*", "__netdev_printk*", "netdev_printk*", "netdev_info", "netdev_warn",
        "netdev_err",
        /* printing and dumping */
        "dump_stack*", "__dump_stack", "dump_backtrace*", "show_stack*", "show_regs*", "show_trace*", "dump_trace*", "__show_*",
        "print_*_bug*", "print_report*", "print_address_*", "print_lock*", "print_trailer*", "print_section*",
        "sched_show_task*", "object_err*", "nmi_cpu_backtrace*", "nmi_trigger_cpumask_backtrace*",
        "arch_trigger_cpumask_backtrace*", "trigger_*_backtrace*", "lib_ring*", "rcu_dump_cpu_stacks*", "dump_page*",
        "bad_page*",
        /* traps and warnings */
        "panic", "__panic", "vpanic", "panic_*", "assertfail*", "assfail*", "btrfs_assertfail*", "__reiserfs_panic", "nmi_panic*", "check_panic_on_warn", "panic_on_warn*", "end_report*",
        "__warn*", "warn_slowpath*", "warn_bogus*", "warn_report*", "warn_rt*", "insert_work*", "report_bug*", "__report_bug*", "handle_bug*", "fixup_bug*", "exc_*",
        "asm_exc_*", "asm_sysvec_*", "sysvec_*", "do_trap*", "do_error_trap*", "do_invalid_op", "invalid_op",
        "invalid_opcode", "do_general_protection", "general_protection", "do_double_fault", "double_fault", "df_debug",
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
        "write_lock*", "write_unlock*", "rcu_read_*", "rcu_lock_*", "percpu_down*", "percpu_up*", "percpu_rwsem*", "reiserfs_write_lock*", "cpus_read_lock*", "lock_class*", "__task_rq_lock*", "task_rq_lock*",
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
        "test_bit*", "__test_and*", "find_*_bit*", "_find_*_bit*",
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
        "copyin*", "copyout*", "bpf_prog_array_copy_to_user",
};

bool in_patterns(struct slice name, const char *const *patterns, size_t n) {
        /* Most patterns differ in the first byte: look before calling. */
        for (size_t i = 0; i < n && patterns[i]; i++)
                if (name.n && (patterns[i][0] == name.s[0] || patterns[i][0] == '*') && slice_glob(name, patterns[i]))
                        return true;
        return false;
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

/* Built in, always: what a module calls so is its own. */
static const char *const built_in[] = {
        "kasan_*", "kcsan_*", "kmsan_*", "kfence_*", "mutex_*", "down*", "up", "up_*", "rt_*", "printk*", "vprintk*", "snprintf_*",
        "sprintf_*", "queue_*", "flush_*", "drain_*", "destroy_*", "cancel_*", "vfree*", "vunmap*", "exc_*", "die*", "panic*", "page_fault*",
        "invalid_op*", "dump_*", "show_*", "print_*", "warn_*", "report_*", "describe_*", "check_*", "find_*", "mark_*", "wait_*", "complete*",
        "kfree_*", "lock_*", "set_*", "add_*", "save_*", "oops_*", "handle_*", "validate_*", "sysfs_*", "device_*", "string*", "pointer*",
        "number*", "bus_*", "get_device*", "put_device*",
};

static bool in_table(struct slice name) {
        if (name.n < 2)
                return false;
        pthread_once(&bucket_once, fill_buckets);
        size_t b = bucket_of(name.s);
        for (size_t i = bucket_start[b]; i < bucket_start[b + 1]; i++)
                if (slice_glob(name, machinery[bucket_item[i]]))
                        return true;
        return false;
}

/* The kind's own list for a driver's function: what may stand anywhere in a name says nothing there, for the functions
 * meant are those of the kernel image, or inlined and called by their own names. */
static bool in_own(struct slice name, const char *const *own, bool driver) {
        for (; own && *own; own++)
                if ((!driver || **own != '*') && slice_glob(name, *own))
                        return true;
        return false;
}

/* What is known of a function: the role of its file where that is printed, else that of its name. */
static enum function_role role_of(const struct frame *fr, struct slice name, struct slice *ret_module) {
        enum function_role by_path = fr->file ? path_role(source_path(slice_of(fr->file)), ret_module) : FUNCTION_UNKNOWN;

        return by_path != FUNCTION_UNKNOWN ? by_path : function_role(name, ret_module);
}

static bool is_machinery_by(const struct frame *fr, const char *const *own, bool by_hand) {
        struct slice name = function_base(slice_of(fr->function));
        struct slice ignored;

        if (slice_starts(name, SLICE("0x")))
                return true;
        enum function_role role = role_of(fr, name, &ignored);
        if (fr->module || role == FUNCTION_MODULE)
                return role == FUNCTION_INLINE || in_own(name, own, true) ||
                       /* The compiler put it there from a header that is not in the list. */
                       (role == FUNCTION_UNKNOWN && in_table(name) && !in_patterns(name, built_in, ARRAY_SIZE(built_in)));
        return (role != FUNCTION_UNKNOWN && !by_hand) || in_table(name) || in_own(name, own, false);
}

bool is_machinery_frame(const struct frame *fr, const char *const *own) {
        return is_machinery_by(fr, own, false);
}

bool is_helper_frame(const struct frame *fr, const char *const *own) {
        return is_machinery_by(fr, own, true);
}

bool is_machinery(const char *function, const char *const *own) {
        return is_machinery_frame(&(struct frame) { .function = function }, own);
}

/* --- as it was for signatures of version 1; nothing new comes here --- */

static const struct slice former_roots[] = {
        SLICE("kasan"), SLICE("kmsan"), SLICE("kcsan"), SLICE("lockdep"), SLICE("spin_lock"), SLICE("spin_trylock"),
        SLICE("spin_unlock"), SLICE("mutex_lock"), SLICE("mutex_unlock"), SLICE("mutex_trylock"), SLICE("refcount"),
        SLICE("memcpy"), SLICE("memset"), SLICE("memmove"), SLICE("memcmp"), SLICE("memchr"), SLICE("printk"),
        SLICE("snprintf"), SLICE("scnprintf"), SLICE("copy_to_user"), SLICE("copy_from_user"), SLICE("put_user"),
        SLICE("get_user"), SLICE("might_sleep"), SLICE("might_fault"), SLICE("lock_class"), SLICE("kmalloc"),
        SLICE("vmalloc"), SLICE("vprintf"), SLICE("netdev_printk"), SLICE("panic"), SLICE("atomic_"),
        SLICE("write_lock"), SLICE("read_lock"), SLICE("task_rq_lock"), SLICE("assertfail"), SLICE("assert_fail"),
        SLICE("_is_static_object"),
};
static const char *const former_table[] = { "warn_*", "df_*", "bitmap_*", "__bitmap_*", "crc*", "__crc*" };
static const char *const former_built_in[] = { "kasan_*", "kcsan_*", "kmsan_*", "kfence_*" };
/* In the table since. */
static const char *const former_lacks[] = { "dump_backtrace*", "assfail*" };

bool was_machinery_frame(const struct frame *fr, const char *const *own) {
        struct slice name = function_base(slice_of(fr->function));

        if (slice_starts(name, SLICE("0x")) || in_own(name, own, fr->module))
                return true;
        if (name.n < 2 || (fr->module && in_patterns(name, former_built_in, ARRAY_SIZE(former_built_in))))
                return false;
        if ((in_table(name) && !in_patterns(name, former_lacks, ARRAY_SIZE(former_lacks))) ||
            in_patterns(name, former_table, ARRAY_SIZE(former_table)))
                return true;
        for (size_t i = 0; !fr->module && i < ARRAY_SIZE(former_roots); i++)
                if (slice_has(name, former_roots[i]))
                        return true;
        return false;
}

struct slice frame_module(const struct frame *fr) {
        struct slice module = SLICE_NULL;

        if (fr->module)
                return slice_of(fr->module);
        role_of(fr, function_base(slice_of(fr->function)), &module);
        return module;
}
