/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "judge/driver_frames.h"

#include "base/macros.h"
#include "kind/functions.h"
#include "kind/machinery.h"
#include "line/frame.h"

/* How many frames of a stack are to blame, by detector; the first line that fits. */
static const struct reach {
        const char *detector; /* patterns */
        unsigned depth;
        bool interrupted; /* the culprit is what the reporting interrupt interrupted */
        bool own_data;    /* who accessed data of its own is the culprit, and not who called it */
} reaches[] = {
        /* A race is where the accesses are: callers lend their time, not their data. */
        { "kcsan", 1, false, true },
        /* What waits or spins does so far below the one who is to blame for it. */
        { "hung-task rcu-stall *-lockup workqueue", 12, true, false },
        /* A library that complains was called wrongly, and libraries stand on libraries. */
        { "*", 4, false, false },
};

/* Where a stack was entered: what lies below is somebody else, or everybody. */
static const char *const entries[] = {
        "do_one_initcall", "do_init_module", "init_module",   "load_module",       "i915_init",
        "kernel_init*",    "rest_init",      "start_kernel",  "cpu_startup_entry", "do_idle",
        "kthread",         "ret_from_fork*", "worker_thread", "process_one_work",  "process_scheduled_works",
        "do_syscall_*",    "__x64_sys_*",    "__ia32_sys_*",  "__se_sys_*",        "__do_sys_*",
        "entry_SYSCALL*",  "entry_INT80*",
};
static const char *const interrupts[] = {
        "asm_sysvec_*", "asm_common_interrupt", "common_interrupt", "ret_from_intr",
        "do_IRQ",       "apic_timer_interrupt", "asm_exc_nmi",      "nmi",
};

/* Helpers that work on their caller's data, beside the machinery of kind/guilty.c. */
static const char *const helpers[] = {
        "test_bit*",    "set_bit*", "clear_bit*", "test_and_*", "__bitop*", "find_*_bit*",
        "_find_*_bit*", "list_*",   "__list_*",   "hlist_*",    "llist_*",  "rb_*",
        "__rb_*",       "xa_*",     "__xa_*",     "xas_*",      "idr_*",    "radix_tree_*",
};
/* Their caller is who allocated or freed; but a race or a crash in them may be their own fault. */
static const char *const allocators[] = {
        "kfree*",       "kvfree*",          "kmalloc*",    "__kmalloc*",    "kzalloc*",     "kvmalloc*",
        "kmem_cache_*", "__kmem_cache_*",   "slab_*",      "__slab_*",      "___slab_*",    "___cache_free",
        "__cache_free", "do_slab_free",     "set_track*",  "stack_trace_*", "save_stack*",  "call_rcu*",
        "__call_rcu*",  "kvfree_call_rcu*", "queue_work*", "__queue_work*", "insert_work*",
};

static const struct reach *reach_of(const char *detector) {
        const struct reach *r = reaches;
        while (!slice_glob_any(slice_of(detector), r->detector))
                r++;
        return r;
}

/* The variant's assertions say which rule broke: they are to blame, not in the way. */
static bool is_helper(const struct stack *s, const struct frame *fr, struct slice base) {
        if (slice_starts(base, SLICE("vmlife_check_")) || slice_starts(base, SLICE("vmlife_fault_")))
                return false;
        return is_machinery_frame(fr, NULL) || in_patterns(base, helpers, ARRAY_SIZE(helpers)) ||
               (slice_glob_any(slice_of(s->what), "allocated freed work work-before") &&
                in_patterns(base, allocators, ARRAY_SIZE(allocators)));
}

/* A lock's waiters, its owner and the nodes of its queue are the lock's own, as are RCU's lists: its callers only wait.
 * Who makes a lock anew while it is in use is at fault, however. */
static bool has_own_data(struct slice base) {
        const struct slice area = function_area(base);

        return (slice_eq(area, SLICE("locking")) || slice_eq(area, SLICE("rcu"))) && !slice_has(base, SLICE("init"));
}

static size_t blamed_in_stack(const struct stack *s, const struct reach *reach, const struct focus *focus,
                              struct blamed *ret, size_t max) {
        unsigned depth = 0;
        size_t n = 0;

        for (size_t i = 0; i < s->n_frames && depth < reach->depth && n < max; i++) {
                const struct frame *fr = &s->frames[i];
                struct slice base = function_base(slice_of(fr->function));

                if (!fr->reliable)
                        continue;
                if (in_patterns(base, interrupts, ARRAY_SIZE(interrupts))) {
                        /* Whoever was interrupted has no part in what the interrupt did, helpers or not. */
                        if (i > 0 && !reach->interrupted)
                                break;
                        depth = 0;
                        continue;
                }
                if (in_patterns(base, entries, ARRAY_SIZE(entries)))
                        break;
                if (reach->own_data && has_own_data(base))
                        break;
                if (is_helper(s, fr, base))
                        continue;
                if (focus_has_frame(focus, fr))
                        ret[n++] = (struct blamed){ fr, s };
                depth++;
        }
        return n;
}

size_t blamed_frames(const struct finding *f, const struct focus *focus, struct blamed *ret, size_t max) {
        const struct reach *reach = reach_of(f->detector);
        size_t n = 0;

        for (size_t i = 0; i < f->n_stacks; i++)
                n += blamed_in_stack(&f->stacks[i], reach, focus, ret + n, max - n);
        return n;
}
