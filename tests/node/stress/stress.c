// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Usage: stress [OPTION]...
 *
 * Processes of several threads do random sequences of calls on a render node of i915,
 * valid and invalid ones, and are killed at random.  What each thread does follows from
 * the seed; how the threads meet does not.
 *
 *   --node FILE      (default: /dev/dri/renderD128)
 *   --seed N         start the random numbers there (default: from the clock, and printed)
 *   --seconds N      how long (default: 60)
 *   --processes N    at once (default: 4)
 *   --threads N      in each (default: 3)
 *   --hang N         one batch in N hangs, and the driver resets the engine (default: 0, none)
 *   --until-report   stop at the first report of the kernel's, other than a data race
 *   --until-passed FILE  stop once all hooks of the variant's that FILE names, a line each, are passed
 *   --no-kill        let every process end by itself
 *   --operation NAME do only this; repeat at will
 *   --list           print the names of the operations
 *
 * Prints key=value lines: seed, then how much of what was done.  Exit status: 0, or 1 if
 * the node cannot be opened, or 2.
 */
#define _GNU_SOURCE
#include "stress.h"

#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define SITES "/sys/kernel/debug/i915_vmlife/sites"
#define LIFE 2000 /* operations of a thread, at most */
/* Operations from one kill to the next: on a slow machine too a process does something before it is killed. */
#define MEAN_LIFE 100

static struct shared *shared;
static struct settings settings = { .node = "/dev/dri/renderD128",
                                    .seconds = 60,
                                    .processes = 4,
                                    .threads = 3,
                                    .kill = true };
static int mates[2];

/* --- random numbers (splitmix64) -------------------------------------------------- */

static uint64_t next(uint64_t *state) {
        uint64_t z = *state += 0x9e3779b97f4a7c15u;

        z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
        z = (z ^ z >> 27) * 0x94d049bb133111ebu;
        return z ^ z >> 31;
}

uint32_t pick(struct actor *actor, uint32_t bound) {
        return (uint32_t) (next(&actor->state) >> 32) % bound;
}

static uint64_t derive(uint64_t seed, uint64_t a, uint64_t b) {
        uint64_t state = seed ^ a << 32 ^ b;

        return next(&state);
}

static double now(void) {
        struct timespec t;

        clock_gettime(CLOCK_MONOTONIC, &t);
        return (double) t.tv_sec + (double) t.tv_nsec / 1e9;
}

/* --- a process ---------------------------------------------------------------------- */

static unsigned int choose(struct actor *actor) {
        uint32_t total = 0, at;
        unsigned int i;

        for (i = 0; i < nr_operations; i++)
                total += atomic_load(&shared->weight[i]);
        at = pick(actor, total);
        for (i = 0; at >= atomic_load(&shared->weight[i]); i++)
                at -= atomic_load(&shared->weight[i]);
        return i < nr_operations ? i : 0;
}

static void *act(void *arg) {
        struct actor *actor = arg;

        settle(actor);
        for (uint32_t left = 1 + pick(actor, LIFE); left && !atomic_load(&shared->stop); left--) {
                const unsigned int i = choose(actor);

                atomic_fetch_add(operations[i].run(actor) ? &shared->failed[i] : &shared->done[i], 1);
        }
        return NULL;
}

static _Noreturn void process(uint64_t seed) {
        struct file *file = calloc(1, sizeof(*file));
        struct actor actors[settings.threads];
        pthread_t threads[settings.threads];

        prctl(PR_SET_PDEATHSIG, SIGKILL);
        if (!file || (file->fd = open(settings.node, O_RDWR | O_CLOEXEC)) < 0)
                _exit(1);
        for (unsigned int i = 0; i < settings.threads; i++) {
                actors[i] = (struct actor){ .state = derive(seed, i, 0),
                                            .file = file,
                                            .shared = shared,
                                            .settings = &settings,
                                            .mates = mates[seed & 1] };
                if (pthread_create(&threads[i], NULL, act, &actors[i]))
                        _exit(1);
        }
        for (unsigned int i = 0; i < settings.threads; i++)
                pthread_join(threads[i], NULL);
        _exit(0);
}

/* --- the parent --------------------------------------------------------------------- */

/* What the file says, or nothing.  Until the next call. */
static const char *text_of(const char *file) {
        static char text[16384];
        const int fd = open(file, O_RDONLY | O_CLOEXEC);
        ssize_t length = 0, got;

        while (fd >= 0 && (got = read(fd, text + length, sizeof(text) - 1 - (size_t) length)) > 0)
                length += got;
        if (fd >= 0)
                close(fd);
        text[length] = '\0';
        return text;
}

/* Are all hooks with this prefix passed?  Also if nothing is known of them. */
static bool reached(const char *sites, const char *prefix) {
        const char *line = sites;
        bool all = true;

        while (*line) {
                const char *end = strchrnul(line, '\n'), *blank = memchr(line, ' ', (size_t) (end - line));

                if (!strncmp(line, prefix, strlen(prefix)) && blank && !strtoul(blank, NULL, 10))
                        all = false;
                line = *end ? end + 1 : end;
        }
        return all;
}

/* Are all that were wanted passed?  No, if none were. */
static bool passed_wanted(const char *sites) {
        bool all = settings.n_wanted;

        for (unsigned int i = 0; i < settings.n_wanted; i++)
                all = all && reached(sites, settings.wanted[i]);
        return all;
}

/* What passes a hook that nobody has passed yet is done more often. */
static void shape(const uint32_t *weights, const char *sites) {
        for (unsigned int i = 0; i < nr_operations; i++) {
                const char *prefix = operations[i].reaches;

                atomic_store(&shared->weight[i], weights[i] * (prefix && !reached(sites, prefix) ? 4 : 1));
        }
}

static pid_t start(unsigned int index, unsigned int generation) {
        const pid_t pid = fork();

        if (!pid)
                process(derive(settings.seed, index + 1, generation));
        return pid;
}

/* The kernel's log from now on, or -1. */
static int open_log(void) {
        const int fd = open("/dev/kmsg", O_RDONLY | O_NONBLOCK | O_CLOEXEC);

        if (fd >= 0)
                lseek(fd, 0, SEEK_END);
        return fd;
}

/* Has the kernel reported something since the last call?  Prints its first line. */
static bool reported(int log) {
        static const char *const words[] = {
                "i915 vmlife: rule=", "BUG: ", "WARNING: ", "list_add corruption", "list_del corruption",
        };
        char record[8192];
        ssize_t length;

        while ((length = read(log, record, sizeof(record) - 1)) > 0) {
                record[length] = '\0';
                for (unsigned int i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
                        const char *at = strstr(record, words[i]);

                        if (at && !strstr(record, "KCSAN")) {
                                printf("report=%.*s\n", (int)strcspn(at, "\n"), at);
                                return true;
                        }
                }
        }
        return false;
}

static uint64_t operations_done(void) {
        uint64_t done = 0;

        for (unsigned int i = 0; i < nr_operations; i++)
                done += atomic_load(&shared->done[i]) + atomic_load(&shared->failed[i]);
        return done;
}

static void run(const uint32_t *weights) {
        const int log = settings.until_report ? open_log() : -1;
        pid_t pids[MAX_PROCESSES];
        unsigned int generation[MAX_PROCESSES] = { 0 };
        struct actor self = { .state = derive(settings.seed, 0, 0) };
        const double end = now() + settings.seconds;
        double shaped = 0, kill_at = now() + 1;
        bool passed = false;
        uint64_t kill_after = MEAN_LIFE;

        for (unsigned int i = 0; i < settings.processes; i++)
                pids[i] = start(i, 0);
        while (now() < end && !passed && (log < 0 || !reported(log))) {
                const pid_t gone = waitpid(-1, NULL, WNOHANG);

                for (unsigned int i = 0; gone > 0 && i < settings.processes; i++)
                        if (pids[i] == gone)
                                pids[i] = start(i, ++generation[i]);
                if (settings.kill && now() >= kill_at && operations_done() >= kill_after) {
                        kill(pids[pick(&self, settings.processes)], SIGKILL);
                        kill_at = now() + 0.05 + pick(&self, 1000) / 1000.0;
                        kill_after = operations_done() + pick(&self, 2 * MEAN_LIFE);
                }
                if (now() >= shaped + 1) {
                        const char *sites = text_of(SITES);

                        shape(weights, sites);
                        passed = passed_wanted(sites);
                        shaped = now();
                }
                if (gone <= 0)
                        usleep(10000);
        }
        atomic_store(&shared->stop, true);
        for (unsigned int i = 0; i < settings.processes; i++) {
                if (settings.kill)
                        kill(pids[i], SIGKILL);
                waitpid(pids[i], NULL, 0);
        }
}

static void print(double seconds) {
        uint64_t done = 0, failed = 0;

        for (unsigned int i = 0; i < nr_operations; i++) {
                done += shared->done[i];
                failed += shared->failed[i];
                printf("%s=%llu/%llu\n", operations[i].name, (unsigned long long) shared->done[i],
                       (unsigned long long) (shared->done[i] + shared->failed[i]));
        }
        printf("operations=%llu\nsucceeded=%llu\nseconds=%.1f\noperations_a_second=%.0f\n",
               (unsigned long long) (done + failed), (unsigned long long) done, seconds,
               (double) (done + failed) / seconds);
}

/* --- options ------------------------------------------------------------------------- */

static _Noreturn void wrong_call(const char *what) {
        fprintf(stderr, "stress: %s; its usage stands at the head of tests/node/stress/stress.c\n", what);
        exit(2);
}

static unsigned int number(const char *text, unsigned long most) {
        char *end;
        const unsigned long n = strtoul(text, &end, 10);

        if (*end || end == text || n > most)
                wrong_call("a number is out of range");
        return (unsigned int) n;
}

/* A line each; a blank ends a name, as it does in the driver's list. */
static void want(const char *file) {
        const char *text = text_of(file);

        for (size_t n; *text; text += n + (text[n] == '\n')) {
                n = strcspn(text, "\n");
                if (n && settings.n_wanted == MAX_WANTED)
                        wrong_call("too many hooks are wanted");
                if (n && asprintf(&settings.wanted[settings.n_wanted++], "%.*s ", (int) n, text) < 0)
                        exit(1);
        }
        if (!settings.n_wanted)
                wrong_call("no hooks are wanted: the file is not there, or is empty");
}

static void only(uint32_t *weights, const char *name) {
        static bool first = true;

        if (first)
                memset(weights, 0, MAX_OPERATIONS * sizeof(*weights));
        first = false;
        for (unsigned int i = 0; i < nr_operations; i++)
                if (!strcmp(operations[i].name, name)) {
                        weights[i] = operations[i].weight;
                        return;
                }
        wrong_call("no such operation");
}

static void parse(int argc, char **argv, uint32_t *weights) {
        static const struct option options[] = {
                { "node", required_argument, NULL, 'n' },    { "seed", required_argument, NULL, 's' },
                { "seconds", required_argument, NULL, 't' }, { "processes", required_argument, NULL, 'p' },
                { "threads", required_argument, NULL, 'j' }, { "hang", required_argument, NULL, 'h' },
                { "no-kill", no_argument, NULL, 'k' },       { "operation", required_argument, NULL, 'o' },
                { "list", no_argument, NULL, 'l' }, { "until-report", no_argument, NULL, 'u' },
                { "until-passed", required_argument, NULL, 'w' },          { 0 },
        };

        settings.seed = (uint64_t) time(NULL);
        for (int c; (c = getopt_long(argc, argv, "", options, NULL)) != -1;) {
                switch (c) {
                case 'n':
                        settings.node = optarg;
                        break;
                case 's':
                        settings.seed = strtoull(optarg, NULL, 0);
                        break;
                case 't':
                        settings.seconds = number(optarg, 1000000);
                        break;
                case 'p':
                        settings.processes = number(optarg, MAX_PROCESSES);
                        break;
                case 'j':
                        settings.threads = number(optarg, 64);
                        break;
                case 'h':
                        settings.hang_every = number(optarg, 1000000000);
                        break;
                case 'u':
                        settings.until_report = true;
                        break;
                case 'w':
                        want(optarg);
                        break;
                case 'k':
                        settings.kill = false;
                        break;
                case 'o':
                        only(weights, optarg);
                        break;
                case 'l':
                        for (unsigned int i = 0; i < nr_operations; i++)
                                puts(operations[i].name);
                        exit(0);
                default:
                        wrong_call("unknown option");
                }
        }
        if (optind < argc || !settings.processes || !settings.threads)
                wrong_call("wrong arguments");
}

int main(int argc, char **argv) {
        uint32_t weights[MAX_OPERATIONS] = { 0 };
        double started;

        for (unsigned int i = 0; i < nr_operations; i++)
                weights[i] = operations[i].weight;
        parse(argc, argv, weights);

        const int fd = open(settings.node, O_RDWR | O_CLOEXEC);
        if (fd < 0) {
                fprintf(stderr, "stress: cannot open %s: %s\n", settings.node, strerror(errno));
                return 1;
        }
        close(fd);
        shared = mmap(NULL, sizeof(*shared), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
        if (shared == MAP_FAILED || socketpair(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0, mates)) {
                fprintf(stderr, "stress: %s\n", strerror(errno));
                return 1;
        }
        shape(weights, text_of(SITES));
        printf("seed=%llu\n", (unsigned long long) settings.seed);
        fflush(stdout);
        started = now();
        run(weights);
        print(now() - started);
        return 0;
}
