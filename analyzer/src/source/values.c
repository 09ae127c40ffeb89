/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "source/values.h"

#include <errno.h>
#include <stdlib.h>

#include "base/log.h"
#include "base/macros.h"

enum { BLOCK = 64 * 1024, HEAD = 1024, DEPTH_MAX = 64 };
/* A value is kept in memory, parsed: a log can have one of a hundred megabytes, larger ones are refused. */
#define VALUE_MAX (512ull * 1024 * 1024)

static bool is_space(char c) {
        return is_blank(c) || c == '\n' || c == '\r' || c == '\036';
}

static struct slice skip_space(struct slice s) {
        while (s.n && is_space(s.s[0]))
                s = slice_from(s, 1);
        return s;
}

/* Takes { "NAME" : [ off where an item follows. */
static bool eat_wrapper(struct slice *text, struct slice *name) {
        struct slice s = *text;

        if (!slice_eat(&s, SLICE("{")))
                return false;
        s = skip_space(s);
        if (!slice_eat(&s, SLICE("\"")))
                return false;
        *name = slice_token(&s, '"');
        s = skip_space(s);
        if (!slice_eat(&s, SLICE(":")))
                return false;
        s = skip_space(s);
        if (!slice_eat(&s, SLICE("[")))
                return false;
        *text = s;
        s = skip_space(s);
        return s.n && (s.s[0] == '{' || s.s[0] == '"');
}

/* Of server-sent events: the word before a value, and lines without one. */
static bool is_event_word(struct slice word) {
        static const struct slice words[] = { SLICE("data:"), SLICE("event:"), SLICE("id:"), SLICE("retry:"),
                                              SLICE(":") };

        for (size_t i = 0; i < ARRAY_SIZE(words); i++)
                if (slice_starts(word, words[i]))
                        return true;
        return false;
}

/* Python writes lists of strings with either. */
static bool is_quote(char c) {
        return c == '"' || c == '\'';
}

/* The first value is one, as far as it is there; a string is whole in its line. */
static bool is_value(struct slice s) {
        if (s.n && is_quote(s.s[0]) &&
            slice_find_byte(slice_head(slice_from(s, 1), slice_find_byte(s, '\n')), s.s[0]) == SLICE_NPOS)
                return false;
        struct json_tokener *t = json_tokener_new_ex(DEPTH_MAX);
        if (!t)
                return false;
        json_object_put(json_tokener_parse_ex(t, s.s, (int) MIN(s.n, (size_t) BLOCK)));
        const enum json_tokener_error error = json_tokener_get_error(t);
        json_tokener_free(t);
        return error == json_tokener_success || error == json_tokener_continue;
}

/* The same where the first is damaged: of a log each value has a line of its own, and one of the next is whole. */
static bool has_value(struct slice s) {
        enum { LINES = 8 };

        for (int i = 0; i < LINES && s.n; i++) {
                if ((i == 0 || slice_starts(s, SLICE("{\""))) && is_value(s))
                        return true;
                (void) slice_token(&s, '\n');
        }
        return false;
}

/* Is the whole line a value, but for what divides it from the next? */
static bool is_whole(struct slice line) {
        struct json_tokener *t = json_tokener_new_ex(DEPTH_MAX);
        size_t end = 0;

        if (!t)
                return false;
        json_object_put(json_tokener_parse_ex(t, line.s, (int) MIN(line.n, (size_t) BLOCK)));
        if (json_tokener_get_error(t) == json_tokener_success)
                end = json_tokener_get_parse_end(t);
        json_tokener_free(t);
        while (end > 0 && end < line.n && (is_space(line.s[end]) || line.s[end] == ','))
                end++;
        return end > 0 && end == line.n;
}

/* A line or two of JSON before a log, as a runner of jobs writes them: they are values, and most other lines are not.
 * The kernel's time alone is a list of a number. */
static bool goes_on_as_text(struct slice s) {
        enum { LINES = 12, LEAST = 3 };
        size_t text = 0, values = 0;

        if (!is_whole(slice_token(&s, '\n')))
                return false;
        for (int i = 0; i < LINES && s.n; i++) {
                const struct slice line = slice_rtrim(skip_space(slice_token(&s, '\n')));
                const bool value = line.n && (is_event_word(line) || strchr("]}", line.s[0]) || is_whole(line));
                values += value;
                text += line.n && !value && s.n > 0;
        }
        return text >= LEAST && text > values * 2;
}

bool values_begin_here(struct slice head) {
        struct slice s = skip_space(head), inner;

        if (slice_eat(&s, SLICE("data:")))
                s = skip_space(s);
        const bool list = slice_eat(&s, SLICE("["));
        s = skip_space(s);
        inner = s;
        if (list ? s.n == 0 || (s.s[0] != '{' && !is_quote(s.s[0])) : !slice_eat(&inner, SLICE("{")))
                return false;
        inner = skip_space(inner);
        return (list || slice_starts(inner, SLICE("\""))) && has_value(s) && (list || !goes_on_as_text(s));
}

int values_begin(struct values *v, struct input *in) {
        struct slice head, name, rest;

        *v = (struct values){ .in = in,
                              .line_start = true,
                              .tokener = json_tokener_new_ex(DEPTH_MAX),
                              .block = malloc(BLOCK) };
        int e = input_peek(in, HEAD, &head);
        if (!v->tokener || !v->block || e == -ENOMEM)
                return log_oom();
        if (e < 0) {
                log_error("cannot read %s: %s", in->name, input_error(in, e));
                return e;
        }
        rest = skip_space(head);
        v->single = slice_eat(&rest, SLICE("[")) && slice_starts(skip_space(rest), SLICE("'"));
        rest = skip_space(head);
        if (!eat_wrapper(&rest, &name))
                return 0;
        memcpy(v->wrapper, name.s, MIN(name.n, sizeof(v->wrapper) - 1));
        /* It is shorter than a block, and was peeked at. */
        ssize_t n = input_read(in, v->block, (size_t) (rest.s - head.s));
        v->bytes = n > 0 ? (uint64_t) n : 0;
        return 0;
}

void values_done(struct values *v) {
        if (v->tokener)
                json_tokener_free(v->tokener);
        free(v->block);
}

/* Numbers and the like are values, too, but no line is one: "[ 1.5, "o", "text" ]" has two. */
static bool is_scalar(struct slice word) {
        if (slice_eq(word, SLICE("true")) || slice_eq(word, SLICE("false")) || slice_eq(word, SLICE("null")))
                return true;
        for (size_t i = 0; i < word.n; i++)
                if (!memchr("0123456789+-.eE", word.s[i], 15))
                        return false;
        return word.n > 0;
}

static void end_word(struct values *v) {
        const struct slice word = { v->word, v->word_n };

        v->bad += word.n > 0 && !is_event_word(word) && !is_scalar(word);
        v->word_n = 0;
}

/* Passes over what stands between two values. True at a value's first byte. */
static bool find_value(struct values *v) {
        for (; v->at < v->n; v->at++) {
                const char c = v->block[v->at];
                const bool starts = c == '{' || ((c == '"' || (c == '\'' && v->single)) && !v->lost);

                if (c == '\n' || c == '\036') {
                        end_word(v);
                        v->line_start = true;
                        continue;
                }
                if (c == '[') {
                        v->numbered = false;
                        v->nth = 0;
                }
                if (starts && (!v->lost || v->line_start)) {
                        v->numbered = v->nth++ ? v->numbered : v->word_n > 0;
                        end_word(v);
                        v->lost = v->line_start = false;
                        return true;
                }
                /* Behind "data:" a value may begin, elsewhere in a damaged one not. */
                v->line_start = v->line_start && (is_blank(c) || c == ':' || (c >= 'a' && c <= 'z'));
                if (!v->lost && !is_blank(c) && c != '\r' && !strchr(",[]}", c) && v->word_n < sizeof(v->word))
                        v->word[v->word_n++] = c;
        }
        return false;
}

/* Goes on with the value that is open. 1 when it is whole, 0 where it goes on in the next block, -EFBIG. */
static int take_bytes(struct values *v, struct json_object **ret) {
        *ret = json_tokener_parse_ex(v->tokener, v->block + v->at, (int) (v->n - v->at));
        const enum json_tokener_error error = json_tokener_get_error(v->tokener);
        const size_t taken = *ret || error != json_tokener_continue ? json_tokener_get_parse_end(v->tokener) :
                                                                      v->n - v->at;

        v->at += taken;
        v->value_bytes += taken;
        if (error == json_tokener_continue && v->value_bytes > VALUE_MAX)
                return -EFBIG;
        if (error == json_tokener_continue)
                return 0;
        json_tokener_reset(v->tokener);
        v->value_bytes = 0;
        if (error == json_tokener_success)
                return 1;
        v->bad++;
        v->lost = true;
        return 0;
}

/* 1, 0 at the end, -errno. */
static int fill(struct values *v) {
        ssize_t n = input_read(v->in, v->block, BLOCK);

        if (n < 0) {
                log_error("reading %s failed after %llu bytes: %s", v->in->name, (unsigned long long) v->bytes,
                          input_error(v->in, (int) n));
                return (int) n;
        }
        v->at = 0;
        v->n = (size_t) n;
        v->bytes += (uint64_t) n;
        return n > 0;
}

int values_next(struct values *v, struct json_object **ret) {
        for (;;) {
                while (v->at < v->n && (v->value_bytes || find_value(v))) {
                        int e = take_bytes(v, ret);
                        if (e < 0)
                                log_error("%s holds a value of more than 512 MiB: split it", v->in->name);
                        if (e != 0)
                                return e;
                }
                int e = fill(v);
                if (e < 0)
                        return e;
                if (e > 0)
                        continue;
                end_word(v);
                if (v->value_bytes == 0)
                        return 0;
                log_error("%s ends inside a JSON value, after %llu bytes", v->in->name, (unsigned long long) v->bytes);
                v->value_bytes = 0;
                return -ENODATA;
        }
}
