/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <stdlib.h>

#include "base/macros.h"
#include "output/html/page.h"

/* The order of the findings: the digest's, but what follows from a finding stands below it. */

struct of_line {
        const struct finding *f;
        size_t line;
};

static int by_finding(const void *a, const void *b) {
        const struct of_line *x = a, *y = b;

        return x->f < y->f ? -1 : x->f > y->f;
}

/* The line that has the likely first cause of this one; NULL: it stands by itself. What is new stays above what is
 * not. */
static const struct of_line *cause_of(const struct page *p, size_t line, const struct of_line *members, size_t n) {
        const struct digest_line *l = &p->digest->lines[line];
        const struct of_line key = { .f = l->example->cause };
        const struct of_line *m = key.f ? bsearch(&key, members, n, sizeof(*members), by_finding) : NULL;

        return m && m->line != line && (!l->is_new || p->digest->lines[m->line].is_new) ? m : NULL;
}

/* The cause of each line, itself if it has none. One level is shown: what follows from a line that itself follows from
 * another stands by itself. */
static void link_lines(const struct page *p, const struct of_line *members, size_t n, size_t *cause) {
        for (size_t i = 0; i < p->digest->n; i++) {
                const struct of_line *m = cause_of(p, i, members, n);
                cause[i] = m ? m->line : i;
        }
        for (size_t i = 0; i < p->digest->n; i++)
                if (cause[cause[i]] != cause[i])
                        cause[i] = i;
}

/* Of a cause the first and the last line that follows, of each of these the next; as 1 + line, 0 for none. */
struct list {
        size_t first, last, next;
};

int html_order(struct page *p) {
        const size_t n = p->digest->n;
        size_t n_members = 0, at = 0;

        for (size_t i = 0; i < n; i++)
                n_members += p->digest->lines[i].n;
        _cleanup_free_ struct of_line *members = calloc(n_members + 1, sizeof(*members));
        _cleanup_free_ size_t *cause = calloc(n + 1, sizeof(*cause));
        _cleanup_free_ struct list *lists = calloc(n + 1, sizeof(*lists));
        p->lines = arena_new(&p->arena, struct placed_line, n + 1);
        if (!members || !cause || !lists || !p->lines)
                return -ENOMEM;
        n_members = 0;
        for (size_t i = 0; i < n; i++)
                for (size_t k = 0; k < p->digest->lines[i].n; k++)
                        members[n_members++] = (struct of_line){ p->digest->lines[i].all[k], i };
        qsort(members, n_members, sizeof(*members), by_finding);
        link_lines(p, members, n_members, cause);
        for (size_t i = 0; i < n; i++) {
                struct list *of = &lists[cause[i]];
                if (cause[i] == i)
                        continue;
                *(of->first ? &lists[of->last - 1].next : &of->first) = i + 1;
                of->last = i + 1;
        }
        for (size_t i = 0; i < n; i++) {
                if (cause[i] != i)
                        continue;
                p->lines[at++] = (struct placed_line){ .line = i };
                for (size_t k = lists[i].first; k; k = lists[k - 1].next)
                        p->lines[at++] = (struct placed_line){ .line = k - 1, .follows = true };
        }
        return 0;
}
