/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The command's manners at a terminal and in a pipe: what it writes there, what it makes of a call that names no
 * command, and what it says of a mistyped one. */
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "cmocka_all.h"
#include "vmlife.h"

#define LOG_OF_XE "tests/unit/fixtures/xe-uaf.log"

/* Runs a shell's command line with a terminal of 24 lines as standard output. */
static struct run at_terminal(const char *command) {
        return run_shell(
                "env -u NO_COLOR -u PAGER -u VMLIFE_PAGER -u LESS TERM=xterm script -qec \"stty rows 24 cols 100; "
                "%s\" /dev/null </dev/null",
                command);
}

static void expect_out(struct run r, int status, const char *out, const char *err) {
        if (r.status != status)
                fail_msg("exit status %d, not %d: %s", r.status, status, r.err);
        if (out && !strstr(r.out, out))
                fail_msg("\"%s\" is not in %s", out, r.out);
        if (err && !strstr(r.err, err))
                fail_msg("\"%s\" is not in %s", err, r.err);
        run_done(&r);
}

static void test_text_at_a_terminal_json_in_a_pipe(void **state) {
        (void) state;
        expect_out(at_terminal("$VMLIFE scan --no-pager tests/unit/fixtures/kcsan-ps2.log"), 1, "data-race in", NULL);
        struct run r = at_terminal("$VMLIFE scan --no-pager --format json tests/unit/fixtures/kcsan-ps2.log");
        assert_non_null(strstr(r.out, "\"schema\""));
        run_done(&r);
        r = vmlife("scan %s", fixture("kcsan-ps2.log"));
        assert_true(r.out[0] == '{');
        run_done(&r);
        r = at_terminal("$VMLIFE diff --no-pager tests/unit/fixtures/clean.log tests/unit/fixtures/kcsan-ps2.log");
        assert_non_null(strstr(r.out, "1 new"));
        assert_null(strstr(r.out, "\"schema\""));
        run_done(&r);
}

/* No line of ours that could be broken is longer than a terminal's, whatever its width; lines of the log stay whole. */
static void test_width(void **state) {
        (void) state;
        const char log[] = "tests/logs/6.1-kasan-memory-use-after-free.log.xz";

        for (unsigned columns = 40; columns <= 100; columns += 30) {
                struct run r =
                        run_shell("script -qec 'stty rows 24 cols %u; $VMLIFE scan --no-pager --color never -vv %s' "
                                  "/dev/null </dev/null",
                                  columns, log);
                bool quotes = false;
                for (char *line = strtok(r.out, "\r\n"); line; line = strtok(NULL, "\r\n")) {
                        /* What clears the line of progress that a slow machine shows takes no column. */
                        line += strncmp(line, "\033[K", 3) == 0 ? 3 : 0;
                        const char *text = line + strspn(line, " ");
                        if (strncmp(text, "| ", 2) == 0)
                                quotes |= strlen(line) > columns;
                        else if (strlen(line) > columns && strchr(text, ' '))
                                fail_msg("%u columns: %s", columns, line);
                }
                assert_true(quotes);
                run_done(&r);
        }
}

/* What the pager gets is marked, so that it shows who wrote it. */
static void test_pager(void **state) {
        (void) state;
        const char scan[] = "$VMLIFE scan tests/unit/fixtures/kcsan-ps2.log";
        char command[256];

        snprintf(command, sizeof(command), "PAGER='sed s/^/paged:/' %s", scan);
        expect_out(at_terminal(command), 1, "paged:", NULL);
        snprintf(command, sizeof(command), "PAGER=false VMLIFE_PAGER='sed s/^/paged:/' %s", scan);
        expect_out(at_terminal(command), 1, "paged:", NULL);
        /* A dumb terminal gets none. */
        snprintf(command, sizeof(command), "TERM=dumb PAGER=no-such-pager %s", scan);
        struct run dumb = at_terminal(command);
        assert_null(strstr(dumb.out, "no-such-pager"));
        run_done(&dumb);
        snprintf(command, sizeof(command), "PAGER=no-such-pager %s", scan);
        expect_out(at_terminal(command), 1, "there is no pager no-such-pager", NULL);
        expect_out(at_terminal(command), 1, "KCSAN: data-race", NULL);
        snprintf(command, sizeof(command), "PAGER='LESS=FRX sed s/^/paged:/' %s", scan);
        expect_out(at_terminal(command), 1, "paged:", NULL);
        snprintf(command, sizeof(command), "PAGER='sed s/^/paged:/' %s --no-pager", scan);
        struct run r = at_terminal(command);
        assert_null(strstr(r.out, "paged:"));
        run_done(&r);
        /* One that is left at once changes nothing about the verdict. */
        snprintf(command, sizeof(command), "PAGER=true %s -vv", scan);
        expect_out(at_terminal(command), 1, NULL, NULL);
}

/* All text that people read, and no data. */
static void test_pager_of_all_text(void **state) {
        (void) state;
        static const struct {
                const char *call;
                bool paged;
        } calls[] = { { "export --to text %s", true },
                      { "export --to markdown %s", true },
                      { "export --to ktap %s", false },
                      { "export --to text --no-pager %s", false },
                      { "scan --help", true },
                      { "help known report", true },
                      { "--help", true },
                      { "scan --no-pager --help", false },
                      { "help --no-pager scan", false } };
        char report[600], call[700], command[1000];

        snprintf(report, sizeof(report), "%s/r.json", new_folder());
        shell("$VMLIFE scan -o %s %s; test $? = 1", report, fixture("kcsan-ps2.log"));
        for (size_t i = 0; i < sizeof(calls) / sizeof(calls[0]); i++) {
                snprintf(call, sizeof(call), calls[i].call, report);
                snprintf(command, sizeof(command), "PAGER='sed s/^/paged:/' $VMLIFE %s", call);
                struct run r = at_terminal(command);
                if (r.status != 0 || (strstr(r.out, "paged:") != NULL) != calls[i].paged)
                        fail_msg("%s: %d, %s", call, r.status, r.out);
                run_done(&r);
        }
}

static void test_calls_without_a_command(void **state) {
        (void) state;
        expect_out(vmlife("--format text %s", fixture("kcsan-ps2.log")), 1, "findings: 1", NULL);
        expect_out(vmlife("%s %s", fixture("kcsan-ps2.log"), fixture("clean.log")), 1, "vmlife-report/", NULL);
        expect_out(run_shell("cat %s | $VMLIFE", fixture("kcsan-ps2.log")), 1, "vmlife-report/", NULL);
        expect_out(run_shell("$VMLIFE --format text <%s", fixture("kcsan-ps2.log")), 1, "findings: 1", NULL);
        expect_out(vmlife("--no-pager --color=never scan --format text %s", fixture("kcsan-ps2.log")), 1, "findings: 1",
                   NULL);
        expect_out(vmlife("--no-pager %s", fixture("kcsan-ps2.log")), 1, "vmlife-report/", NULL);
        expect_out(run_shell("$VMLIFE </dev/null"), 2, NULL, "usage: vmlife COMMAND");
        expect_out(vmlife("/no/such/log"), 2, NULL, "cannot open /no/such/log");
}

static void test_did_you_mean(void **state) {
        (void) state;
        expect_out(vmlife("sacn x"), 2, NULL, "did you mean \"vmlife scan\"?");
        expect_out(vmlife("fulminate"), 2, NULL, "there is no command or file \"fulminate\"; see vmlife help");
        expect_out(vmlife("scan --formt json x"), 2, NULL, "did you mean --format?");
        expect_out(vmlife("scan --format txt x"), 2, NULL, "did you mean \"text\"?");
        expect_out(vmlife("scan --format html x"), 2, NULL, "vmlife export --to html");
        expect_out(vmlife("explain vm-early-putt"), 2, NULL, "did you mean \"vm-early-put\"?");
        expect_out(vmlife("explain usefree"), 2, NULL, "\"vmlife explain\" lists all");
        expect_out(vmlife("scan --require kasan,locdep x"), 2, NULL, "did you mean \"lockdep\"?");
        expect_out(vmlife("--versoin"), 2, NULL, "did you mean \"vmlife --version\"?");
        expect_out(vmlife("--hlep"), 2, NULL, "did you mean --help?");
        expect_out(vmlife("scan journl"), 2, NULL, "did you mean \"journal\"?");
        expect_out(vmlife("explain kasan/nosuch"), 2, "kasan: ", "no kind \"nosuch\" of kasan");
        expect_out(vmlife("explain KASAN/use-after-fee"), 2, NULL, "did you mean \"kasan/use-after-free\"?");
        expect_out(vmlife("explain lockdep/circular"), 2, NULL, "of lockdep");
        expect_out(vmlife("explain kasan/use-after-free"), 0, NULL, NULL);
}

static void test_help(void **state) {
        (void) state;
        expect_out(vmlife("help"), 0, "vmlife LOG...", NULL);
        expect_out(vmlife("help scan diff"), 0, "usage: vmlife diff", NULL);
        expect_out(vmlife("help scann"), 2, NULL, "did you mean \"vmlife scan\"?");
}

static void test_explain_every_word_in_any_case(void **state) {
        (void) state;
        static const char *const words[] = { "severity",
                                             "critical",
                                             "signature",
                                             "new",
                                             "gone",
                                             "origin",
                                             "injected",
                                             "warn_once",
                                             "WARN_ONCE",
                                             "KASAN",
                                             "Lockdep/Circular-Locking",
                                             "taint",
                                             "not-seen",
                                             "status",
                                             "unverified",
                                             "owner:",
                                             "'read-write (marked)'",
                                             "do not count",
                                             "ADDR",
                                             "silence",
                                             "involved",
                                             "passed over",
                                             "located",
                                             "value_old",
                                             "dmesg-json" };

        for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
                expect_out(vmlife("explain %s", words[i]), 0, ": ", NULL);
        /* Of a kind of several detectors, each one's. */
        expect_out(vmlife("explain use-after-free"), 0, "kasan/use-after-free: ", NULL);
        expect_out(vmlife("explain Use_after_free"), 0, "slub/use-after-free: ", NULL);
        /* Of a word that text uses for another thing, both. */
        expect_out(vmlife("explain list"), 0, "list: checks of", NULL);
        expect_out(vmlife("explain list"), 0, "\nlists: the mailing", NULL);
}

static void test_folder_of_logs(void **state) {
        (void) state;
        const char *folder = new_folder();

        shell("mkdir %s/sub && cp tests/unit/fixtures/kcsan-ps2.log %s/b.log && gzip <tests/unit/fixtures/vmlife.log "
              ">%s/sub/a.log.gz && echo 'notes, no log' >%s/notes.txt && head -c 5000 /bin/ls >%s/ls && : >%s/empty",
              folder, folder, folder, folder, folder, folder);
        struct run r = vmlife("scan --format text %s", folder);
        assert_int_equal(r.status, 1);
        assert_non_null(strstr(r.out, "findings: 4 ("));
        assert_non_null(strstr(r.out, "in 2 boots"));
        assert_non_null(strstr(r.err, "3 of 5 files hold no kernel log and were passed over: empty, ls, notes.txt"));
        run_done(&r);
        shell("rm -r %s/b.log %s/sub", folder, folder);
        expect_out(vmlife("scan %s", folder), 2, NULL, "none of its 3 files is a journal or a kernel's log");
}

/* What people and vmlife write about logs lies beside them, and quotes them. */
static void test_folder_with_texts(void **state) {
        (void) state;
        static const char *const forms[] = { "html", "junit", "kcidb", "ktap", "markdown", "text" };
        const char *folder = new_folder();
        static const char table[] = "# log\tdetector\ttitle\n"
                                    "one\toops\tgeneral protection fault in a_function\t-\n"
                                    "two\toops\tgeneral protection fault in b_function\t-\n"
                                    "three\tspinlock\tBUG: spinlock bad magic in c_function\t-\n";
        static const char notes[] =
                "# What was seen\n\nLines such as `[   12.000000] BUG: KASAN: use-after-free` came\n"
                "twice, and once this:\n\n    BUG: sleeping function called from invalid context\n"
                "    refcount_t: underflow; use-after-free.\n";
        char path[200];

        shell("cp tests/unit/fixtures/kcsan-ps2.log %s/b.log; $VMLIFE scan %s/b.log >%s/r.json; "
              "[ $? = 1 ]",
              folder, folder, folder);
        for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++)
                shell("$VMLIFE export --to %s -o %s/r.%s %s/r.json", forms[i], folder, forms[i], folder);
        snprintf(path, sizeof(path), "%s/table.tsv", folder);
        write_file(path, table, strlen(table));
        snprintf(path, sizeof(path), "%s/notes.md", folder);
        write_file(path, notes, strlen(notes));
        expect_out(vmlife("scan --format text %s", folder), 1, "findings: 1 (", "9 of 10 files hold no kernel log");
        /* What is named and quotes a kernel is said to be no log: a prefix behind other words is no kernel's line. */
        expect_out(vmlife("scan --format text %s", path), 2, "", "quotes a kernel's words, and no line of it");
        /* In an archive, too; there a text without any time is none before it is read. */
        shell("tar cf %s/a.tar -C %s b.log notes.md table.tsv", folder, folder);
        expect_out(vmlife("scan --format text %s/a.tar", folder), 1, "findings: 1 (1 unrelated) in 1 boot\n",
                   "notes.md is skipped: ");
        shell("rm %s/a.tar", folder);
        /* A log's part without times is a log. */
        shell("cd %s && sed 's/^[^]]*\\] //' b.log >plain.txt && rm b.log", folder);
        expect_out(vmlife("scan --format text %s", folder), 1, "findings: 1 (", "9 of 10 files hold no kernel log");
}

/* A lab saves journals and serial logs side by side, often of one boot: all are read, and what the kernel printed once
 * counts once. */
/* A table of titles has a report's words; a table of a log's lines has times, or stacks. */
static void test_folder_with_tables(void **state) {
        (void) state;
        static const char make[] = "cd %s && t=$OLDPWD/tests/logs/causes.tsv && cp "
                                   "$OLDPWD/tests/unit/fixtures/clean.log z.log && cp $t a.tsv "
                                   "&& grep -v '^#' $t >b.tsv && sed 's/\t/,/g' b.tsv >c.csv && sed 's/\t/\",\"/g; "
                                   "s/^/\"/; s/$/\"/' b.tsv "
                                   ">d.csv && cut -f4 b.tsv >e.txt && sed 's/\t/ | /g; s/^/| /; s/$/ |/' b.tsv >f.md";
        const char *folder = new_folder();

        shell(make, folder);
        struct run r = vmlife("scan --format text %s", folder);
        assert_int_equal(r.status, 0);
        assert_non_null(
                strstr(r.err, "6 of 7 files hold no kernel log and were passed over: a.tsv, b.tsv, c.csv, d.csv"));
        assert_non_null(strstr(r.out, "no findings in 1 boot"));
        run_done(&r);
        /* The lines of a log as one table's rows, with their times and without. */
        shell("cd %s && rm * && { echo time,host,message; awk '{ print \"2025-09-20T09:53:55,lab,\" $0 }' "
              "$OLDPWD/tests/unit/fixtures/xe-uaf.log; } >a.csv && { echo '# from lab'; sed -E 's/^\\[[^]]*\\] ?//; "
              "s/^/lab\t/' $OLDPWD/tests/unit/fixtures/xe-uaf.log; } >b.tsv",
              folder);
        struct json_object *o = scan(1, "%s", folder);
        assert_int_equal(json_object_array_length(member(o, "sources")), 2);
        json_object_put(o);
}

static void test_folder_of_journals_and_logs(void **state) {
        (void) state;
        const char *folder = new_folder(), *journal = journal_of(fixture("kcsan-ps2.log"), '9', 0);

        shell("mkdir -p %s/host-1 %s/serial %s/old/host-2 && cp %s/*.journal %s/host-1 && cp "
              "tests/unit/fixtures/vmlife.log %s/serial/host-1.log && echo 'notes, no log' >%s/notes.txt",
              folder, folder, folder, journal, folder, folder, folder);
        struct run r = vmlife("scan --format text %s", folder);
        assert_int_equal(r.status, 1);
        assert_non_null(strstr(r.out, "findings: 4 ("));
        assert_non_null(strstr(r.err, "1 of 2 other files hold no kernel log and were passed over: notes.txt"));
        run_done(&r);
        /* A journal that lies deeper than libsystemd looks is read, too. */
        journal = journal_of(LOG_OF_XE, '8', 0);
        shell("rm %s/notes.txt && cp %s/*.journal %s/old/host-2", folder, journal, folder);
        r = vmlife("scan --format text %s", folder);
        assert_non_null(strstr(r.out, "in xe_vm_close"));
        assert_string_equal(r.err, "");
        run_done(&r);
        /* What asks for a part of the journals gets no more than these. */
        r = vmlife("scan --format text -b 99999999999999999999999999999999 %s", folder);
        assert_non_null(strstr(r.out, "findings: 1 ("));
        assert_non_null(strstr(r.err, "only its journals are read, 2 other files are not: old/host-2/"));
        run_done(&r);
        r = vmlife("scan --format text -D %s", folder);
        assert_non_null(strstr(r.out, "findings: 1 ("));
        run_done(&r);
}

/* The serial log of a boot whose journal lies beside it; it holds one report more than the journal. */
static void test_folder_with_a_boot_twice(void **state) {
        (void) state;
        const char *folder = new_folder(), *journal = journal_of(fixture("kcsan-ps2.log"), '9', 0);

        shell("cp %s/*.journal tests/unit/fixtures/kcsan-ps2.log %s", journal, folder);
        struct run r = vmlife("scan --format text %s", folder);
        assert_non_null(strstr(r.out, "findings: 1 ("));
        assert_non_null(strstr(r.out, "in 1 boot\n"));
        assert_non_null(strstr(r.err, "kcsan-ps2.log is a log of boot 99999999999999999999999999999999"));
        run_done(&r);
        shell("sed 's/^.[^]]*]/[  900.000001]/' " LOG_OF_XE " >>%s/kcsan-ps2.log", folder);
        struct json_object *o = scan(1, "%s", folder);
        assert_int_equal(n_findings(o), 3);
        json_object_put(o);
        /* Another boot with the same report, at another time, is another boot. */
        shell("sed 's/^.[^]]*]/[  900.000001]/' tests/unit/fixtures/kcsan-ps2.log >%s/kcsan-ps2.log", folder);
        o = scan(1, "%s", folder);
        assert_int_equal(n_findings(o), 2);
        json_object_put(o);
}

/* One line a finding, for people; JSON in a pipe. */
static void test_follow_as_text(void **state) {
        (void) state;
        const char *journal = journal_of(fixture("kcsan-ps2.log"), '6', 0);
        struct run r = vmlife("follow --once --format text -D %s", journal);

        assert_int_equal(r.status, 0);
        assert_non_null(strstr(r.out, "low: KCSAN: data-race in "));
        assert_non_null(strstr(r.out, "boot 66666666666666666666666666666666 of lab-1"));
        assert_non_null(strstr(r.out, ", on lab-1, kernel "));
        assert_null(strchr(r.out, '{'));
        run_done(&r);
        r = vmlife("follow --once -D %s", journal);
        assert_true(r.out[0] == '{');
        run_done(&r);
        expect_out(vmlife("follow --once --format text -o %s/x -D %s", journal, journal), 2, NULL,
                   "leave out --output");
}

/* An unrelated finding that is critical has the colour of what is bad. */
static void test_critical_is_not_dimmed(void **state) {
        (void) state;
        struct run r = vmlife("scan --color always --format text tests/logs/6.1-kasan-memory-use-after-free.log.xz");

        assert_non_null(strstr(r.out, "\033[1;31munrelated"));
        run_done(&r);
}

int main(void) {
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(test_text_at_a_terminal_json_in_a_pipe),
                cmocka_unit_test(test_width),
                cmocka_unit_test(test_pager),
                cmocka_unit_test(test_pager_of_all_text),
                cmocka_unit_test(test_calls_without_a_command),
                cmocka_unit_test(test_did_you_mean),
                cmocka_unit_test(test_help),
                cmocka_unit_test(test_explain_every_word_in_any_case),
                cmocka_unit_test(test_folder_of_logs),
                cmocka_unit_test(test_folder_with_texts),
                cmocka_unit_test(test_folder_with_tables),
                cmocka_unit_test(test_folder_of_journals_and_logs),
                cmocka_unit_test(test_folder_with_a_boot_twice),
                cmocka_unit_test(test_follow_as_text),
                cmocka_unit_test(test_critical_is_not_dimmed),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
