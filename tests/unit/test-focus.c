/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Whose driver a finding concerns is the reader's choice: --focus, and what it means for --fail-on. */
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "cmocka_all.h"
#include "report/finding.h"
#include "vmlife.h"

#define FRAMES(a, b)                                 \
        "[    9.000004] Call Trace:\n"               \
        "[    9.000005]  <TASK>\n"                   \
        "[    9.000006]  dump_stack_lvl+0x51/0x66\n" \
        "[    9.000007]  print_report+0x19a/0x497\n" \
        "[    9.000008]  kasan_report+0xf3/0x1a0\n"  \
        "[    9.000009]  " a "\n"                    \
        "[    9.000010]  " b "\n"                    \
        "[    9.000011]  do_syscall_64+0x2f/0x50\n"  \
        "[    9.000012]  </TASK>\n"
#define KASAN(a, b)                                                                           \
        "[    9.000000] ==================================================================\n" \
        "[    9.000001] BUG: KASAN: slab-use-after-free in " a "\n"                           \
        "[    9.000002] Read of size 8 at addr ffff888000b08a30 by task test/42\n"            \
        "[    9.000003] CPU: 0 PID: 42 Comm: test Not tainted 6.12.1 #1\n" FRAMES(            \
                a, b) "[    9.000030] ==================================================================\n"

#define WARNED(place, a)                                                             \
        "[    9.000000] ------------[ cut here ]------------\n"                      \
        "[    9.000001] WARNING: CPU: 0 PID: 42 at " place " " a "\n"                \
        "[    9.000002] CPU: 0 PID: 42 Comm: test Not tainted 6.12.1 #1\n"           \
        "[    9.000003] RIP: 0010:" a "\n" FRAMES(a, "b+0x1/0x20") "[    9.000030] " \
                                                                   "---[ end trace 0000000000000000 ]---\n"

static const char *log_of(const char *text) {
        static char path[600];

        snprintf(path, sizeof(path), "%s/log", new_folder());
        write_file(path, text, strlen(text));
        return path;
}

static void test_relevance_follows_the_focus(void **state) {
        (void) state;
        static const struct {
                const char *log, *focus, *relevance;
        } cases[] = {
                { KASAN("xe_vm_close+0x62/0xb0 [xe]", "xe_file_close+0x1/0x20 [xe]"), "xe", "related" },
                { KASAN("xe_vm_close+0x62/0xb0 [xe]", "xe_file_close+0x1/0x20 [xe]"), "i915", "unrelated" },
                { KASAN("xe_vm_close+0x62/0xb0 [xe]", "xe_file_close+0x1/0x20 [xe]"), "amdgpu", "unrelated" },
                { KASAN("xe_vm_close+0x62/0xb0 [xe]", "xe_file_close+0x1/0x20 [xe]"), "drivers/gpu/drm/xe", "related" },
                { KASAN("xe_vm_close+0x62/0xb0 [xe]", "xe_file_close+0x1/0x20 [xe]"), "none", "unrelated" },
                /* With places, and as a shell completes a path. */
                { KASAN("frob (fs/erofs/data.c:12)", "grab (fs/read_write.c:3)"), "fs/erofs/", "related" },
                { KASAN("ext4_put_super+0x62/0xb0", "kill_block_super+0x1/0x20"), "fs/ext4/", "related" },
                /* One file of the module: as the functions' names begin. */
                { KASAN("xe_vm_close+0x62/0xb0 [xe]", "xe_file_close+0x1/0x20 [xe]"), "drivers/gpu/drm/xe/xe_vm.c",
                  "related" },
                { KASAN("xe_vm_close+0x62/0xb0 [xe]", "xe_file_close+0x1/0x20 [xe]"), "drivers/gpu/drm/xe/xe_bo.c",
                  "unrelated" },
                { KASAN("xe_vm_close+0x62/0xb0 [i915]", "f+0x1/0x20 [i915]"), "drivers/gpu/drm/xe/xe_vm.c",
                  "unrelated" },
                /* Built into the image: by the name. */
                { KASAN("xe_vm_close+0x62/0xb0", "__x64_sys_close+0x1/0x20"), "xe", "related" },
                { KASAN("ext4_put_super+0x62/0xb0", "kill_block_super+0x1/0x20"), "fs/ext4", "related" },
                { KASAN("ext4_put_super+0x62/0xb0", "kill_block_super+0x1/0x20"), "fs/ext2", "unrelated" },
                /* With places: by the file. */
                { KASAN("frob (fs/erofs/data.c:12)", "grab (fs/read_write.c:3)"), "fs/erofs", "related" },
                { KASAN("frob (fs/erofs2/data.c:12)", "grab (fs/open.c:3)"), "fs/erofs", "unrelated" },
                { KASAN("snd_pcm_stop+0x1/0x20 [snd_pcm]", "snd_x+0x1/0x20 [snd]"), "snd-pcm", "related" },
                { KASAN("i915_vma_pin+0x1/0x20 [i915]", "a+0x1/0x20"), "xe", "unrelated" },
                /* A folder above: by the file, by the module's folder, by the module that the function is named for. */
                { KASAN("frob (fs/erofs/data.c:12)", "grab (fs/read_write.c:3)"), "fs", "related" },
                { KASAN("frob (fs/erofs/data.c:12)", "grab (fs/read_write.c:3)"), "drivers", "unrelated" },
                { KASAN("xe_vm_close+0x62/0xb0 [xe]", "xe_file_close+0x1/0x20 [xe]"), "drivers/gpu", "related" },
                { KASAN("xe_vm_close+0x62/0xb0 [xe]", "xe_file_close+0x1/0x20 [xe]"), "drivers/gpu/", "related" },
                { KASAN("xe_vm_close+0x62/0xb0 [xe]", "xe_file_close+0x1/0x20 [xe]"), "drivers/net", "unrelated" },
                { KASAN("i915_vma_pin+0x1/0x20 [i915]", "a+0x1/0x20"), "drivers/gpu", "related" },
                { KASAN("i915_vma_pin+0x1/0x20 [i915]", "a+0x1/0x20"), "drivers", "related" },
                { KASAN("ext4_put_super+0x62/0xb0", "kill_block_super+0x1/0x20"), "fs", "related" },
                { KASAN("ext4_put_super+0x62/0xb0", "kill_block_super+0x1/0x20"), "fs/ext4", "related" },
                { KASAN("ext4_put_super+0x62/0xb0", "kill_block_super+0x1/0x20"), "mm", "unrelated" },
                { KASAN("azx_probe+0x1/0x20 [snd_hda_intel]", "snd_x+0x1/0x20 [snd]"), "sound/", "related" },
                { KASAN("azx_probe+0x1/0x20 [snd_hda_intel]", "x+0x1/0x20 [snd]"), "sound/soc", "unrelated" },
                { KASAN("f+0x1/0x20 [acme]", "x+0x1/0x20 [acme]"), "drivers/misc", "unrelated" },
                { KASAN("f+0x1/0x20 [acme]", "x+0x1/0x20 [acme]"), "drivers/misc/acme", "related" },
                { KASAN("nfs4_x+0x1/0x20 [nfsv4]", "x+0x1/0x20 [sunrpc]"), "fs/nfs", "related" },
                { KASAN("btrfs_sync_file+0x1/0x20", "x+0x1/0x20"), "fs/", "related" },
                { WARNED("drivers/gpu/drm/xe/other.c:12", "frob+0x1/0x20 [xe]"), "drivers", "related" },
                { WARNED("net/core/dev.c:12", "frob+0x1/0x20"), "net", "related" },
                { WARNED("net/core/dev.c:12", "frob+0x1/0x20"), "fs", "unrelated" },
                /* A warning says in which file it stands. */
                { WARNED("drivers/gpu/drm/xe/other.c:12", "frob+0x1/0x20 [xe]"), "drivers/gpu/drm/xe/other.c",
                  "related" },
                { WARNED("drivers/gpu/drm/xe/other.c:12", "frob+0x1/0x20 [xe]"), "drivers/gpu/drm", "related" },
                { WARNED("drivers/gpu/drm/xe/other.c:12", "frob+0x1/0x20 [xe]"), "drivers/gpu/host1x", "unrelated" },
                { WARNED("drivers/gpu/drm/xe/other.c:12", "frob+0x1/0x20 [xe]"), "drivers/gpu/drm/x", "unrelated" },
        };

        for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
                struct json_object *r = scan(1, "--focus %s %s", cases[i].focus, log_of(cases[i].log));
                struct json_object *f = finding(r, 0);

                if (strcmp(text_of(f, "relevance"), cases[i].relevance) != 0)
                        fail_msg("%s, focus %s: %s (%s)", text_of(f, "title"), cases[i].focus, text_of(f, "relevance"),
                                 text_of(f, "why"));
                assert_string_equal(text_of(member(member(r, "summary"), "asked"), "focus"), cases[i].focus);
                json_object_put(r);
        }
}

static void test_what_fails(void **state) {
        (void) state;
        const char *log = log_of(KASAN("xe_vm_close+0x62/0xb0 [xe]", "xe_file_close+0x1/0x20 [xe]"));

        json_object_put(scan(1, "--focus xe --fail-on related %s", log));
        json_object_put(scan(0, "--fail-on related %s", log));
        json_object_put(scan(1, "--focus none --fail-on high %s", log));
        json_object_put(scan(1, "--fail-on critical %s", log));
        json_object_put(scan(0, "--fail-on medium %s", fixture("kcsan-ps2.log")));
        json_object_put(scan(1, "--fail-on low %s", fixture("kcsan-ps2.log")));
        json_object_put(scan(1, "--focus none --fail-on low %s", fixture("kcsan-ps2.log")));
        struct run all = vmlife("scan --fail-on sometimes %s", log);
        for (int severity = 0; severity <= SEVERITY_CRITICAL; severity++)
                if (!strstr(all.err, severity_name((enum severity) severity)))
                        fail_msg("no %s in: %s", severity_name((enum severity) severity), all.err);
        run_done(&all);
        struct run r = vmlife("scan --focus none --fail-on related %s", log);
        assert_int_equal(r.status, 2);
        assert_non_null(strstr(r.err, "give a severity (--fail-on high)"));
        run_done(&r);
        r = vmlife("scan --focus ../etc/ %s", log);
        assert_int_equal(r.status, 2);
        run_done(&r);
        r = vmlife("scan --format text --focus none %s", log);
        assert_non_null(strstr(r.out, "findings: 1 (1 critical) in 1 boot, focus none\n"));
        assert_non_null(strstr(r.out, "\ncritical   KASAN: slab-use-after-free Read in xe_vm_close"));
        run_done(&r);
}

/* A saved report keeps the question, and diff asks it of logs. */
static void test_saved_and_compared(void **state) {
        (void) state;
        const char *log = log_of(KASAN("xe_vm_close+0x62/0xb0 [xe]", "xe_file_close+0x1/0x20 [xe]"));

        struct run r = vmlife("diff --focus xe --fail-on new,related %s %s", fixture("clean.log"), log);
        assert_int_equal(r.status, 1);
        run_done(&r);
        r = vmlife("diff --fail-on new,related %s %s", fixture("clean.log"), log);
        assert_int_equal(r.status, 0);
        run_done(&r);
        r = run_shell("$VMLIFE scan --focus xe --fail-on high %s | $VMLIFE export --to text -", log);
        assert_int_equal(r.status, 0);
        assert_non_null(strstr(r.out, "related    KASAN: slab-use-after-free Read in xe_vm_close"));
        assert_non_null(strstr(r.out, ", focus xe"));
        run_done(&r);
}

/* A name that nothing shows may be mistyped, and would make every run a success. */
static void test_unknown_focus(void **state) {
        (void) state;
        static const struct {
                const char *focus;
                int status;
                bool doubted;
        } cases[] = { { "XE", 1, false },          { "amd-gpu", 0, true },
                      { "nonsuchmod", 0, true },   { "amdgpu", 0, false },
                      { "I915", 0, false },        { "./drivers/gpu/drm/xe/", 1, false },
                      { "drivers/gpu", 1, false }, { "drivers", 1, false },
                      { "sound", 0, true },        { "drivers/gpu/drm/xee", 0, true } };

        for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
                struct run r = vmlife("scan --fail-on related --focus %s %s", cases[i].focus,
                                      "tests/unit/fixtures/xe-uaf.log");
                assert_int_equal(r.status, cases[i].status);
                if ((strstr(r.err, "is the name right?") != NULL) != cases[i].doubted)
                        fail_msg("%s: %s", cases[i].focus, r.err);
                run_done(&r);
        }
}

/* i915 by any of its names is one focus, and a folder is with and without its slash. */
static void test_names_of_one_focus(void **state) {
        (void) state;
        static const char *const pairs[][2] = {
                { "i915", "I915" },
                { "i915", "./drivers/gpu/drm/i915/" },
                { "drivers/gpu/drm/xe", "drivers/gpu/drm/xe/" },
                { "snd-hda-intel", "snd_hda_intel" },
        };
        char report[600];

        snprintf(report, sizeof(report), "%s/report.json", new_folder());
        for (size_t i = 0; i < sizeof(pairs) / sizeof(*pairs); i++) {
                shell("$VMLIFE scan --focus %s %s -o %s 2>%s.err; test $? = 1", pairs[i][0], fixture("vmlife.log"),
                      report, report);
                struct run r = vmlife("diff --focus %s --fail-on related %s %s", pairs[i][1], report, report);
                if (r.status != 0)
                        fail_msg("%s and %s: %d, %s", pairs[i][0], pairs[i][1], r.status, r.err);
                run_done(&r);
        }
}

/* What a saved report calls related was asked of another focus: that is said, and no verdict rests on it. */
static void test_saved_with_another_focus(void **state) {
        (void) state;
        const char *log = log_of(KASAN("xe_vm_close+0x62/0xb0 [xe]", "xe_file_close+0x1/0x20 [xe]"));
        char report[600];

        snprintf(report, sizeof(report), "%s/report.json", new_folder());
        shell("$VMLIFE scan --focus xe %s -o %s; test $? = 1", log, report);
        static const char *const calls[] = { "scan --by signature --format text", "diff %s" };
        for (size_t i = 0; i < 2; i++) {
                char call[700];
                snprintf(call, sizeof(call), calls[i], fixture("clean.log"));
                struct run r = vmlife("%s --focus amdgpu --fail-on related %s", call, report);
                assert_int_equal(r.status, 2);
                assert_non_null(strstr(r.err, "judged with --focus xe"));
                run_done(&r);
                r = vmlife("%s --focus amdgpu %s", call, report);
                assert_int_equal(r.status, 1);
                assert_non_null(strstr(r.err, "warning: the saved reports were judged with --focus xe"));
                run_done(&r);
                static const char *const same[] = { "xe", "XE" };
                for (size_t k = 0; k < 2; k++) {
                        r = vmlife("%s --focus %s --fail-on related %s", call, same[k], report);
                        assert_int_equal(r.status, 1);
                        assert_string_equal(r.err, "");
                        run_done(&r);
                }
        }
}

int main(void) {
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(test_relevance_follows_the_focus), cmocka_unit_test(test_what_fails),
                cmocka_unit_test(test_saved_and_compared),          cmocka_unit_test(test_unknown_focus),
                cmocka_unit_test(test_saved_with_another_focus),    cmocka_unit_test(test_names_of_one_focus),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
