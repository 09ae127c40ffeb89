/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The same string of a user's, printed again and again until it is most of a text: how lines are made is learned from
 * lines, and many of them must not make the words before the string a prefix. What the text says of its boot and of the
 * report in it is what it says with a plain name in place of the string. */
#include "cmocka_all.h"
#include "forged.h"
#include "form.h"
#include "vmlife.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/macros.h"

static const char *const of_text[] = {
        "%k %m",
        "[%T] %m",
        "%S %h kernel: %m",
        "%I %m",
        "<4>1 %I %h kernel - - - %m",
        "ts=%I level=info msg=\"%j\"",
        "time=\"%I\" level=%L msg=\"%j\"",
        "ts=%I unit=kernel msg=\"%j\"",
        "level=%L ts=%I caller=kmsg.go:42 host=%h msg=\"%j\"",
        "ts=%I level=%L msg=\"%k %j\"",
        "%A     0     0 I kernel  : %m",
        "%A  root     0     0 %l kernel  : %m",
        "%l/kernel  (    0): %m",
        "%l/kernel  (    0): %k %m",
        "{\"ts\":\"%I\",\"level\":\"%L\",\"msg\":\"%k %j\"}",
        "- {\"dt\": \"%I\", \"lvl\": \"target\", \"msg\": \"%j\"}",
        "%I\t%h\tkernel\t%m",
        "%I\t%h\t%L\t%m",
        "%I,%h,kernel,\"%m\"",
        "%I,\"%m\",%h,%L",
        "%I|%L|%h|kernel|%m",
        "%k  [%u: kworker: 7] %m",
        "%P%k  (%u)[7:kworker]%m",
        "%D,123 - console - INFO - %m",
        "%l1125 %c     42 kmsg.cc:17] %m",
        "web-1  | %m",
        "[%I] [dut-7] %m",
        "%I %L dut-7 %m",
};

static const struct {
        const char *before, *after;
} shapes[] = {
        { "usb 1-1: Product: ", "" },
        { "process '/tmp/", "' started with executable stack" },
        { "input: ", " as /devices/pci0000:00/0000:00:14.0/usb1/1-1/input/input7" },
        { "EXT4-fs (", "): mounted filesystem without journal" },
        { "", ": Fixing fullspeed to highspeed interval: 10 -> 12" },
        { "usb 1-1: Product: a\\\" ", "" },
};

static const char *const words[] = {
        "BUG: KASAN: slab-use-after-free in i915_vm_put+0x1/0x2 [i915]",
        "watchdog: BUG: soft lockup - CPU#0 stuck for 22s! [x:1]",
        "WARNING: CPU: 0 PID: 1 at lib/refcount.c:28 refcount_warn_saturate+0xd8/0xe0",
        "Kernel panic - not syncing: x",
        "Linux version 9.9.9 (a@b) (gcc) #1 SMP",
        "general protection fault, probably for non-canonical address 0xdead: 0000 [#1] SMP",
        "rcu: INFO: rcu_preempt self-detected stall on CPU",
        "i915 vmlife: inject vm-early-put",
        "INFO: task x:1 blocked for more than 120 seconds.",
        "BUG: kernel NULL pointer dereference, address: 0000000000000008",
        "------------[ cut here ]------------",
};

/* So many strings, behind so many other lines, before so many. */
static const struct {
        size_t before, strings, after;
} counts[] = { { 0, 400, 4 }, { 3, 60, 4 }, { 40, 400, 12 }, { 30, 30, 10 }, { 0, 1200, 300 } };

static const char *const start[] = {
        "Linux version 6.1.192 (a@b) (gcc) #1 SMP",
        "Command line: quiet",
        "Lock dependency validator: Copyright (c) 2006 Red Hat, Inc., Ingo Molnar",
        "kcsan: enabled early",
        "kcsan: strict mode configured",
        "i915 vmlife: load token=fedcba9876543210 version=1.0 tree=6.1.192 rules=vm-early-put inject=none lockdep=1 "
        "kcsan=1",
};

static const char *const others[] = {
        "e1000 0000:00:03.0 eth0: NIC Link is Up 1000 Mbps Full Duplex",
        "usb 1-1: new full-speed USB device number 3 using xhci_hcd",
        "EXT4-fs (sda1): re-mounted. Opts: (null)",
        "device eth0 entered promiscuous mode",
};

static const char *const report[] = {
        "------------[ cut here ]------------",
        "WARNING: CPU: 1 PID: 99 at drivers/gpu/drm/i915/x.c:12 real_bug+0x10/0x20 [i915]",
        "Modules linked in: i915",
        "CPU: 1 PID: 99 Comm: gem Not tainted 6.1.192 #1",
        "RIP: 0010:real_bug+0x10/0x20 [i915]",
        "Call Trace:",
        " <TASK>",
        " real_caller+0x10/0x20 [i915]",
        " </TASK>",
        "---[ end trace 0000000000000000 ]---",
};

static struct said said;
static uint64_t us;

static void say(const char *text) {
        assert_true(said.n < ARRAY_SIZE(said.lines));
        said.lines[said.n].us = us;
        snprintf(said.lines[said.n++].text, sizeof(said.lines[0].text), "%s", text);
        /* Three records a second, and all of a report in one. */
        us += 300000;
}

static void say_all(const char *const *lines, size_t n) {
        us += 1000000 - us % 1000000;
        for (size_t i = 0; i < n; i++, us -= 299000)
                say(lines[i]);
}

static void say_others(size_t n) {
        for (size_t i = 0; i < n; i++)
                say(others[i % ARRAY_SIZE(others)]);
}

static void fill(size_t count, size_t shape, const char *name, bool broken) {
        char line[512];

        said.n = 0;
        us = 1;
        say_all(start, ARRAY_SIZE(start));
        say_others(counts[count].before);
        snprintf(line, sizeof(line), "%s%s%s", shapes[shape].before, name, shapes[shape].after);
        for (size_t i = 0; i < counts[count].strings; i++)
                say(line);
        if (broken)
                say_all(report, ARRAY_SIZE(report));
        say_others(counts[count].after);
        say("i915 vmlife: unload token=fedcba9876543210 sites=a@f:5,b@g:0 reports=1 suppressed=0 unchecked=0");
}

static char path[600];

static char *what_it_says(const char *form) {
        struct buffer b = {};

        for (size_t i = 0; i < said.n; i++) {
                put_line(&b, form, (struct place){ &said, i });
                buffer_add(&b, "\n", 1);
        }
        write_file(path, b.data, b.size);
        buffer_done(&b);
        struct run run = vmlife("scan %s", path);
        struct json_object *r = json_tokener_parse(run.out);
        if (!r)
                fail_msg("\"%s\": no JSON, exit status %d: %s", form, run.status, run.err);
        char *text = what_is_said(r);
        json_object_put(r);
        run_done(&run);
        return text;
}

static void compare(const char *form, size_t count, size_t shape, const char *string, bool broken) {
        fill(count, shape, "Mouse", broken);
        char *plain = what_it_says(form);
        fill(count, shape, string, broken);
        char *with = what_it_says(form);

        if (strcmp(plain, with) != 0)
                fail_msg("\"%s\", %zu times \"%s%s\":\nwithout: %.600s\nwith:    %.600s", form, counts[count].strings,
                         shapes[shape].before, string, plain, with);
        free(plain);
        free(with);
}

/* Each form with each word, count and shape at least once, not with each pair of them. */
static void test_equal_strings(void **state) {
        size_t n = 0;

        (void) state;
        for (size_t f = 0; f < ARRAY_SIZE(of_text); f += by_checker(1, 5, 9))
                for (size_t i = 0; i < ARRAY_SIZE(words); i++, n++)
                        compare(of_text[f], n % ARRAY_SIZE(counts), n / 2 % ARRAY_SIZE(shapes), words[i], n / 3 % 2);
}

/* A report that begins in the same form, behind them, is read, and names what it did. */
static void test_report_is_read(void **state) {
        (void) state;
        for (size_t f = 0; f < ARRAY_SIZE(of_text); f += by_checker(1, 5, 9)) {
                fill(f % ARRAY_SIZE(counts), f % ARRAY_SIZE(shapes), words[f % ARRAY_SIZE(words)], true);
                char *with = what_it_says(of_text[f]);
                if (!strstr(with, "WARNING in real_bug"))
                        fail_msg("\"%s\", \"%s\": the report is not there: %.600s", of_text[f],
                                 words[f % ARRAY_SIZE(words)], with);
                free(with);
        }
}

/* Nothing else is left of the log: the same words again and again show no prefix. */
static void test_nothing_else(void **state) {
        (void) state;
        for (size_t f = 0; f < ARRAY_SIZE(of_text); f += by_checker(1, 5, 9)) {
                char line[512];

                said.n = 0;
                us = 1;
                snprintf(line, sizeof(line), "%s%s%s", shapes[f % 2].before, words[f % 8], shapes[f % 2].after);
                for (size_t i = 0; i < 300; i++)
                        say(line);
                char *with = what_it_says(of_text[f]);
                if (!strstr(with, "not-proven"))
                        fail_msg("\"%s\", \"%s\": %.600s", of_text[f], line, with);
                free(with);
        }
}

static int setup(void **state) {
        (void) state;
        snprintf(path, sizeof(path), "%s/log", new_folder());
        return 0;
}

int main(int argc, char **argv) {
        static const struct CMUnitTest tests[] = { cmocka_unit_test(test_equal_strings),
                                                   cmocka_unit_test(test_report_is_read),
                                                   cmocka_unit_test(test_nothing_else) };

        if (argc > 1)
                cmocka_set_test_filter(argv[1]);
        return cmocka_run_group_tests(tests, setup, NULL);
}
