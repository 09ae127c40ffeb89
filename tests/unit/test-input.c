/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Input that is no log, or not all of one: a clear message, exit status 2, never an empty success. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cmocka_all.h"
#include "vmlife.h"

/* says: a word that must stand in the message. No report may come out. */
static void refuse(const char *says, const char *args) {
        struct run r = vmlife("scan %s", args);

        assert_int_equal(r.status, 2);
        assert_string_equal(r.out, "");
        if (!strstr(r.err, says))
                fail_msg("\"%s\" does not say \"%s\"", r.err, says);
        run_done(&r);
}

static void test_missing_file(void **state) {
        (void) state;
        refuse("cannot open /nonexistent/log", "/nonexistent/log");
}

static void test_unreadable_file(void **state) {
        (void) state;
        char path[512], args[1200];

        snprintf(path, sizeof(path), "%s/log", new_folder());
        write_file(path, "x\n", 2);
        assert_int_equal(chmod(path, 0), 0);
        if (geteuid() != 0) {
                refuse("cannot open", path);
                return;
        }
        /* root reads everything, so be nobody; the sanitized and the checked command run as they are. */
        char *folder = strdup(path), *copy = NULL;
        assert_non_null(folder);
        *strrchr(folder, '/') = '\0';
        snprintf(args, sizeof(args), "chmod 755 %s %s", folder, getenv("VMLIFE_TMP"));
        assert_int_equal(system(args), 0);
        const char *command = strrchr(getenv("VMLIFE"), ' ') + 1;
        assert_true(
                asprintf(&copy,
                         "cp %s %s/vmlife && chmod 755 %s/vmlife && setpriv --reuid=65534 --regid=65534 --clear-groups "
                         "%s/vmlife scan %s 2>%s/said",
                         command, folder, folder, folder, path, folder) > 0);
        int status = system(copy);
        assert_int_equal(status >> 8, 2);
        free(copy);
        assert_true(asprintf(&copy, "grep -q 'cannot open .*Permission denied' %s/said", folder) > 0);
        assert_int_equal(system(copy), 0);
        free(copy);
        free(folder);
}

static void test_folder_without_journal(void **state) {
        (void) state;
        refuse("holds no log: there is no file in it", new_folder());
}

static void test_empty_file(void **state) {
        (void) state;
        refuse("is empty", "/dev/null");
        refuse("is empty", "- </dev/null");
}

static void test_binary_file(void **state) {
        (void) state;
        refuse("ELF", "/bin/true");
        char path[512], noise[4096];
        unsigned x = 1;

        for (size_t i = 0; i < sizeof(noise); i++)
                noise[i] = (char) ((x = x * 1103515245 + 12345) >> 16);
        noise[0] = 'x';
        snprintf(path, sizeof(path), "%s/noise", new_folder());
        write_file(path, noise, sizeof(noise));
        refuse("is binary", path);
}

static void test_cut_journal_header(void **state) {
        (void) state;
        char path[512];

        snprintf(path, sizeof(path), "%s/x.journal", new_folder());
        write_file(path, "LPKSHHRH and no more", 20);
        refuse("cut off inside its header", path);
}

/* What is left of a journal is read and reported, and the loss is said. */
static void test_truncated_journal(void **state) {
        (void) state;
        char path[600];
        struct stat st;

        snprintf(path, sizeof(path), "%s/test.journal", journal_of(fixture("vmlife.log"), 'a', 0));
        assert_int_equal(stat(path, &st), 0);
        assert_int_equal(truncate(path, st.st_size / 2), 0);
        struct run r = vmlife("scan %s", path);
        assert_int_equal(r.status, 2);
        assert_non_null(strstr(r.err, "is truncated"));
        run_done(&r);
}

static void test_every_length_of_a_journal(void **state) {
        (void) state;
        char path[600], cut[700];
        struct stat st;

        snprintf(path, sizeof(path), "%s/test.journal", journal_of(fixture("kcsan-ps2.log"), 'a', 0));
        assert_int_equal(stat(path, &st), 0);
        snprintf(cut, sizeof(cut), "%s.cut.journal", path);
        for (int part = 1; part < 12; part++) {
                char command[1600];
                snprintf(command, sizeof(command), "head -c %lld %s > %s", (long long) st.st_size * part / 12, path,
                         cut);
                assert_int_equal(system(command), 0);
                struct run r = vmlife("scan %s", cut);
                assert_int_equal(r.status, 2);
                assert_true(strlen(r.err) > 0);
                run_done(&r);
        }
}

static void test_wrong_calls(void **state) {
        (void) state;
        refuse("--fail-on takes", "--fail-on sometimes /dev/null");
        refuse("--format takes", "--format xml /dev/null");
        refuse("no option", "--frobnicate");
        refuse("needs an argument", "-o");
        refuse("cannot read the time", "--since gestern");
        struct run r = vmlife("frobnicate");
        assert_int_equal(r.status, 2);
        assert_non_null(strstr(r.err, "no command"));
        run_done(&r);
}

static void test_full_disk(void **state) {
        (void) state;
        struct run r = vmlife("scan %s >/dev/full; exit $?", fixture("vmlife.log"));
        assert_int_equal(r.status, 2);
        run_done(&r);
}

static void test_one_bad_of_two(void **state) {
        (void) state;
        struct run r = vmlife("scan %s /nonexistent/log", fixture("vmlife.log"));
        assert_int_equal(r.status, 2);
        assert_non_null(strstr(r.out, "vm-early-put"));
        run_done(&r);
}

static void test_help_and_version(void **state) {
        (void) state;
        struct run r = vmlife("scan --help");
        assert_int_equal(r.status, 0);
        assert_non_null(strstr(r.out, "--fail-on"));
        run_done(&r);
        r = vmlife("--version");
        assert_int_equal(r.status, 0);
        assert_memory_equal(r.out, "vmlife ", 7);
        assert_non_null(strstr(r.out, "\nreport: vmlife-report/"));
        assert_non_null(strstr(r.out, "\nformats: json "));
        assert_non_null(strstr(r.out, "\nlibraries: json-c "));
        run_done(&r);
}

/* Once it took the place of /dev/null. */
static void test_output_that_is_no_file(void **state) {
        (void) state;
        const char *folder = new_folder();
        struct run r =
                run_shell("mkfifo %s/pipe && { cat %s/pipe & $VMLIFE scan -o %s/pipe %s; wait; test -p %s/pipe; }",
                          folder, folder, folder, fixture("kcsan-ps2.log"), folder);

        assert_int_equal(r.status, 0);
        assert_non_null(strstr(r.out, "vmlife-report/"));
        run_done(&r);
}

int main(void) {
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(test_missing_file),
                cmocka_unit_test(test_unreadable_file),
                cmocka_unit_test(test_folder_without_journal),
                cmocka_unit_test(test_empty_file),
                cmocka_unit_test(test_binary_file),
                cmocka_unit_test(test_cut_journal_header),
                cmocka_unit_test(test_truncated_journal),
                cmocka_unit_test(test_every_length_of_a_journal),
                cmocka_unit_test(test_wrong_calls),
                cmocka_unit_test(test_output_that_is_no_file),
                cmocka_unit_test(test_full_disk),
                cmocka_unit_test(test_one_bad_of_two),
                cmocka_unit_test(test_help_and_version),
        };
        return cmocka_run_group_tests(tests, NULL, NULL);
}
