/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/macros.h"
#include "base/time_argument.h"
#include "cmd/command.h"
#include "cmd/known_files.h"
#include "cmd/labels.h"
#include "cmd/output.h"
#include "cmd/question.h"
#include "cmd/showing.h"
#include "follow/follow.h"

extern const struct command command_follow;

enum { BATCH = 20000 };

struct options {
        struct follow_options follow;
        struct known_files known;
        struct labels labels;
        const char *maintainers;
        unsigned format; /* index of format_names[]; one beyond them: nobody chose */
};

static const char *const format_names[] = { "ndjson", "text" };
enum { FORMAT_TEXT = 1, FORMAT_BY_OUTPUT };

static const char *format_name(size_t i) {
        return i < ARRAY_SIZE(format_names) ? format_names[i] : NULL;
}

/* A file of lines is read back after a crash, so it has JSON. */
static int choose_format(const struct options *all, struct follow_options *o) {
        o->text = all->format == FORMAT_TEXT || (all->format == FORMAT_BY_OUTPUT && showing_to_person(o->output));
        if (!o->text || !o->output)
                return 0;
        log_error("follow writes text to standard output only: leave out --output, or use --format ndjson");
        return -EINVAL;
}

static int set_since(void *to, const char *arg, const struct cmd_option *o) {
        struct reader_options *r = to;

        r->has_since = time_argument_parse(arg, &r->since_us);
        if (r->has_since)
                return 0;
        log_error("--%s cannot read the time \"%s\"; write 2026-11-23 10:00:00, @seconds, today, or -2h", o->name, arg);
        return -EINVAL;
}

static int set_batch(void *to, const char *arg, const struct cmd_option *o) {
        struct slice rest = slice_of(arg);

        if (slice_eat_u64(&rest, to) && rest.n == 0 && *(uint64_t *) to > 0)
                return 0;
        log_error("--%s takes a number of entries, not \"%s\"", o->name, arg);
        return -EINVAL;
}

static const struct cmd_option options[] = {
        { 'D', "directory", "DIR", "follow the journals in DIR, including journals created later", set_text,
          .at = offsetof(struct options, follow.reader.folder) },
        { 'o', "output", "FILE", "append to FILE, each line whole and once", set_output,
          .at = offsetof(struct options, follow.output) },
        { 0, "format", "FORMAT",
          "@; text, a line for each finding, is the default on a terminal, ndjson in a pipe or file", set_choice,
          .at = offsetof(struct options, format), .values = format_name },
        { 0, "state", "FILE",
          "keep in FILE what was read and emitted (default: follow.state in the directory that systemd sets in "
          "$STATE_DIRECTORY; without it, nothing is kept)",
          set_text, .at = offsetof(struct options, follow.state) },
        { 0, "since", "TIME", "read entries from TIME on of journals that were not read before", set_since,
          .at = offsetof(struct options, follow.reader) },
        { 0, "journal", NULL, "write each finding to this machine's journal too, where journalctl -x explains it",
          set_flag, .at = offsetof(struct options, follow.journal) },
        { 0, "once", NULL, "read all entries, then exit; the next run continues there", set_flag,
          .at = offsetof(struct options, follow.once) },
        { 0, "batch", "N", "save the state at least every N entries (default: every second)", set_batch,
          .at = offsetof(struct options, follow.reader.batch) },
        { 0, "maintainers", "FILE",
          "name the subsystem and the people of the code to blame, by the kernel's MAINTAINERS file, or its tree",
          set_text, .at = offsetof(struct options, maintainers) },
        { .include = known_options, .at = offsetof(struct options, known) },
        { .include = label_options, .at = offsetof(struct options, labels) },
        { .include = question_options, .at = offsetof(struct options, follow.question) },
        {},
};

static int choose_source(const struct words *names, struct follow_options *o) {
        if (names->n == 0 || (names->n == 1 && strcmp(names->items[0], "journal") == 0))
                return 0;
        if (names->n == 1 && strcmp(names->items[0], "/dev/kmsg") == 0 && !o->reader.folder) {
                o->type = &reader_kmsg;
                return 0;
        }
        if (names->n == 1 && !o->reader.folder) {
                o->reader.folder = names->items[0];
                return 0;
        }
        log_error("follow takes one SOURCE: journal, /dev/kmsg, or a folder of journals");
        return -EINVAL;
}

/* systemd may name several folders; the first is ours. */
static int choose_state(struct follow_options *o, char **ret) {
        const char *folder = getenv("STATE_DIRECTORY");

        if (o->state || !folder || !*folder)
                return 0;
        if (asprintf(ret, "%.*s/follow.state", (int) strcspn(folder, ":"), folder) < 0) {
                *ret = NULL;
                return log_oom();
        }
        o->state = *ret;
        return 0;
}

static int read_known(const struct follow_options *o, struct known **ret) {
        return known_files_read(o->userdata, &o->question, false, ret);
}

/* What it writes takes the place of nothing that it reads beside the journals. */
static int check_written(const struct options *o, const char *path) {
        int e = output_check(path, OUTPUT_OF_REPORTS, o->known.paths, o->known.n);

        return e < 0 ? e : output_check(path, OUTPUT_OF_REPORTS, &o->maintainers, 1);
}

static void options_done(struct options *o) {
        labels_done(&o->labels);
}

static int run(int argc, char **argv) {
        _cleanup_(options_done) struct options all = { .follow = { .type = &reader_journal,
                                                                   .read_known = read_known,
                                                                   .question = { .fail_on = RELEVANCE_UNRELATED } },
                                                       .format = FORMAT_BY_OUTPUT };
        struct follow_options *o = &all.follow;
        _cleanup_(maintainers_freep) struct maintainers *maintainers = NULL;
        _cleanup_free_ char *state = NULL;
        struct words names;

        int e = options_parse(&command_follow, argc, argv, &all, &names);
        if (e != 0)
                return e > 0 ? EXIT_CLEAN : EXIT_INPUT;
        o->userdata = &all.known;
        if (choose_source(&names, o) < 0 || choose_state(o, &state) < 0 || choose_format(&all, o) < 0)
                return EXIT_INPUT;
        if (check_written(&all, o->output) < 0 || check_written(&all, o->state) < 0)
                return EXIT_INPUT;
        if (all.maintainers && maintainers_read(&maintainers, all.maintainers) < 0)
                return EXIT_INPUT;
        o->maintainers = maintainers;
        o->labels = all.labels.items;
        o->n_labels = all.labels.n;
        o->save_always = o->reader.batch != 0;
        if (!o->save_always)
                o->reader.batch = BATCH;
        return follow_run(o) < 0 ? EXIT_INPUT : EXIT_CLEAN;
}

const struct command command_follow = {
        .name = "follow",
        .what = "follow a journal and report each finding as it is logged",
        .words = "[SOURCE]",
        .about = "Reads the entries of SOURCE and waits for new ones. Writes one JSON object per line: a boot when it "
                 "is first seen and when its data changes, a finding when its report is complete or the log has been "
                 "quiet for a moment, an update (a JSON merge patch of the object with that ID) when more becomes "
                 "known. Applying the lines in order gives scan's result.\n\n"
                 "SOURCE is journal (this machine's, the default), /dev/kmsg, or a folder of journals.",
        .after = "With a state, follow loses nothing and keeps IDs across crashes, reboots and rotation of the "
                 "journal: on standard output lines may be repeated, with the same IDs; a file holds each line once. "
                 "Entries that were removed before they were read are counted and reported.\n\n"
                 "SIGTERM and SIGINT: emit pending lines, save the state, and exit with 0. SIGHUP: reopen the output "
                 "and reload the known issues.\n\n"
                 "Exit status: 0 after a signal to stop or the end of --once, 2 if it could not continue. --fail-on "
                 "and --require decide the verdicts in the lines of type boot.",
        .options = options,
        .run = run,
};
