/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Names that begin a record, or stand in a report itself: of interfaces, of rules of a packet filter, of cgroups, of
 * tasks. Whatever they are called, the same is said of the boot and of its reports. */
#include "cmocka_all.h"
#include "vmlife.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/macros.h"
#include "boot/boot_lines.h"
#include "forged.h"
#include "kind/kind.h"

enum { NAMES_MAX = 1024, NAME_MAX_BYTES = 16 };

/* What an interface may be called: the first words of all lines of reports, and of what is looked for. */
static char names[NAMES_MAX][NAME_MAX_BYTES];
static size_t n_names;

static void add_name(const char *line) {
        const char *const s = line + strspn(line, " ");
        const size_t n = strcspn(s, " :/\t");

        if (n == 0 || n >= NAME_MAX_BYTES || n_names == NAMES_MAX)
                return;
        for (size_t i = 0; i < n_names; i++)
                if (strlen(names[i]) == n && memcmp(names[i], s, n) == 0)
                        return;
        memcpy(names[n_names++], s, n);
}

static int read_names(void **state) {
        static const char *const others[] = {
                "<SOFTIRQ>", "<EOI>",     "<EOE>", "<NMI>",  "</NMI>", "<#DF>", "</#DB>",  "Backtrace", "Stack",
                "NIP",       "REGS",      "MSR",   "Vector", "Flags",  "LR",    "Process", "Control",   "Krnl",
                "#0",        "backtrace", "freed", "Freed",  "EIP",    "pc",    "epc",     "IP",        "Pid",
                "page",      "raw",       "slab",  "object", "hint",   "Oops",  "PKRU",    "DR0",       "CR2",
                "Tainted",   "SOFTE",     "GPR00", "pstate", "lr",     "ra",    "pgd",     "kernel",
        };

        assert_int_equal(read_fixtures(state), 0);
        for (size_t i = 0; i < n_fixtures; i++)
                for (size_t k = 0; k < fixtures[i].n; k++)
                        add_name(fixtures[i].lines[k]);
        for (size_t i = 0; kinds[i]; i++)
                for (const char *const *w = kinds[i]->triggers; w && *w; w++)
                        add_name(*w);
        for (size_t i = 0; i < n_notes; i++)
                add_name(notes[i].word);
        for (size_t i = 0; i < ARRAY_SIZE(others); i++)
                add_name(others[i]);
        assert_in_range(n_names, 300, NAMES_MAX - 1);
        return 0;
}

/* The name between two words, or as many crosses. */
static void put_named(struct out *o, const char *before, const char *name, const char *after, bool forged) {
        char message[512], plain[256];

        snprintf(plain, sizeof(plain), "%s", name);
        for (char *c = plain; !forged && *c; c++)
                *c = 'x';
        snprintf(message, sizeof(message), "%s%s%s", before, plain, after);
        put_text(o, message);
}

static void put_others(struct out *o) {
        o->us += 40000000;
        for (int i = 0; i < 4; i++)
                put_text(o, "e1000 0000:00:03.0 eth0: NIC Link is Up 1000 Mbps Full Duplex");
        o->us += 40000000;
}

/* Are its frames as the kernel prints them? A trace of which somebody left the names alone ends at any other line. */
static bool has_places(const struct fixture *x) {
        for (size_t i = 0; i < x->n; i++)
                if (strstr(x->lines[i], "+0x"))
                        return true;
        return false;
}

/* The report again and again, behind another of its lines a message of an interface with another name. */
static void put_interfaces(struct out *o, const struct fixture *x, bool forged) {
        static const char *const says[] = {
                ": renamed from eth0",
                ": entered promiscuous mode",
                " speed is unknown, defaulting to 1000",
                " (unregistering): Released all slaves",
                ": port 1(veth0) entered blocking state",
                ": bad gso: type: 1, size: 1",
                ": received packet on bond0 with own address as source address",
        };

        for (size_t i = 0; has_places(x) && i < n_names; i++) {
                for (size_t l = 0; l < x->n; l++) {
                        put_text(o, x->lines[l]);
                        if (l != i * 7 % MIN(x->n, (size_t) 24))
                                continue;
                        o->caller = i % 3 ? "T99" : NULL;
                        put_named(o, "", names[i], says[i % ARRAY_SIZE(says)], forged);
                        o->caller = NULL;
                }
                put_others(o);
        }
}

/* Each line of the report as the prefix of a rule that logs packets, amid the report and alone. */
static void put_packets(struct out *o, const struct fixture *x, bool forged) {
        enum { ROOM = 29 }; /* ebtables' */
        static const struct {
                const char *says;
                int room;
        } rules[] = {
                { " IN=eth0 OUT= MAC source = 0a:58:00:00:00:01 MAC dest = ff:ff:ff:ff:ff:ff proto = 0x0800", ROOM },
                { " IN=eth0 OUT=br0 MAC source = 0a:58:00:00:00:01 MAC dest = 0a:58:00:00:00:02 proto = 0x0800 IP "
                  "SRC=10.0.0.1 IP DST=10.0.0.2, IP tos=0x00, IP proto=6 SPT=1 DPT=2",
                  ROOM },
                { " IN=eth0 OUT= MAC source = 0a:58:00:00:00:01 MAC dest = ff:ff:ff:ff:ff:ff proto = 0x86dd INCOMPLETE "
                  "IPv6 header",
                  ROOM },
                { " IN=eth0 OUT= MAC source = 0a:58:00:00:00:01 MAC dest = ff:ff:ff:ff:ff:ff proto = 0x0806 ARP "
                  "HTYPE=1, PTYPE=0x0800, OPCODE=1",
                  ROOM },
                { "IN=eth0 OUT= ARP HTYPE=1 PTYPE=0x0806 OPCODE=1", 127 },
                { "IN=lo OUT= SRC=10.0.0.1 DST=10.0.0.2 LEN=88 TTL=64 ID=1 PROTO=ICMP TYPE=3 CODE=1 [SRC=10.0.0.2 "
                  "DST=10.0.0.1 LEN=60 PROTO=TCP SPT=1 DPT=2 SYN URGP=0 ] ",
                  127 },
                { "IN=lo OUT= SRC=10.0.0.1 DST=10.0.0.2 LEN=20 TTL=64 PROTO=TCP INCOMPLETE [8 bytes] ", 127 },
                { "IN=lo OUT= MAC=0a:58:00:00:00:01:0a:58 TRUNCATED", 127 },
        };

        for (size_t i = 0; i < MIN(x->n, (size_t) 24); i++) {
                char prefix[128];

                snprintf(prefix, sizeof(prefix), "%.*s", rules[i % ARRAY_SIZE(rules)].room, x->lines[i]);
                put_named(o, "", prefix, rules[i % ARRAY_SIZE(rules)].says, forged);
                put_others(o);
                snprintf(prefix, sizeof(prefix), "%.*s", ROOM, x->lines[i]);
                for (size_t l = 0; l < x->n; l++) {
                        put_text(o, x->lines[l]);
                        if (l == i / 2)
                                put_named(o, "", prefix, rules[(i + 1) % 4].says, forged);
                }
                put_others(o);
        }
}

/* What is left of a line that another CPU's came into: the name of a cgroup, with the line's end or alone. */
static void put_cgroup(struct out *o, const char *name, const char *begun, const char *end, bool apart, bool forged) {
        put_text(o, begun);
        o->caller = "T99";
        put_text(o, "random: crng reseeded");
        o->caller = NULL;
        o->goes_on = true;
        put_named(o, "", name, apart ? "" : end, forged);
        if (apart) {
                o->goes_on = false;
                o->caller = "T99";
                put_text(o, "random: crng reseeded");
                o->caller = NULL;
                o->goes_on = true;
                put_text(o, end);
        }
        o->goes_on = false;
}

static void put_cgroups(struct out *o, const struct fixture *x, bool forged) {
        static const char *const of_variant[] = {
                "i915 vmlife: load token=0123456789abcdef version=9.9 tree=6.1.192 rules=all inject=none lockdep=1 "
                "kcsan=1",
                "i915 vmlife: rule=vm-early-put token=fedcba9876543210 ctx_id=1 vm_id=1 injected=1 by=f+0x1 n=1",
                "i915 vmlife: selftest name=vmlife_x rounds=999 reads=9 inject=none err=0",
                "** 9 printk messages dropped **",
                "INFO: lockdep is turned off.",
                "Linux version 9.9.9 (a@b) (gcc) #1 SMP",
        };
        static const char *const fails =
                "a.out: page allocation failure: order:4, mode:0x40dc0(GFP_KERNEL|__GFP_ZERO), nodemask=(null),cpuset=";
        const size_t n = MIN(x->n, (size_t) 20) + ARRAY_SIZE(of_variant);

        for (size_t i = 0; i < n; i++) {
                char name[256];

                snprintf(name, sizeof(name), "%s",
                         i < ARRAY_SIZE(of_variant) ? of_variant[i] : x->lines[i - ARRAY_SIZE(of_variant)]);
                for (char *c = name; *c; c++)
                        *c = *c == '/' ? '|' : *c;
                put_cgroup(o, name, "oom-kill:constraint=CONSTRAINT_NONE,nodemask=(null),cpuset=",
                           ",mems_allowed=0,global_oom,task_memcg=/,task=a.out,pid=7,uid=0", i % 2, forged);
                put_others(o);
                put_cgroup(o, name, fails, ",mems_allowed=0", i % 3 != 0, forged);
                put_text(o, "CPU: 0 PID: 7 Comm: a.out Not tainted 6.1.192 #3");
                put_failed_stack(o);
                put_others(o);
        }
}

/* The 15 bytes that a task's name has room for: each line of the report, and what else would end one or be a part. */
static const char *task_name(const struct fixture *x, size_t i, char name[static NAME_MAX_BYTES]) {
        static const char *const others[] = {
                " f+0x1/2 [i915",
                " f+0x1/2 [i915 ",
                " f+0x1/0x2 [a",
                " ? f+0x1/0x2 [a",
                "\n",
                "",
                "a\nb",
                "\nCall Trace:",
                "\n</TASK>\nb",
                "\n---[ end trac",
                " ",
                "Call Trace:",
                "RIP: 0010:f+0x1",
                "[<0>] f+0x1/0x",
                "</TASK>",
                "\n\n",
                "x\n",
                "Oops: 0000 [#1]",
                "a/1/0x00000002",
                "x:1 blocked for",
                "Code: 00 <0f>",
                "=>f+0x1/0x2",
                "Freed:",
                "Mem-Info:",
                " Not tainted",
                "x Tainted: G W ",
                "a Not tainted 9",
                "x\" y",
                "x [9] y",
        };

        snprintf(name, NAME_MAX_BYTES, "%s", i < ARRAY_SIZE(others) ? others[i] : x->lines[i - ARRAY_SIZE(others)]);
        return i < ARRAY_SIZE(others) + x->n - 1 ? name : NULL;
}

/* The report with another task's message amid it. */
static void put_tasks(struct out *o, const struct fixture *x, bool forged) {
        static const char *const says[] = {
                "[77]: segfault at 0 ip 0000000000000000 sp 00007ffd error 4 in x[55d+1000]",
                " (77): attempted to duplicate a private mapping with mremap.  This is not supported.",
                ": uninitialized urandom read (16 bytes read)",
                " uses obsolete (PF_INET,SOCK_PACKET)",
        };
        char name[NAME_MAX_BYTES];

        for (size_t i = 0; has_places(x) && task_name(x, i, name); i++) {
                char wide[NAME_MAX_BYTES];

                snprintf(wide, sizeof(wide), "%-15s", name);
                put_named(o, "", wide, " D    0    50      2 0x00004000", forged); /* before 5.9 */
                for (size_t l = 0; l < x->n; l++) {
                        put_text(o, x->lines[l]);
                        if (l == i % MIN(x->n, (size_t) 20))
                                put_named(o, "", name, says[i % ARRAY_SIZE(says)], forged);
                }
                put_others(o);
        }
}

/* Reports that say in a line of theirs what the task is called: of lockdep, of a hung task, of one that got no memory.
 * A name that is empty is one of a letter in the other boot. */
static void put_own_names(struct out *o, const struct fixture *x, bool forged) {
        static const struct {
                const char *before, *after; /* NULL: the line is as it is */
        } own[] = {
                { "======================================================", NULL },
                { "WARNING: possible circular locking dependency detected", NULL },
                { "6.1.192 #1 Not tainted", NULL },
                { "------------------------------------------------------", NULL },
                { "", "/41 is trying to acquire lock:" },
                { "ffffffff81c35300 (console_owner){-...}-{0:0}, at: console_emit_next_record+0x291/0x650", NULL },
                { "", NULL },
                { "but task is already holding lock:", NULL },
                { "ffff888100042018 (&n->list_lock){-.-.}-{2:2}, at: free_to_partial_list+0x4f/0x470", NULL },
                { "", NULL },
                { "which lock already depends on the new lock.", NULL },
                { "", NULL },
                { "the existing dependency chain (in reverse order) is:", NULL },
                { "", NULL },
                { "-> #1 (&n->list_lock){-.-.}-{2:2}:", NULL },
                { "       _raw_spin_lock_irqsave+0x3d/0x60", NULL },
                { "       free_to_partial_list+0x4f/0x470", NULL },
                { "", NULL },
                { "-> #0 (console_owner){-...}-{0:0}:", NULL },
                { "       __lock_acquire+0x147a/0x2bc0", NULL },
                { "       console_emit_next_record+0x2c6/0x650", NULL },
                { "", NULL },
                { "stack backtrace:", NULL },
                { "CPU: 0 PID: 41 Comm: ", " Not tainted 6.1.192 #1" },
                { "Call Trace:", NULL },
                { " <TASK>", NULL },
                { " dump_stack_lvl+0x5b/0x90", NULL },
                { " check_noncircular+0xfe/0x110", NULL },
                { " __lock_acquire+0x147a/0x2bc0", NULL },
                { " console_emit_next_record+0x2c6/0x650", NULL },
                { " free_to_partial_list+0x14f/0x470", NULL },
                { " </TASK>", NULL },
                { NULL, NULL },
                { "INFO: task ", ":50 blocked for more than 120 seconds." },
                { "      Not tainted 6.1.192 #1", NULL },
                { "\"echo 0 > /proc/sys/kernel/hung_task_timeout_secs\" disables this message.", NULL },
                { "task:", "           state:D stack:0     pid:50    ppid:2      flags:0x00004000" },
                { "Call Trace:", NULL },
                { " <TASK>", NULL },
                { " __schedule+0x2e1/0x8f0", NULL },
                { " schedule+0x5e/0xd0", NULL },
                { " i915_gem_wait+0x10/0x20 [i915]", NULL },
                { " </TASK>", NULL },
                { NULL, NULL },
                { "", ": page allocation failure: order:4, mode:0x40dc0(GFP_KERNEL|__GFP_ZERO), "
                      "nodemask=(null),cpuset=/,mems_allowed=0" },
                { "CPU: 0 PID: 7 Comm: ", " Not tainted 6.1.192 #3" },
                { "Call Trace:", NULL },
                { " <TASK>", NULL },
                { " warn_alloc+0x12a/0x1a0", NULL },
                { " i915_gem_object_get_pages_internal+0x10/0x20 [i915]", NULL },
                { " </TASK>", NULL },
                { "Mem-Info:", NULL },
                { NULL, NULL },
                { "Out of memory: Killed process 123 (",
                  ") total-vm:10kB, anon-rss:0kB, file-rss:0kB, shmem-rss:0kB, UID:1000 pgtables:4kB oom_score_adj:0" },
                { NULL, NULL },
        };
        char name[NAME_MAX_BYTES];

        for (size_t i = 0; task_name(x, i, name); i++)
                for (size_t k = 0; k < ARRAY_SIZE(own); k++)
                        if (!own[k].before)
                                put_others(o);
                        else if (!own[k].after)
                                put_text(o, own[k].before);
                        else
                                put_named(o, own[k].before, forged || *name ? name : "x", own[k].after, forged);
}

/* Puts the line with the task in it called so, if it names one. */
static void put_renamed_line(struct out *o, const char *line, const char *name, bool forged) {
        static const struct {
                const char *before, *end; /* of the name: one of these bytes */
        } shown[] = {
                { "Comm: ", " " }, { "comm \"", "\"" },  { " by task ", "/" }, { "INFO: task ", ":" },
                { "s! [", ":" },   { " held by ", "/" }, { ", name: ", "" },   { "Killed process 50 (", ")" },
                { ", in ", " " }, /* GPU HANG */
        };

        for (size_t i = 0; i < ARRAY_SIZE(shown); i++) {
                const char *at = strstr(line, shown[i].before);
                if (!at || strstr(line, "possible"))
                        continue;
                char before[1024];
                at += strlen(shown[i].before);
                snprintf(before, sizeof(before), "%.*s", (int) (at - line), line);
                put_named(o, before, forged || *name ? name : "x", at + strcspn(at, shown[i].end), forged);
                return;
        }
        put_text(o, line);
}

/* The report again and again, of a task with another name each time. */
static void put_renamed(struct out *o, const struct fixture *x, bool forged) {
        char name[NAME_MAX_BYTES];

        for (size_t i = 0; has_places(x) && task_name(x, i, name); i++) {
                for (size_t l = 0; l < x->n; l++)
                        put_renamed_line(o, x->lines[l], name, forged);
                put_others(o);
        }
}

/* A row of the table of tasks, and what is left of a path in a cgroup, in a text that is read whole. */
static void put_behind_marks(struct out *o, const struct fixture *x, bool forged) {
        for (size_t i = 0; i < MIN(x->n, (size_t) 24); i++) {
                char name[256];

                snprintf(name, NAME_MAX_BYTES, "%s", x->lines[i]);
                put_named(o, "[    100]  1000   100     2345      123    45056        0             0 ", name, "",
                          forged);
                put_named(o,
                          "[  3141] 1000  3141     2345      123        0      123        0    45056        0          "
                          "-900 ",
                          name, "", forged);
                put_text(o, "cgroup: fork rejected by pids controller in ");
                snprintf(name, sizeof(name), "%s", x->lines[i]);
                put_named(o, "/u/", name, "", forged);
                put_named(o, "/[1]/", name, "", forged);
                put_others(o);
        }
}

static void compare(put_with_t put, const enum log_form *of, size_t n, size_t step) {
        step *= by_checker(1, 4, 16);
        for (size_t k = 0; k < n; k++)
                for (size_t i = k % step; i < n_fixtures; i += step)
                        says_the_same_of(of[k], &fixtures[i], put);
}

static const enum log_form whole[] = { FORM_EXPORT, FORM_KMSG, FORM_JSON, FORM_SYSLOG };
static const enum log_form texts[] = { FORM_CONSOLE, FORM_DMESG, FORM_SYSLOG, FORM_SHORT, FORM_MONOTONIC };

static void test_interfaces(void **state) {
        (void) state;
        compare(put_interfaces, whole, ARRAY_SIZE(whole), 4);
        compare(put_interfaces, texts, ARRAY_SIZE(texts), 8);
}

static void test_packets(void **state) {
        (void) state;
        compare(put_packets, whole, ARRAY_SIZE(whole), 4);
}

static void test_cgroups(void **state) {
        (void) state;
        compare(put_cgroups, whole, ARRAY_SIZE(whole), 4);
        compare(put_cgroups, texts, ARRAY_SIZE(texts), 8);
}

static void test_tasks(void **state) {
        (void) state;
        compare(put_tasks, whole, ARRAY_SIZE(whole), 4);
}

static void test_own_names(void **state) {
        (void) state;
        names_are_said = false;
        compare(put_own_names, whole, ARRAY_SIZE(whole), 8);
        names_are_said = true;
}

/* Where callers are not known, what is left of another CPU's line may be a frame of an open report by its looks; it has
 * no slash, which a cgroup's name cannot have. */
static void test_name_within_report(void **state) {
        static const char *const boxes[] = { "box",
                                             "evil_put+0x1",
                                             " ? evil_put+0x12",
                                             "[<0>] evil_put+0x1",
                                             "RIP: 0010:evil_put+0x1",
                                             "evil_put",
                                             "0xffffffff81234567",
                                             "RIP: 0010:0xffffffff81234567" };
        static const char *const report[] = {
                "------------[ cut here ]------------",
                "WARNING: CPU: 0 PID: 7 at drivers/acme.c:12 acme_put+0xd/0xb0 [acme]",
                "cpuset: failed to transfer tasks out of empty cpuset ",
                "CPU: 0 PID: 7 Comm: a.out Not tainted 6.1.0 #1",
                "Call Trace:",
                NULL, /* the name */
                " acme_put+0xd/0xb0 [acme]",
                " acme_write+0x114/0x1cc [acme]",
                "---[ end trace 0000000000000000 ]---",
        };
        char *first = NULL;

        (void) state;
        for (size_t i = 0; i < ARRAY_SIZE(boxes); i++) {
                char path[600];
                snprintf(path, sizeof(path), "%s/log", new_folder());
                FILE *f = fopen(path, "w");

                assert_non_null(f);
                for (size_t k = 0; k < ARRAY_SIZE(report); k++)
                        fprintf(f, "[    5.0000%02zu] %s\n", k, report[k] ? report[k] : boxes[i]);
                fclose(f);
                struct json_object *r = scan(1, "%s", path);
                assert_int_equal(n_findings(r), 1);
                char *said = what_is_said(r);
                if (first)
                        assert_string_equal(said, first);
                else
                        first = strdup(said);
                const char *stacks = json_object_to_json_string(member(finding(r, 0), "stacks"));
                assert_null(strstr(stacks, "evil_put"));
                assert_non_null(strstr(stacks, "acme_write"));
                free(said);
                json_object_put(r);
        }
        free(first);
}

static void put_lines(const char *path, const char *const *lines, const char *name) {
        FILE *f = fopen(path, "w");

        assert_non_null(f);
        for (size_t i = 0; lines[i]; i++)
                fprintf(f, "4,%zu,%zu,-;%s\n", i, 5000000 + i * 10, *lines[i] ? lines[i] : name);
        fclose(f);
}

/* A kernel without symbols prints addresses alone, which have no slash either: its report behind such a line counts. */
static void test_no_symbols(void **state) {
        static const char begun[] = "oom-kill:constraint=CONSTRAINT_MEMCG,nodemask=(null),cpuset=",
                          task[] = "CPU: 1 PID: 77 Comm: kworker/1:1 Not tainted 6.1.0 #1",
                          fault[] = "BUG: unable to handle page fault for address: ffffffffc0451234",
                          end[] = "---[ end trace 0000000000000000 ]---";
        static const struct {
                const char *title, *lines[12];
        } reports[] = {
                { "WARNING in",
                  { begun, "------------[ cut here ]------------",
                    "WARNING: CPU: 1 PID: 77 at drivers/net/acme.c:123 0xffffffff81234567", "Modules linked in: acme",
                    task, "RIP: 0010:0xffffffff81234567", "Call Trace:", " 0xffffffff81234567", " ? 0xffffffff81234667",
                    end } },
                { "BUG: unable to handle kernel paging request",
                  { begun, fault, "#PF: supervisor instruction fetch in kernel mode", "Oops: 0010 [#1] PREEMPT SMP PTI",
                    task, "RIP: 0010:0xffffffffc0451234", "Call Trace:", " 0xffffffffc0451234", end } },
                { "INFO: task hung in",
                  { begun, "INFO: task a.out:77 blocked for more than 120 seconds.", "      Not tainted 6.1.0 #1",
                    "task:a.out           state:D stack:    0 pid:   77 ppid:     1 flags:0x00000000",
                    "Call Trace:", " <TASK>", " 0xffffffff81234567", " 0xffffffff81234667", " </TASK>" } },
        };
        static const char *const known[] = { begun,
                                             fault,
                                             "#PF: supervisor read access in kernel mode",
                                             "Oops: 0000 [#1] PREEMPT SMP PTI",
                                             task,
                                             "", /* the name */
                                             "RIP: 0010:acme_put+0x10/0x20",
                                             "Call Trace:",
                                             " acme_write+0x114/0x1cc",
                                             end,
                                             NULL };
        static const char *const boxes[] = { "box", "0xffffffff81234567", "RIP: 0010:0xffffffff81234567" };
        char path[600];

        (void) state;
        snprintf(path, sizeof(path), "%s/log", new_folder());
        for (size_t i = 0; i < ARRAY_SIZE(reports); i++) {
                put_lines(path, reports[i].lines, "");
                struct json_object *r = scan(1, "%s", path);
                assert_int_equal(n_findings(r), 1);
                assert_non_null(strstr(text_of(finding(r, 0), "title"), reports[i].title));
                json_object_put(r);
        }
        /* Where the kernel knows its functions, such a line is a name. */
        for (size_t i = 0; i < ARRAY_SIZE(boxes); i++) {
                put_lines(path, known, boxes[i]);
                struct json_object *r = scan(1, "%s", path);
                assert_int_equal(n_findings(r), 1);
                assert_non_null(strstr(text_of(finding(r, 0), "title"), "in acme_put"));
                assert_null(strstr(json_object_to_json_string(member(finding(r, 0), "stacks")), "0xffffffff81234567"));
                json_object_put(r);
        }
}

/* /dev/kmsg marks what goes on a line: the name of a cgroup is no mark of another CPU's report. */
static void test_mark_goes_on(void **state) {
        static const char *const boxes[] = { "box", "------------[ cut here ]------------",
                                             "---[ end trace 0000000000000000 ]---", "==================" };

        (void) state;
        for (size_t i = 0; i < ARRAY_SIZE(boxes); i++) {
                char path[600];
                snprintf(path, sizeof(path), "%s/log", new_folder());
                FILE *f = fopen(path, "w");

                assert_non_null(f);
                fprintf(f, "4,1,5000001,-;------------[ cut here ]------------\n");
                fprintf(f, "4,2,5000002,-;WARNING: CPU: 0 PID: 7 at drivers/acme.c:12 acme_put+0xd/0xb0 [acme]\n");
                fprintf(f, "4,3,5000003,-;oom-kill:constraint=CONSTRAINT_NONE,nodemask=(null),cpuset=\n");
                fprintf(f, "4,4,5000004,-;CPU: 0 PID: 7 Comm: a.out Not tainted 6.1.0 #1\n");
                fprintf(f, "4,5,5000005,c;%s\n", boxes[i]);
                fprintf(f, "4,6,5000006,-;RIP: 0010:acme_put+0xd/0xb0 [acme]\n");
                fprintf(f, "4,7,5000007,-;Call Trace:\n");
                fprintf(f, "4,8,5000008,-; acme_write+0x114/0x1cc [acme]\n");
                fprintf(f, "4,9,5000009,-;---[ end trace 0000000000000000 ]---\n");
                fclose(f);
                struct json_object *r = scan(1, "%s", path);
                assert_int_equal(n_findings(r), 1);
                assert_string_equal(text_of(finding(r, 0), "title"), "WARNING in acme_put");
                assert_non_null(strstr(json_object_to_json_string(member(finding(r, 0), "stacks")), "acme_write"));
                json_object_put(r);
        }
}

static void test_renamed(void **state) {
        static const enum log_form indented[] = { FORM_DMESG, FORM_SHORT, FORM_MONOTONIC };

        (void) state;
        names_are_said = false;
        compare(put_renamed, whole, ARRAY_SIZE(whole), 4);
        compare(put_renamed, indented, ARRAY_SIZE(indented), 4);
        names_are_said = true;
}

/* A byte in a name that is unprintable hides the record in journalctl's text: its silence proves nothing. */
static void test_held_back(void **state) {
        static const char *const tags[] = { "kernel", "systemd[1]" };

        (void) state;
        for (size_t i = 0; i < ARRAY_SIZE(tags); i++) {
                char path[600];
                snprintf(path, sizeof(path), "%s/log", new_folder());
                FILE *f = fopen(path, "w");

                assert_non_null(f);
                fprintf(f, "Nov 20 09:00:00 lab-1 kernel: Linux version 6.1.192 (a@b) (gcc) #1 SMP\n");
                fprintf(f, "Nov 20 09:00:01 lab-1 kernel: Command line: quiet\n");
                fprintf(f, "Nov 20 09:00:02 lab-1 %s: [47B blob data]\n", tags[i]);
                fprintf(f, "Nov 20 09:00:03 lab-1 kernel: usb 1-1: new high-speed USB device number 3\n");
                fclose(f);
                struct json_object *r = scan(0, "%s", path), *boot = json_object_array_get_idx(member(r, "boots"), 0);
                assert_int_equal(json_object_get_int(json_object_object_get(boot, "lost")), i == 0);
                json_object_put(r);
        }
}

static void test_behind_marks(void **state) {
        (void) state;
        compare(put_behind_marks, texts, ARRAY_SIZE(texts), 8);
}

/* The caller's next record is the name, and no other: a report of the same caller is one. */
static void test_behind_a_name(void **state) {
        static const char *const begun[] = {
                "cpuset: failed to transfer tasks out of empty cpuset ",
                "a.out: page allocation failure: order:4, mode:0x40dc0(GFP_KERNEL), nodemask=(null),cpuset=",
        };
        (void) state;

        for (size_t i = 0; i < 2 * ARRAY_SIZE(begun); i++) {
                char path[600];
                snprintf(path, sizeof(path), "%s/log", new_folder());
                FILE *f = fopen(path, "w");
                const char *caller = i % 2 ? ",caller=T99" : "";

                assert_non_null(f);
                fprintf(f, "4,1,5000001,-%s;%s\n", i % 2 ? ",caller=T7" : "", begun[i / 2]);
                fprintf(f, "4,2,5000002,-%s;random: crng reseeded\n", caller);
                caller = i % 2 ? ",caller=T7" : "";
                fprintf(f, "4,3,5000003,-%s;box\n", caller);
                fprintf(f, "4,4,5000004,-%s;------------[ cut here ]------------\n", caller);
                fprintf(f, "4,5,5000005,-%s;WARNING: CPU: 0 PID: 7 at drivers/acme.c:12 acme_put+0xd/0xb0 [acme]\n",
                        caller);
                fprintf(f, "4,6,5000006,-%s;CPU: 0 PID: 7 Comm: a.out Not tainted 6.1.0 #1\n", caller);
                fprintf(f, "4,7,5000007,-%s;RIP: 0010:acme_put+0xd/0xb0 [acme]\n", caller);
                fprintf(f, "4,8,5000008,-%s;Call Trace:\n", caller);
                fprintf(f, "4,9,5000009,-%s; acme_write+0x114/0x1cc [acme]\n", caller);
                fprintf(f, "4,10,5000010,-%s;---[ end trace 0000000000000000 ]---\n", caller);
                fclose(f);
                struct json_object *r = scan(1, "%s", path);
                if (n_findings(r) != 1)
                        fail_msg("%zu: %zu findings behind %s", i % 2, n_findings(r), begun[i / 2]);
                json_object_put(r);
        }
}

int main(int argc, char **argv) {
        static const struct CMUnitTest tests[] = {
                cmocka_unit_test(test_interfaces),    cmocka_unit_test(test_packets),
                cmocka_unit_test(test_cgroups),       cmocka_unit_test(test_tasks),
                cmocka_unit_test(test_own_names),     cmocka_unit_test(test_behind_marks),
                cmocka_unit_test(test_behind_a_name), cmocka_unit_test(test_renamed),
                cmocka_unit_test(test_held_back),     cmocka_unit_test(test_name_within_report),
                cmocka_unit_test(test_mark_goes_on),  cmocka_unit_test(test_no_symbols),
        };

        if (argc > 1)
                cmocka_set_test_filter(argv[1]);
        return cmocka_run_group_tests(tests, read_names, NULL);
}
