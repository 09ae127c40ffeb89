/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "source/json_plain.h"

#include <stdbool.h>

#include "base/macros.h"

enum { DEPTH_MAX = 64 };

/* OpenTelemetry's values say of what type they are, { "stringValue": "text" }: what they hold; NULL: it is none. */
static struct json_object *typed_value(struct json_object *v) {
        static const char *const types[] = { "stringValue", "kvlistValue", "intValue" };
        struct json_object *held = NULL;

        if (!json_object_is_type(v, json_type_object) || json_object_object_length(v) != 1)
                return NULL;
        for (size_t i = 0; i < ARRAY_SIZE(types) && !held; i++)
                json_object_object_get_ex(v, types[i], &held);
        return held;
}

/* A list of { "key": "name", "value": ... }. */
static bool is_pairs(struct json_object *v) {
        struct json_object *pair, *key, *value;

        if (!json_object_is_type(v, json_type_array) || json_object_array_length(v) == 0)
                return false;
        for (size_t i = 0; i < json_object_array_length(v); i++) {
                pair = json_object_array_get_idx(v, i);
                if (!json_object_is_type(pair, json_type_object) || !json_object_object_get_ex(pair, "key", &key) ||
                    !json_object_is_type(key, json_type_string) || !json_object_object_get_ex(pair, "value", &value))
                        return false;
        }
        return true;
}

static struct json_object *plain_value(struct json_object *v, unsigned depth);

static struct json_object *plain_pairs(struct json_object *list, unsigned depth) {
        struct json_object *o = json_object_new_object(), *key, *value;

        for (size_t i = 0; o && i < json_object_array_length(list); i++) {
                struct json_object *pair = json_object_array_get_idx(list, i);
                json_object_object_get_ex(pair, "key", &key);
                json_object_object_get_ex(pair, "value", &value);
                json_object_object_add(o, json_object_get_string(key), plain_value(value, depth + 1));
        }
        return o;
}

/* The value as others write it, which the caller puts: pairs are members, and a value is what it holds. */
static struct json_object *plain_value(struct json_object *v, unsigned depth) {
        struct json_object *held = typed_value(v), *made;

        if (depth > DEPTH_MAX)
                return NULL;
        if (held && json_object_is_type(held, json_type_object) && json_object_object_get_ex(held, "values", &made))
                held = made;
        if (held)
                return plain_value(held, depth + 1);
        if (is_pairs(v))
                return plain_pairs(v, depth);
        if (json_object_is_type(v, json_type_object) && (made = json_object_new_object())) {
                json_object_object_foreach(v, name, member)
                        json_object_object_add(made, name, plain_value(member, depth + 1));
                return made;
        }
        if (json_object_is_type(v, json_type_array) && (made = json_object_new_array())) {
                for (size_t i = 0; i < json_object_array_length(v); i++)
                        json_object_array_add(made, plain_value(json_object_array_get_idx(v, i), depth + 1));
                return made;
        }
        return json_object_get(v);
}

struct json_object *json_plain(struct json_object *v) {
        return plain_value(v, 0);
}
