/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "line/line.h"

#include <time.h>

#include "base/buffer.h"
#include "base/macros.h"

/* "[   12.345678]": seconds and microseconds since boot. */
static bool eat_time(struct slice *s, struct stamp *t) {
        struct slice b = *s;
        uint64_t sec, usec;

        if (!slice_eat(&b, SLICE("[")))
                return false;
        b = slice_ltrim(b);
        if (!slice_eat_u64(&b, &sec) || !slice_eat(&b, SLICE(".")))
                return false;
        size_t digits = b.n;
        if (!slice_eat_u64(&b, &usec))
                return false;
        digits -= b.n;
        if (digits != 6 || sec > UINT64_MAX / 2000000 || !slice_eat(&b, SLICE("]")))
                return false;
        t->mono_us = sec * 1000000 + usec;
        t->has_mono = true;
        *s = b;
        return true;
}

/* "[  T123]" or "[    C1]"; dmesg puts a blank before it. */
static bool eat_caller(struct slice *s, uint32_t *ret) {
        struct slice b = slice_ltrim(*s);
        uint64_t id;

        if (!slice_eat(&b, SLICE("[")))
                return false;
        b = slice_ltrim(b);
        if (b.n < 2 || (b.s[0] != 'T' && b.s[0] != 'C'))
                return false;
        bool cpu = b.s[0] == 'C';
        b = slice_from(b, 1);
        if (!slice_eat_u64(&b, &id) || id >= UINT32_MAX / 4 || !slice_eat(&b, SLICE("]")))
                return false;
        *ret = cpu ? CALLER_CPU((uint32_t) id) : CALLER_TASK((uint32_t) id);
        *s = b;
        return true;
}

/* "<6>": the priority; its facility tells who wrote the message. */
static bool eat_priority(struct slice *s, enum origin *origin) {
        struct slice b = *s;
        uint64_t prio;

        if (!slice_eat(&b, SLICE("<")) || !slice_eat_u64(&b, &prio) || prio > 1023 || !slice_eat(&b, SLICE(">")))
                return false;
        if (prio >> 3 != 0)
                *origin = ORIGIN_USERSPACE;
        *s = b;
        return true;
}

/* "kern  :warn  : ": dmesg -x. */
static bool eat_decoded(struct slice *s, enum origin *origin) {
        static const char *const facilities[] = {
                "kern", "user", "mail", "daemon", "auth", "syslog", "lpr", "news", "uucp", "cron", "authpriv", "ftp",
                "local0", "local1", "local2", "local3", "local4", "local5", "local6", "local7",
        };
        struct slice b = *s, facility = slice_rtrim(slice_token(&b, ':')), level = slice_rtrim(slice_token(&b, ':'));

        if (facility.n < 3 || facility.n > 8 || level.n < 3 || level.n > 6)
                return false;
        for (size_t i = 0; i < ARRAY_SIZE(facilities); i++)
                if (slice_eq(facility, slice_of(facilities[i]))) {
                        if (i != 0)
                                *origin = ORIGIN_USERSPACE;
                        *s = slice_ltrim(b);
                        return true;
                }
        return false;
}

static bool eat_fixed(struct slice *s, const char *shape) {
        /* In a shape, 0 stands for a digit, _ for a digit or blank, a for a letter; others for themselves. */
        size_t i = 0;

        for (; shape[i]; i++) {
                if (i >= s->n)
                        return false;
                char c = s->s[i];
                bool fits = shape[i] == '0' ? is_digit(c) :
                            shape[i] == '_' ? is_digit(c) || c == ' ' :
                            shape[i] == 'a' ? (c | 32) >= 'a' && (c | 32) <= 'z' : c == shape[i];
                if (!fits)
                        return false;
        }
        *s = slice_from(*s, i);
        return true;
}

static uint64_t digits_at(struct slice s, size_t at, size_t n) {
        uint64_t v = 0;
        for (size_t i = at; i < at + n && i < s.n; i++)
                v = v * 10 + (is_digit(s.s[i]) ? (uint64_t) (s.s[i] - '0') : 0);
        return v;
}

/* "2026-11-23T10:00:00.123456+01:00" */
static bool eat_iso(struct slice *s, struct stamp *t) {
        struct slice b = *s, whole = *s;
        uint64_t frac = 0, offset = 0;
        bool west = false;

        if (!eat_fixed(&b, "0000-00-00T00:00:00") && !eat_fixed(&b, "0000-00-00 00:00:00"))
                return false;
        if (slice_eat(&b, SLICE(".")) || slice_eat(&b, SLICE(","))) {
                size_t n = b.n;
                if (!slice_eat_u64(&b, &frac))
                        return false;
                for (n -= b.n; n < 6; n++)
                        frac *= 10;
                for (; n > 6; n--)
                        frac /= 10;
        }
        if (!slice_eat(&b, SLICE("Z")) && b.n >= 5 && (b.s[0] == '+' || b.s[0] == '-')) {
                west = b.s[0] == '-';
                struct slice zone = slice_from(b, 1);
                if (eat_fixed(&b, west ? "-00:00" : "+00:00"))
                        offset = digits_at(zone, 0, 2) * 60 + digits_at(zone, 3, 2);
                else if (eat_fixed(&b, west ? "-0000" : "+0000"))
                        offset = digits_at(zone, 0, 2) * 60 + digits_at(zone, 2, 2);
        }
        struct tm tm = {
                .tm_year = (int) digits_at(whole, 0, 4) - 1900, .tm_mon = (int) digits_at(whole, 5, 2) - 1,
                .tm_mday = (int) digits_at(whole, 8, 2), .tm_hour = (int) digits_at(whole, 11, 2),
                .tm_min = (int) digits_at(whole, 14, 2), .tm_sec = (int) digits_at(whole, 17, 2),
        };
        time_t sec = timegm(&tm);
        if (sec > 0) {
                int64_t shifted = (int64_t) sec + (west ? 1 : -1) * (int64_t) offset * 60;
                t->real_us = (uint64_t) MAX(shifted, (int64_t) 0) * 1000000 + frac;
                t->has_real = true;
        }
        *s = b;
        return true;
}

/* What follows a syslog time: " host kernel: " or " host process[12]: ". */
static void eat_host_and_tag(struct slice *s, enum origin *origin) {
        struct slice b = slice_ltrim(*s);
        struct slice host = slice_token(&b, ' ');
        struct slice rest = slice_ltrim(b);
        size_t colon = slice_find(rest, SLICE(": "));

        if (host.n == 0 || host.n > 255 || slice_find_byte(host, '[') != SLICE_NPOS)
                return;
        if (colon == SLICE_NPOS && rest.n && rest.s[rest.n - 1] == ':')
                colon = rest.n - 1;
        if (colon == SLICE_NPOS || colon == 0 || colon > 64)
                return;
        struct slice tag = slice_head(rest, colon);
        if (slice_find_byte(tag, ' ') != SLICE_NPOS)
                return;
        if (!slice_eq(tag, SLICE("kernel")) && !slice_starts(tag, SLICE("kernel[")))
                *origin = ORIGIN_USERSPACE;
        *s = slice_from(rest, colon + 2);
}

static void eat_syslog(struct slice *s, struct stamp *t, enum origin *origin) {
        if (eat_iso(s, t) || eat_fixed(s, "aaa _0 00:00:00"))
                eat_host_and_tag(s, origin);
}

/* A program left its line unfinished on the console and the kernel's own begins within: what is before the
 * kernel's time is not the kernel's. The byte where that begins, 0 if there is none. */
static size_t kernel_begins(struct slice s) {
        for (size_t at = 0; at < s.n;) {
                size_t next = slice_find_byte(slice_from(s, at), '[');
                struct stamp t;
                if (next == SLICE_NPOS)
                        return 0;
                at += next;
                struct slice rest = slice_from(s, at);
                if (eat_time(&rest, &t))
                        return at;
                at++;
        }
        return 0;
}

/* Colour codes and other escape sequences are the terminal's, not the kernel's. A reset of the terminal parts
 * what the firmware wrote from the kernel's first line. */
static int drop_escapes(struct slice *s, struct buffer *scratch) {
        scratch->size = 0;
        int r = buffer_reserve(scratch, s->n);
        if (r < 0)
                return r;
        for (size_t i = 0; i < s->n; i++) {
                if (s->s[i] != '\033') {
                        scratch->data[scratch->size++] = s->s[i];
                        continue;
                }
                if (i + 1 < s->n && s->s[i + 1] == '[')
                        for (i += 2; i < s->n && ((unsigned char) s->s[i] < 0x40 || (unsigned char) s->s[i] > 0x7e); i++)
                                ;
                else {
                        i++;
                        if (i < s->n && s->s[i] == 'c')
                                scratch->size = 0;
                }
        }
        *s = buffer_slice(scratch, 0, scratch->size);
        return 0;
}

/* What the firmware left on the line before the kernel's first: "Booting from ROM...\r[    0.000000] Linux version".
 * Lines of the kernel that ran together keep their text. */
static struct slice after_firmware(struct slice raw) {
        size_t cr = slice_find_byte(raw, '\r');
        struct slice before = slice_ltrim(slice_head(raw, cr)), after = slice_from(raw, cr + 1);
        struct slice rest = slice_ltrim(after);
        struct stamp ignored = {};

        if (cr == SLICE_NPOS || eat_time(&before, &ignored) || !eat_time(&rest, &ignored))
                return raw;
        return after;
}

int line_parse(struct slice raw, const struct record *record, struct buffer *scratch, struct line *ret) {
        struct line l = {
                .time = record->time, .origin = record->origin, .caller = record->caller, .record = record,
        };

        while (raw.n && (raw.s[raw.n - 1] == '\r' || raw.s[raw.n - 1] == '\n'))
                raw.n--;
        if (slice_find_byte(raw, '\033') != SLICE_NPOS) {
                int r = drop_escapes(&raw, scratch);
                if (r < 0)
                        return r;
        }
        l.raw = raw;

        if (record->console) {
                while (raw.n && raw.s[0] == '\r')
                        raw = slice_from(raw, 1);
                raw = after_firmware(raw);
                eat_priority(&raw, &l.origin);
                struct slice probe = slice_ltrim(raw);
                if (probe.n && probe.s[0] == '[')
                        raw = probe;
                else {
                        eat_syslog(&raw, &l.time, &l.origin);
                        eat_decoded(&raw, &l.origin);
                        probe = slice_ltrim(raw);
                        if (probe.n && probe.s[0] == '[')
                                raw = probe;
                }
                bool timed = eat_time(&raw, &l.time);
                if (!timed && !l.time.has_real) {
                        size_t at = kernel_begins(raw);
                        if (at > 0) {
                                raw = slice_from(raw, at);
                                l.origin = record->origin;
                                timed = eat_time(&raw, &l.time);
                        }
                }
                if (timed) {
                        eat_caller(&raw, &l.caller);
                        slice_eat(&raw, SLICE(" "));
                } else if (eat_caller(&raw, &l.caller))
                        slice_eat(&raw, SLICE(" "));
        }
        l.text = slice_rtrim(raw);
        *ret = l;
        return 0;
}
