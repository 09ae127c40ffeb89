/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Writes logs of any size to standard output, the same ones for the same arguments: real kernel messages in a
 * random order, with times and callers of a kernel with PRINTK_CALLER, and whole reports among them.
 *
 *   generate text BYTES EVERY     noise with a report every EVERY lines (0: none)
 *   generate reports BYTES        nothing but reports
 *   generate distinct N           N reports that no two functions share
 *   generate export N EVERY BOOT  N journal entries in the export format, of boot BOOT (a number), with a report
 *                                 every EVERY entries
 *   generate unique N EVERY BOOT  the same, and no message of the noise is like another
 *
 * The messages come from noise.txt and reports.txt in the folder that $BENCH_DATA names. */
#include <errno.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { MESSAGES_MAX = 4096, REPORTS_MAX = 64 };

struct message {
        const char *s;
        size_t n;
};

static struct message noise[MESSAGES_MAX], lines[MESSAGES_MAX];
static struct { size_t first, end; /* of lines */ } reports[REPORTS_MAX];
static size_t n_noise, n_lines, n_reports;

static void die(const char *what) {
        fprintf(stderr, "generate: %s: %s\n", what, strerror(errno));
        exit(2);
}

/* --- output: lines are put together in one large buffer --- */

static char out[1 << 20];
static size_t out_n;
static uint64_t written;

static void flush(void) {
        for (size_t at = 0; at < out_n;) {
                ssize_t k = write(STDOUT_FILENO, out + at, out_n - at);
                if (k < 0 && errno == EPIPE)
                        exit(0);
                if (k < 0)
                        die("standard output");
                at += (size_t) k;
        }
        out_n = 0;
}

static void put(const void *p, size_t n) {
        if (sizeof(out) - out_n < n)
                flush();
        memcpy(out + out_n, p, n);
        out_n += n;
        written += n;
}

static void put_text(const char *s) {
        put(s, strlen(s));
}

/* In decimal, padded on the left to a width. */
static void put_number(uint64_t v, size_t width, char pad) {
        char digits[40];
        size_t n = sizeof(digits);

        do
                digits[--n] = (char) ('0' + v % 10);
        while ((v /= 10));
        while (sizeof(digits) - n < width)
                digits[--n] = pad;
        put(digits + n, sizeof(digits) - n);
}

/* --- the messages --- */

static char *load(const char *folder, const char *name) {
        char path[4096];

        snprintf(path, sizeof(path), "%s/%s", folder, name);
        FILE *f = fopen(path, "re");
        char *text = calloc(1, 1 << 20);
        if (!f || !text || fread(text, 1, (1 << 20) - 1, f) == 0)
                die(path);
        fclose(f);
        return text;
}

static void load_all(void) {
        const char *folder = getenv("BENCH_DATA");
        char *save = NULL;

        if (!folder)
                folder = "tests/bench";
        for (char *l = strtok_r(load(folder, "noise.txt"), "\n", &save); l; l = strtok_r(NULL, "\n", &save))
                if (strncmp(l, "# ", 2) != 0 && n_noise < MESSAGES_MAX)
                        noise[n_noise++] = (struct message){ l, strlen(l) };

        /* Empty lines are part of reports, so no strtok here. */
        for (char *l = load(folder, "reports.txt"), *end; (end = strchr(l, '\n')); l = end + 1) {
                *end = '\0';
                if (strncmp(l, "# ", 2) == 0)
                        continue;
                if (strcmp(l, "%") == 0 || n_reports == 0)
                        reports[n_reports++].first = n_lines;
                if (strcmp(l, "%") != 0)
                        lines[n_lines++] = (struct message){ l, strlen(l) };
                reports[n_reports - 1].end = n_lines;
                if (n_lines == MESSAGES_MAX || n_reports == REPORTS_MAX)
                        break;
        }
        if (n_noise == 0 || n_reports == 0)
                die("no messages");
}

/* --- time, chance, and who prints --- */

static uint64_t now_us = 1000000, seed = 1;

static uint32_t chance(uint32_t n) {
        seed = seed * 6364136223846793005u + 1442695040888963407u;
        return (uint32_t) ((seed >> 33) % n);
}

static void put_prefix(uint32_t task) {
        put_text("[");
        put_number(now_us / 1000000, 5, ' ');
        put_text(".");
        put_number(now_us % 1000000, 6, '0');
        put_text("][");
        char caller[16];
        snprintf(caller, sizeof(caller), "T%u", task);
        for (size_t n = strlen(caller); n < 5; n++)
                put_text(" ");
        put_text(caller);
        put_text("] ");
}

static void text_line(const struct message *m, uint32_t task) {
        put_prefix(task);
        put(m->s, m->n);
        put_text("\n");
        now_us += chance(1000);
}

static void text_noise(void) {
        text_line(&noise[chance((uint32_t) n_noise)], 1 + chance(200));
}

static void text_report(void) {
        static uint32_t turn;
        uint32_t task = 200 + chance(200), i = turn++ % (uint32_t) n_reports;

        for (size_t k = reports[i].first; k < reports[i].end; k++)
                text_line(&lines[k], task);
}

/* --- modes --- */

static void text(uint64_t bytes, uint64_t every) {
        for (uint64_t n = 1; written < bytes; n++) {
                text_noise();
                if (every && n % every == 0)
                        text_report();
        }
}

static void nothing_but_reports(uint64_t bytes) {
        while (written < bytes)
                text_report();
}

/* The last report is a race with a reader of its own name, which becomes another in each. */
static void distinct(uint64_t n) {
        const char name[] = "read_vm";

        for (uint64_t i = 0; i < n; i++)
                for (size_t k = reports[n_reports - 1].first; k < reports[n_reports - 1].end; k++) {
                        const char *l = lines[k].s, *at = strstr(l, name);
                        put_prefix(65);
                        if (at) {
                                put(l, (size_t) (at - l) + strlen(name));
                                put_text("_");
                                put_number(i, 6, '0');
                                l = at + strlen(name);
                        }
                        put_text(l);
                        put_text("\n");
                        now_us += 100;
                }
}

static void entry(const struct message *m, uint64_t boot, bool unique) {
        /* journald files what the kernel prints in this order of fields. */
        put_text("__REALTIME_TIMESTAMP=");
        put_number(1763892000000000 + boot * 86400000000 + now_us, 0, ' ');
        put_text("\n__MONOTONIC_TIMESTAMP=");
        put_number(now_us, 0, ' ');
        put_text("\n_BOOT_ID=");
        put_number(boot + 1, 32, '0');
        put_text("\n_SOURCE_MONOTONIC_TIMESTAMP=");
        put_number(now_us, 0, ' ');
        put_text("\n_TRANSPORT=kernel\nPRIORITY=6\nSYSLOG_FACILITY=0\nSYSLOG_IDENTIFIER=kernel\n"
                 "_MACHINE_ID=00112233445566778899aabbccddeeff\n_HOSTNAME=lab-1\nMESSAGE=");
        put(m->s, m->n);
        if (unique) {
                put_text(" ");
                put_number(now_us, 0, ' ');
        }
        put_text("\n\n");
        now_us += 1 + chance(1000);
}

static void export(uint64_t n, uint64_t every, uint64_t boot, bool unique) {
        uint64_t since = 0;

        seed += boot;
        for (uint64_t i = 0; i < n; since++) {
                if (every && since >= every) {
                        uint32_t r = chance((uint32_t) n_reports);
                        for (size_t k = reports[r].first; k < reports[r].end && i < n; k++, i++)
                                entry(&lines[k], boot, false);
                        since = 0;
                        continue;
                }
                entry(&noise[chance((uint32_t) n_noise)], boot, unique);
                i++;
        }
}

static uint64_t number(const char *s) {
        char *end;
        uint64_t v = strtoull(s, &end, 10);
        if (*end || end == s) {
                fprintf(stderr, "generate: \"%s\" is no number\n", s);
                exit(2);
        }
        return v;
}

int main(int argc, char **argv) {
        load_all();
        if (argc == 4 && strcmp(argv[1], "text") == 0)
                text(number(argv[2]), number(argv[3]));
        else if (argc == 3 && strcmp(argv[1], "reports") == 0)
                nothing_but_reports(number(argv[2]));
        else if (argc == 3 && strcmp(argv[1], "distinct") == 0)
                distinct(number(argv[2]));
        else if (argc == 5 && (strcmp(argv[1], "export") == 0 || strcmp(argv[1], "unique") == 0))
                export(number(argv[2]), number(argv[3]), number(argv[4]), argv[1][0] == 'u');
        else {
                fputs("usage: generate text BYTES EVERY | reports BYTES | distinct N | export|unique N EVERY BOOT\n",
                      stderr);
                return 2;
        }
        flush();
        return 0;
}
