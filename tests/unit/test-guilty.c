/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Which function a report is titled by: machinery is told by whole names, by the module or the file that a frame
 * prints, and by where the kernel's sources define it; the driver's functions alike, built in or not. */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cmocka_all.h"
#include "vmlife.h"

/* What a report prints before its stack. */
#define KASAN "BUG: KASAN: slab-use-after-free in TOP\nRead of size 8 at addr ffff888100000010 by task a/40\n" CPU
#define SLEEP                                                              \
        "BUG: sleeping function called from invalid context at mm/a.c:1\n" \
        "in_atomic(): 1, irqs_disabled(): 0, non_block: 0, pid: 40, name: a\n" CPU
#define HUNG                                                                               \
        "INFO: task a:40 blocked for more than 122 seconds.\n      Not tainted 6.1.0 #1\n" \
        "task:a               state:D stack:0     pid:40    ppid:1      flags:0x00004002\nCall Trace:\n"
#define STALL                                                                                                     \
        "rcu: INFO: rcu_preempt self-detected stall on CPU\nrcu: \t1-....: (20999 ticks this GP) idle=61e/1/0x4 " \
        "softirq=2/2 fqs=5\n"                                                                                     \
        "NMI backtrace for cpu 1\nCPU: 1 PID: 40 Comm: a Not tainted 6.1.0 #1\nRIP: 0010:TOP\nCall Trace:\n"
#define PREEMPT "BUG: using smp_processor_id() in preemptible [00000000] code: a/40\ncaller is f+0x1/0x2\n" CPU
#define CPU "CPU: 0 PID: 40 Comm: a Not tainted 6.1.0 #1\nCall Trace:\n"
#define WARNED(place)                                                                                        \
        "------------[ cut here ]------------\nsomething is odd\nWARNING: CPU: 0 PID: 40 at " place " TOP\n" \
        "CPU: 0 PID: 40 Comm: a Not tainted 6.1.0 #1\nRIP: 0010:TOP\nCall Trace:\n"

static const struct {
        const char *head;
        const char *stack;  /* functions from the top, divided by blanks; TOP in the head is the first. A part from '('
                             * or '['  on goes behind the offset, with a blank for each '~'. */
        const char *guilty; /* the title's end */
        const char *relevance;
} cases[] = {
        /* Pieces of names say nothing: built in, these are the driver's own. */
        { KASAN, "intel_atomic_commit_tail process_one_work worker_thread", "intel_atomic_commit_tail", "related" },
        { KASAN, "intel_atomic_cleanup_work process_one_work worker_thread", "intel_atomic_cleanup_work", "related" },
        { KASAN, "memcpy intel_mode_from_crtc_timings intel_modeset_setup_hw_state do_one_initcall",
          "intel_mode_from_crtc_timings", "related" },
        { KASAN, "drm_atomic_helper_commit_tail commit_tail process_one_work", "drm_atomic_helper_commit_tail",
          "unrelated" },
        { KASAN, "acme_refcount_show seq_read_iter vfs_read", "acme_refcount_show", "unrelated" },
        { KASAN, "acme_panic_notify notifier_call_chain do_syscall_64", "acme_panic_notify", "unrelated" },
        { KASAN, "acme_get_user_pages_fast acme_pin do_syscall_64", "acme_get_user_pages_fast", "unrelated" },
        /* A module's functions are its own, however they are called. */
        { KASAN, "kasan_poison_thing[acme] acme_open[acme] do_dentry_open", "kasan_poison_thing", "unrelated" },
        { KASAN, "wait_for_acme[i915] acme_open[i915] do_dentry_open", "wait_for_acme", "related" },

        /* Who waits in the driver hangs there; others that wait, wait for somebody. */
        { HUNG, "__schedule schedule intel_gt_wait_for_idle intel_gt_suspend_late i915_drm_suspend_late",
          "intel_gt_wait_for_idle", "related" },
        { HUNG, "__schedule schedule i915_active_wait_for_barrier! __i915_active_wait i915_vma_unbind do_syscall_64",
          "__i915_active_wait", "related" },
        { HUNG,
          "__schedule schedule_timeout dma_resv_wait_timeout i915_gem_object_wait_reservation i915_gem_wait_ioctl "
          "do_syscall_64",
          "i915_gem_object_wait_reservation", "related" },
        /* A label of a section stands for no function. */
        { HUNG, "__schedule __sched_text_start schedule rwsem_down_write_slowpath acme_register do_syscall_64",
          "acme_register", "unrelated" },
        /* A place in parentheses. */
        { KASAN, "rhashtable_walk_next~(lib/rhashtable.c:1016) acme_dump do_syscall_64", "acme_dump", "unrelated" },
        { HUNG, "__schedule schedule jbd2_log_wait_commit ext4_sync_file do_syscall_64", "ext4_sync_file",
          "unrelated" },
        { HUNG, "__schedule schedule drm_sched_entity_flush drm_file_free __fput", "drm_sched_entity_flush",
          "unrelated" },

        /* Libraries, by the file that they are defined in. */
        { KASAN, "ip6_addr_string pointer vsnprintf seq_printf acme_show seq_read_iter vfs_read", "acme_show",
          "unrelated" },
        { KASAN, "mas_walk mas_find acme_walk_tree do_syscall_64", "acme_walk_tree", "unrelated" },
        { KASAN, "list_lru_add acme_shrink do_syscall_64", "acme_shrink", "unrelated" },
        { KASAN, "rb_insert_color acme_enqueue do_syscall_64", "acme_enqueue", "unrelated" },
        { WARNED("lib/idr.c:12"), "idr_alloc_u32 idr_alloc acme_new_handle do_syscall_64", "acme_new_handle",
          "unrelated" },
        { WARNED("mm/vmalloc.c:12"), "vunmap acme_unmap_ring do_syscall_64", "acme_unmap_ring", "unrelated" },
        { WARNED("lib/percpu-refcount.c:12"), "percpu_ref_kill_and_confirm acme_close do_syscall_64", "acme_close",
          "unrelated" },
        /* Where a thread or a timer called them, the work is theirs. */
        { WARNED("kernel/rcu/srcutree.c:12"), "srcu_invoke_callbacks process_one_work worker_thread",
          "srcu_invoke_callbacks", "unrelated" },

        /* Frames that print their place are judged by it. */
        { KASAN, "some_new_helper~lib/new.c:12 acme_use~drivers/acme/main.c:3 do_syscall_64", "acme_use", "unrelated" },
        { KASAN, "some_new_helper~mm/kasan/report.c:12 acme_use~drivers/acme/main.c:3 do_syscall_64", "acme_use",
          "unrelated" },
        { KASAN, "some_new_helper~drivers/gpu/drm/i915/gt/new.c:12 acme_use~drivers/acme/main.c:3 do_syscall_64",
          "some_new_helper", "related" },

        /* The thread's own function, though it schedules others. */
        { STALL, "drm_sched_get_finished_job drm_sched_main kthread ret_from_fork", "drm_sched_main", "unrelated" },
        { STALL, "acme_sched_pick acme_sched_thread kthread ret_from_fork", "acme_sched_thread", "unrelated" },
        { STALL, "mutex_spin_on_owner i915_gem_do_wait_thing[i915] kthread ret_from_fork", "i915_gem_do_wait_thing",
          "related" },

        /* What an allocator of packets or pages, or a socket's lock, does for its caller. */
        { KASAN, "__build_skb_around build_skb acme_rx_one __napi_poll", "acme_rx_one", "unrelated" },
        { KASAN, "crc32_le acme_check_block do_syscall_64", "acme_check_block", "unrelated" },
        { WARNED("kernel/locking/lockdep.c:12"), "lock_release release_sock acme_bind __sys_bind", "acme_bind",
          "unrelated" },
        { KASAN, "mutex_remove_waiter __mutex_lock acme_probe do_syscall_64", "acme_probe", "unrelated" },
        { KASAN, "release_sock[acme] acme_bind[acme] do_syscall_64", "release_sock", "unrelated" },

        /* A stuck CPU: the method that was looked up, or who looked up no method but allocates himself. */
        { STALL,
          "lock_release xa_find acme_next acme_dump netlink_dump __netlink_dump_start netlink_sendmsg do_syscall_64",
          "acme_dump", "unrelated" },
        { STALL, "_raw_spin_lock acme_fault __do_fault handle_mm_fault do_user_addr_fault exc_page_fault", "acme_fault",
          "unrelated" },
        { STALL, "kmem_cache_alloc_trace kernfs_fop_open do_dentry_open vfs_open path_openat do_syscall_64",
          "kernfs_fop_open", "unrelated" },

        /* Who waits by name, where nobody else is there. */
        { HUNG, "__schedule schedule acme_wait_drain do_syscall_64", "acme_wait_drain", "unrelated" },
        { HUNG, "__schedule schedule do_nanosleep hrtimer_nanosleep __x64_sys_nanosleep do_syscall_64", "sys_nanosleep",
          "unrelated" },
        /* Of all grace periods none ends. */
        { HUNG, "__schedule schedule_timeout wait_for_completion __synchronize_srcu acme_destroy process_one_work",
          "__synchronize_srcu", "unrelated" },

        /* All are machinery: the first that does more than notice. */
        { PREEMPT,
          "dump_stack_lvl check_preemption_disabled trace_hardirqs_off exc_general_protection "
          "asm_exc_general_protection",
          "exc_general_protection", "unrelated" },
        { SLEEP, "dump_stack_lvl __might_resched __might_sleep kmalloc_trace asm_sysvec_call_function", "kmalloc_trace",
          "unrelated" },
        { KASAN, "memcpy do_error_trap asm_exc_divide_error", "memcpy", "unrelated" },

        /* Other architectures' ways to a report. */
        { SLEEP,
          "dump_backtrace show_stack dump_stack_lvl __might_resched __might_sleep acme_emit __arm64_sys_ioctl el0_svc",
          "acme_emit", "unrelated" },
        { SLEEP, "unwind_backtrace show_stack dump_stack_lvl __might_resched acme_emit ret_fast_syscall", "acme_emit",
          "unrelated" },
        { SLEEP, "walk_stackframe dump_backtrace show_stack dump_stack __might_resched acme_emit ret_from_exception",
          "acme_emit", "unrelated" },
        { KASAN, "do_mem_abort el1_abort el1h_64_sync_handler acme_dma_start el0_svc", "acme_dma_start", "unrelated" },
};

static void put_frame(FILE *f, const char *word, size_t n) {
        const char *tail = memchr(word, '[', n), *place = memchr(word, '~', n);
        const char *end = tail ? tail : place ? place : word + n;
        const bool guess = end > word && end[-1] == '!';

        fprintf(f, "[   65.000001] %s%.*s+0x10/0x20", guess ? " ? " : " ", (int) (end - word) - guess, word);
        if (end < word + n)
                fprintf(f, " %.*s", (int) (word + n - end) - (*end == '~'), end + (*end == '~'));
        fputc('\n', f);
}

static void put_head(FILE *f, const char *head, const char *top, size_t n) {
        for (const char *line = head, *end; *line; line = end + 1) {
                end = strchr(line, '\n');
                const char *at = memmem(line, (size_t) (end - line), "TOP", 3);

                fputs("[   65.000000] ", f);
                if (!at) {
                        fprintf(f, "%.*s\n", (int) (end - line), line);
                        continue;
                }
                const char *place = memchr(top, '~', n), *tail = memchr(top, '[', n);
                const int length = (int) ((tail ? tail : place ? place : top + n) - top);
                fprintf(f, "%.*s%.*s+0x10/0x20%s%.*s\n", (int) (at - line), line, length, top, tail ? " " : "",
                        tail ? (int) (top + n - tail) : 0, tail ? tail : "");
        }
}

static struct json_object *scan_case(size_t i) {
        char path[512];
        const char *word = cases[i].stack;

        snprintf(path, sizeof(path), "%s/a.log", new_folder());
        FILE *f = fopen(path, "w");
        assert_non_null(f);
        fputs("[    0.000000] Linux version 6.1.0 (a@b) #1\n", f);
        put_head(f, cases[i].head, word, strcspn(word, " "));
        fputs("[   65.000001]  <TASK>\n", f);
        for (size_t n; *word; word += n + (word[n] == ' ')) {
                n = strcspn(word, " ");
                put_frame(f, word, n);
        }
        fputs("[   65.000001]  </TASK>\n", f);
        if (strstr(cases[i].head, "cut here"))
                fputs("[   65.000001] ---[ end trace 0000000000000000 ]---\n", f);
        fclose(f);
        return scan(1, "%s", path);
}

static void test_first_that_is_no_machinery(void **state) {
        (void) state;
        size_t wrong = 0;

        for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
                struct json_object *r = scan_case(i), *found = n_findings(r) == 1 ? finding(r, 0) : NULL;
                const char *title = found ? text_of(found, "title") : "not one finding";
                const char *name = strstr(title, " in ");

                for (const char *next; name && (next = strstr(name + 1, " in "));)
                        name = next;
                if (!name || strcmp(name + 4, cases[i].guilty) != 0 ||
                    strcmp(text_of(found, "relevance"), cases[i].relevance) != 0 ||
                    json_object_array_length(member(found, "corrupted")) != 0) {
                        print_error("stack %s\n  wanted %s (%s), found %s (%s)\n", cases[i].stack, cases[i].guilty,
                                    cases[i].relevance, title, found ? text_of(found, "relevance") : "");
                        wrong++;
                }
                json_object_put(r);
        }
        assert_int_equal(wrong, 0);
}

/* All works run in the same function, with locks that stand for them: who flushes one holds what it needs. */
static void test_lockdep_of_works_names_who_flushes(void **state) {
        (void) state;
        static const char *const flushes[][2] = {
                { "(wq_completion)acme", "drain_workqueue" },
                { "(work_completion)(&w->work)", "__flush_work" },
                { "(work_completion)(&(&d->work)->work)", "__cancel_work_timer" },
        };

        for (size_t i = 0; i < sizeof(flushes) / sizeof(flushes[0]); i++) {
                char path[512];

                snprintf(path, sizeof(path), "%s/a.log", new_folder());
                FILE *f = fopen(path, "w");
                assert_non_null(f);
                fprintf(f,
                        "[   50.000001] WARNING: possible circular locking dependency detected\n"
                        "[   50.000001] 6.1.0 #1 Not tainted\n"
                        "[   50.000001] ------------------------------------------------------\n"
                        "[   50.000002] kworker/0:1/9 is trying to acquire lock:\n"
                        "[   50.000003] ffffc900000a7db0 ((work_completion)(&x->other)){+.+.}-{0:0}, at: "
                        "process_one_work+0x280/0x600\n"
                        "[   50.000004] but task is already holding lock:\n"
                        "[   50.000005] ffff888001050d48 (%s){+.+.}-{0:0}, at: process_one_work+0x255/0x600\n"
                        "[   50.000006] the existing dependency chain (in reverse order) is:\n"
                        "[   50.000007] -> #1 (%s){+.+.}-{0:0}:\n"
                        "[   50.000008]        lock_acquire+0xf5/0x480\n"
                        "[   50.000008]        %s+0xf5/0x480\n"
                        "[   50.000009]        acme_gt_stop+0x4c/0x110\n"
                        "[   50.000011] -> #0 ((work_completion)(&x->other)){+.+.}-{0:0}:\n"
                        "[   50.000012]        __lock_acquire+0x12b0/0x1f00\n"
                        "[   50.000013]        process_one_work+0x2d4/0x600\n"
                        "[   50.000014] stack backtrace:\n"
                        "[   50.000015] CPU: 0 PID: 9 Comm: kworker/0:1 Not tainted 6.1.0 #1\n"
                        "[   50.000016] Call Trace:\n"
                        "[   50.000016]  <TASK>\n"
                        "[   50.000019]  __lock_acquire+0x12b0/0x1f00\n"
                        "[   50.000020]  process_one_work+0x2d4/0x600\n"
                        "[   50.000021]  worker_thread+0x50/0x3b0\n"
                        "[   50.000021]  </TASK>\n",
                        flushes[i][0], flushes[i][0], flushes[i][1]);
                fclose(f);
                struct json_object *r = scan(1, "%s", path);
                assert_int_equal(n_findings(r), 1);
                assert_string_equal(text_of(finding(r, 0), "title"), "possible deadlock in acme_gt_stop");
                json_object_put(r);
        }
}

/* Where lockdep prints the place of a lock, the module says whose function it is. */
static void test_lockdep_reads_the_module_of_a_place(void **state) {
        (void) state;
        static const char *const places[] = { "mutex_lock_acme", "queue_work_now", "kfree_later" };

        for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
                char path[512];

                snprintf(path, sizeof(path), "%s/a.log", new_folder());
                FILE *f = fopen(path, "w");
                assert_non_null(f);
                fprintf(f,
                        "[   50.000001] WARNING: possible recursive locking detected\n"
                        "[   50.000002] a/9 is trying to acquire lock:\n"
                        "[   50.000003] ffffc900000a7db0 (&x->lock){+.+.}-{3:3}, at: %s+0x280/0x600 [i915]\n"
                        "[   50.000004] but task is already holding lock:\n"
                        "[   50.000005] ffff888001050d48 (&x->lock){+.+.}-{3:3}, at: acme_commit+0x255/0x600\n"
                        "[   50.000014] stack backtrace:\n"
                        "[   50.000015] CPU: 0 PID: 9 Comm: a Not tainted 6.1.0 #1\n"
                        "[   50.000016] Call Trace:\n"
                        "[   50.000016]  <TASK>\n"
                        "[   50.000019]  __lock_acquire+0x12b0/0x1f00\n"
                        "[   50.000020]  %s+0x2d4/0x600 [i915]\n"
                        "[   50.000021]  acme_commit+0x50/0x3b0\n"
                        "[   50.000021]  </TASK>\n",
                        places[i], places[i]);
                fclose(f);
                struct json_object *r = scan(1, "%s", path);
                char *title;

                assert_int_equal(n_findings(r), 1);
                assert_true(asprintf(&title, "possible deadlock in %s", places[i]) > 0);
                assert_string_equal(text_of(finding(r, 0), "title"), title);
                assert_string_equal(text_of(finding(r, 0), "relevance"), "related");
                free(title);
                json_object_put(r);
        }
}

/* Another task's dump after the report's whole stack is no part of it; one within it may be anybody's. */
static void test_dump_after_the_whole_stack(void **state) {
        (void) state;
        static const struct {
                const char *end; /* of the first stack */
                bool corrupted;
        } ends[] = {
                { "entry_SYSCALL_64_after_hwframe", false },
                { "ret_from_fork_asm", false },
                { "el0t_64_sync", false },
                { "acme_middle", true },
        };

        for (size_t i = 0; i < sizeof(ends) / sizeof(ends[0]); i++) {
                char path[512];

                snprintf(path, sizeof(path), "%s/a.log", new_folder());
                FILE *f = fopen(path, "w");
                assert_non_null(f);
                fprintf(f,
                        "[   77.000001] BUG: sleeping function called from invalid context at mm/slab.h:2862\n"
                        "[   77.000002] in_atomic(): 1, irqs_disabled(): 0, pid: 270, name: a\n"
                        "[   77.000003] CPU: 0 PID: 270 Comm: a Not tainted 4.4.105 #5\n"
                        "[   77.000004] Call Trace:\n"
                        "[   77.000005]  [<ffffffff81cc9b4f>] dump_stack+0x8e/0xcf\n"
                        "[   77.000006]  [<ffffffff81166a58>] ___might_sleep+0x1b8/0x1f0\n"
                        "[   77.000007]  [<ffffffff832a4598>] acme_vma_bind+0x168/0x8e0\n"
                        "[   77.000008]  [<ffffffff8374ab36>] %s+0x16/0x76\n"
                        "[   77.000009] FAULT_FLAG_ALLOW_RETRY missing 30\n"
                        "[   77.000010] CPU: 1 PID: 274 Comm: other Not tainted 4.4.105 #5\n"
                        "[   77.000011] Call Trace:\n"
                        "[   77.000012]  [<ffffffff81cc9b4f>] dump_stack+0x8e/0xcf\n"
                        "[   77.000013]  [<ffffffff815db71b>] handle_userfault+0x75b/0x1570\n",
                        ends[i].end);
                fclose(f);
                struct json_object *r = scan(1, "%s", path);
                assert_int_equal(n_findings(r), 1);
                assert_string_equal(text_of(finding(r, 0), "title"),
                                    "BUG: sleeping function called from invalid context in acme_vma_bind");
                assert_int_equal(json_object_array_length(member(finding(r, 0), "corrupted")) > 0, ends[i].corrupted);
                json_object_put(r);
        }
}

int main(void) {
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(test_first_that_is_no_machinery),
                cmocka_unit_test(test_lockdep_of_works_names_who_flushes),
                cmocka_unit_test(test_lockdep_reads_the_module_of_a_place),
                cmocka_unit_test(test_dump_after_the_whole_stack),
        };
        return cmocka_run_group_tests(tests, NULL, NULL);
}
