/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "lib/vmlife.h"

#include <errno.h>
#include <json-c/json.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include "base/cleanup.h"
#include "base/json_text.h"
#include "base/log.h"
#include "base/macros.h"
#include "base/time_argument.h"
#include "judge/judge.h"
#include "lib/conclude.h"
#include "lib/handle.h"
#include "output/write.h"
#include "redact/redact_report.h"
#include "saved/json.h"

/* Messages go to the scan whose function the thread is in. */
static _Thread_local struct vmlife *current;

static void take_message(enum message what, const char *text) {
        struct vmlife *v = current;
        char words[4096];

        if (!v || what == MESSAGE_PROGRESS || what == MESSAGE_STATUS)
                return;
        if (what != MESSAGE_WARNING)
                snprintf(v->error, sizeof(v->error), "%s", text);
        if (!v->hear)
                return;
        snprintf(words, sizeof(words), "%s%s", what == MESSAGE_WARNING ? "warning: " : "", text);
        v->hear(v->data, words);
}

/* Each function that may say something begins so. */
static void enter(struct vmlife *v) {
        if (v->messages_elsewhere)
                return;
        current = v;
        log_to(take_message);
}

__attribute__((format(printf, 3, 4))) static int refuse(struct vmlife *v, int e, const char *format, ...) {
        va_list ap;

        va_start(ap, format);
        vsnprintf(v->error, sizeof(v->error), format, ap);
        va_end(ap);
        if (v->messages_elsewhere)
                log_error("%s", v->error);
        else if (v->hear)
                v->hear(v->data, v->error);
        return e;
}

const char *vmlife_version(void) {
        return VMLIFE_VERSION;
}

int handle_open(struct vmlife **ret) {
        struct vmlife *v = calloc(1, sizeof(*v));
        int e = v ? scan_init(&v->scan) : -ENOMEM;

        *ret = NULL;
        if (e < 0) {
                free(v);
                return e;
        }
        v->question.fail_on = RELEVANCE_UNRELATED;
        v->messages_elsewhere = true;
        *ret = v;
        return 0;
}

int vmlife_open(struct vmlife **ret) {
        int e = handle_open(ret);

        if (e < 0)
                return e;
        (*ret)->messages_elsewhere = false;
        /* Other threads' messages would belong to no scan. */
        (*ret)->source.threads = 1;
        return 0;
}

void vmlife_close(struct vmlife *v) {
        if (!v)
                return;
        enter(v);
        scan_done(&v->scan);
        symbols_free(v->symbols);
        sites_free(v->sites);
        known_free(v->known);
        maintainers_free(v->maintainers);
        json_object_put(v->shown);
        buffer_done(&v->shown_text);
        if (v->fed)
                fclose(v->fed);
        file_set_done(&v->given);
        arena_free(&v->arena);
        current = NULL;
        free(v);
}

void vmlife_on_message(struct vmlife *v, void (*hear)(void *data, const char *text), void *data) {
        v->hear = hear;
        v->data = data;
}

const char *vmlife_error(const struct vmlife *v) {
        return v->error;
}

/* --- options --- */

/* A copy that lives as long as the scan. */
static int keep(struct vmlife *v, const char **at, const char *value) {
        *at = arena_dup(&v->arena, slice_of(value));
        return *at ? 0 : log_oom();
}

static int set_fail_on(struct vmlife *v, const char *value) {
        return fail_on_parse(slice_of(value), &v->question) ? 0 : refuse(v, -EINVAL, "there is no level \"%s\"", value);
}

static int set_focus(struct vmlife *v, const char *value) {
        const char *kept;
        int e = keep(v, &kept, value);

        if (e < 0)
                return e;
        v->source.focus = &v->question.focus;
        return focus_parse(kept, &v->question.focus) ? 0 :
                                                       refuse(v, -EINVAL, "\"%s\" is no module, path or none", value);
}

static int set_require(struct vmlife *v, const char *value) {
        struct slice bad;
        int e = require_parse(value, &v->question, &bad);

        return e < 0 ? refuse(v, e, "there is no detector \"%.*s\"", SLICE_FMT(bad)) : 0;
}

static int set_known(struct vmlife *v, const char *value) {
        if (!v->known && known_new(&v->known, (uint64_t) time(NULL) / 86400) < 0)
                return log_oom();
        return known_read(v->known, value);
}

static int set_sites(struct vmlife *v, const char *value) {
        return sites_read(&v->sites, value);
}

static int set_maintainers(struct vmlife *v, const char *value) {
        maintainers_free(v->maintainers);
        v->maintainers = NULL;
        int e = keep(v, &v->maintainers_file, value);
        return e < 0 ? e : maintainers_read(&v->maintainers, value);
}

static int set_directory(struct vmlife *v, const char *value) {
        return keep(v, &v->folder, value);
}

/* What the command takes without an argument. */
static int set_flag(struct vmlife *v, const char *option, const char *value, bool *flag) {
        static const char *const yes[] = { "", "yes", "true", "True", "1" }, *const no[] = { "no", "false", "False",
                                                                                             "0" };

        for (size_t i = 0; i < ARRAY_SIZE(yes); i++)
                if (strcmp(value, yes[i]) == 0) {
                        *flag = true;
                        return 0;
                }
        for (size_t i = 0; i < ARRAY_SIZE(no); i++)
                if (strcmp(value, no[i]) == 0) {
                        *flag = false;
                        return 0;
                }
        return refuse(v, -EINVAL, "%s is yes or no, not \"%s\"", option, value);
}

static int set_redact(struct vmlife *v, const char *value) {
        return set_flag(v, "redact", value, &v->redaction.on);
}

static int set_redact_key(struct vmlife *v, const char *value) {
        v->redaction.on = true;
        return keep(v, &v->redaction.key, value);
}

static int set_redact_word(struct vmlife *v, const char *value) {
        struct redaction *r = &v->redaction;

        if (r->n_words == ARRAY_SIZE(r->words))
                return refuse(v, -EINVAL, "there are at most %zu words to redact", ARRAY_SIZE(r->words));
        r->on = true;
        return keep(v, &r->words[r->n_words++], value);
}

static int set_every_entry(struct vmlife *v, const char *value) {
        return set_flag(v, "every-entry", value, &v->source.every_entry);
}

static int set_time(struct vmlife *v, const char *value, bool *has, uint64_t *us) {
        *has = time_argument_parse(value, us);
        return *has ? 0 :
                      refuse(v, -EINVAL,
                             "cannot read the time \"%s\"; write 2026-11-23 10:00:00, @seconds, today, or -2h", value);
}

static int set_since(struct vmlife *v, const char *value) {
        return set_time(v, value, &v->source.has_since, &v->source.since_us);
}

static int set_until(struct vmlife *v, const char *value) {
        return set_time(v, value, &v->source.has_until, &v->source.until_us);
}

/* Says at once what cannot be opened. */
static int open_symbols(struct vmlife *v) {
        v->symbols = symbols_free(v->symbols);
        return symbols_open(&v->symbols, v->vmlinux, v->modules);
}

static int set_vmlinux(struct vmlife *v, const char *value) {
        int e = keep(v, &v->vmlinux, value);

        return e < 0 ? e : open_symbols(v);
}

static int set_modules(struct vmlife *v, const char *value) {
        int e = keep(v, &v->modules, value);

        return e < 0 ? e : open_symbols(v);
}

static int set_boot(struct vmlife *v, const char *value) {
        return keep(v, &v->source.boot, value);
}

static int set_max_unpacked(struct vmlife *v, const char *value) {
        struct slice rest = slice_of(value);

        if (!slice_eat_u64(&rest, &v->source.max_unpacked) || rest.n || v->source.max_unpacked == 0)
                return refuse(v, -EINVAL, "max-unpacked is a number of bytes, not \"%s\"", value);
        return 0;
}

static int set_label(struct vmlife *v, const char *value) {
        if (v->n_labels == ARRAY_SIZE(v->labels))
                return refuse(v, -EINVAL, "there are at most %zu labels", ARRAY_SIZE(v->labels));
        int e = label_parse(value, &v->arena, &v->labels[v->n_labels]);
        if (e < 0)
                return refuse(v, e, "a label is NAME=VALUE, not \"%s\"", value);
        v->n_labels++;
        return 0;
}

static const struct {
        const char *name;
        int (*set)(struct vmlife *v, const char *value);
} options[] = {
        { "fail-on", set_fail_on },
        { "require", set_require },
        { "known", set_known },
        { "sites", set_sites },
        { "vmlinux", set_vmlinux },
        { "modules", set_modules },
        { "boot", set_boot },
        { "since", set_since },
        { "until", set_until },
        { "every-entry", set_every_entry },
        { "directory", set_directory },
        { "max-unpacked", set_max_unpacked },
        { "focus", set_focus },
        { "label", set_label },
        { "maintainers", set_maintainers },
        { "redact", set_redact },
        { "redact-key", set_redact_key },
        { "redact-word", set_redact_word },
};

int vmlife_set(struct vmlife *v, const char *option, const char *value) {
        enter(v);
        if (v->has_read)
                return refuse(v, -EBUSY, "options come before the first source");
        for (size_t i = 0; i < ARRAY_SIZE(options); i++)
                if (strcmp(options[i].name, option) == 0)
                        return options[i].set(v, value);
        return refuse(v, -EINVAL, "there is no option \"%s\"", option);
}

/* --- sources --- */

static int start_reading(struct vmlife *v) {
        enter(v);
        if (v->finished)
                return refuse(v, -EBUSY, "the scan is finished: open another for more sources");
        if (!question_can_hold(&v->question))
                return refuse(v, -EINVAL,
                              "fail-on %s can never hold with focus none, which relates nothing: give a "
                              "severity",
                              fail_on_name(&v->question));
        if (v->question.only_new && !v->known)
                return refuse(v, -EINVAL, "fail-on %s needs a list of what is known: set known first",
                              fail_on_name(&v->question));
        v->has_read = true;
        v->scan.known = v->known;
        v->scan.boots.labels = v->labels;
        v->scan.boots.n_labels = v->n_labels;
        v->scan.focus = &v->question.focus;
        v->question.sites = v->sites;
        return 0;
}

static int end_source(struct vmlife *v, int e) {
        if (e < 0)
                v->incomplete = true;
        return e;
}

int handle_read_directory(struct vmlife *v) {
        struct source_options journals = v->source;
        const char *folder = v->folder;
        int e = folder ? start_reading(v) : 0;

        v->folder = NULL;
        journals.journals_only = true;
        return folder && e == 0 ? end_source(v, source_read(&v->scan, folder, &journals)) : e;
}

/* A log given twice, by whatever name, would count all it says twice. 1: it was read before; 0 or -ENOMEM. */
static int was_given(struct vmlife *v, const char *source) {
        struct stat st;
        int e = stat(source, &st) == 0 && !S_ISCHR(st.st_mode) ? file_set_add(&v->given, &st) : 1;

        if (e < 0)
                return log_oom();
        if (e == 0)
                log_warning("%s was given more than once, maybe by another name; it is read once", source);
        return e == 0;
}

int vmlife_read(struct vmlife *v, const char *source) {
        int e = start_reading(v), before = e < 0 ? e : handle_read_directory(v);
        const int given = e < 0 ? e : was_given(v, source);

        if (given <= 0)
                e = end_source(v, given < 0 ? given : source_read(&v->scan, source, &v->source));
        return e < 0 ? e : before;
}

int vmlife_feed(struct vmlife *v, const void *bytes, size_t n) {
        int e = start_reading(v);

        if (e < 0)
                return e;
        if (!v->fed && !(v->fed = tmpfile()))
                return refuse(v, -errno, "cannot make a temporary file: %s", strerror(errno));
        if (fwrite(bytes, 1, n, v->fed) != n)
                return refuse(v, -EIO, "cannot keep what was fed: %s", strerror(errno));
        return 0;
}

int vmlife_feed_end(struct vmlife *v, const char *name) {
        int e = start_reading(v);

        if (e < 0)
                return e;
        _cleanup_(input_done) struct input in = { .name = name, .fd = -1 };
        if (v->fed) {
                if (fflush(v->fed) != 0)
                        e = refuse(v, -EIO, "cannot keep what was fed: %s", strerror(errno));
                rewind(v->fed);
                in.fd = fileno(v->fed);
        } else
                e = refuse(v, -ENODATA, "%s is empty: there is no log to judge", name);
        if (e == 0)
                e = source_input(&v->scan, &in, &v->source, SOURCE_NAMED, 0);
        if (v->fed)
                fclose(v->fed);
        v->fed = NULL;
        return end_source(v, e);
}

/* --- results --- */

int handle_judge(struct vmlife *v) {
        const struct knowledge knowledge = { v->symbols, v->sites, v->known, v->maintainers, v->maintainers_file };
        int e = scan_finish(&v->scan, &v->question);

        return e < 0 ? e : knowledge_add(&knowledge, &v->scan);
}

int vmlife_finish(struct vmlife *v) {
        enter(v);
        if (v->finished || v->fed)
                return refuse(v, -EBUSY, "%s",
                              v->fed ? "what was fed has no end yet: vmlife_feed_end()" :
                                       "the scan is finished already");
        const int read = handle_read_directory(v);
        if (read < 0 && v->scan.n_sources == 0)
                return read;
        if (v->scan.n_sources == 0)
                return refuse(v, -ENODATA, "nothing was read: there is no log to judge");
        const struct store *const stores[] = { &v->scan.store };
        int e = handle_judge(v);
        if (e == 0) {
                doubt_focus(&v->question, stores, ARRAY_SIZE(stores));
                e = v->redaction.on ? redact_report(&v->scan, &v->redaction, NULL) : 0;
        }
        if (e < 0)
                return v->error[0] ? e : refuse(v, e, "cannot judge what was read: %s", strerror(-e));
        v->finished = true;
        return 0;
}

int vmlife_status(const struct vmlife *v) {
        if (!v->finished)
                return -EBUSY;
        return v->incomplete ? EXIT_INPUT : status_of_boots(&v->scan.boots, &v->question);
}

size_t vmlife_count(const struct vmlife *v, enum vmlife_what what) {
        if (!v->finished)
                return 0;
        return what == VMLIFE_FINDING ? v->scan.store.n : what == VMLIFE_BOOT ? v->scan.boots.n : 0;
}

const char *vmlife_json(struct vmlife *v, enum vmlife_what what, size_t i) {
        if (i >= vmlife_count(v, what))
                return NULL;
        enter(v);
        json_object_put(v->shown);
        v->shown = what == VMLIFE_FINDING ? json_of_finding(&v->scan, v->scan.store.items[i]) :
                                            json_of_boot(v->scan.boots.items[i]);
        const char *text = v->shown ? json_object_to_json_string_ext(v->shown, JSON_C_TO_STRING_PLAIN) : NULL;
        v->shown_text.size = 0;
        const bool whole = text && json_text_add(&v->shown_text, text) == 0 && buffer_add(&v->shown_text, "", 1) == 0;
        return whole ? v->shown_text.data : NULL;
}

static const struct format *format_of(const char *name) {
        for (size_t i = 0; i < n_formats; i++)
                if (strcmp(formats[i].name, name) == 0)
                        return &formats[i];
        return NULL;
}

int vmlife_report(struct vmlife *v, const char *format, char **ret, size_t *size) {
        const struct format *form = format_of(format);
        struct style style = {};

        *ret = NULL;
        *size = 0;
        enter(v);
        if (!v->finished)
                return refuse(v, -EBUSY, "vmlife_finish() comes before the report");
        if (!form)
                return refuse(v, -EINVAL, "there is no format \"%s\"", format);
        FILE *f = open_memstream(ret, size);
        if (!f)
                return log_oom();
        style.terminal = terminal_of(f, COLOR_NEVER);
        int e = form->write(&v->scan, &style, f);
        if (fclose(f) != 0 && e == 0)
                e = -ENOMEM;
        if (e < 0) {
                free(*ret);
                *ret = NULL;
                *size = 0;
                return refuse(v, e, "cannot write the report: %s", strerror(-e));
        }
        return 0;
}
