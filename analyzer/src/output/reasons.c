/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "output/reasons.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"

enum { SHOWN = 10, INDENT = 4 };

/* Numbers are this character to the comparison: none that a reason has. */
enum { NUMBER = 1 };

struct group {
        const char *reason; /* of one of them */
        size_t boots;
        bool varies; /* in its numbers */
};

int reasons_add(struct reasons *r, const char *text, size_t boot) {
        /* Doubled at each power of two. */
        if ((r->n & (r->n - 1)) == 0) {
                struct reason *items = realloc(r->items, (r->n ? 2 * r->n : 1) * sizeof(*items));
                if (!items)
                        return -ENOMEM;
                r->items = items;
        }
        r->items[r->n++] = (struct reason){ text, boot };
        return 0;
}

void reasons_done(struct reasons *r) {
        free(r->items);
        *r = (struct reasons){};
}

/* "26.741761" is one number. */
static size_t number_length(const char *p) {
        return is_digit(*p) ? strspn(p, "0123456789.") : 0;
}

/* The next character, or NUMBER for all of a number; 0 at the end. */
static int next(const char **p) {
        const size_t n = number_length(*p);
        const int c = n ? NUMBER : (unsigned char) **p;

        *p += n ? n : c != 0;
        return c;
}

static int compare_words(const char *x, const char *y) {
        int c, d;

        do {
                c = next(&x);
                d = next(&y);
        } while (c && c == d);
        return c - d;
}

static int by_words(const void *a, const void *b) {
        const struct reason *x = a, *y = b;
        const int c = compare_words(x->text, y->text);

        return c ? c : (x->boot > y->boot) - (x->boot < y->boot);
}

/* Equal ones in the order of their words, so that the output is the same for the same input. */
static int by_boots(const void *a, const void *b) {
        const struct group *x = a, *y = b;

        return x->boots != y->boots ? (x->boots < y->boots ? 1 : -1) : compare_words(x->reason, y->reason);
}

static struct group *group(struct reasons *r, size_t *n) {
        struct group *groups = calloc(r->n, sizeof(*groups));

        *n = 0;
        if (!groups)
                return NULL;
        qsort(r->items, r->n, sizeof(*r->items), by_words);
        for (size_t i = 0; i < r->n; i++) {
                const struct reason *x = &r->items[i];
                const bool first = i == 0 || compare_words(x[-1].text, x->text) != 0;
                if (first)
                        groups[(*n)++].reason = x->text;
                struct group *g = &groups[*n - 1];
                g->boots += first || x[-1].boot != x->boot;
                g->varies |= strcmp(g->reason, x->text) != 0;
        }
        qsort(groups, *n, sizeof(*groups), by_boots);
        return groups;
}

/* Numbers that differ are left out: "silent since [...]". */
static int show_group(const struct terminal *t, const char *label, const struct group *g) {
        _cleanup_free_ char *text = NULL;
        size_t n = 0;
        FILE *f = open_memstream(&text, &n);

        if (!f)
                return -ENOMEM;
        fprintf(f, "%s in %zu boot%s: ", label, g->boots, g->boots == 1 ? "" : "s");
        for (const char *p = g->reason; *p;) {
                const size_t digits = g->varies ? number_length(p) : 0;
                fputs(digits ? "..." : (char[]){ *p, '\0' }, f);
                p += digits ? digits : 1;
        }
        if (fclose(f) != 0)
                return -ENOMEM;
        show_wrapped(t, slice_of(text), 0, INDENT);
        return 0;
}

int reasons_show(struct reasons *r, const struct terminal *t, const char *label) {
        size_t n;
        int e = 0;

        if (r->n == 0)
                return 0;
        _cleanup_free_ struct group *groups = group(r, &n);
        if (!groups)
                return -ENOMEM;
        for (size_t i = 0; e == 0 && i < n && i < SHOWN; i++)
                e = show_group(t, label, &groups[i]);
        if (n > SHOWN)
                fprintf(t->f, "%*sand %zu more reasons\n", INDENT, "", n - SHOWN);
        return e;
}
