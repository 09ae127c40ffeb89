/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "base/progress.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "base/log.h"

struct progress {
        uint64_t expected, done; /* bytes */
        double start, next;      /* seconds of the clock: when it began, when to speak again */
        bool in_place;
};

/* Jobs that are done sooner need no words. */
static const double first_after = 1, again_in_place = 0.25, again_below = 5;

static double now(void) {
        struct timespec t;

        clock_gettime(CLOCK_MONOTONIC, &t);
        return (double) t.tv_sec + (double) t.tv_nsec * 1e-9;
}

struct progress *progress_new(bool in_place) {
        struct progress *p = calloc(1, sizeof(*p));

        if (!p)
                return NULL;
        p->start = now();
        p->next = p->start + first_after;
        p->in_place = in_place;
        return p;
}

struct progress *progress_free(struct progress *p) {
        if (p && p->in_place)
                log_message(MESSAGE_STATUS, "%s", "");
        free(p);
        return NULL;
}

static void say(const struct progress *p, double done, double seconds) {
        char text[128];
        const double rate = done / seconds, left = (double) p->expected - done;
        int n;

        if (p->expected && left >= 0) {
                n = snprintf(text, sizeof(text), "%3.0f %% of %.*f MB, %.0f MB/s", 100 * done / (double) p->expected,
                             p->expected < 10000000, (double) p->expected / 1e6, rate / 1e6);
                if (n > 0 && rate > 0 && left / rate < 360000) {
                        const unsigned s = (unsigned) (left / rate + 0.5);

                        snprintf(text + n, sizeof(text) - (size_t) n, ", %u:%02u left", s / 60, s % 60);
                }
        } else
                snprintf(text, sizeof(text), "%.0f MB, %.0f MB/s", done / 1e6, rate / 1e6);
        log_message(p->in_place ? MESSAGE_STATUS : MESSAGE_PROGRESS, "%s", text);
}

static void look(struct progress *p, double done) {
        const double t = now();

        if (t < p->next)
                return;
        p->next = t + (p->in_place ? again_in_place : again_below);
        say(p, done, t - p->start);
}

void progress_expect(struct progress *p, uint64_t bytes) {
        if (p)
                p->expected += bytes;
}

void progress_step(struct progress *p, uint64_t bytes) {
        if (!p)
                return;
        p->done += bytes;
        look(p, (double) p->done);
}

void progress_within(struct progress *p, uint64_t bytes, double share) {
        if (p)
                look(p, (double) p->done + (double) bytes * (share < 0 ? 0 : share > 1 ? 1 : share));
}
