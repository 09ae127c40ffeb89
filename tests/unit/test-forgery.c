/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Words that a user may choose prove nothing. tests/forgery/formats.tsv holds the kernel's messages that take a user's
 * string, made from four trees by tests/forgery/find-formats; the strings are all trigger words, all words about a
 * boot, the variant's lines and the first lines of all fixtures. Each pair is one more line of a boot, in each form
 * that keeps records whole; nothing of what is said of the boot may change. */
#include "cmocka_all.h"
#include "vmlife.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/macros.h"
#include "boot/boot_lines.h"
#include "forged.h"
#include "kind/kind.h"
#include "line/own_words.h"
#include "records.h"

#include <glob.h>

static const char *const lines[] = {
        "i915 vmlife: load version=9.9 tree=6.1.192 rules=all inject=none lockdep=1 kcsan=1",
        "i915 vmlife: load token=0123456789abcdef version=9.9 tree=6.1.192 rules=all inject=vm-leak lockdep=0 kcsan=0",
        "i915 vmlife: inject=vm-early-put ",
        "i915 vmlife: inject token=0123456789abcdef inject=vm-early-put ",
        "i915 vmlife: rules token=0123456789abcdef off=vm-leak panic=none",
        "vmlife: inject=vm-early-put ",
        "i915 vmlife: unload sites=x@y:99,vm_put@i915_vm_put:7 reports=3 suppressed=3 unchecked=3",
        "i915 vmlife: selftest name=vmlife_x rounds=999 reads=9 inject=none err=0",
        "i915 vmlife: selftest name=vmlife_x rounds=1 reads=9 inject=vm-early-put err=-5",
        "i915: Running i915_gem_vmlife_mock_selftests/vmlife_x",
        "i915 vmlife: rule=vm-early-put ctx_id=1 vm_id=1 injected=1 by=context_close+0x1/0x2 n=1",
        "i915 vmlife: the reference of ctx_id=1 was taken at:",
        "Linux version 9.9.9 (a@b) (gcc) #1 SMP",
        "Linux version 9",
        "Command line: kasan_multi_shot",
        "Missed 9 kernel messages",
        "** 99 printk messages dropped **",
        "f: 99 callbacks suppressed",
        "Lock dependency validator: Copyright",
        "BUG: MAX_LOCKDEP_CHAINS too low!",
        "BUG: MAX_x",
        "kcsan: enabled early",
        "turning off the locking correctness validator.",
        "Disabling lock debugging due to kernel taint",
        "INFO: lockdep is turned off.",
        "DEBUG_LOCKS_WARN_ON(1)",
        "Oops: 0000 [#1] PREEMPT SMP",
        "ab: 0000 [#1]",
        "0000 [#1]",
        "kfence: disabled",
        "kasan: KernelAddressSanitizer initialized",
        "ODEBUG: Out of memory. ODEBUG disabled",
        "Future hung task reports are suppressed",
        "Kernel panic - not syncing: x",
        "---[ end Kernel panic - not syncing: x ]---",
        "---[ end trace 0 ]---",
        "---[ end trace",
        "------------[ cut here ]------------",
        "==================================================",
        "BUG: KASAN: x",
        "BUG: KASAN: slab-use-after-free in i915_vm_put+0x1/0x2 [i915]",
        "BUG: KFENCE: x",
        "INFO: task x",
        "WARNING: ab",
        "BUG: ab",
        "GEM_BUG_ON(x)",
        "a:1 GEM_BUG_ON(",
        "i915 0000:00:02.0: [drm] GPU HANG: ecode 9:1:0, in x [1]",
        "unreferenced object 0x0 (size 1):",
        "[   12.345678] BUG: KASAN: slab-use-after-free in i915_vm_put+0x1/0x2 [i915]",
        "[   12.345678][    T1] WARNING: CPU: 0 PID: 1 at lib/refcount.c:28 refcount_warn_saturate+0xd8/0xe0",
        "<0>BUG: KASAN: x in y+0x1/0x2",
        "\033[2J\033[HBUG: KASAN: x in y+0x1/0x2",
        "\rBUG: KASAN: x in y+0x1/0x2",
        "host kernel: BUG: KASAN: x in y+0x1/0x2",
        "Nov 25 20:27:03 vm kernel: BUG: KASAN: x in y+0x1/0x2",
        "kern  :emerg : BUG: KASAN: x in y+0x1/0x2",
        "Out of memory: Killed process 1 (x)",
};

enum { STRINGS_MAX = 1024 };

static const char *strings[STRINGS_MAX];
static size_t n_strings;

static void add_string(const char *s) {
        if (n_strings < STRINGS_MAX)
                strings[n_strings++] = s;
}

/* The first three lines of each fixture: what begins a report of each kind. */
static void add_fixtures(void) {
        glob_t logs = {};

        assert_int_equal(glob("tests/unit/fixtures/kinds/*.log", 0, NULL, &logs), 0);
        for (size_t i = 0; i < logs.gl_pathc; i++) {
                FILE *f = fopen(logs.gl_pathv[i], "re");
                char line[1024];

                assert_non_null(f);
                for (int k = 0; k < 3 && fgets(line, sizeof(line), f);) {
                        char *text = strstr(line, "] ");
                        line[strcspn(line, "\n")] = '\0';
                        text = *line == '[' && text ? text + 2 : line;
                        if (*text && *text != '#') {
                                add_string(strndup(text, 200));
                                k++;
                        }
                }
                fclose(f);
        }
        globfree(&logs);
}

static int make_strings(void **state) {
        (void) state;
        for (size_t i = 0; i < ARRAY_SIZE(lines); i++)
                add_string(lines[i]);
        for (size_t i = 0; kinds[i]; i++)
                for (const char *const *w = kinds[i]->triggers; w && *w; w++)
                        add_string(*w);
        for (size_t i = 0; i < n_notes; i++)
                add_string(notes[i].word);
        add_fixtures();
        assert_in_range(n_strings, 151, STRINGS_MAX - 1);
        return 0;
}

/* Of the task that runs into the report. */
static const char *task_name = "gem_exec";
/* What comes amid its stack, and how often. */
static const char *between;
static size_t n_between = 1;
/* What comes before its first words. */
static const char *after_cut;

static void put_report(struct out *o) {
        char dump[200];

        put_text(o, "------------[ cut here ]------------");
        if (after_cut)
                put_text(o, after_cut);
        put_text(o, "i915 vmlife: rule=vm-early-put token=fedcba9876543210 ctx_id=1 vm_id=1 ctx_ref=1 vm_ref=0 "
                    "closed=0 injected=0 by=context_close+0x1/0x2 n=1");
        put_text(o, "WARNING: CPU: 0 PID: 77 at drivers/gpu/drm/i915/gem/i915_gem_vmlife_report.c:203 "
                    "vmlife_report+0x10/0x20 [i915]");
        snprintf(dump, sizeof(dump), "CPU: 0 PID: 77 Comm: %s Not tainted 6.1.192 #1", task_name);
        put_text(o, dump);
        put_text(o, "Call Trace:");
        put_text(o, " <TASK>");
        put_text(o, " vmlife_check_vm_early_put+0x1/0x2 [i915]");
        for (size_t i = 0; between && i < n_between; i++)
                put_text(o, between);
        put_text(o, " context_close+0x1/0x2 [i915]");
        put_text(o, " </TASK>");
        put_text(o, "---[ end trace 0000000000000000 ]---");
}

/* The message with the user's string in its place; a task's name has room for 15 bytes, an interface's for 15 without
 * blanks, ':' and '/'. NULL where nothing is left of the string. */
static char *fill(const char *whose, const char *shape, const char *string, bool line_end) {
        /* print_vma_addr() goes on with a line that its callers began. */
        shape = strncmp(shape, "_{}[", 4) == 0 ? "task[1]: segfault at 0 ip 0 sp 0 error 4 in {}[7,7+7]" : shape;
        const char *mark = strstr(shape, "{}");
        size_t room = strcmp(whose, "task") == 0 || strcmp(whose, "interface") == 0 ? 15 : 240;
        char value[256], *ret = NULL;
        size_t n = 0;

        if (line_end)
                n = (size_t) snprintf(value, sizeof(value), "J\n");
        for (; *string && n < room; string++) {
                if (strcmp(whose, "interface") == 0 && strchr(" :/\n\r\033", *string))
                        break;
                value[n++] = *string;
        }
        value[n] = '\0';
        if (n == 0 || asprintf(&ret, "%.*s%s%s", (int) (mark - shape), shape, value, mark + 2) < 0)
                return NULL;
        /* Numbers and other words of the message. */
        for (char *c = ret; *c; c++)
                if (*c == '#' && (c < ret + (mark - shape) || c >= ret + (mark - shape) + n))
                        *c = '7';
        return ret;
}

struct shape {
        char whose[16], text[160];
};

static struct shape shapes[2048];
static size_t n_shapes;

/* Messages that are reports by themselves: what a task is called in them changes nothing of that. */
static bool is_report(const char *line) {
        static const char *const says[] = { "\tBUG: ", "\tINFO: ", "\tWARNING: ", "\tOut of memory",
                                            "\tMemory cgroup out of" };

        for (size_t i = 0; i < ARRAY_SIZE(says); i++)
                if (strstr(line, says[i]))
                        return true;
        return strstr(line, ": page allocation") || strstr(line, "unregister_netdevice: waiting for {}") ||
               strstr(line, "soft lockup") || strstr(line, "[#") == line;
}

static void read_shapes(bool sampled) {
        FILE *f = fopen("tests/forgery/formats.tsv", "re");
        const unsigned step = by_checker(1, 12, 60) * (sampled ? 12 : 1);
        unsigned seen = 0;
        char line[512];

        assert_non_null(f);
        n_shapes = 0;
        while (fgets(line, sizeof(line), f) && n_shapes < ARRAY_SIZE(shapes)) {
                struct shape *s = &shapes[n_shapes];
                /* Files and labels come first in messages for root's own configuration alone. */
                if (*line != '#' && !is_report(line) && strncmp(line, "file\t{}", 7) != 0 &&
                    strncmp(line, "label\t{}", 8) != 0 &&
                    sscanf(line, "%15[^\t]%*1[\t]%159[^\t]", s->whose, s->text) == 2 && strstr(s->text, "{}") &&
                    seen++ % step == 0)
                        n_shapes++;
        }
        fclose(f);
        assert_true(seen >= 40);
}

/* What a user has the kernel print. */
typedef void (*put_forged_t)(struct out *o, const void *what);

/* A boot with forged lines before its report and after it, or those alone. */
static struct json_object *scan_around(enum log_form form, bool alone, put_forged_t put, const void *what) {
        char path[512];
        struct out o = { .form = form, .us = 1 };

        snprintf(path, sizeof(path), "%s/forged-%s", new_folder(), forms[form].name);
        o.file = fopen(path, "we");
        assert_non_null(o.file);
        if (!alone)
                put_start(&o);
        for (int after = 0; after < 2; after++) {
                if (put)
                        put(&o, what);
                if (alone)
                        break;
                o.us += 40000000;
                if (!after)
                        put_report(&o);
                o.us += 40000000;
        }
        if (!alone)
                put_end(&o);
        assert_int_equal(fclose(o.file), 0);
        struct run run = vmlife("scan %s", path);
        struct json_object *r = json_tokener_parse(run.out);
        if (!r && !alone)
                fail_msg("%s: no JSON, exit status %d: %s", path, run.status, run.err);
        run_done(&run);
        unlink(path);
        return r;
}

/* The forged lines of a scan: a range of the shapes with a range of the strings. */
struct range {
        size_t shape, n_shapes, string, n_strings;
};

static void put_range(struct out *o, const void *what) {
        const struct range *r = what;

        for (size_t i = r->shape; i < r->shape + r->n_shapes; i++)
                for (size_t k = r->string; k < r->string + r->n_strings; k++)
                        for (int line_end = 0; line_end < 2; line_end++) {
                                char *m = fill(shapes[i].whose, shapes[i].text, strings[k], line_end);
                                if (m)
                                        put_text(o, m);
                                free(m);
                        }
}

/* What is said of it. */
static char *scan_with(enum log_form form, size_t shape, size_t n, size_t string, size_t n_of_string) {
        struct json_object *r = scan_around(form, false, put_range, &(struct range){ shape, n, string, n_of_string });
        char *text = what_is_said(r);

        json_object_put(r);
        return text;
}

static bool differs(enum log_form form, const char *plain, struct range r) {
        char *with = scan_with(form, r.shape, r.n_shapes, r.string, r.n_strings);
        const bool ret = strcmp(with, plain) != 0;

        free(with);
        return ret;
}

/* The least value of the member, from 1 on, with which the range still differs; start: the range's, which
 * moves so that its end stays. */
static void shorten(enum log_form form, const char *plain, struct range *r, size_t *n, size_t *start) {
        size_t good = 0, bad = *n, end = start ? *start + *n : 0;

        while (bad - good > 1) {
                *n = good + (bad - good) / 2;
                if (start)
                        *start = end - *n;
                *(differs(form, plain, *r) ? &bad : &good) = *n;
        }
        *n = bad;
        if (start)
                *start = end - bad;
}

/* Shortly before where they differ. */
static size_t parting(const char *a, const char *b) {
        size_t at = 0;

        while (a[at] && a[at] == b[at])
                at++;
        return at - MIN(at, (size_t) 60);
}

/* With that message, which is put in already, all is said as without it. */
static void says_the_same(enum log_form form, const char *plain, const char *message) {
        struct json_object *r = scan_around(form, false, NULL, NULL);
        char *with = what_is_said(r);

        if (strcmp(plain, with) != 0)
                fail_msg("%s, %s:\nwithout: %.300s\nwith:    %.300s", forms[form].name, message,
                         plain + parting(plain, with), with + parting(plain, with));
        free(with);
        json_object_put(r);
}

/* Which of many did it: the smallest range that still does, which may take more than one line. */
static void blame(enum log_form form, const char *plain, struct range r) {
        shorten(form, plain, &r, &r.n_shapes, NULL);
        shorten(form, plain, &r, &r.n_shapes, &r.shape);
        shorten(form, plain, &r, &r.n_strings, NULL);
        shorten(form, plain, &r, &r.n_strings, &r.string);
        char *text = scan_with(form, r.shape, r.n_shapes, r.string, r.n_strings);
        const size_t at = parting(plain, text);
        fail_msg("%s: \"%s\" to \"%s\" in \"%s\" to \"%s\"\nwithout: %.200s\nwith:    %.200s", forms[form].name,
                 strings[r.string], strings[r.string + r.n_strings - 1], shapes[r.shape].text,
                 shapes[r.shape + r.n_shapes - 1].text, plain + at, text + at);
}

static void check_form(enum log_form form) {
        read_shapes(forms[form].sampled);
        char *plain = scan_with(form, 0, 0, 0, 0);
        /* A few dozen at a time: what one line breaks another does not mend. */
        for (size_t i = 0; i < n_shapes; i += 64) {
                const size_t n = MIN((size_t) 64, n_shapes - i);
                char *with = scan_with(form, i, n, 0, n_strings);
                if (strcmp(with, plain) != 0)
                        blame(form, plain, (struct range){ i, n, 0, n_strings });
                free(with);
        }
        free(plain);
}

/* A form's test, by the form's place in the table. */
static void test_form(void **state) {
        const size_t form = (size_t) (uintptr_t) *state;

        check_form((enum log_form) form);
}

static const char *const report_of_uaf[] = {
        "BUG: KASAN: slab-use-after-free in i915_vm_put+0x1/0x2 [i915]",
        "Read of size 8 at addr ffff888100000000 by task x/1",
        "CPU: 0 PID: 1 Comm: x Not tainted 6.1.0 #1",
        "Call Trace:",
        " i915_vm_put+0x1/0x2 [i915]",
};

/* In a syslog file whose lines have tags: what programs write under names that they choose, and without any. */
static void test_tags(void **state) {
        static const char *const leads[] = {
                "app: ",      "my app: ",   "my kernel: ",     "kernel[x y]: ", "kernel[7]: ", "kernel: x: ",
                "mykernel: ", "kern.log: ", "kernel-app: ",    "Kernel: ",      "app(x): ",    "app : ",
                ": ",         "",           "kern.warn app: ", "kernel - ",     "x kernel ",
        };

        (void) state;
        for (size_t i = 0; i < ARRAY_SIZE(leads); i++)
                for (int timed = 0; timed < 2; timed++) {
                        char path[512];

                        snprintf(path, sizeof(path), "%s/log", new_folder());
                        FILE *f = fopen(path, "we");
                        assert_non_null(f);
                        /* Without words that only a kernel prints: its tag alone shows which lines are its. */
                        fprintf(f,
                                "Nov 25 20:27:03 vm kernel: [    0.000000] %s\n"
                                "Nov 25 20:27:04 vm kernel: [    1.000000] usb 1-1: new device\n",
                                i % 2 == (size_t) timed ? "Linux version 6.1" : "usb 1-1: New USB device found");
                        for (size_t k = 0; k < ARRAY_SIZE(report_of_uaf); k++)
                                fprintf(f, "Nov 25 20:27:05 vm %s%s%s\n", leads[i], timed ? "[   50.000001] " : "",
                                        report_of_uaf[k]);
                        assert_int_equal(fclose(f), 0);
                        struct json_object *r = scan(0, "%s", path);
                        for (size_t k = 0; k < n_findings(r); k++)
                                assert_string_equal(text_of(finding(r, k), "origin"), "userspace");
                        assert_int_equal(json_object_array_length(member(r, "boots")), 1);
                        json_object_put(r);
                }
}

/* A whole report of the variant, from another log: its token is another. */
static void test_foreign_record(void **state) {
        static const char *const tokens[] = { "token=fedcba9876543210 ", "token=0000000000000000 ", "" };

        (void) state;
        for (size_t i = 0; i < ARRAY_SIZE(tokens); i++) {
                char path[512];

                snprintf(path, sizeof(path), "%s/log", new_folder());
                FILE *f = fopen(path, "we");
                assert_non_null(f);
                fprintf(f,
                        "[    0.000000] Linux version 6.1.192 (a@b) (gcc) #1 SMP\n"
                        "[    1.000000] i915 vmlife: load token=fedcba9876543210 version=1.0 tree=6.1.192 "
                        "rules=vm-early-put inject=none lockdep=1 kcsan=1\n"
                        "[    2.000000] ------------[ cut here ]------------\n"
                        "[    2.000001] i915 vmlife: rule=vm-early-put %sctx_id=1 vm_id=1 injected=1 "
                        "by=context_close+0x1/0x2 n=1\n"
                        "[    2.000002] WARNING: CPU: 0 PID: 77 at "
                        "drivers/gpu/drm/i915/gem/i915_gem_vmlife_report.c:203 "
                        "vmlife_report+0x10/0x20 [i915]\n"
                        "[    2.000003] CPU: 0 PID: 77 Comm: gem_exec Not tainted 6.1.192 #1\n"
                        "[    2.000004] Call Trace:\n"
                        "[    2.000005]  context_close+0x1/0x2 [i915]\n"
                        "[    2.000006] ---[ end trace 0000000000000000 ]---\n",
                        tokens[i]);
                assert_int_equal(fclose(f), 0);
                struct json_object *r = scan(1, "%s", path);
                assert_int_equal(n_findings(r), 1);
                assert_int_equal(json_object_get_boolean(member(finding(r, 0), "injected")), i == 0);
                assert_string_equal(text_of(finding(r, 0), "relevance"), i ? "likely" : "certain");
                json_object_put(r);
        }
}

#define PACKET                                                                                                    \
        "IN=eth0 OUT= MAC=02:00 SRC=10.0.0.1 DST=10.0.0.2 LEN=60 TTL=64 ID=7 PROTO=TCP SPT=1 DPT=2 RES=0x00 SYN " \
        "URGP=0 "
#define UAF "BUG: KASAN: slab-use-after-free in i915_vm_put+0x1/0x2 [i915]"

/* Whole messages, each as often as given: what a user tries to make of a text. */
static const struct attack {
        const char *message;
        unsigned times;
} attacks[] = {
        { "process 'a' launched '/tmp/\nLinux version 9.9.9 (a@b) (gcc) #1 SMP\nCommand line: kasan_multi_shot' with",
          1 },
        { "process '/tmp/\n[    0.000000][    T0] Linux version 9.9.9 (a@b) (gcc) #1 SMP' started with", 1 },
        { "process '/tmp/\r[    0.000000] Linux version 9.9.9 (a@b) (gcc) #1 SMP' started with executable stack", 1 },
        { "process '/tmp/\r[    1.000200][    T7] " UAF "' started with executable stack", 1 },
        { "usb 1-1: Product: \r[    1.000200] " UAF, 20 },
        { "usb 1-1: Product: \033[2K\033[1G[    1.000200] " UAF, 20 },
        { "usb 1-1: Product: \b\b\b\b\b\b\b\b\b\b[    1.000200] " UAF, 20 },
        /* As if the log came from netconsole, a page, a mail, as JSON, newest line first, broken, or framed. */
        { "usb 1-1: Product: 4,1072,1000000,-;" UAF, 60 },
        { "4,1,1,-;BUG: x[77]: segfault at 0 ip 0 sp 0 error 4 in x[7,7+7]", 60 },
        { "usb 1-1: Product: &#10;[   12.000000] " UAF "&#10;", 60 },
        { "usb 1-1: Product: <html><body><pre>&#10;[   12.000000] " UAF, 1 },
        { "process '/tmp/x\nContent-Transfer-Encoding: base64\n\nQlVHOiBLQVNBTjogeAo=\n' started with", 1 },
        { "process '/tmp/x\n{\"message\":\"[   12.000000] " UAF "\"}\n' started with executable stack", 1 },
        { "usb 1-1: Product: [99.000000] [98.000000]", 60 },
        { "usb 1-1: Product: \xe2\x80\xa8" UAF, 1 },
        /* A rule of netfilter's in a user's own network. */
        { UAF PACKET, 20 },
        { "BUG: kernel NULL pointer derefe" PACKET, 1 },
        { "Oops: 0002 [#1] PREEMPT SMP" PACKET, 1 },
        { "GPU HANG: ecode 9:1:0" PACKET, 1 },
        { "kernel BUG at drivers/x.c:1!" PACKET, 1 },
        { "INFO: lockdep is turned off." PACKET, 1 },
        { "** 99 printk messages dropped **" PACKET, 1 },
        { "i915 vmlife: rule=vm-leak token=fedcba9876543210 ctx_id=9 vm_id=9 injected=1 by=f+0x1/0x2 n=1 " PACKET, 1 },
        { "i915 vmlife: load token=fedcba9876543210 version=9 tree=6.1 rules=all inject=vm-leak " PACKET, 1 },
        { "i915 vmlife: inject token=fedcba9876543210 inject=vm-early-put " PACKET, 1 },
        { "Linux version 9.9.9 (a@b) (gcc) #1 SMP" PACKET, 1 },
        { "usb 1-1: Product: xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\n", 60 },
        { "usb 1-1: Product: [   12.000000][    T7] " UAF, 60 },
        { "usb 1-1: Product: " UAF " |", 60 },
};

static void put_attack(struct out *o, const void *what) {
        const struct attack *a = what;

        for (unsigned i = 0; i < a->times; i++)
                put_text(o, a->message);
}

/* Beside the kernel's own lines they change nothing, on a serial console neither. Where they are all that is left of a
 * log, a source that keeps records whole has no finding of them, and a text none that counts as the kernel's. */
static void test_attacks(void **state) {
        (void) state;
        for (size_t form = 0; form < (size_t) FORM_OBJECTS; form++) {
                struct json_object *r = scan_around((enum log_form) form, false, NULL, NULL);
                char *plain = what_is_said(r);

                json_object_put(r);
                for (size_t i = 0; i < ARRAY_SIZE(attacks); i += by_checker(1, 3, 9)) {
                        r = scan_around((enum log_form) form, false, put_attack, &attacks[i]);
                        char *with = what_is_said(r);
                        if (strcmp(plain, with) != 0)
                                fail_msg("%s, %s:\nwithout: %.300s\nwith:    %.300s", forms[form].name,
                                         attacks[i].message, plain + parting(plain, with), with + parting(plain, with));
                        free(with);
                        json_object_put(r);
                        r = scan_around((enum log_form) form, true, put_attack, &attacks[i]);
                        for (size_t k = 0; r && k < n_findings(r); k++) {
                                assert_true(forms[form].prefix != NULL);
                                assert_string_equal(text_of(finding(r, k), "origin"), "unverified");
                                assert_string_not_equal(text_of(finding(r, k), "relevance"), "certain");
                                assert_false(json_object_get_boolean(member(finding(r, k), "injected")));
                        }
                        json_object_put(r);
                }
                free(plain);
        }
}

struct filled {
        const char *whose, *shape, *string;
        bool line_end;
};

static void put_filled(struct out *o, const void *what) {
        const struct filled *x = what;
        char *m = fill(x->whose, x->shape, x->string, x->line_end);

        if (m)
                put_text(o, m);
        free(m);
}

/* A collector's JSON, whose messages have nothing before them that a user's words could be told from: one string, which
 * may have a line end before it. (Many of them put the source in doubt.) */
static void test_objects(void **state) {
        static const char *const of[][2] = { { "device", "usb 1-1: Product: {}" },
                                             { "path", "process '/tmp/{}' started with executable stack" },
                                             { "device", "{}: Fixing fullspeed to highspeed interval: 10 -> 12" } };
        struct json_object *r = scan_around(FORM_OBJECTS, false, NULL, NULL);
        char *plain = what_is_said(r);

        (void) state;
        json_object_put(r);
        for (size_t i = 0; i < ARRAY_SIZE(lines) * ARRAY_SIZE(of) * 2; i += by_checker(1, 7, 31)) {
                const char *const *shape = of[i / 2 % ARRAY_SIZE(of)];
                const struct filled x = { shape[0], shape[1], lines[i / 2 / ARRAY_SIZE(of)], i % 2 };
                r = scan_around(FORM_OBJECTS, false, put_filled, &x);
                char *with = what_is_said(r);
                if (strcmp(plain, with) != 0)
                        fail_msg("\"%s\" in \"%s\":\nwithout: %.300s\nwith:    %.300s", x.string, x.shape,
                                 plain + parting(plain, with), with + parting(plain, with));
                free(with);
                json_object_put(r);
        }
        free(plain);
}

/* A task that runs into a report cannot end it by its name, start another, or have it called corrupted, where records
 * are kept whole. */
static void test_own_name(void **state) {
        static const char *const names[] = {
                "\n---[ end trace", "\n</TASK>",       "\n==============", "\n------------[",
                "\nCall Trace:",    "\nBUG: KASAN: a", "\nOops: 0000 [#1", "\nRIP: 0010:x+0x",
                "\nCPU: 0 PID: 1",  "\rBUG: KASAN: a", "a Not tainted 6",  "x injected=1",
                "\ni915 vmlife: r", "a\n</TASK>\nb",   "\nCall Trace:\nx", "a\n Tainted: ",
        };
        static const char *const same[] = { "signature", "title", "relevance", "corrupted", "count", "injected" };

        (void) state;
        for (size_t k_form = 0; k_form <= FORM_JSON + 1; k_form++) {
                const size_t form = k_form <= FORM_JSON ? k_form : FORM_SYSLOG;
                struct json_object *plain = scan_around((enum log_form) form, false, NULL, NULL);

                for (size_t i = 0; i < ARRAY_SIZE(names); i += by_checker(1, 1, 4)) {
                        task_name = names[i];
                        struct json_object *r = scan_around((enum log_form) form, false, NULL, NULL);
                        task_name = "gem_exec";
                        assert_int_equal(n_findings(r), 1);
                        for (size_t k = 0; k < ARRAY_SIZE(same); k++)
                                assert_string_equal(json_object_to_json_string(member(finding(r, 0), same[k])),
                                                    json_object_to_json_string(member(finding(plain, 0), same[k])));
                        json_object_put(r);
                }
                json_object_put(plain);
        }
}

static void put_failing(struct out *o, const void *what) {
        const char *const name = what;
        char message[200];

        snprintf(message, sizeof(message),
                 "%s: page allocation failure: order:4, mode:0x40dc0(GFP_KERNEL|__GFP_ZERO), nodemask=(null)", name);
        put_text(o, message);
        snprintf(message, sizeof(message), "CPU: 0 PID: 7 Comm: %s Not tainted 6.1.192 #3", name);
        put_text(o, message);
        put_failed_stack(o);
}

/* A task whose name holds a line end, what programs write for one, or a time, runs out of memory: the report stays. */
static void test_failing_name(void **state) {
        static const char *const names[] = {
                "abc",   "",          "\n",         "abc\n",           "a\nb",         "\n\n",
                "\\x0a", "#012",      "x#012y",     "\nCall Trace:",   "\n</TASK>\nb", "BUG: x\n",
                "\t\n ", "a: b\n: c", "\n[1]: x\n", "[    0.000000] ",
        };
        static const enum log_form in[] = { FORM_EXPORT, FORM_KMSG, FORM_JSON, FORM_SYSLOG };

        (void) state;
        for (size_t i = 0; i < ARRAY_SIZE(in) * ARRAY_SIZE(names); i += by_checker(1, 1, 5)) {
                const char *const name = names[i / ARRAY_SIZE(in)];
                const enum log_form form = in[i % ARRAY_SIZE(in)];
                struct json_object *r = scan_around(form, false, put_failing, name);
                size_t k = 0;

                while (k < n_findings(r) && strcmp(text_of(finding(r, k), "kind"), "page-allocation-failure") != 0)
                        k++;
                if (n_findings(r) != 2 || k == 2)
                        fail_msg("%s, \"%s\": %zu findings", forms[form].name, name, n_findings(r));
                assert_string_equal(text_of(finding(r, k), "title"),
                                    "page allocation failure in i915_gem_object_get_pages_internal");
                if (json_object_array_length(member(finding(r, k), "corrupted")) > 0)
                        fail_msg("%s, \"%s\": corrupted", forms[form].name, name);
                assert_int_equal(json_object_get_int(member(finding(r, k), "count")), 2);
                json_object_put(r);
        }
}

static const char *const interface_says[] = { "BUG: port 1(veth0) entered blocking state", "BUG: renamed from veth0",
                                              "WARNING: port 1(veth0) entered blocking state" };

/* What it says just before a task runs out of its group's memory, and just after that was said. */
static void put_before_oom(struct out *o, const void *what) {
        static const char *const dump[] = {
                "memhog invoked oom-killer: gfp_mask=0xcc0(GFP_KERNEL), order=0, oom_score_adj=0",
                "CPU: 1 PID: 77 Comm: memhog Not tainted 6.1.192 #1",
                "Call Trace:",
                " <TASK>",
                " dump_header+0x1/0x2",
                " oom_kill_process+0x1/0x2",
                " mem_cgroup_out_of_memory+0x1/0x2",
                " </TASK>",
        };

        put_text(o, what);
        for (size_t i = 0; i < ARRAY_SIZE(dump); i++)
                put_text(o, dump[i]);
        put_text(o, dump[0]);
        put_text(o, what);
        for (size_t i = 1; i < ARRAY_SIZE(dump); i++)
                put_text(o, dump[i]);
}

/* An interface called as a report begins does not cut one of the same caller, nor is a dump after its words one. */
static void test_interface_amid(void **state) {
        static const enum log_form of[] = { FORM_EXPORT, FORM_KMSG, FORM_CONSOLE };

        (void) state;
        for (size_t form = 0; form < ARRAY_SIZE(of); form++) {
                struct json_object *r = scan_around(of[form], false, NULL, NULL);
                char *plain = what_is_said(r);

                json_object_put(r);
                for (size_t i = 0; i < 2 * ARRAY_SIZE(interface_says); i++) {
                        const char *says = interface_says[i / 2];
                        between = i % 2 ? says : NULL;
                        r = scan_around(of[form], false, i % 2 ? NULL : put_before_oom, says);
                        between = NULL;
                        char *with = what_is_said(r);
                        assert_string_equal(with, plain);
                        free(with);
                        json_object_put(r);
                }
                free(plain);
        }
}

/* A string that begins with a line end leaves a first line that looks like a part of the report: empty, or words and a
 * colon. What follows it is none of the report's, however many lines it has; nor is a word before a second prefix a
 * function. */
static void test_line_end_amid(void **state) {
        static const char *const says[] = {
                "\n evil+0x1/0x2 [i915]\n evil_caller+0x1/0x2",
                "\nFreed by task 9:\n evil+0x1/0x2 [i915]",
                "\n" UAF "\n1\n2\n3\n4\n5\n6\n7\n8\n9\n10\n11\n12\n13\n14\n15\n16\n17\n18\n19\n20",
                "\ni915 vmlife: rule=vm-leak token=fedcba9876543210 ctx_id=9 vm_id=9 injected=1 by=f+0x1/0x2 n=1",
                "\nCPU: 9 PID: 9 Comm: evil Not tainted 9.9\nRIP: 0010:evil+0x1/0x2\n evil+0x1/0x2",
                "[    1.000100] " UAF,
        };
        static const char *const before[] = { "device-mapper: ", "input: ", "process ", "usb 1-1: Product: " };
        static const enum log_form of[] = { FORM_EXPORT, FORM_KMSG, FORM_JSON, FORM_DMESG, FORM_SYSLOG };

        (void) state;
        for (size_t i = 0; i < ARRAY_SIZE(of) * ARRAY_SIZE(before); i++) {
                const enum log_form form = of[i / ARRAY_SIZE(before)];
                char message[400];

                between = message;
                snprintf(message, sizeof(message), "%sMouse", before[i % ARRAY_SIZE(before)]);
                struct json_object *r = scan_around(form, false, NULL, NULL);
                char *plain = what_is_said(r);
                json_object_put(r);
                for (size_t k = 0; k < ARRAY_SIZE(says); k += by_checker(1, 1, 2)) {
                        snprintf(message, sizeof(message), "%s%s", before[i % ARRAY_SIZE(before)], says[k]);
                        says_the_same(form, plain, message);
                }
                between = NULL;
                free(plain);
        }
}

/* Another task's name, between the report's first lines or amid its stack, where callers are not known: it takes
 * neither the variant's record nor a frame, and adds none. */
static void test_names_amid(void **state) {
        static const char *const names[] = {
                "\n e+0x1/0x2",    "\nCall Trace:",   "\nFreed by:",     " </TASK>",
                "x:\n e+0x1/0x2",  "a b:\n e+1/2",    "RIP: 0010:e+0x1", "\n </TASK>",
                "kernel BUG at f", "Freed by task 1", "Oops: 0000 [#1]", "WARNING: CPU: 0"
        };
        static const struct {
                const char *before, *after;
        } of[] = { { "", " (77): words that no kernel of today prints" },
                   { "", " (77): drop_caches: 3" },
                   { "", ": vmalloc error: size 4096, failed to allocate pages" },
                   { "", "[77]: segfault at 0 ip 0000000000000000 sp 00007ffd error 4 in x[55d+1000]" },
                   { "[     77]  1000    77     1000      100    57344        0             0 ", "" } };
        static const enum log_form in[] = { FORM_EXPORT, FORM_KMSG, FORM_DMESG, FORM_SYSLOG };

        (void) state;
        for (size_t i = 0; i < ARRAY_SIZE(in) * ARRAY_SIZE(of) * 2; i++) {
                const enum log_form form = in[i % ARRAY_SIZE(in)];
                const size_t shape = i / ARRAY_SIZE(in) / 2;
                const char **const place = i / ARRAY_SIZE(in) % 2 ? &after_cut : &between;
                char message[200];

                *place = message;
                snprintf(message, sizeof(message), "%sMouse%s", of[shape].before, of[shape].after);
                struct json_object *r = scan_around(form, false, NULL, NULL);
                char *plain = what_is_said(r);
                json_object_put(r);
                for (size_t k = 0; k < ARRAY_SIZE(names); k += by_checker(1, 1, 3)) {
                        snprintf(message, sizeof(message), "%s%s%s", of[shape].before, names[k], of[shape].after);
                        says_the_same(form, plain, message);
                }
                *place = NULL;
                free(plain);
        }
}

/* Other lines within its stack, more than are waited for, cut a report where callers are not known: that is said. */
static void test_many_amid(void **state) {
        (void) state;
        for (n_between = 8; n_between <= 512; n_between *= 8) {
                between = "process '/tmp/x' started with executable stack";
                struct json_object *r = scan_around(FORM_EXPORT, false, NULL, NULL);
                const size_t n_frames = json_object_array_length(
                        member(json_object_array_get_idx(member(finding(r, 0), "stacks"), 0), "frames"));
                between = NULL;
                assert_int_equal(n_findings(r), 1);
                assert_true(n_frames == 2 || json_object_array_length(member(finding(r, 0), "corrupted")) > 0);
                assert_true(n_between > 8 || n_frames == 2);
                json_object_put(r);
        }
        n_between = 1;
}

/* Words about a task that may be called as a report begins, from the start of the line: none begins a report. Those of
 * lockdep, of the memory manager and "invoked oom-killer" are parts of reports, and said of such tasks too. */
static void test_task_first(void **state) {
        FILE *f = fopen("tests/forgery/formats.tsv", "re");
        size_t n = 0;
        char line[512];

        (void) state;
        assert_non_null(f);
        while (fgets(line, sizeof(line), f)) {
                struct shape s;
                if (strncmp(line, "task\t{}", 7) != 0 || sscanf(line, "%15[^\t]%*1[\t]%159[^\t]", s.whose, s.text) != 2)
                        continue;
                char *text = fill(s.whose, s.text, "BUG: KASAN: a-b", false);
                assert_non_null(text);
                if (!begins_with_task((struct slice){ text, strlen(text) }))
                        fail_msg("own_words.c lacks \"%s\"", text);
                free(text);
                n++;
        }
        fclose(f);
        assert_true(n >= 40);
}

/* Of all forms, or of one. */
int main(int argc, char **argv) {
        struct CMUnitTest tests[FORM_SERIAL + 11];

        if (argc > 1)
                cmocka_set_test_filter(argv[1]);

        for (size_t i = 0; i < FORM_SERIAL; i++)
                tests[i] = (struct CMUnitTest){ .name = forms[i].name,
                                                .test_func = test_form,
                                                .initial_state = (void *) i };
        tests[FORM_SERIAL] = (struct CMUnitTest) cmocka_unit_test(test_tags);
        tests[FORM_SERIAL + 1] = (struct CMUnitTest) cmocka_unit_test(test_foreign_record);
        tests[FORM_SERIAL + 2] = (struct CMUnitTest) cmocka_unit_test(test_attacks);
        tests[FORM_SERIAL + 3] = (struct CMUnitTest) cmocka_unit_test(test_own_name);
        tests[FORM_SERIAL + 4] = (struct CMUnitTest) cmocka_unit_test(test_task_first);
        tests[FORM_SERIAL + 5] = (struct CMUnitTest) cmocka_unit_test(test_interface_amid);
        tests[FORM_SERIAL + 6] = (struct CMUnitTest) cmocka_unit_test(test_many_amid);
        tests[FORM_SERIAL + 7] = (struct CMUnitTest) cmocka_unit_test(test_objects);
        tests[FORM_SERIAL + 8] = (struct CMUnitTest) cmocka_unit_test(test_line_end_amid);
        tests[FORM_SERIAL + 9] = (struct CMUnitTest) cmocka_unit_test(test_names_amid);
        tests[FORM_SERIAL + 10] = (struct CMUnitTest) cmocka_unit_test(test_failing_name);
        return cmocka_run_group_tests(tests, make_strings, NULL);
}
