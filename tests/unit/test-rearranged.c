/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Logs whose lines are not where the kernel ended them, or not in its order: filled paragraphs, entries newest first,
 * parts of a dump, pieces of lines, properties of a template, OpenTelemetry's values, YAML's long strings, a terminal's
 * rows and recordings, heads in lines of their own, netconsole over a reboot. Each is to give what the plain log gives.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/macros.h"
#include "cmocka_all.h"
#include "form.h"
#include "vmlife.h"

static const char *const names[] = { "xe-uaf.log", "lockdep-circular.log", "bug.log" };
enum { LOGS = ARRAY_SIZE(names), PARTS = 3, PIECE = 40 };

static struct said *logs[LOGS];
static char path[600];

static int setup(void **state) {
        (void) state;
        snprintf(path, sizeof(path), "%s/log", new_folder());
        read_all_said(logs, names, LOGS);
        return 0;
}

static int teardown(void **state) {
        (void) state;
        free_all_said(logs, LOGS);
        return 0;
}

static void put_log(struct buffer *b, const struct said *log, const char *form, size_t from, size_t to) {
        for (size_t i = from; i < to; i++)
                put_line(b, form, (struct place){ log, i });
}

static void assert_plain(size_t log, struct buffer *b, const char *what) {
        struct buffer plain = {};

        put_log(&plain, logs[log], "%k %m\n", 0, logs[log]->n);
        _cleanup_free_ char *expected = found_in(path, &plain, 1), *got = found_in(path, b, 1);
        if (strcmp(got, expected) != 0)
                fail_msg("%s, %s: gives\n%snot\n%s", names[log], what, got, expected);
}

/* --- filled paragraphs --- */

/* Words, as many in a line as fit, or some less to make lines even. */
static void fill_words(struct buffer *b, struct buffer *text, size_t width, const char *mark, bool even) {
        size_t column = 0, n = 0;

        buffer_add(text, "", 1);
        for (char *save = NULL, *w = strtok_r(text->data, " \n", &save); w; w = strtok_r(NULL, " \n", &save)) {
                if (column && column + 1 + strlen(w) > width - (even ? n % 4 * 2 : 0)) {
                        putf(b, "\n");
                        column = 0;
                        n++;
                }
                putf(b, "%s", column ? " " : mark);
                buffer_add(b, w, strlen(w));
                column += strlen(w) + (column > 0);
        }
        putf(b, "\n");
        buffer_done(text);
}

static void fill(struct buffer *b, struct buffer *text, size_t width, const char *mark, bool even) {
        fill_words(b, text, width, mark, even);
        putf(b, "\n");
}

static const char prose[] = "Hello,\n\nsince the last update this comes at each start, any idea?\n\n";

static void test_filled(void **state) {
        static const char *const forms[] = {
                "%k %m\n", "[%T] %m\n", "%S %h kernel: %m\n", "%S %h kernel: %k %m\n", "%I %h kernel: %m\n", "%P%k %m\n"
        };
        static const size_t widths[] = { 66, 72, 80, 100 };

        (void) state;
        for (size_t log = 0; log < LOGS; log++)
                for (size_t i = 0; i < ARRAY_SIZE(forms) * ARRAY_SIZE(widths); i++) {
                        const char *form = forms[i % ARRAY_SIZE(forms)];
                        struct buffer b = {}, text = {};

                        putf(&b, "%s", i % 2 ? prose : "");
                        put_log(&text, logs[log], form, 0, logs[log]->n);
                        fill(&b, &text, widths[i / ARRAY_SIZE(forms)], i % 3 ? "" : i % 2 ? "| " : "> ", i % 4 > 1);
                        assert_plain(log, &b, form);
                }
}

/* Without a time the kernel's words show where lines began. */
static void test_filled_without_times(void **state) {
        (void) state;
        for (size_t width = 64; width < 10000; width += width < 80 ? 4 : 9000) {
                struct buffer b = {}, text = {};

                put_log(&text, logs[0], "%m\n", 0, logs[0]->n);
                fill(&b, &text, width, "", false);
                assert_plain(0, &b, "no time");
        }
}

/* Messages with dates, in a log that has the kernel's time. */
static void test_filled_with_dates(void **state) {
        (void) state;
        for (size_t log = 0; log < LOGS; log++) {
                struct buffer b = {}, text = {};

                for (size_t i = 0; i < 4; i++)
                        put_line(&text, "%k rtc_cmos 00:00: setting clock to %I\n", (struct place){ logs[log], 0 });
                put_log(&text, logs[log], "%k %m\n", 0, logs[log]->n);
                fill(&b, &text, 72, "", false);
                assert_plain(log, &b, "dates in messages");
        }
}

/* A user's string full of times and frames, in a log whose lines are the kernel's own, is a string. */
/* A mail broke what was too long: its records begin lines still. */
static void test_each_line_filled(void **state) {
        static const char *const forms[] = { "%S err %h kernel: %k %m\n", "%S %h kernel: %k %m\n" };

        (void) state;
        for (size_t log = 0; log < LOGS; log++)
                for (size_t i = 0; i < ARRAY_SIZE(forms); i++) {
                        struct buffer b = {};

                        putf(&b, "Below is what it says at each start.\n");
                        /* A dump of mips, whose lines are longer than the mail's. */
                        for (size_t n = 0; n < 100; n++) {
                                struct buffer text = {};
                                put_line(&text, forms[i], (struct place){ logs[log], 0 });
                                text.size = (size_t) ((char *) memchr(text.data, ']', text.size) + 1 - text.data);
                                for (size_t k = 0; k < 5; k++)
                                        putf(&text, " 80000007fde8b%03zx", n * 5 + k);
                                fill_words(&b, &text, 72, "", false);
                        }
                        for (size_t n = 0; n < logs[log]->n; n++) {
                                struct buffer text = {};
                                put_log(&text, logs[log], forms[i], n, n + 1);
                                fill_words(&b, &text, 72, "", false);
                        }
                        assert_plain(log, &b, forms[i]);
                }
}

static void test_not_filled(void **state) {
        static const char wanted[] = "[ 20.000000] BUG: KASAN: use-after-free in f+0x1/0x2 [ 20.000000] Call Trace: "
                                     "[ 20.000000] f+0x1/0x2 [ 20.000000] g+0x1/0x2 [ 20.000000] h+0x1/0x2";
        static const char *const forms[] = { "%k %m\n", "%S %h kernel: %m\n", "%m\n" };

        (void) state;
        for (size_t i = 0; i < ARRAY_SIZE(forms); i++)
                for (int timed = 0; timed < (i < 2 ? 2 : 1); timed++) { /* without prefixes a time is one */
                        _cleanup_free_ struct said *log = calloc(1, sizeof(*log));
                        struct buffer b = {};

                        assert_non_null(log);
                        for (log->n = 0; log->n < 60; log->n++) {
                                struct buffer s = {};
                                putf(&s, "process '/tmp/%s' started with executable stack", timed ? wanted : "");
                                for (size_t k = 0; !timed && k < 8; k++)
                                        putf(&s, " f%zu+0x%zx/0x99 BUG: KASAN: use-after-free in f+0x1/0x2", k, k);
                                buffer_add(&s, "", 1);
                                log->lines[log->n].us = log->n * 1000;
                                strcpy(log->lines[log->n].text, log->n % 12 ? "usb 1-1: new device" : s.data);
                                buffer_done(&s);
                        }
                        put_log(&b, log, forms[i], 0, log->n);
                        write_file(path, b.data, b.size);
                        buffer_done(&b);
                        struct run r = vmlife("scan --format json %s", path);
                        assert_null(strstr(r.out, "\"title\": \"KASAN"));
                        run_done(&r);
                }
}

/* --- the newest first --- */

static void test_newest_entries(void **state) {
        static const char *const forms[] = {
                "{\"__CURSOR\":\"s=a;i=%n\",\"__REALTIME_TIMESTAMP\":\"%R\",\"_BOOT_ID\":\"%B\",\"_TRANSPORT\":"
                "\"kernel\",\"SYSLOG_FACILITY\":\"0\",\"MESSAGE\":\"%j\"}\n",
                "{\n\t\"MESSAGE\" : \"%j\",\n\t\"_TRANSPORT\" : \"kernel\",\n\t\"__REALTIME_TIMESTAMP\" : \"%R\"\n}\n",
                "__CURSOR=s=a;i=%n\n__REALTIME_TIMESTAMP=%R\n_BOOT_ID=%B\n_TRANSPORT=kernel\nMESSAGE=%m\n\n",
                "Mon 2026-11-23 %C.000000 UTC [s=a;i=%n;b=%B;m=1;t=%X;x=1]\n    _TRANSPORT=kernel\n    MESSAGE=%m\n",
        };

        (void) state;
        for (size_t log = 0; log < LOGS; log++)
                for (size_t i = 0; i < ARRAY_SIZE(forms); i++) {
                        struct buffer b = {};

                        for (size_t k = logs[log]->n; k-- > 0;) {
                                char form[400], *to = form;
                                for (const char *p = forms[i]; *p; p++)
                                        if (p[0] == '%' && strchr("RBX", p[1])) {
                                                to += p[1] == 'B' ? sprintf(to, "0123456789abcdef0123456789abcdef") :
                                                                    sprintf(to, p[1] == 'R' ? "%llu" : "%llx",
                                                                            1795424400000000ull + k);
                                                p++;
                                        } else
                                                *to++ = *p;
                                *to = '\0';
                                put_line(&b, form, (struct place){ logs[log], k });
                        }
                        assert_plain(log, &b, forms[i]);
                }
}

/* All of one moment: the words alone tell. Beside a report that lies the right way a user's words turn nothing round.
 */
static void test_newest_of_a_moment(void **state) {
        static const char *const forms[] = {
                "\"2026-11-23T10:00:00.004Z\",\"h\",\"kernel\",\"%m\"\n",
                "Nov 23 10:00:00 h kernel: %m\n",
                "2026-11-23T10:00:00+00:00 h kernel: %m\n",
        };
        static const char *const chosen[] = { "---[ end trace 0000000000000000 ]---", " </TASK>", " <TASK>",
                                              "Call Trace:", "------------[ cut here ]------------" };

        (void) state;
        for (size_t log = 0; log < LOGS; log++)
                for (size_t i = 0; i < ARRAY_SIZE(forms); i++) {
                        struct buffer b = {};

                        for (size_t k = logs[log]->n; k-- > 0;)
                                put_line(&b, forms[i], (struct place){ logs[log], k });
                        assert_plain(log, &b, forms[i]);

                        for (size_t k = 0; i > 0 && k < ARRAY_SIZE(chosen); k++)
                                putf(&b, "%.*s a[7]: x%s\n", i == 1 ? 17 : 27,
                                     i == 1 ? "Nov 23 10:00:00 h" : "2026-11-23T10:00:00+00:00 h", chosen[k]);
                        for (size_t k = 0; i > 0 && k < logs[log]->n; k++)
                                put_line(&b, forms[i], (struct place){ logs[log], k });
                        if (i > 0)
                                assert_plain(log, &b, "a user's words");
                }
}

/* Where a line stands in a table, by the number or second in its first column. */
static void put_place(struct buffer *b, size_t form, size_t k) {
        switch (form) {
        case 0:
                putf(b, "%zu,", k + 2);
                break;
        case 1:
                putf(b, "%llu,", 1795424400000000000ull + k * 1000064);
                break;
        case 2:
                putf(b, "%zu.%06zu,", 100 + k / 7, k);
                break;
        case 3:
                putf(b, "2026-11-23T10:00:09,");
                break;
        default:
                putf(b, "2026-11-23T10:00:09.000Z,h,");
        }
}

/* The first column alone tells; or whole seconds do, of which the report has one. Numbers that go down beside a report
 * that lies the right way turn nothing round. */
static void test_newest_of_numbers(void **state) {
        enum { FORMS = 5, NUMBERS = 3 };
        static const char *const newest[FORMS] = { "a counter", "nanoseconds", "seconds", "whole seconds",
                                                   "whole seconds with zeros" };

        (void) state;
        for (size_t log = 0; log < LOGS; log++)
                for (size_t form = 0; form < FORMS; form++) {
                        struct buffer b = {};

                        for (size_t k = logs[log]->n; k-- > 0;) {
                                put_place(&b, form, k);
                                put_line(&b, "\"%m\"\n", (struct place){ logs[log], k });
                        }
                        if (form >= NUMBERS)
                                for (size_t second = 2; second-- > 0;)
                                        putf(&b, "2026-11-23T10:00:0%zu%s,\"usb 1-1: new device\"\n", second,
                                             form == NUMBERS ? "" : ".500Z,h");
                        assert_plain(log, &b, newest[form]);

                        for (size_t k = 0; form < NUMBERS && k < logs[log]->n; k++) {
                                put_place(&b, form, logs[log]->n - k);
                                put_line(&b, "\"%m\"\n", (struct place){ logs[log], k });
                        }
                        if (form < NUMBERS)
                                assert_plain(log, &b, "numbers that go down");
                }
}

static void test_parts_of_a_dump(void **state) {
        static const char *const heads[] = { "Panic#1 Part%zu\n", "\nOops#3 Part%zu\n",
                                             "==> dmesg-efi-1758360000 <==\nPanic#2 Part%zu\n",
                                             "/sys/fs/pstore/dmesg-efi-1758360000:\nPanic#2 Part%zu\n" };

        (void) state;
        for (size_t log = 0; log < LOGS; log++)
                for (size_t i = 0; i < ARRAY_SIZE(heads); i++) {
                        const size_t n = logs[log]->n;
                        struct buffer b = {};

                        for (size_t part = 1; part <= PARTS; part++) {
                                char head[100];
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
                                snprintf(head, sizeof(head), heads[i], part);
#pragma GCC diagnostic pop
                                buffer_add(&b, head, strlen(head));
                                put_log(&b, logs[log], "%P%k %m\n", n * (PARTS - part) / PARTS,
                                        n * (PARTS - part + 1) / PARTS);
                        }
                        assert_plain(log, &b, heads[i]);
                }
}

static void put_part(struct buffer *b, const char *dump, const struct said *log, size_t part) {
        putf(b, "%s Part%zu\n", dump, part);
        put_log(b, log, "%P%k %m\n", log->n * (PARTS - part) / PARTS, log->n * (PARTS - part + 1) / PARTS);
}

/* As their files' names have them, the parts of an oops and of the panic behind it alternate; a dump of the same name
 * is another boot's. */
static void test_parts_of_dumps(void **state) {
        static const char *const second[] = { "Panic#2", "Oops#1" };

        (void) state;
        for (size_t log = 0; log + 1 < LOGS; log++)
                for (size_t i = 0; i < ARRAY_SIZE(second); i++) {
                        struct buffer plain = {}, b = {};

                        put_log(&plain, logs[log], "%P%k %m\n", 0, logs[log]->n);
                        put_log(&plain, logs[log + 1], "%P%k %m\n", 0, logs[log + 1]->n);
                        for (size_t k = 0; k < PARTS; k++) {
                                put_part(&b, "Oops#1", logs[log], i == 0 ? PARTS - k : k + 1);
                                if (i == 0)
                                        put_part(&b, second[i], logs[log + 1], PARTS - k);
                        }
                        for (size_t k = 0; i == 1 && k < PARTS; k++)
                                put_part(&b, second[i], logs[log + 1], k + 1);
                        _cleanup_free_ char *expected = found_in(path, &plain, 1), *got = found_in(path, &b, 1);
                        if (strcmp(got, expected) != 0)
                                fail_msg("%s, %s: gives\n%snot\n%s", names[log], second[i], got, expected);
                }
}

/* --- in pieces, and in properties --- */

static void test_pieces(void **state) {
        (void) state;
        for (size_t log = 0; log < LOGS; log++) {
                struct buffer b = {};

                for (size_t i = 0; i < logs[log]->n; i++) {
                        struct buffer s = {};
                        put_line(&s, "%k %m", (struct place){ logs[log], i });
                        for (size_t at = 0; at < s.size || at == 0; at += PIECE) {
                                const bool last = at + PIECE >= s.size;
                                put_line(&b, last ? "%I stdout F " : "%I stdout P ", (struct place){ logs[log], i });
                                buffer_add(&b, s.data + at, last ? s.size - at : PIECE);
                                putf(&b, "\n");
                        }
                        buffer_done(&s);
                }
                assert_plain(log, &b, "pieces");
        }
}

static const char debug_form[] =
        "Debug line with all properties:\nFROMHOST: '%h', fromhost-ip: '127.0.0.1', HOSTNAME: '%h', PRI: 4,\nsyslogtag "
        "'@:', programname: '@', APP-NAME: '@', PROCID: '-', MSGID: '-',\nTIMESTAMP: '%S', STRUCTURED-DATA: '-',\n"
        "msg: ' %k %m'\nescaped msg: ' %k %m'\ninputname: imklog rawmsg: '<4>%k %m'\n$!:\n$.:\n$/:\n\n";

static void put_debug(struct buffer *b, const char *program, const struct said *log) {
        char form[sizeof(debug_form) + 100], *to = form;

        for (const char *p = debug_form; *p; p++)
                to = *p == '@' ? stpcpy(to, program) : (*to = *p, to + 1);
        *to = '\0';
        put_log(b, log, form, 0, log->n);
}

static void test_properties(void **state) {
        (void) state;
        for (size_t log = 0; log < LOGS; log++) {
                struct buffer b = {};

                put_debug(&b, "kernel", logs[log]);
                assert_plain(log, &b, "properties");
        }
        /* Another program's lines are not the kernel's. */
        struct buffer b = {};
        _cleanup_free_ struct said *clean = read_said("clean.log");
        put_debug(&b, "kernel", clean);
        put_debug(&b, "acme[12]", logs[0]);
        write_file(path, b.data, b.size);
        buffer_done(&b);
        struct run r = vmlife("scan --format json %s", path);
        assert_non_null(strstr(r.out, "\"findings\""));
        assert_null(strstr(r.out, "\"title\""));
        run_done(&r);
}

/* An export of OpenTelemetry's: who wrote a record is an attribute. */
static const struct {
        const char *kernel, *process;
} records[] = {
        { "{\"body\":{\"stringValue\":\"%m\"},\"attributes\":[{\"key\":\"log.file.name\",\"value\":{\"stringValue\":"
          "\"kern.log\"}},{\"key\":\"SYSLOG_IDENTIFIER\",\"value\":{\"stringValue\":\"kernel\"}}]}",
          "{\"body\":{\"stringValue\":\"%m\"},\"attributes\":[{\"key\":\"SYSLOG_IDENTIFIER\",\"value\":{"
          "\"stringValue\":\"acme\"}}]}" },
        { "{\"body\":{\"kvlistValue\":{\"values\":[{\"key\":\"MESSAGE\",\"value\":{\"stringValue\":\"%m\"}},{\"key\":"
          "\"_TRANSPORT\",\"value\":{\"stringValue\":\"kernel\"}}]}}}",
          "{\"body\":{\"kvlistValue\":{\"values\":[{\"key\":\"MESSAGE\",\"value\":{\"stringValue\":\"%m\"}},{\"key\":"
          "\"_TRANSPORT\",\"value\":{\"stringValue\":\"stdout\"}}]}}}" },
};
static const char export_head[] = "{\"resourceLogs\":[{\"resource\":{\"attributes\":[{\"key\":\"host.name\",\"value\":{"
                                  "\"stringValue\":\"vm\"}}]},\"scopeLogs\":[{\"logRecords\":[";

/* each: an export for each record. */
static void put_records(struct buffer *b, const char *form, const struct said *log, bool each) {
        for (size_t i = 0; i < log->n; i++) {
                struct buffer s = {};
                put_line(&s, form, (struct place){ log, i });
                /* The message's own quotation marks. */
                if (!memchr(log->lines[i].text, '"', strlen(log->lines[i].text))) {
                        putf(b, "%s", each ? export_head : i ? "," : "");
                        buffer_add(b, s.data, s.size);
                        putf(b, "%s", each ? "]}]}]}\n" : "");
                }
                buffer_done(&s);
        }
}

static void test_typed_values(void **state) {
        (void) state;
        for (size_t log = 0; log < LOGS; log++)
                for (size_t i = 0; i < 2 * ARRAY_SIZE(records); i++) {
                        const bool each = i % 2;
                        struct buffer b = {};

                        putf(&b, "%s", each ? "" : export_head);
                        put_records(&b, records[i / 2].kernel, logs[log], each);
                        putf(&b, "%s", each ? "" : ",");
                        put_records(&b, records[i / 2].process, logs[(log + 1) % LOGS], each);
                        putf(&b, "%s", each ? "" : "]}]}]}\n");
                        assert_plain(log, &b, each ? "an export a record" : "one export");
                }
}

/* --- as bytes --- */

static void dump(struct buffer *b, const struct buffer *text, unsigned form) {
        for (size_t at = 0; at < text->size; at += 16) {
                const size_t n = MIN(text->size - at, (size_t) 16);
                if (form < 2)
                        putf(b, form ? "%08zx:" : "%08zx  ", at);
                for (size_t i = 0; i < 16; i++) {
                        const char *gap = form == 0 ? i == 8 ? "  " :
                                                      i      ? " " :
                                                               "" :
                                          form == 1 ? i % 2 ? "" : " " :
                                          i         ? " " :
                                                      "";
                        if (i < n)
                                putf(b, form == 2 ? "%s%02X" : "%s%02x", gap, (unsigned char) text->data[at + i]);
                        else if (form < 2)
                                putf(b, "%s  ", gap);
                }
                putf(b, form == 0 ? "  |" : form == 1 ? "  " : "");
                for (size_t i = 0; form < 2 && i < n; i++)
                        putf(b, "%c", text->data[at + i] == '\n' ? '.' : text->data[at + i]);
                putf(b, form == 0 ? "|\n" : "\n");
        }
        if (form == 0)
                putf(b, "%08zx\n", text->size);
}

static void test_dumps(void **state) {
        static const char *const names_of[] = { "hexdump -C", "xxd", "bytes alone" };
        (void) state;

        for (size_t log = 0; log < LOGS; log++)
                for (unsigned form = 0; form < ARRAY_SIZE(names_of); form++) {
                        struct buffer b = {}, text = {};
                        put_log(&text, logs[log], "%k %m\n", 0, logs[log]->n);
                        dump(&b, &text, form);
                        buffer_done(&text);
                        assert_plain(log, &b, names_of[form]);
                }
}

/* A console's server puts zero bytes before lines. */
static void test_padded(void **state) {
        (void) state;
        for (size_t log = 0; log < LOGS; log++) {
                struct buffer b = {};
                for (size_t i = 0; i < logs[log]->n; i++) {
                        buffer_add(&b, "\0\0", 1 + i % 2);
                        put_line(&b, "%k %m\r\n", (struct place){ logs[log], i });
                }
                assert_plain(log, &b, "zero bytes before lines");
        }
}

/* --- YAML's long strings --- */

/* As PyYAML writes strings: broken at a blank behind so many columns, in quotation marks of either kind. */
static void put_broken(struct buffer *b, struct slice s, char mark, const char *indent) {
        enum { WIDTH = 70 };
        size_t column = 0;

        putf(b, "%c", mark);
        for (size_t i = 0; i < s.n; i++, column++) {
                const char c = s.s[i], next = i + 1 < s.n ? s.s[i + 1] : '\0', last = i ? s.s[i - 1] : '\0';
                if (c == ' ' && column > WIDTH && mark == '"') {
                        putf(b, "\\\n%s\\ ", indent);
                        column = 0;
                } else if (c == ' ' && column > WIDTH && next != ' ' && last != ' ' && next && last != '\n') {
                        putf(b, "\n%s", indent);
                        column = 0;
                } else if (c == '\n' && mark == '"') {
                        putf(b, "\\n");
                } else if (c == '\n') {
                        putf(b, "\n\n%s", indent);
                        column = 0;
                } else
                        putf(b, "%s%c", c == mark && mark == '"' ? "\\" : c == mark ? "'" : "", c);
        }
        putf(b, "%c\n", mark);
}

/* The whole log as one string. Behind a line end and before blanks a single mark keeps none. */
static void test_string(void **state) {
        static const char marks[] = { '"', '\'' };

        (void) state;
        for (size_t log = 0; log < LOGS; log++)
                for (size_t i = 0; i < sizeof(marks); i++) {
                        struct buffer b = {}, text = {};

                        putf(&b, "---\ntest: boot\n%slog: ", i ? "results:\n- name: a\n  " : "");
                        put_log(&text, logs[log], "%k %m\n", 0, logs[log]->n);
                        put_broken(&b, buffer_slice(&text, 0, text.size), marks[i], i ? "    " : "  ");
                        putf(&b, "%sresult: fail\n", i ? "  " : "");
                        buffer_done(&text);
                        assert_plain(log, &b, i ? "a string in single marks" : "a string");
                }
}

/* As js-yaml writes it: an empty line ends one, and lines are broken at single blanks. Those that begin with a blank
 * are whole. */
static void test_block(void **state) {
        static const char *const forms[] = { "%k %m", "%S %h kernel: %k %m", "%m" };
        enum { WIDTH = 70 };

        (void) state;
        for (size_t log = 0; log < LOGS; log++)
                for (size_t f = 0; f < ARRAY_SIZE(forms); f++) {
                        struct buffer b = {};

                        putf(&b, "test: boot\nlog: >%s\n", f ? "-" : "");
                        for (size_t i = 0; i < logs[log]->n; i++) {
                                struct buffer s = {};
                                size_t column = 0;
                                put_line(&s, forms[f], (struct place){ logs[log], i });
                                const bool deeper = s.size == 0 || s.data[0] == ' ';
                                putf(&b, "%s  ", i && !deeper ? "\n" : "");
                                for (size_t k = 0; k < s.size; k++, column++) {
                                        const bool single = k && k + 1 < s.size && s.data[k - 1] != ' ' &&
                                                            s.data[k + 1] != ' ' && !deeper;
                                        const bool breaks = s.data[k] == ' ' && single && column > WIDTH;
                                        putf(&b, breaks ? "\n  " : "%c", s.data[k]);
                                        column = breaks ? 0 : column;
                                }
                                putf(&b, "\n");
                                buffer_done(&s);
                        }
                        putf(&b, "result: fail\n");
                        assert_plain(log, &b, forms[f]);
                }
}

/* A string a line: as items, as values of a map a line, and of one in several lines. */
static void test_strings(void **state) {
        static const struct {
                const char *name, *head, *tail, *indent;
                char mark;
        } forms[] = {
                { "items", "- ", "", "  ", '\'' },
                { "items with escapes", "- ", "", "  ", '"' },
                { "values", "- lvl: target\n  msg: ", "", "    ", '\'' },
                { "values with escapes", "- msg: ", "  lvl: target\n", "    ", '"' },
        };

        (void) state;
        for (size_t log = 0; log < LOGS; log++)
                for (size_t f = 0; f < ARRAY_SIZE(forms); f++) {
                        struct buffer b = {};

                        for (size_t i = 0; i < logs[log]->n; i++) {
                                struct buffer s = {};
                                put_line(&s, "%k %m", (struct place){ logs[log], i });
                                putf(&b, "%s", forms[f].head);
                                put_broken(&b, buffer_slice(&s, 0, s.size), forms[f].mark, forms[f].indent);
                                putf(&b, "%s", forms[f].tail);
                                buffer_done(&s);
                        }
                        assert_plain(log, &b, forms[f].name);
                }
}

/* A line end in what a user chose begins no line, in a string that is a record. */
static void test_string_of_user(void **state) {
        static const char wanted[] =
                "[ 20.000000] process '/tmp/x\n[   20.000000] BUG: KASAN: use-after-free in f+0x1/0x2\n"
                "[   20.000000] Read of size 8 at addr ffff888100000000 by task x/1\n"
                "[   20.000000] Call Trace:\n[   20.000000]  f+0x1/0x2\n[   20.000000]  g+0x1/0x2\n"
                "' started with executable stack, that is all of it";
        static const char marks[] = { '"', '\'' };

        (void) state;
        for (size_t i = 0; i < sizeof(marks); i++) {
                struct buffer b = {};

                for (size_t k = 0; k < 40; k++) {
                        putf(&b, "- ");
                        put_broken(
                                &b,
                                k % 10 ? SLICE("[   19.000000] usb 1-1: a device with a rather long name that is to be "
                                               "broken by whoever writes it, and goes on") :
                                         slice_of(wanted),
                                marks[i], "  ");
                }
                write_file(path, b.data, b.size);
                buffer_done(&b);
                struct run r = vmlife("scan --format json %s", path);
                assert_null(strstr(r.out, "\"title\": \"KASAN"));
                run_done(&r);
        }
}

/* A report as an excerpt among the results of tests, shorter than a record may be, is the log's lines; so is one whose
 * kernel prints no times, and one as syslog has it. */
static void test_excerpt(void **state) {
        static const char *const report[] = {
                "------------[ cut here ]------------",
                "WARNING: CPU: 1 PID: 77 at drivers/net/acme.c:123 acme_reset+0x10/0x20",
                "Modules linked in: acme",
                "CPU: 1 PID: 77 Comm: kworker/1:1 Not tainted 6.1.0 #1",
                "RIP: 0010:acme_reset+0x10/0x20",
                "Call Trace:",
                " <TASK>",
                " acme_work+0x10/0x20",
                " kthread+0xd7/0x100",
                " </TASK>",
                "---[ end trace 0000000000000000 ]---",
        };
        static const char *const heads[] = { "[   10.0001%02zu] ", "",
                                             "Nov 28 10:00:00 host kernel: [   10.0001%02zu] ",
                                             "<4>[   10.0001%02zu] " };
        static const char marks[] = { '"', '\'' };

        (void) state;
        for (size_t h = 0; h < ARRAY_SIZE(heads); h++)
                for (size_t i = 0; i < sizeof(marks); i++) {
                        struct buffer b = {}, text = {}, plain = {};

                        for (size_t k = 0; k < ARRAY_SIZE(report); k++) {
                                putf(&text, heads[h], k);
                                putf(&text, "%s\n", report[k]);
                        }
                        buffer_add(&plain, text.data, text.size);
                        for (size_t k = 0; k < 3; k++) {
                                putf(&b, "- test: t%zu\n  started: 2026-11-28 10:00:00\n  log: ", k);
                                put_broken(&b,
                                           k == 1 ? buffer_slice(&text, 0, text.size) :
                                                    SLICE("it has passed, and what it has to say is no more than this, "
                                                          "but that it took some time and is done"),
                                           marks[i], "    ");
                                putf(&b, "  status: pass\n");
                        }
                        assert_true(text.size <= 1024);
                        buffer_done(&text);
                        _cleanup_free_ char *expected = found_in(path, &plain, 1), *got = found_in(path, &b, 1);
                        if (strcmp(got, expected) != 0 || !strstr(got, "acme_reset"))
                                fail_msg("%s %c: gives\n%snot\n%s", heads[h], marks[i], got, expected);
                }
}

/* --- YAML with a record a document or item --- */

static void put_single(struct buffer *b, const struct buffer *s) {
        putf(b, "'");
        for (size_t i = 0; i < s->size; i++)
                putf(b, s->data[i] == '\'' ? "''" : "%c", s->data[i]);
        putf(b, "'");
}

/* As gcloud, kubectl and others write them: what stands before and behind the text, and before and behind them all. */
static const struct {
        const char *head, *before, *text, *behind, *tail;
} yaml_records[] = {
        { "", "---\ninsertId: a1b\nresource:\n  labels:\n    zone: a\n  type: acme\ntextPayload: ", "%k %m",
          "\ntimestamp: '2026-11-28T14:20:11.25Z'\n", "" },
        { "apiVersion: v1\nitems:\n", "- apiVersion: v1\n  kind: Event\n  message: ", "%k %m",
          "\n  metadata:\n    name: e1\n  reason: Kernel\n", "kind: List\nmetadata: {}\n" },
        { "$ kubectl get events -o yaml\nWarning: it takes a while\n", "- n: 17\n  text: ", "%k %m",
          "\n  tags: [a, b]\n", "" },
        { "# all of it\n", "- n: 17\n  text: ", "%S %h kernel: %m", "\n  tags: [a, b]\n", "" },
        { "", "message: ", "%k %m", "\nlogger: kmsg\nok: true\n...\n---\n", "end: 1\nof: all\n" },
};

static void put_yaml_records(struct buffer *b, size_t form, const struct said *log) {
        putf(b, "%s", yaml_records[form].head);
        for (size_t i = 0; i < log->n; i++) {
                struct buffer s = {};
                put_line(&s, yaml_records[form].text, (struct place){ log, i });
                putf(b, "%s", yaml_records[form].before);
                put_single(b, &s);
                putf(b, "%s", yaml_records[form].behind);
                buffer_done(&s);
        }
}

static void test_yaml_records(void **state) {
        (void) state;
        for (size_t log = 0; log < LOGS; log++)
                for (size_t f = 0; f < ARRAY_SIZE(yaml_records); f++) {
                        struct buffer b = {};
                        put_yaml_records(&b, f, logs[log]);
                        putf(&b, "%s", yaml_records[f].tail);
                        assert_plain(log, &b, yaml_records[f].before);
                }
}

/* What follows where the YAML is broken, or where a record has no end, is read all the same, and that is said. */
static void test_yaml_records_broken(void **state) {
        (void) state;
        for (size_t f = 0; f < ARRAY_SIZE(yaml_records); f++)
                for (size_t kind = 0; kind < 3; kind++) {
                        _cleanup_free_ struct said *clean = read_said("clean.log");
                        struct buffer b = {}, plain = {};

                        put_yaml_records(&b, f, clean);
                        putf(&b, kind ? "? x: [ \"\n" : "}: [\n");
                        for (size_t i = 0; kind == 1 && i < 40; i++)
                                putf(&b, "[");
                        for (size_t i = 0; kind == 2 && i < 40 * 1024; i++)
                                putf(&b, "a string without an end, of what is no log\n");
                        putf(&b, "\n");
                        put_log(&plain, logs[0], "%k %m\n", 0, logs[0]->n);
                        buffer_add(&b, plain.data, plain.size);
                        _cleanup_free_ char *expected = found_in(path, &plain, 1), *got = found_in(path, &b, 1);
                        assert_string_equal(got, expected);
                        struct run r = vmlife("scan %s", path);
                        assert_non_null(strstr(r.err, "its YAML is broken"));
                        run_done(&r);
                }
}

/* --- a viewer's rows, a field a line --- */

static const struct {
        const char *before, *kernel, *process;
} cells[] = {
        { "", "%m\nkernel\n02:20 PM\n", "Started acme.\nsystemd\n02:20 PM\n" },
        { "March 9, 2026\nSeverity\n", "kernel\n14:20:11\n%m\n", "acmed\n14:20:11\nBUG: unable to open /acme\n" },
        { "", "6\nMar 09 14:20:11\nqa17\nkernel\n%m\n", "3\nMar 09 14:20:12\nqa17\nacmed\nBUG: it has failed\n" },
        { "", "%k %m\nkernel\n", "" },
        { "Time\nMessage\n", "2026-03-09 14:20:11.25\n%k %m\n", "" },
        { "", "%m\nkernel\n14:20:11\n\n", "Started acme.\nsystemd\n14:20:11\n\n" },
        { "", "kernel\n9 \320\274\320\260\321\200 14:20\n%m\n", "" },
};

static void test_cells(void **state) {
        (void) state;
        for (size_t log = 0; log < LOGS; log++)
                for (size_t f = 0; f < ARRAY_SIZE(cells); f++) {
                        struct buffer b = {};

                        putf(&b, "%s", cells[f].before);
                        for (size_t i = 0; i < logs[log]->n; i++) {
                                put_line(&b, cells[f].kernel, (struct place){ logs[log], i });
                                putf(&b, "%s", i > 9 && i % 7 == 0 ? cells[f].process : "");
                        }
                        assert_plain(log, &b, cells[f].kernel);
                }
}

/* Two bugs of one function: what the kernel said in the second line tells them apart. */
static void put_refcounts(struct buffer *b, const char *before, const char *behind) {
        static const char *const said[] = { "addition on 0; use-after-free.", "underflow; use-after-free." };
        static const char *const report[] = {
                "------------[ cut here ]------------",
                "refcount_t: ",
                "WARNING: CPU: 1 PID: 77 at lib/refcount.c:25 refcount_warn_saturate+0x140/0x1b0",
                "CPU: 1 PID: 77 Comm: acme Not tainted 6.1.0 #1",
                "RIP: 0010:refcount_warn_saturate+0x140/0x1b0",
                "Call Trace:",
                " <TASK>",
                " acme_put+0x10/0x20 [acme]",
                " kthread+0xd7/0x100",
                " </TASK>",
                "---[ end trace 0000000000000000 ]---",
        };

        for (size_t i = 0; i < 12; i++)
                putf(b, "%susb 1-%zu: new device\n%s", before, i, behind);
        for (size_t k = 0; k < ARRAY_SIZE(said); k++)
                for (size_t i = 0; i < ARRAY_SIZE(report); i++) {
                        putf(b, "%s%s%s\n%s", before, report[i], i == 1 ? said[k] : "", behind);
                }
}

static void test_cells_are_no_words(void **state) {
        static const char *const around[][2] = { { "", "kernel\n02:20 PM\n" },
                                                 { "kernel\n14:20:11\n", "" },
                                                 { "info\n", "" },
                                                 { "", "kernel\n9 \320\274\320\260\321\200 14:20\n\n" },
                                                 { "6\n14:20:11\nqa17\nkernel\n", "" } };

        (void) state;
        for (size_t i = 0; i < ARRAY_SIZE(around); i++) {
                struct buffer b = {};
                put_refcounts(&b, around[i][0], around[i][1]);
                _cleanup_free_ char *got = found_in(path, &b, 1);
                assert_string_equal(got, "WARNING: refcount bug in acme_put 0\nWARNING: refcount bug in acme_put 0\n");
        }
}

/* --- base64 --- */

static void put_base64(struct buffer *b, const struct buffer *text, size_t width, const char *end) {
        static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
        size_t column = 0;

        for (size_t i = 0; i < text->size; i += 3) {
                unsigned bits = 0;
                for (size_t k = 0; k < 3; k++)
                        bits = bits << 8 | (i + k < text->size ? (unsigned char) text->data[i + k] : 0);
                for (size_t k = 0; k < 4; k++)
                        putf(b, "%c", i + k <= text->size ? digits[bits >> (18 - 6 * k) & 63] : '=');
                column += 4;
                if (width && column >= width) {
                        putf(b, "%s", end);
                        column = 0;
                }
        }
        putf(b, "%s", end);
}

/* As base64(1), uuencode -m, and interfaces that give files and attachments write it. */
static const struct {
        const char *head, *end, *tail;
        size_t width;
} base64_forms[] = {
        { "", "\n", "", 76 },
        { "", "\n", "", 0 },
        { "begin-base64 644 dmesg\n", "\n", "====\n", 60 },
        { "-----BEGIN LOG-----\n", "\n", "-----END LOG-----\n", 64 },
        { "{\"bugs\":{\"7\":[{\"file_name\":\"dmesg\",\"data\":\"", "", "\",\"id\":7}]}}\n", 0 },
        { "{\"data\": \"data:text/plain;base64,", "", "\"}\n", 0 },
        { "{\n  \"encoding\": \"base64\",\n  \"content\": \"", "\\n", "\"\n}\n", 60 },
};

static void test_base64(void **state) {
        (void) state;
        for (size_t log = 0; log < LOGS; log++)
                for (size_t f = 0; f < ARRAY_SIZE(base64_forms); f++) {
                        struct buffer b = {}, text = {};

                        put_log(&text, logs[log], "%k %m\n", 0, logs[log]->n);
                        putf(&b, "%s", base64_forms[f].head);
                        put_base64(&b, &text, base64_forms[f].width, base64_forms[f].end);
                        putf(&b, "%s", base64_forms[f].tail);
                        buffer_done(&text);
                        assert_plain(log, &b, base64_forms[f].head);
                }
}

/* What stands behind it is read, too. */
static void test_behind_base64(void **state) {
        _cleanup_free_ struct said *clean = read_said("clean.log");
        struct buffer b = {}, text = {};

        (void) state;
        put_log(&text, clean, "%k %m\n", 0, clean->n);
        put_base64(&b, &text, 76, "\n");
        buffer_done(&text);
        put_log(&b, logs[0], "%k %m\n", 0, logs[0]->n);
        put_log(&text, logs[0], "%k %m\n", 0, logs[0]->n);
        _cleanup_free_ char *expected = found_in(path, &text, 1), *got = found_in(path, &b, 1);
        assert_string_equal(got, expected);
}

/* --- terminals --- */

static void test_rows(void **state) {
        (void) state;
        for (size_t log = 0; log < LOGS; log++) {
                struct buffer b = {};

                for (size_t i = 0; i < logs[log]->n; i++) {
                        putf(&b, i % 3 ? "\033[%zu;1H\033[K" : "\033[%zuH", i % 50 + 1);
                        put_line(&b, "%k %m", (struct place){ logs[log], i });
                }
                assert_plain(log, &b, "rows of a terminal");
        }
}

/* What was shown comes in pieces that end anywhere. */
static void test_recording(void **state) {
        static const char *const heads[] = { "{\"version\": 2, \"width\": 80, \"height\": 24}\n",
                                             "{\"version\":3,\"term\":{\"cols\":80,\"rows\":24}}\n" };

        (void) state;
        for (size_t log = 0; log < LOGS; log++)
                for (size_t size = 7; size < 900; size *= 5) {
                        struct buffer b = {}, text = {};

                        putf(&b, "%s", heads[size % 2]);
                        put_log(&text, logs[log], "%k %m\r\n", 0, logs[log]->n);
                        for (size_t at = 0; at < text.size; at += size) {
                                putf(&b, at % 4 ? "[%zu.25, \"o\", \"" : "[%zu, \"i\", \"x\"]\n[1.5, \"o\", \"", at);
                                for (size_t i = at; i < text.size && i < at + size; i++)
                                        putf(&b,
                                             strchr("\"\\", text.data[i]) ? "\\%c" :
                                             text.data[i] < ' '           ? "\\u%04x" :
                                                                            "%c",
                                             text.data[i]);
                                putf(&b, "\"]\n");
                        }
                        buffer_done(&text);
                        assert_plain(log, &b, "a terminal's recording");
                }
}

/* Lists of a number and strings of which each is a line, behind an object that is no recording's header. */
static void test_no_recording(void **state) {
        static const char *const heads[] = { "{\"version\": 1, \"host\": \"a\"}\n", "{\"width\": 1, \"height\": 2}\n" };

        (void) state;
        for (size_t log = 0; log < LOGS; log++)
                for (size_t i = 0; i < ARRAY_SIZE(heads); i++) {
                        struct buffer b = {};

                        putf(&b, "%s", heads[i]);
                        for (size_t k = 0; k < logs[log]->n; k++) {
                                struct buffer s = {};
                                put_line(&s, "%k %m", (struct place){ logs[log], k });
                                putf(&b, "[%zu.5, \"k\", \"", k);
                                for (size_t c = 0; c < s.size; c++)
                                        putf(&b, strchr("\"\\", s.data[c]) ? "\\%c" : "%c", s.data[c]);
                                putf(&b, "\"]\n");
                                buffer_done(&s);
                        }
                        assert_plain(log, &b, heads[i]);
                }
}

/* --- heads in lines of their own --- */

static void test_heads(void **state) {
        static const char *const forms[] = { "[ %A     0:    0 %l/kernel   ]\n%m\n\n",
                                             "[ %A  root:    0:    0 %l/kernel   ]\n%m\n\n",
                                             "[ %A     0:0x0 %l/kernel ]\n%m\n\n" };
        static const char others[] =
                "[ 11-23 10:00:00.123   812:  840 I/ActivityManager ]\nStart proc\nof two\n\nlines\n\n";

        (void) state;
        for (size_t log = 0; log < LOGS; log++)
                for (size_t f = 0; f < ARRAY_SIZE(forms); f++) {
                        struct buffer b = {};

                        putf(&b, "--------- beginning of kernel\n");
                        for (size_t i = 0; i < logs[log]->n; i++) {
                                put_line(&b, forms[f], (struct place){ logs[log], i });
                                putf(&b, "%s", i % 40 == 39 ? others : "");
                        }
                        assert_plain(log, &b, "heads");
                }
}

/* --- netconsole over a reboot --- */

/* Numbers and the clock begin anew, for a boot that said less than the one before it. */
static void test_reboot(void **state) {
        static const char *const forms[] = { "4,%d,%llu,-;", "6.1.0,4,%d,%llu,-;",
                                             "Nov 23 10:00:00 10.0.0.2 4,%d,%llu,-;" };

        (void) state;
        for (size_t f = 0; f < ARRAY_SIZE(forms); f++) {
                struct buffer b = {}, plain = {};
                for (size_t log = 0; log < 2; log++)
                        for (size_t i = 0; i < logs[log]->n; i++) {
                                const unsigned long long us = logs[log]->lines[i].us + (log ? 0 : 400000000);
                                putf(&b, forms[f], (int) (i + (log ? 0 : 300)), us);
                                put_line(&b, "%m\n", (struct place){ logs[log], i });
                                putf(&plain, "[%5llu.%06llu] ", us / 1000000, us % 1000000);
                                put_line(&plain, "%m\n", (struct place){ logs[log], i });
                        }
                _cleanup_free_ char *expected = found_in(path, &plain, 1), *got = found_in(path, &b, 1);
                if (strcmp(got, expected) != 0)
                        fail_msg("%s: gives\n%snot\n%s", forms[f], got, expected);
        }
}

int main(void) {
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(test_filled),
                cmocka_unit_test(test_filled_without_times),
                cmocka_unit_test(test_filled_with_dates),
                cmocka_unit_test(test_each_line_filled),
                cmocka_unit_test(test_not_filled),
                cmocka_unit_test(test_newest_entries),
                cmocka_unit_test(test_newest_of_a_moment),
                cmocka_unit_test(test_newest_of_numbers),
                cmocka_unit_test(test_parts_of_a_dump),
                cmocka_unit_test(test_parts_of_dumps),
                cmocka_unit_test(test_pieces),
                cmocka_unit_test(test_properties),
                cmocka_unit_test(test_typed_values),
                cmocka_unit_test(test_dumps),
                cmocka_unit_test(test_padded),
                cmocka_unit_test(test_string),
                cmocka_unit_test(test_block),
                cmocka_unit_test(test_strings),
                cmocka_unit_test(test_string_of_user),
                cmocka_unit_test(test_yaml_records),
                cmocka_unit_test(test_base64),
                cmocka_unit_test(test_behind_base64),
                cmocka_unit_test(test_cells),
                cmocka_unit_test(test_cells_are_no_words),
                cmocka_unit_test(test_yaml_records_broken),
                cmocka_unit_test(test_excerpt),
                cmocka_unit_test(test_rows),
                cmocka_unit_test(test_recording),
                cmocka_unit_test(test_no_recording),
                cmocka_unit_test(test_heads),
                cmocka_unit_test(test_reboot),
        };

        return cmocka_run_group_tests(tests, setup, teardown);
}
