/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "vmlife.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cmocka_all.h"

static const char *env(const char *name) {
        const char *v = getenv(name);
        if (!v)
                fail_msg("%s is not set: run this through tests/unit/run", name);
        return v;
}

static char *read_all(const char *path) {
        FILE *f = fopen(path, "re");
        size_t n = 0, room = 1 << 16;
        char *s = malloc(room);

        assert_non_null(f);
        assert_non_null(s);
        for (size_t k; (k = fread(s + n, 1, room - n - 1, f)) > 0;) {
                n += k;
                if (room - n < 2)
                        s = realloc(s, room *= 2);
                assert_non_null(s);
        }
        s[n] = '\0';
        fclose(f);
        return s;
}

unsigned by_checker(unsigned none, unsigned sanitizer, unsigned valgrind) {
        const char *slow = getenv("VMLIFE_SLOW");
        return !slow ? none : strcmp(slow, "valgrind") == 0 ? valgrind : sanitizer;
}

void run_done(struct run *r) {
        free(r->out);
        free(r->err);
}

static struct run run(const char *before, const char *args, va_list ap) {
        char *words = NULL, *command = NULL, out[512], err[512];
        struct run r = {};

        snprintf(out, sizeof(out), "%s/out.%d", env("VMLIFE_TMP"), (int) getpid());
        snprintf(err, sizeof(err), "%s/err.%d", env("VMLIFE_TMP"), (int) getpid());
        assert_true(vasprintf(&words, args, ap) >= 0);
        assert_true(asprintf(&command, "{ %s %s\n} >%s 2>%s", before, words, out, err) >= 0);
        int status = system(command);
        r.status = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
        r.out = read_all(out);
        r.err = read_all(err);
        free(words);
        free(command);
        return r;
}

struct run vmlife(const char *args, ...) {
        va_list ap;
        va_start(ap, args);
        struct run r = run(env("VMLIFE"), args, ap);
        va_end(ap);
        return r;
}

struct run run_shell(const char *command, ...) {
        va_list ap;

        va_start(ap, command);
        struct run r = run("", command, ap);
        va_end(ap);
        return r;
}

void shell(const char *command, ...) {
        va_list ap;

        va_start(ap, command);
        struct run r = run("", command, ap);
        va_end(ap);
        if (r.status != 0)
                fail_msg("%s: %d: %s", command, r.status, r.err);
        run_done(&r);
}

struct json_object *scan(int expected_status, const char *args, ...) {
        static unsigned n_reports;
        char *all = NULL, path[512];
        va_list ap;

        assert_true(asprintf(&all, "scan --format json %s", args) >= 0);
        va_start(ap, args);
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
        struct run r = run(env("VMLIFE"), all, ap);
#pragma GCC diagnostic pop
        va_end(ap);
        free(all);
        if (r.status != expected_status)
                fail_msg("exit status %d, not %d: %s", r.status, expected_status, r.err);
        struct json_object *o = json_tokener_parse(r.out);
        if (!o)
                fail_msg("not JSON: %s", r.out);
        snprintf(path, sizeof(path), "%s/%d-%u.json", env("VMLIFE_REPORTS"), (int) getpid(), n_reports++);
        write_file(path, r.out, strlen(r.out));
        run_done(&r);
        return o;
}

const char *fixture(const char *name) {
        static char paths[4][512];
        static unsigned n;
        char *p = paths[n++ % 4];
        snprintf(p, sizeof(paths[0]), "tests/unit/fixtures/%s", name);
        return p;
}

const char *new_folder(void) {
        static char paths[8][512];
        static unsigned n;
        char *p = paths[n++ % 8];
        snprintf(p, sizeof(paths[0]), "%s/folder.XXXXXX", env("VMLIFE_TMP"));
        assert_non_null(mkdtemp(p));
        return p;
}

void write_file(const char *path, const void *data, size_t n) {
        FILE *f = fopen(path, "we");
        assert_non_null(f);
        assert_int_equal(fwrite(data, 1, n, f), n);
        assert_int_equal(fclose(f), 0);
}

const char *journal_of(const char *log, char boot, unsigned facility) {
        char path[600], command[1600], *text = read_all(log), *save = NULL;
        const char *folder = new_folder();
        unsigned long long us = 0;

        snprintf(path, sizeof(path), "%s/kernel.export", folder);
        FILE *f = fopen(path, "we");
        assert_non_null(f);
        for (char *line = strtok_r(text, "\n", &save); line; line = strtok_r(NULL, "\n", &save)) {
                unsigned long long sec, usec;
                char *message = line;

                if (sscanf(line, "[ %llu.%6llu]", &sec, &usec) == 2) {
                        us = sec * 1000000 + usec;
                        message = strchr(line, ']') + 1;
                        if (strncmp(message, "[", 1) == 0)
                                message = strchr(message, ']') + 1;
                        if (*message == ' ')
                                message++;
                }
                fprintf(f, "__REALTIME_TIMESTAMP=%llu\n__MONOTONIC_TIMESTAMP=%llu\n_BOOT_ID=", 1790000000000000ull + us,
                        us + 5);
                for (int i = 0; i < 32; i++)
                        fputc(boot, f);
                fprintf(f,
                        "\n_MACHINE_ID=00112233445566778899aabbccddeeff\n_HOSTNAME=lab-1\n_TRANSPORT=kernel\n"
                        "_SOURCE_MONOTONIC_TIMESTAMP=%llu\nSYSLOG_FACILITY=%u\nSYSLOG_IDENTIFIER=kernel\nPRIORITY="
                        "4\nMESSAGE=%s\n\n",
                        us, facility, message);
        }
        fclose(f);
        free(text);
        snprintf(command, sizeof(command),
                 "/lib/systemd/systemd-journal-remote -o %s/test.journal %s/kernel.export >%s/said 2>&1", folder,
                 folder, folder);
        int status = system(command);
        if (status != 0)
                fail_msg("systemd-journal-remote failed with %d", status);
        return folder;
}

struct json_object *member(struct json_object *o, const char *key) {
        struct json_object *v;
        if (!json_object_object_get_ex(o, key, &v))
                fail_msg("there is no member %s in %s", key, json_object_to_json_string(o));
        return v;
}

const char *text_of(struct json_object *o, const char *key) {
        return json_object_get_string(member(o, key));
}

size_t n_findings(struct json_object *report) {
        return json_object_array_length(member(report, "findings"));
}

struct json_object *finding(struct json_object *report, size_t i) {
        struct json_object *f = json_object_array_get_idx(member(report, "findings"), i);
        assert_non_null(f);
        return f;
}
