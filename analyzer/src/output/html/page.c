/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "output/html/page.h"

#include <inttypes.h>
#include <stdarg.h>
#include <time.h>

#include "output/xml.h"

void rawf(struct page *p, const char *format, ...) {
        va_list ap;

        va_start(ap, format);
        vfprintf(p->f, format, ap);
        va_end(ap);
}

void html_slice(struct page *p, struct slice s) {
        if (p->error == 0)
                p->error = print_xml(p->f, s);
}

void html_text(struct page *p, const char *s) {
        html_slice(p, slice_of(s));
}

void html_attribute(struct page *p, const char *key, const char *value) {
        if (!value)
                return;
        rawf(p, " %s=\"", key);
        html_text(p, value);
        raw(p, "\"");
}

void html_count(struct page *p, uint64_t n, const char *one, const char *many) {
        rawf(p, "%" PRIu64 " %s", n, n == 1 ? one : many);
}

void html_time(struct page *p, const struct stamp *t) {
        char iso[64];
        time_t sec = (time_t) (t->real_us / 1000000);
        struct tm tm;
        const bool clock = t->has_real && gmtime_r(&sec, &tm) && strftime(iso, sizeof(iso), "%Y-%m-%dT%H:%M:%SZ", &tm);

        if (clock)
                rawf(p, "<time datetime=\"%s\">", iso);
        html_when(p, t);
        raw(p, clock ? "</time>" : "");
}

static void print_when(struct page *p, const struct stamp *t, const char *format) {
        char words[64];
        time_t sec = (time_t) (t->real_us / 1000000);
        struct tm tm;

        if (t->has_real && gmtime_r(&sec, &tm) && strftime(words, sizeof(words), format, &tm))
                raw(p, words);
        else if (t->has_mono)
                rawf(p, "%" PRIu64 ".%06" PRIu64 " s after boot", t->mono_us / 1000000, t->mono_us % 1000000);
        else
                raw(p, "unknown");
}

void html_when(struct page *p, const struct stamp *t) {
        print_when(p, t, "%Y-%m-%d %H:%M:%S");
}

void html_when_after(struct page *p, const struct stamp *before, const struct stamp *t) {
        const uint64_t day_us = 86400000000ull;
        const bool same_day = before->has_real && before->real_us / day_us == t->real_us / day_us;

        print_when(p, t, same_day ? "%H:%M:%S" : "%Y-%m-%d %H:%M:%S");
}

void html_duration(struct page *p, double seconds) {
        const uint64_t s = seconds < 0 ? 0 : (uint64_t) seconds;

        if (seconds < 100)
                rawf(p, "%.1f s", seconds);
        else if (s < 7200)
                rawf(p, "%" PRIu64 " min", s / 60);
        else if (s < 2 * 86400)
                rawf(p, "%" PRIu64 " h %" PRIu64 " min", s / 3600, s % 3600 / 60);
        else
                rawf(p, "%" PRIu64 " d %" PRIu64 " h", s / 86400, s % 86400 / 3600);
}

void html_line_id(struct page *p, const struct finding *f) {
        rawf(p, "s-%.16s%s", f->signature + strlen("v2:"), f->injected == INJECTED_YES ? "-i" : "");
}

static void print_query(struct page *p, struct slice s) {
        for (size_t i = 0; i < s.n; i++)
                if ((s.s[i] >= 'a' && s.s[i] <= 'z') || (s.s[i] >= 'A' && s.s[i] <= 'Z') || is_digit(s.s[i]) ||
                    s.s[i] == '_' || s.s[i] == '-' || s.s[i] == '.')
                        fputc(s.s[i], p->f);
                else
                        rawf(p, "%%%02X", (unsigned char) s.s[i]);
}

/* The words of our titles that stand for what differs from boot to boot: nobody wrote those. */
static bool is_placeholder(struct slice word) {
        while (word.n && strchr(":,.;)", word.s[word.n - 1]))
                word.n--;
        return slice_eq(word, SLICE("NUM")) || slice_eq(word, SLICE("ADDR"));
}

void html_phrases(struct page *p, const char *title) {
        struct slice rest = slice_of(title);
        bool within = false, any = false;

        while (rest.n) {
                const struct slice word = slice_token(&rest, ' ');
                if (is_placeholder(word)) {
                        raw(p, within ? "%22" : "");
                        within = false;
                        continue;
                }
                raw(p, within ? "%20" : any ? "%20%22" : "%22");
                print_query(p, word);
                within = any = true;
        }
        raw(p, within ? "%22" : "");
}

void html_boot_link(struct page *p, uint32_t boot) {
        rawf(p, "<a href=\"#b-%" PRIu32 "\">boot %" PRIu32 "</a>", p->rank[boot] + 1, p->rank[boot] + 1);
}
