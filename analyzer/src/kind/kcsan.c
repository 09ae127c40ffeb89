/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>

#include "base/macros.h"
#include "kind/dump.h"
#include "kind/guilty.h"
#include "kind/kind.h"
#include "kind/machinery.h"

/* kernel/kcsan/report.c:
 * BUG: KCSAN: data-race in A / B        (or "in F+0x1/0x2" with one side known, or "assert: race in")
 *
 * write to 0xffff888100000000 of 8 bytes by task 12 on cpu 0:
 *  frames
 * read (marked) to ... by interrupt on cpu 1:
 *  frames
 *
 * value changed: 0x1 -> 0x2
 * Reported by Kernel Concurrency Sanitizer on:
 * CPU: ...
 * ruler */

static const char *const triggers[] = { "BUG: KCSAN: ", NULL };

static bool starts(struct slice text) {
        return slice_starts(text, SLICE("BUG: KCSAN: "));
}

enum { PHASE_FOOTER = 1 };

static bool is_footer(struct slice s) {
        return slice_starts(s, SLICE("Reported by Kernel Concurrency"));
}

/* A line that only KCSAN writes, and no frame. */
static bool is_own(struct slice s) {
        return slice_has(s, SLICE(" to 0x")) || slice_starts(s, SLICE("value changed:")) ||
               slice_starts(s, SLICE("bits changed:")) || slice_starts(s, SLICE("+-> reordered to:")) ||
               slice_eq(s, SLICE("|")) || is_footer(s);
}

/* "write to 0xffff888100000000 of 8 bytes by task 12 on cpu 0:", from its first word on: a device's name may end with
 * the same. */
static bool own_line(struct slice s) {
        const size_t at = slice_find(s, SLICE(" to 0x"));
        uint64_t address;

        if (at == SLICE_NPOS || slice_has(slice_head(s, at), SLICE(":")))
                return false;
        s = slice_from(s, at + SLICE(" to 0x").n);
        return slice_eat_hex(&s, &address) && slice_starts(s, SLICE(" of ")) && slice_has(s, SLICE(" bytes by ")) &&
               slice_ends(s, SLICE(":"));
}

static enum part part(struct report *r, const struct line *l, enum line_class class, const struct kind *starter) {
        if (starter)
                return PART_OVER;
        if (class == LINE_RULER)
                return PART_LAST;
        if (class == LINE_OTHER) {
                struct slice s = slice_ltrim(l->text);

                if (is_footer(s)) {
                        r->complete = true;
                        r->phase = PHASE_FOOTER;
                        return PART_BODY;
                }
                if (is_own(s))
                        return PART_BODY;
                /* The footer names the machine; its last line is a ruler. */
                return PART_MAYBE;
        }
        if (class == LINE_FRAME)
                r->has_frames = true;
        return class == LINE_CUT_HERE ? PART_OVER : class == LINE_BLANK ? PART_MAYBE : PART_BODY;
}

static const struct slice access_types[] = {
        SLICE("assert no accesses"), SLICE("assert no writes"), SLICE("read-write"), SLICE("write"), SLICE("read"),
};

/* "write (marked, reordered) to 0x… of 8 bytes by task 12 on cpu 1:"; not -EINVAL if it is one. */
static int parse_access(struct slice s, struct finding *f, bool *is_one) {
        struct access a = { .cpu = -1, .stack = -1 };
        struct slice marks = SLICE_NULL;
        uint64_t cpu;

        *is_one = false;
        for (size_t i = 0; i < ARRAY_SIZE(access_types) && !a.type; i++)
                if (slice_eat(&s, access_types[i]))
                        a.type = access_types[i].s;
        if (!a.type)
                return 0;
        if (slice_eat(&s, SLICE(" ("))) {
                marks = slice_token(&s, ')');
                a.marked = slice_has(marks, SLICE("marked"));
                a.reordered = slice_has(marks, SLICE("reordered")) || slice_has(marks, SLICE("scoped"));
        }
        if (!slice_eat(&s, SLICE(" to 0x")) || !slice_eat_hex(&s, &a.address) || !slice_eat(&s, SLICE(" of ")) ||
            !slice_eat_u64(&s, &a.size) || !slice_eat(&s, SLICE(" bytes by ")))
                return 0;
        if (slice_eat(&s, SLICE("task ")))
                a.has_task = slice_eat_u64(&s, &a.task);
        else
                a.interrupt = slice_eat(&s, SLICE("interrupt"));
        if (slice_eat(&s, SLICE(" on cpu ")) && slice_eat_u64(&s, &cpu) && cpu < INT32_MAX)
                a.cpu = (int64_t) cpu;

        struct access *slot = finding_add_access(f);
        if (!slot)
                return -ENOMEM;
        *slot = a;
        *is_one = true;
        return 0;
}

/* KCSAN's own entry points stay on top of some stacks of older kernels. */
static const char *const own_machinery[] = {
        "find_watchpoint*", "test_bit*", "set_bit*", "clear_bit*", "__bitop*", NULL
};

/* "A / B", each "name" or "name [module]", in the first versions "A+0x1/0x2 and B+0x1/0x2"; or one "F+0x1/0x2
 * [module]". */
static int parse_title(struct slice in, struct finding *f) {
        const struct slice between = slice_has(in, SLICE(" / ")) ? SLICE(" / ") : SLICE(" and ");
        const size_t slash = slice_find(in, between);
        struct slice sides[2] = { slice_head(in, slash),
                                  slash == SLICE_NPOS ? SLICE_NULL : slice_from(in, slash + between.n) };

        for (int i = 0; i < 2; i++) {
                struct frame_view v;
                struct slice s = slice_trim(sides[i]);
                if (!symbol_eat(&s, true, &v))
                        continue;
                if (s.n && i == 0 && slash == SLICE_NPOS &&
                    finding_corrupt(f, "the title line holds more than a title") < 0)
                        return -ENOMEM;
                int e = finding_add_function(f, v.function);
                if (e < 0)
                        return e;
        }
        return 0;
}

/* The kernel sorts A and B, so the title says nothing of their order below: pair by name. */
static void name_accesses(struct finding *f) {
        for (size_t i = 0; i < f->n_accesses; i++) {
                struct access *a = &f->accesses[i];
                const struct stack *s = a->stack >= 0 ? &f->stacks[a->stack] : NULL;

                if (!s || s->n_frames == 0)
                        continue;
                for (size_t k = 0; k < f->n_functions && !a->function; k++)
                        if (slice_eq(function_base(slice_of(s->frames[0].function)), slice_of(f->functions[k])))
                                a->function = f->functions[k];
                if (!a->function)
                        a->function = s->frames[0].function;
        }
}

/* "A" and "B" of "A<between>B" as two fields; a line without <between> has none. */
static int add_pair(struct finding *f, struct slice s, struct slice between, struct slice first, struct slice second) {
        size_t at = slice_find(s, between);

        if (at == SLICE_NPOS)
                return 0;
        int e = finding_add_field(f, first, slice_head(s, at));
        return e < 0 ? e : finding_add_field(f, second, slice_from(s, at + between.n));
}

/* What stands after the accesses, in line i; footer: the line about the machine is to come. */
static int parse_footer(const struct report *r, size_t i, bool *footer, struct finding *f) {
        struct slice s = slice_trim(report_text(r, i));

        if (slice_eat(&s, SLICE("value changed: ")))
                return add_pair(f, s, SLICE(" -> "), SLICE("value_old"), SLICE("value_new"));
        if (slice_eat(&s, SLICE("bits changed: ")))
                return add_pair(f, s, SLICE(" with mask "), SLICE("bits_changed"), SLICE("mask"));
        if (slice_eat(&s, SLICE("+-> reordered to: ")))
                return finding_add_field(f, SLICE("reordered_to"), s);
        if (is_footer(s))
                *footer = true;
        else if (*footer && r->lines[i].class == LINE_CPU)
                return dump_cpu_line(r, i, f);
        return 0;
}

/* What heads the stack of the last access: "write (marked) by task 55 on CPU 1". */
static const char *side_of(struct finding *f) {
        const struct access *a = &f->accesses[f->n_accesses - 1];
        char task[32] = "an unknown task", cpu[32] = "";

        if (a->interrupt)
                snprintf(task, sizeof(task), "an interrupt");
        else if (a->has_task)
                snprintf(task, sizeof(task), "task %" PRIu64, a->task);
        if (a->cpu >= 0)
                snprintf(cpu, sizeof(cpu), " on CPU %" PRId64, a->cpu);
        return arena_printf(&f->arena, "%s%s by %s%s", a->type, a->marked ? " (marked)" : "", task, cpu);
}

/* Other CPUs' words before a frame of this stack, where nothing tells who wrote a record. */
static void skip_foreign(const struct report *r, size_t *i) {
        size_t k = *i;

        while (k < r->n_lines && r->lines[k].class == LINE_OTHER && !is_own(slice_ltrim(report_text(r, k))))
                k++;
        if (k < r->n_lines && r->lines[k].class == LINE_FRAME)
                *i = k;
}

static int parse_stack(const struct report *r, size_t *i, struct finding *f) {
        struct stack *stack = finding_add_stack(f, side_of(f));
        size_t before;
        int e;

        if (!stack || !stack->what)
                return -ENOMEM;
        f->accesses[f->n_accesses - 1].stack = (int64_t) f->n_stacks - 1;
        do {
                before = *i;
                skip_foreign(r, i);
                e = dump_frames(r, i, f, stack);
        } while (e == 0 && *i != before);
        return e;
}

/* one_side: the kernel did not see who the other is. */
static int parse_lines(const struct report *r, struct finding *f, bool *one_side) {
        bool footer = false;

        for (size_t i = 1; i < r->n_lines;) {
                struct slice s = slice_trim(report_text(r, i));
                bool is_access;

                if (slice_eat(&s, SLICE("race at unknown origin, with ")))
                        *one_side = true;
                int e = parse_access(s, f, &is_access);
                i++;
                if (e == 0 && is_access)
                        e = parse_stack(r, &i, f);
                else if (e == 0)
                        e = parse_footer(r, i - 1, &footer, f);
                if (e < 0)
                        return e;
        }
        return 0;
}

/* A race whose side is the checker's own helper is blamed on its caller. */
static void blame_callers(struct finding *f) {
        for (size_t k = 0; f->n_functions == 1 && k < f->n_accesses; k++)
                if ((f->former ? was_machinery_frame :
                                 is_machinery_frame)(&(struct frame){ .function = f->functions[0] }, own_machinery) &&
                    f->accesses[k].stack >= 0) {
                        const char *caller = blame_stack(&f->stacks[f->accesses[k].stack], own_machinery);
                        if (caller)
                                f->functions[0] = caller;
                }
}

static int check_whole(const struct report *r, struct finding *f, bool one_side) {
        int e = 0;

        if (f->n_functions == 0)
                e = finding_corrupt(f, "the title names no function");
        if (e == 0 && f->n_accesses == 0)
                e = finding_corrupt(f, "no access is described");
        if (e == 0 && f->n_accesses == 1 && f->n_functions == 2 && !one_side)
                e = finding_corrupt(f, "one of two accesses is missing");
        for (size_t k = 0; e == 0 && k < f->n_accesses; k++)
                if (f->accesses[k].stack < 0 || f->stacks[f->accesses[k].stack].n_frames == 0)
                        e = finding_corrupt(f, "an access has no stack trace");
        if (e == 0 && r->end != END_MARK)
                e = finding_corrupt(f, "the report's end is missing");
        return e;
}

static int parse(const struct report *r, struct finding *f) {
        struct slice title = slice_ltrim(report_text(r, 0));
        bool one_side = false;

        slice_eat(&title, SLICE("BUG: KCSAN: "));
        const bool asserted = slice_starts(title, SLICE("assert: race"));
        f->detector = "kcsan";
        f->kind = asserted ? "assert-race" : "data-race";
        f->severity = asserted ? SEVERITY_MEDIUM : SEVERITY_LOW;

        size_t in = slice_find(title, SLICE(" in "));
        int e = in != SLICE_NPOS ? parse_title(slice_from(title, in + 4), f) : 0;
        if (e == 0)
                e = parse_lines(r, f, &one_side);
        if (e < 0)
                return e;
        name_accesses(f);
        blame_callers(f);
        e = check_whole(r, f, one_side);
        if (e < 0)
                return e;
        f->title = arena_printf(&f->arena, "KCSAN: %s in %s%s%s", asserted ? "assert: race" : "data-race",
                                f->n_functions ? f->functions[0] : blame_nobody, f->n_functions > 1 ? " / " : "",
                                f->n_functions > 1 ? f->functions[1] : "");
        return f->title ? 0 : -ENOMEM;
}

static const struct kind_name known[] = { { "kcsan", "data-race" }, { "kcsan", "assert-race" } };
KIND_NAMES(known, known[i].detector, known[i].kind)

const struct kind kind_kcsan = {
        .name = "kcsan",
        .names = names,
        .triggers = triggers,
        .starts = starts,
        .own_line = own_line,
        .part = part,
        .parse = parse,
};
