/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What changed from BASE to NEW: the statistics, the classes, the exit statuses. */
#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/macros.h"
#include "cmocka_all.h"
#include "diff/stats.h"
#include "log.h"
#include "vmlife.h"

/* --- chance --- */

static void near(double a, double b) {
        if (fabs(a - b) > 1e-9 * fmax(1, fabs(b)))
                fail_msg("%.12g is not %.12g", a, b);
}

static void test_chance_of_boots(void **state) {
        (void) state;
        /* Ten of ten and none of two: one in 12 over 10. */
        near(chance_of_boots(10, 10, 0, 2, FEWER), 1.0 / 66);
        near(chance_of_boots(1, 1, 0, 1, FEWER), 0.5);
        near(chance_of_boots(0, 10, 1, 1, MORE), 1.0 / 11);
        /* Fisher's own: 3 of 4 and 1 of 4. */
        near(chance_of_boots(3, 4, 1, 4, FEWER), 17.0 / 70);
        near(chance_of_boots(3, 4, 1, 4, MORE), 69.0 / 70);
        /* The two tails share what was seen. */
        near(chance_of_boots(5, 10, 5, 10, FEWER) + chance_of_boots(5, 10, 5, 10, MORE) - 1, 63504.0 / 184756);
        near(chance_of_boots(0, 0, 3, 3, MORE), 1);
        near(chance_of_boots(3, 3, 0, 0, FEWER), 1);
        /* Large numbers neither overflow nor become 0/0. */
        assert_true(chance_of_boots(500000, 1000000, 500000, 1000000, FEWER) > 0.49);
        assert_true(chance_of_boots(100000, 100000, 0, 100000, FEWER) >= 0);
}

static void test_chance_of_rates(void **state) {
        (void) state;
        near(chance_of_rate(3, 10, 0, 10, FEWER), 1.0 / 8);
        near(chance_of_rate(0, 10, 3, 10, MORE), 1.0 / 8);
        near(chance_of_rate(1, 1, 0, 19, FEWER), 0.05);
        near(chance_of_rate(2, 10, 1, 10, FEWER), 0.5);
        near(chance_of_rate(2, 0, 1, 10, FEWER), 1);
        near(chance_of_rate(2, 10, 0, 0, FEWER), 1);
}

/* So many would do, and one fewer would not. */
static void test_what_is_needed(void **state) {
        (void) state;
        assert_int_equal(boots_needed(1, 1, 0.05), 19);
        assert_int_equal(boots_needed(10, 10, 0.05), 2);
        for (uint64_t hits = 1; hits < 20; hits += 3) {
                uint64_t n = boots_needed(hits, 20, 0.05);
                assert_true(chance_of_boots(hits, 20, 0, n, FEWER) <= 0.05 + 1e-12);
                assert_true(chance_of_boots(hits, 20, 0, n - 1, FEWER) > 0.05);
                double e = exposure_needed(hits, 7, 0.05);
                near(chance_of_rate(hits, 7, 0, e, FEWER), 0.05);
        }
        assert_int_equal(boots_needed(0, 5, 0.05), 0);
        assert_int_equal(boots_needed(6, 5, 0.05), 0);
        assert_true(exposure_needed(0, 5, 0.05) == 0);
}

/* --- the command --- */

static char diffs[600]; /* a folder of all that diff wrote */

static struct json_object *diff(int status, const char *args, ...) __attribute__((format(printf, 2, 3)));
static struct json_object *diff(int status, const char *args, ...) {
        static unsigned n;
        char words[3000], path[700];
        va_list ap;

        va_start(ap, args);
        vsnprintf(words, sizeof(words), args, ap);
        va_end(ap);
        struct run r = vmlife("diff %s", words);
        if (r.status != status)
                fail_msg("diff %s: exit status %d, not %d: %s%s", words, r.status, status, r.err, r.out);
        struct json_object *o = json_tokener_parse(r.out);
        if (!o)
                fail_msg("not JSON: %s", r.out);
        if (!*diffs)
                snprintf(diffs, sizeof(diffs), "%s", new_folder());
        snprintf(path, sizeof(path), "%s/%u.json", diffs, n++);
        write_file(path, r.out, strlen(r.out));
        run_done(&r);
        return o;
}

static struct json_object *change(struct json_object *d, size_t i) {
        struct json_object *f = json_object_array_get_idx(member(d, "findings"), i);
        assert_non_null(f);
        return f;
}

/* A log of boots: races[i] says whether boot i shows a race, at 5 s; each runs for seconds. */
static const char *boots_log(const char *races, double seconds, const char *function) {
        static struct log logs[4];
        static unsigned n;
        struct log *l = &logs[n++ % 4];

        *l = (struct log){};
        for (size_t i = 0; races[i]; i++) {
                START(l);
                LOCKDEP(l);
                KCSAN(l);
                LOAD(l, 1, "none");
                if (races[i] == 'x')
                        say_race(l, 5, function, function, "reader", "reader", 0xffff888000100000ull);
                UNLOAD(l, 6);
                /* No two boots end at the same microsecond. */
                say(l, seconds + 0.001 * (double) (i + 1) + 0.1 * n, "the end");
        }
        return path_of(l);
}

static void test_new_and_its_exit_status(void **state) {
        (void) state;
        const char *clean = boots_log(".", 10, "f"), *race = boots_log("x", 10, "f");
        struct json_object *d = diff(1, "%s %s", clean, race), *f = change(d, 0);

        assert_string_equal(text_of(f, "change"), "new");
        assert_string_equal(text_of(f, "title"), "KCSAN: data-race in f / reader");
        assert_true(json_object_get_boolean(member(f, "counts")));
        /* One boot each proves little; it counts all the same. */
        assert_false(json_object_get_boolean(member(f, "sure")));
        assert_true(json_object_get_double(member(f, "chance")) >= 0.5 - 1e-9);
        assert_string_equal(text_of(member(d, "summary"), "verdict"), "new");
        json_object_put(d);
        d = diff(0, "--fail-on related %s %s", clean, race);
        assert_string_equal(text_of(change(d, 0), "change"), "new");
        assert_false(json_object_get_boolean(member(change(d, 0), "counts")));
        json_object_put(d);
        d = diff(0, "%s %s", race, boots_log("x", 12, "f"));
        assert_string_equal(text_of(change(d, 0), "change"), "still-there");
        json_object_put(d);
}

static void test_gone_takes_exposure(void **state) {
        (void) state;
        struct json_object *d = diff(0, "%s %s", boots_log("x", 10, "f"), boots_log(".", 10, "f")),
                           *needed = member(change(d, 0), "needed");

        assert_string_equal(text_of(change(d, 0), "change"), "not-seen");
        assert_int_equal(json_object_get_int(member(needed, "boots")), 19);
        json_object_put(d);
        /* All boots of four showed it after 5 s; four that ran for 40 s did not. */
        d = diff(0, "%s %s", boots_log("xxxx", 10, "f"), boots_log("....", 40, "f"));
        assert_string_equal(text_of(change(d, 0), "change"), "gone");
        assert_true(json_object_get_boolean(member(change(d, 0), "sure")));
        assert_true(json_object_get_double(member(change(d, 0), "chance")) < 0.05);
        json_object_put(d);
        d = diff(0, "--confidence 99.9 %s %s", boots_log("xxxx", 10, "f"), boots_log("....", 40, "f"));
        assert_string_equal(text_of(change(d, 0), "change"), "not-seen");
        json_object_put(d);
}

/* Boots that ended before it can have shown are no trials, however many. */
static void test_short_boots_prove_nothing(void **state) {
        (void) state;
        struct log l = {};

        for (int i = 0; i < 40; i++) {
                START(&l);
                KCSAN(&l);
                say(&l, 3 + 0.001 * i, "the end");
        }
        struct json_object *d = diff(0, "%s %s", boots_log("xxxx", 10, "f"), path_of(&l));
        assert_string_equal(text_of(change(d, 0), "change"), "not-seen");
        assert_int_equal(json_object_get_int(member(member(member(change(d, 0), "new"), "exposure"), "boots")), 0);
        json_object_put(d);
}

/* Nobody watched: silence says nothing. */
static void test_without_the_detector(void **state) {
        (void) state;
        struct log l = {};

        for (int i = 0; i < 20; i++) {
                START(&l);
                say(&l, 100 + 0.001 * i, "the end");
        }
        struct json_object *d = diff(0, "%s %s", boots_log("xxxx", 10, "f"), path_of(&l));
        assert_string_equal(text_of(change(d, 0), "change"), "not-seen");
        assert_string_equal(text_of(change(d, 0), "why_unsure"), "kcsan was not there in NEW, as far as the log says");
        struct json_object *coverage = member(d, "coverage");
        bool lost = false;
        for (size_t i = 0; i < json_object_array_length(coverage); i++) {
                struct json_object *c = json_object_array_get_idx(coverage, i);
                if (strcmp(text_of(c, "detector"), "kcsan") == 0) {
                        assert_string_equal(text_of(c, "change"), "lost");
                        assert_int_equal(json_object_get_int(member(member(c, "base"), "alive")), 4);
                        assert_int_equal(json_object_get_int(member(member(c, "new"), "alive")), 0);
                        lost = true;
                }
        }
        assert_true(lost);
        json_object_put(d);
}

static void test_more_often_is_beyond_chance(void **state) {
        (void) state;
        struct json_object *d = diff(0, "%s %s", boots_log("x.........", 10, "f"), boots_log("xxxxxxxxxx", 10, "f"));

        assert_string_equal(text_of(change(d, 0), "change"), "more-often");
        assert_int_equal(json_object_get_int(member(member(change(d, 0), "base"), "boots")), 1);
        assert_int_equal(json_object_get_int(member(member(change(d, 0), "new"), "boots")), 10);
        json_object_put(d);
        d = diff(0, "%s %s", boots_log("xxxxxxxxxx", 10, "f"), boots_log("x.........", 10, "f"));
        assert_string_equal(text_of(change(d, 0), "change"), "less-often");
        json_object_put(d);
        d = diff(0, "%s %s", boots_log("xx........", 10, "f"), boots_log("xxx.......", 10, "f"));
        assert_string_equal(text_of(change(d, 0), "change"), "still-there");
        json_object_put(d);
}

static void test_injected_is_left_out(void **state) {
        (void) state;
        const char *clean = boots_log(".", 10, "f");
        struct json_object *d = diff(0, "%s %s", clean, fixture("vmlife.log"));

        assert_int_equal(json_object_array_length(member(d, "findings")), 0);
        assert_int_equal(json_object_get_int(member(member(d, "new"), "injected")), 3);
        json_object_put(d);
        d = diff(1, "--injected %s %s", clean, fixture("vmlife.log"));
        assert_int_equal(json_object_array_length(member(d, "findings")), 3);
        assert_true(json_object_get_boolean(member(change(d, 0), "injected")));
        json_object_put(d);
}

static void test_userspace_is_left_out(void **state) {
        (void) state;
        struct json_object *d = diff(0, "%s %s", boots_log(".", 10, "f"), journal_of(fixture("kcsan-ps2.log"), 'b', 1));
        assert_int_equal(json_object_array_length(member(d, "findings")), 0);
        assert_int_equal(json_object_get_int(member(member(d, "new"), "userspace")), 1);
        json_object_put(d);
}

static const char *saved(const char *folder, const char *name, const char *log) {
        static char paths[4][800];
        static unsigned n;
        char *p = paths[n++ % 4];

        snprintf(p, sizeof(paths[0]), "%s/%s", folder, name);
        struct run r = vmlife("scan --format %s -o %s %s", strstr(name, ".ndjson") ? "ndjson" : "json", p, log);
        assert_true(r.status < 2);
        run_done(&r);
        return p;
}

static void test_reports_folders_and_logs(void **state) {
        (void) state;
        const char *folder = new_folder(), *clean = boots_log("..", 10, "f"), *race = boots_log("x.", 10, "f");
        const char *a = saved(folder, "a.json", clean), *b = saved(folder, "b.ndjson", race);

        /* The same, however it comes. */
        json_object_put(diff(1, "%s %s", a, b));
        json_object_put(diff(1, "%s %s", clean, b));
        json_object_put(diff(1, "%s - < %s", a, b));
        struct json_object *d = diff(0, "%s %s", folder, b);
        assert_string_equal(text_of(change(d, 0), "change"), "still-there");
        assert_int_equal(json_object_get_int(member(member(member(d, "base"), "exposure"), "boots")), 4);
        json_object_put(d);
        /* Told twice, a boot is one, and so is what it found. */
        d = diff(0, "--base %s --base %s --base %s %s %s", b, b, race, b, race);
        assert_int_equal(json_object_get_int(member(member(member(d, "base"), "exposure"), "boots")), 2);
        assert_int_equal(json_object_get_int(member(member(change(d, 0), "base"), "events")), 1);
        json_object_put(d);
        /* A folder of journals is one too. */
        json_object_put(diff(1, "%s %s", a, journal_of(fixture("kcsan-ps2.log"), 'a', 0)));
}

/* KASAN words a use after free otherwise since 6.4: the same report, whose signature is another one. */
static void test_another_wording(void **state) {
        (void) state;
        const char *folder = new_folder(), *now = fixture("kinds/kasan-decoded.log");
        char words[1400], path[700];

        snprintf(path, sizeof(path), "%s/old.log", folder);
        snprintf(words, sizeof(words), "sed 's/KASAN: slab-use-after-free/KASAN: use-after-free/' %s >%s", now, path);
        assert_int_equal(system(words), 0);
        struct json_object *d = diff(0, "%s %s", path, now), *f = change(d, 0);
        assert_int_equal(json_object_array_length(member(d, "findings")), 1);
        assert_string_equal(text_of(f, "change"), "still-there");
        assert_string_equal(text_of(f, "title"), "KASAN: slab-use-after-free Read in i915_vm_close");
        assert_string_equal(text_of(f, "base_title"), "KASAN: use-after-free Read in i915_vm_close");
        json_object_put(d);
        /* Where the other function is blamed it is no longer the same. */
        snprintf(words, sizeof(words), "sed -i 's/i915_vm_close/i915_vm_open/' %s", path);
        assert_int_equal(system(words), 0);
        d = diff(1, "%s %s", path, now);
        assert_int_equal(json_object_array_length(member(d, "findings")), 2);
        json_object_put(d);
}

static void test_known_issues(void **state) {
        static const char known[] = "{\"schema\": \"vmlife-known-issues/1\", \"issues\": [{\"name\": \"f races\", "
                                    "\"match\": {\"title\": \"race in f /\"}, "
                                    "\"bug\": \"https://bugs.example/1\"}]}";
        char path[700];

        (void) state;
        const char *folder = new_folder(), *clean = boots_log(".", 10, "f"), *race = boots_log("x", 10, "f");
        snprintf(path, sizeof(path), "%s/known", folder);
        write_file(path, known, strlen(known));
        struct json_object *d = diff(0, "--known %s %s %s", path, clean, race), *f = change(d, 0);
        assert_string_equal(text_of(f, "change"), "new");
        assert_string_equal(text_of(f, "status"), "known");
        assert_string_equal(text_of(member(f, "issue"), "bug"), "https://bugs.example/1");
        assert_int_equal(json_object_get_int(member(member(d, "summary"), "known")), 1);
        json_object_put(d);
        d = diff(1, "--known %s %s %s", path, clean, boots_log("x", 10, "g"));
        assert_string_equal(text_of(change(d, 0), "status"), "new");
        json_object_put(d);

        /* What a saved report says of it counts where nobody says it anew. */
        snprintf(path, sizeof(path), "%s/report.json", folder);
        struct run r = vmlife("scan --known %s/known -o %s %s", folder, path, race);
        assert_int_equal(r.status, 1);
        run_done(&r);
        d = diff(0, "%s %s", clean, path);
        assert_string_equal(text_of(member(change(d, 0), "issue"), "name"), "f races");
        json_object_put(d);
}

static void test_require(void **state) {
        (void) state;
        const char *proven = boots_log(".", 10, "f");
        struct log l = {};

        START(&l);
        say(&l, 20, "the end");
        const char *blind = path_of(&l);
        json_object_put(diff(0, "%s %s", proven, blind));
        struct json_object *d = diff(3, "--require kcsan %s %s", proven, blind);
        assert_string_equal(text_of(json_object_array_get_idx(member(d, "unproven"), 0), "reason"),
                            "kcsan: nothing says that it was there");
        assert_string_equal(text_of(member(d, "summary"), "verdict"), "not-proven");
        json_object_put(d);
        json_object_put(diff(0, "--require kcsan,lockdep %s %s", proven, boots_log(".", 11, "f")));
}

/* git bisect run: 0 good, 1 bad, 125 skip, 128 and more ends it. */
static void test_bisect(void **state) {
        (void) state;
        const char *good = boots_log(".", 10, "f"), *same = boots_log(".", 11, "f"), *bad = boots_log("x", 10, "f");
        struct log l = {};

        json_object_put(diff(0, "--bisect %s %s", good, same));
        json_object_put(diff(1, "--bisect %s %s", good, bad));
        struct run said = vmlife("diff --bisect %s %s", good, fixture("warn-new-banner.log"));
        assert_int_equal(said.status, 1);
        run_done(&said);
        said = vmlife("diff --bisect --fail-on certain %s %s", good, fixture("warn-new-banner.log"));
        assert_int_equal(said.status, 125);
        assert_non_null(strstr(said.err, "1 boot of NEW proves nothing: "));
        run_done(&said);
        START(&l);
        say(&l, 20, "the end");
        json_object_put(diff(125, "--bisect %s %s", good, path_of(&l)));
        static const struct {
                const char *args;
                int status;
        } cases[] = {
                { "--bisect /nonexistent %s", 125 },
                { "--bisect %s /nonexistent", 125 },
                { "--bisect %s", 128 },
                { "--bisect --fail-on sometimes %s", 128 },
                { "--fail-on sometimes --bisect %s", 128 },
                { "%s", 2 },
                { "%s /nonexistent", 2 },
        };
        for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
                char args[1000];
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
                snprintf(args, sizeof(args), cases[i].args, good);
#pragma GCC diagnostic pop
                struct run r = vmlife("diff %s", args);
                if (r.status != cases[i].status || *r.out || !*r.err)
                        fail_msg("diff %s: exit status %d, not %d: %s", args, r.status, cases[i].status, r.err);
                run_done(&r);
        }
}

static void test_text(void **state) {
        (void) state;
        struct run r = vmlife("diff --format text %s %s", boots_log("x", 10, "gone_f"), boots_log("x", 10, "f"));

        assert_int_equal(r.status, 1);
        assert_non_null(strstr(r.out, "new: 1 new, 0 still there, 0 gone, 1 not seen"));
        assert_non_null(strstr(r.out, "not-seen    KCSAN: data-race in gone_f / reader"));
        assert_non_null(strstr(r.out, "that needs 19 boots"));
        run_done(&r);
}

/* Of what is new the worst comes first, each with the line to look at. */
static void test_worst_first(void **state) {
        (void) state;
        static const char *const severities[] = { "critical", "high", "medium", "low" },
                                 *const log = "tests/logs/6.1-kasan-kasan-module.log.xz";
        struct run r = vmlife("diff --format text --focus none %s %s", fixture("clean.log"), log);
        size_t worst = 0, n = 0;

        for (const char *p = r.out; (p = strstr(p, "severity ")); n++) {
                p += strlen("severity ");
                size_t k = 0;
                while (k < ARRAY_SIZE(severities) && strncmp(p, severities[k], strlen(severities[k])) != 0)
                        k++;
                assert_in_range(k, worst, ARRAY_SIZE(severities) - 1);
                worst = k;
        }
        assert_true(n > 2 && worst > 0);
        assert_non_null(strstr(r.out, "\n            line 128 of tests/logs/6.1-kasan-kasan-module.log.xz\n"));
        run_done(&r);
}

/* Last: all that was written above. */
static void test_fits_the_schema(void **state) {
        char command[1500];

        (void) state;
        snprintf(command, sizeof(command),
                 "for f in %s/*.json; do printf ' -i %%s' $f; done | xargs /usr/bin/jsonschema "
                 "analyzer/schema/diff.schema.json",
                 diffs);
        assert_int_equal(system(command), 0);
}

int main(void) {
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(test_chance_of_boots),
                cmocka_unit_test(test_chance_of_rates),
                cmocka_unit_test(test_what_is_needed),
                cmocka_unit_test(test_new_and_its_exit_status),
                cmocka_unit_test(test_gone_takes_exposure),
                cmocka_unit_test(test_short_boots_prove_nothing),
                cmocka_unit_test(test_without_the_detector),
                cmocka_unit_test(test_more_often_is_beyond_chance),
                cmocka_unit_test(test_injected_is_left_out),
                cmocka_unit_test(test_userspace_is_left_out),
                cmocka_unit_test(test_reports_folders_and_logs),
                cmocka_unit_test(test_another_wording),
                cmocka_unit_test(test_known_issues),
                cmocka_unit_test(test_require),
                cmocka_unit_test(test_bisect),
                cmocka_unit_test(test_text),
                cmocka_unit_test(test_worst_first),
                cmocka_unit_test(test_fits_the_schema),
        };
        return cmocka_run_group_tests(tests, NULL, NULL);
}
