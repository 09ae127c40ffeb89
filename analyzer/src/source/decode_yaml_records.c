/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <ctype.h>
#include <errno.h>
#include <json-c/json.h>
#include <yaml.h>

#include "base/cleanup.h"
#include "base/log.h"
#include "base/macros.h"
#include "source/decode.h"

/* YAML with a message a record, each of several keys in lines of their own: a document each, as gcloud writes them, or
 * an item each of a list, as kubectl does. Each is given as a JSON object in a line, for who reads those knows what
 * their members mean. What stands beside such a list is of the list, and is passed over. Where the YAML ends being one
 * the rest is given line by line. */

enum {
        DEPTH_MAX = 32,
        RECORD_MAX = 1024 * 1024, /* bytes: no logger's record is that large */
        ENOUGH = 3,               /* records, to be sure of the form */
};

/* A mapping or list that is open. */
struct level {
        struct json_object *value;
        char *key; /* of the member that comes next; NULL: a key comes next */
        bool flow; /* "{a: 1}": records that stand in one line each need no help */
};

struct records {
        struct decoded decoded;
        yaml_parser_t parser;
        struct level levels[DEPTH_MAX];
        size_t depth;
        bool parsing;
        int failed;        /* why nothing more was fed to it, -errno */
        bool begun;        /* what stands before was given */
        bool plain;        /* what comes is no YAML */
        bool gave;         /* a record of this document */
        size_t from;       /* decoded.text holds from there on what came behind the last record, */
        size_t ahead;      /* lines before the first */
        size_t line;       /* from the line of that number on */
        struct slice head; /* to look at, in place of decoded.in */
        size_t n;          /* records so far; */
        bool odd;          /* one of them is not of this form */
};

static int feed(void *state, unsigned char *buf, size_t size, size_t *n) {
        struct records *r = state;

        if (!r->decoded.in) {
                *n = MIN(size, r->head.n);
                memcpy(buf, r->head.s, *n);
                r->head = slice_from(r->head, *n);
                return 1;
        }
        buffer_drop(&r->decoded.text, r->from);
        r->from = 0;
        const ssize_t k = r->decoded.text.size < RECORD_MAX ? input_read(r->decoded.in, buf, size) : -EBADMSG;
        *n = k < 0 ? 0 : (size_t) k;
        const int e = k < 0 ? (int) k : buffer_add(&r->decoded.text, (const char *) buf, *n);
        r->failed = MIN(e, 0);
        return e >= 0;
}

static int begin(void *state) {
        struct records *r = state;

        if (!yaml_parser_initialize(&r->parser))
                return -ENOMEM;
        r->parsing = true;
        yaml_parser_set_input(&r->parser, feed, r);
        return 0;
}

static void close_level(struct records *r) {
        struct level *l = &r->levels[--r->depth];

        json_object_put(l->value);
        free(l->key);
        *l = (struct level){};
}

static void done(void *state) {
        struct records *r = state;

        while (r->depth)
                close_level(r);
        if (r->parsing)
                yaml_parser_delete(&r->parser);
}

/* Puts a value where it belongs. Takes the reference, also where it fails. */
static int put(struct records *r, struct json_object *value) {
        struct level *l = r->depth ? &r->levels[r->depth - 1] : NULL;
        int e = 0;

        if (!l) {
                json_object_put(value);
                return 0;
        }
        if (json_object_is_type(l->value, json_type_array))
                e = json_object_array_add(l->value, value);
        else if (l->key)
                e = json_object_object_add(l->value, l->key, value);
        else
                json_object_put(value); /* a key that is no scalar */
        free(l->key);
        l->key = NULL;
        if (e < 0)
                json_object_put(value);
        return e < 0 ? -ENOMEM : 0;
}

static bool is_number(struct slice s) {
        size_t digits = 0, dots = 0;

        for (size_t i = 0; i < s.n; i++) {
                digits += is_digit(s.s[i]);
                dots += s.s[i] == '.';
        }
        return digits > 0 && dots <= 1 && digits + dots == s.n && is_digit(s.s[0]) && is_digit(s.s[s.n - 1]) &&
               (s.s[0] != '0' || s.n == 1 || s.s[1] == '.');
}

/* A number that is written as one stays one. The line end that ends a block is not the record's. */
static struct json_object *value_of(struct slice s, bool plain) {
        while (s.n && s.s[s.n - 1] == '\n')
                s.n--;
        if (!plain || !is_number(s) || s.n > 18)
                return json_object_new_string_len(s.s, (int) s.n);
        char number[20];
        memcpy(number, s.s, s.n);
        number[s.n] = '\0';
        return slice_find_byte(s, '.') == SLICE_NPOS ? json_object_new_int64(strtoll(number, NULL, 10)) :
                                                       json_object_new_double_s(strtod(number, NULL), number);
}

static int take_scalar(struct records *r, const yaml_event_t *event) {
        struct level *l = r->depth ? &r->levels[r->depth - 1] : NULL;
        const struct slice s = { (const char *) event->data.scalar.value, event->data.scalar.length };

        if (l && json_object_is_type(l->value, json_type_object) && !l->key) {
                l->key = strndup(s.s, s.n);
                return l->key ? 0 : -ENOMEM;
        }
        struct json_object *value = value_of(s, event->data.scalar.style == YAML_PLAIN_SCALAR_STYLE);
        /* A log in a string is no record. */
        r->odd = r->odd || slice_find_byte(slice_rtrim(s), '\n') != SLICE_NPOS;
        return value ? put(r, value) : -ENOMEM;
}

static int open_level(struct records *r, struct json_object *value, bool flow) {
        if (!value)
                return -ENOMEM;
        if (r->depth == DEPTH_MAX) {
                json_object_put(value);
                return -EBADMSG;
        }
        r->levels[r->depth++] = (struct level){ .value = value, .flow = flow };
        return 0;
}

static bool is_list(const struct level *l) {
        return json_object_is_type(l->value, json_type_array);
}

/* Is the mapping that was opened last an item of the list that is the document, or of one of its members? Or the
 * document, if no item was one? */
static bool is_record(const struct records *r) {
        const size_t n = r->depth;

        if (is_list(&r->levels[n - 1]))
                return false;
        return n == 1 ? !r->gave : n <= 3 && is_list(&r->levels[n - 2]) && (n == 2 || !is_list(&r->levels[0]));
}

static int add_json(struct buffer *out, struct json_object *record) {
        const char *text = json_object_to_json_string_ext(record, JSON_C_TO_STRING_PLAIN);
        int e = text ? buffer_add(out, text, strlen(text)) : -ENOMEM;

        return e < 0 ? e : buffer_add(out, "\n", 1);
}

static int give(struct records *r, struct buffer *out) {
        const struct level *l = &r->levels[r->depth - 1];

        r->odd = r->odd || l->flow || json_object_object_length(l->value) < 2;
        r->n++;
        r->gave = r->depth > 1;
        return add_json(out, l->value);
}

static int end_level(struct records *r, struct buffer *out) {
        if (is_record(r)) {
                int e = give(r, out);
                close_level(r);
                if (r->depth && !is_list(&r->levels[r->depth - 1])) {
                        free(r->levels[r->depth - 1].key);
                        r->levels[r->depth - 1].key = NULL;
                }
                return e;
        }
        struct json_object *value = json_object_get(r->levels[r->depth - 1].value);
        close_level(r);
        return put(r, value);
}

static int take(struct records *r, const yaml_event_t *event, struct buffer *out) {
        switch (event->type) {
        case YAML_DOCUMENT_START_EVENT:
                r->gave = false;
                return 0;
        case YAML_SCALAR_EVENT:
                return take_scalar(r, event);
        case YAML_ALIAS_EVENT:
                return put(r, NULL);
        case YAML_SEQUENCE_START_EVENT:
                return open_level(r, json_object_new_array(),
                                  event->data.sequence_start.style == YAML_FLOW_SEQUENCE_STYLE);
        case YAML_MAPPING_START_EVENT:
                return open_level(r, json_object_new_object(),
                                  event->data.mapping_start.style == YAML_FLOW_MAPPING_STYLE);
        case YAML_SEQUENCE_END_EVENT:
        case YAML_MAPPING_END_EVENT:
                return end_level(r, out);
        default:
                return 0;
        }
}

/* The lines before that one were given. */
static void drop_before(struct records *r, size_t line) {
        struct slice rest = buffer_slice(&r->decoded.text, r->from, r->decoded.text.size - r->from);

        for (; r->line < line && rest.n; r->line++)
                slice_token(&rest, '\n');
        r->from = r->decoded.text.size - rest.n;
}

/* What comes next: 1, 0 at the end, -EBADMSG where it is no YAML, -errno. */
static int step(struct records *r, struct buffer *out) {
        yaml_event_t event;
        const size_t n = r->n;

        if (!yaml_parser_parse(&r->parser, &event))
                return r->failed < 0 ? r->failed : r->parser.error == YAML_MEMORY_ERROR ? -ENOMEM : -EBADMSG;
        /* Asked again, it says that nothing comes. */
        const bool end = event.type == YAML_STREAM_END_EVENT || event.type == YAML_NO_EVENT;
        int e = take(r, &event, out);
        if (r->n > n)
                drop_before(r, event.end_mark.line);
        yaml_event_delete(&event);
        return e < 0 ? e : !end;
}

/* From here on a line is a record's message. */
static int go_plain(struct records *r) {
        const struct buffer *text = &r->decoded.text;

        log_warning("%s: behind line %zu its YAML is broken: what follows is read line by line", r->decoded.in->name,
                    r->ahead + r->line);
        r->plain = true;
        return buffer_add(&r->decoded.reader.buffer, text->data + r->from, text->size - r->from);
}

static int give_message(struct slice line, struct buffer *out) {
        struct json_object *record = json_object_new_object();
        int e = record ? json_object_object_add(record, "message", json_object_new_string_len(line.s, (int) line.n)) :
                         -ENOMEM;

        e = e < 0 ? -ENOMEM : add_json(out, record);
        json_object_put(record);
        return e;
}

static int give_line(struct records *r, struct buffer *out) {
        struct slice line;
        int e = line_reader_next(&r->decoded.reader, &line);

        if (e > 0)
                e = give_message(slice_rtrim(line), out);
        return e < 0 ? e : out->size > 0;
}

/* Does it begin as a document may: with its mark, a key, or an item that is a mapping? Most logs do not. */
static bool may_be_yaml(struct slice head) {
        struct slice line;

        do
                line = slice_rtrim(slice_token(&head, '\n'));
        while (head.n && (line.n == 0 || line.s[0] == '#' || line.s[0] == '%'));
        if (slice_starts(line, SLICE("---")))
                return true;
        slice_eat(&line, SLICE("- "));
        size_t n = 0;
        while (n < line.n && (isalnum((unsigned char) line.s[n]) || line.s[n] == '_' || line.s[n] == '"'))
                n++;
        return n > 0 && n < line.n && line.s[n] == ':';
}

static bool are_records(struct slice head) {
        _cleanup_(buffer_done) struct buffer out = {};
        struct records r = { .head = head };

        if (!may_be_yaml(head))
                return false;
        int e = begin(&r);
        while (e >= 0 && !r.odd && (e = step(&r, &out)) > 0)
                out.size = 0;
        done(&r);
        return !r.odd && r.n >= ENOUGH;
}

/* Where they begin: a terminal's prompt or a few words may stand before them. SLICE_NPOS: there are none. */
static size_t find_records(struct slice head) {
        enum { AHEAD = 4 };
        struct slice rest = head;

        for (unsigned i = 0; i <= AHEAD && rest.n; i++) {
                if (are_records(rest))
                        return head.n - rest.n;
                (void) slice_token(&rest, '\n');
        }
        return SLICE_NPOS;
}

static bool is_records(struct slice head) {
        return find_records(head) != SLICE_NPOS;
}

/* Gives what stands before them, and takes it off the input. 0 or -errno. */
static int give_ahead(struct records *r, struct buffer *out) {
        struct slice head;
        int e = input_beginning(r->decoded.in, &head);
        const size_t n = e < 0 ? 0 : find_records(head);

        r->begun = true;
        if (e < 0 || n == SLICE_NPOS)
                return e;
        for (struct slice ahead = slice_head(head, n); e == 0 && ahead.n; r->ahead++)
                e = give_message(slice_rtrim(slice_token(&ahead, '\n')), out);
        if (e == 0)
                e = buffer_reserve(&r->decoded.text, n + 1);
        for (size_t taken = 0; e == 0 && taken < n;) {
                const ssize_t k = input_read(r->decoded.in, r->decoded.text.data, n - taken);
                e = k <= 0 ? -ENODATA : 0;
                taken += k > 0 ? (size_t) k : 0;
        }
        return e;
}

static int more(void *state, struct buffer *out) {
        struct records *r = state;
        int e = r->begun ? 0 : give_ahead(r, out);

        if (e == 0 && r->plain)
                return give_line(r, out);
        e = e < 0 ? e : 1;
        while (e > 0 && out->size == 0)
                e = step(r, out);
        if (e == -EBADMSG) {
                e = go_plain(r);
                return e < 0 ? e : give_line(r, out);
        }
        return e < 0 ? e : out->size > 0;
}

const struct decoder decoder_yaml_records = {
        .name = "yaml records",
        .is = is_records,
        .size = sizeof(struct records),
        .begin = begin,
        .more = more,
        .done = done,
};
