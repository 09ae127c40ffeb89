/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Reports as people send them: broken by the program that they write with, several in one mail, two CPUs' in one. */
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "cmocka_all.h"
#include "vmlife.h"

static char path[600];

static int setup(void **state) {
        (void) state;
        snprintf(path, sizeof(path), "%s/mail", new_folder());
        return 0;
}

/* The titles of what is found in the text, joined by '|'; those that are marked have a '*' behind them. */
static void expect(const char *text, const char *titles) {
        char got[1000] = "";
        size_t n = 0;
        FILE *out = fopen(path, "w");

        assert_non_null(out);
        fputs(text, out);
        fclose(out);
        struct json_object *r = scan(1, "%s", path);
        for (size_t i = 0; i < n_findings(r); i++)
                n += (size_t) snprintf(got + n, sizeof(got) - n, "%s%s%s", i ? "|" : "",
                                       text_of(finding(r, i), "title"),
                                       json_object_array_length(member(finding(r, i), "corrupted")) ? "*" : "");
        assert_string_equal(got, titles);
        json_object_put(r);
}

#define MAIL                                                                                         \
        "From: A B <a@b.example>\nDate: Fri, 4 Dec 2020 19:38:26 +0100\nMessage-ID: <a@b.example>\n" \
        "Subject: a report\n\nHello,\n\n"

/* Of several blanks a program for mails does not break at the first; who quoted broke none of these lines. */
static void test_several_blanks(void **state) {
        (void) state;
        expect(MAIL "> at the weekend a colleague saw this, and more of it later:\n> \n"
                    "> > [  367.912761] INFO: task acmed/sdb1-8:3602 blocked for more than 120\n> > seconds.\n"
                    "> > [  367.919618]       Not tainted 6.1.0 #948\n"
                    "> > [  367.925776] \"echo 0 > /proc/sys/kernel/hung_task_timeout_secs\"\n"
                    "> > disables this message.\n"
                    "> > [  367.933579] task:acmed/sdb1-8    state:D stack:    0 pid: 3602\n"
                    "> > ppid:     2 flags:0x00000028\n> > [  367.941901] Call trace:\n"
                    "> > [  367.944351]  __switch_to+0xb8/0x168\n> > [  367.947840]  __schedule+0x30c/0x670\n"
                    "> > [  367.951326]  schedule+0x70/0x108\n> > [  367.973188]  acme_commit+0x1370/0x1958\n"
                    "> > [  367.982061]  kthread+0x150/0x158\n> > [  367.985288]  ret_from_fork+0x10/0x34\n"
                    "> > [  368.009067] task:sync            state:D stack:    0 pid:  3823 ppid:\n"
                    "> > 3450 flags:0x00000009\n> > [  368.017397] Call trace:\n"
                    "> > [  368.019841]  __switch_to+0xb8/0x168\n> > [  368.023320]  schedule+0x30c/0x670\n> > \n"
                    "> > It was a Monday.\n",
               "INFO: task hung in acme_commit");
}

/* 32-bit ARM's frames are long, and have two places to be broken at, whatever the width of other lines. */
static void test_frames_of_arm(void **state) {
        static const char *const breaks[] = { " ", "\n> ", "\n>   " };

        (void) state;
        for (size_t i = 0; i < 9; i++) {
                const char *before = breaks[i % 3], *behind = breaks[i / 3];
                char text[2000];
                snprintf(text, sizeof(text),
                         MAIL "> BUG: spinlock bad magic on CPU#0, swapper/1\n"
                              ">  lock: acme_device+0x10c/0x308, .magic: 00000000, .owner: <none>/-1, .owner_cpu: 0\n"
                              "> CPU: 0 PID: 1 Comm: swapper Not tainted 5.11.0 #266\n"
                              "> [<c010c3c8>] (unwind_backtrace)%sfrom [<c010a49c>]%s(show_stack+0x10/0x14)\n"
                              "> [<c010a49c>] (show_stack)%sfrom [<c0159534>]%s(do_raw_spin_lock+0x20/0x94)\n"
                              "> [<c0159534>] (do_raw_spin_lock)%sfrom [<c04089d8>]%s(acme_get+0x30/0xa0)\n"
                              "> [<c04089d8>] (acme_get)%sfrom [<c0413698>]%s(acme_probe+0x34/0x1c0)\n"
                              "> [<c0413698>] (acme_probe)%sfrom [<c0100114>]%s(ret_from_fork+0x14/0x20)\n",
                         before, behind, before, behind, before, behind, before, behind, before, behind);
                expect(text, "BUG: spinlock bad magic in acme_get");
        }
}

/* Another CPU's frames between what a check says and the dump that follows it: they name nobody, and that is said. */
static void test_frames_in_between(void **state) {
        static const char *const checks[][2] = {
                { "list_add corruption. prev->next should be next (ffffffff9da75c60), but was ffff99bbd1d94790.",
                  "BUG: corrupted list in acme_flip*" },
                { "------------[ cut here ]------------", "kernel BUG in acme_flip*" },
        };

        (void) state;
        for (size_t i = 0; i < sizeof(checks) / sizeof(checks[0]); i++)
                for (size_t banner = 0; banner < 2; banner++) {
                        char text[2000], expected[80];
                        snprintf(text, sizeof(text),
                                 "[  194.000001] %s\n[  194.000002]  <TASK>\n[  194.000003]  "
                                 "dump_stack_lvl+0x6e/0x90\n%s"
                                 "[  194.000004]  other_resume+0x28/0x48\n[  194.000005] %s\n"
                                 "[  194.000006]  async_resume+0x1d/0x30\n%s"
                                 "[  194.000008] CPU: 2 PID: 2505 Comm: acmed Not tainted 6.15.0 #425\n"
                                 "[  194.000009] RIP: 0010:acme_flip+0x90/0xa0\n[  194.000010] Call Trace:\n"
                                 "[  194.000011]  <TASK>\n[  194.000012]  acme_commit+0x47/0x200\n"
                                 "[  194.000013]  do_syscall_64+0x95/0x1a0\n[  194.000014]  </TASK>\n"
                                 "[  194.000015] ---[ end trace 0000000000000000 ]---\n",
                                 checks[i][0], i ? "" : "[  194.000003] ------------[ cut here ]------------\n",
                                 banner ? "WARNING: CPU: 2 PID: 2505 at acme/flip.c:32 acme_flip+0x90/0xa0" :
                                          "kernel BUG at acme/flip.c:32!",
                                 banner ? "" : "[  194.000007] Oops: invalid opcode: 0000 [#1] SMP\n");
                        snprintf(expected, sizeof(expected), "%s",
                                 banner && i ? "WARNING in acme_flip*" : checks[i][1]);
                        expect(text, expected);
                }
}

/* A thread of RCU that was starved is shown where it sleeps: it stalls nobody. */
static void test_starved(void **state) {
        static const char
                own[] = "[   22.000007] rcu: RCU grace-period kthread stack dump:\n"
                        "[   22.000008] task:rcu_preempt state:I stack:0 pid:14 ppid:2 flags:0x00000008\n"
                        "[   22.000009] Call trace:\n[   22.000010]  __switch_to+0xdc/0x150\n"
                        "[   22.000011]  __schedule+0x2dc/0x7d0\n[   22.000012]  schedule+0x5c/0x100\n"
                        "[   22.000013]  schedule_timeout+0x8c/0x100\n"
                        "[   22.000014]  rcu_gp_fqs_loop+0x140/0x420\n"
                        "[   22.000015]  rcu_gp_kthread+0x134/0x164\n[   22.000016]  kthread+0x108/0x10c\n"
                        "[   22.000017]  ret_from_fork+0x10/0x20\n",
                head[] = "[   22.000001] rcu: INFO: rcu_preempt detected stalls on CPUs/tasks:\n"
                         "[   22.000002] rcu: \t5-...0: (20 ticks this GP) idle=4d94/1/0x4 softirq=20/20 fqs=2\n"
                         "[   22.000003] (detected by 2, t=5253 jiffies, g=-1119, q=2 ncpus=12)\n",
                other[] = "[   22.000004] Task dump for CPU 5:\n"
                          "[   22.000005] task:acmed state:R  running task stack:0 pid:77 ppid:2\n"
                          "[   22.000006] Call trace:\n[   22.000006]  acme_spin+0x40/0x60\n"
                          "[   22.000006]  acme_write+0x40/0x60\n[   22.000006]  el0_svc+0x4/0x8\n";
        char text[3000];

        (void) state;
        snprintf(text, sizeof(text), "%s%s", head, own);
        expect(text, "INFO: rcu detected stall in corrupted*");
        snprintf(text, sizeof(text), "%s%s%s", head, own, other);
        expect(text, "INFO: rcu detected stall in acme_write");
}

/* What one log in a mail begins its lines with says nothing of the next one, before or behind it. */
static void test_two_logs(void **state) {
        static const char *const others[] = { "", "    ", ">>> " };
        char text[4000], one[2000], other[1000];

        (void) state;
        size_t n = (size_t) snprintf(one, sizeof(one), "%s", "");
        static const char *const lines[] = {
                "------------[ cut here ]------------",
                "WARNING: CPU: 5 PID: 14 at acme/a.c:12 acme_flip+0x1d2/0x1f0",
                "CPU: 5 PID: 14 Comm: flipper Not tainted 6.1.0 #1",
                "RIP: 0010:acme_flip+0x1d2/0x1f0",
                "Call Trace:",
        };
        for (size_t i = 0; i < 20; i++)
                n += (size_t) snprintf(one + n, sizeof(one) - n, "Nov 26 10:00:29 lab kernel: %s\n",
                                       i < 5  ? lines[i] :
                                       i < 19 ? " acme_commit+0x1/0x2" :
                                                "---[ end trace 0000000000000000 ]---");
        for (size_t i = 0; i < 2 * sizeof(others) / sizeof(others[0]); i++) {
                const char *m = others[i / 2];
                snprintf(other, sizeof(other),
                         "%sBUG: kernel NULL pointer dereference, address: 0000000000000008\n%sOops: 0000 [#1] SMP\n"
                         "%sCPU: 1 PID: 2590 Comm: acmed Not tainted 6.1.0 #84\n%sRIP: 0010:acme_send+0x60/0x220\n"
                         "%sCall Trace:\n%s <TASK>\n%s acme_write+0x206/0x2e0\n%s </TASK>\n"
                         "%s---[ end trace 0000000000000000 ]---\n",
                         m, m, m, m, m, m, m, m, m);
                snprintf(text, sizeof(text), MAIL "%s\nAnd on another machine:\n\n%s\nThanks\n", i % 2 ? other : one,
                         i % 2 ? one : other);
                expect(text, i % 2 ? "BUG: unable to handle kernel NULL pointer dereference in acme_send|WARNING in "
                                     "acme_flip" :
                                     "WARNING in acme_flip|BUG: unable to handle kernel NULL pointer dereference in "
                                     "acme_send");
        }
}

/* The text in a mail: '~' is a blank where a program for mails may break the line. */
static void expect_broken(const char *text, const char *marks, bool broken, const char *titles) {
        char mail[4000];
        size_t n = (size_t) snprintf(mail, sizeof(mail), MAIL "%s", marks);

        for (; *text; text++)
                if (*text == '\n' || (*text == '~' && broken))
                        n += (size_t) snprintf(mail + n, sizeof(mail) - n, "\n%s", marks);
                else if (n + 1 < sizeof(mail))
                        mail[n++] = *text == '~' ? ' ' : *text;
        snprintf(mail + n, sizeof(mail) - n, "\n\nThanks\n");
        expect(mail, titles);
}

static void expect_any_breaks(const char *text, const char *titles) {
        static const char *const marks[] = { "", "> ", "> > " };

        for (size_t i = 0; i < 6; i++)
                expect_broken(text, marks[i / 2], i % 2, titles);
}

/* A report that was resolved has a headline for each function that is part of another. Where the function's place has
 * no room in its line, it stands in the next one alone. */
static void test_places_alone(void **state) {
        (void) state;
#define STACK                                                                                            \
        "CPU: 0 UID: 0 PID: 228 Comm: acmed Not tainted 6.16.0 #52\nCall Trace:\n <TASK>\n"              \
        " __dump_stack~lib/dump_stack.c:94 [inline]\n dump_stack_lvl+0x108/0x150 lib/dump_stack.c:120\n" \
        " __acme_drop~include/net/acme.h:218 [inline]\n acme_drop net/acme/core.c:287 [inline]\n"        \
        " acme_close+0x3cd/0x1ec0~net/acme/socket.c:3132\n __sys_close+0x181/0x220 fs/open.c:1573\n </TASK>\n"
        expect_any_breaks("BUG: KASAN: slab-use-after-free in __acme_drop~include/net/acme.h:218 [inline]\n"
                          "BUG: KASAN: slab-use-after-free in acme_drop~net/acme/core.c:287 [inline]\n"
                          "BUG: KASAN: slab-use-after-free in~acme_close+0x3cd/0x1ec0 net/acme/socket.c:3132\n"
                          "Read of size 8 at addr ffff888168296890 by task acmed/228\n\n" STACK,
                          "KASAN: slab-use-after-free Read in acme_close");
        expect_any_breaks("BUG: KASAN: slab-out-of-bounds in~__acme_drop~include/net/acme.h:218 [inline]\n"
                          "BUG: KASAN: slab-out-of-bounds in~acme_close+0x3cd/0x1ec0~net/acme/socket.c:3132\n"
                          "Write of size 8 at addr ffff888168296890 by task acmed/228\n\n" STACK,
                          "KASAN: slab-out-of-bounds Write in acme_close");
        expect_any_breaks("BUG: KMSAN: uninit-value in __acme_drop~include/net/acme.h:218 [inline]\n"
                          "BUG: KMSAN: uninit-value in acme_drop~net/acme/core.c:287 [inline]\n"
                          "BUG: KMSAN: uninit-value in acme_close+0x3cd/0x1ec0~net/acme/socket.c:3132\n"
                          " __acme_drop~include/net/acme.h:218 [inline]\n acme_drop net/acme/core.c:287 [inline]\n"
                          " acme_close+0x3cd/0x1ec0~net/acme/socket.c:3132\n __sys_close+0x181/0x220 fs/open.c:1573\n"
                          "\nUninit was created at:\n acme_new+0x8/0x10 net/acme/core.c:12\n\n"
                          "CPU: 0 UID: 0 PID: 228 Comm: acmed Not tainted 6.16.0 #52\n",
                          "KMSAN: uninit-value in acme_close");
        expect_any_breaks("BUG: KASAN: use-after-free in acme_close~(net/acme/socket.c:3132)\n"
                          "Read of size 8 at addr ffff888168296890 by task acmed/228\n\n"
                          "CPU: 0 UID: 0 PID: 228 Comm: acmed Not tainted 6.16.0 #52\nCall Trace:\n <TASK>\n"
                          " dump_stack_lvl (lib/dump_stack.c:120)\n acme_close~(net/acme/socket.c:3132)\n"
                          " __sys_close (fs/open.c:1573)\n </TASK>\n",
                          "KASAN: use-after-free Read in acme_close");
        /* Nothing of a changelog's report is left but these. */
        expect_any_breaks("=========================\n"
                          "BUG: KASAN: use-after-free in __acme_drop~include/net/acme.h:218 [inline]\n"
                          "BUG: KASAN: use-after-free in acme_close+0x278/0x400~net/acme/socket.c:3132\n"
                          "Read of size 8 at addr ffff888006a49b08 by task kworker/u3:2/389\n\nLink: a",
                          "KASAN: use-after-free Read in acme_close*");
#undef STACK
}

/* A lock's line may be broken behind its address and on both sides of "at:", in a report without its backtrace. */
static void test_locks(void **state) {
        static const char *const headlines[] = { "possible circular locking dependency detected",
                                                 "possible recursive locking detected" };

        (void) state;
        for (size_t i = 0; i < 16; i++) {
                static const char *const breaks[] = { " ", "\n> ", "\n>  ", "\n>                " };
                char text[2000];
                snprintf(text, sizeof(text),
                         MAIL "> WARNING: %s\n> 6.1.0 #1 Not tainted\n"
                              "> --------------------------------------------\n"
                              "> acmed/u5:0/429 is trying to acquire lock:\n"
                              "> ffffff808dc3c4e8%s%s(&dev->acme.mutex)%s,%sat:%sacme_panel_add+0x4c/0xa0\n>\n"
                              "> but task is already holding lock:\n"
                              "> ffffff808dc441e0 (&acme->commit_lock[i])%s, at: lock_acmes+0xb4/0x124\n>\n"
                              "> other info that might help us debug this:\n\nThanks\n",
                         headlines[i / 8], i % 8 == 5 ? "\n> " : "", i % 8 == 5 ? "" : " ",
                         i % 8 == 6 ? "" : "{+.+.}-{3:3}", breaks[i % 4], breaks[i / 4],
                         i % 8 == 6 ? "" : "{+.+.}-{3:3}");
                expect(text, "possible deadlock in acme_panel_add*");
        }
}

/* Who it was stands behind "pid:" or "Comm:", or in a sentence of a report that was shortened. */
static void test_tasks(void **state) {
        static const char *const texts[] = {
                "BUG: sleeping function called from invalid context at\nnet/core/acme.c:3161\n"
                "in_atomic(): 1, irqs_disabled(): 0, non_block: 0, pid:\n429, name: acme/u3:2\n"
                "1 lock held by acme/u3:2/429:\n #0: ffff91d4010d4748 (acme){+.+.}-{0:0}, at: acme_get+0x1/0x2\n",
                "BUG: sleeping function called from invalid context at net/core/acme.c:3161\n"
                "in_atomic(): 1, irqs_disabled(): 0, non_block: 0, pid: 429,\nname: acme/u3:2\n"
                "1 lock held by acme/u3:2/429:\n #0: ffff91d4010d4748 (acme){+.+.}-{0:0}, at: acme_get+0x1/0x2\n",
                "BUG: KASAN: use-after-free in acme_get+0x1/0x20\n"
                "Read of size 8 at addr ffff888006a49b08 by task acme/u3:2/429\n",
                "WARNING: possible recursive locking detected\n6.1.0 #1 Not tainted\n"
                "acme/u3:2/429 is trying to acquire lock:\n"
                "ffff888002ec2510 (&chan->lock){+.+.}-{3:3}, at: acme_get+0x1/0x2\n",
                "BUG: kernel NULL pointer dereference, address: 0000000000000008\nOops: 0000 [#1] SMP\n"
                "CPU: 1 UID: 0 PID: 429\nComm: acme/u3:2 Not tainted 6.1.0 #84\nRIP: 0010:acme_get+0x60/0x220\n"
                "Call Trace:\n acme_write+0x206/0x2e0\n",
                "BUG: kernel NULL pointer dereference, address: 0000000000000008\nOops: 0000 [#1] SMP\n"
                "CPU: 1 UID: 0 PID:\n429 Comm: acme/u3:2 Not tainted 6.1.0 #84\nRIP: 0010:acme_get+0x60/0x220\n"
                "Call Trace:\n acme_write+0x206/0x2e0\n",
        };

        (void) state;
        for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
                FILE *out = fopen(path, "w");
                assert_non_null(out);
                fprintf(out, MAIL "%s\nThanks\n", texts[i]);
                fclose(out);
                struct json_object *r = scan(1, "%s", path);
                assert_int_equal(n_findings(r), 1);
                struct json_object *task = json_object_array_get_idx(member(finding(r, 0), "tasks"), 0);
                if (!task || strcmp(text_of(task, "comm"), "acme/u3:2") != 0 ||
                    json_object_get_int(member(task, "pid")) != 429)
                        fail_msg("%zu: %s", i, json_object_to_json_string(task));
                json_object_put(r);
        }
}

/* Of a stack its writer left names alone, without its head, or functions alone that are parts of others. */
static void test_shortened(void **state) {
        (void) state;
        expect(MAIL "BUG: Bad page state in process acmed  pfn:2068b\n"
                    "page:e5e06160 refcount:0 mapcount:0 mapping:00000000 index:0x0\n"
                    "flags: 0x1000(reserved)\npage dumped because: PAGE_FLAGS_CHECK_AT_FREE flag(s) set\n"
                    "CPU: 9 PID: 154 Comm: acmed Not tainted 5.4.188 #1\nHardware name: Acme\n"
                    "Workqueue: events do_acme\nunwind_backtrace\nshow_stack\ndump_stack\nbad_page\n"
                    "free_unref_page\nacme_release\nacme_close\nworker_thread\nkthread\n\nSigned-off-by: A\n",
               "BUG: Bad page state in acme_release");
        expect(MAIL "BUG: sleeping function called from invalid context at a/acme.c:3\n"
                    "in_atomic(): 1, irqs_disabled(): 0, pid: 12, name: acmed\n"
                    "dump_stack_lvl\n__might_resched\nmutex_lock\nacme_get\nacme_irq\n\nSigned-off-by: A\n",
               "BUG: sleeping function called from invalid context in acme_get");
        expect(MAIL "INFO: task acmed:5995 blocked for more than 143 seconds.\nCall Trace:\n"
                    " inode_lock_nested include/linux/fs.h:1073 [inline]\n"
                    " __acme_begin fs/acme.c:2923 [inline]\n acme_begin fs/acme.c:2934 [inline]\n\nReported-by: B\n",
               "INFO: task hung in __acme_begin");
        expect(MAIL "BUG: KASAN: use-after-free in acme_get fs/acme.c:12 [inline]\n"
                    "Read of size 8 at addr ffff888006a49b08 by task acmed/12\nCall Trace:\n"
                    " acme_get fs/acme.c:12 [inline]\n acme_read fs/acme.c:29 [inline]\n\nReported-by: B\n",
               "KASAN: use-after-free Read in acme_get");
}

/* Init's panic is its oops, though the mail broke the line before what it says of that. */
static void test_init(void **state) {
        (void) state;
        static const char oops[] =
                "> [    3.514308] Unable to handle kernel paging request at virtual address dead000000000108\n"
                "> [    3.549414] Internal error: Oops: 96000044 [#1] PREEMPT SMP\n"
                "> [    3.561901] CPU: 0 PID: %d Comm: swapper/0 Not tainted 5.9.0 #1\n"
                "> [    3.579271] pc : acme_put+0x40/0x140\n> [    3.669539] Call trace:\n"
                "> [    3.674830]  acme_put+0x40/0x140\n> [    3.739072]  kernel_init+0x1c/0x120\n"
                "> [    3.743582]  ret_from_fork+0x10/0x30\n"
                "> [    3.750720] ---[ end trace a8d4100497387a2e ]---\n"
                "> [    3.756736] Kernel panic - not syncing: Attempted to kill init!\n%s"
                "> [    3.761392] SMP: stopping secondary CPUs\n";
        static const char title[] = "BUG: unable to handle kernel paging request in acme_put";
        char text[2000], both[200];

        for (unsigned i = 0; i < 4; i++) {
                const int n = snprintf(text, sizeof(text), MAIL);
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
                snprintf(text + n, sizeof(text) - (size_t) n, oops, i < 2 ? 1 : 77,
                         i % 2 ? "> exitcode=0x0000000b\n" : "");
#pragma GCC diagnostic pop
                snprintf(both, sizeof(both), "%s%s", title, i < 2 ? "" : "|kernel panic: Attempted to kill init!");
                expect(text, both);
        }
}

/* Who copies a report takes the line that begins the next one with it; where a message follows that line, one began. */
static void test_copied_too_far(void **state) {
        static const char head[] = MAIL
                "> [   21.423729] BUG: kernel NULL pointer dereference, address: 0000000000000038\n"
                "> [   21.459047] Oops: 0000 [#1] PREEMPT SMP NOPTI\n"
                "> [   21.464004] CPU: 0 PID: 1420 Comm: acme Not tainted 6.1.0 #1\n"
                "> [   21.464030] RIP: 0010:acme_bind+0x1d/0xe0 [acme]\n"
                "> [   21.464079] Call Trace:\n> [   21.464083]  <TASK>\n"
                "> [   21.464092]  acme_probe+0x259/0x1070 [acme]\n"
                "> [   21.464121]  local_pci_probe+0x3e/0x80\n> [   21.464169]  </TASK>\n"
                "> [   21.464200] ---[ end trace 0000000000000000 ]---\n"
                "> [   21.470019] ------------[ cut here ]------------\n",
                          foot[] = "> \n> regards,\n> Jo\n\n_______________________________________________\nlist\n";
        char text[sizeof(head) + 4 * sizeof(foot) + 200];

        (void) state;
        snprintf(text, sizeof(text), "%s%s", head, foot);
        expect(text, "BUG: unable to handle kernel NULL pointer dereference in acme_bind");
        snprintf(text, sizeof(text), "%s%s%s", head, "> [   21.470020] acme: the lock is not held\n", foot);
        expect(text, "BUG: unable to handle kernel NULL pointer dereference in acme_bind|WARNING in corrupted*");
        /* Without times. */
        expect(MAIL "WARNING: CPU: 2 PID: 338 at drivers/acme.c:1089 acme_get+0x1a/0x40 [acme]\n"
                    "CPU: 2 PID: 338 Comm: acme Not tainted 6.1.0 #1\nRIP: 0010:acme_get+0x1a/0x40 [acme]\n"
                    "Call Trace:\n acme_init+0x10/0x20 [acme]\n do_one_initcall+0x41/0x210\n"
                    "---[ end trace 5b8e539d0503ff82 ]---\n------------[ cut here ]------------\n\n"
                    "00:01.1 PCI bridge: Acme Raven PCIe GPP\n         Control: I/O+ Mem+ BusMaster+\n"
                    "         Status: Cap+ 66MHz- UDF-\n         Latency: 0\n         Bus: primary=00\n"
                    "         Kernel driver in use: pcieport\n\nRegards\nJo\n\nThe list is\nlist\nat\nexample\n"
                    "and\nits\nrules\nare\nthere\ntoo\nor\nnot\nso\n1\n2\n3\n4\n5\n6\n7\n8\n9\n",
               "WARNING in acme_get");
        /* A console's last line. */
        expect(head, "BUG: unable to handle kernel NULL pointer dereference in acme_bind|WARNING in corrupted*");
}

int main(void) {
        static const struct CMUnitTest tests[] = {
                cmocka_unit_test(test_several_blanks),
                cmocka_unit_test(test_frames_of_arm),
                cmocka_unit_test(test_frames_in_between),
                cmocka_unit_test(test_starved),
                cmocka_unit_test(test_two_logs),
                cmocka_unit_test(test_places_alone),
                cmocka_unit_test(test_locks),
                cmocka_unit_test(test_tasks),
                cmocka_unit_test(test_shortened),
                cmocka_unit_test(test_copied_too_far),
                cmocka_unit_test(test_init),
        };
        return cmocka_run_group_tests(tests, setup, NULL);
}
