/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Whatever word vmlife uses as a term, vmlife explain knows. Terms are told from prose by where they stand: before a
 * colon, behind a number, in brackets, at the head of a line or of a column, as the name of an element or a property.
 */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cmocka_all.h"
#include "output/topic.h"
#include "vmlife.h"

static char unexplained[16384];

/* Words without a meaning of their own, of English and of XML, and units. */
static bool is_grammar(const char *word) {
        static const char *const words[] = {
                "a",      "all",    "also", "an",        "and",   "any",   "as",   "asked", "at",      "be",
                "before", "by",     "can",  "explained", "for",   "from",  "how",  "in",    "is",      "it",
                "its",    "likely", "more", "name",      "no",    "none",  "not",  "of",    "on",      "only",
                "or",     "others", "per",  "than",      "that",  "the",   "time", "to",    "type",    "value",
                "was",    "what",   "why",  "with",      "words", "worst", "s",    "min",   "seconds", "hours"
        };

        for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
                if (strcmp(word, words[i]) == 0)
                        return true;
        return false;
}

/* Names, numbers and times are data: they have digits or other signs in them. */
static bool is_data(const char *word) {
        return strlen(word) < 2 || word[strspn(word, "abcdefghijklmnopqrstuvwxyz-")] != '\0';
}

/* A term, or several words each of which is one. */
static void want(const char *text, size_t n, const char *where) {
        char phrase[80], words[80], *save = NULL;

        while (n && strchr(" \n", *text))
                text++, n--;
        while (n && strchr(" \n:", text[n - 1]))
                n--;
        if (n == 0 || n >= sizeof(phrase))
                return;
        for (size_t i = 0; i < n; i++)
                phrase[i] = (char) tolower((unsigned char) text[i]);
        phrase[n] = '\0';
        if (topic_of(phrase))
                return;
        memcpy(words, phrase, n + 1);
        for (char *w = strtok_r(words, " ,;·", &save); w; w = strtok_r(NULL, " ,;·", &save)) {
                const size_t used = strlen(unexplained);
                char entry[200];

                snprintf(entry, sizeof(entry), "\n  %s (%s: %s)", w, where, phrase);
                if (!is_data(w) && !is_grammar(w) && !topic_of(w) && !strstr(unexplained, entry) &&
                    used + strlen(entry) < sizeof(unexplained))
                        memcpy(unexplained + used, entry, strlen(entry) + 1);
        }
}

static bool is_small(char c) {
        return c >= 'a' && c <= 'z';
}

/* "Subsystem:   NAME": how a line of a mail begins. */
static void want_label(const char *line, const char *where) {
        const size_t n = strcspn(line, ":\n");

        if (line[n] == ':' && strchr(" \n", line[n + 1]) &&
            strspn(line, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz ") == n)
                want(line, n, where);
}

/* "unrelated  TITLE", "still-there TITLE", "not proven  NEW's boot". */
static void want_first(const char *line, const char *where) {
        const char *end = line;

        while (is_small(*end) || *end == '-' || (*end == ' ' && is_small(end[1])))
                end++;
        if (end > line &&
            (strncmp(end, "  ", 2) == 0 || *end == ':' || (*end == ' ' && isupper((unsigned char) end[1]))))
                want(line, (size_t) (end - line), where);
}

/* "  (injected)" */
static void want_tags(const char *line, size_t n, const char *where) {
        for (const char *p = line; (p = memchr(p, '(', n - (size_t) (p - line))); p++) {
                const size_t k = strspn(p + 1, "abcdefghijklmnopqrstuvwxyz -");
                if (k && p[1 + k] == ')')
                        want(p + 1, k, where);
        }
}

/* "5 new, 0 still there"; a command line and a message are the kernel's words, and so is all that has a "=" in it. */
static void want_counted(const char *line, size_t n, const char *where) {
        if (memchr(line, '=', n) || memchr(line, '[', n) || memchr(line, '"', n))
                return;
        for (const char *p = line; p < line + n; p++) {
                const bool starts = isdigit((unsigned char) *p) && (p == line || strchr(" (", p[-1]));
                const size_t digits = starts ? strspn(p, "0123456789.") : 0;

                if (!digits || p[digits] != ' ')
                        continue;
                const size_t k = strspn(p + digits + 1, "abcdefghijklmnopqrstuvwxyz-");
                if (k && strchr(" ,.;:)\n", p[digits + 1 + k]))
                        want(p + digits + 1, k, where);
        }
}

static void want_of_text(const char *text, const char *where) {
        for (const char *line = text; *line;) {
                const size_t n = strcspn(line, "\n");

                want_first(line, where);
                want_tags(line, n, where);
                want_counted(line, n, where);
                line += n + (line[n] == '\n');
        }
}

/* What stands in elements of that name. */
static void want_elements(const char *page, const char *name) {
        char begin[16];

        snprintf(begin, sizeof(begin), "<%s", name);
        for (const char *p = page; (p = strstr(p, begin)); p++) {
                const char *end = strchr(p, '>');
                if (end && strchr(" >", p[strlen(begin)]))
                        want(end + 1, strcspn(end + 1, "<"), name);
        }
}

/* Names of elements and attributes, and of properties. */
static void want_of_xml(const char *xml) {
        static const char property[] = "<property name=\"";

        for (const char *p = xml; (p = strchr(p, '<')); p++) {
                const size_t n = strspn(p + 1, "abcdefghijklmnopqrstuvwxyz-");
                const char *end = strchr(p, '>');

                want(p + 1, n, "JUnit");
                if (strncmp(p, property, strlen(property)) == 0)
                        want(p + strlen(property), strcspn(p + strlen(property), "\""), "property");
                for (const char *a = p + 1 + n; n && end && *a == ' ' && a < end;) {
                        const size_t k = strspn(a + 1, "abcdefghijklmnopqrstuvwxyz-");
                        want(a + 1, k, "JUnit");
                        a += 1 + k;
                        a += strncmp(a, "=\"", 2) == 0 ? 2 + strcspn(a + 2, "\"") + 1 : 0;
                }
        }
}

static void check(const char *what) {
        char missing[sizeof(unexplained)];

        memcpy(missing, unexplained, sizeof(missing));
        *unexplained = '\0';
        if (*missing)
                fail_msg("%s: nothing explains %s", what, missing);
}

#define SOME "$(ls tests/logs/*.log.xz | awk 'NR %% 16 == 7') "
#define LOGS                                                                                    \
        "tests/logs/6.1-clean.log tests/logs/6.1-vm-early-put.log tests/logs/5.10-unfixed.log " \
        "tests/unit/fixtures/kcsan-ps2.log "

static void test_text(void **state) {
        (void) state;
        struct run r = vmlife("scan --format text --maintainers tests/unit/fixtures/MAINTAINERS " SOME LOGS);

        want_of_text(r.out, "text");
        run_done(&r);
        check("text");
}

static void test_list(void **state) {
        (void) state;
        struct run r = vmlife("scan --by signature --format text " SOME LOGS);
        char *head = strstr(r.out, "\nsignature ");

        assert_non_null(head);
        head++;
        want(head, strcspn(head, "\n"), "list");
        for (char *w = head; *w != '\n'; w += strspn(w, " "), w += strcspn(w, " \n"))
                want(w, strcspn(w, " ,\n"), "list");
        head[0] = '\0';
        want_of_text(r.out, "list");
        run_done(&r);
        check("--by signature");
}

static void test_diff(void **state) {
        (void) state;
        static const char *const calls[] = { "--injected tests/logs/6.1-clean.log tests/logs/6.1-vm-early-put.log",
                                             "tests/logs/5.10-unfixed.log tests/logs/6.1-clean.log",
                                             "--base tests/logs/6.1-clean.log --base tests/logs/5.10-unfixed.log "
                                             "tests/logs/5.10-unfixed.log" };

        for (size_t i = 0; i < sizeof(calls) / sizeof(*calls); i++) {
                struct run r = vmlife("diff --format text %s", calls[i]);
                assert_true(strlen(r.out) > 100);
                want_of_text(r.out, "diff");
                run_done(&r);
        }
        check("diff");
}

static void test_exports(void **state) {
        (void) state;
        static const char *const elements[] = { "th", "dt", "h1", "h2", "h3", "caption", "option" };
        const char *folder = new_folder();

        shell("$VMLIFE scan --label machine=a --label build=1 --label job=boot " SOME " -o %s/a.json; test $? = 1",
              folder);
        shell("$VMLIFE scan --label machine=b --label build=2 " LOGS " -o %s/b.json; test $? = 1", folder);
        struct run html = vmlife("export --to html %s", folder), junit = vmlife("export --to junit %s", folder);
        assert_non_null(strstr(html.out, "<th"));
        for (size_t i = 0; i < sizeof(elements) / sizeof(*elements); i++)
                want_elements(html.out, elements[i]);
        assert_non_null(strstr(junit.out, "<property name"));
        want_of_xml(junit.out);
        run_done(&html);
        run_done(&junit);
        check("exports");
}

static void test_mail(void **state) {
        (void) state;
        struct run r = vmlife("scan tests/unit/fixtures/kcsan-ps2.log | jq -r '.findings[0].signature'");
        struct run mail = vmlife("report %.*s --command-line --maintainers tests/unit/fixtures/MAINTAINERS "
                                 "tests/unit/fixtures/kcsan-ps2.log",
                                 (int) strcspn(r.out, "\n"), r.out);

        assert_int_equal(mail.status, 0);
        for (char *line = strchr(mail.out, '\n'); line; line = strchr(line + 1, '\n'))
                want_label(line + 1, "mail");
        run_done(&r);
        run_done(&mail);
        check("report");
}

/* How a stack is headed, whichever logs have it, and what titles begin with. */
static void test_heads(void **state) {
        (void) state;
        static const char query[] =
                ".findings[] | (.stacks[]?.what), (.accesses[]?.type), (.title | select(test(\": \"))"
                " | split(\": \")[0])";
        struct run r = vmlife("scan --format json tests/logs/*.log.xz tests/unit/fixtures/*.log "
                              "tests/unit/fixtures/kinds/* | jq -r '%s' | sort -u",
                              query);

        assert_non_null(strstr(r.out, "allocated\n"));
        for (const char *line = r.out; *line;) {
                const size_t n = strcspn(line, "\n");

                want(line, n, "head");
                line += n + (line[n] == '\n');
        }
        run_done(&r);
        check("heads");
}

/* The test would see a new word. */
static void test_new_words_are_seen(void **state) {
        (void) state;
        want_elements("<table><tr><th class=\"x\">gribbles</th>", "th");
        want_of_text("snorks     TITLE\nfindings: 5 florps in 3 boots\n  TITLE  (blimped)\n", "text");
        want_of_xml("<testsuite wumps=\"3\"><property name=\"dronks\"/></testsuite>");
        want_label("Plonk:  x\n", "mail");
        static const char *const words[] = { "gribbles", "snorks", "florps", "blimped", "wumps", "dronks", "plonk" };
        for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
                if (!strstr(unexplained, words[i]))
                        fail_msg("%s is not in %s", words[i], unexplained);
        *unexplained = '\0';
}

int main(void) {
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(test_new_words_are_seen),
                cmocka_unit_test(test_text),
                cmocka_unit_test(test_list),
                cmocka_unit_test(test_diff),
                cmocka_unit_test(test_exports),
                cmocka_unit_test(test_mail),
                cmocka_unit_test(test_heads),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
