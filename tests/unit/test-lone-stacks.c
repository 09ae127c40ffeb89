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
                        fail_msg("%zu of %s", i % 4, stacks[i / 4]);
                assert_int_equal(count_of(r, "lone_dumps"), 0);
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

int main(void) {
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(test_said),
                cmocka_unit_test(test_dump),
                cmocka_unit_test(test_known),
                cmocka_unit_test(test_not_asked),
                cmocka_unit_test(test_asked_comes_to_an_end),
                cmocka_unit_test(test_behind),
        };
        return cmocka_run_group_tests(tests, NULL, NULL);
}
