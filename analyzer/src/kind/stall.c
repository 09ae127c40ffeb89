/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>

#include "base/macros.h"
#include "kind/blame_hung.h"
#include "kind/blame_stall.h"
#include "kind/dump.h"
#include "kind/function_name.h"
#include "kind/headline.h"
#include "kind/machinery.h"
#include "line/frame.h"

/* CPUs that do not come back: RCU's stall warnings (kernel/rcu/tree_stall.h, tree_exp.h), the watchdog's lockups
 * (kernel/watchdog*.c). The CPU that noticed tells, then it asks others by NMI to dump themselves; what they
 * print has their own caller. */

static const struct headline headlines[] = {
        /* The CPU that hangs has a call to another one pending, which the kernel tells apart (CSD-lock). */
        { "INFO: rcu* detected *stall*, but suppressed full report*", "rcu-stall", "suppressed",
          "INFO: rcu detected stall, full report suppressed", SEVERITY_HIGH, OWES_NOTHING, NULL },
        { "INFO: rcu* self-detected stall on CPU*", "rcu-stall", "self-detected", "INFO: rcu detected stall in @",
          SEVERITY_HIGH, OWES_STACK, NULL },
        { "INFO: rcu* detected stalls on CPUs/tasks*", "rcu-stall", "detected", "INFO: rcu detected stall in @",
          SEVERITY_HIGH, OWES_STACK, NULL },
        { "INFO: rcu* detected expedited stalls on CPUs/tasks*", "rcu-stall", "expedited",
          "INFO: rcu detected stall in @", SEVERITY_HIGH, OWES_STACK, NULL },
        { "INFO: rcu* detected stall on CPU*", "rcu-stall", "detected", "INFO: rcu detected stall in @", SEVERITY_HIGH,
          OWES_STACK, NULL },
        { "INFO: rcu_tasks detected stalls on tasks*", "rcu-stall", "tasks", "INFO: rcu detected stall in @",
          SEVERITY_HIGH, OWES_STACK, NULL },
        { "BUG: soft lockup - CPU#* stuck for *", "soft-lockup", "soft-lockup", "BUG: soft lockup in @", SEVERITY_HIGH,
          OWES_STACK, NULL },
        { "Watchdog detected hard LOCKUP on cpu*", "hard-lockup", "hard-lockup", "BUG: hard lockup in @",
          SEVERITY_CRITICAL, OWES_STACK, NULL },
        { "CPU*: Watchdog detected hard LOCKUP on cpu*", "hard-lockup", "hard-lockup", "BUG: hard lockup in @",
          SEVERITY_CRITICAL, OWES_STACK, NULL },
        /* powerpc: arch/powerpc/kernel/watchdog.c; the CPU that notices names the others, which then dump themselves */
        { "CPU * self-detected hard LOCKUP*", "hard-lockup", "hard-lockup", "BUG: hard lockup in @", SEVERITY_CRITICAL,
          OWES_STACK, NULL },
        { "CPU * detected hard LOCKUP on other CPUs*", "hard-lockup", "hard-lockup", "BUG: hard lockup in @",
          SEVERITY_CRITICAL, OWES_STACK, NULL },
        { "CPU * Hard LOCKUP", "hard-lockup", "hard-lockup", "BUG: hard lockup in @", SEVERITY_CRITICAL, OWES_STACK,
          NULL },
        /* the same before 4.14 */
        { "Watchdog CPU:* detected Hard LOCKUP other CPUS:*", "hard-lockup", "hard-lockup", "BUG: hard lockup in @",
          SEVERITY_CRITICAL, OWES_STACK, NULL },
        { "Watchdog CPU:* Hard LOCKUP", "hard-lockup", "hard-lockup", "BUG: hard lockup in @", SEVERITY_CRITICAL,
          OWES_STACK, NULL },
};

static const char *const triggers[] = {
        "detected stall",
        "detected expedited stalls",
        "soft lockup - CPU#",
        "hard LOCKUP on cpu",
        "detected hard LOCKUP",
        " Hard LOCKUP",
        NULL,
};

/* Does another detector tell, and of another moment? Then it tells of another hang, though no stack came of the first.
 */
static bool is_another(const struct report *r, const struct line *l) {
        static const uint64_t at_once_us = 1000000;
        const struct headline *first = headline_of(headlines, ARRAY_SIZE(headlines), report_text(r, 0)),
                              *now = headline_of(headlines, ARRAY_SIZE(headlines), l->text);

        return !r->behind && first && now && strcmp(first->detector, now->detector) != 0 && r->last.has_mono &&
               l->time.has_mono && l->time.mono_us > r->last.mono_us + at_once_us;
}

static enum part part(struct report *r, const struct line *l, enum line_class class, const struct kind *starter) {
        struct slice s = headline_text(l->text);

        /* The watchdog finds what RCU finds, and both find it again: one hang while its stacks come. */
        if (starter == r->kind)
                return r->has_frames || is_another(r, l) ? PART_OVER : PART_BODY;
        if (starter)
                return PART_OVER;
        if (class == LINE_OTHER &&
            (slice_starts(slice_trim(l->text), SLICE("rcu: ")) || slice_starts(s, SLICE("NMI backtrace for cpu")) ||
             slice_starts(s, SLICE("Sending NMI")) || slice_starts(s, SLICE("(t=")) ||
             slice_starts(s, SLICE("(detected by")) || slice_starts(s, SLICE("Task dump for CPU")) ||
             slice_starts(s, SLICE("task:"))))
                return PART_BODY;
        if (class == LINE_FRAME)
                r->has_frames = true;
        /* The dumps of other CPUs follow the first: it is whole when nothing comes any more. */
        if (class == LINE_OTHER)
                return PART_MAYBE;
        return class == LINE_RULER || class == LINE_CUT_HERE ? PART_OVER :
               class == LINE_END_TRACE                       ? PART_LAST :
                                                               part_dump(r, l, class, NULL);
}

/* "rcu: \t0-...!: (1 ticks this GP) idle=... softirq=...", and what follows it of the grace period. */
static bool own_line(struct slice s) {
        const bool rcu = slice_eat(&s, SLICE("rcu:"));

        s = slice_ltrim(s);
        if (slice_starts(s, SLICE("(t=")) || slice_starts(s, SLICE("(detected by ")))
                return slice_has(s, SLICE(" jiffies"));
        return (slice_has(s, SLICE(" idle=")) && slice_has(s, SLICE(" softirq="))) ||
               (rcu && (slice_has(s, SLICE(" kthread starved for ")) || slice_starts(s, SLICE("Tasks blocked on "))));
}

/* Does a CPU that another one found hanging begin its own dump? */
static bool is_answer(struct slice text) {
        const struct slice s = headline_text(text);
        return slice_ends(s, SLICE(" Hard LOCKUP")) && headline_find(headlines, ARRAY_SIZE(headlines), s);
}

static bool adopts(const struct report *r, struct slice text) {
        if (is_answer(text))
                return slice_has(report_text(r, 0), SLICE(" LOCKUP o")); /* "on other CPUs", "other CPUS" */
        return slice_starts(slice_trim(text), SLICE("NMI backtrace for cpu "));
}

/* "... CPUs/tasks: { P43 P44 } 1012 jiffies": no CPU among them? */
static bool only_tasks(struct slice text) {
        size_t open = slice_find(text, SLICE("{ ")), close = slice_find(text, SLICE(" }"));

        if (open == SLICE_NPOS || close == SLICE_NPOS || close <= open + 2)
                return false;
        for (struct slice s = slice_head(slice_from(text, open + 2), close - open - 2); s.n;) {
                struct slice word = slice_token(&s, ' ');
                if (word.n && word.s[0] != 'P')
                        return false;
        }
        return true;
}

/* "BUG: soft lockup - CPU#2 stuck for 22s! [comm:123]", where no "CPU:" line says it. */
static int add_stuck(struct finding *f, struct slice s) {
        struct slice head = slice_trim(s);
        size_t open = slice_find(head, SLICE("! [")), cpu_at = slice_find(head, SLICE("CPU#")), colon;
        uint64_t pid, cpu;

        if (f->n_tasks || open == SLICE_NPOS || cpu_at == SLICE_NPOS || !slice_ends(head, SLICE("]")))
                return 0;
        struct slice who = slice_from(head, open + 3), number = slice_from(head, cpu_at + 4);
        who.n--;
        for (colon = who.n; colon > 0 && who.s[colon - 1] != ':'; colon--)
                ;
        struct slice digits = slice_from(who, colon);
        if (colon == 0 || !slice_eat_u64(&digits, &pid) || digits.n || !slice_eat_u64(&number, &cpu))
                return 0;
        struct task *t = finding_add_task(f);
        if (!t || !(t->comm = arena_dup(&f->arena, slice_head(who, colon - 1))))
                return -ENOMEM;
        t->pid = pid;
        t->cpu = cpu < INT32_MAX ? (int64_t) cpu : -1;
        t->role = "reporter";
        return 0;
}

/* Is it of a task that had been preempted, or that was asked nothing but to wait? Then it shows whom the grace period
 * waits for, and not what kept the CPU from that task. */
static bool is_off_cpu(const struct stack *s) {
        for (size_t i = 0; i < s->n_frames; i++) {
                const struct slice name = function_base(slice_of(s->frames[i].function));
                if (s->frames[i].rip || slice_starts(name, SLICE("rcu_exp_wait_wake")))
                        return !s->frames[i].rip;
                if (s->frames[i].reliable && !s->frames[i].inlined && !slice_starts(name, SLICE("sched_show_task")))
                        return slice_starts(name, SLICE("__schedule"));
        }
        return false;
}

/* "CPU 5 self-detected hard LOCKUP @ F+0x1/0x2" names the place. */
static const char *place_of(struct slice text, struct finding *f) {
        struct slice s = headline_text(text);
        const size_t at = slice_find(s, SLICE(" LOCKUP @ "));
        struct frame_view v;

        s = slice_from(s, at == SLICE_NPOS ? s.n : at + strlen(" LOCKUP @ "));
        return s.n && symbol_eat(&s, false, &v) ? arena_dup(&f->arena, v.function) : NULL;
}

/* People also name such a report by the task that was interrupted by what stalls. */
static int add_interrupted(struct finding *f, const struct headline *h, const char *function) {
        struct slice after = slice_of(h->title), before = slice_token(&after, '@');
        const char *name = blame_name(&f->arena, function);
        const char *title = name ? arena_printf(&f->arena, "%.*s%s", SLICE_FMT(before), name) : NULL;

        return !title ? -ENOMEM : strcmp(title, f->title) == 0 ? 0 : finding_add_alt_title(f, title);
}

static int parse(const struct report *r, struct finding *f) {
        const struct headline *h = headline_of(headlines, ARRAY_SIZE(headlines), report_text(r, 0));
        const char *blamed = NULL, *interrupted = NULL;
        int e = headline_begin(r, f, h);

        if (e == 0)
                e = add_stuck(f, report_text(r, 0));
        if (e < 0)
                return e;
        /* Of tasks that block an expedited grace period only the numbers are told. */
        if (f->n_stacks == 0 && strcmp(h->kind, "expedited") == 0 && only_tasks(report_text(r, 0))) {
                struct headline told = *h;
                told.title = "INFO: rcu detected expedited stall of a task";
                told.owes = OWES_NOTHING;
                return headline_end(r, f, &told, NULL);
        }
        for (size_t i = 0; i < f->n_stacks && !blamed; i++) {
                const struct stack *stack = &f->stacks[i];
                if (stack->n_frames == 0 || strcmp(stack->what, "panic") == 0 || blame_is_victim(stack))
                        continue;
                blamed = blame_stall(stack);
                interrupted = blamed && !f->former ? blame_interrupted(stack) : NULL;
                if (blamed && !f->former && is_off_cpu(stack) &&
                    finding_corrupt(f, "its stack is of a task that did not run") < 0)
                        return -ENOMEM;
        }
        const char *place = place_of(report_text(r, 0), f);
        e = headline_end(r, f, h, place && (!blamed || !is_machinery(place, blame_waiting)) ? place : blamed);
        return e == 0 && interrupted ? add_interrupted(f, h, interrupted) : e;
}

const struct kind kind_stall = {
        .name = "stall",
        HEADLINES(headlines),
        .triggers = triggers,
        .own_line = own_line,
        .part = part,
        .adopts = adopts,
        .parse = parse,
};
