/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Journals in many files: however they are cut and however many threads read them, the report is the same. */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/macros.h"
#include "cmocka_all.h"
#include "vmlife.h"

enum { ROUNDS = 12, NOISE = 150 };

/* The lines of all reports of two fixtures with noise between them, at times that rise. */
static char *long_log(size_t *n_lines) {
        static const char *const fixtures[] = { "vmlife.log", "kcsan-ps2.log", "lockdep-circular.log" };
        char *text = NULL;
        size_t size;
        FILE *f = open_memstream(&text, &size);
        unsigned long long us = 1000000;

        *n_lines = 0;
        for (int round = 0; round < ROUNDS; round++) {
                char line[4096];
                FILE *in = fopen(fixture(fixtures[round % 3]), "re");

                assert_non_null(in);
                for (int i = 0; i < NOISE; i++, ++*n_lines)
                        fprintf(f, "[%5llu.%06llu] usb 1-%d: new high-speed USB device number %d using xhci_hcd\n",
                                us / 1000000, us % 1000000, i % 4, i),
                                us += 1000;
                while (fgets(line, sizeof(line), in)) {
                        const char *text_at = strchr(line, ']');
                        assert_non_null(text_at);
                        if (text_at[1] == '[')
                                text_at = strchr(text_at + 1, ']');
                        fprintf(f, "[%5llu.%06llu] %s", us / 1000000, us % 1000000, text_at + 2);
                        us += 100;
                        ++*n_lines;
                }
                fclose(in);
        }
        fclose(f);
        return text;
}

/* Journals of the log's parts, cut at random lines, in one folder. */
static char *cut_journals(const char *log, size_t n_lines, size_t n_parts, char boot, unsigned *seed) {
        char *folder = strdup(new_folder());

        for (size_t part = 0, at = 0; part < n_parts; part++) {
                size_t end = part + 1 == n_parts ?
                                     n_lines :
                                     at + 1 + (*seed = *seed * 1103515245 + 12345) / 65536 % (2 * n_lines / n_parts);
                char path[600], command[2048];
                const char *p = log;

                for (size_t i = 0; i < at && p; i++)
                        p = strchr(p, '\n') + 1;
                const char *q = p;
                for (; at < end && at < n_lines; at++)
                        q = strchr(q, '\n') + 1;
                if (q == p)
                        break;
                snprintf(path, sizeof(path), "%s/part.log", folder);
                write_file(path, p, (size_t) (q - p));
                snprintf(command, sizeof(command), "mv %s/test.journal %s/part%zu.journal", journal_of(path, boot, 0),
                         folder, part);
                assert_int_equal(system(command), 0);
        }
        return folder;
}

/* The report without the name of its source. */
static char *report_of(const char *folder, int status, const char *options) {
        struct json_object *o = scan(status, "-D %s %s", folder, options);
        json_object_object_del(json_object_array_get_idx(member(o, "sources"), 0), "name");
        char *text = strdup(json_object_to_json_string_ext(o, JSON_C_TO_STRING_PRETTY));
        json_object_put(o);
        return text;
}

static char *findings_of(const char *folder, const char *options) {
        struct json_object *o = scan(1, "-D %s %s", folder, options);
        size_t n = n_findings(o);
        char *text = NULL;
        size_t size;
        FILE *f = open_memstream(&text, &size);

        for (size_t i = 0; i < n; i++)
                fprintf(f, "%s x%lld at %lld\n%s\n", text_of(finding(o, i), "id"),
                        (long long) json_object_get_int64(member(finding(o, i), "count")),
                        (long long) json_object_get_int64(member(member(finding(o, i), "source"), "entry")),
                        text_of(finding(o, i), "excerpt"));
        fclose(f);
        json_object_put(o);
        return text;
}

/* Says where two reports differ, which are too long to print. */
static void same(const char *a, const char *b) {
        size_t n = 0;

        while (a[n] && a[n] == b[n])
                n++;
        if (a[n] != b[n])
                fail_msg("\"%.200s\" is not \"%.200s\"", a + (n > 40 ? n - 40 : 0), b + (n > 40 ? n - 40 : 0));
}

static void test_cut_anywhere(void **state) {
        unsigned seed = 11;
        size_t n_lines;
        char *log = long_log(&n_lines), *folder = cut_journals(log, n_lines, 1, 'a', &seed);
        char *whole = findings_of(folder, "-j 1");

        (void) state;
        free(folder);
        assert_non_null(strstr(whole, "KCSAN"));
        for (size_t parts = 2; parts < 12; parts += 3) {
                folder = cut_journals(log, n_lines, parts, 'a', &seed);
                char *findings = findings_of(folder, "-j 1"), *one = report_of(folder, 1, "-j 1");
                static const char *const others[] = { "-j 2", "-j 5", "" };

                same(findings, whole);
                for (size_t i = 0; i < ARRAY_SIZE(others); i++) {
                        char *other = report_of(folder, 1, others[i]);
                        same(one, other);
                        free(other);
                }
                free(findings), free(one), free(folder);
        }
        free(whole);
        free(log);
}

/* Two machines in one folder, and filters. */
static void test_two_boots(void **state) {
        unsigned seed = 5;
        size_t n_lines;
        char command[2048], *log = long_log(&n_lines);
        char *a = cut_journals(log, n_lines, 3, 'a', &seed), *b = cut_journals(log, n_lines, 3, 'b', &seed);

        (void) state;
        snprintf(command, sizeof(command), "for i in %s/part*.journal; do mv $i %s/b-${i##*/}; done", b, a);
        assert_int_equal(system(command), 0);
        static const struct {
                const char *options;
                int status;
        } cases[] = {
                { "", 1 },
                { "-b aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", 1 },
                { "--until @1790000001", 0 },
                { "--since @1790000002", 1 },
        };
        for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
                char one[128], three[128];
                snprintf(one, sizeof(one), "-j 1 %s", cases[i].options);
                snprintf(three, sizeof(three), "-j 3 %s", cases[i].options);
                char *x = report_of(a, cases[i].status, one), *y = report_of(a, cases[i].status, three);
                same(x, y);
                free(x), free(y);
        }
        free(a), free(b);
        free(log);
}

/* The same entries in two files are one message each, as journalctl has it. */
static void test_overlapping_files(void **state) {
        unsigned seed = 7;
        size_t n_lines;
        char command[2048], *log = long_log(&n_lines), *folder = cut_journals(log, n_lines, 1, 'a', &seed);
        char *whole = findings_of(folder, "-j 2");

        (void) state;
        snprintf(command, sizeof(command), "cp %s/part0.journal %s/copy.journal", folder, folder);
        assert_int_equal(system(command), 0);
        char *copied = findings_of(folder, "-j 2");
        same(whole, copied);
        free(whole), free(copied);
        free(log), free(folder);
}

/* Ids, counts and lines. */
static char *told(const char *folder, const char *options) {
        struct json_object *o = scan(1, "-D %s %s", folder, options);
        char *text = NULL;
        size_t size;
        FILE *f = open_memstream(&text, &size);

        for (size_t i = 0; i < n_findings(o); i++)
                fprintf(f, "%s x%lld\n%s\n", text_of(finding(o, i), "id"),
                        (long long) json_object_get_int64(member(finding(o, i), "count")),
                        text_of(finding(o, i), "excerpt"));
        fclose(f);
        json_object_put(o);
        return text;
}

/* What a machine with such a log sends in two pieces, as the centre has it: in one file. */
static char *sent(const char *first, size_t n, const char *then) {
        const size_t size = n + strlen(then);
        char path[600], command[2048], *folder = strdup(new_folder()), *both = malloc(size);

        memcpy(both, first, n);
        memcpy(both + n, then, size - n);
        snprintf(path, sizeof(path), "%s/sent.log", folder);
        write_file(path, both, size);
        snprintf(command, sizeof(command), "mv %s/test.journal %s/", journal_of(path, 'a', 0), folder);
        assert_int_equal(system(command), 0);
        free(both);
        return folder;
}

/* The link broke after any line, and all was sent once more: nothing counts twice, and no report is cut. */
static void test_sent_again(void **state) {
        size_t n_lines, n = 0;
        char *log = long_log(&n_lines), *folder = sent("", 0, log), *whole = told(folder, "-j 1");
        const char *at = log;

        (void) state;
        free(folder);
        for (size_t i = 0; i < 460 && (at = strchr(at, '\n')); i++, at++) {
                if (i < 150 || i % 17 != 0) /* noise, mostly */
                        continue;
                folder = sent(log, (size_t) (at + 1 - log), log);
                char *again = told(folder, n++ % 2 ? "-j 1" : "-j 2");
                same(whole, again);
                free(folder), free(again);
        }
        assert_true(n > 15);
        free(whole), free(log);
}

/* A virtual machine that was set back: its boot's clock is early again, and what it says is new. */
static void test_set_back(void **state) {
        size_t n_lines, n;
        char late[8192];
        FILE *f = fopen(fixture("bug.log"), "re");

        assert_non_null(f);
        n = fread(late, 1, sizeof(late) - 1, f);
        fclose(f);
        late[n] = '\0';
        char *log = long_log(&n_lines), *folder = sent(log, strlen(log), late);
        struct json_object *o = scan(1, "-D %s", folder);
        bool found = false;

        (void) state;
        for (size_t i = 0; i < n_findings(o); i++)
                found |= strncmp(text_of(finding(o, i), "title"), "kernel BUG", 10) == 0;
        assert_true(found);
        json_object_put(o);
        free(folder), free(log);
}

/* This machine's own journal, in a mount of its own: searched as any other, with the same report as entry by entry. */
static void test_own(void **state) {
        (void) state;
        const char *folder = journal_of("tests/unit/fixtures/kcsan-ps2.log", 'a', 0);
        struct run r = run_shell("unshare -m sh -c 'mount -t tmpfs none /var/log/journal' 2>&1");

        if (r.status != 0 || access("/etc/machine-id", R_OK) < 0) {
                print_message("# skip: no mounts of a test's own here\n");
                run_done(&r);
                return;
        }
        run_done(&r);
        static const char *const options[] = { "", "--every-entry", "-b -v" };
        char *first = NULL;
        for (size_t i = 0; i < ARRAY_SIZE(options); i++) {
                r = run_shell("unshare -m sh -c 'mount -t tmpfs none /var/log/journal && "
                              "cp -r %s /var/log/journal/$(cat /etc/machine-id) && $VMLIFE scan %s'",
                              folder, options[i]);
                assert_int_equal(r.status, 1);
                assert_null(strstr(r.err, "libsystemd looks at each entry"));
                if (first)
                        assert_string_equal(r.out, first);
                else
                        first = strdup(r.out);
                run_done(&r);
        }
        assert_non_null(strstr(first, "ps2_handle_ack"));
        free(first);
}

int main(void) {
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(test_cut_anywhere),      cmocka_unit_test(test_two_boots),
                cmocka_unit_test(test_overlapping_files), cmocka_unit_test(test_sent_again),
                cmocka_unit_test(test_set_back),          cmocka_unit_test(test_own),
        };
        return cmocka_run_group_tests(tests, NULL, NULL);
}
