/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "redact/redact.h"

#include <ctype.h>

#include "base/macros.h"
#include "line/fields.h"

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

static const char taint[] = " Not tainted"; /* or " Tainted: " */

/* What stands before the name, how it ends, what it is; the name is anything up to there where `until` is set. */
static const struct place {
        const char *before, *until;
        enum secret secret;
} places[] = {
        { "/home/", NULL, SECRET_USER },
        { "user=", NULL, SECRET_USER },
        { "username=", NULL, SECRET_USER },
        { "password=", NULL, SECRET_USER },
        { "pass=", NULL, SECRET_USER },
        { "USER=", NULL, SECRET_USER },
        { "for user ", NULL, SECRET_USER },
        { "of user ", NULL, SECRET_USER },
        { "Comm: ", taint, SECRET_TASK },
        { "Comm: ", " Kdump: ", SECRET_TASK },
        { "comm=\"", "\"", SECRET_TASK },
        { "comm \"", "\"", SECRET_TASK },
        { "hostname=", NULL, SECRET_HOST },
        { "host=", NULL, SECRET_HOST },
        { "Set hostname to <", ">", SECRET_HOST },
        { "Hostname set to <", ">", SECRET_HOST },
        { "CONFIG_DEFAULT_HOSTNAME=\"", "\"", SECRET_HOST },
        { "machine_id=", NULL, SECRET_MACHINE },
        { "serialno=", NULL, SECRET_HOST },
        { "PARTUUID=", NULL, SECRET_HOST },
};

/* The bytes of the name that the place is before; SLICE_NPOS where it does not end. */
static size_t end_of_name(const struct place *place, struct slice rest) {
        enum { NAME_BYTES = 80 };

        rest = slice_head(rest, NAME_BYTES);
        return place->until == taint ? field_find_taint(rest) : slice_find(rest, slice_of(place->until));
}

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

/* "usb 1-1: SerialNumber: 4C530001", "S/N 4711-A": of firmware and devices. Of a PCI address it is none. */
static int learn_serial(struct redactor *r, struct slice line) {
        static const struct slice marks[] = {
                SLICE("S/N"),           SLICE("SerialNumber:"), SLICE("Serial Number"), SLICE("Serial number"),
                SLICE("serial number"), SLICE("Serial No"),     SLICE("Asset Tag"),     SLICE("asset tag"),
                SLICE("SN:"),           SLICE("IMEI"),          SLICE("WWN"),           SLICE("wwid"),
        };
        int e = 0;

        for (size_t i = 0; i < ARRAY_SIZE(marks) && e == 0; i++) {
                const size_t at = slice_find(line, marks[i]);
                struct slice rest = at == SLICE_NPOS ? SLICE_NULL : slice_from(line, at + marks[i].n);

                while (rest.n && strchr(" .:=#", rest.s[0]))
                        rest = slice_from(rest, 1);
                const struct slice name = name_in(rest);
                bool digit = false;
                for (size_t k = 0; k < name.n; k++)
                        digit |= is_digit(name.s[k]);
                if (digit && name.n >= 4 && !(rest.n > name.n && rest.s[name.n] == ':'))
                        e = redact_know(r, SECRET_HOST, name);
        }
        return e;
}

/* --- words that people write: a kernel's parameters, a configuration, a tree's address --- */

/* Everybody's, and what a bug report has to name. */
static bool is_public(struct slice host) {
        static const struct slice public[] = {
                SLICE("kernel.org"),   SLICE("github.com"), SLICE("gitlab.com"),    SLICE("freedesktop.org"),
                SLICE("codeberg.org"), SLICE("debian.org"), SLICE("launchpad.net"), SLICE("googlesource.com"),
        };

        for (size_t i = 0; i < ARRAY_SIZE(public); i++)
                if (slice_ends(host, public[i]))
                        return true;
        return false;
}

/* An address without letters is known by its form. */
static int know_host(struct redactor *r, struct slice host) {
        for (size_t i = 0; i < host.n; i++)
                if (is_letter(host.s[i]))
                        return is_public(host) ? 0 : redact_know(r, SECRET_HOST, host);
        return 0;
}

/* The name that ends there. */
static struct slice name_before(struct slice s, size_t at) {
        size_t from = at;

        while (from > 0 && is_name(s.s[from - 1]) && s.s[from - 1] != '@')
                from--;
        return (struct slice){ s.s + from, at - from };
}

/* "USER:PASSWORD@HOST:PORT/path", "HOST/path". */
static int learn_authority(struct redactor *r, struct slice s) {
        struct slice host = slice_token(&s, '/');
        const size_t at = slice_find_byte(host, '@');
        int e = 0;

        if (at != SLICE_NPOS) {
                struct slice person = slice_head(host, at);
                host = slice_from(host, at + 1);
                while (person.n && e == 0)
                        e = redact_know(r, SECRET_USER, slice_token(&person, ':'));
        }
        return e == 0 ? know_host(r, name_in(host)) : e;
}

/* "https://HOST/x", "root=//HOST/share", "nfsroot=HOST:/path", "git@HOST:x.git", "iqn.2004-01.org:HOST". */
static int learn_place(struct redactor *r, struct slice word) {
        const size_t slashes = slice_find(word, SLICE("//")), path = slice_find(word, SLICE(":/")),
                     at = slice_find_byte(word, '@'), iqn = slice_find(word, SLICE("iqn."));
        int e = 0;

        if (slashes != SLICE_NPOS && (slashes == 0 || strchr(":=,", word.s[slashes - 1])))
                return learn_authority(r, slice_from(word, slashes + 2));
        if (path != SLICE_NPOS && path > 0)
                e = know_host(r, name_before(word, path));
        if (e == 0 && at != SLICE_NPOS) {
                const struct slice person = name_before(word, at), host = name_in(slice_from(word, at + 1));
                e = !slice_eq(person, SLICE("git")) && person.n && is_letter(person.s[0]) ?
                            redact_know(r, SECRET_USER, person) :
                            0;
                e = e == 0 ? know_host(r, host) : e;
        }
        if (e == 0 && iqn != SLICE_NPOS) {
                struct slice rest = slice_from(word, iqn);
                (void) slice_token(&rest, ':');
                e = know_host(r, name_in(rest));
        }
        return e;
}

static int learn_words(struct redactor *r, struct slice line) {
        int e = 0;

        while (line.n && e == 0) {
                size_t n = 0;

                while (n < line.n && !strchr(" \t\"'<>(),", line.s[n]))
                        n++;
                const struct slice word = slice_head(line, n);
                line = slice_from(line, n + 1);
                e = word.n ? redact_learn(r, word) : 0;
                if (e == 0 && word.n)
                        e = learn_place(r, word);
        }
        return e;
}

int redact_learn_written(struct redactor *r, struct slice text) {
        int e = 0;

        while (text.n && e == 0) {
                const struct slice line = slice_token(&text, '\n');

                e = redact_learn(r, line);
                if (e == 0)
                        e = learn_words(r, line);
        }
        return e;
}

/* The kernel repeats its parameters. */
static int learn_command_line(struct redactor *r, struct slice line) {
        const size_t at = slice_find(line, SLICE("ommand line: "));

        return at == SLICE_NPOS ? 0 : redact_learn_written(r, slice_from(line, at + strlen("ommand line: ")));
}

int redact_learn(struct redactor *r, struct slice line) {
        int e = learn_builder(r, line);

        if (e == 0)
                e = learn_ip_parameter(r, line);
        if (e == 0)
                e = learn_command_line(r, line);
        if (e == 0)
                e = learn_serial(r, line);
        if (e == 0)
                e = learn_syslog(r, line);
        if (e == 0)
                e = learn_with_pid(r, line);
        for (size_t i = 0; i < ARRAY_SIZE(places) && e == 0; i++) {
                size_t at = slice_find(line, slice_of(places[i].before));
                if (at == SLICE_NPOS)
                        continue;
                struct slice rest = slice_from(line, at + strlen(places[i].before));
                const size_t end = places[i].until ? end_of_name(&places[i], rest) : 0;
                if (end == SLICE_NPOS)
                        continue;
                const struct slice name = places[i].until ? slice_head(rest, end) : name_in(rest);
                e = redact_know(r, places[i].secret, name);
                if (e == 0 && places[i].secret == SECRET_TASK && field_name_of_task(name).n < name.n)
                        e = redact_know(r, SECRET_TASK, field_name_of_task(name));
        }
        return e;
}
