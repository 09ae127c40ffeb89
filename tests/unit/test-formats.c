/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* One log in hundreds of forms: what is before the kernel's words, whatever it is, changes no finding. Known forms are
 * a table; others are invented at random, always the same ones. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/buffer.h"
#include "base/cleanup.h"
#include "base/macros.h"
#include "cmocka_all.h"
#include "form.h"
#include "line/clock.h"
#include "line/layout.h"
#include "line/line.h"
#include "vmlife.h"

static struct said *logs[4];
static const char *const names[ARRAY_SIZE(logs)] = { "vmlife.log", "lockdep-circular.log", "kcsan-ps2.log", "bug.log" };

static char path[600];

static void save(const struct said *log, const char *form) {
        struct buffer b = {};

        for (size_t i = 0; i < log->n; i++) {
                put_line(&b, form, (struct place){ log, i });
                buffer_add(&b, "\n", 1);
        }
        write_file(path, b.data, b.size);
        buffer_done(&b);
}

/* What was found, in one string: titles, rules, marks of damage, in order. */
static char *findings_of(const struct said *log, const char *form, char **format) {
        struct buffer b = {};

        save(log, form);
        struct json_object *r = scan(1, "%s", path), *source = json_object_array_get_idx(member(r, "sources"), 0), *o;
        for (size_t i = 0; i < n_findings(r); i++) {
                struct json_object *f = finding(r, i);
                putf(&b, "%s/%s ", text_of(f, "detector"), text_of(f, "kind"));
                buffer_add(&b, text_of(f, "title"), strlen(text_of(f, "title")));
                putf(&b, " %s %zu\n", text_of(f, "relevance"),
                     json_object_object_get_ex(f, "corrupted", &o) ? json_object_array_length(o) : 0);
        }
        buffer_add(&b, "", 1);
        if (format)
                *format = strdup(json_object_object_get_ex(source, "format", &o) ? json_object_get_string(o) : "");
        json_object_put(r);
        return b.data;
}

static int setup(void **state) {
        (void) state;
        snprintf(path, sizeof(path), "%s/log", new_folder());
        for (size_t i = 0; i < ARRAY_SIZE(logs); i++)
                logs[i] = read_said(names[i]);
        return 0;
}

static int teardown(void **state) {
        (void) state;
        for (size_t i = 0; i < ARRAY_SIZE(logs); i++)
                free(logs[i]);
        return 0;
}

/* What each log is without callers, which few forms have. */
static char *expected[ARRAY_SIZE(logs)];

static void assert_same(size_t log, const char *form, const char *format) {
        char *how;

        if (!expected[log])
                expected[log] = findings_of(logs[log], "%k %m", NULL);
        char *got = findings_of(logs[log], form, &how);
        if (strcmp(got, expected[log]) != 0)
                fail_msg("%s as \"%s\" (read as %s) gives\n%snot\n%s", names[log], form, how, got, expected[log]);
        if (format && strcmp(how, format) != 0)
                fail_msg("\"%s\" is read as %s, not %s", form, how, format);
        free(how);
        free(got);
}

/* What programs write, with the name that the report gives it (NULL: any). */
static const struct {
        const char *form, *format;
} known[] = {
        { "%m", "plain" },
        { "%k %m", "dmesg" },
        { "%P%k %m", "dmesg --raw" },
        { "kern  :%L  : %k %m", "dmesg --decode" },
        { "kern  :%L  : [%T] %m", "dmesg --decode" },
        { "[%T] %m", "dmesg --ctime" },
        { "[  +0.003000] %m", "dmesg --ctime" },
        { "[\320\237\320\275 \320\275\320\276\321\217 23 %C 2026] %m", "dmesg --ctime" },
        { "[\346\230\237\346\234\237\344\270\200 11\346\234\210 23 %C 2026] %m", "dmesg --ctime" },
        { "[%K <    0.003000>] %m", "dmesg --ctime" },
        { "%I %m", "time" },
        { "%S %h kernel: %m", "syslog" },
        { "%S %h kernel: %k %m", "syslog" },
        { "%S kernel: %m", "journalctl without host" },
        { "%C %h kernel: %m", "syslog" },
        { "%I %h kernel: %m", "syslog" },
        { "%E %h kernel: %m", "syslog" },
        { "Mon 2026-11-23 %C CET %h kernel: %m", "syslog" },
        { "%k %h kernel: %m", "journalctl -o short-monotonic" },
        { "<4>1 %I %h kernel - - - %m", "syslog of RFC 5424" },
        { "%S %h kern.%L kernel: %k %m", NULL },
        { "%T kern.%L kernel: %k %m", NULL },
        { "%I %L kernel: %k %m", NULL },
        { "%A     0     0 %l kernel  : %m", NULL },
        { "%l/kernel  (    0): %k %m", NULL },
        { "%k  [%u: %t: %p] %m", "printk of Samsung" },
        { "%k %s[%u: %t: %p] %m", "printk of Samsung" },
        { "%P%k %s[%u:  %t: %p] %m", NULL },
        { "%P%k  (%u)[%p:%t]%m", "printk of MediaTek" },
        { "[%K / %A UTC] %m", NULL },
        { "6.1.0,4,%n,12345678,-;%m", "netconsole, extended" },
        { "%S %h 4,%n,12345678,-;%m", "netconsole, extended, through syslog" },
        { "[%c] %k %m", "serial console with a logger's times" },
        { "[%D] %m", NULL },
        { "%S %k %m", NULL },
        { "%C  %m", NULL },
        { "[%I] [dut-7] %k %m", NULL },
        { "%I 01O %k %m", NULL },
        { "%I| vcpu-0| I005: Guest: %k %m", NULL },
        { "%I| vcpu-0| I005: Guest: %m", NULL },
        { "I1123 %C.123456       1 console.go:160] kernel: %m", NULL },
        { "W1123 %C.123456   %p uart.cc:7] kernel: %k %m", NULL },
        { "build\tRun tests\t%I %k %m", NULL },
        { "- {\"dt\": \"%I\", \"lvl\": \"target\", \"msg\": \"%k %j\"}", NULL },
        { "{\"ts\":\"%I\",\"host\":\"h\",\"line\":\"%j\"}", NULL },
        { "            \"%k %j\",", NULL },
        { "b\"%k %j\\r\\n\"", NULL },
        { "\"%I\",\"host\",\"kernel\",\"%j\"", NULL },
        { "%D,123 - console - INFO - %k %m", NULL },
        { "INFO:console:%k %m", NULL },
        { "%I stdout F %k %m", "serial console with a logger's times" },
        { "qemu-1  | %k %m", NULL },
        { "> %k %m", "mail quotation" },
        { ">> %m", NULL },
        { "| %S %h kernel: %m", NULL },
        { "/var/log/kern.log:%n:%S %h kernel: %m", NULL },
        { "%n:%k %m", "grep -n" },
        { "+%k %m", "diff" },
        { "%N\t%m", NULL },
        { "%N  %k %m", NULL },
        { "    %S %h kernel: %m", NULL },
        { "\t%m", NULL },
        { "**%k %m**", NULL },
        { "| %I | %m |", NULL },
        { "%k %m<br>", NULL },
        { "%k %m\r", "dmesg" },
        { "%k %m^M", "dmesg" },
        { "\r%k %m", "dmesg" },
        { "\033[32m%k \033[0m\033[1m%m\033[0m", "dmesg" },
        { "^[[32m%k ^[[0m%m^[[0m", "dmesg" },
        { "ESC[32m%k ESC[0m%m", "dmesg" },
        { "{\"jsonPayload\": {\"message\": \"%j\", \"_TRANSPORT\": \"kernel\"}, \"severity\": \"INFO\"}", NULL },
        { "\033_bk;t=17%n\a%k %m", "dmesg" },
        { "%k %m\n", "dmesg" },
        /* Not designed for. */
        { "%h/%u> %m", NULL },
        { "{%t} %N <%c> %m", NULL },
        { "%D|%L|%h|kernel|%m", NULL },
        { "%l%A %p uart.c:42] %m", NULL },
        { "# %n. [%h] (%C) - %m", NULL },
        { "<p>%k %m</p>", NULL },
        /* behind the text */
        { "%k %m  [%t/%p]", NULL },
        { "%k %m #host=dut-3", NULL },
        { "%k %m\t@dut3", NULL },
        { "%k %m {\"host\":\"%h\",\"n\":%N}", NULL },
        { "%m,%n,%D", NULL },
        { "%h\t%m\t%u\t%I", NULL },
        { "%C INF %k %m component=console", NULL },
        { "%C INF %m host=%h port=%u", NULL },
        { "| %C | %k %m   | info |", NULL },
        { "%S %h %%KERN-%u-SYSTEM_MSG: %k %m - kernel", NULL },
        { "%C | INFO | console:read:42 - %k %m | {'port': 'ttyUSB0'}", NULL },
        { "%l(    0) %m  (kernel)", NULL },
        { "%k %m\302\254", NULL },
        /* levels within words */
        { "%S %h CEF:0|Linux|kernel|6.6|kern|kern.%L|3|msg=%k %m", NULL },
        /* marks that differ between the kernel's time and its words */
        { "%P%k%x(%u)[%p:%t]%m", NULL },
        { "%k[%u:%p] %m", NULL },
        { "10.0.0.2: kern: warning: [%I]: %m", NULL },
        { "[%n] kmsg.0: [%E, {\"priority\"=>4, \"sequence\"=>%n, \"usec\"=>7, \"msg\"=>\"%j\"}]", NULL },
        { "    %m", "plain" },
};

static void test_known_forms(void **state) {
        (void) state;
        for (size_t i = 0; i < ARRAY_SIZE(known); i++)
                for (size_t log = 0; log < (i % 4 == 0 ? ARRAY_SIZE(logs) : 1); log++)
                        assert_same(log, known[i].form, known[i].format);
}

/* --- forms that nobody uses --- */

static unsigned next_random(unsigned *seed, unsigned n) {
        *seed = *seed * 1103515245 + 12345;
        return (*seed >> 16) % n;
}

static void invent(char *form, unsigned seed) {
        static const char *const fields[] = { "%k", "%T", "%S", "%I", "%C", "%c",    "%D",     "%E",
                                              "%N", "%h", "%L", "%t", "%p", "cpu%u", "kernel", "dut/3" };
        static const char *const around[] = { "%s", "%s", "[%s]", "(%s)", "{%s}", "\"%s\"", "'%s'" };
        static const char *const between[] = { " ", "  ", "|", " | ", " - ", ": ", ",", ";", "\t", "/" };
        static const char *const before[] = { "", "", "> ", "  ", "# ", "~" };
        static const char *const after[] = { "", "", "", " |", "\r", "</p>", "^M" };
        char *p = form + sprintf(form, "%s", before[next_random(&seed, ARRAY_SIZE(before))]);

        for (unsigned n = 1 + next_random(&seed, 5); n > 0; n--) {
                const char *field = fields[next_random(&seed, ARRAY_SIZE(fields))],
                           *quote = around[next_random(&seed, ARRAY_SIZE(around))];
                /* A task's name is any bytes: only something around it shows where it ends. */
                if (strcmp(field, "%t") == 0 && strcmp(quote, "%s") == 0)
                        quote = "[%s]";
                char *mark = strstr(quote, "%s");
                p += sprintf(p, "%.*s%s%s", (int) (mark - quote), quote, field, mark + 2);
                p += sprintf(p, "%s", between[next_random(&seed, ARRAY_SIZE(between))]);
        }
        sprintf(p, "%%m%s", after[next_random(&seed, ARRAY_SIZE(after))]);
}

static void test_invented_forms(void **state) {
        const unsigned n = by_checker(240, 40, 8);
        char form[400];

        (void) state;
        for (unsigned i = 0; i < n; i++) {
                invent(form, i * 2654435761u);
                assert_same(i % ARRAY_SIZE(logs), form, NULL);
        }
}

/* --- what differs between the lines with a kernel's words and others --- */

/* How lines are written that somebody looked for, and those around them. */
static void test_lines_around(void **state) {
        static const char *const forms[][2] = {
                { "%n:%k %m", "%n-%k %m" },
                { "kern.log:%n:%k %m", "kern.log-%n-%k %m" },
                { "/var/log/kern.log:%k %m", "/var/log/kern.log-%k %m" },
        };

        (void) state;
        for (size_t log = 0; log < ARRAY_SIZE(logs); log++)
                for (size_t f = 0; f < ARRAY_SIZE(forms); f++) {
                        struct buffer b = {}, plain = {};

                        for (size_t i = 0; i < logs[log]->n; i++) {
                                const char *text = logs[log]->lines[i].text;
                                const bool is = strstr(text, "cut here") || strstr(text, "BUG: ") ||
                                                strstr(text, "WARNING: ");
                                put_line(&b, forms[f][!is], (struct place){ logs[log], i });
                                buffer_add(&b, "\n", 1);
                                put_line(&plain, "%k %m\n", (struct place){ logs[log], i });
                        }
                        _cleanup_free_ char *wanted = found_in(path, &plain, 1), *got = found_in(path, &b, 1);
                        if (strcmp(got, wanted) != 0)
                                fail_msg("%s: gives\n%snot\n%s", forms[f][1], got, wanted);
                }
}

/* A number before each line names no machine, though the log has two boots. */
static void test_numbers(void **state) {
        static const char *const forms[] = { "10.%u | %k %m\n", "   7%u: %k %m\n" };

        (void) state;
        for (size_t f = 0; f < ARRAY_SIZE(forms); f++) {
                struct buffer b = {}, plain = {};

                for (size_t k = 2; k > 0; k--)
                        for (size_t i = 0; i < logs[k - 1]->n; i++) {
                                put_line(&b, forms[f], (struct place){ logs[k - 1], i });
                                put_line(&plain, "%k %m\n", (struct place){ logs[k - 1], i });
                        }
                _cleanup_free_ char *wanted = found_in(path, &plain, 1), *got = found_in(path, &b, 1);
                if (strcmp(got, wanted) != 0)
                        fail_msg("%s: gives\n%snot\n%s", forms[f], got, wanted);
        }
}

/* A report in that form behind a long log, in it too, gives what it gives as dmesg prints both. */
static void expect_behind(const struct said *early, const char *form) {
        const struct said *const both[] = { early, logs[1] };
        struct buffer b = {}, plain = {};

        for (size_t k = 0; k < ARRAY_SIZE(both); k++)
                for (size_t i = 0; i < both[k]->n; i++) {
                        put_line(&b, form, (struct place){ both[k], i });
                        put_line(&plain, "%k %m\n", (struct place){ both[k], i });
                }
        _cleanup_free_ char *wanted = found_in(path, &plain, 1), *got = found_in(path, &b, 1);
        if (strcmp(got, wanted) != 0)
                fail_msg("%s: gives\n%snot\n%s", form, got, wanted);
}

/* Messages of which none has a report's words. */
static struct said *messages(const char *of) {
        struct said *early = calloc(1, sizeof(*early));

        assert_non_null(early);
        for (early->n = 0; early->n < 1200; early->n++)
                sprintf(early->lines[early->n].text, "%s message number %zu", of, early->n);
        return early;
}

/* No line shows where the text ends, before the report. */
static void test_late_tail(void **state) {
        static const char *const forms[] = { "%D [    INFO] console: %k %m (serial.py:84)\n", "%k %m  [log/%n]\n",
                                             "[%D] INFO     %k %m        serial.py:84\n" };
        _cleanup_free_ struct said *early = messages("i915 0000:00:02.0: [drm]");

        (void) state;
        for (size_t f = 0; f < ARRAY_SIZE(forms); f++)
                expect_behind(early, forms[f]);
}

#define BLANKS_20 "                    "
#define BLANKS_100 BLANKS_20 BLANKS_20 BLANKS_20 BLANKS_20 BLANKS_20

/* What stands behind all lines is learned from all that are seen, however early the words come that show a prefix. */
static void test_early_words(void **state) {
        static const char *const forms[] = { "| %N | %k %m        |\n", "\302\246 %k %m    \302\246\n",
                                             "%N | %k %m" BLANKS_100 BLANKS_100 BLANKS_100 "| %h\n" };
        _cleanup_free_ struct said *early = messages("a driver's");

        (void) state;
        strcpy(early->lines[0].text, "Linux version 6.1.0 (x@y) (gcc) #1 SMP");
        for (size_t f = 0; f < ARRAY_SIZE(forms); f++)
                expect_behind(early, forms[f]);
}

/* --- midway, within, around --- */

static void append(struct buffer *b, const struct said *log, const char *form) {
        for (size_t i = 0; i < log->n; i++) {
                put_line(b, form, (struct place){ log, i });
                buffer_add(b, "\n", 1);
        }
}

/* Three logs one behind the other, each in a form of its own: a mail with what was quoted in it. */
static void test_form_changes_midway(void **state) {
        static const char *const forms[][3] = {
                { "%k %m", "> %k %m", "%S %h kernel: %m" },
                { "%m", "[%T] %m", "%N\t%m" },
                { "%I stdout F %k %m", "%m", "|%C|%L|%m" },
        };

        (void) state;
        for (size_t i = 0; i < ARRAY_SIZE(forms); i++) {
                struct buffer b = {};
                size_t n = 0;

                for (size_t k = 0; k < 3; k++) {
                        struct json_object *one;
                        save(logs[k], "%k %m");
                        one = scan(1, "%s", path);
                        n += n_findings(one);
                        json_object_put(one);
                        append(&b, logs[k], forms[i][k]);
                        putf(&b, "\nThat was what I saw. What do you think?\n\n");
                }
                write_file(path, b.data, b.size);
                struct json_object *r = scan(1, "%s", path);
                assert_int_equal(n_findings(r), n);
                json_object_put(r);
                buffer_done(&b);
        }
}

/* Breaks a line at the last blank before the width, as mail programs do. */
static void put_broken(struct buffer *b, const char *line, size_t width) {
        size_t n = strlen(line);

        while (n > width) {
                size_t at = width;
                while (at > 20 && line[at] != ' ')
                        at--;
                if (line[at] != ' ')
                        break;
                buffer_add(b, line, at);
                buffer_add(b, "\n", 1);
                line += at + 1;
                n -= at + 1;
        }
        buffer_add(b, line, n);
        buffer_add(b, "\n", 1);
}

static void test_broken_lines(void **state) {
        static const char *const forms[] = { "%k %m", "%S %h kernel: %m", "<4>1 %I %h kernel - - - %k %m" };

        (void) state;
        for (size_t i = 0; i < ARRAY_SIZE(forms); i++) {
                struct buffer b = {}, line = {};

                for (size_t k = 0; k < logs[0]->n; k++) {
                        line.size = 0;
                        put_line(&line, forms[i], (struct place){ logs[0], k });
                        buffer_add(&line, "", 1);
                        put_broken(&b, line.data, 92);
                }
                write_file(path, b.data, b.size);
                struct json_object *r = scan(1, "%s", path);
                assert_int_equal(n_findings(r), 3);
                for (size_t k = 0; k < 3; k++)
                        assert_int_equal(json_object_array_length(member(finding(r, k), "corrupted")), 0);
                assert_string_equal(text_of(finding(r, 0), "title"),
                                    "vmlife: vm-early-put in i915_gem_context_get_eb_vm");
                json_object_put(r);
                buffer_done(&b);
                buffer_done(&line);
        }
}

/* As a screen has them: broken where it ends, a blank there or not, and padded up to it. */
static void test_screens(void **state) {
        static const size_t widths[] = { 80, 132, 160, 211 };

        (void) state;
        for (size_t i = 0; i < ARRAY_SIZE(widths); i++) {
                struct buffer b = {}, line = {};
                const size_t width = widths[i];

                for (size_t k = 0; k < logs[0]->n; k++) {
                        line.size = 0;
                        put_line(&line, "%k %m", (struct place){ logs[0], k });
                        buffer_add(&line, "", 1);
                        for (size_t at = 0; at + 1 < line.size; at += width)
                                putf(&b, "%-*.*s\n", (int) width, (int) width, line.data + at);
                }
                buffer_done(&line);
                _cleanup_free_ char *wanted = findings_of(logs[0], "%k %m", NULL);
                write_file(path, b.data, b.size);
                struct json_object *r = scan(1, "%s", path);
                assert_int_equal(n_findings(r), 3);
                for (size_t k = 0; k < 3; k++)
                        if (!strstr(wanted, text_of(finding(r, k), "title")) ||
                            json_object_array_length(member(finding(r, k), "corrupted")) > 0)
                                fail_msg("%zu columns: %s", width, text_of(finding(r, k), "title"));
                json_object_put(r);
                buffer_done(&b);
        }
}

/* Windows are wider than a screen was; few of a kernel's lines are as long. */
static void test_wide_window(void **state) {
        enum { WIDE = 172 };
        _cleanup_free_ struct said *log = read_said("vmlife.log");
        struct buffer b = {}, line = {};

        (void) state;
        for (size_t k = 0; k < log->n; k++) {
                line.size = 0;
                put_line(&line, "%k %m", (struct place){ log, k });
                buffer_add(&line, "", 1);
                for (size_t at = 0; at + 1 < line.size; at += WIDE)
                        putf(&b, "%-*.*s\n", WIDE, WIDE, line.data + at);
        }
        buffer_done(&line);
        write_file(path, b.data, b.size);
        buffer_done(&b);
        struct json_object *r = scan(1, "%s", path);
        assert_string_equal(text_of(finding(r, 0), "title"), "vmlife: vm-early-put in i915_gem_context_get_eb_vm");
        json_object_put(r);
}

/* A whole log in one string, and one whose lines end in carriage returns. */
static void test_lines_in_one(void **state) {
        static const char *const ends[] = { "\\n", "\\r\\n", "\r" };

        (void) state;
        for (size_t i = 0; i < ARRAY_SIZE(ends); i++) {
                struct buffer b = {};

                putf(&b, i < 2 ? "{\"output\": \"" : "");
                for (size_t k = 0; k < logs[0]->n; k++) {
                        put_line(&b, i < 2 ? "%k %j" : "%k %m", (struct place){ logs[0], k });
                        buffer_add(&b, ends[i], strlen(ends[i]));
                }
                putf(&b, i < 2 ? "\"}\n" : "");
                write_file(path, b.data, b.size);
                struct json_object *r = scan(1, "%s", path);
                assert_int_equal(n_findings(r), 3);
                json_object_put(r);
                buffer_done(&b);
        }
}

/* A message's further lines, as dmesg and journalctl indent them and as rsyslog writes their ends. They are part of the
 * report, and never the start of one. */
static void test_further_lines(void **state) {
        static const char *const forms[] = {
                "[   10.000000] %s\n               %s\n",
                "Nov 23 10:00:00 h kernel: %s\n                          %s\n",
                "Nov 23 10:00:00 h kernel: %s#012%s\n",
        };

        (void) state;
        for (size_t i = 0; i < ARRAY_SIZE(forms); i++) {
                struct buffer b = {};
                char line[400];

                for (size_t k = 0; k < 40; k++) {
                        snprintf(line, sizeof(line),
                                 i ? "Nov 23 10:00:00 h kernel: usb 1-1: new device number %zu\n" :
                                     "[   10.000000] usb 1-1: new device number %zu\n",
                                 k);
                        putf(&b, "%s", line);
                }
                snprintf(line, sizeof(line), forms[i], "process '/tmp/x",
                         "BUG: KASAN: use-after-free in f+0x1/0x2 [i915]");
                putf(&b, "%s", line);
                write_file(path, b.data, b.size);
                struct json_object *r = scan(0, "%s", path);
                assert_int_equal(n_findings(r), 0);
                json_object_put(r);
                buffer_done(&b);
        }
}

/* --- what users choose does not steer it --- */

static void test_not_steered(void **state) {
        static const char *const chosen[] = {
                "usb 1-1: Product: %s",
                "process '%s' started with executable stack",
                "EXT4-fs (%s): mounted",
                "input: %s as /devices/x",
        };
        static const char *const report[] = {
                "------------[ cut here ]------------",
                "WARNING: CPU: 1 PID: 2 at fs/x.c:1 f+0x1/0x2",
                "CPU: 1 PID: 2 Comm: x Not tainted 6.1.0 #1",
                "RIP: 0010:f+0x1/0x2",
                "Call Trace:",
                " g+0x1/0x2",
                "---[ end trace 0000000000000000 ]---",
        };

        (void) state;
        for (size_t i = 0; i < ARRAY_SIZE(chosen); i++)
                for (size_t form = 0; form < 2; form++) {
                        struct buffer b = {};
                        char text[300];

                        append(&b, logs[0], "x");
                        b.size = 0;
                        for (size_t k = 0; k < 60; k++)
                                putf(&b,
                                     form ? "Nov 23 10:00:00 h kernel: pci 0000:00:%02zx.0: [8086:9a49] type 00\n" :
                                            "[    1.%06zu] pci 0000:00:02.0: [8086:9a49] type 00\n",
                                     k);
                        for (size_t k = 0; k < ARRAY_SIZE(report); k++) {
                                putf(&b,
                                     form ? "Nov 23 10:00:00 h kernel: usb 1-1: New USB device found %zu\n" :
                                            "[    2.%06zu] usb 1-1: New USB device found\n",
                                     k);
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
                                snprintf(text, sizeof(text), chosen[i], report[k]);
#pragma GCC diagnostic pop
                                putf(&b, form ? "Nov 23 10:00:00 h kernel: %s\n" : "[    2.000000] %s\n", text);
                        }
                        write_file(path, b.data, b.size);
                        struct json_object *r = scan(0, "%s", path);
                        assert_int_equal(n_findings(r), 0);
                        json_object_put(r);
                        buffer_done(&b);
                }
}

/* Lines of other programs, as many as there may be, take nothing of the kernel's: neither by their number nor by what
 * they say. */
static const struct {
        const char *kernels, *others;
} mixed[] = {
        { "[   10.000000] h kernel: ", "[   10.000000] h nobody[12]: " },
        { "[   10.000000] h kernel: ", "[   10.000000] h (udev-worker)[12]: " },
        { "[2026-11-23 10:00:00] h kernel: ", "[2026-11-23 10:00:00] h nobody: " },
        { "<4>1 2026-11-23T10:00:00.1+00:00 h kernel - - - ", "<14>1 2026-11-23T10:00:00.1+00:00 h nobody 12 - - " },
        { "1 2026-11-23T10:00:00.1+00:00 h kernel - - - ", "1 2026-11-23T10:00:00.1+00:00 h nobody - - - " },
        { "Nov 23 10:00:00 h kernel: ", "Nov 23 10:00:00 h nobody[12]: " },
        { "2026-11-23T10:00:00.1 target: [   10.000000] ", "2026-11-23T10:00:00.1 target: [   10.000000] usb 1-1: " },
};

static void put_others(struct buffer *b, const char *prefix, size_t n, bool forged) {
        static const char *const shapes[] = {
                "x",  "x y",   "x y z", "x: y", "(x)", "(x) y", "x (y)", "<x>", "{x}",   "x 1", "1 x",  "1 2",
                "x|", "x 1 y", "x-y",   "x,",   "(1)", "((x))", "x/y",   "x=1", "1 x 2", "@x",  "x #1",
        };

        for (size_t i = 0; i < n; i++)
                if (forged)
                        putf(b, "%s%s%s BUG: KASAN: x in y+0x1/0x2\n", prefix, shapes[i % ARRAY_SIZE(shapes)],
                             i / ARRAY_SIZE(shapes) % 2 ? " kernel:" : "");
                else
                        putf(b, "%shello %zu\n", prefix, i);
}

/* n lines of others before, within or behind the report: a bit each. */
static void assert_seen(size_t form, size_t n, unsigned where, bool forged) {
        static const char *const report[] = {
                "BUG: KASAN: use-after-free in i915_gem_context_close+0x1/0x2 [i915]",
                "Read of size 8 at addr ffff888012345678 by task foo/12",
                "CPU: 0 PID: 12 Comm: foo Not tainted 6.1.192 #1",
                "Call Trace:",
                " <TASK>",
                " i915_gem_context_close+0x1/0x2 [i915]",
                " </TASK>",
        };
        struct buffer b = {};

        if (where == 1)
                put_others(&b, mixed[form].others, n, forged);
        putf(&b, "%sLinux version 6.1.192 (a@b) (gcc) #1 SMP\n", mixed[form].kernels);
        for (size_t i = 0; i < ARRAY_SIZE(report); i++) {
                putf(&b, "%s%s\n", mixed[form].kernels, report[i]);
                if (where == 2)
                        put_others(&b, mixed[form].others, n / ARRAY_SIZE(report), forged);
        }
        if (where == 4)
                put_others(&b, mixed[form].others, n, forged);
        write_file(path, b.data, b.size);
        buffer_done(&b);
        struct json_object *r = scan(1, "%s", path);
        if (n_findings(r) != 1 ||
            strcmp(text_of(finding(r, 0), "title"), "KASAN: use-after-free Read in i915_gem_context_close") != 0)
                fail_msg("\"%s\" with %zu other lines at %u: %zu findings", mixed[form].kernels, n, where,
                         n_findings(r));
        json_object_put(r);
}

static void test_lines_of_others(void **state) {
        (void) state;
        for (size_t form = 0; form < ARRAY_SIZE(mixed); form++) {
                assert_seen(form, 46, 1, true);
                assert_seen(form, 200, 1, false);
                assert_seen(form, 8, 2, false);
                assert_seen(form, 160, 2, false);
                assert_seen(form, 80, 4, false);
        }
}

/* --- never silent for want of understanding --- */

static bool has_reason(struct json_object *report, const char *words) {
        struct json_object *reasons = member(json_object_array_get_idx(member(report, "boots"), 0), "reasons");

        for (size_t i = 0; i < json_object_array_length(reasons); i++)
                if (strstr(json_object_get_string(json_object_array_get_idx(reasons, i)), words))
                        return true;
        return false;
}

static void test_nothing_told(void **state) {
        static const char text[] = "Dear all,\nmy machine is slow.\nRegards\n";

        (void) state;
        write_file(path, text, sizeof(text) - 1);
        struct run run = vmlife("scan %s", path);
        assert_int_equal(run.status, 2);
        assert_non_null(strstr(run.err, "no line was recognized as a kernel message"));
        run_done(&run);
        struct json_object *r = scan(2, "%s", path);
        assert_true(has_reason(r, "was recognized as a kernel message"));
        json_object_put(r);
}

/* Words of a report, each line made differently: nobody can say where the kernel's begin. */
static void test_not_understood(void **state) {
        static const char text[] = "xyz (1) BUG: KASAN: use-after-free in f+0x1/0x2 [i915]\nsomething else\nand =3= "
                                   "more Read of size 8 at addr 0\n\n\n"
                                   "and more WARNING: CPU: 1 PID: 2 at x.c:1 f+0x1/0x2\nother text\nother text\n";

        (void) state;
        write_file(path, text, sizeof(text) - 1);
        struct run run = vmlife("scan %s", path);
        assert_non_null(strstr(run.err, "contain words of a kernel report"));
        run_done(&run);
        /* No line could be told to be a kernel's: nothing was read. */
        struct json_object *r = scan(2, "%s", path);
        assert_true(has_reason(r, "contain words of a kernel report"));
        json_object_put(r);
}

/* The kernel's time, and then words that no other line has: whose is the rest? */
static void test_not_begun(void **state) {
        static const char text[] = "[    1.000000] a 1 usb 1-1: new device\n[    1.100000] b: hello\n"
                                   "[    1.200000] c (2) d BUG: KASAN: use-after-free in f+0x1/0x2 [i915]\n"
                                   "[    1.300000] e: hello\n";

        (void) state;
        write_file(path, text, sizeof(text) - 1);
        struct json_object *r = scan(0, "%s", path);
        assert_true(has_reason(r, "contain words of a kernel report"));
        json_object_put(r);
}

/* Other programs' lines are no doubt. */
static void test_syslog_of_many(void **state) {
        struct buffer b = {};

        (void) state;
        for (size_t i = 0; i < 300; i++)
                putf(&b,
                     i % 50 == 49 ? "Nov 23 10:00:00 h kernel: usb 1-1: new high-speed USB device number %zu\n" :
                                    "Nov 23 10:00:00 h nginx[12]: GET /%zu 200\n",
                     i);
        write_file(path, b.data, b.size);
        struct run run = vmlife("scan %s", path);
        assert_int_equal(run.status, 0);
        assert_string_equal(run.err, "");
        run_done(&run);
        struct json_object *r = scan(0, "%s", path);
        assert_false(has_reason(r, "could"));
        json_object_put(r);
        buffer_done(&b);
}

/* --- times --- */

static void test_times(void **state) {
        static const struct {
                const char *text, *rest;
                unsigned long long real_us; /* 0: not known */
        } times[] = {
                { "2026-11-23T10:00:00.123456+01:00 x", " x", 1795424400123456ull },
                { "2026-11-23T10:00:00,123456+01:00 x", " x", 1795424400123456ull },
                { "2026-11-23T09:00:00Z x", " x", 1795424400000000ull },
                { "2026-11-23 09:00:00 x", " x", 1795424400000000ull },
                { "2026/11/23 09:00:00 x", " x", 1795424400000000ull },
                { "23.11.2026 09:00:00 x", " x", 1795424400000000ull },
                { "11/23/2026 09:00:00 AM x", " x", 1795424400000000ull },
                { "23/Nov/2026:09:00:00 +0000] x", "] x", 1795424400000000ull },
                { "20261123T090000 x", NULL, 0 },
                { "Mon Nov 23 09:00:00 2026] x", "] x", 1795424400000000ull },
                { "Mon Nov 23 10:00:00 CET 2026] x", "] x", 1795424400000000ull },
                { "Mon 2026-11-23 10:00:00 CET h", " h", 1795424400000000ull },
                { "lun. nov. 23 09:00:00 2026] x", "] x", 1795424400000000ull },
                { "\345\221\250\344\270\200 11\346\234\210 23 09:00:00 2026] x", "] x", 1795424400000000ull },
                { "1795424400.123456 h", " h", 1795424400123456ull },
                { "Nov 23 09:00:00 h kernel", " h kernel", 0 },
                { "Nov23 09:00] x", "] x", 0 },
                { "09:00:00.123 x", " x", 0 },
                { "kernel: x", NULL, 0 },
                { "0000:00:02.0: x", NULL, 0 },
                { "Linux version 6.1", NULL, 0 },
        };

        (void) state;
        for (size_t i = 0; i < ARRAY_SIZE(times); i++) {
                struct slice s = slice_of(times[i].text);
                struct stamp t = {};
                const bool is = clock_wall(&s, &t);

                if (is != (times[i].rest != NULL))
                        fail_msg("\"%s\" is %s", times[i].text, is ? "a time" : "no time");
                if (!is)
                        continue;
                if (!slice_eq(s, slice_of(times[i].rest)))
                        fail_msg("\"%s\" leaves \"%.*s\"", times[i].text, SLICE_FMT(s));
                assert_int_equal(t.has_real, times[i].real_us != 0);
                if (t.has_real && t.real_us != times[i].real_us)
                        fail_msg("\"%s\" is %llu", times[i].text, (unsigned long long) t.real_us);
        }
}

int main(void) {
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(test_known_forms),
                cmocka_unit_test(test_invented_forms),
                cmocka_unit_test(test_lines_around),
                cmocka_unit_test(test_numbers),
                cmocka_unit_test(test_late_tail),
                cmocka_unit_test(test_early_words),
                cmocka_unit_test(test_screens),
                cmocka_unit_test(test_wide_window),
                cmocka_unit_test(test_form_changes_midway),
                cmocka_unit_test(test_broken_lines),
                cmocka_unit_test(test_lines_in_one),
                cmocka_unit_test(test_further_lines),
                cmocka_unit_test(test_not_steered),
                cmocka_unit_test(test_nothing_told),
                cmocka_unit_test(test_lines_of_others),
                cmocka_unit_test(test_not_understood),
                cmocka_unit_test(test_not_begun),
                cmocka_unit_test(test_syslog_of_many),
                cmocka_unit_test(test_times),
        };

        return cmocka_run_group_tests(tests, setup, teardown);
}
