/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Every kind of report in the kernel's format, alone, at once on many CPUs, and in pairs that are or are not the
 * same event. */
#include <glob.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cmocka_all.h"
#include "kind/kind.h"
#include "scan/scan.h"
#include "vmlife.h"

struct expected {
        const char *log, *title, *detector, *kind;
        const char *stacks; /* what and how many frames */
        size_t accesses, locks, tasks;
};

/* The first line of each fixture: "#_TITLE | DETECTOR/KIND | STACKS | 1 accesses, 0 locks, 1 tasks". "_" before the
 * title makes another word of its first one, which a kernel may have printed. */
enum { FIXTURES_MAX = 128 };
static struct expected expected[FIXTURES_MAX];
static size_t n_expected;

static void read_expected(struct expected *e, const char *path) {
        char line[512], title[160], detector[32], kind[64], stacks[128];
        FILE *f = fopen(path, "re");

        assert_non_null(f);
        assert_non_null(fgets(line, sizeof(line), f));
        fclose(f);
        if (sscanf(line, "#_%159[^|]| %31[^/]/%63s | %127[^|]| %zu accesses, %zu locks, %zu tasks", title, detector,
                   kind, stacks, &e->accesses, &e->locks, &e->tasks) != 7)
                fail_msg("%s does not begin with what is expected of it: %s", path, line);
        title[strlen(title) - 1] = stacks[strlen(stacks) - 1] = '\0'; /* the blanks before the bars */
        e->log = strdup(path);
        e->title = strdup(title);
        e->detector = strdup(detector);
        e->kind = strdup(kind);
        e->stacks = strdup(strcmp(stacks, "no stacks") == 0 ? "" : stacks);
}

static int read_fixtures(void **state) {
        glob_t logs = {};

        (void) state;
        assert_int_equal(glob("tests/unit/fixtures/kinds/*.log", 0, NULL, &logs), 0);
        assert_true(logs.gl_pathc > 40 && logs.gl_pathc < FIXTURES_MAX);
        for (; n_expected < logs.gl_pathc; n_expected++)
                read_expected(&expected[n_expected], logs.gl_pathv[n_expected]);
        globfree(&logs);
        return 0;
}

/* A fixture's lines. */
struct lines {
        char *text;
        char *line[256];
        size_t n, next;
};

static struct lines lines_of(const char *path) {
        struct lines l = { .text = calloc(1, 65536) };
        FILE *f = fopen(path, "re");

        assert_non_null(f);
        assert_true(fread(l.text, 1, 65535, f) > 0);
        fclose(f);
        for (char *p = l.text, *end; *p && l.n < 256; p = end + 1) {
                end = strchrnul(p, '\n');
                if (*p != '#')
                        l.line[l.n++] = p;
                if (!*end)
                        break;
                *end = '\0';
        }
        return l;
}

static void check(struct json_object *f, const struct expected *e) {
        struct json_object *stacks = member(f, "stacks");
        char said[512] = "";

        assert_string_equal(text_of(f, "title"), e->title);
        assert_string_equal(text_of(f, "detector"), e->detector);
        assert_string_equal(text_of(f, "kind"), e->kind);
        for (size_t i = 0; i < json_object_array_length(stacks); i++) {
                struct json_object *s = json_object_array_get_idx(stacks, i);
                size_t n = strlen(said);
                snprintf(said + n, sizeof(said) - n, "%s%s %zu", n ? " " : "", text_of(s, "what"),
                         json_object_array_length(member(s, "frames")));
        }
        if (strcmp(said, e->stacks) != 0)
                fail_msg("%s: stacks %s, not %s", e->log, said, e->stacks);
        assert_int_equal(json_object_array_length(member(f, "accesses")), e->accesses);
        assert_int_equal(json_object_array_length(member(f, "locks")), e->locks);
        assert_int_equal(json_object_array_length(member(f, "tasks")), e->tasks);
        if (json_object_array_length(member(f, "corrupted")))
                fail_msg("%s: %s", e->log, json_object_get_string(member(f, "corrupted")));
}

static void test_each_kind(void **state) {
        (void) state;
        for (size_t i = 0; i < n_expected; i++) {
                struct json_object *r = scan(1, "%s", expected[i].log);
                assert_int_equal(n_findings(r), 1);
                check(finding(r, 0), &expected[i]);
                json_object_put(r);
        }
}

/* As /dev/kmsg and consoles have it: time and caller, with what dmesg and serial lines do to blanks. */
static void put_line(FILE *f, unsigned long us, char who, unsigned id, const char *text, unsigned form) {
        static const char *const forms[] = { "[%5lu.%06lu][%6s] %s\n", "[%5lu.%06lu] [%6s] %s\n",
                                             "[%5lu.%06lu][%6s]%s\n", "<4>[%5lu.%06lu][%s] %s\r\n" };
        char caller[32];

        snprintf(caller, sizeof(caller), "%c%u", who, id);
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
        fprintf(f, forms[form], us / 1000000, us % 1000000, caller, text);
#pragma GCC diagnostic pop
}

static uint32_t random_of(uint32_t *seed) {
        *seed = *seed * 1664525 + 1013904223;
        return *seed >> 8;
}

/* Eight kinds at once, each by a caller of its own, line by line in random order, with others' noise between. */
enum { AT_ONCE = 8 };

static void test_callers_come_apart(void **state) {
        (void) state;
        for (uint32_t seed = 1; seed <= 24; seed++) {
                struct lines all[AT_ONCE];
                size_t left = 0;
                uint32_t s = seed;
                char path[512];
                unsigned long us = 41000000;

                snprintf(path, sizeof(path), "%s/mixed", new_folder());
                FILE *f = fopen(path, "we");
                assert_non_null(f);
                for (size_t i = 0; i < AT_ONCE; i++) {
                        all[i] = lines_of(expected[(seed + i * 3) % n_expected].log);
                        left += all[i].n;
                }
                while (left) {
                        size_t i = random_of(&s) % AT_ONCE;
                        if (random_of(&s) % 5 == 0)
                                put_line(f, us += 10, 'T', 900 + random_of(&s) % 20,
                                         "usb 1-1: new high-speed USB device number 2", 0);
                        if (random_of(&s) % 40 == 0)
                                fputs("executing program 3:\n", f);
                        if (all[i].next == all[i].n)
                                continue;
                        /* Some print from a task, some from an interrupt. */
                        put_line(f, us += 7, i % 3 ? 'T' : 'C', (unsigned) (i % 3 ? 100 + i : i),
                                 all[i].line[all[i].next++], (seed + (unsigned) i) % 4);
                        left--;
                }
                fclose(f);

                struct json_object *r = scan(1, "%s", path);
                for (size_t i = 0; i < AT_ONCE; i++) {
                        const struct expected *e = &expected[(seed + i * 3) % n_expected];
                        size_t found = 0;
                        for (size_t k = 0; k < n_findings(r); k++)
                                if (strcmp(text_of(finding(r, k), "title"), e->title) == 0) {
                                        check(finding(r, k), e);
                                        found++;
                                }
                        if (found != 1)
                                fail_msg("seed %u: %s was found %zu times", seed, e->log, found);
                        free(all[i].text);
                }
                assert_int_equal(n_findings(r), AT_ONCE);
                json_object_put(r);
        }
}

/* Two reports in blocks, where nothing says whose a line is: what is not marked has its own stack. */
static void mix_two(const char *a, const char *b, uint32_t seed) {
        char path[512];
        struct lines both[2];
        const struct expected *e[2];
        unsigned long us = 43000000;

        for (size_t i = 0; i < 2; i++) {
                snprintf(path, sizeof(path), "/%s.log", i ? b : a);
                for (e[i] = expected; !strstr(e[i]->log, path); e[i]++)
                        ;
                both[i] = lines_of(e[i]->log);
        }
        snprintf(path, sizeof(path), "%s/two", new_folder());
        FILE *f = fopen(path, "we");
        assert_non_null(f);
        for (uint32_t s = seed; both[0].next < both[0].n || both[1].next < both[1].n;) {
                struct lines *l = &both[random_of(&s) % 2];
                for (size_t k = 3 + random_of(&s) % 18; k > 0 && l->next < l->n; k--, us += 70)
                        fprintf(f, "[%5lu.%06lu] %s\n", us / 1000000, us % 1000000, l->line[l->next++]);
        }
        for (size_t i = 0; i < 40; i++)
                fprintf(f, "[   70.%06zu] usb 1-1: new high-speed USB device number 2\n", i);
        fclose(f);

        struct json_object *r = scan(1, "%s", path);
        if (n_findings(r) < 2)
                fail_msg("%s and %s, seed %u: %zu findings", a, b, seed, n_findings(r));
        for (size_t i = 0; i < n_findings(r); i++) {
                const char *title = text_of(finding(r, i), "title");
                if (json_object_array_length(member(finding(r, i), "corrupted")) == 0 &&
                    strcmp(title, e[0]->title) != 0 && strcmp(title, e[1]->title) != 0)
                        fail_msg("%s and %s, seed %u: %s", a, b, seed, title);
        }
        json_object_put(r);
        free(both[0].text);
        free(both[1].text);
}

static void test_two_without_callers(void **state) {
        static const char *const pairs[][2] = {
                { "refcount-underflow", "null" }, { "drm-warn", "list-del" },         { "gem-bug-on", "ubsan" },
                { "kasan-uaf", "gpf" },           { "sleeping", "unlock-balance" },   { "soft-lockup", "ubsan" },
                { "odebug", "list-del" },         { "held-lock-freed", "rcu-stall" }, { "gem-bug-on", "null" },
                { "warn-inline", "gem-bug-on" },
        };

        (void) state;
        for (size_t i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++)
                for (uint32_t seed = 1; seed <= 8; seed++)
                        mix_two(pairs[i][0], pairs[i][1], seed);
}

/* The answer of another CPU to an NMI has that CPU as its caller. */
static void test_stall_over_two_callers(void **state) {
        size_t at = 0;
        char path[512];

        (void) state;
        while (!strstr(expected[at].log, "/rcu-stall.log"))
                at++;
        struct lines l = lines_of(expected[at].log);
        snprintf(path, sizeof(path), "%s/stall", new_folder());
        FILE *f = fopen(path, "we");
        assert_non_null(f);
        unsigned cpu = 0;
        for (size_t i = 0; i < l.n; i++) {
                if (strncmp(l.line[i], "NMI backtrace", 13) == 0)
                        cpu = 1;
                else if (strncmp(l.line[i], "rcu: ", 5) == 0)
                        cpu = 0;
                put_line(f, 42000000 + i, 'C', cpu, l.line[i], 0);
        }
        fclose(f);
        struct json_object *r = scan(1, "%s", path);
        assert_int_equal(n_findings(r), 1);
        check(finding(r, 0), &expected[at]);
        json_object_put(r);
        free(l.text);
}

/* A timer that does not come to its end stalls the task that it interrupted: people name the report by either. */
static void test_stall_in_interrupt(void **state) {
        static const char text[] =
                "[  351.000000] watchdog: BUG: soft lockup - CPU#1 stuck for 26s! [acme:12]\n"
                "[  351.000001] CPU: 1 PID: 12 Comm: acme Not tainted 6.8.0 #1\n[  351.000002] RIP: "
                "0010:acme_spin+0x1/0x2\n[  351.000003] Call Trace:\n[  351.000004]  <IRQ>\n[  351.000005]  "
                "acme_expire+0x47/0x8c\n[  351.000006]  __hrtimer_run_queues+0x47/0x93\n[  351.000007]  "
                "hrtimer_interrupt+0x37/0xd6\n[  351.000008]  </IRQ>\n[  351.000009]  <TASK>\n[  351.000010]  "
                "asm_sysvec_apic_timer_interrupt+0x12/0x20\n[  351.000011] RIP: 0010:acme_change+0x42/0x51\n"
                "[  351.000012]  acme_create+0x7d/0x141\n[  351.000013]  __x64_sys_acme+0x9/0x10\n"
                "[  351.000014]  do_syscall_64+0x73/0xe0\n[  351.000015]  "
                "entry_SYSCALL_64_after_hwframe+0x44/0xa9\n[  351.000016]  </TASK>\n";
        char path[512];

        (void) state;
        snprintf(path, sizeof(path), "%s/interrupt", new_folder());
        write_file(path, text, strlen(text));
        struct json_object *r = scan(1, "%s", path), *alts = member(finding(r, 0), "alt_titles");
        assert_string_equal(text_of(finding(r, 0), "title"), "BUG: soft lockup in acme_expire");
        assert_int_equal(json_object_array_length(alts), 1);
        assert_string_equal(json_object_get_string(json_object_array_get_idx(alts, 0)), "BUG: soft lockup in sys_acme");
        json_object_put(r);
}

/* An oops ends its task by a signal; where that is init, or the idle task, the panic is the same event. */
static void test_init_dies_of_an_oops(void **state) {
        static const char *const ends[] = {
                "Attempted to kill init! exitcode=0x00000009",
                "Attempted to kill init! exitcode=0x0000000b",
                "Attempted to kill the idle task!",
                "Attempted to kill init! exitcode=0x00000100",
        };
        char path[512], log[2048];

        (void) state;
        for (size_t i = 0; i < sizeof(ends) / sizeof(ends[0]); i++) {
                snprintf(path, sizeof(path), "%s/init", new_folder());
                snprintf(log, sizeof(log),
                         "[    5.200000] BUG: kernel NULL pointer dereference, address: 0000000000000018\n"
                         "[    5.200001] Oops: 0000 [#1] PREEMPT SMP\n[    5.200002] CPU: 0 PID: %d Comm: %s Not "
                         "tainted 6.8.0 #1\n[    5.200003] RIP: 0010:acme_open+0x10/0x40 [acme]\n[    5.200004] Call "
                         "Trace:\n[    5.200005]  <TASK>\n[    5.200006]  acme_probe+0x10/0x40 [acme]\n"
                         "[    5.200007]  do_syscall_64+0x3a/0x90\n[    5.200008]  </TASK>\n[    5.200009] ---[ end "
                         "trace 0000000000000000 ]---\n[    5.210000] Kernel panic - not syncing: %s\n"
                         "[    5.210001] Kernel Offset: disabled\n",
                         strstr(ends[i], "idle") ? 0 : 1, strstr(ends[i], "idle") ? "swapper/0" : "init", ends[i]);
                write_file(path, log, strlen(log));
                struct json_object *r = scan(1, "%s", path);
                /* What init exited with of its own is told apart. */
                assert_int_equal(n_findings(r), strstr(ends[i], "00100") ? 2 : 1);
                assert_string_equal(text_of(finding(r, 0), "title"),
                                    "BUG: unable to handle kernel NULL pointer dereference in acme_open");
                json_object_put(r);
        }
}

/* Where the unwinder failed all frames are guesses: the first of them that may be to blame is named, and marked. */
static void test_only_guesses(void **state) {
        static const char text[] =
                "[   50.100000] BUG: sleeping function called from invalid context at a.c:580\n"
                "[   50.100001] CPU: 1 PID: 312 Comm: acme Not tainted 6.8.0 #1\n[   50.100002] Call Trace:\n"
                "[   50.100003]  <TASK>\n[   50.100004]  ? dump_stack_lvl+0x47/0x60\n[   50.100005]  ? "
                "__might_resched+0x5a/0x170\n[   50.100006]  ? mutex_lock+0x3/0x20\n[   50.100007]  ? "
                "acme_register+0x3a/0x90\n[   50.100008]  ? do_syscall_64+0x3a/0x90\n[   50.100009]  </TASK>\n";
        char path[512];

        (void) state;
        snprintf(path, sizeof(path), "%s/guesses", new_folder());
        write_file(path, text, strlen(text));
        struct json_object *r = scan(1, "%s", path), *reasons = member(finding(r, 0), "corrupted");
        assert_string_equal(text_of(finding(r, 0), "title"),
                            "BUG: sleeping function called from invalid context in acme_register");
        assert_int_equal(json_object_array_length(reasons), 1);
        assert_string_equal(json_object_get_string(json_object_array_get_idx(reasons, 0)),
                            "its stack trace has only frames that the kernel guessed");
        json_object_put(r);
}

/* A report is cut by what follows: it must say so. */
static void test_cut_reports_say_why(void **state) {
        static const struct {
                const char *text, *reason;
        } cuts[] = {
                { "[   44.000000] BUG: kernel NULL pointer dereference, address: 0000000000000018\n",
                  "no frame to blame" },
                { "BUG: sleeping function called from invalid context at a.c:1\nCPU: 0 PID: 1 Comm: a Not tainted "
                  "6.1.0 #1\nCall Trace:\n",
                  "no frame to blame" },
                { "[   44.000000] Oops: general protection fault, probably for[   44.100000] non-canonical address "
                  "0x1: 0000 [#1] SMP\n"
                  "RIP: 0010:f+0x1/0x2\nCall Trace:\n g+0x1/0x2\n h+0x1/0x2\n",
                  "a timestamp lies inside its title" },
                { "general protection fault, probably for non-canonical address 0x1: 0000 [#1] SMP\nRIP: "
                  "0010:f+0x1/0x2\n",
                  "the log ended before its call trace" },
                { "[   44.000000] Kernel panic - not syncing: Fatal exception\n[   44.1] Kernel Offset: disabled\n",
                  "the report that this panic follows is missing" },
                { "BUG: soft lockup - CPU#1 stuck for 26s! [a:1]\nCPU: 1 PID: 1 Comm: a Not tainted 6.1.0 #1\nRIP: "
                  "0010:f+0x1/0x2\n"
                  "CPU: 0 PID: 7 Comm: b Not tainted 6.1.0 #1\nCall Trace:\n g+0x1/0x2\n h+0x1/0x2\n",
                  "lines of another CPU lie inside it, with no caller to tell them apart" },
                { "BUG: KASAN: slab-out-of-bounds in acme_fill+0x88/0x90\nWrite of size 4 at addr ffffffc0d64ea00a by "
                  "task acme/115\nAllocation stack of page:\n acme_map+0x30/0xc8\n acme_open+0x5c/0x150\n",
                  "the stack trace of the access is missing" },
                { "[   44.000000] general protection fault, probably for non-canonical address 0x1: 0000 [#1] SMP\n"
                  "[   44.000100] RIP: 0010:f+0x1/0x2\n[   44.000200] Call Trace:\n[   44.000300]  <TASK>\n"
                  "[   44.000400]  g+0x1/0x2\n[   44.000500]  vfs_write+0x1/0x2\n",
                  "the log ended within its stack trace" },
                { "[   44.000000] Unable to handle kernel paging request at virtual address 00000000deadbeef\n"
                  "[   44.000050] Internal error: Oops: 96000004 [#1] SMP\n"
                  "[   44.000100] pc : f+0x1/0x2\n[   44.000200] Call trace:\n[   44.000300]  f+0x1/0x2\n"
                  "[   44.000400]  g+0x1/0x2\n",
                  "the log ended within its stack trace" },
                { "[  944.000000] INFO: task acme:12 blocked for more than 120 seconds.\n"
                  "[  944.000100] task:acme state:D stack:0 pid:12 ppid:2\n"
                  "[  344.000200] Call Trace:\n[  344.000300]  acme_free+0x1/0x2\n[  344.000400]  kthread+0x1/0x2\n",
                  "its stack trace was lost" },
        };
        char path[512];

        (void) state;
        for (size_t i = 0; i < sizeof(cuts) / sizeof(cuts[0]); i++) {
                snprintf(path, sizeof(path), "%s/cut", new_folder());
                write_file(path, cuts[i].text, strlen(cuts[i].text));
                struct json_object *r = scan(1, "%s", path), *reasons = member(finding(r, 0), "corrupted");
                size_t found = 0;
                for (size_t k = 0; k < json_object_array_length(reasons); k++)
                        found += strcmp(json_object_get_string(json_object_array_get_idx(reasons, k)),
                                        cuts[i].reason) == 0;
                if (found != 1)
                        fail_msg("%s: %s", cuts[i].reason, json_object_get_string(reasons));
                json_object_put(r);
        }
}

/* Words of headlines in what people and programs write, with nothing that only a kernel prints: no finding, no silence.
 */
static void test_words_alone(void **state) {
        static const char *const texts[] = {
                "BUG: kernel NULL pointer dereference, address: 0000000000000018\n",
                "linux (6.12.1-1) unstable; urgency=medium\n\n    - igc: Fix BUG: scheduling while atomic\n"
                "    - nvmet: Fix list_del corruption on queue establishment\n    - cpufreq: Fix pstate: min_perf\n",
                "3c4d5e6f7a8b general protection fault in acme_put: check the pointer\n"
                "6f7a8b9c0d1e kernel BUG at fs/acme/inode.c:2721!: fix\n",
                "tests/test_titles.py::test_title[BUG: KASAN: use-after-free in f+0x1/0x2] PASSED\n",
                "patterns = [\n  \"Kernel panic - not syncing: VFS\",\n  \"watchdog: BUG: soft lockup - CPU#0 "
                "stuck\",\n]\n",
                "worker | INFO: task reindex:12 blocked for more than 120 seconds.\nworker | done\n",
        };
        char path[512];

        (void) state;
        for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
                snprintf(path, sizeof(path), "%s/words", new_folder());
                write_file(path, texts[i], strlen(texts[i]));
                struct run r = vmlife("scan %s", path);
                assert_int_equal(r.status, 2);
                assert_non_null(strstr(r.err, "/words"));
                run_done(&r);
                struct json_object *o = scan(2, "%s", path);
                assert_int_equal(n_findings(o), 0);
                json_object_put(o);
        }
}

/* People quote as much of a stack as they need, and go on in their own words: nothing came within it. */
static void test_quoted_part_is_whole(void **state) {
        static const char head[] = "[   44.000000] BUG: sleeping function called from invalid context at a.c:1\n"
                                   "[   44.000100] CPU: 0 PID: 1 Comm: a Not tainted 6.1.0 #1\n"
                                   "[   44.000200] Call Trace:\n[   44.000300]  <TASK>\n"
                                   "[   44.000400]  dump_stack_lvl+0x1/0x2\n[   44.000500]  __might_resched+0x1/0x2\n"
                                   "[   44.000600]  acme_flush+0x1/0x2\n[   44.000700]  acme_close+0x1/0x2\n";
        char path[512], log[4096];
        size_t n;

        (void) state;
        snprintf(path, sizeof(path), "%s/quoted", new_folder());
        n = (size_t) snprintf(log, sizeof(log), "%s", head);
        for (size_t i = 0; i < 40; i++)
                n += (size_t) snprintf(log + n, sizeof(log) - n, "acme_flush must not sleep there, so it waits.\n");
        write_file(path, log, n);
        struct json_object *r = scan(1, "%s", path);
        assert_int_equal(n_findings(r), 1);
        assert_int_equal(json_object_array_length(member(finding(r, 0), "corrupted")), 0);
        json_object_put(r);
}

/* Who reports a bug quotes its headline, alone or in a sentence, and gives the whole log below: the whole report is the
 * finding. */
static void test_quoted_headline(void **state) {
        static const struct {
                const char *before, *after;
                bool timed;
        } quotations[] = {
                { "", "The whole log:\n\n[    0.000000] Linux version 6.1.0 (x@y) (gcc) #1 SMP\n", true },
                { "Here we found ", "", false },
        };
        enum { QUOTATIONS = sizeof(quotations) / sizeof(quotations[0]) };
        char path[512];

        (void) state;
        snprintf(path, sizeof(path), "%s/mail", new_folder());
        for (size_t i = 0; i < n_expected * QUOTATIONS; i++) {
                const struct expected *e = &expected[i / QUOTATIONS];
                const size_t q = i % QUOTATIONS;
                struct lines l = lines_of(e->log);
                const size_t head = l.n > 1 && strncmp(l.line[0], "------", 6) == 0;
                if (!*e->stacks) {
                        free(l.text);
                        continue;
                }
                FILE *f = fopen(path, "w");
                assert_non_null(f);
                fputs("Hello, I see this:\n\n", f);
                if (quotations[q].timed)
                        fprintf(f, "[    5.%06zu] ", head);
                fprintf(f, "%s%s\n\n%s", quotations[q].before, l.line[head], quotations[q].after);
                for (size_t k = 0; k < l.n; k++)
                        fprintf(f, "[    5.%06zu] %s\n", k, l.line[k]);
                fclose(f);
                struct json_object *r = scan(1, "%s", path);
                if (n_findings(r) != 1)
                        fail_msg("%s, quotation %zu: %zu findings", e->log, q, n_findings(r));
                assert_string_equal(text_of(finding(r, 0), "title"), e->title);
                json_object_put(r);
                free(l.text);
        }
}

/* Heads with nothing in them: a finding that says so, and a report that fits the schema. */
static void test_empty_heads(void **state) {
        static const char *const heads[] = {
                "BUG: KASAN: ",
                "BUG: KASAN:  in ",
                "BUG: KFENCE: ",
                "BUG: KFENCE:  in ",
                "BUG: KMSAN: ",
                "BUG: KCSAN: ",
                "UBSAN:  in ",
                "kernel BUG at ",
                "BUG: unable to handle",
                "BUG: memory leak",
                "Kernel panic - not syncing: ",
                "INFO: task  blocked for more than  seconds.",
                "GEM_BUG_ON(",
                "rust_kernel: panicked at @",
                "BUG kmalloc (Not tainted): ",
                "WARNING: CPU: 0 PID: 1 at ",
                "list_add corruption.",
                "BUG: workqueue lockup",
        };
        char path[512], log[256];

        (void) state;
        for (size_t i = 0; i < sizeof(heads) / sizeof(heads[0]); i++) {
                snprintf(path, sizeof(path), "%s/head", new_folder());
                snprintf(log, sizeof(log),
                         "[   41.000000] usb 1-1: new device\n[   42.000000] %s\n[   42.100000] usb 1-1: new device\n",
                         heads[i]);
                write_file(path, log, strlen(log));
                struct run r = vmlife("scan %s > %s.json", path, path);
                assert_true(r.status == 0 || r.status == 1);
                run_done(&r);
                json_object_put(scan(r.status, "%s", path));
        }
}

/* --- signatures --- */

#define WARN_OF(cpu, pid, file, frames)                                                                      \
        "------------[ cut here ]------------\nWARNING: CPU: " cpu " PID: " pid " at " file                  \
        " f_checked+0x4e/0x90 [i915]\n"                                                                      \
        "CPU: " cpu " PID: " pid                                                                             \
        " Comm: a Not tainted 6.1.0 #1\nRIP: 0010:f_checked+0x4e/0x90 [i915]\nCall Trace:\n <TASK>\n" frames \
        " </TASK>\n---[ end trace 0000000000000000 ]---\n"
#define GPF(function, address)                                                                              \
        "general protection fault, probably for non-canonical address " address ": 0000 [#1] PREEMPT SMP\n" \
        "CPU: 1 PID: 7 Comm: a Not tainted 6.1.0 #1\nRIP: 0010:" function                                   \
        "\nCall Trace:\n ctx_walk+0x1/0x2\n </TASK>\n---[ end trace 0000000000000000 ]---\n"
#define RACE(a, b, first, second, address)                                                                          \
        "==================================================================\nBUG: KCSAN: data-race in " a " / " b   \
        "\n\n"                                                                                                      \
        "write to " address " of 8 bytes by task 12 on cpu 0:\n " first "+0x10/0x40\n\nread to " address            \
        " of 8 bytes by task 13 on cpu 1:\n " second                                                                \
        "+0x20/0x50\n\nReported by Kernel Concurrency Sanitizer on:\nCPU: 1 PID: 13 Comm: b Not tainted 6.1.0 #1\n" \
        "==================================================================\n"

static const struct {
        const char *why, *a, *b;
        bool same;
} pairs[] = {
        { "other CPU, pid and line", WARN_OF("0", "1", "a.c:12", " g+0x1/0x2\n"),
          WARN_OF("1", "77", "a.c:14", " g+0x1/0x2\n"), true },
        { "other callers of the same place", WARN_OF("0", "1", "a.c:12", " g+0x1/0x2\n"),
          WARN_OF("0", "1", "a.c:12", " h+0x1/0x2\n"), true },
        { "compiler's suffix", GPF("ctx_free.isra.0+0x1/0x20", "0x1"), GPF("ctx_free.constprop.0+0x8/0x30", "0x1"),
          true },
        { "cold part", GPF("ctx_free+0x1/0x20", "0x1"), GPF("ctx_free.cold+0x8/0x30", "0x1"), true },
        { "clang's suffix", GPF("ctx_free+0x1/0x20", "0x1"), GPF("ctx_free.llvm.1234567890+0x8/0x30", "0x1"), true },
        { "module and build id", GPF("ctx_free+0x1/0x20 [i915]", "0x1"),
          GPF("ctx_free+0x1/0x20 [i915 0123456789abcdef0123456789abcdef01234567]", "0x1"), true },
        { "address", GPF("ctx_free+0x1/0x20", "0x6b6b6b6b6b6b6b6b"), GPF("ctx_free+0x1/0x20", "0xdead000000000100"),
          true },
        { "function", GPF("ctx_free+0x1/0x20", "0x1"), GPF("vm_free+0x1/0x20", "0x1"), false },
        { "system call's wrapper", GPF("__x64_sys_close+0x1/0x20", "0x1"), GPF("__se_sys_close+0x1/0x20", "0x1"),
          true },
        { "sides of a race", RACE("ctx_get", "ctx_put", "ctx_get", "ctx_put", "0xffff888100000000"),
          RACE("ctx_get", "ctx_put", "ctx_put", "ctx_get", "0xffff888100001000"), true },
        { "another race", RACE("ctx_get", "ctx_put", "ctx_get", "ctx_put", "0xffff888100000000"),
          RACE("ctx_get", "ctx_set", "ctx_get", "ctx_set", "0xffff888100000000"), false },
        { "trap and warning of one function", GPF("f_checked+0x1/0x20", "0x1"),
          WARN_OF("0", "1", "a.c:12", " g+0x1/0x2\n"), false },
        { "machinery above", GPF("ctx_free+0x1/0x20", "0x1"), GPF("kfree+0x1/0x20", "0x1"), false },
        { "with and without the panic", WARN_OF("0", "1", "a.c:12", " g+0x1/0x2\n"),
          WARN_OF("0", "1", "a.c:12", " g+0x1/0x2\n") "Kernel panic - not syncing: kernel: panic_on_warn set ...\nCPU: "
                                                      "0 PID: 1 Comm: a\nCall Trace:\n"
                                                      " panic+0x1/0x2\n </TASK>\nKernel Offset: disabled\n",
          true },
};

static char *signature_of(const char *text) {
        char path[512];

        snprintf(path, sizeof(path), "%s/log", new_folder());
        write_file(path, text, strlen(text));
        struct json_object *r = scan(1, "%s", path);
        assert_int_equal(n_findings(r), 1);
        char *s = strdup(text_of(finding(r, 0), "signature"));
        json_object_put(r);
        return s;
}

static void test_signatures(void **state) {
        (void) state;
        for (size_t i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++) {
                char *a = signature_of(pairs[i].a), *b = signature_of(pairs[i].b);
                if ((strcmp(a, b) == 0) != pairs[i].same)
                        fail_msg("%s: the signatures are %s", pairs[i].why,
                                 pairs[i].same ? "not the same" : "the same");
                free(a);
                free(b);
        }
}

/* lockdep's scenario is data: what happens on which CPU, in order. */
static void test_scenario(void **state) {
        static const struct {
                int cpu;
                const char *action, *lock;
        } steps[] = { { 0, "lock", NULL }, { 1, "lock", NULL }, { 1, "lock", NULL }, { 0, "lock", NULL } };

        (void) state;
        struct json_object *r = scan(1, "%s", fixture("lockdep-circular.log")), *s = member(finding(r, 0), "scenario");
        assert_int_equal(json_object_array_length(s), 4);
        for (size_t i = 0; i < 4; i++) {
                struct json_object *step = json_object_array_get_idx(s, i);
                assert_int_equal(json_object_get_int(member(step, "cpu")), steps[i].cpu);
                assert_string_equal(text_of(step, "action"), steps[i].action);
                assert_true(strlen(text_of(step, "lock")) > 3);
        }
        /* It closes the circle: who took it first asks for what the other took first. */
        assert_string_equal(text_of(json_object_array_get_idx(s, 0), "lock"),
                            text_of(json_object_array_get_idx(s, 2), "lock"));
        json_object_put(r);
}

/* Only kinds that have a trigger in a line are asked whether it starts a report of theirs: the answer is the same as if
 * all were that have triggers. */
static void test_own_triggers(void **state) {
        struct scan s;
        unsigned starts = 0;
        uint64_t every = 0;

        (void) state;
        for (size_t i = 0; kinds[i]; i++)
                if (kinds[i]->triggers && kinds[i]->triggers[0])
                        every |= KIND_BIT(i);
        assert_int_equal(scan_init(&s), 0);
        for (size_t i = 0; i < n_expected; i++) {
                struct lines l = lines_of(expected[i].log);
                for (size_t k = 0; k < l.n; k++) {
                        struct slice text = slice_of(l.line[k]);
                        const struct kind *all = trigger_in(scan_triggers(&s), text) ? kinds_start(text, every) : NULL,
                                          *own = kinds_start(text, trigger_owners(scan_triggers(&s), text));
                        if (all != own)
                                fail_msg("%s has no trigger in: %s", all->name, l.line[k]);
                        starts += own != NULL;
                }
                free(l.text);
        }
        assert_true(starts > n_expected);
        scan_done(&s);
}

int main(void) {
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(test_each_kind),
                cmocka_unit_test(test_own_triggers),
                cmocka_unit_test(test_callers_come_apart),
                cmocka_unit_test(test_two_without_callers),
                cmocka_unit_test(test_stall_in_interrupt),
                cmocka_unit_test(test_init_dies_of_an_oops),
                cmocka_unit_test(test_only_guesses),
                cmocka_unit_test(test_stall_over_two_callers),
                cmocka_unit_test(test_cut_reports_say_why),
                cmocka_unit_test(test_quoted_headline),
                cmocka_unit_test(test_words_alone),
                cmocka_unit_test(test_quoted_part_is_whole),
                cmocka_unit_test(test_empty_heads),
                cmocka_unit_test(test_signatures),
                cmocka_unit_test(test_scenario),
        };
        return cmocka_run_group_tests(tests, read_fixtures, NULL);
}
