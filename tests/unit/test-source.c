/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* One log in every form that it may come in: what is found is the same. */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/macros.h"
#include "cmocka_all.h"
#include "log.h"
#include "vmlife.h"

static const char *source_type(struct json_object *r, size_t i) {
        return text_of(json_object_array_get_idx(member(r, "sources"), i), "type");
}

/* by: "id" or "signature". */
static void same_findings(struct json_object *a, struct json_object *b, const char *by) {
        assert_int_equal(n_findings(a), n_findings(b));
        for (size_t i = 0; i < n_findings(a); i++)
                assert_string_equal(text_of(finding(a, i), by), text_of(finding(b, i), by));
}

static const char *const packers[][2] = { { "gzip", "gz" }, { "xz", "xz" }, { "zstd", "zst" }, { "bzip2", "bz2" } };

static void test_compressed(void **state) {
        (void) state;
        const char *folder = new_folder();
        struct json_object *plain = scan(1, "%s", fixture("vmlife.log"));

        for (size_t i = 0; i < sizeof(packers) / sizeof(packers[0]); i++) {
                shell("%s -c %s > %s/log.%s", packers[i][0], fixture("vmlife.log"), folder, packers[i][1]);
                struct json_object *packed = scan(1, "%s/log.%s", folder, packers[i][1]);
                same_findings(plain, packed, "id");
                json_object_put(packed);
                packed = scan(1, "- < %s/log.%s", folder, packers[i][1]);
                same_findings(plain, packed, "id");
                assert_string_equal(source_type(packed, 0), "text");
                json_object_put(packed);
        }
        json_object_put(plain);
}

/* What came out before the cut is reported, and the cut is said. */
static void test_cut_off_archive(void **state) {
        (void) state;
        const char *folder = new_folder();

        /* A decompressor gives tens of kilobytes at a time. */
        shell("for i in $(seq 100); do cat %s %s %s; done > %s/log", fixture("vmlife.log"), fixture("kcsan-ps2.log"),
              fixture("lockdep-circular.log"), folder);
        shell("gzip -c %s/log > %s/log.gz && head -c $(($(stat -c %%s %s/log.gz) * 3 / 4)) %s/log.gz > %s/cut.gz",
              folder, folder, folder, folder, folder);
        struct run r = vmlife("scan %s/cut.gz", folder);
        assert_int_equal(r.status, 2);
        assert_non_null(strstr(r.err, "reading"));
        assert_non_null(strstr(r.out, "vm-early-put"));
        run_done(&r);
        /* libarchive does not compare the checksum at the end. */
        shell("{ head -c -8 %s/log.gz; printf 'abcdefgh'; } > %s/sum.gz && cat %s/log.gz %s/log.gz > %s/two.gz", folder,
              folder, folder, folder, folder);
        json_object_put(scan(2, "%s/sum.gz", folder));
        json_object_put(scan(1, "%s/two.gz", folder));

        shell("printf '\\037\\213garbage-and-no-gzip' > %s/bad.gz", folder);
        r = vmlife("scan %s/bad.gz", folder);
        assert_int_equal(r.status, 2);
        assert_true(strlen(r.err) > 0);
        assert_string_equal(r.out, "");
        run_done(&r);
}

/* An archive of all sorts: logs, one packed again, a journal, and what is no log. */
static void test_tar(void **state) {
        (void) state;
        const char *folder = new_folder(), *journal = journal_of(fixture("lockdep-rcu.log"), 'a', 0);

        shell("mkdir -p %s/x/sub && cp %s %s/x/serial.log && gzip -c %s > %s/x/sub/race.log.gz && cp %s/test.journal "
              "%s/x/sub/ && cp /bin/true %s/x/prog && "
              "echo CONFIG_KCSAN=y > %s/x/config && : > %s/x/empty && tar -C %s -cJf %s/x.tar.xz x",
              folder, fixture("vmlife.log"), folder, fixture("kcsan-ps2.log"), folder, journal, folder, folder, folder,
              folder, folder, folder);
        struct json_object *r = scan(1, "%s/x.tar.xz 2>%s/said", folder, folder);
        assert_int_equal(n_findings(r), 5);
        assert_int_equal(json_object_array_length(member(r, "sources")), 3);
        bool serial = false, race = false, is_journal = false;
        for (size_t i = 0; i < 3; i++) {
                const char *name = text_of(json_object_array_get_idx(member(r, "sources"), i), "name");
                serial |= strstr(name, "x.tar.xz:x/serial.log") != NULL;
                race |= strstr(name, "x.tar.xz:x/sub/race.log.gz") != NULL;
                is_journal |= strcmp(source_type(r, i), "journal") == 0 && strstr(name, "x.tar.xz") != NULL;
        }
        assert_true(serial && race && is_journal);
        json_object_put(r);
        /* An archive without any log is no clean machine. */
        shell("tar -C %s -cf %s/none.tar x/prog x/config", folder, folder);
        struct run none = vmlife("scan %s/none.tar", folder);
        assert_int_equal(none.status, 2);
        assert_non_null(strstr(none.err, "skipped"));
        assert_non_null(strstr(none.err, "holds no log"));
        assert_string_equal(none.out, "");
        run_done(&none);
        /* An archive of a build: a log, and more of other things than anybody reads the names of. */
        shell("cd %s && mkdir many && i=0 && while [ $i -lt 40 ]; do echo words >many/$i; i=$((i + 1)); done && "
              "cp x/serial.log many/ && tar -cf many.tar many",
              folder);
        struct run many = vmlife("scan %s/many.tar", folder);
        assert_int_equal(many.status, 1);
        size_t named = 0;
        for (const char *at = many.err; (at = strstr(at, " is skipped: ")); at++)
                named++;
        assert_int_equal(named, 10);
        assert_non_null(strstr(many.err, "30 more members are skipped"));
        run_done(&many);
}

/* Lines of a console log as /dev/kmsg gives them. gap: so many numbers are missing before line gap_at. */
static const char *kmsg_of(const char *log, unsigned facility, size_t gap_at, unsigned gap) {
        static char path[600];
        char line[4096];
        FILE *in = fopen(log, "re"), *out;
        unsigned long long sequence = 0;

        snprintf(path, sizeof(path), "%s/kmsg", new_folder());
        out = fopen(path, "we");
        assert_non_null(in);
        assert_non_null(out);
        for (size_t n = 0; fgets(line, sizeof(line), in); n++) {
                unsigned long long sec, usec;
                char caller[32] = "", *text;

                line[strcspn(line, "\n")] = '\0';
                assert_int_equal(sscanf(line, "[ %llu.%6llu][ %31[^]]", &sec, &usec, caller), 3);
                text = strstr(line, "] ") + 2;
                if (n == gap_at)
                        sequence += gap;
                fprintf(out, "%u,%llu,%llu,-,caller=%s;", facility << 3 | 4, sequence++, sec * 1000000 + usec, caller);
                for (; *text; text++)
                        fprintf(out, *text == '\\' || *text == '\t' ? "\\x%02x" : "%c", *text);
                fprintf(out, "\n%s", n % 5 ? "" : " SUBSYSTEM=pci\n DEVICE=+pci:0000:00:02.0\n");
        }
        fclose(in);
        fclose(out);
        return path;
}

static void test_kmsg(void **state) {
        (void) state;
        struct json_object *plain = scan(1, "%s", fixture("two-cpus.log")),
                           *r = scan(1, "%s", kmsg_of(fixture("two-cpus.log"), 0, SIZE_MAX, 0));

        /* Callers are there, so that two CPUs come apart, and the kernel is known. */
        same_findings(plain, r, "signature");
        assert_string_equal(source_type(r, 0), "kmsg");
        assert_string_equal(text_of(finding(r, 0), "origin"), "kernel");
        assert_int_equal(json_object_array_length(member(finding(r, 0), "corrupted")), 0);
        json_object_put(plain);
        json_object_put(r);

        r = scan(0, "%s", kmsg_of(fixture("vmlife.log"), 1, SIZE_MAX, 0));
        assert_string_equal(text_of(finding(r, 0), "origin"), "userspace");
        json_object_put(r);

        /* 7 records lost inside the first report. */
        r = scan(1, "%s", kmsg_of(fixture("vmlife.log"), 0, 12, 7));
        struct json_object *boot = json_object_array_get_idx(member(r, "boots"), 0);
        assert_int_equal(json_object_get_int(member(boot, "lost")), 7);
        assert_int_equal(json_object_get_int(member(json_object_array_get_idx(member(r, "sources"), 0), "lost")), 7);
        assert_true(json_object_array_length(member(finding(r, 0), "corrupted")) > 0);
        json_object_put(r);
        /* The ring buffer's beginning was overwritten. */
        r = scan(1, "%s", kmsg_of(fixture("vmlife.log"), 0, 0, 100));
        assert_int_equal(json_object_get_int(member(json_object_array_get_idx(member(r, "boots"), 0), "lost")), 100);
        json_object_put(r);
}

static void test_dev_kmsg(void **state) {
        (void) state;
        FILE *f = fopen("/dev/kmsg", "re");

        if (!f) {
                printf("# skip: /dev/kmsg cannot be opened here\n");
                return;
        }
        fclose(f);
        struct run r = vmlife("scan --fail-on certain /dev/kmsg");
        if (r.status == 2)
                assert_true(strstr(r.err, "/dev/kmsg") != NULL);
        else
                assert_non_null(strstr(r.out, "\"kmsg\""));
        run_done(&r);
}

/* The export of a journal is the journal. */
static void test_export(void **state) {
        (void) state;
        const char *folder = journal_of(fixture("vmlife.log"), 'a', 0);
        struct json_object *journal = scan(1, "-D %s", folder);

        shell("/usr/bin/journalctl -D %s -o export > %s/real.export", folder, folder);
        struct json_object *exported = scan(1, "%s/real.export", folder);
        same_findings(journal, exported, "id");
        assert_string_equal(source_type(exported, 0), "export");
        assert_string_equal(text_of(finding(exported, 0), "boot_id"), "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa");
        assert_string_equal(text_of(finding(exported, 0), "origin"), "kernel");
        assert_string_equal(text_of(member(finding(exported, 0), "source"), "cursor"),
                            text_of(member(finding(journal, 0), "source"), "cursor"));
        json_object_put(exported);
        exported = scan(1, "-b aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa - < %s/real.export", folder);
        same_findings(journal, exported, "id");
        json_object_put(exported);
        json_object_put(journal);
        struct run r = vmlife("scan -b bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb %s/real.export", folder);
        assert_int_equal(r.status, 2);
        assert_non_null(strstr(r.err, "for this boot"));
        run_done(&r);
}

/* journald's own record of what the ring buffer overwrote, in a real journal and in an export. */
static void test_missed_messages(void **state) {
        (void) state;
        const char *folder = new_folder();
        char path[600], text[4096];
        static const char *const messages[][3] = {
                { "Linux version 6.1.0 (x@y) (gcc) #1 SMP", "kernel", "" },
                { "Missed 3 kernel messages", "kernel", "" },
                { "Missed 12 kernel messages", "driver", "MESSAGE_ID=e9bf28e6e834481bb6f48f548ad13606\n" },
                { "usb 1-1: x", "kernel", "" },
                { "Missed 50 kernel messages", "journal", "MESSAGE_ID=e9bf28e6e834481bb6f48f548ad13606\n" },
                { "BUG: KASAN: use-after-free in f+0x1/0x2", "journal",
                  "MESSAGE_ID=e9bf28e6e834481bb6f48f548ad13606\n" },
        };
        size_t n = 0;

        for (unsigned i = 0; i < 6; i++)
                n += (size_t) snprintf(
                        text + n, sizeof(text) - n,
                        "__REALTIME_TIMESTAMP=%u\n__MONOTONIC_TIMESTAMP=%u\n_BOOT_ID=eeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee\n"
                        "_MACHINE_ID=00112233445566778899aabbccddeeff\n_TRANSPORT=%s\n%s%sMESSAGE=%s\n\n",
                        1790000000 + i, 1000 + i, messages[i][1], messages[i][2],
                        i == 2 ? "" :
                        i == 1 ? "SYSLOG_FACILITY=1\n" :
                                 "SYSLOG_FACILITY=0\n",
                        messages[i][0]);
        snprintf(path, sizeof(path), "%s/k.export", folder);
        write_file(path, text, n);
        shell("/lib/systemd/systemd-journal-remote -o %s/k.journal %s >/dev/null 2>&1", folder, path);
        for (int k = 0; k < 2; k++) {
                struct json_object *r = k ? scan(3, "--require lockdep %s", path) :
                                            scan(3, "--require lockdep -D %s", folder);
                struct json_object *boot = json_object_array_get_idx(member(r, "boots"), 0);
                struct json_object *losses = member(member(boot, "coverage"), "losses");
                /* A process that says so is not believed, whichever fields it sends. */
                assert_int_equal(n_findings(r), 0);
                assert_int_equal(json_object_get_int(member(boot, "lost")), 12);
                assert_int_equal(json_object_array_length(losses), 1);
                assert_int_equal(json_object_get_int(
                                         member(member(json_object_array_get_idx(losses, 0), "after"), "monotonic_us")),
                                 1001);
                json_object_put(r);
        }
}

static size_t put_field(char *to, const char *name, const char *data, size_t n, unsigned long long size) {
        size_t k = (size_t) sprintf(to, "%s\n", name);
        for (int i = 0; i < 8; i++)
                to[k++] = (char) (size >> 8 * i);
        memcpy(to + k, data, n);
        to[k + n] = '\n';
        return k + n + 1;
}

/* Sized fields hold line ends and any byte; a size that lies is found out. */
static void test_export_with_sizes(void **state) {
        (void) state;
        char text[4096], path[600];
        static const char message[] = "------------[ cut here ]------------\nWARNING: CPU: 0 PID: 1 at a.c:1 "
                                      "f+0x1/0x2\nCall Trace:\n g+0x1/0x2\n"
                                      "---[ end trace 0 ]---";
        static const char head[] = "__REALTIME_TIMESTAMP=1790000000000000\n_BOOT_ID=cccccccccccccccccccccccccccccccc\n_"
                                   "TRANSPORT=kernel\nSYSLOG_FACILITY=0\n";

        snprintf(path, sizeof(path), "%s/x.export", new_folder());
        size_t n = (size_t) sprintf(text, "%s", head);
        n += put_field(text + n, "MESSAGE", message, sizeof(message) - 1, sizeof(message) - 1);
        n += (size_t) sprintf(text + n, "\n");
        write_file(path, text, n);
        struct json_object *r = scan(1, "%s", path);
        assert_string_equal(text_of(finding(r, 0), "kind"), "warning");
        json_object_put(r);

        n = (size_t) sprintf(text, "%s", head);
        n += put_field(text + n, "MESSAGE", message, sizeof(message) - 1, ~0ull);
        write_file(path, text, n);
        struct run run = vmlife("scan %s", path);
        assert_int_equal(run.status, 2);
        assert_non_null(strstr(run.err, "ends inside a field"));
        run_done(&run);
}

static char *read_text(const char *path) {
        static char text[65536];
        FILE *f = fopen(path, "re");
        assert_non_null(f);
        text[fread(text, 1, sizeof(text) - 1, f)] = '\0';
        fclose(f);
        return text;
}

/* igt's messages have a level and no caller: "<4> [12.000434] text". */
static struct json_object *igt_test(const char *log) {
        struct json_object *t = json_object_new_object();
        char *text = read_text(log), *save = NULL, *out = malloc(2 * 65536);
        size_t n = 0;

        for (char *line = strtok_r(text, "\n", &save); line; line = strtok_r(NULL, "\n", &save)) {
                char *end = strchr(line, ']');
                n += (size_t) sprintf(out + n, "<4> [%.*s] %s\n", (int) (end - line - 1), line + 1,
                                      strchr(end + 1, ']') + 2);
        }
        json_object_object_add(t, "__type__", json_object_new_string("TestResult"));
        json_object_object_add(t, "result", json_object_new_string("dmesg-warn"));
        json_object_object_add(t, "dmesg", json_object_new_string_len(out, (int) n));
        free(out);
        return t;
}

static void test_igt(void **state) {
        (void) state;
        struct json_object *root = json_object_new_object(), *tests = json_object_new_object(),
                           *quiet = json_object_new_object();
        char path[600];

        json_object_object_add(quiet, "dmesg", json_object_new_string(""));
        json_object_object_add(tests, "igt@quiet", quiet);
        json_object_object_add(tests, "igt@vm@race", igt_test(fixture("kcsan-republish.log")));
        json_object_object_add(tests, "igt@vm@early", igt_test(fixture("vmlife.log")));
        json_object_object_add(root, "__type__", json_object_new_string("TestrunResult"));
        json_object_object_add(root, "results_version", json_object_new_int(10));
        json_object_object_add(root, "tests", tests);
        snprintf(path, sizeof(path), "%s/results.json", new_folder());
        const char *text = json_object_to_json_string(root);
        write_file(path, text, strlen(text));
        struct json_object *r = scan(1, "%s", path), *last;
        assert_int_equal(n_findings(r), 4);
        assert_string_equal(source_type(r, 0), "igt");
        assert_string_equal(text_of(finding(r, 0), "test"), "igt@vm@race");
        assert_string_equal(text_of(finding(r, 1), "test"), "igt@vm@early");
        last = finding(r, 3);
        assert_string_equal(text_of(last, "test"), "igt@vm@early");
        json_object_put(r);

        write_file(path, text, strlen(text) / 2);
        struct run run = vmlife("scan %s", path);
        assert_int_equal(run.status, 2);
        assert_non_null(strstr(run.err, "cut off"));
        run_done(&run);
        json_object_put(root);
}

/* The dump's last part is the log's beginning. */
static void test_pstore(void **state) {
        (void) state;
        const char *folder = new_folder();
        char *text = strdup(read_text(fixture("vmlife.log"))), *p = text, path[600];
        size_t lines = 0, part_lines = 40;

        for (const char *c = text; *c; c++)
                lines += *c == '\n';
        for (size_t part = lines / part_lines + 1; part > 0; part--) {
                char *start = p, *body = NULL;
                for (size_t i = 0; i < part_lines && *p; i++)
                        p = strchr(p, '\n') + 1;
                assert_true(asprintf(&body, "Panic#1 Part%zu\n%.*s", part, (int) (p - start), start) > 0);
                /* The name's number says nothing of the order. */
                snprintf(path, sizeof(path), "%s/dmesg-efi-%zu", folder, 1000 + part * 7919 % 13);
                write_file(path, body, strlen(body));
                free(body);
        }
        struct json_object *plain = scan(1, "%s", fixture("vmlife.log")), *r = scan(1, "%s", folder);
        same_findings(plain, r, "id");
        assert_string_equal(source_type(r, 0), "pstore");
        json_object_put(plain);
        json_object_put(r);
        free(text);
        /* What lies beside dumps is read, too, and what both tell counts once. */
        shell("cp %s %s/console-ramoops-0 && cp %s %s/dmesg.txt", fixture("kcsan-ps2.log"), folder,
              fixture("vmlife.log"), folder);
        r = scan(1, "%s", folder);
        plain = scan(1, "%s %s", fixture("kcsan-ps2.log"), fixture("vmlife.log"));
        assert_int_equal(n_findings(r), n_findings(plain));
        json_object_put(r);
        /* An archive of them is read so, too, whatever their order in it. */
        char *archive = strdup(new_folder());
        shell("cd %s && tar -cf %s/first.tar dmesg-* && tar -cf %s/last.tar $(ls -r dmesg-*)", folder, archive,
              archive);
        struct json_object *dump = scan(1, "%s", fixture("vmlife.log"));
        for (int i = 0; i < 2; i++) {
                r = scan(1, "%s/%s.tar", archive, i ? "last" : "first");
                same_findings(dump, r, "id");
                assert_string_equal(source_type(r, 0), "pstore");
                json_object_put(r);
        }
        json_object_put(dump);
        free(archive);
        /* So are the dumps of folders in it, as systemd-pstore keeps them: their parts are one log. */
        char *kept = strdup(folder);
        folder = new_folder();
        shell("mkdir -p %s/1700000000/001 && cp %s/dmesg-* %s/1700000000/001 && cp %s %s/serial.log", folder, kept,
              folder, fixture("kcsan-ps2.log"), folder);
        r = scan(1, "%s", folder);
        assert_int_equal(n_findings(r), n_findings(plain));
        json_object_put(r);
        json_object_put(plain);
        free(kept);
        /* A log that somebody named so is none, and stands beside others. */
        folder = new_folder();
        shell("cp %s %s/dmesg-host1.log && cp %s %s/serial.log", fixture("kcsan-ps2.log"), folder, fixture("bug.log"),
              folder);
        r = scan(1, "%s", folder);
        assert_int_equal(json_object_array_length(member(r, "sources")), 2);
        json_object_put(r);
}

/* Several sources of different kinds make one report. */
static void test_several(void **state) {
        (void) state;
        const char *folder = new_folder(), *journal = journal_of(fixture("lockdep-circular.log"), 'a', 0);

        shell("gzip -c %s > %s/a.gz", fixture("kcsan-ps2.log"), folder);
        struct json_object *r = scan(1, "%s %s/a.gz %s %s", fixture("vmlife.log"), folder, journal,
                                     kmsg_of(fixture("bug.log"), 0, SIZE_MAX, 0));
        assert_int_equal(json_object_array_length(member(r, "sources")), 4);
        assert_int_equal(json_object_array_length(member(r, "boots")), 4);
        assert_int_equal(n_findings(r), 6);
        json_object_put(r);
}

/* A bomb: what came before the bound is reported as incomplete, and the archives in it count together. */
static void test_unpacked_is_bounded(void **state) {
        (void) state;
        static const char *const names[] = { "b.tar.xz", "nested.tar.xz" };
        const char *folder = new_folder();

        shell("cp %s %s/a.log && cp %s %s/z.log && head -c 3M /dev/zero >%s/zero && cd %s && tar cJf b.tar.xz a.log "
              "zero z.log && "
              "tar cJf nested.tar.xz b.tar.xz",
              fixture("bug.log"), folder, fixture("bug.log"), folder, folder, folder);
        for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
                struct json_object *o = scan(1, "%s/%s", folder, names[i]);
                assert_int_equal(json_object_array_length(member(o, "sources")), 2);
                json_object_put(o);
                o = scan(2, "--max-unpacked 1M %s/%s", folder, names[i]);
                assert_int_equal(json_object_array_length(member(o, "sources")), 1);
                assert_false(json_object_get_boolean(
                        member(json_object_array_get_idx(member(o, "sources"), 0), "complete")));
                assert_int_equal(n_findings(o), 1);
                json_object_put(o);
        }
        struct run r = vmlife("scan --max-unpacked 1M %s/b.tar.xz", folder);
        assert_non_null(strstr(r.err, "--max-unpacked"));
        run_done(&r);
        r = vmlife("scan --max-unpacked 1X %s/b.tar.xz", folder);
        assert_int_equal(r.status, 2);
        run_done(&r);
}

/* Journals of an archive are copied out; a signal leaves none of them behind. */
static void test_unpacked_is_removed(void **state) {
        (void) state;
        static const char *const signals[] = { "TERM", "INT" };
        const char *folder = new_folder();

        shell("cp %s/test.journal %s/a.journal && cd %s && mkdir tmp && tar cf b.tar a.journal && mkfifo pipe",
              journal_of(fixture("bug.log"), 'a', 0), folder, folder);
        for (size_t i = 0; i < ARRAY_SIZE(signals); i++) {
                /* It waits for the rest of the archive, with the journal copied. */
                struct run r = run_shell(
                        "f=%s; exec 3<>$f/pipe; env --default-signal=INT TMPDIR=$f/tmp %s scan $f/pipe & pid=$!; "
                        "timeout 20 head -c 100000 $f/b.tar >$f/pipe; n=0; "
                        "until ls $f/tmp/*/1.journal 2>/dev/null || [ $n = 200 ]; do sleep 0.05; n=$((n + 1)); done; "
                        "kill -%s $pid; wait $pid; echo status $?; ls $f/tmp | wc -l",
                        folder, getenv("VMLIFE"), signals[i]);
                if (!strstr(r.out, "1.journal"))
                        fail_msg("%s%s", r.out, r.err);
                assert_non_null(strstr(r.out, i ? "status 130" : "status 143"));
                assert_non_null(strstr(r.out, "\n0\n"));
                run_done(&r);
        }
}

int main(void) {
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(test_compressed),
                cmocka_unit_test(test_cut_off_archive),
                cmocka_unit_test(test_tar),
                cmocka_unit_test(test_kmsg),
                cmocka_unit_test(test_dev_kmsg),
                cmocka_unit_test(test_export),
                cmocka_unit_test(test_missed_messages),
                cmocka_unit_test(test_export_with_sizes),
                cmocka_unit_test(test_igt),
                cmocka_unit_test(test_pstore),
                cmocka_unit_test(test_several),
                cmocka_unit_test(test_unpacked_is_bounded),
                cmocka_unit_test(test_unpacked_is_removed),
        };
        return cmocka_run_group_tests(tests, NULL, NULL);
}
