/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "output/by_boot.h"

#include <errno.h>
#include <stdlib.h>

#include "base/macros.h"

void by_boot_done(struct by_boot *b) {
        free(b->findings);
        free(b->first);
        free(b->number);
        free(b->of);
        *b = (struct by_boot){};
}

/* Counted, then put in their places. */
static void sort_findings(const struct scan *s, struct by_boot *b) {
        for (size_t i = 0; i < s->store.n; i++)
                b->first[s->store.items[i]->boot + 1]++;
        for (size_t i = 0; i < s->boots.n; i++)
                b->first[i + 1] += b->first[i];
        for (size_t i = 0; i < s->store.n; i++)
                b->findings[b->first[s->store.items[i]->boot]++] = s->store.items[i];
        /* Each first is the next one's by now. */
        for (size_t i = s->boots.n; i > 0; i--)
                b->first[i] = b->first[i - 1];
        b->first[0] = 0;
}

static void number_boots(const struct scan *s, struct by_boot *b, uint32_t *of_source) {
        for (size_t i = 0; i < s->boots.n; i++)
                if (!*s->boots.items[i]->id)
                        b->number[i] = ++of_source[s->boots.items[i]->source];
        for (size_t i = 0; i < s->boots.n; i++)
                b->of[i] = of_source[s->boots.items[i]->source];
}

int by_boot_make(const struct scan *s, struct by_boot *ret) {
        _cleanup_free_ uint32_t *of_source = calloc(s->n_sources + 1, sizeof(*of_source));
        struct by_boot b = {
                .findings = calloc(s->store.n + 1, sizeof(*b.findings)),
                .first = calloc(s->boots.n + 2, sizeof(*b.first)),
                .number = calloc(s->boots.n + 1, sizeof(*b.number)),
                .of = calloc(s->boots.n + 1, sizeof(*b.of)),
        };

        *ret = b;
        if (!of_source || !b.findings || !b.first || !b.number || !b.of)
                return -ENOMEM;
        sort_findings(s, ret);
        number_boots(s, ret, of_source);
        return 0;
}
