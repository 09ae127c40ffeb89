/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "judge/judge.h"

#include <errno.h>

#include "judge/rules.h"
#include "line/frame.h"

/* Names of functions and lock maps have underscores where the rule's id has dashes. */
static const struct rule *rule_by_name(struct slice name) {
        for (size_t i = 0; i < n_rules; i++) {
                struct slice id = slice_of(rules[i].id);
                size_t k = 0;

                if (id.n != name.n)
                        continue;
                while (k < id.n && (id.s[k] == name.s[k] || (id.s[k] == '-' && name.s[k] == '_')))
                        k++;
                if (k == id.n)
                        return &rules[i];
        }
        return NULL;
}

/* "vmlife_check_vm_republish" as a frame. */
static const struct rule *rule_of_frame(const char *function) {
        struct slice s = function_base(slice_of(function));
        return slice_eat(&s, SLICE("vmlife_check_")) ? rule_by_name(s) : NULL;
}

/* "vmlife_release_atomic", "(&vmlife_release_atomic)", "vmlife_release_atomic#2" as a lock. */
static const struct rule *rule_of_lock(const char *lock) {
        struct slice s = slice_of(lock);

        while (s.n && (s.s[0] == '(' || s.s[0] == '&'))
                s = slice_from(s, 1);
        if (!slice_eat(&s, SLICE("vmlife_")))
                return NULL;
        for (size_t n = 0; n < s.n; n++)
                if (s.s[n] == '#' || s.s[n] == ')' || s.s[n] == '/')
                        s.n = n;
        return rule_by_name(s);
}

static int decide(struct finding *f, const char *rule, enum relevance relevance, const char *why) {
        if (rule)
                f->rule = rule;
        f->relevance = relevance;
        f->why = why;
        return why ? 0 : -ENOMEM;
}

static int judge_by_name(struct finding *f, bool *done) {
        *done = true;
        for (size_t i = 0; i < f->n_stacks; i++)
                for (size_t k = 0; k < f->stacks[i].n_frames; k++) {
                        const char *function = f->stacks[i].frames[k].function;
                        const struct rule *r = f->stacks[i].frames[k].reliable ? rule_of_frame(function) : NULL;
                        if (r)
                                return decide(f, r->id, RELEVANCE_CERTAIN,
                                              arena_printf(&f->arena, "a stack passes through the assertion %s(): %s", function, r->contract));
                }
        for (size_t i = 0; i < f->n_locks; i++) {
                const struct rule *r = rule_of_lock(f->locks[i].name);
                if (r)
                        return decide(f, r->id, RELEVANCE_CERTAIN,
                                      arena_printf(&f->arena, "the lock map %s takes part: %s", f->locks[i].name, r->contract));
        }
        *done = false;
        return 0;
}

static bool fits(const struct evidence *e, const struct finding *f, const char **frame) {
        if ((e->detector && strcmp(e->detector, f->detector) != 0) || (e->kind && strcmp(e->kind, f->kind) != 0))
                return false;
        for (size_t i = 0; i < f->n_stacks; i++)
                for (size_t k = 0; k < f->stacks[i].n_frames; k++) {
                        const struct frame *fr = &f->stacks[i].frames[k];
                        if (fr->reliable && slice_glob(function_base(slice_of(fr->function)), e->frame)) {
                                *frame = fr->function;
                                return true;
                        }
                }
        return false;
}

static int judge_by_evidence(struct finding *f) {
        const char *frame;

        for (size_t i = 0; i < n_evidence; i++)
                if (fits(&evidence[i], f, &frame))
                        return decide(f, evidence[i].rule, evidence[i].relevance,
                                      arena_printf(&f->arena, "%s (%s)", evidence[i].why, frame));
        return decide(f, NULL, RELEVANCE_UNRELATED, "nothing in it touches the driver's contexts or address spaces");
}

int judge(struct finding *f, const struct boot *boot) {
        const struct rule *r;
        bool done = false;
        int e = 0;

        if (strcmp(f->detector, "vmlife") == 0) {
                r = rule_of(slice_of(f->kind));
                e = r ? decide(f, r->id, RELEVANCE_CERTAIN, arena_printf(&f->arena, "the variant's own assertion: %s", r->contract)) :
                        decide(f, f->kind, RELEVANCE_CERTAIN, "the variant's own assertion, of a rule that is newer than this vmlife");
        } else {
                e = judge_by_name(f, &done);
                if (e == 0 && !done)
                        e = judge_by_evidence(f);
        }
        if (e < 0)
                return e;

        /* A report that does not say itself whether its fault was asked for follows from what was asked for. */
        if (f->injected == INJECTED_UNKNOWN && boot->loaded && f->rule)
                f->injected = boot->inject && strcmp(boot->inject, f->rule) == 0 ? INJECTED_YES : INJECTED_NO;
        return 0;
}

const char *relevance_name(enum relevance r) {
        static const char *const names[] = { "unrelated", "related", "likely", "certain" };
        return names[r];
}

const char *severity_name(enum severity s) {
        static const char *const names[] = { "low", "medium", "high", "critical" };
        return names[s];
}

const char *origin_name(enum origin o) {
        static const char *const names[] = { "kernel", "userspace", "unverified" };
        return names[o];
}
