// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Usage: seed [--node FILE] [--seconds N] [--patience N]
 *
 * Two processes share an open file of i915's render node.  One makes a context and uses
 * it, the other destroys it meanwhile.  Both calls are valid at any time; the user is
 * told ENOENT when it was too late.  A driver that lets the close of a context put its
 * address space (before upstream commit 8cf97637ff88) meets a dead one here, and up to
 * Linux 5.15 tries to get a reference on it for ever.
 *
 * Prints key=value lines.  Exit status: 0 both came to their end after so many seconds
 * (default: 30); 3 a process does not return from a call for so long (default: 30), and
 * cannot be killed; 1 or 2 no node, or a wrong call.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <drm.h>
#include <i915_drm.h>

/* Engines of the map that is set while the context is destroyed: holes, but for the last. */
#define MAP_ENGINES 16384u
/* Reads of the address space meanwhile. */
#define READS 8

/* What the two processes tell each other, and the parent that watches them. */
struct meeting {
        _Atomic uint32_t context; /* that is to be destroyed, or 0 */
        _Atomic bool stop;
        _Atomic uint64_t rounds, maps_set, maps_refused, spaces_read, reads_refused, destroyed;
};

static struct meeting *meeting;
static int node;

static int call(unsigned long request, void *arg) {
        return ioctl(node, request, arg) ? -errno : 0;
}

static double now(void) {
        struct timespec t;

        clock_gettime(CLOCK_MONOTONIC, &t);
        return (double) t.tv_sec + (double) t.tv_nsec / 1e9;
}

/* --- the process that uses contexts -------------------------------------------------- */

static int set_engines(uint32_t context, struct i915_context_param_engines *map, uint32_t count) {
        struct drm_i915_gem_context_param param = {
                .ctx_id = context,
                .param = I915_CONTEXT_PARAM_ENGINES,
                .value = (uintptr_t) map,
                .size = (uint32_t) (sizeof(*map) + count * sizeof(map->engines[0])),
        };

        return call(DRM_IOCTL_I915_GEM_CONTEXT_SETPARAM, &param);
}

/* Ask for a handle of the context's address space, and give it back. */
static int read_space(uint32_t context) {
        struct drm_i915_gem_context_param param = { .ctx_id = context, .param = I915_CONTEXT_PARAM_VM };
        struct drm_i915_gem_vm_control handle = { 0 };
        const int err = call(DRM_IOCTL_I915_GEM_CONTEXT_GETPARAM, &param);

        handle.vm_id = (uint32_t) param.value;
        if (!err)
                call(DRM_IOCTL_I915_GEM_VM_DESTROY, &handle);
        return err;
}

static struct i915_context_param_engines *make_map(void) {
        struct i915_context_param_engines *map = calloc(1, sizeof(*map) + MAP_ENGINES * sizeof(map->engines[0]));

        if (!map)
                _exit(1);
        for (uint32_t i = 0; i < MAP_ENGINES - 1; i++)
                map->engines[i] = (struct i915_engine_class_instance){ (__u16) I915_ENGINE_CLASS_INVALID,
                                                                       (__u16) I915_ENGINE_CLASS_INVALID_NONE };
        map->engines[MAP_ENGINES - 1] = (struct i915_engine_class_instance){ I915_ENGINE_CLASS_RENDER, 0 };
        return map;
}

static void use(uint32_t context, struct i915_context_param_engines *map) {
        for (int i = 0; i < READS; i++)
                atomic_fetch_add(read_space(context) ? &meeting->reads_refused : &meeting->spaces_read, 1);
        atomic_fetch_add(set_engines(context, map, MAP_ENGINES) ? &meeting->maps_refused : &meeting->maps_set, 1);
}

static _Noreturn void user(void) {
        struct i915_context_param_engines none = { 0 }, *map = make_map();

        while (!atomic_load(&meeting->stop)) {
                struct drm_i915_gem_context_create create = { 0 };

                if (call(DRM_IOCTL_I915_GEM_CONTEXT_CREATE, &create))
                        _exit(1);
                /* Without engines nothing but the context holds its address space. */
                set_engines(create.ctx_id, &none, 0);
                read_space(create.ctx_id);
                atomic_store(&meeting->context, create.ctx_id);
                use(create.ctx_id, map);
                while (atomic_load(&meeting->context) && !atomic_load(&meeting->stop))
                        sched_yield();
                atomic_fetch_add(&meeting->rounds, 1);
        }
        _exit(0);
}

/* --- the process that destroys them ----------------------------------------------------- */

static _Noreturn void destroyer(void) {
        useconds_t wait = 0;

        while (!atomic_load(&meeting->stop)) {
                struct drm_i915_gem_context_destroy destroy = { .ctx_id = atomic_load(&meeting->context) };

                if (!destroy.ctx_id) {
                        sched_yield();
                        continue;
                }
                /* Each time a little later, over all that the other does. */
                usleep(wait = (wait + 97) % 20000);
                if (!call(DRM_IOCTL_I915_GEM_CONTEXT_DESTROY, &destroy))
                        atomic_fetch_add(&meeting->destroyed, 1);
                atomic_store(&meeting->context, 0);
        }
        _exit(0);
}

/* --- the parent ----------------------------------------------------------------------------- */

static pid_t start(void (*process)(void)) {
        const pid_t pid = fork();

        if (!pid) {
                prctl(PR_SET_PDEATHSIG, SIGKILL);
                process();
        }
        return pid;
}

/* Wait for a process that ends, seconds at most. */
static bool ended(pid_t pid, double seconds) {
        const double end = now() + seconds;
        pid_t gone;

        while ((gone = waitpid(pid, NULL, WNOHANG)) == 0 && now() < end)
                usleep(10000);
        return gone != 0;
}

/* Its state and the ticks that it spent in the kernel, as /proc tells them. */
static void tell_state(pid_t pid) {
        char path[64], line[512] = "", *end;
        unsigned long in_kernel = 0;
        char state = '?';
        FILE *file;

        snprintf(path, sizeof(path), "/proc/%d/stat", (int) pid);
        file = fopen(path, "re");
        if (file && fgets(line, sizeof(line), file) && (end = strrchr(line, ')')))
                sscanf(end, ") %c %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %lu", &state, &in_kernel);
        if (file)
                fclose(file);
        printf("stuck_state=%c\nstuck_kernel_seconds=%.1f\n", state,
               (double) in_kernel / (double) sysconf(_SC_CLK_TCK));
}

static bool watch(double seconds, double patience) {
        const double end = now() + seconds;
        double moved = now();
        uint64_t last = 0;

        while (now() < end) {
                const uint64_t rounds = atomic_load(&meeting->rounds);

                if (rounds != last)
                        moved = now();
                else if (now() > moved + patience)
                        return false;
                last = rounds;
                usleep(50000);
        }
        return true;
}

static void print_counts(void) {
        printf("rounds=%llu\ndestroyed=%llu\nspaces_read=%llu\nreads_refused=%llu\nmaps_set=%llu\nmaps_refused=%llu\n",
               (unsigned long long) meeting->rounds, (unsigned long long) meeting->destroyed,
               (unsigned long long) meeting->spaces_read, (unsigned long long) meeting->reads_refused,
               (unsigned long long) meeting->maps_set, (unsigned long long) meeting->maps_refused);
}

static int run(double seconds, double patience) {
        const pid_t pids[2] = { start(user), start(destroyer) };
        int status = 0;

        if (pids[0] < 0 || pids[1] < 0)
                return 1;
        watch(seconds, patience);
        atomic_store(&meeting->stop, true);
        for (int i = 0; i < 2; i++) {
                if (ended(pids[i], patience))
                        continue;
                kill(pids[i], SIGKILL);
                if (ended(pids[i], 5))
                        continue;
                printf("stuck=%s\n", i ? "destroyer" : "user");
                tell_state(pids[i]);
                status = 3;
        }
        print_counts();
        return status;
}

static double number(const char *text) {
        char *end;
        const double value = strtod(text, &end);

        if (*end || !(value > 0 && value < 1e6)) {
                fprintf(stderr, "seed: %s is no number of seconds\n", text);
                exit(2);
        }
        return value;
}

int main(int argc, char **argv) {
        static const struct option options[] = { { "node", required_argument, NULL, 'n' },
                                                 { "seconds", required_argument, NULL, 's' },
                                                 { "patience", required_argument, NULL, 'p' },
                                                 { 0 } };
        const char *path = "/dev/dri/renderD128";
        double seconds = 30, patience = 30;

        for (int c; (c = getopt_long(argc, argv, "", options, NULL)) != -1;) {
                if (c == 'n')
                        path = optarg;
                else if (c == 's')
                        seconds = number(optarg);
                else if (c == 'p')
                        patience = number(optarg);
                else
                        return 2;
        }
        node = open(path, O_RDWR | O_CLOEXEC);
        if (node < 0) {
                fprintf(stderr, "seed: cannot open %s: %s\n", path, strerror(errno));
                return 1;
        }
        meeting = mmap(NULL, sizeof(*meeting), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
        if (meeting == MAP_FAILED) {
                fprintf(stderr, "seed: %s\n", strerror(errno));
                return 1;
        }
        return run(seconds, patience);
}
