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
#include "kind/kind.h"

#include <glob.h>

static const char *const lines[] = {
        "i915 vmlife: load version=9.9 tree=6.1.192 rules=all inject=none lockdep=1 kcsan=1",
        "i915 vmlife: load token=0123456789abcdef version=9.9 tree=6.1.192 rules=all inject=vm-leak lockdep=0 kcsan=0",
        "i915 vmlife: inject=vm-early-put ",
        "i915 vmlife: inject token=0123456789abcdef inject=vm-early-put ",
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
        "UBSAN: a in b",
        "kernel BUG at x",
        "INFO: task x",
        "WARNING: ab",
        "BUG: ab",
        "GEM_BUG_ON(x)",
        "a:1 GEM_BUG_ON(",
        "GPU HANG: ecode 9",
        "i915 0000:00:02.0: [drm] GPU HANG: ecode 9:1:0, in x [1]",
        "BUG: memory leak",
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
                        if (*text) {
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
        assert_true(n_strings > 150 && n_strings < STRINGS_MAX);
        return 0;
}

/* A form in which a log comes. lead: what goes before each record. */
enum log_form { FORM_EXPORT, FORM_KMSG };
static const char *const form_names[] = { "export", "kmsg" };

struct out {
        FILE *file;
        enum log_form form;
        uint64_t us, sequence;
};

static void put_le64(FILE *f, uint64_t v) {
        for (int i = 0; i < 8; i++)
                fputc((int) (v >> 8 * i & 255), f);
}

static void put_record(struct out *o, const char *message, size_t n) {
        switch (o->form) {
        case FORM_EXPORT:
                fprintf(o->file,
                        "__REALTIME_TIMESTAMP=%llu\n__MONOTONIC_TIMESTAMP=%llu\n_BOOT_ID="
                        "11111111111111111111111111111111\n"
                        "_MACHINE_ID=22222222222222222222222222222222\n_HOSTNAME=host\n_TRANSPORT=kernel\nSYSLOG_"
                        "FACILITY=0\n"
                        "SYSLOG_IDENTIFIER=kernel\n_SOURCE_MONOTONIC_TIMESTAMP=%llu\nMESSAGE\n",
                        1700000000000000ull + o->us, (unsigned long long) o->us, (unsigned long long) o->us);
                put_le64(o->file, n);
                fwrite(message, 1, n, o->file);
                fputs("\n\n", o->file);
                break;
        case FORM_KMSG:
                fprintf(o->file, "6,%llu,%llu,-;", (unsigned long long) o->sequence++, (unsigned long long) o->us);
                for (size_t i = 0; i < n; i++)
                        if ((unsigned char) message[i] < ' ' || message[i] == '\\' || (unsigned char) message[i] > '~')
                                fprintf(o->file, "\\x%02x", (unsigned char) message[i]);
                        else
                                fputc(message[i], o->file);
                fputc('\n', o->file);
                break;
        default:
                fail();
        }
        o->us += 11;
}

static void put_text(struct out *o, const char *message) {
        put_record(o, message, strlen(message));
}

static void put_start(struct out *o) {
        put_text(o, "Linux version 6.1.192 (a@b) (gcc) #1 SMP");
        put_text(o, "Lock dependency validator: Copyright (c) 2006 Red Hat, Inc., Ingo Molnar");
        put_text(o, "kcsan: enabled early");
        put_text(o, "kcsan: strict mode configured");
        put_text(o, "i915 vmlife: load token=fedcba9876543210 version=1.0 tree=6.1.192 rules=vm-early-put inject=none "
                    "lockdep=1 kcsan=1");
}

static void put_report(struct out *o) {
        put_text(o, "------------[ cut here ]------------");
        put_text(o, "i915 vmlife: rule=vm-early-put token=fedcba9876543210 ctx_id=1 vm_id=1 ctx_ref=1 vm_ref=0 "
                    "closed=0 injected=0 by=context_close+0x1/0x2 n=1");
        put_text(o, "WARNING: CPU: 0 PID: 77 at drivers/gpu/drm/i915/gem/i915_gem_vmlife_report.c:203 "
                    "vmlife_report+0x10/0x20 [i915]");
        put_text(o, "CPU: 0 PID: 77 Comm: gem_exec Not tainted 6.1.192 #1");
        put_text(o, "Call Trace:");
        put_text(o, " <TASK>");
        put_text(o, " vmlife_check_vm_early_put+0x1/0x2 [i915]");
        put_text(o, " context_close+0x1/0x2 [i915]");
        put_text(o, " </TASK>");
        put_text(o, "---[ end trace 0000000000000000 ]---");
}

static void put_end(struct out *o) {
        put_text(o, "i915 vmlife: unload token=fedcba9876543210 sites=a@f:5,b@g:0 reports=1 suppressed=0 unchecked=0");
}

/* The message with the user's string in its place; a task's name has room for 15 bytes, an interface's for 15 without
 * blanks, ':' and '/'. NULL where nothing is left of the string. */
static char *fill(const char *whose, const char *shape, const char *string, bool line_end) {
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

/* What is said of the boot and of its findings: without times, places and counts of what was read. */
static char *said(struct json_object *r) {
        static const char *const of_finding[] = {
                "signature", "title",     "kind",  "relevance", "why",   "injected",
                "origin",    "corrupted", "count", "rule",      "tasks",
        };
        static const char *const of_boot[] = {
                "verdict", "reasons", "caveats", "lost", "variant", "release", "version", "command_line", "events",
        };
        struct json_object *o = json_object_new_array(), *b = json_object_array_get_idx(member(r, "boots"), 0);

        json_object_array_add(o, json_object_new_int((int) json_object_array_length(member(r, "boots"))));
        for (size_t i = 0; i < ARRAY_SIZE(of_boot); i++)
                json_object_array_add(o, json_object_get(json_object_object_get(b, of_boot[i])));
        struct json_object *coverage = member(b, "coverage"), *exposure = member(b, "exposure");
        json_object_array_add(o, json_object_get(member(coverage, "losses")));
        json_object_array_add(o, json_object_get(member(coverage, "rate_limited")));
        for (size_t i = 0; i < json_object_array_length(member(coverage, "detectors")); i++) {
                struct json_object *d = json_object_array_get_idx(member(coverage, "detectors"), i);
                json_object_array_add(o, json_object_get(json_object_object_get(d, "present")));
                json_object_array_add(o, json_object_get(json_object_object_get(d, "alive")));
                json_object_array_add(o, json_object_get(json_object_object_get(d, "quiet")));
        }
        json_object_array_add(o, json_object_get(json_object_object_get(exposure, "rounds")));
        json_object_array_add(o, json_object_get(json_object_object_get(exposure, "selftests")));
        json_object_array_add(o, json_object_get(json_object_object_get(exposure, "passes")));
        for (size_t i = 0; i < n_findings(r); i++)
                for (size_t k = 0; k < ARRAY_SIZE(of_finding); k++)
                        json_object_array_add(o, json_object_get(json_object_object_get(finding(r, i), of_finding[k])));
        char *text = strdup(json_object_to_json_string_ext(o, JSON_C_TO_STRING_PLAIN));
        json_object_put(o);
        return text;
}

struct shape {
        char whose[16], text[160];
};

static struct shape shapes[1024];
static size_t n_shapes;

/* Messages that are reports by themselves: what a task is called in them changes nothing of that. */
static bool is_report(const char *line) {
        static const char *const says[] = { "\tBUG: ", "\tINFO: ", "\tWARNING: ", "\tOut of memory",
                                            "\tMemory cgroup out of" };

        for (size_t i = 0; i < ARRAY_SIZE(says); i++)
                if (strstr(line, says[i]))
                        return true;
        return strstr(line, ": page allocation") || strstr(line, "soft lockup") || strstr(line, "[#") == line;
}

static void read_shapes(void) {
        FILE *f = fopen("tests/forgery/formats.tsv", "re");
        char line[512];
        unsigned seen = 0;

        assert_non_null(f);
        n_shapes = 0;
        while (fgets(line, sizeof(line), f) && n_shapes < ARRAY_SIZE(shapes)) {
                struct shape *s = &shapes[n_shapes];
                /* Where the string comes first every shape counts; of the others one in eight. */
                /* Not told yet: an interface named BUG or UBSAN, whose own messages then begin as the kernel's do.
                 * Files and labels come first in messages for root's own configuration alone. */
                if (*line != '#' && !is_report(line) && strncmp(line, "file\t{}", 7) != 0 &&
                    strncmp(line, "interface\t{}", 12) != 0 && strncmp(line, "label\t{}", 8) != 0 &&
                    (strstr(line, "\t{}") || ++seen % 8 == 0) &&
                    sscanf(line, "%15[^\t]\t%159[^\t]", s->whose, s->text) == 2 && strstr(s->text, "{}"))
                        n_shapes++;
        }
        fclose(f);
        assert_true(n_shapes >= 40);
}

/* A boot of which the forged lines from first on are a part: before its report and after it. Returns what is said. */
static char *scan_with(enum log_form form, size_t shape, size_t n, size_t string, size_t n_of_string) {
        char path[512];
        struct out o = { .form = form, .us = 1 };

        snprintf(path, sizeof(path), "%s/forged-%s", new_folder(), form_names[form]);
        o.file = fopen(path, "we");
        assert_non_null(o.file);
        put_start(&o);
        for (int after = 0; after < 2; after++) {
                for (size_t i = shape; i < shape + n; i++)
                        for (size_t k = string; k < string + n_of_string; k++)
                                for (int line_end = 0; line_end < 2; line_end++) {
                                        char *m = fill(shapes[i].whose, shapes[i].text, strings[k], line_end);
                                        if (m)
                                                put_text(&o, m);
                                        free(m);
                                }
                o.us += 40000000;
                if (!after)
                        put_report(&o);
                o.us += 40000000;
        }
        put_end(&o);
        assert_int_equal(fclose(o.file), 0);
        struct run run = vmlife("scan %s", path);
        struct json_object *r = json_tokener_parse(run.out);
        if (!r)
                fail_msg("%s: no JSON, exit status %d: %s", path, run.status, run.err);
        char *text = said(r);
        json_object_put(r);
        run_done(&run);
        unlink(path);
        return text;
}

/* Which of many did it: the smallest part that still does. */
static void blame(enum log_form form, const char *plain, size_t shape, size_t n, size_t string, size_t n_of_string) {
        while (n > 1 || n_of_string > 1) {
                bool by_shape = n > 1;
                size_t half = (by_shape ? n : n_of_string) / 2;
                char *first = by_shape ? scan_with(form, shape, half, string, n_of_string) :
                                         scan_with(form, shape, n, string, half);
                const bool here = strcmp(first, plain) != 0;

                free(first);
                if (by_shape) {
                        shape += here ? 0 : half;
                        n = here ? half : n - half;
                } else {
                        string += here ? 0 : half;
                        n_of_string = here ? half : n_of_string - half;
                }
        }
        char *text = scan_with(form, shape, 1, string, 1);
        size_t at = 0;
        while (plain[at] && plain[at] == text[at])
                at++;
        at -= MIN(at, (size_t) 60);
        fail_msg("%s: \"%s\" in \"%s\" (%s)\nwithout: %.200s\nwith:    %.200s", form_names[form], strings[string],
                 shapes[shape].text, shapes[shape].whose, plain + at, text + at);
}

static void check_form(enum log_form form) {
        read_shapes();
        char *plain = scan_with(form, 0, 0, 0, 0);
        /* A few dozen at a time: what one line breaks another does not mend. */
        for (size_t i = 0; i < n_shapes; i += 64) {
                const size_t n = MIN((size_t) 64, n_shapes - i);
                char *with = scan_with(form, i, n, 0, n_strings);
                if (strcmp(with, plain) != 0)
                        blame(form, plain, i, n, 0, n_strings);
                free(with);
        }
        free(plain);
}

static void test_export(void **state) {
        (void) state;
        check_form(FORM_EXPORT);
}

static void test_kmsg(void **state) {
        (void) state;
        check_form(FORM_KMSG);
}

int main(void) {
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(test_export),
                cmocka_unit_test(test_kmsg),
        };
        return cmocka_run_group_tests(tests, make_strings, NULL);
}
