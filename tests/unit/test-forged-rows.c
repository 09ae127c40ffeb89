/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Several strings that a user chose, in messages one after another: each line of a report as the name of a device, a
 * path, a task. They make no report together, and take nothing from the one that follows. */
#include "cmocka_all.h"
#include "vmlife.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/macros.h"
#include "forged.h"

/* At the start of a message, amid it, at its end; a task's name has room for 15 bytes. */
static const struct shape {
        const char *before, *after;
        int room;
} shapes[] = {
        { "usb 1-1: Product: ", "", 200 },
        { "", ": Fixing fullspeed to highspeed interval: 10 -> 12", 200 },
        { "usb 1-1: SerialNumber: ", "", 200 },
        { "input: ", " as /devices/pci0000:00/0000:00:14.0/usb1/1-1/1-1:1.0/0003:1234:5678.0001/input/input7", 200 },
        { "process '/tmp/", "' started with executable stack", 200 },
        { "", "[77]: segfault at 0 ip 0000000000000000 sp 00007ffd error 4 in x[55d+1000]", 15 },
        { "[     77]  1000    77     1000      100    57344        0             0 ", "", 15 },
        { "", ": mouse: potentially unexpected fatal signal 11.", 200 },
        { "", "[77]: memfd_create() called without MFD_EXEC or MFD_NOEXEC_SEAL set", 15 },
        { "", " (77): words that no kernel of today prints", 15 },
};

/* Which name a row's first message takes, which its others. */
static const unsigned char pairs[][2] = { { 0, 0 }, { 1, 1 }, { 0, 2 }, { 0, 1 }, { 3, 3 }, { 5, 0 },
                                          { 4, 4 }, { 6, 2 }, { 7, 7 }, { 8, 0 }, { 9, 8 } };

enum { BODY_MAX = 14, ROW_MAX = 6 };

/* In the boot that a forged one is compared with, each string is a plain name: all times are the same. */
static void put_named(struct out *o, size_t shape, const char *name, bool forged) {
        const struct shape *s = &shapes[shape];
        char message[512];

        snprintf(message, sizeof(message), "%s%.*s%s", s->before, s->room, forged ? name : "Mouse", s->after);
        put_text(o, message);
}

/* What ends a row: others' lines, and time. */
static void put_others(struct out *o) {
        put_text(o, "e1000 0000:00:03.0 eth0: NIC Link is Up 1000 Mbps Full Duplex");
        put_text(o, "usb 1-1: new full-speed USB device number 3 using xhci_hcd");
        put_text(o, "EXT4-fs (sda1): re-mounted. Opts: (null)");
        o->us += 3000000;
}

/* The report's first lines in a row, from 2 to 6; its first or second and each other. */
static void put_rows(struct out *o, const struct fixture *x, bool forged) {
        for (size_t p = 0; p < ARRAY_SIZE(pairs); p++) {
                for (size_t n = 2; n <= MIN(x->n, (size_t) ROW_MAX); n++) {
                        for (size_t i = 0; i < n; i++)
                                put_named(o, pairs[p][i > 0], x->lines[i], forged);
                        put_others(o);
                }
                for (size_t first = 0; first < 2; first++)
                        for (size_t i = 2; i < MIN(x->n, (size_t) BODY_MAX); i++) {
                                put_named(o, pairs[p][0], x->lines[first], forged);
                                put_named(o, pairs[p][1], x->lines[i], forged);
                                put_others(o);
                        }
        }
}

/* The report as often as others have first lines, one of them in a name right before it. */
static void put_before(struct out *o, const struct fixture *x, bool forged) {
        size_t n = 0;

        for (size_t i = 0; i < n_fixtures; i++)
                for (size_t k = 0; k < MIN(fixtures[i].n, (size_t) 3); k++) {
                        put_named(o, n++ % 4 ? 0 : n % ARRAY_SIZE(shapes), fixtures[i].lines[k], forged);
                        for (size_t l = 0; l < x->n; l++)
                                put_text(o, x->lines[l]);
                        o->us += 40000000;
                        for (int l = 0; l < 8; l++)
                                put_others(o);
                }
}

/* Before the words of a string: the kernel's time as it is then, before and after that, with a caller, with a date, and
 * the whole prefix of a line; nothing. */
static const char *const times[] = { "[%t] ", "[%t][    T7] ", "[    0.000001] ", "[99999.000000] ", "%p", "" };

/* What a string says amid a report. */
static const char *const amid[] = {
        "BUG: KASAN: slab-use-after-free in i915_vm_put+0x1/0x2 [i915]",
        "------------[ cut here ]------------",
        "WARNING: CPU: 0 PID: 1 at lib/refcount.c:28 refcount_warn_saturate+0xd8/0xe0",
        "Oops: 0000 [#1] PREEMPT SMP",
        "BUG: kernel NULL pointer dereference, address: 0000000000000008",
        "INFO: task x:1 blocked for more than 120 seconds.",
        "i915 vmlife: rule=vm-early-put token=fedcba9876543210 ctx_id=1 vm_id=1 injected=1 by=f+0x1/0x2 n=1",
        "rcu: INFO: rcu_preempt self-detected stall on CPU",
        "watchdog: BUG: soft lockup - CPU#0 stuck for 22s! [x:1]",
        "UBSAN: shift-out-of-bounds in a.c:1:2",
        "kernel BUG at drivers/x.c:1!",
        "Kernel panic - not syncing: x",
        "Call Trace:",
        " forged_frame+0x1/0x2 [i915]",
        " </TASK>",
        "---[ end trace 0000000000000000 ]---",
        "==================================================================",
        "RIP: 0010:forged_place+0x1/0x2",
        "Linux version 9.9.9 (a@b) (gcc) #1 SMP",
};

/* The string with the time as it is when it is printed. */
static void put_timed(struct out *o, size_t shape, const char *time, const char *words, bool forged) {
        char name[512] = "";
        FILE *f = fmemopen(name, sizeof(name) - 1, "w");

        assert_non_null(f);
        for (const char *c = time; *c; c++)
                if (c[0] == '%' && c[1] == 't') {
                        fprintf(f, "%5llu.%06llu", (unsigned long long) o->us / 1000000,
                                (unsigned long long) o->us % 1000000);
                        c++;
                } else if (c[0] == '%') {
                        put_prefix_of(o, f);
                        c++;
                } else
                        fputc(*c, f);
        fputs(words, f);
        assert_int_equal(fclose(f), 0);
        /* Another task prints it; in it, as if that of the report did. */
        o->caller = "T99";
        put_named(o, shape, name, forged);
        o->caller = NULL;
}

/* Of the strings amid a report, the one that is tried; NONE: all of them. */
enum { NONE = -1 };
static int only = NONE;

/* The report again and again, with a string amid it, once or twice, each time another one behind another of its
 * lines. */
static void put_amid(struct out *o, const struct fixture *x, bool forged) {
        const size_t n_lines = MIN(x->n, (size_t) 24);
        size_t n = 0;

        for (size_t t = 0; t < ARRAY_SIZE(times); t++)
                for (size_t i = 0; i < ARRAY_SIZE(amid); i++, n++) {
                        for (size_t l = 0; l < x->n; l++) {
                                put_text(o, x->lines[l]);
                                for (size_t k = 0; l == n * 7 % n_lines && k < 1 + n % 2; k++)
                                        put_timed(o, n % 3 ? 0 : n / 3 % 5, times[t], amid[i],
                                                  forged && (only == NONE || n == (size_t) only));
                        }
                        o->us += 40000000;
                        for (int l = 0; l < 8; l++)
                                put_others(o);
                }
}

/* The rest of a name that has line ends: what a report's further lines are, and as many others. */
static const struct {
        const char *forged, *plain;
} rests[] = {
        { "Call Trace:\n evil_fn+0x1/0x2 [evil]\n evil_two+0x1/0x2 [evil]", "Mouse\n Mouse\n Mouse" },
        { "Freed by task 42:\n i915_vm_put+0x1/0x2 [i915]\n kfree+0x1/0x2", "Mouse\n Mouse\n Mouse" },
        { "RIP: 0010:evil_fn+0x1/0x2 [evil]", "Mouse" },
        { " evil_fn+0x1/0x2 [evil]\n evil_two+0x1/0x2 [evil]", " Mouse\n Mouse" },
        { "The buggy address belongs to the object at ffff888000000000\n which belongs to the cache evil of size 64",
          "Mouse\n Mouse" },
        { "CPU: 1 PID: 7 Comm: evil Not tainted 9.9.9 #1\nHardware name: evil", "Mouse\nMouse" },
        { "</TASK>\n---[ end trace 0000000000000000 ]---", "Mouse\nMouse" },
};

/* The report again and again, with such a name amid it, in one message or five. */
static void put_rests(struct out *o, const struct fixture *x, bool forged) {
        const size_t step = MAX(x->n / 6, (size_t) 1);
        size_t n = 0;

        for (size_t amid_it = 0; amid_it < x->n; amid_it += step)
                for (size_t i = 0; i < ARRAY_SIZE(rests); i++, n++) {
                        char message[512];

                        snprintf(message, sizeof(message), "overlayfs: failed to resolve '/tmp/x\n%s': -2",
                                 forged ? rests[i].forged : rests[i].plain);
                        for (size_t l = 0; l < x->n; l++) {
                                put_text(o, x->lines[l]);
                                o->caller = "T99";
                                for (size_t k = 0; l == amid_it && k < (n % 2 ? 1 : 5); k++)
                                        put_text(o, message);
                                o->caller = NULL;
                        }
                        o->us += 40000000;
                        put_others(o);
                }
}

/* Behind each line of the report a name that ends in line ends, so that empty lines follow. */
static void put_empty(struct out *o, const struct fixture *x, bool forged) {
        for (size_t amid_it = 0; amid_it < x->n; amid_it++) {
                for (size_t l = 0; l < x->n; l++) {
                        put_text(o, x->lines[l]);
                        if (l == amid_it)
                                put_text(o, forged ? "overlayfs: failed to resolve '/tmp/x\n\n \n': -2" :
                                                     "overlayfs: failed to resolve '/tmp/x': -2");
                }
                o->us += 40000000;
                put_others(o);
        }
}

/* The report, and amid it very many messages of another task, or one: callers are known. */
static void put_many(struct out *o, const struct fixture *x, bool forged) {
        enum { MANY = 600, RECORD_US = 11 };
        const size_t step = MAX(x->n / 4, (size_t) 1);

        /* Behind the last line of one nothing of it is left. */
        for (size_t amid_it = 0; amid_it + 1 < x->n; amid_it += step) {
                for (size_t l = 0; l < x->n; l++) {
                        put_text(o, x->lines[l]);
                        o->caller = "T99";
                        for (size_t k = 0; l == amid_it && k < MANY; k++)
                                if (forged || k == 0)
                                        put_text(o, "usb 1-1: Product: Mouse");
                                else
                                        o->us += RECORD_US;
                        o->caller = NULL;
                }
                o->us += 40000000;
                put_others(o);
        }
}

/* The same string three times, at the same time, behind each of the report's first lines. */
static void put_thrice(struct out *o, const struct fixture *x, bool forged) {
        for (size_t amid_it = 0; amid_it < MIN(x->n, (size_t) 4); amid_it++)
                for (size_t t = 0; t < ARRAY_SIZE(times); t++) {
                        for (size_t l = 0; l < x->n; l++) {
                                put_text(o, x->lines[l]);
                                const uint64_t us = o->us;
                                for (size_t k = 0; l == amid_it && k < 3; k++, o->us = us)
                                        put_timed(o, 0, times[t], "INFO: task x:7 blocked for more than 120 seconds.",
                                                  forged);
                        }
                        o->us += 40000000;
                        put_others(o);
                }
}

/* Each line of the report as a name with a line end, at the start of a message and amid the report: what shows that it
 * is one stands behind the line end. */
static void put_ended(struct out *o, const struct fixture *x, bool forged) {
        static const char *const behind[] = {
                "x: mouse: potentially unexpected fatal signal 11.",
                ": Fixing fullspeed to highspeed interval: 10 -> 12",
                "IN=eth0 OUT= MAC=0a:58 SRC=10.0.0.1 DST=10.0.0.2 LEN=40 TTL=64 URGP=0 ",
        };

        for (size_t i = 0; i < MIN(x->n, (size_t) 24); i++) {
                enum { ROOM = 120 }; /* a prefix of netfilter's has no more */
                char message[512];

                snprintf(message, sizeof(message), "%.*s\n%s", ROOM, forged ? x->lines[i] : "Mouse",
                         behind[i % ARRAY_SIZE(behind)]);
                put_text(o, message);
                put_others(o);
                for (size_t l = 0; l < x->n; l++) {
                        put_text(o, x->lines[l]);
                        if (l == i / 2)
                                put_text(o, message);
                }
                o->us += 40000000;
                put_others(o);
        }
}

/* Which of the strings amid a report did it, and where. */
static void blame(enum log_form form, const struct fixture *x, const char *plain) {
        for (only = 0; only < (int) (ARRAY_SIZE(times) * ARRAY_SIZE(amid)); only++) {
                char *with = said_of(form, x, put_amid, true);
                const size_t n = (size_t) only;
                size_t at = 0;

                while (plain[at] && plain[at] == with[at])
                        at++;
                at -= MIN(at, (size_t) 60);
                if (strcmp(plain, with) != 0)
                        fail_msg("%s, %s, in \"%s\" behind \"%s\", \"%s%s\":\nwithout: %.300s\nwith:    %.300s",
                                 forms[form].name, x->name, shapes[n % 3 ? 0 : n / 3 % 5].before,
                                 x->lines[n * 7 % MIN(x->n, (size_t) 24)], times[n / ARRAY_SIZE(amid)],
                                 amid[n % ARRAY_SIZE(amid)], plain + at, with + at);
                free(with);
        }
        only = NONE;
}

static void compare(enum log_form form, put_with_t put, size_t step) {
        for (size_t i = (size_t) form % step; i < n_fixtures; i += step) {
                if (put == put_amid) {
                        char *plain = said_of(form, &fixtures[i], put, false);
                        char *with = said_of(form, &fixtures[i], put, true);
                        if (strcmp(plain, with) != 0)
                                blame(form, &fixtures[i], plain);
                        free(plain);
                        free(with);
                } else
                        says_the_same_of(form, &fixtures[i], put);
        }
}

static void test_rows(void **state) {
        (void) state;
        for (size_t form = 0; form < FORM_SERIAL; form++)
                compare((enum log_form) form, put_rows, (forms[form].sampled ? 8 : 2) * by_checker(1, 8, 20));
}

static void test_before(void **state) {
        static const enum log_form of[] = { FORM_CONSOLE, FORM_DMESG, FORM_SHORT, FORM_EXPORT };

        (void) state;
        for (size_t i = 0; i < ARRAY_SIZE(of); i++)
                compare(of[i], put_before, 4 * by_checker(1, 8, 20));
}

static void test_amid(void **state) {
        (void) state;
        for (size_t form = 0; form < FORM_SERIAL; form++)
                compare((enum log_form) form, put_amid, (forms[form].sampled ? 8 : 2) * by_checker(1, 8, 20));
}

static void test_rests(void **state) {
        (void) state;
        for (size_t form = 0; form < FORM_SERIAL; form++)
                compare((enum log_form) form, put_rests, (forms[form].sampled ? 8 : 2) * by_checker(1, 8, 20));
}

static void test_empty(void **state) {
        static const enum log_form of[] = { FORM_EXPORT, FORM_JSON, FORM_SYSLOG };

        (void) state;
        for (size_t i = 0; i < ARRAY_SIZE(of); i++)
                for (size_t k = 0; k < n_fixtures; k += by_checker(1, 8, 20))
                        says_the_same_of(of[i], &fixtures[k], put_empty);
}

static void test_thrice(void **state) {
        (void) state;
        for (size_t form = 0; form < FORM_SERIAL; form++)
                compare((enum log_form) form, put_thrice, (forms[form].sampled ? 8 : 2) * by_checker(1, 8, 20));
}

static void test_ended(void **state) {
        static const enum log_form of[] = { FORM_EXPORT, FORM_KMSG, FORM_JSON, FORM_SYSLOG };

        (void) state;
        for (size_t i = 0; i < ARRAY_SIZE(of); i++)
                compare(of[i], put_ended, 2 * by_checker(1, 8, 20));
}

static void test_many(void **state) {
        (void) state;
        compare(FORM_CONSOLE, put_many, 2 * by_checker(1, 8, 20));
}

int main(int argc, char **argv) {
        static const struct CMUnitTest tests[] = { cmocka_unit_test(test_rows),  cmocka_unit_test(test_before),
                                                   cmocka_unit_test(test_amid),  cmocka_unit_test(test_rests),
                                                   cmocka_unit_test(test_many),  cmocka_unit_test(test_thrice),
                                                   cmocka_unit_test(test_ended), cmocka_unit_test(test_empty) };

        if (argc > 1)
                cmocka_set_test_filter(argv[1]);
        return cmocka_run_group_tests(tests, read_fixtures, NULL);
}
