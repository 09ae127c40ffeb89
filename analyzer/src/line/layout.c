/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "line/layout.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/macros.h"
#include "line/anchor.h"
#include "line/breaks.h"
#include "line/clock.h"
#include "line/fields.h"
#include "line/tag.h"
#include "line/tail.h"
#include "line/template.h"

enum { TEMPLATES_MAX = 8, CANDIDATES_MAX = 12, LINES_MAX = BREAKS_LINES };

struct layout {
        struct template templates[TEMPLATES_MAX]; /* those of most parts first */
        size_t n;
        struct before before;
        struct prefix_bytes kernels; /* of the last line of the kernel's that was made so */
        struct template tag; /* of the kernel's lines up to its tag, as a line shows it; of no parts where none does */
        bool has_kernels;    /* a line has the kernel's tag */
        bool has_writers;    /* many name their writers; not only systemd does, in the kernel's log */
        bool tagged;         /* and many name their writers so */
        struct breaks breaks;
};

struct before *layout_before(struct layout *l) {
        return &l->before;
}

struct prefix_bytes *layout_kernels(struct layout *l) {
        return &l->kernels;
}

int layout_new(struct layout **ret) {
        *ret = calloc(1, sizeof(**ret));
        return *ret ? 0 : -ENOMEM;
}

struct layout *layout_free(struct layout *l) {
        free(l);
        return NULL;
}

bool layout_match(struct layout *l, struct slice line, const struct prefix *initial, struct prefix *ret) {
        for (size_t i = 0; i < l->n; i++)
                if (template_match(&l->templates[i], line, false, initial, ret)) {
                        l->templates[i].used++;
                        return true;
                }
        return false;
}

bool layout_known(const struct layout *l) {
        return l->n > 0;
}

bool layout_prefixed(const struct layout *l) {
        return l->n > 0 && l->templates[l->n - 1].n > 0;
}

/* A terminal's carriage returns, at either end. */
static struct slice without_returns(struct slice line) {
        while (line.n && line.s[0] == '\r')
                line = slice_from(line, 1);
        return slice_rtrim(line);
}

bool layout_doubts(const struct layout *l, struct slice line) {
        const struct prefix none = {};
        struct prefix p;
        struct anchor a;

        line = without_returns(line);
        if (!anchor_find(line, &a))
                return false;
        for (size_t i = 0; i < l->n; i++)
                if (template_match(&l->templates[i], line, false, &none, &p))
                        return p.width != a.at;
        return true;
}

/* --- learning --- */

struct candidate {
        struct template t;
        unsigned anchors;   /* lines that it was made from */
        uint64_t kinds;     /* of anchors */
        size_t first, last; /* lines of the window */
        unsigned suffixes;  /* lines that showed the suffix */
        bool suffix_differs;
        struct tail tail;
};

struct window {
        struct slice lines[LINES_MAX];
        size_t n;
        struct candidate candidates[CANDIDATES_MAX];
        size_t n_candidates;
};

/* Parts up to the kernel's tag and, if it follows, the kernel's time. 0: no tag. */
static size_t behind_tag(const struct template *t) {
        for (size_t i = 1; i < t->n; i++) {
                const struct part *p = &t->parts[i];
                if (p->type != PART_MARK || p->open != ':' || t->parts[i - 1].type != PART_WORD ||
                    !is_kernel_word(template_part(t, &t->parts[i - 1])))
                        continue;
                size_t next = i + 1 < t->n && t->parts[i + 1].type == PART_BLANKS ? i + 2 : i + 1;
                return next < t->n && t->parts[next].type == PART_BRACKET && t->parts[next].timed ? next + 1 : i + 1;
        }
        return 0;
}

/* A prefix after which the kernel's own words begin: its time, or its name as a tag. Parts up to there; 0. */
static size_t terminal(const struct template *t) {
        const size_t tag = behind_tag(t);

        for (size_t i = 0; i < (tag ? tag : t->n); i++) {
                const struct part *p = &t->parts[i];
                struct slice b = template_part(t, p);
                struct stamp ignored = {};

                if (p->type == PART_KMSG || (p->type == PART_BRACKET && p->timed && clock_kernel(&b, &ignored)))
                        return i + 1;
        }
        return tag;
}

static bool same_bracket(const struct part *a, const struct part *b) {
        return a->type == PART_BRACKET && b->type == PART_BRACKET && a->open == b->open;
}

static bool is_gap(const struct part *p) {
        return p->type == PART_BLANKS || p->type == PART_MARK;
}

/* What may differ behind the kernel's time: a processor and a task in brackets may look like a time of day ("[5:45]"
 * beside "[3:360]"), and a mark before brackets says whether interrupts are on ("-(3)[360:x]" beside " (3)[360:x]"). */
static bool may_differ(const struct template *a, const struct template *b, size_t i) {
        const struct part *p = &a->parts[i], *q = &b->parts[i];

        return same_bracket(p, q) || (is_gap(p) && is_gap(q) && i + 1 < a->n && same_bracket(p + 1, q + 1));
}

/* Makes one template of two, words that differ becoming any; false where they are not alike. */
static bool merge(struct template *t, const struct template *with) {
        if (t->n != with->n || t->quote != with->quote)
                return false;
        const size_t end = terminal(t);
        for (size_t i = 0; i < t->n; i++) {
                const struct part *a = &t->parts[i], *b = &with->parts[i];
                if (!template_same_part(a, b) && !(end > 0 && i >= end && may_differ(t, with, i)))
                        return false;
                if (a->type == PART_WORD && !slice_eq(template_part(t, a), template_part(with, b)) &&
                    (is_kernel_word(template_part(t, a)) || is_kernel_word(template_part(with, b))))
                        return false;
        }
        for (size_t i = 0; i < t->n; i++) {
                struct part *a = &t->parts[i];
                const struct part *b = &with->parts[i];
                a->timed = a->timed && b->timed;
                if (is_gap(a) && !template_same_part(a, b))
                        *a = (struct part){ .type = PART_MARK, .any = true, .at = a->at, .n = a->n };
                a->any = a->any || b->any ||
                         (a->type == PART_WORD && !slice_eq(template_part(t, a), template_part(with, b)));
        }
        t->pad = MIN(t->pad, with->pad);
        return true;
}

static void see_suffix(struct candidate *c, struct slice rest) {
        rest = slice_trim(rest);
        if (c->t.quote || rest.n > SUFFIX_MAX || tail_has_letters(rest))
                return;
        struct slice known = { c->t.suffix, c->t.suffix_n };
        if (c->suffixes++ == 0) {
                memcpy(c->t.suffix, rest.s, rest.n);
                c->t.suffix_n = rest.n;
        } else if (!slice_eq(known, rest))
                c->suffix_differs = true;
}

/* Where a new candidate goes: users can make lines of as many forms as they like, and must not take all the room. Their
 * strings stand behind the kernel's prefix, so the longest one goes; programs may have a shorter name than the kernel's
 * tag, so those with that tag have half of the room for themselves, and no more. */
static size_t place(struct window *w, const struct template *t) {
        const bool tagged = tag_of(t);
        size_t worst = CANDIDATES_MAX, alike = 0;

        if (w->n_candidates < CANDIDATES_MAX)
                return w->n_candidates++;
        for (size_t i = 0; i < CANDIDATES_MAX; i++)
                alike += (tag_of(&w->candidates[i].t) > 0) == tagged;
        const bool among_alike = alike >= CANDIDATES_MAX / 2;
        for (size_t i = 0; i < CANDIDATES_MAX; i++) {
                const struct template *other = &w->candidates[i].t;
                if (((tag_of(other) > 0) == tagged) == among_alike &&
                    (worst == CANDIDATES_MAX || other->n > w->candidates[worst].t.n))
                        worst = i;
        }
        if (among_alike && t->n >= w->candidates[worst].t.n)
                return CANDIDATES_MAX;
        w->candidates[worst] = (struct candidate){};
        return worst;
}

static void see_line(struct window *w, size_t i) {
        struct slice line = w->lines[i];
        struct template t;
        struct anchor a;

        if (!anchor_find(line, &a) || !template_make(&t, slice_head(line, a.at)) || is_programs(&t))
                return;
        t.quote = template_quote(slice_head(line, a.at), slice_from(line, a.at));
        size_t k = 0;
        while (k < w->n_candidates && !merge(&w->candidates[k].t, &t))
                k++;
        if (k == w->n_candidates && (k = place(w, &t)) == CANDIDATES_MAX)
                return;
        struct candidate *c = &w->candidates[k];
        if (c->anchors == 0)
                *c = (struct candidate){ .t = t, .first = i };
        c->anchors++;
        c->kinds |= (uint64_t) 1 << a.kind;
        c->last = i;
        if (a.end == SLICE_NPOS)
                return;
        see_suffix(c, slice_from(line, a.end));
        tail_see(&c->tail, slice_rtrim(slice_from(line, a.end)), a.kind);
}

static bool has_kernel_time(struct slice s) {
        struct stamp t = {};

        for (size_t at; (at = slice_find_byte(s, '[')) != SLICE_NPOS; s = slice_from(s, at + 1)) {
                struct slice rest = slice_from(s, at);
                if (clock_kernel(&rest, &t))
                        return true;
        }
        return false;
}

/* The window's lines but those that may be further lines of a record, which lack its prefix. */
static size_t first_lines(const struct window *w) {
        size_t n = 0;

        for (size_t i = 0; i < w->n; i++)
                n += !may_be_further(w->lines[i]);
        return n;
}

/* The lines of the candidate's span that can speak against it: where the kernel's time ends the prefix, those that have
 * one. Others are not the kernel's. */
static size_t voters(const struct window *w, const struct candidate *c, bool timed) {
        size_t n = 0;

        for (size_t i = c->first; i <= c->last; i++)
                n += !timed || has_kernel_time(w->lines[i]);
        return n;
}

/* The lines of the candidate's span that its template fits, strictly or loosely. */
static size_t fits(const struct window *w, const struct candidate *c, bool loose) {
        const struct prefix none = {};
        struct prefix p;
        size_t n = 0;

        for (size_t i = c->first; i <= c->last; i++)
                n += template_match(&c->t, w->lines[i], loose, &none, &p);
        return n;
}

static bool is_known_field(const struct part *p) {
        return p->type == PART_CLOCK || p->type == PART_DECODED || p->type == PART_KMSG || p->timed;
}

/* The same where another time is what shows it first ("[Sat Sep 20 11:53:55 2025] "), or dmesg's level: behind those,
 * for a tag shows the rest. A logger's own words may follow, on all lines then, or a message that begins with a word
 * and what a user chose: "input: ". */
static size_t words_from(const struct template *t) {
        const size_t kernels = terminal(t);
        size_t end = 0;

        if (has_plain_tag(t))
                return kernels;
        for (size_t i = 0; i < t->n && (end == 0 || end != kernels); i++) {
                const struct part *p = &t->parts[i];
                if (is_known_field(p))
                        end = i + 1;
                else if (end > 0 && !template_is_caller(t, p) && !(p->type == PART_BRACKET && p->open == '<'))
                        break;
        }
        return end ? end : kernels;
}

/* Lines of other programs among them. */
static size_t fellows(const struct window *w, size_t first, size_t last, const struct template *t) {
        size_t n = 0;

        for (size_t i = first; tag_of(t) && i <= last; i++)
                n += is_fellow(t, w->lines[i]);
        return n;
}

/* Of the window's lines that have the template's first parts, do nearly all have the rest too, or another program's
 * tag where it has the kernel's? */
static bool is_common(const struct window *w, const struct template *t, size_t parts, bool loose) {
        const struct prefix none = {};
        struct template shorter = *t;
        struct prefix p;
        size_t all = 0, have = 0;

        shorter.n = parts;
        shorter.pad = 0;
        for (size_t i = 0; i < w->n; i++)
                if (template_match(&shorter, w->lines[i], false, &none, &p)) {
                        all++;
                        have += template_match(t, w->lines[i], loose, &none, &p) || is_fellow(t, w->lines[i]);
                }
        return (have >= 6 || (have >= 3 && have == w->n)) && have * 10 >= all * 8;
}

/* Do all parts have a meaning of their own, or name the kernel? Behind the marks of a quotation, if there are any. */
static bool is_plain(const struct template *t) {
        bool told = false;
        size_t quote = 0;

        while (quote < t->n && ((t->parts[quote].type == PART_MARK && t->parts[quote].open == '>') ||
                                (quote > 0 && t->parts[quote].type == PART_BLANKS)))
                quote++;
        for (size_t i = quote; i < t->n; i++) {
                const struct part *p = &t->parts[i];
                if (p->type == PART_CLOCK || p->type == PART_KMSG || p->type == PART_DECODED ||
                    (p->type == PART_BRACKET && p->timed))
                        told = true;
                else if (p->type == PART_WORD && is_kernel_word(template_part(t, p)))
                        told = true;
                else if (p->type == PART_NUMBER || (p->type == PART_WORD && i > quote + 4) ||
                         (p->type == PART_MARK && p->open != ':'))
                        return false;
        }
        return told || t->n == 0;
}

/* Is there something in it that any two words do not have? */
static bool has_numbers(const struct template *t) {
        for (size_t i = 0; i < t->n; i++)
                if (t->parts[i].type == PART_CLOCK || t->parts[i].type == PART_NUMBER || t->parts[i].timed)
                        return true;
        return false;
}

/* Does the line begin with a time, or with fields that only logs have? */
static bool has_prefix(struct slice line) {
        struct part p;

        line = slice_ltrim(line);
        if (line.n == 0)
                return false;
        template_next_part(line, &p);
        return p.type == PART_CLOCK || p.type == PART_KMSG || p.type == PART_DECODED || p.timed;
}

/* Do other lines have a prefix? Then one without may be a further line of a message, or a program's. */
static bool has_prefixes(const struct layout *l, const struct window *w) {
        bool has = layout_prefixed(l);
        size_t n = 0;

        for (size_t i = 0; i < w->n_candidates; i++)
                has = has || w->candidates[i].t.n > 0;
        for (size_t i = 0; i < w->n && !has; i++)
                n += has_prefix(w->lines[i]);
        return has || n * 4 > w->n;
}

/* Only marks, such as a quotation's, or blanks? Rests have those too. */
static bool is_marks(const struct template *t) {
        for (size_t i = 0; i < t->n; i++)
                if (t->parts[i].type != PART_BLANKS && t->parts[i].type != PART_MARK)
                        return false;
        return true;
}

/* Has any other candidate, or what is known, a prefix of more than marks? */
static bool has_other_prefix(const struct layout *l, const struct window *w) {
        bool has = false;

        for (size_t i = 0; i < l->n && !has; i++)
                has = l->templates[i].n > 0 && !is_marks(&l->templates[i]);
        for (size_t i = 0; i < w->n_candidates && !has; i++)
                has = w->candidates[i].t.n > 0 && !is_marks(&w->candidates[i].t);
        return has;
}

/* Lines of the candidate's span that have no prefix. */
static size_t bare(const struct layout *l, const struct window *w, const struct candidate *c) {
        const struct prefix none = {};
        struct prefix p;
        size_t n = 0;

        for (size_t i = c->first; i <= c->last; i++) {
                bool prefixed = has_prefix(w->lines[i]);
                for (size_t k = 0; k < l->n && !prefixed; k++)
                        prefixed = l->templates[k].n > 0 &&
                                   template_match(&l->templates[k], w->lines[i], false, &none, &p);
                for (size_t k = 0; k < w->n_candidates && !prefixed; k++)
                        prefixed = w->candidates[k].t.n > 0 &&
                                   template_match(&w->candidates[k].t, w->lines[i], false, &none, &p);
                n += !prefixed;
        }
        return n;
}

/* Is there more than a caller behind the kernel's time or name? */
static bool goes_on(const struct template *t, size_t end) {
        for (size_t i = end; end && i < t->n; i++)
                if (!template_is_caller(t, &t->parts[i]))
                        return true;
        return false;
}

/* Is it the first parts of another prefix, up to the kernel's time or name, and a caller at most? */
static bool is_head(const struct template *t, const struct template *of, size_t end) {
        if (t->n < end || t->quote)
                return false;
        for (size_t i = 0; i < t->n; i++)
                if (i < end ? !template_same_part(&t->parts[i], &of->parts[i]) :
                              !template_is_caller(t, &t->parts[i]) && !t->parts[i].timed)
                        return false;
        return true;
}

/* The same with all that it has; but a program's name may begin as a report does, where the kernel's tag would be. */
static bool is_beginning(const struct template *t, const struct template *of, size_t end) {
        if (t->n < end || t->n >= of->n || t->quote || (tag_of(of) && t->n <= tag_of(of)))
                return false;
        for (size_t i = 0; i < t->n; i++)
                if (!template_same_part(&t->parts[i], &of->parts[i]) || t->parts[i].type == PART_WORD)
                        return false;
        return true;
}

/* Does a line with a kernel's words end its prefix where the candidate's goes on? Then the rest is not the prefix but
 * what messages begin with, and behind it stands what a user chose: "[   12.345678] input: ". */
static bool is_shorter_known(const struct layout *l, const struct window *w, const struct candidate *c, size_t end) {
        for (size_t i = 0; i < l->n; i++)
                if (is_head(&l->templates[i], &c->t, end))
                        return true;
        for (size_t i = 0; i < w->n_candidates; i++)
                if (&w->candidates[i] != c &&
                    (is_head(&w->candidates[i].t, &c->t, end) || is_beginning(&w->candidates[i].t, &c->t, end)))
                        return true;
        return false;
}

bool layout_tagged(const struct layout *l) {
        return l->tagged;
}

bool layout_others(const struct layout *l, struct slice line) {
        for (size_t i = 0; i < l->n; i++)
                if (is_fellow(&l->templates[i], line))
                        return true;
        return l->has_kernels && is_fellow(&l->tag, line);
}

/* How the window's lines name their writers: where the kernel's tag is, and whether there are more such lines than what
 * somebody may have had printed on a console. Tags of programs may hold blanks: the one with the fewest words before it
 * stands where tags do. */
static void learn_tag(struct layout *l, const struct window *w) {
        enum { MANY = 16, ONE_IN = 5 };
        struct template t;
        size_t n = 0, least = SIZE_MAX;
        bool kernels;

        for (size_t i = 0; i < w->n; i++) {
                if (!tag_prefix(w->lines[i], &t, &kernels))
                        continue;
                l->has_kernels = l->has_kernels || kernels;
                n += t.parts[0].type == PART_CLOCK;
                if (t.n < least) {
                        least = t.n;
                        l->tag = t;
                }
        }
        l->has_writers = l->has_writers || (n > 0 && n * ONE_IN >= w->n);
        l->tagged = l->tagged || (l->has_kernels && n > 0 && (n >= MANY || n * ONE_IN >= w->n));
}

/* In a log whose lines have tags one without a tag, or with another than the kernel's, is not the kernel's: any program
 * writes there, under any name that it likes. */
static bool lacks_tag(const struct layout *l, const struct candidate *c) {
        if (has_long_tag(&c->t))
                return true;
        return l->tagged && (c->t.n == 0 || (c->t.parts[0].type == PART_CLOCK && !is_tagged(&c->t)));
}

static bool has_others_tag(const struct layout *l, const struct candidate *c) {
        for (size_t i = 0; i < l->n; i++)
                if (is_others(&c->t, &l->templates[i]))
                        return true;
        return (l->has_kernels || l->has_writers) && is_others(&c->t, &l->tag);
}

/* A candidate that goes on behind the kernel's time, or its tag. */
static bool goes_on_alike(const struct layout *l, const struct window *w, const struct candidate *c, size_t end) {
        return !is_shorter_known(l, w, c, end) &&
               is_common(w, &c->t, end, c->anchors >= 3 && __builtin_popcountll(c->kinds) >= 2);
}

/* Is it a quotation, of which the lines around those with a kernel's words are too? */
static bool is_quotation(const struct window *w, const struct candidate *c) {
        enum { AROUND = 3 };
        struct candidate around = *c;

        if (c->t.n == 0 || c->t.parts[0].open != '>' || c->t.parts[0].type != PART_MARK || !is_marks(&c->t))
                return false;
        around.last = MIN(c->first + AROUND, w->n - 1);
        return fits(w, &around, false) == around.last - around.first + 1 && around.last > around.first;
}

/* Words, and then the kernel's time, before any other? A program's unfinished line, or what somebody typed, may be what
 * one line has there; all have what a logger writes. */
static bool has_words_before_time(const struct template *t) {
        bool words = false;

        for (size_t i = 0; i < t->n; i++) {
                const struct part *p = &t->parts[i];
                if (is_known_field(p))
                        return words && p->timed;
                words = words || p->type == PART_WORD;
        }
        return false;
}

/* Whether a candidate is how the text's lines are made, or only what somebody put into a line or two. What users choose
 * stands behind the kernel's own time or name: a prefix that goes on after those must be that of nearly all lines.
 * Another must have a report's lines behind one another, of several kinds; one of known fields alone needs no more. */
static bool accept(const struct layout *l, const struct window *w, const struct candidate *c) {
        const size_t span = c->last - c->first + 1, end = terminal(&c->t), words = words_from(&c->t);
        const size_t fit = fits(w, c, false) + fellows(w, c->first, c->last, &c->t);

        if (lacks_tag(l, c) || has_others_tag(l, c))
                return false;
        if (goes_on(&c->t, words))
                return goes_on_alike(l, w, c, words) &&
                       (!goes_on(&c->t, behind_tag(&c->t)) || goes_on_alike(l, w, c, behind_tag(&c->t)));
        if (c->t.n == 0 && has_prefixes(l, w))
                return c->t.pad == 0 && c->anchors >= 3 && __builtin_popcountll(c->kinds) >= 2 &&
                       bare(l, w, c) * 2 >= span;
        struct candidate all = *c;
        all.first = 0;
        all.last = w->n - 1;
        if (is_plain(&c->t))
                return !has_words_before_time(&c->t) || fits(w, &all, true) * 2 >= voters(w, &all, true);
        if (!has_other_prefix(l, w) && is_quotation(w, c))
                return true;
        if (c->anchors >= 3 && __builtin_popcountll(c->kinds) >= 2)
                return fit * 2 >= voters(w, c, end > 0 && end == c->t.n && c->t.parts[end - 1].timed);
        /* A line or two: their neighbours must be alike. */
        return w->n >= 3 &&
               (fits(w, &all, has_numbers(&c->t)) + fellows(w, 0, w->n - 1, &c->t)) * 5 >= first_lines(w) * 4;
}

/* What a text's beginning made look like a prefix, for all its lines were of one kind: another line ends it before, or
 * shows that it is another program's. */
static void drop_longer(struct layout *l, const struct template *t) {
        size_t n = 0;

        for (size_t i = 0; i < l->n; i++) {
                const struct template *known = &l->templates[i];
                const size_t end = words_from(known), tag = behind_tag(known);
                const bool longer = (goes_on(known, end) && is_head(t, known, end)) ||
                                    (goes_on(known, tag) && is_head(t, known, tag));
                if (!longer && !is_others(known, t)) {
                        memmove(&l->templates[n], known, sizeof(*t));
                        n++;
                }
        }
        l->n = n;
}

static void add(struct layout *l, struct template *t) {
        drop_longer(l, t);
        for (size_t i = 0; i < l->n; i++) {
                struct template *known = &l->templates[i];
                if (merge(known, t)) {
                        if (t->suffix_n) {
                                memcpy(known->suffix, t->suffix, t->suffix_n);
                                known->suffix_n = t->suffix_n;
                        }
                        if (t->tail_n && !known->tail_n) {
                                const struct template old = *known;
                                *known = *t;
                                merge(known, &old);
                                known->used = old.used;
                        }
                        return;
                }
        }
        if (l->n == TEMPLATES_MAX) {
                size_t least = 0;
                for (size_t i = 1; i < l->n; i++)
                        if (l->templates[i].used < l->templates[least].used)
                                least = i;
                memmove(&l->templates[least], &l->templates[least + 1], (l->n - least - 1) * sizeof(*t));
                l->n--;
        }
        size_t at = 0;
        while (at < l->n && l->templates[at].n >= t->n)
                at++;
        memmove(&l->templates[at + 1], &l->templates[at], (l->n - at) * sizeof(*t));
        l->templates[at] = *t;
        l->n++;
}

/* What nearly all lines end in, where no line's words show where those end. */
static void find_suffix(const struct window *w, struct candidate *c) {
        enum { LEAST = 12 };
        const struct prefix none = {};
        struct slice common = SLICE_NULL;
        struct prefix p;
        size_t n = 0, without = 0;

        if ((c->suffixes && !c->suffix_differs) || c->t.quote)
                return;
        for (size_t i = c->first; i <= c->last; i++) {
                if (!template_match(&c->t, w->lines[i], false, &none, &p))
                        continue;
                struct slice text = slice_trim(p.text);
                size_t k = 0, most = n++ ? MIN(common.n, text.n) : MIN(text.n, (size_t) SUFFIX_MAX);
                while (n > 1 && k < most && text.s[text.n - 1 - k] == common.s[common.n - 1 - k])
                        k++;
                if (n > 1 && k == 0) {
                        without++;
                        continue;
                }
                common = slice_from(text, text.n - (n > 1 ? k : most));
        }
        common = slice_ltrim(common);
        /* A tag is one whole; letters before a mark are the text's. */
        while (common.n && !tail_may_be_marks(common))
                common = slice_ltrim(slice_from(common, 1));
        if (n < LEAST || common.n == 0 || without * 20 > n)
                return;
        memcpy(c->t.suffix, common.s, common.n);
        c->t.suffix_n = common.n;
}

/* What all lines have behind the text, though it differs: nearly all must end so. */
static void find_tail(const struct window *w, struct candidate *c) {
        const struct prefix none = {};
        struct template t = c->t;
        struct prefix with, without;
        size_t n = 0, have = 0;

        if (!tail_seen(&c->tail) || c->t.quote || c->t.suffix_n || !tail_give(&c->tail, &t))
                return;
        for (size_t i = 0; i < w->n; i++) {
                if (!template_match(&c->t, w->lines[i], false, &none, &without) || without.text.n == 0)
                        continue;
                n++;
                have += template_match(&t, w->lines[i], false, &none, &with) && with.text.n < without.text.n;
        }
        if (tail_sure(&c->tail, n, have))
                c->t = t;
}

/* Words between the lines with a kernel's words may differ where theirs happened to be the same: levels, tasks. */
static void loosen(const struct window *w, struct candidate *c) {
        const size_t span = c->last - c->first + 1;

        if (fits(w, c, false) * 20 >= span * 19 || fits(w, c, true) * 10 < span * 9)
                return;
        for (size_t i = 0; i < c->t.n; i++)
                if (c->t.parts[i].type == PART_WORD && !is_kernel_word(template_part(&c->t, &c->t.parts[i])))
                        c->t.parts[i].any = true;
}

static enum breaks_begins begins_as_known(const struct layout *l, struct slice line) {
        const struct prefix none = {};
        struct prefix p;

        for (size_t i = 0; i < l->n; i++)
                if (!is_marks(&l->templates[i]) && template_match(&l->templates[i], line, false, &none, &p))
                        return slice_trim(p.text).n ? BEGINS : BEGINS_EMPTY;
        return BEGINS_NOT;
}

/* Does the kernel's time end the line? */
static bool is_time_only(struct slice line) {
        const char *open = line.n ? memrchr(line.s, '[', line.n) : NULL;
        struct slice rest = open ? slice_from(line, (size_t) (open - line.s)) : SLICE_NULL;
        struct stamp ignored = {};

        return rest.n && clock_kernel(&rest, &ignored) && slice_trim(rest).n == 0;
}

/* A prefix of known fields need not have been learned. */
static enum breaks_begins begins(const void *userdata, struct slice line) {
        const enum breaks_begins known = begins_as_known(userdata, line);

        if (known != BEGINS_NOT || !has_prefix(slice_from(line, breaks_marks(line).n)))
                return known;
        return is_time_only(line) ? BEGINS_EMPTY : BEGINS;
}

bool layout_breaks(const struct layout *l, struct slice line, struct slice next, bool first, bool *blank,
                   size_t *ret_at) {
        const bool between = breaks_between(&l->breaks, line, next, blank, ret_at);

        if (!layout_broken(l) || next.n <= *ret_at || begins(l, next) != BEGINS_NOT)
                return false;
        if (!first)
                return between;
        const enum breaks_begins first_begins = begins(l, line);
        return first_begins == BEGINS_EMPTY || (between && first_begins == BEGINS);
}

bool layout_unfinished(const struct layout *l, struct slice line, struct slice next, bool headline, size_t *ret_at) {
        const struct slice marks = breaks_marks(line);
        struct anchor a;

        *ret_at = slice_starts(next, marks) ? marks.n : 0;
        return next.n > *ret_at && breaks_unfinished(line, next, headline) && begins(l, next) == BEGINS_NOT &&
               !anchor_find(next, &a);
}

bool layout_broken(const struct layout *l) {
        return l->breaks.width > 0;
}

bool layout_may_break(const struct layout *l, struct slice line, struct slice next) {
        return l->breaks.width == 0 && next.n > 0 && begins(l, line) != BEGINS_NOT && begins(l, next) == BEGINS_NOT;
}

/* As much as is looked at, without a line that its end would cut. */
static struct slice whole_lines(struct slice window) {
        const struct slice head = slice_head(window, LAYOUT_WINDOW);
        const char *end = head.n < window.n ? memrchr(head.s, '\n', head.n) : NULL;

        return end ? slice_head(head, (size_t) (end - head.s) + 1) : head;
}

static void learn_candidate(struct layout *l, const struct window *w, struct candidate *c) {
        if (c->suffix_differs)
                c->t.suffix_n = 0;
        if (!accept(l, w, c))
                return;
        loosen(w, c);
        find_tail(w, c);
        if (!c->t.tail_n)
                find_suffix(w, c);
        add(l, &c->t);
}

/* The window's lines but for the further ones of records behind what a runner puts before each: whoever chose their
 * words did not make the line. Where the window begins within a record, nothing shows what its lines are; where that
 * seems so for many lines, they are padded, as those in a box. */
static void take_window(struct window *w, struct slice window) {
        enum { RECORD_LINES = 32 };
        struct slice before = SLICE_NULL;
        bool begun = false;

        while (window.n && w->n < LINES_MAX) {
                const struct slice line = without_returns(slice_token(&window, '\n'));
                if (!begun && !may_be_further(line)) {
                        w->n = w->n < RECORD_LINES ? 0 : w->n;
                        begun = true;
                }
                /* Blanks that begin a line may be those of one that was broken. */
                if (further_of(line, before) > line.n - slice_ltrim(line).n)
                        continue;
                before = line;
                /* Many empty lines show no more than one. */
                if (line.n > 0 || w->n == 0 || w->lines[w->n - 1].n > 0)
                        w->lines[w->n++] = line;
        }
}

static struct window *window_new(struct slice text) {
        struct window *w = calloc(1, sizeof(*w));

        if (w)
                take_window(w, whole_lines(text));
        return w;
}

int layout_learn(struct layout *l, struct slice window) {
        _cleanup_free_ struct window *w = window_new(window);

        if (!w)
                return -ENOMEM;
        for (size_t i = 0; i < w->n; i++)
                see_line(w, i);
        learn_tag(l, w);
        /* Those with the kernel's tag say which are other programs'. */
        for (size_t i = 0; i < w->n_candidates; i++)
                if (tag_of(&w->candidates[i].t))
                        learn_candidate(l, w, &w->candidates[i]);
        for (size_t i = 0; i < w->n_candidates; i++)
                if (!tag_of(&w->candidates[i].t))
                        learn_candidate(l, w, &w->candidates[i]);
        breaks_learn(&l->breaks, w->lines, w->n, begins, l);
        return 0;
}

int layout_learn_breaks(struct layout *l, struct slice window) {
        _cleanup_free_ struct window *w = window_new(window);

        if (!w)
                return -ENOMEM;
        breaks_learn(&l->breaks, w->lines, w->n, begins, l);
        return 0;
}

const char *layout_name(const struct layout *l) {
        const struct template *best = NULL;

        for (size_t i = 0; i < l->n; i++)
                if (!best || l->templates[i].used > best->used)
                        best = &l->templates[i];
        return best ? template_name(best) : NULL;
}
