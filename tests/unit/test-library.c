/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The library says of a log what the command says, with each option. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cmocka_all.h"
#include "lib/vmlife.h"
#include "vmlife.h"

enum { SETS = 8 };

struct options {
        const char *set[SETS][2]; /* as vmlife_set() takes them */
        const char *words;        /* as the command does */
};

static struct vmlife *open_with(const struct options *o) {
        struct vmlife *v;

        assert_int_equal(vmlife_open(&v), 0);
        for (size_t i = 0; i < SETS && o->set[i][0]; i++)
                if (vmlife_set(v, o->set[i][0], o->set[i][1]) < 0)
                        fail_msg("%s: %s", o->set[i][0], vmlife_error(v));
        return v;
}

static void assert_same(const struct options *o, const char *log) {
        struct run r = vmlife("scan --format json %s %s", o->words, log);
        struct vmlife *v = open_with(o);
        char *report;
        size_t n;

        if (*log && vmlife_read(v, log) < 0)
                fail_msg("%s: %s", log, vmlife_error(v));
        if (vmlife_finish(v) < 0)
                fail_msg("%s: %s", log, vmlife_error(v));
        assert_int_equal(vmlife_report(v, "json", &report, &n), 0);
        assert_string_equal(report, r.out);
        assert_int_equal(vmlife_status(v), r.status);
        free(report);
        vmlife_close(v);
        run_done(&r);
}

static const char *file_of(const char *folder, const char *name, const char *text) {
        static char paths[4][700];
        static unsigned i;
        char *path = paths[i++ % 4];

        snprintf(path, sizeof(paths[0]), "%s/%s", folder, name);
        FILE *f = fopen(path, "w");
        assert_non_null(f);
        fputs(text, f);
        assert_int_equal(fclose(f), 0);
        return path;
}

static void test_options(void **state) {
        (void) state;
        const char *folder = new_folder(), *key = file_of(folder, "key", "thirty-two bytes, or what there is"),
                   *known = file_of(folder, "known.json",
                                    "{\"schema\": \"vmlife-known-issues/1\", \"issues\": [{\"name\": \"ps2\", "
                                    "\"match\": {\"title\": \"ps2_do_sendbyte\"}, \"owner\": \"somebody\"}]}");
        const struct options all[] = {
                { .words = "" },
                { { { "require", "kcsan,lockdep,vmlife" } }, "--require kcsan,lockdep,vmlife" },
                { { { "focus", "ps2" }, { "fail-on", "related" } }, "--focus ps2 --fail-on related" },
                { { { "focus", "none" }, { "fail-on", "critical" } }, "--focus none --fail-on critical" },
                { { { "label", "build=17" }, { "label", "job=a b" } }, "--label build=17 --label 'job=a b'" },
                { { { "maintainers", "tests/unit/fixtures/MAINTAINERS" } },
                  "--maintainers tests/unit/fixtures/MAINTAINERS" },
                { { { "max-unpacked", "1000000" }, { "every-entry", "yes" } }, "--max-unpacked 1000000 --every-entry" },
                { { { "redact-key", key }, { "redact-word", "sendbyte" }, { "redact", "yes" } }, NULL },
                { { { "known", known }, { "fail-on", "new" } }, NULL },
        };
        char words[2000];

        for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
                struct options o = all[i];
                if (strcmp(o.set[0][0] ? o.set[0][0] : "", "redact-key") == 0)
                        snprintf(words, sizeof(words), "--redact-key %s --redact-word sendbyte --redact", key);
                else if (!o.words)
                        snprintf(words, sizeof(words), "--known %s --fail-on new", known);
                o.words = o.words ? o.words : words;
                assert_same(&o, fixture("kcsan-ps2.log"));
                assert_same(&o, "tests/logs/6.1-vm-early-put.log");
        }
}

/* A folder of journals, and a part of their time. */
static void test_journals(void **state) {
        (void) state;
        const char *folder = new_folder();
        char words[1000];

        shell("/lib/systemd/systemd-journal-remote -o %s/x.journal tests/fuzz/seeds/export/report >/dev/null 2>&1",
              folder);
        snprintf(words, sizeof(words), "-D %s", folder);
        assert_same(&(struct options){ { { "directory", folder } }, words }, "");
        snprintf(words, sizeof(words), "-D %s --since @1 --until '2100-01-01'", folder);
        assert_same(
                &(struct options){ { { "directory", folder }, { "since", "@1" }, { "until", "2100-01-01" } }, words },
                "");
}

/* Bytes that are fed are the log that they are. */
static void test_fed(void **state) {
        (void) state;
        const struct options none = { .words = "" };
        struct run r = vmlife("scan --format json %s", fixture("kcsan-ps2.log"));
        struct vmlife *v = open_with(&none);
        char bytes[77], *report;
        size_t n;

        FILE *f = fopen(fixture("kcsan-ps2.log"), "r");
        assert_non_null(f);
        while ((n = fread(bytes, 1, sizeof(bytes), f)) > 0)
                assert_int_equal(vmlife_feed(v, bytes, n), 0);
        fclose(f);
        assert_int_equal(vmlife_feed_end(v, fixture("kcsan-ps2.log")), 0);
        assert_int_equal(vmlife_finish(v), 0);
        assert_int_equal(vmlife_report(v, "json", &report, &n), 0);
        assert_string_equal(report, r.out);
        free(report);
        vmlife_close(v);
        run_done(&r);
}

static void hear(void *data, const char *text) {
        snprintf(data, 500, "%s", text);
}

/* What the command refuses or warns of, the library does, too. */
static void test_refused(void **state) {
        (void) state;
        static const char *const wrong[][2] = { { "since", "teatime" },    { "redact", "maybe" },
                                                { "every-entry", "2" },    { "label", "novalue" },
                                                { "fail-on", "terrible" }, { "threads", "2" } };
        char heard[500] = "";
        struct vmlife *v;

        assert_int_equal(vmlife_open(&v), 0);
        for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
                assert_int_equal(vmlife_set(v, wrong[i][0], wrong[i][1]), -EINVAL);
        assert_int_equal(vmlife_set(v, "fail-on", "new"), 0);
        assert_int_equal(vmlife_read(v, fixture("kcsan-ps2.log")), -EINVAL);
        assert_non_null(strstr(vmlife_error(v), "known"));
        vmlife_close(v);

        assert_int_equal(vmlife_open(&v), 0);
        vmlife_on_message(v, hear, heard);
        assert_int_equal(vmlife_set(v, "focus", "nonsuch"), 0);
        assert_int_equal(vmlife_read(v, fixture("kcsan-ps2.log")), 0);
        assert_int_equal(vmlife_finish(v), 0);
        assert_non_null(strstr(heard, "nonsuch"));
        vmlife_close(v);
}

int main(void) {
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(test_options),
                cmocka_unit_test(test_journals),
                cmocka_unit_test(test_fed),
                cmocka_unit_test(test_refused),
        };
        return cmocka_run_group_tests(tests, NULL, NULL);
}
