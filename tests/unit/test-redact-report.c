/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Reports that leave the lab tell nobody's name, and say the same all the same. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/macros.h"
#include "cmocka_all.h"
#include "planted.h"
#include "vmlife.h"

/* The log as a syslog daemon files it, in somebody's folder that is named by what tests put there. */
static const char *syslog_with_secrets(void) {
        static char path[700];
        const char *folder = new_folder();

        shell("mkdir -p %s/home/mallory/projectx && sed 's/^/Nov 23 10:00:00 labhost-7 kernel: /' %s > "
              "%s/home/mallory/projectx/labhost-7.log",
              folder, log_with_secrets(), folder);
        snprintf(path, sizeof(path), "%s/home/mallory/projectx/labhost-7.log", folder);
        return path;
}

/* Journals as they lie below /var/log/journal. */
static const char *journal_with_secrets(void) {
        static char args[700];
        const char *journal = journal_of(log_with_secrets(), 'c', 0);

        shell("mkdir %s/00112233445566778899aabbccddeeff && mv %s/test.journal %s/00112233445566778899aabbccddeeff",
              journal, journal, journal);
        snprintf(args, sizeof(args), "-D %s/00112233445566778899aabbccddeeff", journal);
        return args;
}

static const char *text_with_secrets(void) {
        return log_with_secrets();
}

/* Text that does not vary, of any member: "" where there is none. */
static const char *json_of(struct json_object *o, const char *key) {
        struct json_object *v;

        return json_object_object_get_ex(o, key, &v) ? json_object_to_json_string(v) : "";
}

/* What reports are told apart and joined by. */
static void same(struct json_object *a, struct json_object *b) {
        static const char *const kept[] = {
                "id",        "signature", "title",  "detector",  "kind",     "rule",     "relevance", "why",
                "group",     "functions", "stacks", "locks",     "accesses", "boot",     "boot_id",   "first_seen",
                "last_seen", "count",     "kernel", "corrupted", "fields",   "severity", "injected",
        };
        static const char *const of_boots[] = { "id",       "release",  "verdict", "reasons",
                                                "coverage", "exposure", "variant", "first_seen" };
        struct json_object *x = member(a, "boots"), *y = member(b, "boots");

        assert_true(n_findings(a) > 1);
        assert_int_equal(n_findings(a), n_findings(b));
        for (size_t i = 0; i < n_findings(a); i++)
                for (size_t k = 0; k < ARRAY_SIZE(kept); k++)
                        assert_string_equal(json_of(finding(a, i), kept[k]), json_of(finding(b, i), kept[k]));
        assert_int_equal(json_object_array_length(x), json_object_array_length(y));
        for (size_t i = 0; i < json_object_array_length(x); i++)
                for (size_t k = 0; k < ARRAY_SIZE(of_boots); k++)
                        assert_string_equal(json_of(json_object_array_get_idx(x, i), of_boots[k]),
                                            json_of(json_object_array_get_idx(y, i), of_boots[k]));
        assert_string_equal(json_of(a, "groups"), json_of(b, "groups"));
        assert_string_equal(json_of(a, "summary"), json_of(b, "summary"));
}

static void test_nothing_left(void **state) {
        (void) state;
        static const char *(*const sources[])(void) = { text_with_secrets, syslog_with_secrets, journal_with_secrets };
        static const char *const forms[] = { "json", "ndjson", "text -v", "text -vv" };

        for (size_t i = 0; i < ARRAY_SIZE(sources); i++) {
                char *source = strdup(sources[i]());
                for (size_t k = 0; k < ARRAY_SIZE(forms); k++) {
                        struct run plain = vmlife("scan --format %s %s", forms[k], source);
                        struct run r = vmlife("scan --format %s --redact --redact-word projectx %s", forms[k], source);
                        assert_int_equal(plain.status, 1);
                        assert_int_equal(r.status, 1);
                        /* They were there. */
                        assert_non_null(strstr(plain.out, "secretd"));
                        assert_true(k > 1 || strstr(plain.out, "192.168.77.21"));
                        assert_true(i != 1 || strstr(plain.out, "mallory"));
                        for (size_t p = 0; planted[p]; p++)
                                if (strcasestr(r.out, planted[p]))
                                        fail_msg("%s got out as %s of %s: %.300s", planted[p], forms[k], source,
                                                 strcasestr(r.out, planted[p]));
                        run_done(&plain);
                        run_done(&r);
                }
                struct json_object *a = scan(1, "%s", source),
                                   *b = scan(1, "--redact --redact-word projectx %s", source);
                same(a, b);
                json_object_put(a), json_object_put(b);
                free(source);
        }
}

/* One key: the same names in all reports and bundles; another, or none: others. */
static void test_key(void **state) {
        (void) state;
        const char *folder = strdup(new_folder()), *source = journal_with_secrets();
        char *out[4];

        shell("echo 'a key of some bytes' > %s/key && echo 'a key of other bytes' > %s/other", folder, folder);
        for (size_t i = 0; i < ARRAY_SIZE(out); i++) {
                struct run r = i == 3 ? vmlife("scan --redact %s", source) :
                                        vmlife("scan --redact-key %s/%s %s", folder, i == 2 ? "other" : "key", source);
                assert_int_equal(r.status, 1);
                out[i] = strdup(r.out);
                run_done(&r);
        }
        assert_string_equal(out[0], out[1]);
        assert_string_not_equal(out[0], out[2]);
        assert_string_not_equal(out[0], out[3]);
        assert_string_not_equal(out[2], out[3]);

        struct run r = vmlife("bundle --redact-key %s/key -o %s/b.tar.zst %s", folder, folder, source);
        assert_int_equal(r.status, 0);
        run_done(&r);
        struct json_object *report = scan(1, "--redact-key %s/key %s", folder, source),
                           *bundle = scan(1, "%s/b.tar.zst", folder);
        struct json_object *x = json_object_array_get_idx(member(report, "boots"), 0),
                           *y = json_object_array_get_idx(member(bundle, "boots"), 0);
        assert_string_equal(text_of(x, "machine"), text_of(y, "machine"));
        assert_string_equal(text_of(x, "host"), text_of(y, "host"));
        /* A bundle knows names from all of its log, and these from the same places. */
        for (size_t i = 0; i < n_findings(report); i++)
                assert_string_equal(json_of(finding(report, i), "tasks"), json_of(finding(bundle, i), "tasks"));
        json_object_put(report), json_object_put(bundle);
        for (size_t i = 0; i < ARRAY_SIZE(out); i++)
                free(out[i]);
        free((void *) (uintptr_t) folder);
}

/* A real log, of a kernel that was built by vmlife on vmlife. */
static void test_real_log(void **state) {
        (void) state;
        struct json_object *a = scan(1, "tests/logs/6.1-vm-early-put.log"),
                           *b = scan(1, "--redact tests/logs/6.1-vm-early-put.log");

        same(a, b);
        json_object_put(a), json_object_put(b);
}

/* A task by the name of a word of reports is taken out where it stands for the task, and the report still reads. */
static void test_task_by_a_word(void **state) {
        (void) state;
        const char *folder = new_folder();

        shell("sed 's/Comm: secretd/Comm: context/' %s > %s/log", log_with_secrets(), folder);
        struct json_object *a = scan(1, "%s/log", folder), *b = scan(1, "--redact %s/log", folder);
        same(a, b);
        assert_non_null(strstr(json_of(finding(a, 0), "tasks"), "\"context\""));
        assert_null(strstr(json_of(finding(b, 0), "tasks"), "\"context\""));
        assert_null(strstr(text_of(finding(b, 0), "excerpt"), "Comm: context"));
        json_object_put(a), json_object_put(b);
}

/* What a lab wrote into its file of known issues is its own to give away; where the file lies is not. */
static void test_known_issues(void **state) {
        (void) state;
        const char *folder = new_folder(), *log = log_with_secrets();

        shell("mkdir -p %s/home/mallory && echo '{\"schema\": \"vmlife-known-issues/1\", \"issues\": [{\"name\": "
              "\"close\", \"owner\": \"graphics team\", "
              "\"match\": {\"title\": \"i915_gem_context_close\"}}]}' > %s/home/mallory/known.json",
              folder, folder);
        struct run r = vmlife("scan --redact --known %s/home/mallory/known.json %s", folder, log);
        assert_int_equal(r.status, 1);
        assert_non_null(strstr(r.out, "graphics team"));
        assert_null(strstr(r.out, "mallory"));
        run_done(&r);
        json_object_put(scan(1, "--redact --known %s/home/mallory/known.json %s", folder, log));
}

/* Names of any bytes. */
static void test_hostile(void **state) {
        (void) state;
        static const char *const names[] = { "\xff\xfe\x80", "\x01\x1b[31m", "\"quote\\", "a", ".",   "=",
                                             "(none)",       "%s%n",         "\xe2\x80",  "",  "i915" };
        const char *folder = new_folder();

        for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
                char path[600], *log = NULL;
                int n = asprintf(&log,
                                 "[    0.000001] Command line: x=/home/%s user=%s hostname=%s\n"
                                 "[    0.600000] WARNING: CPU: 1 PID: 812 at drivers/gpu/drm/i915/i915_gem.c:12 "
                                 "i915_gem_close+0x1/0x20 [i915]\n"
                                 "[    0.600001] CPU: 1 PID: 812 Comm: %s Not tainted 6.1.0-lab #1\n"
                                 "[    0.600002] RIP: 0010:i915_gem_close+0x1/0x20 [i915]\n"
                                 "[    0.600003] Call Trace:\n"
                                 "[    0.600005]  i915_gem_close+0x1/0x20 [i915]\n"
                                 "[    0.600008] ---[ end trace 0000000000000000 ]---\n",
                                 names[i], names[i], names[i], names[i]);
                assert_true(n > 0);
                snprintf(path, sizeof(path), "%s/log", folder);
                write_file(path, log, (size_t) n);
                struct json_object *a = scan(1, "%s", path), *b = scan(1, "--redact %s", path);
                assert_int_equal(n_findings(a), 1);
                assert_int_equal(n_findings(b), 1);
                assert_string_equal(text_of(finding(a, 0), "id"), text_of(finding(b, 0), "id"));
                assert_string_equal(text_of(finding(a, 0), "signature"), text_of(finding(b, 0), "signature"));
                json_object_put(a), json_object_put(b);
                free(log);
        }
}

/* Where it cannot be done, nothing is written. */
static void test_wrong_calls(void **state) {
        (void) state;
        static const char *const calls[] = { "--redact-key /does/not/exist", "--redact-key /dev/null",
                                             "--redact-key tests/unit" };

        for (size_t i = 0; i < ARRAY_SIZE(calls); i++) {
                struct run r = vmlife("scan %s %s", calls[i], fixture("vmlife.log"));
                assert_int_equal(r.status, 2);
                assert_string_equal(r.out, "");
                assert_true(strlen(r.err) > 0);
                run_done(&r);
        }
}

int main(void) {
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(test_nothing_left), cmocka_unit_test(test_key),
                cmocka_unit_test(test_real_log),     cmocka_unit_test(test_task_by_a_word),
                cmocka_unit_test(test_known_issues), cmocka_unit_test(test_hostile),
                cmocka_unit_test(test_wrong_calls),
        };
        return cmocka_run_group_tests(tests, NULL, NULL);
}
