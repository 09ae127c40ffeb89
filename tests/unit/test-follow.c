/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* follow, as a service manager and a reader of its output see it. Whatever happens to it, the lines put together must
 * be what one scan of the same journal finds, finding by finding and member by member. */
#include <errno.h>
#include <fcntl.h>
#include <json-c/json.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/macros.h"
#include "cmocka_all.h"
#include "follower.h"
#include "vmlife.h"

#define FINDING "\"type\":\"finding\""

static void test_once(void **state) {
        (void) state;
        const char *folder = own_folder(), *place = own_folder();
        unsigned long long us = 1000000;
        char out[600];

        snprintf(out, sizeof(out), "%s/out", place);
        add_journal(folder, "a", 'a', 0, N_GROWING, 30, &us);
        assert_int_equal(end_of(start("-D %s --once >%s", folder, out)), 0);
        same_as_scan(out, folder, true);
        char *check = NULL;
        assert_true(asprintf(&check,
                             "cd %s && split -l 1 -d -a 4 out line. && cd - >/dev/null && "
                             "/usr/bin/jsonschema $(printf -- '-i %%s ' %s/line.*) analyzer/schema/follow.schema.json",
                             place, place) > 0);
        assert_int_equal(system(check), 0);
        free(check);
        /* Without a state it all comes again, and means the same. */
        assert_int_equal(end_of(start("-D %s --once >>%s", folder, out)), 0);
        same_as_scan(out, folder, false);
}

/* Killed again and again while it reads: what is in the file is there once, and nothing is missing. */
static void test_killed(void **state) {
        (void) state;
        const char *folder = own_folder(), *place = own_folder();
        const unsigned kills = getenv("VMLIFE_KILLS") ? (unsigned) atoi(getenv("VMLIFE_KILLS")) : is_slow() ? 12 : 20;
        unsigned long long us = 1000000;
        unsigned seed = 42, died = 0, reading = 0, idle = 0, rounds = 1;
        char out[600], trial[600], file[610];
        size_t told = 0;

        snprintf(out, sizeof(out), "%s/out", place);
        snprintf(trial, sizeof(trial), "%s/trial", place);
        add_journal(folder, "a", 'a', 0, 32, 200, &us);
        add_journal(folder, "b", 'b', 5, 25, 100, &us);

        /* How long it takes to start, and to read it all. */
        double t = now();
        assert_int_equal(end_of(start("-D %s --once --batch 40 -o %s --state %s.state", folder, trial, trial)), 0);
        const double all = now() - t;
        t = now();
        assert_int_equal(end_of(start("-D %s --once --batch 40 -o %s --state %s.state", folder, trial, trial)), 0);
        double begin = now() - t;
        const size_t total = count_lines(trial, FINDING);
        same_as_scan(trial, folder, true);

        for (unsigned i = 0; i < kills; i++) {
                seed = seed * 1103515245 + 12345;
                const double spread = 1.5 * (all > begin ? all - begin : 0.01) / kills;
                pid_t pid = start("-D %s --batch 40 -o %s --state %s.state", folder, out, out);
                /* Some die before they have begun. */
                nap((i % 8 ? begin : 0) + spread * (double) (seed / 65536 % 1000) / 1000);
                kill(pid, SIGKILL);
                died += end_of(pid) == 128 + SIGKILL;
                /* Where the machine is slow it takes longer to begin; where all was found, it begins from nothing. */
                const size_t found = count_lines(out, FINDING);
                if (found == told && ++idle > 4)
                        begin *= 1.2, idle = 0;
                else if (found != told)
                        told = found, idle = 0;
                reading += found < total;
                if (found == total && i + 1 < kills) {
                        assert_int_equal(end_of(start("-D %s --once -o %s --state %s.state", folder, out, out)), 0);
                        same_as_scan(out, folder, true);
                        snprintf(file, sizeof(file), "%s.state", out);
                        assert_int_equal(unlink(out) | unlink(file), 0);
                        told = 0;
                        rounds++;
                }
        }
        assert_int_equal(died, kills);
        assert_int_equal(end_of(start("-D %s --once -o %s --state %s.state", folder, out, out)), 0);
        same_as_scan(out, folder, true);
        print_message("# killed %u times, %u of them before all was found, in %u rounds\n", kills, reading, rounds);
        assert_true(reading > kills / 4);
        /* And again, with nothing new. */
        const size_t lines = count_lines(out, "");
        assert_int_equal(end_of(start("-D %s --once -o %s --state %s.state", folder, out, out)), 0);
        assert_int_equal(count_lines(out, ""), lines);
}

/* Journals that come while it reads: of the same boot, of the next one, and of another machine and earlier times. */
static void test_later(void **state) {
        (void) state;
        const char *folder = own_folder();
        unsigned long long us = 1000000, early = 500000, next = 90000000;
        char out[600];

        snprintf(out, sizeof(out), "%s/out", own_folder());
        pid_t pid = start("-D %s -o %s --state %s.state", folder, out, out);
        add_journal(folder, "a", 'a', 0, 2, 5, &us);
        wait_for(out, FINDING, 3);
        add_journal(folder, "b", 'a', 2, 4, 5, &us);
        wait_for(out, FINDING, 5);
        add_journal(folder, "c", 'c', 4, 6, 5, &next);
        wait_for(out, FINDING, 7);
        wait_for(out, "\"why\":\"over\"", 1);
        add_journal(folder, "d", 'd', 6, 8, 5, &early);
        wait_for(out, FINDING, 9);
        kill(pid, SIGTERM);
        assert_int_equal(end_of(pid), 0);
        same_as_scan(out, folder, true);
}

/* The file is moved away as logrotate does it. */
static void test_reopen(void **state) {
        (void) state;
        const char *folder = own_folder();
        unsigned long long us = 1000000;
        char out[600], moved[610], command[3072];

        snprintf(out, sizeof(out), "%s/out", own_folder());
        snprintf(moved, sizeof(moved), "%s.1", out);
        add_journal(folder, "a", 'a', 0, 2, 5, &us);
        pid_t pid = start("-D %s -o %s --state %s.state", folder, out, out);
        wait_for(out, FINDING, 3);
        const size_t first = count_lines(out, FINDING);
        assert_int_equal(rename(out, moved), 0);
        kill(pid, SIGHUP);
        for (double until = now() + 60; access(out, F_OK) < 0 && now() < until;)
                nap(0.02);
        add_journal(folder, "b", 'a', 2, 4, 5, &us);
        wait_for(out, FINDING, 2);
        kill(pid, SIGKILL);
        end_of(pid);
        assert_int_equal(count_lines(moved, FINDING), first);
        assert_int_equal(end_of(start("-D %s --once -o %s --state %s.state", folder, out, out)), 0);
        snprintf(command, sizeof(command), "cat %s >> %s && mv %s %s", out, moved, moved, out);
        assert_int_equal(system(command), 0);
        same_as_scan(out, folder, true);
}

/* A half line, as a crash of the machine may leave it, goes; a damaged state is said and costs nothing but time. */
static void test_damage(void **state) {
        (void) state;
        const char *folder = own_folder();
        unsigned long long us = 1000000;
        char out[600], file[700];
        struct stat st;

        snprintf(out, sizeof(out), "%s/out", own_folder());
        snprintf(file, sizeof(file), "%s.state", out);
        add_journal(folder, "a", 'a', 0, 6, 5, &us);
        assert_int_equal(end_of(start("-D %s --once -o %s --state %s", folder, out, file)), 0);
        FILE *f = fopen(out, "ae");
        fputs("{\"type\":\"find", f);
        fclose(f);
        assert_int_equal(end_of(start("-D %s --once -o %s --state %s", folder, out, file)), 0);
        same_as_scan(out, folder, true);

        assert_int_equal(stat(file, &st), 0);
        int fd = open(file, O_WRONLY | O_CLOEXEC);
        assert_int_equal(pwrite(fd, "\xff\xff", 2, st.st_size / 2), 2);
        close(fd);
        assert_int_equal(end_of(start("-D %s --once -o %s --state %s", folder, out, file)), 0);
        same_as_scan(out, folder, true);
        snprintf(file, sizeof(file), "%s.state.old", out);
        assert_int_equal(access(file, F_OK), 0);
}

/* --- the first run, which no state precedes --- */

static bool can_preload(void) {
        if (getenv("VMLIFE_FAIL"))
                return true;
        puts("# skip: a checker and the preloaded library exclude each other");
        return false;
}

/* Killed at each call that changes a file, one run each; so is the run after it, at its third. */
static void test_first_run_killed(void **state) {
        (void) state;
        const char *folder = own_folder(), *place = own_folder();
        unsigned long long us = 1000000;
        unsigned at = 1;
        char out[600], setting[32];

        if (!can_preload())
                return;
        snprintf(out, sizeof(out), "%s/out", place);
        add_journal(folder, "a", 'a', 0, 5, 5, &us);
        for (int status = 0;; at++) {
                snprintf(setting, sizeof(setting), "KILL_AT=%u", at);
                status = end_of(
                        start_failing(setting, "-D %s --once --batch 40 -o %s --state %s.state", folder, out, out));
                if (status == 0)
                        break;
                assert_int_equal(status, 128 + SIGKILL);
                (void) end_of(
                        start_failing("KILL_AT=3", "-D %s --once --batch 40 -o %s --state %s.state", folder, out, out));
                assert_int_equal(end_of(start("-D %s --once -o %s --state %s.state", folder, out, out)), 0);
                same_as_scan(out, folder, true);
                shell("rm %s/*", place);
        }
        print_message("# killed at %u places\n", at - 1);
        assert_true(at > 20);
}

/* A disk of the state that is full from the start, and one that fills later: no line without a state that names its
 * file. */
static void test_state_disk_full(void **state) {
        (void) state;
        const char *folder = own_folder(), *place = own_folder();
        unsigned long long us = 1000000;
        char out[600];

        if (!can_preload())
                return;
        snprintf(out, sizeof(out), "%s/out", place);
        add_journal(folder, "a", 'a', 0, 5, 5, &us);
        assert_int_equal(
                end_of(start_failing("FAIL_FULL=out.state", "-D %s --once -o %s --state %s.state", folder, out, out)),
                2);
        assert_int_equal(count_lines(out, ""), 0);
        /* The state is there by now, and tells of nothing. */
        (void) end_of(start_failing("KILL_AT=12", "-D %s --once --batch 40 -o %s --state %s.state", folder, out, out));
        for (int i = 0; i < 3; i++)
                assert_int_equal(
                        end_of(start_failing("FAIL_FULL=out.state", "-D %s --once --batch 40 -o %s --state %s.state",
                                             folder, out, out)),
                        2);
        assert_true(count_lines(out, FINDING) > 0);
        assert_int_equal(end_of(start("-D %s --once -o %s --state %s.state", folder, out, out)), 0);
        same_as_scan(out, folder, true);
}

/* A state that was lost, or copied from a place where its file had another number: what the file has counts. */
static void test_state_lost(void **state) {
        (void) state;
        const char *folder = own_folder();
        unsigned long long us = 1000000;
        char out[600], copy[620];

        snprintf(out, sizeof(out), "%s/out", own_folder());
        snprintf(copy, sizeof(copy), "%s.copy", out);
        add_journal(folder, "a", 'a', 0, 3, 5, &us);
        assert_int_equal(end_of(start("-D %s --once -o %s --state %s.state", folder, out, out)), 0);
        shell("cp %s %s && cp %s.state %s.state", out, copy, out, copy);
        add_journal(folder, "b", 'a', 3, 6, 5, &us);
        assert_int_equal(end_of(start("-D %s --once -o %s --state %s.state", folder, copy, copy)), 0);
        same_as_scan(copy, folder, true);
        shell("rm %s.state && printf '{\"type\":\"finding\",\"id' >>%s", out, out);
        assert_int_equal(end_of(start("-D %s --once -o %s --state %s.state", folder, out, out)), 0);
        same_as_scan(out, folder, true);
        /* Without a state, too. */
        assert_int_equal(end_of(start("-D %s --once -o %s", folder, out)), 0);
        same_as_scan(out, folder, true);
        /* What the journals no longer have is not withdrawn. */
        shell("rm %s.state %s/b.journal", out, folder);
        assert_int_equal(end_of(start("-D %s --once -o %s --state %s.state", folder, out, out)), 0);
        assert_int_equal(count_lines(out, "withdrawn"), 0);
}

/* A file of somebody's is added to, and its last line ended. */
static void test_foreign_output(void **state) {
        (void) state;
        const char *folder = own_folder();
        unsigned long long us = 1000000;
        char out[600];

        snprintf(out, sizeof(out), "%s/out", own_folder());
        add_journal(folder, "a", 'a', 0, 2, 5, &us);
        static const char foreign[] = "one\n{\"a\": 1}";
        write_file(out, foreign, strlen(foreign));
        assert_int_equal(end_of(start("-D %s --once -o %s --state %s.state", folder, out, out)), 0);
        assert_int_equal(count_lines(out, "one\n") + count_lines(out, "{\"a\": 1}\n"), 2);
        assert_int_equal(count_lines(out, FINDING), 4);
}

/* Two must not share a state. */
static void test_lock(void **state) {
        (void) state;
        const char *folder = own_folder();
        unsigned long long us = 1000000;
        char out[600];

        snprintf(out, sizeof(out), "%s/out", own_folder());
        add_journal(folder, "a", 'a', 0, 1, 5, &us);
        pid_t pid = start("-D %s -o %s --state %s.state", folder, out, out);
        wait_for(out, FINDING, 1);
        assert_int_equal(end_of(start("-D %s --once -o %s --state %s.state", folder, out, out)), 2);
        /* Nor an output, by whatever name. */
        shell("ln %s %s.link", out, out);
        assert_int_equal(end_of(start("-D %s --once -o %s.link --state %s.other", folder, out, out)), 2);
        assert_int_equal(end_of(start("-D %s --once -o %s", folder, out)), 2);
        /* It keeps the file where nobody moved it away. */
        kill(pid, SIGHUP);
        add_journal(folder, "b", 'a', 1, 3, 5, &us);
        wait_for(out, FINDING, 4);
        kill(pid, SIGTERM);
        assert_int_equal(end_of(pid), 0);
        same_as_scan(out, folder, true);
        assert_int_equal(end_of(start("-D %s --once -o %s.state --state %s.state", folder, out, out)), 2);
}

/* --- standard streams --- */

/* Nobody reads: SIGTERM ends it all the same, also where its messages go the same way. */
static void test_blocked_reader(void **state) {
        (void) state;
        const char *folder = own_folder();
        unsigned long long us = 1000000;

        add_journal(folder, "a", 'a', 0, 64, 5, &us);
        for (int both = 0; both < 2; both++) {
                int fds[2], status;
                assert_int_equal(pipe2(fds, O_CLOEXEC), 0);
                assert_true(fcntl(fds[1], F_SETPIPE_SZ, 4096) >= 4096);
                pid_t pid = fork();
                if (pid == 0) {
                        char *command = NULL;
                        prctl(PR_SET_PDEATHSIG, SIGKILL);
                        dup2(fds[1], STDOUT_FILENO);
                        if (asprintf(&command, "exec %s follow -D %s %s", getenv("VMLIFE"), folder,
                                     both ? "2>&1" : "2>/dev/null") > 0)
                                execl("/bin/sh", "sh", "-c", command, NULL);
                        _exit(127);
                }
                close(fds[1]);
                /* Full, for nobody takes anything out. */
                struct pollfd readable = { .fd = fds[0], .events = POLLIN };
                assert_int_equal(poll(&readable, 1, 60000), 1);
                nap(is_slow() ? 5 : 0.5);
                kill(pid, SIGTERM);
                const double until = now() + (is_slow() ? 60 : 10);
                pid_t ended = 0;
                while ((ended = waitpid(pid, &status, WNOHANG)) == 0 && now() < until)
                        nap(0.02);
                if (ended == 0) {
                        kill(pid, SIGKILL);
                        waitpid(pid, &status, 0);
                }
                close(fds[0]);
                assert_int_equal(ended, pid);
                assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 2);
        }
}

/* A reader that is slow gets it all, piece by piece. */
static void test_slow_reader(void **state) {
        (void) state;
        const char *folder = own_folder();
        unsigned long long us = 1000000;
        char out[600];

        snprintf(out, sizeof(out), "%s/out", own_folder());
        add_journal(folder, "a", 'a', 0, 64, 5, &us);
        shell("%s follow -D %s --once | { sleep 0.3; dd bs=1000 2>/dev/null; } >%s", getenv("VMLIFE"), folder, out);
        same_as_scan(out, folder, true);
}

/* A file that it opens must not become one of the closed streams. */
static void test_closed_streams(void **state) {
        (void) state;
        const char *folder = own_folder(), *place = own_folder();
        unsigned long long us = 1000000;
        char out[600];
        /* valgrind keeps descriptor 2 for its own log and does not let the command open it. */
        const char *closed = strstr(getenv("VMLIFE"), "valgrind") ? "<&- >&-" : "<&- >&- 2>&-";

        snprintf(out, sizeof(out), "%s/out", place);
        add_journal(folder, "a", 'a', 0, 2, 5, &us);
        shell("%s follow -D %s --once -o %s --state %s.state %s", getenv("VMLIFE"), folder, out, out, closed);
        same_as_scan(out, folder, true);
        shell("! %s follow -D %s --once --state %s.other %s", getenv("VMLIFE"), folder, out, closed);
        shell("! %s scan %s %s", getenv("VMLIFE"), fixture("bug.log"), closed);
        shell("! test -s %s.state.lock && ! test -s %s.other.lock", out, out);
}

/* --- the service manager --- */

static int listen_at(const char *path) {
        struct sockaddr_un a = { .sun_family = AF_UNIX };
        int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);

        assert_true(strlen(path) < sizeof(a.sun_path));
        memcpy(a.sun_path, path, strlen(path) + 1);
        assert_int_equal(bind(fd, (struct sockaddr *) &a, sizeof(a)), 0);
        struct timeval patience = { .tv_sec = 60 };
        setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
        return fd;
}

static void hear(int fd, const char *what) {
        char said[1024];

        for (;;) {
                ssize_t n = recv(fd, said, sizeof(said) - 1, 0);
                if (n <= 0)
                        fail_msg("the service manager was not told %s", what);
                said[n] = '\0';
                if (strstr(said, what))
                        return;
        }
}

static void test_notify(void **state) {
        (void) state;
        const char *folder = own_folder();
        unsigned long long us = 1000000;
        char out[600], path[108];

        snprintf(out, sizeof(out), "%s/out", own_folder());
        snprintf(path, sizeof(path), "%s/notify.%d", getenv("VMLIFE_TMP"), (int) getpid());
        int fd = listen_at(path);
        add_journal(folder, "a", 'a', 0, 3, 5, &us);
        setenv("NOTIFY_SOCKET", path, 1);
        setenv("WATCHDOG_USEC", "400000", 1);
        pid_t pid = start("-D %s -o %s", folder, out);
        unsetenv("NOTIFY_SOCKET");
        unsetenv("WATCHDOG_USEC");
        hear(fd, "READY=1");
        hear(fd, "findings told, waiting for more");
        hear(fd, "WATCHDOG=1");
        hear(fd, "WATCHDOG=1");
        kill(pid, SIGHUP);
        hear(fd, "RELOADING=1");
        hear(fd, "READY=1");
        kill(pid, SIGTERM);
        hear(fd, "STOPPING=1");
        assert_int_equal(end_of(pid), 0);
        close(fd);
        same_as_scan(out, folder, true);
}

/* Known issues: as scan marks them, and those that a new list marks are told as that changes. */
static void test_known(void **state) {
        (void) state;
        static const char none[] = "{\"schema\":\"vmlife-known-issues/1\",\"issues\":[]}";
        static const char ps2[] =
                "{\"schema\":\"vmlife-known-issues/"
                "1\",\"issues\":[{\"name\":\"ps2\",\"owner\":\"input\",\"match\":{\"title\":\"ps2_do\"}}]}";
        const char *folder = own_folder();
        unsigned long long us = 1000000;
        char out[600], list[610], new[620];

        snprintf(out, sizeof(out), "%s/out", own_folder());
        snprintf(list, sizeof(list), "%s.list", out);
        snprintf(new, sizeof(new), "%s.new", list);
        write_file(list, none, strlen(none));
        add_journal(folder, "a", 'a', 0, 2, 5, &us);
        pid_t pid = start("-D %s -o %s --state %s.state --known %s", folder, out, out, list);
        wait_for(out, "\"status\":\"new\"", 4);
        write_file(new, ps2, strlen(ps2));
        assert_int_equal(rename(new, list), 0);
        kill(pid, SIGHUP);
        wait_for(out, "\"status\":\"known\"", 1);
        kill(pid, SIGTERM);
        assert_int_equal(end_of(pid), 0);
        assert_int_equal(end_of(start("-D %s --once -o %s --state %s.state --known %s", folder, out, out, list)), 0);
        assert_int_equal(count_lines(out, "\"status\":"), 5);
        struct json_object *told = findings_in(out, true), *report = scan(1, "-D %s --known %s", folder, list);
        for (size_t i = 0; i < n_findings(report); i++) {
                struct json_object *f = finding(report, i), *other = member(told, text_of(f, "id"));
                assert_string_equal(text_of(f, "status"), text_of(other, "status"));
                assert_int_equal(json_object_object_get_ex(f, "owner", NULL),
                                 json_object_object_get_ex(other, "owner", NULL));
        }
        json_object_put(report);
        json_object_put(told);
}

/* Findings go to a file of their own, and an output that takes nothing ends a single run. */
static void test_wrong_places(void **state) {
        static const char *const calls[] = {
                "-D %1$s --once -o %2$s/new --state %2$s/new",
                "-D %1$s --once -o %2$s/./new.lock --state %2$s/new",
                "-D %1$s --once -o %1$s/a.journal",
                "-D %1$s --once --state %1$s/a.journal",
                "-D %1$s --once --known %2$s/known -o %2$s/known",
                "-D %1$s --once --known %2$s/known --state %2$s/known",
                "-D %1$s --once --maintainers %2$s/known --state %2$s/known",
                "-D %1$s --once -o /dev/full",
        };
        const char *folder = own_folder(), *place = own_folder();
        unsigned long long us = 1000000;

        (void) state;
        add_journal(folder, "a", 'a', 0, 5, 5, &us);
        shell("cd %s; mv *.journal a.journal; cp a.journal %s/copy; echo '{\"schema\":\"vmlife-known-issues/1\","
              "\"issues\":[]}' >%s/known",
              folder, place, place);
        for (size_t i = 0; i < ARRAY_SIZE(calls); i++) {
                char args[2048];
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
                snprintf(args, sizeof(args), calls[i], folder, place);
#pragma GCC diagnostic pop
                struct run r = vmlife("follow %s", args);
                if (r.status != 2)
                        fail_msg("follow %s: %d: %s", args, r.status, r.err);
                run_done(&r);
        }
        shell("cmp %s/a.journal %s/copy && [ ! -e %s/new ] && ! grep -q finding %s/known", folder, place, place, place);
}

static void test_wrong_calls(void **state) {
        (void) state;
        static const char *const calls[] = {
                "-D /does/not/exist --once",
                "a b",
                "--batch 0",
                "--since never",
                "--state /does/not/exist/state --once -D /tmp",
                "-o / --once -D /tmp",
        };

        for (size_t i = 0; i < ARRAY_SIZE(calls); i++) {
                struct run r = vmlife("follow %s", calls[i]);
                assert_int_equal(r.status, 2);
                assert_true(strlen(r.err) > 0);
                run_done(&r);
        }
}

int main(void) {
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(test_once),
                cmocka_unit_test(test_killed),
                cmocka_unit_test(test_later),
                cmocka_unit_test(test_reopen),
                cmocka_unit_test(test_damage),
                cmocka_unit_test(test_first_run_killed),
                cmocka_unit_test(test_state_disk_full),
                cmocka_unit_test(test_state_lost),
                cmocka_unit_test(test_foreign_output),
                cmocka_unit_test(test_lock),
                cmocka_unit_test(test_blocked_reader),
                cmocka_unit_test(test_slow_reader),
                cmocka_unit_test(test_closed_streams),
                cmocka_unit_test(test_notify),
                cmocka_unit_test(test_known),
                cmocka_unit_test(test_wrong_calls),
                cmocka_unit_test(test_wrong_places),
        };
        /* One by name, while working on it. */
        if (getenv("CMOCKA_TEST_FILTER"))
                cmocka_set_test_filter(getenv("CMOCKA_TEST_FILTER"));
        return cmocka_run_group_tests(tests, NULL, NULL);
}
