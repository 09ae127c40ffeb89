/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Facts of a boot that explain reports and are none: counted, with their times, and no finding. */
#include <stdio.h>
#include <string.h>

#include "cmocka_all.h"
#include "log.h"
#include "vmlife.h"

static struct json_object *event(struct json_object *report, const char *what) {
        struct json_object *events, *boot = json_object_array_get_idx(member(report, "boots"), 0);

        for (size_t i = 0; json_object_object_get_ex(boot, "events", &events) && i < json_object_array_length(events);
             i++) {
                struct json_object *e = json_object_array_get_idx(events, i);
                if (strcmp(text_of(e, "what"), what) == 0)
                        return e;
        }
        return NULL;
}

static void expect(struct json_object *report, const char *what, int64_t n, int64_t first, int64_t last) {
        struct json_object *e = event(report, what);

        if (!e)
                fail_msg("no %s was counted", what);
        assert_int_equal(json_object_get_int64(member(e, "count")), n);
        assert_int_equal(json_object_get_int64(member(member(e, "first_seen"), "monotonic_us")), first);
        assert_int_equal(json_object_get_int64(member(member(e, "last_seen"), "monotonic_us")), last);
}

static void write_log(struct log *l) {
        START(l);
        say(l, 5,
            "Out of memory: Killed process 1207 (gem_leak) total-vm:2048kB, anon-rss:128kB, file-rss:0kB, "
            "shmem-rss:0kB, UID:0 pgtables:44kB oom_score_adj:0");
        say(l, 6,
            "Memory cgroup out of memory: Killed process 1209 (gem_leak) total-vm:2048kB, anon-rss:128kB, "
            "file-rss:0kB, shmem-rss:0kB, UID:0");
        say(l, 7, "Out of memory: Kill process 1211 (gem_leak) score 912 or sacrifice child");
        say(l, 7, "Killed process 1211 (gem_leak) total-vm:2048kB, anon-rss:128kB, file-rss:0kB");
        say(l, 8, "mce: [Hardware Error]: Machine check events logged");
        say(l, 8, "mce: [Hardware Error]: CPU 0: Machine Check: 0 Bank 5: be00000000800400");
        say(l, 9, "mce: [Hardware Error]: CPU 3: Machine Check: 0 Bank 5: be00000000800400");
        say(l, 9, "mce: [Hardware Error]: TSC 0 ADDR fef1ce40 MISC 3880010086");
        say(l, 10, "{1}[Hardware Error]: Hardware error from APEI Generic Hardware Error Source: 1");
        say(l, 10, "{1}[Hardware Error]: event severity: corrected");
        say(l, 11,
            "EDAC MC0: 3 CE memory read error on CPU_SrcID#0_Ha#0_Chan#1_DIMM#0 (channel:1 slot:0 page:0x1f offset:0x0 "
            "grain:32)");
        say(l, 12,
            "EDAC MC1: 2 CE memory read error on CPU_SrcID#1_Ha#0_Chan#1_DIMM#0 (channel:1 slot:0 page:0x1f offset:0x0 "
            "grain:32)");
        say(l, 13,
            "EDAC MC0: 1 UE memory read error on CPU_SrcID#0_Ha#0_Chan#1_DIMM#0 (channel:1 slot:0 page:0x1f offset:0x0 "
            "grain:32)");
        say(l, 14, "mce: CPU2: Package temperature above threshold, cpu clock throttled (total events = 12)");
        say(l, 15, "CPU1: Core temperature is above threshold, cpu clock is throttled (total events = 3)");
        say(l, 15, "CPU1: Core temperature/speed normal");
}

static void expect_all(struct json_object *r) {
        expect(r, "oom-kill", 3, 5000000, 7000000);
        expect(r, "machine-check", 2, 8000000, 9000000);
        expect(r, "hardware-error", 1, 10000000, 10000000);
        expect(r, "edac-corrected", 5, 11000000, 12000000);
        expect(r, "edac-uncorrected", 1, 13000000, 13000000);
        expect(r, "throttling", 2, 14000000, 15000000);
        assert_int_equal(n_findings(r), 0);
}

static void test_counts_and_times(void **state) {
        struct log l = {};

        (void) state;
        write_log(&l);
        struct json_object *r = scan(0, "%s", path_of(&l));
        expect_all(r);
        json_object_put(r);
}

/* What a saved report says comes through the reader that diff and export use. */
static void test_in_text(void **state) {
        struct log l = {};

        (void) state;
        write_log(&l);
        struct run r = vmlife("scan --format text %s", path_of(&l));
        assert_non_null(strstr(r.out, "edac-corrected, 5 times"));
        assert_non_null(strstr(r.out, "Killed process 1207"));
        run_done(&r);
}

/* Words within a line, or of another's, are no facts. */
static void test_words_of_others(void **state) {
        struct log l = {};

        (void) state;
        START(&l);
        say(&l, 5, "gem_x: Out of memory: Killed process 1 (x) total-vm:1kB");
        say(&l, 6, "usb 1-1: Product: EDAC MC0: 3 CE memory read error on x");
        say(&l, 7, "usb 1-1: Product: mce: [Hardware Error]: CPU 0: Machine Check: 0 Bank 5: be");
        say(&l, 8,
            "usb 1-1: Product: CPU1: Core temperature is above threshold, cpu clock is throttled (total events = 3)");
        struct json_object *r = scan(0, "%s", path_of(&l)), *events;
        assert_false(json_object_object_get_ex(json_object_array_get_idx(member(r, "boots"), 0), "events", &events));
        json_object_put(r);
}

int main(void) {
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(test_counts_and_times),
                cmocka_unit_test(test_in_text),
                cmocka_unit_test(test_words_of_others),
        };
        return cmocka_run_group_tests(tests, NULL, NULL);
}
