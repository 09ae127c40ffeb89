/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Where a report begins and ends, and what in a log is none: lines of others within, before and after it. */
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "base/macros.h"
#include "cmocka_all.h"
#include "log.h"
#include "vmlife.h"

/* A line of a log that does not say who printed it. */
__attribute__((format(printf, 3, 4))) static void put(struct log *l, double t, const char *format, ...) {
        va_list ap;

        l->n += (size_t) snprintf(l->text + l->n, sizeof(l->text) - l->n, "[%12.6f] ", t);
        va_start(ap, format);
        l->n += (size_t) vsnprintf(l->text + l->n, sizeof(l->text) - l->n, format, ap);
        va_end(ap);
        l->text[l->n++] = '\n';
}

/* A line as it is. */
static void add(struct log *l, const char *line) {
        l->n += (size_t) snprintf(l->text + l->n, sizeof(l->text) - l->n, "%s", line);
}

static void begin(struct log *l) {
        put(l, 0, "Linux version 6.1.0 (x@y) (gcc) #1 SMP");
}

static void expect(struct json_object *r, size_t i, const char *title, const char *comm, bool corrupted) {
        struct json_object *f = finding(r, i), *task = json_object_array_get_idx(member(f, "tasks"), 0);

        assert_string_equal(text_of(f, "title"), title);
        if (comm)
                assert_string_equal(text_of(task, "comm"), comm);
        assert_int_equal(json_object_array_length(member(f, "corrupted")) > 0, corrupted);
        assert_int_equal(json_object_get_int64(member(f, "count")), 1);
}

/* A page fault as x86 reports it; others is printed behind its headline. */
static void say_fault(struct log *l, double t, const char *comm, const char *const *others) {
        put(l, t, "BUG: unable to handle page fault for address: 0000000000200286");
        for (size_t i = 0; others && others[i]; i++)
                put(l, t, "%s", others[i]);
        put(l, t, "#PF: supervisor read access in kernel mode");
        put(l, t, "Oops: 0000 [#1] PREEMPT SMP PTI");
        put(l, t, "CPU: 3 PID: 185 Comm: %s Not tainted 6.1.0 #1", comm);
        put(l, t, "RIP: 0010:i915_vma_evict+0x19/0x3d [i915]");
        put(l, t, "Call Trace:");
        put(l, t, " i915_gem_object_evict+0x42/0x4b [i915]");
        put(l, t, "---[ end trace 0000000000000000 ]---");
}

static const char fault[] = "BUG: unable to handle kernel paging request in i915_vma_evict";

static void test_end_of_a_panic(void **state) {
        struct log l = {};

        (void) state;
        begin(&l);
        put(&l, 5, "Kernel panic - not syncing: sysrq triggered crash");
        put(&l, 5, "CPU: 1 PID: 900 Comm: sh Kdump: loaded Not tainted 6.1.0 #1");
        put(&l, 5, "Call Trace:");
        put(&l, 5, " panic+0x118/0x2ed");
        put(&l, 5, " sysrq_handle_crash+0x16/0x20");
        put(&l, 5, "---[ end Kernel panic - not syncing: sysrq triggered crash ]---");
        struct json_object *r = scan(1, "%s", path_of(&l));
        assert_int_equal(n_findings(r), 1);
        expect(r, 0, "kernel panic: sysrq triggered crash", "sh", false);
        json_object_put(r);
}

static void test_many_lines_of_others(void **state) {
        const char *others[64] = {};
        struct log l = {};

        (void) state;
        for (size_t i = 0; i < 60; i++)
                others[i] = "gpio gpiochip3: (INT3452:01): added GPIO chardev (254:3)";
        begin(&l);
        say_fault(&l, 5, "gem_evict", others);
        struct json_object *r = scan(1, "%s", path_of(&l));
        assert_int_equal(n_findings(r), 1);
        expect(r, 0, fault, "gem_evict", false);
        json_object_put(r);
}

static void test_frames_of_another(void **state) {
        static const char *const others[] = { " ext4_flush_x+0x12/0x30", " vfs_fsync_x+0x48/0x80", NULL };
        struct log l = {};

        (void) state;
        begin(&l);
        say_fault(&l, 5, "gem_evict", others);
        struct json_object *r = scan(1, "%s", path_of(&l));
        assert_int_equal(n_findings(r), 1);
        expect(r, 0, fault, "gem_evict", true);
        json_object_put(r);
}

/* Frames of another CPU before a warning's place, its message or its dump. */
static void test_frames_before_a_warning(void **state) {
        for (int where = 0; where < 4; where++) {
                struct log l = {};

                (void) state;
                begin(&l);
                put(&l, 5, "------------[ cut here ]------------");
                for (int at = 0; at < 4; at++) {
                        if (where == at || where == 3) {
                                put(&l, 5, " ? ext4_lock_x+0x1d5/0x580");
                                put(&l, 5, " ext4_flush_x+0x12/0x30");
                        }
                        put(&l, 5, "%s",
                            (const char *const[]){
                                    "WARNING: CPU: 0 PID: 40 at lib/refcount.c:28 refcount_warn_saturate+0x1/0x2",
                                    "refcount_t: underflow; use-after-free.",
                                    "CPU: 0 PID: 40 Comm: acme Not tainted 4.15.0 #1", "Call Trace:" }[at]);
                }
                put(&l, 5, " refcount_warn_saturate+0x1/0x2");
                put(&l, 5, " acme_close+0x58/0xf0");
                put(&l, 5, " __fput+0x84/0x110");
                put(&l, 5, "---[ end trace 0000000000000000 ]---");
                struct json_object *r = scan(1, "%s", path_of(&l));
                assert_int_equal(n_findings(r), 1);
                assert_string_equal(text_of(finding(r, 0), "title"), "WARNING: refcount bug in acme_close");
                json_object_put(r);
        }
}

static void test_two_reporters(void **state) {
        static const char *const others[] = { "CPU: 1 PID: 77 Comm: fsck Not tainted 6.1.0 #1",
                                              "Call Trace:", " vfs_fsync_x+0x48/0x80", NULL };
        struct log l = {};

        (void) state;
        begin(&l);
        say_fault(&l, 5, "gem_evict", others);
        struct json_object *r = scan(1, "%s", path_of(&l));
        assert_int_equal(n_findings(r), 1);
        expect(r, 0, fault, NULL, true);
        json_object_put(r);
}

/* What dmesg shows of the same kernel, on its console: with the times, without, and decoded. */
static void test_reprints(void **state) {
        static const char *const before[] = { "", "kern  :alert : ", "kern  :alert : [" };

        (void) state;
        for (size_t i = 0; i <= 3; i++) {
                struct log l = {}, again = {};
                begin(&l);
                say_fault(&l, 5, "gem_evict", NULL);
                put(&l, 6, "------------[ cut here ]------------");
                put(&l, 6,
                    "WARNING: CPU: 1 PID: 212 at drivers/gpu/drm/i915/gem/x.c:25 i915_gem_stray+0x9c/0xe0 [i915]");
                put(&l, 6, "CPU: 1 PID: 212 Comm: gem_evict Not tainted 6.1.0 #1");
                put(&l, 6, "Call Trace:");
                put(&l, 6, " i915_gem_evict_some+0x9c/0xe0 [i915]");
                put(&l, 6, "---[ end trace 0000000000000000 ]---");
                /* The lines from the fault's on, as they are or with another beginning in place of the time. */
                for (char *p = strstr(l.text, "BUG: "), *end; (end = strchr(p, '\n')); p = end + 1) {
                        const char *time = p[0] == '[' ? p : p - strlen("[    5.000000] ");
                        const char *text = strchr(time, ']') + 2;
                        if (i == 3)
                                again.n += (size_t) snprintf(again.text + again.n, sizeof(again.text) - again.n,
                                                             "%.*s\n", (int) (end - time), time);
                        else
                                again.n += (size_t) snprintf(
                                        again.text + again.n, sizeof(again.text) - again.n, "%s%.*s\n", before[i],
                                        (int) (i == 2 ? end - time - 1 : end - text), i == 2 ? time + 1 : text);
                        if (!end[1])
                                break;
                }
                put(&l, 9, "usb 1-1: new high-speed USB device number 2");
                l.n += (size_t) snprintf(l.text + l.n, sizeof(l.text) - l.n, "+ dmesg\n%s", again.text);
                struct json_object *r = scan(1, "%s", path_of(&l));
                assert_int_equal(n_findings(r), 2);
                expect(r, 0, fault, "gem_evict", false);
                expect(r, 1, "WARNING in i915_gem_stray", NULL, false);
                json_object_put(r);
        }
}

static void test_boot_loader(void **state) {
        struct log l = {};

        (void) state;
        l.n = (size_t) snprintf(l.text, sizeof(l.text),
                                "Starting loader...\nWARNING: can't find board description, using fallback\n"
                                "BUG: no environment\nStarting kernel ...\n");
        begin(&l);
        put(&l, 1, "i915 0000:00:02.0: [drm] VT-d active for gfx access");
        struct json_object *r = scan(0, "%s", path_of(&l));
        assert_int_equal(n_findings(r), 0);
        json_object_put(r);
}

/* Two lines that ran together: the second is a headline where its body follows. */
/* Lines that begin with a task's name: only what is behind the 15 bytes of one counts. */
static void test_behind_a_task(void **state) {
        static const struct {
                const char *before;
                size_t n;
        } names[] = {
                { "acme: vmalloc error: size 34359738352, page order 0[    5.000001] ", 1 },
                { "acme[40]: segfault at 0 ip 0000 sp 0000 error 4 in libacme.so[    5.000001][   T40] ", 1 },
                { "[5.1] ", 0 },
        };

        (void) state;
        for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
                struct log l = {};

                begin(&l);
                put(&l, 5, "%s%s", names[i].before,
                    names[i].n ? "general protection fault: 0000 [#1] SMP KASAN" :
                                 "BUG: x: page allocation failure: order:0, mode:0xcc0(GFP_KERNEL)");
                if (names[i].n) {
                        put(&l, 5, "CPU: 0 PID: 40 Comm: acme Not tainted 6.1.0 #1");
                        put(&l, 5, "RIP: 0010:acme_pin+0x12/0x34");
                        put(&l, 5, "Call Trace:");
                        put(&l, 5, " acme_exec+0x18/0x101");
                        put(&l, 5, "---[ end trace 0000000000000000 ]---");
                }
                struct json_object *r = scan(names[i].n > 0, "%s", path_of(&l));
                assert_int_equal(n_findings(r), names[i].n);
                if (names[i].n)
                        expect(r, 0, "general protection fault in acme_pin", "acme", false);
                json_object_put(r);
        }
}

static void test_behind_other_words(void **state) {
        struct log l = {}, quoted = {};

        (void) state;
        begin(&l);
        put(&l, 5,
            "snd_hda_intel 0000:00:1f.3: unexpected [    5.000000] BUG: unable to handle page fault for address: "
            "0000000000200286");
        say_fault(&l, 5, "gem_evict", NULL);
        /* The headline that say_fault() prints, too, is one too many. */
        char *second = strchr(strstr(l.text, "unexpected"), '\n'), *end = strchr(second + 1, '\n');
        memmove(second, end, strlen(end) + 1);
        l.n = strlen(l.text);
        struct json_object *r = scan(1, "%s", path_of(&l));
        assert_int_equal(n_findings(r), 1);
        expect(r, 0, fault, "gem_evict", false);
        assert_string_equal(text_of(finding(r, 0), "origin"), "unverified");
        json_object_put(r);

        begin(&quoted);
        put(&quoted, 5, "usb 1-1: Product: [    5.000000] BUG: unable to handle page fault for address: 1");
        put(&quoted, 5, "usb 1-1: Manufacturer: BUG: unable to handle page fault for address: 1");
        put(&quoted, 5, "usb 1-1: new high-speed USB device number 2");
        put(&quoted, 6, "task:sh state:S stack:0 pid:1");
        put(&quoted, 6, " schedule+0x5e/0xd0");
        r = scan(0, "%s", path_of(&quoted));
        assert_int_equal(n_findings(r), 0);
        json_object_put(r);
}

/* The log ends where its first lines alone are left: those that would have begun the report by themselves do, and of
 * others it is said that they were not read. */
static void test_behind_other_words_cut(void **state) {
        struct log l = {}, oops = {};

        (void) state;
        begin(&l);
        put(&l, 4, "usb 1-1: new high-speed USB device number 2");
        add(&l, "         Starting Acme... [    5.000000] ------------[ cut here ]------------\n");
        put(&l, 5, "WARNING: CPU: 1 PID: 167 at drivers/acme/acme.c:12 acme_probe+0x10/0x20 [acme]");
        put(&l, 5, "Modules linked in: acme");
        struct json_object *r = scan(1, "%s", path_of(&l));
        assert_int_equal(n_findings(r), 1);
        expect(r, 0, "WARNING in acme_probe", NULL, true);
        assert_string_equal(text_of(finding(r, 0), "origin"), "unverified");
        json_object_put(r);

        begin(&oops);
        put(&oops, 4, "usb 1-1: new high-speed USB device number 2");
        add(&oops, "         Starting Acme... [    5.000000] general protection fault: 0000 [#1] SMP\n");
        put(&oops, 5, "Modules linked in: acme");
        put(&oops, 5, "CPU: 1 PID: 167 Comm: acme Not tainted 6.1.0 #1");
        struct run run = vmlife("scan %s", path_of(&oops));
        assert_int_equal(run.status, 0);
        assert_non_null(strstr(run.out, "\"unrecognized\": 1"));
        assert_non_null(strstr(run.err, "general protection fault"));
        run_done(&run);
}

/* What a prompt or a quotation mark stands before, in a report that has no dump near its beginning. */
static void test_own_line_behind_other_words(void **state) {
        static const struct {
                const char *head, *frames, *own, *title; /* the frames before the line that is its own */
        } reports[] = {
                { "BUG: KCSAN: data-race in reader / writer", "",
                  "write to 0xffff888100123400 of 8 bytes by task 12 on cpu 0:",
                  "KCSAN: data-race in reader / writer" },
                { "BUG: KFENCE: invalid free in closer+0x10/0x20", "",
                  "Invalid free of 0x00000000a1b2c3d4 (in kfence-#12):", "KFENCE: invalid free in closer" },
                { "BUG: KMSAN: uninit-value in reader+0x10/0x20", "aaaa",
                  "Uninit was created at:", "KMSAN: uninit-value in reader" },
                { "UBSAN: division-overflow in drivers/misc/some.c:12:28", "", "division by zero",
                  "UBSAN: division-overflow in reader" },
                { "unreferenced object 0xffff888100123400 (size 128):", "",
                  "comm \"insmod\", pid 38, jiffies 4294894561", "memory leak in reader" },
                { "rcu: INFO: rcu_preempt self-detected stall on CPU", "",
                  "rcu: \t0-...!: (1 ticks this GP) idle=869/1/0x40000002 softirq=7514/7514 fqs=0",
                  "INFO: rcu detected stall in worker" },
        };
        static const char *const before[] = { "[root@host ~]# ", "`", "Log: " };

        (void) state;
        for (size_t i = 0; i < ARRAY_SIZE(reports); i++)
                for (size_t k = 0; k < ARRAY_SIZE(before); k++) {
                        struct log l = {};
                        begin(&l);
                        l.n += (size_t) snprintf(l.text + l.n, sizeof(l.text) - l.n, "%s[    5.000000] %s\n", before[k],
                                                 reports[i].head);
                        for (const char *f = reports[i].frames; *f; f++)
                                put(&l, 5, " reader+0x10/0x20");
                        put(&l, 5, "%s", reports[i].own);
                        put(&l, 5, " reader+0x10/0x20");
                        put(&l, 5, " worker+0x10/0x20");
                        struct json_object *r = scan(1, "%s", path_of(&l));
                        assert_int_equal(n_findings(r), 1);
                        assert_string_equal(text_of(finding(r, 0), "title"), reports[i].title);
                        assert_string_equal(text_of(finding(r, 0), "origin"), "unverified");
                        json_object_put(r);
                }
}

/* RCU shows a task without a request, and says first that a CPU hangs; others are asked to show theirs. */
static void test_task_behind_a_prompt(void **state) {
        static const char *const before_task[] = {
                "\t0-...: (2100 ticks this GP) idle=9a2/1/0x1 softirq=11/11 fqs=0 ",
                "rcu: rcu_sched kthread starved for 2100 jiffies! g2885 f0x2 RCU_GP_WAIT_FQS(3) ->state=0x0 ->cpu=0",
                "usb 1-1: USB disconnect, device number 2",
        };

        (void) state;
        for (size_t i = 0; i < ARRAY_SIZE(before_task); i++) {
                const bool real = i + 1 < ARRAY_SIZE(before_task);
                struct log l = {};

                begin(&l);
                l.n += (size_t) snprintf(l.text + l.n, sizeof(l.text) - l.n, "/tmp # [    5.000000] %s\n",
                                         "rcu: INFO: rcu_sched self-detected stall on CPU");
                put(&l, 5, "%s", before_task[i]);
                put(&l, 5, "acme            R  running task        0    40      1 0x0000000a");
                put(&l, 5, "Call Trace:");
                put(&l, 5, " acme_poll+0x30/0xb0");
                put(&l, 5, " acme_thread+0x30/0xb0");
                struct json_object *r = scan(real, "%s", path_of(&l));
                assert_int_equal(n_findings(r), real);
                json_object_put(r);
        }
}

/* The place of a trap, where its usual line is not: decode_stacktrace.sh leaves no offset, and of arm's registers,
 * which somebody cut off, the trace's first callee tells it. */
static void test_place_of_a_trap(void **state) {
        static const struct {
                const char *lines[8], *title;
        } reports[] = {
                { { "Oops: general protection fault, probably for address 0xdffffc0000000000: 0000 [#1] SMP KASAN",
                    "RIP: 0010:bitmap_subset include/linux/bitmap.h:433 [inline]",
                    "RIP: 0010:acme_drop_locked drivers/misc/acme.c:967", "Call Trace:",
                    " acme_drop+0x21/0x40 drivers/misc/acme.c:990", " acme_write+0xb5/0xe0 drivers/misc/acme.c:1211" },
                  "general protection fault in acme_drop_locked" },
                { { "BUG: unable to handle page fault for address: 0000000100000000", "Oops: 0010 [#1] SMP PTI",
                    "RIP: 0010:0x100000000", "Call Trace:", " acme_drop+0x21/0x40", " acme_write+0xb5/0xe0" },
                  "BUG: unable to handle kernel paging request in acme_drop" },
                { { "Unhandled fault: external abort on non-linefetch (0x1008) at 0xf0c8802c",
                    "[f0c8802c] *pgd=433ed811, *pte=11800653, *ppte=11800453",
                    " acme_irq_handler from __handle_irq_event_percpu+0xcc/0x31c",
                    " __handle_irq_event_percpu from handle_irq_event+0x38/0x80" },
                  "Unhandled fault in acme_irq_handler" },
                { { "Unhandled fault: external abort on non-linefetch (0x1008) at 0xf0c8802c",
                    "[<c0100000>] (acme_irq_handler [acme]) from [<c0200000>] (__handle_irq_event_percpu+0xcc/0x31c)",
                    "[<c0200000>] (__handle_irq_event_percpu) from [<c0300000>] (handle_irq_event+0x38/0x80)" },
                  "Unhandled fault in acme_irq_handler" },
                { { "Unable to handle kernel NULL pointer dereference at virtual address 00000008",
                    "PC is at acme_get+0x8/0x20", "acme_get from acme_put+0xcc/0x31c",
                    "acme_put from acme_write+0x38/0x80" },
                  "BUG: unable to handle kernel NULL pointer dereference in acme_get" },
        };

        (void) state;
        for (size_t i = 0; i < ARRAY_SIZE(reports); i++) {
                struct log l = {};

                begin(&l);
                for (size_t k = 0; reports[i].lines[k]; k++)
                        put(&l, 5, "%s", reports[i].lines[k]);
                struct json_object *r = scan(1, "%s", path_of(&l));
                assert_int_equal(n_findings(r), 1);
                assert_string_equal(text_of(finding(r, 0), "title"), reports[i].title);
                json_object_put(r);
        }
}

static void say_hung(struct log *l, double t, const char *task) {
        put(l, t, "INFO: task %s blocked for more than 120 seconds.", task);
        put(l, t, "      Not tainted 6.1.0 #1");
        put(l, t, "\"echo 0 > /proc/sys/kernel/hung_task_timeout_secs\" disables this message.");
}

static void test_two_hung_tasks(void **state) {
        struct log l = {};

        (void) state;
        begin(&l);
        say_hung(&l, 241, "Xorg:1207");
        say_hung(&l, 241, "kworker/u8:0:5");
        struct json_object *r = scan(1, "%s", path_of(&l));
        assert_int_equal(n_findings(r), 2);
        expect(r, 0, "INFO: task hung in corrupted", "Xorg", true);
        expect(r, 1, "INFO: task hung in corrupted", "kworker/u8:0", true);
        json_object_put(r);
}

/* prctl() sets any bytes as a name. */
static void test_line_end_in_a_name(void **state) {
        struct log l = {};

        (void) state;
        begin(&l);
        say_fault(&l, 5, "my\n[    5.000000] task", NULL);
        put(&l, 241, "INFO: task your");
        put(&l, 241, "task:77 blocked for more than 120 seconds.");
        put(&l, 241, "Call Trace:");
        put(&l, 241, " __schedule+0x5e/0xd0");
        put(&l, 241, " i915_request_wait_x+0x5e/0xd0 [i915]");
        struct json_object *r = scan(1, "%s", path_of(&l));
        assert_int_equal(n_findings(r), 2);
        expect(r, 0, fault, "my\ntask", false);
        expect(r, 1, "INFO: task hung in i915_request_wait_x", "your\ntask", false);
        json_object_put(r);
}

/* A jump to no code: on arm64, arm and riscv only a register says from where. */
static void test_jump_to_nowhere(void **state) {
        static const struct {
                const char *where, *from, *frame;
        } machines[] = {
                { "pc : 0x0", "lr : acme_call+0x10/0x20 [acme]", " 0x0" },
                { "PC is at 0x0", "LR is at acme_call+0x10/0x20 [acme]", " 0x0 from acme_write+0x114/0x1cc [acme]" },
                { "epc : 0000000000000000 ra : acme_call+0x10/0x20 [acme]", " sp : ffffffd0037ebc30",
                  "[<0000000000000000>] 0x0" },
        };

        (void) state;
        for (size_t i = 0; i < sizeof(machines) / sizeof(machines[0]); i++) {
                struct log l = {};

                begin(&l);
                put(&l, 5, "Unable to handle kernel NULL pointer dereference at virtual address 0000000000000000");
                put(&l, 5, "%s", i == 2 ? "Oops [#1]" : "Internal error: Oops: 0000000086000006 [#1] PREEMPT SMP");
                put(&l, 5, "CPU: 0 PID: 40 Comm: acme Not tainted 6.1.0 #1");
                put(&l, 5, "%s", machines[i].where);
                put(&l, 5, "%s", machines[i].from);
                put(&l, 5, i == 1 ? "Call trace: " : "Call trace:");
                put(&l, 5, "%s", machines[i].frame);
                put(&l, 5, " acme_write+0x114/0x1cc [acme]");
                put(&l, 5, " vfs_write+0x12c/0x30c");
                put(&l, 5, " el0_svc+0x34/0xd4");
                put(&l, 5, "---[ end trace 0000000000000000 ]---");
                struct json_object *r = scan(1, "%s", path_of(&l));
                assert_int_equal(n_findings(r), 1);
                assert_string_equal(text_of(finding(r, 0), "title"),
                                    "BUG: unable to handle kernel NULL pointer dereference in acme_call");
                json_object_put(r);
        }
}

static void expect_text(struct log *l, const char *has, const char *lacks) {
        struct run r = vmlife("scan --format text -v %s", path_of(l));

        if (has && !strstr(r.out, has))
                fail_msg("\"%s\" is not in:\n%s", has, r.out);
        if (lacks && strstr(r.out, lacks))
                fail_msg("\"%s\" is in:\n%s", lacks, r.out);
        run_done(&r);
}

/* "cut here" is not what a report says. */
static void test_message_of_bug(void **state) {
        struct json_object *r = scan(1, "%s", fixture("bug.log"));

        (void) state;
        assert_true(strncmp(text_of(finding(r, 0), "message"), "kernel BUG at ", strlen("kernel BUG at ")) == 0);
        json_object_put(r);
}

/* A warning without a message has none: what came of it is not what it said. */
static void test_bare_warning(void **state) {
        static const char *const next[] = { "Kernel panic - not syncing: panic_on_warn set ...",
                                            "Kernel panic - not syncing: kernel: panic_on_warn set ...",
                                            "Dumping ftrace buffer:", "Modules linked in: acme",
                                            "CPU: 0 PID: 40 Comm: acme Not tainted 4.15.0 #1" };

        (void) state;
        for (size_t i = 0; i < ARRAY_SIZE(next); i++) {
                for (int says = 0; says < 2; says++) {
                        struct log l = {};

                        begin(&l);
                        put(&l, 5, "WARNING: CPU: 0 PID: 40 at ./include/acme.h:12 acme_ready+0x2b7/0x390");
                        if (says)
                                put(&l, 5, "acme: its own words");
                        put(&l, 5, "%s", next[i]);
                        put(&l, 5, "CPU: 0 PID: 40 Comm: acme Not tainted 4.15.0 #1");
                        put(&l, 5, "Call Trace:");
                        put(&l, 5, " panic+0x1e4/0x41c");
                        put(&l, 5, " __warn+0x1dc/0x200");
                        put(&l, 5, " acme_ready+0x2b7/0x390");
                        put(&l, 5, "---[ end trace 0000000000000000 ]---");
                        struct json_object *r = scan(1, "%s", path_of(&l)), *message = NULL;
                        json_object_object_get_ex(finding(r, 0), "message", &message);
                        assert_string_equal(text_of(finding(r, 0), "title"), "WARNING in acme_ready");
                        if (says)
                                assert_string_equal(json_object_get_string(message), "acme: its own words");
                        else
                                assert_null(message);
                        json_object_put(r);
                }
        }
}

static void put_kasan(struct log *l, const char *what, const char *access, const char *const *behind) {
        begin(l);
        put(l, 5, "==================================================================");
        put(l, 5, "BUG: KASAN: %s", what);
        put(l, 5, "%s", access);
        put(l, 5, "CPU: 0 PID: 40 Comm: acme Not tainted 6.1.0 #1");
        put(l, 5, "Call Trace:");
        put(l, 5, " acme_look+0x1c3/0x3c0");
        put(l, 5, " acme_open+0x1c3/0x3c0");
        for (size_t i = 0; behind[i]; i++)
                put(l, 5, "%s", behind[i]);
        put(l, 5, "==================================================================");
}

/* Where the address lies when it is of no cache, and in the form of kernels before 4.11. */
static void test_place_of_kasan(void **state) {
        static const struct {
                const char *what, *access, *behind[10], *title, *says;
        } logs[] = {
                { "stack-out-of-bounds in acme_look+0x1c3/0x3c0",
                  "Read of size 8 at addr ffffc9000b7df95f by task acme/40",
                  { "", "The buggy address belongs to stack of task acme/40",
                    " and is located at offset 31 in frame:", " acme_call+0x0/0x1a0 [acme]", "",
                    "This frame has 2 objects:", " [32, 40) 'flags'", " [64, 72) 'lock:12'", "" },
                  "KASAN: stack-out-of-bounds Read in acme_look",
                  "object: at offset 31 in frame acme_call+0x0/0x1a0 [acme], [32, 40) 'flags', [64, 72) 'lock:12'\n" },
                { "stack-out-of-bounds in acme_look+0x1c3/0x3c0",
                  "Write of size 1 at addr ffffc9000b7df95f by task acme/40",
                  { "", "addr ffffc9000b7df95f is located in stack of task acme/40 at offset 4 in frame:",
                    " acme_call+0x0/0x1a0", "", "this frame has 1 object:", " [32, 40) 'flags'", "" },
                  "KASAN: stack-out-of-bounds Write in acme_look",
                  "object: at offset 4 in frame acme_call+0x0/0x1a0, [32, 40) 'flags'\n" },
                { "global-out-of-bounds in acme_look+0x1c3/0x3c0",
                  "Read of size 1 at addr ffffffff88000008 by task acme/40",
                  { "", "The buggy address belongs to the variable:", " acme_table+0x8/0x1000", "" },
                  "KASAN: global-out-of-bounds Read in acme_look",
                  "object: in the variable acme_table+0x8/0x1000\n" },
                { "use-after-free in acme_look+0x1c3/0x3c0 at addr ffff8801a751e6c0",
                  "Read of size 8 by task acme/40",
                  { "Object at ffff8801a751e680, in cache acme_cache size: 96" },
                  "KASAN: use-after-free Read in acme_look",
                  "object: place in it not known, cache acme_cache, at 0xffff8801a751e680\n" },
                { "use-after-free in acme_look+0x1c3/0x3c0 at addr ffff8801a751e6c0",
                  "Write of size 4 by task acme/40",
                  { "" },
                  "KASAN: use-after-free Write in acme_look",
                  "write of 4 bytes at 0xffff8801a751e6c0 by task 40 in acme_look\n" },
                { "double-free in acme_look+0x1c3/0x3c0",
                  "Free of addr ffff8801a751e6c0 by task acme/40",
                  { "" },
                  "KASAN: invalid-free in acme_look",
                  "free at 0xffff8801a751e6c0 by task 40 in acme_look\n" },
        };

        (void) state;
        for (size_t i = 0; i < ARRAY_SIZE(logs); i++) {
                struct log l = {};

                put_kasan(&l, logs[i].what, logs[i].access, logs[i].behind);
                struct json_object *r = scan(1, "%s", path_of(&l));
                expect(r, 0, logs[i].title, NULL, false);
                assert_int_equal(json_object_array_length(member(finding(r, 0), "accesses")), 1);
                json_object_put(r);
                expect_text(&l, logs[i].says, " 0 bytes");
        }
}

/* Up to 4.16 an oops's "Code:" came behind the registers of the task's user; else such a line is of the user's code. */
static void test_code_behind_a_user(void **state) {
        (void) state;
        for (int kernel = 0; kernel < 2; kernel++) {
                struct log l = {};

                begin(&l);
                put(&l, 5, "BUG: unable to handle kernel paging request at 0000000000200286");
                put(&l, 5, "Oops: 0000 [#1] SMP");
                put(&l, 5, "CPU: 0 PID: 40 Comm: acme Not tainted 4.15.0 #1");
                put(&l, 5, "RIP: 0010:acme_look+0x19/0x3d");
                put(&l, 5, "RSP: 0018:ffff8801bc95f840 EFLAGS: 00010282");
                put(&l, 5, "Call Trace:");
                put(&l, 5, " acme_open+0x42/0x4b");
                put(&l, 5, " entry_SYSCALL_64_fastpath+0x29/0xa0");
                put(&l, 5, "RIP: 0033:0x445109");
                put(&l, 5, "RSP: 002b:00007fff3b81d8d8 EFLAGS: 00000217 ORIG_RAX: 0000000000000014");
                put(&l, 5, "Code: 90 90 <0f> 0b 90 90");
                put(&l, 5, kernel ? "RIP: acme_look+0x19/0x3d RSP: ffff8801bc95f840" : "CR2: 0000000000200286");
                put(&l, 5, "---[ end trace 0000000000000000 ]---");
                expect_text(&l, kernel ? "Code: 90 90 <0f> 0b 90 90\n" : NULL, kernel ? NULL : "Code:");
        }
}

/* What stands there where the code could not be read, or is another machine's. */
static void test_words_for_code(void **state) {
        static const char *const codes[] = {
                "Code: Bad RIP value.",
                "Code: Unable to access opcode bytes at RIP 0xffffffffc0000000.",
                "Code: (Bad address in epc)",
                "Code: 24020001  03e00008  00000000 <8c820004> 00000000",
                "Code: f94e0a80 92404a73 91420273 (b9400273)",
                "Code: <8b> 07",
        };
        (void) state;

        for (size_t i = 0; i < sizeof(codes) / sizeof(codes[0]); i++) {
                struct log l = {};
                char line[200];

                begin(&l);
                put(&l, 5, "BUG: unable to handle page fault for address: 0000000000200286");
                put(&l, 5, "Oops: 0000 [#1] SMP");
                put(&l, 5, "CPU: 0 PID: 40 Comm: acme Not tainted 6.1.0 #1");
                put(&l, 5, "RIP: 0010:acme_look+0x19/0x3d");
                put(&l, 5, "%s", codes[i]);
                put(&l, 5, "RSP: 0018:ffff8801bc95f840 EFLAGS: 00010282");
                put(&l, 5, "Call Trace:");
                put(&l, 5, " acme_open+0x42/0x4b");
                put(&l, 5, "---[ end trace 0000000000000000 ]---");
                snprintf(line, sizeof(line), "%s\n", codes[i]);
                expect_text(&l, line, NULL);
        }
}

/* A grace period that waits for a task: its stack does not say what keeps the CPU from it. */
static void test_stall_of_a_task_that_waits(void **state) {
        struct log l = {};

        (void) state;
        begin(&l);
        put(&l, 5, "rcu: INFO: rcu_preempt detected stalls on CPUs/tasks:");
        put(&l, 5, "rcu: \tTasks blocked on level-0 rcu_node (CPUs 0-1): P40/1:b..l");
        put(&l, 5, "rcu: \t(detected by 0, t=10002 jiffies, g=56441, q=553 ncpus=2)");
        put(&l, 5, "task:acme            state:R  running task     stack:0     pid:40    ppid:1      flags:0x0");
        put(&l, 5, "Call Trace:");
        put(&l, 5, " <TASK>");
        put(&l, 5, " __schedule+0x335/0x4b0");
        put(&l, 5, " preempt_schedule+0xe2/0xf0");
        put(&l, 5, " acme_copy+0x120/0x1e0");
        put(&l, 5, " do_syscall_64+0xe3/0x230");
        put(&l, 5, " entry_SYSCALL_64_after_hwframe+0x77/0x7f");
        put(&l, 5, " </TASK>");
        struct json_object *r = scan(1, "%s", path_of(&l));
        assert_int_equal(n_findings(r), 1);
        expect(r, 0, "INFO: rcu detected stall in acme_copy", NULL, true);
        json_object_put(r);
}

/* Lockdep's own dump comes behind "stack backtrace:": one before it is of another CPU. */
static void test_dump_of_another_within_lockdep(void **state) {
        for (int other = 0; other < 2; other++) {
                struct log l = {};

                (void) state;
                begin(&l);
                put(&l, 5, "=====================================");
                put(&l, 5, "WARNING: bad unlock balance detected!");
                put(&l, 5, "6.1.0 #1 Not tainted");
                put(&l, 5, "-------------------------------------");
                for (int dump = !other; dump < 2; dump++) {
                        if (dump) {
                                put(&l, 5, "acme/40 is trying to release lock (acme_lock) at:");
                                put(&l, 5, "[<ffffffff834dea24>] acme_stop+0xe4/0x140");
                                put(&l, 5, "but there are no more locks to release!");
                                put(&l, 5, "stack backtrace:");
                        }
                        put(&l, 5, "CPU: %d PID: 4%d Comm: acme Not tainted 6.1.0 #1", !dump, !dump);
                        put(&l, 5, "Call Trace:");
                        put(&l, 5, " dump_stack_lvl+0x33/0x46");
                        put(&l, 5, " acme_stop+0xe4/0x140");
                        put(&l, 5, " entry_SYSCALL_64_after_hwframe+0x77/0x7f");
                }
                struct json_object *r = scan(1, "%s", path_of(&l));
                assert_int_equal(n_findings(r), 1);
                expect(r, 0, "WARNING: bad unlock balance in acme_stop", NULL, other);
                json_object_put(r);
        }
}

/* SLUB's words are few: others, without its report behind them, are somebody else's. */
static void test_banner_without_a_report(void **state) {
        struct log l = {};

        (void) state;
        begin(&l);
        put(&l, 5, "BUG UNIX (Not tainted): nothing that SLUB says");
        put(&l, 6, "eth0: link is up");
        struct json_object *r = scan(0, "%s", path_of(&l));
        assert_int_equal(n_findings(r), 0);
        json_object_put(r);
}

/* One of a task's, where the log says who printed what. */
static void put_by(struct log *l, double t, unsigned task, const char *message) {
        l->n += (size_t) snprintf(l->text + l->n, sizeof(l->text) - l->n, "[%12.6f][%4s%u] %s\n", t, "T", task,
                                  message);
}

/* Behind the mark of its end a report waits for few lines of others: a panic that says it was fatal comes at once. One
 * that comes later is the same event all the same. */
static void test_panic_behind_an_end(void **state) {
        static const unsigned lines_between[] = { 4, 60, 200 };

        (void) state;
        for (size_t i = 0; i < sizeof(lines_between) / sizeof(lines_between[0]); i++) {
                struct log l = {};
                put_by(&l, 0, 0, "Linux version 6.1.0 (x@y) (gcc) #1 SMP");
                put_by(&l, 5, 7, "------------[ cut here ]------------");
                put_by(&l, 5, 7, "WARNING: CPU: 0 PID: 7 at a.c:12 f+0x1/0x2");
                put_by(&l, 5, 7, "Call Trace:");
                put_by(&l, 5, 7, " g+0x1/0x2");
                put_by(&l, 5, 7, "---[ end trace 0000000000000000 ]---");
                for (unsigned k = 0; k < lines_between[i]; k++)
                        put_by(&l, 5, 9, "eth0: link is up");
                put_by(&l, 6, 7, "Kernel panic - not syncing: kernel: panic_on_warn set ...");
                struct json_object *r = scan(1, "%s", path_of(&l));
                assert_int_equal(n_findings(r), 1);
                expect(r, 0, "WARNING in f", NULL, false);
                const bool has = strstr(text_of(finding(r, 0), "excerpt"), "Kernel panic") != NULL;
                assert_int_equal(has, lines_between[i] < 16);
                json_object_put(r);
        }
}

/* A report without a frame to blame, which names somebody itself: in its first line, or as the caller of a check. */
static void test_named_in_words(void **state) {
        static const struct {
                const char *lines[3], *title;
        } cases[] = {
                { { "BUG: KMSAN: use-after-free in acme_consume+0x22d/0x2c0", "Uninit was created at:" },
                  "KMSAN: use-after-free in acme_consume" },
                { { "BUG: using smp_processor_id() in preemptible [00000000] code: acme/12",
                    "caller is acme_flush+0x13/0x50" },
                  "BUG: using smp_processor_id() in preemptible code in acme_flush" },
                { { "BUG: using __this_cpu_add() in preemptible [00000000] code: acme/12",
                    "caller is acme_count+0x13/0x50 [acme]" },
                  "BUG: using __this_cpu_add() in preemptible code in acme_count" },
                /* All that a filter of levels leaves of it. */
                { { "refcount_t: underflow; use-after-free." }, "WARNING: refcount bug in corrupted" },
                /* What is machinery names nobody; what somebody's name is followed by is no function. */
                { { "BUG: using smp_processor_id() in preemptible [00000000] code: acme/12",
                    "caller is debug_smp_processor_id+0x17/0x20" },
                  "BUG: using smp_processor_id() in preemptible code in corrupted" },
                { { "BUG: using smp_processor_id() in preemptible [00000000] code: acme/12", "caller is acme_flush" },
                  "BUG: using smp_processor_id() in preemptible code in corrupted" },
        };

        (void) state;
        for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
                struct log l = {};
                put(&l, 0, "Linux version 6.1.0 (x@y) (gcc) #1 SMP");
                for (size_t k = 0; k < 3 && cases[i].lines[k]; k++)
                        put(&l, 5, "%s", cases[i].lines[k]);
                struct json_object *r = scan(1, "%s", path_of(&l));
                assert_int_equal(n_findings(r), 1);
                assert_string_equal(text_of(finding(r, 0), "title"), cases[i].title);
                assert_true(json_object_array_length(member(finding(r, 0), "corrupted")) > 0);
                json_object_put(r);
        }
}

/* KCSAN's first versions gave both functions with their offsets. */
static void test_first_kcsan(void **state) {
        struct log l = {};

        (void) state;
        put(&l, 0, "Linux version 5.4.0 (x@y) (gcc) #1 SMP");
        put(&l, 5, "==================================================================");
        put(&l, 5, "BUG: KCSAN: data-race in acme_stop+0xa8/0x198 and acme_set+0x80/0xb0");
        put(&l, 5, " ");
        put(&l, 5, "write to 0xffff888100000010 of 4 bytes by task 12 on cpu 1:");
        put(&l, 5, " acme_set+0x80/0xb0");
        put(&l, 5, " acme_ioctl+0x10/0x20");
        put(&l, 5, " ");
        put(&l, 5, "read to 0xffff888100000010 of 4 bytes by task 13 on cpu 0:");
        put(&l, 5, " acme_stop+0xa8/0x198");
        put(&l, 5, " acme_thread+0x10/0x20");
        put(&l, 5, " ");
        put(&l, 5, "Reported by Kernel Concurrency Sanitizer on:");
        put(&l, 5, "CPU: 0 PID: 13 Comm: acme Not tainted 5.4.0 #1");
        put(&l, 5, "==================================================================");
        struct json_object *r = scan(1, "%s", path_of(&l));
        expect(r, 0, "KCSAN: data-race in acme_stop / acme_set", NULL, false);
        json_object_put(r);
}

int main(void) {
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(test_end_of_a_panic),
                cmocka_unit_test(test_named_in_words),
                cmocka_unit_test(test_first_kcsan),
                cmocka_unit_test(test_panic_behind_an_end),
                cmocka_unit_test(test_many_lines_of_others),
                cmocka_unit_test(test_frames_of_another),
                cmocka_unit_test(test_frames_before_a_warning),
                cmocka_unit_test(test_two_reporters),
                cmocka_unit_test(test_reprints),
                cmocka_unit_test(test_boot_loader),
                cmocka_unit_test(test_behind_other_words),
                cmocka_unit_test(test_behind_other_words_cut),
                cmocka_unit_test(test_own_line_behind_other_words),
                cmocka_unit_test(test_behind_a_task),
                cmocka_unit_test(test_two_hung_tasks),
                cmocka_unit_test(test_line_end_in_a_name),
                cmocka_unit_test(test_stall_of_a_task_that_waits),
                cmocka_unit_test(test_dump_of_another_within_lockdep),
                cmocka_unit_test(test_banner_without_a_report),
                cmocka_unit_test(test_jump_to_nowhere),
                cmocka_unit_test(test_task_behind_a_prompt),
                cmocka_unit_test(test_place_of_a_trap),
                cmocka_unit_test(test_message_of_bug),
                cmocka_unit_test(test_bare_warning),
                cmocka_unit_test(test_place_of_kasan),
                cmocka_unit_test(test_code_behind_a_user),
                cmocka_unit_test(test_words_for_code),
        };
        return cmocka_run_group_tests(tests, NULL, NULL);
}
