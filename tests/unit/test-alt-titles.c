/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The other titles of a report: as the kernel printed the system call, by its bare name, as other kernels word it. */
#include <stdio.h>
#include <string.h>

#include "base/macros.h"
#include "cmocka_all.h"
#include "kind/alt_titles.h"

/* The other titles of a finding with that title and function, joined with '|'. printed: the function in its stack. */
static const char *titles(const char *title, const char *function, const char *printed, const char *field) {
        static char all[512];
        struct finding f = { .title = title };

        assert_int_equal(finding_add_function(&f, slice_of(function)), 0);
        struct stack *s = finding_add_stack(&f, "backtrace");
        assert_non_null(s);
        stack_add_frame(&f, s)->function = "do_syscall_64";
        stack_add_frame(&f, s)->function = printed;
        if (field)
                assert_int_equal(finding_add_field(&f, slice_of(field), SLICE("x")), 0);
        assert_int_equal(alt_titles_make(&f), 0);
        *all = '\0';
        for (size_t i = 0; i < f.n_alt_titles; i++)
                snprintf(all + strlen(all), sizeof(all) - strlen(all), "%s%s", i ? "|" : "", f.alt_titles[i]);
        arena_free(&f.arena);
        return all;
}

static void test_system_calls(void **state) {
        (void) state;
        assert_string_equal(titles("BUG: soft lockup in sys_rmdir", "sys_rmdir", "__x64_sys_rmdir", NULL),
                            "BUG: soft lockup in __x64_sys_rmdir|BUG: soft lockup in rmdir");
        assert_string_equal(titles("INFO: task hung in sys_mount", "sys_mount", "__arm64_sys_mount.constprop.0", NULL),
                            "INFO: task hung in __arm64_sys_mount|INFO: task hung in mount");
        assert_string_equal(titles("INFO: task hung in sys_mount", "sys_mount", "sys_mount", NULL),
                            "INFO: task hung in mount");
        /* An architecture whose prefix nobody takes off. */
        assert_string_equal(titles("WARNING in __riscv_sys_futex", "__riscv_sys_futex", "__riscv_sys_futex", NULL),
                            "WARNING in sys_futex|WARNING in futex");
        assert_string_equal(titles("WARNING in __s390x_compat_sys_ioctl", "__s390x_compat_sys_ioctl",
                                   "__s390x_compat_sys_ioctl", NULL),
                            "WARNING in sys_ioctl|WARNING in ioctl");
        /* No system calls. */
        assert_string_equal(titles("WARNING in do_sys_poll", "do_sys_poll", "do_sys_poll", NULL), "");
        assert_string_equal(titles("WARNING in ext4_sys_sync", "ext4_sys_sync", "ext4_sys_sync", NULL), "");
        /* Not a part of another word. */
        assert_string_equal(titles("WARNING in my_sys_rmdir", "sys_rmdir", "__x64_sys_rmdir", NULL), "");
}

static void test_wordings(void **state) {
        (void) state;
        assert_string_equal(titles("KASAN: slab-use-after-free Read in f", "f", "f", NULL),
                            "KASAN: use-after-free Read in f");
        assert_string_equal(titles("KASAN: use-after-free Read in f", "f", "f", "cache"),
                            "KASAN: slab-use-after-free Read in f");
        assert_string_equal(titles("KASAN: use-after-free Read in f", "f", "f", NULL), ""); /* of a page */
        assert_string_equal(titles("BUG: Invalid wait context in f", "f", "f", NULL), "WARNING: locking bug in f");
        assert_string_equal(titles("kernel panic: kernel stack overflow", "f", "f", NULL),
                            "kernel stack overflow in f");
        assert_string_equal(
                titles("BUG: unable to handle kernel paging request in sys_bpf", "sys_bpf", "__x64_sys_bpf", NULL),
                "BUG: unable to handle page fault in sys_bpf|BUG: unable to handle kernel paging request in "
                "__x64_sys_bpf|"
                "BUG: unable to handle kernel paging request in bpf");
}

int main(void) {
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(test_system_calls),
                cmocka_unit_test(test_wordings),
        };
        return cmocka_run_group_tests(tests, NULL, NULL);
}
