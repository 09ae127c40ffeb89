/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Logs as they arrive: in mails as those are sent, the newest line first, copied from pages and chats, quoted and
 * broken, in reports of test runners. Each must read as the plain log does. */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cmocka_all.h"
#include "vmlife.h"

static const char *const lines[] = {
        "usb 3-2: new full-speed USB device number 7 using xhci_hcd",
        "audit: type=1334 audit(1763632800.123:210): prog-id=60 op=LOAD",
        "------------[ cut here ]------------",
        "i915 0000:00:02.0: [drm] drm_WARN_ON(!acme_power_is_enabled(display, POWER_DOMAIN_INIT) && acme->wakeref)",
        "WARNING: CPU: 5 PID: 2214 at drivers/gpu/drm/i915/display/acme.c:1412 intel_acme_disable+0x1d2/0x1f0 [i915]",
        "CPU: 5 UID: 1000 PID: 2214 Comm: gnome-shell Not tainted 6.14.3-arch1-1 #1 PREEMPT(full)",
        "RIP: 0010:intel_acme_disable+0x1d2/0x1f0 [i915]",
        "Code: 48 8b 5f 50 48 85 db 75 03 48 8b 1f e8 c5 1e 3d c3 48 89 da 48 c7 c7 d0 3f 9a c0 <0f> 0b eb 9c 0f 1f 44 "
        "00 00",
        "RSP: 0018:ffffb1a94a1df8c0 EFLAGS: 00010286",
        "Call Trace:",
        " <TASK>",
        " hsw_acme_disable+0x1a1/0x1e0 [i915]",
        " intel_acme_commit_tail+0x2f1/0x1350 [i915]",
        " do_syscall_64+0x7b/0x190",
        " </TASK>",
        "---[ end trace 0000000000000000 ]---",
        "wlan0: authenticate with a4:91:b1:00:11:22 (local address=f0:57:a6:00:11:22)",
        "INFO: task kworker/3:2:311 blocked for more than 122 seconds.",
        "      Tainted: G        W          6.14.3-arch1-1 #1",
        "\"echo 0 > /proc/sys/kernel/hung_task_timeout_secs\" disables this message.",
        "task:kworker/3:2     state:D stack:0     pid:311   tgid:311   ppid:2      flags:0x00004000",
        "Call Trace:",
        " <TASK>",
        " __schedule+0x42c/0x12f0",
        " schedule+0x27/0xf0",
        " intel_acme_wait_idle+0x1c4/0x4c0 [i915]",
        " process_one_work+0x191/0x3e0",
        " ret_from_fork+0x34/0x50",
        " </TASK>",
        "ACPI: button: Lid Switch [LID]",
        "usb 3-2: USB disconnect, device number 7",
};
enum { LINES = sizeof(lines) / sizeof(lines[0]) };

static char path[600];
static FILE *out;

static int setup(void **state) {
        (void) state;
        snprintf(path, sizeof(path), "%s/log", new_folder());
        return 0;
}

static void begin(void) {
        out = fopen(path, "w");
        assert_non_null(out);
}

static unsigned second_of(size_t i) {
        return i < 17 ? 100 + (unsigned) i / 8 : 230 + (unsigned) i / 8;
}

/* A line as dmesg prints it. */
static char *plain(size_t i) {
        static char text[400];
        snprintf(text, sizeof(text), "[%5u.%06zu] %s", second_of(i), i * 100, lines[i]);
        return text;
}

/* What must be found, however the log came. */
static void expect(const char *how) {
        fclose(out);
        struct json_object *r = scan(1, "%s", path);
        static const char *const titles[] = { "WARNING in intel_acme_disable",
                                              "INFO: task hung in intel_acme_wait_idle" };

        if (n_findings(r) != 2)
                fail_msg("%s: %zu findings", how, n_findings(r));
        for (size_t i = 0; i < 2; i++)
                if (strcmp(text_of(finding(r, i), "title"), titles[i]) != 0 ||
                    json_object_array_length(member(finding(r, i), "corrupted")) != 0)
                        fail_msg("%s: %s, %s", how, text_of(finding(r, i), "title"),
                                 json_object_to_json_string(member(finding(r, i), "corrupted")));
        json_object_put(r);
}

/* --- mails --- */

static void put_base64(const char *s, size_t n) {
        static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

        for (size_t i = 0; i < n; i += 3) {
                unsigned bits = (unsigned) (unsigned char) s[i] << 16;
                bits |= i + 1 < n ? (unsigned) (unsigned char) s[i + 1] << 8 : 0;
                bits |= i + 2 < n ? (unsigned char) s[i + 2] : 0;
                for (unsigned k = 0; k < 4; k++)
                        fputc(i + k <= n ? digits[bits >> (18 - 6 * k) & 63] : '=', out);
                if (i / 3 % 19 == 18)
                        fputc('\n', out);
        }
        fputc('\n', out);
}

static void put_quoted(const char *s) {
        unsigned column = 0;

        for (; *s; s++) {
                if (column > 70 && *s != '\n') {
                        fputs("=\n", out);
                        column = 0;
                }
                const bool odd = *s == '=' || *s == '\t' || (*s == ' ' && s[1] == '\n');
                column += odd ? (unsigned) fprintf(out, "=%02X", *s) : (unsigned) (fputc(*s, out) != 0);
                column = *s == '\n' ? 0 : column;
        }
}

static char *whole(void) {
        static char text[LINES * 400];
        size_t n = 0;

        for (size_t i = 0; i < LINES; i++)
                n += (size_t) snprintf(text + n, sizeof(text) - n, "%s\n", plain(i));
        return text;
}

static void test_mails(void **state) {
        (void) state;
        for (int quoted = 0; quoted < 2; quoted++)
                for (int parts = 0; parts < 2; parts++) {
                        begin();
                        fputs("From: A B <a@b.example>\nSubject: i915: warning\nMIME-Version: 1.0\n", out);
                        if (parts)
                                fputs("Content-Type: multipart/mixed;\n\tboundary=\"=_x-1\"\n\n--=_x-1\n"
                                      "Content-Type: image/png\nContent-Transfer-Encoding: base64\n\n"
                                      "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk\n--=_x-1\n",
                                      out);
                        fprintf(out, "Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: %s\n\n",
                                quoted ? "Quoted-Printable" : "base64");
                        if (quoted)
                                put_quoted(whole());
                        else
                                put_base64(whole(), strlen(whole()));
                        if (parts)
                                fputs("--=_x-1--\n", out);
                        expect(quoted ? "quoted-printable" : "base64");
                }
}

/* A mail as hosts deliver it, its headers longer than the report that somebody quotes in it; or the log is attached,
 * behind a text that needs no decoding. Latin-1 has blanks that do not break, too. */
static void test_mail_headers(void **state) {
        (void) state;
        for (int form = 0; form < 3; form++) {
                begin();
                fputs("Return-Path: <a@b.example>\n", out);
                for (unsigned i = 0; i < 90; i++)
                        fprintf(out,
                                "Received: from mx%u.example (mx%u.example [192.0.2.%u])\n        by h.example; "
                                "Fri, 20 Nov 2026 11:53:%02u +0000\nARC-Seal: i=%u; a=rsa-sha256; cv=pass\n",
                                i, i, i, i % 60, i);
                fprintf(out,
                        "From: A B <a@b.example>\nSubject: Re: it hangs\nDate: Fri, 20 Nov 2026 11:53:55 +0000\n"
                        "Content-Type: %s\n\n",
                        form == 1 ? "multipart/mixed; boundary=\"x=1\"" :
                                    "text/plain; charset=\"iso-8859-1\"\nContent-Transfer-Encoding: 8bit");
                if (form == 1) {
                        fputs("--x=1\nContent-Type: text/plain\n\nHello,\n\nFrom what I see it is attached.\n\n--x=1\n"
                              "Content-Type: text/plain; name=dmesg\nContent-Transfer-Encoding: base64\n\n",
                              out);
                        put_base64(whole(), strlen(whole()));
                        fputs("--x=1--\n", out);
                } else {
                        fputs("Hello,\n\nit said this:\n\n", out);
                        for (size_t i = 0; i < LINES; i++) {
                                fputs("> ", out);
                                for (const char *s = plain(i); *s; s++)
                                        fputc(form == 2 && s[0] == ' ' && s[1] == ' ' ? 0xa0 : *s, out);
                                fputc('\n', out);
                        }
                }
                expect((const char *const[]){ "quoted", "attached", "latin" }[form]);
        }
}

static void put_headers(const char *type) {
        fputs("From a@b.example Thu Jan  1 00:00:00 1970\n", out);
        for (int i = 0; i < 100; i++)
                fprintf(out,
                        "ARC-Seal: i=%d; a=rsa-sha256; t=1732600000; cv=none; d=b.example; s=arc;\n"
                        "\tb=Qk9PVFMgQU5EIENBVFMgYW5kIG1vcmUgb2YgdGhhdCBraW5kLCBhcyBsb25nIGFzIG9uZSBsaW5l\n",
                        i);
        fprintf(out,
                "From: A B <a@b.example>\nSubject: Re: WARNING: CPU: 1 PID: 1 at a.c:1 other+0x1/0x2\n"
                "MIME-Version: 1.0\nContent-Type: %s\n\n",
                type);
}

static void put_prose(void) {
        for (int i = 0; i < 12; i++)
                fputs("this is what people write about it, not about the log,\n", out);
}

/* A line as a program for mails breaks it: each part but the last ends in a blank. */
static void put_flowed(const char *line) {
        size_t at = 72;

        while (strlen(line) > 72 && at > 61 && line[at] != ' ')
                at--;
        if (strlen(line) <= 72 || at == 61)
                fprintf(out, ">> %s\n", line);
        else
                fprintf(out, ">> %.*s\n>> %s\n", (int) at + 1, line, line + at + 1);
}

/* Long headers, quotations, blanks that do not break, what programs made of one text, and what was attached. */
static void test_mail_parts(void **state) {
        (void) state;
        begin();
        put_headers("text/plain; charset=\"iso-8859-1\"");
        put_prose();
        for (size_t i = 0; i < LINES; i++)
                fprintf(out, "> %s%s\n", lines[i][0] == ' ' ? "\xa0" : "", lines[i] + (lines[i][0] == ' '));
        expect("quoted behind long headers");

        begin();
        put_headers("text/plain; charset=UTF-8;\n format=flowed");
        put_prose();
        for (size_t i = 0; i < LINES; i++)
                put_flowed(plain(i));
        expect("format=flowed");

        begin();
        put_headers("multipart/alternative; boundary=x");
        fprintf(out, "--x\nContent-Type: text/plain\n\n%s\n--x\nContent-Type: text/html\n\n<pre>%s</pre>\n--x--\n",
                whole(), whole());
        expect("text and HTML");

        begin();
        put_headers("multipart/mixed; boundary=\"a b\"");
        fputs("--a b\n\n", out);
        put_prose();
        fputs("--a b\nContent-Type: application/octet-stream; name=dmesg.txt\nContent-Transfer-Encoding: BASE64\n"
              "Content-Disposition: attachment;\n\tfilename=\"dmesg.txt\"\n\n",
              out);
        put_base64(whole(), strlen(whole()));
        fputs("--a b--\n_______\na list of mails\n", out);
        expect("attachment");
}

/* What is missing is said. */
static void test_mail_cut(void **state) {
        (void) state;
        begin();
        put_headers("multipart/mixed; boundary=x");
        fputs("--x\n\nattached\n--x\nContent-Type: text/plain; name=log\nContent-Transfer-Encoding: base64\n\n", out);
        put_base64(whole(), strlen(whole()) - 100);
        fclose(out);
        json_object_put(scan(2, "%s", path));
}

/* A line broken at a width, each part behind the marks of a quotation. */
static void put_broken(const char *marks, const char *line, size_t width) {
        for (size_t n = strlen(line); n > width; n = strlen(line)) {
                size_t at = width;
                while (at > 20 && (line[at] != ' ' || line[at + 1] == ' ' || line[at - 1] == ' '))
                        at--;
                if (line[at] != ' ')
                        break;
                fprintf(out, "%s%.*s\n", marks, (int) at, line);
                line += at + 1;
        }
        fprintf(out, "%s%s\n", marks, line);
}

static void test_quoted_and_broken(void **state) {
        static const char *const marks[] = { "> ", ">> ", "> > ", "| ", ">" };

        (void) state;
        for (size_t m = 0; m < sizeof(marks) / sizeof(marks[0]); m++) {
                begin();
                for (size_t i = 0; i < LINES; i++)
                        put_broken(marks[m], plain(i), 76);
                expect(marks[m]);
        }
}

/* As mail programs break lines: all blanks around a break go, also those behind a prefix; who quotes does so before or
 * afterwards. A mail has wider lines beside. */
static void put_rewrapped(const char *first, const char *others, const char *line, size_t width) {
        const char *marks = first;

        while (strlen(line) > width) {
                size_t at = width;
                while (at > 0 && line[at] != ' ')
                        at--;
                size_t end = at;
                while (end > 0 && line[end - 1] == ' ')
                        end--;
                if (end == 0)
                        break;
                fprintf(out, "%s%.*s\n", marks, (int) end, line);
                line += at;
                line += strspn(line, " ");
                marks = others;
        }
        fprintf(out, "%s%s\n", marks, line);
}

static void test_mails_broken(void **state) {
        /* The last were quoted, broken, and quoted again. */
        static const char *const marks[][2] = { { "", "" },       { "> ", "> " },      { "> > ", "> > " },
                                                { ">> ", "" },    { "> > ", "> " },    { ">>> ", "> " },
                                                { "| > ", "| " }, { "> > > ", "> > " } };

        (void) state;
        for (size_t form = 0; form < 2; form++)
                for (size_t m = 0; m < sizeof(marks) / sizeof(marks[0]); m++)
                        for (size_t width = 66; width < 80; width += 6) {
                                char line[500], how[40];
                                begin();
                                fputs("From: A B <a@b.example>\nSubject: Re: i915: a warning, and a task that hangs, "
                                      "with a long subject that nobody broke, as these are not\n\nIt said:\n\n",
                                      out);
                                for (size_t i = 0; i < LINES; i++) {
                                        snprintf(line, sizeof(line), "%s%s", form ? "Nov 20 11:53:55 lab kernel: " : "",
                                                 plain(i));
                                        put_rewrapped(marks[m][0], marks[m][1], line, width);
                                }
                                snprintf(how, sizeof(how), "form %zu, marks %zu, at %zu", form, m, width);
                                expect(how);
                        }
}

/* All lines, broken, of a driver of that name (four letters) at that time. */
static void put_all_broken(const char *name, unsigned second) {
        for (size_t i = 0; i < LINES; i++) {
                char line[400];
                snprintf(line, sizeof(line), "[%5u.%06zu] %s", second + (i < 17 ? 0 : 130), i * 100, lines[i]);
                for (char *at = line; (at = strstr(at, "acme")); at += strlen("acme"))
                        memcpy(at, name, strlen("acme"));
                put_rewrapped("", "", line, 76);
        }
}

/* Wherever in a line what is read at once ends, its rest is still a rest: also where it is known already how lines are
 * broken, so that nothing has to be learned from what follows. */
static void test_broken_where_reads_end(void **state) {
        enum { READ_AT_ONCE = 32 * 1024, STEP = 31 };

        (void) state;
        for (size_t before = READ_AT_ONCE - LINES * 75; before < READ_AT_ONCE; before += STEP) {
                begin();
                put_all_broken("peer", 100);
                for (unsigned i = 0; (size_t) ftell(out) + 120 < before; i++)
                        fprintf(out, "[%5u.%06u] usb 1-1: New USB device strings: Mfr=3\n", 300, i);
                fprintf(out, "[  301.000000] %0*d\n", (int) (before - (size_t) ftell(out)) - 16, 0);
                put_all_broken("acme", 400);
                fclose(out);
                struct json_object *r = scan(1, "%s", path);
                assert_int_equal(n_findings(r), 4);
                for (size_t i = 0; i < 4; i++)
                        if (json_object_array_length(member(finding(r, i), "corrupted")) != 0)
                                fail_msg("behind %zu bytes: %s is corrupted", before, text_of(finding(r, i), "title"));
                json_object_put(r);
        }
}

/* A paste without times, broken: where a line has no prefix only its own words say that it goes on. */
static void test_bare_broken(void **state) {
        (void) state;
        for (size_t width = 70; width < 84; width += 4) {
                begin();
                for (size_t i = 0; i < LINES; i++)
                        put_rewrapped("", "", lines[i], width);
                expect("bare and broken");
        }
}

/* A quotation without any times: its marks are all that stands before the kernel's words. */
static void test_quoted_bare(void **state) {
        (void) state;
        begin();
        fputs("Hello,\n\nis this known? I ask for a friend.\n\n", out);
        for (size_t i = 17; i < LINES; i++)
                fprintf(out, "> %s\n", lines[i]);
        fputs("\nThanks\n", out);
        fclose(out);
        struct json_object *r = scan(1, "%s", path);
        assert_int_equal(n_findings(r), 1);
        assert_string_equal(text_of(finding(r, 0), "title"), "INFO: task hung in intel_acme_wait_idle");
        json_object_put(r);
}

/* --- the newest line first --- */

/* A time, then a line as a string of JSON. */
__attribute__((format(printf, 1, 0))) static void put_value(const char *before, unsigned long long t, const char *line,
                                                            const char *behind) {
        struct json_object *s = json_object_new_string(line);

        fprintf(out, before, t);
        fprintf(out, "%s%s", json_object_to_json_string(s), behind);
        json_object_put(s);
}

static void test_newest_first(void **state) {
        static const char *const forms[] = { "dmesg", "syslog", "csv", "iso", "rows", "loki", "a value a line" };

        (void) state;
        for (size_t f = 0; f < sizeof(forms) / sizeof(forms[0]); f++) {
                begin();
                if (f == 5)
                        fputs("{ \"data\": { \"result\": [ { \"stream\": {}, \"values\": [\n", out);
                for (size_t i = LINES; i-- > 0;) {
                        const unsigned t = second_of(i);
                        if (f == 0)
                                fprintf(out, "%s\n", plain(i));
                        else if (f == 1)
                                fprintf(out, "Nov 20 11:%02u:%02u h kernel: %s\n", t / 60, t % 60, lines[i]);
                        else if (f == 2)
                                fprintf(out, "2025-11-20 11:%02u:%02u.%03zu,h,kernel: %s\n", t / 60, t % 60, i,
                                        lines[i]);
                        else if (f == 3)
                                fprintf(out, "2025-11-20T11:%02u:%02u.%06zuZ %s\n", t / 60, t % 60, i, plain(i));
                        else if (f == 4)
                                fprintf(out,
                                        "\"2025-11-20T11:00:00.000+0000\",\"h\",\"/var/log/kern.log\",\"Nov 20 "
                                        "11:00:00 h "
                                        "kernel: %s\"\n",
                                        plain(i));
                        else if (f == 5)
                                put_value("[ \"%llu\", ", 1763636400000000000ull + i, lines[i],
                                          i ? " ],\n" : " ] ] } ] } }\n");
                        else
                                put_value("{ \"t\": %llu, \"line\": ", 1763636400 + i / 8, lines[i], " }\n");
                }
                expect(forms[f]);
        }
}

/* One that goes back at times is none of those: boots one behind the other, a clock that was set. */
static void test_not_turned_round(void **state) {
        (void) state;
        for (int clocks = 0; clocks < 2; clocks++) {
                begin();
                for (unsigned boot = 0; boot < 4; boot++)
                        fprintf(out, clocks ? "Nov 20 11:5%u:00 h kernel: ACPI: x\n" : "[    %u.000000] ACPI: x\n",
                                9 - boot);
                for (size_t i = 0; i < LINES; i++)
                        if (clocks)
                                fprintf(out, "Nov 20 11:%02u:%02u h kernel: %s\n", second_of(i) / 60, second_of(i) % 60,
                                        lines[i]);
                        else
                                fprintf(out, "%s\n", plain(i));
                expect("forward");
        }
}

/* --- tables: exports of searches have the message in any column, or twice --- */

static void put_field(char what, size_t i) {
        static const char *const levels[] = { "warning", "info", "err" };
        const unsigned t = second_of(i);
        const char *text = what == 'm' ? lines[i] : plain(i);

        if (what == 't')
                fprintf(out, "\"Nov 20, 2025 @ 11:%02u:%02u.%03zu\"", t / 60, t % 60, i);
        else if (what == 'h')
                fprintf(out, "lab%zu.example", i % 3);
        else if (what == 'i')
                fprintf(out, "%08zx-beef-%04zx-cafe-%06zxdecade", i * 2654435761u % 0xffffffff, i * 31, i * 977);
        else if (what == 'l')
                fputs(levels[i * 7 % 3], out);
        else {
                fputs(what == 'r' ? "\"<4>" : "\"", out);
                for (; *text; text++)
                        fprintf(out, *text == '"' ? "\"\"" : "%c", *text);
                fputc('"', out);
        }
}

static void test_tables(void **state) {
        static const char *const columns[] = { "mth", "tmih", "ltmh", "rhmt", "hmtr", "tmr", "mlit", "im", "rm" };

        (void) state;
        for (size_t c = 0; c < sizeof(columns) / sizeof(columns[0]); c++)
                for (const char *divider = ",;\t"; *divider; divider++)
                        for (int newest = 0; newest < 1 + (strpbrk(columns[c], "tr") != NULL); newest++) {
                                char how[60];
                                begin();
                                for (size_t k = 0; columns[c][k]; k++)
                                        fprintf(out, "%scolumn%zu", k ? (char[]){ *divider, 0 } : "", k);
                                fputc('\n', out);
                                for (size_t i = 0; i < LINES; i++)
                                        for (size_t k = 0; columns[c][k]; k++) {
                                                put_field(columns[c][k], newest ? LINES - 1 - i : i);
                                                fputc(columns[c][k + 1] ? *divider : '\n', out);
                                        }
                                snprintf(how, sizeof(how), "columns %s, divider %d, newest first %d", columns[c],
                                         *divider, newest);
                                expect(how);
                        }
}

/* Another program says the kernel's time and words in one row, where the kernel's rows have no time. */
static void test_row_of_another(void **state) {
        static const char *const words[] = { "BUG: KASAN: x in y", "Call Trace:", "RIP: 0010:f+0x1/0x2" };
        static const char *const forms[] = { "%s,dut7,%s,\"%s%s\"\n", "%s\tdut7\t%s\t%s%s\n", "%s dut7 %s: %s%s\n" };

        (void) state;
        for (size_t f = 0; f < sizeof(forms) / sizeof(forms[0]); f++)
                for (size_t at = 0; at < LINES; at += 5) {
                        begin();
                        for (size_t i = 0; i < LINES; i++) {
                                char time[40];
                                snprintf(time, sizeof(time), "2025-11-20T11:%02u:%02u.%06uZ", second_of(i) / 60,
                                         second_of(i) % 60, (unsigned) i);
                                if (i == at)
                                        fprintf(out, forms[f], time, "app", "[  100.110301] ", words[at / 5 % 3]);
                                /* CSV doubles its marks: such a line is not needed here. */
                                if (!strchr(lines[i], '"'))
                                        fprintf(out, forms[f], time, "kernel", "", lines[i]);
                        }
                        expect(forms[f]);
                }
}

/* --- pages, chats, runners --- */

static void test_pages_and_runners(void **state) {
        static const char *const before[] = { "<?xml version=\"1.0\"?>\n<testsuite><system-err><![CDATA[\n", "", "",
                                              "" };
        static const char *const after[] = { "]]></system-err></testsuite>\n", "", "", "" };

        (void) state;
        for (int f = 0; f < 4; f++) {
                begin();
                fputs(before[f], out);
                for (size_t i = 0; i < LINES; i++) {
                        const char *s = plain(i);
                        if (f == 2)
                                fprintf(out, "11:53:%02zu DEBUG lab.serial: [dut] ", i);
                        if (f == 3)
                                fprintf(out, "11:53:%02zu INFO console.py:88: ", i);
                        for (; *s; s++)
                                if (f == 1 && s[0] == ' ' && s[1] == ' ')
                                        fputs("\302\240", out);
                                else
                                        fputc(*s, out);
                        fputc('\n', out);
                }
                fputs(after[f], out);
                expect((const char *const[]){ "CDATA", "blanks that do not break", "a logger", "another" }[f]);
        }
}

/* A serial console with what journald and others write to it: each of the kernel's lines is there twice. */
static void test_shown_twice(void **state) {
        (void) state;
        begin();
        for (size_t i = 0; i < LINES; i++)
                fprintf(out, "%s\n2025-11-20T11:%02u:%02u.%06zu+00:00 h kernel: %s\n", plain(i), second_of(i) / 60,
                        second_of(i) % 60, i, lines[i]);
        expect("twice");
}

/* Programs that draw a box around what they show: lines are filled up to a width, longer ones run over it. Many lines
 * before make the log longer than what is looked at to learn its form. */
static void test_boxes(void **state) {
        static const char *const bars[] = { "|", "\342\224\202", "\342\225\221" };

        (void) state;
        for (size_t form = 0; form < 6; form++) {
                begin();
                for (size_t i = 0; form % 2 && i < 400; i++)
                        fprintf(out, "%s [    1.%06zu] %-180s %s\n", bars[form / 2], i, "pci 0000:00:02.0: enabled",
                                bars[form / 2]);
                for (size_t i = 0; i < LINES; i++)
                        fprintf(out, "%s %-180s %s\n", bars[form / 2], plain(i), bars[form / 2]);
                expect("a box");
        }
}

/* What a file system leaves of a log when the machine dies: blocks of zeros, before, within and after. */
/* A form on a page made blanks of the line ends. */
static void test_one_line(void **state) {
        (void) state;
        for (int told = 0; told < 2; told++) {
                begin();
                fputs(told ? "Hello,\n\nit died:\n" : "", out);
                for (size_t i = 0; i < LINES; i++)
                        fprintf(out, "%s ", plain(i));
                fputs(told ? "\nThank you\n" : "\n", out);
                expect("one line");
        }
}

static void test_zeros(void **state) {
        static const char zeros[4096];

        (void) state;
        for (size_t where = 0; where < 3; where++) {
                begin();
                for (size_t i = 0; i < LINES; i++) {
                        if ((where == 0 && i == 0) || (where == 1 && i == 17))
                                fwrite(zeros, 1, sizeof(zeros), out);
                        fprintf(out, "%s\n", plain(i));
                }
                if (where == 2)
                        fwrite(zeros, 1, sizeof(zeros), out);
                expect("zeros");
        }
        write_file(path, zeros, sizeof(zeros));
        struct run r = vmlife("scan %s", path);
        assert_int_equal(r.status, 2);
        run_done(&r);
}

/* Forums and chats put a '\\' before what Markdown would read. */
static void test_marked_down(void **state) {
        static const char *const marks[] = { "_", "_[]", "_*<>[]-" };

        (void) state;
        for (size_t m = 0; m < sizeof(marks) / sizeof(marks[0]); m++) {
                begin();
                for (size_t i = 0; i < LINES; i++) {
                        for (const char *s = plain(i); *s; s++)
                                fprintf(out, "%s%c", strchr(marks[m], *s) ? "\\" : "", *s);
                        fputc('\n', out);
                }
                expect(marks[m]);
        }
}

/* Whoever writes about a log marks its first line, or the one that matters. */
static void test_framed(void **state) {
        static const char *const marks[][2] = {
                { "`", "" },      { "```", "" },         { "**", "**" }, { "__", "__" },
                { "  *`", "`*" }, { "<pre><code>", "" }, { "* ", "" },   { "<b>", "</b><br/>" },
        };
        static const char *const prefixes[] = { "[   12.345678] ",
                                                "Jun 14 22:32:45 vm kernel: ", "[Wed May 17 06:29:24 2025] ",
                                                "<1>[   12.345678] " };

        (void) state;
        for (size_t i = 0; i < sizeof(marks) / sizeof(marks[0]); i++)
                for (size_t k = 0; k < sizeof(prefixes) / sizeof(prefixes[0]); k++) {
                        begin();
                        fprintf(out,
                                "It says:\n"
                                "%s%sgeneral protection fault, probably for non-canonical address 0x1: 0000 [#1] "
                                "SMP%s\n"
                                "%sCPU: 1 PID: 1234 Comm: acme Not tainted 6.1.0 #1\n"
                                "%sRIP: 0010:acme_probe+0x10/0x20 [acme]\n",
                                marks[i][0], prefixes[k], marks[i][1], prefixes[k], prefixes[k]);
                        fclose(out);
                        struct json_object *r = scan(1, "%s", path);
                        if (n_findings(r) != 1 ||
                            strcmp(text_of(finding(r, 0), "title"), "general protection fault in acme_probe") != 0)
                                fail_msg("%s, %s", marks[i][0], prefixes[k]);
                        json_object_put(r);
                }
}

/* What a user has the kernel print behind a line end is indented, whatever marks it begins with. */
static void test_framed_by_user(void **state) {
        static const char *const marks[] = { "`", "**", "<b>" };

        (void) state;
        for (size_t i = 0; i < sizeof(marks) / sizeof(marks[0]); i++) {
                begin();
                for (size_t k = 0; k < 4; k++)
                        fprintf(out, "Jun 14 22:32:4%zu vm kernel: usb 1-1: new device\n", k);
                fprintf(out,
                        "Jun 14 22:32:45 vm kernel: usb 1-1: Product: x\n"
                        "%27s%sJun 14 22:32:45 vm kernel: general protection fault: 0000 [#1] SMP\n"
                        "%27s%sJun 14 22:32:45 vm kernel: CPU: 1 PID: 1234 Comm: acme Not tainted 6.1.0 #1\n"
                        "%27s%sJun 14 22:32:45 vm kernel: RIP: 0010:acme_probe+0x10/0x20 [acme]\n"
                        "Jun 14 22:32:46 vm kernel: usb 1-1: new device\n",
                        "", marks[i], "", marks[i], "", marks[i]);
                fclose(out);
                struct json_object *r = scan(0, "%s", path);
                assert_int_equal(n_findings(r), 0);
                json_object_put(r);
        }
}

/* Lines that a terminal's width cut, or a pager, which leaves a sign at the end: what is cut of a headline or a
 * function's name shows in the lines below. */
static void test_cut(void **state) {
        static const char *const titles[] = { "WARNING in intel_acme_disable",
                                              "INFO: task hung in intel_acme_wait_idle" };
        static const char *const prefixes[] = { "[   12.345678] ", "Jun 14 22:32:45 vm kernel: ",
                                                "2026-06-14T22:32:45.123456+00:00 vm kernel: " };

        (void) state;
        for (size_t k = 0; k < sizeof(prefixes) / sizeof(prefixes[0]); k++)
                for (int width = 56; width < 120; width += 3) {
                        begin();
                        for (size_t i = 0; i < LINES; i++)
                                fprintf(out, "%s%.*s%s\n", prefixes[k], width, lines[i],
                                        width % 2 && strlen(lines[i]) > (size_t) width ? ">" : "");
                        fclose(out);
                        struct json_object *r = scan(1, "%s", path);
                        if (n_findings(r) != 2)
                                fail_msg("%s, %d: %zu findings", prefixes[k], width, n_findings(r));
                        for (size_t i = 0; i < 2; i++)
                                if (strcmp(text_of(finding(r, i), "title"), titles[i]) != 0)
                                        fail_msg("%s, %d: %s", prefixes[k], width, text_of(finding(r, i), "title"));
                        json_object_put(r);
                }
}

/* "f()" is no name that was cut, whatever else the stack has. */
static void test_not_cut(void **state) {
        (void) state;
        begin();
        fputs("[    1.000000] ------------[ cut here ]------------\n"
              "[    1.000000] WARNING: at net/acme/acme.c:255 acme_dog()\n"
              "[    1.000000] Pid: 0, comm: swapper Not tainted 3.2.0 #1\n"
              "[    1.000000] Call Trace:\n"
              "[    1.000000]  [<c0106d14>] warn_slowpath_common+0x4c/0x64\n"
              "[    1.000000]  [<c0106d14>] acme_dog_run+0x4c/0x64 [acme]\n"
              "[    1.000000] ---[ end trace 1b75b31a2719ed1c ]---\n",
              out);
        fclose(out);
        struct json_object *r = scan(1, "%s", path);
        assert_int_equal(n_findings(r), 1);
        assert_string_equal(text_of(finding(r, 0), "title"), "WARNING in acme_dog");
        json_object_put(r);
}

/* The same log again below it, as from who saved it twice: what comes again begins nothing, and takes nothing from the
 * report that was open when the first copy ended. */
static void test_twice(void **state) {
        static const char *const oops[] = {
                "BUG: kernel NULL pointer dereference, address: 0000000000000010",
                "Oops: 0000 [#1] PREEMPT SMP NOPTI",
                "CPU: 5 PID: 2214 Comm: acme Not tainted 6.1.0 #1",
                "RIP: 0010:acme_flip_one+0x1d2/0x1f0 [i915]",
                "Call Trace:",
                " <TASK>",
                " acme_ioctl+0x40/0x90 [i915]",
                " do_syscall_64+0x5b/0xc0",
                " </TASK>",
                "---[ end trace 0000000000000000 ]---",
        };
        static const char *const titles[] = { "BUG: unable to handle kernel NULL pointer dereference in acme_flip_one",
                                              "INFO: task hung in intel_acme_wait_idle" };

        (void) state;
        begin();
        for (size_t n = 0; n < 2; n++) {
                for (size_t i = 0; i < sizeof(oops) / sizeof(oops[0]); i++)
                        fprintf(out, "[   12.000000] %s\n", oops[i]);
                for (size_t i = 17; i + 2 < LINES; i++)
                        fprintf(out, "[  133.000000] %s\n", lines[i]);
                if (n == 0)
                        fputs("\nI saved it:\n\n", out);
        }
        fclose(out);
        struct json_object *r = scan(1, "%s", path);
        assert_int_equal(n_findings(r), 2);
        for (size_t i = 0; i < 2; i++) {
                assert_string_equal(text_of(finding(r, i), "title"), titles[i]);
                assert_int_equal(json_object_array_length(member(finding(r, i), "corrupted")), 0);
        }
        json_object_put(r);
}

/* The first line of a terminal's screen has its position behind it, however wide the screen was. */
static void test_position(void **state) {
        static const int widths[] = { 4, 40, 170 };

        (void) state;
        for (size_t w = 0; w < sizeof(widths) / sizeof(widths[0]); w++)
                for (size_t at = 2; at < LINES; at += 15) {
                        begin();
                        for (size_t i = 0; i < LINES; i++)
                                if (i == at)
                                        fprintf(out, "%s%*s[215/9091]\n", plain(i), widths[w], "");
                                else
                                        fprintf(out, "%s\n", plain(i));
                        expect("a terminal's position");
                }
}

/* The kernel prints a '\\' itself, before ACPI's names: what stands in a report then stays there. */
static void test_acpi_name(void **state) {
        (void) state;
        begin();
        fputs("[    0.100000] ACPI: \\_SB_.PCI0: _OSC\n"
              "[    0.200000] ------------[ cut here ]------------\n"
              "[    0.200001] name \\_SB_.PCI0 is bad\n"
              "[    0.200002] WARNING: CPU: 0 PID: 1 at drivers/acpi/bus.c:1 f+0x1/0x2\n",
              out);
        fclose(out);
        struct run r = vmlife("scan %s", path);
        assert_int_equal(r.status, 1);
        assert_non_null(strstr(r.out, "name \\\\_SB_.PCI0 is bad"));
        run_done(&r);
}

/* A list of lines as Python prints one, also as the value of a name. */
static void test_list(void **state) {
        static const struct {
                const char *head, *between, *tail;
        } forms[] = {
                { "[", ", ", "]\n" },
                { "log = [", ", ", "]\n" },
                { "const lines = [\n  ", ",\n  ", ",\n];\n" },
                { "  self.dmesg =\t[\n", ",\n", "]\n" },
                { "LOG = [\n", ",\n", "].freeze\n" },
                { "out = [b", ", b", "]\n" },
                { "[b", ", b", "]\n" },
        };
        (void) state;

        for (size_t f = 0; f < sizeof(forms) / sizeof(forms[0]); f++) {
                begin();
                for (size_t i = 0; i < LINES; i++)
                        fprintf(out, "%s'%s'", i ? forms[f].between : forms[f].head, plain(i));
                fputs(forms[f].tail, out);
                expect(forms[f].head);
        }
}

/* Strings whose escapes are not those of JSON. */
static void test_list_escapes(void **state) {
        static const char *const underscores[] = { "\\x5f", "\\u005f", "_" };

        (void) state;
        for (size_t f = 0; f < sizeof(underscores) / sizeof(underscores[0]); f++) {
                begin();
                /* More than is looked at to see what it is. */
                for (unsigned i = 0; i < 400; i++)
                        fprintf(out, "%s'[   90.%06u] acme: ready for %u", i ? "',\n" : "[", i, i);
                fputs("',\n'[   99.000000] acme: it isn\\'t ready", out);
                for (size_t i = 0; i < LINES; i++) {
                        fputs("',\n'\\x1b[1m", out);
                        for (const char *p = plain(i); *p; p++)
                                if (*p == '_')
                                        fputs(underscores[f], out);
                                else
                                        fputs((char[]){ *p == '"' ? '\\' : *p, *p == '"' ? '\'' : '\0', '\0' }, out);
                }
                fputs("']\n", out);
                expect(underscores[f]);
        }
}

/* A list of lists, the text among other columns. */
static void test_list_of_rows(void **state) {
        (void) state;
        for (size_t f = 0; f < 4; f++) {
                begin();
                fputs(f == 3 ? "[[\"time\", \"level\", \"message\"]" : "[", out);
                for (size_t i = 0; i < LINES; i++) {
                        struct json_object *line = json_object_new_string(f == 0 ? plain(i) : lines[i]);
                        const char *text = json_object_to_json_string(line);
                        fputs(i || f == 3 ? ",\n " : "\n ", out);
                        if (f == 0)
                                fprintf(out, "[%zu, %s]", i, text);
                        else if (f == 1)
                                fprintf(out, "[%u.%06zu, \"info\", %s]", second_of(i), i * 100, text);
                        else if (f == 2)
                                fprintf(out, "[%s, \"2026-11-23T10:00:%02uZ\"]", text, second_of(i) % 60);
                        else
                                fprintf(out, "[\"2026-11-23T10:00:%02uZ\", \"warning\", %s]", second_of(i) % 60, text);
                        json_object_put(line);
                }
                fputs("]\n", out);
                expect("rows");
        }
}

/* One that comes before a log is none of its lines. */
static void test_list_before(void **state) {
        (void) state;
        begin();
        fputs("args = ['--verbose', '--boot']\n", out);
        for (size_t i = 0; i < LINES; i++)
                fprintf(out, "%s\n", plain(i));
        expect("a list before");
}

static void put_datagram(const char *before, size_t i, size_t from, size_t n) {
        fprintf(out, "%s4,%zu,%u%04zu00,-", before, 700 + i, second_of(i), i);
        if (n < strlen(lines[i]))
                fprintf(out, ",ncfrag=%zu/%zu", from, strlen(lines[i]));
        fprintf(out, ";%.*s\n", (int) n, lines[i] + from);
}

/* Extended netconsole: datagrams in another order than they were sent, long messages in pieces, the second one first.
 */
static void test_datagrams(void **state) {
        static const char *const before[] = { "", "6.14.3-arch1-1,", "2026-11-20T11:53:01 10.0.0.7 6.14.3-arch1-1," };

        (void) state;
        for (size_t f = 0; f < sizeof(before) / sizeof(before[0]); f++) {
                begin();
                for (size_t k = 0; k < LINES; k++) {
                        const size_t i = k + 3 < LINES / 3 * 3 ? k / 3 * 3 + 2 - k % 3 : k; /* 2 1 0, 5 4 3, ... */
                        const size_t n = strlen(lines[i]), half = n > 80 ? n / 2 : 0;
                        put_datagram(before[f], i, half, n - half);
                        if (half)
                                put_datagram(before[f], i, 0, half);
                }
                expect(before[f]);
        }
}

/* Programs' lines are no kernel's log, and where they have a kernel's words that is said. */
static void test_not_silent(void **state) {
        (void) state;
        begin();
        for (size_t i = 0; i < LINES; i++)
                fprintf(out, "Nov 20 11:53:%02zu h app[12]: %s\n", i, lines[i]);
        fclose(out);
        struct run r = vmlife("scan --format text %s", path);
        assert_non_null(strstr(r.out, "a process wrote this, not the kernel"));
        run_done(&r);

        begin();
        for (size_t i = 0; i < LINES; i++)
                fprintf(out, "Nov 20 11:53:%02zu h app[12]: said %s\n", i, lines[i]);
        fclose(out);
        r = vmlife("scan %s", path);
        assert_int_equal(r.status, 2);
        assert_non_null(strstr(r.err, "no line was recognized as a kernel message"));
        run_done(&r);
}

/* Line ends were lost: all, every second, third, or most, also with what a logger put before; or it is a list. */
static void test_run_together(void **state) {
        static const char *const dates[][2] = {
                { "", "" },
                { "Nov 20 11:53:", " h kernel: " },
                { "2025-11-20T11:53:", ".123456+00:00 h kernel: " },
        };
        static const size_t every[] = { LINES + 1, 2, 3, 7 };

        (void) state;
        for (size_t k = 0; k < 12; k++) {
                const char *const *date = dates[k % 3];
                begin();
                for (size_t i = 0; i < LINES; i++) {
                        if (*date[0])
                                fprintf(out, "%s%02zu%s", date[0], i, date[1]);
                        fprintf(out, "%s%s", plain(i), (i + 1) % every[k / 3] && i + 1 < LINES ? " " : "\n");
                }
                expect("records run together");
        }
        static const char *const ends[] = { "", "\xc2\x85", "\x85", "\xe2\x80\xa8" };
        for (size_t k = 0; k < sizeof(ends) / sizeof(ends[0]); k++) {
                begin();
                for (size_t i = 0; i < LINES; i++) {
                        fputs(plain(i), out);
                        fwrite(ends[k], 1, k ? strlen(ends[k]) : 1, out);
                }
                expect("other line ends");
        }
        begin();
        for (size_t i = 0; i < LINES; i++)
                fprintf(out, "%s'%s'", i ? ", " : "(", plain(i));
        fputs(")\n", out);
        expect("a list in one line");
}

/* A message without its line end before a report's first line: what a body follows is found, and nothing else. */
static void test_behind_others(void **state) {
        (void) state;
        begin();
        for (size_t i = 0; i < LINES; i++)
                fprintf(out, "[%5u.%06zu] %s%s\n", second_of(i), i * 100, i == 2 ? "acme: testing ... " : "", lines[i]);
        expect("behind a message without its line end");
        begin();
        for (size_t i = 17; i < 40; i++)
                fprintf(out, "[%5zu.%06zu] usb 1-%zu: %s\n", i, i * 100, i,
                        i == 30 ? "Product: BUG: KASAN: use-after-free in f+0x1/0x2" : "new device");
        fclose(out);
        struct run r = vmlife("scan %s", path);
        assert_int_equal(r.status, 0);
        run_done(&r);
}

/* Words after "BUG:" that no table has, and no stack: no finding, for an interface may have that name; but it is said.
 */
static void test_unrecognized(void **state) {
        (void) state;
        begin();
        for (size_t i = 0; i < LINES; i++)
                fprintf(out, "%s\n", plain(i));
        fputs("[  300.000001] BUG: acme ring full when queue awake!\n[  301.000001] usb 3-2: new device\n"
              "[  302.000001] BUG: The first acme extent is not in the base record.\n[  303.000001] usb 3-3: new "
              "device\n",
              out);
        expect("words that no table has");
        struct run r = vmlife("scan %s", path);
        assert_non_null(strstr(r.err, "2 lines begin as a kernel report does"));
        assert_non_null(strstr(r.err, "\"BUG: acme ring full when queue awake!\""));
        assert_non_null(strstr(r.out, "\"unrecognized\": 2"));
        run_done(&r);
}

int main(void) {
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(test_mails),
                cmocka_unit_test(test_mail_parts),
                cmocka_unit_test(test_mail_cut),
                cmocka_unit_test(test_quoted_and_broken),
                cmocka_unit_test(test_mails_broken),
                cmocka_unit_test(test_mail_headers),
                cmocka_unit_test(test_broken_where_reads_end),
                cmocka_unit_test(test_bare_broken),
                cmocka_unit_test(test_quoted_bare),
                cmocka_unit_test(test_newest_first),
                cmocka_unit_test(test_not_turned_round),
                cmocka_unit_test(test_tables),
                cmocka_unit_test(test_row_of_another),
                cmocka_unit_test(test_pages_and_runners),
                cmocka_unit_test(test_shown_twice),
                cmocka_unit_test(test_boxes),
                cmocka_unit_test(test_one_line),
                cmocka_unit_test(test_zeros),
                cmocka_unit_test(test_marked_down),
                cmocka_unit_test(test_framed),
                cmocka_unit_test(test_framed_by_user),
                cmocka_unit_test(test_position),
                cmocka_unit_test(test_cut),
                cmocka_unit_test(test_not_cut),
                cmocka_unit_test(test_twice),
                cmocka_unit_test(test_acpi_name),
                cmocka_unit_test(test_list),
                cmocka_unit_test(test_list_escapes),
                cmocka_unit_test(test_list_of_rows),
                cmocka_unit_test(test_list_before),
                cmocka_unit_test(test_datagrams),
                cmocka_unit_test(test_not_silent),
                cmocka_unit_test(test_run_together),
                cmocka_unit_test(test_behind_others),
                cmocka_unit_test(test_unrecognized),
        };
        return cmocka_run_group_tests(tests, setup, NULL);
}
