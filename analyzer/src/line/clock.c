/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "line/clock.h"

#include <ctype.h>
#include <endian.h>
#include <string.h>
#include <time.h>

#include "base/macros.h"

/* "12.345678": the fraction's digits are counted, for a kernel prints six. */
static bool eat_seconds(struct slice *s, uint64_t *sec, uint64_t *usec, size_t *digits) {
        struct slice b = *s;

        if (!slice_eat_u64(&b, sec) || *sec > UINT64_MAX / 2000000 || b.n < 2 || (b.s[0] != '.' && b.s[0] != ',') ||
            !is_digit(b.s[1]))
                return false;
        b = slice_from(b, 1);
        *usec = 0;
        for (*digits = 0; b.n && is_digit(b.s[0]); b = slice_from(b, 1), (*digits)++)
                if (*digits < 6)
                        *usec = *usec * 10 + (uint64_t) (b.s[0] - '0');
        for (size_t i = *digits; i < 6; i++)
                *usec *= 10;
        /* An address in a network, or a version, goes on. */
        if (*digits > 9 || (b.n > 1 && b.s[0] == '.' && is_digit(b.s[1])))
                return false;
        *s = b;
        return true;
}

enum { FRACTION = 6 };

/* ".345678]": the six digits between two bytes, all at once; false if others are among them. */
static bool read_fraction(const char *p, uint64_t *ret) {
        static const uint64_t high = 0xf0f0f0f0f0f0, zeros = 0x303030303030, pairs = 0x000f000f000f;
        uint64_t v;

        memcpy(&v, p, FRACTION + 2);
        v = be64toh(v) >> 8 & 0xffffffffffff;
        if ((v & high) != zeros || ((v + 0x060606060606) & high) != zeros)
                return false;
        v = (v & pairs) + 10 * (v >> 8 & pairs);
        *ret = (v >> 32) * 10000 + (v >> 16 & 0xff) * 100 + (v & 0xff);
        return true;
}

/* Every line is asked, mostly with success. */
bool clock_kernel(struct slice *s, struct stamp *t) {
        const char *p = s->s, *const end = p + s->n;
        uint64_t sec = 0, usec = 0;

        if (p == end || *p++ != '[')
                return false;
        while (p < end && is_blank(*p))
                p++;
        const char *digits = p;
        for (; p < end && is_digit(*p); p++) {
                sec = sec * 10 + (uint64_t) (*p - '0');
                if (sec > UINT64_MAX / 2000000)
                        return false;
        }
        if (p == digits || end - p < FRACTION + 2 || (*p != '.' && *p != ',') || p[FRACTION + 1] != ']' ||
            !read_fraction(p, &usec))
                return false;
        t->mono_us = sec * 1000000 + usec;
        t->has_mono = true;
        *s = slice_from(*s, (size_t) (p + FRACTION + 2 - s->s));
        return true;
}

/* --- times of day --- */

struct moment {
        unsigned year, month, day, hour, minute, second, us, words;
        int zone; /* minutes east of UTC */
        bool has_clock, pm, am;
};

/* How the languages that people run machines in begin the names of months; those that begin alike in several are told
 * apart by more letters. The first that fits. */
static const struct {
        const char *begins;
        unsigned month;
} months[] = {
        { "jan", 1 },
        { "feb", 2 },
        { "mar", 3 },
        { "apr", 4 },
        { "may", 5 },
        { "mai", 5 },
        { "mag", 5 },
        { "maj", 5 },
        { "mei", 5 },
        { "juin", 6 },
        { "juil", 7 },
        { "jun", 6 },
        { "jul", 7 },
        { "aug", 8 },
        { "sep", 9 },
        { "oct", 10 },
        { "okt", 10 },
        { "nov", 11 },
        { "dec", 12 },
        { "dez", 12 },
        { "des", 12 },
        { "d\303\251c", 12 },
        { "f\303\251v", 2 },
        { "ao\303\273", 8 },
        { "avr", 4 },
        { "m\303\244r", 3 },
        { "mrt", 3 },
        { "ene", 1 },
        { "abr", 4 },
        { "ago", 8 },
        { "dic", 12 },
        { "gen", 1 },
        { "giu", 6 },
        { "lug", 7 },
        { "set", 9 },
        { "ott", 10 },
        { "fev", 2 },
        { "out", 10 },
        { "sty", 1 },
        { "lut", 2 },
        { "kwi", 4 },
        { "cze", 6 },
        { "lip", 7 },
        { "sie", 8 },
        { "wrz", 9 },
        { "pa\305\272", 10 },
        { "lis", 11 },
        { "gru", 12 },
        { "led", 1 },
        { "\303\272no", 2 },
        { "b\305\231e", 3 },
        { "dub", 4 },
        { "kv\304\233", 5 },
        { "\304\215vc", 7 },
        { "\304\215vn", 6 },
        { "srp", 8 },
        { "z\303\241\305\231", 9 },
        { "\305\231\303\255j", 10 },
        { "pro", 12 },
        { "\321\217\320\275\320\262", 1 },
        { "\321\204\320\265\320\262", 2 },
        { "\320\274\320\260\321\200", 3 },
        { "\320\260\320\277\321\200", 4 },
        { "\320\274\320\260", 5 },
        { "\320\270\321\216\320\275", 6 },
        { "\320\270\321\216\320\273", 7 },
        { "\320\260\320\262\320\263", 8 },
        { "\321\201\320\265\320\275", 9 },
        { "\320\276\320\272\321\202", 10 },
        { "\320\275\320\276\321\217", 11 },
        { "\320\264\320\265\320\272", 12 },
};

/* begins is in small letters. */
static bool begins_with(struct slice word, struct slice begins) {
        for (size_t i = 0; i < begins.n; i++) {
                const char c = i < word.n ? word.s[i] : '\0';
                if ((c >= 'A' && c <= 'Z' ? c | 32 : c) != begins.s[i])
                        return false;
        }
        return true;
}

/* 0: it is no month's name. */
static unsigned month_of(struct slice word) {
        for (size_t i = 0; i < ARRAY_SIZE(months); i++)
                if (begins_with(word, slice_of(months[i].begins)))
                        return months[i].month;
        return 0;
}

static bool is_name_byte(char c) {
        return (c | 32) >= 'a' ? (c | 32) <= 'z' : (unsigned char) c >= 0x80;
}

/* Most texts have no time of day near, which is cheaper to see than to read words for names of days and months. */
static bool may_be_wall(struct slice s) {
        enum { FARTHEST = 256 };

        if (!is_digit(s.s[0]) && !is_name_byte(s.s[0]))
                return false;
        s = slice_head(s, FARTHEST);
        for (size_t at; (at = slice_find_byte(s, ':')) != SLICE_NPOS; s = slice_from(s, at + 1))
                if (at > 0 && s.n - at > 2 && is_digit(s.s[at - 1]) && is_digit(s.s[at + 1]) && is_digit(s.s[at + 2]))
                        return true;
        return false;
}

static bool eat_two(struct slice *s, unsigned most, unsigned *ret) {
        if (s->n < 2 || !is_digit(s->s[0]) || !is_digit(s->s[1]))
                return false;
        *ret = (unsigned) (s->s[0] - '0') * 10 + (unsigned) (s->s[1] - '0');
        if (*ret > most)
                return false;
        *s = slice_from(*s, 2);
        return true;
}

static bool eat_number(struct slice *s, size_t least, size_t most, unsigned *ret) {
        size_t n = 0;

        for (*ret = 0; n < s->n && n < most && is_digit(s->s[n]); n++)
                *ret = *ret * 10 + (unsigned) (s->s[n] - '0');
        if (n < least || (n < s->n && is_digit(s->s[n])))
                return false;
        *s = slice_from(*s, n);
        return true;
}

static bool eat_zone(struct slice *s, struct moment *m) {
        static const struct {
                struct slice name;
                int minutes;
        } zones[] = {
                { SLICE("UTC"), 0 },    { SLICE("GMT"), 0 },    { SLICE("CET"), 60 },   { SLICE("CEST"), 120 },
                { SLICE("WET"), 0 },    { SLICE("WEST"), 60 },  { SLICE("EET"), 120 },  { SLICE("EEST"), 180 },
                { SLICE("MSK"), 180 },  { SLICE("BST"), 60 },   { SLICE("IST"), 330 },  { SLICE("EST"), -300 },
                { SLICE("EDT"), -240 }, { SLICE("CST"), -360 }, { SLICE("CDT"), -300 }, { SLICE("MST"), -420 },
                { SLICE("MDT"), -360 }, { SLICE("PST"), -480 }, { SLICE("PDT"), -420 }, { SLICE("JST"), 540 },
                { SLICE("KST"), 540 },  { SLICE("AEST"), 600 }, { SLICE("AEDT"), 660 }, { SLICE("HKT"), 480 },
                { SLICE("SGT"), 480 },
        };
        struct slice b = *s;
        unsigned hour, minute = 0;

        if (slice_eat(&b, SLICE("Z")) && (b.n == 0 || !is_name_byte(b.s[0]))) {
                *s = b;
                return true;
        }
        b = slice_ltrim(*s);
        for (size_t i = 0; i < ARRAY_SIZE(zones); i++) {
                struct slice rest = b;
                if (slice_eat(&rest, zones[i].name) &&
                    (rest.n == 0 || !(is_name_byte(rest.s[0]) || is_digit(rest.s[0])))) {
                        m->zone = zones[i].minutes;
                        *s = rest;
                        return true;
                }
        }
        if (b.n < 3 || (b.s[0] != '+' && b.s[0] != '-'))
                return false;
        const int sign = b.s[0] == '-' ? -1 : 1;
        b = slice_from(b, 1);
        if (!eat_two(&b, 14, &hour))
                return false;
        struct slice rest = b;
        slice_eat(&rest, SLICE(":"));
        if (eat_two(&rest, 59, &minute))
                b = rest;
        if (b.n && is_digit(b.s[0]))
                return false;
        m->zone = sign * (int) (hour * 60 + minute);
        *s = b;
        return true;
}

/* "11:53", "11:53:55", "11:53:55.123456" or ",123": what no date is without. */
static bool eat_clock(struct slice *s, struct moment *m) {
        struct slice b = *s;

        if (!eat_number(&b, 1, 2, &m->hour) || m->hour > 24 || !slice_eat(&b, SLICE(":")) ||
            !eat_two(&b, 59, &m->minute))
                return false;
        struct slice seconds = b;
        if (slice_eat(&seconds, SLICE(":")) && eat_two(&seconds, 60, &m->second)) {
                b = seconds;
                size_t digits = 0;
                if (b.n > 1 && (b.s[0] == '.' || b.s[0] == ',' || b.s[0] == ':') && is_digit(b.s[1])) {
                        for (b = slice_from(b, 1); b.n && is_digit(b.s[0]); b = slice_from(b, 1))
                                if (digits++ < 6)
                                        m->us = m->us * 10 + (unsigned) (b.s[0] - '0');
                        for (; digits < 6; digits++)
                                m->us *= 10;
                }
        }
        if (b.n && (is_digit(b.s[0]) || (b.s[0] == ':' && b.n > 1 && is_digit(b.s[1]))))
                return false;
        struct slice half = slice_ltrim(b);
        m->pm = slice_starts(half, SLICE("PM"));
        m->am = slice_starts(half, SLICE("AM"));
        if (m->pm || m->am)
                b = slice_from(half, 2);
        m->has_clock = true;
        *s = b;
        return true;
}

/* "2025-09-20", "2025/09/20", "20.09.2025", "09-20", "20250920", "20/Sep/2025" */
static bool eat_date(struct slice *s, struct moment *m) {
        struct slice b = *s;
        unsigned first, second;

        if (eat_number(&b, 8, 8, &first) && first / 10000 >= 1970 && first / 10000 < 2200 && first / 100 % 100 <= 12 &&
            first % 100 <= 31) {
                m->year = first / 10000;
                m->month = first / 100 % 100;
                m->day = first % 100;
                *s = b;
                return true;
        }
        b = *s;
        if (!eat_number(&b, 1, 4, &first) || b.n < 2 || !(b.s[0] == '-' || b.s[0] == '/' || b.s[0] == '.'))
                return false;
        const char separator = b.s[0];
        b = slice_from(b, 1);
        if (is_name_byte(b.s[0])) {
                struct slice word = b;
                while (b.n && is_name_byte(b.s[0]))
                        b = slice_from(b, 1);
                word.n -= b.n;
                second = month_of(word);
                if (second == 0)
                        return false;
        } else if (!eat_number(&b, 1, 2, &second))
                return false;
        if (b.n > 1 && b.s[0] == separator && is_digit(b.s[1])) {
                unsigned third;
                b = slice_from(b, 1);
                if (!eat_number(&b, 1, 4, &third))
                        return false;
                /* The year is what no day can be; of the American order only what no month can be tells. */
                if (first > 31)
                        m->year = first, m->month = second, m->day = third;
                else if (second > 12)
                        m->year = third, m->month = first, m->day = second;
                else
                        m->year = third, m->month = second, m->day = first;
                if (m->year < 100)
                        m->year += 2000;
        } else
                m->month = first, m->day = second;
        if (m->month < 1 || m->month > 12 || m->day < 1 || m->day > 31)
                return false;
        *s = b;
        return true;
}

/* A name of a day or month, in any language; what is not known as a month is taken for a day. "9月" and "2025年" carry
 * their number with them. */
static bool eat_name(struct slice *s, struct moment *m) {
        struct slice b = *s;
        unsigned number;

        if (eat_number(&b, 1, 4, &number) && b.n >= 3 && (unsigned char) b.s[0] >= 0x80) {
                if (slice_eat(&b, SLICE("\346\234\210")) && number <= 12)
                        m->month = number;
                else if (slice_eat(&b, SLICE("\345\271\264")))
                        m->year = number;
                else if (slice_eat(&b, SLICE("\346\227\245")) && number <= 31)
                        m->day = number;
                else if (slice_eat(&b, SLICE("\354\233\224")) && number <= 12)
                        m->month = number;
                else
                        return false;
                m->words++;
                *s = b;
                return true;
        }
        b = *s;
        while (b.n && is_name_byte(b.s[0]))
                b = slice_from(b, 1);
        struct slice word = slice_head(*s, s->n - b.n);
        /* Twelve bytes are six letters of Cyrillic, or four of Chinese. */
        if (word.n < 2 || word.n > 18 || m->words >= 3)
                return false;
        /* A day may begin as a month does ("mar." is Tuesday too): the month comes after it. */
        const unsigned month = month_of(word);
        if (month)
                m->month = month;
        m->words++;
        slice_eat(&b, SLICE("."));
        *s = b;
        return true;
}

static bool between(struct slice *s, const struct moment *m) {
        struct slice b = *s;

        if (b.n == 0)
                return false;
        /* svlogd writes a low line. */
        if ((b.s[0] == 'T' || b.s[0] == '_') && m->day && b.n > 1 && is_digit(b.s[1])) {
                *s = slice_from(b, 1);
                return true;
        }
        slice_eat(&b, SLICE(","));
        if (b.n == s->n && b.s[0] == ':' && m->day)
                b = slice_from(b, 1);
        *s = slice_ltrim(b);
        return true;
}

static void set_real(const struct moment *m, struct stamp *t) {
        struct tm tm = {
                .tm_year = (int) m->year - 1900,
                .tm_mon = (int) m->month - 1,
                .tm_mday = (int) m->day,
                .tm_hour = (int) (m->pm && m->hour < 12  ? m->hour + 12 :
                                  m->am && m->hour == 12 ? 0 :
                                                           m->hour),
                .tm_min = (int) m->minute,
                .tm_sec = (int) m->second,
        };

        if (m->year < 1970 || m->month == 0 || m->day == 0)
                return;
        const int64_t sec = (int64_t) timegm(&tm) - (int64_t) m->zone * 60;
        if (sec <= 0)
                return;
        t->real_us = (uint64_t) sec * 1000000 + m->us;
        t->has_real = true;
}

/* "1721844656.123456": ten digits last from 2001 to 2286. */
static bool eat_epoch(struct slice *s, struct stamp *t) {
        struct slice b = *s;
        uint64_t sec, usec;
        size_t digits;

        if (s->n < 11 || !is_digit(s->s[9]) || (s->s[10] != '.' && s->s[10] != ',') ||
            !eat_seconds(&b, &sec, &usec, &digits))
                return false;
        t->real_us = sec * 1000000 + usec;
        t->has_real = true;
        *s = b;
        return true;
}

/* "@400000005fca2c9f1a2b3c4d": TAI64N, as multilog and s6-log write it; without nanoseconds TAI64. */
static bool eat_tai(struct slice *s, struct stamp *t) {
        enum { SECONDS = 16, LONG = 24, BEHIND_UTC = 10 };
        struct slice label = *s;
        uint64_t sec, ns = 0;
        size_t digits = 1;

        if (!slice_eat(&label, SLICE("@4")) || label.n < SECONDS - 1)
                return false;
        while (digits <= label.n && isxdigit((unsigned char) label.s[digits - 1]))
                digits++;
        struct slice head = slice_head(label, SECONDS - 1),
                     tail = slice_head(slice_from(label, SECONDS - 1), LONG - SECONDS);
        if ((digits != SECONDS && digits != LONG) || !slice_eat_hex(&head, &sec) || sec <= BEHIND_UTC ||
            sec > UINT32_MAX || (digits == LONG && !slice_eat_hex(&tail, &ns)))
                return false;
        t->real_us = (sec - BEHIND_UTC) * 1000000 + ns / 1000;
        t->has_real = true;
        *s = slice_from(label, digits - 1);
        return true;
}

bool clock_wall(struct slice *s, struct stamp *t) {
        struct moment m = {};
        struct slice b = *s, end = SLICE_NULL;

        if (b.n < 4)
                return false;
        if (eat_epoch(s, t) || eat_tai(s, t))
                return true;
        if (!may_be_wall(b))
                return false;
        for (unsigned i = 0; i < 8 && !m.has_clock; i++) {
                unsigned number;
                struct slice at = b;

                if (eat_clock(&b, &m))
                        break;
                /* "Sep20 11:53" has no blank, and "20/Sep/2025:11:53:55" a colon. */
                if (!(m.day == 0 && eat_date(&b, &m)) && !eat_name(&b, &m)) {
                        if (!eat_number(&b, 1, 4, &number))
                                return false;
                        if (number > 31 ? number < 1970 || m.year : number == 0 || m.day != 0)
                                return false;
                        if (number > 31)
                                m.year = number;
                        else
                                m.day = number;
                        slice_eat(&b, SLICE("."));
                }
                if (b.n == at.n || !between(&b, &m))
                        return false;
        }
        if (!m.has_clock)
                return false;
        /* What may follow the clock: a zone, and ctime's year. */
        end = b;
        eat_zone(&end, &m);
        struct slice year = slice_ltrim(end);
        unsigned number;
        if (m.year == 0 && m.day && year.n < end.n && eat_number(&year, 4, 4, &number) && number >= 1970 &&
            number < 2200 && (year.n == 0 || !(is_name_byte(year.s[0]) || year.s[0] == '-'))) {
                m.year = number;
                end = year;
        }
        /* Words alone before a clock may be anybody's: a day or a month stands with a number. */
        if (m.words && !m.day && !m.month)
                return false;
        set_real(&m, t);
        *s = end;
        return true;
}

bool clock_any(struct slice *s, struct stamp *t) {
        struct slice b = slice_ltrim(*s);
        uint64_t sec, usec;
        size_t digits;

        if (clock_kernel(&b, t) || clock_wall(&b, t)) {
                *s = b;
                return true;
        }
        struct slice rest = b;
        const bool difference = slice_eat(&rest, SLICE("+")) || slice_eat(&rest, SLICE("<"));
        rest = slice_ltrim(rest);
        if (!eat_seconds(&rest, &sec, &usec, &digits))
                return false;
        /* A table of numbers leaves the last zeros out; three digits are a program's milliseconds. */
        if (!difference && digits >= 4 && digits <= 6) {
                t->mono_us = sec * 1000000 + usec;
                t->has_mono = true;
        }
        if (difference)
                slice_eat(&rest, SLICE(">"));
        *s = rest;
        return true;
}
