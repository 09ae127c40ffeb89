/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>

#include "base/macros.h"
#include "kind/blame_hung.h"
#include "kind/dump.h"
#include "kind/guilty.h"
#include "kind/headline.h"
#include "kind/machinery.h"

/* "Kernel panic - not syncing: <why>". A panic that only follows a report (panic_on_warn, a fatal oops) is part of
 * that report: see part_after_end(); alone, its report is what was lost. */

static const struct headline headlines[] = {
        { "*corrupted stack end detected inside scheduler*", "panic", "stack-overflow",
          "kernel panic: corrupted stack end in @", SEVERITY_CRITICAL, OWES_DEEP_STACK, blame_waiting },
        { "*Couldn't open N_TTY ldisc*", "panic", "panic", "kernel panic: Couldn't open N_TTY ldisc", SEVERITY_HIGH,
          OWES_STACK, NULL },
        { "*Attempted to kill init!*", "panic", "panic", "kernel panic: Attempted to kill init!", SEVERITY_HIGH,
          OWES_NOTHING, NULL },
        { "*Attempted to kill the idle task!*", "panic", "panic", "kernel panic: Attempted to kill the idle task!",
          SEVERITY_HIGH, OWES_NOTHING, NULL },
        { "*Out of memory*", "panic", "out-of-memory", "kernel panic: Out of memory", SEVERITY_HIGH, OWES_NOTHING,
          NULL },
        { "*System is deadlocked on memory*", "panic", "out-of-memory", "kernel panic: System is deadlocked on memory",
          SEVERITY_HIGH, OWES_NOTHING, NULL },
        { "*VFS: Unable to mount root fs*", "panic", "panic", "kernel panic: VFS: Unable to mount root fs",
          SEVERITY_HIGH, OWES_NOTHING, NULL },
};

static const char *const triggers[] = { "Kernel panic - not syncing", NULL };

static bool reason_of(struct slice text, struct slice *ret) {
        struct slice s = headline_text(text);

        if (!slice_eat(&s, SLICE("Kernel panic - not syncing: ")))
                return false;
        *ret = s;
        return true;
}

bool panic_follows_report(struct slice text) {
        static const char *const reasons[] = {
                "*panic_on_warn*",
                "Fatal exception*",
                "hung_task: blocked tasks*",
                "softlockup: hung tasks*",
                "*RCU Stall*",
                "Hard LOCKUP*",
                "scheduling while atomic*",
                "kernel: panic*",
                "i915 vmlife: vmlife_panic*",
                "Oops*",
                "*kasan.fault=*",
                "* panic_on_*",
                "workqueue: *stall*",
                "*KFENCE*",
                "NMI: Not continuing*",
                "Aiee, killing interrupt handler*",
                "*: Fatal exception*",
                "*exception:", /* its last words are in the next line, where a mail wrapped it */
                "*abort:",
                "BUG!",
                "Asynchronous SError Interrupt",
                "bad mode",
                "Unhandled exception",
                "Machine halted.",
                "kernel stack overflow",
                "Kernel stack overflow",
                "Kernel Fault", /* parisc */
                "Bad Address (null pointer deref?)",
                "High Priority Machine Check (HPMC)",
                "Page fault: *",
        };
        struct slice reason;

        /* "Out of memory: system-wide panic_on_oom is enabled": what went before is no report. */
        if (!reason_of(text, &reason) || slice_starts(reason, SLICE("Out of memory")))
                return false;
        for (size_t i = 0; i < ARRAY_SIZE(reasons); i++)
                if (slice_glob(reason, reasons[i]))
                        return true;
        return false;
}

/* "Attempted to kill init! exitcode=0x0000000b", "... the idle task!": who was killed, if by a signal that an oops ends
 * its task with. */
static bool killed(struct slice text, uint64_t *ret_pid) {
        static const uint64_t signals[] = { 4, 5, 7, 8, 9, 11 };
        struct slice reason;
        uint64_t code;

        if (!reason_of(text, &reason))
                return false;
        *ret_pid = 0;
        if (slice_starts(reason, SLICE("Attempted to kill the idle task!")))
                return true;
        *ret_pid = 1;
        if (!slice_eat(&reason, SLICE("Attempted to kill init!")))
                return false;
        /* Old kernels say no more, and mails break the line here. */
        if (slice_trim(reason).n == 0)
                return true;
        if (!slice_eat(&reason, SLICE(" exitcode=0x")) || !slice_eat_hex(&reason, &code))
                return false;
        for (size_t i = 0; i < ARRAY_SIZE(signals); i++)
                if (code == signals[i])
                        return true;
        return false;
}

/* Whom the report's "CPU:" line names; false if none does. */
static bool pid_of(struct slice text, uint64_t *ret) {
        const size_t at = slice_find(text, SLICE(" PID: "));
        struct slice s = slice_from(text, at == SLICE_NPOS ? text.n : at + strlen(" PID: "));
        return slice_eat_u64(&s, ret);
}

bool panic_follows(struct slice text, const struct report *r) {
        bool dies = kind_is(r->kind, KIND_OOPS) || kind_is(r->kind, KIND_BUG) || kind_is(r->kind, KIND_HEADLESS);
        uint64_t victim, pid;

        if (!killed(text, &victim))
                return panic_follows_report(text);
        /* A warning kills nobody, and an oops its own task only. */
        for (size_t i = 0; i < r->n_lines; i++) {
                dies = dies || is_oops_line(report_text(r, i)) || is_bug_banner(slice_trim(report_text(r, i)));
                if (r->lines[i].class == LINE_CPU && pid_of(report_text(r, i), &pid) && pid != victim)
                        return false;
        }
        return dies;
}

bool panic_follows_finding(struct slice text, const struct finding *f) {
        static const char *const deadly[] = { "oops", "bug", "list" };
        uint64_t victim;

        if (!killed(text, &victim))
                return panic_follows_report(text);
        for (size_t i = 0; i < ARRAY_SIZE(deadly); i++)
                if (strcmp(f->detector, deadly[i]) == 0)
                        return f->n_tasks == 0 || f->tasks[0].pid == victim;
        return false;
}

static bool starts(struct slice text) {
        struct slice reason;
        return reason_of(text, &reason);
}

static enum part part(struct report *r, const struct line *l, enum line_class class, const struct kind *starter) {
        struct slice s = slice_trim(l->text);

        r->complete = r->has_frames;
        if (class == LINE_OTHER &&
            (slice_starts(s, SLICE("Kernel Offset: ")) || slice_starts(s, SLICE("Dumping ftrace")) ||
             slice_starts(s, SLICE("(ftrace buffer"))))
                return PART_BODY;
        return slice_starts(s, SLICE("Rebooting in ")) ? PART_LAST : part_dump(r, l, class, starter);
}

/* "stack-protector: Kernel stack is corrupted in: F+0x1/0x2" names who was hit; others have their own name. */
static int parse(const struct report *r, struct finding *f) {
        const struct headline *h = headline_of(headlines, ARRAY_SIZE(headlines), report_text(r, 0));
        struct headline other = { .detector = "panic",
                                  .kind = "panic",
                                  .severity = SEVERITY_HIGH,
                                  .owes = OWES_NOTHING };
        struct slice reason = SLICE_NULL;
        struct frame_view v;

        if (h)
                return headline_parse(r, f, h);
        reason_of(report_text(r, 0), &reason);
        size_t at = slice_find(reason, SLICE("Kernel stack is corrupted in: "));
        if (at != SLICE_NPOS) {
                struct slice s = slice_from(reason, at + strlen("Kernel stack is corrupted in: "));
                const char *blamed = NULL;
                int e;

                other.kind = "stack-protector";
                other.severity = SEVERITY_CRITICAL;
                other.title = "kernel panic: stack is corrupted in @";
                e = headline_begin(r, f, &other);
                if (e < 0)
                        return e;
                if (slice_eat(&s, SLICE("[<")))
                        slice_token(&s, ']'), s = slice_ltrim(s);
                if (symbol_eat(&s, false, &v) && !(blamed = arena_dup(&f->arena, v.function)))
                        return -ENOMEM;
                const struct stack *stack = f->n_stacks ? &f->stacks[0] : NULL;
                return headline_end(r, f, &other,
                                    blamed && !(f->former ? was_machinery_frame : is_machinery_frame)(
                                                      &(struct frame){ .function = blamed }, NULL) ?
                                            blamed :
                                    stack ? blame_stack(stack, NULL) :
                                            NULL);
        }
        other.title = arena_printf(&f->arena, "kernel panic: %.*s", SLICE_FMT(reason));
        if (!other.title)
                return -ENOMEM;
        for (char *c = (char *) other.title; *c; c++)
                if (*c == '@')
                        *c = ' ';
        if (panic_follows_report(report_text(r, 0))) {
                other.owes = OWES_STACK;
                int e = finding_corrupt(f, "the report that this panic follows is missing");
                if (e < 0)
                        return e;
        }
        return headline_parse(r, f, &other);
}

KIND_NAMES(headlines, headlines[i].detector, headlines[i].kind, { "panic", "stack-protector" })

const struct kind kind_panic = {
        .name = "panic",
        .general = KIND_PANIC,
        .names = names,
        .triggers = triggers,
        .starts = starts,
        .part = part,
        .parse = parse,
};
