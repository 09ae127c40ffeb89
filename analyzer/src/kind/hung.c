/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <string.h>

#include "base/macros.h"
#include "kind/blame_hung.h"
#include "kind/dump.h"
#include "kind/headline.h"

/* kernel/hung_task.c: "INFO: task comm:12 blocked for more than 143 seconds.", the task's stack, from 6.14 on who
 * holds the lock ("is blocked on a mutex likely owned by task comm:13.") and that task's stack, then all locks
 * held in the system. */

/* A program for mails that made a link of "task:12" took the blank before it; others break the line behind "than". */
static const struct headline headlines[] = {
        { "INFO: task* blocked* for more than*seconds*", "hung-task", "blocked", "INFO: task hung in @", SEVERITY_HIGH,
          OWES_STACK, blame_waiting },
        { "INFO: task* can't die for more than*seconds*", "hung-task", "unkillable", "INFO: task can't die in @",
          SEVERITY_HIGH, OWES_STACK, blame_waiting },
};

static const char *const triggers[] = { "INFO: task", NULL };

/* A task's name may hold line ends, which break the headline into lines of their own. */
enum { NAME_MAX_BYTES = 15, HEADLINE_MAX = 160 };

static bool is_broken(struct slice text) {
        struct slice s = headline_text(text);

        if (!slice_eat(&s, SLICE("INFO: task ")))
                return false;
        const size_t at = slice_find(s, SLICE(" for more than"));
        /* Behind it came a number at most. */
        if (at != SLICE_NPOS)
                return s.n - at <= strlen(" for more than") + 8;
        return s.n <= NAME_MAX_BYTES && !slice_has(s, SLICE(" by task "));
}

/* "INFO: task comm:12 blocked for mo": the width of a terminal cut it, or a pager, which leaves a sign (">"). Nothing
 * else begins so, and the task's stack must follow. */
static bool is_cut(struct slice text) {
        static const struct slice words = SLICE(" blocked for more than "), least = SLICE(" blo");
        struct slice s = slice_trim(headline_text(text));
        uint64_t n;

        if (slice_ends(s, SLICE(">")))
                s = slice_rtrim(slice_head(s, s.n - 1));
        if (!slice_eat(&s, SLICE("INFO: task ")))
                return false;
        const size_t at = slice_find(s, least);
        struct slice name = slice_head(s, at);
        const char *colon = at != SLICE_NPOS && at > 0 ? memrchr(name.s, ':', name.n) : NULL;
        struct slice pid = colon ? slice_from(name, (size_t) (colon + 1 - name.s)) : SLICE_NULL;
        if (!slice_eat_u64(&pid, &n) || pid.n > 0)
                return false;
        s = slice_from(s, at);
        if (!slice_eat(&s, words))
                return slice_starts(words, s);
        return s.n == 0 || (slice_eat_u64(&s, &n) && slice_starts(SLICE(" seconds"), s));
}

static bool starts(struct slice text) {
        return headline_of(headlines, ARRAY_SIZE(headlines), text) || is_broken(text) || is_cut(text);
}

/* The headline of a report, joined if a line end divides it; NULL if the report has none. */
static const struct headline *find_headline(const struct report *r, char joined[HEADLINE_MAX], struct slice *text) {
        size_t n = 0;

        for (size_t i = 0; i < r->n_lines && i < NAME_MAX_BYTES; i++) {
                struct slice s = i == 0 ? headline_text(report_text(r, 0)) : report_text(r, i);
                if (n + s.n + 1 > HEADLINE_MAX)
                        break;
                if (i > 0)
                        joined[n++] = '\n';
                memcpy(joined + n, s.s, s.n);
                n += s.n;
                *text = (struct slice){ joined, n };
                const struct headline *h = headline_of(headlines, ARRAY_SIZE(headlines), *text);
                if (h)
                        return h;
        }
        return NULL;
}

static bool stands(const struct report *r) {
        char joined[HEADLINE_MAX];
        struct slice text;

        return find_headline(r, joined, &text) || (is_cut(report_text(r, 0)) && r->has_frames);
}

enum { PHASE_LOCKS = 1 };

static enum part part(struct report *r, const struct line *l, enum line_class class, const struct kind *starter) {
        struct slice s = slice_trim(l->text);

        if (starter)
                return PART_OVER;
        if (class == LINE_RULER && r->phase == PHASE_LOCKS)
                return PART_LAST;
        if (class == LINE_OTHER && slice_starts(s, SLICE("Showing all locks held")))
                r->phase = PHASE_LOCKS;
        else if (class == LINE_OTHER && slice_has(s, SLICE(" likely ")))
                r->complete = false;
        else if (class == LINE_FRAME)
                r->has_frames = true;
        else if (class == LINE_OTHER)
                return l->caller ? PART_BODY : PART_MAYBE;
        else
                return part_dump(r, l, class, NULL);
        return PART_BODY;
}

/* "task comm:12 blocked" */
static int add_task(struct finding *f, struct slice s, const char *role) {
        size_t end = SLICE_NPOS;
        uint64_t pid = 0;

        for (size_t i = 0; i + 1 < s.n; i++)
                if (s.s[i] == ':' && is_digit(s.s[i + 1])) {
                        struct slice number = slice_from(s, i + 1);
                        if (slice_eat_u64(&number, &pid) &&
                            (number.n == 0 || number.s[0] == ' ' || number.s[0] == '.')) {
                                end = i;
                                break;
                        }
                }
        if (end == SLICE_NPOS)
                return 0;
        struct task *t = finding_add_task(f);
        if (!t || !(t->comm = arena_dup(&f->arena, slice_head(s, end))))
                return -ENOMEM;
        t->pid = pid;
        t->role = role;
        return 0;
}

/* The first stack is the blocked task's. A mail's line may hold nothing but the task's flags, "0x00000080". */
static const struct stack *own_stack(const struct finding *f) {
        for (size_t i = 0; i < f->n_stacks; i++)
                for (size_t k = 0; k < f->stacks[i].n_frames; k++)
                        if (f->former || !slice_starts(slice_of(f->stacks[i].frames[k].function), SLICE("0x")))
                                return &f->stacks[i];
        return f->n_stacks ? &f->stacks[0] : NULL;
}

static int parse(const struct report *r, struct finding *f) {
        char joined[HEADLINE_MAX];
        struct slice s;
        const struct headline *h = find_headline(r, joined, &s);
        int e = 0;

        if (!h) {
                h = &headlines[0];
                s = headline_text(report_text(r, 0));
                e = finding_corrupt(f, "its first line was cut");
        }
        slice_eat(&s, SLICE("INFO: task "));
        e = e < 0 ? e : add_task(f, s, "blocked");
        for (size_t i = 1; i < r->n_lines && e == 0; i++) {
                struct slice text = slice_trim(report_text(r, i));
                size_t at = slice_find(text, SLICE(" by task "));
                if (slice_starts(text, SLICE("INFO: task ")) && at != SLICE_NPOS)
                        e = add_task(f, slice_from(text, at + 9), "holder");
        }
        if (e == 0)
                e = headline_begin(r, f, h);
        if (e < 0)
                return e;
        const struct stack *own = own_stack(f);
        return headline_end(r, f, h, own ? blame_hung(own) : NULL);
}

const struct kind kind_hung = {
        .name = "hung",
        HEADLINES(headlines),
        .triggers = triggers,
        .starts = starts,
        .part = part,
        .stands = stands,
        .parse = parse,
};
