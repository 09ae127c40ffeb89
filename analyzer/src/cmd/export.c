/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/log.h"
#include "base/macros.h"
#include "cmd/command.h"
#include "cmd/output.h"
#include "cmd/showing.h"
#include "diff/side.h"
#include "output/export.h"

struct options {
        unsigned to;        /* index into exports, n_exports: not said */
        const char *output; /* NULL is standard output */
        const char *origin, *base, *source_url;
        struct showing showing;
};

extern const struct command command_export;

static const char *export_name(size_t i) {
        return i < n_exports ? exports[i]->name : NULL;
}

static const char *list_export(size_t i, const char **what) {
        *what = i < n_exports ? exports[i]->what : NULL;
        return export_name(i);
}

static int set_origin(void *to, const char *arg, const struct cmd_option *o) {
        if (!origin_is_valid(arg)) {
                log_error("--%s takes lower-case letters, digits and _, not \"%s\"", o->name, arg);
                return -EINVAL;
        }
        return set_text(to, arg, o);
}

/* Links of a page lead to pages, and run nothing. */
static int set_source_url(void *to, const char *arg, const struct cmd_option *o) {
        if (*arg && strncmp(arg, "https://", 8) != 0 && strncmp(arg, "http://", 7) != 0) {
                log_error("--%s takes an address that begins with https:// or http://, not \"%s\"", o->name, arg);
                return -EINVAL;
        }
        return set_text(to, arg, o);
}

static const struct cmd_option options[] = {
        { 't', "to", "FORMAT", "@", set_choice, .at = offsetof(struct options, to), .values = export_name },
        { 'o', "output", "FILE", "write to FILE (atomically)", set_output, .at = offsetof(struct options, output) },
        { 0, "base", "FILE",
          "html: mark findings as new that the report FILE lacks (default: those that came first in the reports given)",
          set_text, .at = offsetof(struct options, base) },
        { 0, "source-url", "URL",
          "html: link file and line of frames to URL, in which {version}, {release}, {file} and {line} are replaced "
          "(default: elixir.bootlin.com; empty: no links)",
          set_source_url, .at = offsetof(struct options, source_url) },
        { 0, "origin", "NAME", "kcidb: the name of the submitting system; vmlife is the default", set_origin,
          .at = offsetof(struct options, origin) },
        { .include = pager_options, .at = offsetof(struct options, showing) },
        {},
};

struct writing {
        const struct saved *saved;
        const struct export *export;
        struct export_options options;
};

static int write_export(const void *what, FILE *f) {
        const struct writing *w = what;

        return w->export->write(w->saved, &w->options, f);
}

/* A report, or a folder of them. */
static int read_word(struct saved *s, const char *name) {
        struct stat st;
        size_t n = 0;

        if (strcmp(name, "-") == 0 || stat(name, &st) < 0 || !S_ISDIR(st.st_mode))
                return saved_read(s, name);
        int e = side_read_reports(s, name, &n);
        if (e == 0 && n == 0) {
                log_error("no file in %s is a report that scan or follow wrote; logs have to be scanned first: vmlife "
                          "scan -o "
                          "report.json %s",
                          name, name);
                return -ENODATA;
        }
        return e;
}

/* A person who waits for a prompt is told what is waited for. */
static int read_reports(struct saved *s, const struct words *names) {
        static const char *const standard_input[] = { "-" };
        const struct words reports = names->n ? *names : (struct words){ standard_input, 1 };
        int e = 0;

        if (names->n == 0 && isatty(STDIN_FILENO)) {
                log_error("export needs a REPORT that scan or follow wrote; see vmlife export --help");
                return -EINVAL;
        }
        for (size_t i = 0; e == 0 && i < reports.n; i++)
                e = read_word(s, reports.items[i]);
        return e;
}

static int run(int argc, char **argv) {
        _cleanup_(saved_done) struct saved s = {}, base = {};
        struct options o = { .to = (unsigned) n_exports, .origin = "vmlife" };
        struct words names;

        int e = options_parse(&command_export, argc, argv, &o, &names);
        if (e != 0)
                return e > 0 ? EXIT_CLEAN : EXIT_INPUT;
        if (o.to == n_exports) {
                log_error("export needs a format: --to=FORMAT; see vmlife export --help");
                return EXIT_INPUT;
        }
        if (output_check(o.output, OUTPUT_OF_REPORTS, names.items, names.n) < 0 ||
            output_check(o.output, OUTPUT_OF_REPORTS, &o.base, 1) < 0)
                return EXIT_INPUT;
        if ((o.base && saved_read(&base, o.base) < 0) || read_reports(&s, &names) < 0)
                return EXIT_INPUT;
        const struct writing w = { &s,
                                   exports[o.to],
                                   { .origin = o.origin, .source_url = o.source_url, .base = o.base ? &base : NULL } };
        o.showing.no_pager |= !w.export->for_people;
        return showing_write(&o.showing, o.output, write_export, &w) < 0 ? EXIT_INPUT : EXIT_CLEAN;
}

const struct command command_export = {
        .name = "export",
        .what = "convert saved reports for other tools and for people",
        .words = "[REPORT...]",
        .list = list_export,
        .about = "Reads reports that scan or follow wrote (json or ndjson; a directory stands for those in it and "
                 "below; - or no "
                 "REPORT is standard input) and writes them in another format. If several reports cover a boot, the "
                 "longest one is used, and each "
                 "event counts once. The formats:",
        .after = "Exit status: 0, or 2 if a report could not be read in full or the call was wrong; then nothing is "
                 "written. Findings do not change it; use scan or diff for that.",
        .options = options,
        .run = run,
};
