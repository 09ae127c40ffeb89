/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>

#include "base/macros.h"
#include "base/stamp.h"
#include "boot/fault.h"
#include "findings/store.h"
#include "judge/judge.h"
#include "judge/rules.h"

/* What one finding means beside the others of its boot: seen only when all are there. */

/* Two CPUs print at once: the cause may come out a little later than what follows from it. */
static const uint64_t late_us = 1000000;

/* The first certain finding of each rule in each boot. */
struct firsts {
        const struct finding **by_rule; /* [boot][rule] */
};

static void firstsp(struct firsts *f) {
        free(f->by_rule);
}

static size_t rule_index(const char *id) {
        const struct rule *r = id ? rule_of(slice_of(id)) : NULL;
        return r ? (size_t) (r - rules) : n_rules;
}

static int find_firsts(const struct store *s, const struct boots *boots, struct firsts *ret) {
        ret->by_rule = calloc(boots->n * n_rules + 1, sizeof(*ret->by_rule));
        if (!ret->by_rule)
                return -ENOMEM;
        for (size_t i = 0; i < s->n; i++) {
                const struct finding *f = s->items[i];
                size_t r = f->relevance == RELEVANCE_CERTAIN ? rule_index(f->rule) : n_rules;

                if (r < n_rules && !ret->by_rule[f->boot * n_rules + r])
                        ret->by_rule[f->boot * n_rules + r] = f;
        }
        return 0;
}

/* Do both name a function, or an address that is accessed? */
static bool same_place(const struct finding *a, const struct finding *b) {
        for (size_t i = 0; i < a->n_functions; i++)
                for (size_t k = 0; k < b->n_functions; k++)
                        if (strcmp(a->functions[i], b->functions[k]) == 0)
                                return true;
        for (size_t i = 0; i < a->n_accesses; i++)
                for (size_t k = 0; k < b->n_accesses; k++)
                        if (a->accesses[i].address && a->accesses[i].address == b->accesses[k].address)
                                return true;
        return false;
}

/* The first break of one of the rules before f. */
static const struct finding *cause_of(const struct finding *f, const struct firsts *firsts) {
        const struct finding *cause = NULL;

        for (struct slice rest = slice_of(f->follows); rest.n;) {
                struct slice id = slice_token(&rest, ' ');
                const bool here = slice_eat(&id, SLICE("["));
                const struct rule *r = rule_of(here ? slice_token(&id, ']') : id);
                const struct finding *c = r ? firsts->by_rule[f->boot * n_rules + (size_t) (r - rules)] : NULL;

                if (!c || c == f || (here && !same_place(c, f)) || !stamp_before(&c->first, &f->first, late_us))
                        continue;
                if (!cause || !stamp_before(&cause->first, &c->first, 0))
                        cause = c;
        }
        return cause;
}

static int inherit(struct finding *f, const struct finding *cause) {
        f->rule = cause->rule;
        f->relevance = MAX(f->relevance, RELEVANCE_LIKELY);
        f->why = cause->first.has_mono ?
                         arena_printf(&f->arena, "%s; it follows from \"%s\" at [%" PRIu64 ".%06" PRIu64 "]", f->why,
                                      cause->title, cause->first.mono_us / 1000000, cause->first.mono_us % 1000000) :
                         arena_printf(&f->arena, "%s; it follows from \"%s\"", f->why, cause->title);
        return f->why ? 0 : -ENOMEM;
}

/* Our own records say it themselves. For the others the fault in force when they came must be of their rule. */
static void ask_injected(struct finding *f, const struct boot *b) {
        if (f->injected != INJECTED_UNKNOWN)
                return;
        const char *fault = f->rule ? fault_at(b, f->source, f->number) : NULL;
        f->injected = fault && strcmp(fault, f->rule) == 0 ? INJECTED_YES : INJECTED_NO;
}

int judge_all(struct store *s, const struct boots *boots) {
        _cleanup_(firstsp) struct firsts firsts = {};
        int e = find_firsts(s, boots, &firsts);

        for (size_t i = 0; e == 0 && i < s->n; i++) {
                struct finding *f = s->items[i];
                const struct finding *cause = f->follows ? cause_of(f, &firsts) : NULL;

                if (cause)
                        e = inherit(f, cause);
                ask_injected(f, boots->items[f->boot]);
        }
        return e == 0 ? store_fold(s) : e;
}
