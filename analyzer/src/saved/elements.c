/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "saved/elements.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>

#include "base/checked_json.h"
#include "base/log.h"
#include "base/macros.h"

/* No element of a report comes near: a finding's lines are bounded, and all else is shorter. */
enum { ELEMENT_MAX = 64 * 1024 * 1024, DEPTH_MAX = 16, BLOCK_SIZE = 64 * 1024, KEY_MAX = 64 };

struct walker {
        struct input *in;
        struct json_tokener *tokener;
        char block[BLOCK_SIZE];
        size_t at, n;
        uint64_t before; /* bytes in the blocks before this one */
        element_taker take;
        void *userdata;
};

static struct json_tokener *tokener_new(void) {
        struct json_tokener *t = json_tokener_new_ex(DEPTH_MAX);
        if (t)
                json_tokener_set_flags(t, JSON_TOKENER_STRICT | JSON_TOKENER_ALLOW_TRAILING_CHARS |
                                                  JSON_TOKENER_VALIDATE_UTF8);
        return t;
}

/* 1, 0 at the end, -errno. */
static int fill(struct walker *w) {
        if (w->at < w->n)
                return 1;
        w->before += w->n;
        w->at = w->n = 0;
        ssize_t k = input_read(w->in, w->block, sizeof(w->block));
        if (k < 0) {
                log_error("reading %s failed: %s", w->in->name, input_error(w->in, (int) k));
                return (int) k;
        }
        w->n = (size_t) k;
        return k > 0;
}

static int bad(const struct walker *w, const char *what) {
        log_error("%s is not a report of vmlife: %s at byte %" PRIu64, w->in->name, what, w->before + w->at);
        return -EBADMSG;
}

static int cut(const struct walker *w) {
        log_error("%s is cut off: it ends at byte %" PRIu64 " in the middle of the report", w->in->name,
                  w->before + w->at);
        return -EBADMSG;
}

/* The next byte that is no white space, not taken: 1, 0 at the end, -errno. */
static int next_byte(struct walker *w, char *ret) {
        for (;;) {
                int r = fill(w);
                if (r <= 0)
                        return r;
                for (; w->at < w->n; w->at++)
                        if (!strchr(" \t\r\n", w->block[w->at]) || !w->block[w->at]) {
                                *ret = w->block[w->at];
                                return 1;
                        }
        }
}

/* A value from here on. 0 or -errno. */
static int next_value(struct walker *w, struct json_object **ret) {
        uint64_t size = 0;

        json_tokener_reset(w->tokener);
        for (;;) {
                int r = fill(w);
                if (r <= 0)
                        return r < 0 ? r : cut(w);
                *ret = json_tokener_parse_ex(w->tokener, w->block + w->at, (int) (w->n - w->at));
                enum json_tokener_error e = json_tokener_get_error(w->tokener);
                size_t used = e == json_tokener_continue ? w->n - w->at : json_tokener_get_parse_end(w->tokener);
                w->at += used;
                if (e == json_tokener_success)
                        return 0;
                if (e != json_tokener_continue)
                        return bad(w, json_tokener_error_desc(e));
                size += used;
                if (size > ELEMENT_MAX)
                        return bad(w, "a value beyond any sensible size");
        }
}

static int take_value(struct walker *w, const char *key, uint64_t index) {
        _cleanup_(json_putp) struct json_object *v = NULL;
        int e = next_value(w, &v);
        return e == 0 ? w->take(w->userdata, key, index, v, false) : e;
}

/* From behind the '[' to behind the ']'. */
static int take_array(struct walker *w, const char *key) {
        char c;

        for (uint64_t i = 0;; i++) {
                int r = next_byte(w, &c);
                if (r <= 0)
                        return r < 0 ? r : cut(w);
                if (c == ']' && i == 0)
                        break;
                r = take_value(w, key, i);
                if (r < 0)
                        return r;
                r = next_byte(w, &c);
                if (r <= 0)
                        return r < 0 ? r : cut(w);
                if (c == ']')
                        break;
                if (c != ',')
                        return bad(w, "no comma between two values");
                w->at++;
        }
        w->at++;
        return 0;
}

static int take_member(struct walker *w) {
        _cleanup_(json_putp) struct json_object *key = NULL;
        char c, name[KEY_MAX];

        int r = next_value(w, &key);
        if (r < 0)
                return r;
        if (json_object_get_type(key) != json_type_string)
                return bad(w, "a key that is no string");
        /* Longer ones are none of ours; cut, they are still none. */
        snprintf(name, sizeof(name), "%s", json_object_get_string(key));
        r = next_byte(w, &c);
        if (r <= 0)
                return r < 0 ? r : cut(w);
        if (c != ':')
                return bad(w, "no colon after a key");
        w->at++;
        r = next_byte(w, &c);
        if (r <= 0)
                return r < 0 ? r : cut(w);
        if (c != '[')
                return take_value(w, name, 0);
        w->at++;
        return take_array(w, name);
}

static int no_json(struct walker *w) {
        log_error("%s is not a report of vmlife: it does not begin with \"{\"; a log is scanned first: vmlife scan -o "
                  "report.json %s",
                  w->in->name, w->in->name);
        return -EBADMSG;
}

static int walk_json(struct walker *w) {
        char c;

        int r = next_byte(w, &c);
        if (r <= 0)
                return r < 0 ? r : cut(w);
        if (c != '{')
                return no_json(w);
        w->at++;
        for (bool first = true;; first = false) {
                r = next_byte(w, &c);
                if (r <= 0)
                        return r < 0 ? r : cut(w);
                if (c == '}')
                        break;
                if (!first) {
                        if (c != ',')
                                return bad(w, "no comma between two members");
                        w->at++;
                        r = next_byte(w, &c);
                        if (r <= 0)
                                return r < 0 ? r : cut(w);
                }
                if (c != '"')
                        return bad(w, "a key that is no string");
                r = take_member(w);
                if (r < 0)
                        return r;
        }
        w->at++;
        r = next_byte(w, &c);
        return r > 0 ? bad(w, "more than one report in it") : r;
}

static const char *type_of(struct json_object *line) {
        struct json_object *type;

        if (json_object_get_type(line) != json_type_object || !json_object_object_get_ex(line, "type", &type))
                return NULL;
        return json_object_get_type(type) == json_type_string ? json_object_get_string(type) : NULL;
}

static int walk_ndjson(struct walker *w) {
        struct {
                char name[KEY_MAX];
                uint64_t n;
        } types[16] = {};
        char c;
        int r;

        while ((r = next_byte(w, &c)) > 0) {
                _cleanup_(json_putp) struct json_object *line = NULL;
                r = next_value(w, &line);
                if (r < 0)
                        return r;
                const char *type = type_of(line);
                if (!type)
                        return bad(w, "a line without a type");
                size_t k = 0;
                while (k < ARRAY_SIZE(types) - 1 && *types[k].name && strcmp(types[k].name, type) != 0)
                        k++;
                snprintf(types[k].name, sizeof(types[k].name), "%s", type);
                r = w->take(w->userdata, types[k].name, types[k].n++, line, true);
                if (r < 0)
                        return r;
        }
        return r;
}

/* Is the first line an object by itself that says its type? */
static bool is_ndjson(struct input *in) {
        struct slice head = {};
        size_t end = SLICE_NPOS, n = BLOCK_SIZE, had = 0;

        while (end == SLICE_NPOS && n <= ELEMENT_MAX && input_peek(in, n, &head) == 0 && head.n > had) {
                end = slice_find_byte(head, '\n');
                had = head.n;
                n *= 4;
        }
        _cleanup_(tokener_freep) struct json_tokener *t = tokener_new();
        struct slice line = slice_trim(slice_head(head, end));
        if (!t || line.n == 0)
                return false;
        _cleanup_(json_putp) struct json_object *o = json_tokener_parse_ex(t, line.s, (int) line.n);
        return json_tokener_get_error(t) == json_tokener_success && json_tokener_get_parse_end(t) == line.n &&
               type_of(o);
}

int elements_read(struct input *in, element_taker take, void *userdata) {
        _cleanup_(tokener_freep) struct json_tokener *tokener = tokener_new();
        _cleanup_free_ struct walker *w = calloc(1, sizeof(*w));

        if (!tokener || !w)
                return log_oom();
        w->in = in;
        w->tokener = tokener;
        w->take = take;
        w->userdata = userdata;
        return is_ndjson(in) ? walk_ndjson(w) : walk_json(w);
}
