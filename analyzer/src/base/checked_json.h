/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <json-c/json.h>

#include "base/arena.h"
#include "base/stamp.h"

/* For _cleanup_(). */
static inline void json_putp(struct json_object **o) {
        json_object_put(*o);
}

static inline void tokener_freep(struct json_tokener **t) {
        if (*t)
                json_tokener_free(*t);
}

/* Parses text as one JSON value without trailing data, of at most so many levels. 0, -ENOMEM, or -EBADMSG with the
 * error and its place in why: "line 3, column 5: it is not JSON: ...". *ret is NULL for null too. */
int json_parse(struct slice text, int depth, struct json_object **ret, char *why, size_t why_size);

/* Values of an untrusted JSON object. The first invalid value is reported in a message, with its place, and kept in
 * error; after that all of these functions return empty values, so that a reader of many members checks once, at the
 * end. */
struct reading {
        const char *report;  /* its name */
        const char *element; /* "findings", "boots", ...: for messages */
        uint64_t index;      /* which of them, from 0 */
        struct arena *arena; /* where strings go */
        int error;           /* 0, -EBADMSG or -ENOMEM */
};

/* Reports an invalid value: "NAME: findings[3]: KEY WHAT". */
void reading_fail(struct reading *r, const char *key, const char *what);
int reading_oom(struct reading *r);

/* NULL if the key is missing. */
const char *read_text(struct reading *r, struct json_object *o, const char *key);
/* Required and not empty; never NULL. */
const char *need_text(struct reading *r, struct json_object *o, const char *key);
/* If present, must be so many lower-case hex digits after the prefix; copied to ret with a NUL. False if missing. */
/* The prefix "v2:" allows any version up to that. */
bool read_digits(struct reading *r, struct json_object *o, const char *key, const char *prefix, size_t n, char *ret);
bool read_count(struct reading *r, struct json_object *o, const char *key, uint64_t *ret);
bool read_integer(struct reading *r, struct json_object *o, const char *key, int64_t *ret);
/* A string "0x...": false if missing. */
bool read_hex(struct reading *r, struct json_object *o, const char *key, uint64_t *ret);
bool read_flag(struct reading *r, struct json_object *o, const char *key);
struct stamp read_stamp(struct reading *r, struct json_object *o, const char *key);
/* The index of the word among names; -1 if missing. */
int read_choice(struct reading *r, struct json_object *o, const char *key, const char *const *names, int n);
/* NULL if missing. */
struct json_object *read_object(struct reading *r, struct json_object *o, const char *key);
/* Its items; *n is 0 if missing. */
struct json_object *read_array(struct reading *r, struct json_object *o, const char *key, size_t *n);
/* Item i of it, which must be an object; NULL after an error. */
struct json_object *read_item(struct reading *r, struct json_object *array, const char *key, size_t i);
/* An array of strings; NULL if missing or empty. */
const char **read_texts(struct reading *r, struct json_object *o, const char *key, size_t *n);
/* A value, which must be a string; never NULL. */
const char *value_string(struct reading *r, const char *key, struct json_object *v);
