/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What people read: text in a terminal, and the progress beside it. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/progress.h"
#include "cmd/messages.h"
#include "cmocka_all.h"
#include "vmlife.h"

static bool starts(const char *s, const char *with) {
        return strncmp(s, with, strlen(with)) == 0;
}

static void test_verdict_first(void **state) {
        (void) state;
        struct run r = vmlife("scan --format text %s", fixture("vmlife.log"));

        assert_int_equal(r.status, 1);
        assert_true(starts(r.out, "findings: 3 ("));
        run_done(&r);
        r = vmlife("scan --format text %s", fixture("clean.log"));
        assert_true(starts(r.out, "not-proven: no findings in 1 boot"));
        run_done(&r);
        /* What is critical is seen at once, whatever driver it concerns. */
        r = vmlife("scan --format text %s", fixture("xe-uaf.log"));
        assert_true(starts(r.out, "findings: 2 (2 unrelated, 1 of them critical) in 1 boot\n"));
        run_done(&r);
        /* What does not count for --fail-on is shown, and said. */
        r = vmlife("scan --format text --fail-on related %s", fixture("kcsan-ps2.log"));
        assert_int_equal(r.status, 0);
        assert_true(starts(r.out, "not-proven: 1 (1 unrelated) in 1 boot; 1 below --fail-on\n"));
        run_done(&r);
}

/* One is no "lines". */
static void test_one_line(void **state) {
        (void) state;
        struct run r = run_shell("echo '[    1.000000] usb 1-1: new device' | $VMLIFE scan --format text -");

        assert_non_null(strstr(r.out, ": 1 line, 35 bytes"));
        run_done(&r);
}

/* Of many boots each reason is said once, with how many have it; what differs in its numbers only is one reason. */
static void test_many_boots(void **state) {
        (void) state;
        const char *folder = new_folder();

        shell("cd %s && for i in 1 2 3 4 5 6 7; do { echo \"[    0.000000] Linux version 6.1.0 (gcc) #$i SMP\"; test "
              "$i = 7 "
              "|| { echo '[    0.100000] Lock dependency validator: Copyright (c) 2006 Red Hat, Inc., Ingo Molnar'; "
              "echo \"[   $i$i.000000] ** 1$i printk messages dropped **\"; }; } >$i.log; done",
              folder);
        struct run r = vmlife("scan --focus none --format text %s", folder);
        char name[700];
        snprintf(name, sizeof(name), "boot %s/3.log, kernel 6.1.0: not-proven, 13 messages lost\n", folder);
        assert_non_null(strstr(r.out, name));
        assert_non_null(strstr(r.out, "\nnot proven in 6 boots: ... messages were lost\n"));
        assert_non_null(strstr(r.out, "\nnot proven in 7 boots: kcsan, kasan: "));
        assert_non_null(strstr(r.out, "\nnot proven in 1 boot: lockdep: "));
        assert_non_null(strstr(r.out, "\nread 7 sources, 7 of them in full, "));
        run_done(&r);
        /* -v: each with its own. */
        r = vmlife("scan --focus none --format text -v %s", folder);
        assert_non_null(strstr(r.out, "    not proven: 13 messages were lost\n"));
        assert_null(strstr(r.out, "boots: "));
        run_done(&r);
}

/* What the kernel printed of each kind of event stands below its title. */
static void test_facts(void **state) {
        (void) state;
        static const struct {
                const char *log, *text;
                unsigned from;
        } shown[] = {
                { "6.1-kasan-memory-use-after-free", "write of 16 bytes at 0xffff888000b08a30 by task 42", 0 },
                { "6.1-kasan-memory-use-after-free",
                  "object: 8 bytes inside of 96-byte region, cache kmalloc-96, at 0xffff888000b08a28\n", 0 },
                { "7.2-kcsan-warn", "provoked: a warning of 5 words\n", 0 },
                { "7.2-kcsan-warn", "at traps.c:76\n", 0 },
                { "7.2-kcsan-warn", "RIP: provoke_warn_once+0x10/0x20 [provoke]\n", 0 },
                { "7.2-kcsan-warn", "kernel 7.2.13-pristine-crash-kcsan, tainted: G W O\n", 0 },
                { "7.2-kcsan-warn", "Code: 3d b5 3b 20", 1 },
                { "6.1-kcsan-trap-page-fault", "-> 2a: mov    (%rbx),%esi\n", 1 },
                { "6.1-kcsan-kunit-kcsan", "value changed: 0x0000000000008865 -> 0x00000000000089e3\n", 0 },
                { "6.1-kcsan-kunit-kcsan", "read by task 47 on CPU 0:\n", 1 },
                { "7.2-kcsan-kunit-kcsan", "raced with an access of unknown origin\n", 0 },
        };

        for (size_t i = 0; i < sizeof(shown) / sizeof(shown[0]); i++)
                for (unsigned v = 0; v < 2; v++) {
                        struct run r = vmlife("scan --format text %s tests/logs/%s.log.xz", v ? "-v" : "",
                                              shown[i].log);
                        if ((strstr(r.out, shown[i].text) != NULL) != (v >= shown[i].from))
                                fail_msg("with %u -v: \"%s\" in %s", v, shown[i].text, r.out);
                        run_done(&r);
                }
}

/* The same as members of the report. */
static void test_facts_as_data(void **state) {
        (void) state;
        struct json_object *r = scan(1, "tests/logs/7.2-kcsan-warn.log.xz"), *f = finding(r, 0);

        assert_string_equal(text_of(f, "rip"), "provoke_warn_once+0x10/0x20 [provoke]");
        assert_string_equal(text_of(f, "taint"), "G O");
        assert_string_equal(text_of(f, "kernel"), "7.2.13-pristine-crash-kcsan");
        assert_true(starts(text_of(f, "code"), "3d b5 3b 20 00"));
        json_object_put(r);
        static const char log[] = "[    1.000000] BUG: unable to handle page fault for address: ffff0000\n"
                                  "[    1.000001] Oops: 0000 [#1] SMP\n"
                                  "[    1.000002] CPU: 0 PID: 7 Comm: a Tainted: b Not tainted 6.9.1 #1\n"
                                  "[    1.000003] Hardware name: Maker Model/Board, BIOS 1.2 01/02/2026\n"
                                  "[    1.000004] RIP: 0010:first_place+0x1/0x2\n"
                                  "[    1.000005] Call Trace:\n"
                                  "[    1.000006]  first_place+0x1/0x2\n"
                                  "[    1.000007] ---[ end trace 0000000000000000 ]---\n";
        char path[600];
        snprintf(path, sizeof(path), "%s/log", new_folder());
        write_file(path, log, sizeof(log) - 1);
        r = scan(1, "%s", path);
        f = finding(r, 0);
        assert_string_equal(text_of(f, "hardware"), "Maker Model/Board, BIOS 1.2 01/02/2026");
        assert_string_equal(text_of(f, "taint"), "Not tainted");
        assert_string_equal(text_of(f, "kernel"), "6.9.1");
        assert_string_equal(text_of(f, "rip"), "first_place+0x1/0x2");
        json_object_put(r);
}

static void test_more(void **state) {
        (void) state;
        static const struct {
                const char *log, *text;
                unsigned from; /* how many -v it takes */
        } shown[] = {
                { "lockdep-circular.log", "possible deadlock in i915_gem_context_release_work", 0 },
                { "lockdep-circular.log", "rule release-atomic", 0 },
                { "lockdep-circular.log", "CPU 1: lock vmlife_release_atomic\n", 1 },
                { "lockdep-circular.log", "vmlife_flush_under_mutex+0x4c/0x70 [i915]\n", 1 },
                { "lockdep-circular.log", "signature v2:", 0 },
                { "kcsan-ps2.log",
                  "write (marked) of 1 bytes at 0xffff9c1e40a1b0e8 by an interrupt on CPU 0 in ps2_handle_ack\n", 0 },
                { "kcsan-ps2.log", "write (marked) by an interrupt on CPU 0:\n", 1 },
                { "kcsan-ps2.log", "| [   12.007161][   T55]  bits changed: 0x01 with mask 0x01\n", 2 },
                { "vmlife.log", "ctx_ref=2", 1 },
        };
        static const char *const options[] = { "", "-v", "-vv" };

        for (size_t i = 0; i < sizeof(shown) / sizeof(shown[0]); i++)
                for (unsigned v = 0; v < 3; v++) {
                        struct run r = vmlife("scan --format text %s %s", options[v], fixture(shown[i].log));
                        assert_int_equal(r.status, 1);
                        assert_int_equal(strstr(r.out, shown[i].text) != NULL, v >= shown[i].from);
                        run_done(&r);
                }
}

/* What follows from another stands below it, deeper. */
static void test_groups(void **state) {
        (void) state;
        struct run r = vmlife("scan --format text %s", fixture("vmlife.log"));
        const char *cause = strstr(r.out, "\ncertain "), *follows = strstr(r.out, "\n  likely ");

        assert_non_null(cause);
        assert_non_null(follows);
        assert_true(cause < follows);
        assert_non_null(strstr(r.out, "the likely first cause of the 2 below it\n"));
        run_done(&r);
}

/* Nothing in a log or a name is a command to the terminal. */
static void assert_tame(const char *text) {
        for (const unsigned char *p = (const unsigned char *) text; *p; p++) {
                assert_true(*p == '\n' || (*p >= 0x20 && *p != 0x7f));
                assert_false(*p == 0xc2 && p[1] >= 0x80 && p[1] < 0xa0);                  /* C1 */
                assert_false(*p == 0xe2 && p[1] == 0x80 && p[2] >= 0xa8 && p[2] <= 0xae); /* order of text, lines */
                assert_false(*p == 0xe2 && p[1] == 0x81 && p[2] >= 0xa6 && p[2] <= 0xa9);
        }
}

#define EVIL                              \
        "\033]0;owned\007\033[2J\302\233" \
        "31m\342\200\256evil\342\201\246\r\b\177"

static void test_escapes(void **state) {
        (void) state;
        static const char log[] = "[    0.000000] Linux version 6.1.0-" EVIL " (a@b) #1\n"
                                  "[    1.000000] ------------[ cut here ]------------\n"
                                  "[    1.000001] message " EVIL "\n"
                                  "[    1.000002] WARNING: CPU: 0 PID: 1 at drivers/" EVIL ".c:1 f" EVIL
                                  "+0x1/0x2 [i915]\n"
                                  "[    1.000003] CPU: 0 PID: 1 Comm: " EVIL " Not tainted 6.1.0 #1\n"
                                  "[    1.000004] Call Trace:\n"
                                  "[    1.000005]  g" EVIL "+0x1/0x2 [i915]\n"
                                  "[    1.000006] ---[ end trace 0000000000000000 ]---\n";
        static const char *const options[] = { "", "-v", "-vv" };
        char path[600];

        snprintf(path, sizeof(path), "%s/log", new_folder());
        write_file(path, log, sizeof(log) - 1);
        for (size_t i = 0; i < 3; i++) {
                struct run r = vmlife("scan --format text %s %s", options[i], path);
                assert_int_equal(r.status, 1);
                assert_non_null(strstr(r.out, "evil"));
                assert_tame(r.out);
                run_done(&r);
        }
        struct run r = vmlife("scan \"$(printf '/nonexistent/\\033[2Jname')\"");
        assert_int_equal(r.status, 2);
        assert_tame(r.err);
        run_done(&r);
}

/* Takes the colours out of a text, in place; returns how many there were. */
static size_t decolor(char *text) {
        size_t n = 0;
        char *to = text;

        for (const char *p = text; *p; p++)
                if (*p == '\033' && p[1] == '[') {
                        p += strcspn(p, "m");
                        n++;
                } else
                        *to++ = *p;
        *to = '\0';
        return n;
}

/* The command in a terminal, as script(1) makes one. */
static struct run in_terminal(const char *environment, const char *options, const char *log) {
        return run_shell("env -u NO_COLOR %s script -qec \"$VMLIFE scan --format text %s %s\" /dev/null </dev/null",
                         environment, options, log);
}

static void test_color(void **state) {
        (void) state;
        static const struct {
                const char *environment, *options;
                bool color;
        } cases[] = {
                { "TERM=xterm", "", true },           { "TERM=xterm", "--color=never", false },
                { "TERM=dumb", "", false },           { "TERM=xterm NO_COLOR=1", "", false },
                { "TERM=xterm NO_COLOR=", "", true }, { "TERM=xterm NO_COLOR=1", "--color=always", true },
        };
        const char *log = fixture("vmlife.log");
        struct run plain = vmlife("scan --format text %s", log),
                   painted = vmlife("scan --format text --color=always %s", log);

        assert_null(strchr(plain.out, '\033'));
        assert_true(decolor(painted.out) > 10);
        assert_string_equal(plain.out, painted.out);
        run_done(&painted);
        for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
                struct run r = in_terminal(cases[i].environment, cases[i].options, log);
                assert_non_null(strstr(r.out, "vm-early-put in"));
                assert_int_equal(decolor(r.out) > 0, cases[i].color);
                run_done(&r);
        }
        /* A file is none, whatever the terminal is. */
        char options[600];
        snprintf(options, sizeof(options), "-o %s/out", new_folder());
        struct run r = in_terminal("TERM=xterm", options, log);
        assert_int_equal(r.status, 1);
        run_done(&r);
        r = run_shell("cat %s", options + 3);
        assert_null(strchr(r.out, '\033'));
        assert_non_null(strstr(r.out, "vm-early-put in"));
        run_done(&r);
        run_done(&plain);
}

static void test_progress_of_a_scan(void **state) {
        (void) state;
        const char *log = fixture("clean.log");
        char err[600];
        snprintf(err, sizeof(err), "%s/err", new_folder());
        /* However slowly it runs: a log that goes on until something is said, for a minute at most. */
        struct run r = run_shell("for i in $(seq 300); do cat %s; [ ! -s %s ] || break; sleep 0.2; done |"
                                 " $VMLIFE scan --progress - 2>%s; cat %s >&2",
                                 log, err, err, err);
        assert_non_null(strstr(r.err, " MB/s\n"));
        run_done(&r);
        r = run_shell("(cat %s; sleep 1.3; cat %s) | $VMLIFE scan -", log, log);
        assert_string_equal(r.err, "");
        run_done(&r);
}

/* What progress says into a file that stands in for stderr; static memory. */
static const char *said(uint64_t expected, uint64_t done, uint64_t part, double share) {
        static char text[4096];
        char path[600];
        int old = dup(STDERR_FILENO);

        snprintf(path, sizeof(path), "%s/said", new_folder());
        assert_non_null(freopen(path, "w", stderr));
        messages_to_stderr();
        struct progress *p = progress_new(false);
        progress_expect(p, expected);
        nanosleep(&(struct timespec){ 1, 50000000 }, NULL);
        if (part)
                progress_within(p, part, share);
        else
                progress_step(p, done);
        assert_null(progress_free(p));
        fflush(stderr);
        dup2(old, STDERR_FILENO);
        close(old);
        FILE *f = fopen(path, "r");
        assert_non_null(f);
        text[fread(text, 1, sizeof(text) - 1, f)] = '\0';
        fclose(f);
        return text;
}

static void test_progress(void **state) {
        (void) state;
        unsigned percent, total, rate, minutes, seconds;

        /* A quarter in a bit over a second: three more to go. */
        assert_int_equal(sscanf(said(400000000, 100000000, 0, 0), "vmlife: %u %% of %u MB, %u MB/s, %u:%u left",
                                &percent, &total, &rate, &minutes, &seconds),
                         5);
        assert_int_equal(percent, 25);
        assert_int_equal(total, 400);
        assert_in_range(rate, 40, 100);
        assert_int_equal(minutes, 0);
        assert_in_range(seconds, 2, 9);
        assert_non_null(strstr(said(400000000, 0, 200000000, 0.5), " 25 % of 400 MB"));
        /* Nobody knows how much there is: no promise. */
        assert_null(strstr(said(0, 100000000, 0, 0), "left"));
        assert_null(strstr(said(1000, 100000000, 0, 0), "left"));
        assert_null(progress_free(NULL));
        progress_expect(NULL, 1);
        progress_step(NULL, 1);
}

int main(void) {
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(test_verdict_first), cmocka_unit_test(test_one_line),
                cmocka_unit_test(test_many_boots),    cmocka_unit_test(test_more),
                cmocka_unit_test(test_facts),         cmocka_unit_test(test_facts_as_data),
                cmocka_unit_test(test_groups),        cmocka_unit_test(test_escapes),
                cmocka_unit_test(test_color),         cmocka_unit_test(test_progress_of_a_scan),
                cmocka_unit_test(test_progress),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
