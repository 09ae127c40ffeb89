/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Saved reports: read back they are what was written; whatever else a file holds is an error that says where. */
#include <errno.h>
#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/macros.h"
#include "cmocka_all.h"
#include "saved/json.h"
#include "saved/saved.h"
#include "vmlife.h"

/* --- files --- */

static char *text_at(const char *path) {
        FILE *f = fopen(path, "r");
        char *text = NULL;
        size_t size = 0;

        assert_non_null(f);
        assert_true(getdelim(&text, &size, '\0', f) > 0);
        fclose(f);
        return text;
}

/* A new file with that text; static memory of a few. */
static const char *file_of(const char *text, size_t n) {
        static char paths[4][600];
        static unsigned i;
        char *path = paths[i++ % 4];

        snprintf(path, sizeof(paths[0]), "%s/report", new_folder());
        write_file(path, text, n);
        return path;
}

static const char *report_of(const char *format, const char *log) {
        static char paths[4][600];
        static unsigned i;
        char *path = paths[i++ % 4];

        snprintf(path, sizeof(paths[0]), "%s/report", new_folder());
        struct run r = vmlife("scan --format %s -o %s %s", format, path, log);
        assert_true(r.status == 0 || r.status == 1);
        run_done(&r);
        return path;
}

/* What is written of what was read. */
static char *written(const struct saved *s, int (*write)(const struct scan *, FILE *)) {
        char *text = NULL;
        size_t size;
        FILE *f = open_memstream(&text, &size);

        assert_non_null(f);
        assert_int_equal(write(&s->scan, f), 0);
        fclose(f);
        return text;
}

/* --- there and back --- */

static void check_round_trip(const char *log) {
        struct saved s = {}, lines = {};
        const char *json = report_of("json", log), *ndjson = report_of("ndjson", log);
        char *before = text_at(json), *lines_before = text_at(ndjson);

        assert_int_equal(saved_read(&s, json), 0);
        char *after = written(&s, write_json);
        assert_string_equal(after, before);
        assert_int_equal(saved_read(&lines, ndjson), 0);
        char *lines_after = written(&lines, write_ndjson), *as_json = written(&lines, write_json);
        assert_string_equal(lines_after, lines_before);
        assert_string_equal(as_json, before);
        free(before);
        free(after);
        free(lines_before);
        free(lines_after);
        free(as_json);
        saved_done(&s);
        saved_done(&lines);
}

static void test_round_trip(void **state) {
        static const char *const patterns[] = { "tests/unit/fixtures/*.log", "tests/unit/fixtures/kinds/*.log",
                                                "tests/logs/*.log" };
        glob_t logs = {};

        (void) state;
        for (size_t i = 0; i < ARRAY_SIZE(patterns); i++)
                assert_int_equal(glob(patterns[i], i ? GLOB_APPEND : 0, NULL, &logs), 0);
        assert_true(logs.gl_pathc > 30);
        for (size_t i = 0; i < logs.gl_pathc; i += by_checker(1, 7, 21))
                check_round_trip(logs.gl_pathv[i]);
        globfree(&logs);
}

static void test_round_trip_of_a_journal(void **state) {
        (void) state;
        check_round_trip(journal_of(fixture("vmlife.log"), 'a', 0));
}

/* Control characters, no UTF-8 and NULs of a log have become text; as text they stay. */
static void test_round_trip_of_bytes(void **state) {
        static const char log[] = "[    1.000000] ------------[ cut here ]------------\n"
                                  "[    1.000001] WARNING: CPU: 0 PID: 7 at a/\"\\b\".c:1 f\xff\x01+0x1/0x2\n"
                                  "[    1.000002] CPU: 0 PID: 7 Comm: \xe2\x80\xa8<script>\x7f Not tainted 6.1.0\n"
                                  "[    1.000003] Call Trace:\n"
                                  "[    1.000004]  g+0x1/0x2\n"
                                  "[    1.000005] ---[ end trace 0000000000000000 ]---\n";
        (void) state;
        check_round_trip(file_of(log, sizeof(log) - 1));
}

/* Tools that rewrite JSON put keys in another order. */
static void test_any_order_of_keys(void **state) {
        const char *json = report_of("json", fixture("vmlife.log"));
        char sorted[700], command[1500];
        struct saved a = {}, b = {};

        (void) state;
        snprintf(sorted, sizeof(sorted), "%s.sorted", json);
        snprintf(command, sizeof(command), "jq -cS . %s >%s", json, sorted);
        assert_int_equal(system(command), 0);
        assert_int_equal(saved_read(&a, json), 0);
        assert_int_equal(saved_read(&b, sorted), 0);
        assert_int_equal(a.scan.store.n, 3);
        assert_int_equal(b.scan.store.n, 3);
        assert_string_equal(a.scan.boots.items[0]->inject, b.scan.boots.items[0]->inject);
        saved_done(&a);
        saved_done(&b);
}

/* --- several reports --- */

static void test_the_same_boot_twice(void **state) {
        const char *journal = journal_of(fixture("vmlife.log"), 'b', 0);
        char path[600];
        struct saved s = {};

        (void) state;
        snprintf(path, sizeof(path), "%s", report_of("json", journal));
        assert_int_equal(saved_read(&s, path), 0);
        assert_int_equal(saved_read(&s, report_of("ndjson", journal)), 0);
        assert_int_equal(s.n_reports, 2);
        assert_int_equal(s.reports[0].findings, 3);
        assert_int_equal(s.reports[1].findings, 3);
        assert_int_equal(s.scan.boots.n, 1);
        assert_int_equal(s.scan.boots.items[0]->verdict, VERDICT_FINDINGS);
        assert_int_equal(s.scan.store.n, 3);
        for (size_t i = 0; i < 3; i++)
                assert_int_equal(s.scan.store.items[i]->count, 1);
        saved_done(&s);
}

static void test_two_boots(void **state) {
        char first[600];
        struct saved s = {};

        (void) state;
        snprintf(first, sizeof(first), "%s", report_of("json", fixture("vmlife.log")));
        assert_int_equal(saved_read(&s, first), 0);
        assert_int_equal(saved_read(&s, report_of("json", fixture("two-cpus.log"))), 0);
        assert_int_equal(s.scan.boots.n, 2);
        assert_int_equal(s.scan.n_sources, 2);
        for (size_t i = 0; i < s.scan.store.n; i++) {
                const struct finding *f = s.scan.store.items[i];
                assert_int_equal(f->boot, i < 3 ? 0 : 1);
                assert_int_equal(f->source, f->boot);
                assert_int_equal(s.scan.boots.items[f->boot]->source, f->source);
        }
        saved_done(&s);
}

/* grep and jq cut findings out of a stream: they are still of their boot. */
static void test_findings_alone(void **state) {
        const char *ndjson = report_of("ndjson", journal_of(fixture("vmlife.log"), 'c', 0));
        char cut[700], command[1500];
        struct saved s = {};

        (void) state;
        snprintf(cut, sizeof(cut), "%s.cut", ndjson);
        snprintf(command, sizeof(command), "jq -c 'select(.type == \"finding\")' %s | tail -n 2 >%s", ndjson, cut);
        assert_int_equal(system(command), 0);
        assert_int_equal(saved_read(&s, cut), 0);
        assert_int_equal(s.scan.store.n, 2);
        assert_int_equal(s.scan.boots.n, 1);
        assert_int_equal(s.scan.boots.items[0]->verdict, VERDICT_FINDINGS);
        assert_string_equal(s.scan.boots.items[0]->id, "cccccccccccccccccccccccccccccccc");
        assert_int_equal(s.scan.boots.items[0]->n_reasons, 1);
        free(written(&s, write_json));
        saved_done(&s);
}

/* What follow writes comes to what scan finds; here with and without the end of the reports in the same run. */
static void test_what_follow_writes(void **state) {
        const char *journal = journal_of(fixture("vmlife.log"), 'd', 0);
        char lines[700];
        struct saved scanned = {}, followed = {};

        (void) state;
        snprintf(lines, sizeof(lines), "%s/lines", new_folder());
        struct run r = vmlife("follow --once --fail-on=certain -D %s -o %s --state %s.state", journal, lines, lines);
        assert_true(r.status == 0 || r.status == 1);
        run_done(&r);
        assert_int_equal(saved_read(&scanned, report_of("json", journal)), 0);
        assert_int_equal(saved_read(&followed, lines), 0);
        assert_int_equal(followed.scan.store.n, scanned.scan.store.n);
        assert_int_equal(followed.scan.boots.n, 1);
        for (size_t i = 0; i < scanned.scan.store.n; i++) {
                const struct finding *a = scanned.scan.store.items[i], *b = followed.scan.store.items[i];
                assert_string_equal(a->id, b->id);
                assert_int_equal(a->count, b->count);
                assert_int_equal(!a->cause, !b->cause);
                if (a->cause)
                        assert_string_equal(a->cause->id, b->cause->id);
        }
        saved_done(&scanned);
        saved_done(&followed);
}

static void test_updates_and_withdrawals(void **state) {
        const char *ndjson = report_of("ndjson", fixture("vmlife.log"));
        char more[700], command[2500];
        struct saved before = {}, after = {};

        (void) state;
        snprintf(more, sizeof(more), "%s.more", ndjson);
        snprintf(command, sizeof(command),
                 "(cat %s; jq -sc 'map(select(.type == \"finding\").id) as $id | {type: \"update\", id: $id[0], "
                 "revision: 1, rule: null, group: null, relevance: \"unrelated\", count: 9},"
                 " {type: \"withdrawn\", id: $id[1]}, {type: \"update\", id: $id[2], count: 4}, {type: \"withdrawn\", "
                 "id: (\"0\" * 32)}, {type: \"update\", id: $id[1], count: 5}' %s) >%s",
                 ndjson, ndjson, more);
        assert_int_equal(system(command), 0);
        assert_int_equal(saved_read(&before, ndjson), 0);
        assert_int_equal(saved_read(&after, more), 0);
        assert_int_equal(after.scan.store.n, 2);
        const struct finding *f = after.scan.store.items[0], *g = after.scan.store.items[1];
        assert_string_equal(f->id, before.scan.store.items[0]->id);
        assert_null(f->rule);
        assert_int_equal(f->relevance, RELEVANCE_UNRELATED);
        assert_int_equal(f->count, 9);
        assert_string_equal(f->title, before.scan.store.items[0]->title);
        assert_null(f->cause);
        assert_string_equal(g->id, before.scan.store.items[2]->id);
        assert_int_equal(g->count, 4);
        assert_non_null(before.scan.store.items[2]->cause);
        /* Its cause is still there, although that stands alone now. */
        assert_string_equal(g->cause->id, f->id);
        free(written(&after, write_json));
        saved_done(&before);
        saved_done(&after);
}

/* --- what it was before --- */

/* As the first vmlife wrote it: no verdicts, no coverage, no groups, no question. */
static void test_without_verdicts(void **state) {
        const char *json = report_of("json", fixture("vmlife.log"));
        char old[700], command[1500];
        struct saved s = {};

        (void) state;
        snprintf(old, sizeof(old), "%s.old", json);
        snprintf(command, sizeof(command),
                 "jq 'del(.groups, .summary.asked, .summary.verdicts, .boots[].verdict, .boots[].reasons, "
                 ".boots[].coverage, .findings[].group,"
                 " .findings[].link)' %s >%s",
                 json, old);
        assert_int_equal(system(command), 0);
        assert_int_equal(saved_read(&s, old), 0);
        assert_int_equal(s.scan.store.n, 3);
        assert_int_equal(s.scan.boots.items[0]->verdict, VERDICT_FINDINGS);
        assert_int_equal(s.scan.boots.items[0]->n_reasons, 1);
        assert_int_equal(s.scan.boots.items[0]->watch[DETECTOR_KCSAN].present, PRESENCE_UNKNOWN);
        saved_done(&s);
}

/* --- what cannot be --- */

static void check_refused(const char *path, const char *said) {
        /* The command says it as the library does, and writes nothing. */
        struct run r = vmlife("export --to junit %s", path);
        if (r.status != 2 || !strstr(r.err, said))
                fail_msg("%s: exit status %d, said: %s", said, r.status, r.err);
        assert_string_equal(r.out, "");
        run_done(&r);
}

static const struct {
        const char *jq, *said;
} refused[] = {
        { ".schema = \"vmlife-report/99\"", "has the schema vmlife-report/99, this vmlife reads up to" },
        { ".schema = \"other/1\"", "its schema is \"other/1\"" },
        { "del(.schema)", "it has no schema" },
        { "del(.summary)", "it has no summary" },
        { ".tool = 1", "tool[0]: it is not an object" },
        { ".boots = {}", "boots[0]: first_seen" },
        { ".findings = [1]", "findings[0]: it is not an object" },
        { ".findings[1] |= del(.id)", "findings[1]: id is missing" },
        { ".findings[0].id = \"7\"", "findings[0]: id does not have the form that it must have" },
        { ".findings[0].signature = \"v2:x\"", "signature does not have the form" },
        { ".findings[2].title = \"\"", "findings[2]: title is missing" },
        { ".findings[0].title = 5", "title is not a string" },
        { ".findings[0].relevance = \"maybe\"", "relevance is none of the words that it can be" },
        { ".findings[0].count = 0", "count is 0" },
        { ".findings[0].count = -1", "count is less than 0" },
        { ".findings[0].count = 1.5", "count is not a whole number" },
        { ".findings[0].boot = 1e30", "boot is not a whole number" },
        { ".findings[0] |= (del(.log_id) | .boot = 4294967296)", "boot is a number beyond any that there can be" },
        { ".findings[0].boot = -1", "boot is less than 0" },
        { ".findings[0] |= del(.boot, .log_id)", "boot is missing" },
        { ".findings[0].source.index = 3", "refers to source 3, and there are 1 sources" },
        { ".findings[0].source.index = 99999999", "source is a number beyond any" },
        { ".findings[0].stacks[0].frames = 7", "frames is not an array" },
        { ".findings[0].stacks[0].frames[0] = null", "frames holds what is no object" },
        { ".findings[0].stacks[0].frames[0].offset = \"12\"", "offset is not a string \"0x...\"" },
        { ".findings[0].accesses = [{\"type\":\"read\",\"stack\":44}]", "accesses name a stack that is not there" },
        { ".findings[0].first_seen = {\"realtime\":\"yesterday\"}", "first_seen has a realtime that is no time" },
        { ".findings[0].functions = [{}]", "functions is not a string" },
        { ".boots[0].verdict = \"good\"", "boots[0]: verdict is none of the words" },
        { ".boots[0].exposure.passes = {\"a\": []}", "passes holds what is no count" },
};

static void test_refused_values(void **state) {
        char json[600], bad[700], command[2500];

        (void) state;
        snprintf(json, sizeof(json), "%s", report_of("json", fixture("vmlife.log")));
        snprintf(bad, sizeof(bad), "%s.bad", json);
        for (size_t i = 0; i < ARRAY_SIZE(refused); i++) {
                struct saved s = {};
                snprintf(command, sizeof(command), "jq '%s' %s >%s", refused[i].jq, json, bad);
                assert_int_equal(system(command), 0);
                if (strcmp(refused[i].jq, ".boots = {}") == 0)
                        continue;
                assert_true(saved_read(&s, bad) < 0);
                saved_done(&s);
                check_refused(bad, refused[i].said);
        }
}

static void test_refused_files(void **state) {
        char deep[4096];

        (void) state;
        memset(deep, '[', sizeof(deep));
        memcpy(deep, "{\"schema\":", 10);
        check_refused(file_of(deep, sizeof(deep)), "nesting too deep");
        check_refused(file_of("", 0), "is empty: it is not a report");
        check_refused(file_of("[]", 2), "it does not begin with \"{\"");
        check_refused(file_of("{}", 2), "it has no schema");
        check_refused(file_of("{\"schema\":\"vmlife-report/1\"", 26), "is cut off");
        check_refused(file_of("{\"type\":\"report\"}\n", 18), "its schema is \"\"");
        check_refused(file_of("[    0.0] a log\n", 16), "a log is scanned first: vmlife scan");
        check_refused(file_of("{\"a\":1 \"b\":2}", 13), "no comma between two members");
        check_refused("/nonexistent/report.json", "cannot open /nonexistent/report.json: No such file");
        check_refused(new_folder(), "is a report that scan or follow wrote");
}

/* Wherever it is cut, it is no report; what it gave by then is given back. */
static void test_cut_anywhere(void **state) {
        static const char *const formats[] = { "json", "ndjson" };
        const size_t step = by_checker(7, 331, 997);

        (void) state;
        for (size_t k = 0; k < 2; k++) {
                char *text = text_at(report_of(formats[k], fixture("vmlife.log")));
                const char *path = file_of(text, 0);
                const size_t n = strlen(text);
                for (size_t i = 1; i + 2 < n; i += step) {
                        struct saved s = {};
                        write_file(path, text, i);
                        int e = saved_read(&s, path);
                        /* Lines that are whole make a shorter stream. */
                        assert_true(e < 0 || (k == 1 && strchr("}\n", text[i - 1])));
                        saved_done(&s);
                }
                free(text);
        }
}

/* One byte is another: no crash, and what is taken can be written. */
static void test_bytes_changed_at_random(void **state) {
        char *text = text_at(report_of("json", fixture("lockdep-circular.log")));
        const size_t n = strlen(text);
        const char *path = file_of(text, n);
        unsigned seed = 7, read = 0;

        (void) state;
        for (unsigned i = 0; i < (by_checker(1500, 60, 20)); i++) {
                struct saved s = {};
                const size_t at = (size_t) rand_r(&seed) % n;
                const char was = text[at];

                text[at] = (char) rand_r(&seed);
                write_file(path, text, n);
                if (saved_read(&s, path) == 0) {
                        read++;
                        free(written(&s, write_json));
                }
                saved_done(&s);
                text[at] = was;
        }
        assert_true(read > 0);
        free(text);
}

/* Written by the first version with this schema, before findings had a status or an owner, and when all that told one
 * text from another was its first line: ids of text are others now. */
static void test_first_version(void **state) {
        struct saved s = {};

        (void) state;
        assert_int_equal(saved_read(&s, fixture("saved/first-version.json")), 0);
        struct json_object *now = scan(1, "%s", fixture("vmlife.log"));
        assert_int_equal(s.scan.store.n, n_findings(now));
        for (size_t i = 0; i < s.scan.store.n; i++) {
                assert_int_equal(strlen(s.scan.store.items[i]->id), ID_CHARS);
                assert_string_equal(s.scan.store.items[i]->signature, text_of(finding(now, i), "former_signature"));
        }
        json_object_put(now);
        saved_done(&s);
}

/* A report of the release that had signatures of version 1, and its log, of which three are blamed on others since. */
static void test_signatures_of_version_1(void **state) {
        char old[600], log[600], known[600];

        (void) state;
        snprintf(old, sizeof(old), "%s", fixture("saved/signature-v1.json"));
        snprintf(log, sizeof(log), "%s", fixture("saved/signature-v1.log"));
        struct json_object *now = scan(1, "%s", log);
        struct saved s = {};
        size_t others = 0;

        assert_int_equal(saved_read(&s, old), 0);
        assert_int_equal(s.scan.store.n, n_findings(now));
        for (size_t i = 0; i < n_findings(now); i++) {
                const struct finding *was = s.scan.store.items[i];
                const char *is = text_of(finding(now, i), "signature");
                assert_memory_equal(is, "v2:", 3);
                assert_string_equal(text_of(finding(now, i), "former_signature"), was->signature);
                assert_string_equal(text_of(finding(now, i), "id"), was->id);
                others += strcmp(is + 3, was->signature + 3) != 0;
        }
        assert_int_equal(others, 3);

        /* diff, either way round. */
        for (int k = 0; k < 2; k++) {
                struct run r = vmlife("diff --format json %s %s", k ? old : log, k ? log : old);
                struct json_object *d = json_tokener_parse(r.out), *changes = member(member(d, "summary"), "changes");
                assert_int_equal(json_object_get_int(member(changes, "still-there")), 4);
                assert_int_equal(json_object_array_length(member(d, "findings")), 4);
                json_object_put(d);
                run_done(&r);
        }

        /* Known issues, by either. */
        for (int k = 0; k < 2; k++) {
                snprintf(known, sizeof(known), "%s/known.json", new_folder());
                FILE *f = fopen(known, "w");
                assert_non_null(f);
                fputs("{\"schema\": \"vmlife-known-issues/1\", \"issues\": [{\"name\": \"old\", \"match\": "
                      "{\"signature\": [",
                      f);
                for (size_t i = 0; i < s.scan.store.n; i++)
                        fprintf(f, "%s\"%s\"", i ? ", " : "",
                                text_of(finding(now, i), k ? "signature" : "former_signature"));
                fputs("]}}]}", f);
                fclose(f);
                struct json_object *r = scan(1, "--known %s %s", known, log);
                for (size_t i = 0; i < n_findings(r); i++)
                        assert_string_equal(text_of(finding(r, i), "status"), "known");
                json_object_put(r);
        }

        /* Against it nothing is new on the page; against another report all is. */
        char path[600];
        snprintf(path, sizeof(path), "%s/new.json", new_folder());
        shell("$VMLIFE scan --format json -o %s %s || [ $? = 1 ]", path, log);
        shell("[ $($VMLIFE export --to html --base %s %s | grep -o 'badge new\"' | wc -l) = 0 ]", old, path);
        shell("[ $($VMLIFE export --to html --base %s %s | grep -o 'badge new\"' | wc -l) = 4 ]",
              fixture("saved/first-version.json"), path);
        json_object_put(now);
        saved_done(&s);
}

int main(void) {
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(test_first_version),
                cmocka_unit_test(test_signatures_of_version_1),
                cmocka_unit_test(test_round_trip),
                cmocka_unit_test(test_round_trip_of_a_journal),
                cmocka_unit_test(test_round_trip_of_bytes),
                cmocka_unit_test(test_any_order_of_keys),
                cmocka_unit_test(test_the_same_boot_twice),
                cmocka_unit_test(test_two_boots),
                cmocka_unit_test(test_findings_alone),
                cmocka_unit_test(test_what_follow_writes),
                cmocka_unit_test(test_updates_and_withdrawals),
                cmocka_unit_test(test_without_verdicts),
                cmocka_unit_test(test_refused_values),
                cmocka_unit_test(test_refused_files),
                cmocka_unit_test(test_cut_anywhere),
                cmocka_unit_test(test_bytes_changed_at_random),
        };
        return cmocka_run_group_tests(tests, NULL, NULL);
}
