/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/log.h"
#include "base/macros.h"
#include "kind/kind.h"
#include "line/escapes.h"
#include "line/layout.h"
#include "line/own_words.h"
#include "scan/carry.h"
#include "source/bare_stacks.h"
#include "source/doubled.h"
#include "source/hosts.h"
#include "source/line_ends.h"
#include "source/source.h"
#include "source/text_ahead.h"
#include "source/text_shown.h"
#include "source/undo.h"

/* A block is large enough to make read() cheap, small enough to stay in the second-level cache. */
enum { READ_SIZE = TEXT_BLOCK, LINE_LIMIT = 64 * 1024 };
/* What was taken and stays in the buffer a while: the lines before one show how it is made, too. */
enum { LOOK_BACK = 4096 };
/* What stays of it: not whole pages, for then what is read next would mostly come to lie a few bytes behind where a
 * page begins, and to there some processors copy four times more slowly (see text_ahead.c). */
enum { KEPT = LOOK_BACK + 2048 };

struct text {
        struct scan *scan;
        uint32_t source, boot;
        bool listed; /* nobody named it */
        uint64_t lines, cut;
        bool in_long_line; /* the rest of a line that was cut is skipped */
        struct layout *layout;
        struct buffer joined;    /* a line that was broken into several */
        struct buffer named;     /* one that the line ends in a task's name made several */
        struct buffer completed; /* a headline with the prefix that it lost */
        size_t taken;            /* bytes at the buffer's beginning that were taken already */
        size_t clean;            /* bytes at the buffer's beginning that hold no escape sequences any more */
        struct undo undo;
        struct line_ends ends;
        struct trigger_lines
                found; /* the lines with words, in what of the buffer was not taken when they were sought */
        size_t next;   /* of them */
        const struct trigger_lines *block; /* those of a block that was searched ahead; NULL */
        size_t block_at;                   /* where it begins in the buffer */
        uint64_t lines_before;             /* lines before the first byte of that */
        uint64_t looked_at;                /* bytes of the source before the window that the layout learned from last */
        unsigned looks, looks_at_breaks;
        struct hosts hosts; /* whose lines these are */
        bool doubled;       /* each line comes twice */
        uint64_t last_key;  /* of the last line, where its double may follow; 0 */
        struct bare_stacks stacks;
};

static void text_done(struct text *t) {
        layout_free(t->layout);
        hosts_done(&t->hosts);
        buffer_done(&t->joined);
        buffer_done(&t->named);
        buffer_done(&t->completed);
        free(t->found.items);
}

/* What stands before `to` ends at `end` now. Returns where. */
static size_t close_gap(struct buffer *b, size_t to, char *end) {
        memmove(end, b->data + to, b->size - to);
        b->size -= (size_t) (b->data + to - end);
        return (size_t) (end - b->data);
}

/* Colours within words would hide them: they go before anyone looks. to: where the whole lines end. */
static void clean(struct text *t, struct buffer *b, size_t to) {
        if (to <= t->clean)
                return;
        if (undo_is_needed(&t->undo))
                to = close_gap(b, to, undo_changes(&t->undo, b->data + t->clean, b->data + to));
        struct slice fresh = buffer_slice(b, t->clean, to - t->clean);
        if (t->undo.written_escapes ? escapes_in(fresh) : memchr(fresh.s, '\033', fresh.n) != NULL)
                to = close_gap(b, to, undo_escapes(b->data + t->clean, b->data + to));
        t->clean = to;
}

/* Is the text changed as it comes, escape sequences apart? */
static bool is_altered(const struct text *t) {
        return t->undo.written_escapes || undo_is_needed(&t->undo) || line_ends_others(&t->ends);
}

/* What was found in the block that begins there, in the buffer, becomes what is found in the lines that were not taken
 * yet, up to `to`. A line that began before the block is searched here. 1, 0 where that does not serve, -ENOMEM. */
static int use_found(struct text *t, const struct buffer *b, size_t to, const struct trigger_lines *lines, size_t at) {
        const char *newline = to > at ? memchr(b->data + at, '\n', to - at) : NULL;

        if (!newline || lines->escapes)
                return 0;
        const size_t from = (size_t) (newline + 1 - b->data);
        int e = trigger_find_lines(scan_triggers(t->scan), buffer_slice(b, t->taken, from - t->taken), &t->found);
        if (e < 0 || t->found.escapes)
                return e;
        const size_t before = t->found.newlines - 1;
        for (size_t i = 0; e == 0 && i < lines->n; i++) {
                const struct trigger_line *l = &lines->items[i];
                if (at + l->at >= from && at + l->at < to)
                        e = trigger_lines_add(&t->found, at + l->at - t->taken, before + l->newlines);
        }
        t->found.newlines = before + lines->newlines;
        return e < 0 ? e : 1;
}

/* Cleans the lines that came, up to there, and finds the words in those that were not taken yet. The same look at the
 * bytes says whether there is something to clean. */
static int find(struct text *t, struct buffer *b, size_t to) {
        const struct trigger_set *words = scan_triggers(t->scan);
        const bool altered = is_altered(t);
        int e = t->block && !altered ? use_found(t, b, to, t->block, t->block_at) : 0;

        if (e == 0 && !altered)
                e = trigger_find_lines(words, buffer_slice(b, t->taken, to - t->taken), &t->found);
        if (e >= 0 && (altered || t->found.escapes)) {
                clean(t, b, to);
                e = trigger_find_lines(words, buffer_slice(b, t->taken, t->clean - t->taken), &t->found);
        } else
                t->clean = to;
        t->next = 0;
        t->lines_before = t->lines;
        return MIN(e, 0);
}

/* Bytes of the source before the end of what was read. */
static uint64_t bytes_before(const struct text *t, const char *p, const char *end) {
        return scan_source(t->scan, t->source)->bytes - (uint64_t) (end - p);
}

/* The window in which that line stands, with what is before it. */
static struct slice window_of(const char *begin, const char *line, const char *end) {
        const char *from = line - begin > LOOK_BACK ? line - LOOK_BACK : begin,
                   *whole = memchr(from, '\n', (size_t) (line - from));

        if (from > begin && whole)
                from = whole + 1;
        return (struct slice){ from, (size_t) (end - from) };
}

/* Is there something new to learn at this line? What it costs is bounded by the source's length: a look at a window
 * takes as many bytes since the last. */
static bool may_learn(const struct text *t, const char *line, const char *newline, const char *end) {
        enum { FREE_LOOKS = 32, MANY_LOOKS = 512 };

        if (!layout_doubts(t->layout, slice_rtrim((struct slice){ line, (size_t) (newline - line) })))
                return false;
        return t->looks < FREE_LOOKS ||
               bytes_before(t, line, end) >=
                       t->looked_at + (t->looks < MANY_LOOKS ? LAYOUT_WINDOW / 3 : LAYOUT_WINDOW * 2);
}

/* The same for where lines are broken. */
static bool may_learn_breaks(const struct text *t, const char *line, const char *newline, const char *end) {
        enum { LOOKS = 16 };
        struct slice rest = { newline + 1, (size_t) (end - newline - 1) };

        return t->looks_at_breaks < LOOKS && rest.n &&
               layout_may_break(t->layout, slice_rtrim((struct slice){ line, (size_t) (newline - line) }),
                                slice_rtrim(slice_token(&rest, '\n')));
}

/* Lets the layout learn from this line on if it says something new. 1: more must be read first. */
static int learn(struct text *t, const char *begin, const char *line, const char *newline, const char *end, bool eof) {
        const bool lines = may_learn(t, line, newline, end), breaks = may_learn_breaks(t, line, newline, end);
        int e = 0;

        if (!lines && !breaks)
                return 0;
        if (!eof && end - line < LAYOUT_WINDOW)
                return 1;
        if (lines) {
                t->looks++;
                t->looked_at = bytes_before(t, line, end);
                t->doubled = doubled_lines(window_of(begin, line, end));
                e = layout_learn(t->layout, window_of(begin, line, end));
        }
        if (breaks) {
                t->looks_at_breaks++;
                e = e < 0 ? e : layout_learn_breaks(t->layout, window_of(begin, line, end));
        }
        return e;
}

/* Goes over to the boot of the machine that the line names. */
static int go_to_host(struct text *t, struct slice name, struct slice line) {
        bool new_one;
        int e = hosts_switch(&t->hosts, name, t->boot, &new_one);

        if (e == 0 && !new_one)
                t->boot = t->hosts.items[t->hosts.now].boot;
        if (e == 0 && new_one)
                e = scan_text_boot(t->scan, t->source, line, &t->boot);
        struct boot *b = scan_boot(t->scan, t->boot);
        return e == 0 && !b->host && !(b->host = arena_dup(&b->arena, name)) ? -ENOMEM : e;
}

/* The boot is the machine's of that name. It may have had another while it booted: the last counts. A line that begins
 * a boot is of the next. */
static int name_boot(struct text *t, struct slice name, struct slice line) {
        struct boot *b = scan_boot(t->scan, t->boot);

        if (!t->hosts.named || (b->host && slice_eq(slice_of(b->host), name)) ||
            slice_has(line, SLICE("Linux version ")))
                return 0;
        b->host = arena_dup(&b->arena, name);
        return b->host ? 0 : -ENOMEM;
}

/* Whose line is it? Its boot becomes the one that lines are taken into. 1: more must be read first. */
static int find_host(struct text *t, const char *line, const char *newline, const char *end, bool eof) {
        const struct slice s = { line, (size_t) (newline - line) },
                           name = layout_has_outer(t->layout) ? hosts_name(s) : SLICE_NULL;

        if (name.n == 0)
                return 0;
        if (!hosts_differ(&t->hosts, name))
                return name_boot(t, name, s);
        if (t->hosts.several)
                return go_to_host(t, name, s);
        if (!eof && end - line < LAYOUT_WINDOW)
                return 1;
        if (!hosts_return(&t->hosts, slice_head((struct slice){ line, (size_t) (end - line) }, LAYOUT_WINDOW))) {
                int e = hosts_rename(&t->hosts, name);
                return e < 0 ? e : name_boot(t, name, s);
        }
        struct boot *b = scan_boot(t->scan, t->boot);
        if (!b->host && !(b->host = arena_dup(&b->arena, slice_of(t->hosts.items[t->hosts.now].name))))
                return -ENOMEM;
        return go_to_host(t, name, s);
}

static struct record record_of(const struct text *t, struct slice line) {
        return (struct record){
                .message = line,
                .layout = t->layout,
                .console = true,
                .origin = ORIGIN_UNVERIFIED,
                .boot = t->boot,
                .source = t->source,
        };
}

/* Is it the last line, in a text that has each twice? */
static bool is_double(struct text *t, struct slice line) {
        const uint64_t key = t->doubled ? doubled_key(line) : 0;
        const bool is = key && key == t->last_key;

        t->last_key = is ? 0 : key;
        return is;
}

static int take(struct text *t, struct slice line, bool hit, bool cut) {
        struct record r = record_of(t, line);

        if (is_double(t, line))
                return 0;
        r.cut = cut;
        r.number = t->lines;
        return scan_record(t->scan, &r, hit, &t->boot);
}

/* Where the lines begin of which the last one is: a line, and others after it that may be further lines of its record.
 * *n: their number. */
static const char *last_record(const char *p, const char *end, uint64_t *n) {
        const char *line = end;

        for (*n = 0; line > p;) {
                const char *line_end = line - 1,
                           *before = line_end > p ? memrchr(p, '\n', (size_t) (line_end - p)) : NULL;
                line = before ? before + 1 : p;
                ++*n;
                if (!may_be_further((struct slice){ line, (size_t) (line_end - line) }))
                        break;
        }
        return line;
}

/* Lines that need not be shown. Until one shows to be the kernel's, all are looked at: a text in which none does must
 * not pass for a quiet one. Then those of the last record are, for its time, and for whose the next line is. */
static int pass(struct text *t, const char *p, const char *end, uint64_t lines) {
        struct source_info *info = scan_source(t->scan, t->source);
        struct slice rest = { p, (size_t) (end - p) };
        uint64_t last;
        int e = 0;

        for (uint64_t n = t->lines;
             rest.n && e == 0 && ((t->listed && is_document(info)) || (info->told == 0 && !layout_known(t->layout)));) {
                struct record r = record_of(t, slice_token(&rest, '\n'));
                r.number = ++n;
                e = scan_pass_line(t->scan, &r);
        }
        t->lines += lines;
        if (e < 0 || rest.n == 0)
                return e;
        const char *from = last_record(rest.s, end, &last);
        rest = (struct slice){ from, (size_t) (end - from) };
        while (e == 0 && last-- > 0) {
                struct record r = record_of(t, slice_token(&rest, '\n'));
                r.number = t->lines - last;
                e = scan_pass_line(t->scan, &r);
        }
        return e;
}

/* Puts a line together that was broken: *line becomes the whole, *rest moves behind it, *n counts its lines, *newline
 * is where the next line ends, if there is one. hit: the line has a report's words. 0, 1: more must be read first, or
 * -ENOMEM. */
static int join(struct text *t, struct slice *line, bool hit, const char **rest, const char **newline, const char *end,
                bool eof, uint64_t *n) {
        enum { PIECES = 64 };
        struct slice piece = *line;
        size_t at;
        bool blank = false, by_words = true; /* so far only the words said that it goes on */

        *newline = NULL;
        for (unsigned i = 0; i < PIECES && *rest < end; i++) {
                *newline = memchr(*rest, '\n', (size_t) (end - *rest));
                const struct slice next = { *rest, (size_t) (*newline - *rest) }, bare = slice_rtrim(next);

                const bool broken = layout_breaks(t->layout, slice_rtrim(piece), bare, i == 0, &blank, &at);
                /* Most lines end as any line may. */
                if (!broken && !(by_words && layout_unfinished(t->layout, *line, bare, hit, &at) &&
                                 (layout_broken(t->layout) || !scan_hit(t->scan, next))))
                        break;
                blank = blank || !broken;
                by_words = !broken;
                if (i == 0)
                        t->joined.size = 0;
                int e = i == 0 ? buffer_add(&t->joined, piece.s, slice_rtrim(piece).n) : 0;
                if (e == 0 && blank)
                        e = buffer_add(&t->joined, " ", 1);
                if (e == 0)
                        e = buffer_add(&t->joined, next.s + at, bare.n - at);
                if (e < 0)
                        return e;
                *line = buffer_all(&t->joined);
                *rest = *newline + 1;
                *newline = NULL;
                piece = next;
                (*n)++;
                if (*rest == end && !eof)
                        return 1;
        }
        return 0;
}

/* The bytes before the kernel's words, a time among them; 0 where there is none. words: behind them. */
static int prefix_of(struct text *t, struct slice line, size_t *ret, struct slice *words) {
        const struct prefix none = {};
        struct record r = record_of(t, line);
        struct prefix p = {};
        struct line l;

        *words = line;
        *ret = 0;
        if (layout_match(t->layout, line, &none, &p) && p.width > 0) {
                *words = p.text;
                *ret = p.timed && p.time.mono_us + p.time.real_us > 0 ? p.width : 0;
                return 0;
        }
        r.layout = NULL;
        int e = line_parse(line, &r, &t->scan->scratch, &l);
        if (e < 0 || l.within || !l.told || !l.timed || l.time.mono_us + l.time.real_us == 0)
                return e;
        *ret = MIN((size_t) (l.text.s - l.raw.s), line.n);
        *words = slice_from(line, *ret);
        return 0;
}

/* A task's name may hold line ends, and dmesg and journalctl print its rest below, behind as many blanks as the line's
 * prefix is wide. Puts such lines together, as join() does with broken ones. 0, 1 or -ENOMEM. */
static int join_name(struct text *t, struct slice *line, const char **rest, const char **newline, const char *end,
                     bool eof, uint64_t *n) {
        enum { LINE_ENDS = 15, NARROWEST = 8 };
        const struct slice below = { *rest, MIN((size_t) (end - *rest), (size_t) NARROWEST) };
        const struct prefix none = {};
        struct prefix prefix = {};
        const char *p = *rest;

        if (below.n < NARROWEST || slice_trim(below).n > 0)
                return 0;
        if (!layout_match(t->layout, *line, &none, &prefix) || prefix.width < NARROWEST)
                return 0;
        const size_t first = line->n, width = prefix.width;
        t->named.size = 0;
        int e = buffer_add(&t->named, line->s, line->n);
        for (unsigned i = 0; e == 0 && p < end && i < LINE_ENDS; i++) {
                const char *const newline_at = memchr(p, '\n', (size_t) (end - p));
                const struct slice next = { p, (size_t) (newline_at - p) };
                if (next.n < width || slice_trim(slice_head(next, width)).n > 0)
                        break;
                e = buffer_add(&t->named, "\n", 1);
                if (e == 0)
                        e = buffer_add(&t->named, next.s + width, next.n - width);
                p = newline_at + 1;
        }
        if (e == 0 && p == end && !eof)
                return 1;
        if (e < 0 || t->named.size == first)
                return e;
        join_names(t->named.data + width, t->named.size - width);
        const struct slice all = buffer_all(&t->named);
        if (all.s[first] == '\n')
                return 0;
        /* Behind the line that the name ends in stand others. */
        const struct slice rest_of_name = slice_from(all, first),
                           whole = slice_head(all, first + MIN(slice_find_byte(rest_of_name, '\n'), rest_of_name.n));
        for (size_t left = whole.n - first; left > 0; (*n)++) {
                const size_t taken = (size_t) ((const char *) memchr(*rest, '\n', (size_t) (end - *rest)) - *rest);
                left -= MIN(left, taken - width + 1);
                *rest += taken + 1;
        }
        *line = whole;
        *newline = NULL;
        return 0;
}

/* Which kind of report the words begin that needs lines behind them; NULL if none. */
static const struct kind *announced_by(const struct text *t, struct slice words) {
        const struct kind *k = kinds_start(words, trigger_owners(scan_triggers(t->scan), words));

        return k && !k->inner && !(k->alone && k->alone(words)) ? k : NULL;
}

/* Who copies a report out of a log may take the first line from behind its prefix. Where no line of the text had a
 * prefix so far, a headline right before the first that has one is given the same: lines of a log whose others all have
 * one are nobody's without. 0 or -ENOMEM. */
static int complete_headline(struct text *t, struct slice *line, const char *rest, const char *end) {
        const char *newline = rest < end ? memchr(rest, '\n', (size_t) (end - rest)) : NULL;
        struct slice words = *line, next, ignored;
        size_t own = 0, width = 0;

        if (!newline || scan_source(t->scan, t->source)->told > 0)
                return 0;
        while (words.n && (words.s[0] == '>' || words.s[0] == ' '))
                words = slice_from(words, 1);
        const struct kind *k = announced_by(t, words);
        int e = k ? prefix_of(t, *line, &own, &ignored) : 0;
        if (e == 0 && k && own == 0)
                e = prefix_of(t, (struct slice){ rest, (size_t) (newline - rest) }, &width, &next);
        if (e < 0 || !k || own > 0 || width == 0 || (announced_by(t, next) && !oops_goes_on(k, next)))
                return e;
        t->completed.size = 0;
        e = buffer_add(&t->completed, rest, width);
        /* What counts as the prefix need not hold the blank behind it. */
        if (e == 0 && rest[width - 1] != ' ')
                e = buffer_add(&t->completed, " ", 1);
        if (e == 0)
                e = buffer_add(&t->completed, words.s, words.n);
        if (e == 0)
                *line = buffer_all(&t->completed);
        return e;
}

/* The next line with a word that does not end before that byte of what was searched; NULL if there is none. */
static const struct trigger_line *next_found(struct text *t, size_t at) {
        while (t->next < t->found.n && t->found.items[t->next].at < at)
                t->next++;
        return t->next < t->found.n ? &t->found.items[t->next] : NULL;
}

/* Is no report open, of any machine's? */
static bool is_idle(const struct text *t) {
        return t->hosts.several ? scan_n_open(t->scan) == 0 : scan_idle(t->scan, t->boot);
}

/* Whole lines only: *from (behind begin, where the buffer begins) to end, which follows a newline; what was searched.
 * Moves *from behind what was taken: all of it, unless more must be read to understand the next line. */
static int take_lines(struct text *t, const char *begin, const char **from, const char *end, bool eof) {
        const char *const searched = *from, *p = *from, *next_newline = NULL;

        while (p < end) {
                const struct trigger_line *found = next_found(t, (size_t) (p - searched));
                if (t->lines >= SCAN_TOP && is_idle(t) && !layout_broken(t->layout)) {
                        /* The fast path: on to the next line with a trigger. A break may be within one. */
                        const char *hit = found ? searched + found->at : end;
                        const char *newline = hit > p ? memrchr(p, '\n', (size_t) (hit - p)) : NULL;
                        const char *line = newline ? newline + 1 : p;
                        if (line > p) {
                                const size_t newlines = found ? found->newlines : t->found.newlines;
                                int e = pass(t, p, line, t->lines_before + newlines - t->lines);
                                if (e < 0)
                                        return e;
                                p = line;
                                next_newline = NULL;
                        }
                        if (!found)
                                break;
                }
                const char *newline = next_newline ? next_newline : memchr(p, '\n', (size_t) (end - p));
                struct slice line = { p, (size_t) (newline - p) };
                const char *rest = newline + 1;
                uint64_t n = 1;
                /* What stands below may be a line's rest. */
                if (rest == end && !eof)
                        break;
                bool hit = found && found->at < (size_t) (newline - searched);
                int e = hit ? learn(t, begin, p, newline, end, eof) : 0;
                if (e == 0)
                        e = find_host(t, p, newline, end, eof);
                if (e == 0)
                        e = join_name(t, &line, &rest, &next_newline, end, eof, &n);
                if (e == 0 && n == 1)
                        e = join(t, &line, hit, &rest, &next_newline, end, eof, &n);
                if (e > 0)
                        break;
                hit = n > 1 ? scan_hit(t->scan, line) : hit;
                if (e == 0 && hit)
                        e = complete_headline(t, &line, rest, end);
                t->lines++;
                if (e == 0)
                        e = take(t, line, hit, false);
                if (e < 0)
                        return e;
                t->lines += n - 1;
                p = rest;
                *from = p;
        }
        *from = p;
        return 0;
}

/* A line without end: its head is a line, the rest is skipped. */
static int take_cut(struct text *t, struct buffer *b) {
        t->lines++;
        t->cut++;
        struct slice line = buffer_slice(b, t->taken, LINE_LIMIT);
        int e = take(t, line, scan_hit(t->scan, line), true);
        t->in_long_line = true;
        b->size = t->taken = t->clean = t->ends.held = 0;
        return e;
}

static int take_buffer(struct text *t, struct buffer *b, bool eof) {
        if (t->in_long_line) {
                t->block = NULL;
                const char *newline = memchr(b->data, '\n', b->size);
                if (!newline) {
                        b->size = t->ends.held = 0;
                        return 0;
                }
                buffer_drop(b, (size_t) (newline + 1 - b->data));
                t->in_long_line = false;
        }
        const size_t fresh = b->size - t->taken;
        char *last = fresh ? memrchr(b->data + t->taken, '\n', fresh) : NULL;
        if (!last)
                return fresh >= LINE_LIMIT ? take_cut(t, b) : 0;
        int e = find(t, b, (size_t) (last + 1 - b->data));
        if (e < 0)
                return e;
        const char *p = b->data + t->taken;
        /* Behind a line without end there is nothing to wait for. */
        const bool enough = eof || b->size - t->clean >= LINE_LIMIT;
        e = take_lines(t, b->data, &p, b->data + t->clean, enough);
        const size_t done = (size_t) (p - b->data), drop = done - MIN(done, (size_t) KEPT);
        buffer_drop(b, drop);
        t->clean -= drop;
        t->taken = done - drop;
        return e;
}

/* Stacks by their form alone count where no line shows to be the kernel's, as conclude() has it. */
static void see_stacks(struct text *t, struct slice lines) {
        if (scan_source(t->scan, t->source)->told == 0)
                bare_stacks_see(&t->stacks, lines);
}

/* Takes all that is there, and reads more. 1, 0 at the end, -errno. */
static int step(struct text *t, struct input *in, struct buffer *b) {
        struct source_info *info = scan_source(t->scan, t->source);

        int e = take_buffer(t, b, false);
        if (e == 0)
                e = buffer_reserve(b, READ_SIZE);
        if (e < 0)
                return e;
        ssize_t k = input_read(in, b->data + b->size, READ_SIZE);
        if (k < 0) {
                log_error("reading %s failed after %llu bytes: %s", in->name, (unsigned long long) info->bytes,
                          input_error(in, (int) k));
                info->complete = false;
                return (int) k;
        }
        see_stacks(t, (struct slice){ b->data + b->size, (size_t) k });
        b->size += (size_t) k;
        info->bytes += (uint64_t) k;
        line_ends_put(&t->ends, b, b->size - (size_t) k);
        return k > 0;
}

/* Takes what threads read and searched ahead, from where the source is read up to, while that serves. */
static int take_ahead(struct text *t, struct input *in, struct buffer *b, unsigned n_threads) {
        const off_t from = is_altered(t) || in->read || in->pending ? -1 : lseek(in->fd, 0, SEEK_CUR);
        struct text_ahead *a = from >= 0 ?
                                       text_ahead_start(in->fd, (uint64_t) from, scan_triggers(t->scan), n_threads) :
                                       NULL;
        struct buffer window = *b; /* of a block, the thread's */
        struct text_block block;
        off_t bytes = 0;
        int e = 0;

        while (a && (e = take_buffer(t, &window, false)) == 0 && text_ahead_next(a, buffer_all(&window), &block)) {
                t->block = block.lines;
                t->block_at = window.size;
                window = (struct buffer){ block.bytes, window.size + TEXT_BLOCK, window.size + TEXT_BLOCK };
                see_stacks(t, buffer_slice(&window, t->block_at, TEXT_BLOCK));
                scan_source(t->scan, t->source)->bytes += TEXT_BLOCK;
                progress_step(in->progress, TEXT_BLOCK);
                bytes += TEXT_BLOCK;
        }
        t->block = NULL;
        if (window.data == b->data)
                *b = window;
        else {
                b->size = 0;
                e = e < 0 ? e : buffer_add(b, window.data, window.size);
        }
        if (a && lseek(in->fd, from + bytes, SEEK_SET) < 0)
                e = e < 0 ? e : -errno;
        text_ahead_stop(a);
        return e;
}

/* What is left when no more comes. The last line may lack its end. */
static int take_rest(struct text *t, struct buffer *b) {
        int e = b->size > t->taken && b->data[b->size - 1] != '\n' && !t->in_long_line ? buffer_add(b, "\n", 1) : 0;
        return e < 0 ? e : take_buffer(t, b, true);
}

/* What the beginning shows of how the lines are made. */
static int learn_beginning(struct text *t, struct slice beginning) {
        _cleanup_(buffer_done) struct buffer b = {};

        undo_see(&t->undo, beginning);
        line_ends_see(&t->ends, beginning);
        int e = buffer_add(&b, beginning.s, beginning.n);
        if (e < 0 || b.size == 0)
                return e;
        line_ends_put(&t->ends, &b, 0);
        t->ends.held = 0;
        char *end = undo_changes(&t->undo, b.data, b.data + b.size);
        if (escapes_in((struct slice){ b.data, (size_t) (end - b.data) }))
                end = undo_escapes(b.data, end);
        /* The last line may be cut. */
        const char *newline = end > b.data ? memrchr(b.data, '\n', (size_t) (end - b.data)) : NULL;
        const struct slice lines = { b.data, (size_t) ((newline ? newline + 1 : end) - b.data) };
        t->doubled = doubled_lines(lines);
        return layout_learn(t->layout, lines);
}

/* The first of them that is the kernel's, if it is among the first few. */
static int first_of_kernel(struct text *t, struct slice beginning, struct line *l) {
        enum { LOOK = 8 };

        for (unsigned i = 0; i < LOOK && beginning.n; i++) {
                const struct record r = record_of(t, slice_token(&beginning, '\n'));
                int e = line_parse(r.message, &r, &t->scan->scratch, l);
                if (e < 0 || (l->origin != ORIGIN_USERSPACE && !l->stray && slice_trim(l->text).n))
                        return e < 0 ? e : 1;
        }
        return 0;
}

/* The lines of a report that the file before ended within, if this one goes on with it: they come before its first. */
static int take_carried(struct text *t, struct slice beginning) {
        struct line l;
        int e = first_of_kernel(t, beginning, &l);
        struct slice lines = e > 0 ? carry_take(t->scan, t->source, &l) : SLICE_NULL;
        _cleanup_(buffer_done) struct buffer copy = {};

        if (e < 0 || lines.n == 0)
                return MIN(e, 0);
        e = buffer_add(&copy, lines.s, lines.n);
        t->lines = 1;
        for (lines = buffer_all(&copy); e >= 0 && lines.n;) {
                const struct slice line = slice_token(&lines, '\n');
                e = take(t, line, scan_hit(t->scan, line), false);
        }
        t->lines = 0;
        return MIN(e, 0);
}

int source_text(struct scan *s, struct input *in, const struct source_options *o) {
        _cleanup_(text_done) struct text t = { .scan = s };
        _cleanup_(buffer_done) struct buffer b = {};
        struct slice beginning;
        int e = scan_add_source(s, in->name, "text", &t.source);

        if (e == 0)
                e = layout_new(&t.layout, is_mail_part(in));
        if (e == 0)
                e = buffer_reserve(&b, READ_SIZE + LINE_LIMIT + LAYOUT_WINDOW);
        if (e == 0)
                e = input_beginning(in, &beginning);
        if (e == 0) {
                t.listed = o->listed;
                scan_source(s, t.source)->maybe_document = !text_has_frame(beginning);
                e = learn_beginning(&t, beginning);
                scan_source(s, t.source)->several = t.ends.several;
        }
        if (e == 0)
                e = scan_text_boot(s, t.source, beginning, &t.boot);
        if (e == 0 && o->follows)
                e = take_carried(&t, beginning);
        if (e < 0)
                return log_oom();

        /* The beginning was read already. */
        while ((e = step(&t, in, &b)) > 0 && in->head_at < in->head.size)
                ;
        if (e > 0)
                e = take_ahead(&t, in, &b, source_threads(o));
        while (e >= 0 && (e = step(&t, in, &b)) > 0)
                ;
        int e2 = e == -ENOMEM ? 0 : take_rest(&t, &b);
        e = e < 0 ? e : e2;
        if (t.cut)
                log_warning("%s: %llu lines were cut at %d KiB; no kernel prints such lines", in->name,
                            (unsigned long long) t.cut, LINE_LIMIT / 1024);
        e2 = scan_end_source(s, t.source);
        scan_source(s, t.source)->entries = t.lines;
        if (s->boots.n == 1 && scan_boot(s, 0)->source == t.source)
                scan_boot(s, 0)->records = t.lines;
        if (e == -ENOMEM || e2 == -ENOMEM)
                return log_oom();
        e = e < 0 ? e : e2;
        const struct text_shown shown = { .layout = t.layout,
                                          .stacks = &t.stacks,
                                          .lines = t.lines,
                                          .listed = t.listed };
        e2 = text_conclude(s, t.source, &shown, in->name);
        return e < 0 ? e : e2 == -ENOMEM ? log_oom() : e2;
}
