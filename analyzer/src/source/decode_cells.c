/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "base/macros.h"
#include "source/decode.h"

/* Entries whose fields stand in lines of their own, as they are copied out of the rows of a viewer (Cockpit, GNOME
 * Logs, a page's table): the message, who wrote it, when, and what else there is; in any order, alike from entry to
 * entry. Each is given in
 * one line, "TIME WHO: MESSAGE". A message may have several lines. */

enum {
        CELLS_MAX = 6,
        NAME_MAX_BYTES = 32,
        TIME_MAX_BYTES = 40,
        LINES = 72,  /* that are looked at; */
        AHEAD = 6,   /* so many of them may stand before the first entry */
        ENOUGH = 10, /* entries, to be sure */
};

enum cell { CELL_MESSAGE, CELL_NAME, CELL_TIME, CELL_NUMBER, CELL_EMPTY };

/* An entry from its first cell on. */
struct row {
        enum cell cells[CELLS_MAX];
        size_t n, message;
        size_t who;        /* the name that says who wrote it; of several: "kernel", or the last */
        bool timed;        /* whoever wrote it */
        struct slice name; /* else who wrote all of them */
};

static bool is_word_byte(char c) {
        return is_letter(c) || is_digit(c) || c == '_' || c == '-' || c == '.' || c == '@';
}

static bool is_name(struct slice s) {
        for (size_t i = 0; i < s.n; i++)
                if (!is_word_byte(s.s[i]))
                        return false;
        return s.n > 0 && s.n <= NAME_MAX_BYTES && is_letter(s.s[0]);
}

/* A letter, or a byte of one that is not ASCII: months have names in all languages. */
static bool is_letter_byte(char c) {
        return is_letter(c) || (unsigned char) c >= 0x80;
}

static bool is_digit_at(struct slice s, size_t i) {
        return i < s.n && is_digit(s.s[i]);
}

/* "02:20 PM", "14:20:11", "Mar 09 14:20:11.123", "2026-03-09 14:20", "Mar 9", "6": digits and marks, and words of a
 * month, a day, a zone. clock: has it an hour and a minute? */
static bool is_number(struct slice s, bool *clock) {
        enum { LETTERS = 20, WORDS = 2, WORDS_OF_CLOCK = 4 };
        size_t letters = 0, words = 0, digits = 0;

        *clock = false;
        for (size_t i = 0; i < s.n; i++) {
                digits += is_digit(s.s[i]);
                letters = is_letter_byte(s.s[i]) ? letters + 1 : 0;
                words += letters == 1;
                if (letters > LETTERS || !(is_letter_byte(s.s[i]) || is_digit(s.s[i]) || strchr(" :.,/-+", s.s[i])))
                        return false;
                if (s.s[i] == ':' && !(i > 0 && is_digit_at(s, i - 1) && is_digit_at(s, i + 1)))
                        return false;
                *clock = *clock || s.s[i] == ':';
        }
        return digits > 0 && s.n <= TIME_MAX_BYTES && words <= (*clock ? WORDS_OF_CLOCK : WORDS);
}

static bool is_time(struct slice s) {
        bool clock;
        return is_number(s, &clock) && clock;
}

static bool is_cell(const struct row *row, size_t i, struct slice line) {
        bool clock;

        switch (row->cells[i]) {
        case CELL_NAME:
                return i == row->who && row->name.n ? slice_eq(line, row->name) : is_name(line);
        case CELL_TIME:
                return is_time(line);
        case CELL_NUMBER:
                return is_number(line, &clock);
        case CELL_EMPTY:
                return line.n == 0;
        default:
                return true;
        }
}

/* What the lines of one column are, n of them, a row apart. name: the one that all have. */
static enum cell column(const struct slice *lines, size_t n, size_t apart, struct slice *name) {
        size_t names = 0, same = 0, times = 0, numbers = 0, empty = 0;
        bool clock;

        for (size_t i = 0; i < n; i++) {
                const struct slice line = lines[i * apart];
                names += is_name(line);
                same += slice_eq(line, lines[0]);
                numbers += is_number(line, &clock);
                times += is_time(line);
                empty += line.n == 0;
        }
        *name = names == n && same == n ? lines[0] : SLICE_NULL;
        return times == n   ? CELL_TIME :
               names == n   ? CELL_NAME :
               numbers == n ? CELL_NUMBER :
               empty == n   ? CELL_EMPTY :
                              CELL_MESSAGE;
}

/* Rows of row->n cells, one of which is a message, from that line on: n of them. */
static bool is_row(const struct slice *lines, size_t n, struct row *row) {
        size_t messages = 0;

        *row = (struct row){ .n = row->n, .who = CELLS_MAX };
        for (size_t i = 0; i < row->n; i++) {
                struct slice name;
                row->cells[i] = column(lines + i, n, row->n, &name);
                messages += row->cells[i] == CELL_MESSAGE;
                row->timed = row->timed || row->cells[i] == CELL_TIME;
                row->message = row->cells[i] == CELL_MESSAGE ? i : row->message;
                if (row->cells[i] == CELL_NAME && !slice_eq(row->name, SLICE("kernel"))) {
                        row->who = i;
                        row->name = name;
                }
        }
        return messages == 1 && (row->timed || row->name.n > 0);
}

/* How the text's entries are made; n: lines before the first. */
static bool find_row(struct slice head, struct row *row, size_t *n_before) {
        struct slice lines[LINES];
        size_t n = 0;

        while (head.n && n < LINES)
                lines[n++] = slice_rtrim(slice_token(&head, '\n'));
        for (*n_before = 0; *n_before < AHEAD; ++*n_before)
                for (row->n = 2; row->n <= CELLS_MAX; row->n++)
                        if (*n_before + row->n * ENOUGH <= n && is_row(lines + *n_before, ENOUGH, row))
                                return true;
        return false;
}

static bool is_cells(struct slice head) {
        struct row row;
        size_t before;

        return find_row(head, &row, &before);
}

struct cells {
        struct decoded decoded; /* its text: the lines of the message that is open */
        struct row row;
        struct buffer all_name;         /* row.name's bytes */
        struct buffer name, time;       /* of the entry that is open */
        struct buffer lines[CELLS_MAX]; /* the last ones: a message's, or cells between two of them */
        size_t n_lines;
        size_t ahead; /* lines that stand before the first entry's message */
        bool begun, ended;
};

static void done(void *state) {
        struct cells *c = state;

        buffer_done(&c->all_name);
        buffer_done(&c->name);
        buffer_done(&c->time);
        for (size_t i = 0; i < CELLS_MAX; i++)
                buffer_done(&c->lines[i]);
}

static int keep(struct buffer *b, struct slice s) {
        b->size = 0;
        return buffer_add(b, s.s, s.n);
}

static int begin(struct cells *c) {
        struct slice head;
        size_t before;
        int e = input_beginning(c->decoded.in, &head);

        c->begun = true;
        if (e < 0 || !find_row(head, &c->row, &before))
                return e;
        c->ahead = before + c->row.message;
        /* Behind the first entries others may have written some. */
        e = c->row.timed ? 0 : keep(&c->all_name, c->row.name);
        c->row.name = buffer_all(&c->all_name);
        return e;
}

/* A cell of the entry that is open. */
static int take_cell(struct cells *c, size_t i, struct slice line) {
        return c->row.cells[i] == CELL_TIME ? keep(&c->time, line) : i == c->row.who ? keep(&c->name, line) : 0;
}

/* Which cell stands so many lines behind a message. */
static size_t cell_behind(const struct row *row, size_t lines) {
        return (row->message + 1 + lines) % row->n;
}

/* Are the last lines those between two messages? Of the last entry only the first of them may be there. */
static bool are_between(const struct cells *c) {
        for (size_t i = 0; i < c->n_lines; i++)
                if (!is_cell(&c->row, cell_behind(&c->row, i), buffer_all(&c->lines[i])))
                        return false;
        return true;
}

/* A time of a minute says nothing that is not said by the order. */
static bool has_seconds(struct slice time) {
        const size_t first = slice_find_byte(time, ':');

        return first != SLICE_NPOS && slice_find_byte(slice_from(time, first + 1), ':') != SLICE_NPOS;
}

/* The entry that is open. What its message has behind its first line is the message's. */
static int give(struct cells *c, struct buffer *out) {
        const struct slice time = buffer_all(&c->time), name = buffer_all(&c->name);
        int e = 0;

        if (has_seconds(time) && (e = buffer_add_slice(out, time)) == 0)
                e = buffer_add_slice(out, SLICE(" "));
        if (e == 0 && name.n && (e = buffer_add_slice(out, name)) == 0)
                e = buffer_add_slice(out, SLICE(": "));
        if (e == 0)
                e = buffer_add_slice(out, buffer_all(&c->decoded.text));
        if (e == 0 && c->decoded.text.size == 0)
                e = buffer_add_slice(out, SLICE("\n"));
        c->decoded.text.size = c->name.size = c->time.size = 0;
        return e;
}

/* Takes the lines that wait as what stands between two messages. */
static int take_between(struct cells *c, struct buffer *out) {
        const size_t behind = c->row.n - 1 - c->row.message;
        int e = 0;

        for (size_t i = 0; e == 0 && i < MIN(behind, c->n_lines); i++)
                e = take_cell(c, cell_behind(&c->row, i), buffer_all(&c->lines[i]));
        if (e == 0)
                e = give(c, out);
        for (size_t i = behind; e == 0 && i < c->n_lines; i++)
                e = take_cell(c, cell_behind(&c->row, i), buffer_all(&c->lines[i]));
        c->n_lines = 0;
        return e;
}

/* The first of the lines that wait is the message's. */
static int take_message(struct cells *c) {
        const struct buffer first = c->lines[0];
        int e = buffer_add_slice(&c->decoded.text, buffer_all(&first));

        if (e == 0)
                e = buffer_add_slice(&c->decoded.text, SLICE("\n"));
        c->n_lines--;
        memmove(c->lines, c->lines + 1, c->n_lines * sizeof(first));
        c->lines[c->n_lines] = first;
        return e;
}

/* Before the first message: what is no cell is no entry's. */
static int take_ahead(struct cells *c, struct slice line, struct buffer *out) {
        if (c->ahead-- <= c->row.message)
                return take_cell(c, c->row.message - c->ahead - 1, line);
        int e = buffer_add_slice(out, line);
        return e < 0 ? e : buffer_add_slice(out, SLICE("\n"));
}

static int take_line(struct cells *c, struct slice line, struct buffer *out) {
        int e = c->ahead ? 0 : keep(&c->lines[c->n_lines++], line);

        if (c->ahead)
                return take_ahead(c, line, out);
        if (e < 0 || c->n_lines < c->row.n - 1)
                return e;
        /* A message has one line at least. */
        return c->decoded.text.size && are_between(c) ? take_between(c, out) : take_message(c);
}

static int end_text(struct cells *c, struct buffer *out) {
        int e = 0;

        c->ended = true;
        while (e == 0 && c->n_lines && !are_between(c))
                e = take_message(c);
        return e == 0 && (c->decoded.text.size || c->n_lines) ? take_between(c, out) : e;
}

static int more(void *state, struct buffer *out) {
        struct cells *c = state;
        struct slice line;
        int e = c->begun ? 0 : begin(c);

        while (e >= 0 && out->size == 0 && !c->ended) {
                e = line_reader_next(&c->decoded.reader, &line);
                if (e >= 0)
                        e = e == 0 ? end_text(c, out) : take_line(c, slice_rtrim(line), out);
        }
        return e < 0 ? e : out->size > 0;
}

const struct decoder decoder_cells = {
        .name = "fields in lines",
        .is = is_cells,
        .size = sizeof(struct cells),
        .done = done,
        .more = more,
};
