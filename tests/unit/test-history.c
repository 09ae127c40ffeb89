/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a series of boots says of a signature: diff, --by signature and the page have the same history. */
#include <json-c/json.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "cmocka_all.h"
#include "vmlife.h"

/* The series: thirty boots of an hour, ten of each release and three of each build. A null pointer in each fourth
 * until the seventeenth, a warning from the eleventh on, KCSAN only in the last ten kernels, with a race in the first
 * of these. */
static void write_boot(const char *folder, int i) {
        char path[700], release[32];

        snprintf(path, sizeof(path), "%s/%02d.log", folder, i);
        snprintf(release, sizeof(release), "6.1.%d", 90 + i / 10);
        FILE *f = fopen(path, "w");
        assert_non_null(f);
        fprintf(f, "[    0.000000] Linux version %s (gcc) #1 SMP\n[    0.100000] Command line: root=/dev/sda\n",
                release);
        if (i >= 20)
                fputs("[    0.200000] kcsan: enabled early\n", f);
        if (i % 4 == 1 && i <= 16)
                fprintf(f,
                        "[   10.0%05d] BUG: kernel NULL pointer dereference, address: 0000000000000008\n"
                        "[   10.0%05d] Oops: 0000 [#1] PREEMPT SMP NOPTI\n"
                        "[   10.0%05d] CPU: 0 PID: 42 Comm: test Not tainted %s #1\n"
                        "[   10.0%05d] RIP: 0010:alpha_read+0x10/0x40\n"
                        "[   10.0%05d] ---[ end trace 0000000000000000 ]---\n",
                        i, i, i, release, i, i);
        if (i >= 10)
                fprintf(f,
                        "[   20.0%05d] ------------[ cut here ]------------\n"
                        "[   20.0%05d] WARNING: CPU: 0 PID: 43 at drivers/beta/beta.c:100 beta_put+0x10/0x40\n"
                        "[   20.0%05d] CPU: 0 PID: 43 Comm: test Not tainted %s #1\n"
                        "[   20.0%05d] RIP: 0010:beta_put+0x10/0x40\n"
                        "[   20.0%05d] ---[ end trace 0000000000000000 ]---\n",
                        i, i, i, release, i, i);
        if (i == 20)
                fputs("[   30.000000] ==================================================================\n"
                      "[   30.000001] BUG: KCSAN: data-race in gamma_get / gamma_put\n"
                      "[   30.000002] \n"
                      "[   30.000003] write to 0xffff9c1e44c8a000 of 8 bytes by task 100 on cpu 0:\n"
                      "[   30.000004]  gamma_put+0x10/0x40\n"
                      "[   30.000005] \n"
                      "[   30.000006] read to 0xffff9c1e44c8a000 of 8 bytes by task 101 on cpu 1:\n"
                      "[   30.000007]  gamma_get+0x10/0x40\n"
                      "[   30.000008] ==================================================================\n",
                      f);
        fprintf(f, "[ 3600.0%05d] usb 1-1: new device\n", i);
        assert_int_equal(fclose(f), 0);
}

/* Saved reports of all, labelled with their builds. */
static const char *series(void) {
        static char reports[600];

        if (*reports)
                return reports;
        const char *logs = new_folder();
        snprintf(reports, sizeof(reports), "%s", new_folder());
        for (int i = 0; i < 30; i++)
                write_boot(logs, i);
        shell("for i in %s/*.log; do n=$(basename $i .log); $VMLIFE scan --label build=b$((${n#0} / 3)) $i -o "
              "%s/$n.json "
              "2>/dev/null || test $? = 1; done",
              logs, reports);
        return reports;
}

static double number(struct json_object *o, const char *key) {
        return json_object_get_double(json_object_object_get(o, key));
}

static bool flag(struct json_object *o, const char *key) {
        return json_object_get_boolean(json_object_object_get(o, key));
}

/* The history of the signature whose title ends so, of a list of them. */
static struct json_object *history_of(struct json_object *list, const char *end) {
        for (size_t i = 0; i < json_object_array_length(list); i++) {
                struct json_object *o = json_object_array_get_idx(list, i);
                const char *title = text_of(o, "title");
                if (strlen(title) >= strlen(end) && strcmp(title + strlen(title) - strlen(end), end) == 0)
                        return json_object_object_get(o, "history");
        }
        fail_msg("no %s", end);
        return NULL;
}

static void assert_names(struct json_object *h, const char *key, const char *names) {
        assert_string_equal(json_object_to_json_string_ext(json_object_object_get(h, key), JSON_C_TO_STRING_PLAIN),
                            names);
}

static void test_flaky(void **state) {
        (void) state;
        struct run r = vmlife("scan --by signature --format json %s", series());
        struct json_object *all = json_tokener_parse(r.out),
                           *h = history_of(json_object_object_get(all, "signatures"), "in alpha_read");

        assert_names(h, "releases_with", "[\"6.1.90\",\"6.1.91\"]");
        assert_names(h, "releases_without", "[\"6.1.92\"]");
        assert_names(h, "builds_with", "[\"b0\",\"b1\",\"b3\",\"b4\"]");
        assert_names(h, "builds_without", "[\"b2\",\"b5\",\"b6\",\"b7\",\"b8\",\"b9\"]");
        assert_int_equal(number(h, "boots_with"), 4);
        assert_int_equal(number(h, "boots"), 30);
        assert_string_equal(text_of(h, "manner"), "flaky");
        /* Four of thirty: the share, Wilson's interval and Byar's, by hand. */
        assert_float_equal(number(h, "share"), 0.13333, 0.0001);
        assert_float_equal(number(h, "share_low"), 0.0531, 0.0001);
        assert_float_equal(number(h, "share_high"), 0.2968, 0.0001);
        assert_float_equal(number(h, "hours"), 30, 0.01);
        assert_float_equal(number(h, "boots_with_per_hour_low"), 0.0359, 0.0001);
        assert_float_equal(number(h, "boots_with_per_hour_high"), 0.3414, 0.0001);
        /* Of 13 boots from the first to the last four had it, 12.7 % at the low end: 16 silent ones say little. */
        assert_int_equal(number(h, "boots_since"), 16);
        assert_false(flag(h, "quiet"));
        json_object_put(all);
        run_done(&r);
}

static void test_steady(void **state) {
        (void) state;
        struct run r = vmlife("scan --by signature --format json %s", series());
        struct json_object *all = json_tokener_parse(r.out),
                           *h = history_of(json_object_object_get(all, "signatures"), "in beta_put");

        /* The ten boots before it came are no trials. */
        assert_int_equal(number(h, "boots_with"), 20);
        assert_int_equal(number(h, "boots"), 20);
        assert_names(h, "releases_without", "[]");
        assert_names(h, "builds_with", "[\"b3\",\"b4\",\"b5\",\"b6\",\"b7\",\"b8\",\"b9\"]");
        assert_string_equal(text_of(h, "manner"), "steady");
        assert_int_equal(number(h, "boots_since"), 0);
        /* Only boots with KCSAN could have shown the race. One of one is no manner. */
        h = history_of(json_object_object_get(all, "signatures"), "in gamma_get / gamma_put");
        assert_int_equal(number(h, "boots"), 10);
        assert_int_equal(number(h, "boots_since"), 9);
        assert_null(json_object_object_get(h, "manner"));
        assert_false(flag(h, "quiet"));
        json_object_put(all);
        run_done(&r);
}

/* A folder that has the logs beside their reports holds each boot once. */
static void test_logs_beside_reports(void **state) {
        (void) state;
        const char *folder = new_folder();

        for (int i = 0; i < 6; i++)
                write_boot(folder, 9 + i);
        shell("for i in %s/*.log; do $VMLIFE scan --label build=x -o $i.json $i 2>/dev/null || test $? = 1; done",
              folder);
        struct run r = vmlife("scan --by signature --format json %s", folder);
        struct json_object *all = json_tokener_parse(r.out),
                           *h = history_of(json_object_object_get(all, "signatures"), "in beta_put");

        assert_int_equal(number(h, "boots_with"), 5);
        assert_int_equal(number(h, "boots"), 5);
        assert_names(h, "builds_with", "[\"x\"]");
        json_object_put(all);
        run_done(&r);
}

/* A bug of each boot is quiet sooner than one of few. */
static void test_quiet(void **state) {
        (void) state;
        const char *r = series();
        struct run d = vmlife("diff --base %s/10.json --base %s/11.json --base %s/12.json %s/0[0-9].json", r, r, r, r);
        struct json_object *all = json_tokener_parse(d.out),
                           *h = history_of(json_object_object_get(all, "findings"), "in beta_put");

        assert_int_equal(number(h, "boots_since"), 10);
        assert_true(flag(h, "quiet"));
        json_object_put(all);
        run_done(&d);
}

static void test_diff_and_page_agree(void **state) {
        (void) state;
        const char *reports = series(), *to = new_folder();
        char base[1600] = "";

        for (int i = 0; i < 15; i++)
                snprintf(base + strlen(base), sizeof(base) - strlen(base), " --base %s/%02d.json", reports, i);
        struct run by = vmlife("scan --by signature --format json %s", reports),
                   d = vmlife("diff%s %s/1[5-9].json %s/2?.json", base, reports, reports),
                   text = vmlife("diff --format text%s %s/1[5-9].json %s/2?.json", base, reports, reports);
        struct json_object *a = json_tokener_parse(by.out), *b = json_tokener_parse(d.out);

        for (const char *const *title = (const char *const[]){ "in alpha_read", "in beta_put", "gamma_put", NULL };
             *title; title++)
                assert_string_equal(
                        json_object_to_json_string(history_of(json_object_object_get(a, "signatures"), *title)),
                        json_object_to_json_string(history_of(json_object_object_get(b, "findings"), *title)));
        shell("$VMLIFE scan --by signature --format json -o %s/by.json %s || test $? = 1; "
              "/usr/bin/jsonschema -i %s/by.json analyzer/schema/signatures.schema.json",
              to, reports, to);
        static const char *const facts[] = {
                "4 of 30 boots, 13.3 % (95 %: 5.31 to 29.7); a boot with it every 7.5 h of uptime (95 %: 2.93 h to "
                "27.9 h)",
                "flaky; not in the last 16 boots, too few to call it quiet",
                "with it 6.1.90, 6.1.91; without it 6.1.92",
                "with it b0, b1, b3, b4; without it b2, b5, b6, b7, b8, b9",
        };
        shell("$VMLIFE export --to html -o %s/page.html %s", to, reports);
        for (size_t i = 0; i < sizeof(facts) / sizeof(facts[0]); i++) {
                assert_non_null(strstr(text.out, facts[i]));
                shell("grep -qF '<dd>%s</div>' %s/page.html", facts[i], to);
        }
        assert_non_null(strstr(text.out, "first boot 2 of 30 (build b0), last boot 14 of 30 (build b4)\n"));
        json_object_put(a);
        json_object_put(b);
        run_done(&by);
        run_done(&d);
        run_done(&text);
}

int main(void) {
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(test_flaky),
                cmocka_unit_test(test_steady),
                cmocka_unit_test(test_logs_beside_reports),
                cmocka_unit_test(test_quiet),
                cmocka_unit_test(test_diff_and_page_agree),
        };
        return cmocka_run_group_tests(tests, NULL, NULL);
}
