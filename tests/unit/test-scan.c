/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The command on logs in the kernel's format: what comes out of what went in. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/macros.h"
#include "cmocka_all.h"
#include "vmlife.h"

struct expected {
        const char *log, *title, *detector, *kind, *rule, *relevance;
        int injected;
        size_t accesses, stacks, locks;
};

static const struct expected expected[] = {
        { "vmlife.log", "vmlife: vm-early-put in i915_gem_context_get_eb_vm", "vmlife", "vm-early-put", "vm-early-put",
          "certain", 1, 0, 1, 0 },
        { "kcsan-republish.log", "KCSAN: assert: race in i915_gem_context_set_vm / vmlife_check_vm_republish", "kcsan",
          "assert-race", "vm-republish", "certain", 1, 2, 2, 0 },
        { "kcsan-ps2.log", "KCSAN: data-race in ps2_do_sendbyte / ps2_handle_ack", "kcsan", "data-race", NULL,
          "unrelated", 0, 2, 2, 0 },
        { "kcsan-unknown-origin.log", "KCSAN: data-race in i915_gem_context_is_closed", "kcsan", "data-race", NULL,
          "related", 0, 1, 1, 0 },
        { "lockdep-circular.log", "possible deadlock in i915_gem_context_release_work", "lockdep", "circular-locking",
          "release-atomic", "certain", 1, 0, 3, 5 },
        { "lockdep-recursive.log", "possible deadlock in set_engines", "lockdep", "recursive-locking", NULL, "related",
          0, 0, 1, 3 },
        { "lockdep-inconsistent.log", "inconsistent lock state in gen8_irq_handler", "lockdep", "inconsistent-state",
          NULL, "related", 0, 0, 2, 1 },
        { "lockdep-invalid-wait.log", "BUG: Invalid wait context in i915_vm_close", "lockdep", "invalid-wait-context",
          NULL, "related", 0, 0, 1, 2 },
        { "lockdep-rcu.log", "WARNING: suspicious RCU usage in vmlife_check_engines_unlocked", "lockdep",
          "suspicious-rcu", "engines-unlocked", "certain", 0, 0, 1, 1 },
        { "warn-new-banner.log", "WARNING in i915_vma_destroy", "warn", "warning", NULL, "related", 0, 0, 1, 0 },
        { "bug.log", "kernel BUG in drm_mm_takedown", "bug", "bug", NULL, "related", 0, 0, 1, 0 },
};

static void check(struct json_object *f, const struct expected *e) {
        struct json_object *rule;

        assert_string_equal(text_of(f, "title"), e->title);
        assert_string_equal(text_of(f, "detector"), e->detector);
        assert_string_equal(text_of(f, "kind"), e->kind);
        assert_string_equal(text_of(f, "relevance"), e->relevance);
        assert_int_equal(json_object_get_boolean(member(f, "injected")), e->injected);
        assert_int_equal(json_object_object_get_ex(f, "rule", &rule), e->rule != NULL);
        if (e->rule)
                assert_string_equal(json_object_get_string(rule), e->rule);
        assert_int_equal(json_object_array_length(member(f, "accesses")), e->accesses);
        assert_int_equal(json_object_array_length(member(f, "stacks")), e->stacks);
        assert_int_equal(json_object_array_length(member(f, "locks")), e->locks);
        assert_int_equal(json_object_array_length(member(f, "corrupted")), 0);
}

static void test_each_kind(void **state) {
        (void) state;
        for (size_t i = 0; i < sizeof(expected) / sizeof(expected[0]); i++) {
                struct json_object *r = scan(1, "%s", fixture(expected[i].log));
                check(finding(r, 0), &expected[i]);
                json_object_put(r);
        }
}

/* The journal drops callers and the console adds prefixes; what is said is the same. */
static void test_journal_and_console_agree(void **state) {
        (void) state;
        for (size_t i = 0; i < sizeof(expected) / sizeof(expected[0]); i++) {
                struct json_object *text = scan(1, "%s", fixture(expected[i].log));
                struct json_object *journal = scan(1, "-D %s", journal_of(fixture(expected[i].log), 'a', 0));

                assert_int_equal(n_findings(text), n_findings(journal));
                for (size_t k = 0; k < n_findings(text); k++) {
                        assert_string_equal(text_of(finding(text, k), "signature"),
                                            text_of(finding(journal, k), "signature"));
                        assert_string_equal(text_of(finding(text, k), "title"), text_of(finding(journal, k), "title"));
                        assert_string_equal(text_of(finding(text, k), "relevance"),
                                            text_of(finding(journal, k), "relevance"));
                        assert_int_equal(
                                json_object_get_int64(member(member(finding(text, k), "first_seen"), "monotonic_us")),
                                json_object_get_int64(
                                        member(member(finding(journal, k), "first_seen"), "monotonic_us")));
                }
                check(finding(journal, 0), &expected[i]);
                assert_string_equal(text_of(finding(journal, 0), "origin"), "kernel");
                assert_string_equal(text_of(finding(text, 0), "origin"), "unverified");
                assert_non_null(text_of(member(finding(journal, 0), "source"), "cursor"));
                json_object_put(text);
                json_object_put(journal);
        }
}

static void test_clean_log(void **state) {
        (void) state;
        struct json_object *r = scan(0, "%s", fixture("clean.log"));
        struct json_object *boot = json_object_array_get_idx(member(r, "boots"), 0),
                           *passes = member(member(boot, "exposure"), "passes");

        assert_int_equal(n_findings(r), 0);
        assert_string_equal(text_of(boot, "release"), "6.1.0-vmlife");
        assert_string_equal(text_of(member(boot, "variant"), "inject"), "none");
        assert_int_equal(json_object_get_int64(member(passes, "get_eb_vm")), 130000);
        assert_int_equal(json_object_get_int64(member(passes, "close")), 2000);
        assert_int_equal(json_object_get_int64(member(member(boot, "exposure"), "rounds")), 2000);
        json_object_put(r);
}

static int64_t uptime_of(struct json_object *report) {
        return json_object_get_int64(
                member(member(json_object_array_get_idx(member(report, "boots"), 0), "exposure"), "uptime_us"));
}

/* From the first message, looked at or not, to the last: a rate's denominator. */
static void test_uptime_of_a_journal(void **state) {
        static const char *const logs[] = { "clean.log", "vmlife.log", "kcsan-ps2.log" };

        (void) state;
        for (size_t i = 0; i < 3; i++) {
                struct json_object *text = scan(i ? 1 : 0, "%s", fixture(logs[i]));
                struct json_object *journal = scan(i ? 1 : 0, "-D %s", journal_of(fixture(logs[i]), 'a', 0));

                /* journald hears of the last one some microseconds later. */
                assert_true(uptime_of(text) > 0);
                assert_in_range(uptime_of(journal), uptime_of(text), uptime_of(text) + 10);
                json_object_put(text);
                json_object_put(journal);
        }
}

/* Everything that vmlife.log says, in order, and that the fault was asked for after the load line. */
static void test_chain_of_one_fault(void **state) {
        (void) state;
        struct json_object *r = scan(1, "%s", fixture("vmlife.log"));

        assert_int_equal(n_findings(r), 3);
        assert_string_equal(text_of(finding(r, 1), "title"), "WARNING: refcount bug in i915_gem_context_get_eb_vm");
        assert_string_equal(text_of(finding(r, 1), "kind"), "add-on-zero");
        assert_string_equal(text_of(finding(r, 1), "rule"), "vm-early-put");
        assert_string_equal(text_of(finding(r, 1), "relevance"), "likely");
        assert_true(json_object_get_boolean(member(finding(r, 1), "injected")));
        assert_string_equal(text_of(finding(r, 2), "kind"), "underflow");
        struct json_object *fields = member(finding(r, 0), "fields");
        assert_string_equal(text_of(fields, "ctx_ref"), "2");
        assert_string_equal(text_of(fields, "by"), "i915_gem_context_get_eb_vm+0x2f/0x90");
        json_object_put(r);
}

/* Reports of two CPUs, line by line mixed, with callers. */
static void test_two_cpus(void **state) {
        (void) state;
        struct json_object *r = scan(1, "%s", fixture("two-cpus.log"));

        assert_int_equal(n_findings(r), 4);
        for (size_t i = 0; i < 4; i++)
                assert_int_equal(json_object_array_length(member(finding(r, i), "corrupted")), 0);
        json_object_put(r);
}

static void test_fields_of_kcsan(void **state) {
        (void) state;
        struct json_object *r = scan(1, "%s", fixture("kcsan-ps2.log")), *f = finding(r, 0);
        struct json_object *write = json_object_array_get_idx(member(f, "accesses"), 0),
                           *read = json_object_array_get_idx(member(f, "accesses"), 1);

        assert_string_equal(text_of(write, "type"), "write");
        assert_true(json_object_get_boolean(member(write, "marked")));
        assert_string_equal(text_of(write, "context"), "interrupt");
        /* By name, not by position: the kernel sorts the title. */
        assert_string_equal(text_of(write, "function"), "ps2_handle_ack");
        assert_string_equal(text_of(read, "function"), "ps2_do_sendbyte");
        assert_int_equal(json_object_get_int(member(read, "task")), 55);
        assert_int_equal(json_object_get_int(member(read, "cpu")), 1);
        assert_string_equal(text_of(read, "address"), "0xffff9c1e40a1b0e8");
        assert_string_equal(text_of(member(f, "fields"), "value_old"), "0x01");
        assert_string_equal(text_of(member(f, "fields"), "mask"), "0x01");
        json_object_put(r);
}

static void test_fold_and_ids(void **state) {
        (void) state;
        const char *log = fixture("vmlife.log");
        const char *folder = new_folder();
        struct json_object *one = scan(1, "%s", log), *again = scan(1, "%s %s", log, log), *twice;

        shell("sed '1s/$/ again/' %s >%s/other", log, folder);
        twice = scan(1, "%s %s/other", log, folder);
        /* A file that is named twice is read once. */
        assert_int_equal(n_findings(again), 3);

        assert_string_equal(text_of(finding(one, 0), "id"), text_of(finding(again, 0), "id"));
        /* Two sources, two boots: not folded into one. */
        assert_int_equal(n_findings(twice), 6);
        json_object_put(one);
        json_object_put(again);
        json_object_put(twice);
}

/* A log that was copied, or saved again when it had grown, is of the same boot, in whatever order they come; the one
 * that goes on for longer is it. So are the reports of them, for all that reads reports. */
static void test_one_boot_of_two_texts(void **state) {
        (void) state;
        const char *folder = new_folder();

        shell("cd %s && awk 'BEGIN { for (i = 0; i < 1000; i++) printf \"[ %%4d.000000] usb 1-1: device number "
              "%%d\\n\", i + 10, i; "
              "print \"[ 1100.000000] WARNING: CPU: 0 PID: 42 at drivers/a.c:1 alpha+0x10/0x40\" }' >short.log && "
              "cp short.log copy.log && { cat short.log; "
              "echo '[ 2000.000000] WARNING: CPU: 0 PID: 42 at drivers/b.c:1 beta+0x10/0x40'; } >long.log",
              folder);
        for (int i = 0; i < 2; i++) {
                struct run r = vmlife("scan --format json %s/%s %s/copy.log %s/%s", folder,
                                      i ? "long.log" : "short.log", folder, folder, i ? "short.log" : "long.log");
                struct json_object *o = json_tokener_parse(r.out), *boots = member(o, "boots");
                assert_int_equal(json_object_array_length(boots), 1);
                assert_int_equal(n_findings(o), 2);
                assert_int_equal(json_object_get_int(member(finding(o, 0), "count")), 1);
                assert_non_null(strstr(r.err, "they are read as logs of one boot"));
                json_object_put(o);
                run_done(&r);
        }
}

/* A boot that warns before the kernel's clock runs: all that comes until then is the same in every boot. */
static struct json_object *early(const char *path, unsigned clock, unsigned pages) {
        static const char start[] =
                "[    0.000000][    T0] Linux version 6.1.0-vmlife (vmlife@vmlife) #1 SMP\n"
                "[    0.000000][    T0] Command line: console=ttyS0\n"
                "[    0.000000][    T0] ------------[ cut here ]------------\n"
                "[    0.000000][    T0] WARNING: CPU: 0 PID: 0 at init/main.c:1 start_early+0x1/0x2\n"
                "[    0.000000][    T0] Call Trace:\n"
                "[    0.000000][    T0]  start_early+0x1/0x2\n"
                "[    0.000000][    T0] ---[ end trace 0000000000000000 ]---\n";
        char text[64];

        write_file(path, start, sizeof(start) - 1);
        FILE *f = fopen(path, "a");
        assert_non_null(f);
        for (unsigned i = 0; i < pages * 4096 / 50; i++) {
                snprintf(text, sizeof(text), "[    0.%06u][    T0] clocksource: line %u", clock + i, i);
                fprintf(f, "%-49s\n", text);
        }
        fclose(f);
        return scan(1, "%s", path);
}

static void test_ids_of_logs_that_begin_alike(void **state) {
        (void) state;
        char path[128];
        snprintf(path, sizeof(path), "%s/console.log", new_folder());
        struct json_object *a = early(path, 4000, 10), *grown = early(path, 4000, 20), *b = early(path, 4001, 10);

        assert_string_equal(text_of(finding(a, 0), "signature"), text_of(finding(b, 0), "signature"));
        assert_string_not_equal(text_of(finding(a, 0), "id"), text_of(finding(b, 0), "id"));
        assert_string_equal(text_of(finding(a, 0), "id"), text_of(finding(grown, 0), "id"));
        json_object_put(a);
        json_object_put(grown);
        json_object_put(b);
}

static void test_ids_of_boots_that_begin_alike(void **state) {
        (void) state;
        char path[128];
        const char *folder = new_folder();
        snprintf(path, sizeof(path), "%s/console.log", folder);
        json_object_put(early(path, 4000, 1));
        struct run three = run_shell("for i in 1 2 3; do cat %s; done > %s/three.log", path, folder);
        run_done(&three);
        struct json_object *r = scan(1, "%s/three.log", folder);
        assert_int_equal(n_findings(r), 3);
        for (size_t i = 0; i < 3; i++)
                assert_string_not_equal(text_of(finding(r, i), "id"), text_of(finding(r, (i + 1) % 3), "id"));
        json_object_put(r);
}

static void test_userspace_is_not_the_kernel(void **state) {
        (void) state;
        struct json_object *r = scan(0, "-D %s", journal_of(fixture("kcsan-ps2.log"), 'b', 1));

        assert_int_equal(n_findings(r), 1);
        assert_string_equal(text_of(finding(r, 0), "origin"), "userspace");
        json_object_put(r);
}

static void test_fail_on(void **state) {
        (void) state;
        json_object_put(scan(1, "%s", fixture("kcsan-ps2.log")));
        json_object_put(scan(1, "--fail-on any %s", fixture("kcsan-ps2.log")));
        json_object_put(scan(0, "--fail-on related %s", fixture("kcsan-ps2.log")));
        json_object_put(scan(1, "--fail-on related %s", fixture("lockdep-recursive.log")));
        json_object_put(scan(0, "--fail-on likely %s", fixture("lockdep-recursive.log")));
        json_object_put(scan(1, "--fail-on certain %s", fixture("vmlife.log")));
}

static void test_standard_input_and_output_file(void **state) {
        (void) state;
        const char *folder = new_folder();
        struct json_object *a = scan(1, "- < %s", fixture("vmlife.log"));
        struct run r = vmlife("scan -o %s/report.json %s && false; cat %s/report.json", folder, fixture("vmlife.log"),
                              folder);
        struct json_object *b = json_tokener_parse(r.out);

        assert_non_null(b);
        assert_string_equal(text_of(finding(a, 0), "id"), text_of(finding(b, 0), "id"));
        json_object_put(a);
        json_object_put(b);
        run_done(&r);
}

/* A pipe, and so a device, is written to and stays what it is. */
static void test_output_is_no_file(void **state) {
        (void) state;
        const char *folder = new_folder();
        struct run r = run_shell("d=%s && mkfifo $d/pipe && (timeout 60 cat $d/pipe >$d/read & timeout 60 $VMLIFE scan "
                                 "-o $d/pipe %s; wait) && "
                                 "test -p $d/pipe && cat $d/read",
                                 folder, fixture("vmlife.log"));
        struct json_object *o = json_tokener_parse(r.out);

        assert_int_equal(r.status, 0);
        assert_non_null(o);
        json_object_put(o);
        run_done(&r);
        static const char *const refused[] = { "bundle -o %s/pipe %s", "follow --once --state %s/pipe -D %s" };
        for (size_t i = 0; i < ARRAY_SIZE(refused); i++) {
                char command[2048];
                snprintf(command, sizeof(command), refused[i], folder, i ? folder : fixture("vmlife.log"));
                r = vmlife("%s && false; test -p %s/pipe || echo gone", command, folder);
                assert_non_null(strstr(r.err, "is not a regular file"));
                assert_string_equal(r.out, "");
                run_done(&r);
        }
}

static void test_ndjson_and_text(void **state) {
        (void) state;
        struct run r = vmlife("scan --format ndjson %s", fixture("vmlife.log"));
        size_t findings = 0;
        char *save = NULL;

        for (char *line = strtok_r(r.out, "\n", &save); line; line = strtok_r(NULL, "\n", &save)) {
                struct json_object *o = json_tokener_parse(line);
                assert_non_null(o);
                findings += strcmp(text_of(o, "type"), "finding") == 0;
                json_object_put(o);
        }
        assert_int_equal(findings, 3);
        run_done(&r);

        r = vmlife("scan --format text %s", fixture("vmlife.log"));
        assert_int_equal(r.status, 1);
        assert_non_null(strstr(r.out, "certain    vmlife: vm-early-put in i915_gem_context_get_eb_vm  (injected)\n"));
        run_done(&r);
}

/* Any byte of a log may be anything. */
static void test_hostile_bytes_make_valid_json(void **state) {
        (void) state;
        char log[4096], path[512];
        size_t n = 0;
        const char *folder = new_folder();

        /* A log is mostly text, else it is refused. */
        for (int i = 0; i < 20; i++)
                n += (size_t) snprintf(log + n, sizeof(log) - n,
                                       "[    0.%06d] usb 1-1: new high-speed USB device number 2\n", i);
        n += (size_t) snprintf(log + n, sizeof(log) - n,
                               "[    1.000000] ------------[ cut here ]------------\n[    1.000001] ");
        for (int c = 1; c < 256; c++)
                if (c != '\n')
                        log[n++] = (char) c;
        log[n++] = '\0';
        n += (size_t) snprintf(
                log + n, sizeof(log) - n,
                "\n[    1.000002] WARNING: CPU: 0 PID: 1 at a.c:1 f\"\\<script>+0x1/0x2\n"
                "[    1.000003] Call Trace:\n[    1.000004]  g+0x1/0x2\n[    1.000005] ---[ end trace 0 ]---\n");
        snprintf(path, sizeof(path), "%s/log", folder);
        write_file(path, log, n);
        struct json_object *r = scan(1, "%s", path);
        assert_int_equal(n_findings(r), 1);
        json_object_put(r);
}

static void test_boots_of_a_journal(void **state) {
        (void) state;
        char both[1024];
        const char *a = journal_of(fixture("vmlife.log"), 'a', 0), *b = journal_of(fixture("kcsan-ps2.log"), 'b', 0);

        snprintf(both, sizeof(both), "mv %s/test.journal %s/other.journal", b, a);
        assert_int_equal(system(both), 0);
        struct json_object *r = scan(1, "-D %s", a);
        assert_int_equal(json_object_array_length(member(r, "boots")), 2);
        assert_int_equal(n_findings(r), 4);
        json_object_put(r);
        r = scan(1, "-D %s -b bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb", a);
        assert_int_equal(n_findings(r), 1);
        assert_string_equal(text_of(finding(r, 0), "boot_id"), "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb");
        json_object_put(r);
        r = scan(1, "%s/test.journal", a);
        assert_int_equal(n_findings(r), 3);
        json_object_put(r);
}

int main(void) {
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(test_each_kind),
                cmocka_unit_test(test_journal_and_console_agree),
                cmocka_unit_test(test_clean_log),
                cmocka_unit_test(test_uptime_of_a_journal),
                cmocka_unit_test(test_chain_of_one_fault),
                cmocka_unit_test(test_two_cpus),
                cmocka_unit_test(test_fields_of_kcsan),
                cmocka_unit_test(test_fold_and_ids),
                cmocka_unit_test(test_one_boot_of_two_texts),
                cmocka_unit_test(test_ids_of_logs_that_begin_alike),
                cmocka_unit_test(test_ids_of_boots_that_begin_alike),
                cmocka_unit_test(test_userspace_is_not_the_kernel),
                cmocka_unit_test(test_fail_on),
                cmocka_unit_test(test_standard_input_and_output_file),
                cmocka_unit_test(test_output_is_no_file),
                cmocka_unit_test(test_ndjson_and_text),
                cmocka_unit_test(test_hostile_bytes_make_valid_json),
                cmocka_unit_test(test_boots_of_a_journal),
        };
        return cmocka_run_group_tests(tests, NULL, NULL);
}
