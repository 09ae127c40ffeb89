/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What follow writes to the journal, as journald's socket gets it. */
#include <errno.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "cmocka_all.h"
#include "output/topic.h"
#include "vmlife.h"

/* A socket where journald has its own, in a /run of our own. -1 where that is not ours to make. */
static int listen_as_journald(void) {
        struct sockaddr_un address = { .sun_family = AF_UNIX, .sun_path = "/run/systemd/journal/socket" };

        if (unshare(CLONE_NEWNS) < 0 || mount("none", "/", "none", MS_REC | MS_PRIVATE, NULL) < 0 ||
            mount("tmpfs", "/run", "tmpfs", 0, "") < 0 || mkdir("/run/systemd", 0755) < 0 ||
            mkdir("/run/systemd/journal", 0755) < 0)
                return -1;
        int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
        assert_true(fd >= 0);
        assert_int_equal(bind(fd, (struct sockaddr *) &address, sizeof(address)), 0);
        return fd;
}

/* The value of a field in an entry as journald gets it, one a line; static memory, "" where there is none. */
static const char *field(const char *entry, const char *name) {
        static char value[512];
        char start[64];
        const char *at;

        snprintf(start, sizeof(start), "\n%s=", name);
        at = strstr(entry, start);
        snprintf(value, sizeof(value), "%.*s", at ? (int) strcspn(at + strlen(start), "\n") : 0,
                 at ? at + strlen(start) : "");
        return value;
}

static void test_entries(void **state) {
        (void) state;
        const char *folder = journal_of(fixture("vmlife.log"), 'a', 0);
        char entry[65536] = "\n";
        size_t n = 0;
        int fd = listen_as_journald();

        if (fd < 0) {
                print_message("# skip: mounts are not ours to make: %s\n", strerror(errno));
                return;
        }
        struct run r = vmlife("follow --once --journal -D %s", folder);
        assert_int_equal(r.status, 0);
        assert_string_equal(r.err, "");
        for (ssize_t k; (k = recv(fd, entry + 1, sizeof(entry) - 2, MSG_DONTWAIT)) > 0; n++) {
                entry[k + 1] = '\0';
                if (n == 0) {
                        assert_string_equal(
                                field(entry, "MESSAGE"),
                                "vmlife: vm-early-put in i915_gem_context_get_eb_vm (rule vm-early-put), injected");
                        assert_string_equal(field(entry, "MESSAGE_ID"), topic_of("vm-early-put")->message_id);
                        assert_string_equal(field(entry, "PRIORITY"), "5");
                        assert_string_equal(field(entry, "VMLIFE_RELEVANCE"), "certain");
                        assert_int_equal(strlen(field(entry, "VMLIFE_BOOT_ID")), 32);
                        assert_string_equal(field(entry, "CODE_FILE"), "");
                }
                /* The line that stands for it is there. */
                assert_non_null(strstr(r.out, field(entry, "VMLIFE_ID")));
        }
        assert_int_equal(n, 3);
        run_done(&r);

        /* Nobody asked for it. */
        r = vmlife("follow --once -D %s", folder);
        assert_int_equal(recv(fd, entry, sizeof(entry), MSG_DONTWAIT), -1);
        run_done(&r);

        /* No journald: the lines come all the same. */
        assert_int_equal(unlink("/run/systemd/journal/socket"), 0);
        close(fd);
        r = vmlife("follow --once --journal -D %s", folder);
        assert_int_equal(r.status, 0);
        assert_non_null(strstr(r.out, "vm-early-put"));
        run_done(&r);
}

int main(void) {
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(test_entries),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
