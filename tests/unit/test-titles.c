/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Small logs of many forms and machines: what they hold, and which marks of damage they have. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "cmocka_all.h"
#include "form.h"
#include "vmlife.h"

/* What kernels print where they know no better address, and those who send logs put in its place. */
static const char *const hidden[] = {
        "[<(ptrval)>]",         "[<(____ptrval____)>]", "[<        (ptrval)>]",
        "[<xxxxxxxxxxxxxxxx>]", "[<REDACTED>]",         "[<0000000000000000>]",
};

static void expect(const char *how, struct buffer *b, const char *found) {
        char path[600];

        snprintf(path, sizeof(path), "%s/log", new_folder());
        _cleanup_free_ char *is = found_in(path, b, 1);
        if (strcmp(is, found) != 0)
                fail_msg("%s:\nfound\n%s\nnot\n%s", how, is, found);
}

static void test_hidden_addresses(void **state) {
        (void) state;
        for (size_t i = 0; i < sizeof(hidden) / sizeof(hidden[0]); i++) {
                struct buffer b = {};

                putf(&b, "[    1.000000] ------------[ cut here ]------------\n");
                putf(&b, "[    1.000000] WARNING: CPU: 0 PID: 1 at kernel/locking/mutex.c:1242 "
                         "__mutex_unlock_slowpath+0x328/0x3ec\n");
                putf(&b, "[    1.000000] DEBUG_LOCKS_WARN_ON(__owner_task(owner) != current)\n");
                putf(&b, "[    1.000000] CPU: 0 PID: 1 Comm: acmed Not tainted 5.8.0 #140\n");
                putf(&b, "[    1.000000] Call trace:\n");
                putf(&b, "[    1.000000] %s dump_stack+0x34/0x48\n", hidden[i]);
                putf(&b, "[    1.000000] %s ? vprintk_emit+0x1e8/0x3d8\n", hidden[i]);
                putf(&b, "[    1.000000] %s mutex_unlock+0x18/0x28\n", hidden[i]);
                putf(&b, "[    1.000000] %s acme_release+0x200/0x2f4\n", hidden[i]);
                putf(&b, "[    1.000000] ---[ end trace 0000000000000000 ]---\n");
                expect(hidden[i], &b, "WARNING: locking bug in acme_release 0\n");
        }
        for (size_t i = 0; i < sizeof(hidden) / sizeof(hidden[0]); i++) {
                struct buffer b = {};

                putf(&b, "[   50.000001] WARNING: possible recursive locking detected\n");
                putf(&b, "[   50.000002] a/9 is trying to acquire lock:\n");
                putf(&b, "[   50.000003]  (&x->lock){+.+.}, at: %s acme_take+0x280/0x600\n", hidden[i]);
                putf(&b, "[   50.000004] but task is already holding lock:\n");
                putf(&b, "[   50.000005]  (&x->lock){+.+.}, at: %s acme_commit+0x255/0x600\n", hidden[i]);
                putf(&b, "[   50.000014] stack backtrace:\n");
                putf(&b, "[   50.000015] CPU: 0 PID: 9 Comm: a Not tainted 4.15.0 #1\n");
                putf(&b, "[   50.000016] Call Trace:\n");
                putf(&b, "[   50.000019]  __lock_acquire+0x12b0/0x1f00\n");
                putf(&b, "[   50.000020]  acme_take+0x2d4/0x600\n");
                putf(&b, "[   50.000021]  ret_from_fork+0x50/0x3b0\n");
                expect(hidden[i], &b, "possible deadlock in acme_take 0\n");
        }
}

/* BUG() of architectures that have no instruction for it is a call, and a panic. */
static void test_bug_that_is_a_call(void **state) {
        static const char banner[] = "[    4.310000] BUG: failure at drivers/acme/acme.c:81/acme_park()!\n",
                          panic[] = "[    4.310000] Kernel panic - not syncing: BUG!\n",
                          stack[] = "[    4.310000] CPU: 1 PID: 77 Comm: acmed Not tainted 6.1.0 #1\n"
                                    "[    4.320000] Call Trace:\n"
                                    "[    4.320000]  [<1018a3b4>] show_stack+0x28/0x38\n"
                                    "[    4.320000]  [<10abcdef>] dump_stack_lvl+0x60/0x80\n"
                                    "[    4.320000]  [<10182230>] acme_close+0x230/0x244\n"
                                    "[    4.320000]  [<10182200>] do_syscall_trace+0x0/0x10\n",
                          end[] = "[    4.330000] ---[ end Kernel panic - not syncing: BUG! ]---\n";
        struct buffer b = {};

        (void) state;
        putf(&b, "%s%s%s%s", banner, panic, stack, end);
        expect("the panic's stack", &b, "kernel BUG in acme_close 0\n");
        putf(&b, "%s%s%s%s", banner, stack, panic, end);
        expect("its own stack", &b, "kernel BUG in acme_close 0\n");
        putf(&b, "%s%s%s", banner, panic, end);
        expect("no stack", &b, "kernel BUG in acme_park 1\n");
}

/* A stall is told from within the interrupt that found it: what was interrupted lies behind its way in. */
static void test_stall_within_an_interrupt(void **state) {
        static const struct {
                const char *how, *frames;
        } ways[] = {
                { "powerpc", "[c000000010f93150] [c000000008028668] timer_interrupt+0x264/0x680\n"
                             "[c000000010f93150] [c000000008028668] decrementer_common+0x124/0x130\n"
                             "--- interrupt: 901 at acme_scan+0x7a8/0xbb4\n    LR = acme_scan+0x6a0/0xbb4\n"
                             "[c000000010f93150] [c000000008028668] acme_scan+0x528/0xbb4 (unreliable)\n" },
                { "powerpc, a label", "[c000000010f93150] [c000000008028668] timer_interrupt+0x264/0x680\n"
                                      "[c000000010f93150] [c000000008028668] decrementer_common+0x124/0x130\n"
                                      "--- interrupt: 901 at .L144+0x0/0x4\n    LR = arch_local_irq_restore+0x5c/0x80\n"
                                      "[c000000010f93150] [c000000008028668] acme_scan+0x528/0xbb4\n" },
                { "powerpc, before",
                  "[c000000010f93150] [c000000008028668] .timer_interrupt+0x264/0x680\n"
                  "[c000000010f93150] [c000000008028668] decrementer_common+0x124/0x130\n"
                  "--- Exception: 901 at .acme_scan+0x7a8/0xbb4\n    LR = .acme_scan+0x6a0/0xbb4\n" },
                { "powerpc, since", "[c000000010f93150] [c000000008028668] timer_interrupt+0x264/0x680\n"
                                    "[c000000010f93150] [c000000008028668] decrementer_common_virt+0x208/0x210\n"
                                    "--- interrupt: 900 at acme_scan+0x7a8/0xbb4\n"
                                    "NIP:  c0000000080a0000 LR: c0000000080a0000 CTR: 0000000000000000\n"
                                    "NIP [c0000000080a0000] acme_scan+0x7a8/0xbb4\n"
                                    "LR [c0000000080a0000] acme_other+0x6a0/0xbb4\n--- interrupt: 900\n" },
                { "riscv", "[<ffffffff80123456>] riscv_timer_interrupt+0x2c/0x38\n"
                           "[<ffffffff80123456>] handle_percpu_devid_irq+0xa0/0x180\n"
                           "[<ffffffff80123456>] generic_handle_domain_irq+0x2c/0x40\n"
                           "[<ffffffff80123456>] riscv_intc_irq+0x36/0x60\n"
                           "[<ffffffff80123456>] handle_riscv_irq+0x54/0x80\n"
                           "[<ffffffff80123456>] do_irq+0x40/0x60\n[<ffffffff80123456>] ret_from_exception+0x0/0x64\n"
                           "[<ffffffff80123456>] acme_scan+0x10/0x40\n" },
                { "mips", "[<ffffffff80123456>] c0_compare_interrupt+0x50/0x78\n"
                          "[<ffffffff80123456>] handle_irq_event_percpu+0xa0/0x180\n"
                          "[<ffffffff80123456>] generic_handle_irq+0x2c/0x40\n[<ffffffff80123456>] do_IRQ+0x1c/0x2c\n"
                          "[<ffffffff80123456>] plat_irq_dispatch+0x64/0xb0\n"
                          "[<ffffffff80123456>] handle_int+0x138/0x144\n[<ffffffff80123456>] acme_scan+0x10/0x40\n" },
                { "s390", "[<000000000012a5b8>] do_ext_irq+0xf2/0x160\n[<000000000012a5b8>] ext_int_handler+0xc4/0xf0\n"
                          "[<000000000012a5b8>] acme_scan+0x10/0x40\n" },
        };

        (void) state;
        for (size_t i = 0; i < sizeof(ways) / sizeof(ways[0]); i++) {
                struct buffer b = {};

                putf(&b, "rcu: INFO: rcu_sched self-detected stall on CPU\n"
                         "rcu: \t8-....: (6500 ticks this GP) idle=522/1/0x4 softirq=132/132 fqs=3250\n"
                         "CPU: 8 PID: 1 Comm: acmed Not tainted 5.6.0 #7\nCall Trace:\n");
                putf(&b,
                     "[<0000000000000000>] rcu_sched_clock_irq+0xd54/0x1130\n"
                     "[<0000000000000000>] update_process_times+0x48/0xb0\n%s"
                     "[<0000000000000000>] kernel_init+0x30/0x194\n"
                     "[<0000000000000000>] ret_from_kernel_thread+0x5c/0x74\n",
                     ways[i].frames);
                expect(ways[i].how, &b, "INFO: rcu detected stall in acme_scan 0\n");
        }
}

/* Who calls one callback after the other did nothing; but a callback that only tells is none. */
static void test_callers_of_callbacks(void **state) {
        static const struct {
                const char *above, *caller, *guilty;
        } calls[] = {
                { "idr_get_next workqueue_online_cpu", "cpuhp_invoke_callback", "workqueue_online_cpu" },
                { "rcutree_online_cpu", "cpuhp_invoke_callback", "rcutree_online_cpu" },
                { "acme_online", "cpuhp_invoke_callback", "acme_online" },
                { "workqueue_prepare_cpu", "notifier_call_chain", "workqueue_prepare_cpu" },
                { "dump_stack_lvl", "cpuhp_invoke_callback", "cpuhp_invoke_callback" },
        };

        (void) state;
        for (size_t i = 0; i < sizeof(calls) / sizeof(calls[0]); i++) {
                struct buffer b = {};
                char title[200], *above = strdup(calls[i].above), *next = above;

                putf(&b, "[    1.000000] WARNING: suspicious RCU usage\n[    1.000000] 4.14.0 #1 Not tainted\n"
                         "[    1.000000] -----------------------------\n"
                         "[    1.000000] include/linux/acme.h:238 suspicious rcu_dereference_check() usage!\n"
                         "[    1.000000] stack backtrace:\n"
                         "[    1.000000] CPU: 1 PID: 13 Comm: cpuhp/1 Not tainted 4.14.0 #1\n"
                         "[    1.000000] Call trace:\n[    1.000000]  lockdep_rcu_suspicious+0xcc/0x110\n");
                for (char *name; (name = strsep(&next, " "));)
                        putf(&b, "[    1.000000]  %s+0x10/0x40\n", name);
                putf(&b,
                     "[    1.000000]  %s+0x100/0xf60\n[    1.000000]  smpboot_thread_fn+0x19c/0x2a0\n"
                     "[    1.000000]  kthread+0x138/0x140\n[    1.000000]  ret_from_fork+0x10/0x1c\n",
                     calls[i].caller);
                free(above);
                snprintf(title, sizeof(title), "WARNING: suspicious RCU usage in %s 0\n", calls[i].guilty);
                expect(calls[i].above, &b, title);
        }
}

/* Behind a task's name some kernels put fields that are no part of it. */
static void test_fields_behind_a_name(void **state) {
        static const char *const lines[][2] = {
                { "acmed FTT: 0 0 Tainted: G S      W        ", "acmed" },
                { "acmed Kdump: loaded Not tainted", "acmed" },
                { "acmed SLOT: b VENDOR: x1 Not tainted", "acmed" },
                { "my acme: a Not tainted", "my acme: a" },
                { "acme b: C Not tainted", "acme b: C" },
        };

        (void) state;
        for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
                struct buffer b = {};
                char path[600];

                putf(&b,
                     "[    1.000000] ------------[ cut here ]------------\n"
                     "[    1.000000] WARNING: CPU: 7 PID: 41 at fs/acme.c:270 acme_open+0x1a4/0x1b0\n"
                     "[    1.000000] CPU: 7 PID: 41 Comm: %s 4.19.113 #1\n"
                     "[    1.000000] Call trace:\n[    1.000000]  acme_open+0x1a4/0x1b0\n"
                     "[    1.000000]  do_mount+0x210/0x3b0\n"
                     "[    1.000000] ---[ end trace 0000000000000000 ]---\n",
                     lines[i][0]);
                snprintf(path, sizeof(path), "%s/log", new_folder());
                write_file(path, b.data, b.size);
                buffer_done(&b);
                struct json_object *r = scan(1, "%s", path);
                assert_int_equal(n_findings(r), 1);
                assert_string_equal(text_of(json_object_array_get_idx(member(finding(r, 0), "tasks"), 0), "comm"),
                                    lines[i][1]);
                json_object_put(r);
        }
}

/* Where somebody left out a report's stack and says so, the next one's is its own. */
static void test_stack_left_out(void **state) {
        static const struct {
                const char *mark;
                int damages;
        } marks[] = { { "[...]", 0 }, { "...", 0 }, { "<snip>", 0 }, { "[ cut ]", 0 }, { "acme: ready", 1 } };

        (void) state;
        for (size_t i = 0; i < sizeof(marks) / sizeof(marks[0]); i++) {
                struct buffer b = {};
                char found[200];

                putf(&b,
                     "------------[ cut here ]------------\n"
                     "WARNING: CPU: 9 PID: 184 at ./include/linux/acme.h:785\nacme_check+0x4dd/0x690\n%s\n"
                     "BUG: unable to handle kernel NULL pointer dereference at 0000000000000155\nPGD 0 P4D 0\n"
                     "Oops: 0000 [#1] SMP PTI\nRIP: 0010:acme_throttle+0x45/0x970\n[...]\nCall Trace:\n"
                     " acme_submit+0x1bf/0x690\n acme_request+0x64/0x3f0\n[...]\n",
                     marks[i].mark);
                snprintf(found, sizeof(found),
                         "BUG: unable to handle kernel NULL pointer dereference in acme_throttle %d\n",
                         marks[i].damages);
                expect(marks[i].mark, &b, found);
        }
}

int main(void) {
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(test_fields_behind_a_name),      cmocka_unit_test(test_stack_left_out),
                cmocka_unit_test(test_stall_within_an_interrupt), cmocka_unit_test(test_callers_of_callbacks),
                cmocka_unit_test(test_hidden_addresses),          cmocka_unit_test(test_bug_that_is_a_call),
        };
        return cmocka_run_group_tests(tests, NULL, NULL);
}
