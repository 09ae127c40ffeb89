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
          "name the subsystem and the people of the code to blame, by the kernel's MAINTAINERS file", set_text,
          .at = offsetof(struct options, maintainers) },
        { 0, "format", "FORMAT", "@; text is the default on a terminal, json in a pipe or file", set_format,
          .at = offsetof(struct options, format), .values = format_name },
        { 0, "by", "WHAT",
          "show each finding, or one line for each signature over all logs and boots, the worst first; saved reports "
          "are then read, too, also in a folder: @; finding is the default; signature is text unless --format "
          "is json",
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
        { 'o', "output", "FILE", "write to FILE (atomically)", set_text, .at = offsetof(struct options, output) },
        { .include = question_options, .at = offsetof(struct options, question) },
        { .include = known_options, .at = offsetof(struct options, known) },
        { .include = label_options, .at = offsetof(struct options, labels) },
        { .include = redaction_options, .at = offsetof(struct options, redaction) },
        {},
};

static void symbols_freep(struct symbols **s) {
        symbols_free(*s);
}

static int read_sites(const struct site_files *files, struct sites **ret) {
        int e = 0;

        for (size_t i = 0; e == 0 && i < files->n; i++)
                e = sites_read(ret, files->paths[i]);
        return e;
}

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

/* What one call reads: logs, and with --by signature saved reports. */
struct reading {
        struct scan scan;
        struct side saved;
        struct maintainers *maintainers;
        struct words logs;        /* those of the words that are no reports */
        struct repeated repeated; /* of the saved reports */
        const char **items;
        bool incomplete;
};

static void reading_done(struct reading *r) {
        scan_done(&r->scan);
        side_done(&r->saved);
        free(r->items);
        maintainers_free(r->maintainers);
}

static int read_reports(struct reading *r, const struct options *o, const struct words *names) {
        r->logs = *names;
        if (o->by != BY_SIGNATURE)
                return 0;
        r->items = calloc(names->n + 1, sizeof(*r->items));
        if (!r->items)
                return log_oom();
        r->logs = (struct words){ r->items, 0 };
        for (size_t i = 0; i < names->n; i++)
                if (!side_is_report(names->items[i]))
                        r->items[r->logs.n++] = names->items[i];
                else if (side_read(&r->saved, names->items[i], &o->sources.options) < 0)
                        return -EBADMSG;
        return 0;
}

/* The logs; with --by signature the reports that lie among them, too. */
static int read_logs(struct reading *r, const struct options *o) {
        struct sources sources = o->sources;

        if (o->by == BY_SIGNATURE)
                sources.options = side_with_reports(&r->saved, &o->sources.options);
        return sources_read(&r->scan, &sources, &r->logs);
}

static int finish(struct reading *r, struct options *o, struct known *known, struct symbols *symbols) {
        const struct knowledge knowledge = { symbols, o->question.sites, known, r->maintainers, o->maintainers };

        if (scan_finish(&r->scan, &o->question) < 0 || side_finish(&r->saved, known, &o->question) < 0 ||
            knowledge_add(&knowledge, &r->scan) < 0)
                return log_oom();
        if (saved_drop_repeated(&r->saved.saved, &r->scan, &r->repeated) < 0 ||
            knowledge_add_people(&knowledge, &r->saved.saved.scan) < 0)
                return log_oom();
        const struct store *const stores[] = { &r->scan.store, &r->saved.saved.scan.store };
        doubt_focus(&o->question, stores, ARRAY_SIZE(stores));
        int e = o->redaction.on ? redact_report(&r->scan, &o->redaction) : 0;
        return e == 0 && o->redaction.on ? redact_report(&r->saved.saved.scan, &o->redaction) : e;
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

        if (signatures_add(&s, &r->scan) < 0 || signatures_add(&s, saved) < 0)
                return log_oom();
        signatures_sort(&s);
        const struct listing w = { { &s, r->scan.n_sources + saved->n_sources - r->repeated.sources,
                                     r->scan.boots.n + saved->boots.n - r->repeated.boots,
                                     o->lines.given ? o->lines.n : LINES, o->verbose > 0 },
                                   is_format(o, "json"),
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
static int status_of(const struct reading *r, const struct question *q) {
        const int logs = question_status(&r->scan.boots, q), saved = status_of_saved(&r->saved.saved.scan, q);

        return logs == EXIT_FINDINGS || saved == EXIT_CLEAN ? logs : saved;
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
        _cleanup_(known_freep) struct known *known = NULL;
        _cleanup_(reading_done) struct reading r = {};
        _cleanup_(symbols_freep) struct symbols *symbols = NULL;
        _cleanup_(sites_freep) struct sites *sites = NULL;
        _cleanup_(options_done) struct options o = { .question.fail_on = RELEVANCE_UNRELATED,
                                                     .format = FORMAT_BY_OUTPUT };
        struct words names;

        int e = options_parse(&command_scan, argc, argv, &o, &names);
        if (e != 0)
                return e > 0 ? EXIT_CLEAN : EXIT_INPUT;
        if (reads_input && names.n == 0 && !o.sources.folder && input_is_piped())
                names = (struct words){ standard_input, 1 };
        if (check_call(&o, &names) < 0 || known_files_read(&o.known, &o.question, false, &known) < 0)
                return EXIT_INPUT;
        if ((o.vmlinux || o.modules) && symbols_open(&symbols, o.vmlinux, o.modules) < 0)
                return EXIT_INPUT;
        if ((o.maintainers && maintainers_read(&r.maintainers, o.maintainers) < 0) ||
            read_sites(&o.sites, &sites) < 0 || read_reports(&r, &o, &names) < 0)
                return EXIT_INPUT;
        o.question.sites = sites;
        if (scan_init(&r.scan) < 0) {
                log_oom();
                return EXIT_INPUT;
        }
        r.scan.boots.labels = o.labels.items;
        r.scan.boots.n_labels = o.labels.n;
        r.scan.known = known;
        r.scan.focus = &o.question.focus;
        r.scan.progress = show_progress(o.progress);
        o.sources.options.verbose = o.verbose > 0;
        const bool only_reports = names.n && r.logs.n == 0;
        if (!only_reports)
                r.incomplete = read_logs(&r, &o) < 0;
        r.scan.progress = progress_free(r.scan.progress);

        /* What could be read is worth writing; where nothing could, there is no report: an empty one would
         * look like a clean machine. */
        if ((r.scan.n_sources == 0 && r.saved.saved.n_reports == 0) || side_check_focus(&r.saved, &o.question) < 0 ||
            finish(&r, &o, known, symbols) < 0)
                return EXIT_INPUT;
        e = o.by == BY_SIGNATURE ? write_signatures(&r, &o) : write_out(&r.scan, &o);
        return e < 0 || r.incomplete ? EXIT_INPUT : status_of(&r, &o.question);
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
