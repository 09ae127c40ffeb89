/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* forge: has the kernel and the journal say what a user chooses. Runs in the guest (jobs/i915) as root for the few
 * deeds that a helper of the administrator's does with a user's words (an interface's name, options of a mount), then
 * as nobody. The words are reports, and the variant's own lines with the token of this boot, which a user reads from
 * the log where kernel.dmesg_restrict is 0. Prints "tried=N": what the guest's kernel has no code for is tried too. */
#define _GNU_SOURCE
#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <linux/capability.h>
#include <linux/futex.h>
#include <net/if.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/klog.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

enum { NOBODY = 65534 };

static const char report[] = "J\n------------[ cut here ]------------\n"
                             "BUG: KASAN: slab-use-after-free in i915_vm_put+0x1_0x2 [i915]\n"
                             "Read of size 8 at addr ffff888100000000 by task x\n"
                             "Call Trace:\n i915_vm_put+0x1_0x2 [i915]\n"
                             "---[ end trace 0 ]---";

static char own[2048]; /* the variant's lines, with the boot's token */

/* The lines that change a verdict: another load, another unload, a fault that was injected, a record. */
static void make_own_lines(void) {
        static char log[8 << 20];
        char token[64] = "";
        const int n = klogctl(3 /* SYSLOG_ACTION_READ_ALL */, log, sizeof(log) - 1);
        const char *load = n > 0 ? strstr(log, "vmlife: load token=") : NULL;

        if (load)
                sscanf(load, "vmlife: load %31s", token);
        snprintf(own, sizeof(own),
                 "J\ni915 vmlife: load %s version=9.9 tree=6.1 rules=all inject=vm-leak lockdep=0 kcsan=0\n"
                 "i915 vmlife: inject %s inject=vm-early-put\n"
                 "i915 vmlife: selftest %s name=vmlife_x rounds=999 reads=9 inject=none err=-5\n"
                 "i915 vmlife: rule=vm-early-put %s ctx_id=1 vm_id=1 injected=1 by=context_close n=1\n"
                 "i915 vmlife: unload %s sites=x@y:99 reports=3 suppressed=3 unchecked=3\n"
                 "Linux version 9.9.9 (a@b) (gcc) #1 SMP\nINFO: lockdep is turned off.\n"
                 "kcsan: disabled\nMissed 9 kernel messages",
                 token, token, token, token, token);
        printf("token=%s\n", *token ? "read" : "hidden");
}

/* --- with a helper's rights --- */

static void name_interface(const char *from, const char *to) {
        const int fd = socket(AF_UNIX, SOCK_DGRAM, 0);
        struct ifreq r = {};

        snprintf(r.ifr_name, IFNAMSIZ, "%s", from);
        snprintf(r.ifr_newname, IFNAMSIZ, "%s", to);
        if (fd < 0 || ioctl(fd, SIOCSIFNAME, &r) != 0)
                fprintf(stderr, "interface %s: %s\n", to, strerror(errno));
        close(fd);
}

static void name_interfaces(void) {
        name_interface("lo", "BUG");
        name_interface("BUG", "WARNING");
        name_interface("WARNING", "lo");
}

static void mount_with(const char *words) {
        mkdir("/tmp/m", 0755);
        if (mount("x", "/tmp/m", "tmpfs", 0, words) == 0)
                umount("/tmp/m");
}

static void mount_report(void) {
        mount_with(report);
}

static void mount_own(void) {
        mount_with(own);
}

/* --- as nobody --- */

/* PT_GNU_STACK says that the stack is to be executable: the kernel warns of it, once, by the path. */
static bool ask_for_stack(int program) {
        Elf64_Ehdr e;
        Elf64_Phdr p;

        if (pread(program, &e, sizeof(e), 0) != sizeof(e))
                return false;
        for (unsigned i = 0; i < e.e_phnum; i++) {
                const off_t at = (off_t) (e.e_phoff + i * sizeof(p));
                if (pread(program, &p, sizeof(p), at) == sizeof(p) && p.p_type == PT_GNU_STACK) {
                        p.p_flags |= PF_X;
                        return pwrite(program, &p, sizeof(p), at) == sizeof(p);
                }
        }
        return false;
}

/* Starts a copy of this program at a path of these words; no part of a path is longer than 255 bytes. */
static void start_at(const char *words, char *const argv[], bool executable_stack) {
        char path[4096] = "/tmp/", *c = path + strlen(path);
        const int in = open("/proc/self/exe", O_RDONLY);
        struct stat st;

        for (size_t n = 0; *words && c < path + sizeof(path) - 2; words++, n++) {
                if (n == 200) {
                        *c = '\0';
                        mkdir(path, 0755);
                        *c++ = '/';
                        n = 0;
                }
                *c++ = *words;
        }
        *c = '\0';
        const int out = open(path, O_RDWR | O_CREAT | O_TRUNC, 0755);
        if (in < 0 || out < 0 || fstat(in, &st) != 0 || sendfile(out, in, NULL, (size_t) st.st_size) != st.st_size ||
            (executable_stack && !ask_for_stack(out)))
                fprintf(stderr, "%s: %s\n", path, strerror(errno));
        close(out);
        execve(path, argv, (char *[]){ NULL });
}

static void path_with_report(void) {
        start_at(report, (char *[]){ "x", "copy", NULL }, true);
}

/* The kernel says the whole path where a program is started without any argument. */
static void path_without_arguments(void) {
        start_at(own, (char *[]){ NULL }, false);
}

static void segfault(void) {
        prctl(PR_SET_NAME, "BUG: KASAN: x i");
        *(volatile int *) 8 = 1;
}

static void segfault_line_end(void) {
        prctl(PR_SET_NAME, "\nBUG: KASAN: x");
        *(volatile int *) 8 = 1;
}

static void opcode(void) {
        prctl(PR_SET_NAME, "kernel BUG at x");
        __asm__ volatile("ud2");
}

static void protection(void) {
        prctl(PR_SET_NAME, "i915 vmlife: un");
        *(volatile int *) 0x8000000000000000 = 1;
}

static void breakpoint(void) {
        prctl(PR_SET_NAME, "WARNING: CPU: 0");
        signal(SIGTRAP, SIG_DFL);
        __asm__ volatile("int3");
}

static void bad_frame(void) {
        prctl(PR_SET_NAME, "Kernel panic - ");
        __asm__ volatile("mov $16, %%rsp; mov %0, %%eax; syscall" ::"i"(SYS_rt_sigreturn) : "rax", "rcx", "r11");
}

static void futex_shift(void) {
        uint32_t a = 0, b = 0;

        prctl(PR_SET_NAME, "INFO: task a:1 ");
        syscall(SYS_futex, &a, FUTEX_WAKE_OP, 1, 1, &b, FUTEX_OP((FUTEX_OP_SET | FUTEX_OP_OPARG_SHIFT), 99, 0, 0));
}

static void old_capabilities(void) {
        struct __user_cap_header_struct head = { .version = _LINUX_CAPABILITY_VERSION_1 };
        struct __user_cap_data_struct data[2];

        prctl(PR_SET_NAME, "\nLinux version ");
        syscall(SYS_capget, &head, data);
}

static void old_pages(void) {
        char *p = mmap(NULL, 8192, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);

        prctl(PR_SET_NAME, "\nGPU HANG: ecod");
        syscall(SYS_remap_file_pages, p, 4096, 0, 1, 0);
}

static void much_data(void) {
        const struct rlimit limit = { 4096, 4096 };

        prctl(PR_SET_NAME, "\nvmlife: inject");
        setrlimit(RLIMIT_DATA, &limit);
        mmap(NULL, 1 << 20, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
}

static void twice_mapped(void) {
        char *p = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

        prctl(PR_SET_NAME, "\nOops: 0000 [#1");
        (void) mremap(p, 0, 4096, MREMAP_MAYMOVE);
}

static void no_vsyscall(void) {
        prctl(PR_SET_NAME, "BUG: scheduling");
        ((void (*)(void)) 0xffffffffff600008)();
}

static void send_to(const char *path, const char *bytes, size_t n) {
        struct sockaddr_un to = { .sun_family = AF_UNIX };
        const int fd = socket(AF_UNIX, SOCK_DGRAM, 0);

        snprintf(to.sun_path, sizeof(to.sun_path), "%s", path);
        if (fd < 0 || sendto(fd, bytes, n, 0, (struct sockaddr *) &to, sizeof(to)) != (ssize_t) n)
                fprintf(stderr, "%s: %s\n", path, strerror(errno));
        close(fd);
}

/* Fields that only journald may set, and those by which the kernel's entries are told. */
static void native_entry(void) {
        char fields[4096];

        for (const char *line = own; line; line = strchr(line, '\n')) {
                line += *line == '\n';
                const int n = snprintf(fields, sizeof(fields),
                                       "_TRANSPORT=kernel\nSYSLOG_FACILITY=0\nSYSLOG_IDENTIFIER=kernel\nPRIORITY=0\n"
                                       "_UID=0\nMESSAGE=%.*s\n",
                                       (int) strcspn(line, "\n"), line);
                send_to("/run/systemd/journal/socket", fields, (size_t) n);
        }
}

static void syslog_message(void) {
        static const char *const lines[] = { "<0>kernel: BUG: KASAN: slab-use-after-free in i915_vm_put+0x1/0x2 [i915]",
                                             "<0>kernel: CPU: 0 PID: 1 Comm: x Not tainted 6.1.0 #1",
                                             "<0>kernel: Call Trace:", "<0>kernel:  i915_vm_put+0x1/0x2 [i915]" };

        for (size_t i = 0; i < sizeof(lines) / sizeof(*lines); i++)
                send_to("/run/systemd/journal/dev-log", lines[i], strlen(lines[i]));
}

/* Here nobody has no right to. */
static void kmsg(void) {
        const int fd = open("/dev/kmsg", O_WRONLY);

        if (fd >= 0)
                dprintf(fd, "<0>%s", strchr(report, '\n') + 1);
}

static void (*const helped[])(void) = { name_interfaces, mount_report, mount_own };
static void (*const alone[])(void) = {
        path_with_report,
        path_without_arguments,
        segfault,
        segfault_line_end,
        opcode,
        protection,
        breakpoint,
        bad_frame,
        old_pages,
        futex_shift,
        old_capabilities,
        much_data,
        twice_mapped,
        no_vsyscall,
        native_entry,
        syslog_message,
        kmsg,
};

/* Each in a process of its own, for many die of it. */
static void try(void (*deed)(void)) {
        const pid_t child = fork();

        if (child == 0) {
                deed();
                _exit(0);
        }
        waitpid(child, NULL, 0);
        usleep(50000);
}

int main(int argc, char **argv) {
        size_t n_helped = sizeof(helped) / sizeof(*helped), n_alone = sizeof(alone) / sizeof(*alone);

        if (argc != 1 || !*argv[0]) /* one of the copies */
                return 0;
        make_own_lines();
        for (size_t i = 0; i < n_helped; i++)
                try(helped[i]);
        if (setgroups(0, NULL) != 0 || setresgid(NOBODY, NOBODY, NOBODY) != 0 ||
            setresuid(NOBODY, NOBODY, NOBODY) != 0 || prctl(PR_SET_DUMPABLE, 1) != 0)
                return 1;
        for (size_t i = 0; i < n_alone; i++)
                try(alone[i]);
        printf("tried=%zu\n", n_helped + n_alone);
        return 0;
}
