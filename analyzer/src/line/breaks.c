/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "line/breaks.h"

#include "base/macros.h"
#include "line/frame.h"
#include "line/further.h"

/* What mails have before a quotation. */
static bool is_mark(char c) {
        return c == '>' || c == ' ' || c == '|' || c == '\0';
}

struct slice breaks_marks(struct slice line) {
        size_t n = 0;

        for (size_t i = 0; i < line.n && is_mark(line.s[i]); i++)
                if (line.s[i] != ' ')
                        n = i + 1;
        return slice_head(line, n && n < line.n && line.s[n] == ' ' ? n + 1 : n);
}

/* Are these marks the first of those, whatever blanks are between them? */
static bool are_first_of(struct slice marks, struct slice all) {
        for (;;) {
                marks = slice_ltrim(marks);
                all = slice_ltrim(all);
                if (marks.n == 0)
                        return true;
                if (all.n == 0 || *all.s != *marks.s)
                        return false;
                marks = slice_from(marks, 1);
                all = slice_from(all, 1);
        }
}

/* Where the rest of the line begins in next, behind the marks of both. Who quotes a line and has it broken leaves the
 * rest without his mark; where he is quoted himself, it has fewer than the line. */
static size_t rest_at(struct slice line, struct slice next) {
        const struct slice marks = breaks_marks(line), fewer = breaks_marks(next);

        if (slice_eq(next, slice_rtrim(marks)))
                return next.n;
        return slice_starts(next, marks) ? marks.n : are_first_of(fewer, marks) ? fewer.n : 0;
}

/* The widths at which a line can have been broken before the first word of the next: from its own on, up to the one
 * that the word would have fitted into. */
struct span {
        size_t from, to;
};

static struct span widths(struct slice line, struct slice next, bool marked) {
        const size_t marks = marked ? 0 : breaks_marks(line).n;
        size_t word = MIN(slice_find_byte(next, ' '), next.n);

        /* Of several blanks programs for mails hold all but the last to be of the word. */
        while (word + 1 < next.n && next.s[word] == ' ' && next.s[word + 1] == ' ')
                word++;
        return (struct span){ line.n - marks, line.n - marks + word };
}

/* Is the line wider than that, though it has a blank before at which it could have been broken? */
static bool is_too_wide(struct slice line, size_t width, bool marked) {
        const size_t marks = marked ? 0 : breaks_marks(line).n;

        if (line.n <= marks + width)
                return false;
        line = slice_from(slice_head(line, marks + width + 1), marks);
        while (line.n && line.s[line.n - 1] != ' ')
                line.n--;
        return slice_trim(line).n > 0;
}

enum { NARROWEST = 50, WIDEST = 240, LEAST = 2, MANY = 6 };

struct pairs {
        size_t at[BREAKS_LINES]; /* lines that such begin at */
        struct span spans[BREAKS_LINES];
        size_t n;
        const struct slice *lines;
        enum breaks_begins begins[BREAKS_LINES]; /* each of them */
        size_t n_lines;
        bool marked;
};

/* The line behind the marks that the one before has, too. */
static struct slice rest_of(const struct pairs *p, size_t i) {
        return slice_from(p->lines[i], rest_at(p->lines[i - 1], p->lines[i]));
}

static void find_pairs(struct pairs *p) {
        for (size_t i = 0; i + 1 < p->n_lines; i++) {
                if (p->begins[i] != BEGINS || p->begins[i + 1] != BEGINS_NOT)
                        continue;
                const struct slice rest = rest_of(p, i + 1);
                /* What is quoted once more is another text. */
                if (rest.n > 0 && breaks_marks(rest).n == 0 && further_of(p->lines[i + 1], p->lines[i]) == 0)
                        p->at[p->n++] = i;
        }
}

/* By what is marked, or not. */
static void measure(struct pairs *p, bool marked) {
        p->marked = marked;
        for (size_t i = 0; i < p->n; i++)
                p->spans[i] = widths(p->lines[p->at[i]], rest_of(p, p->at[i] + 1), marked);
}

static size_t n_within(const struct pairs *p, size_t width) {
        size_t n = 0;

        for (size_t i = 0; i < p->n; i++)
                n += p->spans[i].from <= width && width <= p->spans[i].to;
        return n;
}

/* Lines with a prefix among those that show by their length that nobody broke them there. */
static size_t n_too_wide(const struct pairs *p, size_t width) {
        size_t n = 0;

        for (size_t i = p->at[0]; i <= p->at[p->n - 1]; i++)
                n += p->begins[i] == BEGINS && is_too_wide(p->lines[i], width, p->marked);
        return n;
}

/* The width at which most pairs can have been broken. Returns their number, 0 where that says nothing. */
static size_t find_width(const struct pairs *p, struct breaks *ret) {
        size_t best = 0, whole = 0, trimmed = 0;

        for (size_t width = NARROWEST; width <= WIDEST; width++) {
                const size_t n = n_within(p, width);
                if (n > best)
                        *ret = (struct breaks){ .width = width, .marked = p->marked };
                if (n >= best && n > 0)
                        ret->widest = n > best || ret->widest + 1 == width ? width : ret->widest;
                best = MAX(best, n);
        }
        /* Programs on a console leave lines without a prefix too, but those begin at no width. */
        if (best < LEAST || (best < MANY ? best * 4 < p->n * 3 : best * 2 < p->n) ||
            n_too_wide(p, ret->widest) * 4 > best)
                return 0;
        for (size_t i = 0; i < p->n; i++) {
                whole += p->spans[i].from == ret->width;
                trimmed += p->spans[i].from + 1 == ret->width;
        }
        /* A line that was broken behind a blank lost it, as all do that a screen pads. */
        ret->within_words = whole > p->n * 2 / 3 ||
                            (p->n >= MANY && whole * 2 >= p->n && (whole + trimmed) * 10 >= p->n * 9);
        return best;
}

void breaks_learn(struct breaks *b, const struct slice *lines, size_t n, breaks_begins_t begins, const void *userdata) {
        struct pairs p = { .lines = lines, .n_lines = MIN(n, (size_t) BREAKS_LINES) };
        struct breaks found;
        size_t most = 0;

        for (size_t i = 0; i < p.n_lines; i++)
                p.begins[i] = begins(userdata, lines[i]);
        find_pairs(&p);
        /* It was broken as it stands, or before it was quoted. */
        for (int marked = 1; marked >= 0; marked--) {
                measure(&p, marked);
                const size_t k = find_width(&p, &found);
                if (k > most)
                        *b = found;
                most = MAX(most, k);
        }
}

bool breaks_between(const struct breaks *b, struct slice line, struct slice next, bool *blank, size_t *ret_at) {
        if (b->width == 0)
                return false;
        *ret_at = rest_at(line, next);
        if (next.n <= *ret_at || further_of(next, line) > 0)
                return false;
        const struct span s = widths(line, slice_from(next, *ret_at), b->marked);
        *blank = !b->within_words || s.from + 1 == b->width;
        return s.from <= b->widest && s.to >= b->width && (!b->within_words || s.from + 1 >= b->width);
}

/* "- CPU#3" */
static bool ends_in_processor(struct slice line) {
        while (line.n && is_digit(line.s[line.n - 1]))
                line.n--;
        return slice_ends(line, SLICE(" - CPU#"));
}

/* "WARNING: CPU: 1 PID: 2 at mm/slub.c:1344", behind which the function stands. */
static bool ends_in_place(struct slice line) {
        const size_t digits = line.n;

        while (line.n && is_digit(line.s[line.n - 1]))
                line.n--;
        return line.n < digits && slice_ends(line, SLICE(":")) && slice_has(line, SLICE(" PID: ")) &&
               slice_has(line, SLICE(" at "));
}

/* "Tainted: G        W": many blanks were there, and the kernel's version or more flags follow. */
static bool ends_in_taint(struct slice line) {
        while (line.n && ((line.s[line.n - 1] >= 'A' && line.s[line.n - 1] <= 'Z') || line.s[line.n - 1] == ' '))
                line.n--;
        return slice_ends(line, SLICE("ainted:"));
}

/* "[<c0997704>] (memcmp) from [<c0c33694>]", behind which "(caller+0x94/0x58c)" stands; broken before "from" likewise.
 */
static bool is_half_of_frame(struct slice line, struct slice next) {
        next = slice_ltrim(slice_from(next, breaks_marks(next).n));
        if (slice_ends(line, SLICE(")")))
                return slice_starts(next, SLICE("from [<")) && slice_has(line, SLICE("[<"));
        while (line.n && line.s[line.n - 1] != ' ')
                line.n--;
        return slice_ends(line, SLICE(") from ")) && slice_starts(next, SLICE("("));
}

/* ":12", ":12)", ":12 [inline]": few lines end so. */
static bool ends_in_number_of_line(struct slice s) {
        s = slice_rtrim(s);
        if (slice_ends(s, SLICE(" [inline]")))
                s = slice_rtrim(slice_head(s, s.n - strlen(" [inline]")));
        if (slice_ends(s, SLICE(")")))
                s.n--;
        const size_t n = s.n;
        while (s.n && is_digit(s.s[s.n - 1]))
                s.n--;
        return s.n < n && slice_ends(s, SLICE(":"));
}

/* "net/core/acme.c:12 [inline]", "(net/core/acme.c:12)" and nothing else: where the function is that stands before it.
 */
static bool is_place_alone(struct slice next) {
        static const struct slice marks[] = { SLICE(".c:"), SLICE(".h:"), SLICE(".S:"), SLICE(".rs:") };
        struct slice s = slice_trim(slice_from(next, breaks_marks(next).n));
        uint64_t ignored;

        if (slice_ends(s, SLICE(" [inline]")))
                s = slice_rtrim(slice_head(s, s.n - strlen(" [inline]")));
        if (slice_starts(s, SLICE("(")) && slice_ends(s, SLICE(")")))
                s = slice_head(slice_from(s, 1), s.n - 2);
        if (s.n == 0 || !is_digit(s.s[s.n - 1]) || slice_find_byte(s, ' ') != SLICE_NPOS)
                return false;
        for (size_t i = 0; i < ARRAY_SIZE(marks); i++) {
                const size_t at = slice_find(s, marks[i]);
                struct slice number = slice_from(s, at == SLICE_NPOS ? s.n : at + marks[i].n);
                if (at > 0 && slice_eat_u64(&number, &ignored))
                        return number.n == 0;
        }
        return false;
}

/* Is the last word a function's name, with or without where in it? */
static bool ends_in_function(struct slice line) {
        size_t at = line.n;
        struct frame_view ignored;

        /* "RIP: 0010:f+0x1/0x2" */
        while (at > 0 && line.s[at - 1] != ' ' && line.s[at - 1] != ':')
                at--;
        return frame_parse_name(slice_from(line, at), &ignored) || frame_parse(slice_from(line, at), &ignored);
}

/* "CPU: 1 UID: 0 PID: 2" and "in_atomic(): 1, ..., pid: 2,", behind which stands who that is. */
static bool next_tells_task(struct slice line, struct slice next) {
        next = slice_ltrim(slice_from(next, breaks_marks(next).n));
        if (slice_starts(next, SLICE("name: ")))
                return slice_ends(line, SLICE(",")) && slice_has(line, SLICE(" pid: "));
        return (slice_starts(next, SLICE("Comm: ")) || slice_starts(next, SLICE("PID: ")) ||
                slice_starts(next, SLICE("UID: "))) &&
               is_digit(line.s[line.n - 1]) && slice_has(line, SLICE("CPU: "));
}

static bool ends_in_any(struct slice line, const struct slice *words, size_t n) {
        for (size_t i = 0; i < n; i++)
                if (slice_ends(line, words[i]))
                        return true;
        return false;
}

/* "irq 9: nobody cared (try booting with the" */
static bool ends_in_brackets(struct slice line) {
        int open = 0;

        for (size_t i = 0; i < line.n; i++)
                open += (line.s[i] == '(') - (line.s[i] == ')');
        return open > 0;
}

bool breaks_unfinished(struct slice line, struct slice next, bool headline) {
        static const struct slice of_headlines[] = {
                SLICE(" at"),        SLICE(" PID:"),       SLICE(" /"),       SLICE(" in"),      SLICE(" in:"),
                SLICE(" by"),        SLICE(" for"),        SLICE(" than"),    SLICE(" from"),    SLICE(" on"),
                SLICE(" context"),   SLICE(" stuck"),      SLICE(" of"),      SLICE(" order:"),  SLICE(" kernel"),
                SLICE(" blocked"),   SLICE(" to"),         SLICE(" lock"),    SLICE(" user"),    SLICE(" be"),
                SLICE("-detected"),  SLICE(" stall"),      SLICE(" (size"),   SLICE(" pointer"), SLICE(" order"),
                SLICE(" Right"),     SLICE(" Left"),       SLICE(" an"),      SLICE(" been"),    SLICE(" SLUB object"),
                SLICE(" inversion"), SLICE(" dependency"), SLICE(" locking"), SLICE(" ->"),      SLICE(" Poison"),
                SLICE(" Object"),    SLICE(","),
        };
        static const struct slice of_any[] = { SLICE("RIP:"), SLICE("RIP: 0010:"), SLICE(" Comm:"), SLICE(" PID:"),
                                               SLICE(" pid:") };

        line = slice_rtrim(line);
        /* Every line of a report is asked, and few end so. */
        const char last = line.n ? line.s[line.n - 1] : '\0';
        if ((last == ':' || (last >= 'A' && last <= 'Z')) &&
            (ends_in_any(line, of_any, ARRAY_SIZE(of_any)) || ends_in_taint(line)))
                return true;
        if ((last == ']' && slice_ends(line, SLICE(">]"))) || (last == ')' && slice_has(next, SLICE("from [<"))))
                return is_half_of_frame(line, next);
        if ((ends_in_number_of_line(next) && is_place_alone(next) && ends_in_function(line)) ||
            ((last == ',' || is_digit(last)) && next_tells_task(line, next)))
                return true;
        return headline && (ends_in_any(line, of_headlines, ARRAY_SIZE(of_headlines)) || ends_in_processor(line) ||
                            (slice_find_byte(next, ')') != SLICE_NPOS && ends_in_brackets(line)) ||
                            (ends_in_place(line) && slice_has(next, SLICE("+0x"))));
}
