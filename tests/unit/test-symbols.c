/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* --vmlinux and --modules, with a program and an object file that the test compiles. */
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cmocka_all.h"
#include "vmlife.h"

/* Each "here" marks the byte behind an instruction, as a return address is behind its call. */
static const char source[] =
        "int sink;\n"                                                                            /* 1 */
        "static inline __attribute__((always_inline)) void inner(void) {\n"                      /* 2 */
        "        __asm__ volatile(\"nop\\n.globl \" PREFIX \"here\\n\" PREFIX \"here: nop\");\n" /* 3 */
        "}\n"                                                                                    /* 4 */
        "static inline __attribute__((always_inline)) void middle(void) {\n"                     /* 5 */
        "        sink++;\n"                                                                      /* 6 */
        "        inner();\n"                                                                     /* 7 */
        "}\n"                                                                                    /* 8 */
        "__attribute__((noinline)) void OUTER(void) {\n"                                         /* 9 */
        "        __asm__ volatile(\"nop\");\n"                                                   /* 10 */
        "        middle();\n"                                                                    /* 11 */
        "        sink++;\n"                                                                      /* 12 */
        "}\n"
        "#ifdef PROGRAM\n"
        "int main(void) { OUTER(); return 0; }\n"
        "#endif\n";

static const char *folder;

static unsigned long long symbol(const char *file, const char *name, unsigned long long *size) {
        char command[2048], line[512];
        unsigned long long address = 0, n;
        bool found = false;

        snprintf(command, sizeof(command), "nm -S %s/%s", folder, file);
        FILE *f = popen(command, "re");
        assert_non_null(f);
        while (fgets(line, sizeof(line), f)) {
                char *last = strrchr(line, ' ');
                line[strcspn(line, "\n")] = '\0';
                if (!last || strcmp(last + 1, name) != 0)
                        continue;
                found = true;
                int fields = sscanf(line, "%llx %llx", &address, &n);
                if (size)
                        *size = fields == 2 ? n : 0;
        }
        pclose(f);
        assert_true(found);
        return address;
}

static int build(void **state) {
        char path[600];

        (void) state;
        folder = strdup(new_folder());
        snprintf(path, sizeof(path), "%s/source.c", folder);
        write_file(path, source, strlen(source));
        shell("mkdir %s/modules", folder);
        shell("cc -g -O2 -DPROGRAM -DPREFIX='\"k_\"' -DOUTER=outer -o %s/vmlinux %s", folder, path);
        shell("cc -g -O2 -c -DPREFIX='\"m_\"' -DOUTER=module_outer -o %s/modules/some-module.ko %s", folder, path);
        shell("cp %s/vmlinux %s/stripped && strip -g %s/stripped", folder, folder, folder);
        return 0;
}

/* A warning whose stack has both functions; more is what the log's function is longer than the file's. */
static const char *write_log(unsigned long long more) {
        static char path[600];
        unsigned long long size, m_size, at, m_at;
        char log[4096];

        at = symbol("vmlinux", "k_here", NULL) - symbol("vmlinux", "outer", &size);
        m_at = symbol("modules/some-module.ko", "m_here", NULL) -
               symbol("modules/some-module.ko", "module_outer", &m_size);
        snprintf(path, sizeof(path), "%s/log", folder);
        snprintf(log, sizeof(log),
                 "[    1.000000][    T1] ------------[ cut here ]------------\n"
                 "[    1.000000][    T1] WARNING: CPU: 0 PID: 1 at source.c:1 outer+0x%llx/0x%llx\n"
                 "[    1.000000][    T1] Call Trace:\n"
                 "[    1.000000][    T1]  <TASK>\n"
                 "[    1.000000][    T1]  outer+0x%llx/0x%llx\n"
                 "[    1.000000][    T1]  ? module_outer+0x%llx/0x%llx [some_module]\n"
                 "[    1.000000][    T1]  nowhere+0x1/0x2\n"
                 "[    1.000000][    T1]  outer+0x0/0x%llx\n"
                 "[    1.000000][    T1]  </TASK>\n"
                 "[    1.000000][    T1] ---[ end trace 0000000000000000 ]---\n",
                 at, size + more, at, size + more, m_at, m_size, size + more);
        write_file(path, log, strlen(log));
        return path;
}

static struct json_object *frames_of(struct json_object *report) {
        return member(json_object_array_get_idx(member(finding(report, 0), "stacks"), 0), "frames");
}

/* line -1: none is known */
static void is_frame(struct json_object *frames, size_t i, const char *function, int line, bool inlined) {
        struct json_object *f = json_object_array_get_idx(frames, i), *v;

        assert_non_null(f);
        assert_string_equal(text_of(f, "function"), function);
        if (line < 0) {
                assert_false(json_object_object_get_ex(f, "file", &v));
                return;
        }
        if (!strstr(text_of(f, "file"), "source.c"))
                fail_msg("%s is in %s", function, text_of(f, "file"));
        assert_int_equal(json_object_get_int(member(f, "line")), line);
        assert_int_equal(json_object_object_get_ex(f, "inlined", &v) && json_object_get_boolean(v), inlined);
}

static void test_file_and_line(void **state) {
        (void) state;
        const char *log = write_log(0);
        struct json_object *r = scan(1, "%s --vmlinux %s/vmlinux --modules %s/modules", log, folder, folder),
                           *frames = frames_of(r);

        is_frame(frames, 0, "inner", 3, true);
        is_frame(frames, 1, "middle", 7, true);
        is_frame(frames, 2, "outer", 11, false);
        is_frame(frames, 3, "inner", 3, true);
        is_frame(frames, 4, "middle", 7, true);
        is_frame(frames, 5, "module_outer", 11, false);
        assert_string_equal(text_of(json_object_array_get_idx(frames, 3), "module"), "some_module");
        assert_false(json_object_get_boolean(member(json_object_array_get_idx(frames, 3), "reliable")));
        is_frame(frames, 6, "nowhere", -1, false);
        is_frame(frames, 7, "outer", 10, false);
        assert_int_equal(json_object_array_length(frames), 8);

        /* What the report is does not depend on what files are at hand. */
        struct json_object *plain = scan(1, "%s", log);
        assert_string_equal(text_of(finding(plain, 0), "signature"), text_of(finding(r, 0), "signature"));
        assert_string_equal(text_of(finding(plain, 0), "id"), text_of(finding(r, 0), "id"));
        json_object_put(plain);
        json_object_put(r);
}

/* kallsyms counts padding as part of a function. */
static void test_padding(void **state) {
        (void) state;
        struct json_object *r = scan(1, "%s --vmlinux %s/vmlinux", write_log(11), folder);
        is_frame(frames_of(r), 2, "outer", 11, false);
        json_object_put(r);
}

static void says(const char *words, const char *log, const char *options) {
        struct run r = vmlife("scan %s %s", log, options);
        char *first = strstr(r.err, words);

        assert_int_equal(r.status, 1);
        if (!first)
                fail_msg("\"%s\" does not say \"%s\"", r.err, words);
        assert_null(strstr(first + 1, words));
        assert_null(strstr(r.out, "\"file\""));
        run_done(&r);
}

static void test_what_cannot_be_used(void **state) {
        (void) state;
        char options[2048];
        const char *log = write_log(0);

        snprintf(options, sizeof(options), "--vmlinux %s/stripped", folder);
        says("no debug information", log, options);
        says("without --modules", log, options);
        snprintf(options, sizeof(options), "--vmlinux %s/vmlinux", folder);
        says("from another build", write_log(4000), options);

        struct run r = vmlife("scan %s --vmlinux %s/source.c", log, folder);
        assert_int_equal(r.status, 2);
        assert_non_null(strstr(r.err, "not an ELF file"));
        run_done(&r);
        r = vmlife("scan %s --vmlinux /nonexistent", log);
        assert_int_equal(r.status, 2);
        assert_non_null(strstr(r.err, "No such file"));
        run_done(&r);
        r = vmlife("scan %s --modules %s", log, new_folder());
        assert_int_equal(r.status, 2);
        assert_non_null(strstr(r.err, "there is no module"));
        run_done(&r);
}

/* A mail for people has the same places, and they stay when it is written. */
static void test_report(void **state) {
        (void) state;
        const char *log = write_log(0);
        struct json_object *s = scan(1, "%s", log);
        char signature[64];

        snprintf(signature, sizeof(signature), "%s", text_of(finding(s, 0), "signature"));
        json_object_put(s);
        struct run r = vmlife("report %s %s --vmlinux %s/vmlinux --modules %s/modules", signature, log, folder, folder);
        assert_int_equal(r.status, 0);
        assert_non_null(strstr(r.out, "source.c:3"));
        run_done(&r);
        r = vmlife("report %s %s --vmlinux /nonexistent", signature, log);
        assert_int_equal(r.status, 2);
        run_done(&r);
}

static int clean(void **state) {
        (void) state;
        free((char *) (uintptr_t) folder);
        return 0;
}

int main(void) {
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(test_file_and_line),
                cmocka_unit_test(test_padding),
                cmocka_unit_test(test_what_cannot_be_used),
                cmocka_unit_test(test_report),
        };
        return cmocka_run_group_tests(tests, build, clean);
}
