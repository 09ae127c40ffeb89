/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What is written, and where: nothing takes the place of an input, and no word of a log or of a forged report steers
 * the reader of an export. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/macros.h"
#include "cmocka_all.h"
#include "vmlife.h"

static void refused(const char *args) {
        struct run r = vmlife("%s", args);

        if (r.status != 2 || !strstr(r.err, "would overwrite the input"))
                fail_msg("%s: %d: %s", args, r.status, r.err);
        run_done(&r);
}

static void test_output_is_an_input(void **state) {
        (void) state;
        static const char *const calls[] = {
                "scan %1$s/log -o %1$s/log",
                "scan %1$s/log -o %1$s/hard",
                "scan %1$s/log -o %1$s/soft",
                "scan %1$s/log -o %1$s/sub/../log",
                "scan %1$s/soft -o %1$s/hard",
                "diff %1$s/log %1$s/hard -o %1$s/soft",
                "export --to junit %1$s/log -o %1$s/hard",
                "bundle %1$s/log -o %1$s/hard",
                "scan -D %1$s/j -o %1$s/j/test.journal",
                "scan %1$s/sub -o %1$s/sub/deep/log",
                "scan --by signature --format text %1$s/sub -o %1$s/sub/report.json",
                "export --to html %1$s/sub -o %1$s/sub/report.json",
                "diff %1$s/sub %1$s/sub -o %1$s/sub/report.json",
                "scan %1$s/log --redact-key %1$s/a.new -o %1$s/a.new",
                "bundle --force %1$s/log --redact-key %1$s/a.new -o %1$s/a.new",
                "scan - -o %1$s/log <%1$s/log",
                "scan %1$s/log --known %1$s/a.new -o %1$s/a.new",
                "scan %1$s/log --vmlinux %1$s/a.new -o %1$s/a.new",
                "scan %1$s/log --maintainers %1$s/a.new -o %1$s/a.new",
                "scan %1$s/log --sites %1$s/a.new -o %1$s/a.new",
                "diff %1$s/log %1$s/log --known %1$s/a.new -o %1$s/a.new",
                "diff --base %1$s/a.new %1$s/log -o %1$s/a.new",
                "bundle --force %1$s/log --config %1$s/a.new -o %1$s/a.new",
        };
        const char *folder = new_folder(), *log = fixture("bug.log");
        char args[2048];

        shell("cp %s %s/log && cd %s && cp log a.new && ln log hard && ln -s log soft && mkdir -p sub/deep && cp log "
              "sub/deep/log && cp -r %s j",
              log, folder, folder, journal_of(log, 'a', 0));
        shell("$VMLIFE scan %s -o %s/sub/report.json; test $? = 1", log, folder);
        for (size_t i = 0; i < ARRAY_SIZE(calls); i++) {
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
                snprintf(args, sizeof(args), calls[i], folder);
#pragma GCC diagnostic pop
                refused(args);
        }
        shell("cmp %s %s/log && cmp %s %s/a.new", log, folder, log, folder);
        shell("cmp %s %s/sub/deep/log", log, folder);
        /* A page is not one of the reports beside it. */
        shell("for i in 1 2; do $VMLIFE export --to html %s/sub -o %s/sub/page.html || exit; done", folder, folder);
        /* A report beside the journals is none of them. */
        json_object_put(
                scan(1, "-D %s/j -o %s/j/report.json; st=$?; cat %s/j/report.json; exit $st", folder, folder, folder));
        json_object_put(
                scan(1, "-D %s/j -o %s/j/report.json; st=$?; cat %s/j/report.json; exit $st", folder, folder, folder));
}

static void test_bundle_is_there(void **state) {
        (void) state;
        const char *folder = new_folder(), *log = fixture("bug.log");

        shell("echo mine >%s/b.tar.xz", folder);
        struct run r = vmlife("bundle %s -o %s/b.tar.xz", log, folder);
        assert_int_equal(r.status, 2);
        assert_non_null(strstr(r.err, "--force"));
        run_done(&r);
        shell("grep -qx mine %s/b.tar.xz", folder);
        r = vmlife("bundle --force %s -o %s/b.tar.xz", log, folder);
        assert_int_equal(r.status, 0);
        assert_non_null(strstr(r.err, "wrote "));
        assert_non_null(strstr(r.err, "b.tar.xz: 1 finding"));
        run_done(&r);
        json_object_put(scan(1, "%s/b.tar.xz", folder));
}

/* What stands beside an output stays, whatever its name; nobody can tell that of the file that is being made, and none
 * is left. */
static void test_beside_output(void **state) {
        (void) state;
        const char *folder = new_folder(), *log = fixture("bug.log");

        shell("cd %s; echo theirs >victim; ln -s victim r.json.new; echo mine >b.tar.xz.new", folder);
        struct run r = vmlife("scan %s -o %s/r.json", log, folder);
        assert_int_equal(r.status, 1);
        run_done(&r);
        r = vmlife("bundle -o %s/b.tar.xz %s", folder, log);
        assert_int_equal(r.status, 0);
        run_done(&r);
        shell("cd %s; grep -qx theirs victim && [ -f r.json ] && [ ! -L r.json ] && [ ! -L b.tar.xz ]", folder);
        shell("cd %s; [ -L r.json.new ] && grep -qx mine b.tar.xz.new && [ $(ls | wc -l) = 5 ]", folder);
        /* One that fails leaves nothing. */
        r = vmlife("bundle -o %s/c.tar.xz --config /does/not/exist %s", folder, log);
        assert_int_equal(r.status, 2);
        run_done(&r);
        shell("[ $(ls %s | wc -l) = 5 ]", folder);
}

/* "-" is standard output. */
static void test_output_is_a_dash(void **state) {
        (void) state;
        const char *d = new_folder(), *log = fixture("bug.log");

        shell("$VMLIFE scan -o %s/r.json %s; $VMLIFE scan -o - %s >%s/dash; [ ! -e - ] && cmp %s/r.json %s/dash", d,
              log, log, d, d, d);
        shell("$VMLIFE export --to text -o - %s/r.json >%s/text; [ ! -e - ] && [ -s %s/text ]", d, d, d);
        shell("! $VMLIFE bundle -o - %s 2>%s/err && [ ! -e - ] && grep -q 'writes to a file' %s/err", log, d, d);
        shell("$VMLIFE diff -o - %s/r.json %s/r.json >%s/same; [ ! -e - ] && [ -s %s/same ]", d, d, d, d);
}

static void test_given_twice(void **state) {
        (void) state;
        const char *folder = new_folder(), *log = fixture("bug.log");

        shell("cp %s %s/log && cp %s %s/other && cd %s && ln log hard && ln -s log soft", log, folder, log, folder,
              folder);
        struct json_object *o = scan(1, "%s/log %s/hard %s/soft %s/log", folder, folder, folder, folder);
        assert_int_equal(json_object_array_length(member(o, "sources")), 1);
        assert_int_equal(n_findings(o), 1);
        json_object_put(o);
        /* Another file with the same words is another. */
        o = scan(1, "%s/log %s/other", folder, folder);
        assert_int_equal(json_object_array_length(member(o, "sources")), 2);
        json_object_put(o);
        /* A boot of a text has no id by which it would be known again. */
        shell("%s scan -o %s/report %s/log; ln -s report %s/again", getenv("VMLIFE"), folder, folder, folder);
        struct run r = vmlife("export --to prometheus %s/report %s/again %s/report", folder, folder, folder);
        assert_int_equal(r.status, 0);
        assert_non_null(strstr(r.out, "vmlife_boots{verdict=\"findings\"} 1\n"));
        assert_non_null(strstr(r.err, "read once"));
        run_done(&r);
}

/* C1 and marks of direction, in a title. */
#define STEERING "\302\233a\302\205b\342\200\256\342\200\250\342\201\246\342\200\213\363\240\200\201\330\234z"

static void test_outputs_are_tame(void **state) {
        (void) state;
        static const char log[] =
                "[    1.000000] BUG: kernel NULL pointer dereference, address: 0000000000000008 # SKIP\n"
                "[    1.000001] RIP: 0010:" STEERING "+0x1/0x2\n[    1.000002] " STEERING "\033[31m\001\n";
        const char *folder = new_folder();
        char path[600];

        snprintf(path, sizeof(path), "%s/" STEERING ".log", folder);
        write_file(path, log, strlen(log));
        shell("%s scan --format json '%s' >%s/r; [ $? = 1 ]", getenv("VMLIFE"), path, folder);
        static const char *const never[] = { "\302\233",     "\302\205",     "\342\200\256",     "\342\200\250",
                                             "\342\201\246", "\342\200\213", "\363\240\200\201", "\330\234",
                                             "\033",         "\001" };
        static const char *const forms[] = { "ktap", "text", "markdown", "junit", "html", "sarif", "kcidb --origin x" };
        for (size_t k = 0; k < ARRAY_SIZE(forms); k++) {
                struct run r = vmlife("export --to %s %s/r", forms[k], folder);
                assert_int_equal(r.status, 0);
                assert_non_null(strstr(r.out, "BUG: "));
                for (size_t i = 0; i < ARRAY_SIZE(never); i++)
                        if (strstr(r.out, never[i]))
                                fail_msg("%s has %s", forms[k], never[i]);
                run_done(&r);
        }
        /* JSON says the same in letters. */
        static const char *const json[] = { "json", "ndjson" };
        for (size_t k = 0; k < ARRAY_SIZE(json); k++) {
                struct run r = vmlife("scan --format %s '%s'", json[k], path);
                assert_int_equal(r.status, 1);
                for (size_t i = 0; i < ARRAY_SIZE(never); i++)
                        if (strstr(r.out, never[i]))
                                fail_msg("%s has %s", json[k], never[i]);
                assert_non_null(
                        strstr(r.out, "\\u009ba\\u0085b\\u202e\\u2028\\u2066\\u200b\\udb40\\udc01\\u061cz.log"));
                run_done(&r);
        }
        struct json_object *o = scan(1, "'%s'", path);
        assert_non_null(strstr(text_of(json_object_array_get_idx(member(o, "sources"), 0), "name"), STEERING));
        json_object_put(o);
}

/* Whatever a CI obeys: none of it is left, whichever line of whichever output it may be in. */
static void has_no_command(const char *out, const char *what) {
        for (const char *line = out; *line; line += strcspn(line, "\n") + (line[strcspn(line, "\n")] == '\n')) {
                const char *text = line + strspn(line, " \t");
                while (strncmp(text, "\302\240", 2) == 0)
                        text += 2;
                if (strncmp(text, "::e", 3) == 0)
                        fail_msg("%s: ::error: %.*s", what, (int) strcspn(line, "\n"), line);
        }
        static const char *const never[] = { "##vso[", "##[", "##TeamCity[", "\r", "\033" };
        for (size_t i = 0; i < ARRAY_SIZE(never); i++)
                if (strstr(out, never[i]))
                        fail_msg("%s has %s", what, never[i]);
}

static void test_outputs_command_no_ci(void **state) {
        (void) state;
        static const char *const commands[] = {
                "##vso[task.complete result=Succeeded]",
                "##[error]x",
                "##TeamCity[buildStatus text='x']",
                "::error::x",
                "\302\240::error file=a::x",
                "section_end:1:x\r\033[0K",
        };
        static const char *const calls[] = {
                "scan %1$s/log --format text -vv",
                "scan %1$s/log",
                "scan %1$s/log --format ndjson",
                "scan --by signature --format text %1$s/log",
                "diff %1$s/r %1$s/log",
                "diff --format text %1$s/r %1$s/log",
                "follow --once --format text -D %1$s/j",
                "export --to text %1$s/r",
                "export --to markdown %1$s/r",
                "export --to junit %1$s/r",
                "export --to ktap %1$s/r",
                "export --to html %1$s/r",
                "export --to sarif %1$s/r",
                "export --to kcidb --origin x %1$s/r",
                "report --to mail $(jq -r '.findings[0].signature' %1$s/r) %1$s/log",
                "report --to github $(jq -r '.findings[0].signature' %1$s/r) %1$s/log",
        };
        const char *folder = new_folder();
        char path[600], call[1500];

        snprintf(path, sizeof(path), "%s/log", folder);
        FILE *f = fopen(path, "we");
        for (size_t i = 0; i < ARRAY_SIZE(commands); i++) {
                const char *c = commands[i];
                fprintf(f,
                        "[    0.000000] Linux version 6.1.0-%s (%s@lab) (gcc) #1 SMP\n[    1.000000] BUG: %s\n"
                        "[    2.000000] ------------[ cut here ]------------\n"
                        "[    2.000001] WARNING: CPU: 0 PID: 1 at %s:1 f+0x1/0x20\n"
                        "[    2.000002] CPU: 0 PID: 1 Comm: %s Not tainted 6.1.0 #1\n[    2.000003] Hardware name: %s\n"
                        "[    2.000004] Call Trace:\n[    2.000005]  f+0x1/0x20\n[    2.000006] %s\n"
                        "[    2.000007] ---[ end trace 0000000000000000 ]---\n"
                        "[    3.000000] UBSAN: %s in a.c:1:2\n[    3.000001] Call Trace:\n[    3.000002]  f+0x1/0x20\n",
                        c, c, c, c, c, c, c, c);
        }
        fclose(f);
        shell("$VMLIFE scan -o %s/r %s; [ $? = 1 ] && cp -r %s %s/j", folder, path, journal_of(path, 'a', 0), folder);
        for (size_t k = 0; k < ARRAY_SIZE(calls); k++) {
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
                snprintf(call, sizeof(call), calls[k], folder);
#pragma GCC diagnostic pop
                struct run r = vmlife("%s", call);
                assert_non_null(strstr(r.out, "WARNING"));
                has_no_command(r.out, call);
                has_no_command(r.err, call);
                run_done(&r);
        }
}

/* A report in which a rule, a detector and a file are somebody's inventions. */
static void forge(const char *folder, const char *file) {
        shell("%s scan --format json %s >%s/good; [ $? = 1 ]", getenv("VMLIFE"), fixture("vmlife.log"), folder);
        shell("jq --arg file '%s' '.findings[0] |= (.rule = \"up{x=1}\" | .detector = \"my own\" | .functions = "
              "[\"f\"] | "
              ".stacks = [{what: \"call\", frames: [{function: \"f\", reliable: true, file: $file, line: 7}]}])' "
              "%s/good >%s/forged",
              file, folder, folder);
}

static void test_sarif_stays_below_its_root(void **state) {
        (void) state;
        static const struct {
                const char *file, *uri;
        } cases[] = {
                { "drivers/gpu/a.c", "drivers/gpu/a.c" },
                { "../../etc/passwd", "etc/passwd" },
                { "/etc/passwd", "etc/passwd" },
                { "a/../../b", "a/b" },
                { "file:///etc/passwd", "file%3A/etc/passwd" },
                { "%2e%2e/x", "%252e%252e/x" },
                { "..\\..\\x", "x" },
                { "//host/x", "host/x" },
                { "./../.", "unnamed" },
                { "http://x/y?z#w", "http%3A/x/y%3Fz%23w" },
        };
        const char *folder = new_folder();

        for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
                char wanted[128];
                forge(folder, cases[i].file);
                struct run r = vmlife("export --to sarif %s/forged", folder);
                assert_int_equal(r.status, 0);
                snprintf(wanted, sizeof(wanted), "\"uri\": \"%s\"", cases[i].uri);
                if (!strstr(r.out, wanted))
                        fail_msg("%s: there is no %s", cases[i].file, wanted);
                run_done(&r);
        }
}

/* The WARN in lib/refcount.c is the checker's: the result names the function to blame, which has no place there. */
static void test_sarif_names_no_checker(void **state) {
        (void) state;
        const char *folder = new_folder();
        static const char *const logs[] = { "5.10-kcsan-object-kref", "6.1-kcsan-object-kref",
                                            "7.2-kcsan-object-kref" };

        for (size_t i = 0; i < ARRAY_SIZE(logs); i++) {
                shell("$VMLIFE scan tests/logs/%s.log.xz -o %s/r.json || test $? = 1", logs[i], folder);
                struct run r = vmlife("export --to sarif %s/r.json", folder);
                assert_int_equal(r.status, 0);
                assert_null(strstr(r.out, "lib/refcount.c"));
                assert_non_null(strstr(r.out, "\"name\": \"provoke_kref_get\""));
                run_done(&r);
        }
}

/* What a CI gave is in every form for people. */
static void test_labels_for_people(void **state) {
        (void) state;
        static const char *const forms[][2] = { { "text", "labels: build=7, job=night" },
                                                { "markdown", "labels: build=7, job=night" },
                                                { "ktap", "# label: job=night" },
                                                { "junit", "name=\"job\" value=\"night\"" },
                                                { "sarif", "\"labels\": { \"build\": \"7\", \"job\": \"night\" }" } };
        const char *folder = new_folder();

        shell("$VMLIFE scan --label build=7 --label job=night %s -o %s/r.json || test $? = 1", fixture("kcsan-ps2.log"),
              folder);
        for (size_t i = 0; i < ARRAY_SIZE(forms); i++) {
                struct run r = vmlife("export --to %s %s/r.json", forms[i][0], folder);
                assert_int_equal(r.status, 0);
                if (!strstr(r.out, forms[i][1]))
                        fail_msg("%s: %s", forms[i][0], r.out);
                run_done(&r);
        }
}

static void test_prometheus_labels_are_of_a_table(void **state) {
        (void) state;
        const char *folder = new_folder();

        forge(folder, "a.c");
        struct run r = vmlife("export --to prometheus %s/forged", folder);
        assert_int_equal(r.status, 0);
        assert_null(strstr(r.out, "up{x"));
        assert_null(strstr(r.out, "my own"));
        assert_non_null(strstr(r.out, "detector=\"other\",rule=\"other\""));
        run_done(&r);
        r = vmlife("export --to prometheus %s/good", folder);
        assert_null(strstr(r.out, "other"));
        assert_non_null(strstr(r.out, "detector=\"vmlife\",rule=\""));
        run_done(&r);
}

/* File and line lead to the source of the kernel's release, where it can be there; a template leads elsewhere. */
static void test_source_links(void **state) {
        (void) state;
        static const char log[] =
                "[    0.000000] Linux version 6.2.0-rc3-lab (builder@lab) (gcc) #1 SMP Mon Jan  2 10:00:00 UTC 2023\n"
                "[    1.000000][    T1] ------------[ cut here ]------------\n"
                "[    1.000000][    T1] WARNING: CPU: 0 PID: 1 at mm/slub.c:1 outer+0x1/0x20\n"
                "[    1.000000][    T1] Call Trace:\n"
                "[    1.000000][    T1]  <TASK>\n"
                "[    1.000000][    T1]  outer+0x1/0x20 mm/slub.c:1\n"
                "[    1.000000][    T1]  further+0x1/0x20 ../lab/tree/mm/slub.c:2\n"
                "[    1.000000][    T1]  own+0x1/0x20 drivers/gpu/drm/i915/gem/i915_gem_vmlife.c:3\n"
                "[    1.000000][    T1]  </TASK>\n"
                "[    1.000000][    T1] ---[ end trace 0000000000000000 ]---\n";
        const char *folder = new_folder();
        char path[600];

        snprintf(path, sizeof(path), "%s/log", folder);
        write_file(path, log, sizeof(log) - 1);
        struct run r = run_shell("$VMLIFE scan %s | $VMLIFE export --to html", path);
        assert_non_null(strstr(r.out, "href=\"https://elixir.bootlin.com/linux/v6.2-rc3/source/mm/slub.c#L1\""));
        assert_null(strstr(r.out, "slub.c#L2"));
        assert_null(strstr(r.out, "vmlife.c#L3"));
        run_done(&r);
        r = run_shell("$VMLIFE scan %s | $VMLIFE export --to html --source-url "
                      "'https://git.example.org/{release}?f={file}&l={line}'",
                      path);
        assert_non_null(strstr(r.out, "href=\"https://git.example.org/6.2.0-rc3-lab?f=mm/slub.c&amp;l=1\""));
        run_done(&r);
        r = run_shell("$VMLIFE scan %s | $VMLIFE export --to html --source-url ''", path);
        assert_null(strstr(r.out, "elixir"));
        run_done(&r);
        r = run_shell("$VMLIFE scan %s | $VMLIFE export --to html --source-url 'javascript:alert(1)'", path);
        assert_int_equal(r.status, 2);
        run_done(&r);
}

int main(void) {
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(test_output_is_an_input),
                cmocka_unit_test(test_bundle_is_there),
                cmocka_unit_test(test_beside_output),
                cmocka_unit_test(test_output_is_a_dash),
                cmocka_unit_test(test_given_twice),
                cmocka_unit_test(test_outputs_are_tame),
                cmocka_unit_test(test_outputs_command_no_ci),
                cmocka_unit_test(test_sarif_stays_below_its_root),
                cmocka_unit_test(test_sarif_names_no_checker),
                cmocka_unit_test(test_labels_for_people),
                cmocka_unit_test(test_prometheus_labels_are_of_a_table),
                cmocka_unit_test(test_source_links),
        };
        return cmocka_run_group_tests(tests, NULL, NULL);
}
