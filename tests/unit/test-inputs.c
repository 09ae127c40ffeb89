/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* One log as other programs save it, in JSON and in encodings, made by those programs where Debian has them: what is
 * found is the same. */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cmocka_all.h"
#include "vmlife.h"

static const char *source_type(struct json_object *r) {
        return text_of(json_object_array_get_idx(member(r, "sources"), 0), "type");
}

/* by: "id", "signature", "title". */
static void same_findings(struct json_object *a, struct json_object *b, const char *by) {
        if (n_findings(a) != n_findings(b))
                fail_msg("%zu findings in place of %zu", n_findings(b), n_findings(a));
        for (size_t i = 0; i < n_findings(a); i++) {
                assert_string_equal(text_of(finding(a, i), by), text_of(finding(b, i), by));
                assert_int_equal(json_object_array_length(member(finding(b, i), "corrupted")), 0);
        }
}

/* The file holds what the fixture holds. */
static void expect_same(const char *path, const char *log, const char *type, const char *by) {
        struct json_object *plain = scan(1, "%s", log), *other = scan(1, "%s", path);

        same_findings(plain, other, by);
        assert_string_equal(source_type(other), type);
        json_object_put(plain);
        json_object_put(other);
}

static void test_journalctl_forms(void **state) {
        (void) state;
        static const struct {
                const char *form, *type;
        } forms[] = {
                { "json", "journal-json" },     { "json-pretty", "journal-json" }, { "json-sse", "journal-json" },
                { "json-seq", "journal-json" }, { "verbose", "journal-verbose" },  { "export", "export" },
        };
        const char *journal = journal_of(fixture("vmlife.log"), 'a', 0), *folder = new_folder();
        struct json_object *original = scan(1, "-D %s", journal);

        for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++) {
                shell("journalctl --all -D %s -o %s > %s/log", journal, forms[i].form, folder);
                struct json_object *r = scan(1, "%s/log", folder), *boot;
                same_findings(original, r, "id");
                assert_string_equal(source_type(r), forms[i].type);
                assert_string_equal(text_of(finding(r, 0), "origin"), "kernel");
                boot = json_object_array_get_idx(member(r, "boots"), 0);
                assert_string_equal(text_of(boot, "id"), "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa");
                assert_string_equal(text_of(boot, "host"), "lab-1");
                json_object_put(r);
        }
        /* Put together otherwise. */
        shell("journalctl --all -D %s -o json | jq -s . > %s/array && journalctl --all -D %s -o json | jq -s "
              "'{entries: .}' > %s/object",
              journal, folder, journal, folder);
        for (size_t i = 0; i < 2; i++) {
                struct json_object *r = scan(1, "%s/%s", folder, i ? "object" : "array");
                same_findings(original, r, "id");
                json_object_put(r);
        }
        /* Nothing vouches for an entry without its transport. */
        shell("journalctl --all -D %s -o json --output-fields=MESSAGE > %s/bare", journal, folder);
        struct json_object *bare = scan(1, "%s/bare", folder);
        same_findings(original, bare, "signature");
        assert_string_equal(text_of(finding(bare, 0), "origin"), "unverified");
        json_object_put(bare);
        json_object_put(original);
}

/* What a process wrote to /dev/kmsg is not the kernel's in any of these forms. */
static void test_facility(void **state) {
        (void) state;
        const char *journal = journal_of(fixture("vmlife.log"), 'a', 1), *folder = new_folder();

        for (size_t i = 0; i < 2; i++) {
                shell("journalctl --all -D %s -o %s > %s/log", journal, i ? "json" : "verbose", folder);
                struct run r = vmlife("scan %s/log", folder);
                struct json_object *report = json_tokener_parse(r.out);
                for (size_t k = 0; k < n_findings(report); k++)
                        assert_string_equal(text_of(finding(report, k), "origin"), "userspace");
                json_object_put(report);
                run_done(&r);
        }
}

/* A logger's daemon names the facility of each line; a program that calls itself "kernel" has another than the
 * kernel's. Where the kernel's own lines have that, too (klogd of busybox with glibc), it says nothing. */
static void test_facility_beside_tag(void **state) {
        (void) state;
        static const char *const forms[] = {
                "s/^/Mon Nov 23 09:00:00 2026 FACILITY.warn kernel: /",              /* logread */
                "s/^/Nov 23 09:00:00 tgl-02 FACILITY.warn kernel: /",                /* busybox */
                "s/^/FACILITY.warning 2026-11-23T09:00:00+00:00 tgl-02 kernel: /",   /* rsyslog, %pri-text% first */
                "s/^/2026-11-23T09:00:00+00:00 tgl-02 kernel: FACILITY.warning /",   /* behind the tag */
                "s/^/2026-11-23T09:00:00+00:00 tgl-02 [FACILITY.warning] kernel: /", /* in brackets */
                "s/^/2026-11-23T09:00:00+00:00 FACILITY.warn tgl-02 kernel: /",      /* before the host */
                "s/.*/{\"pri\":\"PRI\",\"host\":\"tgl-02\",\"ident\":\"kernel\",\"message\":\"&\"}/", /* fluent-bit */
                "s/.*/{\"host\":\"tgl-02\",\"priority\":PRI,\"program\":\"kernel\",\"message\":\"&\"}/", /* syslog-ng */
        };
        const char *kernels = fixture("vmlife.log"), *folder = new_folder();
        struct json_object *plain = scan(1, "%s", kernels);

        shell("sed 's/^\\[[^]]*\\]\\[[^]]*\\] //' %s | grep -v '\"' | sed 's/^/[   99.000000] /' > %s/forged",
              fixture("bug.log"), folder);
        shell("tr -d '\"\\\\' < %s | sed 's/^\\([^]]*\\]\\)\\[[^]]*\\]/\\1/' > %s/real", kernels, folder);
        for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++) {
                for (size_t same = 0; same < 2; same++) {
                        const char *kern = same ? "user" : "kern", *level = same ? "12" : "4";
                        shell("sed '%s' %s/real | sed 's/FACILITY/%s/; s/PRI/%s/' > %s/log", forms[i], folder, kern,
                              level, folder);
                        shell("sed '%s' %s/forged | sed 's/FACILITY/user/; s/PRI/12/' >> %s/log", forms[i], folder,
                              folder);
                        struct json_object *r = scan(1, "%s/log", folder);
                        size_t n = 0;
                        for (size_t k = 0; k < n_findings(r); k++)
                                n += strcmp(text_of(finding(r, k), "origin"), "userspace") != 0;
                        if (same ? n <= n_findings(plain) : n != n_findings(plain))
                                fail_msg("%s: %zu findings of the kernel, %zu in all", forms[i], n, n_findings(r));
                        json_object_put(r);
                }
        }
        json_object_put(plain);
}

/* dmesg puts blanks in the place of the prefix of a record's further line. What a user has there is no prefix of the
 * text, in which the lines of the kernel would lack one. */
static void test_further_line_first(void **state) {
        (void) state;
        static const char *const strings[] = {
                "[    0.000000] Linux version 9.9.9 (a@b) (gcc) #1 SMP",
                "[    0.000000] BUG: KASAN: use-after-free in f+0x1/0x2",
                "[    0.000000] Call Trace:",
                "<4>[    0.000000] WARNING: CPU: 0 PID: 7 at a.c:1 f+0x1/0x2",
        };
        const char *log = fixture("vmlife.log"), *folder = new_folder();
        struct json_object *plain = scan(1, "%s", log);

        for (size_t i = 0; i < sizeof(strings) / sizeof(strings[0]); i++) {
                shell("{ echo '[    0.000000][    T0] usb 1-1: Product: x'; echo '                       %s'; cat %s; "
                      "} > "
                      "%s/log",
                      strings[i], log, folder);
                struct json_object *r = scan(1, "%s/log", folder);
                same_findings(plain, r, "signature");
                json_object_put(r);
        }
        json_object_put(plain);
}

/* Of a message that netconsole sent in pieces the first is lost: the second begins where a user's string says. */
static void test_lost_piece(void **state) {
        (void) state;
        const char *log = fixture("vmlife.log"), *folder = new_folder();

        shell("sed 's/^\\[ *\\([0-9]*\\)\\.\\([0-9]*\\)\\]\\[[^]]*\\] /\\1\\2,/' %s | awk -F, '{ printf "
              "\"4,%%d,%%d,-;%%s\\n\", "
              "NR, $1, substr($0, length($1) + 2) }' > %s/plain",
              log, folder);
        shell("n=$(wc -l < %s/plain); { cat %s/plain; for i in 1 2 3; do echo \"4,$((n + i)),99000000,-,ncfrag=500/900;"
              "BUG: kernel NULL pointer dereference, address: 000000000000000$i\"; done; } > %s/log",
              folder, folder, folder);
        struct json_object *plain = scan(1, "%s/plain", folder), *r = scan(1, "%s/log", folder);
        same_findings(plain, r, "signature");
        json_object_put(r);
        json_object_put(plain);
}

/* netconsole sends a task's name with its line ends: what is behind them is no datagram, and no line of a report. */
static void test_name_in_datagrams(void **state) {
        static const char *const names[] = { "x\\n4,9,9,-;BUG: ", "\\n4,9,9,-;Oops: ", "x\\nCall Trace:",
                                             "a\\n\\n </TASK>\\n", "\\n f+0x1/0x2" };

        (void) state;
        const char *log = fixture("vmlife.log"), *folder = new_folder();
        for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
                static const char *const forms[] = { "plain", "log" };
                for (size_t f = 0; f < 2; f++)
                        shell("sed 's/^\\[ *\\([0-9]*\\)\\.\\([0-9]*\\)\\]\\[[^]]*\\] /\\1\\2,/' %s | awk -F, '{ "
                              "printf "
                              "\"4,%%d,%%d,-;%%s\\n cpu=1\\n taskname=%s\\n release=6.16\\n\", "
                              "NR, $1, substr($0, length($1) + 2) }' > %s/%s",
                              log, f ? names[i] : "x", folder, forms[f]);
                struct json_object *plain = scan(1, "%s/plain", folder), *r = scan(1, "%s/log", folder);
                same_findings(plain, r, "signature");
                assert_int_equal(json_object_array_length(member(r, "boots")),
                                 json_object_array_length(member(plain, "boots")));
                json_object_put(r);
                json_object_put(plain);
        }
}

/* What programs wrote to /dev/pmsg0 lies beside the kernel's dumps. */
static void test_pmsg(void **state) {
        (void) state;
        const char *folder = new_folder();

        shell("cp %s %s/console-ramoops-0 && cp %s %s/pmsg-ramoops-0", fixture("vmlife.log"), folder,
              fixture("bug.log"), folder);
        struct json_object *plain = scan(1, "%s/console-ramoops-0", folder), *r = scan(1, "%s", folder);
        same_findings(plain, r, "signature");
        json_object_put(r);
        json_object_put(plain);
}

static void test_damaged_json(void **state) {
        (void) state;
        const char *journal = journal_of(fixture("vmlife.log"), 'a', 0), *folder = new_folder();

        shell("journalctl --all -D %s -o json > %s/log && head -c -40 %s/log > %s/cut", journal, folder, folder,
              folder);
        struct run r = vmlife("scan %s/cut", folder);
        assert_int_equal(r.status, 2);
        assert_non_null(strstr(r.err, "ends inside a JSON value"));
        assert_non_null(strstr(r.out, "vm-early-put"));
        run_done(&r);
        /* A line that is damaged costs that line. */
        shell("sed '3s/:/;/g' %s/log > %s/bad", folder, folder);
        r = vmlife("scan %s/bad", folder);
        assert_int_equal(r.status, 2);
        assert_non_null(strstr(r.err, "skipped"));
        assert_non_null(strstr(r.out, "vm-early-put"));
        run_done(&r);
        shell("sed '1s/}$//' %s/log > %s/first", folder, folder);
        r = vmlife("scan %s/first", folder);
        assert_int_equal(r.status, 2);
        assert_non_null(strstr(r.err, "skipped"));
        assert_non_null(strstr(r.out, "vm-early-put"));
        run_done(&r);
        /* A message that journalctl held back is said. */
        shell("sed '5s/\"MESSAGE\":\"[^\"]*\"/\"MESSAGE\":null/' %s/log > %s/held", folder, folder);
        r = vmlife("scan %s/held", folder);
        assert_int_equal(r.status, 2);
        assert_non_null(strstr(r.err, "--all"));
        run_done(&r);
}

/* util-linux reads a file of raw messages and prints it as it prints the kernel's buffer; of a file it takes all that
 * follows a message for that message's further lines too, which are taken off. */
static void test_dmesg_json(void **state) {
        (void) state;
        const char *folder = new_folder();

        shell("sed -E 's/^\\[ *([0-9.]+)\\]\\[[^]]*\\] /<4>[\\1] /' %s > %s/raw", fixture("vmlife.log"), folder);
        static const char first[] = "jq '.dmesg[].msg |= split(\"\\n\")[0]'";
        shell("dmesg -F %s/raw --json | %s > %s/json && dmesg -F %s/raw --json --decode | %s > %s/decoded && jq -c . "
              "%s/json > %s/line && "
              "jq -c '.dmesg[]' %s/json > %s/lines",
              folder, first, folder, folder, first, folder, folder, folder, folder, folder);
        static const char *const names[] = { "json", "decoded", "line", "lines" };
        for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
                char path[600];
                snprintf(path, sizeof(path), "%s/%s", folder, names[i]);
                expect_same(path, fixture("vmlife.log"), "dmesg-json", "signature");
        }
        shell("head -c -100 %s/json > %s/cut", folder, folder);
        struct run r = vmlife("scan %s/cut", folder);
        assert_int_equal(r.status, 2);
        assert_non_null(strstr(r.out, "vm-early-put"));
        run_done(&r);
}

static void test_unicode(void **state) {
        (void) state;
        static const char *const encodings[] = { "UTF-16", "UTF-16LE", "UTF-16BE", "UTF-32", "UTF-32LE", "UTF-32BE" };
        const char *folder = new_folder();
        char path[600];

        snprintf(path, sizeof(path), "%s/log", folder);
        for (size_t i = 0; i < sizeof(encodings) / sizeof(encodings[0]); i++) {
                shell("iconv -f UTF-8 -t %s %s > %s", encodings[i], fixture("vmlife.log"), path);
                expect_same(path, fixture("vmlife.log"), "text", "id");
        }
        shell("printf '\\357\\273\\277' | cat - %s | sed 's/$/\\r/' | iconv -f UTF-8 -t UTF-16LE > %s",
              fixture("vmlife.log"), path);
        expect_same(path, fixture("vmlife.log"), "text", "signature");
        shell("printf '\\357\\273\\277' | cat - %s > %s", fixture("vmlife.log"), path);
        expect_same(path, fixture("vmlife.log"), "text", "signature");
        /* JSON in UTF-16, cut in the middle of a character. */
        shell("jq -R '{log: .}' -c %s | iconv -f UTF-8 -t UTF-16 | head -c -1 > %s", fixture("vmlife.log"), path);
        struct run r = vmlife("scan %s", path);
        assert_non_null(strstr(r.out, "vm-early-put"));
        run_done(&r);
}

/* A foreword in another language is no binary. */
static void test_letters(void **state) {
        (void) state;
        const char *folder = new_folder();
        char path[600];

        snprintf(path, sizeof(path), "%s/log", folder);
        static const char *const encodings[] = { "UTF-8", "KOI8-R", "CP1251" };
        for (size_t i = 0; i < sizeof(encodings) / sizeof(encodings[0]); i++) {
                shell("{ for i in $(seq 120); do printf 'Это журнал ядра, который прислал пользователь с просьбой "
                      "посмотреть\\n'; done | iconv -f UTF-8 -t %s; "
                      "cat %s; } > %s",
                      encodings[i], fixture("vmlife.log"), path);
                expect_same(path, fixture("vmlife.log"), "text", "signature");
        }
        shell("head -c 20000 /dev/urandom > %s", path);
        struct run r = vmlife("scan %s", path);
        assert_int_equal(r.status, 2);
        assert_non_null(strstr(r.err, "binary"));
        run_done(&r);
}

static void test_html(void **state) {
        (void) state;
        static const char escape[] = "sed -e 's/&/\\&amp;/g; s/</\\&lt;/g; s/>/\\&gt;/g; s/\"/\\&quot;/g'";
        static const char *const pages[] = {
                "cat", /* copied out of a page's source */
                "sed 's/+/\\&#43;/g'",
                "sed 's/+/\\&#x2b;/g; s/\\[/\\&lsqb;/g'",
                "{ echo '<!DOCTYPE html><html><head><style>p { x: y }</style><title>dmesg</title></head><body><pre>'; "
                "cat; echo '</pre></body></html>'; }",
                "{ echo '<html><body><table>'; sed 's,.*,<tr class=\"a>b\"><td><span style=\"color: "
                "red\">&</span></td></tr>,'; echo '</table></body></html>'; }",
                "{ printf '<div class=\"log\"><!-- a <comment> -->'; sed 's,$,<br/>,' | tr -d '\\n'; echo '</div>'; }",
                "{ echo '<html><script>if (a < b) document.write(\"BUG: KASAN\");</script><body>'; sed "
                "'s,.*,<p>&</p>,'; echo '</body></html>'; }",
        };
        const char *folder = new_folder();
        char path[600];

        snprintf(path, sizeof(path), "%s/log", folder);
        for (size_t i = 0; i < sizeof(pages) / sizeof(pages[0]); i++) {
                shell("%s %s | %s > %s", escape, fixture("vmlife.log"), pages[i], path);
                expect_same(path, fixture("vmlife.log"), "text", "signature");
        }
        /* Saved without references: <TASK> is no element. */
        shell("{ echo '<html><pre>'; cat %s; echo '</pre></html>'; } > %s", fixture("vmlife.log"), path);
        expect_same(path, fixture("vmlife.log"), "text", "signature");
}

static void test_wrapped_lines(void **state) {
        (void) state;
        static const char *const wraps[] = {
                "jq -Rc '{log: (. + \"\\n\"), stream: \"stdout\", time: \"2026-01-02T03:04:05.678Z\"}'",
                "jq -Rc '{\"@timestamp\": 1790000000, \"host\": {\"name\": "
                "\"lab-with-a-long-name-for-a-machine.example.org\"}, message: .}'",
                "jq -Rs 'split(\"\\n\")'",
                "jq -Rs '{status: \"success\", data: {result: [{stream: {job: \"kernel\"}, values: (split(\"\\n\") | "
                "map([\"1790000000000000000\", .]))}]}}'",
                "jq -Rs '{events: (split(\"\\n\") | map({timestamp: 1790000000000, eventMessage: ., ingestionTime: "
                "1}))}'",
                "jq -Rc '{file: "
                "\"/var/lib/a/rather/long/path/to/some/file/that/is/the/same/in/each/line/of/the/log.json\", offset: "
                "1, message: .}'",
                "jq -Rs '{console: .}'",
                "jq -R '{ident: \"kernel\", message: .}'",
        };
        const char *folder = new_folder();
        char path[600];

        snprintf(path, sizeof(path), "%s/log", folder);
        for (size_t i = 0; i < sizeof(wraps) / sizeof(wraps[0]); i++) {
                shell("%s %s > %s", wraps[i], fixture("vmlife.log"), path);
                expect_same(path, fixture("vmlife.log"), "text", "signature");
        }
        /* Another program's lines are its own, whatever they hold. */
        shell("jq -Rc '{ident: \"logger\", message: .}' %s > %s", fixture("vmlife.log"), path);
        struct run r = vmlife("scan %s", path);
        assert_int_equal(r.status, 2);
        assert_null(strstr(r.out, "vm-early-put"));
        run_done(&r);
}

static void test_report_is_no_log(void **state) {
        (void) state;
        static const char *const forms[] = { "json", "ndjson" };
        const char *folder = new_folder();

        for (size_t i = 0; i < 2; i++) {
                struct run r = run_shell("$VMLIFE scan --format %s %s > %s/report; $VMLIFE scan %s/report", forms[i],
                                         fixture("vmlife.log"), folder, folder);
                assert_int_equal(r.status, 2);
                assert_non_null(strstr(r.err, "vmlife export"));
                assert_string_equal(r.out, "");
                run_done(&r);
                struct run text = vmlife("scan --format text -v %s", fixture("vmlife.log")),
                           again = vmlife("export --to text %s/report", folder);
                assert_int_equal(again.status, 0);
                assert_string_equal(text.out, again.out);
                run_done(&text);
                run_done(&again);
                again = vmlife("export --to markdown %s/report", folder);
                assert_int_equal(again.status, 0);
                assert_non_null(strstr(again.out, "## vmlife: vm-early-put in "));
                assert_non_null(strstr(again.out, "\n- signature v2:"));
                run_done(&again);
        }
}

/* An export whose entries share stamps: each is one, as the file numbers them. */
static void test_equal_stamps(void **state) {
        (void) state;
        const char *folder = new_folder();

        shell("printf '%%s\\n' 'BUG: KASAN: slab-use-after-free in acme_read+0x11/0x20' 'Read of size 8 at addr "
              "ffff888012345678 by task tool/77' "
              "'CPU: 0 PID: 77 Comm: tool Not tainted 6.1.0 #1' 'Call Trace:' ' <TASK>' ' dump_stack_lvl+0x34/0x48' ' "
              "kasan_report+0xb1/0xe0' "
              "' acme_read+0x11/0x20' ' acme_walk+0x22/0x40' ' acme_walk+0x22/0x40' ' acme_walk+0x22/0x40' ' "
              "vfs_read+0x33/0x60' ' </TASK>' > %s/lines",
              folder);
        shell("while IFS= read -r line; do printf "
              "'__REALTIME_TIMESTAMP=1790000000000000\\n__MONOTONIC_TIMESTAMP=5000000\\n_BOOT_ID=%%032d\\n_TRANSPORT="
              "kernel\\n"
              "SYSLOG_FACILITY=0\\nMESSAGE=%%s\\n\\n' 7 \"$line\"; done < %s/lines > %s/x.export && "
              "/lib/systemd/systemd-journal-remote -o %s/x.journal %s/x.export 2>/dev/null",
              folder, folder, folder, folder);
        struct json_object *r = scan(1, "%s/x.journal", folder),
                           *stack = json_object_array_get_idx(member(finding(r, 0), "stacks"), 0);
        assert_int_equal(n_findings(r), 1);
        assert_int_equal(json_object_array_length(member(stack, "frames")), 7);
        json_object_put(r);
}

/* Of what somebody else packed: links to files that only the reader may read, or of another job. */
static void test_links_out(void **state) {
        (void) state;
        const char *folder = new_folder(), *log = fixture("bug.log");

        shell("mkdir -p %s/d/sub %s/other && cp %s %s/d/own.log", folder, folder, log, folder);
        shell("cp %s %s/other/theirs.log", fixture("vmlife.log"), folder);
        shell("cd %s/d && ln -s ../other up && ln -s ../../other/theirs.log sub/shadow && ln -s ../own.log sub/again "
              "&& "
              "ln -s sub loop",
              folder);
        struct json_object *r = scan(1, "%s/d", folder);
        assert_int_equal(json_object_array_length(member(r, "sources")), 1);
        assert_int_equal(n_findings(r), 1);
        json_object_put(r);
        struct run run = vmlife("scan %s/d", folder);
        assert_non_null(strstr(run.err, "lead out of it"));
        run_done(&run);
        run = vmlife("scan --by signature --format text %s/d", folder);
        assert_null(strstr(run.out, "vm-early-put"));
        run_done(&run);
        /* What is named is read, through links too. */
        json_object_put(scan(1, "%s/d/sub/shadow", folder));
        shell("ln -s d %s/linked", folder);
        json_object_put(scan(1, "%s/linked", folder));
        /* Nothing but links out is no log. */
        shell("rm -r %s/d/own.log %s/d/sub", folder, folder);
        run = vmlife("scan %s/d", folder);
        assert_int_equal(run.status, 2);
        run_done(&run);
}

/* A journal's text, as a machine's bundle has it: what the kernel says stands far behind other programs' lines, and has
 * no time of the kernel's. Beside a log without a report nobody would miss it. */
static void test_journal_text_among_others(void **state) {
        static const char *const report[] = {
                "BUG: KASAN: slab-use-after-free in acme_get+0x14/0x40 [acme]",
                "Read of size 8 at addr ffff888100000010 by task acme/12",
                "CPU: 0 PID: 12 Comm: acme Not tainted 6.1.0 #1",
                "Call Trace:",
                " acme_get+0x14/0x40 [acme]",
                " acme_ioctl+0x10/0x20 [acme]",
        };
        const char *folder = new_folder();
        char path[600];

        (void) state;
        snprintf(path, sizeof(path), "%s/dmesg", folder);
        FILE *f = fopen(path, "we");
        assert_non_null(f);
        fputs("[    0.000000] Linux version 6.1.0 (x@y) (gcc) #1 SMP\n[    1.000000] eth0: link is up\n", f);
        fclose(f);
        snprintf(path, sizeof(path), "%s/journalctl", folder);
        f = fopen(path, "we");
        assert_non_null(f);
        fputs("-- Journal begins at Thu 2026-11-26 10:00:00 UTC. --\n", f);
        for (int i = 0; i < 4000; i++)
                fprintf(f, "Nov 26 11:%02d:%02d vm systemd[1]: Started a unit with the number %d.\n", i / 60 % 60,
                        i % 60, i);
        for (size_t i = 0; i < sizeof(report) / sizeof(report[0]); i++)
                fprintf(f, "Nov 26 13:00:00 vm kernel: %s\n", report[i]);
        fclose(f);
        struct run packed = run_shell(
                "cd %s && tar -czf all.tar.gz dmesg journalctl && mkdir all && mv dmesg journalctl all", folder);
        assert_int_equal(packed.status, 0);
        run_done(&packed);
        for (int i = 0; i < 2; i++) {
                struct json_object *r = scan(1, "%s/all%s", folder, i ? "" : ".tar.gz");
                assert_int_equal(n_findings(r), 1);
                assert_string_equal(text_of(finding(r, 0), "title"), "KASAN: slab-use-after-free Read in acme_get");
                json_object_put(r);
        }
}

int main(void) {
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(test_journalctl_forms),
                cmocka_unit_test(test_facility),
                cmocka_unit_test(test_facility_beside_tag),
                cmocka_unit_test(test_further_line_first),
                cmocka_unit_test(test_lost_piece),
                cmocka_unit_test(test_name_in_datagrams),
                cmocka_unit_test(test_pmsg),
                cmocka_unit_test(test_damaged_json),
                cmocka_unit_test(test_dmesg_json),
                cmocka_unit_test(test_unicode),
                cmocka_unit_test(test_letters),
                cmocka_unit_test(test_html),
                cmocka_unit_test(test_wrapped_lines),
                cmocka_unit_test(test_report_is_no_log),
                cmocka_unit_test(test_equal_stamps),
                cmocka_unit_test(test_links_out),
                cmocka_unit_test(test_journal_text_among_others),
        };
        return cmocka_run_group_tests(tests, NULL, NULL);
}
