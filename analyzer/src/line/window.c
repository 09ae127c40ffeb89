/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "line/window.h"

#include <stdlib.h>
#include <string.h>

#include "base/macros.h"
#include "base/table.h"
#include "line/anchor.h"
#include "line/clock.h"
#include "line/further.h"
#include "line/layout.h"
#include "line/own_words.h"
#include "line/shape.h"
#include "line/tag.h"

struct slice window_line(struct slice line) {
        while (line.n && line.s[0] == '\r')
                line = slice_from(line, 1);
        return slice_rtrim(line);
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

        if (!anchor_find(line, &a) || begins_with_name(line) || !template_make(&t, slice_head(line, a.at)) ||
            is_programs(&t))
                return;
        t.quote = template_quote(slice_head(line, a.at), slice_from(line, a.at));
        size_t k = 0;
        while (k < w->n_candidates && !shape_merge(&w->candidates[k].t, &t))
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
size_t window_first_lines(const struct window *w) {
        size_t n = 0;

        for (size_t i = 0; i < w->n; i++)
                n += !may_be_further(w->lines[i]);
        return n;
}

/* The lines of the candidate's span that can speak against it: where the kernel's time ends the prefix, those that have
 * one. Others are not the kernel's. */
size_t window_voters(const struct window *w, const struct candidate *c, bool timed) {
        size_t n = 0;

        for (size_t i = c->first; i <= c->last; i++)
                n += !timed || has_kernel_time(w->lines[i]);
        return n;
}

/* The lines of the candidate's span that its template fits, strictly or loosely. */
size_t window_fits(const struct window *w, const struct candidate *c, bool loose) {
        const struct prefix none = {};
        struct prefix p;
        size_t n = 0;

        for (size_t i = c->first; i <= c->last; i++)
                n += template_match(&c->t, w->lines[i], loose, &none, &p);
        return n;
}

/* Lines of other programs among them. */
size_t window_fellows(const struct window *w, size_t first, size_t last, const struct template *t) {
        size_t n = 0;

        for (size_t i = first; i <= last; i++)
                n += is_fellow(t, w->lines[i]);
        return n;
}

/* Texts that are not the same, as far as they are counted. */
struct texts {
        uint64_t hashes[3];
        size_t n;
};

static void see_text(struct texts *t, struct slice text) {
        const uint64_t hash = hash_slice(HASH_START, slice_trim(text));

        for (size_t i = 0; i < t->n; i++)
                if (t->hashes[i] == hash)
                        return;
        if (t->n < ARRAY_SIZE(t->hashes))
                t->hashes[t->n++] = hash;
}

/* Of the window's lines that have the template's first parts, do nearly all have the rest too, or another program's
 * tag where it has the kernel's? One message many times over shows no prefix. */
bool window_is_common(const struct window *w, const struct template *t, size_t parts, bool loose) {
        const struct prefix none = {};
        struct template shorter = *t;
        struct texts texts = {};
        struct prefix p;
        size_t all = 0, have = 0;

        shorter.n = parts;
        shorter.pad = 0;
        for (size_t i = 0; i < w->n; i++)
                if (template_match(&shorter, w->lines[i], false, &none, &p)) {
                        all++;
                        if (template_match(t, w->lines[i], loose, &none, &p)) {
                                have++;
                                see_text(&texts, p.text);
                        } else
                                have += is_fellow(t, w->lines[i]);
                }
        return (have >= 6 || (have >= 3 && have == w->n)) && have * 10 >= all * 8 &&
               texts.n == ARRAY_SIZE(texts.hashes);
}

/* Is it a quotation, of which the lines around those with a kernel's words are too? */
bool window_is_quotation(const struct window *w, const struct candidate *c) {
        enum { AROUND = 3 };
        struct candidate around = *c;

        if (c->t.n == 0 || c->t.parts[0].open != '>' || c->t.parts[0].type != PART_MARK || !shape_is_marks(&c->t))
                return false;
        around.last = MIN(c->first + AROUND, w->n - 1);
        return window_fits(w, &around, false) == around.last - around.first + 1 && around.last > around.first;
}

/* What nearly all lines end in, where no line's words show where those end. */
void window_find_suffix(const struct window *w, struct candidate *c) {
        enum { LEAST = 12 };
        const struct prefix none = {};
        struct slice common = SLICE_NULL;
        struct prefix p;
        size_t n = 0, without = 0;

        if ((c->suffixes && !c->suffix_differs) || c->t.quote)
                return;
        for (size_t i = 0; i < w->n; i++) {
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
void window_find_tail(const struct window *w, struct candidate *c) {
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
void window_loosen(const struct window *w, struct candidate *c) {
        const size_t span = c->last - c->first + 1;

        if (window_fits(w, c, false) * 20 >= span * 19 || window_fits(w, c, true) * 10 < span * 9)
                return;
        for (size_t i = 0; i < c->t.n; i++)
                if (c->t.parts[i].type == PART_WORD && !is_kernel_word(template_part(&c->t, &c->t.parts[i])))
                        c->t.parts[i].any = true;
}

/* As much as is looked at, without a line that its end would cut. */
static struct slice whole_lines(struct slice window) {
        const struct slice head = slice_head(window, LAYOUT_WINDOW);
        const char *end = head.n < window.n ? memrchr(head.s, '\n', head.n) : NULL;

        return end ? slice_head(head, (size_t) (end - head.s) + 1) : head;
}

/* The window's lines but for the further ones of records behind what a runner puts before each: whoever chose their
 * words did not make the line. Where the window begins within a record, nothing shows what its lines are; where that
 * seems so for many lines, they are padded, as those in a box. */
static void take_window(struct window *w, struct slice window) {
        enum { RECORD_LINES = 32 };
        struct slice before = SLICE_NULL;
        bool begun = false;

        while (window.n && w->n < BREAKS_LINES) {
                const struct slice line = window_line(slice_token(&window, '\n'));
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

struct window *window_new(struct slice text) {
        struct window *w = calloc(1, sizeof(*w));

        if (w)
                take_window(w, whole_lines(text));
        return w;
}

/* A further line of a record shows nothing of how lines begin: behind its blanks stands what may be a user's. */
void window_find_candidates(struct window *w) {
        struct slice before = SLICE_NULL;

        for (size_t i = 0; i < w->n; i++) {
                if (further_of(w->lines[i], before))
                        continue;
                see_line(w, i);
                before = w->lines[i];
        }
}
