/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "base/macros.h"
#include "source/decode.h"

/* Tables as spreadsheets and databases write them (RFC 4180): a field is quoted where the divider, a quotation mark or
 * a line end stands in it, others are not, so that the same column is quoted in one line and plain in the next. Fields
 * are given without the quotation; a line end within one as syslog daemons write it. What is no row of the table is
 * given as it is, so that a mark that nothing closes takes no line with it. */

enum { ROWS_MIN = 4, ROWS_FIRST = 8, ROWS_UNQUOTED = 32, ROW_MAX = 64 * 1024 };

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

static bool is_csv(struct slice head) {
        char divider;

        return see_table(head, &divider) > 0;
}

struct csv {
        struct decoded decoded;
        size_t taken; /* so much of it was given */
        char divider;
        size_t fields;
        bool end;
};

static int csv_begin(void *state) {
        struct csv *c = state;
        struct slice head;
        int e = input_beginning(c->decoded.in, &head);

        if (e == 0)
                c->fields = see_table(head, &c->divider);
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

/* A row without its quotations. */
static int give_row(struct buffer *out, struct slice row) {
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
                        e = whole ? give_row(out, slice_head(rest, r.n)) : buffer_add(out, rest.s, line);
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
