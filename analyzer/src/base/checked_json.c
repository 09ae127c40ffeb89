/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "base/checked_json.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <time.h>

#include "base/buffer.h"
#include "base/log.h"
#include "base/macros.h"
#include "base/utf8.h"

int json_parse(struct slice text, int depth, struct json_object **ret, char *why, size_t why_size) {
        _cleanup_(tokener_freep) struct json_tokener *t = json_tokener_new_ex(depth);
        _cleanup_(json_putp) struct json_object *o = NULL;
        size_t line = 1, column = 1;

        *ret = NULL;
        if (!t)
                return -ENOMEM;
        json_tokener_set_flags(t, JSON_TOKENER_STRICT | JSON_TOKENER_VALIDATE_UTF8);
        o = json_tokener_parse_ex(t, text.s, (int) text.n);
        const enum json_tokener_error e = json_tokener_get_error(t);
        const size_t at = e == json_tokener_continue ? text.n : json_tokener_get_parse_end(t);
        const bool more = e == json_tokener_success && slice_trim(slice_from(text, at)).n;
        if (e == json_tokener_success && !more) {
                *ret = o;
                o = NULL;
                return 0;
        }
        for (size_t i = 0; i < at && i < text.n; i++) {
                column = text.s[i] == '\n' ? 1 : column + 1;
                line += text.s[i] == '\n';
        }
        snprintf(why, why_size, "line %zu, column %zu: it is not JSON: %s", line, column,
                 more                       ? "something follows its end" :
                 e == json_tokener_continue ? "it ends too early" :
                                              json_tokener_error_desc(e));
        return -EBADMSG;
}

void reading_fail(struct reading *r, const char *key, const char *what) {
        if (r->error < 0)
                return;
        r->error = -EBADMSG;
        log_error("%s: %s[%" PRIu64 "]: %s %s", r->report, r->element, r->index, key, what);
}

int reading_oom(struct reading *r) {
        if (r->error == 0)
                r->error = log_oom();
        return r->error;
}

/* The member, if it is there and of that type; null stands for "not there". */
static struct json_object *member(struct reading *r, struct json_object *o, const char *key, enum json_type type,
                                  const char *must) {
        struct json_object *v;

        if (r->error < 0 || !o || !json_object_object_get_ex(o, key, &v) || !v)
                return NULL;
        if (json_object_get_type(v) == type)
                return v;
        reading_fail(r, key, must);
        return NULL;
}

const char *value_string(struct reading *r, const char *key, struct json_object *v) {
        _cleanup_(buffer_done) struct buffer clean = {};

        if (r->error < 0)
                return "";
        if (json_object_get_type(v) != json_type_string) {
                reading_fail(r, key, "is not a string");
                return "";
        }
        struct slice s = { json_object_get_string(v), (size_t) json_object_get_string_len(v) };
        /* A NUL would end it. */
        if (slice_find_byte(s, '\0') != SLICE_NPOS) {
                if (utf8_add(&clean, s) < 0) {
                        reading_oom(r);
                        return "";
                }
                s = buffer_all(&clean);
        }
        const char *copy = arena_dup(r->arena, s);
        if (!copy)
                reading_oom(r);
        return copy ? copy : "";
}

const char *read_text(struct reading *r, struct json_object *o, const char *key) {
        struct json_object *v = member(r, o, key, json_type_string, "is not a string");
        return v ? value_string(r, key, v) : NULL;
}

const char *need_text(struct reading *r, struct json_object *o, const char *key) {
        const char *s = read_text(r, o, key);

        if (r->error == 0 && (!s || !*s))
                reading_fail(r, key, "is missing");
        return s ? s : "";
}

static bool eat_prefix(struct slice *s, struct slice prefix) {
        struct slice version = *s;
        uint64_t n;

        if (slice_eat(s, prefix))
                return true;
        /* "v1:" where "v2:" is today's. */
        return prefix.n == 3 && prefix.s[0] == 'v' && slice_eat(&version, SLICE("v")) && slice_eat_u64(&version, &n) &&
               n > 0 && n < (uint64_t) (prefix.s[1] - '0') && slice_eat(&version, SLICE(":")) && (*s = version, true);
}

bool read_digits(struct reading *r, struct json_object *o, const char *key, const char *prefix, size_t n, char *ret) {
        struct json_object *v = member(r, o, key, json_type_string, "is not a string");
        struct slice digits;

        *ret = '\0';
        if (!v)
                return false;
        const struct slice s = { json_object_get_string(v), (size_t) json_object_get_string_len(v) };
        digits = s;
        if (!eat_prefix(&digits, slice_of(prefix)) || digits.n != n || strspn(digits.s, "0123456789abcdef") != n) {
                reading_fail(r, key, "does not have the form that it must have");
                return false;
        }
        memcpy(ret, s.s, s.n);
        ret[s.n] = '\0';
        return true;
}

bool read_integer(struct reading *r, struct json_object *o, const char *key, int64_t *ret) {
        struct json_object *v = member(r, o, key, json_type_int, "is not a whole number");

        if (v)
                *ret = json_object_get_int64(v);
        return v;
}

bool read_count(struct reading *r, struct json_object *o, const char *key, uint64_t *ret) {
        struct json_object *v = member(r, o, key, json_type_int, "is not a whole number");

        if (!v)
                return false;
        if (json_object_get_int64(v) < 0) {
                reading_fail(r, key, "is less than 0");
                return false;
        }
        *ret = json_object_get_uint64(v);
        return true;
}

bool read_hex(struct reading *r, struct json_object *o, const char *key, uint64_t *ret) {
        struct json_object *v = member(r, o, key, json_type_string, "is not a string \"0x...\"");

        if (!v)
                return false;
        struct slice s = { json_object_get_string(v), (size_t) json_object_get_string_len(v) };
        if (slice_starts(s, SLICE("0x")) && slice_eat_hex(&s, ret) && s.n == 0)
                return true;
        reading_fail(r, key, "is not a string \"0x...\"");
        return false;
}

bool read_flag(struct reading *r, struct json_object *o, const char *key) {
        struct json_object *v = member(r, o, key, json_type_boolean, "is neither true nor false");
        return v && json_object_get_boolean(v);
}

/* "2026-11-23T10:00:00.000000Z" */
static bool realtime_of(const char *s, uint64_t *ret) {
        struct tm tm = {};
        uint64_t us;
        const char *end = strptime(s, "%Y-%m-%dT%H:%M:%S", &tm);

        if (!end || *end != '.')
                return false;
        struct slice rest = slice_of(end + 1);
        if (!slice_eat_u64(&rest, &us) || us > 999999 || !slice_eq(rest, SLICE("Z")))
                return false;
        time_t t = timegm(&tm);
        if (t < 0)
                return false;
        *ret = (uint64_t) t * 1000000 + us;
        return true;
}

struct stamp read_stamp(struct reading *r, struct json_object *o, const char *key) {
        struct json_object *when = read_object(r, o, key), *real;
        struct stamp t = {};

        t.has_mono = read_count(r, when, "monotonic_us", &t.mono_us);
        real = member(r, when, "realtime", json_type_string, "is not a time");
        if (real) {
                t.has_real = realtime_of(json_object_get_string(real), &t.real_us);
                if (!t.has_real)
                        reading_fail(r, key, "has a realtime that is no time");
        }
        return t;
}

int read_choice(struct reading *r, struct json_object *o, const char *key, const char *const *names, int n) {
        struct json_object *v = member(r, o, key, json_type_string, "is not a string");

        if (!v)
                return -1;
        for (int i = 0; i < n; i++)
                if (strcmp(json_object_get_string(v), names[i]) == 0)
                        return i;
        reading_fail(r, key, "is none of the words that it can be");
        return -1;
}

struct json_object *read_object(struct reading *r, struct json_object *o, const char *key) {
        return member(r, o, key, json_type_object, "is not an object");
}

struct json_object *read_array(struct reading *r, struct json_object *o, const char *key, size_t *n) {
        struct json_object *v = member(r, o, key, json_type_array, "is not an array");

        *n = v ? json_object_array_length(v) : 0;
        return v;
}

struct json_object *read_item(struct reading *r, struct json_object *array, const char *key, size_t i) {
        struct json_object *v = r->error < 0 ? NULL : json_object_array_get_idx(array, i);

        if (r->error == 0 && json_object_get_type(v) != json_type_object)
                reading_fail(r, key, "holds what is no object");
        return r->error < 0 ? NULL : v;
}

const char **read_texts(struct reading *r, struct json_object *o, const char *key, size_t *n) {
        size_t many;
        struct json_object *array = read_array(r, o, key, &many);
        const char **texts = many ? arena_items(r->arena, many, sizeof(*texts)) : NULL;

        *n = 0;
        if (many && !texts)
                reading_oom(r);
        for (size_t i = 0; texts && r->error == 0 && i < many; i++)
                texts[(*n)++] = value_string(r, key, json_object_array_get_idx(array, i));
        return texts;
}
