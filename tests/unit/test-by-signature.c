/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Many logs, a line for each bug: scan --by signature. */
#include <stdio.h>
#include <string.h>

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
        struct run r = vmlife("scan --by signature tests/logs/6.1-kcsan-trap-gpf.log.xz "
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

/* A folder of logs, and of the reports that were saved of them, read alike; hosts and days come from a journal. */
static void test_folders_and_saved_reports(void **state) {
        (void) state;
        const char *logs = new_folder(), *reports = new_folder();

        shell("cp tests/unit/fixtures/kcsan-ps2.log tests/unit/fixtures/vmlife.log %s", logs);
        shell("for i in %s/*.log; do $VMLIFE scan $i -o %s/$(basename $i).json || test $? = 1; done", logs, reports);
        struct run a = vmlife("scan --by signature %s", logs), b = vmlife("scan --by signature %s", reports);
        assert_int_equal(a.status, 1);
        assert_string_equal(a.out, b.out);
        run_done(&a);
        run_done(&b);
        const char *journal = journal_of(fixture("kcsan-ps2.log"), '5', 0);
        a = vmlife("scan --by signature %s %s", journal, reports);
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
        struct run r = vmlife("scan --by signature --fail-on new --known %s %s", path, fixture("kcsan-ps2.log"));
        if (r.status != 0)
                fail_msg("%d %s", r.status, r.err);
        const char *line = line_with(r.out, "KCSAN: data-race in");
        assert_non_null(strstr(line, "known: ps2  owner: input-team"));
        assert_non_null(strstr(r.out, "; 1 known\n"));
        run_done(&r);
}

static void test_only_text(void **state) {
        (void) state;
        struct run r = vmlife("scan --by signature --format json %s", fixture("kcsan-ps2.log"));

        assert_int_equal(r.status, 2);
        assert_non_null(strstr(r.err, "--by signature writes text"));
        run_done(&r);
}

int main(void) {
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(test_logs),
                cmocka_unit_test(test_folders_and_saved_reports),
                cmocka_unit_test(test_known_and_owner),
                cmocka_unit_test(test_only_text),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
