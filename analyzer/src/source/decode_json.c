/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <strings.h>

#include "base/log.h"
#include "base/macros.h"
#include "line/classify.h"
#include "line/clock.h"
#include "source/decode.h"
#include "source/json_author.h"
#include "source/json_base64.h"
#include "source/json_order.h"
#include "source/json_plain.h"
#include "source/values.h"

/* Logs whose lines are strings in JSON, as containers, collectors and the interfaces of CI systems give them: an object
 * a line, arrays of them, arrays of lines. Which member holds the line is learned from what stands in it; what the
 * other members mean differs from one to the next, but that one which names the program tells whose line it is. */

/* Columns of a row that are looked at. */
enum { COLUMNS_MAX = 16 };

/* Lines to be turned round, as their values gave them. */
struct newest {
        bool first;
        struct buffer text, ends; /* ends: of what each value gave, a size_t each */
};
/* It must be there as a whole: larger ones are refused. */
static const size_t newest_max = 256u * 1024 * 1024;

struct json_text {
        struct decoded decoded;
        struct values values;
        char member[64];  /* that held the last line, "" at first */
        uint64_t foreign; /* lines of other programs than the kernel, passed over */
        bool told;        /* a member told a line to be the kernel's: one where none tells is nobody's */
        struct json_priorities priorities;
        bool records; /* values are lines of a kernel's log each: a line end in one is within its record */
        bool looking; /* the first values are looked at, and give nothing */
        bool begun, end;
        bool ends;                   /* a container's line had its line end: one without is a piece */
        char open[16];               /* the stream whose line goes on, "" where none does */
        bool typed;                  /* values and attributes are OpenTelemetry's */
        size_t letters[COLUMNS_MAX]; /* of words, in the columns of the rows so far */
        bool recording;              /* the first value is the header of a recorded terminal's events */
        bool any;                    /* a value was read */
        struct json_object *first;   /* the first values, an array; NULL where they were taken */
        size_t n_taken;              /* of those */
        int error;                   /* that reading ended with; what was read before it is given out first */
        struct newest newest;        /* the text, where the values list the newest line first */
};

enum { DEPTH_MAX = 32 };

static bool is_json(struct slice head) {
        return values_begin_here(head);
}

static void json_done(void *state) {
        struct json_text *j = state;

        values_done(&j->values);
        buffer_done(&j->newest.text);
        buffer_done(&j->newest.ends);
        json_object_put(j->first);
}

static struct slice text_of(struct json_object *v) {
        return (struct slice){ json_object_get_string(v), (size_t) json_object_get_string_len(v) };
}

/* How much a string looks like a line of a kernel's log: by its form, then by its length, for stamps and names of hosts
 * are shorter than what is logged. */
static size_t likeness(struct slice s) {
        static const char *const forms[] = { "+0x",      "Linux version", "CPU: ",     "Call Trace:",
                                             "cut here", "BUG: ",         "WARNING: ", "INFO: " };
        struct slice text = slice_ltrim(s);
        size_t points = MIN(s.n, (size_t) 200);

        for (size_t i = 0; i < ARRAY_SIZE(forms); i++)
                if (slice_has(slice_head(s, 512), slice_of(forms[i])))
                        return points + 2000;
        /* "[   12.345678] " and "<6>" */
        if ((slice_eat(&text, SLICE("[")) || slice_eat(&text, SLICE("<"))) && (text = slice_ltrim(text)).n &&
            is_digit(text.s[0]))
                points += 1000;
        if (line_classify(s) != LINE_OTHER && line_classify(s) != LINE_BLANK)
                points += 1000;
        return points;
}

/* By their names lines are known in most forms, and what only looks longer is not. */
static bool is_message_name(const char *name) {
        static const char *const names[] = { "message",      "msg",         "log",   "text",     "line",
                                             "body",         "content",     "_line", "@message", "short_message",
                                             "full_message", "textpayload", "raw",   "_raw",     "output" };

        for (size_t i = 0; i < ARRAY_SIZE(names); i++)
                if (strcasecmp(name, names[i]) == 0)
                        return true;
        return false;
}

static struct json_object *message_of(struct json_text *j, struct json_object *o) {
        struct json_object *best = NULL;
        const char *best_name = "";
        size_t most = 0;

        if (*j->member && json_object_object_get_ex(o, j->member, &best) && json_object_is_type(best, json_type_string))
                return best;
        best = NULL;
        json_object_object_foreach(o, name, v) {
                if (!json_object_is_type(v, json_type_string))
                        continue;
                size_t points = likeness(text_of(v)) + (is_message_name(name) ? 1500 : 0);
                if (points > most) {
                        most = points;
                        best = v;
                        best_name = name;
                }
        }
        /* An object that only holds others has names and numbers, which look like nothing. */
        if (most < 1000)
                return NULL;
        if (strlen(best_name) < sizeof(j->member))
                strcpy(j->member, best_name);
        return best;
}

/* What an object is read with: how deep it lies, and who wrote what is around it. */
struct around {
        unsigned depth;
        enum author author;
};

static struct around within(struct around around, enum author author) {
        return (struct around){ around.depth + 1, json_author_within(around.author, author) };
}

/* Does a container's line go on with the next one of its stream? Runtimes write what a program wrote at once: Docker
 * without a line end, those after CRI with a tag. Whoever logs elsewhere may end a text as he likes, and nothing goes
 * on. */
static bool goes_on(struct json_text *j, struct json_object *o, struct slice line) {
        struct json_object *tag;

        if (json_object_object_get_ex(o, "logtag", &tag) && json_object_is_type(tag, json_type_string))
                return slice_eq(text_of(tag), SLICE("P"));
        const bool end = slice_ends(line, SLICE("\n"));
        j->ends = j->ends || end;
        return j->ends && !end;
}

/* The stream of a container's line; "" where it is none's. */
static const char *stream_of(const struct json_text *j, struct json_object *o) {
        struct json_object *stream;

        if (strcmp(j->member, "log") != 0 || !json_object_object_get_ex(o, "stream", &stream) ||
            !json_object_is_type(stream, json_type_string))
                return "";
        const char *s = json_object_get_string(stream);
        return strcmp(s, "stdout") == 0 ? "stdout" : strcmp(s, "stderr") == 0 ? "stderr" : "";
}

/* Ends the line that goes on, where another stream's or another program's comes. */
static int end_open(struct json_text *j, const char *stream, struct buffer *out) {
        if (!*j->open || strcmp(j->open, stream) == 0)
                return 0;
        *j->open = '\0';
        return buffer_add(out, "\n", 1);
}

/* A record of the kernel's is one, whatever a user brought into it: a line end in it is written as syslog daemons do.
 */
static int take_record(struct slice line, struct buffer *out) {
        int e = 0;

        for (size_t at; e == 0 && (at = slice_find_byte(line, '\n')) != SLICE_NPOS; line = slice_from(line, at + 1))
                if ((e = buffer_add(out, line.s, at)) == 0)
                        e = buffer_add(out, "#012", 4);
        e = e < 0 ? e : buffer_add(out, line.s, line.n);
        return e < 0 ? e : buffer_add(out, "\n", 1);
}

/* Is it one line, and such as a kernel's log alone has? Headlines stand in what people and programs write, too. */
static bool is_record(struct slice line) {
        struct slice rest = slice_ltrim(line);
        struct stamp t;

        if (slice_ends(line, SLICE("\n")))
                line.n--;
        return slice_find_byte(line, '\n') == SLICE_NPOS &&
               (slice_starts(line, SLICE("Linux version ")) || line_classify(line) >= LINE_FRAME ||
                clock_kernel(&rest, &t));
}

static int take_line(struct json_text *j, struct slice line, enum author author, struct buffer *out) {
        if (j->looking) {
                j->records = j->records || is_record(line);
                return 0;
        }
        if (author == AUTHOR_PROCESS || (author == AUTHOR_UNSAID && j->told))
                return j->foreign++, 0;
        if (slice_ends(line, SLICE("\n")))
                line.n--;
        j->told = j->told || author == AUTHOR_KERNEL;
        if (author == AUTHOR_KERNEL || j->records)
                return take_record(line, out);
        int e = buffer_add(out, line.s, line.n);
        return e < 0 ? e : buffer_add(out, "\n", 1);
}

/* Of a container, by its stream. */
static int take_piece(struct json_text *j, struct json_object *o, const char *stream, struct slice line,
                      struct buffer *out) {
        int e = end_open(j, stream, out);

        if (e < 0 || !goes_on(j, o, line)) {
                *j->open = '\0';
                return e < 0 ? e : take_line(j, line, AUTHOR_UNSAID, out);
        }
        strcpy(j->open, stream);
        return buffer_add(out, line.s, line.n);
}

static int take_value(struct json_text *j, struct json_object *v, struct around around, struct buffer *out);

/* [ STAMP, LINE ] in a list of such, as Loki has them: the line alone. Else each item for itself. */
static int take_array(struct json_text *j, struct json_object *array, struct around around, struct buffer *out) {
        const size_t n = json_object_array_length(array);
        struct json_object *first = json_object_array_get_idx(array, 0),
                           *last = json_object_array_get_idx(array, n - 1);
        uint64_t stamp;
        int e = 0;

        if (n == 2 && json_object_is_type(first, json_type_string) && json_object_is_type(last, json_type_string)) {
                struct slice s = text_of(first);
                if (slice_eat_u64(&s, &stamp) && s.n == 0)
                        return take_line(j, text_of(last), around.author, out);
        }
        const bool falls = json_falls(array);
        for (size_t i = 0; e == 0 && i < n; i++)
                e = take_value(j, json_object_array_get_idx(array, falls ? n - 1 - i : i),
                               within(around, AUTHOR_UNSAID), out);
        return e;
}

/* Is the object a line of its own? */
static bool has_line(struct json_object *o) {
        json_object_object_foreach(o, name, v) {
                if (json_object_is_type(v, json_type_string) && is_message_name(name))
                        return true;
        }
        return false;
}

/* A name that ends in a number: "12", "line12". */
static bool is_numbered_name(const char *name, struct slice *stem, uint64_t *n) {
        struct slice number = slice_of(name);

        *stem = number;
        while (stem->n && is_digit(stem->s[stem->n - 1]))
                stem->n--;
        number = slice_from(number, stem->n);
        return slice_eat_u64(&number, n) && number.n == 0;
}

/* Are members a text's lines by their numbers, { "total": 2, "line1": "text", "line2": "text" }? Of a table's columns
 * one alone looks like a kernel's line. stem: what all their names begin with. */
static bool is_numbered(struct json_object *o, struct slice *stem) {
        enum { LEAST = 2, LIKE_A_LINE = 1000 };
        struct slice of_this;
        size_t like = 0;
        bool any = false;
        uint64_t n;

        json_object_object_foreach(o, name, v) {
                if (!json_object_is_type(v, json_type_string) || !is_numbered_name(name, &of_this, &n))
                        continue;
                if (!any)
                        *stem = of_this;
                any = true;
                like += slice_eq(of_this, *stem) && likeness(text_of(v)) >= LIKE_A_LINE;
        }
        return like >= LEAST;
}

struct numbered {
        uint64_t n;
        struct json_object *line;
};

static int by_number(const void *a, const void *b) {
        const uint64_t x = ((const struct numbered *) a)->n, y = ((const struct numbered *) b)->n;
        return (x > y) - (x < y);
}

/* In the order of their numbers: who writes JSON may sort names as text, "1", "10", "2". */
static int take_numbered(struct json_text *j, struct json_object *o, struct slice stem, enum author author,
                         struct buffer *out) {
        _cleanup_free_ struct numbered *lines = calloc((size_t) json_object_object_length(o), sizeof(*lines));
        int e = lines ? end_open(j, "", out) : -ENOMEM;
        struct slice of_this;
        size_t n = 0;

        json_object_object_foreach(o, name, v) {
                if (lines && json_object_is_type(v, json_type_string) &&
                    is_numbered_name(name, &of_this, &lines[n].n) && slice_eq(of_this, stem))
                        lines[n++].line = v;
        }
        if (lines)
                qsort(lines, n, sizeof(*lines), by_number);
        for (size_t i = 0; e == 0 && i < n; i++)
                e = take_line(j, text_of(lines[i].line), author, out);
        return e;
}

/* A log, or a part of one: of more lines than a message has. */
static bool is_whole_text(struct json_object *v) {
        enum { LEAST = 3 };
        size_t n = 0;

        if (!json_object_is_type(v, json_type_string))
                return false;
        for (struct slice s = text_of(v); s.n && n < LEAST; n++)
                slice_token(&s, '\n');
        return n == LEAST;
}

static bool has_text(struct json_object *o) {
        json_object_object_foreach(o, name, v) {
                (void) name;
                if (is_whole_text(v))
                        return true;
        }
        return false;
}

/* May it hold lines? A few words in a list are labels. */
static bool is_container(struct json_object *v) {
        enum { LEAST = 3 };

        if (!json_object_is_type(v, json_type_array))
                return json_object_is_type(v, json_type_object);
        return json_object_array_length(v) >= LEAST ||
               (json_object_array_length(v) > 0 &&
                !json_object_is_type(json_object_array_get_idx(v, 0), json_type_string));
}

/* An object with a log in it is no record: what else it holds may be a log, too, from before and after, of dmesg and of
 * the console. One that is there under two names, one behind the other, is one. */
static int take_texts(struct json_text *j, struct json_object *o, struct around inside, struct buffer *out) {
        const bool records = j->records;
        struct slice before = SLICE_NULL;
        int e = end_open(j, "", out);

        json_object_object_foreach(o, name, v) {
                (void) name;
                if (e < 0)
                        break;
                if (is_container(v))
                        e = take_value(j, v, inside, out);
                else if (is_whole_text(v) && !slice_eq(text_of(v), before)) {
                        before = text_of(v);
                        e = take_line(j, before, inside.author, out);
                }
        }
        /* That a list in it has a line in each item says nothing of the texts beside. */
        j->records = records;
        return e;
}

static int take_object(struct json_text *j, struct json_object *o, struct around around, struct buffer *out) {
        const struct around inside = within(around, json_author(o, has_line, &j->priorities));
        struct slice stem = SLICE_NULL;

        if (inside.author != AUTHOR_KERNEL && is_numbered(o, &stem))
                return take_numbered(j, o, stem, inside.author, out);
        struct json_object *message = message_of(j, o);
        int e = 0;

        if (message) {
                const char *stream = inside.author == AUTHOR_UNSAID && !j->told ? stream_of(j, o) : "";
                if (*stream)
                        return take_piece(j, o, stream, text_of(message), out);
                /* What stands beside the kernel's own record is a collector's, or a user's. */
                if (inside.author == AUTHOR_UNSAID && !j->records && has_text(o))
                        return take_texts(j, o, inside, out);
                e = end_open(j, stream, out);
                return e < 0 ? e : take_line(j, text_of(message), inside.author, out);
        }
        json_object_object_foreach(o, name, v) {
                (void) name;
                if (e == 0 && (json_object_is_type(v, json_type_object) || json_object_is_type(v, json_type_array)))
                        e = take_value(j, v, inside, out);
        }
        return e;
}

/* An event of a recorded terminal's, as read_event() gives it: what was shown, which may end anywhere. What was typed
 * the terminal shows itself. */
static int take_event(struct json_text *j, struct json_object *event, struct buffer *out) {
        const struct slice text = text_of(json_object_array_get_idx(event, 1));

        if (j->looking || !slice_eq(text_of(json_object_array_get_idx(event, 0)), SLICE("o")))
                return 0;
        return buffer_add(out, text.s, text.n);
}

static int take_value(struct json_text *j, struct json_object *v, struct around around, struct buffer *out) {
        if (around.depth > DEPTH_MAX)
                return 0;
        /* No other list comes as a value of its own. */
        if (around.depth == 0 && json_object_is_type(v, json_type_array))
                return take_event(j, v, out);
        switch (json_object_get_type(v)) {
        case json_type_string:
                return take_line(j, text_of(v), around.author, out);
        case json_type_array:
                return take_array(j, v, around, out);
        case json_type_object:
                return take_object(j, v, around, out);
        default:
                return 0;
        }
}

/* Is the first value the header of a terminal's recording, as asciinema writes it? Others have lists of a number and
 * strings, too, of which each may be a line. */
static bool is_header(struct json_object *v) {
        struct json_object *o;

        if (!json_object_is_type(v, json_type_object) || !json_object_object_get_ex(v, "version", &o) ||
            !json_object_is_type(o, json_type_int))
                return false;
        return json_object_object_get_ex(v, "term", &o) ||
               (json_object_object_get_ex(v, "width", &o) && json_object_object_get_ex(v, "height", &o));
}

/* Does the string begin an event of a recorded terminal's: [ 12.5, "o", "text" ]? */
static bool is_event(const struct json_text *j, struct json_object *v) {
        return j->recording && j->values.numbered && j->values.nth == 1 && json_object_is_type(v, json_type_string) &&
               json_object_get_string_len(v) == 1;
}

/* Its strings as a list, which the caller puts; kind: the first of them. 1, 0 at the end, -errno. */
static int read_event(struct json_text *j, struct json_object *kind, struct json_object **ret) {
        struct json_object *text;
        int e = values_next(&j->values, &text);

        *ret = e > 0 ? json_object_new_array_ext(2) : NULL;
        if (!*ret) {
                json_object_put(kind);
                return e > 0 ? log_oom() : e;
        }
        json_object_array_add(*ret, kind);
        json_object_array_add(*ret, text);
        return 1;
}

/* A list of a few values, in a list of such, as an object, which the caller puts: the column with the most letters is
 * the text, for times, names and levels have fewer. */
static struct json_object *row_as_object(struct json_text *j, struct json_object *row) {
        const size_t n = MIN(json_object_array_length(row), (size_t) COLUMNS_MAX);
        struct json_object *o = json_object_new_object();
        size_t text = 0;

        for (size_t i = 0; o && i < n; i++) {
                struct json_object *v = json_object_array_get_idx(row, i);
                if (json_object_is_type(v, json_type_string))
                        for (const char *p = json_object_get_string(v); *p; p++)
                                j->letters[i] += is_letter(*p);
        }
        for (size_t i = 1; i < COLUMNS_MAX; i++)
                text = j->letters[i] > j->letters[text] ? i : text;
        for (size_t i = 0; o && i < n; i++) {
                const char name[] = { (char) ('a' + i), '\0' };
                json_object_object_add(o, i == text ? "text" : name,
                                       json_object_get(json_object_array_get_idx(row, i)));
        }
        return o;
}

/* The next value as others write it, which the caller puts: 1, 0 at the end, -errno. */
static int read_value(struct json_text *j, struct json_object **ret) {
        int e = values_next(&j->values, ret);

        if (e > 0 && json_undo_base64(*ret) < 0) {
                json_object_put(*ret);
                return log_oom();
        }
        if (e > 0 && !j->any) {
                j->any = true;
                j->recording = is_header(*ret);
        }
        if (e > 0 && is_event(j, *ret))
                return read_event(j, *ret, ret);
        const bool row = e > 0 && json_object_is_type(*ret, json_type_array);
        if (e <= 0 || !(j->typed || row))
                return e;
        struct json_object *plain = row ? row_as_object(j, *ret) : json_plain(*ret);
        json_object_put(*ret);
        *ret = plain;
        return e;
}

/* Are the first values records each, and do their priorities tell who wrote them? 0 or -ENOMEM. */
static int look_at_first(struct json_text *j) {
        _cleanup_(buffer_done) struct buffer none = {};
        const struct json_text before = *j;
        int e = 0;

        j->looking = true;
        for (size_t i = 0; e == 0 && i < json_object_array_length(j->first); i++)
                e = take_value(j, json_object_array_get_idx(j->first, i), (struct around){ 0, AUTHOR_UNSAID }, &none);
        const struct json_text seen = *j;
        *j = before;
        j->records = seen.records;
        j->priorities = seen.priorities;
        j->priorities.learned = true;
        return e;
}

/* Reads the first values, for their order and form. 0 or -errno where none can be read. */
static int read_first(struct json_text *j) {
        enum { FIRST = 1024, FIRST_BYTES = 1024 * 1024 };
        struct json_object *v;
        struct slice head;
        int e = input_beginning(j->decoded.in, &head);

        j->typed = e == 0 && slice_has(head, SLICE("\"stringValue\""));
        if (e == 0)
                e = values_begin(&j->values, j->decoded.in);
        if (e < 0)
                return e;
        j->first = json_object_new_array();
        if (!j->first)
                return log_oom();
        while (json_object_array_length(j->first) < FIRST && j->values.bytes < FIRST_BYTES &&
               (e = read_value(j, &v)) > 0)
                if (json_object_array_add(j->first, v) < 0) {
                        json_object_put(v);
                        return log_oom();
                }
        j->newest.first = json_falls(j->first);
        j->error = MIN(e, 0);
        return look_at_first(j);
}

/* The next value, which the caller puts: 1, 0 at the end, -errno. */
static int next_value(struct json_text *j, struct json_object **ret) {
        if (j->first && j->n_taken < json_object_array_length(j->first)) {
                *ret = json_object_get(json_object_array_get_idx(j->first, j->n_taken++));
                return 1;
        }
        json_object_put(j->first);
        j->first = NULL;
        return j->error ? j->error : read_value(j, ret);
}

/* Reads all of a text whose values list the newest line first. 0 or -ENOMEM. */
static int read_newest(struct json_text *j) {
        struct newest *n = &j->newest;
        struct json_object *v;
        int e;

        while ((e = next_value(j, &v)) > 0) {
                e = take_value(j, v, (struct around){ 0, AUTHOR_UNSAID }, &n->text);
                json_object_put(v);
                if (e == 0)
                        e = buffer_add(&n->ends, (const char *) &n->text.size, sizeof(n->text.size));
                if (e == 0 && n->text.size > newest_max)
                        e = -EFBIG;
                if (e < 0)
                        break;
        }
        j->error = e;
        return e == -ENOMEM ? e : 0;
}

/* What the last value gave that was not given out. 1, 0 where none is left, -ENOMEM. */
static int give_newest(struct newest *n, struct buffer *out) {
        size_t begin = 0, end;

        if (n->ends.size == 0)
                return 0;
        n->ends.size -= sizeof(end);
        memcpy(&end, n->ends.data + n->ends.size, sizeof(end));
        if (n->ends.size)
                memcpy(&begin, n->ends.data + n->ends.size - sizeof(begin), sizeof(begin));
        int e = buffer_add(out, n->text.data + begin, end - begin);
        return e < 0 ? e : 1;
}

static int end_json(struct json_text *j, int e) {
        j->end = true;
        if (j->foreign)
                log_warning("%s: %llu lines come from other programs than the kernel", j->decoded.in->name,
                            (unsigned long long) j->foreign);
        return e < 0 ? e : j->values.bad ? -EBADMSG : 0;
}

static int json_more(void *state, struct buffer *out) {
        struct json_text *j = state;
        struct json_object *v;
        int e = 0;

        if (j->end)
                return 0;
        if (!j->begun) {
                j->begun = true;
                e = read_first(j);
                if (e == 0 && j->newest.first)
                        e = read_newest(j);
        }
        while (e == 0 && out->size == 0 && j->newest.first && (e = give_newest(&j->newest, out)) > 0)
                e = 0;
        while (e == 0 && out->size == 0 && (e = next_value(j, &v)) > 0) {
                e = take_value(j, v, (struct around){ 0, AUTHOR_UNSAID }, out);
                json_object_put(v);
        }
        return out->size ? (e < 0 ? e : 1) : end_json(j, e < 0 ? e : j->error);
}

static const char *json_problem(int error) {
        return error == -EBADMSG ? "what stands between its JSON values is none" :
               error == -EFBIG   ? decoded_newest_problem(error) :
                                   "its JSON cannot be read";
}

const struct decoder decoder_json = {
        .name = "json",
        .is = is_json,
        .size = sizeof(struct json_text),
        .done = json_done,
        .more = json_more,
        .problem = json_problem,
};
