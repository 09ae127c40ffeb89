/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "source/json_order.h"

#include <string.h>

#include "line/clock.h"

enum { DEPTH_MAX = 3 };

/* A number since 1970, in seconds or finer, or a date. Nanoseconds do not fit a double: they are read as written. */
static bool time_of_scalar(struct json_object *v, uint64_t *ret) {
        enum { IN_2001 = 1000000000 };
        const char *text = json_object_get_string(v);
        struct stamp t = {};

        if (!text || json_object_is_type(v, json_type_object) || json_object_is_type(v, json_type_array))
                return false;
        struct slice s = slice_of(text), rest = s;
        if (slice_eat_u64(&rest, ret) && rest.n == 0 && *ret >= IN_2001)
                return true;
        if (!clock_wall(&s, &t) || !t.has_real)
                return false;
        *ret = t.real_us;
        return true;
}

static bool time_of(struct json_object *v, unsigned depth, uint64_t *ret) {
        if (json_object_is_type(v, json_type_array))
                return json_object_array_length(v) == 2 && time_of_scalar(json_object_array_get_idx(v, 0), ret);
        if (!json_object_is_type(v, json_type_object))
                return false;
        json_object_object_foreach(v, name, member) {
                (void) name;
                if (json_object_is_type(member, json_type_object) ?
                            depth < DEPTH_MAX && time_of(member, depth + 1, ret) :
                            time_of_scalar(member, ret))
                        return true;
        }
        return false;
}

bool json_falls(struct json_object *array) {
        enum { LEAST = 2, ENOUGH = 4, ONE_IN = 8 };
        const size_t n = json_object_array_length(array);
        uint64_t last = 0, t;
        size_t down = 0, up = 0;
        bool any = false;

        for (size_t i = 0; i < n; i++) {
                if (!time_of(json_object_array_get_idx(array, i), 0, &t))
                        continue;
                down += any && t < last;
                up += any && t > last;
                last = t;
                any = true;
        }
        return down >= (up ? ENOUGH : LEAST) && up * ONE_IN <= down;
}
