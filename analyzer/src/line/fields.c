/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "line/fields.h"

#include <string.h>
#include <strings.h>

#include "base/macros.h"

bool field_priority(struct slice *s, enum origin *origin) {
        struct slice b = *s;
        uint64_t prio;

        if (!slice_eat(&b, SLICE("<")) || !slice_eat_u64(&b, &prio) || prio > 191 || !slice_eat(&b, SLICE(">")))
                return false;
        if (prio >> 3 != 0)
                *origin = ORIGIN_USERSPACE;
        *s = b;
        return true;
}

bool is_facility(struct slice w, bool *kern) {
        static const char *const facilities[] = {
                "kern",     "user", "mail",   "daemon", "auth",   "syslog", "lpr",    "news",   "uucp",   "cron",
                "authpriv", "ftp",  "local0", "local1", "local2", "local3", "local4", "local5", "local6", "local7",
        };

        for (size_t i = 0; i < ARRAY_SIZE(facilities); i++)
                if (slice_eq(w, slice_of(facilities[i]))) {
                        *kern = i == 0;
                        return true;
                }
        return false;
}

bool field_decoded(struct slice *s, enum origin *origin) {
        struct slice b = *s, facility = slice_rtrim(slice_token(&b, ':')), level = slice_rtrim(slice_token(&b, ':'));
        bool kern;

        if (facility.n < 3 || facility.n > 8 || level.n < 3 || level.n > 6 || !is_facility(facility, &kern))
                return false;
        if (!kern)
                *origin = ORIGIN_USERSPACE;
        *s = b;
        return true;
}

bool field_caller(struct slice *s, uint32_t *caller) {
        const char *p = s->s, *const end = p + s->n;
        uint64_t id = 0;

        while (p < end && is_blank(*p))
                p++;
        if (p == end || *p++ != '[')
                return false;
        while (p < end && is_blank(*p))
                p++;
        if (end - p < 3 || (*p != 'T' && *p != 'C') || !is_digit(p[1]))
                return false;
        const bool cpu = *p++ == 'C';
        for (; p < end && is_digit(*p); p++) {
                id = id * 10 + (uint64_t) (*p - '0');
                if (id >= UINT32_MAX / 4)
                        return false;
        }
        if (p == end || *p != ']')
                return false;
        *caller = cpu ? CALLER_CPU((uint32_t) id) : CALLER_TASK((uint32_t) id);
        *s = slice_from(*s, (size_t) (p + 1 - s->s));
        return true;
}

bool field_kmsg(struct slice *s, struct stamp *t, enum origin *origin, uint32_t *caller) {
        struct slice b = *s, flags;
        uint64_t priority, sequence, us;

        /* Most lines have none. */
        if (slice_find_byte(b, ';') == SLICE_NPOS)
                return false;
        /* A release has dots, a priority none. */
        struct slice first = slice_token(&b, ',');
        if (slice_find_byte(first, '.') == SLICE_NPOS)
                b = *s;
        else if (first.n > 64 || slice_find_byte(first, ' ') != SLICE_NPOS)
                return false;
        if (!slice_eat_u64(&b, &priority) || !slice_eat(&b, SLICE(",")) || !slice_eat_u64(&b, &sequence) ||
            !slice_eat(&b, SLICE(",")) || !slice_eat_u64(&b, &us) || !slice_eat(&b, SLICE(",")) ||
            slice_find_byte(slice_head(b, 96), ';') == SLICE_NPOS)
                return false;
        flags = slice_token(&b, ';');
        t->mono_us = us;
        t->has_mono = true;
        if (priority >> 3 != 0)
                *origin = ORIGIN_USERSPACE;
        size_t at = slice_find(flags, SLICE("caller="));
        uint64_t id;
        if (at != SLICE_NPOS) {
                struct slice who = slice_from(flags, at + 7), number = slice_from(who, 1);
                if (slice_eat_u64(&number, &id) && id < UINT32_MAX / 4)
                        *caller = slice_starts(who, SLICE("C")) ? CALLER_CPU((uint32_t) id) :
                                                                  CALLER_TASK((uint32_t) id);
        }
        *s = b;
        return true;
}

void field_task(struct slice in, uint32_t *caller) {
        struct slice s = slice_ltrim(in), last = SLICE_NULL;
        uint64_t first, id;

        if (!slice_eat_u64(&s, &first) || !slice_eat(&s, SLICE(":")))
                return;
        for (struct slice rest = s; rest.n;)
                last = slice_trim(slice_token(&rest, ':'));
        /* Of two numbers nothing says which is the processor. */
        if (slice_find_byte(s, ':') == SLICE_NPOS && slice_eat_u64(&s, &id) && s.n == 0)
                return;
        if (slice_find_byte(s, ':') == SLICE_NPOS)
                id = first;
        else if (!slice_eat_u64(&last, &id) || last.n)
                return;
        if (id < UINT32_MAX / 4)
                *caller = CALLER_TASK((uint32_t) id);
}

bool is_severity(struct slice w) {
        static const char *const severities[] = {
                "emerg",   "alert",  "crit", "critical", "err",   "error", "warn",
                "warning", "notice", "info", "debug",    "trace", "fatal", "panic",
        };

        if (w.n == 1)
                return w.s[0] >= 'A' && w.s[0] <= 'Z';
        for (size_t i = 0; i < ARRAY_SIZE(severities); i++)
                if (strlen(severities[i]) == w.n && strncasecmp(severities[i], w.s, w.n) == 0)
                        return true;
        return false;
}

/* " FTT: 0 0", " Kdump: loaded": a word in capitals, as all of the line's own are, a colon and what it is. */
static bool is_field(struct slice s) {
        static const struct slice others[] = { SLICE(" Kdump: ") };
        size_t n = 1;

        for (size_t i = 0; i < ARRAY_SIZE(others); i++)
                if (slice_starts(s, others[i]))
                        return s.n > others[i].n;
        while (n < s.n && s.s[n] >= 'A' && s.s[n] <= 'Z')
                n++;
        return slice_starts(s, SLICE(" ")) && n > 2 && n + 2 < s.n && s.s[n] == ':' && s.s[n + 1] == ' ';
}

static bool is_taint(struct slice s) {
        return slice_starts(s, SLICE(" Not tainted")) || slice_starts(s, SLICE(" Tainted: "));
}

size_t field_find_taint(struct slice s) {
        enum { SHOWN_MAX = 4 * 15 }; /* a name of which each byte is shown as "#012" */

        for (size_t i = MIN(s.n, (size_t) SHOWN_MAX + 1); i-- > 0;)
                if (s.s[i] == ' ' && is_taint(slice_from(s, i)))
                        return i;
        for (size_t i = SHOWN_MAX; i < s.n; i++)
                if (s.s[i] == ' ' && is_taint(slice_from(s, i)))
                        return i;
        return SLICE_NPOS;
}

struct slice field_name_of_task(struct slice s) {
        for (size_t i = 1; i < s.n; i++)
                if (s.s[i] == ' ' && is_field(slice_from(s, i)))
                        return slice_head(s, i);
        return s;
}
