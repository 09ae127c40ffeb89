/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "scan/assembler.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/macros.h"
#include "kind/kind.h"
#include "line/own_words.h"
#include "scan/belongs.h"
#include "scan/crossed.h"
#include "scan/patience.h"
#include "scan/seen.h"
#include "scan/within.h"
#include "scan/words.h"

/* Bounds on what a hostile log can make us hold. */
enum { OPEN_MAX = 256, HELD_MAX = 32 };
/* Lines that the body of a report has, at most, behind where it was broken off. */
enum { BODY_LINES = 100 };
static const size_t open_bytes_max = 6 * 1024 * 1024;

/* A trap's report that was over before its body came: two CPUs' words mix where callers are not known, and another's
 * beginning or end ended it. What comes of that body is its rest, and no report whose beginning is missing. */
struct broken {
        unsigned lines; /* how far away more of it may be; 0: there is none */
        uint32_t boot, caller;
        uint64_t number; /* of its last record */
};

/* What a report lacked when the words of another ended it. */
struct awaited {
        unsigned what;
        uint32_t boot;
        uint64_t number; /* of the record that ended it */
};

/* What begins amid a line while a report of the same caller is open: a record that lost its line end, or a string that
 * a user chose. Which of the two, the next line tells: that is the open one's, or the body of what began. */
struct doubt {
        struct report *report; /* NULL: there is none */
        uint64_t by;           /* the open one, by its number among the opened */
        unsigned lines;        /* that told nothing */
};

struct assembler {
        struct known_words words;
        struct seen_lines seen; /* those that started a report, or came within one and would have, in a text log */
        report_done_t done;
        void *userdata;
        /* By their boots, those of one the oldest first: a line is compared with its boot's only, for many may be open
         * in a log of many boots. */
        struct report *open[OPEN_MAX];
        size_t n_open;
        uint64_t n_opened; /* so far */
        struct broken broken;
        struct awaited awaited;
        struct doubt doubt;
        uint64_t own;       /* the record whose last line was one that only a report has, of a report that is open */
        bool own_record;    /* a line before, of the record that is read now, was such, or began a report: */
        bool code_head;     /* the line before heads instructions: below it is a ruler, which ends nothing */
        bool blank_first;   /* that record's first line was empty */
        uint64_t own_by;    /* that one */
        bool busy;          /* a report was told of */
        uint32_t busy_boot; /* in that boot, the last such */
        struct report *held[HELD_MAX];
        size_t n_held;
        size_t bytes; /* of those that are open */
};

int assembler_new(struct assembler **ret, report_done_t done, void *userdata) {
        struct assembler *a = calloc(1, sizeof(*a));
        if (!a)
                return -ENOMEM;
        a->done = done;
        a->userdata = userdata;
        *ret = a;
        return 0;
}

struct assembler *assembler_free(struct assembler *a) {
        if (a) {
                for (size_t i = 0; i < a->n_open; i++)
                        report_free(a->open[i]);
                for (size_t i = 0; i < a->n_held; i++)
                        report_free(a->held[i]);
                report_free(a->doubt.report);
                free(a);
        }
        return NULL;
}

/* Where the open reports of a boot begin, or would. */
static size_t first_of(const struct assembler *a, uint32_t boot) {
        size_t low = 0, high = a->n_open;

        /* Nearly always there is one boot, and every line asks several times. */
        if (high == 0 || a->open[0]->boot >= boot)
                return 0;
        while (low < high) {
                const size_t middle = (low + high) / 2;
                if (a->open[middle]->boot < boot)
                        low = middle + 1;
                else
                        high = middle;
        }
        return low;
}

/* Is that one there, and of the boot? */
static bool is_of(const struct assembler *a, size_t i, uint32_t boot) {
        return i < a->n_open && a->open[i]->boot == boot;
}

bool assembler_idle(const struct assembler *a, uint32_t boot) {
        return a->n_open == 0 || !is_of(a, first_of(a, boot), boot);
}

size_t assembler_n_open(const struct assembler *a) {
        return a->n_open;
}

struct report *assembler_open_report(const struct assembler *a, size_t i) {
        return a->open[i];
}

static void put_in(struct assembler *a, struct report *r) {
        size_t i = first_of(a, r->boot);

        while (is_of(a, i, r->boot))
                i++;
        memmove(&a->open[i + 1], &a->open[i], (a->n_open - i) * sizeof(a->open[0]));
        a->open[i] = r;
        a->n_open++;
        a->bytes += r->bytes.size;
        r->opened = a->n_opened++;
}

int assembler_restore(struct assembler *a, struct report *r) {
        if (a->n_open == OPEN_MAX) {
                report_free(r);
                return -ENOBUFS;
        }
        put_in(a, r);
        return 0;
}

/* What was in doubt is open as others are. */
static void settle_as_report(struct assembler *a) {
        put_in(a, a->doubt.report);
        a->doubt.report = NULL;
}

static struct report *take_out(struct assembler *a, size_t i) {
        struct report *r = a->open[i];

        a->n_open--;
        memmove(&a->open[i], &a->open[i + 1], (a->n_open - i) * sizeof(a->open[0]));
        a->bytes -= r->bytes.size;
        if (a->doubt.report && a->doubt.by == r->opened)
                settle_as_report(a);
        return r;
}

static int add(struct assembler *a, struct report *r, const struct line *l, enum line_class class) {
        const size_t before = r->bytes.size;
        int e = report_add(r, l, class);

        a->bytes += r->bytes.size - before;
        return e;
}

static int give(struct assembler *a, struct report *r) {
        int e = a->done(r, a->userdata);

        report_free(r);
        return e;
}

static struct report *take_held(struct assembler *a, size_t i) {
        struct report *r = a->held[i];

        a->n_held--;
        memmove(&a->held[i], &a->held[i + 1], (a->n_held - i) * sizeof(a->held[0]));
        return r;
}

/* Gives what was held of a boot, or of all. */
static int give_held(struct assembler *a, uint32_t boot) {
        int e = 0;

        for (size_t i = 0; e >= 0 && i < a->n_held;)
                if (boot == UINT32_MAX || a->held[i]->boot == boot)
                        e = give(a, take_held(a, i));
                else
                        i++;
        return e;
}

/* A headline without a body waits: who writes a mail quotes it, and gives the whole log below. */
static int hold(struct assembler *a, struct report *r) {
        int e = a->n_held == HELD_MAX ? give(a, take_held(a, 0)) : 0;

        a->held[a->n_held++] = r;
        return e;
}

static int finish(struct assembler *a, size_t i, enum report_end why) {
        struct report *r = take_out(a, i);

        if (!r->has_frames &&
            (kind_is(r->kind, KIND_WARN) || kind_is(r->kind, KIND_OOPS) || kind_is(r->kind, KIND_BUG)))
                a->broken = (struct broken){ FOREIGN_MAX, r->boot, r->caller, r->number };
        r->end = r->over ? END_MARK : why;
        r->n_lines = r->n_own;
        drop_names(r);
        return r->console && !r->has_frames && !r->kind->alone ? hold(a, r) : give(a, r);
}

/* The one that was opened first, that one apart. */
static size_t oldest(const struct assembler *a, const struct report *but) {
        size_t best = a->n_open;

        for (size_t i = 0; i < a->n_open; i++)
                if (a->open[i] != but && (best == a->n_open || a->open[i]->opened < a->open[best]->opened))
                        best = i;
        return best;
}

static int end_oldest(struct assembler *a, const struct report *but, enum report_end why) {
        const size_t i = oldest(a, but);
        return i < a->n_open ? finish(a, i, why) : 0;
}

void assembler_lost(struct assembler *a, uint32_t boot) {
        for (size_t i = first_of(a, boot); is_of(a, i, boot); i++)
                a->open[i]->lost = true;
}

int assembler_end_open(struct assembler *a, uint32_t boot, enum report_end why) {
        int e = 0;

        if (boot == UINT32_MAX)
                while (e >= 0 && a->n_open > 0)
                        e = end_oldest(a, NULL, why);
        else
                for (size_t i = first_of(a, boot); e >= 0 && is_of(a, i, boot);)
                        e = finish(a, i, why);
        return MIN(e, 0);
}

int assembler_end(struct assembler *a, uint32_t boot, enum report_end why) {
        const int e = assembler_end_open(a, boot, why);

        return e < 0 ? e : MIN(give_held(a, boot), 0);
}

/* Other words than its own end a report: whose stack comes next? */
static void note_awaited(struct assembler *a, const struct report *r, const struct line *l) {
        const unsigned what = awaited_by(r);

        if (what != AWAITED_NOTHING)
                a->awaited = (struct awaited){ what, r->boot, l->record->number };
}

/* What was noted where another report begins at once, with the lines before its headline. */
static unsigned awaited_before(const struct assembler *a, const struct line *l) {
        enum { BETWEEN = 3 };

        return a->awaited.boot == l->record->boot && l->record->number <= a->awaited.number + BETWEEN ?
                       a->awaited.what :
                       AWAITED_NOTHING;
}

/* Does a headline that still waits for its body stand shortly before the line? */
static bool follows_held(const struct assembler *a, const struct line *l) {
        enum { NEAR = 128 };

        for (size_t i = 0; i < a->n_held; i++)
                if (a->held[i]->boot == l->record->boot && l->record->number <= a->held[i]->number + NEAR)
                        return true;
        return false;
}

/* *ret: NULL if its first line alone is more than a report may be. */
static int make_report(const struct assembler *a, const struct kind *kind, const struct line *l, enum line_class class,
                       bool behind, struct report **ret) {
        struct report *r = calloc(1, sizeof(*r));

        *ret = NULL;
        if (!r)
                return -ENOMEM;
        r->kind = kind;
        r->caller = l->caller;
        r->origin = l->origin;
        r->behind = behind;
        r->awaited = awaited_before(a, l);
        r->follows = follows_held(a, l);
        r->timed = l->timed;
        r->console = l->record->console;
        r->first = l->time;
        r->boot = l->record->boot;
        r->source = l->record->source;
        r->number = l->record->number;
        int e = l->record->cursor ? l->record->cursor(l->record, &r->cursor) : 0;
        if (e >= 0)
                e = report_add(r, l, class);
        if (e < 0) {
                report_free(r);
                return e == -E2BIG ? 0 : e;
        }
        r->n_own = 1;
        r->last = l->time;
        *ret = r;
        return 0;
}

static int start(struct assembler *a, const struct kind *kind, const struct line *l, enum line_class class,
                 bool behind) {
        struct report *r = NULL;
        int e = a->n_open == OPEN_MAX ? end_oldest(a, NULL, END_LIMIT) : 0;

        if (e >= 0)
                e = make_report(a, kind, l, class, behind, &r);
        if (e < 0 || !r)
                return e;
        put_in(a, r);
        a->own = r->number;
        a->own_record = true;
        a->own_by = r->opened;

        /* The first line may say more than that a report begins. */
        if (kind_part(kind, r, l, class, kind) == PART_LAST)
                r->over = r->complete = true;
        return 0;
}

/* Ends the one of the boot that began last. */
static int end_last(struct assembler *a, uint32_t boot, enum report_end why) {
        size_t i = first_of(a, boot);

        while (is_of(a, i + 1, boot))
                i++;
        return is_of(a, i, boot) ? finish(a, i, why) : 0;
}

/* A line that went elsewhere passes the other open reports of its boot by; those that wait too long end. */
static int age(struct assembler *a, const struct line *l, const struct report *own) {
        const uint32_t boot = l->record->boot;
        const size_t first = first_of(a, boot);
        const bool alone = !is_of(a, first + 1, boot);
        int e = 0;

        for (size_t i = first; e >= 0 && is_of(a, i, boot);) {
                struct report *r = a->open[i];

                if (r == own) {
                        i++;
                        continue;
                }
                r->foreign++;
                if (is_old(r, l, alone))
                        e = finish(a, i, quiet_end(r, l));
                else
                        i++;
        }
        while (e >= 0 && a->bytes > open_bytes_max && a->n_open > (own ? 1 : 0))
                e = end_oldest(a, own, END_LIMIT);
        return MIN(e, 0);
}

/* A line of nobody's report. Others' records pass the reports by, of however many lines a string made one. */
static int pass_by(struct assembler *a, const struct line *l) {
        return l->continues && !l->chosen ? 0 : age(a, l, NULL);
}

/* Is all there of it, by its last line at least? */
static bool has_ended(const struct report *r) {
        return r->complete || r->lines[r->n_own - 1].class == LINE_TASK_END;
}

/* Takes a line into an open report; *done says that it went there. */
static int offer(struct assembler *a, size_t i, const struct line *l, enum line_class class, const struct kind *starter,
                 bool *done) {
        struct report *r = a->open[i];
        const bool address = !starter && is_own_address(r, l);
        if (address)
                class = line_classify(l->text);
        else if (!starter && is_name_of_frame(r, l, class))
                class = LINE_FRAME;
        /* A panic that only says that this report was fatal is part of it, wherever it comes. */
        bool panics = kind_is(starter, KIND_PANIC) && !kind_is(r->kind, KIND_PANIC) && panic_follows(l->text, r);
        const bool outer = !r->over && is_outer(r, l, starter);
        enum part part = panics || outer          ? PART_BODY :
                         r->over                  ? part_after_end(r, l, class, starter) :
                         gives_way(r, l, starter) ? PART_OVER :
                                                    kind_part(r->kind, r, l, class, starter);
        int e;

        r->panicked = r->panicked || panics;
        *done = false;
        if (part != PART_OVER && is_earlier(r, l)) {
                /* Of two machines' lines in one file, those of the other have another clock. */
                if (class == LINE_OTHER || class == LINE_BLANK)
                        return 0;
                return finish(a, i, has_ended(r) ? END_QUIET : END_LOST);
        }
        if (outer) {
                r->n_lines--;
                part = PART_BODY;
        }
        if ((part == PART_OVER && is_announced(r, starter)) ||
            (r->behind && !r->has_frames && announces_stack(l->text) && !has_own_line(r))) {
                if (r->awaited != AWAITED_NOTHING)
                        a->awaited = (struct awaited){ r->awaited, r->boot, l->record->number };
                report_free(take_out(a, i));
                return 0;
        }
        if (part == PART_OVER && (starter || class == LINE_RULER || class == LINE_CUT_HERE || class == LINE_DASHES))
                note_awaited(a, r, l);
        if (part == PART_OVER)
                return finish(a, i, starter ? END_NEXT : quiet_end(r, l));
        if (part == PART_FOREIGN)
                return 0;
        *done = true;
        e = add(a, r, l, class);
        if (e == -E2BIG)
                return finish(a, i, END_LIMIT);
        if (e < 0)
                return e;
        r->lines[r->n_lines - 1].maybe_name = address;
        r->maybe_names = r->maybe_names || address;
        if (part == PART_MAYBE)
                return ++r->foreign > FOREIGN_MAX && !is_moment(r, l) ? finish(a, i, quiet_end(r, l)) : age(a, l, r);
        r->foreign = 0;
        r->n_own = r->n_lines;
        r->last = l->time;
        if (part == PART_LAST) {
                if (r->over)
                        return finish(a, i, END_MARK);
                /* A panic that only says so may follow: that is one event. */
                r->over = r->complete = true;
        }
        return age(a, l, r);
}

/* Does the line answer another CPU's report that waits for it, although its caller has a report of its own? An
 * interrupt that cannot be masked comes at any time. */
static bool answers_other(const struct assembler *a, const struct report *own, const struct line *l) {
        if (l->caller == CALLER_NONE || !own->has_frames)
                return false;
        for (size_t i = first_of(a, own->boot); is_of(a, i, own->boot); i++) {
                const struct report *r = a->open[i];
                if (r != own && r->origin == own->origin && r->caller != l->caller && !r->over && !r->has_frames &&
                    r->kind->adopts && r->kind->adopts(r, l->text))
                        return true;
        }
        return false;
}

/* A console line without the prefix that the report's lines have is a program's, unless its form is that of a
 * dump and there is but one report that it can be of: then the prefix was lost. */
static bool lost_prefix(const struct assembler *a, const struct report *r, const struct line *l,
                        enum line_class class) {
        const size_t first = first_of(a, r->boot);

        if (class == LINE_OTHER || class == LINE_BLANK || class == LINE_RULER || class == LINE_DASHES)
                return false;
        return !is_of(a, first + 1, r->boot) && l->record->console;
}

/* A headline comes again, of which no body came so far: that was a quotation of this one. */
static bool forget_quoted(struct assembler *a, const struct line *l) {
        const uint32_t boot = l->record->boot;

        for (size_t i = 0; i < a->n_held; i++)
                if (has_line(a->held[i], l)) {
                        report_free(take_held(a, i));
                        return true;
                }
        for (size_t i = first_of(a, boot); is_of(a, i, boot); i++)
                if (a->open[i]->console && !a->open[i]->has_frames &&
                    (a->open[i]->n_lines > a->open[i]->n_own || a->open[i]->foreign) && has_line(a->open[i], l)) {
                        report_free(take_out(a, i));
                        return true;
                }
        return false;
}

/* What was begun by the lines before one that is shown again is shown again, too: "cut here" and a message. */
static void drop_announced(struct assembler *a, const struct line *l) {
        const uint32_t boot = l->record->boot;

        for (size_t i = first_of(a, boot); is_of(a, i, boot); i++) {
                const struct report *r = a->open[i];
                if (r->caller == l->caller && r->lines[0].class == LINE_CUT_HERE && !r->has_banner) {
                        report_free(take_out(a, i));
                        return;
                }
        }
}

/* A user can put a line end, or a task's name, where a mark of a report's structure would be read. */
static enum line_class classify(struct assembler *a, const struct line *l, const struct words *w) {
        const bool code = a->code_head;
        const enum line_class class = w->class;

        a->code_head = class == LINE_DUMP && heads_code(slice_trim(l->text));
        if (code && (class == LINE_RULER || slice_starts(l->text, SLICE("========"))))
                return LINE_DUMP;
        if (w->forged || (l->maybe_name && (class == LINE_FRAME || class == LINE_RIP)))
                return LINE_OTHER;
        const bool mark = class == LINE_RULER || class == LINE_DASHES || class == LINE_CUT_HERE ||
                          class == LINE_END_TRACE || (class == LINE_TRACE_HEAD && !l->record->console);

        /* Nor does a mark stand in the rest of a line that another CPU's came into. */
        return (l->continues || l->record->goes_on) && mark ? LINE_OTHER : class;
}

/* Is there a report that the line may be part of? While reports are open most lines are others' noise. */
static bool may_continue(const struct assembler *a, const struct line *l) {
        const uint32_t boot = l->record->boot;

        for (size_t i = first_of(a, boot); is_of(a, i, boot); i++) {
                const struct report *r = a->open[i];
                if (r->origin == l->origin && (r->caller == l->caller || is_bare(r, l) || r->kind->adopts))
                        return true;
        }
        return false;
}

/* Offers the line to reports of other callers; *done says that one took it. */
static int offer_others(struct assembler *a, const struct line *l, enum line_class class, const struct kind *starter,
                        bool *done) {
        const uint32_t boot = l->record->boot;

        *done = false;
        for (size_t i = first_of(a, boot); is_of(a, i, boot) && !*done; i++) {
                struct report *r = a->open[i];
                if (r->origin != l->origin || r->caller == l->caller || !adopts(r, l, starter))
                        continue;
                *done = true;
                int e = add(a, r, l, class);
                if (e == -E2BIG)
                        return finish(a, i, END_LIMIT);
                if (e < 0)
                        return e;
                r->has_frames = r->has_frames || class == LINE_FRAME;
                r->foreign = 0;
                r->n_own = r->n_lines;
                r->last = l->time;
                return age(a, l, r);
        }
        return 0;
}

/* Is the line, which a report's body has, of the report that was broken off? That body goes on for some lines. */
static bool is_rest_of_broken(struct assembler *a, const struct line *l) {
        struct broken *b = &a->broken;

        if (b->lines == 0 || b->boot != l->record->boot || b->caller != l->caller ||
            l->record->number > b->number + b->lines)
                return false;
        if (b->lines == FOREIGN_MAX)
                *b = (struct broken){ BODY_LINES, b->boot, b->caller, l->record->number };
        return true;
}

/* Does the line say only that there was a report, in a boot that one was told of? Who follows a journal, or reads on
 * from a cursor, does not know what was told before. */
static bool is_rest_of_told(const struct assembler *a, const struct kind *kind, const struct line *l) {
        return kind->rest && kind->rest(l->text) &&
               (!l->record->console || (a->busy && a->busy_boot == l->record->boot));
}

/* Does the line lie within a report of its caller? An interrupt may come into one and have the same. */
static bool lies_within(const struct assembler *a, const struct line *l) {
        const uint32_t boot = l->record->boot;

        for (size_t i = first_of(a, boot); is_of(a, i, boot); i++) {
                const struct report *r = a->open[i];
                if (r->origin == l->origin && r->caller == l->caller && !r->over &&
                    !(r->kind->doubtful && r->kind->doubtful(report_text(r, 0))))
                        return true;
        }
        return false;
}

/* The open report that a line of its caller would go on; NULL if there is none. */
static struct report *open_of(const struct assembler *a, const struct line *l) {
        const uint32_t boot = l->record->boot;

        for (size_t i = first_of(a, boot); is_of(a, i, boot); i++) {
                struct report *r = a->open[i];
                if (r->origin == l->origin && r->caller == l->caller && (!r->over || r->panicked) &&
                    !(r->behind && !r->has_frames))
                        return r;
        }
        return NULL;
}

/* Does a kernel's prefix stand before it amid a line, of which the beginning is none of a report's, while one is open?
 * Where most lines are such their ends were lost. */
static bool is_in_doubt(const struct assembler *a, const struct line *l, const struct kind *starter) {
        return (l->glued || (l->within && starter)) && a->own != l->record->number && open_of(a, l);
}

/* Does it only count the oops that is in doubt? */
static bool goes_on_doubt(const struct assembler *a, const struct line *l, const struct kind *starter) {
        const struct report *r = a->doubt.report;

        return r && r->boot == l->record->boot && kind_is(starter, KIND_OOPS) && oops_goes_on(r->kind, l->text);
}

/* What begins so waits for the next line. */
static int doubt(struct assembler *a, const struct kind *kind, const struct line *l, enum line_class class) {
        report_free(a->doubt.report);
        a->doubt = (struct doubt){ .by = open_of(a, l)->opened };
        const int e = make_report(a, kind, l, class, true, &a->doubt.report);

        return e < 0 ? e : age(a, l, NULL);
}

/* Whose is the line, the open report's or that of which it is in doubt whether it began? */
static int settle(struct assembler *a, const struct line *l, enum line_class class, const struct kind *starter) {
        enum { TELLING_MAX = 16 };
        struct report *const begun = a->doubt.report;
        size_t i;

        if (!begun || begun->boot != l->record->boot || begun->caller != l->caller || begun->origin != l->origin ||
            l->continues || l->stray)
                return 0;
        for (i = first_of(a, begun->boot); a->open[i]->opened != a->doubt.by; i++)
                ;
        switch (whose_line(a->open[i], begun, l->text, class, starter)) {
        case WHOSE_BEGUN:
                return finish(a, i, END_NEXT);
        case WHOSE_OPENS:
                a->doubt.report = NULL;
                return give(a, begun);
        case WHOSE_NOBODYS:
                if (++a->doubt.lines > TELLING_MAX)
                        settle_as_report(a);
                return 0;
        }
        return 0;
}

/* A further line of a record whose first one is no report's: a user can put line ends into a string, and a stack behind
 * them, or nothing, which ends a report of kmemleak. */
static bool is_rest_of_others(const struct assembler *a, const struct line *l, enum line_class class) {
        if (!l->continues || a->own_record)
                return false;
        /* Lockdep's records begin with a line end. A user's string may, too, and go on with a stack. */
        return !a->blank_first || class == LINE_FRAME;
}

/* A record begins, unless a user's string goes on in it. */
static void note_record(struct assembler *a, const struct line *l) {
        if (!assembler_idle(a, l->record->boot)) {
                a->busy = true;
                a->busy_boot = l->record->boot;
        }
        if (!l->continues || l->chosen) {
                a->own_record = false;
                a->blank_first = !l->chosen && slice_trim(l->text).n == 0;
        }
}

/* A line that went to a report: has it a form that only such have, and the record with it? */
static void note_own(struct assembler *a, const struct line *l, bool own, bool starts, enum line_class class,
                     uint64_t opened) {
        if (own)
                a->own = l->record->number;
        if ((!l->continues || a->blank_first) && ((own && class != LINE_BLANK) || starts || begins_section(l->text))) {
                a->own_record = true;
                a->own_by = opened;
        }
}

/* Can the line be of that report, by who printed the two? */
static bool may_be_of(const struct assembler *a, const struct report *r, const struct line *l, enum line_class class) {
        /* What began behind others' words has its body in lines of their own, not further on in the string. */
        if (r->origin != l->origin || (r->behind && l->continues) ||
            (l->continues && a->own_record && a->own_by != r->opened))
                return false;
        return is_bare(r, l) ? lost_prefix(a, r, l, class) : r->caller == l->caller;
}

/* Offers the line to the reports of its caller; *done says that one took it, or has it already. begins: words in it
 * begin a report behind others'. */
static int offer_own(struct assembler *a, const struct line *l, enum line_class class, const struct kind *starter,
                     bool begins, bool *done) {
        const uint32_t boot = l->record->boot;
        int e = 0;

        *done = false;
        for (size_t i = first_of(a, boot); is_of(a, i, boot); i++) {
                struct report *r = a->open[i];
                if (!may_be_of(a, r, l, class))
                        continue;
                if (!starter && answers_other(a, r, l)) {
                        e = finish(a, i--, END_QUIET);
                        if (e < 0)
                                return e;
                        continue;
                }
                /* Of two that began behind others' words, the one whose body follows is real. */
                if (begins && r->behind && !r->has_frames) {
                        report_free(take_out(a, i--));
                        continue;
                }
                if (is_shown_twice(r, l)) {
                        *done = true;
                        return 0;
                }
                const struct kind *const kind = r->kind; /* it may end, and is freed then */
                const uint64_t opened = r->opened;
                e = offer(a, i, l, class, starter, done);
                const bool own = class != LINE_OTHER || (kind->own_line && kind->own_line(slice_trim(l->text)));
                if (*done)
                        note_own(a, l, own, starter != NULL, class, opened);
                if (e < 0 || *done)
                        return e;
                if (i >= a->n_open || a->open[i] != r)
                        i--;
        }
        return 0;
}

/* Is the line all there is of its report, or does it only repeat what the report around it says? */
static bool is_whole(const struct assembler *a, const struct kind *starter, const struct line *l) {
        return (starter->alone && starter->alone(l->text)) ||
               (starter->doubtful && starter->doubtful(l->text) && lies_within(a, l));
}

int assembler_line(struct assembler *a, const struct line *l, uint64_t named) {
        note_record(a, l);
        if (!named && !may_continue(a, l))
                return pass_by(a, l);

        struct words *const words = words_of(&a->words, l->text);
        const enum line_class class = classify(a, l, words);
        if (is_rest_of_others(a, l, class))
                return pass_by(a, l);
        if (class == LINE_OTHER && words->is_name)
                return age(a, l, NULL);
        const struct kind *starter = named && !l->continues && !l->stray ? words_start(words, l->text, named) : NULL;
        const struct kind *const inner = starter && starter->inner ? starter : NULL;
        bool done;
        int e;

        if (inner)
                starter = NULL;
        const bool inner_again = inner && seen_again(&a->seen, l);

        if (starter && class != LINE_CUT_HERE && seen_again(&a->seen, l) && !forget_quoted(a, l)) {
                if (!is_in_doubt(a, l, starter))
                        drop_announced(a, l);
                return age(a, l, NULL);
        }
        if (starter && is_whole(a, starter, l)) {
                e = start(a, starter, l, class, l->within);
                a->own_record = false;
                return e < 0 ? e : end_last(a, l->record->boot, END_MARK);
        }
        if (is_in_doubt(a, l, starter))
                return starter && !goes_on_doubt(a, l, starter) ? doubt(a, starter, l, class) : age(a, l, NULL);
        e = settle(a, l, class, starter);
        if (e < 0)
                return e;
        struct slice within;
        const struct kind *other = named && !starter && !kind_is(inner, KIND_BEHEADED) && !l->continues &&
                                                   l->record->console && l->origin != ORIGIN_USERSPACE ?
                                           starts_within(l, class, named, &within) :
                                           NULL;
        if (class == LINE_OTHER && !starter && !inner && !other && words->of_task)
                return age(a, l, NULL);
        e = offer_own(a, l, class, starter, other != NULL, &done);
        if (e < 0 || done)
                return e;
        e = offer_others(a, l, class, starter, &done);
        if (e < 0 || done)
                return e;
        e = age(a, l, NULL);
        if (e < 0)
                return e;
        if (starter)
                return start(a, starter, l, class, l->within);
        if (inner && !inner_again && !other && !is_rest_of_broken(a, l) && !is_rest_of_told(a, inner, l))
                return start(a, inner, l, class, l->within);
        if (!other)
                return 0;
        struct line rest = *l;
        rest.text = within;
        return start(a, other, &rest, line_classify(within), true);
}
