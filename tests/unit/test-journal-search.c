/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Journals that are searched where they lie, and the same ones read entry by entry: the reports are equal, byte for
 * byte. VMLIFE_JOURNALS is how many are made up; `make check-journals` makes 1,000. */
#include <fcntl.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/macros.h"
#include "cmocka_all.h"
#include "vmlife.h"

static uint64_t seed;

static unsigned chance(unsigned n) {
        seed = seed * 6364136223846793005u + 1442695040888963407u;
        return (unsigned) ((seed >> 33) % n);
}

/* --- what is in them --- */

/* A log's messages, without time and caller. */
struct log {
        char *lines[256];
        size_t n;
};

static struct log logs[4];

static void load_logs(void) {
        static const char *const fixtures[] = { "vmlife.log", "kcsan-ps2.log", "lockdep-circular.log", "bug.log" };

        for (size_t i = 0; i < ARRAY_SIZE(fixtures); i++) {
                FILE *f = fopen(fixture(fixtures[i]), "re");
                char line[4096];

                assert_non_null(f);
                while (fgets(line, sizeof(line), f) && logs[i].n < 256) {
                        const char *text = strchr(line, ']');
                        if (text && text[1] == '[')
                                text = strchr(text + 1, ']');
                        line[strcspn(line, "\n")] = '\0';
                        logs[i].lines[logs[i].n++] = strdup(text ? text + (text[1] == ' ' ? 2 : 1) : line);
                }
                fclose(f);
        }
}

enum writer { KERNEL, DEV_KMSG, JOURNALD, USER, FORGER, LIAR, WRITERS };

struct making {
        FILE *f;
        uint64_t now_us;
        unsigned boot, n_boots, n_hosts;
        bool alternating, coarse;
        uint64_t numbered;
};

static void put_text(FILE *f, const char *name, const char *text) {
        uint64_t n = strlen(text);

        if (!strchr(text, '\n')) {
                fprintf(f, "%s=%s\n", name, text);
                return;
        }
        fprintf(f, "%s\n", name);
        fwrite(&n, 8, 1, f); /* as the export format has it: little-endian */
        fprintf(f, "%s\n", text);
}

static void put_entry(struct making *m, enum writer who, const char *message) {
        static const char *const fields[WRITERS] = {
                [KERNEL] = "_TRANSPORT=kernel\nSYSLOG_FACILITY=0\nSYSLOG_IDENTIFIER=kernel\n",
                [DEV_KMSG] = "_TRANSPORT=kernel\nSYSLOG_FACILITY=1\nSYSLOG_IDENTIFIER=tool\n",
                [JOURNALD] = "_TRANSPORT=driver\nMESSAGE_ID=e9bf28e6e834481bb6f48f548ad13606\n",
                [USER] = "_TRANSPORT=syslog\nSYSLOG_FACILITY=3\n_COMM=logger\n",
                [FORGER] = "_TRANSPORT=journal\nTRANSPORT=kernel\nSYSLOG_FACILITY=0\nMESSAGE_ID="
                           "11112222333344445555666677778888\n",
                [LIAR] = "_TRANSPORT=journal\nSYSLOG_FACILITY=0\nMESSAGE_ID=e9bf28e6e834481bb6f48f548ad13606\n",
        };

        m->now_us += m->coarse ? 1000 * chance(2) : 1 + chance(2000);
        fprintf(m->f, "__REALTIME_TIMESTAMP=%" PRIu64 "\n__MONOTONIC_TIMESTAMP=%" PRIu64 "\n_BOOT_ID=%032x\n",
                (uint64_t) 1790000000000000 + m->boot * (uint64_t) 86400000000 + m->now_us, m->now_us + 5, m->boot + 1);
        if (chance(50))
                fprintf(m->f, "_MACHINE_ID=%032x\n_HOSTNAME=lab-%u\n", m->boot % m->n_hosts + 1, m->boot % m->n_hosts);
        if (chance(20))
                fprintf(m->f, "_SOURCE_MONOTONIC_TIMESTAMP=%" PRIu64 "\n", m->now_us);
        fputs(fields[who], m->f);
        if (message)
                put_text(m->f, "MESSAGE", message);
        if (chance(200) == 0)
                fputs("MESSAGE=BUG: a second message\n", m->f);
        fputs("\n", m->f);
}

static void put_noise(struct making *m) {
        static const char *const often[] = { "usb 1-1: reset high-speed USB device", "e1000e: link is up",
                                             "audit: backlog limit exceeded", "WARNING of no kind",
                                             "random: crng init done\nBUG: this line is not the first" };
        const enum writer who = chance(4) ? KERNEL : (enum writer) chance(WRITERS);
        char text[3000] = "";

        switch (chance(40)) {
        case 0: /* long enough to be packed */
                memset(text, 'a' + (int) chance(3), sizeof(text));
                text[400 + chance(2500)] = '\0';
                if (chance(3) == 0)
                        memcpy(text, "BUG: kernel NULL pointer dereference, address: 8 ", 49);
                put_entry(m, who, text);
                break;
        case 1:
                put_entry(m, JOURNALD, chance(2) ? "Missed 7 kernel messages" : "Missed 4 kernel messages");
                break;
        case 2:
                put_entry(m, who, NULL);
                break;
        case 3:
                put_entry(m, who, "");
                break;
        case 4:
                put_entry(m, USER, "BUG: KASAN: use-after-free in forged+0x1/0x2");
                break;
        default:
                if (chance(2))
                        snprintf(text, sizeof(text), "thing %" PRIu64 ": state %u", m->numbered++, chance(9));
                put_entry(m, who, chance(2) ? often[chance(ARRAY_SIZE(often))] : m->numbered ? text : "");
        }
}

static void put_report(struct making *m) {
        const struct log *l = &logs[chance(4)];
        const enum writer who = chance(4) ? KERNEL : (enum writer) chance(WRITERS);
        const size_t end = chance(4) ? l->n : chance((unsigned) l->n);

        for (size_t i = 0; i < end; i++) {
                put_entry(m, who, l->lines[i]);
                if (chance(20) == 0)
                        put_noise(m);
        }
}

static void next_boot(struct making *m) {
        m->boot = m->alternating ? chance(m->n_boots) : MIN(m->boot + 1, m->n_boots - 1);
        if (!m->alternating && chance(2))
                m->now_us = chance(1000000);
}

static void make_export(const char *path) {
        struct making m = {
                .f = fopen(path, "we"),
                .now_us = 1000000,
                .n_boots = 1 + (chance(2) ? chance(5) : 0),
                .n_hosts = 1 + chance(3),
                .alternating = chance(3) == 0,
                .coarse = chance(4) == 0,
        };
        const unsigned n = 1 + chance(60), longest = 1 + chance(60);

        assert_non_null(m.f);
        for (unsigned i = 0; i < n; i++) {
                for (unsigned k = chance(longest); k > 0; k--)
                        put_noise(&m);
                if (chance(3) == 0)
                        put_report(&m);
                if (m.alternating || chance(n) < m.n_boots)
                        next_boot(&m);
                if (chance(30) == 0)
                        m.now_us -= MIN(m.now_us / 2, 50000ul); /* set back */
        }
        put_noise(&m);
        fclose(m.f);
}

/* --- making and comparing --- */

static const char *make_journal(const char *folder) {
        static char path[600];
        static const char *const ways[] = { "SYSTEMD_JOURNAL_COMPACT=0", "SYSTEMD_JOURNAL_COMPACT=1",
                                            "SYSTEMD_JOURNAL_KEYED_HASH=0 SYSTEMD_JOURNAL_COMPACT=0",
                                            "SYSTEMD_JOURNAL_COMPRESS=LZ4", "SYSTEMD_JOURNAL_COMPRESS=XZ" };
        char export[600];

        snprintf(export, sizeof(export), "%s/made.export", folder);
        make_export(export);
        snprintf(path, sizeof(path), "%s/made.journal", folder);
        shell("rm -f %s; %s /lib/systemd/systemd-journal-remote --compress=%s -o %s %s >%s/said 2>&1", path,
              ways[chance(ARRAY_SIZE(ways))], chance(3) ? "yes" : "no", path, export, folder);
        return path;
}

/* What scan prints and how it ends. */
static void compare(uint64_t number, const char *path, const char *options) {
        struct run fast = vmlife("scan %s %s", options, path), slow = vmlife("scan --every-entry %s %s", options, path);
        size_t n = 0;

        if (fast.status != slow.status)
                fail_msg("journal %" PRIu64 ", %s: exit status %d searched, %d read: %s", number, options, fast.status,
                         slow.status, fast.err);
        while (fast.out[n] && fast.out[n] == slow.out[n])
                n++;
        if (fast.out[n] || slow.out[n])
                fail_msg("journal %" PRIu64 ", %s: searched \"%.200s\", read \"%.200s\"", number, options,
                         fast.out + (n > 60 ? n - 60 : 0), slow.out + (n > 60 ? n - 60 : 0));
        run_done(&fast);
        run_done(&slow);
}

static unsigned n_journals(void) {
        const char *n = getenv("VMLIFE_JOURNALS");
        return n ? (unsigned) strtoul(n, NULL, 10) : by_checker(25, 5, 2);
}

static const char *an_option(void) {
        static const char *const options[] = { "-j 1",
                                               "-j 1",
                                               "-j 2",
                                               "-b 0",
                                               "-b -1",
                                               "--since @1790000001 --until @1790000002",
                                               "--since @1790086400",
                                               "--until @1790000001.5" };
        return options[chance(ARRAY_SIZE(options))];
}

static void test_made_up(void **state) {
        const char *folder = new_folder();

        (void) state;
        for (unsigned i = 0; i < n_journals(); i++) {
                seed = i;
                compare(i, make_journal(folder), an_option());
        }
}

/* The search must not have declined. */
static void test_searched(void **state) {
        const char *folder = new_folder();

        (void) state;
        for (unsigned i = 0; i < 5; i++) {
                seed = i;
                struct run r = vmlife("scan -v %s", make_journal(folder));
                if (strstr(r.err, "each entry"))
                        fail_msg("journal %u: %s", i, r.err);
                run_done(&r);
        }
}

/* Bytes of a file are changed, in the header or wherever objects are. */
static void mutate(const char *path) {
        int fd = open(path, O_RDWR | O_CLOEXEC);
        uint64_t used[2];

        assert_true(fd >= 0);
        assert_int_equal(pread(fd, used, sizeof(used), 88), sizeof(used));
        for (unsigned n = 1 + chance(chance(4) ? 2 : 40); n > 0; n--) {
                const uint64_t all = used[0] + used[1];
                off_t at = (off_t) (chance(8) ? (all - 1 - chance((unsigned) (all / 2))) & ~7ul : chance(272));
                uint8_t byte;

                at += chance(3) ? (off_t) chance(8) : 0;
                assert_int_equal(pread(fd, &byte, 1, at), 1);
                byte = (uint8_t) (chance(2) ? byte ^ 1u << chance(8) : chance(256));
                assert_int_equal(pwrite(fd, &byte, 1, at), 1);
        }
        close(fd);
}

static void test_damaged(void **state) {
        char path[600], *folder = strdup(new_folder());

        (void) state;
        snprintf(path, sizeof(path), "%s/damaged.journal", folder);
        for (unsigned i = 0; i < n_journals() / 5; i++) {
                seed = 100000 + i;
                const char *whole = make_journal(folder);
                for (unsigned k = 0; k < 5; k++) {
                        shell("cp --sparse=always %s %s", whole, path);
                        mutate(path);
                        compare(1000 * i + k, path, "-j 1");
                }
        }
        free(folder);
}

/* The first bucket of the fields' hash table leads nowhere: libsystemd does not notice, for no field that it looks for
 * is in it; the search does, and scan says who read the file. */
static void test_declined(void **state) {
        enum { FIELD_HASH_TABLE = 120 };
        static const uint64_t nowhere = 3;
        uint64_t at;

        (void) state;
        seed = 7;
        const char *path = make_journal(new_folder());
        int fd = open(path, O_RDWR | O_CLOEXEC);
        assert_true(fd >= 0);
        assert_int_equal(pread(fd, &at, sizeof(at), FIELD_HASH_TABLE), sizeof(at));
        assert_int_equal(pwrite(fd, &nowhere, sizeof(nowhere), (off_t) at), sizeof(nowhere));
        close(fd);
        struct run r = vmlife("scan -v %s", path);
        if (!strstr(r.err, "libsystemd looks at each entry"))
                fail_msg("scan says nothing of it: %s", r.err);
        run_done(&r);
        compare(seed, path, "-j 1");
}

/* Files that somebody writes: read at a moment when nothing comes, both ways say the same. */
static void test_open_for_writing(void **state) {
        (void) state;
        for (unsigned i = 0; i < 3; i++) {
                char path[600];
                const char *folder = new_folder();

                seed = 500 + i;
                snprintf(path, sizeof(path), "%s/made.export", folder);
                make_export(path);
                shell("mkfifo %s/pipe; (/lib/systemd/systemd-journal-remote -o %s/open.journal - <%s/pipe >%s/said "
                      "2>&1 "
                      "&) ; (cat %s; exec sleep 20) >%s/pipe 2>%s/err & echo $! >%s/writer; for i in $(seq 50); do [ "
                      "-s "
                      "%s/open.journal ] && break; sleep 0.1; done; sleep 1",
                      folder, folder, folder, folder, path, folder, folder, folder, folder);
                snprintf(path, sizeof(path), "%s/open.journal", folder);
                int fd = open(path, O_RDONLY | O_CLOEXEC);
                uint8_t written = 0;
                assert_int_equal(pread(fd, &written, 1, 16), 1);
                assert_int_equal(written, 1); /* online */
                close(fd);
                compare(seed, path, "-j 1");
                shell("kill $(cat %s/writer); sleep 0.2", folder);
        }
}

int main(void) {
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(test_made_up),          cmocka_unit_test(test_searched),
                cmocka_unit_test(test_damaged),          cmocka_unit_test(test_declined),
                cmocka_unit_test(test_open_for_writing),
        };
        load_logs();
        return cmocka_run_group_tests(tests, NULL, NULL);
}
