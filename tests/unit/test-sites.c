/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* --sites: hooks that must have been passed, and file and line of the place that broke a rule. */
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "cmocka_all.h"
#include "log.h"
#include "vmlife.h"

static void end(struct log *l, const char *passes) {
        say(l, 9, "i915 vmlife: unload sites=%s reports=0 suppressed=0 unchecked=0", passes);
}

/* What is so of every such text is left to test-coverage: nobody vouches for a line of it, and it has no token. */
static bool is_of_all_texts(const char *reason) {
        return strncmp(reason, "origin: ", strlen("origin: ")) == 0 || strstr(reason, "carry no token") != NULL;
}

/* reasons: of what is not proven, in order; NULL behind the last. */
static void expect(struct log *l, const char *options, int status, const char *const *reasons) {
        struct json_object *r = scan(status, "--require vmlife,lockdep,kcsan %s %s", options, path_of(l)), *b, *said;
        size_t n = 0, others = 0;

        b = json_object_array_get_idx(member(r, "boots"), 0);
        said = member(b, "reasons");
        for (; reasons[n]; n++)
                assert_string_equal(json_object_get_string(json_object_array_get_idx(said, n)), reasons[n]);
        for (size_t i = n; i < json_object_array_length(said); i++)
                others += !is_of_all_texts(json_object_get_string(json_object_array_get_idx(said, i)));
        assert_int_equal(others, 0);
        assert_string_equal(text_of(b, "verdict"), n ? "not-proven" : "clean");
        json_object_put(r);
}

static const char *option(const char *file) {
        static char text[600];
        snprintf(text, sizeof(text), "--sites %s", file);
        return text;
}

static void test_passed(void **state) {
        (void) state;
        struct log all = {}, some = {}, silent = {};
        const char *sites = option(fixture("sites.json"));

        WATCHED(&all);
        end(&all, "vm_read@reads:5,vm_drop@drops:1,vm_drop@context_close:0,vm_init@begins:7,ctx_take@hangs:0");
        expect(&all, sites, 0, (const char *[]){ NULL });

        /* Without the file all that is known is that some were passed. */
        WATCHED(&some);
        end(&some, "vm_read@reads:0,vm_drop@context_close:0,vm_init@begins:7");
        expect(&some, "", 0, (const char *[]){ NULL });
        expect(&some, sites, 3,
               (const char *[]){
                       "vmlife: the hook vm_read@reads in drivers/gpu/drm/i915/gem/a.c:10 was not passed, although it "
                       "needs no hardware; it judges vm-early-put",
                       "vmlife: the hook vm_drop@drops in drivers/gpu/drm/i915/gem/a.c:20 was not passed, although it "
                       "needs no hardware; it judges vm-double-put",
                       NULL,
               });

        WATCHED(&silent);
        expect(&silent, sites, 3,
               (const char *[]){ "vmlife: the unload line is missing: the hooks that were passed are unknown", NULL });
}

/* file: where the frame of that function must be, as FILE:LINE; NULL: nowhere. */
static void expect_place(struct json_object *r, size_t i, const char *function, const char *place) {
        struct json_object *frames = member(json_object_array_get_idx(member(finding(r, i), "stacks"), 0), "frames");

        for (size_t k = 0; k < json_object_array_length(frames); k++) {
                struct json_object *f = json_object_array_get_idx(frames, k);
                char is[256] = "";

                if (json_object_object_get_ex(f, "file", NULL))
                        snprintf(is, sizeof(is), "%s:%d", text_of(f, "file"), json_object_get_int(member(f, "line")));
                assert_string_equal(is, place && strcmp(text_of(f, "function"), function) == 0 ? place : "");
        }
}

#define RECORD(rule, by) \
        "i915 vmlife: rule=" rule " ctx_id=2 vm_id=3 ctx_ref=2 vm_ref=1 closed=1 injected=0 by=" by "+0x1/0x2 n=1"

static void test_place(void **state) {
        (void) state;
        struct log l = {};

        WATCHED(&l);
        say_warn(&l, 3, 100, RECORD("vm-early-put", "reads"),
                 "vmlife_report! vmlife_check_vm_early_put! reads.isra.0! reads!");
        /* Two places in one function: it may be either. */
        say_warn(&l, 4, 100, RECORD("vm-double-put", "drops"), "vmlife_report! __i915_vmlife_vm_drop! drops! kthread");
        /* The hook was inlined into that caller, or judges by another rule. */
        say_warn(&l, 5, 100, RECORD("vm-early-put", "user"), "vmlife_report! vmlife_check_vm_early_put! user! reads!");
        say_warn(&l, 6, 100, RECORD("ctx-chase", "reads"), "vmlife_report! vmlife_check_ctx_chase! reads! kthread");
        struct json_object *r = scan(1, "%s %s", option(fixture("sites.json")), path_of(&l));
        expect_place(r, 0, "reads.isra.0", "drivers/gpu/drm/i915/gem/a.c:10");
        expect_place(r, 1, "drops", NULL);
        expect_place(r, 2, "user", NULL);
        expect_place(r, 3, "reads", NULL);
        json_object_put(r);
}

/* The file must be of the tree that the driver is from: its version and its fix. */
static void test_other_trees(void **state) {
        (void) state;
        static const char *const other[] = {
                "vmlife: no file given with --sites belongs to this driver's tree: the hooks that must be passed are "
                "unknown",
                NULL,
        };
        const char *folder = new_folder(), *sites = fixture("sites.json");
        struct log l = {}, fixed = {};
        char options[600];

        struct run r = run_shell(
                "for k in 6.12 6; do sed \"s/6[.]1/$k/\" %s >%s/$k; done; sed s/upstream/applied/ %s >%s/fixed", sites,
                folder, sites, folder);
        assert_int_equal(r.status, 0);
        run_done(&r);
        WATCHED(&l);
        end(&l, "vm_read@reads:5,vm_drop@drops:1,vm_init@begins:7");
        snprintf(options, sizeof(options), "--sites %s/6.12", folder);
        expect(&l, options, 3, other);
        snprintf(options, sizeof(options), "--sites %s/6.12 --sites %s", folder, sites);
        expect(&l, options, 0, (const char *[]){ NULL });

        START(&fixed);
        LOCKDEP(&fixed);
        KCSAN(&fixed);
        say(&fixed, 1,
            "i915 vmlife: load version=1 tree=6.1.0 fix=applied rules=vm-early-put inject=none lockdep=1 kcsan=1");
        end(&fixed, "vm_read@reads:5,vm_drop@drops:1,vm_init@begins:7");
        expect(&fixed, option(sites), 3, other);
        snprintf(options, sizeof(options), "--sites %s/fixed", folder);
        expect(&fixed, options, 0, (const char *[]){ NULL });
}

static void test_what_is_no_such_file(void **state) {
        (void) state;
        static const struct {
                const char *change, *says;
        } bad[] = {
                { "del(.schema)", "is not what `kernel/annotate --sites TREE` prints" },
                { ".schema = \"vmlife-audit/1\"", "is not what `kernel/annotate --sites TREE` prints" },
                { "[.]", "it is not a JSON object" },
                { ".sites = []", "sites is missing or empty" },
                { "del(.kernel)", "kernel is missing" },
                { ".sites[2].line = 0", "sites[2]: line is not the number of a line" },
                { "del(.sites[1].hook)", "sites[1]: hook is missing" },
                { ".sites[0] = 7", "sites[0]" },
        };
        const char *folder = new_folder(), *log = fixture("clean.log");

        for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
                struct run r = run_shell("jq '%s' %s >%s/bad && $VMLIFE scan --sites %s/bad %s", bad[i].change,
                                         fixture("sites.json"), folder, folder, log);
                assert_int_equal(r.status, 2);
                assert_string_equal(r.out, "");
                if (!strstr(r.err, bad[i].says))
                        fail_msg("%s: %s", bad[i].change, r.err);
                run_done(&r);
        }
        struct run r = run_shell("head -c 300 %s >%s/bad; $VMLIFE scan --sites %s/bad %s", fixture("sites.json"),
                                 folder, folder, log);
        assert_int_equal(r.status, 2);
        run_done(&r);
        r = vmlife("scan --sites %s/none %s", folder, log);
        assert_int_equal(r.status, 2);
        assert_non_null(strstr(r.err, "No such file"));
        run_done(&r);
}

/* What is tested with is what annotate prints. */
static void test_fixture_fits_the_schema(void **state) {
        (void) state;
        struct run r = run_shell("/usr/bin/jsonschema -i %s kernel/annotate.schema.json", fixture("sites.json"));
        if (r.status != 0)
                fail_msg("%s", r.err);
        run_done(&r);
}

int main(void) {
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(test_passed),
                cmocka_unit_test(test_place),
                cmocka_unit_test(test_other_trees),
                cmocka_unit_test(test_what_is_no_such_file),
                cmocka_unit_test(test_fixture_fits_the_schema),
        };
        return cmocka_run_group_tests(tests, NULL, NULL);
}
