/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "source/values.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>

#include "base/log.h"
#include "base/macros.h"
#include "line/clock.h"
#include "source/unescape.h"

enum { BLOCK = 64 * 1024, HEAD = 8 * 1024, DEPTH_MAX = 64 };
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

/* Python's b'text' and u'text'. */
static struct slice skip_letter(struct slice s) {
        return s.n > 1 && (s.s[0] == 'b' || s.s[0] == 'u') && is_quote(s.s[1]) ? slice_from(s, 1) : s;
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

/* Does a string begin with a time, as lines of a log do? Many a program has a list of strings, of a report's words too.
 */
static bool begins_with_time(struct slice string) {
        struct slice s = slice_from(string, 1);
        struct stamp ignored = {};

        if (slice_eat(&s, SLICE("<")))
                slice_token(&s, '>');
        if (clock_any(&s, &ignored))
                return true;
        return slice_eat(&s, SLICE("[")) && clock_any(&s, &ignored);
}

/* Takes "log = ", "const lines = " off a list of lines, as programs and their debuggers print one. Behind
 * a list that ends in its line no other text may come: that would be the log. */
static bool eat_assignment(struct slice *text) {
        enum { NAMES_MAX = 3 };
        struct slice s = skip_space(*text);

        for (int i = 0; i < NAMES_MAX && s.n && s.s[0] != '='; i++) {
                size_t n = 0;
                while (n < s.n && (isalnum((unsigned char) s.s[n]) || s.s[n] == '_' || s.s[n] == '.'))
                        n++;
                if (n == 0)
                        return false;
                s = slice_ltrim(slice_from(s, n));
        }
        if (!slice_eat(&s, SLICE("=")))
                return false;
        s = slice_ltrim(s);
        struct slice rest = s, item = s;
        if (!slice_eat(&item, SLICE("[")))
                return false;
        item = skip_letter(skip_space(item));
        if (item.n == 0 || !is_quote(item.s[0]) || !begins_with_time(item))
                return false;
        struct slice line = slice_rtrim(slice_token(&rest, '\n'));
        if (slice_ends(line, SLICE(";")))
                line.n--;
        if (slice_ends(line, SLICE("]")) && skip_space(rest).n)
                return false;
        *text = s;
        return true;
}

/* Lists of a few numbers and strings, in a list: [[12.3, "text"], ...]. "[[" alone begins many a line. */
static bool has_rows(struct slice s) {
        enum { LEAST = 3 };
        struct json_tokener *t = json_tokener_new_ex(DEPTH_MAX);
        size_t n = 0;

        for (; t && n < LEAST && slice_starts(s, SLICE("[")); n++) {
                struct json_object *v = json_tokener_parse_ex(t, s.s, (int) MIN(s.n, (size_t) BLOCK));
                bool has_text = false;
                for (size_t i = 0; v && i < json_object_array_length(v); i++)
                        has_text = has_text || json_object_is_type(json_object_array_get_idx(v, i), json_type_string);
                json_object_put(v);
                if (!has_text)
                        break;
                s = skip_space(slice_from(s, json_tokener_get_parse_end(t)));
                json_tokener_reset(t);
                if (slice_starts(s, SLICE("]"))) {
                        n++;
                        break;
                }
                slice_eat(&s, SLICE(","));
                s = skip_space(s);
        }
        if (t)
                json_tokener_free(t);
        return n > 1;
}

bool values_begin_here(struct slice head) {
        struct slice s = skip_space(head), inner;

        eat_assignment(&s);

        if (slice_eat(&s, SLICE("data:")))
                s = skip_space(s);
        const bool list = slice_eat(&s, SLICE("["));
        s = skip_space(s);
        if (list && has_rows(s))
                return true;
        s = list ? skip_letter(s) : s;
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
        rest = head;
        v->assigned = eat_assignment(&rest);
        if (v->assigned) { /* it is shorter than a block, as below */
                ssize_t n = input_read(in, v->block, (size_t) (rest.s - head.s));
                v->bytes = n > 0 ? (uint64_t) n : 0;
                head = rest;
        }
        rest = skip_space(head);
        const bool list = slice_eat(&rest, SLICE("["));
        rest = skip_letter(skip_space(rest));
        v->single = list && slice_starts(rest, SLICE("'"));
        v->rows = list && has_rows(rest);
        if (v->rows) { /* what the list begins with, as below */
                ssize_t n = input_read(in, v->block, (size_t) (rest.s - head.s));
                v->bytes += n > 0 ? (uint64_t) n : 0;
                return 0;
        }
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
        buffer_done(&v->text);
        buffer_done(&v->plain);
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

        const bool ends = v->assigned && word.n && strchr(";.)", word.s[0]);

        const bool letter = v->single && (slice_eq(word, SLICE("b")) || slice_eq(word, SLICE("u")));

        v->bad += word.n > 0 && !is_event_word(word) && !is_scalar(word) && !ends && !letter;
        v->word_n = 0;
}

/* Passes over what stands between two values. True at a value's first byte. */
static bool find_value(struct values *v) {
        for (; v->at < v->n; v->at++) {
                const char c = v->block[v->at];
                const bool starts = c == '{' || (c == '[' && v->rows) ||
                                    ((c == '"' || (c == '\'' && v->single)) && !v->lost);

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

/* A string whose escapes are not JSON's: '\'', "\x1b". 1 when it is whole, 0 where it goes on in the next block. */
static int take_string(struct values *v, struct json_object **ret) {
        const size_t from = v->at;
        bool whole = false;

        for (; v->at < v->n && !whole; v->at++) {
                const char c = v->block[v->at];
                whole = c == v->mark && !v->escaped;
                v->escaped = c == '\\' && !v->escaped;
        }
        v->value_bytes += v->at - from;
        int e = buffer_add(&v->text, v->block + from, v->at - from - whole);
        if (e < 0 || !whole)
                return e < 0 ? log_oom() : v->value_bytes > VALUE_MAX ? -EFBIG : 0;
        e = unescape(buffer_all(&v->text), '"', &v->plain);
        if (e < 0)
                return log_oom();
        *ret = json_object_new_string_len(v->plain.size ? v->plain.data : "", (int) v->plain.size);
        v->text.size = 0;
        v->mark = '\0';
        v->escaped = false;
        v->value_bytes = 0;
        return *ret ? 1 : log_oom();
}

/* Goes on with the value that is open. 1 when it is whole, 0 where it goes on in the next block, -EFBIG. */
static int take_bytes(struct values *v, struct json_object **ret) {
        if (v->single && v->value_bytes == 0 && is_quote(v->block[v->at])) {
                v->mark = v->block[v->at++];
                v->value_bytes = 1;
        }
        if (v->mark)
                return take_string(v, ret);
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
