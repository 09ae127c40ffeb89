/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Logs in documents: rich text, XML whose elements are lines, messages behind their counts. Each must read as the plain
 * log does. */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "cmocka_all.h"
#include "form.h"
#include "vmlife.h"

enum escapes { ESCAPES_RTF, ESCAPES_XML, ESCAPES_NONE };

static const struct {
        const char *name, *head, *before, *behind, *tail;
        enum escapes escapes;
} forms[] = {
        { "WordPad", "{\\rtf1\\ansi\\deff0{\\fonttbl{\\f0 Calibri;}}{\\*\\generator x;}\\pard\\f0\\fs22 \r\n", "",
          "\\par\r\n", "}", ESCAPES_RTF },
        { "TextEdit", "{\\rtf1\\ansi\n{\\colortbl;\\red255\\green255\\blue255;}\n\\f0\\fs24 \\cf0 ", "", "\\\n", "}",
          ESCAPES_RTF },
        { "a paragraph a line", "<?xml version=\"1.0\"?>\n<w:document xmlns:w=\"x\"><w:body>",
          "<w:p><w:pPr><w:sz w:val=\"9\"/></w:pPr><w:r><w:t xml:space=\"preserve\">", "</w:t></w:r></w:p>",
          "</w:body></w:document>", ESCAPES_XML },
        { "breaks in a paragraph",
          "<w:document><w:body><w:p><w:r><w:t>x</w:t></w:r></w:p><w:p><w:r><w:t>x</w:t></w:r>"
          "</w:p><w:p><w:r><w:t>x</w:t></w:r></w:p><w:p><w:r>",
          "<w:t>", "</w:t><w:br/>", "</w:r></w:p></w:body></w:document>", ESCAPES_XML },
        { "a row a line", "<worksheet><sheetData>", "<row><c t=\"inlineStr\"><is><t>lab7</t></is></c><c><is><t>",
          "</t></is></c></row>", "</sheetData></worksheet>", ESCAPES_XML },
        { "an event a line", "<Events>", "<Event><System><EventID>1</EventID></System><EventData><Data>",
          "</Data></EventData></Event>", "</Events>", ESCAPES_XML },
        { "an element a line", "<?xml version=\"1.0\"?>\n<log>\n", "  <entry>\n    <message>",
          "</message>\n  </entry>\n", "</log>\n", ESCAPES_XML },
        { "a logger's fields", "", "02:20PM INF ", " component=console\n", "", ESCAPES_NONE },
        { "two fields", "", "", " host=node-7 unit=kernel\n", "", ESCAPES_NONE },
        { "fields behind a colon", "", "2026-11-23T10:00:00.000Z [INFO]  console: ", ": vm=vm1 boot=3\n", "",
          ESCAPES_NONE },
        { "text as it is", "<log>", "<line><![CDATA[", "]]></line>", "</log>", ESCAPES_NONE },
};

static void put_escaped(struct buffer *b, const char *s, enum escapes escapes) {
        for (; *s; s++)
                if (escapes == ESCAPES_XML && strchr("<>&\"", *s))
                        putf(b, "&%s;", *s == '<' ? "lt" : *s == '>' ? "gt" : *s == '&' ? "amp" : "quot");
                else
                        putf(b, "%s%c", escapes == ESCAPES_RTF && strchr("\\{}", *s) ? "\\" : "", *s);
}

/* A line of the log, as dmesg prints it; the caller frees. */
static char *line_of(const struct said *log, size_t i) {
        struct buffer b = {};

        put_line(&b, "%k %m", (struct place){ log, i });
        assert_int_equal(buffer_add(&b, "", 1), 0);
        return b.data;
}

static void expect(struct buffer *b, const char *name) {
        char path[600];

        snprintf(path, sizeof(path), "%s/log", new_folder());
        write_file(path, b->data, b->size);
        buffer_done(b);
        struct json_object *r = scan(1, "%s", path);
        if (n_findings(r) != 1)
                fail_msg("%s: %zu findings", name, n_findings(r));
        assert_string_equal(text_of(finding(r, 0), "title"), "possible deadlock in i915_gem_context_release_work");
        if (json_object_array_length(member(finding(r, 0), "corrupted")))
                fail_msg("%s: %s", name, json_object_to_json_string(member(finding(r, 0), "corrupted")));
        json_object_put(r);
}

static void test_documents(void **state) {
        _cleanup_free_ struct said *log = read_said("lockdep-circular.log");

        (void) state;
        for (size_t f = 0; f < sizeof(forms) / sizeof(forms[0]); f++) {
                struct buffer b = {};
                putf(&b, "%s", forms[f].head);
                for (size_t i = 0; i < log->n; i++) {
                        _cleanup_free_ char *line = line_of(log, i);
                        putf(&b, "%s", forms[f].before);
                        put_escaped(&b, line, forms[f].escapes);
                        putf(&b, "%s", forms[f].behind);
                }
                putf(&b, "%s", forms[f].tail);
                expect(&b, forms[f].name);
        }
}

/* A table of numbers leaves a time's last zeros out: a report whose lines have fewer digits is one all the same. */
static void test_short_fractions(void **state) {
        static const char *const times[] = { "16.381807", "17.90077", "18.9008" };
        _cleanup_free_ struct said *log = read_said("xe-uaf.log");
        struct buffer b = {};
        char path[600];

        (void) state;
        for (size_t t = 0; t < sizeof(times) / sizeof(times[0]); t++)
                for (size_t i = 0; i < log->n; i++)
                        putf(&b, "%s,warning,%s\n", times[t], log->lines[i].text);
        snprintf(path, sizeof(path), "%s/log", new_folder());
        write_file(path, b.data, b.size);
        buffer_done(&b);
        struct json_object *r = scan(1, "%s", path);
        assert_true(n_findings(r) > 0);
        for (size_t i = 0; i < n_findings(r); i++)
                assert_int_equal(json_object_get_int(member(finding(r, i), "count")), 3);
        json_object_put(r);
}

/* A field's value is a word in some lines, and digits alone in others, by chance. */
static void test_values(void **state) {
        static const size_t from[] = { 0x100, 0x3e0, 0xff0 };
        _cleanup_free_ struct said *log = read_said("lockdep-circular.log");

        (void) state;
        for (size_t f = 0; f < sizeof(from) / sizeof(from[0]); f++) {
                struct buffer b = {};

                for (size_t i = 0; i < log->n; i++) {
                        _cleanup_free_ char *line = line_of(log, i);
                        putf(&b, "INFO %s trace_id=%08zx span_id=1\n", line, from[f] + i);
                }
                expect(&b, "values");
        }
}

/* Viewers copy a message, its writer and its time as lines, in any order: the writer's name is no function's. */
static void test_writer_alone(void **state) {
        static const char *const orders[] = { "%m\nkernel\n", "%m\nkernel\n02:20 PM\n", "02:20:11\nkernel\n%m\n" };
        _cleanup_free_ struct said *log = read_said("vmlife.log");

        (void) state;
        for (size_t f = 0; f < sizeof(orders) / sizeof(orders[0]); f++) {
                struct buffer b = {};
                char path[600];

                for (size_t i = 0; i < log->n; i++)
                        put_line(&b, orders[f], (struct place){ log, i });
                snprintf(path, sizeof(path), "%s/log", new_folder());
                write_file(path, b.data, b.size);
                buffer_done(&b);
                struct json_object *r = scan(1, "%s", path);
                assert_int_equal(n_findings(r), 3);
                for (size_t i = 0; i < n_findings(r); i++)
                        if (!strstr(text_of(finding(r, i), "title"), " in i915_gem_context_"))
                                fail_msg("%s: %s", orders[f], text_of(finding(r, i), "title"));
                json_object_put(r);
        }
}

static void test_counted(void **state) {
        _cleanup_free_ struct said *log = read_said("lockdep-circular.log");
        struct buffer b = {};

        (void) state;
        for (size_t i = 0; i < log->n; i++) {
                _cleanup_free_ char *line = line_of(log, i);
                putf(&b, "%zu <4>1 2026-11-23T10:00:00Z h kernel - - - %s",
                     strlen(line) + strlen("<4>1 2026-11-23T10:00:00Z h kernel - - - "), line);
        }
        expect(&b, "counted");
}

/* A line's time and its words, each in an element of its own. */
static const struct {
        const char *name, *head, *before, *between, *behind, *tail;
} split[] = {
        { "spans", "<pre>", "<span class=\"f2\">", "</span> <span class=\"b\">", "</span>\n", "</pre>" },
        { "spans on a page", "<html><body><pre>", "<span>", "</span> <span>", "</span>\n", "</pre></body></html>" },
        { "the time alone", "<pre>", "<span class=\"f2\">", "</span> ", "\n", "</pre>" },
        { "fonts", "<pre>", "<font color=\"#4E9A06\">", "</font> <font color=\"#C4A000\">", "</font>\n", "</pre>" },
        { "breaks", "<body>", "<tt>", "</tt> <b>", "</b><br/>", "</body>" },
        { "rows", "", "<div class=\"row\"><div class=\"ts\">", "</div><div class=\"msg\">", "</div></div>", "" },
        { "rows of spans", "<div>", "<p><span>", "</span><span>", "</span></p>", "</div>" },
};

static void test_split(void **state) {
        _cleanup_free_ struct said *log = read_said("lockdep-circular.log");

        (void) state;
        for (size_t f = 0; f < sizeof(split) / sizeof(split[0]); f++) {
                struct buffer b = {};
                putf(&b, "%s", split[f].head);
                for (size_t i = 0; i < log->n; i++) {
                        _cleanup_free_ char *line = line_of(log, i);
                        char *words = strstr(line, "] ");
                        assert_non_null(words);
                        *++words = '\0';
                        putf(&b, "%s%s%s", split[f].before, line, split[f].between);
                        put_escaped(&b, words + 1, ESCAPES_XML);
                        putf(&b, "%s", split[f].behind);
                }
                putf(&b, "%s", split[f].tail);
                expect(&b, split[f].name);
        }
}

/* An event a line, with its message as it is. */
static void test_literal(void **state) {
        _cleanup_free_ struct said *log = read_said("lockdep-circular.log");
        struct buffer b = {};

        (void) state;
        for (size_t i = 0; i < 300 + log->n; i++) {
                putf(&b, "<e:event level=\"WARN\">\n<e:message><![CDATA[");
                if (i < 300)
                        putf(&b, "[    0.%06zu][    T%zu] pci 0000:00:%02zu.0: BAR 0 [mem 0x%zx]", i, i % 3, i, i);
                else
                        put_line(&b, "%k[  T812] %m", (struct place){ log, i - 300 });
                putf(&b, "]]></e:message>\n</e:event>\n");
        }
        expect(&b, "literal");
}

/* Lines by their numbers. */
static int by_text(const void *a, const void *b) {
        char x[24], y[24];
        snprintf(x, sizeof(x), "%zu", *(const size_t *) a);
        snprintf(y, sizeof(y), "%zu", *(const size_t *) b);
        return strcmp(x, y);
}

static size_t *sorted_as_text(size_t n) {
        size_t *order = calloc(n, sizeof(*order));

        assert_non_null(order);
        for (size_t i = 0; i < n; i++)
                order[i] = i;
        qsort(order, n, sizeof(*order), by_text);
        return order;
}

static void test_numbered(void **state) {
        _cleanup_free_ struct said *log = read_said("lockdep-circular.log");
        _cleanup_free_ size_t *order = sorted_as_text(log->n);

        (void) state;
        /* The last has its members sorted as text, as whoever writes JSON may: 1, 10, ..., 19, 2, 20, ... */
        for (int form = 0; form < 6; form++) {
                struct buffer b = {};
                putf(&b, "%s{", form == 1 ? "{\"lines\": " : form == 2 ? "[" : form > 3 ? "\"total\": 9, " : "");
                for (size_t i = 0; i < log->n; i++) {
                        const size_t at = form == 3 ? order[i] : i;
                        putf(&b, "%s\n \"%s%zu\": \"", i ? "," : "", form == 5 ? "line" : "", at);
                        put_line(&b, "%k %j", (struct place){ log, at });
                        putf(&b, "\"");
                }
                putf(&b, "}%s\n", form == 1 ? "}" : form == 2 ? "]" : "");
                expect(&b, "numbered");
        }
}

/* An object with several logs, as test runners have them, as text, as a list or within another: all are read. */
static void test_several_texts(void **state) {
        _cleanup_free_ struct said *log = read_said("lockdep-circular.log");
        static const char quiet[] =
                "[    1.000000] usb 1-1: new high-speed USB device\\n[    1.100000] usb 1-1: Product: x"
                "\\n[    1.200000] usb 1-1: Manufacturer: y\\n[    1.300000] input: x as /devices/x\\n";

        (void) state;
        for (int form = 0; form < 6; form++) {
                const char *line = form == 4 ? "\", \"" : "\\n";
                struct buffer b = {};
                putf(&b, "%s{\"name\": \"t\", ", form == 2 ? "[" : form == 3 ? "{\"result\": " : "");
                if (form != 1)
                        putf(&b, "\"before\": \"%s\", ", quiet);
                putf(&b, form == 4 ? "\"dmesg\": [\"" : form == 5 ? "\"of\": {\"dmesg\": \"" : "\"dmesg\": \"");
                for (size_t i = 0; i < log->n; i++) {
                        put_line(&b, "%k %j", (struct place){ log, i });
                        putf(&b, "%s", line);
                }
                putf(&b, form == 4 ? "\"], " : form == 5 ? "\"}, " : "\", ");
                if (form == 1)
                        putf(&b, "\"console\": \"%s\", ", quiet);
                putf(&b, "\"exit\": 1}%s\n", form == 2 ? "]" : form == 3 ? "}" : "");
                expect(&b, "several texts");
        }
}

/* The kernel's lines behind bytes of which nothing is known: where no report is read, that is said. One such line of
 * many is what a user wrote. */
static void test_behind_words(void **state) {
        static const char *const lines[] = {
                "BUG: workqueue lockup - pool cpus=1 node=0 flags=0x0 nice=0 stuck for 7s!",
                "Showing busy workqueues and worker pools:",
                "workqueue events: flags=0x100",
                "  pwq 6: cpus=1 node=0 flags=0x0 nice=0 active=2 refcnt=3",
                "    in-flight: 36:acme_work [i915] for 7s",
                "usb 1-1: new high-speed USB device number 2 using xhci_hcd",
                "usb 1-1: USB disconnect, device number 2",
        };
        enum { N = sizeof(lines) / sizeof(lines[0]) };

        (void) state;
        for (int users = 0; users < 2; users++) {
                struct buffer b = {};
                for (size_t i = 0; i < N; i++) {
                        for (size_t k = 0; !users && k < 4; k++)
                                putf(&b, "%c%c\2", (char) (33 + (i * 7 + k * 31) % 90), (char) (1 + i % 8));
                        putf(&b, "%s[   30.40%04zu] %s\n", users && i == 0 ? "x y " : "", i, lines[i]);
                }
                for (size_t i = 0; users && i < 20; i++)
                        putf(&b, "[   31.40%04zu] usb 1-%zu: new high-speed USB device\n", i, i);
                char path[600];
                snprintf(path, sizeof(path), "%s/log", new_folder());
                write_file(path, b.data, b.size);
                buffer_done(&b);
                struct run r = vmlife("scan --format text %s", path);
                if ((strstr(r.err, "in a format that was not recognized") != NULL) != !users || r.status)
                        fail_msg("%d: %d %s%s", users, r.status, r.err, r.out);
                run_done(&r);
        }
}

int main(void) {
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(test_documents),       cmocka_unit_test(test_values),
                cmocka_unit_test(test_writer_alone),    cmocka_unit_test(test_counted),
                cmocka_unit_test(test_short_fractions), cmocka_unit_test(test_literal),
                cmocka_unit_test(test_numbered),        cmocka_unit_test(test_several_texts),
                cmocka_unit_test(test_behind_words),    cmocka_unit_test(test_split),
        };
        return cmocka_run_group_tests(tests, NULL, NULL);
}
