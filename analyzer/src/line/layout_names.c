/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <string.h>

#include "base/macros.h"
#include "line/layout.h"

/* What is called how, by what its lines begin with: %t a time, [%k] the kernel's own, %p "<6>", %c a caller, %x
 * facility and level as dmesg -x prints them, %e extended netconsole's fields, %s a word, %n a number, [*] a bracket.
 */
static const struct {
        const char *shape, *name;
} names[] = {
        { "", "plain" },
        { "[%k]", "dmesg" },
        { "[%k][%c]", "dmesg with callers" },
        { "[%k] [%c]", "dmesg with callers" },
        { "%p[%k]", "dmesg --raw" },
        { "%p [%k]", "dmesg --raw" },
        { "%p[%k][%c]", "dmesg --raw with callers" },
        { "%p", "dmesg --raw --notime" },
        { "%x [%k]", "dmesg --decode" },
        { "%x [%t]", "dmesg --decode" },
        { "%x %t", "dmesg --decode" },
        { "%x", "dmesg --decode" },
        { "[%t]", "dmesg --ctime" },
        { "%t", "time" },
        { "%t kernel:", "journalctl without host" },
        { "%t %s kernel:", "syslog" },
        { "%t %s kernel: [%k]", "syslog" },
        { "%t %s kernel: [%k][%c]", "syslog" },
        { "%t kernel: [%k]", "syslog without host" },
        { "[%k] %s kernel:", "journalctl -o short-monotonic" },
        { "[%t] %s kernel:", "journalctl -o short-monotonic" },
        { "%p%t %s kernel:", "syslog" },
        { "%p%t %s kernel: [%k]", "syslog" },
        { "%p%n %t %s kernel - - -", "syslog of RFC 5424" },
        { "%p%n %t %s kernel - - - [%k]", "syslog of RFC 5424" },
        { "%t %s %s kernel:", "busybox syslogd" },
        { "%t %s %s kernel: [%k]", "busybox syslogd" },
        { "%t %s kernel: [ [%k]", "syslog" },
        { "%e", "netconsole, extended" },
        { "%t %s %e", "netconsole, extended, through syslog" },
        { "%t [%k]", "serial console with a logger's times" },
        { "[%t] [%k]", "serial console with a logger's times" },
        { "%t %s %s [%k]", "container log" },
        { "[%k] [*]", "printk of Samsung" },
        { "%p[%k] (*)[*]", "printk of MediaTek" },
        { "[%k] (*)[*]", "printk of MediaTek" },
        { "> [%k]", "mail quotation" },
        { ">[%k]", "mail quotation" },
        { "> %t %s kernel:", "mail quotation" },
        { ">", "mail quotation" },
        { "|", "mail quotation" },
        { "%n:[%k]", "grep -n" },
        { "%s:[%k]", "grep" },
        { "%s:%n:[%k]", "grep -n" },
        { "+[%k]", "diff" },
        { "**[%k]", "Markdown" },
        { "%n [%k]", "numbered lines" },
        { " %n [%k]", "numbered lines" },
};

const char *layout_name_of(const char *shape) {
        for (size_t i = 0; i < ARRAY_SIZE(names); i++)
                if (strcmp(names[i].shape, shape) == 0)
                        return names[i].name;
        return "learned";
}
