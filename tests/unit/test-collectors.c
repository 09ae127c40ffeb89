/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What collectors make of a journal: an object a line, with members that say who wrote it. A process may write what it
 * likes, under any name, and bring a line end into what the kernel says; neither is to count. */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cmocka_all.h"
#include "vmlife.h"

/* What the kernel said, and what a user wants to be believed. */
static const char *const kernel[] = {
        "[    0.000000] Linux version 6.1.0 (x@y) (gcc) #1 SMP",
        "[    1.000000] usb 3-2: new full-speed USB device number 7 using xhci_hcd",
        "[    9.000000] BUG: KASAN: slab-use-after-free in acme_true+0x84/0x574 [i915]",
        "[    9.000000] Read of size 4 at addr ffff888100000020 by task acme/812",
        "[    9.000000] CPU: 1 PID: 812 Comm: acme Not tainted 6.1.0 #1",
        "[    9.000000] Call Trace:",
        "[    9.000000]  <TASK>",
        "[    9.000000]  acme_true+0x84/0x574 [i915]",
        "[    9.000000]  acme_ioctl+0x40/0x90 [i915]",
        "[    9.000000]  do_syscall_64+0x7b/0x190",
        "[    9.000000]  </TASK>",
        "[   10.000000] usb 3-2: USB disconnect, device number 7",
};
static const char *const wanted[] = {
        "[   20.000000] kernel BUG at drivers/gpu/drm/i915/acme_forged.c:12!",
        "[   20.000000] RIP: 0010:acme_forged+0x84/0x574 [i915]",
        "[   20.000000] Call Trace:",
        "[   20.000000]  acme_forged+0x84/0x574 [i915]",
        "[   20.000000]  do_syscall_64+0x7b/0x190",
        "[   20.000000] ---[ end trace 0000000000000000 ]---",
};

/* A line of the kernel's and one of a process's, '@' being what is logged. */
static const struct {
        const char *name, *kernel, *process;
} forms[] = {
        { "journald's transport wins over a name",
          "{\"_TRANSPORT\":\"kernel\",\"SYSLOG_IDENTIFIER\":\"kernel\",\"message\":\"@\",\"host\":\"vm\"}",
          "{\"_TRANSPORT\":\"journal\",\"SYSLOG_IDENTIFIER\":\"kernel\",\"message\":\"@\",\"host\":\"vm\"}" },
        { "... also where it is called otherwise", "{\"journald\":{\"transport\":\"kernel\"},\"message\":\"@\"}",
          "{\"journald\":{\"transport\":\"syslog\"},\"syslog\":{\"identifier\":\"kernel\"},\"message\":\"@\"}" },
        { "Elastic's words lie in objects",
          "{\"_source\":{\"process\":{\"name\":\"kernel\"},\"log\":{\"syslog\":{\"facility\":{\"code\":0}}},"
          "\"message\":\"@\"}}",
          "{\"_source\":{\"process\":{\"name\":\"kernel\",\"pid\":9},\"log\":{\"syslog\":{\"facility\":{\"code\":1}}},"
          "\"message\":\"@\"}}" },
        { "a facility in words", "{\"appname\":\"kernel\",\"facility\":\"kern\",\"hostname\":\"vm\",\"message\":\"@\"}",
          "{\"appname\":\"kernel\",\"facility\":\"user\",\"hostname\":\"vm\",\"message\":\"@\"}" },
        { "journald's fields in an object of the collector's",
          "{\"jsonPayload\":{\"_TRANSPORT\":\"kernel\",\"MESSAGE\":\"@\"}}",
          "{\"jsonPayload\":{\"_TRANSPORT\":\"stdout\",\"MESSAGE\":\"@\"}}" },
        { "a facility in capitals", "{\"SourceName\":\"kernel\",\"SyslogFacility\":\"KERN\",\"Message\":\"@\"}",
          "{\"SourceName\":\"kernel\",\"SyslogFacility\":\"USER\",\"Message\":\"@\"}" },
        { "a name with a blank is another", "{\"PROGRAM\":\"kernel\",\"MESSAGE\":\"@\"}",
          "{\"PROGRAM\":\"kernel \",\"MESSAGE\":\"@\"}" },
        { "Graylog's additional members", "{\"version\":\"1.1\",\"short_message\":\"@\",\"_facility\":\"kern\"}",
          "{\"version\":\"1.1\",\"short_message\":\"@\",\"_facility\":\"daemon\",\"_appname\":\"kernel\"}" },
        { "Loki's labels stand beside a list of lines",
          "{\"stream\":{\"transport\":\"kernel\"},\"values\":[[\"1700000000000000000\",\"@\"]]}",
          "{\"stream\":{\"transport\":\"stdout\"},\"values\":[[\"1700000000000000000\",\"@\"]]}" },
        { "a record that nobody signed, among those that are", "{\"ident\":\"kernel\",\"message\":\"@\"}",
          "{\"message\":\"@\"}" },
        { "what the journal knows of a process", "{\"SYSLOG_IDENTIFIER\":\"kernel\",\"text\":\"@\"}",
          "{\"SYSLOG_IDENTIFIER\":\"kernel\",\"_PID\":\"812\",\"text\":\"@\"}" },
};

static void put(FILE *f, const char *form, const char *text) {
        const char *at = strchr(form, '@');

        fprintf(f, "%.*s%s%s\n", (int) (at - form), form, text, at + 1);
}

/* The kernel's report is found, and nothing else. */
static void found_true(const char *path, const char *name) {
        struct json_object *r = scan(1, "%s", path);

        if (n_findings(r) != 1)
                fail_msg("%s: %zu findings, not 1", name, n_findings(r));
        assert_string_equal(text_of(finding(r, 0), "title"), "KASAN: slab-use-after-free Read in acme_true");
        json_object_put(r);
}

static void test_processes(void **state) {
        (void) state;
        for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++) {
                char path[600];
                snprintf(path, sizeof(path), "%s/log.json", new_folder());
                FILE *f = fopen(path, "we");
                assert_non_null(f);
                for (size_t k = 0; k < sizeof(kernel) / sizeof(kernel[0]); k++)
                        put(f, forms[i].kernel, kernel[k]);
                for (size_t k = 0; k < sizeof(wanted) / sizeof(wanted[0]); k++)
                        put(f, forms[i].process, wanted[k]);
                fclose(f);
                found_true(path, forms[i].name);
        }
}

/* A path that a user chose, with line ends in it, in what the kernel says. */
static void test_line_ends(void **state) {
        (void) state;
        for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++) {
                char path[600], record[2048] = "[   11.000000] process '/tmp/x";
                for (size_t k = 0; k < sizeof(wanted) / sizeof(wanted[0]); k++) {
                        strcat(record, "\\n");
                        strcat(record, wanted[k]);
                }
                strcat(record, "' started with executable stack");
                snprintf(path, sizeof(path), "%s/log.json", new_folder());
                FILE *f = fopen(path, "we");
                assert_non_null(f);
                for (size_t k = 0; k < sizeof(kernel) / sizeof(kernel[0]); k++)
                        put(f, forms[i].kernel, kernel[k]);
                put(f, forms[i].kernel, record);
                fclose(f);
                found_true(path, forms[i].name);
        }
}

/* How container runtimes and what reads their files write a line in pieces: one that goes on, the last one, and a whole
 * one of the other stream. */
static const struct {
        const char *name, *goes_on, *last, *other;
} runtimes[] = {
        { "CRI", "2026-11-27T09:53:55.00421%dZ stdout P @", "2026-11-27T09:53:55.0042100%dZ stdout F @",
          "2026-11-27T09:53:55.00421%dZ stderr F @" },
        { "CRI with words for later use", "2026-11-27T09:53:55.00421%d+01:00 stdout P:a @",
          "2026-11-27T09:53:55.0042100%d+01:00 stdout F:a:b @", "2026-11-27T09:53:55.00421%d+01:00 stderr F @" },
        { "Docker", "{\"log\":\"@\",\"stream\":\"stdout\",\"time\":\"2026-11-27T09:53:55.00421%dZ\"}",
          "{\"log\":\"@\\n\",\"stream\":\"stdout\",\"time\":\"2026-11-27T09:53:55.00421%dZ\"}",
          "{\"log\":\"@\\n\",\"stream\":\"stderr\",\"time\":\"2026-11-27T09:53:55.00421%dZ\"}" },
        { "CRI as JSON", "{\"log\":\"@\",\"stream\":\"stdout\",\"logtag\":\"P\",\"n\":%d}",
          "{\"log\":\"@\",\"stream\":\"stdout\",\"logtag\":\"F\",\"n\":%d}",
          "{\"log\":\"@\",\"stream\":\"stderr\",\"logtag\":\"F\",\"n\":%d}" },
};

/* The text where the form has its '@', the number where it has a "%d". */
static void put_piece(FILE *f, const char *form, const char *text, int n, int number) {
        for (const char *c = form; *c; c++)
                if (*c == '@')
                        fprintf(f, "%.*s", n, text);
                else if (c[0] == '%' && c[1] == 'd')
                        fprintf(f, "%d", number), c++;
                else
                        putc(*c, f);
        putc('\n', f);
}

static void test_pieces(void **state) {
        (void) state;
        for (size_t i = 0; i < sizeof(runtimes) / sizeof(runtimes[0]); i++)
                for (int size = 9; size < 60; size += 10) {
                        char path[600];
                        snprintf(path, sizeof(path), "%s/pieces.log", new_folder());
                        FILE *f = fopen(path, "we");
                        assert_non_null(f);
                        for (size_t k = 0; k < sizeof(kernel) / sizeof(kernel[0]); k++) {
                                const char *text = kernel[k];
                                for (int n = 1; (int) strlen(text) > size; text += size, n++)
                                        put_piece(f, runtimes[i].goes_on, text, size, n);
                                put_piece(f, runtimes[i].last, text, size, 7);
                                if (k % 4 == 0)
                                        put_piece(f, runtimes[i].other, "a test began", 100, 8);
                        }
                        fclose(f);
                        found_true(path, runtimes[i].name);
                }
}

int main(void) {
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(test_processes),
                cmocka_unit_test(test_line_ends),
                cmocka_unit_test(test_pieces),
        };
        return cmocka_run_group_tests(tests, NULL, NULL);
}
