/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "kind/blame.h"

#include "line/frame.h"

const char blame_nobody[] = "corrupted";

/* Functions that stand above the culprit in traces of every kind: they print, trap, check, lock, count or
 * copy on somebody's behalf. */
static const char *const machinery[] = {
        /* printing and dumping */
        "dump_stack*", "__dump_stack", "show_stack*", "show_regs*", "show_trace*", "dump_trace*", "print_*",
        "__show_*", "show_trace_log_lvl", "sched_show_task*",
        /* traps and warnings */
        "panic", "__panic", "vpanic", "check_panic_on_warn", "__warn", "__warn_printk", "warn_slowpath*", "report_bug", "__report_bug",
        "handle_bug", "fixup_bug*", "exc_*", "asm_exc_*", "do_trap*", "do_error_trap", "do_invalid_op", "invalid_op",
        "do_syscall_64", "entry_SYSCALL*", "die", "__die*", "oops_*", "no_context", "bad_area*", "__bad_area*",
        "page_fault*", "__do_page_fault", "do_page_fault", "do_user_addr_fault", "do_kern_addr_fault",
        "error_entry", "ret_from_intr", "common_interrupt", "asm_common_interrupt",
        /* counting */
        "refcount_*", "__refcount_*", "kref_*", "kobject_*get*", "atomic_*", "arch_atomic*", "instrument_*",
        /* checkers */
        "kasan_*", "__kasan_*", "__asan_*", "check_memory_region*", "check_region_*", "kcsan_*", "__kcsan_*", "__tsan_*",
        "kfence_*", "__kfence*", "ubsan_*", "__ubsan_*", "debug_object_*", "__debug_object*", "debug_check_no_obj*",
        "debug_print_object", "kmemleak_*", "__list_add_valid*", "__list_del_entry_valid*", "list_add", "list_del*",
        /* lockdep */
        "lockdep_*", "__lockdep_*", "lock_acquire*", "lock_release*", "lock_is_held*", "__lock_*", "lock_downgrade",
        "lock_set_class*", "check_prev_add*", "check_prevs_add*", "check_noncircular*", "check_deadlock*", "check_usage*",
        "check_wait_context*", "check_lock*", "validate_chain*", "mark_lock*", "mark_usage*", "mark_held_locks*", "mark_irq*", "valid_state*",
        "register_lock_class*", "assign_lock_key*", "debug_check_no_locks*", "debug_lockdep_rcu*", "find_held_lock*",
        "trace_hardirqs_*", "trace_softirqs_*", "save_trace*", "stack_trace_*", "irqentry_*", "___might_sleep", "__might_sleep", "__might_resched*", "might_sleep", "__might_fault", "__cant_sleep*",
        "__schedule_bug", "rcu_sleep_check",
        /* taking and giving locks */
        "mutex_lock*", "__mutex_lock*", "mutex_trylock*", "mutex_unlock*", "__mutex_unlock*", "__mutex_trylock*", "__ww_mutex*", "ww_mutex_*",
        "rt_mutex_*", "__rt_mutex*", "down", "down_*", "__down_*", "up_read*", "up_write*", "up", "rwsem_*", "_raw_*", "__raw_*",
        "do_raw_*", "native_queued_*", "queued_*", "spin_lock*", "spin_unlock*", "__spin_*", "_spin_*", "read_lock*", "write_lock*", "rcu_read_*",
        "rcu_lock_*", "percpu_down*", "percpu_up*", "seqcount_*", "lock_sock_nested",
        /* copying */
        "memcpy*", "__memcpy*", "memmove*", "memset*", "__memset*", "memcmp*", "strcmp*", "strlen*", "strcpy*", "strncpy*", "strscpy*",
        "copy_to_user*", "copy_from_user*", "_copy_*", "__copy_*",
};

static bool matches(struct slice name, const char *pattern) {
        return slice_glob(name, pattern);
}

bool is_machinery(const char *function, const char *const *own) {
        struct slice name = function_base(slice_of(function));

        if (slice_starts(name, SLICE("0x")))
                return true;
        for (size_t i = 0; i < sizeof(machinery) / sizeof(machinery[0]); i++)
                if (matches(name, machinery[i]))
                        return true;
        for (; own && *own; own++)
                if (matches(name, *own))
                        return true;
        return false;
}

const char *blame_stack(const struct stack *s, const char *const *own) {
        for (int reliable = 1; reliable >= 0; reliable--)
                for (size_t i = 0; i < s->n_frames; i++)
                        if (s->frames[i].reliable == (reliable == 1) && !is_machinery(s->frames[i].function, own))
                                return s->frames[i].function;
        return NULL;
}
