/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Logs that are cut, damaged or made to hurt, and a machine without memory: no crash, no leak, bounded memory, an
 * honest message, and valid JSON. The Makefile wraps the allocator's functions for this program. */
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/macros.h"
#include "cmd/command.h"
#include "cmd/messages.h"
#include "cmocka_all.h"
#include "vmlife.h"

/* --- running out of memory: of the analyzer's own calls, and of those that it makes libraries make for it --- */

static long allocations_left = -1; /* -1: no end */
static bool ran_out;

static bool fails(void) {
        if (allocations_left < 0)
                return false;
        if (allocations_left > 0)
                allocations_left--;
        ran_out |= allocations_left == 0;
        return allocations_left == 0;
}

void *__real_malloc(size_t n);
void *__real_calloc(size_t n, size_t size);
void *__real_realloc(void *p, size_t n);
char *__real_strdup(const char *s);
char *__real_strndup(const char *s, size_t n);
void *__wrap_malloc(size_t n);
void *__wrap_calloc(size_t n, size_t size);
void *__wrap_realloc(void *p, size_t n);
char *__wrap_strdup(const char *s);
char *__wrap_strndup(const char *s, size_t n);

void *__wrap_malloc(size_t n) {
        return fails() ? NULL : __real_malloc(n);
}

void *__wrap_calloc(size_t n, size_t size) {
        return fails() ? NULL : __real_calloc(n, size);
}

void *__wrap_realloc(void *p, size_t n) {
        return fails() ? NULL : __real_realloc(p, n);
}

char *__wrap_strdup(const char *s) {
        return fails() ? NULL : __real_strdup(s);
}

char *__wrap_strndup(const char *s, size_t n) {
        return fails() ? NULL : __real_strndup(s, n);
}

/* --- the command in this process: thousands of runs take seconds --- */

struct result {
        int status;
        char *out;
};

static struct result run_here(int argc, char **argv, long allocations) {
        static int null = -1;
        struct result r = {};
        size_t size = 0;

        if (null < 0)
                null = open("/dev/null", O_WRONLY | O_CLOEXEC);
        messages_to_stderr();
        FILE *saved = stdout;
        int saved_err = dup(STDERR_FILENO);
        stdout = open_memstream(&r.out, &size);
        assert_non_null(stdout);
        fflush(stderr);
        dup2(null, STDERR_FILENO);
        allocations_left = allocations;
        ran_out = false;
        r.status = command_of(argv[0])->run(argc, argv);
        allocations_left = -1;
        fclose(stdout);
        stdout = saved;
        dup2(saved_err, STDERR_FILENO);
        close(saved_err);
        return r;
}

static struct result scan_bytes(const char *log, size_t n, long allocations) {
        static int in = -1;
        char path[64];

        if (in < 0)
                in = memfd_create("log", MFD_CLOEXEC);
        assert_int_equal(ftruncate(in, 0), 0);
        assert_int_equal(pwrite(in, log, n, 0), n);
        snprintf(path, sizeof(path), "/proc/self/fd/%d", in);
        return run_here(2, (char *[]){ (char[]){ "scan" }, path, NULL }, allocations);
}

static struct json_object *parse(const char *text) {
        struct json_tokener *t = json_tokener_new();
        json_tokener_set_flags(t, JSON_TOKENER_STRICT | JSON_TOKENER_VALIDATE_UTF8);
        struct json_object *o = json_tokener_parse_ex(t, text, (int) strlen(text) + 1);
        enum json_tokener_error e = json_tokener_get_error(t);
        json_tokener_free(t);
        if (e != json_tokener_success)
                fail_msg("%s in %.300s", json_tokener_error_desc(e), text);
        return o;
}

static char *load(const char *name, size_t *n) {
        char *text = NULL, part[4096];
        FILE *f = fopen(fixture(name), "re"), *m = open_memstream(&text, n);

        assert_non_null(f);
        for (size_t k; (k = fread(part, 1, sizeof(part), f)) > 0;)
                fwrite(part, 1, k, m);
        fclose(f);
        fclose(m);
        return text;
}

static bool has_signature(struct json_object *report, const char *signature) {
        for (size_t i = 0; i < n_findings(report); i++)
                if (strcmp(text_of(finding(report, i), "signature"), signature) == 0)
                        return true;
        return false;
}

/* What is left of a log that was cut says the same as the whole log, or says that it is corrupted. */
static void test_cut_at_every_byte(void **state) {
        static const char *const fixtures[] = { "kcsan-ps2.log", "lockdep-recursive.log", "bug.log", "vmlife.log" };
        const size_t step = by_checker(1, 5, 25);

        (void) state;
        for (size_t k = 0; k < ARRAY_SIZE(fixtures); k++) {
                size_t n;
                char *log = load(fixtures[k], &n);
                struct result r = scan_bytes(log, n, -1);
                struct json_object *whole = parse(r.out);

                assert_int_equal(r.status, 1);
                free(r.out);
                for (size_t cut = 1; cut < n; cut += step) {
                        r = scan_bytes(log, cut, -1);
                        /* Less than a line's time is no kernel's log yet. */
                        assert_true(r.status == 0 || r.status == 1 || (r.status == 2 && cut < 32));
                        struct json_object *o = parse(r.out);
                        assert_true(n_findings(o) <= n_findings(whole));
                        for (size_t i = 0; i < n_findings(o); i++)
                                if (!has_signature(whole, text_of(finding(o, i), "signature")) &&
                                    json_object_array_length(member(finding(o, i), "corrupted")) == 0)
                                        fail_msg("%s cut at %zu: %s is not said to be corrupted", fixtures[k], cut,
                                                 text_of(finding(o, i), "title"));
                        json_object_put(o);
                        free(r.out);
                }
                json_object_put(whole);
                free(log);
        }
}

static void test_damaged_bytes(void **state) {
        static const char bytes[] = { 0, '\n', '\r', 27, (char) 0x80, (char) 0xc3, (char) 0xff, '[', '=', '"', '\\' };
        const int rounds = (int) by_checker(1000, 200, 60);
        unsigned x = 3;
        size_t n;
        char *log = load("two-cpus.log", &n);

        (void) state;
        for (int round = 0; round < rounds; round++) {
                char *copy = __real_malloc(n);
                memcpy(copy, log, n);
                for (int k = 0; k < 20; k++) {
                        x = x * 1103515245 + 12345;
                        copy[(x >> 4) % n] = bytes[(x >> 20) % sizeof(bytes)];
                }
                struct result r = scan_bytes(copy, n, -1);
                assert_true(r.status == 0 || r.status == 1);
                json_object_put(parse(r.out));
                free(r.out);
                free(copy);
        }
        free(log);
}

/* Each allocation fails once; leaks show under ASan. */
static void test_out_of_memory(void **state) {
        static const char *const fixtures[] = { "vmlife.log", "lockdep-circular.log", "kcsan-ps2.log" };
        const long step = by_checker(1, 3, 9);

        (void) state;
        for (size_t k = 0; k < ARRAY_SIZE(fixtures); k++) {
                size_t n;
                char *log = load(fixtures[k], &n);
                long at = 1;

                for (;; at += step) {
                        struct result r = scan_bytes(log, n, at);
                        bool out = ran_out;

                        if (out)
                                assert_int_equal(r.status, 2);
                        else
                                assert_int_equal(r.status, 1);
                        free(r.out);
                        if (!out)
                                break;
                }
                assert_true(at > 10);
                free(log);
        }
}

static void test_diff_out_of_memory(void **state) {
        static const char known[] =
                "{\"schema\": \"vmlife-known-issues/1\", \"issues\": [{\"name\": \"a\", \"match\": {\"signature\": "
                "\"v1:00000000000000000000000000000000\", \"title\": \"x\", \"detector\": [\"kcsan\"], \"kernel\": "
                "{\"since\": \"6.1\", \"suffix\": \"-a\"}}, \"expires\": \"2020-01-01\"}, {\"name\": \"b\", \"match\": "
                "{\"title\": \"vm-early-put\"}, \"owner\": \"me\"}], \"owners\": [{\"owner\": \"o\", \"function\": "
                "\"^i915\"}]}";
        const long step = by_checker(1, 3, 9);
        char path[600], report[600];
        bool out;

        (void) state;
        snprintf(path, sizeof(path), "%s/known", new_folder());
        write_file(path, known, strlen(known));
        snprintf(report, sizeof(report), "%s/report", new_folder());
        struct run r = vmlife("scan -o %s %s", report, fixture("vmlife.log"));
        assert_int_equal(r.status, 1);
        run_done(&r);
        for (int text = 0; text < 2; text++) {
                char *argv[] = { (char[]){ "diff" },
                                 (char[]){ "--injected" },
                                 (char[]){ "--known" },
                                 path,
                                 (char[]){ "--format" },
                                 text ? (char[]){ "text" } : (char[]){ "json" },
                                 (char *) (uintptr_t) fixture("kcsan-ps2.log"),
                                 report,
                                 NULL };
                long at = 1;
                do {
                        struct result x = run_here(8, argv, at);
                        out = ran_out;
                        /* What a person reads says it where it happened, and goes on. */
                        assert_true(x.status == (out ? 2 : 1) || (text && strstr(x.out, "(out of memory)")));
                        free(x.out);
                        at += step;
                } while (out);
                assert_true(at > 100);
        }
}

/* --- the real command, measured --- */

struct measured {
        int status;
        long peak_kib;
};

static struct measured measure(const char *command) {
        struct measured m;
        struct rusage usage;
        int status;

        pid_t pid = fork();
        if (pid == 0) {
                execl("/bin/sh", "sh", "-c", command, (char *) NULL);
                _exit(127);
        }
        assert_true(pid > 0 && wait4(pid, &status, 0, &usage) == pid);
        m.status = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
        m.peak_kib = usage.ru_maxrss;
        return m;
}

/* Under a checker the command's memory is the checker's. */
static bool is_plain(void) {
        const char *command = getenv("VMLIFE");
        return command && !strstr(command, "valgrind") && !strstr(command, "asan");
}

static void bounded(const char *input, const char *find) {
        char command[4096], folder[512];
        struct json_object *o;

        snprintf(folder, sizeof(folder), "%s", new_folder());
        snprintf(command, sizeof(command), "{ %s; } | %s scan - >%s/report 2>%s/said", input, getenv("VMLIFE"), folder,
                 folder);
        struct measured m = measure(command);
        assert_int_equal(m.status, find ? 1 : 0);
        if (is_plain() && m.peak_kib > 32 * 1024)
                fail_msg("%ld KiB for %s", m.peak_kib, input);
        snprintf(command, sizeof(command), "%s/report", folder);
        o = json_object_from_file(command);
        assert_non_null(o);
        if (find)
                assert_non_null(strstr(json_object_to_json_string(o), find));
        json_object_put(o);
        snprintf(command, sizeof(command), "grep -q 'were cut at 64 KiB' %s/said", folder);
        if (strstr(input, "endless"))
                assert_int_equal(system(command), 0);
}

static void test_endless_line(void **state) {
        (void) state;
        const char *bytes = is_plain() ? "300000000" : "3000000";
        char input[1024];

        snprintf(input, sizeof(input), "cat %s; yes endless | tr -d '\\n' | head -c %s; echo; cat %s",
                 fixture("vmlife.log"), bytes, fixture("kcsan-ps2.log"));
        bounded(input, "ps2_do_sendbyte");
}

static void test_a_million_open_reports(void **state) {
        (void) state;
        char input[1024];

        snprintf(input, sizeof(input),
                 "seq -f '[    1.000000][T%%.0f] ------------[ cut here ]------------' 1 %s; "
                 "seq -f '[    2.000000][T%%.0f] BUG: KCSAN: data-race in f / g' 1 %s",
                 is_plain() ? "1000000" : "20000", is_plain() ? "100000" : "2000");
        bounded(input, "KCSAN: data-race in f");
}

/* A report that never ends is cut where no kernel's report would go on. */
static void test_a_report_without_end(void **state) {
        (void) state;
        char input[1024];

        snprintf(input, sizeof(input),
                 "echo '[    1.000000][T1] BUG: KCSAN: data-race in f / g'; "
                 "yes '[    1.000000][T1]  f+0x1/0x2' | head -n %s",
                 is_plain() ? "2000000" : "20000");
        bounded(input, "longer than any report");
}

/* Failures that the kernel or a library reports, from a library loaded before the others. */
static struct run preloaded(const char *variable, long n, const char *args) {
        char command[2048];
        const char *folder = new_folder();
        struct run r;

        snprintf(command, sizeof(command), "LD_PRELOAD=%s %s=%ld %s %s >%s/out 2>%s/err", getenv("VMLIFE_FAIL"),
                 variable, n, getenv("VMLIFE"), args, folder, folder);
        int status = system(command);
        r.status = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
        for (int i = 0; i < 2; i++) {
                char path[600], *text = NULL, part[4096];
                size_t size;
                snprintf(path, sizeof(path), "%s/%s", folder, i ? "err" : "out");
                FILE *f = fopen(path, "re"), *m = open_memstream(&text, &size);
                assert_non_null(f);
                for (size_t k; (k = fread(part, 1, sizeof(part), f)) > 0;)
                        fwrite(part, 1, k, m);
                fclose(f);
                fclose(m);
                *(i ? &r.err : &r.out) = text;
        }
        return r;
}

static bool can_preload(void) {
        if (is_plain() && getenv("VMLIFE_FAIL"))
                return true;
        puts("# skip: a checker and the preloaded library exclude each other");
        return false;
}

static void test_read_errors(void **state) {
        (void) state;
        if (!can_preload())
                return;
        char log[512], args[600], *text = NULL;
        size_t n, size;
        char *report = load("vmlife.log", &n);
        FILE *f = open_memstream(&text, &size);

        /* Several reads long, with a report at its head. */
        fwrite(report, 1, n, f);
        for (int i = 0; i < 20000; i++)
                fprintf(f, "[%5d.000000] usb 1-1: new high-speed USB device number %d using xhci_hcd\n", 100 + i / 10,
                        i);
        fclose(f);
        snprintf(log, sizeof(log), "%s/log", new_folder());
        write_file(log, text, size);
        snprintf(args, sizeof(args), "scan %s", log);
        bool reported = false;
        for (long at = 1;; at++) {
                struct run r = preloaded("FAIL_READ", at, args);
                bool last = r.status == 1;

                if (!last) {
                        assert_int_equal(r.status, 2);
                        assert_non_null(strstr(r.err, "Input/output error"));
                        /* What was read before is reported, as incomplete. */
                        if (*r.out) {
                                struct json_object *o = parse(r.out);
                                assert_false(json_object_get_boolean(
                                        member(json_object_array_get_idx(member(o, "sources"), 0), "complete")));
                                reported |= n_findings(o) > 0;
                                json_object_put(o);
                        }
                }
                run_done(&r);
                if (last) {
                        assert_true(at > 3);
                        break;
                }
        }
        assert_true(reported);
        free(text);
        free(report);
}

static void command_out_of_memory(const char *args) {
        struct run good = vmlife("%s", args);

        for (long at = 1;; at += 1 + at / 10) {
                struct run r = preloaded("FAIL_ALLOC", at, args);
                bool same = r.status == good.status && strcmp(r.out, good.out) == 0;

                if (!same) {
                        assert_int_equal(r.status, 2);
                        assert_non_null(strstr(r.err, "memory"));
                }
                run_done(&r);
                if (same && at > 10000)
                        break;
        }
        run_done(&good);
}

/* Libraries run out of memory too. Not what reads JSON: json-c 0.16 dies in its own parser where it cannot copy a key.
 */
static void test_command_out_of_memory(void **state) {
        (void) state;
        static const char *const ways[] = { "scan", "scan --redact-key README.md" };
        char args[600];

        for (size_t i = 0; can_preload() && i < ARRAY_SIZE(ways); i++) {
                snprintf(args, sizeof(args), "%s %s", ways[i], fixture("bug.log"));
                command_out_of_memory(args);
        }
}

int main(void) {
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(test_cut_at_every_byte),     cmocka_unit_test(test_damaged_bytes),
                cmocka_unit_test(test_out_of_memory),         cmocka_unit_test(test_diff_out_of_memory),
                cmocka_unit_test(test_endless_line),          cmocka_unit_test(test_a_million_open_reports),
                cmocka_unit_test(test_a_report_without_end),  cmocka_unit_test(test_read_errors),
                cmocka_unit_test(test_command_out_of_memory),
        };
        return cmocka_run_group_tests(tests, NULL, NULL);
}
