/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <ctype.h>

#include "base/log.h"
#include "base/macros.h"
#include "line/classify.h"
#include "line/clock.h"
#include "source/decode.h"
#include "source/unescape.h"

/* YAML whose writer broke long strings, as PyYAML does after 80 columns: the string goes on in the next lines, whose
 * indentation is not its own. Those are joined. A string that holds a log, with its line ends as "\n" or as empty
 * lines, is given as its lines. Where the text has a record a string, one stays what it was, a value in its line, so
 * that a line end in what a user chose begins none. js-yaml breaks lines in a block behind ">", in which an empty line
 * ends one. */

enum { VALUE_MAX = 16 * 1024 * 1024 };
/* A record of the kernel's is not longer than this. */
enum { RECORD_MAX = 1024 };

/* A value in quotation marks. */
struct open_string {
        char mark;   /* '"' or '\'' */
        size_t text; /* where it begins in the line, behind the mark */
};

/* Where the string that ends within s ends, in front of its mark; SLICE_NPOS: it goes on. */
static size_t end_of_string(struct slice s, char mark) {
        for (size_t i = 0; i < s.n; i++) {
                if (mark == '"' && s.s[i] == '\\')
                        i++;
                else if (s.s[i] == mark && !(mark == '\'' && i + 1 < s.n && s.s[i + 1] == mark))
                        return i;
                else if (s.s[i] == mark)
                        i++;
        }
        return SLICE_NPOS;
}

/* "key:", "'key':", and a blank or the line's end: its bytes; 0 where there is none. */
static size_t key_at(struct slice s) {
        size_t n = 0;

        while (n < s.n && (isalnum((unsigned char) s.s[n]) || strchr("_-./'\"", s.s[n])) && s.s[n])
                n++;
        if (n == 0 || n == s.n || s.s[n] != ':' || (n + 1 < s.n && s.s[n + 1] != ' '))
                return 0;
        return n + 1;
}

/* Where the value begins that a line has: behind its indentation, dashes and key. */
static size_t value_at(struct slice line) {
        struct slice s = slice_ltrim(line);

        while (slice_eat(&s, SLICE("- ")))
                s = slice_ltrim(s);
        s = slice_ltrim(slice_from(s, key_at(s)));
        return line.n - s.n;
}

static size_t indent_of(struct slice line) {
        return line.n - slice_ltrim(line).n;
}

/* The column that lines of the value are behind: that of its key, or of its dash. */
static size_t column_of(struct slice line) {
        struct slice s = slice_ltrim(line);
        size_t column = line.n - s.n;

        while (slice_eat(&s, SLICE("- "))) {
                s = slice_ltrim(s);
                column = key_at(s) ? line.n - s.n : column;
        }
        return column;
}

/* Does the line open a string that it does not close? As a value, or behind a mark of a list or map in one line. */
static bool opens_string(struct slice line, struct open_string *ret) {
        bool flow = false;

        for (size_t i = value_at(line); i < line.n; i++) {
                const char c = line.s[i];
                if (c == '"' || c == '\'') {
                        const size_t end = end_of_string(slice_from(line, i + 1), c);
                        *ret = (struct open_string){ c, i + 1 };
                        if (end == SLICE_NPOS)
                                return true;
                        if (!flow)
                                return false;
                        i += end + 1;
                } else if (c == '{' || c == '[')
                        flow = true;
                else if (!flow)
                        return false;
                else /* on to the next value */
                        while (i + 1 < line.n && !(strchr(",:{[", line.s[i]) && strchr(" '\"{[", line.s[i + 1])))
                                i++;
        }
        return false;
}

/* Does a line look like YAML's? */
static bool is_yaml_line(struct slice line) {
        const struct slice s = slice_trim(line);

        return s.n == 0 || s.s[0] == '#' || slice_starts(s, SLICE("- ")) || slice_eq(s, SLICE("-")) ||
               slice_starts(s, SLICE("---")) || slice_eq(s, SLICE("...")) || key_at(s) > 0;
}

/* Of a string that goes on: does it end in the line? *at: where its end is. */
static bool ends_string(struct slice line, char mark, size_t *at) {
        *at = end_of_string(line, mark);
        return *at != SLICE_NPOS;
}

/* Does a block of broken lines begin behind the line: "log: >-"? */
static bool opens_block(struct slice line) {
        size_t n = line.n;

        while (n > 0 && (is_digit(line.s[n - 1]) || line.s[n - 1] == '-' || line.s[n - 1] == '+'))
                n--;
        return n > 2 && line.s[n - 1] == '>' && line.s[n - 2] == ' ' && value_at(line) == n - 1;
}

/* Takes a block's lines, behind the line that opens it. Returns how many of them begin none of the text's. */
static size_t take_block(struct slice *head, size_t indent) {
        size_t n = 0;
        bool empty = true;

        while (head->n) {
                struct slice rest = *head;
                const struct slice line = slice_rtrim(slice_token(&rest, '\n'));
                if (line.n && indent_of(line) <= indent)
                        break;
                n += line.n && !empty;
                empty = line.n == 0;
                *head = rest;
        }
        return n;
}

/* Strings that go on, in lines that are indented, and next to nothing but YAML around them. */
static bool is_yaml(struct slice head) {
        enum { SURE = 3 };
        size_t lines = 0, others = 0, further = 0;
        struct open_string open;

        while (head.n) {
                struct slice line = slice_rtrim(slice_token(&head, '\n'));
                size_t at;
                lines++;
                others += !is_yaml_line(line);
                if (is_yaml_line(line) && opens_block(line))
                        further += take_block(&head, column_of(line));
                if (!is_yaml_line(line) || !opens_string(line, &open))
                        continue;
                const size_t column = column_of(line);
                for (bool ended = false; head.n && !ended;) {
                        struct slice rest = head;
                        line = slice_rtrim(slice_token(&rest, '\n'));
                        if (line.n && indent_of(line) <= column)
                                break;
                        head = rest;
                        ended = ends_string(line, open.mark, &at);
                        further++;
                }
        }
        return further >= SURE && others * 10 <= lines;
}

/* --- reading --- */

struct yaml {
        struct decoded decoded; /* its text: the open line, with all of its string so far */
        struct open_string open;
        struct buffer plain; /* the string without its escapes */
        size_t empty;        /* empty lines since the last of it */
        bool joined;         /* the last one ended in '\\' */
        bool block;          /* behind ">": the text is the open line of it; */
        bool deeper;         /* that line is indented more than the block, and is whole */
        size_t indent;       /* of its lines; 0 where none came */
        size_t outer;        /* what is open goes on in lines that are indented more than this */
        bool begun;
        bool records;  /* a string was one line of a kernel's log: each is, as long as records are; */
        uint64_t held; /* strings that would be several lines without that */
};

static void yaml_done(void *state) {
        struct yaml *y = state;

        buffer_done(&y->plain);
}

static int end_line(struct buffer *out) {
        return buffer_add_slice(out, SLICE("\n"));
}

/* A line end in a record is written as syslog daemons do. */
static int add_record(struct buffer *out, struct slice s) {
        int e = 0;

        for (size_t at; e == 0 && (at = slice_find_byte(s, '\n')) != SLICE_NPOS; s = slice_from(s, at + 1))
                if ((e = buffer_add(out, s.s, at)) == 0)
                        e = buffer_add_slice(out, SLICE("#012"));
        return e < 0 ? e : buffer_add_slice(out, s);
}

/* "[   10.000110] ", also behind a level or as a date, or "HOST kernel: ", and words; "cut here", a frame: what a
 * kernel's line begins with. A time alone is any program's. */
static bool begins_record(struct slice s) {
        enum { PREFIX_MAX = 120 };
        struct stamp t;
        uint64_t level;

        s = slice_trim(s);
        if (slice_starts(s, SLICE("Linux version ")) || line_classify(s) >= LINE_CUT_HERE ||
            slice_has(slice_head(s, PREFIX_MAX), SLICE(" kernel: ")))
                return true;
        struct slice rest = s;
        if (slice_eat(&rest, SLICE("<")) && slice_eat_u64(&rest, &level) && slice_eat(&rest, SLICE(">")))
                s = slice_ltrim(rest);
        return slice_starts(s, SLICE("[")) && clock_any(&s, &t) && slice_trim(s).n > 0;
}

/* The lines of a string that begin as a kernel's do; 0 where its first one does not. */
static size_t count_records(struct slice s) {
        size_t n = 0;

        s = slice_trim(s);
        while (s.n) {
                const bool begins = begins_record(slice_token(&s, '\n'));
                if (n == 0 && !begins)
                        return 0;
                n += begins;
        }
        return n;
}

/* Is the string a log's lines? An excerpt is a kernel's record a line, from its first on, which one record with a
 * user's line ends may look like: but that is among others, a string each. */
static bool is_lines(struct yaml *y, struct slice s) {
        enum { LEAST = 4 };

        if (s.n > RECORD_MAX)
                return true;
        if (slice_find_byte(slice_trim(s), '\n') == SLICE_NPOS) {
                y->records = y->records || begins_record(s);
                return false;
        }
        if (count_records(s) < LEAST)
                return false;
        y->held += y->records;
        return !y->records;
}

/* What a line has as its value, where it is whole: a record? */
static bool has_record(struct slice line) {
        struct slice s = slice_trim(slice_from(line, value_at(line)));
        const char mark = s.n > 1 && (s.s[0] == '"' || s.s[0] == '\'') && s.s[s.n - 1] == s.s[0] ? s.s[0] : '\0';

        if (mark)
                s = slice_head(slice_from(s, 1), s.n - 2);
        if (mark == '"' && slice_ends(s, SLICE("\\n")))
                s.n -= 2;
        return !(mark == '"' && slice_has(s, SLICE("\\n"))) && begins_record(s);
}

/* Gives the open line out, whose string ends at `end` or is cut there. */
static int give(struct yaml *y, size_t end, struct buffer *out) {
        const struct slice line = buffer_all(&y->decoded.text),
                           string = slice_from(slice_head(line, end), y->open.text);
        int e = unescape(string, y->open.mark, &y->plain);

        y->open.mark = '\0';
        if (e < 0)
                return e;
        if (!is_lines(y, buffer_all(&y->plain)))
                e = add_record(out, line);
        else {
                e = buffer_add_slice(out, slice_head(line, y->open.text - 1));
                if (e == 0)
                        e = end_line(out);
                if (e == 0)
                        e = buffer_add_slice(out, buffer_all(&y->plain));
        }
        y->decoded.text.size = 0;
        return e < 0 ? e : end_line(out);
}

/* What a line of the string begins with: one blank for the break before it, or a line end for each empty line. */
static int add_break(struct yaml *y) {
        int e = 0;

        if (y->joined)
                return 0;
        if (y->empty == 0)
                return buffer_add_slice(&y->decoded.text, SLICE(" "));
        for (; e == 0 && y->empty > 0; y->empty--)
                e = y->open.mark == '"' ? buffer_add_slice(&y->decoded.text, SLICE("\\n")) : end_line(&y->decoded.text);
        return e;
}

/* Does the text end in a backslash that is no escape's second? */
static bool ends_in_backslash(struct slice s) {
        size_t n = 0;

        while (n < s.n && s.s[s.n - 1 - n] == '\\')
                n++;
        return n % 2;
}

/* Keeps what the line has of the string, which goes on. */
static int keep(struct yaml *y, struct slice s) {
        y->joined = y->open.mark == '"' && ends_in_backslash(s);
        s.n -= y->joined;
        return buffer_add_slice(&y->decoded.text, s);
}

/* Takes a line of the string. *ended: it is none, and what was open only looked like one. */
static int take_further(struct yaml *y, struct slice line, struct buffer *out, bool *ended) {
        const struct slice s = slice_ltrim(line);
        size_t at;

        if (s.n == 0) {
                y->empty++;
                return 0;
        }
        *ended = indent_of(line) <= y->outer;
        if (*ended)
                return give(y, y->decoded.text.size, out);
        int e = add_break(y);
        y->empty = 0;
        if (e < 0 || (!ends_string(s, y->open.mark, &at) && y->decoded.text.size < VALUE_MAX))
                return e < 0 ? e : keep(y, s);
        const size_t end = y->decoded.text.size + MIN(at, s.n);
        e = buffer_add_slice(&y->decoded.text, s);
        return e < 0 ? e : give(y, end, out);
}

/* Gives the block's open line out. */
static int end_open(struct yaml *y, struct buffer *out) {
        const struct slice line = buffer_all(&y->decoded.text);

        if (line.n == 0)
                return 0;
        int e = buffer_add_slice(out, line);
        y->decoded.text.size = 0;
        return e < 0 ? e : end_line(out);
}

/* Takes a line of the block. *ended: it is none. */
static int take_of_block(struct yaml *y, struct slice line, struct buffer *out, bool *ended) {
        const size_t indent = indent_of(line);

        if (line.n == 0) {
                y->empty++;
                return 0;
        }
        *ended = indent <= y->outer;
        if (*ended) {
                y->block = false;
                return end_open(y, out);
        }
        y->indent = y->indent ? y->indent : indent;
        const struct slice text = slice_from(line, MIN(y->indent, indent));
        const bool deeper = is_blank(text.s[0]), goes_on = y->empty == 0 && !deeper && !y->deeper;
        int e = 0;
        if (!goes_on || y->decoded.text.size > INPUT_LINE_MAX)
                e = end_open(y, out);
        else if (y->decoded.text.size)
                e = buffer_add_slice(&y->decoded.text, SLICE(" "));
        y->empty = 0;
        y->deeper = deeper;
        return e < 0 ? e : buffer_add_slice(&y->decoded.text, text);
}

/* A line outside of what is open. */
static int take_line(struct yaml *y, struct slice line, struct buffer *out) {
        y->decoded.text.size = y->empty = 0;
        y->outer = column_of(line);
        if (is_yaml_line(line) && opens_string(line, &y->open))
                return keep(y, line);
        y->open.mark = '\0';
        y->records = y->records || (is_yaml_line(line) && has_record(line));
        y->block = is_yaml_line(line) && opens_block(line);
        y->deeper = false;
        y->indent = 0;
        int e = buffer_add_slice(out, line);
        return e < 0 ? e : end_line(out);
}

/* A line of the text. 0 or -ENOMEM. */
static int take(struct yaml *y, struct slice line, struct buffer *out) {
        bool outside = !y->block && !y->open.mark;
        int e = 0;

        line = slice_rtrim(line);
        if (y->open.mark)
                e = take_further(y, line, out, &outside);
        else if (y->block)
                e = take_of_block(y, line, out, &outside);
        return e == 0 && outside ? take_line(y, line, out) : e;
}

/* Does the text have a record a string? Its beginning tells, for what a user chose may come before. */
static int look(struct yaml *y) {
        _cleanup_(buffer_done) struct buffer none = {};
        struct yaml probe = {};
        struct slice head;
        int e = input_beginning(y->decoded.in, &head);

        while (e == 0 && head.n && !probe.records) {
                e = take(&probe, slice_token(&head, '\n'), &none);
                none.size = 0;
        }
        y->records = probe.records;
        buffer_done(&probe.plain);
        buffer_done(&probe.decoded.text);
        return e;
}

/* What is open ends with the text. */
static int end_text(struct yaml *y, struct buffer *out) {
        int e = y->block ? end_open(y, out) : y->open.mark ? give(y, y->decoded.text.size, out) : 0;

        y->block = false;
        if (y->held)
                log_warning("%s: %llu strings look like several lines of a log, where others are one line each: each "
                            "counts as one line",
                            y->decoded.in->name, (unsigned long long) y->held);
        y->held = 0;
        return e < 0 ? e : out->size > 0;
}

static int yaml_more(void *state, struct buffer *out) {
        struct yaml *y = state;
        struct slice line;
        int e = y->begun ? 0 : look(y);

        y->begun = true;
        if (e == 0)
                e = line_reader_next(&y->decoded.reader, &line);
        if (e < 0)
                return e;
        if (e == 0)
                return end_text(y, out);
        e = take(y, line, out);
        return e < 0 ? e : 1;
}

const struct decoder decoder_yaml = {
        .name = "yaml",
        .is = is_yaml,
        .size = sizeof(struct yaml),
        .done = yaml_done,
        .more = yaml_more,
};
