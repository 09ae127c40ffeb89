/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Bundles read back to the same findings, and those that leave the lab tell nobody's name. */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/macros.h"
#include "cmocka_all.h"
#include "planted.h"
#include "redact/redact.h"
#include "vmlife.h"

__attribute__((format(printf, 1, 2))) static int sh(const char *format, ...) {
        char *command = NULL;
        va_list ap;

        va_start(ap, format);
        assert_true(vasprintf(&command, format, ap) > 0);
        va_end(ap);
        int status = system(command);
        free(command);
        return status;
}

/* by: "id" or "signature". */
static void same(struct json_object *a, struct json_object *b, const char *by) {
        assert_true(n_findings(a) > 0);
        assert_int_equal(n_findings(a), n_findings(b));
        for (size_t i = 0; i < n_findings(a); i++)
                assert_string_equal(text_of(finding(a, i), by), text_of(finding(b, i), by));
}

static void bundle(const char *format, const char *source, const char *to) {
        char args[2048];

        snprintf(args, sizeof(args), "bundle %s -o %s %s", format, to, source);
        struct run r = vmlife("%s", args);
        if (r.status != 0)
                fail_msg("vmlife %s: %d: %s", args, r.status, r.err);
        run_done(&r);
}

static void test_same_findings(void **state) {
        (void) state;
        static const char *const ends[] = { "tar.zst", "tar.xz" };
        char to[600];

        for (size_t i = 0; i < ARRAY_SIZE(ends); i++) {
                const char *journal = journal_of(fixture("vmlife.log"), 'a', 0);
                snprintf(to, sizeof(to), "%s/bundle.%s", journal, ends[i]);
                bundle("", journal, to);
                struct json_object *a = scan(1, "-D %s", journal), *b = scan(1, "%s", to);
                same(a, b, "id");
                same(a, b, "signature");
                json_object_put(a), json_object_put(b);

                snprintf(to, sizeof(to), "%s/text.%s", journal, ends[i]);
                bundle("", fixture("lockdep-circular.log"), to);
                a = scan(1, "%s", fixture("lockdep-circular.log")), b = scan(1, "%s", to);
                same(a, b, "id");
                json_object_put(a), json_object_put(b);
        }
}

/* Of two boots it holds the one that was asked for. */
static void test_one_boot(void **state) {
        (void) state;
        const char *a = strdup(journal_of(fixture("vmlife.log"), 'a', 0)),
                   *b = journal_of(fixture("kcsan-ps2.log"), 'b', 0);
        char to[600];

        assert_int_equal(sh("cp %s/test.journal %s/other.journal", b, a), 0);
        snprintf(to, sizeof(to), "%s/bundle.tar.zst", a);
        bundle("-b bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb", a, to);
        struct json_object *whole = scan(1, "-D %s -b bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb", a),
                           *packed = scan(1, "%s", to);
        same(whole, packed, "id");
        json_object_put(whole), json_object_put(packed);
        free((void *) (uintptr_t) a);
}

static void unpack(const char *path, const char *to) {
        assert_int_equal(sh("mkdir -p %s && tar -C %s -xf %s", to, to, path), 0);
}

/* The manifest says what is there, and its sums are right. */
static void test_members(void **state) {
        (void) state;
        const char *folder = strdup(new_folder());
        char to[600], open[600];

        snprintf(to, sizeof(to), "%s/bundle.tar.zst", folder);
        snprintf(open, sizeof(open), "%s/open", folder);
        bundle("--config configs/kernel/base.config", log_with_secrets(), to);
        unpack(to, open);
        assert_int_equal(sh("cmp configs/kernel/base.config %s/vmlife-bundle/kernel.config", open), 0);
        assert_int_equal(sh("grep -q UUID %s/vmlife-bundle/command-line.txt", open), 0);
        assert_int_equal(sh("cd %s && jq -r '.members[] | .sha256 + \"  \" + .path' vmlife-bundle/manifest.json | "
                            "sha256sum -c --quiet --strict",
                            open),
                         0);
        assert_int_equal(sh("cd %s && [ $(find vmlife-bundle -type f | wc -l) = $(jq '.members | length + 1' "
                            "vmlife-bundle/manifest.json) ]",
                            open),
                         0);
        assert_int_equal(
                sh("/usr/bin/jsonschema -i %s/vmlife-bundle/manifest.json analyzer/schema/bundle.schema.json", open),
                0);
        assert_int_equal(
                sh("/usr/bin/jsonschema -i %s/vmlife-bundle/report.json analyzer/schema/report.schema.json", open), 0);
        free((void *) (uintptr_t) folder);
}

/* Not one of the planted names is left anywhere, and what is found is the same. */
static void redacted(const char *source, const char *by) {
        const char *folder = strdup(new_folder());
        char to[600], open[600], config[600];

        snprintf(to, sizeof(to), "%s/bundle.tar.zst", folder);
        snprintf(open, sizeof(open), "%s/open", folder);
        snprintf(config, sizeof(config), "--redact --redact-word projectx --config %s/config", folder);
        assert_int_equal(
                sh("printf 'CONFIG_SMP=y\\nCONFIG_DEFAULT_HOSTNAME=\"labhost-7\"\\nCONFIG_BUILD_SALT=\"projectx\"\\n' "
                   "> %s/config",
                   folder),
                0);
        bundle(config, source, to);
        unpack(to, open);
        for (size_t i = 0; planted[i]; i++)
                if (sh("grep -raiqF -e '%s' %s", planted[i], open) == 0) {
                        sh("grep -raiF -e '%s' %s | head -5", planted[i], open);
                        fail_msg("%s got out", planted[i]);
                }
        assert_int_equal(sh("grep -q '^CONFIG_SMP=y' %s/vmlife-bundle/kernel.config", open), 0);
        struct json_object *a = scan(1, "%s", source), *b = scan(1, "%s", to);
        same(a, b, "signature");
        same(a, b, by);
        json_object_put(a), json_object_put(b);
        free((void *) (uintptr_t) folder);
}

static void test_redacted(void **state) {
        (void) state;
        redacted(log_with_secrets(), "signature");
        char *journal = strdup(journal_of(log_with_secrets(), 'c', 0));
        redacted(journal, "id");
        free(journal);
}

/* One key: the same names in all bundles; another: others. */
static void test_key(void **state) {
        (void) state;
        const char *folder = strdup(new_folder()), *log = log_with_secrets();
        char args[600], to[600];

        for (int i = 0; i < 3; i++) {
                snprintf(args, sizeof(args), "--redact-key %s/key%d", folder, i == 2);
                assert_int_equal(sh("echo 'a key of some bytes, number %d' > %s/key%d", i == 2, folder, i == 2), 0);
                snprintf(to, sizeof(to), "%s/%d.tar.zst", folder, i);
                bundle(args, log, to);
                snprintf(args, sizeof(args), "%s/%d", folder, i);
                unpack(to, args);
        }
        assert_int_equal(sh("cmp %s/0/vmlife-bundle/log/log %s/1/vmlife-bundle/log/log", folder, folder), 0);
        assert_int_not_equal(sh("cmp -s %s/0/vmlife-bundle/log/log %s/2/vmlife-bundle/log/log", folder, folder), 0);
        free((void *) (uintptr_t) folder);
}

/* --- the redactor by itself --- */

static char *redact(struct redactor *r, const char *text) {
        struct buffer out = {};

        assert_int_equal(redact_text(r, (struct slice){ text, strlen(text) }, &out), 0);
        assert_int_equal(buffer_add(&out, "", 1), 0);
        return out.data;
}

static void test_forms(void **state) {
        (void) state;
        static const char *const kept[] = {
                "",
                "[   12.345678] usb 1-1: new device",
                "0000:00:02.0: BAR 2",
                "at 12:34:56 on 2026-11-23",
                "std::string",
                "version 6.1.192 (12.2.0)",
                "RSP: 0018:ffffc90000013e58 EFLAGS: 00010246",
                "ff ff ff ff fe fe",
                "x/0x20 [i915]",
                "::",
                "kworker/0:1",
                "ffff888:fa fb fc",
                "1.2.3",
                "1.2.3.4.5",
                "1.2.3.4-5",
                "i915 vmlife: rule=x",
                "0000:00:1f.3.1",
                "#0: ffff8880: (&m){+.+.}-{3:3}, at: f+0x1/0x2",
                "write to 0xffff of 8 bytes by task 12 on cpu 1:",
        };
        static const char *const gone[] = {
                "52:54:00:ab:cd:ef",
                "52-54-00-AB-CD-EF",
                "10.1.2.3",
                "10.1.2.3:10.4.5.6",
                "fe80::1",
                "2001:db8:0:1:2:3:4:5",
                "::1",
                "alice",
                "Lab-7",
                "12345678-1234-1234-1234-1234567890ab",
                "11:22:33:44:55:66:77:88",
        };
        struct redactor *r;

        assert_int_equal(redactor_new(&r, "0123456789abcdef", 16), 0);
        assert_int_equal(redact_know(r, SECRET_USER, SLICE("alice")), 0);
        assert_int_equal(redact_know(r, SECRET_HOST, SLICE("lab-7.example")), 0);
        assert_int_equal(redact_know(r, SECRET_TASK, SLICE("write")), 0);
        assert_int_equal(redact_know(r, SECRET_HOST, SLICE("vmlife")), 0);
        assert_int_equal(redact_know(r, SECRET_TASK, SLICE("kworker/0:1")), 0);
        for (size_t i = 0; i < ARRAY_SIZE(kept); i++) {
                char *s = redact(r, kept[i]);
                assert_string_equal(s, kept[i]);
                free(s);
        }
        for (size_t i = 0; i < ARRAY_SIZE(gone); i++)
                for (size_t k = 0; k < 5; k++) {
                        static const char *const around[][2] = { { "", "" },
                                                                 { "a ", " b" },
                                                                 { "(", ")" },
                                                                 { "x=", "," },
                                                                 { "to ", ". End" } };
                        char text[200], *s;
                        snprintf(text, sizeof(text), "%s%s%s", around[k][0], gone[i], around[k][1]);
                        s = redact(r, text);
                        if (strstr(s, gone[i]))
                                fail_msg("\"%s\" is in \"%s\"", gone[i], s);
                        assert_memory_equal(s, around[k][0], strlen(around[k][0]));
                        assert_string_equal(s + strlen(s) - strlen(around[k][1]), around[k][1]);
                        free(s);
                }
        /* A task by the name of a word of the reports: in its place only. */
        char *s = redact(r, "write to x by write/12, Comm: write");
        assert_memory_equal(s, "write to x by task-", 19);
        assert_null(strstr(s + 5, "write"));
        free(s);
        redactor_free(r);
}

static void test_wrong_calls(void **state) {
        (void) state;
        static const char *const calls[] = { "/does/not/exist",
                                             "a b",
                                             "--redact-key /dev/null tests/unit/fixtures/vmlife.log",
                                             "-o /does/not/exist/b.tar.zst tests/unit/fixtures/vmlife.log",
                                             "-b 77 -D tests/unit/fixtures",
                                             "--config /does/not/exist tests/unit/fixtures/vmlife.log",
                                             "-o /tmp/b.zip tests/unit/fixtures/vmlife.log",
                                             "-o /tmp/b.tar tests/unit/fixtures/vmlife.log",
                                             "-o /tmp/b tests/unit/fixtures/vmlife.log",
                                             "-o /tmp/btar.xz.json tests/unit/fixtures/vmlife.log" };
        char out[600];

        snprintf(out, sizeof(out), "%s/b.tar.zst", new_folder());
        for (size_t i = 0; i < ARRAY_SIZE(calls); i++) {
                struct run r = vmlife("bundle -o %s %s", out, calls[i]);
                assert_int_equal(r.status, 2);
                assert_true(strlen(r.err) > 0);
                run_done(&r);
        }
        assert_int_not_equal(sh("[ -e %s ] || [ -e %s.new ]", out, out), 0);
}

/* The name decides how it is compressed, and each is read again. */
static void test_names(void **state) {
        (void) state;
        static const char *const names[] = { "b.tar.zst", "b.tzst", "b.tar.xz", "b.txz", "b.tar.gz", "b.tgz" },
                                 *const forms[] = { "Zstandard", "XZ", "gzip" };
        char to[600];

        for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
                snprintf(to, sizeof(to), "%s/%s", new_folder(), names[i]);
                bundle("", "tests/unit/fixtures/vmlife.log", to);
                assert_int_equal(sh("file %s | grep -q %s", to, forms[i / 2]), 0);
                json_object_put(scan(1, "%s", to));
        }
        struct run r = vmlife("bundle -o x.zip tests/unit/fixtures/vmlife.log");
        assert_non_null(strstr(r.err, ".tar.gz (.tgz); \"x.zip\" ends in none"));
        run_done(&r);
}

int main(void) {
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(test_same_findings), cmocka_unit_test(test_one_boot), cmocka_unit_test(test_members),
                cmocka_unit_test(test_redacted),      cmocka_unit_test(test_key),      cmocka_unit_test(test_forms),
                cmocka_unit_test(test_wrong_calls),   cmocka_unit_test(test_names),
        };
        return cmocka_run_group_tests(tests, NULL, NULL);
}
