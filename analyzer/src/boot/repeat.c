/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "boot/repeat.h"

#include <errno.h>
#include <string.h>

void repeats_done(struct repeats *r) {
        table_done(&r->young);
        table_done(&r->old);
}

static bool has(const struct repeats *r, uint64_t print) {
        return table_get(&r->young, print, NULL, NULL) || table_get(&r->old, print, NULL, NULL);
}

int repeats_remember(struct repeats *r, uint64_t print) {
        if (r->young.n == PRINTS_MAX) {
                const struct table old = r->old;

                r->old = r->young;
                r->young = old;
                table_clear(&r->young);
        }
        return table_add(&r->young, print, r);
}

int repeats_take(struct repeats *r, uint64_t time_us, uint64_t print, bool starts) {
        r->replaying = time_us < r->latest_us || (r->replaying && time_us == r->latest_us);
        if (time_us > r->latest_us) {
                r->latest_us = time_us;
                r->going_back = false;
        } else if (has(r, print))
                return 0;
        else if (time_us < r->latest_us) {
                r->going_back = r->going_back || starts;
                if (!r->going_back)
                        return 0;
        }
        int e = repeats_remember(r, print);
        return e < 0 ? e : 1;
}

bool repeats_may_differ(const struct repeats *r, uint64_t time_us) {
        return time_us == r->latest_us && !r->replaying;
}

int repeats_take_numbered(struct repeats *r, uint64_t print) {
        if (has(r, print))
                return 0;
        int e = repeats_remember(r, print);
        return e < 0 ? e : 1;
}
