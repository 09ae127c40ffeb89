/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Runs commands in turns, so that what else the machine does falls on all of them alike, and prints one JSON object:
 * for each command the medians of wall and CPU time in seconds, the least wall time, and the peak of memory in KiB.
 *
 *   measure ROUNDS NAME COMMAND [NAME COMMAND]...     COMMAND is for sh; it may end with 0 or 1 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

struct result {
        double wall, cpu;
        long peak;
};

static double seconds(struct timeval t) {
        return (double) t.tv_sec + (double) t.tv_usec / 1e6;
}

static struct result run(const char *name, const char *command) {
        struct timespec begin, end;
        struct rusage usage;
        int status;

        clock_gettime(CLOCK_MONOTONIC, &begin);
        pid_t pid = fork();
        if (pid == 0) {
                int null = open("/dev/null", O_WRONLY | O_CLOEXEC);
                dup2(null, STDOUT_FILENO);
                execl("/bin/sh", "sh", "-c", command, (char *) NULL);
                _exit(127);
        }
        if (pid < 0 || wait4(pid, &status, 0, &usage) < 0) {
                fprintf(stderr, "measure: %s\n", strerror(errno));
                exit(2);
        }
        clock_gettime(CLOCK_MONOTONIC, &end);
        if (!WIFEXITED(status) || WEXITSTATUS(status) > 1) {
                fprintf(stderr, "measure: %s ended with wait status %d: %s\n", name, status, command);
                exit(2);
        }
        return (struct result){
                .wall = (double) (end.tv_sec - begin.tv_sec) + (double) (end.tv_nsec - begin.tv_nsec) / 1e9,
                .cpu = seconds(usage.ru_utime) + seconds(usage.ru_stime),
                .peak = usage.ru_maxrss,
        };
}

static int by_value(const void *a, const void *b) {
        double x = *(const double *) a, y = *(const double *) b;
        return x < y ? -1 : x > y;
}

static double median(double *values, size_t n) {
        qsort(values, n, sizeof(*values), by_value);
        return n % 2 ? values[n / 2] : (values[n / 2 - 1] + values[n / 2]) / 2;
}

int main(int argc, char **argv) {
        int rounds = argc > 1 ? atoi(argv[1]) : 0;
        size_t n = argc > 3 ? (size_t) (argc - 2) / 2 : 0;

        if (rounds < 1 || n == 0 || argc % 2) {
                fputs("usage: measure ROUNDS NAME COMMAND [NAME COMMAND]...\n", stderr);
                return 2;
        }
        struct result *results = calloc(n * (size_t) rounds, sizeof(*results));
        double *wall = calloc((size_t) rounds, sizeof(*wall)), *cpu = calloc((size_t) rounds, sizeof(*cpu));
        if (!results || !wall || !cpu)
                return 2;

        for (int r = 0; r < rounds; r++)
                for (size_t i = 0; i < n; i++)
                        results[i * (size_t) rounds + (size_t) r] = run(argv[2 + 2 * i], argv[3 + 2 * i]);

        printf("{");
        for (size_t i = 0; i < n; i++) {
                long peak = 0;
                for (int r = 0; r < rounds; r++) {
                        const struct result *one = &results[i * (size_t) rounds + (size_t) r];
                        wall[r] = one->wall;
                        cpu[r] = one->cpu;
                        peak = one->peak > peak ? one->peak : peak;
                }
                double w = median(wall, (size_t) rounds), c = median(cpu, (size_t) rounds);
                printf("%s\n \"%s\": { \"wall_s\": %.4f, \"wall_min_s\": %.4f, \"cpu_s\": %.4f, \"peak_kib\": %ld, "
                       "\"rounds\": %d }",
                       i ? "," : "", argv[2 + 2 * i], w, wall[0], c, peak, rounds);
        }
        printf("\n}\n");
        free(results);
        free(wall);
        free(cpu);
        return 0;
}
