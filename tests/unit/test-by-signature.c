/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Many logs, a line for each bug: scan --by signature. */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/macros.h"
#include "cmocka_all.h"
#include "vmlife.h"

static const char *line_with(const char *text, const char *word) {
        static char line[512];
        const char *p = strstr(text, word);

        if (!p)
                fail_msg("\"%s\" is not in %s", word, text);
        while (p > text && p[-1] != '\n')
                p--;
        snprintf(line, sizeof(line), "%.*s", (int) strcspn(p, "\n"), p);
        return line;
}

static void test_logs(void **state) {
        (void) state;
        struct run r = vmlife("scan --by signature --format text tests/logs/6.1-kcsan-trap-gpf.log.xz "
                              "tests/logs/7.2-kcsan-trap-gpf.log.xz %s",
                              fixture("kcsan-ps2.log"));
        unsigned long count, boots;

        assert_int_equal(r.status, 1);
        assert_non_null(strstr(r.out, "2 signatures, 3 events in 3 boots of 3 sources: 1 critical, 1 low\n"));
        const char *line = line_with(r.out, "general protection fault in provoke_gpf");
        assert_int_equal(sscanf(line, "v2:%*8s critical %lu %lu -", &count, &boots), 2);
        assert_int_equal(count, 2);
        assert_int_equal(boots, 2);
        assert_non_null(strstr(line, "6.1.192 to 7.2.13"));
        /* The worst comes first. */
        assert_true(strstr(r.out, "general protection") < strstr(r.out, "KCSAN"));
        run_done(&r);
}

/* A text names no machine: the lab's label does. */
static void test_machines_by_label(void **state) {
        (void) state;
        const char *folder = new_folder();
        unsigned long hosts;

        for (int i = 0; i < 3; i++)
                shell("$VMLIFE scan --label machine=m%d %s -o %s/%d.json || test $? = 1", i / 2,
                      fixture("kcsan-ps2.log"), folder, i);
        struct run r = vmlife("scan --by signature --format text %s", folder);
        assert_int_equal(sscanf(line_with(r.out, "KCSAN: data-race in"), "v2:%*8s low %*u %*u %lu", &hosts), 1);
        assert_int_equal(hosts, 2);
        run_done(&r);
}

/* A line is a line at a terminal, and shows the function to blame; in a file nothing is cut. */
static void test_width(void **state) {
        (void) state;
        struct run r = run_shell(
                "script -qec 'stty cols 80; $VMLIFE scan --no-pager --color never --by signature "
                "tests/logs/6.1-kcsan-trap-null-write.log.xz tests/logs/7.2-kcsan-trap-null-write.log.xz "
                "tests/logs/5.10-kcsan-trap-null-write.log.xz' /dev/null </dev/null");
        bool function = false;

        for (char *line = strtok(r.out, "\r\n"); line; line = strtok(NULL, "\r\n")) {
                if (strlen(line) > 80)
                        fail_msg("%s", line);
                function |= strstr(line, "BUG: unable to handle ...in provoke_null_write") != NULL;
                /* No log here names a machine: titles have that room. */
                assert_null(strstr(line, "hosts"));
        }
        assert_true(function);
        run_done(&r);
}

/* With days, machines and an owner: the function at any width, the owner where there is room, or with -v. */
static void test_width_of_syslogs(void **state) {
        (void) state;
        const char *folder = new_folder();
        static const char *const widths[] = { "80", "100", "200" };

        for (int i = 1; i <= 2; i++)
                shell("sed 's/^/2025-09-2%dT09:53:55+00:00 lab-machine-%d kernel: /' tests/unit/fixtures/xe-uaf.log "
                      ">%s/%d.log",
                      i, i, folder, i);
        shell("$VMLIFE known add $($VMLIFE scan %s | jq -r '.findings[0].signature') --bug https://example.org/1234 "
              "--owner somebody@example.org --known %s.json",
              folder, folder);
        for (size_t i = 0; i < 2 * ARRAY_SIZE(widths); i++) {
                const bool all = i % 2;
                const unsigned long width = strtoul(widths[i / 2], NULL, 10);
                struct run r =
                        run_shell("script -qec 'stty cols %s; $VMLIFE scan --no-pager --color never --by signature "
                                  "%s --known %s.json %s' /dev/null </dev/null",
                                  widths[i / 2], all ? "-v" : "", folder, folder);
                assert_non_null(strstr(r.out, "xe_vm_close"));
                assert_int_equal(all || width >= 200, strstr(r.out, "somebody@example.org") != NULL);
                for (char *line = strtok(r.out, "\r\n"); line && !all; line = strtok(NULL, "\r\n")) {
                        /* Where it takes long, how far it is was shown, and is taken away. */
                        static const char erase[] = "\033[K";

                        while (strncmp(line, erase, sizeof(erase) - 1) == 0)
                                line += sizeof(erase) - 1;
                        if (strlen(line) > width)
                                fail_msg("%lu columns: %s", width, line);
                }
                run_done(&r);
        }
}

/* JSON in a pipe and in a file, as of every other report; --format decides. */
static void test_format(void **state) {
        (void) state;
        static const struct {
                const char *call, *begin;
        } cases[] = {
                { "scan --by signature %1$s | cat", "{" },
                { "scan --by signature -o %2$s/f %1$s; cat %2$s/f", "{" },
                { "scan --by signature --format text -o %2$s/f %1$s; cat %2$s/f", "1 signature" },
                { "scan --by signature --format text %1$s", "1 signature" },
                { "scan --format json --by signature %1$s", "{" },
        };

        for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
                char call[800], command[700];
                snprintf(command, sizeof(command), "$VMLIFE %s", cases[i].call);
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
                snprintf(call, sizeof(call), command, fixture("kcsan-ps2.log"), new_folder());
#pragma GCC diagnostic pop
                struct run r = run_shell("%s", call);
                if (strncmp(r.out, cases[i].begin, strlen(cases[i].begin)) != 0)
                        fail_msg("%s: %s", call, r.out);
                run_done(&r);
        }
}

/* A folder of logs, and of the reports that were saved of them, read alike; hosts and days come from a journal. */
static void test_folders_and_saved_reports(void **state) {
        (void) state;
        const char *logs = new_folder(), *reports = new_folder();

        shell("cp tests/unit/fixtures/kcsan-ps2.log tests/unit/fixtures/vmlife.log %s", logs);
        shell("for i in %s/*.log; do $VMLIFE scan $i -o %s/$(basename $i).json || test $? = 1; done", logs, reports);
        struct run a = vmlife("scan --by signature --format text %s", logs),
                   b = vmlife("scan --by signature --format text %s", reports);
        assert_int_equal(a.status, 1);
        assert_string_equal(a.out, b.out);
        run_done(&a);
        run_done(&b);
        /* -v: where an example of each begins, in a log and in the report of one. */
        a = vmlife("scan --by signature --format text -v %s", logs);
        b = vmlife("scan --by signature --format text -v %s", reports);
        assert_string_equal(a.out, b.out);
        char place[700];
        snprintf(place, sizeof(place), " of %s/kcsan-ps2.log\n", logs);
        assert_non_null(strstr(a.out, place));
        run_done(&a);
        run_done(&b);
        const char *journal = journal_of(fixture("kcsan-ps2.log"), '5', 0);
        a = vmlife("scan --by signature --format text %s %s", journal, reports);
        assert_int_equal(a.status, 1);
        const char *line = line_with(a.out, "KCSAN: data-race in");
        unsigned long boots, hosts;
        assert_int_equal(sscanf(line, "v2:%*8s low %*u %lu %lu", &boots, &hosts), 2);
        assert_int_equal(boots, 2);
        assert_int_equal(hosts, 1);
        assert_non_null(strstr(line, "  2026-"));
        run_done(&a);
}

static void test_known_and_owner(void **state) {
        (void) state;
        char path[600];
        static const char known[] = "{\"schema\": \"vmlife-known-issues/1\", \"issues\": [{\"name\": \"ps2\", "
                                    "\"match\": {\"title\": \"ps2\"}, "
                                    "\"bug\": \"https://example.org/7\", \"owner\": \"input-team\"}]}";

        snprintf(path, sizeof(path), "%s/known.json", new_folder());
        write_file(path, known, sizeof(known) - 1);
        struct run r = vmlife("scan --by signature --format text --fail-on new --known %s %s", path,
                              fixture("kcsan-ps2.log"));
        if (r.status != 0)
                fail_msg("%d %s", r.status, r.err);
        const char *line = line_with(r.out, "KCSAN: data-race in");
        assert_non_null(strstr(line, "known: ps2  owner: input-team"));
        assert_non_null(strstr(r.out, "; 1 known\n"));
        run_done(&r);
}

/* Other tools' JSON is no report, and what journalctl and dmesg print is a log, also compressed; a folder of reports
 * says what else is in it. */
static void test_other_json(void **state) {
        (void) state;
        const char *folder = new_folder();

        shell("$VMLIFE scan %s -o %s/report.json; test $? = 1", fixture("kcsan-ps2.log"), folder);
        shell("for i in sarif kcidb; do $VMLIFE export --to $i %s/report.json -o %s/$i.json; done", folder, folder);
        struct run r = vmlife("scan --by signature --format text %s", folder);
        assert_int_equal(r.status, 1);
        assert_non_null(strstr(r.out, "1 signature, 1 event in 1 boot of 1 source"));
        assert_non_null(
                strstr(r.err, "2 of 2 files hold no kernel log and were passed over: kcidb.json, sarif.json\n"));
        run_done(&r);
        r = vmlife("export --to markdown %s", folder);
        assert_int_equal(r.status, 0);
        assert_non_null(strstr(r.out, "KCSAN: data-race in"));
        run_done(&r);
        const char *logs = new_folder();
        shell("sed 's/^\\[[^]]*\\]\\(\\[[^]]*\\]\\)* //' %s | jq -Rc '{MESSAGE: ., PRIORITY: \"4\", _TRANSPORT: "
              "\"kernel\"}' "
              ">%s/journal.json",
              fixture("kcsan-ps2.log"), logs);
        for (int i = 0; i < 2; i++) {
                r = vmlife("scan --by signature --format text %s%s", logs, i == 0 ? "/journal.json" : "");
                assert_int_equal(r.status, 1);
                assert_non_null(strstr(r.out, "KCSAN: data-race in"));
                run_done(&r);
                shell("gzip -f %s/journal.json || test -e %s/journal.json.gz", logs, logs);
        }
}

/* A job's folder: logs, the reports of some of them, and a report whose log is gone. */
static void test_logs_and_reports_in_a_folder(void **state) {
        (void) state;
        const char *folder = new_folder(), *gone = new_folder();
        char summary[200];
        unsigned long boots, hosts;

        shell("cp %s %s/a.log && cp tests/unit/fixtures/vmlife.log %s/b.log && mkdir %s/reports",
              fixture("kcsan-ps2.log"), folder, folder, folder);
        struct run r = vmlife("scan --by signature --format text %s", folder);
        snprintf(summary, sizeof(summary), "%.*s", (int) strcspn(r.out, "\n"), r.out);
        run_done(&r);
        shell("$VMLIFE scan --label machine=m1 %s/a.log -o %s/reports/a.json || test $? = 1", folder, folder);
        /* What a log and its report both have counts once, and what the lab said of the log is kept. */
        r = vmlife("scan --by signature --format text %s", folder);
        assert_int_equal(r.status, 1);
        if (strncmp(r.out, summary, strlen(summary)) != 0 || *r.err)
                fail_msg("not \"%s\": %s %s", summary, r.out, r.err);
        assert_int_equal(sscanf(line_with(r.out, "KCSAN: data-race in"), "v2:%*8s low %*u %*u %lu", &hosts), 1);
        assert_int_equal(hosts, 1);
        run_done(&r);
        r = vmlife("diff --injected --format text %s %s", folder, folder);
        assert_int_equal(r.status, 0);
        assert_non_null(strstr(r.out, "BASE: 2 boots"));
        run_done(&r);
        shell("sed 's/^\\[ *[0-9]*/[ 77/' %s >%s/c.log && $VMLIFE scan %s/c.log -o %s/reports/c.ndjson --format ndjson "
              "|| "
              "test $? = 1",
              fixture("kcsan-ps2.log"), gone, gone, folder);
        r = vmlife("scan --by signature --format text %s", folder);
        assert_int_equal(sscanf(line_with(r.out, "KCSAN: data-race in"), "v2:%*8s low %*u %lu", &boots), 1);
        assert_int_equal(boots, 2);
        run_done(&r);
        /* Without --by the logs are read, and the reports counted. */
        r = vmlife("scan --format text %s", folder);
        assert_non_null(strstr(r.out, " in 2 boots"));
        assert_non_null(strstr(r.err, "2 of 4 files hold no kernel log and were passed over: reports/a.json, "
                                      "reports/c.ndjson; 2 are saved reports"));
        run_done(&r);
        r = vmlife("scan %s/reports", folder);
        assert_int_equal(r.status, 2);
        assert_non_null(strstr(r.err, "2 are saved reports, which \"scan --by signature\", diff and export read"));
        run_done(&r);
}

/* Whether a report's findings fail is asked of them now, and was asked of their log with other words. */
static void test_status_of_reports(void **state) {
        (void) state;
        const char *folder = new_folder();
        static const struct {
                const char *asked;
                int status;
        } calls[] = { { "", 1 }, { "--fail-on medium", 0 }, { "--fail-on likely", 0 } };

        shell("$VMLIFE scan --fail-on critical %s -o %s/none.json && $VMLIFE scan %s -o %s/any.json; test $? = 1",
              fixture("kcsan-ps2.log"), folder, fixture("kcsan-ps2.log"), folder);
        for (size_t i = 0; i < 3; i++) {
                struct run none = vmlife("scan --by signature --format text %s %s/none.json", calls[i].asked, folder),
                           any = vmlife("scan --by signature --format text %s %s/any.json", calls[i].asked, folder);
                assert_int_equal(none.status, calls[i].status);
                assert_int_equal(any.status, calls[i].status);
                run_done(&none);
                run_done(&any);
        }
}

/* What does not fit is counted, and the order of an option brings it back. */
static void test_lines(void **state) {
        (void) state;
        const char *logs = "tests/logs/6.1-kcsan-trap-gpf.log.xz tests/logs/6.1-vm-early-put.log";
        struct run all = vmlife("scan --by signature --format text --lines all %s %s", logs, fixture("kcsan-ps2.log")),
                   two = vmlife("scan --by signature --format text -n 2 %s %s", logs, fixture("kcsan-ps2.log"));
        unsigned long n, rest;

        assert_int_equal(sscanf(all.out, "%lu signatures", &n), 1);
        assert_true(n >= 5);
        assert_null(strstr(all.out, "not listed"));
        const char *more = line_with(two.out, "are not listed");
        assert_int_equal(sscanf(more, "%lu more", &rest), 1);
        assert_int_equal(rest, n - 2);
        assert_non_null(strstr(more, "injected"));
        assert_non_null(strstr(two.out, "--lines all lists them"));
        run_done(&two);
        two = vmlife("scan --by signature --format text --lines 0 %s", logs);
        assert_int_equal(two.status, 2);
        assert_non_null(strstr(two.err, "number of lines or all"));
        run_done(&two);
        two = vmlife("scan --lines 3 %s", logs);
        assert_int_equal(two.status, 2);
        run_done(&two);
        run_done(&all);
}

static void test_json(void **state) {
        (void) state;
        const char *folder = new_folder();

        shell("cd %s && printf '%%s' '{\"schema\": \"vmlife-known-issues/1\", \"issues\": [{\"name\": \"ps2\", "
              "\"match\": {\"title\": \"ps2\"}, \"owner\": \"input-team\"}]}' >known.json",
              folder);
        struct run r = vmlife("scan --by signature --format json --lines 1 --known %s/known.json -o %s/out.json "
                              "tests/logs/6.1-kcsan-trap-gpf.log.xz tests/logs/6.1-vm-early-put.log %s %s",
                              folder, folder, fixture("kcsan-ps2.log"), journal_of(fixture("kcsan-ps2.log"), '5', 0));
        assert_int_equal(r.status, 1);
        run_done(&r);
        shell("/usr/bin/jsonschema -i %s/out.json analyzer/schema/signatures.schema.json", folder);
        shell(". tests/json.sh; holds '.sources == 4 and .boots == 4 and (.signatures | length >= 4) and "
              "(.signatures[0].title | startswith(\"general protection\")) and .signatures[0].status == \"new\"' "
              "%s/out.json >%s/jq",
              folder, folder);
        shell(". tests/json.sh; holds '.signatures[] | select(.owner == \"input-team\") | .boots == 2 and .machines == "
              "1 and "
              ".status == \"known\" and .issue.name == \"ps2\" and (.first_seen | startswith(\"2026-\"))' %s/out.json "
              ">%s/jq",
              folder, folder);
        r = vmlife("scan --by signature --format ndjson %s", fixture("kcsan-ps2.log"));
        assert_int_equal(r.status, 2);
        assert_non_null(strstr(r.err, "--by signature writes text or json"));
        run_done(&r);
}

int main(void) {
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(test_logs),
                cmocka_unit_test(test_machines_by_label),
                cmocka_unit_test(test_width),
                cmocka_unit_test(test_width_of_syslogs),
                cmocka_unit_test(test_format),
                cmocka_unit_test(test_folders_and_saved_reports),
                cmocka_unit_test(test_known_and_owner),
                cmocka_unit_test(test_other_json),
                cmocka_unit_test(test_logs_and_reports_in_a_folder),
                cmocka_unit_test(test_status_of_reports),
                cmocka_unit_test(test_lines),
                cmocka_unit_test(test_json),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
