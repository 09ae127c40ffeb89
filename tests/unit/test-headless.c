/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* An oops whose first lines were cut off, or glued to others' words, is one all the same, and so is one with a blank
 * missing; what kernels print of a place and a stack for other reasons is none. */
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "cmocka_all.h"
#include "vmlife.h"

static const char place[] = "RIP: 0010:acme_put+0x43/0x190 [acme]\n",
                  registers[] = "Code: 48 89 e5 41 54 53 e8 00 00 00 00 <0f> 0b 90 5b 41 5c 5d c3 cc\n"
                                "RSP: 0018:ffffc900003dfd28 EFLAGS: 00010282\n"
                                "RAX: 0000000000000000 RBX: ffff888104e3a000 RCX: 0000000000000000\n"
                                "RDX: 0000000000000002 RSI: ffffffff82600000 RDI: 00000000ffffffff\n",
                  stack[] = "Call Trace:\n <TASK>\n acme_disconnect+0x5e/0x130 [acme]\n"
                            " usb_unbind_interface+0x9a/0x290\n ret_from_fork+0x1bd/0x1f0\n </TASK>\n",
                  end[] = "---[ end trace 0000000000000000 ]---\n";

/* A log of these pieces, each line with the kernel's time. */
static struct json_object *scan_of(int status, const char *const *pieces) {
        char path[600];
        snprintf(path, sizeof(path), "%s/log", new_folder());
        FILE *out = fopen(path, "w");
        unsigned n = 0;

        assert_non_null(out);
        fputs("[    1.000000] usb 1-1: new device\n", out);
        for (; *pieces; pieces++)
                for (const char *s = *pieces; *s;) {
                        const int line = (int) (strchrnul(s, '\n') - s);
                        fprintf(out, "[    2.%06u] %.*s\n", n++, line, s);
                        s += line + (s[line] == '\n');
                }
        fputs("[    3.000000] usb 1-1: gone\n", out);
        fclose(out);
        return scan(status, "%s", path);
}

/* RCU's line on a CPU begins the message: behind a device's name it is the device's, and what follows is another's. */
static void test_cpu_line(void **state) {
        (void) state;
        static const char line[] = "1-...!: (0 ticks this GP) idle=a2c4/1/0x4000000000000000 softirq=11/11 fqs=0\n",
                          killed[] = "gem_leak invoked oom-killer: gfp_mask=0x100dca(GFP_HIGHUSER), order=0, "
                                     "oom_score_adj=0\n",
                          oom[] = "CPU: 1 PID: 512 Comm: gem_leak Not tainted 6.1.0 #1\nCall Trace:\n <TASK>\n"
                                  " dump_stack_lvl+0x49/0x63\n dump_header+0x4a/0x1ff\n"
                                  " out_of_memory.cold+0x9a/0xa4\n __alloc_pages_slowpath+0xbf6/0xd20\n </TASK>\n";
        static const char *const before[] = {
                "rcu: \t", "\t", "usb 1-1: Product: rcu: \t", "usb 1-1: Product: ", "Bluetooth: 1-", "1-1: Product: "
        };

        for (size_t i = 0; i < sizeof(before) / sizeof(before[0]); i++) {
                const bool is_rcus = i < 2;
                char text[200];
                snprintf(text, sizeof(text), "%s%s", before[i], line);
                struct json_object *r = scan_of(
                        is_rcus, (const char *const[]){ text, is_rcus ? stack : killed, is_rcus ? "" : oom, NULL });
                assert_int_equal(n_findings(r), is_rcus);
                json_object_put(r);
        }
}

/* KMSAN's report ends with where the value came from, in stacks without a head: that much shows what it was. */
static void test_uninit(void **state) {
        (void) state;
        static const char stored[] =
                "Uninit was stored to memory at:\n acme_copy+0xbbf/0x1090\n acme_recv+0xa08/0xd50\n"
                " acme_loop+0x295/0x1c50\n\n",
                          created[] = "Uninit was created at:\n __alloc_pages+0xbbf/0x1090\n alloc_pages+0xa08/0xd50\n"
                                      " allocate_slab+0x295/0x1c50\n\n",
                          cpu[] = "CPU: 1 PID: 7865 Comm: acme Not tainted 6.1.0 #1\n";
        const char *const *const logs[] = {
                (const char *const[]){ created, cpu, NULL },
                (const char *const[]){ stored, created, cpu, NULL },
                (const char *const[]){ " acme_get+0x6cf/0x6510\n acme_fill+0x4e/0x68\n\n", stored, stored, created,
                                       NULL },
        };

        for (size_t i = 0; i < sizeof(logs) / sizeof(logs[0]); i++) {
                struct json_object *r = scan_of(1, logs[i]);
                assert_int_equal(n_findings(r), 1);
                assert_string_equal(text_of(finding(r, 0), "title"), "KMSAN: uninit-value in corrupted");
                assert_string_equal(text_of(finding(r, 0), "detector"), "kmsan");
                json_object_put(r);
        }
        /* A task's name is followed by more. */
        json_object_put(scan_of(0, (const char *const[]){ "Uninit was : segfault at 0 ip 0 sp 0 error 4\n", NULL }));
}

static void test_cut(void **state) {
        (void) state;
        static const char arm64[] = "pc : acme_put+0x43/0x190 [acme]\nlr : acme_get+0x10/0x20 [acme]\n"
                                    "sp : ffff80001234bc00\nx29: ffff80001234bc00 x28: 0000000000000000 x27: 0\n",
                          arm64_stack[] =
                                  "Call trace:\n acme_put+0x43/0x190 [acme]\n acme_disconnect+0x5e/0x130 [acme]\n"
                                  " ret_from_fork+0x10/0x20\n";
        const char *const *const logs[] = {
                (const char *const[]){ place, registers, stack, end, NULL },
                (const char *const[]){ place, registers, stack, end, place, registers, NULL }, /* said once more */
                (const char *const[]){ arm64, arm64_stack, end, NULL },
        };

        for (size_t i = 0; i < sizeof(logs) / sizeof(logs[0]); i++) {
                struct json_object *r = scan_of(1, logs[i]);
                assert_int_equal(n_findings(r), 1);
                assert_string_equal(text_of(finding(r, 0), "title"), "Oops in acme_put");
                assert_int_equal(json_object_array_length(member(finding(r, 0), "corrupted")), 1);
                json_object_put(r);
        }
}

/* Two CPUs' warnings, mixed where no line says whose it is: the rest of one is no third report. */
static void test_mixed(void **state) {
        (void) state;
        static const char first[] = "------------[ cut here ]------------\n"
                                    "WARNING: CPU: 0 PID: 8 at drivers/acme.c:344 acme_check+0x1/0x660 [acme]\n",
                          second[] = "------------[ cut here ]------------\n"
                                     "WARNING: CPU: 1 PID: 9 at drivers/acme.c:12 acme_put+0x43/0x190 [acme]\n",
                          first_place[] = "RIP: 0010:acme_check+0x1/0x660 [acme]\n";
        const char *const *const logs[] = {
                (const char *const[]){ first, second, place, registers, stack, end, first_place, registers, stack, end,
                                       NULL },
                (const char *const[]){ second, place, registers, stack, first, end, first_place, registers, stack, end,
                                       NULL },
        };

        for (size_t i = 0; i < sizeof(logs) / sizeof(logs[0]); i++) {
                struct json_object *r = scan_of(1, logs[i]);
                for (size_t n = 0; n < n_findings(r); n++)
                        assert_memory_equal(text_of(finding(r, n), "title"), "WARNING in ", 11);
                json_object_put(r);
        }
}

/* A link that a program for mails made of "task:12" took the blank before it. */
static void test_linked(void **state) {
        (void) state;
        struct json_object *r =
                scan_of(1, (const char *const[]){ "INFO: taskumount:32506  blocked for more than 245 seconds.\n",
                                                  "task:umount state:D stack:0 pid:32506 ppid:1\n", stack, NULL });

        assert_int_equal(n_findings(r), 1);
        assert_string_equal(text_of(finding(r, 0), "title"), "INFO: task hung in acme_disconnect");
        json_object_put(r);
}

/* The headline stands behind its own first words, which another line broke off. */
static void test_glued(void **state) {
        (void) state;
        struct json_object *r = scan_of(
                1, (const char *const[]){ "Oops: gen[    2.000000] Oops: general protection fault, probably for "
                                          "non-canonical address 0xdffffc0000000000: 0000 [#1] SMP\n",
                                          place, registers, stack, end, NULL });

        assert_int_equal(n_findings(r), 1);
        assert_string_equal(text_of(finding(r, 0), "title"), "general protection fault in acme_put");
        json_object_put(r);
}

/* SLUB's lines without its banner: neither title nor signature has the run's numbers. */
static void test_details(void **state) {
        (void) state;
        static const char *const logs[][3] = {
                { "INFO: Allocated in acme_open+0x29/0x90 [acme] age=1 cpu=1 pid=6024\n",
                  "INFO: Allocated in acme_open+0x31/0x98 [acme] age=77 cpu=0 pid=7\n",
                  "INFO: Allocated in acme_open" },
                { "INFO: Freed in acme_close.isra.0+0x1/0x2 age=3 cpu=1 pid=2\n",
                  "INFO: Freed in acme_close+0x1/0x4 age=4 cpu=0 pid=3\n", "INFO: Freed in acme_close" },
                { "INFO: Freed in 0xffffffffc0123456 age=3 cpu=1 pid=2\n",
                  "INFO: Freed in 0xffffffffc0654321 age=3 cpu=1 pid=4\n", "INFO: Freed in ADDR" },
                { "INFO: Slab 0x000000001f4c5ab6 objects=21 used=3 fp=0x00000000e9 flags=0x200\n",
                  "INFO: Slab 0x00000000aabbccdd objects=16 used=1 fp=0x00000000f1 flags=0x100\n", "INFO: Slab" },
        };

        for (size_t i = 0; i < sizeof(logs) / sizeof(logs[0]); i++) {
                char signature[64];

                for (size_t k = 0; k < 2; k++) {
                        struct json_object *r = scan_of(1, (const char *const[]){ logs[i][k], stack, NULL });

                        assert_string_equal(text_of(finding(r, 0), "title"), logs[i][2]);
                        if (k)
                                assert_string_equal(text_of(finding(r, 0), "signature"), signature);
                        snprintf(signature, sizeof(signature), "%s", text_of(finding(r, 0), "signature"));
                        json_object_put(r);
                }
        }
}

/* --- a report copied without its first line's prefix --- */

static const struct {
        const char *headline, *body, *title;
        bool alone; /* the body is a report without its headline, too */
} copied[] = {
        { "BUG: soft lockup - CPU#3 stuck for 23s! [kworker/u8:1:140]",
          "Call trace:\n acme_wait+0x8c/0xf0 [acme]\n acme_work+0x15/0x1f [acme]\n process_one_work+0x1/0x2\n"
          " kthread+0x108/0x13c\n ret_from_fork+0x10/0x18\n",
          "BUG: soft lockup in acme_work", false },
        { "BUG: kernel NULL pointer dereference, address: 0000000000000000",
          "#PF: supervisor write access in kernel mode\nOops: 0002 [#1] PREEMPT SMP PTI\n"
          "CPU: 2 PID: 9 Comm: acmed Not tainted 6.1.0 #6\nRIP: 0010:acme_put+0x75/0xa0 [acme]\n"
          "Call Trace:\n acme_disconnect+0x2f7/0x4e0 [acme]\n ret_from_fork+0x22/0x30\n",
          "BUG: unable to handle kernel NULL pointer dereference in acme_put", true },
        { "WARNING: CPU: 3 PID: 12 at drivers/acme.c:12 acme_put+0xd/0xb0",
          "CPU: 3 PID: 12 Comm: acmed Not tainted 5.7.0 #1\nRIP: 0010:acme_put+0xd/0xb0 [acme]\n"
          "Call Trace:\n acme_disconnect+0xd/0xb0 [acme]\n ret_from_fork+0x1f/0x30\n",
          "WARNING in acme_put", false },
        { "BUG: KASAN: slab-use-after-free in acme_put+0xd/0xb0",
          "Read of size 4 at addr ffff8880143e8eb0 by task acmed/12\nCPU: 3 PID: 12 Comm: acmed Not tainted 6.7.0 #1\n"
          "Call Trace:\n kasan_report+0x266/0x460\n acme_put+0xd/0xb0 [acme]\n ret_from_fork+0x1f/0x30\n",
          "KASAN: slab-use-after-free Read in acme_put", true },
        { "INFO: task acmed:290 blocked for more than 143 seconds.",
          "      Not tainted 5.18.0 #0\ntask:acmed     state:D stack:25080 pid:290 ppid:     2 flags:0x00004000\n"
          "Call Trace:\n __schedule+0xa9a/0x4cc0\n schedule+0xd2/0x1f0\n acme_put+0xd/0xb0 [acme]\n"
          " ret_from_fork+0x1f/0x30\n",
          "INFO: task hung in acme_put", false },
};

/* The words before it, the body's lines with that prefix and mark, and the text's mark. */
static struct json_object *scan_copied(int status, const char *before, size_t of, const char *caller,
                                       const char *mark) {
        char path[600];
        snprintf(path, sizeof(path), "%s/log", new_folder());
        FILE *out = fopen(path, "w");
        unsigned n = 0;

        assert_non_null(out);
        fprintf(out, "%s%s%s\n", before, mark, copied[of].headline);
        for (const char *s = copied[of].body; *s; n++) {
                const int line = (int) (strchrnul(s, '\n') - s);
                fprintf(out, "%s[    2.%06u]%s %.*s\n", mark, n, caller, line, s);
                s += line + 1;
        }
        fclose(out);
        return scan(status, "%s", path);
}

static void test_copied(void **state) {
        static const char *const before[] = { "", "Hi,\n\nmy machine said this:\n\n", "The log:\n" },
                                 *const callers[] = { "", "[   C23]" }, *const marks[] = { "", "> " };
        (void) state;

        for (size_t i = 0; i < sizeof(copied) / sizeof(copied[0]) * 12; i++) {
                const size_t of = i / 12;
                struct json_object *r = scan_copied(1, before[i % 3], of, callers[i / 3 % 2], marks[i / 6 % 2]);
                if (n_findings(r) != 1)
                        fail_msg("%s: %zu findings (%zu)", copied[of].headline, n_findings(r), i % 12);
                assert_string_equal(text_of(finding(r, 0), "title"), copied[of].title);
                assert_string_equal(text_of(finding(r, 0), "origin"), "unverified");
                assert_int_equal(json_object_array_length(member(finding(r, 0), "corrupted")), 0);
                json_object_put(r);
        }
}

/* Amid lines that all have a prefix such a line is nobody's: a string with line ends made it. */
static void test_amid(void **state) {
        (void) state;
        for (size_t i = 0; i < sizeof(copied) / sizeof(copied[0]); i++) {
                struct json_object *r = scan_copied(copied[i].alone, "[    1.000000] usb 1-1: Product: x\n", i, "", "");
                for (size_t k = 0; k < n_findings(r); k++)
                        assert_string_not_equal(text_of(finding(r, k), "title"), copied[i].title);
                json_object_put(r);
        }
}

/* What decode_stacktrace.sh writes below "Code:", with rulers of its own, ends no report and is none. */
static void test_decoded(void **state) {
        static const char *const heads[] = { "", "[   12.000001] ", "kernel: ", "[   12.000001][  T12] " };
        static const char report[] =
                "WARNING: possible circular locking dependency detected\n"
                "------------------------------------------------------\n"
                "acmed/12 is trying to acquire lock:\nffff888105b8e158 (&a->lock){+.+.}-{3:3}, at: acme_put "
                "(acme.c:12)\n"
                "but task is already holding lock:\nffff888105b8e208 (&b->lock){+.+.}-{3:3}, at: acme_get (acme.c:9)\n"
                "which lock already depends on the new lock.\n"
                "the existing dependency chain (in reverse order) is:\n-> #1 (&b->lock){+.+.}-{3:3}:\n"
                "acme_get (acme.c:9)\nacme_open (acme.c:90)\n-> #0 (&a->lock){+.+.}-{3:3}:\n"
                "acme_put (acme.c:12)\nacme_close (acme.c:95)\nother info that might help us debug this:\n"
                "stack backtrace:\nCPU: 2 PID: 12 Comm: acmed Not tainted 6.1.0 #6\nCall Trace:\n<TASK>\n"
                "dump_stack_lvl (lib/dump_stack.c:107)\ncheck_noncircular (kernel/locking/lockdep.c:2178)\n"
                "acme_put (acme.c:12)\n<IRQ>\nRIP: 0010:acme_wait (acme.c:31)\n"
                "Code: 52 a9 ff ff ff 7f 74 01 c3 <0f> 1f 44 00 00 65 8b\nAll code\n========\n"
                "   0:\t52                   \tpush   %rdx\n   1:\ta9 ff ff ff 7f       \ttest   $0x7fffffff,%eax\n"
                "   6:\t74 01                \tje     0x9\n   8:\tc3                   \tretq\n"
                "   9:*\t0f 1f 44 00 00       \tnopl   0x0(%rax,%rax,1)\t\t<-- trapping instruction\n"
                "   e:\t65                   \tgs\n   f:\t8b                   \t.byte 0x8b\n\n"
                "Code starting with the faulting instruction\n===========================================\n"
                "   0:\t0f 1f 44 00 00       \tnopl   0x0(%rax,%rax,1)\n   5:\t65                   \tgs\n"
                "   6:\t8b                   \t.byte 0x8b\nRSP: 0018:ffffb437c0efbbb8 EFLAGS: 00000286\n"
                "acme_close (acme.c:95)\nret_from_fork (arch/x86/entry/entry_64.S:306)\n</TASK>\n";
        (void) state;

        for (size_t i = 0; i < sizeof(heads) / sizeof(heads[0]); i++) {
                char path[600];
                snprintf(path, sizeof(path), "%s/log", new_folder());
                FILE *out = fopen(path, "w");
                assert_non_null(out);
                fprintf(out, "%s======================================================\n", heads[i]);
                for (const char *s = report; *s; s = strchrnul(s, '\n') + 1)
                        fprintf(out, "%s%.*s\n", heads[i], (int) (strchrnul(s, '\n') - s), s);
                fclose(out);
                struct json_object *r = scan(1, "%s", path);
                assert_int_equal(n_findings(r), 1);
                assert_string_equal(text_of(finding(r, 0), "title"), "possible deadlock in acme_put");
                if (json_object_array_length(member(finding(r, 0), "corrupted")))
                        fail_msg("\"%s\": %s", heads[i],
                                 json_object_to_json_string(member(finding(r, 0), "corrupted")));
                json_object_put(r);
        }
}

static void test_none(void **state) {
        (void) state;
        const char *const *const logs[] = {
                (const char *const[]){ "NMI backtrace for cpu 1\n", place, registers, stack, NULL },
                (const char *const[]){ place, registers, end, NULL },
        };

        for (size_t i = 0; i < sizeof(logs) / sizeof(logs[0]); i++) {
                struct json_object *r = scan_of(0, logs[i]);
                assert_int_equal(n_findings(r), 0);
                json_object_put(r);
        }
}

int main(void) {
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(test_cpu_line), cmocka_unit_test(test_uninit),  cmocka_unit_test(test_cut),
                cmocka_unit_test(test_mixed),    cmocka_unit_test(test_linked),  cmocka_unit_test(test_glued),
                cmocka_unit_test(test_copied),   cmocka_unit_test(test_amid),    cmocka_unit_test(test_none),
                cmocka_unit_test(test_decoded),  cmocka_unit_test(test_details),
        };
        return cmocka_run_group_tests(tests, NULL, NULL);
}
