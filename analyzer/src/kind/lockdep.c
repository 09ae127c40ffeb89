/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>

#include "base/macros.h"
#include "kind/blame.h"
#include "kind/dump.h"
#include "kind/kind.h"

/* kernel/locking/lockdep.c: header, kernel ident, dashes, the story with the locks, "stack backtrace:" and a
 * dump. Older kernels: "[ INFO: header ]". */

static const struct header {
        struct slice says; /* the header begins with it, level and brackets taken off */
        const char *kind;
        const char *title; /* with %s for the function */
        enum severity severity;
        bool no_dump;      /* prints no stack */
} headers[] = {
        { SLICE("possible circular locking dependency detected"), "circular-locking", "possible deadlock in %s", SEVERITY_MEDIUM, false },
        { SLICE("possible recursive locking detected"), "recursive-locking", "possible deadlock in %s", SEVERITY_MEDIUM, false },
        { SLICE("possible irq lock inversion dependency detected"), "irq-inversion", "possible deadlock in %s", SEVERITY_MEDIUM, false },
        { SLICE("HARDIRQ-safe -> HARDIRQ-unsafe lock order detected"), "irq-unsafe-order", "possible deadlock in %s", SEVERITY_MEDIUM, false },
        { SLICE("SOFTIRQ-safe -> SOFTIRQ-unsafe lock order detected"), "irq-unsafe-order", "possible deadlock in %s", SEVERITY_MEDIUM, false },
        { SLICE("inconsistent lock state"), "inconsistent-state", "inconsistent lock state in %s", SEVERITY_MEDIUM, false },
        { SLICE("Invalid wait context"), "invalid-wait-context", "BUG: Invalid wait context in %s", SEVERITY_MEDIUM, false },
        { SLICE("suspicious RCU usage"), "suspicious-rcu", "WARNING: suspicious RCU usage in %s", SEVERITY_MEDIUM, false },
};

static const char *const triggers[] = {
        "possible circular locking", "possible recursive locking", "possible irq lock inversion",
        "lock order detected", "inconsistent lock state", "Invalid wait context", "suspicious RCU usage", NULL,
};

static const struct header *header_of(struct slice text) {
        struct slice s = slice_trim(text);

        if (slice_eat(&s, SLICE("[ ")))
                s = slice_ltrim(s);
        if (!slice_eat(&s, SLICE("WARNING: ")) && !slice_eat(&s, SLICE("BUG: ")) && !slice_eat(&s, SLICE("INFO: ")))
                return NULL;
        for (size_t i = 0; i < ARRAY_SIZE(headers); i++)
                if (slice_starts(s, headers[i].says))
                        return &headers[i];
        return NULL;
}

static bool starts(struct slice text) {
        return header_of(text);
}

enum { PHASE_BACKTRACE = 1 };

static enum part part(struct report *r, const struct line *l, enum line_class class, const struct kind *starter) {
        if (starter)
                return PART_OVER;
        if (class == LINE_OTHER && slice_starts(slice_ltrim(l->text), SLICE("stack backtrace:"))) {
                r->phase = PHASE_BACKTRACE;
                return PART_BODY;
        }
        if (class == LINE_DASHES)
                return PART_BODY;
        if (r->phase == PHASE_BACKTRACE) {
                if (class == LINE_FRAME)
                        r->complete = true;
                /* The trace's end is the report's, unless an interrupt's part comes before it. */
                if (class == LINE_TASK_END)
                        return PART_LAST;
        }
        return part_dump(r, l, class, starter);
}

/* A lock as lockdep prints it: "ffff8881 (&x->lock){+.+.}-{3:3}, at: f+0x1/0x2 [mod]"; address, wait types
 * and place may be missing, and older kernels print "at: [<addr>] f". */
static bool parse_lock(struct slice s, struct finding *f, struct lock *l, int *error) {
        struct slice b = slice_ltrim(s);
        struct frame_view at;
        uint64_t ignored;

        *error = 0;
        if (b.n && b.s[0] != '(') {
                if (!slice_eat_hex(&b, &l->address) || !slice_eat(&b, SLICE(" ")))
                        return false;
                l->has_address = true;
                b = slice_ltrim(b);
        }
        if (!slice_eat(&b, SLICE("(")))
                return false;
        /* Names hold parentheses: "(&(&fs->lock)->rlock){....}", "((wq_completion)x)". */
        size_t brace = slice_find(b, SLICE("){"));
        if (brace == SLICE_NPOS)
                return false;
        struct slice name = slice_head(b, brace);
        b = slice_from(b, brace + 2);
        struct slice usage = slice_token(&b, '}'), wait = SLICE_NULL, function = SLICE_NULL;
        if (slice_eat(&b, SLICE("-{")))
                wait = slice_token(&b, '}');
        size_t place = slice_find(b, SLICE("at: "));
        if (place != SLICE_NPOS) {
                b = slice_from(b, place + 4);
                if (slice_eat(&b, SLICE("[<")) && slice_eat_hex(&b, &ignored))
                        slice_eat(&b, SLICE(">] "));
                if (symbol_eat(&b, false, &at))
                        function = at.function;
        }
        l->name = arena_dup(&f->arena, name);
        l->usage = arena_dup(&f->arena, usage);
        l->wait = wait.n ? arena_dup(&f->arena, wait) : NULL;
        l->function = function.n ? arena_dup(&f->arena, function) : NULL;
        if (!l->name || !l->usage || (wait.n && !l->wait) || (function.n && !l->function))
                *error = -ENOMEM;
        return true;
}

/* What the sentence before a lock says of it. */
static const struct {
        struct slice says;
        const char *role;
} roles[] = {
        { SLICE("is trying to acquire"), "acquiring" },
        { SLICE("is trying to lock"), "acquiring" },
        { SLICE("takes:"), "acquiring" },
        { SLICE("already holding"), "held" },
        { SLICE("is holding"), "held" },
};

static int add_lock(struct slice text, const char *role, int64_t index, struct finding *f, bool *added) {
        struct lock l = { .role = role, .index = index };
        int e;

        *added = parse_lock(text, f, &l, &e);
        if (!*added || e < 0)
                return e;
        struct lock *slot = finding_add_lock(f, role);
        if (!slot)
                return -ENOMEM;
        *slot = l;
        return 0;
}

/* The story: locks with their roles, chains with their stacks, up to the final backtrace. */
static int parse_story(const struct report *r, struct finding *f, size_t *backtrace) {
        const char *role = NULL;
        bool added;
        int e;

        for (size_t i = 1; i < r->n_lines; i++) {
                struct slice s = slice_trim(report_text(r, i));
                uint64_t n;

                if (slice_starts(s, SLICE("stack backtrace:"))) {
                        *backtrace = i + 1;
                        return 0;
                }
                if (slice_eat(&s, SLICE("-> #")) && slice_eat_u64(&s, &n)) {
                        e = add_lock(s, "chain", n < INT32_MAX ? (int64_t) n : -1, f, &added);
                        if (e < 0)
                                return e;
                        struct stack *stack = finding_add_stack(f, "chain");
                        if (!stack)
                                return -ENOMEM;
                        stack->of = added ? f->locks[f->n_locks - 1].name : NULL;
                        i++;
                        e = dump_frames(r, &i, f, stack);
                        i--;
                } else if (slice_eat(&s, SLICE("#")) && slice_eat_u64(&s, &n) && slice_eat(&s, SLICE(":")))
                        e = add_lock(s, "held", n < INT32_MAX ? (int64_t) n : -1, f, &added);
                else if (slice_has(s, SLICE("state was registered at:")) || slice_has(s, SLICE("-unsafe at:")) || slice_has(s, SLICE("-safe at:"))) {
                        struct stack *stack = finding_add_stack(f, "registered");
                        if (!stack)
                                return -ENOMEM;
                        i++;
                        e = dump_frames(r, &i, f, stack);
                        i--;
                } else if (role) {
                        e = add_lock(s, role, -1, f, &added);
                        if (added || s.n)
                                role = NULL;
                } else
                        e = 0;
                if (e < 0)
                        return e;
                for (size_t k = 0; k < ARRAY_SIZE(roles); k++)
                        if (slice_has(s, roles[k].says)) {
                                role = roles[k].role;
                                break;
                        }
        }
        *backtrace = r->n_lines;
        return 0;
}

static int parse(const struct report *r, struct finding *f) {
        const struct header *h = header_of(report_text(r, 0));
        size_t backtrace = r->n_lines;
        const char *blamed = NULL;
        int e;

        f->detector = "lockdep";
        f->kind = h->kind;
        f->severity = h->severity;
        struct slice message = slice_trim(report_text(r, 0));
        if (!(f->message = arena_dup(&f->arena, message)))
                return -ENOMEM;

        e = parse_story(r, f, &backtrace);
        if (e < 0)
                return e;
        struct stack *s = finding_add_stack(f, "backtrace");
        if (!s)
                return -ENOMEM;
        e = dump_rest(r, backtrace, f, s);
        if (e < 0)
                return e;
        s = &f->stacks[f->n_stacks - 1];
        size_t frames = s->n_frames;

        /* The place that asks for the lock, unless that is a locking function itself. */
        for (size_t i = 0; i < f->n_locks && !blamed; i++)
                if (strcmp(f->locks[i].role, "acquiring") == 0 && f->locks[i].function && !is_machinery(f->locks[i].function, NULL))
                        blamed = f->locks[i].function;
        if (!blamed)
                blamed = blame_stack(s, NULL);
        if (blamed && finding_add_function(f, slice_of(blamed)) < 0)
                return -ENOMEM;

        if (!h->no_dump && frames == 0)
                e = finding_corrupt(f, backtrace == r->n_lines ? "the report was cut before its stack backtrace" : "no stack trace");
        else if (!blamed)
                e = finding_corrupt(f, "no frame to blame");
        if (e < 0)
                return e;
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
        f->title = arena_printf(&f->arena, h->title, f->n_functions ? f->functions[0] : blame_nobody);
#pragma GCC diagnostic pop
        return f->title ? 0 : -ENOMEM;
}

const struct kind kind_lockdep = {
        .name = "lockdep",
        .triggers = triggers,
        .starts = starts,
        .part = part,
        .parse = parse,
};
