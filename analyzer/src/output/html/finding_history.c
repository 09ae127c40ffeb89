/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <stdlib.h>

#include "base/macros.h"
#include "output/html/page.h"

/* What the page's boots say of a signature; of one boot there is nothing to say. */

static int make_history(struct page *p, const struct digest_line *l, struct history *ret) {
        _cleanup_free_ struct sighting *all = calloc(l->n, sizeof(*all));

        if (!all)
                return -ENOMEM;
        for (size_t i = 0; i < l->n; i++)
                all[i] = (struct sighting){ l->all[i], l->all[i]->boot };
        return history_make(&p->series, all, l->n, ret);
}

static void print_fact(struct page *p, const struct history *h, enum history_fact fact) {
        _cleanup_free_ char *text = history_fact(h, fact);

        if (!text)
                p->error = -ENOMEM;
        else if (*text) {
                rawf(p, "<div><dt>%s<dd>", history_fact_name(fact));
                html_text(p, text);
                raw(p, "</div>");
        }
}

void html_history(struct page *p, const struct digest_line *l) {
        _cleanup_(history_done) struct history h = {};

        if (p->series.n < 2)
                return;
        if (make_history(p, l, &h) < 0) {
                p->error = -ENOMEM;
                return;
        }
        /* When it was seen stands above, with links. */
        for (int i = HISTORY_SEEN + 1; i < N_HISTORY_FACTS; i++)
                print_fact(p, &h, (enum history_fact) i);
}
