/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "redact/redact.h"

#include <ctype.h>

#include "base/macros.h"

/* Where names stand in the kernel's messages and around them. */

static bool is_name(char c) {
        return isalnum((unsigned char) c) || (c && strchr("_-.+@$", c));
}

static struct slice name_in(struct slice s) {
        size_t n = 0;

        while (n < s.n && is_name(s.s[n]))
                n++;
        return slice_head(s, n);
}

/* What stands before the name, how it ends, what it is; the name is anything up to there where `until` is set. */
static const struct place {
        const char *before, *until;
        enum secret secret;
} places[] = {
        { "/home/", NULL, SECRET_USER },
        { "user=", NULL, SECRET_USER },
        { "USER=", NULL, SECRET_USER },
        { "for user ", NULL, SECRET_USER },
        { "of user ", NULL, SECRET_USER },
        { "Comm: ", " Not tainted", SECRET_TASK },
        { "Comm: ", " Tainted: ", SECRET_TASK },
        { "Comm: ", " Kdump: ", SECRET_TASK },
        { "comm=\"", "\"", SECRET_TASK },
        { "comm \"", "\"", SECRET_TASK },
        { "hostname=", NULL, SECRET_HOST },
        { "host=", NULL, SECRET_HOST },
        { "Set hostname to <", ">", SECRET_HOST },
        { "Hostname set to <", ">", SECRET_HOST },
        { "CONFIG_DEFAULT_HOSTNAME=\"", "\"", SECRET_HOST },
        { "machine_id=", NULL, SECRET_MACHINE },
};

/* "name[123]: ", "name/123", "name:123 ": who said it, who took a lock, who hangs. */
static int learn_with_pid(struct redactor *r, struct slice line) {
        static const struct slice starts[] = {
                SLICE("by "),     SLICE("task "), SLICE("#0: "),     SLICE("CPU#"),
                SLICE("traps: "), SLICE("["),     SLICE("process "), SLICE(""),
        };
        int e = 0;

        for (size_t i = 0; i < ARRAY_SIZE(starts) && e == 0; i++) {
                size_t at = slice_find(line, starts[i]);
                if (starts[i].n && at == SLICE_NPOS)
                        continue;
                struct slice rest = slice_from(line, starts[i].n ? at + starts[i].n : 0), name = name_in(rest);
                uint64_t pid;
                if (name.n == 0 || name.n > 15)
                        continue;
                rest = slice_from(rest, name.n);
                const bool bracket = slice_eat(&rest, SLICE("[")),
                           other = !bracket && (slice_eat(&rest, SLICE("/")) || slice_eat(&rest, SLICE(":")));
                const bool alpha = isalpha((unsigned char) name.s[0]);
                if ((bracket || other) && alpha && slice_eat_u64(&rest, &pid) &&
                    (!bracket || slice_starts(rest, SLICE("]"))) &&
                    (bracket || starts[i].n || slice_starts(rest, SLICE(" is "))))
                        e = redact_know(r, SECRET_TASK, name);
        }
        return e;
}

/* "Linux version 6.1.0 (user@host) (gcc ...". */
static int learn_builder(struct redactor *r, struct slice line) {
        size_t at = slice_find(line, SLICE("Linux version "));

        if (at == SLICE_NPOS || (at = slice_find(line, SLICE(" ("))) == SLICE_NPOS)
                return 0;
        struct slice rest = slice_from(line, at + 2), builder = slice_token(&rest, ')'), host = builder,
                     user = slice_token(&host, '@');
        int e = host.n ? redact_know(r, SECRET_USER, user) : 0;
        return e == 0 && host.n ? redact_know(r, SECRET_HOST, host) : e;
}

/* "Nov 23 10:00:00 HOST kernel: " and "2026-11-23T10:00:00+01:00 HOST kernel: ". */
static int learn_syslog(struct redactor *r, struct slice line) {
        static const struct slice says[] = { SLICE(" kernel: "), SLICE(" kernel[") };

        for (size_t i = 0; i < ARRAY_SIZE(says); i++) {
                size_t at = slice_find(slice_head(line, 160), says[i]), from = at;
                if (at == SLICE_NPOS)
                        continue;
                while (from > 0 && !is_blank(line.s[from - 1]))
                        from--;
                struct slice host = { line.s + from, at - from };
                if (from > 8 && host.n && slice_find_byte(host, ':') == SLICE_NPOS &&
                    slice_find_byte(host, ']') == SLICE_NPOS)
                        return redact_know(r, SECRET_HOST, host);
        }
        return 0;
}

/* "ip=CLIENT:SERVER:GATEWAY:MASK:HOST:..." of the command line. */
static int learn_ip_parameter(struct redactor *r, struct slice line) {
        size_t at = slice_starts(line, SLICE("ip=")) ? 0 : slice_find(line, SLICE(" ip="));

        if (at == SLICE_NPOS)
                return 0;
        struct slice rest = slice_ltrim(slice_from(line, at)), value = slice_token(&rest, ' ');
        (void) slice_eat(&value, SLICE("ip="));
        for (int i = 0; i < 4; i++) {
                struct slice address = slice_token(&value, ':');
                if (address.n && slice_find_byte(address, '.') == SLICE_NPOS)
                        return 0;
        }
        return redact_know(r, SECRET_HOST, name_in(value));
}

int redact_learn(struct redactor *r, struct slice line) {
        int e = learn_builder(r, line);

        if (e == 0)
                e = learn_ip_parameter(r, line);
        if (e == 0)
                e = learn_syslog(r, line);
        if (e == 0)
                e = learn_with_pid(r, line);
        for (size_t i = 0; i < ARRAY_SIZE(places) && e == 0; i++) {
                size_t at = slice_find(line, slice_of(places[i].before));
                if (at == SLICE_NPOS)
                        continue;
                struct slice rest = slice_from(line, at + strlen(places[i].before));
                size_t end = places[i].until ? slice_find(slice_head(rest, 80), slice_of(places[i].until)) : 0;
                if (end == SLICE_NPOS)
                        continue;
                e = redact_know(r, places[i].secret, places[i].until ? slice_head(rest, end) : name_in(rest));
        }
        return e;
}
