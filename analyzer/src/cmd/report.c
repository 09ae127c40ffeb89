/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/log.h"
#include "base/macros.h"
#include "cmd/command.h"
#include "cmd/gather.h"
#include "cmd/known_files.h"
#include "cmd/output.h"
#include "cmd/redaction.h"
#include "cmd/showing.h"
#include "output/bug_report.h"
#include "redact/redact_report.h"
#include "symbol/symbols.h"
#include "triage/maintainers.h"

extern const struct command command_report;

struct options {
        struct known_files known;
        struct redaction redaction;
        struct showing showing;
        unsigned to; /* enum report_form */
        const char *maintainers, *tree, *commit, *config, *output;
        const char *vmlinux, *modules;
        bool command_line;
};

static const struct cmd_option options[] = {
        { 't', "to", "FORM", "write a mail, or an issue for a tracker: @; mail is the default", set_choice,
          .at = offsetof(struct options, to), .values = report_form_name },
        { 0, "vmlinux", "FILE",
          "read debug information of the kernel from FILE, to add file, line and inlined functions to frames", set_text,
          .at = offsetof(struct options, vmlinux) },
        { 0, "modules", "DIR", "the same for modules: NAME.ko files in DIR", set_text,
          .at = offsetof(struct options, modules) },
        { 0, "maintainers", "FILE", "address it by the kernel's MAINTAINERS file, or its tree", set_text,
          .at = offsetof(struct options, maintainers) },
        { 0, "tree", "URL", "name the tree that the kernel was built from", set_text,
          .at = offsetof(struct options, tree) },
        { 0, "commit", "COMMIT", "name the commit", set_text, .at = offsetof(struct options, commit) },
        { 0, "config", "FILE", "append FILE, the kernel's configuration", set_text,
          .at = offsetof(struct options, config) },
        { 0, "command-line", NULL, "include the kernel's command line", set_flag,
          .at = offsetof(struct options, command_line) },
        { 'o', "output", "FILE", "write to FILE (atomically)", set_output, .at = offsetof(struct options, output) },
        { .include = known_options, .at = offsetof(struct options, known) },
        { .include = showing_options, .at = offsetof(struct options, showing) },
        { .include = redaction_options, .at = offsetof(struct options, redaction) },
        {},
};

static int write_report(const void *what, FILE *f) {
        return bug_report_write(what, f);
}

static int address(const struct options *o, struct finding *f) {
        _cleanup_(maintainers_freep) struct maintainers *m = NULL;

        if (!o->maintainers) {
                if (o->to == REPORT_MAIL && f->n_maintainers + f->n_lists == 0 && !f->owner)
                        log_warning("the mail has no recipient: give the kernel's MAINTAINERS file with --maintainers");
                return 0;
        }
        int e = maintainers_read(&m, o->maintainers);
        if (e == 0 && maintainers_find(m, f) < 0)
                e = log_oom();
        if (e == 0 && f->n_maintainers == 0)
                log_warning("%s names nobody for this report: %s", o->maintainers,
                            f->guilty_file ? f->guilty_file : "the log has no source file of the function to blame");
        return e;
}

/* Before people are looked for: they are found by its files. */
static int add_symbols(const struct options *o, struct symbols **symbols, struct finding *f) {
        if (!o->vmlinux && !o->modules)
                return 0;
        int e = symbols_open(symbols, o->vmlinux, o->modules);
        if (e < 0)
                return e;
        if (symbols_resolve(*symbols, f) < 0)
                return log_oom();
        symbols_say(*symbols);
        return 0;
}

static void symbols_freep(struct symbols **s) {
        symbols_free(*s);
}

/* written: what the caller gives, which may name people as the log does. */
static int redact(struct gathered *g, const struct redaction *r, struct buffer *written) {
        if (!r->on)
                return 0;
        int e = redact_report(&g->side.saved.scan, r, written);
        return e == 0 && g->side.has_live ? redact_report(&g->side.live, r, written) : e;
}

/* A line for the tree, as it may be none, then the configuration. */
static int read_written(const struct options *o, struct buffer *ret) {
        if ((o->tree && buffer_add(ret, o->tree, strcspn(o->tree, "\n")) < 0) || buffer_add(ret, "\n", 1) < 0)
                return log_oom();
        const int e = o->config ? file_read(o->config, ret) : 0;
        if (e < 0)
                log_error("cannot read %s: %s", o->config, strerror(-e));
        return e;
}

static int report(struct options *o, const struct words *words) {
        _cleanup_(known_freep) struct known *known = NULL;
        _cleanup_(symbols_freep) struct symbols *symbols = NULL;
        _cleanup_(gathered_done) struct gathered g = {};
        _cleanup_(buffer_done) struct buffer written = {};
        const struct signature_line *line;
        const struct question q = { .fail_on = RELEVANCE_UNRELATED };
        int e;

        if ((e = signature_check(words->items[0])) < 0)
                return e;
        const char *const also[] = { o->maintainers, o->config, o->vmlinux, o->redaction.key };
        if (output_check(o->output, OUTPUT_OF_REPORTS, words->items + 1, words->n - 1) < 0 ||
            output_check(o->output, OUTPUT_OF_REPORTS, also, ARRAY_SIZE(also)) < 0 ||
            output_check(o->output, OUTPUT_OF_REPORTS, o->known.paths, o->known.n) < 0 ||
            known_files_read(&o->known, &q, false, &known) < 0)
                return -EINVAL;
        if ((e = read_written(o, &written)) < 0)
                return e;
        const struct words logs = { words->items + 1, words->n - 1 };
        if ((e = gather(&g, &logs, known)) < 0 || (e = gathered_find(&g, words->items[0], &line)) < 0)
                return e;
        /* The store owns it; only this copy of the scan is written to. */
        struct finding *f = gathered_finding(&g, line->example);
        if ((e = add_symbols(o, &symbols, f)) < 0 || (e = address(o, f)) < 0 ||
            (e = redact(&g, &o->redaction, &written)) < 0)
                return e;
        struct slice config = buffer_all(&written);
        const struct slice tree = slice_token(&config, '\n');
        _cleanup_free_ char *tree_name = strndup(tree.s, tree.n);
        if (!tree_name)
                return log_oom();
        const struct bug_report r = { .line = line,
                                      .form = (enum report_form) o->to,
                                      .tree = tree.n ? tree_name : NULL,
                                      .commit = o->commit,
                                      .config = config,
                                      .command_line = o->command_line };
        return showing_write(&o->showing, o->output, write_report, &r);
}

static int run(int argc, char **argv) {
        struct options o = {};
        struct words words;
        int e = options_parse(&command_report, argc, argv, &o, &words);

        if (e != 0)
                return e > 0 ? EXIT_CLEAN : EXIT_INPUT;
        if (words.n < 2) {
                log_error("report needs a SIGNATURE and the logs or saved reports that have it; \"vmlife scan --by "
                          "signature\" lists them");
                return EXIT_INPUT;
        }
        return report(&o, &words) < 0 ? EXIT_INPUT : EXIT_CLEAN;
}

const struct command command_report = {
        .name = "report",
        .what = "write a bug report for the people who can fix it",
        .words = "SIGNATURE LOG|REPORT...",
        .about = "Writes a mail or an issue about one bug in the form that kernel maintainers ask for: title, kernel, "
                 "how "
                 "often it was seen and since when, the trimmed stacks, what else the boot reported. Nothing is "
                 "sent.\n\n"
                 "SIGNATURE is as reports show it, or its first digits; a LOG is anything that scan reads, a REPORT "
                 "what "
                 "it saved, or a folder of either.",
        .after = "Owners of known issues come before maintainers. The kernel's configuration and command line are "
                 "included only if asked for.\n\nExit status: 0 if it was written, otherwise 2.",
        .options = options,
        .run = run,
};
