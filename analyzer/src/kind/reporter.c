/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>

#include "base/macros.h"
#include "kind/blame_hung.h"
#include "kind/dispatchers.h"
#include "kind/headline.h"
#include "kind/part.h"
#include "line/frame.h"

/* A report whose first line another writer of the console broke, or that was cut off: a line that no other report has,
 * or the function that reports, with which the stack that it printed begins. What was wrong is all that this says. */

static const char past_title[] = "KASAN: invalid-access in corrupted",
                  uninit_title[] = "KMSAN: uninit-value in corrupted";

static const struct reporter {
        const char *function; /* or the line, with '*' */
        struct headline headline;
} reporters[] = {
#define REPORTER(function, detector, kind, title) REPORTS(function, detector, kind, title, SEVERITY_MEDIUM, OWES_STACK)
#define REPORTS(function, detector, kind, title, severity, owes)                 \
        {                                                                        \
                function, {                                                      \
                        "*", detector, kind, title " in @", severity, owes, NULL \
                }                                                                \
        }
        REPORTER("print_circular_bug*", "lockdep", "circular-locking", "possible deadlock"),
        REPORTER("check_noncircular*", "lockdep", "circular-locking", "possible deadlock"),
        REPORTER("print_deadlock_bug*", "lockdep", "recursive-locking", "possible deadlock"),
        REPORTER("print_bad_irq_dependency*", "lockdep", "irq-unsafe-order", "possible deadlock"),
        REPORTER("check_irq_usage*", "lockdep", "irq-unsafe-order", "possible deadlock"),
        REPORTER("print_irq_inversion_bug*", "lockdep", "irq-inversion", "possible deadlock"),
        REPORTER("print_usage_bug*", "lockdep", "inconsistent-state", "inconsistent lock state"),
        REPORTER("lockdep_rcu_suspicious*", "lockdep", "suspicious-rcu", "WARNING: suspicious RCU usage"),
        REPORTER("print_unlock_imbalance_bug*", "lockdep", "bad-unlock-balance", "BUG: bad unlock balance"),
        REPORTER("__ubsan_handle_shift_out_of_bounds*", "ubsan", "shift-out-of-bounds", "UBSAN: shift-out-of-bounds"),
        REPORTER("__ubsan_handle_out_of_bounds*", "ubsan", "array-index-out-of-bounds",
                 "UBSAN: array-index-out-of-bounds"),
        REPORTER("__ubsan_handle_load_invalid_value*", "ubsan", "invalid-load", "UBSAN: invalid-load"),
        REPORTS("kasan_report*", "kasan", "invalid-access", "KASAN: invalid-access", SEVERITY_CRITICAL, OWES_STACK),
        REPORTS("bad_page*", "mm", "bad-page-state", "BUG: Bad page state", SEVERITY_HIGH, OWES_STACK),
        REPORTER("warn_slowpath*", "warn", "warning", "WARNING"),
        REPORTER("__warn*", "warn", "warning", "WARNING"),
        REPORTER("__might_resched*", "atomic-sleep", "sleeping", "BUG: sleeping function called from invalid context"),
        REPORTER("__schedule_bug*", "atomic-sleep", "scheduling", "BUG: scheduling while atomic"),
        REPORTS("print_cpu_stall*", "rcu-stall", "self-detected", "INFO: rcu detected stall", SEVERITY_HIGH,
                OWES_DEEP_STACK),
        REPORTS("rcu_dump_cpu_stacks*", "rcu-stall", "detected", "INFO: rcu detected stall", SEVERITY_HIGH,
                OWES_DEEP_STACK),
};

/* Lines that only one report has, and always; "0" stands for any CPU's number and state, behind "rcu:" from 4.19 on. */
static const struct reporter lines[] = {
        REPORTER("context-{*}", "lockdep", "invalid-wait-context", "BUG: Invalid wait context"),
        REPORTS("(detected by *, t=* jiffies, *", "rcu-stall", "detected", "INFO: rcu detected stall", SEVERITY_HIGH,
                OWES_DEEP_STACK),
        REPORTS("(t=* jiffies g=*", "rcu-stall", "self-detected", "INFO: rcu detected stall", SEVERITY_HIGH,
                OWES_DEEP_STACK),
        REPORTER("inconsistent {*} -> {*} usage.", "lockdep", "inconsistent-state", "inconsistent lock state"),
        REPORTS("0: (* ticks this GP) idle=*", "rcu-stall", "detected", "INFO: rcu detected stall", SEVERITY_HIGH,
                OWES_DEEP_STACK),
        { "\"echo 0 > /proc/sys/kernel/hung_task_timeout_secs\"*",
          { "*", "hung-task", "blocked", "INFO: task hung in @", SEVERITY_HIGH, OWES_STACK, blame_waiting } },
        /* Of what they head, nothing was done when it went wrong. */
        { "Allocated by task *:",
          { "*", "kasan", "invalid-access", past_title, SEVERITY_CRITICAL, OWES_NOTHING, NULL } },
        { "Freed by task *:", { "*", "kasan", "invalid-access", past_title, SEVERITY_CRITICAL, OWES_NOTHING, NULL } },
        { "Uninit was created at:", { "*", "kmsan", "uninit-value", uninit_title, SEVERITY_HIGH, OWES_NOTHING, NULL } },
        { "Uninit was stored to memory at:",
          { "*", "kmsan", "uninit-value", uninit_title, SEVERITY_HIGH, OWES_NOTHING, NULL } },
#undef REPORTER
#undef REPORTS
};

static const char *const triggers[] = {
        "Call Trace:",
        "Call trace:",
        "Backtrace:",
        "---[ end trace ",
        "Allocated by task ",
        "Freed by task ",
        "Uninit was ",
        "hung_task_timeout_secs\"",
        "inconsistent {",
        " ticks this GP) idle=",
        "warn_slowpath",
        "__warn",
        "kasan_report",
        "bad_page",
        "context-{",
        "(detected by ",
        " jiffies g=",
        "check_irq_usage",
        "print_circular_bug",
        "check_noncircular",
        "print_deadlock_bug",
        "print_bad_irq_dependency",
        "print_irq_inversion",
        "print_usage_bug",
        "lockdep_rcu_suspicious",
        "print_unlock_imbalance",
        "__ubsan_handle_",
        "__might_resched",
        "__schedule_bug",
        "print_cpu_stall",
        "rcu_dump_cpu_stacks",
        /* Where a stack has no head: its first line, or its last. */
        "<TASK>",
        "entry_SYSCALL_64",
        "entry_SYSENTER_compat",
        "entry_INT80",
        "entry_FRED",
        "asm_fred_",
        "asm_common_interrupt",
        "asm_exc_",
        "asm_sysvec_",
        "ret_from_fork",
        "ret_from_kernel_thread",
        "ret_from_exception",
        "ret_fast_syscall",
        "system_call_exception",
        "system_call_vectored",
        "secondary_startup_",
        "__irq_svc+0x",
        "el0t_64_sync",
        NULL,
};

/* "rcu: \t12-...!: (1 ticks this GP) idle=": of such a line what stands behind the CPU's number and state, with which
 * it begins. A device's name may begin with numbers, too. */
static struct slice behind_cpu(struct slice line) {
        enum { STATE_MAX = 5 };
        uint64_t cpu;

        if (slice_eat(&line, SLICE("rcu:")))
                line = slice_ltrim(line);
        if (!slice_eat_u64(&line, &cpu) || !slice_eat(&line, SLICE("-")))
                return SLICE_NULL;
        const size_t n = slice_find(line, SLICE(": ("));
        return n <= STATE_MAX && slice_find_byte(slice_head(line, n), ' ') == SLICE_NPOS ? slice_from(line, n) :
                                                                                           SLICE_NULL;
}

static bool is_line(struct slice text, const char *line) {
        return *line == '0' ? slice_glob(behind_cpu(text), line + 1) : slice_glob(text, line);
}

static const struct reporter *reporter_of(struct slice text) {
        struct frame_view frame;

        for (size_t i = 0; i < ARRAY_SIZE(lines); i++)
                if (is_line(slice_trim(text), lines[i].function))
                        return &lines[i];
        if (!frame_parse(text, &frame) || !frame.reliable)
                return NULL;
        for (size_t i = 0; i < ARRAY_SIZE(reporters); i++)
                if (slice_glob(frame.function, reporters[i].function))
                        return &reporters[i];
        return NULL;
}

/* What stands at the end of a report, or tells of an object that one is about. */
static bool rest(struct slice text) {
        const struct slice s = slice_ltrim(text);
        return slice_starts(s, SLICE("---[ end trace ")) || slice_starts(s, SLICE("Allocated by task ")) ||
               slice_starts(s, SLICE("Freed by task ")) || slice_starts(s, SLICE("Uninit was "));
}

/* Is it a frame where stacks end? Then one stood above it, of which nobody knew that it was one. */
static bool ends_stack(struct slice text) {
        struct frame_view frame;

        return frame_parse(text, &frame) && is_outermost(frame.function);
}

static bool starts(struct slice text) {
        const enum line_class class = line_classify(text);

        return class == LINE_TRACE_HEAD || class == LINE_CONTEXT || (class == LINE_FRAME && ends_stack(text)) ||
               slice_starts(slice_ltrim(text), SLICE("---[ end trace ")) || reporter_of(text);
}

static bool is_last_frame(const struct report *r) {
        return r->lines[0].class == LINE_FRAME && ends_stack(report_text(r, 0));
}

/* Where a value that was not initialized comes from: one report has several of these, each with a stack. */
static bool is_of_uninit(struct slice text) {
        return slice_starts(slice_ltrim(text), SLICE("Uninit was "));
}

static enum part part(struct report *r, const struct line *l, enum line_class class, const struct kind *starter) {
        if (starter == r->kind && is_of_uninit(report_text(r, 0)) && is_of_uninit(l->text))
                return PART_BODY;
        return r->lines[0].class == LINE_END_TRACE || is_last_frame(r) ? PART_OVER : part_marked(r, l, class, starter);
}

static const struct reporter watchdog = { "*",
                                          { "*", "soft-lockup", "soft-lockup", "BUG: soft lockup in @", SEVERITY_HIGH,
                                            OWES_DEEP_STACK, NULL } };

/* The first among its first frames that reports. */
static const struct reporter *reporter_in(const struct report *r) {
        enum { FIRST = 12 };
        const struct reporter *found = part_of_watchdog(r) ? &watchdog : NULL;

        /* Other stacks may come before its own where the log begins within it. */
        for (size_t i = 0; i < r->n_lines && (i < FIRST || kind_is(r->kind, KIND_BEHEADED)) && !found; i++)
                found = reporter_of(report_text(r, i));
        return found;
}

/* Of a log that begins within a report, too, where the stack tells who reported, or no stack is left. */
static bool claims(const struct report *r) {
        return kind_is(r->kind, KIND_REPORTER) || (kind_is(r->kind, KIND_HEADLESS) && part_of_watchdog(r)) ||
               (kind_is(r->kind, KIND_BEHEADED) && (reporter_in(r) || !r->has_frames));
}

/* What is to blame must follow. */
static bool stands(const struct report *r) {
        enum { LEAST = 3 };
        size_t n = 0;

        for (size_t i = 0; i < r->n_lines; i++)
                n += r->lines[i].class == LINE_FRAME;
        return r->lines[0].class == LINE_END_TRACE || (n >= LEAST && (r->phase == PHASE_MARKED || reporter_in(r)));
}

/* "comm/12 [HC0[0]:SC0[0]:HE1:SE1] takes:" and in the next line "... (&rq->lock){?.-.}, at: f+0x1/0x2". NULL: not
 * there, or no memory. */
static const char *taken_at(const struct report *r, struct finding *f) {
        for (size_t i = 0; i + 1 < r->n_lines; i++) {
                const struct slice next = report_text(r, i + 1);
                const size_t at = slice_find(next, SLICE(", at: "));
                struct slice s = slice_from(next, at == SLICE_NPOS ? next.n : at + strlen(", at: "));
                struct frame_view v;
                if (slice_ends(slice_trim(report_text(r, i)), SLICE(" takes:")) && s.n && symbol_eat(&s, false, &v))
                        return arena_dup(&f->arena, v.function);
        }
        return NULL;
}

/* The first stack tells where the lock was taken before, which is not who takes it now. */
static int parse_reporter(const struct report *r, struct finding *f, const struct headline *h) {
        int e = headline_begin(r, f, h);
        const char *taken = e < 0 || strcmp(h->kind, "inconsistent-state") != 0 ? NULL : taken_at(r, f);

        return e < 0 ? e : taken ? headline_end(r, f, h, taken) : headline_rest(r, f, h);
}

static int parse(const struct report *r, struct finding *f) {
        static const struct headline ended = { "*", "oops", "trap", "Oops in @", SEVERITY_CRITICAL, OWES_STACK, NULL };
        const struct reporter *reporter = reporter_in(r);
        int e = parse_reporter(r, f, reporter ? &reporter->headline : &ended);

        if (e == 0 && reporter && (reporter->headline.title == past_title || reporter->headline.title == uninit_title))
                e = finding_corrupt(f, "no frame to blame");
        return e < 0 ? e : finding_corrupt(f, "the line that begins it is missing");
}

static bool names(size_t i, struct kind_name *ret) {
        if (i < ARRAY_SIZE(reporters))
                *ret = (struct kind_name){ reporters[i].headline.detector, reporters[i].headline.kind };
        return i < ARRAY_SIZE(reporters);
}

const struct kind kind_reporter = {
        .name = "reporter",
        .general = KIND_REPORTER,
        .names = names,
        .triggers = triggers,
        .starts = starts,
        .inner = true,
        .part = part,
        .rest = rest,
        .stands = stands,
        .claims = claims,
        .parse = parse,
};
