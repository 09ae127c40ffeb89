/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Prefixes and frames, each by itself. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "base/macros.h"
#include "cmocka_all.h"
#include "line/classify.h"
#include "line/frame.h"
#include "line/line.h"
#include "line/rust.h"

static void test_prefixes(void **state) {
        static const struct {
                const char *raw, *text;
                long long mono_us; /* -1: none */
                uint32_t caller;
                enum origin origin;
        } lines[] = {
                { "plain", "plain", -1, CALLER_NONE, ORIGIN_UNVERIFIED },
                { "[   12.345678] text", "text", 12345678, CALLER_NONE, ORIGIN_UNVERIFIED },
                { "[   12.345678][  T123] text", "text", 12345678, CALLER_TASK(123), ORIGIN_UNVERIFIED },
                { "[   12.345678][    C1]  frame", " frame", 12345678, CALLER_CPU(1), ORIGIN_UNVERIFIED },
                { "[   12.345678] [  T1] text", "text", 12345678, CALLER_TASK(1), ORIGIN_UNVERIFIED },
                { "[   12.345678][  T123]text", "text", 12345678, CALLER_TASK(123), ORIGIN_UNVERIFIED },
                { "<6>[   12.345678] text", "text", 12345678, CALLER_NONE, ORIGIN_UNVERIFIED },
                { "<14>[   12.345678] text", "text", 12345678, CALLER_NONE, ORIGIN_USERSPACE },
                { "<6> [12.345678] text", "text", 12345678, CALLER_NONE, ORIGIN_UNVERIFIED },
                { "Nov 23 10:00:00 host kernel: [   12.345678] text", "text", 12345678, CALLER_NONE,
                  ORIGIN_UNVERIFIED },
                { "Nov  3 10:00:00 host kernel: text", "text", -1, CALLER_NONE, ORIGIN_UNVERIFIED },
                { "Nov 23 10:00:00 host systemd[1]: text", "text", -1, CALLER_NONE, ORIGIN_USERSPACE },
                { "2026-11-23T10:00:00.123456+01:00 host kernel: text", "text", -1, CALLER_NONE, ORIGIN_UNVERIFIED },
                { "kern  :warn  : [   12.345678] text", "text", 12345678, CALLER_NONE, ORIGIN_UNVERIFIED },
                { "user  :warn  : [   12.345678] text", "text", 12345678, CALLER_NONE, ORIGIN_USERSPACE },
                { "\033[32m[   12.345678] \033[0m\033[33mtext\033[0m", "text", 12345678, CALLER_NONE,
                  ORIGIN_UNVERIFIED },
                { "[   12.345678] text\r", "text", 12345678, CALLER_NONE, ORIGIN_UNVERIFIED },
                { "[ INFO: possible recursive locking detected ]", "[ INFO: possible recursive locking detected ]", -1,
                  CALLER_NONE, ORIGIN_UNVERIFIED },
                { "[   12.345678]", "", 12345678, CALLER_NONE, ORIGIN_UNVERIFIED },
                { "", "", -1, CALLER_NONE, ORIGIN_UNVERIFIED },
        };
        struct buffer scratch = {};

        (void) state;
        for (size_t i = 0; i < ARRAY_SIZE(lines); i++) {
                struct record r = { .console = true, .origin = ORIGIN_UNVERIFIED };
                struct line l;

                assert_int_equal(line_parse(slice_of(lines[i].raw), &r, &scratch, &l), 0);
                if (!slice_eq(l.text, slice_of(lines[i].text)))
                        fail_msg("\"%s\" gives \"%.*s\"", lines[i].raw, SLICE_FMT(l.text));
                assert_int_equal(l.time.has_mono, lines[i].mono_us >= 0);
                if (lines[i].mono_us >= 0)
                        assert_int_equal(l.time.mono_us, lines[i].mono_us);
                assert_int_equal(l.caller, lines[i].caller);
                assert_int_equal(l.origin, lines[i].origin);
        }
        buffer_done(&scratch);
}

static void test_iso_time(void **state) {
        struct buffer scratch = {};
        struct record r = { .console = true };
        struct line l;

        (void) state;
        assert_int_equal(line_parse(slice_of("2026-11-23T10:00:00.123456+01:00 h kernel: x"), &r, &scratch, &l), 0);
        assert_true(l.time.has_real);
        assert_int_equal(l.time.real_us, 1795424400123456ull);
        buffer_done(&scratch);
}

/* What a journal says is the kernel's word without prefixes: nothing is taken off. */
static void test_journal_text_is_left_alone(void **state) {
        struct buffer scratch = {};
        struct record r = { .console = false };
        struct line l;

        (void) state;
        assert_int_equal(line_parse(slice_of("[   12.345678] text"), &r, &scratch, &l), 0);
        assert_true(slice_eq(l.text, slice_of("[   12.345678] text")));
        buffer_done(&scratch);
}

static void test_frames(void **state) {
        static const struct {
                const char *text, *function, *module, *file;
                unsigned long long offset, size;
                unsigned line;
                bool reliable, inlined;
        } frames[] = {
                { " f+0x1/0x2", "f", "", "", 1, 2, 0, true, false },
                { " ? f.isra.0+0x1f/0x2e", "f.isra.0", "", "", 0x1f, 0x2e, 0, false, false },
                { " f+0x1/0x2 [i915]", "f", "i915", "", 1, 2, 0, true, false },
                { " f+0x1/0x2 [i915 0123456789abcdef]", "f", "i915", "", 1, 2, 0, true, false },
                { " f+0x1/0x2 mm/slab.c:12", "f", "", "mm/slab.c", 1, 2, 12, true, false },
                { " f+0x1/0x2 mm/slab.c:12 [i915]", "f", "i915", "mm/slab.c", 1, 2, 12, true, false },
                { " f mm/slab.c:12 [inline]", "f", "", "mm/slab.c", 0, 0, 12, true, true },
                { " f mm/slab.c:12 (inlined by)", "f", "", "mm/slab.c", 0, 0, 12, true, true },
                { " [<ffffffff81000000>] f+0x1/0x2", "f", "", "", 1, 2, 0, true, false },
                { " [<ffffffff81000000>] ? f+0x1/0x2", "f", "", "", 1, 2, 0, false, false },
                { " <a::b as c>::d+0x1/0x2", "<a::b as c>::d", "", "", 1, 2, 0, true, false },
                { " f+0x1/0x2 (P)", "f", "", "", 1, 2, 0, true, false },
                { " f+0x1/0x2 [i915] (PC)", "f", "i915", "", 1, 2, 0, true, false },
                { " f+0x1/0x2 mm/slab.c:12 mm/slab.c:12", "f", "", "mm/slab.c", 1, 2, 12, true, false },
                { " f+0x1/0x2 mm/slab.c:12 mm/slab.c:12 [i915]", "f", "i915", "mm/slab.c", 1, 2, 12, true, false },
                { " f mm/slab.c:12 mm/slab.c:12 [inline]", "f", "", "mm/slab.c", 0, 0, 12, true, true },
                { " f+0x1/0x2 (mm/slab.c:12)", "f", "", "mm/slab.c", 1, 2, 12, true, false },
                { " ? f+0x1/0x2 (include/a.h:3 mm/slab.c:12) i915", "f", "i915", "mm/slab.c", 1, 2, 12, false, false },
                { " f+0x1/0x2 [i915] (mm/slab.c:12)", "f", "i915", "mm/slab.c", 1, 2, 12, true, false },
                { " f (mm/slab.c:12)", "f", "", "mm/slab.c", 0, 0, 12, true, false },
                { "? f (include/a.h:3 mm/slab.c:12 (discriminator 2)) i915", "f", "i915", "mm/slab.c", 0, 0, 12, false,
                  false },
                { "f (./include/a.h:3) [i915]", "f", "i915", "./include/a.h", 0, 0, 3, true, false },
                { "f (mm/slab.c:?)", "f", "", "mm/slab.c", 0, 0, 0, true, false },
                { "f (??:?)", "f", "", "", 0, 0, 0, true, false },
                { "f+0x1/0x2 i915", "f", "i915", "", 1, 2, 0, true, false },
                { "[<807762c0>] (f) from [<80776938>] (g+0x50/0xa8)", "g", "", "", 0x50, 0xa8, 0, true, false },
                { "[<7f4ba618>] (f [fuse]) from [<8022e284>] (g+0x30/0x8c [i915])", "g", "i915", "", 0x30, 0x8c, 0,
                  true, false },
                { " f from g+0x30/0x8c", "g", "", "", 0x30, 0x8c, 0, true, false },
                { " f [fuse] from g+0x30/0x8c [i915]", "g", "i915", "", 0x30, 0x8c, 0, true, false },
                { " 0xffffffffc0000000", "0xffffffffc0000000", "", "", 0, 0, 0, true, false },
        };
        static const char *const others[] = {
                "",
                " ",
                "f",
                "the function f+0x1/0x2 failed",
                "usb 1-1: new device",
                "RIP: 0010:f+0x1/0x2",
                " f+0x1/0x2 and more",
                "+0x1/0x2",
                "f (see above)",
                "f (a b.c:12)",
                "f from g",
                "moved f from g+0x1/0x2",
                "f (mm/slab.c:12",
                "f+0x1/0x2 (see)",
                "f+0x1/0x2 mm/slab.c:12 mm/slab.c:13",
                "f+0x1/0x2 (mm/slab.c:12) and more",
        };

        (void) state;
        for (size_t i = 0; i < ARRAY_SIZE(frames); i++) {
                struct frame_view v;
                if (!frame_parse(slice_of(frames[i].text), &v))
                        fail_msg("\"%s\" is a frame", frames[i].text);
                assert_true(slice_eq(v.function, slice_of(frames[i].function)));
                assert_true(slice_eq(v.module, slice_of(frames[i].module)));
                assert_true(slice_eq(v.file, slice_of(frames[i].file)));
                assert_int_equal(v.offset, frames[i].offset);
                assert_int_equal(v.size, frames[i].size);
                assert_int_equal(v.line, frames[i].line);
                assert_int_equal(v.reliable, frames[i].reliable);
                assert_int_equal(v.inlined, frames[i].inlined);
        }
        for (size_t i = 0; i < ARRAY_SIZE(others); i++) {
                struct frame_view v;
                if (frame_parse(slice_of(others[i]), &v))
                        fail_msg("\"%s\" is no frame", others[i]);
        }
}

static void test_function_base(void **state) {
        (void) state;
        assert_true(slice_eq(function_base(SLICE("f.isra.0.constprop.1")), SLICE("f")));
        assert_true(slice_eq(function_base(SLICE("f.cold")), SLICE("f")));
        assert_true(slice_eq(function_base(SLICE("f.part.0.cold")), SLICE("f")));
        assert_true(slice_eq(function_base(SLICE("f.llvm.1234")), SLICE("f")));
        assert_true(slice_eq(function_base(SLICE("f_cold")), SLICE("f_cold")));
}

static void test_source_path(void **state) {
        static const struct {
                const char *is, *path;
        } paths[] = {
                { "kernel/fork.c:12", "kernel/fork.c:12" },
                { "drivers/net/lib/x.c:1", "drivers/net/lib/x.c:1" },
                { "./include/linux/mm.h:1", "include/linux/mm.h:1" },
                { "../../source/6.1/kernel/locking/lockdep.c:4923", "kernel/locking/lockdep.c:4923" },
                { "../src/drivers/net/lib/x.c:1", "drivers/net/lib/x.c:1" },
                { "/usr/src/linux-6.1/mm/slub.c:1", "mm/slub.c:1" },
                { "/var/lib/builds/linux/mm/slub.c:1", "mm/slub.c:1" },
                { "../provoke/lockdep.c:249", "../provoke/lockdep.c:249" },
                { "", "" },
        };

        (void) state;
        for (size_t i = 0; i < ARRAY_SIZE(paths); i++)
                if (!slice_eq(source_path(slice_of(paths[i].is)), slice_of(paths[i].path)))
                        fail_msg("%s is not %s", paths[i].is, paths[i].path);
}

static void test_rust_path(void **state) {
        struct arena a = {};
        char bomb[600] = "_RN";

        (void) state;
        assert_string_equal(
                rust_path(&a, SLICE("_RNvMs3_NtCshgDM7dBCdno_11rust_binder7processNtB5_7Process10update_ref")),
                "<rust_binder::process::Process>::update_ref");
        assert_null(rust_path(&a, SLICE("update_ref")));
        assert_null(rust_path(&a, SLICE("_RNv")));
        assert_null(rust_path(&a, SLICE("_R")));
        for (size_t i = 3; i + 4 < sizeof(bomb); i += 3)
                memcpy(bomb + i, "TB_", 4);
        assert_null(rust_path(&a, slice_of(bomb)));
        arena_free(&a);
}

static void test_glob(void **state) {
        (void) state;
        assert_true(slice_glob(SLICE("abc"), "abc"));
        assert_true(slice_glob(SLICE("abc"), "a*"));
        assert_true(slice_glob(SLICE("abc"), "*c"));
        assert_true(slice_glob(SLICE("aXbXc"), "a*b*c"));
        assert_false(slice_glob(SLICE("abcd"), "abc"));
        assert_false(slice_glob(SLICE("ab"), "abc"));
        assert_true(slice_glob(SLICE(""), "*"));
}

int main(void) {
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(test_prefixes),
                cmocka_unit_test(test_iso_time),
                cmocka_unit_test(test_journal_text_is_left_alone),
                cmocka_unit_test(test_frames),
                cmocka_unit_test(test_function_base),
                cmocka_unit_test(test_source_path),
                cmocka_unit_test(test_rust_path),
                cmocka_unit_test(test_glob),
        };
        return cmocka_run_group_tests(tests, NULL, NULL);
}
