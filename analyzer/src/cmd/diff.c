/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/macros.h"
#include "cmd/command.h"
#include "cmd/known_files.h"
#include "cmd/output.h"
#include "cmd/question.h"
#include "cmd/showing.h"
#include "diff/diff.h"
#include "lib/conclude.h"
#include "output/fold.h"

/* What git bisect run makes of an exit status: above 127 it gives up, which is right where the call itself is wrong. */
enum { BISECT_SKIP = 125, BISECT_ABORT = 128 };

struct bases {
        const char *items[64];
        size_t n;
};

struct options {
        struct diff_options diff;
        struct known_files known;
        struct bases bases;
        struct source_options source;
        struct showing showing;
        unsigned format, per;
        const char *output;
        bool bisect;
};

extern const struct command command_diff;

static const char *const format_names[] = { "json", "text" };
enum { FORMAT_JSON, FORMAT_TEXT, FORMAT_BY_OUTPUT };

static const char *format_name(size_t i) {
        return i < ARRAY_SIZE(format_names) ? format_names[i] : NULL;
}

static int add_base(void *to, const char *arg, const struct cmd_option *o) {
        struct bases *b = to;

        (void) o;
        if (b->n == ARRAY_SIZE(b->items)) {
                log_error("--base can be given at most %zu times; put the reports into a folder", ARRAY_SIZE(b->items));
                return -EINVAL;
        }
        b->items[b->n++] = arg;
        return 0;
}

static int set_confidence(void *to, const char *arg, const struct cmd_option *o) {
        char *end;
        double percent = strtod(arg, &end);

        (void) o;
        if (*end == '%')
                end++;
        if (*arg && *end == '\0' && percent >= 50 && percent < 100) {
                *(double *) to = percent / 100;
                return 0;
        }
        log_error("--confidence takes percent, from 50 to less than 100, not \"%s\"", arg);
        return -EINVAL;
}

static const struct cmd_option options[] = {
        { 0, "base", "WHAT", "a report, folder or log of BASE; repeat for several; all arguments then belong to NEW",
          add_base, .at = offsetof(struct options, bases) },
        { .include = known_options, .at = offsetof(struct options, known) },
        { .include = question_options, .at = offsetof(struct options, diff.question) },
        { 0, "bisect", NULL,
          "exit as git bisect run expects: 0 nothing new in proven boots, 1 something new, 125 a boot is not proven or "
          "something could not be read, 128 the call was wrong",
          set_flag, .at = offsetof(struct options, bisect) },
        { 0, "per", "WHAT",
          "compare rates per boot, uptime, round, or all of these: @; all, the default, uses the least certain one. If "
          "boots last for weeks, prefer uptime",
          set_choice, .at = offsetof(struct options, per), .values = per_name },
        { 0, "confidence", "PERCENT", "confidence required for \"gone\" and \"more often\"; 95 is the default",
          set_confidence, .at = offsetof(struct options, diff.confidence) },
        { 0, "injected", NULL, "treat injected faults as real, for trial runs", set_flag,
          .at = offsetof(struct options, diff.injected) },
        { 0, "format", "FORMAT", "@; text is the default on a terminal, json in a pipe or file", set_choice,
          .at = offsetof(struct options, format), .values = format_name },
        { .include = showing_options, .at = offsetof(struct options, showing) },
        { 'o', "output", "FILE", "write to FILE (atomically)", set_output, .at = offsetof(struct options, output) },
        {},
};

/* BASE and NEW, or all of NEW where --base said what BASE is. */
static int read_sides(const struct options *o, const struct words *words, struct side *base, struct side *new) {
        size_t first = o->bases.n ? 0 : 1;
        int e = 0, bad = 0;

        if (words->n < first + 1 || (first == 1 && words->n > 2)) {
                log_error("diff takes two arguments, BASE and NEW; to compare several reports, name those of BASE with "
                          "--base; see vmlife diff --help");
                return -EINVAL;
        }
        for (size_t i = 0; i < o->bases.n; i++)
                if ((e = side_read(base, o->bases.items[i], &o->source)) < 0)
                        bad = -EBADMSG;
        for (size_t i = 0; i < words->n; i++)
                if ((e = side_read(i < first ? base : new, words->items[i], &o->source)) < 0)
                        bad = -EBADMSG;
        return bad;
}

static int write_diff(const void *what, FILE *f) {
        const struct diff *d = what;

        return diff_write_json(d, f);
}

struct writing {
        const struct diff *diff;
        struct terminal terminal;
};

static int write_text_diff(const void *what, FILE *f) {
        const struct writing *w = what;
        struct terminal t = w->terminal;

        t.f = fold_open(f, t.width);
        if (!t.f)
                return -ENOMEM;
        const int e = diff_write_text(w->diff, &t), closed = fold_close(t.f, f);
        return e < 0 ? e : closed;
}

/* Reasons may hold words of a log, or of whatever a saved report was made to say. */
static void warn_unproven(const struct diff *d, bool required) {
        char reason[256];

        snprintf(reason, sizeof(reason), "%s", d->doubts[0].reason);
        for (char *p = reason; *p; p++)
                if (*p < 0x20 || *p == 0x7f)
                        *p = '?';
        log_warning("nothing is new, and %zu boot%s of NEW prove%s nothing: %s%s", d->n_doubts,
                    d->n_doubts == 1 ? "" : "s", d->n_doubts == 1 ? "s" : "", reason,
                    required ? "" : "; --require selects the detectors that matter");
}

static int status_of(const struct diff *d, const struct options *o) {
        if (d->counted)
                return EXIT_FINDINGS;
        if (d->n_doubts == 0 || !(o->bisect || o->diff.question.has_require))
                return EXIT_CLEAN;
        warn_unproven(d, o->diff.question.has_require);
        return EXIT_NOT_PROVEN;
}

static int compare(struct options *o, const struct words *words) {
        _cleanup_(known_freep) struct known *known = NULL;
        _cleanup_(side_done) struct side base = {}, new = {};
        _cleanup_(diff_done) struct diff d = {};

        if (output_check(o->output, OUTPUT_OF_REPORTS, words->items, words->n) < 0 ||
            output_check(o->output, OUTPUT_OF_REPORTS, o->bases.items, o->bases.n) < 0 ||
            output_check(o->output, OUTPUT_OF_REPORTS, o->known.paths, o->known.n) < 0)
                return -EINVAL;
        if (known_files_read(&o->known, &o->diff.question, true, &known) < 0)
                return -EINVAL;
        o->source.focus = &o->diff.question.focus;
        int e = read_sides(o, words, &base, &new);
        if (e == 0)
                e = side_check_focus(&base, &o->diff.question);
        if (e == 0)
                e = side_check_focus(&new, &o->diff.question);
        if (e < 0)
                return e;
        if (side_finish(&base, known, &o->diff.question) < 0 || side_finish(&new, known, &o->diff.question) < 0 ||
            diff_make(&d, &base, &new, &o->diff) < 0)
                return log_oom();
        const struct store *const stores[] = { &base.saved.scan.store, &base.live.store, &new.saved.scan.store,
                                               &new.live.store };
        doubt_focus(&o->diff.question, stores, ARRAY_SIZE(stores));
        if (known)
                known_say(known);
        struct writing w = { &d, showing_terminal(&o->showing, o->output) };
        const bool text = o->format == FORMAT_TEXT || (o->format == FORMAT_BY_OUTPUT && showing_to_person(o->output));
        e = showing_write(&o->showing, o->output, text ? write_text_diff : write_diff, text ? (void *) &w : &d);
        return e < 0 ? e : status_of(&d, o);
}

static bool asks_bisect(int argc, char **argv) {
        for (int i = 1; i < argc; i++)
                if (strcmp(argv[i], "--bisect") == 0)
                        return true;
        return false;
}

static int run(int argc, char **argv) {
        struct options o = { .diff = { .question = { .fail_on = RELEVANCE_UNRELATED, .only_new = true },
                                       .confidence = 0.95 },
                             .format = FORMAT_BY_OUTPUT };
        /* Options stand in any order, and one before it may be wrong. */
        const bool bisect = asks_bisect(argc, argv);
        struct words words;

        int e = options_parse(&command_diff, argc, argv, &o, &words);
        if (e != 0)
                return e > 0 ? EXIT_CLEAN : bisect ? BISECT_ABORT : EXIT_INPUT;
        o.diff.per = (enum per) o.per;
        o.diff.question.only_new = true; /* whether or not it was said: nothing else makes sense here */
        e = compare(&o, &words);
        if (e == -EINVAL)
                return o.bisect ? BISECT_ABORT : EXIT_INPUT;
        if (e < 0)
                return o.bisect ? BISECT_SKIP : EXIT_INPUT;
        return o.bisect && e == EXIT_NOT_PROVEN ? BISECT_SKIP : e;
}

const struct command command_diff = {
        .name = "diff",
        .what = "compare reports: which findings are new, still there or gone",
        .words = "BASE NEW",
        .about = "Compares the findings of NEW with those of BASE, by signature. Each is a saved report (- for one on "
                 "standard input), a folder of reports and logs, or anything that scan reads.\n\n"
                 "A finding that only NEW has is new, whatever BASE's exposure was. A finding that only BASE has is "
                 "gone if NEW ran long enough to have shown it, measured in the boots, the uptime and the rounds in "
                 "which its detector was active; otherwise it is not-seen, with how much more testing is needed. "
                 "Injected faults and text written by processes are ignored.",
        .after = "Exit status, the first that applies: 2 something could not be read in full or the call was wrong, 1 "
                 "a finding at or above --fail-on is new and not known, 3 --require asked for proof and a boot of NEW "
                 "is not proven clean, 0.",
        .options = options,
        .run = run,
};
