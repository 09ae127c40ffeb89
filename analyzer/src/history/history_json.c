/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <math.h>

#include "base/build.h"
#include "history/history.h"

static void put_double(struct build *b, struct json_object *o, const char *key, double v) {
        char digits[32];

        snprintf(digits, sizeof(digits), "%.6g", isfinite(v) ? v : 0);
        put(b, o, key, json_object_new_double_s(v, digits));
}

static void put_list(struct build *b, struct json_object *o, const char *key, const struct history_list *l) {
        put(b, o, key, texts(b, l->items, l->n));
}

struct json_object *history_json(const struct history *h) {
        struct json_object *o = json_object_new_object();
        struct build b = {};

        if (h->first.has_real)
                put_realtime(&b, o, "first_seen", h->first.real_us);
        if (h->last.has_real)
                put_realtime(&b, o, "last_seen", h->last.real_us);
        put_list(&b, o, "releases_with", &h->releases_with);
        put_list(&b, o, "releases_without", &h->releases_without);
        put_list(&b, o, "builds_with", &h->builds_with);
        put_list(&b, o, "builds_without", &h->builds_without);
        put_number(&b, o, "boots_with", h->boots_with);
        put_number(&b, o, "boots", h->boots);
        put_number(&b, o, "events", h->events);
        put_double(&b, o, "share", h->share.value);
        put_double(&b, o, "share_low", h->share.low);
        put_double(&b, o, "share_high", h->share.high);
        if (h->uptime_us) {
                const double hours = (double) h->uptime_us / 3600e6;
                put_double(&b, o, "hours", hours);
                put_double(&b, o, "events_per_hour", (double) h->events / hours);
                put_double(&b, o, "boots_with_per_hour", h->per_hour.value);
                put_double(&b, o, "boots_with_per_hour_low", h->per_hour.low);
                put_double(&b, o, "boots_with_per_hour_high", h->per_hour.high);
        }
        put_text(&b, o, "manner", history_manner(h));
        put_number(&b, o, "boots_since", h->boots_since);
        put_flag(&b, o, "quiet", h->quiet);
        if (h->quiet && h->last.has_real)
                put_realtime(&b, o, "quiet_since", h->last.real_us);
        return build_done(&b, o);
}
