/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Whom to ask and what to send: MAINTAINERS, vmlife report, vmlife known add. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/macros.h"
#include "cmocka_all.h"
#include "triage/maintainers.h"
#include "vmlife.h"

#define MAINTAINERS "tests/unit/fixtures/MAINTAINERS"
#define LOG "tests/unit/fixtures/xe-uaf.log"

static void test_paths_as_the_script_matches_them(void **state) {
        (void) state;
        static const struct {
                const char *section, *path;
                bool matches;
        } cases[] = {
                { "EXAMPLE XE DRIVER", "drivers/gpu/drm/xe/xe_vm.c", true },
                { "EXAMPLE XE DRIVER", "drivers/gpu/drm/xe/display/x.c", true },
                { "EXAMPLE XE DRIVER", "drivers/gpu/drm/xen/xe_vm.c", false },
                { "EXAMPLE XE DRIVER", "include/uapi/drm/xe_drm.h", true },
                { "EXAMPLE DRM DRIVERS", "drivers/gpu/drm/xe/xe_vm.c", true },
                { "EXAMPLE DRM DRIVERS", "drivers/gpu/drm/nobody/x.c", false },
                { "EXAMPLE DRM DRIVERS", "drivers/gpu/host1x/x.c", false },
                { "EXAMPLE FLAT FOLDER", "drivers/flat/a.c", true },
                { "EXAMPLE FLAT FOLDER", "drivers/flat/sub/a.c", false },
                { "EXAMPLE FLAT FOLDER", "kernel/flat_things.c", true },
                { "EXAMPLE FLAT FOLDER", "kernel/flat/things.c", false },
                { "EXAMPLE FLAT FOLDER", "lib/deep/x/y.c", true },
                { "EXAMPLE BY NAME", "drivers/net/frobnicator.c", true },
                { "EXAMPLE BY NAME", "drivers/net/frobnicator/new.c", true },
                { "EXAMPLE BY NAME", "drivers/net/frobnicator/old.c", false },
                { "EXAMPLE BY NAME", "drivers/net/xfrobnicator.c", false },
                { "EXAMPLE WITHOUT SLASH", "fs/folder/a.c", true },
                { "EXAMPLE WITHOUT SLASH", "fs/folders/a.c", false },
                { "THE REST", "fs/folders/a.c", true },
        };
        struct maintainers *m;

        assert_int_equal(maintainers_read(&m, MAINTAINERS), 0);
        for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
                if ((maintainers_rank(m, cases[i].section, cases[i].path) > 0) != cases[i].matches)
                        fail_msg("%s of %s", cases[i].path, cases[i].section);
        assert_true(maintainers_rank(m, "EXAMPLE XE DRIVER", "drivers/gpu/drm/xe/a.c") >
                    maintainers_rank(m, "EXAMPLE DRM DRIVERS", "drivers/gpu/drm/xe/a.c"));
        /* The script counts a name within a folder as deeper than the folder, and a name's pattern as less than either.
         */
        assert_true(maintainers_rank(m, "EXAMPLE FLAT FOLDER", "kernel/flat_things.c") >
                    maintainers_rank(m, "EXAMPLE WITHOUT SLASH", "fs/folder/a.c") - 1);
        assert_true(maintainers_rank(m, "EXAMPLE BY NAME", "drivers/net/frobnicator.c") >
                    maintainers_rank(m, "THE REST", "drivers/net/frobnicator.c"));
        maintainers_free(m);
}

static void test_guilty_file_and_people(void **state) {
        (void) state;
        /* The module has a folder; its lists and the wider section's. */
        struct json_object *r = scan(1, "--maintainers %s %s", MAINTAINERS, LOG), *f = finding(r, 0);

        assert_string_equal(text_of(f, "guilty_file"), "drivers/gpu/drm/xe/");
        assert_string_equal(text_of(f, "subsystem"), "EXAMPLE XE DRIVER");
        assert_int_equal(json_object_array_length(member(f, "maintainers")), 2);
        /* Nobody is named twice, whatever sections he is in. */
        assert_int_equal(json_object_array_length(member(f, "reviewers")), 1);
        assert_int_equal(json_object_array_length(member(f, "wider_sections")), 2);
        assert_non_null(strstr(text_of(f, "guilty_file_guess"), "the module's name"));
        assert_string_equal(json_object_get_string(json_object_array_get_idx(member(f, "lists"), 0)),
                            "xe-list@example.org");
        assert_string_equal(json_object_get_string(json_object_array_get_idx(member(f, "lists"), 1)),
                            "wide-list@example.org");
        /* The script lists the one for all last. */
        assert_string_equal(json_object_get_string(json_object_array_get_idx(member(f, "lists"), 2)),
                            "rest-list@example.org");
        json_object_put(r);
        /* A place in the log is better than a module. */
        char path[600];
        snprintf(path, sizeof(path), "%s/log", new_folder());
        shell("sed 's|xe_vm_close+0x62/0xb0 .xe.|& drivers/gpu/drm/xe/xe_vm.c:123|' %s >%s", LOG, path);
        r = scan(1, "--maintainers %s %s", MAINTAINERS, path);
        assert_string_equal(text_of(finding(r, 0), "guilty_file"), "drivers/gpu/drm/xe/xe_vm.c");
        assert_null(json_object_object_get(finding(r, 0), "guilty_file_guess"));
        json_object_put(r);
        struct run x = vmlife("scan --format text --maintainers %s %s", MAINTAINERS, LOG);
        assert_non_null(
                strstr(x.out, "subsystem: EXAMPLE XE DRIVER (drivers/gpu/drm/xe/, guessed by the module's name, "));
        assert_non_null(strstr(x.out, "maintainer: First Person <first@example.org>\n"));
        assert_non_null(strstr(x.out, "reviewer: Reviewing Person <reviewer@example.org>\n"));
        assert_null(strstr(x.out, "of a wider section: "));
        run_done(&x);
        x = vmlife("scan --format text -v --maintainers %s %s", MAINTAINERS, LOG);
        assert_non_null(strstr(x.out, "of a wider section: Wide Person <wide@example.org>\n"));
        run_done(&x);
        x = run_shell("$VMLIFE scan --maintainers " MAINTAINERS " " LOG
                      " | $VMLIFE export --to kcidb | grep -c 'EXAMPLE XE "
                      "DRIVER'");
        assert_int_equal(x.status, 0);
        run_done(&x);
        x = vmlife("scan --maintainers /etc/passwd %s", LOG);
        assert_int_equal(x.status, 2);
        assert_non_null(strstr(x.err, "is no MAINTAINERS file"));
        run_done(&x);
}

/* A module whose folder has another name is found by its section's title, or by N:; where nobody is, that is said. */
static void test_people_of_modules(void **state) {
        (void) state;
        static const char text[] = "FROB and FROBGPU DRIVERS\nM:\tTitle Person <title@example.org>\n"
                                   "F:\tDocumentation/frob/\nF:\tdrivers/gpu/frob/\n\n"
                                   "GADGETS\nM:\tName Person <name@example.org>\nN:\tgadgetfs\nF:\tfs/gadget/\n";
        static const struct {
                const char *module, *subsystem;
        } cases[] = { { "frobgpu", "FROB and FROBGPU DRIVERS" }, { "gadgetfs", "GADGETS" }, { "frobgpu2", NULL } };
        const char *folder = new_folder();
        char path[600];

        snprintf(path, sizeof(path), "%s/M", folder);
        write_file(path, text, sizeof(text) - 1);
        for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
                shell("sed 's/\\[xe\\]/[%s]/' " LOG " >%s/log", cases[i].module, folder);
                struct run r = vmlife("scan --format text --maintainers %s %s/log", path, folder);
                assert_non_null(strstr(r.err, "names nobody for "));
                if (cases[i].subsystem && !strstr(r.out, cases[i].subsystem))
                        fail_msg("%s: no %s in %s", cases[i].module, cases[i].subsystem, r.out);
                if (!cases[i].subsystem)
                        assert_null(strstr(r.out, "subsystem"));
                run_done(&r);
        }
}

/* Where the log names no file, names alone tell it, and that it is a guess. A module that is not the kernel's may have
 * functions of any name. */
static void test_guesses_by_names(void **state) {
        static const struct {
                const char *function, *module, *file, *by;
        } cases[] = {
                { "rtnl_newlink", "", "net/core/rtnetlink.c", "the function's name, as in kernels " },
                { "__x64_sys_mremap", "", "mm/mremap.c", "the function's name, as in kernels " },
                { "ext4_expand_extra_isize_ea", "", "fs/ext4/xattr.c", "the function's name, as in kernels " },
                { "ext4_expand_extra_isize_ea", " [ext4]", "fs/ext4/xattr.c", "the function's name, as in kernels " },
                { "unheard_of", " [ext4]", "fs/ext4/", "the module's name, as in kernels " },
                { "unheard_of", " [tun]", "drivers/net/tun.c", "the module's name, as in kernels " },
                { "ext4_expand_extra_isize_ea", " [outsider]", NULL, NULL },
                { "unheard_of", " [outsider]", NULL, NULL },
                { "unheard_of", "", NULL, NULL },
        };

        (void) state;
        for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
                char log[1024], path[600];
                const char *fn = cases[i].function, *mod = cases[i].module;
                const int n = snprintf(log, sizeof(log),
                                       "[   10.000000] BUG: KASAN: slab-out-of-bounds in %s+0x1/0x20%s\n"
                                       "[   10.000001] Read of size 8 at addr ffff888000b08a38 by task test/42\n"
                                       "[   10.000002] CPU: 0 PID: 42 Comm: test Not tainted 6.12.1 #1\n"
                                       "[   10.000003] Call Trace:\n"
                                       "[   10.000004]  <TASK>\n"
                                       "[   10.000005]  kasan_report+0x1/0x20\n"
                                       "[   10.000006]  %s+0x1/0x20%s\n"
                                       "[   10.000007]  </TASK>\n",
                                       fn, mod, fn, mod);

                snprintf(path, sizeof(path), "%s/log", new_folder());
                write_file(path, log, (size_t) n);
                struct json_object *r = scan(1, "--maintainers %s %s", MAINTAINERS, path), *f = finding(r, 0);
                struct json_object *file = json_object_object_get(f, "guilty_file");
                if (!cases[i].file != !file || (file && strcmp(json_object_get_string(file), cases[i].file) != 0))
                        fail_msg("%s%s: %s", fn, mod, file ? json_object_get_string(file) : "none");
                if (file && strncmp(text_of(f, "guilty_file_guess"), cases[i].by, strlen(cases[i].by)) != 0)
                        fail_msg("%s%s: by %s", fn, mod, text_of(f, "guilty_file_guess"));
                json_object_put(r);
        }
        /* A report that ends at its headline. */
        static const struct {
                const char *log, *file;
        } heads[] = {
                { "BUG: KASAN: use-after-free in rtnl_newlink+0x1/0x20 at addr ffff8800b46111c0\n",
                  "net/core/rtnetlink.c" },
                { "BUG: KASAN: use-after-free in rtnl_newlink+0x1/0x20 [outsider] at addr ffff8800b46111c0\n", NULL },
        };
        for (size_t i = 0; i < ARRAY_SIZE(heads); i++) {
                char log[1024], path[600];
                const int n = snprintf(log, sizeof(log),
                                       "[   10.000000] %s[   10.000001] Read of size 8 by task test/42\n",
                                       heads[i].log);

                snprintf(path, sizeof(path), "%s/log", new_folder());
                write_file(path, log, (size_t) n);
                struct json_object *r = scan(1, "--maintainers %s %s", MAINTAINERS, path);
                struct json_object *file = json_object_object_get(finding(r, 0), "guilty_file");
                if (!heads[i].file != !file || (file && strcmp(json_object_get_string(file), heads[i].file) != 0))
                        fail_msg("%s: %s", heads[i].log, file ? json_object_get_string(file) : "none");
                json_object_put(r);
        }
        /* Every output says that it is one. */
        static const char *const outputs[] = { "--format json", "--format text", "| $VMLIFE export --to html",
                                               "| $VMLIFE export --to kcidb" };
        char path[600];
        snprintf(path, sizeof(path), "%s/log", new_folder());
        shell("sed 's/xe_vm_close/rtnl_newlink/; s/ .xe.$//' %s >%s", LOG, path);
        for (size_t i = 0; i < ARRAY_SIZE(outputs); i++) {
                struct run x = run_shell("$VMLIFE scan --maintainers %s %s %s", MAINTAINERS, path, outputs[i]);
                if (!strstr(x.out, "rtnetlink.c") || !strstr(x.out, "as in kernels "))
                        fail_msg("%s: %s", outputs[i], x.out);
                run_done(&x);
        }
}

/* A library's warning is its caller's, of whom the log says no file, and a header's is of who includes it. */
static void test_places_of_others(void **state) {
        static const struct {
                const char *at, *in, *subsystem;
        } cases[] = {
                { "drivers/gpu/drm/xe/other.c:12", "frob+0x1/0x20", "EXAMPLE XE DRIVER" },
                { "lib/refcount.c:28", "refcount_warn_saturate+0x1/0x20", "none" },
                { "lib/deep/x.c:28", "__list_del_entry_valid+0x1/0x20", "none" },
                { "include/uapi/drm/xe_drm.h:28", "frob+0x1/0x20", "none" },
        };

        (void) state;
        for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
                char log[1024], path[600];
                const int n = snprintf(log, sizeof(log),
                                       "[   10.000000] ------------[ cut here ]------------\n"
                                       "[   10.000001] WARNING: CPU: 0 PID: 42 at %s %s\n"
                                       "[   10.000002] CPU: 0 PID: 42 Comm: test Not tainted 6.12.1 #1\n"
                                       "[   10.000003] RIP: 0010:%s\n"
                                       "[   10.000004] Call Trace:\n"
                                       "[   10.000005]  <TASK>\n"
                                       "[   10.000006]  frobnicate+0x1/0x20\n"
                                       "[   10.000007]  </TASK>\n"
                                       "[   10.000009] ---[ end trace 0000000000000000 ]---\n",
                                       cases[i].at, cases[i].in, cases[i].in);

                snprintf(path, sizeof(path), "%s/log", new_folder());
                write_file(path, log, (size_t) n);
                struct json_object *r = scan(1, "--maintainers %s %s", MAINTAINERS, path);
                struct json_object *subsystem = json_object_object_get(finding(r, 0), "subsystem");
                assert_string_equal(subsystem ? json_object_get_string(subsystem) : "none", cases[i].subsystem);
                json_object_put(r);
        }
}

static void signature(char ret[40]) {
        struct json_object *r = scan(1, "%s", LOG);

        snprintf(ret, 40, "%s", text_of(finding(r, 0), "signature"));
        json_object_put(r);
}

static void test_mail(void **state) {
        (void) state;
        char s[40];

        signature(s);
        struct run r = vmlife("report %.11s %s --maintainers %s --tree https://example.org/linux --commit 1234abcd", s,
                              LOG, MAINTAINERS);
        static const char *const wanted[] = {
                "To: First Person <first@example.org>,\n Second Person <second@example.org>\n",
                "Cc: Reviewing Person <reviewer@example.org>,\n Wide Person <wide@example.org>,\n"
                " Wide Reviewer <wide-reviewer@example.org>,\n xe-list@example.org,\n wide-list@example.org,\n "
                "rest-list@example.org\n",
                "Folder:      drivers/gpu/drm/xe/\n",
                "Guessed by:  the module's name, ",
                "First seen:  9.000001 s after the boot began\n",
                "Subject: [BUG] KASAN: slab-use-after-free Read in xe_vm_close\n\n",
                "The kernel reported this 1 time in 1 boot.\n",
                "Kernel:      6.12.1\n",
                "Tree:        https://example.org/linux\n",
                "Commit:      1234abcd\n",
                "object: 16 bytes inside of freed 96-byte region, cache kmalloc-96",
                "backtrace:\n  xe_vm_close+0x62/0xb0 [xe]\n  xe_file_close+0x1/0x20 [xe]\n",
                "In the same boot:\n\n- [10.000000] WARNING in xe_other\n",
                "at line 2 of " LOG,
        };

        assert_int_equal(r.status, 0);
        for (size_t i = 0; i < sizeof(wanted) / sizeof(wanted[0]); i++)
                if (!strstr(r.out, wanted[i]))
                        fail_msg("\"%s\" is not in %s", wanted[i], r.out);
        assert_null(strstr(r.out, "kasan_report"));
        assert_string_equal(r.err, "");
        run_done(&r);
        /* A mail to nobody is written, and said to be one. */
        r = vmlife("report %.11s %s", s, LOG);
        assert_int_equal(r.status, 0);
        assert_non_null(strstr(r.err, "the mail has no recipient"));
        assert_null(strstr(r.out, "To: "));
        run_done(&r);
}

/* Names as they may stand in a mail's head; a kernel's tree has the file; a file as a neighbour's makefile names it. */
static void test_names_in_a_mail(void **state) {
        (void) state;
        static const char people[] = "HEAD\n\nEXAMPLE\n"
                                     "M:\tPerson, Some <some@example.org>\n"
                                     "M:\t\"Dot J. Ted\" <dot@example.org>\n"
                                     "M:\tJ. Ted <ted@example.org>\n"
                                     "M:\tS\xc3\xb6me, \xc3\x96ne <one@example.org>\n"
                                     "M:\tPlain O'Person <plain@example.org>\n"
                                     "F:\tdrivers/gpu/drm/amd/display/\n";
        static const char log[] =
                "[    9.000000] ------------[ cut here ]------------\n"
                "[    9.000001] WARNING: CPU: 0 PID: 42 at drivers/gpu/drm/amd/amdgpu/../display/dc/dc.c:12 "
                "frob+0x1/0x20 [amdgpu]\n"
                "[    9.000002] CPU: 0 PID: 42 Comm: test Not tainted 6.12.1 #1\n"
                "[    9.000003] Hardware name: R\xc3\xb6hre\n"
                "[    9.000004] RIP: 0010:frob+0x1/0x20 [amdgpu]\n"
                "[    9.000005] Call Trace:\n"
                "[    9.000006]  frob+0x1/0x20 [amdgpu]\n"
                "[    9.000007]  do_syscall_64+0x2f/0x50\n"
                "[    9.000008] ---[ end trace 0000000000000000 ]---\n";
        char path[600], file[600];
        const char *folder = new_folder();

        snprintf(file, sizeof(file), "%s/MAINTAINERS", folder);
        write_file(file, people, strlen(people));
        snprintf(path, sizeof(path), "%s/log", new_folder());
        write_file(path, log, strlen(log));
        struct json_object *j = scan(1, "--focus drivers/gpu/drm/amd/display/dc --maintainers %s %s", folder, path);
        assert_string_equal(text_of(finding(j, 0), "relevance"), "related");
        assert_string_equal(text_of(finding(j, 0), "guilty_file"), "drivers/gpu/drm/amd/display/dc/dc.c");
        struct run r = vmlife("report %s %s --maintainers %s", text_of(finding(j, 0), "signature"), path, folder);
        static const char *const wanted[] = {
                "To: \"Person, Some\" <some@example.org>,\n \"Dot J. Ted\" <dot@example.org>,\n"
                " \"J. Ted\" <ted@example.org>,\n =?UTF-8?Q?S=C3=B6me=2C_=C3=96ne?= <one@example.org>,\n"
                " Plain O'Person <plain@example.org>\n",
                "\nMIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\n",
                "Hardware:    R\xc3\xb6hre\n",
        };
        assert_int_equal(r.status, 0);
        for (size_t i = 0; i < sizeof(wanted) / sizeof(wanted[0]); i++)
                if (!strstr(r.out, wanted[i]))
                        fail_msg("\"%s\" is not in %s", wanted[i], r.out);
        run_done(&r);
        json_object_put(j);
}

static void test_issue_of_a_saved_report(void **state) {
        (void) state;
        char s[40], config[600];
        const char *folder = new_folder();

        signature(s);
        snprintf(config, sizeof(config), "%s/config", folder);
        write_file(config, "CONFIG_KASAN=y\n", 15);
        shell("$VMLIFE scan %s -o %s/r.json || test $? = 1", LOG, folder);
        struct run r = vmlife("report %s %s/r.json --to gitlab --config %s --command-line", s, folder, config);
        assert_int_equal(r.status, 0);
        assert_int_equal(strncmp(r.out, "# KASAN: slab-use-after-free Read in xe_vm_close\n", 49), 0);
        assert_non_null(strstr(r.out, "- **Signature:** v2:"));
        assert_non_null(strstr(r.out, "CONFIG_KASAN=y"));
        assert_non_null(strstr(r.out, "```\n"));
        run_done(&r);
        r = vmlife("report v2:00000000 %s", LOG);
        assert_int_equal(r.status, 2);
        assert_non_null(strstr(r.err, "no finding there has the signature"));
        run_done(&r);
        r = vmlife("report %s %s", LOG, s);
        assert_int_equal(r.status, 2);
        assert_non_null(strstr(r.err, "is no signature: the first word is"));
        run_done(&r);
        r = vmlife("report %s", s);
        assert_int_equal(r.status, 2);
        run_done(&r);
}

/* A user's string must not end the block that it is quoted in. */
static void test_fence(void **state) {
        (void) state;
        static const char log[] = "[   10.000000] ------------[ cut here ]------------\n"
                                  "[   10.000000] ```\n"
                                  "[   10.000001] WARNING: CPU: 0 PID: 42 at drivers/a.c:12 some_fn+0x1/0x20\n"
                                  "[   10.000002] CPU: 0 PID: 42 Comm: test Not tainted 6.12.1 #1\n"
                                  "[   10.000004] Call Trace:\n"
                                  "[   10.000006]  some_fn+0x1/0x20\n"
                                  "[   10.000009] ---[ end trace 0000000000000000 ]---\n";
        char path[600], s[40];

        snprintf(path, sizeof(path), "%s/log", new_folder());
        write_file(path, log, sizeof(log) - 1);
        struct json_object *o = scan(1, "%s", path);
        snprintf(s, sizeof(s), "%s", text_of(finding(o, 0), "signature"));
        json_object_put(o);
        struct run r = vmlife("report %s %s --to gitlab", s, path);
        assert_int_equal(r.status, 0);
        assert_non_null(strstr(r.out, "```\n    ```\nat drivers/a.c:12\n"));
        run_done(&r);
}

/* What a device, a board or a host is called is no markup of the tracker's, and calls nobody. */
static void test_markup(void **state) {
        static const char *const names[] = {
                "@everyone",     "#123",      "!7",    "![x](http://e.net/x.png)",
                "[a](b)",        "<b>",       "**b**", "`c`",
                "https://e.net", "www.e.net", "|",     "~~a~~",
                "_a_",
        };
        static const char *const forms[] = { "gitlab", "github" };

        (void) state;
        for (size_t i = 0; i < ARRAY_SIZE(names) * ARRAY_SIZE(forms); i++) {
                const char *name = names[i / ARRAY_SIZE(forms)];
                char log[1024], path[600], s[40], plain[100];

                const int n = snprintf(log, sizeof(log),
                                       "[   10.000001] WARNING: CPU: 0 PID: 42 at drivers/a.c:12 some_fn+0x1/0x20\n"
                                       "[   10.000002] CPU: 0 PID: 42 Comm: test Not tainted 6.12.1 #1\n"
                                       "[   10.000003] Hardware name: a %s b\n"
                                       "[   10.000004] Call Trace:\n"
                                       "[   10.000006]  some_fn+0x1/0x20\n"
                                       "[   10.000009] ---[ end trace 0000000000000000 ]---\n",
                                       name);
                snprintf(path, sizeof(path), "%s/log", new_folder());
                write_file(path, log, (size_t) n);
                struct json_object *o = scan(1, "%s", path);
                snprintf(s, sizeof(s), "%s", text_of(finding(o, 0), "signature"));
                json_object_put(o);
                struct run r = vmlife("report %s %s --to %s", s, path, forms[i % ARRAY_SIZE(forms)]);
                assert_int_equal(r.status, 0);
                assert_non_null(strstr(r.out, "- **Hardware:** a "));
                snprintf(plain, sizeof(plain), " %s b", name);
                if (strstr(r.out, plain))
                        fail_msg("\"%s\" is given as it is:\n%s", name, r.out);
                run_done(&r);
        }
}

static void test_redaction(void **state) {
        (void) state;
        char s[40];

        signature(s);
        struct run r = vmlife("report %s %s --redact-word SecretBoard", s, LOG);
        assert_int_equal(r.status, 0);
        assert_non_null(strstr(r.out, "Hardware: "));
        assert_null(strstr(r.out, "SecretBoard"));
        run_done(&r);
        /* A configuration names people and boards, too. */
        static const char config[] = "CONFIG_LOCALVERSION=\"-SecretBoard\"\nCONFIG_KASAN=y\n";
        char path[600];
        snprintf(path, sizeof(path), "%s/config", new_folder());
        write_file(path, config, sizeof(config) - 1);
        r = vmlife("report %s %s --redact-word SecretBoard --config %s", s, LOG, path);
        assert_int_equal(r.status, 0);
        assert_null(strstr(r.out, "SecretBoard"));
        assert_non_null(strstr(r.out, "CONFIG_LOCALVERSION="));
        assert_non_null(strstr(r.out, "CONFIG_KASAN=y\n"));
        run_done(&r);
}

/* What a command line, firmware, devices, a configuration and a tree's address say of a machine and its people. */
static void test_redaction_of_what_is_written(void **state) {
        (void) state;
        static const char start[] =
                "[    0.000000] Linux version 6.12.1 (builder@forge) (gcc 12) #1 SMP\n"
                "[    0.000000] Command line: BOOT_IMAGE=/vmlinuz root=/dev/nfs nfsroot=nfshost:/srv/lab,vers=3 "
                "ip=dhcp "
                "root=//cifshost/share password=hunter22 inst.ks=https://ksuser:kspass@kshost.acme.example/x.ks "
                "rd.iscsi.initiator=iqn.2004-01.example:iscsi-lab7 root=PARTUUID=1a2b3c4d-02 serialno=PHONE99X "
                "netroot=ssh:someone@sshhost:/x netconsole=6665@10.0.0.9/eth0 quiet\n"
                "[    0.000000] DMI: ACME SecretBoard/X1, BIOS 1.2 01/01/2024\n"
                "[    1.000000] usb 1-1: SerialNumber: 4C53000101\n"
                "[    1.000001] usb usb1: SerialNumber: 0000:00:14.0\n"
                "[    1.000002] acme: board S/N: AB-4711, asset tag TAG0815\n",
                          config[] = "CONFIG_CMDLINE=\"nfsroot=confhost:/x quiet\"\nCONFIG_DEFAULT_HOSTNAME=\"deflt\"\n"
                                     "CONFIG_SYSTEM_TRUSTED_KEYS=\"/home/keeper/cert.pem\"\nCONFIG_KASAN=y\n";
        static const char *const secret[] = { "nfshost",  "cifshost", "hunter22", "ksuser",     "kspass",  "kshost",
                                              "lab7",     "1a2b3c4d", "PHONE99X", "someone",    "sshhost", "10.0.0.9",
                                              "AB-4711",  "TAG0815",  "confhost", "4C53000101", "deflt",   "keeper",
                                              "treehost", "treeuser", "builder",  "forge",      "machine7" },
                                 *const kept[] = { "0000:00:14.0", "vers=3", "quiet", "CONFIG_KASAN=y",
                                                   "git.kernel.org" };
        const char *folder = new_folder();
        char s[40], path[600];

        snprintf(path, sizeof(path), "%s/start", folder);
        write_file(path, start, sizeof(start) - 1);
        snprintf(path, sizeof(path), "%s/config", folder);
        write_file(path, config, sizeof(config) - 1);
        signature(s);
        struct run r = run_shell(
                "d=%s; cat $d/start " LOG " >$d/log; for tree in ssh://treeuser@treehost/linux.git "
                "treeuser@treehost:linux.git https://git.kernel.org/linux.git; do $VMLIFE report %s $d/log --redact "
                "--tree $tree --config $d/config --command-line; done; $VMLIFE scan --redact --label machine=machine7 "
                "$d/log; $VMLIFE bundle --redact --config $d/config -o $d/b.tar.gz $d/log; mkdir $d/x; tar -C $d/x -xf "
                "$d/b.tar.gz; cat $(find $d/x -type f)",
                folder, s);
        for (size_t i = 0; i < ARRAY_SIZE(secret); i++)
                if (strstr(r.out, secret[i]))
                        fail_msg("\"%s\" is left in: %.300s", secret[i], strstr(r.out, secret[i]) - 60);
        for (size_t i = 0; i < ARRAY_SIZE(kept); i++)
                if (!strstr(r.out, kept[i]))
                        fail_msg("\"%s\" is gone: %s", kept[i], r.out);
        run_done(&r);
}

static void test_known_add(void **state) {
        (void) state;
        char s[40], path[600];

        signature(s);
        snprintf(path, sizeof(path), "%s/known.json", new_folder());
        shell("$VMLIFE known add v2:0123456789abcdef0123456789abcdef --known %s --bug https://example.org/1", path);
        shell("$VMLIFE known add %.9s %s --known %s --bug https://example.org/7 --owner gem --expires 2099-01-31", s,
              LOG, path);
        struct json_object *file = json_object_from_file(path), *issues = member(file, "issues");
        assert_int_equal(json_object_array_length(issues), 2);
        assert_string_equal(text_of(json_object_array_get_idx(issues, 0), "name"), "1");
        assert_string_equal(text_of(json_object_array_get_idx(issues, 1), "name"), "7");
        json_object_put(file);
        /* Of two trackers: the end of the link is no name twice. */
        shell("! $VMLIFE known add v2:1123456789abcdef0123456789abcdef --known %s --bug https://example.net/7 "
              "2>%s.said && grep -q 'already: give another name with --name' %s.said",
              path, path, path);
        shell("! grep -F '\\/' %s", path);
        shell("/usr/bin/jsonschema -i %s analyzer/schema/known-issues.schema.json", path);
        /* It is what scan reads; only the other finding of the log is new. */
        struct run r = vmlife("scan --format text --known %s %s", path, LOG);
        assert_non_null(strstr(r.out, "xe_vm_close  (known)"));
        assert_non_null(strstr(r.out, "owner: gem\n"));
        run_done(&r);
        r = vmlife("report %s %s --known %s --maintainers %s", s, LOG, path, MAINTAINERS);
        assert_int_equal(strncmp(r.out, "To: gem,\n First Person", 22), 0);
        run_done(&r);
        r = vmlife("report %s %s --known %s --maintainers %s --to gitlab", s, LOG, path, MAINTAINERS);
        assert_non_null(strstr(r.out, "- **Owner:** gem\n- **Maintainer:** First Person"));
        assert_non_null(strstr(r.out, "- **Known as:** <https://example.org/7>\n"));
        run_done(&r);
        r = run_shell("$VMLIFE scan --known %s " LOG " | $VMLIFE export --to kcidb", path);
        assert_non_null(strstr(r.out, "\"owner\": \"gem\""));
        assert_non_null(strstr(r.out, "\"bug\": \"https://example.org/7\""));
        run_done(&r);
        /* Twice is refused, and so is what scan would refuse; the file stays. */
        r = vmlife("known add %s --known %s --bug https://example.org/8", s, path);
        assert_int_equal(r.status, 2);
        assert_non_null(strstr(r.err, "already"));
        run_done(&r);
        /* The message names the option, for the file is not to blame. */
        static const char *const wrong[][2] = {
                { "--bug ftp://x", "--bug takes a link" },     { "--expires 2026-13-40", "--expires takes a date" },
                { "--expires 2027-02-29", "--expires takes" }, { "--expires soon", "--expires takes a date" },
                { "--owner ''", "--owner is empty" },
        };
        for (size_t i = 0; i < ARRAY_SIZE(wrong); i++) {
                r = run_shell("$VMLIFE known add v2:1123456789abcdef0123456789abcdef --known %s %s", path, wrong[i][0]);
                assert_int_equal(r.status, 2);
                assert_non_null(strstr(r.err, wrong[i][1]));
                assert_null(strstr(r.err, path));
                run_done(&r);
        }
        file = json_object_from_file(path);
        assert_int_equal(json_object_array_length(member(file, "issues")), 2);
        json_object_put(file);
}

/* What people wrote stays byte by byte; the entry stands behind the last one, laid out as that. */
static void test_known_add_keeps_the_text(void **state) {
        (void) state;
#define SCHEMA "\"schema\": \"vmlife-known-issues/1\""
#define ENTRY "\"signature\": \"v2:0123456789abcdef0123456789abcdef\""
        static const struct {
                const char *before, *entry, *after;
        } cases[] = {
                /* Lines of one entry each; other members behind. */
                { "{\n    " SCHEMA
                  ",\n    \"issues\": [\n        { \"name\": \"x\",   \"match\": { \"title\": \"a\" } }",
                  ",\n        { \"name\": \"1\", \"match\": { " ENTRY " }, \"bug\": \"https://e.org/1\" }",
                  "\n    ],\n    \"owners\": []\n}\n" },
                /* Tabs, the list last, brackets and quotes in words. */
                { "{\n\t\"owners\": [ ],\n\t" SCHEMA
                  ",\n\t\"issues\": [\n\t\t{\n\t\t\t\"name\": \"x ]} \\\" [\",\n\t\t\t\"match\": "
                  "{ \"title\": \"a\" }\n\t\t}",
                  ",\n\t\t{\n\t\t\t\"name\": \"1\",\n\t\t\t\"match\": {\n\t\t\t\t" ENTRY
                  "\n\t\t\t},\n\t\t\t\"bug\": \"https://e.org/1\"\n\t\t}",
                  "\n\t]\n}\n" },
                /* Four blanks. */
                { "{\n    \"issues\": [\n        {\n            \"name\": \"x\", \"match\": { \"title\": \"issues\" "
                  "}\n        }",
                  ",\n        {\n            \"name\": \"1\",\n            \"match\": {\n                " ENTRY
                  "\n            },\n            \"bug\": \"https://e.org/1\"\n        }",
                  "\n    ],\n    " SCHEMA "\n}" },
                /* All in one line, and without any. */
                { "{ \"issues\": [ { \"match\": {\"title\": \"a\"}, \"name\": \"b\" }",
                  ", { \"name\": \"1\", \"match\": { " ENTRY " }, \"bug\": \"https://e.org/1\" }", " ], " SCHEMA " }" },
                { "{" SCHEMA ",\"issues\":[",
                  "\n    {\n      \"name\": \"1\",\n      \"match\": {\n        " ENTRY
                  "\n      },\n      \"bug\": \"https://e.org/1\"\n    }\n  ",
                  "]}" },
        };
        char path[600], expected[1024];

        snprintf(path, sizeof(path), "%s/known.json", new_folder());
        for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
                size_t n = (size_t) snprintf(expected, sizeof(expected), "%s%s", cases[i].before, cases[i].after);
                write_file(path, expected, n);
                shell("$VMLIFE known add v2:0123456789abcdef0123456789abcdef --known %s --bug https://e.org/1", path);
                snprintf(expected, sizeof(expected), "%s%s%s", cases[i].before, cases[i].entry, cases[i].after);
                struct run r = run_shell("cat %s", path);
                assert_string_equal(r.out, expected);
                run_done(&r);
        }
}

/* A follower names the same people and labels as a scan; after a restart from its state too. */
/* A link to the lab's file stays a link, and an empty file is one without issues. */
static void test_known_add_through_a_link(void **state) {
        (void) state;
        const char *folder = new_folder();

        shell("cd %s && mkdir shared && : > shared/known.json && ln -s shared/known.json known.json", folder);
        for (int i = 1; i <= 2; i++)
                shell("$VMLIFE known add v2:%032x --known %s/known.json --bug https://example.org/%d", i, folder, i);
        shell("test -L %s/known.json && test $(grep -c signature %s/shared/known.json) = 2", folder, folder);
}

static void test_follow_names_people_and_labels(void **state) {
        (void) state;
        const char *journal = journal_of(LOG, '8', 0), *folder = new_folder();
        char options[1200];

        snprintf(options, sizeof(options),
                 "-D %s --once --state %s/state -o %s/lines --maintainers %s --label pool=red", journal, folder, folder,
                 MAINTAINERS);
        for (int i = 0; i < 2; i++) {
                struct run r = vmlife("follow %s", options);
                assert_int_equal(r.status, 0);
                run_done(&r);
                shell(". tests/json.sh; holds '[.[] | select(.type == \"finding\" and .subsystem == \"EXAMPLE XE "
                      "DRIVER\" and "
                      ".maintainers[0] == \"First Person <first@example.org>\")] | length == 2' -s %s/lines >%s/jq",
                      folder, folder);
                shell(". tests/json.sh; holds '[.[] | select(.type == \"boot\")] | length > 0 and all(.labels.pool == "
                      "\"red\")' -s "
                      "%s/lines >%s/jq",
                      folder, folder);
        }
        struct run r = vmlife("follow --once --format text -D %s --maintainers %s --label pool=red --label rig=7",
                              journal, MAINTAINERS);
        assert_non_null(strstr(r.out, ", subsystem EXAMPLE XE DRIVER, v2:"));
        assert_non_null(strstr(r.out, " pool=red rig=7\n"));
        run_done(&r);
        r = vmlife("follow --once -D %s --maintainers /nonexistent", journal);
        assert_int_equal(r.status, 2);
        run_done(&r);
}

/* Each machine's code is its own: by its binutils, or it is said why it is not decoded. */
static void test_code_of_machines(void **state) {
        (void) state;
        static const struct {
                const char *fixture, *shown;
        } cases[] = {
                { "oops-i386", "-> c: mov 0xc(%edx),%edx" }, /* this machine's objdump */
                { "gpf", "" },
                { "oops-arm64", "aarch64-linux-gnu-objdump -m aarch64: 02 24 40 f9" },
                { "oops-arm", "arm-linux-gnueabihf-objdump -m armv7: 14 20 93 e5" },
                { "oops-riscv", "riscv64-linux-gnu-objdump -m riscv:rv64: 1c 65" },
                { "oops-mips", "not decoded: it is mips code, and there is no mips-linux-gnu-objdump" },
        };
        /* They print an instruction: their name, the machine, and the bytes that it is stopped at. */
        static const char tool[] =
                "#!/bin/sh\nmachine=$6; for a; do case $a in --start-address=*) at=${a#*=};; esac; file=$a; done\n"
                "printf '   %x:\\t00 \\t%s -m %s: %s\\n' $at ${0##*/} $machine \"$(od -An -tx1 -j $at -N "
                "$((${#machine} > 9 ? 2 : 4)) $file)\"\n";
        const char *folder = new_folder();
        char path[600];

        snprintf(path, sizeof(path), "%s/aarch64-linux-gnu-objdump", folder);
        write_file(path, tool, sizeof(tool) - 1);
        shell("cd %s && chmod +x aarch64* && cp aarch64* arm-linux-gnueabihf-objdump && cp aarch64* "
              "riscv64-linux-gnu-objdump && printf '#!/bin/sh\nexit 1\n' >mips-linux-gnu-objdump && chmod +x mips* ",
              folder);
        for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
                struct run r =
                        run_shell("sed 1d tests/unit/fixtures/kinds/%s.log | awk '{ printf \"[   10.%%06d] "
                                  "%%s\\n\", NR, $0 }' | PATH=%s:$PATH $VMLIFE scan --format text -v - | tr -s ' '",
                                  cases[i].fixture, folder);
                if (!strstr(r.out, "Code: ") || !strstr(r.out, cases[i].shown))
                        fail_msg("%s: no \"%s\" in %s", cases[i].fixture, cases[i].shown, r.out);
                run_done(&r);
        }
}

int main(void) {
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(test_paths_as_the_script_matches_them),
                cmocka_unit_test(test_guilty_file_and_people),
                cmocka_unit_test(test_guesses_by_names),
                cmocka_unit_test(test_people_of_modules),
                cmocka_unit_test(test_places_of_others),
                cmocka_unit_test(test_mail),
                cmocka_unit_test(test_names_in_a_mail),
                cmocka_unit_test(test_issue_of_a_saved_report),
                cmocka_unit_test(test_fence),
                cmocka_unit_test(test_markup),
                cmocka_unit_test(test_redaction),
                cmocka_unit_test(test_redaction_of_what_is_written),
                cmocka_unit_test(test_known_add),
                cmocka_unit_test(test_known_add_through_a_link),
                cmocka_unit_test(test_known_add_keeps_the_text),
                cmocka_unit_test(test_follow_names_people_and_labels),
                cmocka_unit_test(test_code_of_machines),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
