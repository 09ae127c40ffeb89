/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>

#include "base/macros.h"
#include "kind/dump.h"
#include "kind/functions.h"
#include "kind/guilty.h"
#include "kind/headline.h"
#include "kind/machinery.h"
#include "line/frame.h"

/* kernel/locking/lockdep.c: header, kernel ident, dashes, the story with the locks, "stack backtrace:" and a
 * dump. Older kernels: "[ INFO: header ]". */

static const struct header {
        const char *says; /* pattern for the header, brackets taken off */
        const char *kind;
        const char *title; /* '@' is the function, '$' the header's own first word (WARNING, BUG or INFO) */
        enum severity severity;
        bool no_dump; /* prints no stack */
} headers[] = {
        { "*: possible circular locking dependency detected*", "circular-locking", "possible deadlock in @",
          SEVERITY_MEDIUM, false },
        { "*: possible recursive locking detected*", "recursive-locking", "possible deadlock in @", SEVERITY_MEDIUM,
          false },
        { "*: possible irq lock inversion dependency detected*", "irq-inversion", "possible deadlock in @",
          SEVERITY_MEDIUM, false },
        { "*: *IRQ-safe -> *IRQ-unsafe lock order detected*", "irq-unsafe-order", "possible deadlock in @",
          SEVERITY_MEDIUM, false },
        { "*: *-READ-safe -> *-unsafe lock order detected*", "irq-unsafe-order", "possible deadlock in @",
          SEVERITY_MEDIUM, false },
        { "*: *-safe -> *-READ-unsafe lock order detected*", "irq-unsafe-order", "possible deadlock in @",
          SEVERITY_MEDIUM, false },
        { "*: *RECLAIM_FS-safe -> *RECLAIM_FS-unsafe lock order detected*", "irq-unsafe-order",
          "possible deadlock in @", SEVERITY_MEDIUM, false },
        { "*: inconsistent lock state*", "inconsistent-state", "inconsistent lock state in @", SEVERITY_MEDIUM, false },
        { "*: Invalid wait context*", "invalid-wait-context", "BUG: Invalid wait context in @", SEVERITY_MEDIUM,
          false },
        { "*suspicious RCU usage*", "suspicious-rcu", "$: suspicious RCU usage in @", SEVERITY_MEDIUM, false },
        { "*: suspicious rcu_dereference* usage*", "suspicious-rcu", "$: suspicious RCU usage in @", SEVERITY_MEDIUM,
          false }, /* before 3.2 */
        { "*: chain_key collision*", "chain-key-collision", "$: chain_key collision in @", SEVERITY_MEDIUM, false },
        { "*: Nested lock was not taken*", "nested-lock-not-taken", "$: nested lock was not taken in @",
          SEVERITY_MEDIUM, false },
        { "*: bad unlock balance detected!*", "bad-unlock-balance", "$: bad unlock balance in @", SEVERITY_MEDIUM,
          false },
        { "*: bad contention detected!*", "bad-contention", "$: bad contention in @", SEVERITY_MEDIUM, false },
        { "*: held lock freed!*", "held-lock-freed", "$: held lock freed in @", SEVERITY_HIGH, false },
        { "*still has locks held!*", "locks-held", "$: still has locks held in @", SEVERITY_MEDIUM, false },
        { "*: lock held when returning to user space!*", "lock-held-at-return",
          "$: lock held when returning to user space in @", SEVERITY_MEDIUM, true },
        { "*: trying to register non-static key*", "non-static-key", "$: trying to register non-static key in @",
          SEVERITY_MEDIUM, false },
};

static const char *const triggers[] = {
        "possible circular locking",
        "possible recursive locking",
        "possible irq lock inversion",
        "lock order detected",
        "inconsistent lock state",
        "Invalid wait context",
        "suspicious RCU usage",
        "suspicious rcu_dereference",
        "chain_key collision",
        "Nested lock was not",
        "bad unlock balance",
        "bad contention detected",
        "held lock freed",
        "still has locks held",
        "lock held when returning",
        "trying to register non-static",
        NULL,
};

/* The header without the brackets of older kernels. */
static struct slice bare(struct slice text) {
        struct slice s = slice_trim(text);

        if (slice_eat(&s, SLICE("[ "))) {
                s = slice_ltrim(s);
                while (s.n && (s.s[s.n - 1] == ']' || s.s[s.n - 1] == ' '))
                        s.n--;
        }
        return s;
}

static const struct header *header_of(struct slice text) {
        struct slice s = bare(text);

        if (!slice_starts(s, SLICE("WARNING: ")) && !slice_starts(s, SLICE("BUG: ")) &&
            !slice_starts(s, SLICE("INFO: ")))
                return NULL;
        for (size_t i = 0; i < ARRAY_SIZE(headers); i++)
                if (slice_glob(s, headers[i].says))
                        return &headers[i];
        return NULL;
}

static bool starts(struct slice text) {
        return header_of(text);
}

/* What the sentence before a lock says of it. */
static const struct {
        struct slice says;
        const char *role;
} roles[] = {
        { SLICE("is trying to acquire"), "acquiring" },
        { SLICE("is trying to lock"), "acquiring" },
        { SLICE("is trying to contend lock"), "acquiring" },
        { SLICE("is trying to release lock"), "releasing" },
        { SLICE("with a lock still held there"), "freed" },
        { SLICE("just changed the state of lock:"), "acquiring" },
        { SLICE("takes:"), "acquiring" },
        { SLICE("already holding"), "already-held" },
        { SLICE("is holding"), "already-held" },
};

/* The role that the sentence gives to the lock in the next line; NULL if it says none. */
static const char *role_in(struct slice s) {
        for (size_t i = 0; i < ARRAY_SIZE(roles); i++)
                if (slice_has(s, roles[i].says))
                        return roles[i].role;
        return NULL;
}

/* Does the line say who wants or has which lock? So it is the report's, even if nothing follows. */
static bool tells_lock(struct slice text) {
        const struct slice s = slice_ltrim(text);

        return role_in(text) || slice_has(text, SLICE("}, at: ")) || slice_has(text, SLICE("}-{")) ||
               slice_has(text, SLICE("), at: ")) || slice_starts(s, SLICE("-> #")) || slice_starts(s, SLICE("at: "));
}

/* The head of a chain, or a lock with its usage, and nothing else: "ffff888103c18a10 (&x->lock){+.+.}-{3:3}, at:
 * f+0x1/0x2", with "#0: " before it or without an address, cut by a mailer before the function or before "at:". */
static bool own_line(struct slice s) {
        struct frame_view v;
        uint64_t ignored;

        if (slice_eq(s, SLICE("Chain exists of:")))
                return true;
        if (slice_eat(&s, SLICE("#")) && (!slice_eat_u64(&s, &ignored) || !slice_eat(&s, SLICE(":"))))
                return false;
        s = slice_ltrim(s);
        if (!slice_starts(s, SLICE("(")) && !slice_eat_hex(&s, &ignored))
                return false;
        s = slice_ltrim(s);
        if (!slice_starts(s, SLICE("(")) || !slice_has(s, SLICE("){")))
                return false;
        if (slice_ends(s, SLICE("}")) || slice_ends(s, SLICE("},")) || slice_ends(s, SLICE("}, at:")))
                return true;
        const size_t at = slice_find(s, SLICE("}, at: "));
        if (at == SLICE_NPOS)
                return false;
        s = slice_from(s, at + strlen("}, at: "));
        if (slice_eat(&s, SLICE("[<")))
                s = slice_ltrim(slice_from(s, slice_find(s, SLICE("]")) + 1));
        return symbol_eat(&s, true, &v) && slice_trim(s).n == 0;
}

enum { PHASE_BACKTRACE = 1 };

static enum part part(struct report *r, const struct line *l, enum line_class class, const struct kind *starter) {
        if (starter)
                return PART_OVER;
        if (class == LINE_FRAME)
                r->has_frames = true;
        if (class == LINE_OTHER && slice_starts(slice_ltrim(l->text), SLICE("stack backtrace:"))) {
                r->phase = PHASE_BACKTRACE;
                return PART_BODY;
        }
        if (class == LINE_DASHES || (class == LINE_OTHER && !r->complete && tells_lock(l->text)))
                return PART_BODY;
        if (!r->header)
                r->header = header_of(report_text(r, 0));
        const struct header *h = r->header;
        if (r->phase == PHASE_BACKTRACE || strcmp(h->kind, "non-static-key") == 0) {
                if (class == LINE_FRAME)
                        r->complete = true;
                /* The trace's end is the report's, unless an interrupt's part comes before it. */
                if (class == LINE_TASK_END)
                        return PART_LAST;
        } else if (h->no_dump && class == LINE_LOCKS && slice_starts(slice_ltrim(l->text), SLICE("#")))
                r->complete = true;
        return part_dump(r, l, class, starter);
}

static bool runs_work(const char *function) {
        return function && slice_eq(function_base(slice_of(function)), SLICE("process_one_work"));
}

/* "(wq_completion)x", "(work_completion)(&x->work)", "(&x->timer)": no lock, but what waits for a work or a timer to
 * end takes it, in the name of whoever waits. */
static bool stands_for_a_call(const struct lock *l) {
        return l->name && l->name[0] == '(';
}

static bool is_machinery_at(const struct finding *f, const struct lock *l) {
        const struct frame at = { .function = l->function, .module = f->former ? NULL : l->module };

        if (f->former)
                return was_machinery_frame(&at, NULL);
        /* Where a work begins says whose it is, unless it is only what was held. */
        if (!is_machinery_frame(&at, NULL) || (runs_work(l->function) && strcmp(l->role, "already-held") != 0))
                return false;
        const struct slice area = function_area(function_base(slice_of(l->function)));
        /* These act for others, but take locks of their own. */
        if (slice_eq(area, SLICE("rcu")) || slice_eq(area, SLICE("timers")) || slice_eq(area, SLICE("works")))
                return stands_for_a_call(l);
        return is_helper_frame(&at, NULL) || slice_eq(area, SLICE("locking")) || slice_eq(area, SLICE("inline")) ||
               slice_eq(area, SLICE("lib"));
}

/* "at: f path.c:12 [inline]": a decoder says in a line of its own of each function that the place is part of, before
 * the one that was called, which says where the lock is. */
static bool is_inlined_at(struct slice lock) {
        return slice_ends(lock, SLICE(" [inline]")) && slice_has(lock, SLICE("at: "));
}

/* A lock as lockdep prints it: "ffff8881 (&x->lock){+.+.}-{3:3}, at: f+0x1/0x2 [mod]"; address, wait types
 * and place may be missing, and older kernels print "at: [<addr>] f". */
static bool parse_lock(struct slice s, struct finding *f, struct lock *l, int *error) {
        struct slice b = slice_ltrim(s);
        struct frame_view at;

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
        /* Somebody shortened it. */
        const bool bare = brace == SLICE_NPOS;
        if (bare)
                brace = MIN(slice_find(b, SLICE(") at: ")), slice_find(b, SLICE("), at: ")));
        if (brace == SLICE_NPOS)
                return false;
        struct slice name = slice_head(b, brace);
        b = slice_from(b, brace + 2);
        struct slice usage = bare ? SLICE_NULL : slice_token(&b, '}'), wait = SLICE_NULL, function = SLICE_NULL,
                     module = SLICE_NULL;
        if (slice_eat(&b, SLICE("-{")))
                wait = slice_token(&b, '}');
        size_t place = slice_find(b, SLICE("at: "));
        if (place != SLICE_NPOS) {
                b = slice_from(b, place + 4);
                address_eat(&b);
                if (symbol_eat(&b, false, &at)) {
                        function = at.function;
                        module = at.module;
                }
        }
        l->name = arena_dup(&f->arena, name);
        l->usage = arena_dup(&f->arena, usage);
        l->wait = wait.n ? arena_dup(&f->arena, wait) : NULL;
        l->function = function.n ? arena_dup(&f->arena, function) : NULL;
        l->module = module.n ? arena_dup(&f->arena, module) : NULL;
        if (!l->name || !l->usage || (wait.n && !l->wait) || (function.n && !l->function) || (module.n && !l->module))
                *error = -ENOMEM;
        return true;
}

static bool is_address(struct slice s) {
        uint64_t ignored;

        return slice_eat_hex(&s, &ignored) && s.n == 0;
}

/* The lock that the text is in line i, with its rest in the next lines: it may be broken behind its address, and on
 * both sides of "at:". In the report, or in the finding's arena; without bytes when out of memory. */
static struct slice whole_lock(const struct report *r, size_t i, struct slice text, struct finding *f) {
        enum { PIECES = 4 };
        struct slice s = slice_trim(text);

        for (size_t k = 1; s.n && k < PIECES && i + k < r->n_lines; k++) {
                const struct slice next = slice_trim(report_text(r, i + k));
                if (next.n == 0 || !(slice_ends(s, SLICE(" at:")) || slice_starts(next, SLICE("at: ")) ||
                                     slice_eq(next, SLICE("at:")) || (is_address(s) && next.s[0] == '(')))
                        break;
                const char *both = arena_printf(&f->arena, "%.*s %.*s", SLICE_FMT(s), SLICE_FMT(next));
                s = both ? slice_of(both) : SLICE_NULL;
        }
        return s;
}

static int add_lock(struct slice text, const char *role, int64_t index, struct finding *f, bool *added) {
        struct lock l = { .role = role, .index = index };
        int e;

        *added = false;
        if (is_inlined_at(text))
                return 0;
        *added = parse_lock(text, f, &l, &e);
        if (!*added || e < 0)
                return e;
        struct lock *slot = finding_add_lock(f, role);
        if (!slot)
                return -ENOMEM;
        *slot = l;
        return 0;
}

/* The function that a line of a place names, past those which it is part of: see is_inlined_at(). */
static bool place_from(const struct report *r, size_t i, struct frame_view *ret) {
        while (i < r->n_lines && frame_parse(slice_trim(report_text(r, i)), ret)) {
                if (!ret->inlined)
                        return true;
                i++;
        }
        return false;
}

/* "comm/12 is trying to release lock (mrt_lock) at:" and in the next line where. */
static int add_released(const struct report *r, size_t i, struct finding *f) {
        struct slice s = slice_trim(report_text(r, i));
        size_t open = slice_find(s, SLICE(" lock (")), close = slice_find(s, SLICE(") at:"));
        struct frame_view at;

        if (open == SLICE_NPOS || close == SLICE_NPOS || close < open)
                return 0;
        struct lock *l = finding_add_lock(f, slice_has(s, SLICE("contend")) ? "acquiring" : "releasing");
        if (!l || !(l->name = arena_dup(&f->arena, slice_head(slice_from(s, open + 7), close - open - 7))))
                return -ENOMEM;
        l->usage = "";
        if (!place_from(r, i + 1, &at))
                return 0;
        if (!(l->function = arena_dup(&f->arena, at.function)))
                return -ENOMEM;
        if (at.module.n && !(l->module = arena_dup(&f->arena, at.module)))
                return -ENOMEM;
        return 0;
}

/* "  lock(&x);" under CPU0, further right under CPU1. Moves i to the scenario's end. */
static int parse_scenario(const struct report *r, size_t *i, struct finding *f) {
        size_t second = SLICE_NPOS;

        for (; *i < r->n_lines; (*i)++) {
                struct slice line = report_text(r, *i), s = slice_trim(line);
                size_t indent = (size_t) (s.s - line.s);

                if (slice_starts(s, SLICE("*** DEADLOCK")))
                        return 0;
                if (slice_starts(s, SLICE("CPU0"))) {
                        second = slice_find(line, SLICE("CPU1"));
                        continue;
                }
                size_t paren = slice_find_byte(s, '(');
                bool interrupt = slice_eq(s, SLICE("<Interrupt>"));
                if (!interrupt && (paren == SLICE_NPOS || !slice_ends(s, SLICE(");"))))
                        continue;
                struct step *step = finding_add_step(f);
                if (!step || !(step->action = arena_dup(&f->arena, slice_head(s, paren))))
                        return -ENOMEM;
                step->cpu = second != SLICE_NPOS && indent + 8 >= second ? 1 : 0;
                struct slice lock = interrupt ? SLICE_NULL : slice_head(slice_from(s, paren + 1), s.n - paren - 3);
                if (lock.n && !(step->lock = arena_dup(&f->arena, lock)))
                        return -ENOMEM;
        }
        (*i)--;
        return 0;
}

/* Where the walk over the story is: locks with their roles, chains with their stacks, up to the final backtrace. */
struct story {
        const struct report *r;
        struct finding *f;
        size_t i;         /* the line */
        const char *role; /* of the lock that a line will name, as a sentence before it said; NULL */
};

/* The line where the final backtrace begins, if line i says so; 0 otherwise. */
static size_t backtrace_at(const struct report *r, size_t i) {
        /* The trace's head where the line that announces it was lost. */
        if (r->lines[i].class == LINE_TRACE_HEAD)
                return i;
        return slice_starts(slice_trim(report_text(r, i)), SLICE("stack backtrace:")) ? i + 1 : 0;
}

/* The frames behind the line. of: the lock that they took, or NULL. */
static int take_stack(struct story *t, const char *what, const char *of) {
        struct stack *stack = finding_add_stack(t->f, what);

        if (!stack)
                return -ENOMEM;
        stack->of = of;
        t->i++;
        int e = dump_frames(t->r, &t->i, t->f, stack);
        t->i--;
        return e;
}

static int64_t index_of(uint64_t n) {
        return n < INT32_MAX ? (int64_t) n : -1;
}

/* "-> #1 (lock){...}:", whose stack follows. */
static int take_chain(struct story *t, struct slice s, uint64_t n) {
        bool added;
        int e = add_lock(s, "chain", index_of(n), t->f, &added);

        return e < 0 ? e : take_stack(t, "chain", added ? t->f->locks[t->f->n_locks - 1].name : NULL);
}

static int take_lock(struct story *t, struct slice s) {
        bool added;
        const struct slice whole = whole_lock(t->r, t->i, s, t->f);
        int e = s.n && !whole.n ? -ENOMEM : add_lock(whole, t->role, -1, t->f, &added);

        if (e < 0)
                return e;
        if (added || (s.n && !is_inlined_at(whole)))
                t->role = NULL;
        return e;
}

static int take_held(struct story *t, struct slice s, int64_t index) {
        const struct slice whole = whole_lock(t->r, t->i, s, t->f);
        bool added;

        return slice_trim(s).n && !whole.n ? -ENOMEM : add_lock(whole, "held", index, t->f, &added);
}

static int take_scenario(struct story *t) {
        t->i++;
        return parse_scenario(t->r, &t->i, t->f);
}

static int take_line(struct story *t, struct slice *s) {
        uint64_t n;

        if (slice_eat(s, SLICE("-> #")) && slice_eat_u64(s, &n))
                return take_chain(t, *s, n);
        if (slice_eat(s, SLICE("#")) && slice_eat_u64(s, &n) && slice_eat(s, SLICE(":")))
                return take_held(t, *s, index_of(n));
        if (slice_has(*s, SLICE("state was registered at:")) || slice_has(*s, SLICE("-unsafe at:")) ||
            slice_has(*s, SLICE("-safe at:")))
                return take_stack(t, "registered", NULL);
        if (slice_has(*s, SLICE("nsafe locking scenario:")))
                return take_scenario(t);
        if (slice_has(*s, SLICE(" is trying to release lock (")) ||
            slice_has(*s, SLICE(" is trying to contend lock (")))
                return add_released(t->r, t->i, t->f);
        return t->role ? take_lock(t, *s) : 0;
}

static int parse_story(const struct report *r, struct finding *f, size_t *backtrace) {
        struct story t = { .r = r, .f = f };

        for (t.i = 1; t.i < r->n_lines; t.i++) {
                *backtrace = backtrace_at(r, t.i);
                if (*backtrace)
                        return 0;
                struct slice s = slice_trim(report_text(r, t.i));
                int e = take_line(&t, &s);
                if (e < 0)
                        return e;
                const char *role = role_in(s);
                t.role = role ? role : t.role;
        }
        *backtrace = r->n_lines;
        return 0;
}

/* Iterators and helpers of RCU check for their callers. */
static const char *const rcu_machinery[] = { "*rcu_*", "*_rcu", "__might*", NULL };

/* The first place where a lock of one of two roles was asked for that is not a locking function itself. */
static const char *blame_locks(const struct finding *f, const char *a, const char *b) {
        for (size_t i = 0; i < f->n_locks; i++) {
                const struct lock *l = &f->locks[i];
                if ((strcmp(l->role, a) == 0 || strcmp(l->role, b) == 0) && l->function && !is_machinery_at(f, l))
                        return l->function;
        }
        return NULL;
}

static bool takes_work(const struct finding *f) {
        for (size_t i = 0; i < f->n_locks; i++)
                if (strcmp(f->locks[i].role, "acquiring") == 0)
                        return runs_work(f->locks[i].function);
        return false;
}

/* All works run in process_one_work(), with locks that stand for the work and its queue: to blame is who waits for one
 * to end while it holds what the work needs. */
static const char *blame_flush(const struct finding *f) {
        for (size_t i = 0; i < f->n_stacks; i++) {
                const struct stack *s = &f->stacks[i];
                bool runs = false;

                if (strcmp(s->what, "chain") != 0 || !s->of || !slice_has(slice_of(s->of), SLICE("_completion)")))
                        continue;
                for (size_t k = 0; k < s->n_frames; k++)
                        runs = runs || runs_work(s->frames[k].function);
                const char *function = runs ? NULL : blame_stack(s, NULL);
                if (function)
                        return function;
        }
        return NULL;
}

/* The place that asks for the lock or gives it back, unless that is a locking function itself; then that of the lock it
 * holds. */
static const char *blamed_of(const struct finding *f, const struct header *h, const struct stack *backtrace) {
        const char *blamed = NULL;

        if (strcmp(h->kind, "irq-unsafe-order") == 0) {
                /* The function that takes the lock in an interrupt. */
                const struct stack *first = dump_stack_of(f, "registered");
                blamed = first ? blame_stack(first, NULL) : NULL;
        }
        if (!blamed && !f->former && takes_work(f))
                blamed = blame_flush(f);
        if (!blamed)
                blamed = blame_locks(f, "acquiring", "releasing");
        if (!blamed)
                blamed = blame_locks(f, "freed", "already-held");
        if (!blamed && (h->no_dump || strcmp(h->kind, "locks-held") == 0))
                blamed = blame_locks(f, "held", "held");
        if (!blamed && backtrace)
                blamed = blame_stack(backtrace, strcmp(h->kind, "suspicious-rcu") == 0 ? rcu_machinery : NULL);
        return blamed;
}

/* The header's title, with the line's own first word in the place of '$'. In the arena, or a literal. */
static const char *title_of(const struct report *r, struct finding *f, const struct header *h) {
        struct slice line = bare(report_text(r, 0)), word = slice_token(&line, ':');
        struct slice rest = slice_of(h->title), before = slice_token(&rest, '$');

        if (before.n == strlen(h->title))
                return h->title;
        return arena_printf(&f->arena, "%.*s%.*s%.*s", SLICE_FMT(before), SLICE_FMT(word), SLICE_FMT(rest));
}

static int parse(const struct report *r, struct finding *f) {
        const struct header *h = header_of(report_text(r, 0));
        size_t backtrace = r->n_lines;

        f->detector = "lockdep";
        f->kind = h->kind;
        f->severity = h->severity;
        if (!(f->message = arena_dup(&f->arena, slice_trim(report_text(r, 0)))))
                return -ENOMEM;

        int e = parse_story(r, f, &backtrace);
        if (e == 0)
                e = dump_all(r, backtrace, f);
        for (size_t i = 0; i < backtrace && i < r->n_lines && e == 0; i++)
                if (r->lines[i].class == LINE_CPU)
                        e = dump_cpu_line(r, i, f);
        if (e < 0)
                return e;
        const struct stack *s = dump_stack_of(f, "backtrace");
        const char *blamed = blamed_of(f, h, s);

        if (!h->no_dump && (!s || s->n_frames == 0))
                e = finding_corrupt(f, backtrace == r->n_lines && r->phase != PHASE_BACKTRACE ?
                                               "the report was cut before its stack backtrace" :
                                               "no stack trace");
        if (e == 0)
                e = headline_damage(r, f, !h->no_dump);
        const char *title = e == 0 ? title_of(r, f, h) : NULL;
        return e < 0 ? e : title ? blame_title(f, title, blamed) : -ENOMEM;
}

KIND_NAMES(headers, "lockdep", headers[i].kind)

const struct kind kind_lockdep = {
        .name = "lockdep",
        .names = names,
        .triggers = triggers,
        .starts = starts,
        .own_line = own_line,
        .part = part,
        .parse = parse,
};
