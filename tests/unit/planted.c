/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "planted.h"

#include <stdio.h>

#include "cmocka_all.h"
#include "vmlife.h"

/* Names that must not get out, each as it may stand in a log. */
static const char secrets[] =
        "[    0.000000] Linux version 6.1.0-lab (alice@buildbox.corp.example) (gcc 12.2.0) #1 SMP\n"
        "[    0.000001] Command line: root=UUID=0fc63daf-8483-4772-8e79-3d69d8477de4 "
        "ip=192.168.77.21:10.9.8.7::255.255.255.0:netboy:eth0:off "
        "hostname=labhost-7 systemd.machine_id=fedcba9876543210fedcba9876543210\n"
        "[    0.100000] e1000e 0000:00:19.0 eth0: (PCI Express:2.5GT/s:Width x1) 52:54:00:ab:cd:ef\n"
        "[    0.200000] systemd[1]: Set hostname to <labhost-7.corp.example>.\n"
        "[    0.300000] NFS: mounting fe80::5054:ff:feab:cdef from 10.20.30.40:2049 on /home/mallory/src\n"
        "[    0.400000] secretd[812]: segfault at 0 ip 0000 sp 0000 error 4 in libc.so.6\n"
        "[    0.500000] audit: USER=mallory on LABHOST-7 ran it as mallory, said secretd\n"
        "[    0.600000] WARNING: CPU: 1 PID: 812 at drivers/gpu/drm/i915/gem/i915_gem_context.c:12 "
        "i915_gem_context_close+0x1/0x20 [i915]\n"
        "[    0.600001] CPU: 1 PID: 812 Comm: secretd Not tainted 6.1.0-lab #1\n"
        "[    0.600002] RIP: 0010:i915_gem_context_close+0x1/0x20 [i915]\n"
        "[    0.600003] Call Trace:\n"
        "[    0.600004]  <TASK>\n"
        "[    0.600005]  i915_gem_context_close+0x1/0x20 [i915]\n"
        "[    0.600006]  drm_file_free+0x10/0x20 [drm]\n"
        "[    0.600007]  </TASK>\n"
        "[    0.600008] ---[ end trace 0000000000000000 ]---\n";

const char *const planted[] = {
        "alice",         "buildbox",          "corp.example",
        "192.168.77.21", "10.9.8.7",          "netboy",
        "fedcba98",      "52:54:00:ab:cd:ef", "labhost-7",
        "fe80::5054",    "10.20.30.40",       "mallory",
        "secretd",       "0fc63daf",          "00112233445566778899aabbccddeeff",
        "lab-1",         "projectx",          NULL,
};

const char *log_with_secrets(void) {
        static char path[600];
        char *text = NULL;

        snprintf(path, sizeof(path), "%s/planted.log", new_folder());
        write_file(path, secrets, sizeof(secrets) - 1);
        assert_true(asprintf(&text, "cat %s >> %s", fixture("vmlife.log"), path) > 0);
        assert_int_equal(system(text), 0);
        free(text);
        return path;
}
