/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Honest silence: which logs without findings are clean, and why the others are not. */
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "cmocka_all.h"
#include "log.h"
#include "vmlife.h"

#define ALL "--require kcsan,lockdep,vmlife --fail-on related"

static struct json_object *boot(struct json_object *report, size_t i) {
        struct json_object *b = json_object_array_get_idx(member(report, "boots"), i);
        assert_non_null(b);
        return b;
}

static struct json_object *watch(struct json_object *b, const char *name) {
        struct json_object *all = member(member(b, "coverage"), "detectors");

        for (size_t i = 0; i < json_object_array_length(all); i++)
                if (strcmp(text_of(json_object_array_get_idx(all, i), "name"), name) == 0)
                        return json_object_array_get_idx(all, i);
        fail_msg("no detector %s", name);
        return NULL;
}

/* reason: a word of one of the reasons; NULL: there is none. */
static void expect(int status, const char *options, struct log *l, const char *verdict, const char *reason) {
        struct json_object *r = scan(status, "%s %s", options, path_of(l)), *b = boot(r, 0),
                           *reasons = member(b, "reasons");
        bool found = false;

        assert_string_equal(text_of(b, "verdict"), verdict);
        assert_int_equal(json_object_get_int(member(member(member(r, "summary"), "verdicts"), verdict)), 1);
        for (size_t i = 0; i < json_object_array_length(reasons); i++)
                found |= reason && strstr(json_object_get_string(json_object_array_get_idx(reasons, i)), reason);
        if (reason ? !found : json_object_array_length(reasons) != 0)
                fail_msg("reasons: %s", json_object_to_json_string(reasons));
        json_object_put(r);
}

static void test_clean(void **state) {
        (void) state;
        struct log l = {};

        /* As a serial console begins: the firmware's words and a terminal reset stand before the first line. */
        l.n = (size_t) snprintf(l.text, sizeof(l.text), "SeaBIOS\r\nBooting from ROM..\033c\033[?7l\033[2J\033[0m.\r");
        WATCHED(&l);
        UNLOAD(&l, 9);
        expect(0, ALL, &l, "clean", NULL);
        expect(0, "", &l, "clean", NULL);

        struct json_object *r = scan(0, ALL " %s", path_of(&l)), *w = watch(boot(r, 0), "lockdep");
        assert_string_equal(text_of(w, "present"), "yes");
        assert_true(json_object_get_boolean(member(w, "alive")));
        assert_int_equal(json_object_get_int64(member(member(w, "until"), "monotonic_us")), 9000000);
        assert_string_equal(text_of(member(member(boot(r, 0), "exposure"), "kcsan"), "mode"), "strict");
        json_object_put(r);
}

/* One missing word each, and the log is no proof. */
static void test_each_detector_must_be_there(void **state) {
        (void) state;
        struct log a = {}, b = {}, c = {}, d = {}, e = {};

        START(&a), LOCKDEP(&a), KCSAN(&a);
        expect(3, ALL, &a, "not-proven", "vmlife: the debug variant");
        expect(0, "--fail-on related", &a, "not-proven", "vmlife: the debug variant");
        expect(0, "--require kcsan,lockdep", &a, "clean", NULL);

        START(&b), LOCKDEP(&b);
        say(&b, 1, "i915 vmlife: load version=1 tree=6.1.0 rules=vm-early-put inject=none lockdep=1 kcsan=0");
        expect(3, ALL, &b, "not-proven", "kcsan: it is not built in");

        START(&c), KCSAN(&c);
        say(&c, 1, "i915 vmlife: load version=1 tree=6.1.0 rules=vm-early-put inject=none kcsan=1");
        expect(3, ALL, &c, "not-proven", "lockdep: the log does not show");

        LOCKDEP(&d), KCSAN(&d), LOAD(&d, 1, "none");
        expect(3, ALL, &d, "not-proven", "does not begin with the kernel's first message");

        START(&e), LOCKDEP(&e), LOAD(&e, 1, "none");
        say(&e, 0.2, "kcsan: strict mode configured");
        expect(3, ALL, &e, "not-proven", "does not show that it was enabled");
}

/* Whatever turns lockdep off in second 3: never clean, asked or not. */
/* The variant is i915's: where another driver is in focus, or none, nothing is missed without it. */
static void test_variant_belongs_to_its_driver(void **state) {
        (void) state;
        struct log l = {};

        START(&l), LOCKDEP(&l), KCSAN(&l);
        say(&l, 9, "end");
        expect(0, "", &l, "not-proven", "debug variant of i915 was not loaded");
        expect(0, "--focus drivers/gpu/drm/i915/", &l, "not-proven", "debug variant of i915 was not loaded");
        expect(0, "--focus xe", &l, "clean", NULL);
        expect(0, "--focus fs/ext4/", &l, "clean", NULL);
        expect(0, "--focus none", &l, "clean", NULL);
        expect(3, "--focus xe --require vmlife,lockdep", &l, "not-proven", "debug variant of i915 was not loaded");
        l = (struct log){};
        START(&l), KCSAN(&l);
        expect(0, "--focus xe", &l, "not-proven", "lockdep");
}

static void test_lockdep_off(void **state) {
        (void) state;
        static const char *const words[] = {
                "Disabling lock debugging due to kernel taint",
                "BUG: MAX_LOCKDEP_CHAINS too low!",
                "turning off the locking correctness validator.",
                "INFO: lockdep is turned off.",
                "Oops: 0000 [#1] PREEMPT SMP",
                "BUG: spinlock bad magic on CPU#0, x/1",
        };

        for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
                struct log l = {};
                WATCHED(&l);
                say(&l, 3, "%s", words[i]);
                UNLOAD(&l, 9);
                expect(3, ALL " --fail-on certain", &l, "not-proven", "lockdep: silent since [3.000000]");
                expect(3, "--require vmlife --fail-on certain", &l, "not-proven", "lockdep: silent");
                expect(0, "--fail-on certain", &l, "not-proven", "lockdep: silent");
        }
}

/* A report that this log has not: the variant looked, and says when it was found off. */
static void test_lockdep_off_as_the_variant_says(void **state) {
        (void) state;
        struct log at_load = {}, at_unload = {}, awake = {}, odd = {}, not_built = {};

        START(&at_load), LOCKDEP(&at_load), KCSAN(&at_load);
        say(&at_load, 5,
            "i915 vmlife: load token=0123456789abcdef version=1.1 tree=6.1.0 rules=vm-early-put inject=none fault=none "
            "kcsan=1 lockdep=0 lockdep_off=2.500000");
        UNLOAD(&at_load, 9);
        expect(3, ALL, &at_load, "not-proven", "lockdep: silent since [2.500000]: the variant found it turned off");

        WATCHED(&at_unload);
        say(&at_unload, 9,
            "i915 vmlife: unload token=0123456789abcdef sites=a@f:1 reports=0 suppressed=0 unchecked=0 lockdep=0 "
            "lockdep_off=4.000007");
        expect(3, ALL, &at_unload, "not-proven", "lockdep: silent since [4.000007]");

        WATCHED(&awake);
        say(&awake, 9,
            "i915 vmlife: unload token=0123456789abcdef sites=a@f:1 reports=0 suppressed=0 unchecked=0 lockdep=1");
        expect(0, ALL, &awake, "clean", NULL);

        /* No time at all, and one that is none. */
        WATCHED(&odd);
        say(&odd, 9,
            "i915 vmlife: unload token=0123456789abcdef sites=a@f:1 reports=0 suppressed=0 unchecked=0 lockdep=0 "
            "lockdep_off=x.9999999");
        expect(0, ALL, &odd, "clean", NULL);

        START(&not_built), KCSAN(&not_built);
        say(&not_built, 1,
            "i915 vmlife: load token=0123456789abcdef version=1.1 tree=6.1.0 rules=vm-early-put inject=none fault=none "
            "kcsan=1 lockdep=0");
        UNLOAD(&not_built, 9);
        expect(3, ALL, &not_built, "not-proven", "lockdep: it is not built in");
}

/* A rule that was off for a while saw nothing meanwhile, whether it is on again or not. */
static void test_rules_off(void **state) {
        (void) state;
        struct log at_load = {}, later = {}, none = {}, foreign = {};

        START(&at_load), LOCKDEP(&at_load), KCSAN(&at_load);
        say(&at_load, 1,
            "i915 vmlife: load token=0123456789abcdef version=1.2 tree=6.1.0 rules=vm-early-put,vm-leak off=vm-leak "
            "panic=none inject=none fault=none kcsan=1 lockdep=1");
        say(&at_load, 2, "i915 vmlife: rules token=0123456789abcdef off=none panic=vm-leak");
        UNLOAD(&at_load, 9);
        expect(3, ALL, &at_load, "not-proven", "the rule vm-leak was switched off");

        WATCHED(&later);
        say(&later, 2, "i915 vmlife: rules token=0123456789abcdef off=ctx-chase,vm-leak panic=none");
        say(&later, 3, "i915 vmlife: rules token=0123456789abcdef off=vm-leak panic=none");
        UNLOAD(&later, 9);
        expect(3, ALL, &later, "not-proven", "the rule ctx-chase was switched off");
        struct json_object *r = scan(3, ALL " %s", path_of(&later)),
                           *off = member(member(boot(r, 0), "variant"), "rules_off");
        assert_string_equal(json_object_to_json_string(off), "[ \"ctx-chase\", \"vm-leak\" ]");
        json_object_put(r);

        WATCHED(&none);
        say(&none, 2, "i915 vmlife: rules token=0123456789abcdef off=none panic=all");
        UNLOAD(&none, 9);
        expect(0, ALL, &none, "clean", NULL);

        /* Not this load's token: somebody else wrote it. */
        START(&foreign), LOCKDEP(&foreign), KCSAN(&foreign);
        say(&foreign, 1,
            "i915 vmlife: load token=0123456789abcdef version=1.2 tree=6.1.0 rules=vm-leak off=none panic=none "
            "inject=none fault=none kcsan=1 lockdep=1");
        say(&foreign, 2, "i915 vmlife: rules token=ffffffffffffffff off=vm-leak panic=none");
        UNLOAD(&foreign, 9);
        r = scan(0, ALL " %s", path_of(&foreign));
        assert_null(json_object_object_get(member(boot(r, 0), "variant"), "rules_off"));
        json_object_put(r);
}

/* Its own report turns it off, even one that does not count. */
static void test_lockdep_off_by_its_report(void **state) {
        (void) state;
        struct json_object *r = scan(3, "--require lockdep --fail-on certain %s", fixture("lockdep-recursive.log")),
                           *b = boot(r, 0);

        assert_string_equal(text_of(b, "verdict"), "not-proven");
        assert_false(json_object_get_boolean(member(watch(b, "lockdep"), "alive")));
        json_object_put(r);
        /* Suspicious RCU usage does not. */
        r = scan(1, "%s", fixture("lockdep-rcu.log"));
        assert_true(json_object_get_boolean(member(watch(boot(r, 0), "lockdep"), "alive")));
        json_object_put(r);
}

static void test_losses(void **state) {
        (void) state;
        struct log l = {};

        WATCHED(&l);
        say(&l, 5, "usb 1-1: new device");
        say(&l, 7, "** 12 printk messages dropped **");
        say(&l, 8, "foo: 7 callbacks suppressed");
        UNLOAD(&l, 9);
        expect(3, ALL, &l, "not-proven", "12 messages were lost");
        struct json_object *r = scan(3, ALL " %s", path_of(&l)), *c = member(boot(r, 0), "coverage");
        struct json_object *loss = json_object_array_get_idx(member(c, "losses"), 0);
        assert_int_equal(json_object_get_int(member(loss, "messages")), 12);
        assert_int_equal(json_object_get_int64(member(member(loss, "after"), "monotonic_us")), 5000000);
        assert_int_equal(json_object_get_int64(member(member(loss, "before"), "monotonic_us")), 7000000);
        struct json_object *limit = json_object_array_get_idx(member(c, "rate_limited"), 0);
        assert_string_equal(text_of(limit, "function"), "foo");
        assert_int_equal(json_object_get_int(member(limit, "messages")), 7);
        json_object_put(r);
}

/* A race that does not count leaves a clean boot clean; one that counts is a finding. */
static void test_unrelated_findings(void **state) {
        (void) state;
        struct log l = {}, m = {};

        WATCHED(&l);
        say_race(&l, 3, "ps2_a", "ps2_a x", "ps2_b", "ps2_b y", 0xffff888000001000);
        UNLOAD(&l, 9);
        expect(0, ALL, &l, "clean", NULL);
        expect(1, "--require kcsan,lockdep,vmlife", &l, "findings", NULL);

        /* A count of somebody else's broke: refcount_t is silent about ours from now on. */
        WATCHED(&m);
        say_warn(&m, 3, 1, "refcount_t: underflow; use-after-free.", "refcount_warn_saturate foo bar");
        UNLOAD(&m, 9);
        expect(3, ALL, &m, "not-proven", "refcount: \"underflow\" already fired");
}

static void test_the_variant_itself(void **state) {
        (void) state;
        struct log a = {}, b = {}, c = {};

        WATCHED(&a);
        say(&a, 9, "i915 vmlife: unload sites=a@f:0,b@g:0 reports=0 suppressed=0 unchecked=0");
        expect(3, ALL, &a, "not-proven", "no hook was passed");

        WATCHED(&b);
        say(&b, 9, "i915 vmlife: selftest name=vmlife_y rounds=5 reads=9 inject=none err=-12");
        UNLOAD(&b, 10);
        expect(3, ALL, &b, "not-proven", "vmlife_y ended with error -12");

        /* A fault that nobody saw. */
        struct log d = {};
        WATCHED(&d);
        SELFTEST(&d, 3, "vm-leak");
        UNLOAD(&d, 10);
        expect(3, ALL, &d, "not-proven", "the fault vm-leak was injected and nothing reported it");

        /* Two lines of one unload, then a second load and unload. */
        WATCHED(&c);
        say(&c, 9, "i915 vmlife: unload sites=a@f:5,b@g:1 reports=3 suppressed=1 unchecked=2");
        say(&c, 9, "i915 vmlife: unload sites=c@h:7 reports=3 suppressed=1 unchecked=2");
        LOAD(&c, 10, "none");
        say(&c, 11, "i915 vmlife: unload sites=a@f:5 reports=1 suppressed=0 unchecked=0");
        struct json_object *r = scan(3, ALL " %s", path_of(&c)), *x = member(boot(r, 0), "exposure");
        assert_int_equal(json_object_get_int(member(x, "reports")), 4);
        assert_int_equal(json_object_get_int(member(x, "suppressed")), 1);
        assert_int_equal(json_object_get_int(member(x, "unchecked")), 2);
        assert_int_equal(json_object_get_int(member(member(x, "passes"), "a@f")), 10);
        assert_int_equal(json_object_get_int(member(member(x, "passes"), "c@h")), 7);
        json_object_put(r);
}

/* The order of exit statuses: 2 before 1 before 3. */
static void test_exit_status(void **state) {
        (void) state;
        struct log l = {};

        START(&l);
        say_rule(&l, 3, 1, "vm-early-put", 0);
        expect(1, ALL, &l, "findings", "lockdep: the log does not show");
        struct run r = vmlife("scan " ALL " %s /nonexistent/log", path_of(&l));
        assert_int_equal(r.status, 2);
        run_done(&r);
        r = vmlife("scan --require kcsan,frobnicate %s", path_of(&l));
        assert_int_equal(r.status, 2);
        assert_non_null(strstr(r.err, "\"frobnicate\""));
        assert_string_equal(r.out, "");
        run_done(&r);
        /* What a process wrote is no finding, and no detector's word either. */
        json_object_put(scan(3, ALL " -D %s", journal_of(fixture("vmlife.log"), 'd', 1)));
}

/* No driver has so many hooks: such lines are a process's, and must not cost more than others. */
static void test_more_hooks_than_there_are(void **state) {
        (void) state;
        struct log l = {};

        WATCHED(&l);
        for (unsigned i = 0; i < 400; i++)
                say(&l, 3, "i915 vmlife: unload sites=a%u@f:1,b%u@f:1,c%u@f:1 reports=0 suppressed=0 unchecked=0", i, i,
                    i);
        expect(3, ALL, &l, "not-proven", "more hooks or selftests than a driver has");
        struct json_object *r = scan(0, "%s", path_of(&l));
        assert_int_equal(json_object_object_length(member(member(boot(r, 0), "exposure"), "passes")), 1024);
        json_object_put(r);
}

int main(void) {
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(test_clean),
                cmocka_unit_test(test_more_hooks_than_there_are),
                cmocka_unit_test(test_each_detector_must_be_there),
                cmocka_unit_test(test_variant_belongs_to_its_driver),
                cmocka_unit_test(test_lockdep_off),
                cmocka_unit_test(test_lockdep_off_as_the_variant_says),
                cmocka_unit_test(test_rules_off),
                cmocka_unit_test(test_lockdep_off_by_its_report),
                cmocka_unit_test(test_losses),
                cmocka_unit_test(test_unrelated_findings),
                cmocka_unit_test(test_the_variant_itself),
                cmocka_unit_test(test_exit_status),
        };
        return cmocka_run_group_tests(tests, NULL, NULL);
}
