/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
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
#include "output/write.h"
#include "redact/redact_report.h"
#include "symbol/symbols.h"

struct options {
        struct sources sources;
        struct question question;
        struct known_files known;
        struct redaction redaction;
        struct labels labels;
        struct showing showing;
        unsigned format;               /* index of formats[]; FORMAT_BY_OUTPUT: nobody chose */
        unsigned verbose;              /* -v */
        unsigned progress;             /* enum color_when */
        const char *output;            /* -o; NULL is standard output */
        const char *vmlinux, *modules; /* NULL: no file and line for their frames */
        struct site_files {
                const char *paths[8];
                size_t n;
        } sites;
};

enum { FORMAT_BY_OUTPUT = 1000 };

extern const struct command command_scan;

static const char *format_name(size_t i) {
        return i < n_formats ? formats[i].name : NULL;
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
        { 0, "format", "FORMAT", "@; text is the default on a terminal, json in a pipe or file", set_choice,
          .at = offsetof(struct options, format), .values = format_name },
        { 'v', "verbose", NULL,
          "with text: show stacks, locks and the machine code, decoded with objdump; twice: also the lines of the log",
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

/* After the symbols, which know more. */
static void add_sites_of_rules(struct scan *s, const struct sites *all) {
        for (size_t i = 0; all && i < s->store.n; i++) {
                struct finding *f = s->store.items[i];
                const struct sites *sites = sites_of(all, s->boots.items[f->boot]);
                if (sites)
                        sites_locate(sites, f);
        }
}

static int add_symbols(struct scan *s, struct symbols *symbols) {
        int e = 0;

        for (size_t i = 0; symbols && e == 0 && i < s->store.n; i++)
                e = symbols_resolve(symbols, s->store.items[i]);
        if (symbols && e == 0)
                symbols_say(symbols);
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

static const char *const standard_input[] = { "-" };

static int scan(int argc, char **argv, bool reads_input) {
        _cleanup_(known_freep) struct known *known = NULL;
        _cleanup_(scan_done) struct scan s = {};
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
        const char *const also[] = { o.sources.folder };
        if (output_check(o.output, names.items, names.n) < 0 || output_check(o.output, also, ARRAY_SIZE(also)) < 0)
                return EXIT_INPUT;
        if (known_files_read(&o.known, &o.question, false, &known) < 0)
                return EXIT_INPUT;
        if ((o.vmlinux || o.modules) && symbols_open(&symbols, o.vmlinux, o.modules) < 0)
                return EXIT_INPUT;
        if (read_sites(&o.sites, &sites) < 0)
                return EXIT_INPUT;
        o.question.sites = sites;
        if (scan_init(&s) < 0) {
                log_oom();
                return EXIT_INPUT;
        }
        s.boots.labels = o.labels.items;
        s.boots.n_labels = o.labels.n;
        s.known = known;
        s.focus = &o.question.focus;
        s.progress = show_progress(o.progress);
        bool incomplete = sources_read(&s, &o.sources, &names) < 0;
        s.progress = progress_free(s.progress);

        /* What could be read is worth writing; where nothing could, there is no report: an empty one would
         * look like a clean machine. */
        if (s.n_sources == 0)
                return EXIT_INPUT;
        if (scan_finish(&s, &o.question) < 0 || add_symbols(&s, symbols) < 0) {
                log_oom();
                return EXIT_INPUT;
        }
        add_sites_of_rules(&s, sites);
        known_files_end(&s);
        if (o.redaction.on && redact_report(&s, &o.redaction) < 0)
                return EXIT_INPUT;
        if (write_out(&s, &o) < 0 || incomplete)
                return EXIT_INPUT;
        return question_status(&s.boots, &o.question);
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
