/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "kind/headline.h"

#include <errno.h>

#include "base/macros.h"
#include "kind/blame_stall.h"
#include "kind/dispatchers.h"
#include "kind/dump.h"
#include "kind/guilty.h"
#include "kind/machinery.h"
#include "line/own_words.h"

/* Bytes of the name of a function that the text begins with. */
static size_t function(struct slice s) {
        size_t n = 0;

        while (n < s.n && (is_digit(s.s[n]) || s.s[n] == '_' || is_letter(s.s[n])))
                n++;
        return n;
}

/* i915's checks name themselves: "intel_engine_park:12 GEM_BUG_ON(...)". */
static struct slice after_place(struct slice s) {
        static const struct slice check = SLICE("GEM_BUG_ON("); /* its first byte is rarer than the blank before it */
        const struct slice head = slice_head(s, 128);
        const size_t colon = function(head);

        /* Few lines begin with a name alone. */
        if (colon == 0 || colon == head.n || head.s[colon] != ':')
                return s;
        const size_t at = slice_find(head, check);
        struct slice line = slice_from(slice_head(s, at), colon + 1);
        uint64_t ignored;

        if (at == SLICE_NPOS || at < colon || !slice_eat_u64(&line, &ignored) || !slice_eq(line, SLICE(" ")))
                return s;
        return slice_from(s, at);
}

struct slice headline_text(struct slice line) {
        static const struct slice prefixes[] = {
                SLICE("Oops: "),  SLICE("rcu: "),       SLICE("watchdog: "),  SLICE("NMI watchdog: "),
                SLICE("traps: "), SLICE("kmemleak: "),  SLICE("workqueue: "), SLICE("WATCHDOG: "),
                SLICE("sched: "), SLICE("hung_task: "), SLICE("kobject: "),
        };
        struct slice s = slice_trim(line);

        for (size_t i = 0; i < ARRAY_SIZE(prefixes); i++)
                while (s.n && s.s[0] == prefixes[i].s[0] && slice_starts(s, prefixes[i]))
                        s = slice_from(s, prefixes[i].n);
        return after_place(s);
}

const struct headline *headline_find(const struct headline *table, size_t n, struct slice s) {
        for (size_t i = 0; s.n && i < n; i++)
                if ((table[i].says[0] == s.s[0] || table[i].says[0] == '*') && slice_glob(s, table[i].says))
                        return &table[i];
        return NULL;
}

const struct headline *headline_of(const struct headline *table, size_t n, struct slice line) {
        return headline_find(table, n, headline_text(line));
}

const struct headline *headline_in(const struct headline *table, size_t n, const struct report *r, size_t *ret_line) {
        for (size_t i = 0; i < r->n_lines && i < HEADLINE_WITHIN; i++) {
                const struct headline *h = r->lines[i].class == LINE_OTHER ? headline_of(table, n, report_text(r, i)) :
                                                                             NULL;
                if (h) {
                        if (ret_line)
                                *ret_line = i;
                        return h;
                }
        }
        return NULL;
}

/* The report's first line that says anything: "cut here" may stand before it. */
static struct slice first_words(const struct report *r) {
        const bool cut = r->n_lines > 1 && r->lines[0].class == LINE_CUT_HERE;

        return r->n_lines ? report_text(r, cut) : SLICE_NULL;
}

int headline_begin(const struct report *r, struct finding *f, const struct headline *h) {
        const struct slice first = first_words(r);

        f->detector = h->detector;
        f->kind = h->kind;
        f->severity = h->severity;
        if (!f->message && first.n && !(f->message = arena_dup(&f->arena, headline_text(first))))
                return -ENOMEM;
        return dump_all(r, 0, f);
}

/* "[   12.345678]" within a line's text: two messages lie in one line of a console. A record has one, and a task may be
 * called so. */
static bool has_timestamp(struct slice s) {
        for (size_t at; (at = slice_find_byte(s, '[')) != SLICE_NPOS; s = slice_from(s, at + 1)) {
                struct slice t = slice_ltrim(slice_from(s, at + 1));
                uint64_t v;
                size_t digits;

                if (!slice_eat_u64(&t, &v) || !slice_eat(&t, SLICE(".")))
                        continue;
                digits = t.n;
                if (slice_eat_u64(&t, &v) && digits - t.n == 6 && slice_starts(t, SLICE("]")))
                        return true;
        }
        return false;
}

/* The first line, without the task's name that it begins with if its kind's does. */
static struct slice behind_name(const struct report *r) {
        enum { COMM_MAX = 15 };
        const struct slice s = report_text(r, 0);

        return slice_from(s, r->kind->task_first && (begins_with_task(s) || begins_with_id(s)) ? COMM_MAX : 0);
}

/* Did frames come before the "Call Trace:" that heads the report's own? A trap's dump has none there. */
static bool has_early_frames(const struct report *r, const struct finding *f) {
        bool rip = false, frames = false;

        if (r->caller != CALLER_NONE || (strcmp(f->detector, "oops") != 0 && strcmp(f->detector, "warn") != 0))
                return false;
        for (size_t i = 0; i < r->n_lines; i++) {
                rip = rip || r->lines[i].class == LINE_RIP;
                frames = frames || r->lines[i].class == LINE_FRAME;
                if (r->lines[i].class == LINE_TRACE_HEAD)
                        return frames && rip;
        }
        return false;
}

static bool is_place(const struct report *r, size_t i) {
        struct frame_view v;

        if (r->lines[i].class == LINE_RIP)
                return true;
        return r->lines[i].class == LINE_FRAME && frame_parse_any(report_text(r, i), &v) && v.reliable;
}

/* Whose allocation or freeing KASAN shows with frames that have no other head. */
static bool is_history(struct slice text) {
        struct slice s = slice_trim(text);
        uint64_t pid;

        /* A task may be called "Freed by task 9": then more follows than its number. */
        if (slice_eat(&s, SLICE("Allocated by task ")) || slice_eat(&s, SLICE("Freed by task ")))
                return slice_eat_u64(&s, &pid) &&
                       (slice_eq(s, SLICE(":")) || (slice_starts(s, SLICE(" on cpu ")) && slice_ends(s, SLICE("s:"))));
        return slice_eq(s, SLICE("Allocated:")) || slice_eq(s, SLICE("Freed:")) || slice_eq(s, SLICE("backtrace:"));
}

/* A stack of fault injection, which another CPU printed in between: no report has one of its own. */
static bool has_injection(const struct finding *f) {
        for (size_t i = 0; i < f->n_stacks; i++)
                for (size_t k = 0; k < f->stacks[i].n_frames; k++) {
                        const struct frame *fr = &f->stacks[i].frames[k];
                        if (fr->reliable && (slice_starts(slice_of(fr->function), SLICE("should_fail")) ||
                                             slice_starts(slice_of(fr->function), SLICE("__should_fail"))))
                                return true;
                }
        return false;
}

/* Is there a head of a stack without a reliable frame after it? */
static bool has_empty_trace(const struct report *r) {
        bool frames = false;
        size_t own = SIZE_MAX;

        for (size_t i = 0; i < r->n_lines; i++) {
                size_t k = i + 1, others = 0;
                /* Of the stacks of others that come after its own one may be cut. */
                frames = frames || is_place(r, i);
                if ((r->lines[i].class != LINE_TRACE_HEAD || (frames && (i > own || r->caller != CALLER_NONE))) &&
                    !(r->lines[i].class == LINE_OTHER && is_history(report_text(r, i))))
                        continue;
                while (k < r->n_lines && others < 16 && r->lines[k].class != LINE_TRACE_HEAD && !is_place(r, k) &&
                       !slice_has(report_text(r, k), SLICE("stack is not available")))
                        others += r->lines[k++].class != LINE_FRAME;
                if (k < r->n_lines && slice_has(report_text(r, k), SLICE("stack is not available")))
                        continue;
                if (k == r->n_lines || !is_place(r, k))
                        return true;
                if (own == SIZE_MAX)
                        own = i;
        }
        return false;
}

/* The unwinder found no way: what lay on the stack, with '?', is all that was printed. */
static bool has_only_guesses(const struct finding *f) {
        for (size_t i = 0; i < f->n_stacks; i++)
                for (size_t k = 0; k < f->stacks[i].n_frames; k++)
                        if (f->stacks[i].frames[k].reliable)
                                return false;
        return true;
}

/* A trap's registers name one place; the way there is in the trace that must follow, or in that of the panic. */
static bool has_only_rip(const struct finding *f) {
        const struct stack *s = dump_main(f);
        return s && s->n_frames == 1 && s->frames[0].rip && !dump_stack_of(f, "panic");
}

static bool has_trace_head(const struct report *r, size_t i) {
        while (i < r->n_lines && r->lines[i].class != LINE_TRACE_HEAD)
                i++;
        return i < r->n_lines;
}

/* Two tasks or CPUs said "CPU: n PID: m" before the first stack was through, in a log without callers. */
static bool has_two_reporters(const struct report *r) {
        struct finding scratch[2] = {};
        size_t n = 0;
        bool two = false, frames = false, through = false;
        struct frame_view v;

        if (r->caller != CALLER_NONE)
                return false;
        for (size_t i = 0; i < r->n_lines && n < 2; i++) {
                struct slice s = slice_trim(report_text(r, i));
                /* Lockdep's own dump follows this line. */
                if (n > 0 && slice_eq(s, SLICE("stack backtrace:")))
                        two = true;
                /* A dump after the whole stack, with a stack of its own, is not within it. */
                if (r->lines[i].class == LINE_CPU && through && has_trace_head(r, i))
                        break;
                through = through || (n > 0 && r->lines[i].class == LINE_FRAME && frame_parse_any(s, &v) &&
                                      v.reliable && is_outermost(v.function));
                /* From there on others may speak, asked to. */
                frames = frames || r->lines[i].class == LINE_FRAME;
                if (r->lines[i].class == LINE_END_TRACE || slice_starts(s, SLICE("NMI backtrace for cpu")) ||
                    slice_starts(s, SLICE("Sending NMI")) ||
                    (frames && slice_starts(s, SLICE("Kernel panic - not syncing"))))
                        break;
                if (r->lines[i].class == LINE_CPU && dump_cpu_line(r, i, &scratch[n]) == 0 && scratch[n].n_tasks)
                        n++;
        }
        if (n == 2)
                two = two || scratch[0].tasks[0].cpu != scratch[1].tasks[0].cpu ||
                      scratch[0].tasks[0].pid != scratch[1].tasks[0].pid;
        arena_free(&scratch[0].arena);
        arena_free(&scratch[1].arena);
        return two;
}

int headline_damage(const struct report *r, struct finding *f, bool owes_stack) {
        size_t frames = 0;
        int e = 0;

        for (size_t i = 0; i < f->n_stacks; i++)
                frames += strcmp(f->stacks[i].what, "preempt-disabled") == 0 ? 0 : f->stacks[i].n_frames;
        if (r->n_lines && r->console && has_timestamp(behind_name(r)))
                e = finding_corrupt(f, "a timestamp lies inside its title");
        if (e == 0 && owes_stack && frames == 0)
                e = finding_corrupt(f, r->end == END_LOG  ? "the log ended before its stack trace" :
                                       r->end == END_NEXT ? "the next report began before its stack trace" :
                                       r->end == END_LOST ? "its stack trace was lost" :
                                                            "no stack trace");
        if (e == 0 && owes_stack && has_only_rip(f))
                e = finding_corrupt(f, r->end == END_LOG ? "the log ended before its call trace" :
                                                           "its call trace is missing");
        if (e == 0 && owes_stack && dump_main(f) && dump_main(f)->guessed)
                ; /* no kernel of that kind prints more */
        else if (e == 0 && owes_stack && frames && has_only_guesses(f))
                e = finding_corrupt(f, "its stack trace has only frames that the kernel guessed");
        else if (e == 0 && owes_stack && has_empty_trace(r))
                e = finding_corrupt(f, r->end == END_LOG  ? "the log ended where a stack trace begins" :
                                       r->end == END_NEXT ? "the next report began where a stack trace begins" :
                                                            "a stack trace is empty");
        if (e == 0 && owes_stack &&
            (r->mixed || has_two_reporters(r) || has_early_frames(r, f) ||
             (r->caller == CALLER_NONE && dump_stack_of(f, "other")) || (r->caller == CALLER_NONE && has_injection(f))))
                e = finding_corrupt(f, "lines of another CPU lie inside it, with no caller to tell them apart");
        return e;
}

int headline_end(const struct report *r, struct finding *f, const struct headline *h, const char *blamed) {
        int e;

        if (!strchr(h->title, '@'))
                e = blame_title_only(f, h->title);
        else
                e = blame_title(f, h->title, blamed);
        return e < 0 ? e : headline_damage(r, f, h->owes != OWES_NOTHING);
}

int headline_parse(const struct report *r, struct finding *f, const struct headline *h) {
        int e = headline_begin(r, f, h);
        return e < 0 ? e : headline_rest(r, f, h);
}

/* "... in f+0x1/0x2": what the words before the stack name, where they stand behind the mark. 0 or -ENOMEM. */
static int name_in(struct slice line, struct slice mark, struct finding *f, const char **ret) {
        const size_t at = slice_find(line, mark);
        struct slice s = slice_from(line, at + mark.n);
        struct frame_view v;

        if (at == SLICE_NPOS || !symbol_eat(&s, false, &v))
                return 0;
        char *name = arena_dup(&f->arena, v.function);
        *ret = name && is_machinery(name, NULL) ? NULL : name;
        return name ? 0 : -ENOMEM;
}

/* Whom a report without a frame to blame names itself: in its first line, or as the caller of a check. */
static int name_in_words(const struct report *r, struct finding *f, const char **ret) {
        enum { CALLER_WITHIN = 4 };
        int e = r->n_lines ? name_in(report_text(r, 0), SLICE(" in "), f, ret) : 0;

        for (size_t i = 1; e == 0 && !*ret && i < r->n_lines && i < CALLER_WITHIN; i++)
                if (slice_starts(slice_trim(report_text(r, i)), SLICE("caller is ")))
                        e = name_in(report_text(r, i), SLICE("caller is "), f, ret);
        return e;
}

struct stack headline_stack(const struct finding *f, const struct stack *s) {
        struct stack ret = *s;

        ret.guessed = ret.guessed || (!f->former && has_only_guesses(f));
        return ret;
}

int headline_rest(const struct report *r, struct finding *f, const struct headline *h) {
        const struct stack *s = dump_main(f);
        const char *blamed;

        /* A trap's registers say where it was, whatever lies between. */
        if (strcmp(h->detector, "oops") == 0 && h->owes == OWES_STACK && dump_trap(f))
                s = dump_trap(f);
        const struct stack counts = s ? headline_stack(f, s) : (struct stack){};
        blamed = !s ? NULL : h->owes == OWES_DEEP_STACK ? blame_stall(&counts) : blame_stack(&counts, h->machinery);
        int e = s || f->former ? 0 : name_in_words(r, f, &blamed);
        return e < 0 ? e : headline_end(r, f, h, blamed);
}

char *without_numbers(struct arena *a, struct slice s) {
        char *out = arena_alloc(a, s.n * 4 + 1), *p = out;

        for (size_t i = 0; out && i < s.n;) {
                size_t k = i;
                bool hex = s.s[i] == '0' && i + 1 < s.n && s.s[i + 1] == 'x';
                bool word = i > 0 && (is_letter(s.s[i - 1]) || s.s[i - 1] == '_');

                if (hex)
                        k += 2;
                while (k < s.n && (is_digit(s.s[k]) ||
                                   ((s.s[k] | 32) >= 'a' && (s.s[k] | 32) <= 'f' && (hex || is_digit(s.s[i])))))
                        k++;
                /* An address that the kernel could not hash yet. */
                if (hex && slice_starts(slice_from(s, k), SLICE("(____ptrval____)")))
                        k += strlen("(____ptrval____)");
                if (!word && k > i && (hex || is_digit(s.s[i]))) {
                        p = stpcpy(p, hex || k - i >= 12 ? "ADDR" : "NUM");
                        i = k;
                } else
                        *p++ = s.s[i++];
        }
        if (out)
                *p = '\0';
        return out;
}
