/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "judge/judge.h"

#include <errno.h>

#include "base/macros.h"
#include "judge/driver_frames.h"
#include "judge/rules.h"
#include "line/frame.h"

/* More driver's frames than this say nothing new. */
enum { BLAMED_MAX = 32 };

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

/* "vmlife_check_vm_republish" as a frame; or "vmlife_fault_vm_republish", the injected fault itself. */
static const struct rule *rule_of_frame(const char *function) {
        struct slice s = function_base(slice_of(function));
        return slice_eat(&s, SLICE("vmlife_check_")) || slice_eat(&s, SLICE("vmlife_fault_")) ? rule_by_name(s) : NULL;
}

/* The name of a lock's class: without the marks that lockdep adds ("#2", "/1") and parentheses around it. */
static struct slice lock_class(const char *name) {
        struct slice s = slice_of(name);

        while (s.n && s.s[0] == '(')
                s = slice_from(s, 1);
        for (size_t i = 0; i < s.n; i++)
                if (s.s[i] == '#' || s.s[i] == '/' || s.s[i] == ')')
                        s.n = i;
        return s;
}

/* "vmlife_release_atomic": a map that is there for the rule alone. Not "vmlife_lock_order:ctx->mutex", a lock that
 * the variant only named: it may take part in anything. */
static const struct rule *rule_of_lock(const char *name) {
        struct slice s = lock_class(name);

        slice_eat(&s, SLICE("&"));
        return slice_eat(&s, SLICE("vmlife_")) ? rule_by_name(s) : NULL;
}

/* Locks of the dependency that the report is about; others were merely held and are listed for completeness. */
static bool takes_part(const struct lock *l) {
        return strcmp(l->role, "held") != 0 || l->index < 0;
}

static int decide(struct finding *f, const char *rule, enum relevance relevance, const char *why) {
        if (rule)
                f->rule = rule;
        f->relevance = relevance;
        f->why = why;
        return why ? 0 : -ENOMEM;
}

static int judge_by_name(struct finding *f, const struct blamed *blamed, size_t n, bool *done) {
        *done = true;
        for (size_t i = 0; i < n; i++) {
                const struct rule *r = rule_of_frame(blamed[i].frame->function);
                if (r)
                        return decide(f, r->id, RELEVANCE_CERTAIN,
                                      arena_printf(&f->arena, "%s() is involved: %s", blamed[i].frame->function,
                                                   r->contract));
        }
        for (size_t i = 0; i < f->n_locks; i++) {
                const struct rule *r = takes_part(&f->locks[i]) ? rule_of_lock(f->locks[i].name) : NULL;
                if (r)
                        return decide(f, r->id, RELEVANCE_CERTAIN,
                                      arena_printf(&f->arena, "the lock map %s is involved: %s", f->locks[i].name,
                                                   r->contract));
        }
        *done = false;
        return 0;
}

/* Two different locks that take part match the patterns. */
static bool two_locks(const struct finding *f, const char *patterns) {
        struct slice first = SLICE_NULL;

        for (size_t i = 0; i < f->n_locks; i++) {
                struct slice class = lock_class(f->locks[i].name);

                if (!takes_part(&f->locks[i]) || !slice_glob_any(class, patterns))
                        continue;
                if (first.s && !slice_eq(first, class))
                        return true;
                first = class;
        }
        return false;
}

static bool fits(const struct evidence *e, const struct finding *f, const struct blamed *blamed, size_t n,
                 const char **function) {
        *function = NULL;
        if ((e->detector && !slice_glob_any(slice_of(f->detector), e->detector)) ||
            (e->kind && !slice_glob_any(slice_of(f->kind), e->kind)) || (e->locks && !two_locks(f, e->locks)))
                return false;
        for (size_t i = 0; e->frame && i < n && !*function; i++) {
                if (e->stack && !slice_glob_any(slice_of(blamed[i].stack->what), e->stack))
                        continue;
                if (e->frame == DRIVER || slice_glob_any(function_base(slice_of(blamed[i].frame->function)), e->frame))
                        *function = blamed[i].frame->function;
        }
        return !e->frame || *function;
}

/* The function that a report names itself, where all of its stacks were lost: NULL if it is none of those in focus. */
static const char *named_alone(const struct finding *f, const struct focus *focus) {
        for (size_t i = 0; i < f->n_stacks; i++)
                if (f->stacks[i].n_frames)
                        return NULL;
        for (size_t i = 0; i < f->n_functions; i++)
                if (focus_has_frame(focus, &(struct frame){ .function = f->functions[i], .reliable = true }))
                        return f->functions[i];
        return NULL;
}

/* What no evidence decides. focus: NULL for the default. */
static int judge_by_headline(struct finding *f, const struct focus *focus) {
        const char *function = named_alone(f, focus);

        if (function)
                return decide(f, NULL, RELEVANCE_RELATED,
                              arena_printf(&f->arena, "its stacks were lost, and it names %s", function));
        return decide(f, NULL, RELEVANCE_UNRELATED,
                      focus ? arena_printf(&f->arena, "no function of %s is to blame", focus->name) :
                              "no function of the driver is to blame");
}

static int judge_by_evidence(struct finding *f, const struct blamed *blamed, size_t n) {
        const char *function;

        for (size_t i = 0; i < n_evidence; i++)
                if ((n || f->n_locks || !(evidence[i].frame || evidence[i].locks)) &&
                    fits(&evidence[i], f, blamed, n, &function)) {
                        f->follows = evidence[i].follows;
                        return decide(f, evidence[i].rule, evidence[i].relevance,
                                      function ? arena_printf(&f->arena, "%s (%s)", evidence[i].why, function) :
                                                 evidence[i].why);
                }
        return judge_by_headline(f, NULL);
}

/* The variant's own words: the rule stands in them. */
static int judge_own(struct finding *f) {
        const struct rule *r = rule_of(slice_of(f->kind));

        /* The kernel prints the record within a WARN; a line alone may be a copy. */
        if (!finding_field(f, "at"))
                return decide(f, r ? r->id : NULL, RELEVANCE_LIKELY,
                              "the variant's record without the warning that contains it");
        if (r)
                return decide(f, r->id, RELEVANCE_CERTAIN,
                              arena_printf(&f->arena, "the variant's own assertion: %s", r->contract));
        return decide(f, f->kind, RELEVANCE_CERTAIN,
                      "the variant's own assertion, of a rule that this vmlife does not know");
}

/* Of another driver, for which there are no rules. */
static int judge_focus(struct finding *f, const struct focus *focus) {
        struct blamed blamed[1];

        if (focus->form == FOCUS_NONE)
                return decide(f, NULL, RELEVANCE_UNRELATED, "no driver is in focus: the severity alone decides");
        if (blamed_frames(f, focus, blamed, 1))
                return decide(f, NULL, RELEVANCE_RELATED,
                              arena_printf(&f->arena, "%s is involved (%s)", focus->name, blamed[0].frame->function));
        const char *at = finding_field(f, "at");
        if (at && focus_has_file(focus, at))
                return decide(f, NULL, RELEVANCE_RELATED,
                              arena_printf(&f->arena, "%s is involved (%s)", focus->name, at));
        if (strcmp(f->detector, focus->module) == 0)
                return decide(f, NULL, RELEVANCE_RELATED, "the driver in focus reported it itself");
        return judge_by_headline(f, focus);
}

int judge(struct finding *f, const struct focus *focus) {
        struct blamed blamed[BLAMED_MAX];
        bool done = false;

        if (f->origin == ORIGIN_USERSPACE) {
                f->injected = INJECTED_NO;
                return decide(f, NULL, RELEVANCE_UNRELATED, "a process wrote it, not the kernel");
        }
        if (focus && focus->form != FOCUS_I915)
                return judge_focus(f, focus);
        if (strcmp(f->detector, "vmlife") == 0)
                return judge_own(f);
        size_t n = blamed_frames(f, NULL, blamed, BLAMED_MAX);
        int e = judge_by_name(f, blamed, n, &done);
        return e < 0 || done ? e : judge_by_evidence(f, blamed, n);
}
