/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The arm64 guest's init, linked statically: there is no other program in it. It runs the commands of /commands, one a
 * line, each in a process of its own, which an oops may kill: "provoke WORD" (tests/boot/provoke), "lkdtm WORD" (the
 * kernel's drivers/misc/lkdtm), "sleep SECONDS". Then it powers off. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/reboot.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

static void set_to(const char *file, const char *value) {
        int fd = open(file, O_WRONLY | O_CLOEXEC);

        if (fd < 0)
                return;
        if (write(fd, value, strlen(value)) < 0)
                perror(file);
        close(fd);
}

static void say(const char *what) {
        char text[300];

        snprintf(text, sizeof(text), "<6>vmlife-guest: %s\n", what);
        set_to("/dev/kmsg", text);
}

static void run(const char *command) {
        const char *word = strchr(command, ' ');

        if (!word)
                return;
        word++;
        if (strncmp(command, "sleep ", 6) == 0) {
                sleep((unsigned) atoi(word));
                return;
        }
        const int lkdtm = strncmp(command, "lkdtm ", 6) == 0;
        pid_t child = fork();
        if (child == 0) {
                prctl(PR_SET_NAME, lkdtm ? "lkdtm" : "provoke");
                set_to(lkdtm ? "/sys/kernel/debug/provoke-crash/DIRECT" : "/dev/provoke", word);
                _exit(0);
        }
        if (child > 0)
                waitpid(child, NULL, 0);
}

int main(void) {
        static const struct {
                const char *type, *at;
        } mounts[] = {
                { "proc", "/proc" },
                { "sysfs", "/sys" },
                { "devtmpfs", "/dev" },
                { "debugfs", "/sys/kernel/debug" },
        };
        char line[300];

        for (size_t i = 0; i < sizeof(mounts) / sizeof(mounts[0]); i++) {
                mkdir(mounts[i].at, 0755);
                if (mount(mounts[i].type, mounts[i].at, mounts[i].type, 0, NULL) < 0)
                        perror(mounts[i].at);
        }
        /* Hangs are seen in seconds, not minutes. */
        set_to("/proc/sys/kernel/hung_task_timeout_secs", "5");
        set_to("/proc/sys/kernel/hung_task_check_interval_secs", "2");
        set_to("/proc/sys/kernel/watchdog_thresh", "3");
        set_to("/sys/module/rcupdate/parameters/rcu_cpu_stall_timeout", "4");

        int module = open("/provoke.ko", O_RDONLY | O_CLOEXEC);
        if (module < 0 || syscall(SYS_finit_module, module, "", 0) < 0)
                say("no provoke module");
        say("stage=ready");
        FILE *commands = fopen("/commands", "r");
        while (commands && fgets(line, sizeof(line), commands)) {
                line[strcspn(line, "\n")] = '\0';
                say(line);
                run(line);
        }
        sleep(1);
        say("stage=off");
        sleep(1);
        reboot(RB_POWER_OFF);
        return 0;
}
