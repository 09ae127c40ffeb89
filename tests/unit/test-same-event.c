/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the kernel says of one event is one finding, and what it says of another is another: panics and stalls. Lines
 * that are left of a report by themselves, and pieces of reports that somebody chose. */
#include <stdio.h>
#include <string.h>

#include "base/macros.h"
#include "cmocka_all.h"
#include "vmlife.h"

#define STACK                                                                                                   \
        "Call Trace:\n <TASK>\n acme_ioctl+0xb0/0x200\n __x64_sys_ioctl+0x90/0xd0\n do_syscall_64+0x5b/0x80\n " \
        "</TASK>\n"
#define WARNED(pid)                                                                                  \
        "------------[ cut here ]------------\nWARNING: CPU: 0 PID: " #pid                           \
        " at drivers/acme.c:12 acme_get+0x14/0x40\n"                                                 \
        "CPU: 0 PID: " #pid " Comm: acme Not tainted 6.1.0 #1\nRIP: 0010:acme_get+0x14/0x40\n" STACK \
        "---[ end trace 0000000000000000 ]---\n"
#define DIED(pid)                                                                                        \
        "BUG: kernel NULL pointer dereference, address: 0000000000000010\nOops: 0000 [#1] PREEMPT SMP\n" \
        "CPU: 0 PID: " #pid " Comm: acme Not tainted 6.1.0 #1\nRIP: 0010:acme_get+0x14/0x40\n" STACK     \
        "---[ end trace 0000000000000000 ]---\n"
#define INIT_KILLED "Kernel panic - not syncing: Attempted to kill init! exitcode=0x0000000b\n"
#define IDLE_KILLED "Kernel panic - not syncing: Attempted to kill the idle task!\n"
#define STALLED                                                                                       \
        "rcu: INFO: rcu_preempt detected stalls on CPUs/tasks:\n"                                     \
        "rcu: \t7-...0: (14 ticks this GP) idle=3c14/1/0x4000000000000000 softirq=936/941 fqs=4192\n" \
        "rcu: \t(detected by 5, t=6502 jiffies, g=-383, q=816 ncpus=8)\nSending NMI from CPU 5 to CPUs 7:\n"
#define ANSWER "CPU: 7 PID: 99 Comm: acme Not tainted 6.1.0 #1\nRIP: 0010:acme_spin+0x14/0x40\n" STACK
#define SOFT "watchdog: BUG: soft lockup - CPU#7 stuck for 26s! [acme:99]\n"
#define HARD "watchdog: Watchdog detected hard LOCKUP on cpu 7\n"
/* What waits for a work's or a timer's end pretends to take its lock. */
#define WAITED(name, at)                                                                               \
        "WARNING: possible circular locking dependency detected\n6.12.0 #1 Not tainted\n"              \
        "------------------------------------------------------\n"                                     \
        "acme/51 is trying to acquire lock:\n"                                                         \
        "ffff88800080e548 (" name "{+.+.}-{0:0}, at: " at "+0x4a/0xe0\n\n"                             \
        "but task is already holding lock:\n"                                                          \
        "ffffffffa00044a8 (acme_mutex){+.+.}-{3:3}, at: acme_stop+0x4f/0x70 [acme]\n\n"                \
        "which lock already depends on the new lock.\n\n"                                              \
        "the existing dependency chain (in reverse order) is:\n\n"                                     \
        "-> #1 (acme_mutex){+.+.}-{3:3}:\n       __mutex_lock+0xf5/0xed0\n"                            \
        "       acme_work+0x12/0x20 [acme]\n       process_one_work+0x4cb/0xbe0\n\n"                   \
        "-> #0 (" name "{+.+.}-{0:0}:\n       __lock_acquire+0x1648/0x2750\n"                          \
        "       lock_acquire+0xa6/0x2a0\n       " at "+0x63/0xe0\n       acme_stop+0x57/0x70 [acme]\n" \
        "       vfs_write+0x12f/0x790\n\nother info that might help us debug this:\n\n"                \
        "stack backtrace:\nCPU: 1 UID: 0 PID: 51 Comm: acme Not tainted 6.12.0 #1\nCall Trace:\n"      \
        " <TASK>\n dump_stack_lvl+0x60/0x90\n " at "+0x63/0xe0\n acme_stop+0x57/0x70 [acme]\n"         \
        " vfs_write+0x12f/0x790\n </TASK>\n"
#define DECODED(lock, at)                                                                                  \
        "WARNING: possible circular locking dependency detected\n6.12.0 #1 Not tainted\n"                  \
        "------------------------------------------------------\n"                                         \
        "acme/51 is trying to acquire lock:\n"                                                             \
        "ffff88800080e548 (" lock "){+.+.}-{0:0}, at: might_alloc include/linux/sched/mm.h:318 [inline]\n" \
        "ffff88800080e548 (" lock "){+.+.}-{0:0}, at: acme_inner drivers/acme/main.c:3 [inline]\n"         \
        "ffff88800080e548 (" lock "){+.+.}-{0:0}, at: " at "\n\n"                                          \
        "but task is already holding lock:\n"                                                              \
        "ffffffffa00044a8 (acme_mutex){+.+.}-{3:3}, at: acme_hold drivers/acme/main.c:9 [inline]\n"        \
        "ffffffffa00044a8 (acme_mutex){+.+.}-{3:3}, at: acme_stop+0x4f/0x70 drivers/acme/main.c:20\n\n"    \
        "which lock already depends on the new lock.\n\n"                                                  \
        "the existing dependency chain (in reverse order) is:\n\n"                                         \
        "-> #1 (acme_mutex){+.+.}-{3:3}:\n       __mutex_lock+0xf5/0xed0\n"                                \
        "       acme_work+0x12/0x20 drivers/acme/main.c:7\n\n"                                             \
        "-> #0 (" lock "){+.+.}-{0:0}:\n       lock_acquire+0xa6/0x2a0\n"                                  \
        "       acme_other+0x57/0x70 drivers/acme/main.c:8\n\nstack backtrace:\n"                          \
        "CPU: 1 UID: 0 PID: 51 Comm: acme Not tainted 6.12.0 #1\nCall Trace:\n"                            \
        " <TASK>\n dump_stack_lvl+0x60/0x90\n acme_other+0x57/0x70 drivers/acme/main.c:8\n"                \
        " vfs_write+0x12f/0x790\n </TASK>\n"
/* A helper takes a lock for its caller. */
#define HELD(at, holder)                                                                              \
        "WARNING: possible circular locking dependency detected\n6.12.0 #1 Not tainted\n"             \
        "------------------------------------------------------\n"                                    \
        "acme/51 is trying to acquire lock:\n"                                                        \
        "ffff88800080e548 (&a->lock){+.+.}-{3:3}, at: " at "\n\nbut task is already holding lock:\n"  \
        "ffffffffa00044a8 ((work_completion)(&a->work)){+.+.}-{0:0}, at: " holder "\n\n"              \
        "which lock already depends on the new lock.\n\nstack backtrace:\n"                           \
        "CPU: 1 UID: 0 PID: 51 Comm: acme Not tainted 6.12.0 #1\nCall Trace:\n"                       \
        " <TASK>\n dump_stack_lvl+0x60/0x90\n __mutex_lock+0x63/0xe0\n " at "\n acme_put+0x57/0x70\n" \
        " process_one_work+0x4cb/0xbe0\n </TASK>\n"
#define FAILED                                                                                          \
        "acme: page allocation failure: order:4, mode:0x40dc0(GFP_KERNEL|__GFP_COMP), nodemask=(null)," \
        "cpuset=/,mems_allowed=0\n"
#define LATER "\f" /* ten seconds */

static const char warning[] = "WARNING in acme_get|",
                  oops[] = "BUG: unable to handle kernel NULL pointer dereference in acme_get|",
                  init[] = "kernel panic: Attempted to kill init!|",
                  idle[] = "kernel panic: Attempted to kill the idle task!|",
                  stall[] = "INFO: rcu detected stall in acme_ioctl|",
                  lost[] = "INFO: rcu detected stall in corrupted|", soft[] = "BUG: soft lockup in acme_ioctl|",
                  waits[] = "possible deadlock in acme_stop|", no_soft[] = "BUG: soft lockup in corrupted|",
                  hard[] = "BUG: hard lockup in acme_ioctl|";

static const struct {
        const char *log, *titles[2];
} events[] = {
        /* An oops kills its own task; a warning kills nobody. */
        { DIED(1) INIT_KILLED, { oops, "" } },
        { DIED(0) IDLE_KILLED, { oops, "" } },
        { DIED(99) INIT_KILLED, { oops, init } },
        { WARNED(1) INIT_KILLED, { warning, init } },
        { WARNED(99) INIT_KILLED, { warning, init } },
        { WARNED(0) IDLE_KILLED, { warning, idle } },
        /* Two detectors tell of one hang at once, or of two. */
        { STALLED "NMI backtrace for cpu 7\n" ANSWER, { stall, "" } },
        { STALLED SOFT ANSWER, { stall, "" } },
        { STALLED LATER SOFT ANSWER, { lost, soft } },
        { STALLED LATER HARD ANSWER, { lost, hard } },
        { SOFT LATER HARD ANSWER, { no_soft, hard } },
        /* Who waits is to blame for what waits on his behalf, RCU and queues for the locks that are their own. */
        { WAITED("(wq_completion)acme)", "touch_wq_lockdep_map"), { waits, "" } },
        { WAITED("(work_completion)(&a->work))", "__flush_work"), { waits, "" } },
        { WAITED("(work_completion)(&a->work))", "start_flush_work"), { waits, "" } },
        { WAITED("(&a->timer))", "timer_delete_sync"), { waits, "" } },
        { WAITED("&pool->lock)", "__queue_work"), { "possible deadlock in __queue_work|", "" } },
        { HELD("refcount_dec_and_mutex_lock+0x56/0xf0", "process_one_work+0x4cb/0xbe0"),
          { "possible deadlock in acme_put|", "" } },
        { HELD("refcount_dec_and_mutex_lock+0x56/0xf0", "acme_start+0x4cb/0xbe0 [acme]"),
          { "possible deadlock in acme_start|", "" } },
        /* A decoder repeats a place for each function that is part of another, before that one. */
        { DECODED("&a->lock", "acme_get+0x2d/0x60 drivers/acme/main.c:12"), { "possible deadlock in acme_get|", "" } },
        { DECODED("fs_reclaim", "kmem_cache_alloc_noprof+0x2d/0x60 mm/slub.c:12"),
          { "possible deadlock in acme_stop|", "" } },
        { "WARNING: inconsistent lock state\n6.12.0 #1 Not tainted\n--------------------------------\n"
          "inconsistent {SOFTIRQ-ON-W} -> {IN-SOFTIRQ-W} usage.\nacme/0 [HC0[0]:SC1[1]:HE1:SE0] takes:\n"
          "ffffffff87b82078 (acme_lock){+.?.}-{2:2}, at: spin_lock include/linux/spinlock.h:349 [inline]\n"
          "ffffffff87b82078 (acme_lock){+.?.}-{2:2}, at: acme_find+0x1c/0x130 drivers/acme/main.c:5\n"
          "{SOFTIRQ-ON-W} state was registered at:\n  lock_acquire+0x1dc/0x228\n  acme_add+0xd0/0xf0\n\n"
          "stack backtrace:\nCPU: 1 PID: 0 Comm: acme Not tainted 6.12.0 #1\nCall Trace:\n <IRQ>\n"
          " dump_stack_lvl+0x60/0x90\n acme_dump+0x5/0x20\n acme_tick+0x5/0x20\n </IRQ>\n",
          { "inconsistent lock state in acme_find|", "" } },
        { "WARNING: bad unlock balance detected!\n6.12.0 #1 Not tainted\n-------------------------------------\n"
          "acme/51 is trying to release lock (&a->lock) at:\n"
          "[<ffff800080a63c54>] acme_unlock include/acme.h:217 [inline]\n"
          "[<ffff800080a63c54>] acme_fill+0x328/0x3d8 drivers/acme/main.c:7\n"
          "but there are no more locks to release!\n\nstack backtrace:\n"
          "CPU: 1 PID: 51 Comm: acme Not tainted 6.12.0 #1\nCall Trace:\n dump_stack_lvl+0x60/0x90\n"
          " acme_write+0x1c/0x70\n",
          { "WARNING: bad unlock balance in acme_fill|", "" } },
        /* Other machines' program counters: sparc, m68k. */
        { "Unable to handle kernel NULL pointer dereference\nacme(99): Oops [#1]\n"
          "CPU: 0 PID: 99 Comm: acme Not tainted 6.1.0 #1\nTPC: <acme_get+0x14/0x40>\nRPC: <acme_ioctl+0xb0/0x200>\n"
          "Call Trace:\n[<000000000044a1a0>] acme_ioctl+0xb0/0x200\n[<000000000052a1c0>] sys_ioctl+0x90/0xd0\n",
          { oops, "" } },
        { "Unable to handle kernel access at virtual address 12345678\nOops: 00000000\nModules linked in:\n"
          "PC: [<0012a1b4>] acme_get+0x14/0x40\nSR: 2000  SP: 00c5fe60  a2: 00c52a60\n"
          "Process acme (pid: 99, task=00c52a60)\nCall Trace:\n [<0012a1a0>] acme_ioctl+0xb0/0x200\n",
          { "BUG: unable to handle kernel memory access in acme_get|", "" } },
        /* A thread that was never started waits for itself. */
        { "INFO: task io_uring-sq:6854 blocked for more than 143 seconds.\nCall Trace:\n __schedule+0xea9/0x2230\n"
          " schedule+0xd0/0x2a0\n schedule_preempt_disabled+0xf/0x20\n kthread+0x2ac/0x4a0\n ret_from_fork+0x1f/0x30\n",
          { "INFO: task hung in kthread|", "" } },
        /* A headline that nobody copied, above lines that only its detector prints. */
        { "\"echo 0 > /proc/sys/kernel/hung_task_timeout_secs\" disables this message.\n"
          "acme   D    0  6178      2 0x80000000\nCall Trace:\n ? __schedule+0x290/0x8a0\n schedule+0x2f/0x90\n"
          " acme_request+0x1b7/0xb10\n ksys_write+0x90/0xd0\n do_syscall_64+0x5b/0x80\n",
          { "INFO: task hung in acme_request|", "" } },
        { "inconsistent {IN-HARDIRQ-W} -> {HARDIRQ-ON-W} usage.\nacme/1 [HC0[0]:SC0[0]:HE1:SE1] takes:\n"
          "ffff888012345678 (&rq->lock){?.-.}, at: acme_online+0x78/0xe4\n{IN-HARDIRQ-W} state was registered at:\n"
          "  lock_acquire+0x1dc/0x228\n  _raw_spin_lock+0x40/0x54\n  scheduler_tick+0x50/0xfc\n  "
          "tick_periodic+0xd8/0xf0\n",
          { "inconsistent lock state in acme_online|", "" } },
        { "rcu: \t68-....: (14422 ticks this GP) idle=6ce/1/0x4000000000000002\n"
          "\tsoftirq=592/592 fqs=7500 (t=15004 jiffies g=10677 q=20019)\nCall Trace:\n rcu_sched_clock_irq+0x70/0x180\n"
          " update_process_times+0x68/0xb0\n asm_sysvec_apic_timer_interrupt+0x16/0x20\n acme_ioctl+0xb0/0x200\n"
          " __x64_sys_ioctl+0x90/0xd0\n do_syscall_64+0x5b/0x80\n",
          { stall, "" } },
        /* Who only tells is not to blame, though nobody but a work's loop comes behind. */
        { "------------[ cut here ]------------\nrefcount_t: underflow; use-after-free.\n"
          "WARNING: CPU: 1 PID: 24 at lib/refcount.c:28 refcount_warn_saturate+0x11a/0x1d0\n"
          "CPU: 1 PID: 24 Comm: kworker/1:0 Not tainted 6.1.0 #1\nRIP: 0010:refcount_warn_saturate+0x11a/0x1d0\n"
          "Call Trace:\n <TASK>\n process_scheduled_works+0xae1/0x17b0\n worker_thread+0x8a0/0xda0\n "
          "kthread+0x711/0x8a0\n"
          " ret_from_fork+0x3fc/0x770\n </TASK>\n",
          { "WARNING: refcount bug in process_scheduled_works|", "" } },
        /* Where the unwinder failed, what lay on the stack is all that there is. */
        { "BUG: unable to handle page fault for address: 0000000100000000\n"
          "#PF: supervisor instruction fetch in kernel mode\n#PF: error_code(0x0010) - not-present page\n"
          "Oops: 0010 [#1] SMP PTI\nCPU: 0 PID: 488 Comm: acme Not tainted 5.9.0 #1\nRIP: 0010:0x100000000\n"
          "Code: Bad RIP value.\nCall Trace:\n ? acme_giveback+0xbf/0x120 [acme]\n ? irq_thread_fn+0x1c/0x60\n"
          " ? kthread+0xf9/0x130\n ? ret_from_fork+0x22/0x30\n---[ end trace 0123456789abcdef ]---\n",
          { "BUG: unable to handle kernel paging request in acme_giveback|", "" } },
        { "------------[ cut here ]------------\nWARNING: CPU: 0 PID: 99 at drivers/acme.c:12 0xffffffffc0a01014\n"
          "CPU: 0 PID: 99 Comm: acme Not tainted 6.1.0 #1\nRIP: 0010:0xffffffffc0a01014\nCall Trace:\n <TASK>\n"
          " ? acme_work+0x14/0x40 [acme]\n ? process_one_work+0x193/0x350\n ? kthread+0xfc/0x230\n </TASK>\n"
          "---[ end trace 0000000000000000 ]---\n",
          { "WARNING in acme_work|", "" } },
        /* Lines of one report have several levels, by which logs are filtered: its headline or its stack may be gone.
         */
        { "RIP: 0010:acme_spin+0x11e/0x4f0 [acme]\nCall Trace:\n <IRQ>\n ? watchdog_timer_fn+0x1b8/0x220\n"
          " ? __hrtimer_run_queues+0x10f/0x2b0\n </IRQ>\n <TASK>\n acme_poll+0x14/0x40 [acme]\n"
          " acme_ioctl+0x14/0x40 [acme]\n __x64_sys_ioctl+0x90/0xd0\n do_syscall_64+0x5b/0x80\n </TASK>\n",
          { "BUG: soft lockup in acme_ioctl|", "" } },
        { "Call Trace:\n <IRQ>\n ? watchdog_timer_fn+0x1b8/0x220\n </IRQ>\n <TASK>\n"
          " acme_ioctl+0x14/0x40 [acme]\n __x64_sys_ioctl+0x90/0xd0\n do_syscall_64+0x5b/0x80\n </TASK>\n",
          { "BUG: soft lockup in acme_ioctl|", "" } },
        { "RIP: 0010:acme_spin+0x11e/0x4f0 [acme]\nCall Trace:\n <IRQ>\n acme_timer+0x14/0x40 [acme]\n"
          " ? watchdog_timer_fn+0x1b8/0x220\n </IRQ>\n <TASK>\n acme_poll+0x14/0x40 [acme]\n"
          " do_syscall_64+0x5b/0x80\n </TASK>\n",
          { "", "" } },
        { FAILED "CPU: 2 PID: 1207 Comm: acme Not tainted 6.1.0 #1\nHardware name: x\nMem-Info:\n",
          { "page allocation failure in corrupted|", "" } },
        { FAILED "CPU: 2 PID: 1207 Comm: acme Not tainted 6.1.0 #1\n",
          { "page allocation failure in corrupted|", "" } },
        { FAILED "Mem-Info:\nactive_anon:12345 inactive_anon:12 isolated_anon:0\n",
          { "page allocation failure in corrupted|", "" } },
        { FAILED "CPU: 2 PID: 1208 Comm: acmed Not tainted 6.1.0 #1\n", { "", "" } },
        { FAILED, { "", "" } },
        /* Of a filtered log one line may be left. */
        { "ODEBUG: free active (active state 0) object: ffff888012345678 object type: work_struct hint: f+0x0/0x10\n",
          { "WARNING: ODEBUG bug in corrupted|", "" } },
};

static void say(FILE *out, const char *log, unsigned seconds) {
        for (unsigned n = 0; *log;) {
                const int length = (int) (strchrnul(log, '\n') - log);
                if (*log == *LATER) {
                        seconds += 10;
                        log++;
                        continue;
                }
                fprintf(out, "[%5u.%06u] %.*s\n", seconds, n++, length, log);
                log += length + 1;
        }
}

static void test_events(void **state) {
        (void) state;
        for (size_t i = 0; i < ARRAY_SIZE(events); i++) {
                char path[600], titles[400] = "", expected[400];
                snprintf(path, sizeof(path), "%s/log", new_folder());
                FILE *out = fopen(path, "w");
                assert_non_null(out);
                fputs("[    0.000000] Linux version 6.1.0 (x@y) (gcc) #1 SMP\n", out);
                say(out, events[i].log, 100);
                fputs("[  200.000000] usb 1-1: new device\n", out);
                fclose(out);

                struct json_object *r = scan(*events[i].titles[0] != '\0', "%s", path);
                for (size_t k = 0; k < n_findings(r); k++)
                        snprintf(titles + strlen(titles), sizeof(titles) - strlen(titles), "%s|",
                                 text_of(finding(r, k), "title"));
                snprintf(expected, sizeof(expected), "%s%s", events[i].titles[0], events[i].titles[1]);
                if (strcmp(titles, expected) != 0)
                        fail_msg("%zu: %s, not %s", i, titles, expected);
                json_object_put(r);
        }
}

/* A monitor prints its lines without a time; a mail's mark for a quotation stands before them as before those that have
 * one. */
static void test_monitor(void **state) {
        static const char timed[] =
                "[   74.702705] BUG: Unable to handle kernel data access on read at 0xc00000005e980000\n",
                          bare[] = "cpu 0xd: Vector: 300 (Data Access) at [c000000015db7060]\n"
                                   "    pc: c0000000007bffb8: acme_mark+0x198/0x5a0\n"
                                   "    lr: c0000000007bfeec: acme_mark+0xcc/0x5a0\n"
                                   "    pid   = 5167, comm = mount\n"
                                   "[c000000015db7380] c000000000782708 acme_free+0x378/0x410\n"
                                   "[c000000015db7400] c000000000813f14 acme_replay+0x1794/0x2000\n";
        static const char *const marks[] = { "", "> ", "> > ", ">> " };

        (void) state;
        for (size_t i = 0; i < ARRAY_SIZE(marks); i++) {
                char path[600];
                snprintf(path, sizeof(path), "%s/log", new_folder());
                FILE *out = fopen(path, "w");
                assert_non_null(out);
                for (unsigned n = 0; n < 4; n++)
                        fprintf(out, "%s[   70.00000%u] EXT4-fs (sda1): mounted\n", marks[i], n);
                fprintf(out, "%s%s", marks[i], timed);
                for (const char *s = bare; *s; s += strcspn(s, "\n") + 1)
                        fprintf(out, "%s%.*s\n", marks[i], (int) strcspn(s, "\n"), s);
                fclose(out);
                struct json_object *r = scan(1, "%s", path);
                assert_int_equal(n_findings(r), 1);
                assert_string_equal(text_of(finding(r, 0), "title"),
                                    "BUG: unable to handle kernel paging request in acme_mark");
                assert_string_equal(text_of(json_object_array_get_idx(member(finding(r, 0), "tasks"), 0), "comm"),
                                    "mount");
                json_object_put(r);
        }
}

/* What the memory manager says in one line has no stack, so the next one is not its own. */
static void test_one_line(void **state) {
        static const char *const lines[] = { "BUG: Bad rss-counter state mm:00000000abcdef01 type:MM_ANONPAGES val:1\n",
                                             "BUG: non-zero pgtables_bytes on freeing mm: 4096\n",
                                             "BUG: MAX_LOCKDEP_CHAINS too low!\n" };

        (void) state;
        for (size_t i = 0; i < ARRAY_SIZE(lines); i++) {
                char path[600];
                snprintf(path, sizeof(path), "%s/log", new_folder());
                FILE *out = fopen(path, "w");
                assert_non_null(out);
                fputs("[    0.000000] Linux version 6.1.0 (x@y) (gcc) #1 SMP\n", out);
                say(out, lines[i], 100);
                say(out, DIED(99), 102);
                fclose(out);
                struct json_object *r = scan(1, "%s", path);
                assert_int_equal(n_findings(r), 2);
                assert_int_equal(json_object_array_length(member(finding(r, 0), "corrupted")), 0);
                assert_int_equal(json_object_array_length(member(finding(r, 1), "corrupted")), 0);
                json_object_put(r);
        }
}

/* The author took the middle of a trace, and drew a line below it: nothing of others came within it. */
static void test_chosen(void **state) {
        static const char log[] = "kernel BUG at fs/acme.c:5116!\ninvalid opcode: 0000 [#1] PREEMPT SMP PTI\n"
                                  "CPU: 3 PID: 673 Comm: acme Not tainted 6.5.0 #279\nRIP: 0010:acme_new+0xc5/0x430\n"
                                  "Call Trace:\n <TASK>\n acme_use+0x203/0x2f0\n acme_map+0x16/0x80\n";
        static const char *const ends[] = { "===============================\n\nIt goes away with the patch below.\n",
                                            "[...]\n===============================\n\nWell.\n" };

        (void) state;
        for (size_t i = 0; i < ARRAY_SIZE(ends); i++) {
                char path[600], text[1000];
                snprintf(path, sizeof(path), "%s/log", new_folder());
                snprintf(text, sizeof(text), "%s%s", log, ends[i]);
                write_file(path, text, strlen(text));
                struct json_object *r = scan(1, "%s", path);
                assert_int_equal(n_findings(r), 1);
                assert_string_equal(text_of(finding(r, 0), "title"), "kernel BUG in acme_new");
                assert_int_equal(json_object_array_length(member(finding(r, 0), "corrupted")), 0);
                json_object_put(r);
        }
}

/* A mail breaks the headline behind any of its last words, and the task's flags are no stack. */
static void test_wrapped(void **state) {
        static const char *const headlines[] = { "more than\n120 seconds.", "more than 120\nseconds.",
                                                 "more than 120 seconds." };

        (void) state;
        for (size_t i = 0; i < ARRAY_SIZE(headlines); i++) {
                static const char tag[] = "Oct 12 18:12:16 host kernel:";
                char path[600], text[1000];
                snprintf(path, sizeof(path), "%s/log", new_folder());
                snprintf(text, sizeof(text),
                         "%s INFO: task acme:5239 blocked for %s\n%s acme      D ffff99102c5ae300     0  5239   5236\n"
                         "0x00000080\n%s Call Trace:\n%s  [<ffffffffb3389179>] schedule+0x29/0x70\n"
                         "%s  [<ffffffffb31abf45>] acme_suspend+0xd5/0x1c0\n%s  [<ffffffffb31ac165>] "
                         "vfs_write+0x65/0xd0\n",
                         tag, headlines[i], tag, tag, tag, tag, tag);
                write_file(path, text, strlen(text));
                struct json_object *r = scan(1, "%s", path);
                assert_int_equal(n_findings(r), 1);
                assert_string_equal(text_of(finding(r, 0), "title"), "INFO: task hung in acme_suspend");
                json_object_put(r);
        }
}

/* What collectors save beside a log with the kernel's times: the same by another tool, or a part of it. */
static const char *const again[] = {
        "s/^\\[[^]]*\\] //",                                                       /* a report without its log */
        "s/^\\[[^]]*\\]/Oct 12 18:12:16 lab-7 kernel:/",                           /* syslog, the journal's text */
        "s/^\\[[^]]*\\]/[Thu Oct 12 18:12:16 2023]/",                              /* dmesg -T */
        "s/^/2023-10-12T18:12:16.123456 /",                                        /* a logger of a serial console */
        "s/^\\[[^]]*\\] //; s/ Comm: acme Not tainted/ Comm:\\nacme Not tainted/", /* a mail breaks lines */
};
/* What is another event for all that is alike. */
static const char *const other[] = {
        "s/PID: 99 /PID: 98 /; s/^\\[[^]]*\\] //",
        "s/^\\[  1/[  3/",
        "s/6\\.1\\.0/6.1.9/; s/^\\[[^]]*\\] //",
        "s/acme_ioctl+0xb0/acme_ioctl+0xb4/; s/^\\[[^]]*\\] //",
};

static void expect_together(const char *log, const char *sed, size_t findings, size_t boots) {
        char *folder = strdup(new_folder());

        shell("cp %s %s/a.log && sed '%s' %s | grep -v 'Linux version\\|usb 1-1' >%s/b.txt", log, folder, sed, log,
              folder);
        struct json_object *r = scan(1, "%s", folder);
        if (n_findings(r) != findings || json_object_array_length(member(r, "boots")) != boots)
                fail_msg("%s: %zu findings in %zu boots", sed, n_findings(r),
                         json_object_array_length(member(r, "boots")));
        for (size_t i = 0; i < n_findings(r); i++)
                assert_int_equal(json_object_get_int(member(finding(r, i), "count")), 1);
        json_object_put(r);
        free(folder);
}

static void test_saved_twice(void **state) {
        (void) state;
        char path[600];
        snprintf(path, sizeof(path), "%s/log", new_folder());
        FILE *out = fopen(path, "w");
        assert_non_null(out);
        fputs("[    0.000000] Linux version 6.1.0 (x@y) (gcc) #1 SMP\n", out);
        say(out, WARNED(99), 100);
        say(out, DIED(99), 120);
        fputs("[  200.000000] usb 1-1: new device\n", out);
        fclose(out);
        for (size_t i = 0; i < ARRAY_SIZE(again); i++)
                expect_together(path, again[i], 2, 1);
        for (size_t i = 0; i < ARRAY_SIZE(other); i++)
                expect_together(path, other[i], 4, 2);
}

/* What comes seconds after a report without an end is of another bug: 36 s lay between two stalls of a machine that had
 * no stack to show, 17 between a fault and an SError. */
static void test_late(void **state) {
        static const char *const logs[][2] = {
                { "[  100.000000][    C0] rcu: INFO: rcu_sched detected stalls on CPUs/tasks:\n"
                  "[  100.000000][    C0] rcu: \t(detected by 0, t=5252 jiffies, g=628793, q=10)\n"
                  "[  100.000000][    C0] rcu: RCU grace-period kthread stack dump:\n"
                  "[  100.000000][    C0] rcu_sched       R  running task        0    10      2 0x00000000\n"
                  "[  100.000000][    C0] Backtrace:\n"
                  "[  117.000000][    C0] rcu: INFO: rcu_sched self-detected stall on CPU\n"
                  "[  117.000000][    C0] rcu: \t0-....: (1 GPs behind) idle=00e/1/0x2 softirq=4798/4799 fqs=13\n"
                  "[  117.000000][    C0] \t(t=5250 jiffies g=628797 q=7)\n"
                  "[  117.000000][    C0] CPU: 0 PID: 99 Comm: acme Not tainted 6.1.0 #1\n"
                  "[  117.000000][    C0] RIP: 0010:acme_get+0x14/0x40\n"
                  "[  117.000000][    C0] Call Trace:\n[  117.000000][    C0]  acme_ioctl+0xb0/0x200\n"
                  "[  117.000000][    C0]  __x64_sys_ioctl+0x90/0xd0\n[  117.000000][    C0]  "
                  "do_syscall_64+0x5b/0x80\n",
                  "INFO: rcu detected stall in corrupted\nINFO: rcu detected stall in acme_ioctl\n" },
                { "[    8.988237] Unhandled fault: synchronous external abort (0x96000210) at 0xffffff8009539004\n"
                  "[    9.026698] PC is at acme_read32+0x30/0xb0\n"
                  "[   25.909644] SError Interrupt on CPU2, code 0xbf000002 -- SError\n"
                  "[   25.909647] CPU: 2 PID: 1676 Comm: acme Not tainted 5.10.70 #2\n"
                  "[   25.909652] pc : acme_write+0x6c/0x78\n[   25.909654] lr : acme_write+0x68/0x78\n"
                  "[   25.909706] Kernel panic - not syncing: Asynchronous SError Interrupt\n"
                  "[   25.909708] CPU: 2 PID: 1676 Comm: acme Not tainted 5.10.70 #2\n[   25.909711] Call trace:\n"
                  "[   25.909715]  panic+0x128/0x308\n[   25.909720]  do_serror+0x28/0x60\n"
                  "[   25.909722]  acme_write+0x6c/0x78\n[   25.909738]  el0_sync+0x148/0x180\n",
                  "kernel panic: Asynchronous SError Interrupt\n" },
        };

        (void) state;
        for (size_t i = 0; i < ARRAY_SIZE(logs); i++) {
                char path[600], titles[600] = "";

                snprintf(path, sizeof(path), "%s/log", new_folder());
                write_file(path, logs[i][0], strlen(logs[i][0]));
                struct json_object *r = scan(1, "%s", path);
                for (size_t k = 0; k < n_findings(r); k++)
                        snprintf(titles + strlen(titles), sizeof(titles) - strlen(titles), "%s\n",
                                 text_of(finding(r, k), "title"));
                assert_string_equal(titles, logs[i][1]);
                json_object_put(r);
        }
}

int main(void) {
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(test_late),        cmocka_unit_test(test_events), cmocka_unit_test(test_monitor),
                cmocka_unit_test(test_one_line),    cmocka_unit_test(test_chosen), cmocka_unit_test(test_wrapped),
                cmocka_unit_test(test_saved_twice),
        };
        return cmocka_run_group_tests(tests, NULL, NULL);
}
