/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <json-c/json.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include "base/build.h"
#include "base/checked_json.h"
#include "base/cleanup.h"
#include "base/file.h"
#include "base/log.h"
#include "base/macros.h"
#include "base/suggest.h"
#include "cmd/command.h"
#include "cmd/gather.h"
#include "cmd/known_text.h"
#include "cmd/output.h"
#include "triage/known.h"

extern const struct command command_known;

enum { DEPTH_MAX = 32 };

struct options {
        const char *file, *bug, *owner, *expires, *note, *name;
};

/* What the file's reader would refuse is a fault of the option, not of the file. */
static int set_field(void *to, const char *arg, const struct cmd_option *o) {
        if (!*arg) {
                log_error("--%s is empty; leave it out", o->name);
                return -EINVAL;
        }
        return set_text(to, arg, o);
}

static int set_link(void *to, const char *arg, const struct cmd_option *o) {
        if (known_link(arg))
                return set_text(to, arg, o);
        log_error("--%s takes a link that begins with https:// or http://, not \"%s\"", o->name, arg);
        return -EINVAL;
}

static uint64_t today(void) {
        return (uint64_t) time(NULL) / 86400;
}

static int set_date(void *to, const char *arg, const struct cmd_option *o) {
        uint64_t days;

        if (!known_date(arg, &days)) {
                log_error("--%s takes a date such as 2027-01-31, not \"%s\"", o->name, arg);
                return -EINVAL;
        }
        if (days < today())
                log_warning("--%s %s has passed: the entry does not hide the finding", o->name, arg);
        return set_text(to, arg, o);
}

static const struct cmd_option options[] = {
        { 0, "known", "FILE", "edit FILE; known.json is the default; it is created if it does not exist", set_text,
          .at = offsetof(struct options, file) },
        { 0, "bug", "URL", "link to the bug", set_link, .at = offsetof(struct options, bug) },
        { 0, "owner", "WHO", "name who is to look at it", set_field, .at = offsetof(struct options, owner) },
        { 0, "expires", "DATE", "count it as new again after DATE (2027-01-31)", set_date,
          .at = offsetof(struct options, expires) },
        { 0, "note", "TEXT", "add a note, which reports show", set_field, .at = offsetof(struct options, note) },
        { 0, "name", "NAME", "name the entry (default: the end of the bug's link)", set_field,
          .at = offsetof(struct options, name) },
        {},
};

static const char *word(size_t i) {
        return i == 0 ? "add" : NULL;
}

static bool is_whole(const char *signature) {
        const char *digits = strchr(signature, ':');

        return digits && signature[0] == 'v' && strspn(digits + 1, "0123456789abcdef") == 32 &&
               strlen(digits + 1) == 32;
}

/* The signature in full: as it was given, or by its first digits among the findings of logs. */
static int resolve(const struct words *words, char ret[static SIGNATURE_CHARS + 1]) {
        _cleanup_(gathered_done) struct gathered g = {};
        const struct words logs = { words->items + 2, words->n - 2 };
        const struct signature_line *line;

        if (is_whole(words->items[1]) && logs.n == 0) {
                if (strlen(words->items[1]) > SIGNATURE_CHARS)
                        return -EINVAL;
                strcpy(ret, words->items[1]);
                return 0;
        }
        if (logs.n == 0) {
                log_error("\"%s\" is no whole signature: give all of it, or the logs or saved reports that have it",
                          words->items[1]);
                return -EINVAL;
        }
        int e = signature_check(words->items[1]);
        if (e == 0)
                e = gather(&g, &logs, NULL);
        if (e == 0)
                e = gathered_find(&g, words->items[1], &line);
        if (e == 0)
                strcpy(ret, line->signature);
        return e;
}

static const char *name_of(const struct options *o, const char *signature) {
        const char *end = o->bug ? strrchr(o->bug, '/') : NULL;

        return o->name ? o->name : end && end[1] ? end + 1 : signature;
}

static struct json_object *issue_of(struct build *b, const struct options *o, const char *signature) {
        struct json_object *issue = json_object_new_object(), *match = json_object_new_object();

        put_text(b, issue, "name", name_of(o, signature));
        put_text(b, match, "signature", signature);
        put(b, issue, "match", match);
        put_text(b, issue, "bug", o->bug);
        put_text(b, issue, "owner", o->owner);
        put_text(b, issue, "note", o->note);
        put_text(b, issue, "expires", o->expires);
        return issue;
}

/* A file that is empty, as touch and mktemp make it, has no issues yet. */
static bool is_to_begin(const char *path) {
        struct stat st;

        return stat(path, &st) < 0 ? errno == ENOENT : S_ISREG(st.st_mode) && st.st_size == 0;
}

static int read_file(const char *path, struct buffer *ret) {
        static const char none[] = "{\n  \"schema\": \"vmlife-known-issues/1\",\n  \"issues\": []\n}\n";

        if (is_to_begin(path))
                return buffer_add(ret, none, strlen(none));
        const int e = file_read(path, ret);
        if (e < 0)
                log_error("cannot read %s: %s", path, strerror(-e));
        return e;
}

static int write_text(const void *what, FILE *f) {
        const struct buffer *text = what;

        fwrite(text->data, 1, text->size, f);
        return 0;
}

/* What would be written is read as scan would read it: a file that is refused there helps nobody. */
static int check(const char *path, struct slice text) {
        struct known *k = NULL;
        int e = known_new(&k, today());

        if (e < 0)
                return log_oom();
        e = known_parse(k, path, text);
        known_free(k);
        return e;
}

static bool is_there(struct json_object *issues, const char *signature) {
        for (size_t i = 0; i < json_object_array_length(issues); i++) {
                struct json_object *match = NULL, *s = NULL;

                if (json_object_object_get_ex(json_object_array_get_idx(issues, i), "match", &match) &&
                    json_object_object_get_ex(match, "signature", &s) &&
                    strstr(json_object_to_json_string(s), signature))
                        return true;
        }
        return false;
}

static bool has_name(struct json_object *issues, const char *name) {
        for (size_t i = 0; i < json_object_array_length(issues); i++) {
                struct json_object *s = NULL;

                if (json_object_object_get_ex(json_object_array_get_idx(issues, i), "name", &s) &&
                    json_object_is_type(s, json_type_string) && strcmp(json_object_get_string(s), name) == 0)
                        return true;
        }
        return false;
}

/* May an entry be added? 0 or -errno, said. */
static int check_before(const char *path, struct slice text, const char *signature, const char *name) {
        _cleanup_(json_putp) struct json_object *file = NULL;
        struct json_object *issues = NULL;
        char why[160];

        int e = json_parse(text, DEPTH_MAX, &file, why, sizeof(why));
        if (e == -ENOMEM)
                return log_oom();
        if (e < 0) {
                log_error("cannot read %s as JSON: %s", path, why);
                return e;
        }
        if (!json_object_is_type(file, json_type_object) || !json_object_object_get_ex(file, "issues", &issues) ||
            !json_object_is_type(issues, json_type_array)) {
                log_error("%s is no file of known issues: it has no list \"issues\"", path);
                return -EBADMSG;
        }
        if (is_there(issues, signature)) {
                log_error("%s has an entry for %s already", path, signature);
                return -EEXIST;
        }
        if (has_name(issues, name)) {
                log_error("%s has an entry named \"%s\" already: give another name with --name", path, name);
                return -EEXIST;
        }
        return 0;
}

static int make_text(const struct options *o, const char *signature, struct slice before, struct buffer *ret) {
        struct build b = {};
        _cleanup_(json_putp) struct json_object *issue = issue_of(&b, o, signature);
        const int e = b.failed ? -ENOMEM : known_text_add(before, issue, ret);

        buffer_done(&b.scratch);
        return e == -ENOMEM ? log_oom() : e;
}

static int add(const struct options *o, const char *signature) {
        _cleanup_(buffer_done) struct buffer before = {}, after = {};

        int e = read_file(o->file, &before);
        if (e == 0)
                e = check_before(o->file, buffer_all(&before), signature, name_of(o, signature));
        if (e == 0)
                e = make_text(o, signature, buffer_all(&before), &after);
        if (e == 0)
                e = check(o->file, buffer_all(&after));
        /* Behind a link is the file that others read: the link stays one. */
        _cleanup_free_ char *real = realpath(o->file, NULL);
        if (e == 0)
                e = output_write(real ? real : o->file, write_text, &after);
        if (e == 0)
                printf("%s: added \"%s\" for %s\n", o->file, name_of(o, signature), signature);
        return e;
}

static int run(int argc, char **argv) {
        struct options o = { .file = "known.json" };
        char signature[SIGNATURE_CHARS + 1];
        struct words words;
        int e = options_parse(&command_known, argc, argv, &o, &words);

        if (e != 0)
                return e > 0 ? EXIT_CLEAN : EXIT_INPUT;
        if (words.n < 2 || strcmp(words.items[0], "add") != 0) {
                struct suggestion s = { .typed = words.n ? words.items[0] : "" };
                suggest(&s, "add");
                log_error("known takes the words \"add SIGNATURE\"%s See vmlife known --help",
                          words.n && s.best && strcmp(s.typed, s.best) != 0 ? "; did you mean \"add\"?" : ".");
                return EXIT_INPUT;
        }
        return resolve(&words, signature) < 0 || add(&o, signature) < 0 ? EXIT_INPUT : EXIT_CLEAN;
}

const struct command command_known = {
        .name = "known",
        .what = "add a known issue to the file that scan --known reads",
        .words = "add SIGNATURE [LOG|REPORT...]",
        .word = word,
        .about = "Adds an entry for SIGNATURE to the file of known issues. What stands there stays as it is, and the "
                 "entry is the last. SIGNATURE is "
                 "as reports show it; its first digits are enough where a LOG or REPORT that has it is given.",
        .after = "Exit status: 0 if the entry was added, otherwise 2; then the file is as it was.",
        .options = options,
        .run = run,
};
