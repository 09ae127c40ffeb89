/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "scan/crossed.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/macros.h"
#include "kind/dump.h"
#include "kind/kind.h"
#include "scan/damage.h"

/* Is it a report whatever comes? Words that a user may have chosen announce nobody's stack. */
static bool is_sure(const struct report *r) {
        return !r->behind && !r->kind->inner && (!r->kind->stands || r->kind->stands(r)) &&
               !(r->kind->doubtful && r->kind->doubtful(report_text(r, 0)));
}

/* "[...]", "<snip>", "...": who sends a log says so that lines were left out there. */
static bool is_elision(struct slice text) {
        static const struct slice words[] = { SLICE("..."), SLICE(".."), SLICE("snip"), SLICE("cut"),
                                              SLICE("trimmed") };
        struct slice s = slice_trim(text);

        while (s.n && strchr("[(<{-", s.s[0]))
                s = slice_ltrim(slice_from(s, 1));
        while (s.n && strchr("])>}-", s.s[s.n - 1]))
                s = slice_rtrim(slice_head(s, s.n - 1));
        for (size_t i = 0; i < ARRAY_SIZE(words); i++)
                if (slice_eq(s, words[i]))
                        return true;
        return false;
}

/* Did somebody take out what is missing behind its own lines? In a log with times such a line has none. */
static bool is_left_out(const struct report *r) {
        for (size_t i = r->n_own; r->console && i < r->n_lines; i++)
                if (is_elision(report_text(r, i)))
                        return true;
        return false;
}

/* What still has to come of a report, where nothing but words tells whose a line is. */
unsigned awaited_by(const struct report *r) {
        if (r->caller != CALLER_NONE || r->over || !is_sure(r) || is_left_out(r))
                return AWAITED_NOTHING;
        if (r->has_frames)
                return is_cut_short(r) ? AWAITED_REST : AWAITED_NOTHING;
        if (!kind_owes_stack(r))
                return AWAITED_NOTHING;
        for (size_t i = 0; i < r->n_own; i++)
                if (r->lines[i].class == LINE_TRACE_HEAD || r->lines[i].class == LINE_CPU)
                        return AWAITED_FRAMES;
        return AWAITED_TRACE;
}

/* Is the number the one that words before a task's number end in? "by task x/12", "PID: 12", "[x:12]". */
static bool is_pid_at(struct slice text, size_t at, size_t n) {
        const struct slice before = slice_head(text, at), after = slice_from(text, at + n);

        return (slice_ends(before, SLICE("/")) || slice_ends(before, SLICE(":")) ||
                slice_ends(before, SLICE("PID: ")) || slice_ends(before, SLICE("pid: ")) ||
                slice_ends(before, SLICE("pid ")) || slice_ends(before, SLICE("task "))) &&
               (after.n == 0 || !is_digit(after.s[0]));
}

static bool names_pid(struct slice text, struct slice pid) {
        for (size_t at, from = 0; (at = slice_find(slice_from(text, from), pid)) != SLICE_NPOS; from = from + at + 1)
                if (is_pid_at(text, from + at, pid.n))
                        return true;
        return false;
}

/* Did the report name, before its dump, the task that the dump is of? */
static bool names_task(const struct report *r, const struct finding *f) {
        char pid[24];

        if (f->n_tasks == 0)
                return false;
        snprintf(pid, sizeof(pid), "%" PRIu64, (uint64_t) f->tasks[0].pid);
        for (size_t i = 0; i < r->n_lines && r->lines[i].class != LINE_CPU; i++)
                if (names_pid(report_text(r, i), slice_of(pid)))
                        return true;
        return false;
}

/* Is the place in that text, "F+0x1/0x2", one of the stack's? */
static bool has_place(const struct stack *s, struct slice text) {
        char place[160];

        for (size_t i = 0; i < s->n_frames; i++) {
                const struct frame *fr = &s->frames[i];
                if (!fr->reliable || fr->rip || fr->size == 0)
                        continue; /* registers are not the trace */
                snprintf(place, sizeof(place), "%s+0x%" PRIx64 "/0x%" PRIx64, fr->function, (uint64_t) fr->offset,
                         (uint64_t) fr->size);
                if (slice_has(text, slice_of(place)))
                        return true;
        }
        return false;
}

/* Did frames come before the report's own trace began, or has it no such head? */
static bool has_stray_frames(const struct report *r) {
        for (size_t i = 0; i < r->n_lines; i++)
                if (r->lines[i].class == LINE_FRAME || r->lines[i].class == LINE_TRACE_HEAD)
                        return r->lines[i].class == LINE_FRAME;
        return false;
}

/* Reports of these say whose their frames are without "Call Trace:". */
static bool has_no_heads(const struct finding *f) {
        static const char *const detectors[] = { "kmemleak", "kfence", "kcsan" };

        for (size_t i = 0; f->detector && i < ARRAY_SIZE(detectors); i++)
                if (strcmp(f->detector, detectors[i]) == 0)
                        return true;
        return false;
}

bool is_crossed(const struct report *r, const struct finding *f) {
        enum { HEAD_LINES = 4 };
        const struct stack *s = dump_main(f);
        size_t heads = 0;

        if (r->awaited == AWAITED_NOTHING || !s)
                return false;
        if (r->awaited == AWAITED_REST)
                return has_stray_frames(r);
        for (size_t i = 0; i < r->n_lines; i++)
                heads += r->lines[i].class == LINE_TRACE_HEAD;
        if (has_no_heads(f))
                return heads > 0 || r->awaited == AWAITED_FRAMES;
        const size_t n = MIN(r->n_lines, (size_t) HEAD_LINES);
        for (size_t i = 0; i < n && r->lines[i].class != LINE_CPU; i++)
                if (r->lines[i].class == LINE_OTHER && has_place(s, report_text(r, i)))
                        return r->awaited == AWAITED_FRAMES;
        return r->awaited == AWAITED_FRAMES || heads != 1 || !names_task(r, f);
}
