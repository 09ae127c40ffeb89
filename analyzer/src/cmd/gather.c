/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "cmd/gather.h"

#include <errno.h>
#include <string.h>

#include "base/log.h"
#include "base/macros.h"

enum { DIGITS_LEAST = 6 };

void gathered_done(struct gathered *g) {
        signatures_done(&g->signatures);
        side_done(&g->side);
}

int gather(struct gathered *g, const struct words *words, struct known *known) {
        static const struct source_options all;
        const struct question q = { .fail_on = RELEVANCE_UNRELATED };
        int e = 0;

        for (size_t i = 0; e == 0 && i < words->n; i++)
                e = strcmp(words->items[i], "-") == 0 ? side_read_log(&g->side, words->items[i], &all) :
                                                        side_read(&g->side, words->items[i], &all);
        if (e < 0)
                return e;
        if (side_finish(&g->side, known, &q) < 0)
                return log_oom();
        for (int i = 0; i < 2; i++)
                if (side_scan(&g->side, i) && signatures_add(&g->signatures, side_scan(&g->side, i)) < 0)
                        return log_oom();
        signatures_sort(&g->signatures);
        return 0;
}

static const char *digits(const char *signature) {
        const char *colon = strchr(signature, ':');

        return colon ? colon + 1 : signature;
}

static bool fits(const struct signature_line *l, const char *typed) {
        const struct finding *x = l->example;
        const char *is = strncmp(typed, "v1:", 3) == 0 && *x->former_signature ? x->former_signature : l->signature;

        return strncmp(digits(is), digits(typed), strlen(digits(typed))) == 0;
}

int signature_check(const char *word) {
        const size_t n = strlen(digits(word));

        if (n >= DIGITS_LEAST && strspn(digits(word), "0123456789abcdef") == n)
                return 0;
        log_error("\"%s\" is no signature: the first word is v2: and at least %d of its digits, as reports show it",
                  word, DIGITS_LEAST);
        return -EINVAL;
}

int gathered_find(const struct gathered *g, const char *signature, const struct signature_line **ret) {
        const struct signatures *s = &g->signatures;
        size_t n = 0;

        for (size_t i = 0; i < s->n; i++)
                if (fits(&s->lines[i], signature) && n++ == 0)
                        *ret = &s->lines[i];
        if (n == 1)
                return 0;
        if (n == 0)
                log_error("no finding there has the signature %s; \"vmlife scan --by signature\" lists those that are "
                          "there",
                          signature);
        else
                log_error("%zu signatures begin with %s: give more digits", n, signature);
        return -EINVAL;
}

struct finding *gathered_finding(struct gathered *g, const struct finding *f) {
        struct store *const stores[] = { &g->side.saved.scan.store, &g->side.live.store };

        for (size_t k = 0; k < ARRAY_SIZE(stores); k++)
                for (size_t i = 0; i < stores[k]->n; i++)
                        if (stores[k]->items[i] == f)
                                return stores[k]->items[i];
        return NULL;
}
