/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "follower.h"

#include <json-c/json.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/macros.h"
#include "cmocka_all.h"
#include "vmlife.h"

/* new_folder() remembers a few; those of a test last as long as it. */
const char *own_folder(void) {
        static char paths[64][512];
        static size_t n;

        assert_true(n < ARRAY_SIZE(paths));
        snprintf(paths[n], sizeof(paths[n]), "%s", new_folder());
        return paths[n++];
}

/* --- journals that grow --- */

static const char *const logs[N_GROWING] = {
        "vmlife.log",
        "kcsan-ps2.log",
        "lockdep-circular.log",
        "kcsan-republish.log",
        "bug.log",
        "warn-new-banner.log",
        "lockdep-rcu.log",
        "lockdep-recursive.log",
        "kinds/kasan-uaf.log",
        "kinds/hung-task.log",
        "kinds/refcount-underflow.log",
        "kinds/soft-lockup.log",
        "kinds/ubsan.log",
        "kinds/gpf.log",
        "vmlife.log",
        "kcsan-ps2.log",
};

/* Some reports with noise between, at times that rise from *us on. */
static void write_log(const char *path, size_t first, size_t end, unsigned noise, unsigned long long *us) {
        FILE *f = fopen(path, "we");

        assert_non_null(f);
        for (size_t i = first; i < end; i++) {
                char line[4096];
                FILE *in = fopen(fixture(logs[i % ARRAY_SIZE(logs)]), "re");

                assert_non_null(in);
                for (unsigned k = 0; k < noise; k++, *us += 1000)
                        fprintf(f, "[%5llu.%06llu] usb 1-%u: new high-speed USB device number %u using xhci_hcd\n",
                                *us / 1000000, *us % 1000000, k % 4, k);
                for (; fgets(line, sizeof(line), in); *us += 100) {
                        const char *text = strchr(line, ']');
                        if (text && text[1] == '[')
                                text = strchr(text + 1, ']');
                        fprintf(f, "[%5llu.%06llu] %s", *us / 1000000, *us % 1000000, text ? text + 2 : line);
                }
                fclose(in);
        }
        fclose(f);
}

/* A part of that as a journal of its own in the folder. */
void add_journal(const char *folder, const char *name, char boot, size_t first, size_t end, unsigned noise,
                 unsigned long long *us) {
        char log[600], command[2048];

        snprintf(log, sizeof(log), "%s/part.log", new_folder());
        write_log(log, first, end, noise, us);
        /* Not seen before it is whole. */
        snprintf(command, sizeof(command), "cp %s/test.journal %s/.new && mv %s/.new %s/%s.journal",
                 journal_of(log, boot, 0), folder, folder, folder, name);
        assert_int_equal(system(command), 0);
}

/* --- what a reader makes of the lines --- */

/* A boot begins once, and each loss is told once. */
static void check_others(struct json_object *others, struct json_object *o, const char *line) {
        const bool boot = strcmp(text_of(o, "type"), "boot") == 0;

        if (boot && strcmp(text_of(member(o, "follow"), "why"), "first") != 0)
                return;
        if (json_object_object_get_ex(others, text_of(o, "id"), NULL))
                fail_msg("told twice: %s", line);
        json_object_object_add(others, text_of(o, "id"), json_object_new_boolean(true));
}

static void take_line(struct json_object *all, struct json_object *others, const char *line, bool once) {
        struct json_object *o = json_tokener_parse(line), *v;

        if (!o)
                fail_msg("not JSON: %s", line);
        const char *type = text_of(o, "type");
        const bool other = strcmp(type, "loss") == 0 || strcmp(type, "boot") == 0;
        const char *id = other ? "" : text_of(o, "id");
        if (other && once)
                check_others(others, o, line);
        if (strcmp(type, "finding") == 0) {
                if (once && json_object_object_get_ex(all, id, NULL))
                        fail_msg("told twice: %s", line);
                assert_true(strlen(text_of(member(o, "follow"), "ended")) > 0);
                json_object_object_del(o, "type");
                json_object_object_del(o, "follow");
                if (!json_object_object_get_ex(all, id, NULL))
                        json_object_object_add(all, id, json_object_get(o));
        } else if (strcmp(type, "update") == 0) {
                struct json_object *known = member(all, id);
                json_object_object_foreach(o, key, value) {
                        if (strcmp(key, "type") == 0 || strcmp(key, "revision") == 0)
                                continue;
                        json_object_object_del(known, key);
                        if (value)
                                json_object_object_add(known, key, json_object_get(value));
                }
        } else if (strcmp(type, "withdrawn") == 0) {
                assert_true(json_object_object_get_ex(all, id, &v));
                json_object_object_del(all, id);
        }
        json_object_put(o);
}

/* The findings by id. once: nothing may be told twice. */
struct json_object *findings_in(const char *path, bool once) {
        struct json_object *all = json_object_new_object(), *others = json_object_new_object();
        FILE *f = fopen(path, "re");
        char *line = NULL;
        size_t room = 0;

        for (ssize_t n; f && (n = getline(&line, &room, f)) > 0;) {
                assert_int_equal(line[n - 1], '\n');
                take_line(all, others, line, once);
        }
        free(line);
        json_object_put(others);
        if (f)
                fclose(f);
        return all;
}

size_t count_lines(const char *path, const char *holding) {
        FILE *f = fopen(path, "re");
        char *line = NULL;
        size_t room = 0, n = 0;

        while (f && getline(&line, &room, f) > 0)
                n += strstr(line, holding) != NULL;
        free(line);
        if (f)
                fclose(f);
        return n;
}

/* All that was told, put together, is what a scan finds. */
void same_as_scan(const char *output, const char *folder, bool once) {
        struct json_object *told = findings_in(output, once), *report = scan(1, "-D %s", folder);

        assert_true(n_findings(report) > 0);
        for (size_t i = 0; i < n_findings(report); i++) {
                struct json_object *f = finding(report, i), *other = member(told, text_of(f, "id"));
                json_object_object_foreach(f, key, value) {
                        /* Entries are counted in the order in which they came; the cursor is the place. */
                        if (strcmp(key, "source") == 0)
                                assert_string_equal(text_of(value, "cursor"), text_of(member(other, key), "cursor"));
                        else if (strcmp(key, "boot") != 0 && !json_object_equal(value, member(other, key)))
                                fail_msg("%s of %s is %s, not %s", key, text_of(f, "title"),
                                         json_object_to_json_string(member(other, key)),
                                         json_object_to_json_string(value));
                }
                assert_int_equal(json_object_object_length(other), json_object_object_length(f));
        }
        assert_int_equal(json_object_object_length(told), (int) n_findings(report));
        json_object_put(report);
        json_object_put(told);
}

/* --- follow as a process --- */

static pid_t start_words(const char *before, const char *format, va_list ap) {
        char *words = NULL, *command = NULL;

        assert_true(vasprintf(&words, format, ap) > 0);
        assert_true(asprintf(&command, "exec %s %s follow %s 2>>%s/follow.err", before, getenv("VMLIFE"), words,
                             getenv("VMLIFE_TMP")) > 0);
        pid_t pid = fork();
        if (pid == 0) {
                /* A test that fails leaves nobody behind. */
                prctl(PR_SET_PDEATHSIG, SIGKILL);
                execl("/bin/sh", "sh", "-c", command, NULL);
                _exit(127);
        }
        free(words), free(command);
        return pid;
}

pid_t start(const char *format, ...) {
        va_list ap;

        va_start(ap, format);
        pid_t pid = start_words("", format, ap);
        va_end(ap);
        return pid;
}

/* With a library preloaded that fails in the way that the setting says. */
pid_t start_failing(const char *setting, const char *format, ...) {
        char before[1024];
        va_list ap;

        snprintf(before, sizeof(before), "env LD_PRELOAD=%s %s", getenv("VMLIFE_FAIL"), setting);
        va_start(ap, format);
        pid_t pid = start_words(before, format, ap);
        va_end(ap);
        return pid;
}

int end_of(pid_t pid) {
        int status;

        assert_int_equal(waitpid(pid, &status, 0), pid);
        return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

double now(void) {
        struct timespec ts;
        clock_gettime(CLOCK_MONOTONIC, &ts);
        return (double) ts.tv_sec + (double) ts.tv_nsec / 1e9;
}

void nap(double s) {
        struct timespec ts = { (time_t) s, (long) ((s - (double) (time_t) s) * 1e9) };
        nanosleep(&ts, NULL);
}

bool is_slow(void) {
        return getenv("VMLIFE_SLOW");
}

/* Until so many lines hold that. */
void wait_for(const char *path, const char *holding, size_t n) {
        const double until = now() + (is_slow() ? 120 : 20);

        while (count_lines(path, holding) < n) {
                if (now() > until)
                        fail_msg("%zu lines with %s did not come in time: there are %zu", n, holding,
                                 count_lines(path, holding));
                nap(0.02);
        }
}
