/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A log that threads read and search ahead gives the same report, byte by byte, as one thread does. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cmocka_all.h"
#include "source/text_ahead.h"
#include "vmlife.h"

static unsigned seed;

static unsigned chance(unsigned n) {
        return ((seed = seed * 1103515245 + 12345) >> 8) % n;
}

static char path[4096];

static int set_path(void **state) {
        (void) state;
        snprintf(path, sizeof(path), "%s/ahead.log", getenv("VMLIFE_TMP"));
        return 0;
}

static void print(FILE *f, unsigned *us, unsigned task, const char *message) {
        *us += 1 + chance(300);
        fprintf(f, "[%5u.%06u][%5s%u] %s\n", *us / 1000000, *us % 1000000, "T", task, message);
}

static void print_report(FILE *f, unsigned *us) {
        static const char *const lines[] = {
                "------------[ cut here ]------------",
                "refcount_t: underflow; use-after-free.",
                "WARNING: CPU: 0 PID: 7 at lib/refcount.c:28 refcount_warn_saturate+0xb8/0x110",
                "Call Trace:",
                " <TASK>",
                " context_close+0x51/0xa0 [i915]",
                " do_syscall_64+0x3b/0x90",
                " </TASK>",
                "---[ end trace 0000000000000000 ]---",
        };
        const unsigned task = 300 + chance(5), cut = chance(4) ? sizeof(lines) / sizeof(lines[0]) : chance(9);

        for (size_t i = 0; i < cut; i++) {
                print(f, us, task, lines[i]);
                if (chance(3) == 0)
                        print(f, us, 5, "e1000: eth0 NIC Link is Up");
        }
}

/* What a block can hold besides lines of a kernel: `odd` chooses. */
static void print_odd(FILE *f, unsigned odd) {
        switch (odd & chance(8)) {
        case 1:
                fputs("\033[31mred\033[0m and a line without a time\r\n", f);
                break;
        case 2:
                for (unsigned n = chance(200000); n > 0; n--)
                        fputc('x', f);
                fputc('\n', f);
                break;
        case 4:
                fputs("\n\n[  \xff\xfe BUG:\n", f);
                break;
        }
}

/* The size is not that of whole blocks, and the last line may have no end. */
static void make_log(unsigned odd, size_t size) {
        static const char *const noise[] = {
                "ACPI: \\_SB_.PCI0: _OSC: OS supports [ExtendedConfig ASPM]",
                "usb 1-1: new high-speed USB device number 2 using xhci_hcd",
                "i915 0000:00:02.0: [drm] Finished loading DMC firmware",
                "a line with the word BUG: in it",
                "systemd[1]: Started Journal Service.",
                "",
        };
        unsigned us = 1000000;
        FILE *f = fopen(path, "w");

        assert_non_null(f);
        print(f, &us, 0, "Linux version 6.1.0 (a@b)");
        while ((size_t) ftell(f) < size) {
                for (unsigned n = chance(2000); n > 0; n--)
                        print(f, &us, 1 + chance(9), noise[chance(20) ? chance(3) : 3 + chance(3)]);
                print_report(f, &us);
                if (odd)
                        print_odd(f, odd);
        }
        fputs("[  999.000000][    T1] BUG: unable", f);
        assert_int_equal(fclose(f), 0);
}

static void expect_same(const char *found) {
        struct run one = vmlife("scan -j 1 %s", path);

        for (unsigned threads = 2; threads <= 5; threads += 3) {
                struct run r = vmlife("scan -j %u %s", threads, path);
                assert_int_equal(r.status, one.status);
                assert_string_equal(r.err, one.err);
                assert_string_equal(r.out, one.out);
                run_done(&r);
        }
        assert_non_null(strstr(one.out, found));
        run_done(&one);
}

static void test_same(void **state) {
        const unsigned logs = by_checker(8, 3, 1);

        (void) state;
        for (seed = 1; seed <= logs;) {
                const unsigned log = seed;
                make_log(log - 1, 9 * TEXT_BLOCK + chance(3 * TEXT_BLOCK));
                expect_same("refcount_t: underflow");
                seed = log + 1;
        }
}

/* A line as long as some blocks, and one that ends where a block does. */
static void test_seams(void **state) {
        (void) state;
        for (size_t before = 0; before < 3; before++) {
                unsigned us = 1000000;
                FILE *f = fopen(path, "w");
                assert_non_null(f);
                print(f, &us, 0, "Linux version 6.1.0 (a@b)");
                /* 32 KiB are read first. */
                while (ftell(f) < 32768 + TEXT_BLOCK - 200)
                        print(f, &us, 1, "usb 1-1: new high-speed USB device number 2");
                while (ftell(f) < (long) (32768 + TEXT_BLOCK - before))
                        fputc('y', f);
                fputc('\n', f);
                print_report(f, &us);
                for (size_t i = 0; i < 3 * TEXT_BLOCK; i++)
                        fputc('z', f);
                fputc('\n', f);
                while (ftell(f) < 12 * TEXT_BLOCK)
                        print_report(f, &us);
                assert_int_equal(fclose(f), 0);
                expect_same("refcount_t: underflow");
        }
}

/* A stack of a form that nobody knows, in a block that threads read. */
static void test_stack(void **state) {
        FILE *f = fopen(path, "w");

        (void) state;
        assert_non_null(f);
        for (unsigned lines = 0; ftell(f) < 12 * TEXT_BLOCK; lines++) {
                fputs("a line of a program, which is no kernel's\n", f);
                for (unsigned i = 0; lines == 2 * TEXT_BLOCK / 42 && i < 6; i++)
                        fprintf(f, "[c000000001a3b%u00] [c00000000012%u4f8] function_%u+0x1c/0x40\n", i, i, i);
        }
        assert_int_equal(fclose(f), 0);
        expect_same("\"lone_stacks\": 1,");
}

int main(void) {
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(test_same),
                cmocka_unit_test(test_seams),
                cmocka_unit_test(test_stack),
        };

        return cmocka_run_group_tests(tests, set_path, NULL);
}
