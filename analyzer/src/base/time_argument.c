/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "base/time_argument.h"

#include <time.h>

#include "base/macros.h"
#include "base/slice.h"

static bool relative(struct slice s, uint64_t now, uint64_t *ret) {
        static const struct {
                struct slice unit;
                uint64_t seconds;
        } units[] = {
                { SLICE("s"), 1 },    { SLICE("sec"), 1 },   { SLICE("m"), 60 },      { SLICE("min"), 60 },
                { SLICE("h"), 3600 }, { SLICE("d"), 86400 }, { SLICE("day"), 86400 }, { SLICE("w"), 604800 },
        };
        uint64_t n, us;

        if (!slice_eat_u64(&s, &n))
                return false;
        for (size_t i = 0; i < ARRAY_SIZE(units); i++)
                if (slice_eq(s, units[i].unit)) {
                        if (__builtin_mul_overflow(n, units[i].seconds * 1000000, &us) || us > now)
                                return false;
                        *ret = now - us;
                        return true;
                }
        return false;
}

bool time_argument_parse(const char *text, uint64_t *ret) {
        struct slice s = slice_of(text);
        uint64_t now = (uint64_t) time(NULL) * 1000000, sec;
        time_t t = (time_t) (now / 1000000);
        struct tm tm;

        if (slice_eat(&s, SLICE("@"))) {
                if (!slice_eat_u64(&s, &sec) || s.n || sec > UINT64_MAX / 1000000)
                        return false;
                *ret = sec * 1000000;
                return true;
        }
        if (slice_eat(&s, SLICE("-")))
                return relative(s, now, ret);
        if (slice_eq(s, SLICE("now"))) {
                *ret = now;
                return true;
        }
        localtime_r(&t, &tm);
        if (slice_eq(s, SLICE("today")) || slice_eq(s, SLICE("yesterday"))) {
                tm.tm_hour = tm.tm_min = tm.tm_sec = 0;
                tm.tm_mday -= slice_eq(s, SLICE("yesterday"));
        } else {
                static const char *const shapes[] = { "%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M",
                                                      "%Y-%m-%d" };
                bool found = false;
                for (size_t i = 0; i < ARRAY_SIZE(shapes) && !found; i++) {
                        tm = (struct tm){};
                        const char *end = strptime(text, shapes[i], &tm);
                        found = end && !*end;
                }
                if (!found)
                        return false;
        }
        tm.tm_isdst = -1;
        t = mktime(&tm);
        if (t < 0)
                return false;
        *ret = (uint64_t) t * 1000000;
        return true;
}
