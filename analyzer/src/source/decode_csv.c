/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "base/macros.h"
#include "base/table.h"
#include "line/clock.h"
#include "source/decode.h"

/* Tables as spreadsheets and databases write them (RFC 4180): a field is quoted where the divider, a quotation mark or
 * a line end stands in it, others are not, so that the same column is quoted in one line and plain in the next. Fields
 * are given without the quotation; a line end within one as syslog daemons write it. The field with the words comes
 * last, as everywhere else where something stands beside them: exports of searches have it in any column, or first.
 * What is no row of the table is given as it is, so that a mark that nothing closes takes no line with it. */

enum { ROWS_MIN = 4, ROWS_FIRST = 8, ROWS_UNQUOTED = 32, ROW_MAX = 64 * 1024, COLUMNS_MAX = 64 };

struct row {
        size_t fields, quoted, line_ends;
        size_t n; /* its bytes, with its line end; 0: a quotation is open */
};

enum row_state { ROW_WHOLE, ROW_OPEN, ROW_NONE };

/* The row at the beginning. ROW_OPEN: the text ends within it. */
static enum row_state parse_row(struct slice s, char divider, struct row *r) {
        const size_t all = s.n;

        *r = (struct row){};
        for (;; s = slice_from(s, 1)) {
                r->fields++;
                if (s.n && s.s[0] == '"') {
                        r->quoted++;
                        for (s = slice_from(s, 1);; s = slice_from(s, 1)) {
                                if (s.n < 2) {
                                        r->n = slice_starts(s, SLICE("\"")) ? all : 0;
                                        return ROW_OPEN;
                                }
                                if (s.s[0] == '"' && s.s[1] != '"')
                                        break;
                                r->line_ends += s.s[0] == '\n';
                                if (s.s[0] == '"')
                                        s = slice_from(s, 1);
                        }
                        s = slice_from(s, 1);
                } else
                        while (s.n && s.s[0] != divider && s.s[0] != '\n') {
                                if (s.s[0] == '"')
                                        return ROW_NONE;
                                s = slice_from(s, 1);
                        }
                if (slice_starts(s, SLICE("\r\n")))
                        s = slice_from(s, 1);
                r->n = all - s.n + (s.n > 0);
                if (s.n == 0)
                        return ROW_OPEN;
                if (s.s[0] == '\n')
                        return ROW_WHOLE;
                if (s.s[0] != divider)
                        return ROW_NONE;
        }
}

/* How many fields each row has; 0: it is no table. */
static size_t count_fields(struct slice head, char divider) {
        size_t fields = 0, rows = 0, quoted = 0, of_lines = 0;
        enum row_state state;
        struct row r;

        for (; head.n && (state = parse_row(head, divider, &r)) != ROW_OPEN; head = slice_from(head, r.n)) {
                if (state == ROW_NONE || r.fields < 2 || (rows > 0 && r.fields != fields))
                        return 0;
                fields = r.fields;
                rows++;
                quoted += r.quoted;
                of_lines += rows <= ROWS_FIRST && r.line_ends > 0;
        }
        /* Where the first ones hold lines, each row may be a log by itself; what users choose comes later. */
        if (rows < ROWS_MIN || of_lines > ROWS_FIRST / 2 || (!quoted && (rows < ROWS_UNQUOTED || fields < 3)))
                return 0;
        return fields;
}

static size_t see_table(struct slice head, char *divider) {
        static const char dividers[] = { ',', ';', '\t' };
        size_t fields = 0;

        for (size_t i = 0; i < sizeof(dividers) && fields == 0; i++) {
                *divider = dividers[i];
                fields = count_fields(head, *divider);
        }
        return fields;
}

static struct slice without_line_end(struct slice row) {
        while (slice_ends(row, SLICE("\n")) || slice_ends(row, SLICE("\r")))
                row.n--;
        return row;
}

/* Takes the row's next field, with its quotation, and the divider behind it. */
static struct slice take_field(struct slice *row, char divider) {
        bool within = false;
        size_t n = 0;

        for (; n < row->n && (within || row->s[n] != divider); n++)
                within ^= row->s[n] == '"';
        const struct slice field = slice_head(*row, n);
        *row = slice_from(*row, MIN(n + 1, row->n));
        return field;
}

/* Letters of words: a time's are none, nor are those of zones and units. */
static size_t letters_of(struct slice field) {
        enum { SHORTEST = 4 };
        struct stamp ignored = {};
        size_t n = 0, run = 0;

        slice_eat(&field, SLICE("\""));
        clock_any(&field, &ignored);
        for (size_t i = 0; i < field.n; i++) {
                run = (field.s[i] | 0x20) >= 'a' && (field.s[i] | 0x20) <= 'z' ? run + 1 : 0;
                n += run < SHORTEST ? 0 : run == SHORTEST ? SHORTEST : 1;
        }
        return n;
}

/* What stood in a column before, by its hash. */
enum { SEEN_BITS = 4096 };

static bool is_new(uint64_t *seen, struct slice field) {
        const uint64_t hash = hash_slice(HASH_START, field), at = (hash ^ hash >> 32) % SEEN_BITS,
                       bit = UINT64_C(1) << at % 64;
        const bool is = !(seen[at / 64] & bit);

        seen[at / 64] |= bit;
        return is;
}

/* The column with the most words, each field counted once: names of machines, levels and files are the same again and
 * again, and so may messages be, where a user had the same words printed many times. */
static size_t column_of_words(struct slice head, char divider, size_t fields) {
        uint64_t seen[COLUMNS_MAX][SEEN_BITS / 64] = {};
        size_t letters[COLUMNS_MAX] = {}, most = fields - 1;
        struct row r;

        if (fields > COLUMNS_MAX)
                return most;
        for (; head.n && parse_row(head, divider, &r) == ROW_WHOLE; head = slice_from(head, r.n)) {
                struct slice row = without_line_end(slice_head(head, r.n));
                for (size_t i = 0; i < fields; i++) {
                        const struct slice field = take_field(&row, divider);
                        letters[i] += is_new(seen[i], field) ? letters_of(field) : 0;
                }
        }
        for (size_t i = fields; i-- > 0;)
                if (letters[i] > letters[most])
                        most = i;
        return most;
}

static struct slice without_quotes(struct slice field) {
        return field.n >= 2 && field.s[0] == '"' ? slice_head(slice_from(field, 1), field.n - 2) : field;
}

/* Does one tell the other once more, as a record beside its message does? */
static bool is_again(struct slice a, struct slice b) {
        a = without_quotes(a);
        b = without_quotes(b);
        return a.n && b.n && (slice_ends(a, b) || slice_ends(b, a));
}

static struct slice field_at(struct slice row, char divider, size_t at) {
        struct slice field = take_field(&row, divider);

        while (at-- > 0)
                field = take_field(&row, divider);
        return field;
}

/* Columns that hold the message a second time in each row but that of their names: bits. */
static uint64_t copies_of(struct slice head, char divider, size_t fields, size_t message) {
        struct row r;

        if (fields > COLUMNS_MAX)
                return 0;
        uint64_t other = UINT64_C(1) << message, others = other; /* said something else once, and again */
        for (; head.n && parse_row(head, divider, &r) == ROW_WHOLE; head = slice_from(head, r.n)) {
                struct slice row = without_line_end(slice_head(head, r.n));
                const struct slice text = field_at(row, divider, message);
                uint64_t said = 0;
                for (size_t i = 0; i < fields; i++) {
                        const struct slice field = take_field(&row, divider);
                        if (without_quotes(field).n && without_quotes(text).n && !is_again(field, text))
                                said |= UINT64_C(1) << i;
                }
                others |= other & said;
                other |= said;
        }
        return ~others;
}

static bool is_csv(struct slice head) {
        char divider;

        return see_table(head, &divider) > 0;
}

struct csv {
        struct decoded decoded;
        size_t taken; /* so much of it was given */
        char divider;
        size_t fields, message; /* message: the column that is given last */
        uint64_t copies;
        bool end;
};

static int csv_begin(void *state) {
        struct csv *c = state;
        struct slice head;
        int e = input_beginning(c->decoded.in, &head);

        if (e == 0)
                c->fields = see_table(head, &c->divider);
        if (c->fields) {
                c->message = column_of_words(head, c->divider, c->fields);
                c->copies = copies_of(head, c->divider, c->fields, c->message);
        }
        return e;
}

/* More text behind what is there: 0 or -errno. */
static int read_text(struct csv *c) {
        const size_t rest = c->decoded.text.size - c->taken;

        if (rest && c->taken)
                memmove(c->decoded.text.data, c->decoded.text.data + c->taken, rest);
        c->decoded.text.size = rest;
        c->taken = 0;
        int e = buffer_reserve(&c->decoded.text, 4 * ROW_MAX);
        if (e < 0)
                return e;
        ssize_t n = input_read(c->decoded.in, c->decoded.text.data + rest, 4 * ROW_MAX);
        if (n < 0)
                return (int) n;
        c->end = n == 0;
        c->decoded.text.size += (size_t) n;
        return 0;
}

/* Text of a row without its quotations. */
static int give_text(struct buffer *out, struct slice row) {
        bool within = false;
        int e = buffer_reserve(out, row.n + 1);

        for (size_t i = 0; e == 0 && i < row.n; i++) {
                const char c = row.s[i];
                if (c == '"' && within && i + 1 < row.n && row.s[i + 1] == '"') {
                        e = buffer_add(out, "\"", 1);
                        i++;
                } else if (c == '"')
                        within = !within;
                else if (within && c == '\n')
                        e = buffer_add(out, "#012", 4);
                else if (!(within && c == '\r' && i + 1 < row.n && row.s[i + 1] == '\n'))
                        e = buffer_add(out, &c, 1);
        }
        return e;
}

static int give_row(const struct csv *c, struct buffer *out, struct slice row) {
        const struct slice whole = row;
        int e = 0;

        row = without_line_end(row);
        const struct slice message = field_at(row, c->divider, c->message);
        for (size_t i = 0; e == 0 && i < c->fields; i++) {
                const struct slice field = take_field(&row, c->divider);
                if (i == c->message || (i < COLUMNS_MAX && c->copies >> i & 1 && is_again(field, message)))
                        continue;
                e = give_text(out, field);
                if (e == 0)
                        e = buffer_add(out, &c->divider, 1);
        }
        if (e == 0)
                e = give_text(out, message);
        return e < 0 ? e : give_text(out, slice_from(whole, without_line_end(whole).n));
}

static int csv_more(void *state, struct buffer *out) {
        struct csv *c = state;
        int e = 0;

        while (e == 0 && out->size == 0) {
                struct slice rest = buffer_slice(&c->decoded.text, c->taken, c->decoded.text.size - c->taken);
                struct row r;
                enum row_state row = ROW_OPEN;

                while (e == 0 && rest.n && out->size < ROW_MAX &&
                       ((row = parse_row(slice_head(rest, ROW_MAX), c->divider, &r)) != ROW_OPEN || c->end ||
                        rest.n >= ROW_MAX)) {
                        const size_t line = MIN(slice_find_byte(rest, '\n'), rest.n - 1) + 1;
                        const bool whole = (row == ROW_WHOLE || (row == ROW_OPEN && r.n == rest.n && c->end)) &&
                                           r.fields == c->fields;
                        e = whole ? give_row(c, out, slice_head(rest, r.n)) : buffer_add(out, rest.s, line);
                        c->taken += whole ? r.n : line;
                        rest = slice_from(rest, whole ? r.n : line);
                }
                if (e == 0 && out->size == 0) {
                        if (c->end)
                                return 0;
                        e = read_text(c);
                }
        }
        return e < 0 ? e : 1;
}

const struct decoder decoder_csv = {
        .name = "CSV",
        .is = is_csv,
        .size = sizeof(struct csv),
        .begin = csv_begin,
        .more = csv_more,
};
