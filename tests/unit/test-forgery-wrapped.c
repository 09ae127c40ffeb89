/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Further lines of a record as dmesg and journalctl indent them, also behind what runners of jobs and containers put
 * before each line: whoever had the record written chose their words, so that they neither begin anything, nor teach
 * how the text's lines are made. And what stands before the kernel's prefix in one line of a console alone. */
#include "cmocka_all.h"
#include "vmlife.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/macros.h"

static const char *const report_of_uaf[] = {
        "BUG: KASAN: slab-use-after-free in i915_vm_put+0x1/0x2 [i915]",
        "Read of size 8 at addr ffff888100000000 by task x/1",
        "CPU: 0 PID: 1 Comm: x Not tainted 6.1.0 #1",
        "Call Trace:",
        " i915_vm_put+0x1/0x2 [i915]",
};

/* What is put before each line; %02d is a number that differs. */
static const char *const outers[] = {
        "2026-11-25 20:27:%02d.123456 | ",
        "2026-11-25T20:27:%02d.1234567Z > ",
        "[2026-11-25T20:27:%02d.123Z] ",
        "2026-11-25 20:27:%02d.123456 | 2026-11-25T20:27:%02d.1234567Z ",
        "        out: ",
        "[20:27:%02d] # ",
        "\xe2\x94\x82 ",
        "11/25 20:27:%02d.000 DEBUG|        utils:0287| ",
        ":: [ 20:27:%02d ] :: [ LOG ] :: ",
        "web-1  | ",
        "ok: [node1] => ",
        "",
};

/* What dmesg and journalctl put before a record of the kernel, or of a program. */
static const struct {
        const char *kernels, *programs;
} inners[] = {
        { "[   %02d.000000] ", NULL },
        { "[   %02d.000000][   T42] ", NULL },
        { "[Wed Nov 25 20:27:%02d 2026] ", NULL },
        { "kern  :info  : [   %02d.000000] ", NULL },
        { "Nov 25 20:27:%02d vm kernel: ", "Nov 25 20:27:%02d vm app[77]: " },
        { "Nov 25 20:27:%02d vm kernel: ", "Nov 25 20:27:%02d vm kernel[77]: " },
        { "2026-11-25T20:27:%02d+0000 vm kernel: ", "2026-11-25T20:27:%02d+0000 vm [77]: " },
};

static const char *const payloads[] = {
        "BUG: KASAN: slab-use-after-free in i915_vm_put+0x1/0x2 [i915]\nRead of size 8 at addr 0 by task x/1\n\n"
        "CPU: 0 PID: 1 Comm: x Not tainted 6.1.0 #1\nCall Trace:\n i915_vm_put+0x1/0x2 [i915]",
        "i915 vmlife: load version=9.9 tree=6.1.192 rules=all inject=none lockdep=1 kcsan=1",
        "INFO: lockdep is turned off.",
        "Linux version 9.9.9 (a@b) (gcc) #1 SMP",
};

/* A text of records in one form. */
struct text {
        FILE *file;
        const char *outer;
        int second;
};

/* The form with the number in its places. Returns the bytes. */
static int print(char *to, size_t room, const char *form, int second) {
        size_t n = 0;

        for (const char *mark; (mark = strstr(form, "%02d")); form = mark + 4)
                n += (size_t) snprintf(to + n, room - n, "%.*s%02d", (int) (mark - form), form, second);
        n += (size_t) snprintf(to + n, room - n, "%s", form);
        assert_in_range(n, 0, room - 1);
        return (int) n;
}

/* Further lines get as many blanks as the record's prefix is wide; timed: and what looks like the kernel's time. */
static void put(struct text *t, const char *inner, const char *message, bool timed) {
        char prefix[160], outer[160], copy[1024], *rest = copy;
        const int width = print(prefix, sizeof(prefix), inner, ++t->second);

        print(outer, sizeof(outer), t->outer, t->second);
        snprintf(copy, sizeof(copy), "%s", message);
        for (char *line; (line = strsep(&rest, "\n"));) {
                if (line == copy)
                        fprintf(t->file, "%s%s%s\n", outer, prefix, line);
                else
                        fprintf(t->file, "%s%*s%s%s\n", outer, width, "", timed ? "[   12.000000] " : "", line);
        }
}

static void put_start(struct text *t, const char *inner) {
        put(t, inner, "Linux version 6.1.192 (a@b) (gcc) #1 SMP", false);
        put(t, inner, "Lock dependency validator: Copyright (c) 2006 Red Hat, Inc., Ingo Molnar", false);
        for (int i = 0; i < 9; i++)
                put(t, inner, "usb 1-1: new device", false);
}

/* What is said of a boot with that record in it, before a report of its own. */
static char *said(size_t outer, size_t inner, const char *record, bool programs, bool timed) {
        static const char *const of_boot[] = { "verdict", "reasons", "variant", "release", "coverage" };
        char path[512];
        struct text t = { .outer = outers[outer] };

        snprintf(path, sizeof(path), "%s/log", new_folder());
        t.file = fopen(path, "we");
        assert_non_null(t.file);
        put_start(&t, inners[inner].kernels);
        put(&t, programs ? inners[inner].programs : inners[inner].kernels, record, timed);
        put(&t, inners[inner].kernels, "usb 1-1: USB disconnect, device number 7", false);
        for (size_t i = 0; i < ARRAY_SIZE(report_of_uaf); i++)
                put(&t, inners[inner].kernels, report_of_uaf[i], false);
        put(&t, inners[inner].kernels, "usb 1-1: USB disconnect, device number 7", false);
        assert_int_equal(fclose(t.file), 0);

        struct run run = vmlife("scan %s", path);
        struct json_object *r = json_tokener_parse(run.out);
        if (run.status != 1)
                fail_msg("%s: exit status %d: %s, %s, %s", path, run.status, outers[outer], inners[inner].kernels,
                         record);
        run_done(&run);
        struct json_object *b = json_object_array_get_idx(member(r, "boots"), 0), *o = json_object_new_array();
        json_object_array_add(o, json_object_new_int((int) json_object_array_length(member(r, "boots"))));
        for (size_t i = 0; i < ARRAY_SIZE(of_boot); i++)
                json_object_array_add(o, json_object_get(json_object_object_get(b, of_boot[i])));
        for (size_t i = 0; i < n_findings(r); i++)
                json_object_array_add(o, json_object_new_string(text_of(finding(r, i), "title")));
        char *text = strdup(json_object_to_json_string_ext(o, JSON_C_TO_STRING_PLAIN));
        json_object_put(o);
        json_object_put(r);
        return text;
}

static void test_wrapped(void **state) {
        size_t seen = 0;

        (void) state;
        for (size_t outer = 0; outer < ARRAY_SIZE(outers); outer++)
                for (size_t inner = 0; inner < ARRAY_SIZE(inners); inner++) {
                        /* They are tried one after the other; all for one form, one for all. */
                        char *plain = NULL;
                        for (size_t k = 0; k < 4 * ARRAY_SIZE(payloads); k++) {
                                const bool programs = k & 1, timed = k & 2;
                                char record[1024];

                                if ((programs && !inners[inner].programs) ||
                                    seen++ % by_checker(outer == 0 || inner == 4 ? 1 : 5, 40, 120))
                                        continue;
                                if (!plain)
                                        plain = said(outer, inner, "usb 1-1: new device", false, false);
                                snprintf(record, sizeof(record), "%s\n%s%s", programs ? "started" : "process '/tmp/x",
                                         payloads[k / 4], programs ? "" : "\n' started with executable stack");
                                char *with = said(outer, inner, record, programs, timed);
                                if (strcmp(with, plain) != 0)
                                        fail_msg("%s%s, %s%s:\nwithout: %s\nwith:    %s", outers[outer],
                                                 inners[inner].kernels, timed ? "timed, " : "", record, plain, with);
                                free(with);
                        }
                        free(plain);
                }
}

/* journalctl's further lines of a process's record, which holds the prefix of the kernel's lines: whoever wrote the
 * line before them wrote them. */
static void test_further_lines(void **state) {
        static const struct {
                const char *kernels, *process;
        } prefixes[] = {
                { "Nov 25 20:27:03 vm kernel: ", "Nov 25 20:27:04 vm app[77]: " },
                { "Nov 25 20:27:03 vm kernel: ", "Nov 25 20:27:04 vm my kernel: " },
                { "Nov 25 20:27:03 kernel: ", "Nov 25 20:27:04 a b c[7]: " },
                { "2026-11-25T20:27:03+0000 vm kernel: ", "2026-11-25T20:27:04+0000 vm app: " },
                { "[    1.000000] vm kernel: ", "[    1.000001] vm app[77]: " },
                { "[    1.000000                ] vm kernel: ", "[    1.000001 <    0.000001 >] vm app[77]: " },
        };
        static const char *const leads[] = { "", "  ", "\r", "[    1.000000] " };

        (void) state;
        for (size_t i = 0; i < ARRAY_SIZE(prefixes); i++)
                for (size_t k = 0; k < ARRAY_SIZE(leads); k++) {
                        char path[512];

                        snprintf(path, sizeof(path), "%s/log", new_folder());
                        FILE *f = fopen(path, "we");
                        assert_non_null(f);
                        for (size_t n = 0; n < 3 * (k + i % 2); n++)
                                fprintf(f, "%susb 1-1: new device\n", prefixes[i].kernels);
                        fprintf(f, "%sstarted\n", prefixes[i].process);
                        for (size_t n = 0; n < ARRAY_SIZE(report_of_uaf); n++)
                                fprintf(f, "%*s%s%s%s\n", (int) strlen(prefixes[i].process), "", leads[k],
                                        prefixes[i].kernels, report_of_uaf[n]);
                        fprintf(f, "%susb 1-1: new device\n", prefixes[i].kernels);
                        assert_int_equal(fclose(f), 0);
                        struct json_object *r = scan(0, "%s", path);
                        assert_int_equal(n_findings(r), 0);
                        json_object_put(r);
                }
}

/* On a console a whole prefix of the kernel's stands behind what was typed, or a unit's description: alone in its line
 * it begins nothing, and proves nothing. */
static void test_typed(void **state) {
        static const char *const leads[] = {
                "root@vm:~# ", "vm login: ", "[  OK  ] Started x ", "         Starting x... ", "node login: root ",
        };
        static const char *const callers[] = { "", "[    T1] " };

        (void) state;
        for (size_t lead = 0; lead < ARRAY_SIZE(leads); lead++)
                for (size_t i = 0; i < ARRAY_SIZE(payloads); i++) {
                        const char *caller = callers[(lead + i) % 2];
                        const int first = (int) strcspn(payloads[i], "\n");
                        char path[512];

                        snprintf(path, sizeof(path), "%s/log", new_folder());
                        FILE *f = fopen(path, "we");
                        assert_non_null(f);
                        fprintf(f, "[    0.000000]%s Linux version 6.1.192 (a@b) (gcc) #1 SMP\n", caller);
                        for (int k = 1; k < 20; k++)
                                fprintf(f, "[   %2d.000000]%s usb 1-1: new device\n", k, caller);
                        fprintf(f, "%s[   20.000000]%s %.*s\n", leads[lead], caller, first, payloads[i]);
                        fprintf(f, "[   21.000000]%s usb 1-1: new device\n", caller);
                        assert_int_equal(fclose(f), 0);
                        struct json_object *r = scan(0, "%s", path);
                        assert_int_equal(json_object_array_length(member(r, "boots")), 1);
                        assert_null(
                                json_object_object_get(json_object_array_get_idx(member(r, "boots"), 0), "variant"));
                        json_object_put(r);
                }
}

/* Loki's client prints the transport that journald set before each line. */
static void test_labels(void **state) {
        (void) state;
        for (int forged = 0; forged < 2; forged++) {
                char path[512];

                snprintf(path, sizeof(path), "%s/log", new_folder());
                FILE *f = fopen(path, "we");
                assert_non_null(f);
                for (int k = 10; k < 20; k++)
                        fprintf(f, "2026-11-25T20:27:%dZ {transport=\"kernel\"} %s\n", k,
                                k == 10 ? "Linux version 6.1.192 (a@b) (gcc) #1 SMP" : "usb 1-1: new device");
                for (size_t i = 0; i < ARRAY_SIZE(report_of_uaf); i++)
                        fprintf(f, "2026-11-25T20:27:20Z {transport=\"%s\"} %s\n", forged ? "journal" : "kernel",
                                report_of_uaf[i]);
                assert_int_equal(fclose(f), 0);
                json_object_put(scan(forged ? 0 : 1, "%s", path));
        }
}

/* Strings full of what ends lines in texts that lost their line ends: in a log whose lines have theirs it ends none. */
static void test_line_ends(void **state) {
        static const struct {
                const char *filler, *end;
                bool escaped; /* dmesg prints it in another way */
        } ends[] = {
                { "\\n", "\\n", false },
                { "\\r\\n", "\\n", false },
                { " [    1.000000]", " ", false },
                { " [    1.000000][    T1]", " ", false },
                { "\rx", "\r", true },
        };
        enum { RECORDS = 8, ROOM = 700 };

        (void) state;
        for (size_t outer = 0; outer < ARRAY_SIZE(outers); outer++)
                for (size_t k = 0; k < ARRAY_SIZE(ends) * ARRAY_SIZE(payloads); k++) {
                        const size_t end = k % ARRAY_SIZE(ends), inner = ends[end].escaped ? 4 : (outer + k) % 7;
                        const char *payload = payloads[k / ARRAY_SIZE(ends)];
                        char path[512], record[1024];
                        struct text t = { .outer = outers[outer] };
                        size_t n = 0;

                        if ((outer + k) % by_checker(3, 60, 180))
                                continue;
                        while (n < ROOM)
                                n += (size_t) snprintf(record + n, sizeof(record) - n, "%s", ends[end].filler);
                        snprintf(record + n, sizeof(record) - n, "%s[   12.000000] %.*s%s", ends[end].end,
                                 (int) strcspn(payload, "\n"), payload, ends[end].end);
                        snprintf(path, sizeof(path), "%s/log", new_folder());
                        t.file = fopen(path, "we");
                        assert_non_null(t.file);
                        put_start(&t, inners[inner].kernels);
                        for (int i = 0; i < RECORDS; i++)
                                put(&t, inners[inner].kernels, record, false);
                        assert_int_equal(fclose(t.file), 0);
                        struct json_object *r = scan(0, "%s", path),
                                           *b = json_object_array_get_idx(member(r, "boots"), 0);
                        if (json_object_array_length(member(r, "boots")) != 1 || json_object_object_get(b, "variant") ||
                            strstr(json_object_to_json_string(b), "turned off"))
                                fail_msg("%s: %s%s%s", path, outers[outer], inners[inner].kernels, record + n);
                        json_object_put(r);
                }
}

/* One line of a payload among a log's, behind that prefix: nothing is found, and the boot stays what it is. */
static void expect_nothing(const char *kernels, const char *others, const char *payload) {
        const int first = (int) strcspn(payload, "\n");
        char path[512], prefix[160];

        snprintf(path, sizeof(path), "%s/log", new_folder());
        FILE *f = fopen(path, "we");
        assert_non_null(f);
        for (int k = 10; k < 30; k++) {
                print(prefix, sizeof(prefix), kernels, k);
                /* As a kernel has it: one message over and over shows no prefix. */
                if (k == 10)
                        fprintf(f, "%sLinux version 6.1.192 (a@b) (gcc) #1 SMP\n", prefix);
                else
                        fprintf(f, "%susb 1-%d: new device\n", prefix, k);
        }
        print(prefix, sizeof(prefix), others, 30);
        fprintf(f, "%s%.*s\n", prefix, first, payload);
        print(prefix, sizeof(prefix), kernels, 31);
        fprintf(f, "%susb 1-1: new device\n", prefix);
        assert_int_equal(fclose(f), 0);
        struct run run = vmlife("scan %s", path);
        struct json_object *r = json_tokener_parse(run.out);
        if (run.status != 0 || json_object_array_length(member(r, "boots")) != 1 ||
            json_object_object_get(json_object_array_get_idx(member(r, "boots"), 0), "variant"))
                fail_msg("%s: %s%s", path, others, payload);
        run_done(&run);
        json_object_put(r);
}

/* Tags of programs in the logs of multilog, s6-log and svlogd. */
static void test_tags(void **state) {
        static const struct {
                const char *kernels, *others;
        } prefixes[] = {
                { "@40000000692611%02d00000000 kernel: ", "@40000000692611%02d00000000 kern[1]: " },
                { "@40000000692611%02d00000000 kernel: ", "@40000000692611%02d00000000 kernel[123]: " },
                { "@40000000692611%02d00000000 kernel: ", "@40000000692611%02d00000000 app[123]: [   30.000000] " },
                { "@40000000692611%02d00000000 kernel: ",
                  "@40000000692611%02d00000000 app[1]: kernel: [   30.000000] " },
                { "@40000000692611%02d00000000 kern.info: [   20.000000] ",
                  "@40000000692611%02d00000000 user.info: kernel[123]: " },
                { "2025-11-25_20:27:%02d.123456 kern.info: [   20.000000] ",
                  "2025-11-25_20:27:%02d.123456 user.info: app[123]: " },
                { "2025-11-25_20:27:%02d.12345 kern.info: [   20.000000] ",
                  "2025-11-25_20:27:%02d.12345 user.info: kernel: [   30.000000] " },
                { "2025-11-25_20:27:%02d kern.info: [   20.000000] ", "2025-11-25_20:27:%02d user.info: kernel[1]: " },
        };

        (void) state;
        for (size_t i = 0; i < ARRAY_SIZE(prefixes); i++)
                for (size_t k = 0; k < ARRAY_SIZE(payloads); k++)
                        if ((i + k) % by_checker(1, 4, 8) == 0)
                                expect_nothing(prefixes[i].kernels, prefixes[i].others, payloads[k]);
}

/* A line with the kernel's own time alone in a text whose lines have more: what a collector makes of a message of
 * several lines, which it writes as they are. */
static void test_bare(void **state) {
        static const char *const kernels[] = {
                "2026-11-25T20:27:%02dZ {transport=\"kernel\"} ",
                "2026-11-25T20:27:%02dZ {host=\"vm\"} [   20.000000] ",
                "Nov 25 20:27:%02d vm kernel: ",
                "Nov 25 20:27:%02d vm kernel: [   20.000000] ",
                "2026-11-25T20:27:%02d.123456Z stdout F [   20.000000] ",
                "node1 | [   20.000000][    T1] ",
        };
        static const char *const bare[] = { "[   30.000000] ", "[   30.000000][    T7] ", "<4>[   30.000000] " };

        (void) state;
        for (size_t i = 0; i < ARRAY_SIZE(kernels); i++)
                for (size_t k = 0; k < ARRAY_SIZE(payloads); k++)
                        if ((i + k) % by_checker(1, 4, 8) == 0)
                                expect_nothing(kernels[i], bare[(i + k) % ARRAY_SIZE(bare)], payloads[k]);
}

/* A column or a label names the writer: the kernel's report is read among other programs' lines, however many they are,
 * and theirs is none. */
static void test_columns(void **state) {
        static const struct {
                const char *kernels, *others, *forged;
        } prefixes[] = {
                { "2025-11-25T20:27:%02d+00:00,vm,kernel,\"[   20.000000] ", "2025-11-25T20:27:%02d+00:00,vm,sshd,\"",
                  "2025-11-25T20:27:%02d+00:00,vm,app,\"[   20.000000] " },
                { "2025-11-25T20:27:%02d+00:00,kern,kernel,\"", "2025-11-25T20:27:%02d+00:00,user,sshd,\"",
                  "2025-11-25T20:27:%02d+00:00,user,kernel,\"" },
                { "2025-11-25T20:27:%02d+00:00;vm;\"kernel\";\"", "2025-11-25T20:27:%02d+00:00;vm;\"sshd\";\"",
                  "2025-11-25T20:27:%02d+00:00;vm;\"my kernel\";\"" },
                { "2025-11-25T20:27:%02d+00:00|kern.info|kernel|[   20.000000] ",
                  "2025-11-25T20:27:%02d+00:00|user.info|sshd[812]|",
                  "2025-11-25T20:27:%02d+00:00|kern.info|kernel|[   20.000000] process '/tmp/x#012[   20.000000] " },
                { "2025-11-25T20:27:%02d+00:00|kern.info|kernel|[   20.000000] ",
                  "2025-11-25T20:27:%02d+00:00|user.info|cron[812]|",
                  "2025-11-25T20:27:%02d+00:00|user.info|kernel[5]|" },
                { "2025-11-25T20:27:%02dZ {host=\"vm\", unit=\"kernel\"} [   20.000000] ",
                  "2025-11-25T20:27:%02dZ {host=\"vm\", unit=\"sshd\"} ",
                  "2025-11-25T20:27:%02dZ {host=\"vm\", unit=\"app\"} " },
                { "2025-11-25T20:27:%02dZ {host=\"vm\", unit=\"kernel\"} [   20.000000] ",
                  "2025-11-25T20:27:%02dZ {host=\"vm\", unit=\"sshd\"} ",
                  "2025-11-25T20:27:%02dZ {host=\"vm\", unit=\"app\"} [   20.000000] " },
                { "- {\"dt\": \"2025-11-25T20:27:%02d.123456\", \"lvl\": \"target\", \"msg\": \"[   20.000000] ",
                  "- {\"dt\": \"2025-11-25T20:27:%02d.123456\", \"lvl\": \"info\", \"msg\": \"",
                  "- {\"dt\": \"2025-11-25T20:27:%02d.123456\", \"lvl\": \"input\", \"msg\": \"" },
        };

        (void) state;
        for (size_t i = 0; i < ARRAY_SIZE(prefixes); i++)
                for (int forged = 0; forged < 2; forged++) {
                        const char *end = strchr(prefixes[i].kernels, '"') && !strchr(prefixes[i].kernels, '{') ? "\"" :
                                                                                                                  "";
                        char path[512], prefix[160];

                        snprintf(path, sizeof(path), "%s/log", new_folder());
                        FILE *f = fopen(path, "we");
                        assert_non_null(f);
                        for (int k = 10; k < 50; k++) {
                                print(prefix, sizeof(prefix), k % 3 ? prefixes[i].others : prefixes[i].kernels, k);
                                fprintf(f, "%s%s%s\n", prefix,
                                        k % 3   ? "(root) CMD (x)" :
                                        k == 12 ? "Linux version 6.1.192 (a@b) (gcc) #1 SMP" :
                                                  "usb 1-1: new device",
                                        end);
                        }
                        for (size_t n = 0; n < ARRAY_SIZE(report_of_uaf); n++) {
                                print(prefix, sizeof(prefix), forged ? prefixes[i].forged : prefixes[i].kernels, 50);
                                fprintf(f, "%s%s%s\n", prefix, report_of_uaf[n], end);
                        }
                        assert_int_equal(fclose(f), 0);
                        struct run run = vmlife("scan %s", path);
                        struct json_object *r = json_tokener_parse(run.out);
                        size_t kernels = 0;
                        for (size_t n = 0; r && n < n_findings(r); n++)
                                kernels += strcmp(text_of(finding(r, n), "origin"), "userspace") != 0;
                        if (kernels != !forged)
                                fail_msg("%s: exit status %d, %s", path, run.status,
                                         forged ? prefixes[i].forged : prefixes[i].kernels);
                        run_done(&run);
                        json_object_put(r);
                }
}

/* A whole report in one string, with the prefix of the text's lines before each of its own: lines that lost their ends
 * look so, but not one alone. */
static void test_together(void **state) {
        static const char *const records[][2] = {
                { "[   20.000000] ", "[   20.000000] " },
                { "[   20.000000][   T42] ", "[   20.000000][   T42] " },
                { "Nov 25 20:27:20 vm kernel: ", "Nov 25 20:27:20 vm kernel: " },
                { "Nov 25 20:27:20 vm kernel: [   20.000000] ", "[   20.000000] " },
                { "2025-11-25T20:27:20.1234567Z [   20.000000] ", "[   20.000000] " },
                { "[Tue Nov 25 20:27:20 2025] ", "[Tue Nov 25 20:27:20 2025] " },
                { "2025-11-25T20:27:20,123456+00:00 ", "2025-11-25T20:27:20,123456+00:00 " },
                { "Tue 2025-11-25 20:27:20 UTC vm kernel: ", "Tue 2025-11-25 20:27:20 UTC vm kernel: " },
                { "web-1  | Nov 25 20:27:20 vm kernel: ", "web-1  | Nov 25 20:27:20 vm kernel: " },
        };

        (void) state;
        for (size_t i = 0; i < ARRAY_SIZE(records); i++) {
                char path[512];

                snprintf(path, sizeof(path), "%s/log", new_folder());
                FILE *f = fopen(path, "we");
                assert_non_null(f);
                for (int k = 0; k < 20; k++)
                        fprintf(f, "%s%s\n", records[i][0],
                                k ? "usb 1-1: new device" : "Linux version 6.1.192 (a@b) (gcc) #1 SMP");
                /* In a text without the kernel's times the only ones are the user's. */
                fprintf(f, "%sprocess '/tmp/x [    1.000000] [    2.000000]", records[i][0]);
                for (size_t n = 0; n < ARRAY_SIZE(report_of_uaf); n++)
                        fprintf(f, " %s%s", records[i][1], report_of_uaf[n]);
                fprintf(f, " %sINFO: lockdep is turned off. %sx' started with executable stack\n", records[i][1],
                        records[i][1]);
                assert_int_equal(fclose(f), 0);
                struct json_object *r = scan(0, "%s", path);
                assert_null(strstr(json_object_to_json_string(r), "turned off earlier"));
                json_object_put(r);
        }
}

/* A log in which a user's string comes: its lines behind each other's prefix, or in place of the inner one's. */
static void begin_log(const char *path, FILE **f, const char *outer, const char *inner) {
        *f = fopen(path, "we");
        assert_non_null(*f);
        for (int k = 0; k < 20; k++)
                fprintf(*f, "%s%s%s\n", outer, inner,
                        k ? "usb 1-1: new device" : "Linux version 6.1.192 (a@b) (gcc) #1 SMP");
}

/* A report whose first line stands behind others' words, and the rest in further lines of the same record. */
static void test_body_of_further_lines(void **state) {
        static const char *const forms[][2] = {
                { "", "[   20.000000] " },
                { "", "[   20.000000][   T42] " },
                { "", "[Tue Nov 25 20:27:20 2025] " },
                { "", "Nov 25 20:27:20 vm kernel: " },
                { "", "2025-11-25T20:27:20+0000 vm kernel: " },
                { "2025-11-25T20:27:20.1234567Z ", "[   20.000000][   T42] " },
                { "[2025-11-25T20:27:20.123Z] ", "Nov 25 20:27:20 vm kernel: " },
                { "web-1  | ", "[   20.000000] " },
        };

        (void) state;
        for (size_t i = 0; i < ARRAY_SIZE(forms); i++)
                for (int copied = 0; copied < 2; copied++) { /* the prefix, within the string */
                        char path[512];
                        FILE *f;

                        snprintf(path, sizeof(path), "%s/log", new_folder());
                        begin_log(path, &f, forms[i][0], forms[i][1]);
                        for (int twice = 0; twice < 2; twice++) {
                                fprintf(f, "%s%sprocess '/tmp/%s%s", forms[i][0], forms[i][1],
                                        copied ? forms[i][1] : "", report_of_uaf[0]);
                                for (size_t n = 1; n < ARRAY_SIZE(report_of_uaf); n++)
                                        fprintf(f, "\n%s%*s%s", forms[i][0], (int) strlen(forms[i][1]), "",
                                                report_of_uaf[n]);
                                fputs("' started with executable stack\n", f);
                        }
                        assert_int_equal(fclose(f), 0);
                        struct json_object *r = scan(0, "%s", path);
                        assert_int_equal(n_findings(r), 0);
                        json_object_put(r);
                }
}

/* A headline in a name, and then the stack that the kernel prints because memory ran out. */
static void test_stack_on_request(void **state) {
        static const char *const before[] = { "usb 1-1: Product: ", "process '/tmp/", "input: x [   20.000000] " };
        static const char *const oom[] = {
                "app invoked oom-killer: gfp_mask=0xcc0(GFP_KERNEL), order=0, oom_score_adj=0",
                "CPU: 0 PID: 42 Comm: app Not tainted 6.1.192 #1",
                "Call Trace:",
                " <TASK>",
                " dump_header+0x4a/0x213",
                " oom_kill_process+0xb/0x10",
                " </TASK>",
                "Mem-Info:",
        };

        (void) state;
        for (size_t i = 0; i < ARRAY_SIZE(before); i++) {
                char path[512];
                FILE *f;

                snprintf(path, sizeof(path), "%s/log", new_folder());
                begin_log(path, &f, "", "[   20.000000] ");
                fprintf(f, "[   20.000000] %s%s\n", before[i], report_of_uaf[0]);
                for (size_t n = 0; n < ARRAY_SIZE(oom); n++)
                        fprintf(f, "[   20.000000] %s\n", oom[n]);
                assert_int_equal(fclose(f), 0);
                struct json_object *r = scan(0, "%s", path);
                assert_int_equal(n_findings(r), 0);
                json_object_put(r);
        }
}

int main(void) {
        static const struct CMUnitTest tests[] = {
                cmocka_unit_test(test_body_of_further_lines),
                cmocka_unit_test(test_stack_on_request),
                cmocka_unit_test(test_wrapped),
                cmocka_unit_test(test_further_lines),
                cmocka_unit_test(test_typed),
                cmocka_unit_test(test_labels),
                cmocka_unit_test(test_line_ends),
                cmocka_unit_test(test_tags),
                cmocka_unit_test(test_bare),
                cmocka_unit_test(test_columns),
                cmocka_unit_test(test_together),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
