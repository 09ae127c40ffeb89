/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <ctype.h>

#include "base/macros.h"
#include "line/anchor.h"
#include "line/clock.h"
#include "source/decode.h"

/* A log that a mail client or a word processor filled as it fills sentences: the lines of a paragraph were joined, and
 * broken again where the width ended. A filled paragraph shows itself: the next line's first word would not have fitted
 * behind the line. It is made lines again: at each time, where lines had one, or else at the words that only a kernel
 * begins a line with, and around frames. Whose words they are nothing shows: they are a text's. */

enum { PARAGRAPH_MAX = 256 * 1024, WIDTH_MIN = 40, WIDTH_MAX = 200 };

/* A line without marks of quotations and without blanks around it. */
static struct slice bare(struct slice line) {
        line = slice_trim(line);
        while (line.n && (line.s[0] == '>' || line.s[0] == '|'))
                line = slice_ltrim(slice_from(line, 1));
        return line;
}

static size_t first_word(struct slice s) {
        const size_t n = slice_find_byte(s, ' ');
        return MIN(n, s.n);
}

/* The bytes of a frame's "+0x1/0x2" at the start; 0: there is none. */
static size_t offset_at(struct slice s) {
        struct slice rest = s;
        uint64_t v;

        if (!slice_eat(&rest, SLICE("+0x")) || !slice_eat_hex(&rest, &v) || !slice_eat(&rest, SLICE("/0x")) ||
            !slice_eat_hex(&rest, &v))
                return 0;
        return s.n - rest.n;
}

static size_t n_frames(struct slice s) {
        size_t n = 0;

        for (size_t at; (at = slice_find_byte(s, '+')) != SLICE_NPOS; s = slice_from(s, at + 1))
                n += offset_at(slice_from(s, at)) > 0;
        return n;
}

/* --- where lines began --- */

/* The bytes of a line's time there, with its priority and what is around it: the kernel's, or that of a calendar. */
static size_t stamp_at(struct slice s, bool wall) {
        struct slice rest = s;
        struct stamp ignored = {};
        uint64_t priority;

        if (slice_eat(&rest, SLICE("<")) && !(slice_eat_u64(&rest, &priority) && slice_eat(&rest, SLICE(">"))))
                return 0;
        if (!wall)
                return slice_starts(rest, SLICE("[")) && clock_kernel(&rest, &ignored) ? s.n - rest.n : 0;
        slice_eat(&rest, SLICE("["));
        return rest.n && isalnum((unsigned char) rest.s[0]) && clock_wall(&rest, &ignored) ? s.n - rest.n : 0;
}

static size_t n_stamps(struct slice s, bool wall) {
        size_t n = stamp_at(s, wall) > 0;

        for (size_t at; (at = slice_find_byte(s, ' ')) != SLICE_NPOS;) {
                s = slice_from(s, at + 1);
                const size_t size = stamp_at(s, wall);
                n += size > 0;
                s = slice_from(s, size > 1 ? size - 1 : 0);
        }
        return n;
}

/* Does a frame, and nothing else, stand at the start: "f+0x1/0x2", "? f+0x1/0x2", and "[i915]" behind it? Its bytes. */
static size_t frame_at(struct slice s) {
        struct slice rest = s;
        size_t n = 0;

        slice_eat(&rest, SLICE("? "));
        while (n < rest.n && (isalnum((unsigned char) rest.s[n]) || rest.s[n] == '_' || rest.s[n] == '.'))
                n++;
        const size_t offset = n ? offset_at(slice_from(rest, n)) : 0;
        if (!offset)
                return 0;
        rest = slice_from(rest, n + offset);
        if (slice_starts(rest, SLICE(" [")) && rest.n > 2 && isalpha((unsigned char) rest.s[2])) {
                const size_t end = slice_find_byte(rest, ']');
                rest = slice_from(rest, end == SLICE_NPOS ? 0 : end + 1);
        }
        return s.n - rest.n;
}

/* "<TASK>", "</IRQ>": alone in its line. */
static size_t context_at(struct slice s) {
        static const struct slice contexts[] = { SLICE("<TASK>"), SLICE("</TASK>"), SLICE("<IRQ>"),
                                                 SLICE("</IRQ>"), SLICE("<NMI>"),   SLICE("</NMI>") };

        for (size_t i = 0; i < ARRAY_SIZE(contexts); i++)
                if (slice_starts(s, contexts[i]))
                        return contexts[i].n;
        return 0;
}

/* Is the word before the frame one that a stack follows: "Backtrace:", "Allocated by task 1207:", "created at:"? */
static bool announces(struct slice before) {
        struct slice word = before;

        while (word.n && before.s[word.n - 1] != ' ')
                word.n--;
        word = slice_from(before, word.n);
        return slice_ends(word, SLICE(":")) && word.n > 1 &&
               (!slice_eq(word, SLICE("at:")) || slice_ends(before, SLICE("created at:")));
}

/* "==========": a word of one sign. */
static bool is_ruler(struct slice s) {
        enum { LEAST = 8 };
        const size_t n = first_word(s);

        if (n < LEAST || (*s.s != '=' && *s.s != '-' && *s.s != '_'))
                return false;
        for (size_t i = 0; i < n; i++)
                if (s.s[i] != *s.s)
                        return false;
        return true;
}

/* Does a line begin there, by its words? end: where it ends, if they tell. */
static bool begins_line(struct slice s, size_t *end) {
        static const struct slice others[] = { SLICE("Not tainted "),
                                               SLICE("Tainted: "),
                                               SLICE("\"echo 0 > /"),
                                               SLICE("task:"),
                                               SLICE("Workqueue: "),
                                               SLICE("Memory state around the buggy address:"),
                                               SLICE("Showing all locks held ") };
        struct anchor a;

        *end = 0;
        if (anchor_find(slice_head(s, 96), &a) && a.at == 0) {
                *end = a.end == SLICE_NPOS ? 0 : a.end;
                return true;
        }
        if (is_ruler(s)) {
                *end = first_word(s);
                return true;
        }
        for (size_t i = 0; i < ARRAY_SIZE(others); i++)
                if (slice_starts(s, others[i]))
                        return true;
        return false;
}

static void end_line(char *text, size_t blank) {
        if (text[blank] == ' ')
                text[blank] = '\n';
}

static void split_at_stamps(char *text, size_t n, bool wall) {
        const struct slice s = { text, n };
        size_t size = 0;

        for (size_t i = 0; i < n; i++) {
                if (i && text[i - 1] != ' ')
                        continue;
                const size_t here = stamp_at(slice_from(s, i), wall);
                if (here == 0 || (wall && size && here != size))
                        continue;
                size = size ? size : here;
                if (i)
                        end_line(text, i - 1);
                i += here > 1 ? here - 2 : 0;
        }
}

static void split_at_words(char *text, size_t n) {
        const struct slice s = { text, n };
        bool ended = true; /* the last line, by its form */

        for (size_t i = 0, end; i < n; i++) {
                const struct slice rest = slice_from(s, i);
                if (text[i] == ' ')
                        continue;
                const size_t context = context_at(rest), frame = context ? 0 : frame_at(rest);
                const bool begins = begins_line(rest, &end);

                if (i && (context || begins || ended || (frame && announces(slice_head(s, i - 1)))))
                        end_line(text, i - 1);
                if (context || (frame && (i == 0 || text[i - 1] == '\n')))
                        end = context + frame;
                ended = end > 0;
                i += ended ? end : first_word(rest);
        }
}

/* --- paragraphs --- */

/* Was each line ended where the next word would not have fitted? Some fill lines to be even, and leave a little room.
 */
static bool is_wide(struct slice raw) {
        enum { LINES = 4, ROOM = 10 };
        size_t width = 0, lines = 0, full = 0, last = 0;

        for (struct slice rest = raw; rest.n;) {
                const struct slice line = bare(slice_token(&rest, '\n'));
                if (slice_find_byte(line, ' ') != SLICE_NPOS)
                        width = MAX(width, line.n);
        }
        for (struct slice rest = raw; rest.n; lines++) {
                const struct slice line = bare(slice_token(&rest, '\n'));
                full += lines && last + 1 + first_word(line) > width - width / ROOM;
                last = line.n;
        }
        return lines >= LINES && width >= WIDTH_MIN && width <= WIDTH_MAX && full * 3 >= (lines - 1) * 2;
}

/* What tells that a text is a log's: times and frames. */
struct signs {
        size_t times, frames, dates;
        size_t begun;   /* lines that begin with a time */
        size_t columns; /* lines whose first time stands further on, where that of the line before does: a prefix */
        size_t several; /* lines with several frames: no kernel prints so */
        size_t lines;
};

/* Where the line's first time begins, behind words; 0: it has none there. */
static size_t column_of_time(struct slice line) {
        for (size_t i = 1; i < line.n; i++)
                if (line.s[i - 1] == ' ' &&
                    (stamp_at(slice_from(line, i), false) || stamp_at(slice_from(line, i), true)))
                        return i;
        return 0;
}

static struct signs signs_of(struct slice raw) {
        struct signs n = {};
        size_t column = 0;

        for (; raw.n; n.lines++) {
                const struct slice line = bare(slice_token(&raw, '\n'));
                const size_t frames = n_frames(line);
                n.frames += frames;
                n.several += frames > 1;
                n.times += n_stamps(line, false);
                n.dates += n_stamps(line, true);
                n.begun += stamp_at(line, false) || stamp_at(line, true);
                const size_t here = column_of_time(line);
                n.columns += here && here == column;
                column = here;
        }
        return n;
}

static bool is_filled(struct slice raw, const struct signs *n) {
        enum { LEAST = 3, LONG = 300, FRAMES = 4 };
        size_t ignored;

        if (n->begun * 3 > n->lines * 2 || n->columns * 2 > n->lines || n->times + n->dates + n->frames < LEAST)
                return false;
        /* Where next to all records still begin lines, only what was too long was broken. */
        if (n->times >= LEAST && n->begun * 4 > n->times * 3)
                return false;
        if (n->lines == 1)
                return n->times + n->dates == 0 && raw.n > LONG && n->frames >= FRAMES && begins_line(raw, &ignored);
        return (n->several > 0 || MAX(n->times, n->dates) >= n->begun + LEAST) && is_wide(raw);
}

/* Takes the next paragraph, with the line behind it that has nothing. */
static struct slice next_paragraph(struct slice *text) {
        const struct slice all = *text;

        while (text->n && all.n - text->n < PARAGRAPH_MAX && bare(slice_token(text, '\n')).n > 0)
                ;
        return slice_head(all, all.n - text->n);
}

static bool has_filled(struct slice head) {
        size_t in_filled = 0, in_others = 0;

        while (head.n) {
                const struct slice raw = next_paragraph(&head);
                const struct signs n = signs_of(slice_rtrim(raw));
                *(is_filled(slice_rtrim(raw), &n) ? &in_filled : &in_others) += n.times + n.frames + n.dates;
        }
        return in_filled > in_others;
}

static bool breaks_word(const struct buffer *b, struct slice next) {
        return b->size > 1 && b->data[b->size - 1] == '-' && isalnum((unsigned char) b->data[b->size - 2]) && next.n &&
               isalpha((unsigned char) next.s[0]);
}

/* The lines of a filled paragraph as one, made lines again. */
static int unfill(struct slice raw, struct buffer *out) {
        const size_t begin = out->size;
        int e = 0;

        while (e == 0 && raw.n) {
                const struct slice line = bare(slice_token(&raw, '\n'));
                if (out->size > begin && line.n && !breaks_word(out, line))
                        e = buffer_add(out, " ", 1);
                if (e == 0)
                        e = buffer_add(out, line.s, line.n);
        }
        if (e < 0)
                return e;
        enum { LEAST = 3 };
        const struct slice text = buffer_slice(out, begin, out->size - begin);
        const size_t dates = n_stamps(text, true), times = n_stamps(text, false);
        const bool wall = dates >= LEAST && dates * 4 >= times * 3; /* messages hold dates, too */
        if (wall || times >= LEAST)
                split_at_stamps(out->data + begin, out->size - begin, wall);
        else
                split_at_words(out->data + begin, out->size - begin);
        return buffer_add(out, "\n\n", 2);
}

static int filled_more(void *state, struct buffer *out) {
        struct decoded *f = state;
        struct slice line = SLICE_NULL;
        int e;

        f->text.size = 0;
        while ((e = line_reader_next(&f->reader, &line)) > 0) {
                if ((e = buffer_add(&f->text, line.s, line.n)) < 0 || (e = buffer_add(&f->text, "\n", 1)) < 0)
                        return e;
                if (bare(line).n == 0 || f->text.size > PARAGRAPH_MAX)
                        break;
        }
        if (e < 0 || f->text.size == 0)
                return e;
        struct slice raw = buffer_all(&f->text);
        const struct signs n = signs_of(slice_rtrim(raw));
        e = is_filled(slice_rtrim(raw), &n) ? unfill(slice_rtrim(raw), out) : buffer_add(out, raw.s, raw.n);
        return e < 0 ? e : 1;
}

const struct decoder decoder_filled = {
        .name = "paragraphs",
        .is = has_filled,
        .size = sizeof(struct decoded),
        .more = filled_more,
};
