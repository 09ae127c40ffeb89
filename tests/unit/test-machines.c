/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Logs of several machines in one text, as a central syslog server writes them: each has a boot of its own, and none's
 * lines stand in another's reports. Also texts that have each line twice, or say that some are missing. */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "cmocka_all.h"
#include "form.h"
#include "vmlife.h"

static const char title[] = "possible deadlock in i915_gem_context_release_work";

/* A line, '@' being the machine. */
static const char *const forms[] = {
        "%S @ kernel: %k %m",          "%P%S @ kernel: %m", "%I @ kernel: %k %m",
        "%P1 %I @ kernel - - - %k %m", "@: %k %m",          "@-1  | %k %m",
};
enum { FORMS = sizeof(forms) / sizeof(forms[0]) };

static void put(struct buffer *b, const char *form, const char *machine, const struct said *log, size_t i) {
        const char *at = strchr(form, '@');
        char filled[200];

        snprintf(filled, sizeof(filled), "%.*s%s%s\n", (int) (at - form), form, machine, at + 1);
        put_line(b, filled, (struct place){ log, i });
}

static struct json_object *scan_buffer(struct buffer *b) {
        char path[600];

        snprintf(path, sizeof(path), "%s/log", new_folder());
        write_file(path, b->data, b->size);
        buffer_done(b);
        return scan(1, "%s", path);
}

/* hosts: of the boots, one behind another. */
static void expect_hosts(struct json_object *r, const char *how, const char *hosts) {
        struct json_object *boots = member(r, "boots");
        char names[200] = "";

        for (size_t i = 0; i < json_object_array_length(boots); i++) {
                const char *name =
                        json_object_get_string(json_object_object_get(json_object_array_get_idx(boots, i), "host"));
                snprintf(names + strlen(names), sizeof(names) - strlen(names), "%s%s", i ? " " : "", name ? name : "-");
        }
        if (strcmp(names, hosts) != 0)
                fail_msg("%s: hosts %s, not %s", how, names, hosts);
}

static void expect(struct json_object *r, const char *how, size_t findings, size_t boots) {
        if (n_findings(r) != findings || json_object_array_length(member(r, "boots")) != boots)
                fail_msg("%s: %zu findings, %zu boots", how, n_findings(r),
                         json_object_array_length(member(r, "boots")));
        for (size_t i = 0; i < findings; i++) {
                assert_string_equal(text_of(finding(r, i), "title"), title);
                if (json_object_array_length(member(finding(r, i), "corrupted")))
                        fail_msg("%s: %s", how, json_object_to_json_string(member(finding(r, i), "corrupted")));
        }
        json_object_put(r);
}

/* Another's lines, of a boot that began long ago, between those of a report. */
static void test_between(void **state) {
        _cleanup_free_ struct said *log = read_said("lockdep-circular.log"), *other = calloc(1, sizeof(*other));

        (void) state;
        assert_non_null(other);
        for (size_t f = 0; f < FORMS; f++) {
                struct buffer b = {};
                for (size_t i = 0; i < log->n; i++) {
                        put(&b, forms[f], "lab7", log, i);
                        other->lines[0].us = 5000000000 + log->lines[i].us;
                        strcpy(other->lines[0].text, "usb 1-2: USB disconnect, device number 3");
                        for (size_t n = 0; n < i % 3; n++)
                                put(&b, forms[f], n ? "10.0.0.9" : "lab8", other, 0);
                }
                struct json_object *r = scan_buffer(&b);
                expect_hosts(r, forms[f], f == 5 ? "lab7-1 lab8-1 10.0.0.9-1" : "lab7 lab8 10.0.0.9");
                expect(r, forms[f], 1, 3);
        }
}

/* The same report on two machines at once. */
static void test_both(void **state) {
        _cleanup_free_ struct said *log = read_said("lockdep-circular.log");

        (void) state;
        for (size_t f = 0; f < FORMS; f++) {
                struct buffer b = {};
                for (size_t i = 0; i < log->n; i++) {
                        put(&b, forms[f], "lab7", log, i);
                        put(&b, forms[f], "lab8", log, i);
                }
                expect(scan_buffer(&b), forms[f], 2, 2);
        }
}

/* One that gets its name while it boots is one. */
static void test_renamed(void **state) {
        _cleanup_free_ struct said *log = read_said("lockdep-circular.log");

        (void) state;
        for (size_t f = 0; f < FORMS; f++) {
                struct buffer b = {};
                for (size_t i = 0; i < log->n; i++)
                        put(&b, forms[f], i < log->n / 2 ? "localhost" : "lab7", log, i);
                struct json_object *r = scan_buffer(&b);
                expect_hosts(r, forms[f], f == 5 ? "lab7-1" : "lab7");
                expect(r, forms[f], 1, 1);
        }
}

/* Logs of machines one behind another, as `cat` joins them: each boot is of its own. */
static void test_joined(void **state) {
        static const char *const machines[] = { "lab7", "lab8", "lab7" };
        _cleanup_free_ struct said *log = read_said("lockdep-circular.log");

        (void) state;
        for (size_t f = 0; f < FORMS; f++) {
                struct buffer b = {};
                for (size_t n = 0; n < 3; n++)
                        for (size_t i = 0; i < log->n; i++)
                                put(&b, forms[f], machines[n], log, i);
                struct json_object *r = scan_buffer(&b);
                expect_hosts(r, forms[f], f == 5 ? "lab7-1 lab8-1 lab7-1" : "lab7 lab8 lab7");
                expect(r, forms[f], 3, 3);
        }
}

/* Of lines that name no machine, what looks like names is what a user chose. */
static void test_not_machines(void **state) {
        _cleanup_free_ struct said *log = read_said("lockdep-circular.log"), *other = calloc(1, sizeof(*other));

        (void) state;
        assert_non_null(other);
        for (int f = 0; f < 2; f++) {
                struct buffer b = {};
                for (size_t i = 0; i < log->n; i++) {
                        put_line(&b, f ? "%I %k %m\n" : "%k %m\n", (struct place){ log, i });
                        other->lines[0].us = log->lines[i].us;
                        strcpy(other->lines[0].text, "ACPI: x");
                        if (i < 8)
                                put(&b, f ? "%I @ kernel: %k %m" : "@: %k %m", i % 2 ? "a" : "b", other, 0);
                }
                struct json_object *r = scan_buffer(&b);
                expect_hosts(r, f ? "stamped" : "bare", "-");
                expect(r, f ? "stamped" : "bare", 1, 1);
        }
}

/* Two consoles, or two loggers, write each line. */
static void test_twice(void **state) {
        static const char *const first[] = { "%k %m\n", "%S h kernel: %k %m\n", "%I h kernel: %k %m\n", "%m\n" };
        static const char *const again[] = { "%k %m\n", "%S h kernel: %k %m\n", "%T h kernel: %k %m\n", "%m\n" };
        _cleanup_free_ struct said *log = read_said("lockdep-circular.log");

        (void) state;
        for (size_t f = 0; f < sizeof(first) / sizeof(first[0]); f++) {
                struct buffer b = {};
                for (size_t i = 0; i < log->n; i++) {
                        put_line(&b, first[f], (struct place){ log, i });
                        put_line(&b, again[f], (struct place){ log, i });
                }
                expect(scan_buffer(&b), first[f], 1, 1);
        }
}

/* Where a collector says that it lost messages, the report is marked, and the boot has losses. */
static void test_lost(void **state) {
        static const char *const words[] = {
                "[   12.500000] systemd-journald[1]: /dev/kmsg buffer overrun, some messages lost.",
                "Nov 23 10:00:12 h systemd-journald[271]: Missed 12 kernel messages",
                "Nov 23 10:00:12 h rsyslogd: imjournal: 812 messages lost due to rate-limiting (20000 allowed within "
                "600 seconds)",
                "Nov 23 10:00:12 h app[9]: systemd-journald[271]: lost 12 kernel messages",
        };
        _cleanup_free_ struct said *log = read_said("lockdep-circular.log");

        (void) state;
        for (size_t f = 0; f < sizeof(words) / sizeof(words[0]); f++) {
                struct buffer b = {};
                for (size_t i = 0; i < log->n; i++) {
                        put_line(&b, f ? "%S h kernel: %k %m\n" : "%k %m\n", (struct place){ log, i });
                        if (strstr(log->lines[i].text, "Possible unsafe"))
                                putf(&b, "%s\n", words[f]);
                }
                struct json_object *r = scan_buffer(&b);
                assert_int_equal(n_findings(r), 1);
                assert_string_equal(text_of(finding(r, 0), "title"), title);
                assert_int_equal(json_object_array_length(member(finding(r, 0), "corrupted")), f < 3);
                assert_true((json_object_get_int64(member(json_object_array_get_idx(member(r, "boots"), 0), "lost")) >
                             0) == (f < 3));
                json_object_put(r);
        }
}

/* The files of a rotated log are read in the order in which they were written. */
static void test_rotated(void **state) {
        static const char *const names[] = {
                "kern.log.10",       "kern.log.2.gz", "kern.log.1", "kern.log", "messages-20261101",
                "messages-20261108", "messages",      "run.1",      "run.2"
        };
        const char *folder = new_folder();
        char path[700];

        (void) state;
        for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
                char line[100];
                snprintf(path, sizeof(path), "%s/%s", folder, names[i]);
                snprintf(line, sizeof(line), "[    %zu.000000] usb 1-1: device %s\n", i + 1, names[i]);
                write_file(path, line, strlen(line));
        }
        struct json_object *r = scan(0, "%s", folder);
        for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
                snprintf(path, sizeof(path), "%s/%s", folder, names[i]);
                assert_string_equal(text_of(json_object_array_get_idx(member(r, "sources"), i), "name"), path);
        }
        json_object_put(r);
}

/* Writes a log of "[time] message" in two files, as a logger that took another one after so many lines; the second's
 * time may be another boot's. */
static void rotate(const char *folder, const char *const files[2], const char *log, size_t lines, bool syslog,
                   bool rebooted) {
        char *copy = strdup(log), *rest = copy, path[700];
        FILE *out = NULL;

        for (size_t i = 0; *rest; i++) {
                char *line = strsep(&rest, "\n");
                if (i == 0 || i == lines) {
                        if (out)
                                fclose(out);
                        snprintf(path, sizeof(path), "%s/%s", folder, files[i > 0]);
                        out = fopen(path, "w");
                        assert_non_null(out);
                }
                if (rebooted && i >= lines)
                        fprintf(out, "[    0.%06zu]%s\n", i, strchr(line, ']') + 1);
                else
                        fprintf(out, "%s%s\n", syslog ? "Sep 20 10:00:00 vm kernel: " : "", line);
        }
        fclose(out);
        free(copy);
}

/* A report that goes on in the next file of a rotated log is one, wherever the first one ends. */
static void test_rotated_within(void **state) {
        static const char log[] =
                "[    9.000000] BUG: KASAN: slab-use-after-free in acme_true+0x84/0x574 [i915]\n"
                "[    9.000001] Read of size 4 at addr ffff888100000020 by task acme/812\n"
                "[    9.000002] CPU: 1 PID: 812 Comm: acme Not tainted 6.1.0 #1\n"
                "[    9.000003] Call Trace:\n"
                "[    9.000004]  <TASK>\n"
                "[    9.000005]  acme_true+0x84/0x574 [i915]\n"
                "[    9.000006]  acme_ioctl+0x40/0x90 [i915]\n"
                "[    9.000007]  do_syscall_64+0x7b/0x190\n"
                "[    9.000008]  </TASK>\n"
                "[   10.000000] ------------[ cut here ]------------\n"
                "[   10.000001] acme: the lock is not held\n"
                "[   10.000002] WARNING: CPU: 0 PID: 42 at drivers/acme.c:12 acme_put+0x1/0x20 [i915]\n"
                "[   10.000003] CPU: 0 PID: 42 Comm: test Tainted: G    B 6.1.0 #1\n"
                "[   10.000004] RIP: 0010:acme_put+0x1/0x20 [i915]\n"
                "[   10.000005] Call Trace:\n"
                "[   10.000006]  acme_close+0x1/0x20 [i915]\n"
                "[   10.000007]  do_syscall_64+0x2f/0x50\n"
                "[   10.000008] ---[ end trace 0000000000000000 ]---\n";
        static const char *const files[][2] = { { "kern.log.1", "kern.log" },
                                                { "kern.log.10", "kern.log.9" },
                                                { "messages-20261101", "messages" },
                                                { "a.log", "b.log" } };
        enum { LINES = 18, AMID = 6 };

        (void) state;
        for (size_t i = 0; i < 3; i++)
                for (size_t n = 1; n < LINES; n++) {
                        const char *folder = new_folder();
                        rotate(folder, files[i], log, n, i != 1, false);
                        struct json_object *r = scan(1, "%s", folder);
                        assert_int_equal(json_object_array_length(member(r, "sources")), 2);
                        if (n_findings(r) != 2)
                                fail_msg("%s, %zu lines: %zu findings", files[i][0], n, n_findings(r));
                        for (size_t k = 0; k < 2; k++) {
                                assert_string_equal(text_of(finding(r, k), "title"),
                                                    k ? "WARNING in acme_put" :
                                                        "KASAN: slab-use-after-free Read in acme_true");
                                assert_int_equal(json_object_array_length(member(finding(r, k), "corrupted")), 0);
                        }
                        json_object_put(r);
                }
        /* Neither another log nor another boot goes on with it. */
        for (size_t i = 0; i < 2; i++) {
                const char *folder = new_folder();
                rotate(folder, files[i ? 3 : 0], log, AMID, false, i == 0);
                struct json_object *r = scan(1, "%s", folder);
                assert_true(json_object_array_length(member(finding(r, 0), "corrupted")) > 0);
                json_object_put(r);
        }
}

int main(void) {
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(test_between),        cmocka_unit_test(test_both),
                cmocka_unit_test(test_renamed),        cmocka_unit_test(test_joined),
                cmocka_unit_test(test_not_machines),   cmocka_unit_test(test_twice),
                cmocka_unit_test(test_lost),           cmocka_unit_test(test_rotated),
                cmocka_unit_test(test_rotated_within),
        };
        return cmocka_run_group_tests(tests, NULL, NULL);
}
