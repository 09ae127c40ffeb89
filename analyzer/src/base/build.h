/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <errno.h>
#include <inttypes.h>
#include <json-c/json.h>
#include <stdio.h>
#include <time.h>

#include "base/json_text.h"
#include "base/utf8.h"

/* Objects under construction: the first failure is kept, so that callers check only once, at the end. */
struct build {
        struct buffer scratch;
        bool failed;
        bool shown; /* people read its strings: utf8_add_shown() */
};

static inline void put(struct build *b, struct json_object *o, const char *key, struct json_object *v) {
        if (!o || !v || json_object_object_add(o, key, v) < 0) {
                json_object_put(v);
                b->failed = true;
        }
}

static inline void append(struct build *b, struct json_object *array, struct json_object *v) {
        if (!array || !v || json_object_array_add(array, v) < 0) {
                json_object_put(v);
                b->failed = true;
        }
}

static inline struct json_object *text(struct build *b, struct slice s) {
        b->scratch.size = 0;
        if ((b->shown ? utf8_add_shown : utf8_add)(&b->scratch, s) < 0 || b->scratch.size > INT32_MAX)
                return NULL;
        return json_object_new_string_len(b->scratch.data ? b->scratch.data : "", (int) b->scratch.size);
}

/* Absent if the kernel did not print it. */
static inline void put_text(struct build *b, struct json_object *o, const char *key, const char *s) {
        if (s)
                put(b, o, key, text(b, slice_of(s)));
}

static inline void put_number(struct build *b, struct json_object *o, const char *key, uint64_t v) {
        put(b, o, key, json_object_new_uint64(v));
}

static inline void put_flag(struct build *b, struct json_object *o, const char *key, bool v) {
        put(b, o, key, json_object_new_boolean(v));
}

/* UTC; absent for years that the format cannot express. */
static inline void put_realtime(struct build *b, struct json_object *o, const char *key, uint64_t us) {
        time_t sec = (time_t) (us / 1000000);
        char iso[64];
        struct tm tm;

        if (!gmtime_r(&sec, &tm) || tm.tm_year >= 8100)
                return;
        size_t n = strftime(iso, sizeof(iso), "%Y-%m-%dT%H:%M:%S", &tm);
        snprintf(iso + n, sizeof(iso) - n, ".%06uZ", (unsigned) (us % 1000000));
        put(b, o, key, json_object_new_string(iso));
}

static inline struct json_object *texts(struct build *b, const char *const *items, size_t n) {
        struct json_object *array = json_object_new_array();

        for (size_t i = 0; i < n; i++)
                append(b, array, text(b, slice_of(items[i])));
        return array;
}

/* The object, or NULL if a step failed. */
static inline struct json_object *build_done(struct build *b, struct json_object *o) {
        buffer_done(&b->scratch);
        if (!b->failed)
                return o;
        json_object_put(o);
        return NULL;
}

/* Prints the object and puts it. 0 or -ENOMEM, also for NULL. */
static inline int print_object(FILE *f, struct json_object *o, int flags) {
        const char *s = o ? json_object_to_json_string_ext(o, flags | JSON_C_TO_STRING_NOSLASHESCAPE) : NULL;

        if (s)
                json_text_print(f, s);
        json_object_put(o);
        return s ? 0 : -ENOMEM;
}
