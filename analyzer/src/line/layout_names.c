/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <stdio.h>
#include <string.h>

#include "base/macros.h"
#include "line/clock.h"
#include "line/fields.h"
#include "line/template.h"

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

/* How a template looks: %t a time, %k the kernel's, %s a word, %n a number, [*] a bracket. */
static void shape_of(const struct template *t, char *out, size_t n) {
        size_t at = 0;

        for (size_t i = 0; i < t->n && at + 16 < n; i++) {
                const struct part *p = &t->parts[i];
                struct slice b = template_part(t, p), rest = b;
                struct stamp ignored = {};
                enum origin origin;

                switch ((enum part_type) p->type) {
                case PART_CLOCK:
                        at += (size_t) snprintf(out + at, n - at, "%%t");
                        break;
                case PART_KMSG:
                        at += (size_t) snprintf(out + at, n - at, "%%e");
                        break;
                case PART_DECODED:
                        at += (size_t) snprintf(out + at, n - at, "%%x");
                        break;
                case PART_BRACKET:
                        if (field_priority(&rest, &origin))
                                at += (size_t) snprintf(out + at, n - at, "%%p");
                        else
                                at += (size_t) snprintf(out + at, n - at, "%c%s%c", p->open,
                                                        clock_kernel(&rest, &ignored) ? "%k" :
                                                        p->timed                      ? "%t" :
                                                        template_is_caller(t, p)      ? "%c" :
                                                                                        "*",
                                                        closing_bracket(p->open));
                        break;
                case PART_BLANKS:
                        out[at++] = ' ';
                        break;
                case PART_NUMBER:
                        at += (size_t) snprintf(out + at, n - at, "%%n");
                        break;
                case PART_WORD:
                        if (slice_eq(b, SLICE("kernel")))
                                at += (size_t) snprintf(out + at, n - at, "kernel");
                        else
                                at += (size_t) snprintf(out + at, n - at, "%%s");
                        break;
                case PART_MARK:
                        out[at++] = p->open;
                        break;
                }
        }
        out[at] = '\0';
}

const char *template_name(const struct template *t) {
        char shape[256];

        shape_of(t, shape, sizeof(shape));
        for (size_t i = 0; i < ARRAY_SIZE(names); i++)
                if (strcmp(names[i].shape, shape) == 0)
                        return names[i].name;
        return "learned";
}
