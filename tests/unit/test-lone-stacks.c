/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Stacks below no headline of a report: they are said, unless what the kernel prints them for is known. */
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "cmocka_all.h"
#include "vmlife.h"

#define FRAMES " acme_flip+0x1d2/0x1f0 [acme]\n vfs_write+0x161/0x7d0\n ksys_write+0x61/0xd0\n"
#define STACK "Call Trace:\n <TASK>\n" FRAMES " </TASK>\n"

/* A log of these lines, with that before each, in a file of that name. */
static struct json_object *scan_lines(int status, const char *mark, bool timed, const char *lines, char *err,
                                      size_t n) {
        char path[600], command[700];
        snprintf(path, sizeof(path), "%s/log", new_folder());
        FILE *out = fopen(path, "w");
        unsigned at = 0;

        assert_non_null(out);
        for (const char *s = lines; *s;) {
                const int line = (int) (strchrnul(s, '\n') - s);
                fputs(mark, out);
                if (timed)
                        fprintf(out, "[   12.%06u] ", ++at);
                fprintf(out, "%.*s\n", line, s);
                s += line + (s[line] == '\n');
        }
        fclose(out);
        snprintf(command, sizeof(command), "scan --format json %s", path);
        struct run r = vmlife("%s", command);
        snprintf(err, n, "%s", r.err);
        run_done(&r);
        return scan(status, "%s", path);
}

static int64_t count_of(struct json_object *r, const char *key) {
        struct json_object *v;
        return json_object_object_get_ex(json_object_array_get_idx(member(r, "sources"), 0), key, &v) ?
                       json_object_get_int64(v) :
                       0;
}

static bool is_doubted(struct json_object *r) {
        struct json_object *boots = member(r, "boots"), *reasons;

        if (!json_object_array_length(boots) ||
            !json_object_object_get_ex(json_object_array_get_idx(boots, 0), "reasons", &reasons))
                return false;
        for (size_t i = 0; i < json_object_array_length(reasons); i++)
                if (strstr(json_object_get_string(json_object_array_get_idx(reasons, i)), "below no headline"))
                        return true;
        return false;
}

static const char some[] = "usb 1-1: new device\nusb 1-1: Product: x\n";

static void test_said(void **state) {
        static const char *const stacks[] = {
                STACK,
                "Call trace:\n" FRAMES,
                "Workqueue: events acme_work\n" STACK,
                "task:acmed           state:D stack:    0 pid: 1639 ppid:  1604 flags:0x00000001\nCall Trace:\n"
                " __schedule+0x296/0x650\n schedule+0x62/0x108\n" FRAMES,
                "CPU: 1 PID: 25 Comm: acmed Not tainted 6.1.0 #84\n" STACK,
                " <TASK>\n" FRAMES " </TASK>\n",
                FRAMES " entry_SYSCALL_64_after_hwframe+0x44/0xa9\n",
                FRAMES " entry_SYSENTER_compat_after_hwframe+0x4d/0x5c\n",
                FRAMES " entry_FREDK+0x1/0x2\n",
                FRAMES " asm_common_interrupt+0x27/0x40\n",
                FRAMES " asm_sysvec_apic_timer_interrupt+0x16/0x20\n",
                FRAMES " secondary_startup_64_no_verify+0x16b/0x16b\n",
                FRAMES " system_call_vectored_common+0x15c/0x2ec\n",
                FRAMES " ret_from_exception+0x0/0x10\n",
                FRAMES " ret_from_fork+0x1f/0x30\n",
        };
        enum { HEADS = 5 }; /* so many have one: without it, and without a time, nothing shows that it is a log */
        (void) state;

        for (size_t i = 0; i < sizeof(stacks) / sizeof(stacks[0]) * 4; i++) {
                const bool read = i / 4 < HEADS || i & 2;
                char lines[1000], err[1000];
                snprintf(lines, sizeof(lines), "%s%s%s", some, stacks[i / 4], some);
                struct json_object *r = scan_lines(read ? 0 : 2, i & 1 ? "> " : "", i & 2, lines, err, sizeof(err));
                assert_int_equal(n_findings(r), 0);
                if (read && (count_of(r, "lone_stacks") != 1 || !is_doubted(r) ||
                             !strstr(err, "1 stack stands below no headline")))
                        fail_msg("%zu of %s", i % 2, stacks[i / 2]);
                assert_int_equal(count_of(r, "lone_dumps"), 0);
                json_object_put(r);
        }
}

/* Whatever writes stacks, and however: frames are told by their own form, where no line is known to be the kernel's. */
static void test_form_alone(void **state) {
        static const char *const stacks[] = {
                " PID: 3873   TASK: ffff88800f11d880  CPU: 2   COMMAND: \"acmed\"\n"
                " #0 [ffff8880114a6ec0] __schedule at ffffffff83cf29e2\n"
                " #1 [ffff8880114a6f40] schedule at ffffffff81065c61\n"
                " #2 [ffff8880114a6f98] acme_wait at ffffffffa1065d65 [acme]\n",
                "0:mon> t\n[c00000000161bda0] c0000000016533c8 acme_wait+0x20/0xa0 (unreliable)\n"
                "[c00000000161bdc0] c000000000400384 acme_zone+0x184/0x280\n"
                "[c00000000161be30] c000000001041800 acme_init+0x4c/0x118\n",
                "[task    0000038000003c28] do_ext_irq+0xd6/0x160\n[task    0000038000003c78] "
                "ext_int_handler+0xba/0xe8\n"
                "[task   *0000038000003dd8] psw_idle_exit+0x0/0x8 <-- pt_regs\n"
                "[task    0000038000003e10] default_idle_call+0x42/0x148\n",
                " 0xffffffff8136fb20 : acme_request+0x0/0x2f0 [kernel]\n"
                " 0xffffffff8136fe7e : submit_bio+0x6e/0x130 [kernel]\n"
                " 0xffffffff812971e6 : submit_bh_wbc+0x156/0x190 [kernel]\n",
                "IAOQ[1]: acme_pod+0x9c/0x14c\nRP(r2): acme_pod+0x80/0x14c\n"
                "Caller[00000000004d63f0]: load_module+0x550/0x1f00\n",
                "  acme_add+0xa2/0x100 lib/acme.c:29\n  acme_list include/linux/acme.h:88 [inline]\n"
                "  enqueue_acme+0x97b/0x1490 kernel/acme.c:5117\n  acme_task+0x15b/0xbc0 kernel/acme.c:6536\n",
                "[<c0112233>] [<c0112244>] [<c0112255>]\n[<c0112233>] [<c0112244>] [<c0112255>]\n"
                "[<c0112233>] [<c0112244>]\n",
                FRAMES,
        };
        static const char *const none[] = {
                "initcall acme_init+0x0/0x1c returned 0 after 3 usecs\n"
                "initcall acmf_init+0x0/0x1c returned 0 after 3 usecs\n"
                "initcall acmg_init+0x0/0x1c returned 0 after 3 usecs\n",
                "calling  acme_init+0x0/0x1c @ 1\ncalling  acmf_init+0x0/0x1c @ 1\ncalling  acmg_init+0x0/0x1c @ 1\n",
                "random: get_random_u32 called from acme_start+0x83/0x506\n"
                "random: get_random_u32 called from acmf_start+0x83/0x506\n"
                "random: get_random_u32 called from acmg_start+0x83/0x506\n",
                "it fails in acme_start+0x83/0x506, then in\nacmf_start+0x83/0x506, and last not in "
                "acmg_start+0x3/0x506\n",
                " acme_flip+0x1d2/0x1f0 [acme]\n vfs_write+0x161/0x7d0\nso much for that\n",
        };
        (void) state;

        for (size_t i = 0; i < sizeof(stacks) / sizeof(stacks[0]) * 2; i++) {
                char lines[1000], err[1000];
                snprintf(lines, sizeof(lines), "%s%s%s", some, stacks[i / 2], some);
                struct json_object *r = scan_lines(2, i & 1 ? "> > " : "", false, lines, err, sizeof(err));
                assert_int_equal(n_findings(r), 0);
                if (count_of(r, "lone_stacks") != 1 || !is_doubted(r) ||
                    !strstr(err, "1 stack stands below no headline"))
                        fail_msg("%zu of %s", i % 2, stacks[i / 2]);
                json_object_put(r);
        }
        for (size_t i = 0; i < sizeof(none) / sizeof(none[0]); i++) {
                char lines[1000], err[1000];
                snprintf(lines, sizeof(lines), "%s%s%s", some, none[i], some);
                struct json_object *r = scan_lines(0, "", true, lines, err, sizeof(err));
                if (count_of(r, "lone_stacks"))
                        fail_msg("%s", none[i]);
                json_object_put(r);
        }
}

/* Code printed it, and said why in words of its own. */
static void test_dump(void **state) {
        static const char *const printers[] = {
                " dump_stack_lvl+0x44/0x57\n",
                " dump_backtrace+0x0/0x1a8\n show_stack+0x18/0x28\n dump_stack+0xb8/0xf4\n", /* arm64 */
        };
        (void) state;

        for (size_t i = 0; i < sizeof(printers) / sizeof(printers[0]); i++) {
                char err[1000], lines[1000];
                snprintf(lines, sizeof(lines),
                         "acme 0000:00:02.0: odd state 3\nCPU: 1 PID: 25 Comm: acmed Not tainted 6.1.0 #84\n"
                         "Call Trace:\n <TASK>\n%s" FRAMES " </TASK>\n",
                         printers[i]);
                struct json_object *r = scan_lines(0, "", true, lines, err, sizeof(err));
                assert_int_equal(count_of(r, "lone_stacks"), 1);
                assert_int_equal(count_of(r, "lone_dumps"), 1);
                assert_non_null(strstr(err, "1 stack stands below no headline"));
                assert_false(is_doubted(r));
                json_object_put(r);
        }
}

static void test_known(void **state) {
        static const char *const logs[] = {
                "sysrq: Show Blocked State\ntask:acmed state:D stack:0 pid:9 ppid:1 flags:0x00000001\n" STACK
                "task:acmed state:D stack:0 pid:10 ppid:1 flags:0x00000001\n" STACK,
                "SysRq : Show Blocked State\n  task                        PC stack   pid father\n"
                "acmed           D    0    12      1 0x00000000\n" STACK,
                "NMI backtrace for cpu 1\nCPU: 1 PID: 25 Comm: acmed Not tainted 6.1.0 #84\nCall Trace:\n <IRQ>\n"
                " dump_stack_lvl+0x44/0x57\n nmi_cpu_backtrace.cold+0x30/0x70\n" FRAMES,
                "acmed invoked oom-killer: gfp_mask=0xcc0(GFP_KERNEL), order=0, oom_score_adj=0\n"
                "CPU: 1 PID: 25 Comm: acmed Not tainted 6.1.0 #84\nCall Trace:\n <TASK>\n"
                " dump_stack_lvl+0x44/0x57\n dump_header+0x4a/0x211\n oom_kill_process.cold+0xb/0x10\n" FRAMES,
                "FAULT_INJECTION: forcing a failure.\nname failslab, interval 1, probability 0, space 0, times 0\n"
                "CPU: 1 PID: 25 Comm: acmed Not tainted 6.1.0 #84\nCall Trace:\n"
                " dump_stack_lvl+0x44/0x57\n should_fail_ex.cold+0x5/0xa\n" FRAMES,
                "Freezing of tasks failed after 20.007 seconds (1 tasks refusing to freeze, wq_busy=0):\n"
                "task:acmed state:D stack:0 pid:9 ppid:1 flags:0x00000001\n" STACK,
                "Call Trace:\n acme_flip+0x1d2/0x1f0 [acme]\nusb 1-1: gone\n",
        };
        (void) state;

        for (size_t i = 0; i < sizeof(logs) / sizeof(logs[0]); i++) {
                char lines[2000], err[1000];
                snprintf(lines, sizeof(lines), "%s%s%s", some, logs[i], some);
                struct json_object *r = scan_lines(0, "", true, lines, err, sizeof(err));
                if (n_findings(r) || count_of(r, "lone_stacks") || is_doubted(r) || *err)
                        fail_msg("%s: %s", logs[i], err);
                if (count_of(r, "asked_stacks") != (i < 2 || i == 5))
                        fail_msg("%s: asked for %ld", logs[i], (long) count_of(r, "asked_stacks"));
                json_object_put(r);
        }
}

/* Words that ask for stacks ask only where the kernel says them; and what was asked for comes to an end. */
static void test_not_asked(void **state) {
        static const char *const logs[] = {
                "sysrq: renamed from eth0\n" STACK,
                "sysrq: HELP : loglevel(0-9) reboot(b) crash(c)\n" STACK,
                "usb 1-1: Product:   task                        PC stack   pid father\n" STACK,
                "CPU: 1 PID: 25 Comm: PC stack   pid Not tainted 6.1.0 #84\n" STACK,
                "usb 1-1: Product: refusing to freeze\n" STACK,
                "CPU: 1 PID: 25 Comm: acmed Not tainted 6.1.0 #84\nCall Trace:\n dump_stack_lvl+0x44/0x57\n"
                " panic+0x10/0x20\n" FRAMES,
                "CPU: 1 PID: 25 Comm: acmed Not tainted 6.1.0 #84\nCall Trace:\n dump_stack_lvl+0x44/0x57\n"
                " print_trailer+0x10/0x20\n object_err+0x10/0x20\n" FRAMES,
                "CPU: 1 PID: 25 Comm: acmed Not tainted 6.1.0 #84\nCall Trace:\n ? warn_alloc+0x44/0x57\n" FRAMES,
        };
        (void) state;

        for (size_t i = 0; i < sizeof(logs) / sizeof(logs[0]); i++) {
                char lines[2000], err[1000];
                snprintf(lines, sizeof(lines), "%s%s%s", some, logs[i], some);
                struct json_object *r = scan_lines(0, "", true, lines, err, sizeof(err));
                if (count_of(r, "lone_stacks") != 1 || !is_doubted(r))
                        fail_msg("%s: %s", logs[i], err);
                json_object_put(r);
        }
}

/* One stack behind the other, and none later. */
static void test_asked_comes_to_an_end(void **state) {
        char path[600];
        (void) state;

        snprintf(path, sizeof(path), "%s/log", new_folder());
        FILE *f = fopen(path, "w");
        assert_non_null(f);
        fprintf(f, "[   10.000000] sysrq: Show Blocked State\n");
        for (int i = 0; i < 6; i++) {
                const int second = i < 3 ? 10 : 10 * i;
                static const char *const lines[] = {
                        "Call Trace:",           " <TASK>", " acme_flip+0x1d2/0x1f0 [acme]", " vfs_write+0x161/0x7d0",
                        " ksys_write+0x61/0xd0", " </TASK>"
                };
                for (size_t k = 0; k < sizeof(lines) / sizeof(lines[0]); k++)
                        fprintf(f, "[   %d.%06zu] %s\n", second, 100 * (size_t) i + k, lines[k]);
                for (int k = 0; k < 120; k++)
                        fprintf(f, "[   %d.%06d] usb 1-1: Product: x\n", second, 100 * i + 20);
        }
        fclose(f);
        struct json_object *r = scan(0, "%s", path);
        assert_int_equal(count_of(r, "lone_stacks"), 3);
        assert_true(is_doubted(r));
        json_object_put(r);
}

/* What follows a report is of it: other tasks, other CPUs. */
static void test_behind(void **state) {
        static const char *const reports[] = {
                "INFO: task acmed:290 blocked for more than 143 seconds.\n      Not tainted 5.18.0 #0\n"
                "task:acmed     state:D stack:25080 pid:290 ppid:     2 flags:0x00004000\n" STACK
                "INFO: lockdep is turned off.\n",
                "BUG: workqueue lockup - pool cpus=1 node=0 flags=0x0 nice=0 stuck for 7s!\n"
                "Showing busy workqueues and worker pools:\nShowing backtraces of busy workers in stalled worker "
                "pools:\n",
                "WARNING: CPU: 3 PID: 12 at drivers/acme.c:12 acme_put+0xd/0xb0\n"
                "CPU: 3 PID: 12 Comm: acmed Not tainted 5.7.0 #1\nRIP: 0010:acme_put+0xd/0xb0 [acme]\n" STACK
                "---[ end trace 0123456789abcdef ]---\n",
        };
        (void) state;

        for (size_t i = 0; i < sizeof(reports) / sizeof(reports[0]); i++) {
                char lines[2000], err[1000];
                snprintf(lines, sizeof(lines), "%s%stask:other state:R running task stack:0 pid:3 ppid:2 flags:0x8\n%s",
                         some, reports[i], STACK);
                struct json_object *r = scan_lines(1, "", true, lines, err, sizeof(err));
                assert_int_equal(n_findings(r), 1);
                if (count_of(r, "lone_stacks") || is_doubted(r) || *err)
                        fail_msg("%s: %s", reports[i], err);
                json_object_put(r);
        }
}

/* A mail quotes a warning, and nothing else of the kernel: its first line shows where its words begin. */
static void test_quoted_headline(void **state) {
        static const char *const headlines[] = {
                "WARNING: fs/acme.c:829 at acme_put+0xf5/0x110, CPU#7: acmed/11831\n",
                "WARNING: [a > b] fs/acme.c:829 at acme_put+0xf5/0x110, CPU#7: acmed/11831\n",
                "WARNING: include/linux/acme.h:29 at acme_put+0xf5/0x110 [acme], CPU#7: acmed/11831\n",
                "WARNING: CPU: 0 PID: 5 at fs/acme.c:829 acme_put+0xf5/0x110\n",
        };
        (void) state;

        for (size_t i = 0; i < sizeof(headlines) / sizeof(headlines[0]); i++) {
                char lines[1000], err[1000];
                snprintf(lines, sizeof(lines), "in a test, now and then:\n\n%s" FRAMES "...\n\nand no more.\n",
                         headlines[i]);
                struct json_object *r = scan_lines(1, "> ", false, lines, err, sizeof(err));
                assert_int_equal(n_findings(r), 1);
                json_object_put(r);
        }
}

/* powerpc's monitor writes to the console alone; its words stand for the report. */
static void test_monitor(void **state) {
        static const char session[] = "cpu 0x1: Vector: 300 (Data Access) at [c000000008a67bd0]\n"
                                      "    pc: c00000000002557c: acme_chip_id+0x3c/0x100\n"
                                      "    lr: c000000000058380: start_secondary+0x460/0xb00\n"
                                      "    sp: c000000008a67e70\n"
                                      "   msr: 8000000000001033\n"
                                      "   dar: 10\n"
                                      " dsisr: 80000\n"
                                      "  current = 0xc00000000891bb00\n"
                                      "  paca    = 0xc0000018ff981f80   irqmask: 0x03   irq_happened: 0x01\n"
                                      "    pid   = 0, comm = swapper/1\n"
                                      "1:mon> t\n"
                                      "[link register   ] c000000000058380 start_secondary+0x460/0xb00\n"
                                      "[c000000008a67e70] c000000008a67eb0 start_cpus+0x54/0x60 (unreliable)\n"
                                      "[c000000008a67eb0] c0000000000589d4 start_secondary+0xab4/0xb00\n";
        char err[1000];
        (void) state;

        struct json_object *r = scan_lines(1, "", false, session, err, sizeof(err));
        assert_int_equal(n_findings(r), 1);
        assert_string_equal(text_of(finding(r, 0), "title"),
                            "BUG: unable to handle kernel paging request in acme_chip_id");
        assert_int_equal(json_object_array_length(member(finding(r, 0), "corrupted")), 0);
        json_object_put(r);
}

/* It says where a BUG() stands behind the registers; an interrupt is somebody's wish. */
static void test_monitor_bug(void **state) {
        static const char registers[] = "    pc: c00000000009a5ec: acme_bug+0x1c/0x30\n"
                                        "    lr: c00000000009a5e8: acme_bug+0x18/0x30\n"
                                        "    sp: c00000000f7b7ce0\n"
                                        "   msr: 9000000000029033\n"
                                        "    pid   = 88, comm = bash\n",
                          stack[] = "enter ? for help\n"
                                    "[c00000000f7b7ce0] c00000000009a5e8 acme_bug+0x18/0x30 (unreliable)\n"
                                    "[c00000000f7b7d40] c0000000005e1234 acme_write+0x18/0x30\n"
                                    "[c00000000f7b7d80] c0000000005e1244 vfs_write+0x18/0x30\n"
                                    "1:mon>\n";
        char lines[2000], err[1000];
        (void) state;

        snprintf(lines, sizeof(lines),
                 "%scpu 0x1: Vector: 700 (Program Check) at [c00000000f7b7a40]\n%skernel BUG at drivers/acme.c:12!\n%s",
                 some, registers, stack);
        struct json_object *r = scan_lines(1, "", true, lines, err, sizeof(err));
        assert_int_equal(n_findings(r), 1);
        assert_string_equal(text_of(finding(r, 0), "title"), "kernel BUG in acme_bug");
        assert_int_equal(json_object_array_length(member(finding(r, 0), "corrupted")), 0);
        json_object_put(r);

        snprintf(lines, sizeof(lines), "%scpu 0x1: Vector: 100 (System Reset) at [c00000000f7b7a40]\n%s%s", some,
                 registers, stack);
        r = scan_lines(0, "", true, lines, err, sizeof(err));
        assert_int_equal(n_findings(r), 0);
        json_object_put(r);
}

/* What counts or names a task in its form alone is no report's, without the lines of one. */
static void test_form_of_a_headline(void **state) {
        static const char *const said[] = {
                "Link training attempt [#1]\n",
                "Retry firmware load [#1]:\n",
                "acmed (pid 12): request done (code 3)\n",
                "Firmware said: Code=12 (x) at addr 1\n",
                "process '/tmp/a: Code=1 (x) at addr 2' started with executable stack\n",
        };
        static const char oops[] = "BUG: kernel NULL pointer dereference, address: 0000000000000010\n"
                                   "#PF: supervisor read access in kernel mode\n"
                                   "#PF: error_code(0x0000) - not-present page\n"
                                   "Oops: 0000 [#1] PREEMPT SMP\n"
                                   "CPU: 1 PID: 77 Comm: acmed Not tainted 6.1.0 #1\n"
                                   "RIP: 0010:acme_reset+0x10/0x20\n" STACK "---[ end trace 0000000000000000 ]---\n";
        (void) state;

        for (size_t i = 0; i < sizeof(said) / sizeof(said[0]); i++) {
                char lines[2000], err[1000];
                snprintf(lines, sizeof(lines), "%s%s%s", some, said[i], some);
                struct json_object *r = scan_lines(0, "", true, lines, err, sizeof(err));
                assert_int_equal(n_findings(r), 0);
                assert_null(strstr(err, "begins as a kernel report"));
                json_object_put(r);

                snprintf(lines, sizeof(lines), "%s%s%s", some, said[i], oops);
                r = scan_lines(1, "", true, lines, err, sizeof(err));
                assert_int_equal(n_findings(r), 1);
                assert_string_equal(text_of(finding(r, 0), "title"),
                                    "BUG: unable to handle kernel NULL pointer dereference in acme_reset");
                assert_int_equal(json_object_array_length(member(finding(r, 0), "corrupted")), 0);
                json_object_put(r);
        }
}

/* Rows of locks, and what other programs, drivers and devices name, are no stack where the kernel's lines are known. */
static void test_frames_of_others(void **state) {
        static const char *const rows[] = {
                "Showing all locks held in the system:\n"
                "2 locks held by getty/451:\n"
                " #0: ffff8880043a0098 (&tty->ldisc_sem){++++}-{0:0}, at: tty_ldisc_ref_wait+0x24/0x50\n"
                " #1: ffffc900002a52f0 (&ldata->atomic_read_lock){+.+.}-{3:3}, at: n_tty_read+0x3d6/0x690\n"
                " #2: ffff8880043a0098 (sb_writers#4){.+.+}-{0:0}, at: ksys_write+0x67/0xe0\n",
                "usb 1-1: Manufacturer: acme+0x1/0x2\n"
                "usb 1-1: Product: acme+0x1/0x2\n"
                "usb 1-1: SerialNumber: acme+0x1/0x2\n",
                "acme: handler: acme_irq+0x0/0x20\n"
                "acme: handler: acme_fast_irq+0x0/0x20\n"
                "acme: handler: acme_slow_irq+0x0/0x20\n",
        };
        (void) state;

        for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
                char lines[2000], err[1000];
                snprintf(lines, sizeof(lines), "Linux version 6.1.0 (a@b) (gcc) #1 SMP\n%s%s%s", some, rows[i], some);
                struct json_object *r = scan_lines(0, "", true, lines, err, sizeof(err));
                assert_int_equal(count_of(r, "lone_stacks"), 0);
                assert_false(is_doubted(r));
                json_object_put(r);
        }
}

int main(void) {
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(test_said),
                cmocka_unit_test(test_form_alone),
                cmocka_unit_test(test_dump),
                cmocka_unit_test(test_known),
                cmocka_unit_test(test_not_asked),
                cmocka_unit_test(test_asked_comes_to_an_end),
                cmocka_unit_test(test_behind),
                cmocka_unit_test(test_quoted_headline),
                cmocka_unit_test(test_monitor),
                cmocka_unit_test(test_monitor_bug),
                cmocka_unit_test(test_form_of_a_headline),
                cmocka_unit_test(test_frames_of_others),
        };
        return cmocka_run_group_tests(tests, NULL, NULL);
}
