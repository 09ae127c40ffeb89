/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "triage/literals.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/macros.h"

/* Longer words tell no more; shorter ones are in every text. */
enum { WORD_MAX = 64, WORD_MIN = 3 };

/* A place in the tree of all words. 0 is its root, and where an index is meant, none. */
struct node {
        uint32_t child, sibling;
        uint32_t fail; /* the longest word's beginning that this place ends in */
        uint32_t out;  /* entries whose word ends here: index + 1 into outs */
        uint32_t hit;  /* the next place along fail with entries */
        uint8_t byte;
};

struct out {
        uint32_t entry, next;
};

struct literals {
        struct node *nodes;
        struct out *outs;
        size_t n_nodes, nodes_room, n_outs, outs_room;
        uint32_t *always, *found; /* found: of the texts since begin(); it begins with always */
        uint64_t *seen;           /* of each entry: the round in which it was found last */
        size_t n_always, always_room, n_found, n_entries;
        uint64_t round;
};

struct literals *literals_free(struct literals *l) {
        if (l) {
                free(l->nodes);
                free(l->outs);
                free(l->always);
                free(l->found);
                free(l->seen);
                free(l);
        }
        return NULL;
}

static int grow(void *items, size_t n, size_t *room, size_t size) {
        void **p = items;

        if (n < *room)
                return 0;
        const size_t more = *room ? *room * 2 : 64;
        void *new = reallocarray(*p, more, size);
        if (!new)
                return -ENOMEM;
        *p = new;
        *room = more;
        return 0;
}

struct literals *literals_new(void) {
        struct literals *l = calloc(1, sizeof(*l));

        if (l && grow(&l->nodes, 0, &l->nodes_room, sizeof(*l->nodes)) < 0)
                return literals_free(l);
        if (l)
                l->nodes[l->n_nodes++] = (struct node){};
        return l;
}

static uint32_t child_of(const struct literals *l, uint32_t at, uint8_t byte) {
        uint32_t c = l->nodes[at].child;

        while (c && l->nodes[c].byte != byte)
                c = l->nodes[c].sibling;
        return c;
}

static int add_child(struct literals *l, uint32_t *at, uint8_t byte) {
        uint32_t c = child_of(l, *at, byte);

        if (!c) {
                if (grow(&l->nodes, l->n_nodes, &l->nodes_room, sizeof(*l->nodes)) < 0)
                        return -ENOMEM;
                c = (uint32_t) l->n_nodes++;
                l->nodes[c] = (struct node){ .byte = byte, .sibling = l->nodes[*at].child };
                l->nodes[*at].child = c;
        }
        *at = c;
        return 0;
}

int literals_add(struct literals *l, uint32_t entry, struct slice word) {
        uint32_t at = 0;

        l->n_entries = MAX(l->n_entries, (size_t) entry + 1);
        word = slice_head(word, WORD_MAX);
        if (word.n < WORD_MIN) {
                if (grow(&l->always, l->n_always, &l->always_room, sizeof(*l->always)) < 0)
                        return -ENOMEM;
                l->always[l->n_always++] = entry;
                return 0;
        }
        for (size_t i = 0; i < word.n; i++)
                if (add_child(l, &at, (uint8_t) word.s[i]) < 0)
                        return -ENOMEM;
        if (grow(&l->outs, l->n_outs, &l->outs_room, sizeof(*l->outs)) < 0)
                return -ENOMEM;
        l->outs[l->n_outs++] = (struct out){ entry, l->nodes[at].out };
        l->nodes[at].out = (uint32_t) l->n_outs;
        return 0;
}

/* Where a text goes on from here with that byte. */
static uint32_t step(const struct literals *l, uint32_t at, uint8_t byte) {
        for (;;) {
                const uint32_t c = child_of(l, at, byte);
                if (c || at == 0)
                        return c;
                at = l->nodes[at].fail;
        }
}

int literals_finish(struct literals *l) {
        _cleanup_free_ uint32_t *queue = calloc(l->n_nodes, sizeof(*queue));
        size_t n = 1;

        l->found = calloc(l->n_entries + 1, sizeof(*l->found));
        l->seen = calloc(l->n_entries + 1, sizeof(*l->seen));
        if (!queue || !l->found || !l->seen)
                return -ENOMEM;
        /* By depth: what a place falls back to is known before it. */
        for (size_t i = 0; i < n; i++)
                for (uint32_t c = l->nodes[queue[i]].child; c; c = l->nodes[c].sibling) {
                        struct node *x = &l->nodes[c];
                        x->fail = queue[i] ? step(l, l->nodes[queue[i]].fail, x->byte) : 0;
                        x->hit = l->nodes[x->fail].out ? x->fail : l->nodes[x->fail].hit;
                        queue[n++] = c;
                }
        return 0;
}

static void find(struct literals *l, uint32_t entry) {
        if (l->seen[entry] == l->round)
                return;
        l->seen[entry] = l->round;
        l->found[l->n_found++] = entry;
}

void literals_begin(struct literals *l) {
        l->round++;
        l->n_found = 0;
        for (size_t i = 0; i < l->n_always; i++)
                find(l, l->always[i]);
}

void literals_text(struct literals *l, struct slice text) {
        uint32_t at = 0;

        for (size_t i = 0; i < text.n; i++) {
                at = step(l, at, (uint8_t) text.s[i]);
                for (uint32_t hit = l->nodes[at].out ? at : l->nodes[at].hit; hit; hit = l->nodes[hit].hit)
                        for (uint32_t o = l->nodes[hit].out; o; o = l->outs[o - 1].next)
                                find(l, l->outs[o - 1].entry);
        }
}

static int by_number(const void *a, const void *b) {
        const uint32_t x = *(const uint32_t *) a, y = *(const uint32_t *) b;
        return x < y ? -1 : x > y;
}

const uint32_t *literals_entries(struct literals *l, size_t *n) {
        if (l->n_found)
                qsort(l->found, l->n_found, sizeof(*l->found), by_number);
        *n = l->n_found;
        return l->found;
}

/* --- what a regular expression must find --- */

/* Behind a class "[...]" or a group "(...)", with what repeats it not yet eaten; empty at the end too. *ok: it is
 * understood. */
static struct slice after_class(struct slice s, bool *ok) {
        s = slice_from(s, 1);
        if (s.n && s.s[0] == '^')
                s = slice_from(s, 1);
        for (bool first = true; s.n; first = false) {
                if (s.s[0] == ']' && !first)
                        return slice_from(s, 1);
                /* \\Q begins a quotation that hides the end, [: a class in it. */
                if ((s.s[0] == '\\' && s.n > 1 && s.s[1] == 'Q') || (s.s[0] == '[' && s.n > 1 && strchr(":.=", s.s[1])))
                        break;
                s = slice_from(s, s.s[0] == '\\' ? 2 : 1);
        }
        *ok = false;
        return SLICE_NULL;
}

/* Flags, comments, verbs: they change what the rest means. */
static bool is_special_group(struct slice s) {
        return slice_starts(s, SLICE("(*")) || (slice_starts(s, SLICE("(?")) && !slice_starts(s, SLICE("(?:")));
}

static struct slice after_group(struct slice s, bool *ok) {
        unsigned depth = 0;

        while (*ok && s.n) {
                const char c = s.s[0];
                if (is_special_group(s) || (c == '\\' && s.n > 1 && s.s[1] == 'Q'))
                        break;
                if (c == '[') {
                        s = after_class(s, ok);
                        continue;
                }
                depth += c == '(';
                s = slice_from(s, c == '\\' ? 2 : 1);
                if (c == ')' && --depth == 0)
                        return s;
        }
        *ok = false;
        return SLICE_NULL;
}

static bool repeats(struct slice s) {
        return s.n && strchr("*?{", s.s[0]) && s.s[0];
}

struct slice literal_of_pattern(struct slice all) {
        struct slice best = SLICE_NULL, s = all;
        const char *run = s.s;
        bool ok = true;

        while (ok && s.n) {
                const char c = s.s[0], *at = s.s;
                bool plain = false;

                /* Of braces it is not known here whether they count. */
                if (c == '|' || c == '\0' || c == '{' || is_special_group(s))
                        return SLICE_NULL;
                if (c == '[')
                        s = after_class(s, &ok);
                else if (c == '(')
                        s = after_group(s, &ok);
                else if (c == '\\') {
                        /* What takes more than one letter is not understood here. */
                        if (s.n < 2 || ((isalnum((unsigned char) s.s[1]) || s.s[1] == '_') &&
                                        !strchr("bBAzZGdDwWsShHvVRntrfea", s.s[1])))
                                return SLICE_NULL;
                        s = slice_from(s, 2);
                } else {
                        plain = !strchr(".^$*+?{})", c);
                        s = slice_from(s, 1);
                }
                /* A run ends before what is not plain, and before what may be there no times. */
                const bool kept = plain && !repeats(s);
                if (!kept || s.n == 0) {
                        const size_t n = (size_t) ((kept ? s.s : at) - run);
                        if (n > best.n)
                                best = (struct slice){ run, n };
                        run = s.s;
                }
        }
        return ok ? best : SLICE_NULL;
}
