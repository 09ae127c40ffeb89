/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <inttypes.h>
#include <string.h>
#include <time.h>

#include "base/macros.h"
#include "output/html/page.h"

/* Events over time. A bar is as high as the square root of its count: one event stays visible beside a thousand. */

enum { COLUMNS_MAX = 60 };

static const uint64_t hour_us = 3600 * 1000000ull, day_us = 24 * 3600 * 1000000ull;

static bool all_have_wall_clock(const struct scan *s, uint64_t *first, uint64_t *last) {
        *first = UINT64_MAX;
        *last = 0;
        for (size_t i = 0; i < s->boots.n; i++) {
                const struct boot *b = s->boots.items[i];
                if (!b->first.has_real || !b->last.has_real)
                        return false;
                *first = MIN(*first, b->first.real_us);
                *last = MAX(*last, b->last.real_us);
        }
        return s->boots.n > 0 && *last >= *first;
}

int span_make(struct page *p) {
        const size_t n_boots = p->scan->boots.n;
        uint64_t first, last;

        p->span = arena_new(&p->arena, struct span, 1);
        if (!p->span)
                return -ENOMEM;
        if (all_have_wall_clock(p->scan, &first, &last)) {
                const bool days = last - first > 2 * day_us, weeks = last - first > COLUMNS_MAX * day_us;
                const uint64_t step = weeks ? 7 * day_us : days ? day_us : hour_us;
                const uint64_t from = first / step * step, n = (last - from) / step + 1;
                if (n <= COLUMNS_MAX) {
                        *p->span = (struct span){ .n = (size_t) n,
                                                  .from_us = from,
                                                  .step_us = step,
                                                  .unit = weeks ? SPAN_WEEKS :
                                                          days  ? SPAN_DAYS :
                                                                  SPAN_HOURS };
                        return 0;
                }
        }
        uint32_t each = (uint32_t) ((n_boots + COLUMNS_MAX - 1) / COLUMNS_MAX);
        *p->span = (struct span){ .unit = SPAN_BOOTS, .boots_each = MAX(each, 1u) };
        p->span->n = MAX((n_boots + p->span->boots_each - 1) / p->span->boots_each, (size_t) 1);
        return 0;
}

size_t span_column(const struct page *p, const struct finding *f) {
        const struct span *s = p->span;
        size_t at = 0;

        if (s->unit == SPAN_BOOTS)
                at = p->rank[f->boot] / s->boots_each;
        else {
                /* A boot has a time where a finding may have none. */
                const uint64_t us = f->first.has_real ? f->first.real_us : p->scan->boots.items[f->boot]->first.real_us;
                at = us > s->from_us ? (size_t) ((us - s->from_us) / s->step_us) : 0;
        }
        return MIN(at, s->n - 1);
}

static void column_name(struct page *p, size_t i) {
        static const char *const formats[] = { "%Y-%m-%d %H:00", "%Y-%m-%d", "week of %Y-%m-%d" };
        const struct span *s = p->span;
        char words[64];

        if (s->unit == SPAN_BOOTS) {
                const size_t from = i * s->boots_each + 1, to = MIN(from + s->boots_each - 1, p->scan->boots.n);
                if (from == to)
                        rawf(p, "boot %zu", from);
                else
                        rawf(p, "boots %zu to %zu", from, to);
                return;
        }
        time_t sec = (time_t) ((s->from_us + i * s->step_us) / 1000000);
        struct tm tm;
        if (gmtime_r(&sec, &tm) && strftime(words, sizeof(words), formats[s->unit], &tm))
                raw(p, words);
}

/* By the square root of its part of the highest. */
static unsigned height_of(uint64_t n, uint64_t most, unsigned height) {
        unsigned part = 0;

        while (part < 100 && (double) (part + 1) * (part + 1) * (double) most <= (double) n * 100 * 100)
                part++;
        return n == 0 ? 1 : MAX(height * part / 100, 3u);
}

static uint64_t most_of(const uint64_t *counts, size_t n) {
        uint64_t most = 1;

        for (size_t i = 0; i < n; i++)
                most = MAX(most, counts[i]);
        return most;
}

/* x, width: of the column; first: of its n how many signatures came for the first time. */
static void bar(struct page *p, size_t i, uint64_t n, uint64_t first, unsigned h, unsigned height, size_t x,
                unsigned width) {
        rawf(p, "<rect data-column=\"%zu\" x=\"%zu\" y=\"%u\" width=\"%u\" height=\"%u\" class=\"%s\"><title>", i, x,
             height - h, width, h, n ? "bar" : "none");
        column_name(p, i);
        rawf(p, ": %" PRIu64, n);
        if (first)
                rawf(p, ", %" PRIu64 " for the first time", first);
        raw(p, "</title></rect>");
}

void html_bars(struct page *p, const struct digest_line *l) {
        enum { HEIGHT = 18 };
        const unsigned width = p->span->n > 20 ? 4 : 8;
        uint64_t counts[COLUMNS_MAX] = {};

        for (size_t i = 0; i < l->n; i++)
                counts[span_column(p, l->all[i])] += l->all[i]->count;
        const uint64_t most = most_of(counts, p->span->n);
        /* The style bounds the width: then all columns are narrower, and none is cut off. */
        rawf(p,
             "<svg class=\"bars\" data-floor=\"%d\" width=\"%zu\" height=\"%d\" viewBox=\"0 0 %zu %d\" "
             "preserveAspectRatio=\"none\" role=\"img\" aria-label=\"when it came\">",
             HEIGHT, p->span->n * width, HEIGHT, p->span->n * width, HEIGHT);
        rawf(p, "<path d=\"M0 %d.5h%zu\" class=\"axis\"/>", HEIGHT - 1, p->span->n * width - 1);
        for (size_t i = 0; i < p->span->n; i++)
                if (counts[i])
                        bar(p, i, counts[i], 0, height_of(counts[i], most, HEIGHT), HEIGHT, i * width, width - 1);
        raw(p, "</svg>");
}

/* A number above or below a bar of that width. The words before it are left out if they do not fit; so is the number,
 * which the bar's title has, too. */
static void number(struct page *p, size_t column, unsigned y, unsigned width, const char *class, const char *before,
                   uint64_t n) {
        enum { DIGIT = 7, GAP = 3 };
        char digits[24];
        const size_t length = (size_t) snprintf(digits, sizeof(digits), "%" PRIu64, n);

        if (n == 0 || length * DIGIT + GAP > width)
                return;
        rawf(p, "<text data-column=\"%zu\" x=\"%zu\" y=\"%u\" class=\"%s\" text-anchor=\"middle\">%s%s</text>", column,
             column * width + width / 2, y, class, (length + strlen(before)) * DIGIT + GAP > width ? "" : before,
             digits);
}

void html_timeline(struct page *p) {
        enum { HEIGHT = 72, ROOM = 14, WIDTH = 1160, TWO_NAMES = 240 };
        static const char *const units[] = { "hour", "day", "week", "boot" };
        const unsigned width = (unsigned) MAX(MIN(WIDTH / p->span->n, (size_t) 96), TWO_NAMES / p->span->n);
        const size_t whole = p->span->n * width;
        uint64_t counts[COLUMNS_MAX] = {}, first[COLUMNS_MAX] = {};

        if (p->span->n < 2 || p->digest->n == 0)
                return;
        for (size_t i = 0; i < p->digest->n; i++) {
                const struct digest_line *l = &p->digest->lines[i];
                if (l->example->injected == INJECTED_YES)
                        continue;
                for (size_t k = 0; k < l->n; k++)
                        counts[span_column(p, l->all[k])] += l->all[k]->count;
                first[span_column(p, l->first)]++;
        }
        const uint64_t most = most_of(counts, p->span->n);
        rawf(p,
             "<figure class=\"timeline\"><figcaption>Events by %s; below, <span class=\"key-first\">signatures that "
             "came for the first time</span>"
             "</figcaption><svg data-floor=\"%d\" data-height=\"%d\" viewBox=\"0 0 %zu %d\" width=\"%zu\" role=\"img\" "
             "aria-label=\"events over time\">",
             units[p->span->unit], ROOM + HEIGHT, HEIGHT, whole, ROOM + HEIGHT + 34, whole);
        for (size_t i = 0; i < p->span->n; i++) {
                const unsigned h = height_of(counts[i], most, HEIGHT);
                bar(p, i, counts[i], first[i], h, ROOM + HEIGHT, i * width + 1, width - 2);
                number(p, i, ROOM + HEIGHT - h - 4, width, "nr", "", counts[i]);
                number(p, i, ROOM + HEIGHT + 14, width, "first", "+", first[i]);
        }
        rawf(p, "<text x=\"1\" y=\"%d\" class=\"nr\">", ROOM + HEIGHT + 30);
        column_name(p, 0);
        rawf(p, "</text><text x=\"%zu\" y=\"%d\" class=\"nr\" text-anchor=\"end\">", whole - 1, ROOM + HEIGHT + 30);
        column_name(p, p->span->n - 1);
        raw(p, "</text></svg></figure>\n");
}
