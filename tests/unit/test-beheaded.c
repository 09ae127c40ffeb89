/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Reports whose first line is gone: what else of them says what they were. And lines that have none of the kernel's
 * times before its first line. */
#include <glob.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "cmocka_all.h"
#include "vmlife.h"

static char path[600];

static int setup(void **state) {
        (void) state;
        snprintf(path, sizeof(path), "%s/log", new_folder());
        return 0;
}

/* The line that says it, a stack, and what is found. */
static void test_reporters(void **state) {
        static const struct {
                const char *says, *title;
        } cases[] = {
                { " print_circular_bug.cold+0x12/0x20", "possible deadlock in acme_flip" },
                { " check_irq_usage.cold+0x27b/0x280", "possible deadlock in acme_flip" },
                { " lockdep_rcu_suspicious.cold+0x3b/0x7b", "WARNING: suspicious RCU usage in acme_flip" },
                { " __ubsan_handle_shift_out_of_bounds.cold+0x1/0x2", "UBSAN: shift-out-of-bounds in acme_flip" },
                { " __might_resched.cold+0x1/0x2", "BUG: sleeping function called from invalid context in acme_flip" },
                { "context-{5:5}", "BUG: Invalid wait context in acme_flip" },
                { "Call Trace:\n[   12.000002]  kasan_report+0x1/0x2", "KASAN: invalid-access in acme_flip" },
                { "Call Trace:\n[   12.000002]  bad_page+0x1/0x2", "BUG: Bad page state in acme_flip" },
        };

        (void) state;
        for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
                FILE *out = fopen(path, "w");
                assert_non_null(out);
                fprintf(out, "[   12.000001] usb 1-1: new device\n[   12.000002] %s\n", cases[i].says);
                fputs("[   12.000003]  acme_flip+0x1d2/0x1f0 [acme]\n[   12.000004]  vfs_write+0x161/0x7d0\n"
                      "[   12.000005]  ksys_write+0x61/0xd0\n[   12.000006]  </TASK>\n[   12.000007] usb 1-1: gone\n",
                      out);
                fclose(out);
                struct json_object *r = scan(1, "%s", path);
                assert_int_equal(n_findings(r), 1);
                assert_string_equal(text_of(finding(r, 0), "title"), cases[i].title);
                assert_int_not_equal(json_object_array_length(member(finding(r, 0), "corrupted")), 0);
                json_object_put(r);
        }
}

/* What is left at a log's beginning of a report that began before it; the same lines behind a whole one are its own. */
static void test_rests(void **state) {
        static const char whole[] = "[   11.000001] BUG: kernel NULL pointer dereference, address: 0000000000000008\n"
                                    "[   11.000002] Oops: 0000 [#1] SMP\n"
                                    "[   11.000003] CPU: 1 PID: 25 Comm: acmed Not tainted 6.1.0 #84\n"
                                    "[   11.000004] RIP: 0010:acme_send+0x60/0x220\n[   11.000005] Call Trace:\n"
                                    "[   11.000006]  <TASK>\n[   11.000007]  acme_write+0x206/0x2e0\n"
                                    "[   11.000008]  </TASK>\n[   11.000009] ---[ end trace 0000000000000000 ]---\n"
                                    "[   11.000010] RIP: 0010:acme_send+0x60/0x220\n";
        static const struct {
                const char *lines, *title;
        } cases[] = {
                { " acme_commit+0x1/0x2\n[   12.000002]  do_syscall_64+0x1/0x2\n"
                  "[   12.000003] ---[ end trace 0000000000000000 ]---",
                  "report without its beginning in acme_commit" },
                { " ksys_write+0x1/0x2\n[   12.000002] \n[   12.000003] Allocated by task 5:\n"
                  "[   12.000004]  acme_make+0x1/0x2\n[   12.000005]  acme_open+0x1/0x2\n"
                  "[   12.000006]  do_syscall_64+0x1/0x2",
                  "KASAN: invalid-access in corrupted" },
                { "Backtrace: \n[   12.000002]  dump_stack from __warn+0x90/0x118\n"
                  "[   12.000003]  __warn from warn_slowpath_fmt+0x88/0xcc\n"
                  "[   12.000004]  warn_slowpath_fmt from acme_flip+0xa4/0xcc\n"
                  "[   12.000005]  acme_flip from ret_fast_syscall+0x0/0x1c",
                  "WARNING in acme_flip" },
                { "Call Trace:\n[   12.000002]  acme_flip+0x448/0x540\n[   12.000003]  acme_commit+0xb1/0xc0\n"
                  "[   12.000004]  do_syscall_64+0x1/0x2\n[   12.000005] Modules linked in: acme\n"
                  "[   12.000006] CR2: 0000000000000230",
                  "Oops in acme_flip" },
        };

        (void) state;
        for (size_t i = 0; i < 6; i++) {
                FILE *out = fopen(path, "w");
                assert_non_null(out);
                fprintf(out, "%s[   12.000001] %s\n[   13.000000] usb 1-1: gone\n", i < 4 ? "" : whole,
                        cases[i % 4].lines);
                fclose(out);
                struct json_object *r = scan(1, "%s", path);
                assert_int_equal(n_findings(r), 1);
                assert_string_equal(text_of(finding(r, 0), "title"),
                                    i < 4 ? cases[i].title :
                                            "BUG: unable to handle kernel NULL pointer dereference in acme_send");
                assert_int_equal(json_object_array_length(member(finding(r, 0), "corrupted")) > 0, i < 4);
                json_object_put(r);
        }
}

/* A log without the kernel's times, and then one of a boot from its first line on: the first is no boot loader's. */
static void test_before_first_line(void **state) {
        (void) state;
        for (unsigned tagged = 0; tagged < 2; tagged++) {
                static const char *const lines[] = {
                        "WARNING: CPU: 5 PID: 14 at drivers/gpu/drm/acme/acme.c:12 acme_flip+0x1d2/0x1f0 [acme]",
                        "CPU: 5 PID: 14 Comm: flipper Not tainted 6.14.3 #1",
                        "RIP: 0010:acme_flip+0x1d2/0x1f0 [acme]",
                        "Call Trace:",
                        " acme_commit+0x2f1/0x1350 [acme]",
                        " do_syscall_64+0x7b/0x190",
                        "---[ end trace 0000000000000000 ]---",
                };
                FILE *out = fopen(path, "w");
                assert_non_null(out);
                for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++)
                        fprintf(out, "%s%s\n", tagged ? "Nov 26 10:00:29 h kernel: " : "", lines[i]);
                fputs("[    0.000000] Linux version 6.1.0 (a@b) (gcc) #1 SMP\n[    0.000000] Command line: quiet\n",
                      out);
                fclose(out);
                struct json_object *r = scan(1, "%s", path);
                assert_int_equal(n_findings(r), 1);
                assert_string_equal(text_of(finding(r, 0), "title"), "WARNING in acme_flip");
                json_object_put(r);
        }
}

/* The lines of a fixture, without what is before them. Returns how many. */
static size_t read_fixture(const char *name, char lines[][512], size_t max) {
        FILE *f = fopen(name, "re");
        size_t n = 0;

        assert_non_null(f);
        while (n < max && fgets(lines[n], 512, f)) {
                char *text = *lines[n] == '[' ? strstr(lines[n], "] ") : NULL;
                if (text)
                        memmove(lines[n], text + 2, strlen(text + 2) + 1);
                lines[n][strcspn(lines[n], "\n")] = '\0';
                n += *lines[n] != '#';
        }
        fclose(f);
        return n;
}

static bool is_frame(const char *line) {
        return *line == ' ' && line[1] != '?' && strstr(line, "+0x") && strstr(line, "/0x") && !strstr(line, "at: ") &&
               !strstr(line, "_text");
}

/* From there on, as a ring buffer that ran over leaves it, with the kernel's time, dmesg's or syslog's,
 * or behind a level. */
static struct json_object *scan_from(char lines[][512], size_t from, size_t n, bool announced, size_t form) {
        static const char *const times[] = { "[  500.000000] ", "[Thu Nov 26 10:08:20 2026] ",
                                             "kern  :warn  : [  500.000000] ", "Nov 26 10:08:20 vm kernel: " };
        const char *time = times[form % (sizeof(times) / sizeof(times[0]))];
        FILE *f = fopen(path, "we");

        assert_non_null(f);
        if (announced)
                fprintf(f, "%ssysrq: Show Blocked State\n", time);
        for (size_t i = from; i < n; i++)
                fprintf(f, "%s%s\n", time, lines[i]);
        fprintf(f, "%susb 1-1: gone\n%seth0: link is up\n", time, time);
        fclose(f);
        struct run run = vmlife("scan %s", path);
        struct json_object *r = json_tokener_parse(run.out);
        if (!r)
                fail_msg("no JSON, exit status %d: %s", run.status, run.err);
        run_done(&run);
        return r;
}

/* Each kind's report from a frame on of which three are left: something is found, and it says that it is not whole. */
static void test_from_a_frame_on(void **state) {
        enum { LINES = 400, LEAST = 3, CUTS = 6 };
        static char lines[LINES][512];
        glob_t logs = {};
        unsigned tried = 0, silent = 0;

        (void) state;
        assert_int_equal(glob("tests/unit/fixtures/kinds/*.log", 0, NULL, &logs), 0);
        for (size_t i = 0; i < logs.gl_pathc; i++) {
                const size_t n = read_fixture(logs.gl_pathv[i], lines, LINES);
                unsigned cuts = 0;
                for (size_t k = 2; k + LEAST <= n && cuts < CUTS; k++) {
                        if (!is_frame(lines[k]) || !is_frame(lines[k + 1]) || !is_frame(lines[k + 2]))
                                continue;
                        struct json_object *r = scan_from(lines, k, n, false, tried);
                        if (n_findings(r) == 0)
                                fail_msg("%s from \"%s\": nothing was found", logs.gl_pathv[i], lines[k]);
                        if (json_object_array_length(member(finding(r, 0), "corrupted")) == 0)
                                fail_msg("%s from \"%s\": it is not marked", logs.gl_pathv[i], lines[k]);
                        json_object_put(r);
                        /* The same stack under a line that announces it is none. */
                        r = scan_from(lines, k, k + LEAST, true, tried);
                        silent += n_findings(r) == 0;
                        json_object_put(r);
                        tried++;
                        cuts++;
                        k += 2;
                }
        }
        globfree(&logs);
        assert_true(tried > 80);
        /* Some frames name who reports. */
        assert_true(silent > tried / 2);
}

/* What ARM prints of a program that crashed, without the line that says so: its registers are a program's. Those of the
 * kernel in its place are a report's rest. */
static void test_program(void **state) {
        static const struct {
                const char *mode;
                size_t n;
        } cases[] = { { "USER_32  ISA Thumb  Segment user", 0 }, { "SVC_32  ISA ARM  Segment kernel", 1 } };

        (void) state;
        for (size_t i = 0; i < 2; i++) {
                FILE *out = fopen(path, "w");
                assert_non_null(out);
                fprintf(out,
                        "[   95.831778] CPU: 5 PID: 3098 Comm: acme Not tainted 3.10.49 #1\n"
                        "[   95.831786] task: e5afc440 ti: e770c000 task.ti: e770c000\n"
                        "[   95.831808] sp : be815d40  ip : 00001437  fp : 12c92350\n"
                        "[   95.831837] Flags: nzcv  IRQs on  FIQs on  Mode %s\n"
                        "[   95.831874] [<c010aff0>] (unwind_backtrace+0x0/0xe0) from [<c01092ec>] "
                        "(show_stack+0x10/0x14)\n"
                        "[   95.831889] [<c01092ec>] (show_stack+0x10/0x14) from [<c0110740>] (acme_fault+0xfc/0x148)\n"
                        "[   95.831904] [<c0110740>] (acme_fault+0xfc/0x148) from [<c0110a74>] "
                        "(acme_abort+0x2e8/0x370)\n"
                        "[   96.000000] usb 1-1: new device\n",
                        cases[i].mode);
                fclose(out);
                struct json_object *r = scan(cases[i].n > 0, "%s", path);
                assert_int_equal(n_findings(r), cases[i].n);
                json_object_put(r);
        }
}

int main(void) {
        static const struct CMUnitTest tests[] = {
                cmocka_unit_test(test_reporters),         cmocka_unit_test(test_rests),
                cmocka_unit_test(test_before_first_line), cmocka_unit_test(test_from_a_frame_on),
                cmocka_unit_test(test_program),
        };

        return cmocka_run_group_tests(tests, setup, NULL);
}
