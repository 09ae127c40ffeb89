/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Known issues: what a file may hold, what it matches, and what the report says of it. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/macros.h"
#include "cmocka_all.h"
#include "log.h"
#include "triage/known.h"
#include "vmlife.h"

/* --- versions --- */

static int against(const char *release, const char *banner, const char *bound) {
        struct kernel_versions k;
        struct kernel_version b;

        versions_of(release, banner, &k);
        assert_true(k.has_release);
        if (!version_parse_bound(slice_of(bound), &b))
                fail_msg("%s is a bound", bound);
        return version_against(&k, &b);
}

static void test_versions(void **state) {
        static const struct {
                const char *release, *bound;
                int order;
        } cases[] = {
                { "6.1.9", "6.1.10", -1 },
                { "6.1.10", "6.1.9", 1 },
                { "6.1.10", "6.1.10", 0 },
                { "6.10.0", "6.9", 1 },
                /* Only what the bound says. */
                { "6.1.192-vmlife-kcsan", "6.1", 0 },
                { "6.1.192", "6", 0 },
                { "6.1", "6.1.0", 0 },
                { "6.1", "6.1.1", -1 },
                /* Candidates come before the release and after the one before. */
                { "6.2.0-rc3", "6.2", -1 },
                { "6.2.0-rc3", "6.1.200", 1 },
                { "6.2.0-rc3", "6.2-rc3", 0 },
                { "6.2.0-rc10", "6.2-rc9", 1 },
                { "6.2.0", "6.2-rc8", 1 },
                { "6.13~rc6-amd64", "6.13-rc7", -1 },
                /* What a distribution counts. */
                { "6.1.0-9-amd64", "6.1.0-18", -1 },
                { "6.1.0-18-amd64", "6.1.0-18", 0 },
                { "6.1.0-20-rt-amd64", "6.1.0-18", 1 },
                { "5.14.0-427.13.1.el9_4.x86_64", "5.14.0-427.9", 1 },
                { "6.1.0-18-amd64", "6.1", 0 },
                { "6.1.0-vmlife", "6.1.0-18", -1 },
        };
        const char debian[] = "6.1.0-18-amd64 (debian-kernel@lists.debian.org) (gcc-12 (Debian 12.2.0-14) 12.2.0, GNU "
                              "ld (GNU Binutils "
                              "for Debian) 2.40) #1 SMP PREEMPT_DYNAMIC Debian 6.1.76-1 (2024-02-01)";

        (void) state;
        for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
                int order = against(cases[i].release, NULL, cases[i].bound);
                if (order != cases[i].order)
                        fail_msg("%s against %s: %d, not %d", cases[i].release, cases[i].bound, order, cases[i].order);
        }
        /* Debian's kernel says which source it was built from. */
        assert_int_equal(against("6.1.0-18-amd64", debian, "6.1.76"), 0);
        assert_int_equal(against("6.1.0-18-amd64", debian, "6.1.90"), -1);
        assert_int_equal(against("6.1.0-18-amd64", debian, "6.1.0-18"), 0);
        assert_int_equal(against("6.1.0-18-amd64", debian, "6.1.0-19"), -1);
}

static void test_what_is_no_version(void **state) {
        static const char *const wrong[] = { "",           "x",      "6.",   "6.1.",           "6.1-",
                                             "v6.1",       "6.1-rc", "6.1 ", "6.1.0-18-amd64", "6.1.2.3.4",
                                             "99999999999" };
        struct kernel_versions k;
        struct kernel_version v;

        (void) state;
        for (size_t i = 0; i < ARRAY_SIZE(wrong); i++)
                if (version_parse_bound(slice_of(wrong[i]), &v))
                        fail_msg("\"%s\" is no bound", wrong[i]);
        versions_of(NULL, NULL, &k);
        assert_false(k.has_release);
        versions_of("next", "# Debian", &k);
        assert_false(k.has_release || k.has_upstream);
}

/* --- patterns --- */

static void test_patterns(void **state) {
        struct pattern *p;
        char why[128], bomb[400];

        (void) state;
        assert_int_equal(pattern_new(&p, "data-race in (a|b)\\b", why, sizeof(why)), 0);
        assert_int_equal(pattern_match(p, SLICE("KCSAN: data-race in b / c")), 1);
        assert_int_equal(pattern_match(p, SLICE("KCSAN: data-race in bc / c")), 0);
        assert_int_equal(pattern_match(p, SLICE("\377\376")), 0);
        pattern_free(p);
        assert_int_equal(pattern_new(&p, "(a", why, sizeof(why)), -EINVAL);
        assert_non_null(strstr(why, "at byte 2"));
        assert_int_equal(pattern_new(&p, "(*UTF)a", why, sizeof(why)), -EINVAL);
        /* Steps that double with each character. */
        assert_int_equal(pattern_new(&p, "^(a+)+$", why, sizeof(why)), 0);
        memset(bomb, 'a', sizeof(bomb));
        bomb[sizeof(bomb) - 1] = 'b';
        assert_int_equal(pattern_match(p, (struct slice){ bomb, sizeof(bomb) }), -ELOOP);
        pattern_free(p);
        assert_int_equal(pattern_new(&p, "(?R)?a|(?1)", why, sizeof(why)), -EINVAL);
}

/* --- files --- */

#define HEAD "{\"schema\": \"vmlife-known-issues/1\", \"issues\": ["
#define SIGNATURE "v1:0123456789abcdef0123456789abcdef"

static const char *file_of(const char *text) {
        static char paths[4][600];
        static unsigned n;
        char *p = paths[n++ % 4];

        snprintf(p, sizeof(paths[0]), "%s/known.json", new_folder());
        write_file(p, text, strlen(text));
        return p;
}

/* Each is refused with words that name the place; nothing of it is in force. */
static void test_bad_files(void **state) {
        static const struct {
                const char *text, *said;
        } cases[] = {
                { "", "it is empty" },
                { "{", "line 1, column 2: it is not JSON: it ends too early" },
                { "{\n \"schema\" 3}", "line 2, column 11: it is not JSON" },
                { "[]", "it must be an object" },
                { "{\"issues\": []}", "it has no \"schema\"" },
                { "{\"schema\": \"vmlife-known-issues/2\", \"issues\": []}", "the one that this vmlife reads" },
                { "{\"schema\": \"vmlife-known-issues/1\"}", "it has no \"issues\"" },
                { HEAD "], \"issue\": 1}", "there is no field \"issue\" here; it takes schema, issues and owners" },
                { HEAD "]} x", "line 1, column 51: it is not JSON" },
                { HEAD "7]}", "issue 0: it must be an object" },
                { HEAD "{\"match\": {\"rule\": \"x\"}}]}", "issue 0: it has no \"name\"" },
                { HEAD "{\"name\": \"a\"}]}", "issue 0 \"a\": it has no \"match\"" },
                { HEAD "{\"name\": \"a\", \"match\": {}}]}",
                  "issue 0 \"a\": \"match\" needs a signature, a title or a rule" },
                { HEAD "{\"name\": \"a\", \"match\": {\"detector\": \"kcsan\"}}]}",
                  "needs a signature, a title or a rule" },
                { HEAD "{\"name\": \"a\", \"match\": {\"titel\": \"x\"}}]}",
                  "no field \"titel\" here; it takes signature, title, rule" },
                { HEAD "{\"name\": \"a\", \"match\": {\"title\": \"x(\"}}]}",
                  "\"title\" is not a valid PCRE2 pattern: missing" },
                { HEAD "{\"name\": \"a\", \"match\": {\"title\": \".*\"}}]}", "matches the empty string" },
                { HEAD "{\"name\": \"a\", \"match\": {\"title\": 3}}]}", "\"title\" must be a string" },
                { HEAD "{\"name\": \"a\", \"match\": {\"title\": \"\"}}]}", "\"title\" must hold 1 to" },
                { HEAD "{\"name\": \"a\", \"match\": {\"title\": \"x\\u0000y\"}}]}", "\"title\" holds a NUL" },
                { HEAD "{\"name\": \"a\", \"match\": {\"signature\": \"v1:12\"}}]}", "\"signature\" is invalid" },
                { HEAD "{\"name\": \"a\", \"match\": {\"signature\": []}}]}", "must be a string or an array of some" },
                { HEAD "{\"name\": \"a\", \"match\": {\"rule\": \"x\", \"kernel\": {}}}]}", "\"kernel\" is empty" },
                { HEAD "{\"name\": \"a\", \"match\": {\"rule\": \"x\", \"kernel\": []}}]}", "empty array" },
                { HEAD "{\"name\": \"a\", \"match\": {\"rule\": \"x\", \"kernel\": {\"since\": \"6.x\"}}}]}",
                  "\"since\" is not a kernel version" },
                { HEAD "{\"name\": \"a\", \"match\": {\"rule\": \"x\", \"kernel\": {\"suffix\": \"[\"}}}]}",
                  "\"suffix\" is not a valid PCRE2 pattern" },
                { HEAD "{\"name\": \"a\", \"match\": {\"rule\": \"x\"}, \"bug\": \"javascript:x\"}]}",
                  "must begin with https://" },
                { HEAD "{\"name\": \"a\", \"match\": {\"rule\": \"x\"}, \"expires\": \"2026-02-30\"}]}",
                  "\"expires\" is not a date" },
                { HEAD "{\"name\": \"a\", \"match\": {\"rule\": \"x\"}, \"expires\": \"tomorrow\"}]}",
                  "\"expires\" is not a date" },
                { HEAD
                  "{\"name\": \"a\", \"match\": {\"rule\": \"x\"}}, {\"name\": \"a\", \"match\": {\"rule\": \"y\"}}]}",
                  "issue 1 \"a\": the name is taken by issue 0 of" },
                { HEAD "], \"owners\": [{\"owner\": \"x\"}]}", "owner 0: it needs a \"function\" or a \"file\"" },
                { HEAD "], \"owners\": [{\"file\": \"x\"}]}", "owner 0: it has no \"owner\"" },
                { HEAD "], \"owners\": {}}", "\"owners\" must be an array" },
                { "[[[[[[[[[[]]]]]]]]]]", "it is not JSON: nesting too deep" },
                { "{\"schema\": \"\377\"}", "it is not JSON: invalid utf-8" },
                { HEAD "{\"name\": \"\\u001b[31mred\", \"match\": 1}]}", "red\": \"match\" must be an object" },
        };

        (void) state;
        /* Under a checker, one of each few. */
        for (size_t i = 0; i < ARRAY_SIZE(cases); i += by_checker(1, 4, 12)) {
                struct run r = vmlife("scan --known %s %s", file_of(cases[i].text), fixture("clean.log"));
                if (r.status != 2 || *r.out || !strstr(r.err, cases[i].said) || !strstr(r.err, "known.json"))
                        fail_msg("%s\nexit status %d: %s\nnot: %s", cases[i].text, r.status, r.err, cases[i].said);
                assert_null(strchr(r.err, '\033'));
                run_done(&r);
        }
        struct run r = vmlife("scan --known /nonexistent %s", fixture("clean.log"));
        assert_int_equal(r.status, 2);
        assert_non_null(strstr(r.err, "cannot open the known issues in /nonexistent"));
        run_done(&r);
}

/* What the schema takes, the reader takes. */
static void test_schema_of_files(void **state) {
        const char *good = file_of(
                HEAD "{\"name\": \"a\", \"match\": {\"signature\": [\"" SIGNATURE
                     "\"], \"title\": \"x\", \"rule\": \"y\", "
                     "\"detector\": [\"kcsan\", \"warn\"], \"kernel\": [{\"since\": \"6.1\", \"until\": \"6.1.0-18\"}, "
                     "{\"suffix\": \"-rt\"}]}, \"bug\": \"https://b.example/1\", \"owner\": \"o\", \"note\": \"n\", "
                     "\"expires\": \"2026-11-23\"}], \"owners\": [{\"owner\": \"o\", \"function\": \"f\", \"file\": "
                     "\"g\"}]}");
        char command[900];

        (void) state;
        snprintf(command, sizeof(command), "/usr/bin/jsonschema -i %s analyzer/schema/known-issues.schema.json", good);
        assert_int_equal(system(command), 0);
        json_object_put(scan(0, "--known %s %s", good, fixture("clean.log")));
}

/* --- matching --- */

/* A report of kcsan-ps2.log: "KCSAN: data-race in ps2_do_sendbyte / ps2_handle_ack". */
static const char *one_issue(const char *match, const char *more) {
        char text[2000];

        snprintf(text, sizeof(text), HEAD "{\"name\": \"the ps2 race\", \"match\": %s%s}]}", match, more);
        return file_of(text);
}

static void test_each_way_to_match(void **state) {
        static const struct {
                const char *match;
                bool known;
        } cases[] = {
                { "{\"title\": \"ps2_do_sendbyte\"}", true },
                { "{\"title\": \"^ps2_do_sendbyte\"}", false },
                { "{\"title\": \"data-race in ps2_\\\\w+ / ps2_handle_ack$\"}", true },
                { "{\"title\": \"ps2\", \"detector\": \"kcsan\"}", true },
                { "{\"title\": \"ps2\", \"detector\": [\"lockdep\", \"kcsan\"]}", true },
                { "{\"title\": \"ps2\", \"detector\": \"lockdep\"}", false },
                { "{\"signature\": \"" SIGNATURE "\"}", false },
                { "{\"rule\": \"vm\"}", false }, /* it has none */
                { "{\"title\": \"ps2\", \"kernel\": {\"since\": \"6.1\", \"until\": \"6.1\"}}", true },
                { "{\"title\": \"ps2\", \"kernel\": {\"since\": \"6.1.10\"}}", false },
                { "{\"title\": \"ps2\", \"kernel\": {\"until\": \"6.1.8\"}}", false },
                { "{\"title\": \"ps2\", \"kernel\": [{\"until\": \"5.10\"}, {\"since\": \"6.1.9\"}]}", true },
                { "{\"title\": \"ps2\", \"kernel\": {\"suffix\": \"^-lab\"}}", true },
                { "{\"title\": \"ps2\", \"kernel\": {\"suffix\": \"-rt\"}}", false },
        };
        struct log l = {};

        (void) state;
        say(&l, 0, "Linux version 6.1.9-lab-1 (x@y) (gcc) #1 SMP");
        say_race(&l, 1, "ps2_do_sendbyte", "ps2_do_sendbyte", "ps2_handle_ack", "ps2_handle_ack",
                 0xffff888000100000ull);
        const char *log = path_of(&l);
        for (size_t i = 0; i < ARRAY_SIZE(cases); i += by_checker(1, 3, 9)) {
                struct json_object *r = scan(cases[i].known ? 0 : 1, "--fail-on new --known %s %s",
                                             one_issue(cases[i].match, ""), log);
                struct json_object *issue = json_object_array_get_idx(member(r, "known_issues"), 0);

                if (strcmp(text_of(finding(r, 0), "status"), cases[i].known ? "known" : "new") != 0)
                        fail_msg("%s: %s", cases[i].match, text_of(finding(r, 0), "status"));
                assert_int_equal(json_object_get_int(member(issue, "findings")), cases[i].known);
                assert_int_equal(json_object_get_int(member(member(r, "summary"), cases[i].known ? "known" : "new")),
                                 1);
                json_object_put(r);
        }
}

static void test_by_the_signature_and_the_rule(void **state) {
        char match[200];

        (void) state;
        struct json_object *r = scan(1, "%s", fixture("kcsan-ps2.log"));
        assert_false(json_object_object_get_ex(finding(r, 0), "status", NULL));
        assert_false(json_object_object_get_ex(r, "known_issues", NULL));
        snprintf(match, sizeof(match), "{\"signature\": [\"" SIGNATURE "\", \"%s\"]}",
                 text_of(finding(r, 0), "signature"));
        json_object_put(r);
        const char *known =
                one_issue(match, ", \"bug\": \"https://bugs.example/7\", \"owner\": \"input\", \"note\": \"benign\"");
        r = scan(1, "--known %s %s", known, fixture("kcsan-ps2.log"));
        struct json_object *issue = member(finding(r, 0), "issue");
        assert_string_equal(text_of(issue, "name"), "the ps2 race");
        assert_string_equal(text_of(issue, "bug"), "https://bugs.example/7");
        assert_string_equal(text_of(issue, "note"), "benign");
        assert_string_equal(text_of(finding(r, 0), "owner"), "input");
        json_object_put(r);

        r = scan(0, "--known %s --fail-on new %s", one_issue("{\"rule\": \"^engines-unlocked$\"}", ""),
                 fixture("lockdep-rcu.log"));
        assert_string_equal(text_of(finding(r, 0), "status"), "known");
        assert_string_equal(text_of(member(member(r, "summary"), "asked"), "fail_on"), "new");
        json_object_put(r);
}

/* A report's other titles: a name by which another kernel calls it. */
static void test_by_another_title(void **state) {
        (void) state;
        struct json_object *r = scan(0, "--known %s --fail-on new %s",
                                     one_issue("{\"title\": \"^KASAN: use-after-free Read in i915_vm_close$\"}", ""),
                                     fixture("kinds/kasan-decoded.log"));
        assert_string_equal(text_of(finding(r, 0), "title"), "KASAN: slab-use-after-free Read in i915_vm_close");
        assert_string_equal(text_of(finding(r, 0), "status"), "known");
        json_object_put(r);
}

/* A log that does not name its kernel is in no range: nothing is hidden on a guess. */
static void test_no_kernel_named(void **state) {
        struct log l = {};

        (void) state;
        say_race(&l, 1, "a", "a", "b", "b", 0xffff888000100000ull);
        struct json_object *r = scan(1, "--fail-on new --known %s %s",
                                     one_issue("{\"title\": \"race\", \"kernel\": {\"since\": \"2.6\"}}", ""),
                                     path_of(&l));
        assert_string_equal(text_of(finding(r, 0), "status"), "new");
        json_object_put(r);
}

static void test_expiry(void **state) {
        (void) state;
        const char *over = one_issue("{\"title\": \"ps2\"}",
                                     ", \"expires\": \"2020-01-01\", \"bug\": \"https://bugs.example/7\""),
                   *future = one_issue("{\"title\": \"ps2\"}", ", \"expires\": \"2999-01-01\"");
        struct run run = vmlife("scan --fail-on new --known %s %s", over, fixture("kcsan-ps2.log"));

        assert_int_equal(run.status, 1);
        assert_non_null(
                strstr(run.err,
                       "1 known issue expired: findings that they match count as new; renew or remove: the ps2 race"));
        run_done(&run);
        struct json_object *r = scan(1, "--fail-on new --known %s %s", over, fixture("kcsan-ps2.log"));
        assert_string_equal(text_of(finding(r, 0), "status"), "new");
        assert_true(json_object_get_boolean(member(member(finding(r, 0), "issue"), "expired")));
        assert_string_equal(text_of(member(finding(r, 0), "issue"), "bug"), "https://bugs.example/7");
        json_object_put(r);
        r = scan(0, "--fail-on new --known %s %s", future, fixture("kcsan-ps2.log"));
        assert_false(json_object_get_boolean(member(member(finding(r, 0), "issue"), "expired")));
        json_object_put(r);
}

/* One in force wins over one that expired, wherever they stand; both matched. */
static void test_several_files(void **state) {
        (void) state;
        const char *over = one_issue("{\"title\": \"ps2\"}", ", \"expires\": \"2020-01-01\""),
                   *other = file_of(HEAD "{\"name\": \"second\", \"match\": {\"title\": \"handle_ack\"}}, "
                                         "{\"name\": \"idle\", \"match\": {\"title\": \"nothing is called this\"}}]}");
        struct json_object *r = scan(0, "--fail-on new --known %s --known %s %s", over, other,
                                     fixture("kcsan-ps2.log"));
        struct json_object *issues = member(r, "known_issues");

        assert_string_equal(text_of(member(finding(r, 0), "issue"), "name"), "second");
        assert_int_equal(json_object_array_length(issues), 3);
        assert_int_equal(json_object_get_int(member(json_object_array_get_idx(issues, 0), "findings")), 1);
        assert_int_equal(json_object_get_int(member(json_object_array_get_idx(issues, 1), "findings")), 1);
        assert_int_equal(json_object_get_int(member(json_object_array_get_idx(issues, 2), "findings")), 0);
        json_object_put(r);
        struct run run = vmlife("scan --known %s %s", other, fixture("kcsan-ps2.log"));
        assert_non_null(strstr(run.err, "1 known issue matched nothing here: idle"));
        run_done(&run);
}

static void test_a_pattern_that_takes_too_long(void **state) {
        char match[200];
        struct log l = {};

        (void) state;
        say(&l, 0, "Linux version 6.1.0 (x@y) (gcc) #1 SMP");
        say_race(&l, 1, "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
                 "b", "b", 0xffff888000100000ull);
        snprintf(match, sizeof(match), "{\"title\": \"(a+)+(X|Y)\"}");
        const char *known = one_issue(match, "");
        struct run run = vmlife("scan --fail-on new --known %s %s", known, path_of(&l));
        assert_int_equal(run.status, 1);
        assert_non_null(strstr(run.err, "a pattern takes too many steps; simplify it: the ps2 race"));
        run_done(&run);
        struct json_object *r = scan(1, "--known %s %s", known, l.path);
        assert_true(
                json_object_get_boolean(member(json_object_array_get_idx(member(r, "known_issues"), 0), "stopped")));
        json_object_put(r);
}

static void test_fail_on_new(void **state) {
        (void) state;
        const char *none = file_of(HEAD "]}"), *all = one_issue("{\"title\": \".\"}", "");
        struct run run = vmlife("scan --fail-on new %s", fixture("clean.log"));

        assert_int_equal(run.status, 2);
        assert_non_null(strstr(run.err, "needs a list of what is known: add --known=FILE"));
        run_done(&run);
        json_object_put(scan(1, "--fail-on new --known %s %s", none, fixture("kcsan-ps2.log")));
        json_object_put(scan(0, "--fail-on new,related --known %s %s", none, fixture("kcsan-ps2.log")));
        json_object_put(scan(1, "--fail-on new,related --known %s %s", none, fixture("lockdep-recursive.log")));
        json_object_put(scan(0, "--fail-on new,likely --known %s %s", none, fixture("lockdep-recursive.log")));
        json_object_put(scan(0, "--fail-on new,related --known %s %s", all, fixture("lockdep-recursive.log")));
        json_object_put(scan(1, "--fail-on related --known %s %s", all, fixture("lockdep-recursive.log")));
        /* An injected fault is no regression. */
        struct json_object *r = scan(0, "--fail-on new --known %s %s", none, fixture("vmlife.log"));
        assert_int_equal(json_object_get_int(member(member(r, "summary"), "new")), 0);
        json_object_put(r);
        json_object_put(scan(1, "--fail-on any --known %s %s", none, fixture("vmlife.log")));
}

/* By function, else by file; what the issue says comes first. */
static void test_owners(void **state) {
        static const char owners[] = "], \"owners\": [{\"owner\": \"ps2 people\", \"function\": \"^ps2_\"}, "
                                     "{\"owner\": \"gem people\", \"file\": \"gpu/drm/i915/\"}]}";
        char text[1000];

        (void) state;
        snprintf(text, sizeof(text), HEAD "%s", owners);
        const char *known = file_of(text);
        struct json_object *r = scan(1, "--known %s %s", known, fixture("kcsan-ps2.log"));
        assert_string_equal(text_of(finding(r, 0), "owner"), "ps2 people");
        assert_string_equal(text_of(finding(r, 0), "status"), "new");
        json_object_put(r);
        r = scan(1, "--known %s %s", known, fixture("warn-new-banner.log"));
        assert_string_equal(text_of(finding(r, 0), "owner"), "gem people");
        json_object_put(r);
        r = scan(1, "--known %s %s", known, fixture("lockdep-rcu.log"));
        assert_false(json_object_object_get_ex(finding(r, 0), "owner", NULL));
        json_object_put(r);
        snprintf(text, sizeof(text), HEAD "{\"name\": \"a\", \"match\": {\"title\": \"ps2\"}, \"owner\": \"me\"}%s",
                 owners);
        r = scan(1, "--known %s %s", file_of(text), fixture("kcsan-ps2.log"));
        assert_string_equal(text_of(finding(r, 0), "owner"), "me");
        json_object_put(r);
}

static void test_ndjson_and_text(void **state) {
        (void) state;
        const char *known = one_issue("{\"title\": \"ps2\"}", ", \"bug\": \"https://bugs.example/7\"");
        struct run r = vmlife("scan --format ndjson --known %s %s", known, fixture("kcsan-ps2.log"));

        assert_non_null(strstr(r.out, "\"type\":\"known-issue\""));
        assert_non_null(strstr(r.out, "\"status\":\"known\""));
        run_done(&r);
        r = vmlife("scan --format text --known %s %s", known, fixture("kcsan-ps2.log"));
        assert_non_null(strstr(r.out, "ps2_handle_ack  (known)"));
        assert_non_null(strstr(r.out, "known issue the ps2 race, https://bugs.example/7"));
        run_done(&r);
}

int main(void) {
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(test_versions),
                cmocka_unit_test(test_what_is_no_version),
                cmocka_unit_test(test_patterns),
                cmocka_unit_test(test_bad_files),
                cmocka_unit_test(test_schema_of_files),
                cmocka_unit_test(test_each_way_to_match),
                cmocka_unit_test(test_by_the_signature_and_the_rule),
                cmocka_unit_test(test_by_another_title),
                cmocka_unit_test(test_no_kernel_named),
                cmocka_unit_test(test_expiry),
                cmocka_unit_test(test_several_files),
                cmocka_unit_test(test_a_pattern_that_takes_too_long),
                cmocka_unit_test(test_fail_on_new),
                cmocka_unit_test(test_owners),
                cmocka_unit_test(test_ndjson_and_text),
        };
        return cmocka_run_group_tests(tests, NULL, NULL);
}
