/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/log.h"
#include "base/macros.h"
#include "cmd/command.h"
#include "cmd/output.h"
#include "cmd/redaction.h"
#include "cmd/sources.h"
#include "redact/bundle.h"
#include "redact/bundle_archive.h"

struct options {
        struct sources sources;
        bool force;
        struct bundle_options bundle;
};

extern const struct command command_bundle;

static const struct cmd_option options[] = {
        { .include = sources_options, .at = offsetof(struct options, sources) },
        { 'o', "output", "FILE",
          "write the bundle to FILE, compressed by its name: .tar.zst, .tar.xz or .tar.gz (default: "
          "vmlife-bundle.tar.zst)",
          set_text, .at = offsetof(struct options, bundle.output) },
        { 0, "force", NULL, "replace FILE if it exists", set_flag, .at = offsetof(struct options, force) },
        { 0, "config", "FILE",
          "add FILE as the kernel's configuration (default: that of its release, if installed on this machine)",
          set_text, .at = offsetof(struct options, bundle.config) },
        { .include = redaction_options, .at = offsetof(struct options, bundle.redact) },
        {},
};

/* A bundle is read again before it counts as written, so standard output will not do. */
static bool is_standard_output(const char *path) {
        if (strcmp(path, "-") != 0)
                return false;
        log_error("bundle writes to a file: --output FILE names it (\"./-\" if it is to be called so)");
        return true;
}

static bool is_there(const char *path) {
        if (access(path, F_OK) < 0 || file_is_other(path))
                return false;
        log_error("%s exists: --force replaces it, --output names another file", path);
        return true;
}

static int run(int argc, char **argv) {
        struct options o = { .bundle = { .output = "vmlife-bundle.tar.zst" } };
        struct words names;

        int e = options_parse(&command_bundle, argc, argv, &o, &names);
        if (e != 0)
                return e > 0 ? EXIT_CLEAN : EXIT_INPUT;
        if (names.n + (o.sources.folder != NULL) > 1) {
                log_error("bundle takes exactly one SOURCE");
                return EXIT_INPUT;
        }
        o.bundle.source = o.sources.folder ? o.sources.folder : names.n ? names.items[0] : "journal";
        o.bundle.log = o.sources.options;
        const char *const inputs[] = { o.bundle.source, o.bundle.config, o.bundle.redact.key };
        if (is_standard_output(o.bundle.output) ||
            output_check(o.bundle.output, OUTPUT_OF_LOGS, inputs, ARRAY_SIZE(inputs)) < 0 ||
            bundle_pack_check(o.bundle.output) < 0 || (!o.force && is_there(o.bundle.output)))
                return EXIT_INPUT;
        return bundle_make(&o.bundle) < 0 ? EXIT_INPUT : EXIT_CLEAN;
}

const struct command command_bundle = {
        .name = "bundle",
        .what = "pack the evidence of a boot into one archive",
        .words = "[SOURCE]",
        .about = "Packs the kernel messages of one boot (by default the journal's last), the report on them, the "
                 "kernel's configuration, its command line and build IDs into one archive. \"vmlife scan BUNDLE\" "
                 "gives the same findings: this is verified before the bundle is written.\n\n"
                 "SOURCE is \"journal\" (this machine's), a folder or file of journals, or any other log in a file. "
                 "With no SOURCE: journal.",
        .after = "--redact replaces each name by a pseudonym that is computed from it with a key: equal names get "
                 "equal pseudonyms. Signatures, and IDs of findings from journals, are kept.\n\n"
                 "Exit status: 0 if the bundle was written, otherwise 2.",
        .options = options,
        .run = run,
};
