/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "log.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "cmocka_all.h"
#include "vmlife.h"

void say(struct log *l, double t, const char *format, ...) {
        va_list ap;

        l->n += (size_t) snprintf(l->text + l->n, sizeof(l->text) - l->n, "[%12.6f][  T100] ", t);
        va_start(ap, format);
        l->n += (size_t) vsnprintf(l->text + l->n, sizeof(l->text) - l->n, format, ap);
        va_end(ap);
        l->text[l->n++] = '\n';
}

const char *path_of(struct log *l) {
        snprintf(l->path, sizeof(l->path), "%s/log", new_folder());
        write_file(l->path, l->text, l->n);
        return l->path;
}

void say_frames(struct log *l, double t, const char *frames) {
        char copy[1024], *save = NULL;

        snprintf(copy, sizeof(copy), "%s", frames);
        for (char *f = strtok_r(copy, " ", &save); f; f = strtok_r(NULL, " ", &save)) {
                size_t n = strlen(f);
                bool driver = f[n - 1] == '!';
                if (driver)
                        f[n - 1] = '\0';
                say(l, t, " %s+0x10/0x80%s", f, driver ? " [i915]" : "");
        }
}

void say_warn(struct log *l, double t, int pid, const char *message, const char *frames) {
        say(l, t, "------------[ cut here ]------------");
        say(l, t, "%s", message);
        say(l, t, "WARNING: CPU: 1 PID: %d at lib/x.c:25 f+0x9c/0xe0", pid);
        say(l, t, "CPU: 1 PID: %d Comm: test-%d Not tainted 6.1.0 #1", pid, pid);
        say(l, t, "Call Trace:");
        say(l, t, " <TASK>");
        say_frames(l, t, frames);
        say(l, t, " </TASK>");
        say(l, t, "---[ end trace 0000000000000000 ]---");
}

void say_rule(struct log *l, double t, int pid, const char *rule, int injected) {
        char message[256];
        snprintf(message, sizeof(message),
                 "i915 vmlife: rule=%s ctx_id=23 vm_id=36 ctx_ref=2 vm_ref=1 closed=1 injected=%d "
                 "by=context_close+0x1/0x2 n=1",
                 rule, injected);
        say_warn(l, t, pid, message, "report! context_close!");
}

void say_race(struct log *l, double t, const char *a, const char *stack_a, const char *b, const char *stack_b,
              unsigned long long address) {
        say(l, t, "==================================================================");
        say(l, t, "BUG: KCSAN: data-race in %s / %s", a, b);
        say(l, t, "%s", "");
        say(l, t, "write to 0x%llx of 8 bytes by task 55 on cpu 0:", address);
        say_frames(l, t, stack_a);
        say(l, t, "%s", "");
        say(l, t, "read to 0x%llx of 8 bytes by task 66 on cpu 1:", address);
        say_frames(l, t, stack_b);
        say(l, t, "%s", "");
        say(l, t, "Reported by Kernel Concurrency Sanitizer on:");
        say(l, t, "CPU: 1 PID: 66 Comm: x Not tainted 6.1.0 #1");
        say(l, t, "==================================================================");
}
