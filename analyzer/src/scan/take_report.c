/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "scan/take_report.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>

#include "base/macros.h"
#include "findings/signature.h"
#include "judge/judge.h"
#include "kind/alt_titles.h"
#include "kind/kind.h"
#include "line/anchor.h"
#include "line/frame.h"
#include "scan/crossed.h"
#include "scan/damage.h"
#include "scan/lone_stacks.h"

/* The lines that belong, with their prefixes, line ends between. */
static int take_excerpt(const struct report *r, struct finding *f) {
        if (r->n_lines == 0)
                return 0;
        const struct report_line *last = &r->lines[r->n_lines - 1];
        f->excerpt.n = last->at + last->raw_n;
        f->excerpt.s = arena_dup(&f->arena, buffer_slice(&r->bytes, 0, f->excerpt.n));
        return f->excerpt.s ? 0 : -ENOMEM;
}

/* A hash of what the kernel said up to the last line that is surely the report's, however a log shows its lines and a
 * mail breaks them. */
static uint64_t hash_words(const struct report *r) {
        uint64_t ret = HASH_START, h = HASH_START;

        for (size_t i = 0; i < r->n_lines; i++) {
                const enum line_class class = r->lines[i].class;
                const struct slice text = report_text(r, i);
                for (size_t k = 0; class != LINE_CUT_HERE && k < text.n; k++)
                        h = isspace((unsigned char) text.s[k]) ? h : hash_u64(h, (unsigned char) text.s[k]);
                ret = i == 0 || class == LINE_FRAME || class == LINE_TASK_END ? h : ret;
        }
        return ret;
}

/* A panic that only says that a report was fatal, some lines after that report's end: the same event. */
static bool is_twin(const struct scan *s, const struct report *r) {
        static const uint64_t near_us = 10 * 1000000ull;

        if (!kind_is(r->kind, KIND_PANIC))
                return false;
        for (size_t i = s->store.n; i-- > 0;) {
                const struct finding *f = s->store.items[i];
                if (f->boot == r->boot)
                        return panic_follows_finding(report_text(r, 0), f) &&
                               (!f->last.has_mono || !r->first.has_mono ||
                                r->first.mono_us <= f->last.mono_us + near_us);
        }
        return false;
}

/* How a report came to its end, in words. */
static const char *ended(enum report_end end) {
        static const char *const words[] = {
                [END_MARK] = "complete", [END_QUIET] = "quiet", [END_PROSE] = "quiet", [END_NEXT] = "next-report",
                [END_LOG] = "log-end",   [END_LOST] = "lost",   [END_LIMIT] = "limit",
        };
        return words[end];
}

/* Does what only a report has follow its first line, and at once? */
static bool has_body(const struct report *r) {
        enum { NEAR = 8 };
        bool near = false, frames = false;

        for (size_t i = 1; i < r->n_lines; i++) {
                enum line_class class = r->lines[i].class;
                const struct slice text = slice_trim(report_text(r, i));
                if (i <= NEAR && r->kind->own_line && r->kind->own_line(text))
                        return true;
                /* It would have begun the report by itself. */
                if (i <= NEAR && class == LINE_OTHER && kinds_start(text, ~(uint64_t) 0) == r->kind)
                        return true;
                /* A frame alone is what the kernel prints of tasks on request, too. */
                near = near || (i <= NEAR && class > LINE_BLANK && class != LINE_CUT_HERE && class != LINE_END_TRACE &&
                                class != LINE_FRAME);
                frames = frames || class == LINE_FRAME;
        }
        return near && frames;
}

/* The words of a headline, and nothing that says that a kernel printed them: no time, caller, tag or level before them,
 * and nothing of a report behind them. Changelogs, sources, lists of titles and people's sentences have such lines;
 * one of a dump's words ("Process ", "Flags: ") may begin a sentence, too. */
static bool is_words_alone(const struct scan *s, const struct report *r) {
        size_t words = 0;
        struct anchor a;

        /* Only texts hold what is no kernel's; who only looks at open reports has no words to compare. */
        if (!r->console)
                return false;
        for (size_t i = 1; i < r->n_lines; i++) {
                const enum line_class class = r->lines[i].class;
                const struct slice text = slice_trim(report_text(r, i));
                words += class == LINE_DUMP || class == LINE_LOCKS;
                if (words > 1 || (class > LINE_END_TRACE && class < LINE_DUMP))
                        return false;
                if (r->kind->own_line && r->kind->own_line(text))
                        return false;
                /* Other headlines are words, too. */
                if (class == LINE_OTHER && anchor_find(text, &a) && a.at == 0 && !trigger_in(s->triggers, text))
                        return false;
        }
        /* Behind the kernel's first line stands a log, whatever its lines look like. */
        if (s->boots.items[r->boot]->release)
                return false;
        return !r->timed && !r->first.has_mono && !r->first.has_real && r->caller == CALLER_NONE &&
               r->origin != ORIGIN_KERNEL;
}

/* Do words or quotation marks stand before it, as in a list of strings? A level or a mail's marks are none. */
static bool is_amid_words(const struct report *r) {
        const struct report_line *l = &r->lines[0];
        const struct slice before = buffer_slice(&r->bytes, l->at, l->text_at > l->at ? l->text_at - l->at : 0);

        for (size_t i = 0; i < before.n; i++)
                if (isalpha((unsigned char) before.s[i]) || memchr("\"'`", before.s[i], 3))
                        return true;
        return false;
}

static bool has_frames(const struct report *r) {
        for (size_t i = 1; i < r->n_lines; i++)
                if (r->lines[i].class == LINE_FRAME)
                        return true;
        return false;
}

/* Who was to blame when signatures had version 1. */
static int parse_former(const struct report *r, const struct finding *f, struct finding *former) {
        former->former = true;
        former->injected = f->injected;
        former->origin = f->origin;
        return kind_parse(kinds_claim(r), r, former);
}

/* Is it a record of the variant with another token than its load line introduced? */
static bool is_foreign(const struct finding *f, const struct boot *b) {
        const char *token = finding_field(f, "token");

        return strcmp(f->detector, "vmlife") == 0 && b->token && (!token || strcmp(token, b->token) != 0);
}

/* Such a record was copied from another log: nothing in it was injected here, and it is not certain. */
static int mark_foreign(struct finding *f, struct boot *b) {
        b->foreign++;
        f->injected = INJECTED_NO;
        f->origin = f->origin == ORIGIN_KERNEL ? ORIGIN_UNVERIFIED : f->origin;
        return finding_corrupt(f, "its token is not that of the variant's load line");
}

static bool stands(const struct report *r) {
        return !r->kind->stands || r->kind->stands(r);
}

/* Reads from the report what says whether it was found before. */
static int identify(const struct scan *s, const struct report *r, struct finding *f) {
        f->origin = r->behind && r->origin == ORIGIN_KERNEL ? ORIGIN_UNVERIFIED : r->origin;
        f->injected = f->origin == ORIGIN_USERSPACE ? INJECTED_NO : INJECTED_UNKNOWN;
        f->boot = r->boot;
        f->phase = s->boots.items[f->boot]->n_faults;
        f->source = r->source;
        f->number = r->number;
        f->first = r->first;
        f->last = r->last;
        int e = kind_parse(kinds_claim(r), r, f);
        if (e == 0 && damage(r))
                e = finding_corrupt(f, damage(r));
        if (e == 0 && is_crossed(r, f))
                e = finding_corrupt(f, "the report before it lacked its stack: this may be that one's");
        if (e == 0 && is_foreign(f, s->boots.items[f->boot]))
                e = mark_foreign(f, s->boots.items[f->boot]);
        if (e == 0)
                signature_make(f);
        return e;
}

/* What only the first event of a finding needs. */
static int complete(const struct scan *s, const struct report *r, struct finding *f) {
        struct finding former = {};
        int e = take_excerpt(r, f);

        f->ended = ended(r->end);
        f->words = hash_words(r);
        if (e == 0 && r->cursor && !(f->cursor = arena_dup(&f->arena, slice_of(r->cursor))))
                e = -ENOMEM;
        if (e == 0 && s->test && !(f->test = arena_dup(&f->arena, slice_of(s->test))))
                e = -ENOMEM;
        if (e == 0)
                e = alt_titles_make(f);
        if (e == 0)
                e = judge(f, s->focus);
        if (e == 0 && is_foreign(f, s->boots.items[f->boot])) {
                f->relevance = RELEVANCE_LIKELY;
                f->why = "the variant's record, with a token that the load line did not introduce";
        }
        if (e == 0)
                e = parse_former(r, f, &former);
        if (e == 0) {
                signature_make_former(f, &former);
                id_make(f, s->boots.items[f->boot]);
        }
        arena_free(&former.arena);
        return e;
}

/* Bytes of a line that a message shows. */
enum { SHOWN_MAX = 160 };

/* Lines that begin as a report does, but are not one that a table has: an unknown kind is possible. */
static int count_unrecognized(struct source_info *in, const struct report *r) {
        if (in->unrecognized++ == 0 &&
            !(in->unrecognized_first = arena_dup(&in->arena, slice_head(slice_trim(report_text(r, 0)), SHOWN_MAX))))
                return -ENOMEM;
        return 0;
}

/* What a report could be read from is the kernel's; not what only begins as one does. */
static bool counts(const struct report *r) {
        const bool doubtful = r->kind->doubtful && r->kind->doubtful(report_text(r, 0));

        return stands(r) && (!r->behind || has_body(r)) && !((r->behind || doubtful) && stack_is_requested(r));
}

int scan_take_report(struct scan *s, const struct report *r) {
        const bool counted = counts(r);

        s->sources[r->source].told += counted;
        s->sources[r->source].reports += counted;
        s->sources[r->source].shown += has_frames(r);
        if (!counted || is_twin(s, r))
                return 0;
        struct finding *f = calloc(1, sizeof(*f));
        if (!f)
                return -ENOMEM;
        int e = identify(s, r, f);
        if (e == 0 && (f->n_corrupted || is_amid_words(r)) && is_words_alone(s, r)) {
                finding_free(f);
                s->sources[r->source].told--;
                s->sources[r->source].reports--;
                return count_unrecognized(&s->sources[r->source], r);
        }
        if (e == 0 && store_count(&s->store, f))
                return 0;
        if (e == 0)
                e = complete(s, r, f);
        if (e < 0) {
                finding_free(f);
                return e;
        }
        return store_add(&s->store, f);
}

/* Does nothing begin it but a stack? One whose first words stand behind others may be whose they are. */
static bool is_lone_stack(const struct report *r) {
        const enum line_class class = r->lines[0].class;

        if (!r->kind->inner || counts(r))
                return false;
        return stands(r) || class == LINE_TRACE_HEAD || class == LINE_CONTEXT || stack_is_last_frame(r);
}

/* Did the log end in what may be its body, behind a headline that stands behind others' words? */
static bool is_cut_off(const struct report *r) {
        size_t dump = 0;

        for (size_t i = 1; i < r->n_lines; i++)
                dump += r->lines[i].class >= LINE_RIP && r->lines[i].class <= LINE_DUMP;
        return (r->end == END_LOG || r->end == END_PROSE) && dump > 1 && !has_body(r);
}

int scan_report_done(const struct report *r, void *userdata) {
        struct scan *s = userdata;
        const bool lacks_body = r->behind && ((r->kind->alone && r->n_lines == 1) || is_cut_off(r)),
                   says_nothing = r->n_lines == 1 && r->kind->loose && r->kind->loose(report_text(r, 0));
        int e = 0;

        if (counts(r))
                stacks_report(s, r);
        if (r->origin != ORIGIN_USERSPACE && is_lone_stack(r))
                e = stacks_count(s, r);
        else if (r->origin != ORIGIN_USERSPACE && !says_nothing && (!stands(r) || lacks_body))
                e = count_unrecognized(&s->sources[r->source], r);

        return e < 0 ? e : scan_take_report(s, r);
}
