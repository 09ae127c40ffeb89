/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/log.h"
#include "base/macros.h"
#include "cmd/command.h"
#include "cmd/known_files.h"
#include "cmd/labels.h"
#include "cmd/output.h"
#include "cmd/question.h"
#include "cmd/redaction.h"
#include "cmd/showing.h"
#include "cmd/sources.h"
#include "diff/side.h"
#include "lib/conclude.h"
#include "lib/handle.h"
#include "output/by_signature.h"
#include "output/export.h"
#include "output/fold.h"
#include "output/write.h"
#include "redact/redact_report.h"
#include "saved/repeated.h"

struct options {
        struct sources sources;
        struct question question;
        struct known_files known;
        struct redaction redaction;
        struct labels labels;
        struct showing showing;
        unsigned format; /* index of formats[]; FORMAT_BY_OUTPUT: nobody chose */
        unsigned by;     /* index of by_names[] */
        struct lines {
                bool given;
                size_t n;              /* 0: all */
        } lines;                       /* of --by signature */
        unsigned verbose;              /* -v */
        unsigned progress;             /* enum color_when */
        const char *output;            /* -o; NULL is standard output */
        const char *maintainers;       /* NULL: nobody is named */
        const char *vmlinux, *modules; /* NULL: no file and line for their frames */
        struct site_files {
                const char *paths[8];
                size_t n;
        } sites;
};

/* LINES: with the head and the foot two screens of a terminal. */
enum { FORMAT_BY_OUTPUT = 1000, LINES = 50 };

extern const struct command command_scan;

static const char *format_name(size_t i) {
        return i < n_formats ? formats[i].name : NULL;
}

/* What another command writes is no typing error. */
static int set_format(void *to, const char *arg, const struct cmd_option *o) {
        for (size_t i = 0; i < n_exports; i++)
                if (strcmp(exports[i]->name, arg) == 0 && !format_by_name(arg)) {
                        log_error(
                                "--%s takes json, ndjson or text; \"vmlife export --to %s\" makes %s of saved reports "
                                "(scan -o report.json)",
                                o->name, arg, arg);
                        return -EINVAL;
                }
        return set_choice(to, arg, o);
}

static const char *const by_names[] = { "finding", "signature" };
enum { BY_FINDING, BY_SIGNATURE };

static const char *by_name(size_t i) {
        return i < ARRAY_SIZE(by_names) ? by_names[i] : NULL;
}

static int set_lines(void *to, const char *arg, const struct cmd_option *o) {
        struct slice rest = slice_of(arg);
        uint64_t n = 0;

        if (strcmp(arg, "all") != 0 && (!slice_eat_u64(&rest, &n) || rest.n || n == 0 || n > SIZE_MAX)) {
                log_error("--%s takes a number of lines or all, not \"%s\"", o->name, arg);
                return -EINVAL;
        }
        *(struct lines *) to = (struct lines){ true, (size_t) n };
        return 0;
}

static int set_progress(void *to, const char *arg, const struct cmd_option *o) {
        return set_choice(to, arg ? arg : color_when_name(COLOR_ALWAYS), o);
}

static int add_sites(void *to, const char *arg, const struct cmd_option *o) {
        struct site_files *f = to;

        (void) o;
        if (f->n == ARRAY_SIZE(f->paths)) {
                log_error("--sites can be given at most %zu times, once for each tree", ARRAY_SIZE(f->paths));
                return -EINVAL;
        }
        f->paths[f->n++] = arg;
        return 0;
}

static const struct cmd_option options[] = {
        { .include = sources_options, .at = offsetof(struct options, sources) },
        { 0, "vmlinux", "FILE",
          "read debug information of the kernel from FILE, to add file, line and inlined functions to frames", set_text,
          .at = offsetof(struct options, vmlinux) },
        { 0, "modules", "DIR", "the same for modules: NAME.ko files in DIR", set_text,
          .at = offsetof(struct options, modules) },
        { 0, "sites", "FILE",
          "read the hooks of i915's variant from FILE, as kernel/annotate --sites prints them: hooks that need no "
          "hardware must have been passed, and findings get file and line; repeat for several trees",
          add_sites, .at = offsetof(struct options, sites) },
        { 0, "maintainers", "FILE",
          "name the subsystem and the people of the code to blame, by the kernel's MAINTAINERS file, or its tree",
          set_text, .at = offsetof(struct options, maintainers) },
        { 0, "format", "FORMAT", "@; text is the default on a terminal, json in a pipe or file", set_format,
          .at = offsetof(struct options, format), .values = format_name },
        { 0, "by", "WHAT",
          "show each finding, or one line for each signature over all logs and boots, the worst first, known ones "
          "last; saved reports "
          "are then read, too, also in a folder: @; finding is the default",
          set_choice, .at = offsetof(struct options, by), .values = by_name },
        { 'n', "lines", "N",
          "with --by signature in text: list the first N signatures and count the others (default: 50), or all",
          set_lines, .at = offsetof(struct options, lines) },
        { 'v', "verbose", NULL,
          "with text: show stacks, locks and the machine code, decoded with objdump; twice: also the lines of the log; "
          "name journals of which each entry is read; with --by signature: show where an example of each begins",
          set_count, .at = offsetof(struct options, verbose) },
        { .include = showing_options, .at = offsetof(struct options, showing) },
        { 0, "progress", "WHEN",
          "show progress on stderr: @; auto, the default, shows it on a terminal after a second; without an argument: "
          "always",
          set_progress, .at = offsetof(struct options, progress), .values = color_when_name, .optional = true },
        { 'o', "output", "FILE", "write to FILE (atomically)", set_output, .at = offsetof(struct options, output) },
        { .include = question_options, .at = offsetof(struct options, question) },
        { .include = known_options, .at = offsetof(struct options, known) },
        { .include = label_options, .at = offsetof(struct options, labels) },
        { .include = redaction_options, .at = offsetof(struct options, redaction) },
        {},
};

struct writing {
        const struct scan *scan;
        const struct format *format;
        struct style style;
};

static int write_report(const void *what, FILE *f) {
        const struct writing *w = what;

        return w->format->write(w->scan, &w->style, f);
}

static int write_out(const struct scan *s, const struct options *o) {
        const struct format *format = o->format < n_formats ?
                                              &formats[o->format] :
                                              format_by_name(showing_to_person(o->output) ? "text" : "json");
        const struct writing w = { s, format, { showing_terminal(&o->showing, o->output), o->verbose } };

        return showing_write(&o->showing, o->output, write_report, &w);
}

/* How far it is: in place on a terminal, in lines elsewhere where it was asked for; NULL: nobody looks. */
static struct progress *show_progress(unsigned when) {
        const bool terminal = isatty(STDERR_FILENO);

        return when != COLOR_NEVER && (terminal || when == COLOR_ALWAYS) ? progress_new(terminal) : NULL;
}

static void options_done(struct options *o) {
        labels_done(&o->labels);
}

struct listing {
        struct by_signature lines;
        bool json;
        struct terminal terminal;
};

static const char *const standard_input[] = { "-" };

/* What one call reads: logs, through the library, and with --by signature saved reports. */
struct reading {
        struct vmlife *logs;
        struct side saved;
        struct words names;       /* of the logs: those of the words that are no reports */
        struct repeated repeated; /* of the saved reports */
        const char **items;
};

static void reading_done(struct reading *r) {
        vmlife_close(r->logs);
        side_done(&r->saved);
        free(r->items);
}

/* What each path is for, and whether it can be used, the library says. */
static int set_paths(struct vmlife *v, const char *option, const char *const paths[], size_t n) {
        int e = 0;

        for (size_t i = 0; e == 0 && i < n; i++)
                e = paths[i] ? vmlife_set(v, option, paths[i]) : 0;
        return e;
}

/* A handle with the options of this call. 0 or -errno, when it was said what is wrong. */
static int open_logs(struct reading *r, const struct options *o) {
        if (handle_open(&r->logs) < 0)
                return log_oom();
        struct vmlife *v = r->logs;
        v->source = o->sources.options;
        v->source.verbose = o->verbose > 0;
        if (o->by == BY_SIGNATURE)
                v->source = side_with_reports(&r->saved, &v->source);
        v->question = o->question;
        v->redaction = o->redaction;
        memcpy(v->labels, o->labels.items, sizeof(v->labels));
        v->n_labels = o->labels.n;
        int e = known_files_read(&o->known, &o->question, false, &v->known);
        if (e == 0)
                e = set_paths(v, "vmlinux", &o->vmlinux, 1);
        if (e == 0)
                e = set_paths(v, "modules", &o->modules, 1);
        if (e == 0)
                e = set_paths(v, "maintainers", &o->maintainers, 1);
        if (e == 0)
                e = set_paths(v, "sites", o->sites.paths, o->sites.n);
        return e < 0 ? e : set_paths(v, "directory", &o->sources.folder, 1);
}

static int read_reports(struct reading *r, const struct options *o, const struct words *names) {
        r->names = *names;
        if (o->by != BY_SIGNATURE)
                return 0;
        r->items = calloc(names->n + 1, sizeof(*r->items));
        if (!r->items)
                return log_oom();
        r->names = (struct words){ r->items, 0 };
        for (size_t i = 0; i < names->n; i++)
                if (!side_is_report(names->items[i]))
                        r->items[r->names.n++] = names->items[i];
                else if (side_read(&r->saved, names->items[i], &o->sources.options) < 0)
                        return -EBADMSG;
        return 0;
}

/* The folder first, then the logs; with none named, this machine's journal. What could not be read in full the library
 * said, and remembers. */
static void read_logs(struct reading *r, const struct options *o) {
        handle_read_directory(r->logs);
        for (size_t i = 0; i < r->names.n; i++)
                vmlife_read(r->logs, r->names.items[i]);
        if (!o->sources.folder && r->names.n == 0)
                vmlife_read(r->logs, "journal");
}

/* What vmlife_finish() does, with the saved reports beside the logs. */
static int finish_both(struct reading *r) {
        struct vmlife *v = r->logs;
        struct scan *saved = &r->saved.saved.scan;
        const struct knowledge people = { .maintainers = v->maintainers, .maintainers_file = v->maintainers_file };
        const struct store *const stores[] = { &v->scan.store, &saved->store };

        if (handle_judge(v) < 0 || side_finish(&r->saved, v->known, &v->question) < 0 ||
            saved_drop_repeated(&r->saved.saved, &v->scan, &r->repeated) < 0 ||
            knowledge_add_people(&people, saved) < 0)
                return log_oom();
        doubt_focus(&v->question, stores, ARRAY_SIZE(stores));
        int e = v->redaction.on ? redact_report(&v->scan, &v->redaction, NULL) : 0;
        return e == 0 && v->redaction.on ? redact_report(saved, &v->redaction, NULL) : e;
}

static int write_lines(const void *what, FILE *f) {
        const struct listing *w = what;
        struct terminal t = w->terminal;

        if (w->json)
                return write_by_signature_json(&w->lines, f);
        t.f = fold_open(f, t.width);
        if (!t.f)
                return -ENOMEM;
        write_by_signature(&w->lines, &t);
        return fold_close(t.f, f);
}

static bool is_format(const struct options *o, const char *name) {
        return o->format < n_formats && strcmp(formats[o->format].name, name) == 0;
}

static int write_signatures(const struct reading *r, const struct options *o) {
        _cleanup_(signatures_done) struct signatures s = {};
        const struct scan *saved = &r->saved.saved.scan;

        if (signatures_add(&s, &r->logs->scan) < 0 || signatures_add(&s, saved) < 0)
                return log_oom();
        signatures_sort(&s);
        const struct listing w = { { &s, r->logs->scan.n_sources + saved->n_sources - r->repeated.sources,
                                     r->logs->scan.boots.n + saved->boots.n - r->repeated.boots,
                                     o->lines.given ? o->lines.n : LINES, o->verbose > 0 },
                                   is_format(o, "json") ||
                                           (o->format == FORMAT_BY_OUTPUT && !showing_to_person(o->output)),
                                   showing_terminal(&o->showing, o->output) };
        return showing_write(&o->showing, o->output, write_lines, &w);
}

/* The verdicts in a report answer the question that it was made with, and not this one's. */
static int status_of_saved(const struct scan *s, const struct question *q) {
        for (size_t i = 0; i < s->store.n; i++)
                if (finding_counts(s->store.items[i], q))
                        return EXIT_FINDINGS;
        for (size_t i = 0; q->has_require && i < s->boots.n; i++)
                if (s->boots.items[i]->n_reasons)
                        return EXIT_NOT_PROVEN;
        return EXIT_CLEAN;
}

/* The worst of what was read, in the order of the exit statuses. */
static int status_of(const struct reading *r) {
        const struct vmlife *v = r->logs;
        const int logs = status_of_boots(&v->scan.boots, &v->question),
                  saved = status_of_saved(&r->saved.saved.scan, &v->question);

        return v->incomplete ? EXIT_INPUT : logs == EXIT_FINDINGS || saved == EXIT_CLEAN ? logs : saved;
}

/* The report of logs. */
static int show_report(const struct reading *r, const struct options *o) {
        if (vmlife_finish(r->logs) < 0 || write_out(&r->logs->scan, o) < 0)
                return EXIT_INPUT;
        return vmlife_status(r->logs);
}

/* The signatures of logs and of saved reports. */
static int show_signatures(struct reading *r, const struct options *o) {
        if (side_check_focus(&r->saved, &o->question) < 0 || finish_both(r) < 0 || write_signatures(r, o) < 0)
                return EXIT_INPUT;
        return status_of(r);
}

/* 0 or -errno, when it was said what is wrong. */
static int check_call(const struct options *o, const struct words *names) {
        const enum output_inputs of = o->by == BY_SIGNATURE ? OUTPUT_OF_REPORTS : OUTPUT_OF_LOGS;
        const char *const also[] = { o->sources.folder, o->vmlinux, o->maintainers, o->redaction.key };

        if (o->by == BY_SIGNATURE && is_format(o, "ndjson")) {
                log_error("--by signature writes text or json; the ndjson of a scan has each finding with its "
                          "signature");
                return -EINVAL;
        }
        if (o->by != BY_SIGNATURE && o->lines.given) {
                log_error("--lines is for --by signature");
                return -EINVAL;
        }
        return output_check(o->output, of, names->items, names->n) < 0 ||
                               output_check(o->output, of, also, ARRAY_SIZE(also)) < 0 ||
                               output_check(o->output, of, o->known.paths, o->known.n) < 0 ||
                               output_check(o->output, of, o->sites.paths, o->sites.n) < 0 ?
                       -EINVAL :
                       0;
}

static int scan(int argc, char **argv, bool reads_input) {
        _cleanup_(reading_done) struct reading r = {};
        _cleanup_(options_done) struct options o = { .question.fail_on = RELEVANCE_UNRELATED,
                                                     .format = FORMAT_BY_OUTPUT };
        struct words names;

        int e = options_parse(&command_scan, argc, argv, &o, &names);
        if (e != 0)
                return e > 0 ? EXIT_CLEAN : EXIT_INPUT;
        if (reads_input && names.n == 0 && !o.sources.folder && input_is_piped())
                names = (struct words){ standard_input, 1 };
        if (check_call(&o, &names) < 0 || open_logs(&r, &o) < 0 || read_reports(&r, &o, &names) < 0)
                return EXIT_INPUT;
        r.logs->scan.progress = show_progress(o.progress);
        const bool only_reports = names.n && r.names.n == 0;
        if (!only_reports)
                read_logs(&r, &o);
        r.logs->scan.progress = progress_free(r.logs->scan.progress);

        /* What could be read is worth writing; where nothing could, there is no report: an empty one would
         * look like a clean machine. */
        if (r.logs->scan.n_sources == 0 && r.saved.saved.n_reports == 0)
                return EXIT_INPUT;
        return o.by == BY_SIGNATURE ? show_signatures(&r, &o) : show_report(&r, &o);
}

static int run(int argc, char **argv) {
        return scan(argc, argv, false);
}

int scan_unnamed(int argc, char **argv) {
        return scan(argc, argv, true);
}

const struct command command_scan = {
        .name = "scan",
        .what = "read logs once and write the report",
        .words = "[SOURCE...]",
        .about = "Reads each SOURCE once, finds the kernel's reports in it, and writes one report.\n\n" SOURCES_ABOUT,
        .after = "--redact keeps signatures and IDs, and the bug, owner and note of known issues, which are the lab's "
                 "own words.\n\n" QUESTION_AFTER,
        .options = options,
        .run = run,
};
