/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "line/layout.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/macros.h"
#include "line/anchor.h"
#include "line/breaks.h"
#include "line/clock.h"
#include "line/facility.h"
#include "line/further.h"
#include "line/own_words.h"
#include "line/shape.h"
#include "line/tag.h"
#include "line/tail.h"
#include "line/template.h"
#include "line/window.h"

enum { TEMPLATES_MAX = 8 };

struct layout {
        struct template templates[TEMPLATES_MAX]; /* those of most parts first */
        size_t n;
        struct before before;
        struct prefix_bytes kernels; /* of the last line of the kernel's that was made so */
        struct template tag; /* of the kernel's lines up to its tag, as a line shows it; of no parts where none does */
        bool has_kernels;    /* a line has the kernel's tag */
        bool has_writers;    /* many name their writers; not only systemd does, in the kernel's log */
        bool tagged;         /* and many name their writers so */
        bool outer;          /* most have something before the kernel's time, what a logger or a runner writes */
        bool pasted;         /* it holds pieces of several logs */
        struct facilities facilities;
        struct breaks breaks;
};

struct before *layout_before(struct layout *l) {
        return &l->before;
}

struct prefix_bytes *layout_kernels(struct layout *l) {
        return &l->kernels;
}

int layout_new(struct layout **ret, bool pasted) {
        *ret = calloc(1, sizeof(**ret));
        if (!*ret)
                return -ENOMEM;
        (*ret)->pasted = pasted;
        return 0;
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

/* Does something stand behind words that end a line, which the template does not know? The lines that it was made from
 * did not show where they end. */
static bool lacks_tail(const struct template *t, struct slice line, const struct anchor *a) {
        const struct slice suffix = { t->suffix, t->suffix_n };

        if (t->tail_n || t->quote || a->end >= line.n)
                return false;
        /* The same marks may end what differs. */
        struct slice rest = slice_from(line, a->end);
        if (slice_ends(rest, suffix))
                rest.n -= suffix.n;
        return tail_has_letters(rest);
}

bool layout_doubts(const struct layout *l, struct slice line) {
        const struct prefix none = {};
        struct prefix p;
        struct anchor a;

        line = window_line(line);
        if (!anchor_find(line, &a) || begins_with_name(line))
                return false;
        for (size_t i = 0; i < l->n; i++)
                if (template_match(&l->templates[i], line, false, &none, &p))
                        return p.width != a.at || lacks_tail(&l->templates[i], line, &a);
        return true;
}

/* Words before a kernel's in few lines, which begin as no line of a log does: a message that holds what a user chose.
 */
static bool is_of_few(const struct window *w, const struct candidate *c) {
        enum { ONE_IN = 4 };
        struct candidate all = *c;

        all.first = 0;
        all.last = w->n - 1;
        return !shape_begins_line(w->lines[c->first]) && window_fits(w, &all, true) * ONE_IN < w->n;
}

/* Do other lines have a prefix? Then one without may be a further line of a message, or a program's. */
static bool has_prefixes(const struct layout *l, const struct window *w) {
        bool has = layout_prefixed(l);
        size_t n = 0;

        for (size_t i = 0; i < w->n_candidates; i++)
                has = has || (w->candidates[i].t.n > 0 && !is_of_few(w, &w->candidates[i]));
        for (size_t i = 0; i < w->n && !has; i++)
                n += shape_begins_line(w->lines[i]);
        return has || n * 4 > w->n;
}

/* Has any other candidate, or what is known, a prefix of more than marks? */
static bool has_other_prefix(const struct layout *l, const struct window *w) {
        bool has = false;

        for (size_t i = 0; i < l->n && !has; i++)
                has = l->templates[i].n > 0 && !shape_is_marks(&l->templates[i]);
        for (size_t i = 0; i < w->n_candidates && !has; i++)
                has = w->candidates[i].t.n > 0 && !shape_is_marks(&w->candidates[i].t);
        return has;
}

/* Lines of the candidate's span that have no prefix. */
static size_t bare(const struct layout *l, const struct window *w, const struct candidate *c) {
        const struct prefix none = {};
        struct prefix p;
        size_t n = 0;

        for (size_t i = c->first; i <= c->last; i++) {
                bool prefixed = shape_begins_line(w->lines[i]);
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

/* Does a line with a kernel's words end its prefix where the candidate's goes on? Then the rest is not the prefix but
 * what messages begin with, and behind it stands what a user chose: "[   12.345678] input: ". */
static bool is_shorter_known(const struct layout *l, const struct window *w, const struct candidate *c, size_t end) {
        for (size_t i = 0; i < l->n; i++)
                if (shape_is_head(&l->templates[i], &c->t, end))
                        return true;
        for (size_t i = 0; i < w->n_candidates; i++)
                if (&w->candidates[i] != c && shape_is_head(&w->candidates[i].t, &c->t, end))
                        return true;
        return false;
}

/* The same of a prefix that ends elsewhere than behind the kernel's time or name: {ts=TIME level=info msg="usb 1-1:
 * Product: } beside {ts=TIME level=info msg="}. One line shows it, however many go on alike. */
static bool goes_on_as_message(const struct layout *l, const struct window *w, const struct candidate *c) {
        for (size_t i = 0; i < l->n; i++)
                if (shape_is_beginning(&l->templates[i], &c->t))
                        return true;
        for (size_t i = 0; i < w->n_candidates; i++)
                if (&w->candidates[i] != c && shape_is_beginning(&w->candidates[i].t, &c->t))
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

bool layout_denies(const struct layout *l, struct slice line) {
        return facilities_deny(&l->facilities, line);
}

bool layout_has_outer(const struct layout *l) {
        return l->outer || l->tagged;
}

bool layout_lacks_outer(const struct layout *l, struct slice line) {
        return l->outer && begins_with_kernels_time(line);
}

/* Do most of the lines have something before the kernel's time? A line without is then the end of another. What the
 * console says of lost messages is the kernel's own. */
static void learn_outer(struct layout *l, const struct window *w) {
        const struct prefix none = {};
        struct prefix p;
        size_t with = 0, without = 0;

        for (size_t i = 0; i < w->n; i++) {
                if (slice_starts(w->lines[i], SLICE("** ")))
                        continue;
                const bool bare = begins_with_kernels_time(w->lines[i]);
                bool fits = layout_others(l, w->lines[i]);
                for (size_t k = 0; k < l->n && !bare && !fits; k++)
                        fits = has_outer(&l->templates[k]) &&
                               template_match(&l->templates[k], w->lines[i], false, &none, &p);
                with += !bare && fits;
                without += bare;
        }
        l->outer = with > 0 && without < with;
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
                facilities_learn(&l->facilities, w->lines[i]);
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

static bool has_others_tag(const struct layout *l, const struct window *w, const struct candidate *c) {
        for (size_t i = 0; i < l->n; i++)
                if (is_others(&c->t, &l->templates[i]) || lacks_name(&c->t, &l->templates[i]) ||
                    shape_lacks_time(&c->t, &l->templates[i]))
                        return true;
        for (size_t i = 0; i < w->n_candidates; i++)
                if (lacks_name(&c->t, &w->candidates[i].t) || shape_lacks_time(&c->t, &w->candidates[i].t))
                        return true;
        for (size_t i = 0; i < w->n; i++)
                if (is_labelled_otherwise(&c->t, w->lines[i]))
                        return true;
        return (l->has_kernels || l->has_writers) && is_others(&c->t, &l->tag);
}

/* A candidate that goes on behind the kernel's time, or its tag. */
static bool goes_on_alike(const struct layout *l, const struct window *w, const struct candidate *c, size_t end) {
        return !is_shorter_known(l, w, c, end) &&
               window_is_common(w, &c->t, end, c->anchors >= 3 && __builtin_popcountll(c->kinds) >= 2);
}

/* Whether a candidate is how the text's lines are made, or only what somebody put into a line or two. What users choose
 * stands behind the kernel's own time or name: a prefix that goes on after those must be that of nearly all lines.
 * Another must have a report's lines behind one another, of several kinds; one of known fields alone needs no more. */
static bool accept(const struct layout *l, const struct window *w, const struct candidate *c) {
        const size_t span = c->last - c->first + 1, end = shape_terminal(&c->t), words = shape_words_from(&c->t);
        const size_t fit = window_fits(w, c, false) + window_fellows(w, c->first, c->last, &c->t);

        /* A log without any prefix, whatever others in the same mail have. */
        if (l->pasted && shape_is_marks(&c->t) && c->anchors >= 3 && __builtin_popcountll(c->kinds) >= 2)
                return true;
        if (lacks_tag(l, c) || has_others_tag(l, w, c) || goes_on_as_message(l, w, c))
                return false;
        if (shape_goes_on(&c->t, words))
                return goes_on_alike(l, w, c, words) && (!shape_goes_on(&c->t, shape_behind_tag(&c->t)) ||
                                                         goes_on_alike(l, w, c, shape_behind_tag(&c->t)));
        if (c->t.n == 0 && has_prefixes(l, w))
                return c->t.pad == 0 && c->anchors >= 3 && __builtin_popcountll(c->kinds) >= 2 &&
                       bare(l, w, c) * 2 >= span;
        struct candidate all = *c;
        all.first = 0;
        all.last = w->n - 1;
        if (shape_is_plain(&c->t))
                return !shape_words_before_time(&c->t) ||
                       window_fits(w, &all, true) * 2 >= window_voters(w, &all, true);
        if (!has_other_prefix(l, w) && window_is_quotation(w, c))
                return true;
        if (c->anchors >= 3 && __builtin_popcountll(c->kinds) >= 2)
                return fit * 2 >= window_voters(w, c, end > 0 && end == c->t.n && c->t.parts[end - 1].timed);
        /* A line or two: their neighbours must be alike. */
        return w->n >= 3 &&
               (window_fits(w, &all, shape_has_numbers(&c->t)) + window_fellows(w, 0, w->n - 1, &c->t)) * 5 >=
                       window_first_lines(w) * 4;
}

/* What a text's beginning made look like a prefix, for all its lines were of one kind: another line ends it before, or
 * shows that it is another program's. */
static void drop_longer(struct layout *l, const struct template *t) {
        size_t n = 0;

        for (size_t i = 0; i < l->n; i++) {
                const struct template *known = &l->templates[i];
                const size_t end = shape_words_from(known), tag = shape_behind_tag(known);
                const bool longer = (shape_goes_on(known, end) && shape_is_head(t, known, end)) ||
                                    (shape_goes_on(known, tag) && shape_is_head(t, known, tag));
                if (!longer && !is_others(known, t) && !shape_is_beginning(t, known)) {
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
                if (shape_merge(known, t)) {
                        if (t->suffix_n) {
                                memcpy(known->suffix, t->suffix, t->suffix_n);
                                known->suffix_n = t->suffix_n;
                        }
                        if (t->tail_n && !known->tail_n) {
                                const struct template old = *known;
                                *known = *t;
                                shape_merge(known, &old);
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

static enum breaks_begins begins_as_known(const struct layout *l, struct slice line) {
        const struct prefix none = {};
        struct prefix p;

        for (size_t i = 0; i < l->n; i++)
                if (!shape_is_marks(&l->templates[i]) && template_match(&l->templates[i], line, false, &none, &p))
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
        const struct layout *l = userdata;
        const enum breaks_begins known = begins_as_known(l, line);

        /* Where lines have no prefix one that begins so holds what a user chose. */
        if (l->n > 0 && !layout_prefixed(l) && begins_with_name(slice_trim(line)))
                return BEGINS_NOT;
        if (known != BEGINS_NOT || !shape_begins_line(slice_from(line, breaks_marks(line).n)))
                return known;
        return is_time_only(line) ? BEGINS_EMPTY : BEGINS;
}

/* Does it end where the kernel's words end? However wide it is, nothing was broken off. */
static bool is_whole(struct slice line) {
        struct anchor a;
        return anchor_find(line, &a) && a.end == line.n;
}

bool layout_breaks(const struct layout *l, struct slice line, struct slice next, bool first, bool *blank,
                   size_t *ret_at) {
        const bool between = breaks_between(&l->breaks, line, next, blank, ret_at);

        if (!layout_broken(l) || next.n <= *ret_at || begins(l, next) != BEGINS_NOT)
                return false;
        if (between && is_whole(line))
                return false;
        if (!first)
                return between;
        const enum breaks_begins first_begins = further_of(next, line) ? BEGINS_NOT : begins(l, line);
        return first_begins == BEGINS_EMPTY || (between && first_begins == BEGINS);
}

bool layout_unfinished(const struct layout *l, struct slice line, struct slice next, bool headline, size_t *ret_at) {
        struct anchor a;

        if (!breaks_unfinished(line, next, headline) || further_of(next, line) > 0)
                return false;
        const struct slice marks = breaks_marks(line);
        *ret_at = slice_starts(next, marks) ? marks.n : 0;
        while (*ret_at < next.n && next.s[*ret_at] == ' ')
                ++*ret_at;
        return next.n > *ret_at && begins(l, next) == BEGINS_NOT && !anchor_find(next, &a);
}

bool layout_broken(const struct layout *l) {
        return l->breaks.width > 0;
}

bool layout_may_break(const struct layout *l, struct slice line, struct slice next) {
        return l->breaks.width == 0 && next.n > 0 && begins(l, next) == BEGINS_NOT && begins(l, line) != BEGINS_NOT;
}

static void learn_candidate(struct layout *l, const struct window *w, struct candidate *c) {
        if (c->suffix_differs)
                c->t.suffix_n = 0;
        if (!accept(l, w, c))
                return;
        window_loosen(w, c);
        window_find_tail(w, c);
        if (!c->t.tail_n)
                window_find_suffix(w, c);
        add(l, &c->t);
}

int layout_learn(struct layout *l, struct slice window) {
        _cleanup_free_ struct window *w = window_new(window);

        if (!w)
                return -ENOMEM;
        window_find_candidates(w);
        learn_tag(l, w);
        /* Those with the kernel's tag say which are other programs'. */
        for (size_t i = 0; i < w->n_candidates; i++)
                if (tag_of(&w->candidates[i].t))
                        learn_candidate(l, w, &w->candidates[i]);
        for (size_t i = 0; i < w->n_candidates; i++)
                if (!tag_of(&w->candidates[i].t))
                        learn_candidate(l, w, &w->candidates[i]);
        learn_outer(l, w);
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
