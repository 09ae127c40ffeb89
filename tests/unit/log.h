/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <stddef.h>

/* Logs in the kernel's format, put together line by line: time and caller are set before each. */
struct log {
        char text[65536], path[600];
        size_t n;
};

void say(struct log *l, double t, const char *format, ...) __attribute__((format(printf, 3, 4)));
/* Frames: names divided by blanks, each in the driver where it ends with '!'. */
void say_frames(struct log *l, double t, const char *frames);
void say_warn(struct log *l, double t, int pid, const char *message, const char *frames);
/* A record of the variant's. */
void say_rule(struct log *l, double t, int pid, const char *rule, int injected);
void say_race(struct log *l, double t, const char *a, const char *stack_a, const char *b, const char *stack_b,
              unsigned long long address);

/* Writes it to a new file and returns its path, which lives as long as the log. */
const char *path_of(struct log *l);

#define START(log) say(log, 0, "Linux version 6.1.0 (x@y) (gcc) #1 SMP")
#define LOCKDEP(log) say(log, 0.1, "Lock dependency validator: Copyright (c) 2006 Red Hat, Inc., Ingo Molnar")
#define KCSAN(log) (say(log, 0.2, "kcsan: enabled early"), say(log, 0.2, "kcsan: strict mode configured"))
#define LOAD(log, t, inject) \
        say(log, t, "i915 vmlife: load version=1 tree=6.1.0 rules=vm-early-put inject=%s lockdep=1 kcsan=1", inject)
#define RUNNING(log, t) say(log, t, "i915: Running i915_gem_vmlife_mock_selftests/vmlife_x")
#define SELFTEST(log, t, inject) \
        say(log, t, "i915 vmlife: selftest name=vmlife_x rounds=5 reads=9 inject=%s err=0", inject)
#define UNLOAD(log, t) say(log, t, "i915 vmlife: unload sites=a@f:5,b@g:0 reports=0 suppressed=0 unchecked=0")
/* A boot of which all is known but what its unload line will say. */
#define WATCHED(log) (START(log), LOCKDEP(log), KCSAN(log), LOAD(log, 1, "none"), SELFTEST(log, 2, "none"))
