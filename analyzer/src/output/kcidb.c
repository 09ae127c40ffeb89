/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/build.h"
#include "base/macros.h"
#include "findings/signature.h"
#include "judge/judge.h"
#include "output/cases.h"
#include "output/digest.h"

/* KernelCI's common report database, version 5.3. A kernel is a checkout and a build of it, a detector in a boot is a
 * test, a signature is an issue, and a finding is an incident of it. Faults that were asked for are no issues.
 * What the database has no field for is under "misc". */

bool origin_is_valid(const char *origin) {
        return *origin && strspn(origin, "abcdefghijklmnopqrstuvwxyz0123456789_") == strlen(origin);
}

struct out {
        const struct saved *saved;
        struct by_boot by_boot;
        const char *origin;
        FILE *f;
        struct build build;
        size_t n; /* objects in the list that is being written */
        int error;
};

/* --- ids --- */

enum { HASH_CHARS = 32, ID_MAX = 64 };

/* Labels that say which kernel it is, where one release is built many times. */
static const char *const kernel_labels[] = { "build", "commit", "config" };

/* Equal for equal kernels, on any machine. Without labels the ids are those of kernels that have none. */
static void kernel_hash(const struct boot *b, char hash[static HASH_CHARS + 1]) {
        const char *words[2 + ARRAY_SIZE(kernel_labels)] = { b->release ? b->release : "",
                                                             b->version ? b->version : "" };
        size_t n = 2;

        for (size_t i = 0; i < ARRAY_SIZE(kernel_labels); i++) {
                const char *value = boot_label_value(b, kernel_labels[i]);
                words[2 + i] = value ? value : "";
                if (value)
                        n = ARRAY_SIZE(words);
        }
        hash_strings(hash, HASH_CHARS, words, n);
        hash[HASH_CHARS] = '\0';
}

/* The whole id of a commit, which is all that the database takes. */
static const char *commit_id(const struct boot *b) {
        const char *id = boot_label_value(b, "commit");

        return id && strlen(id) == 40 && strspn(id, "0123456789abcdef") == 40 ? id : NULL;
}

/* Objects that others submitted, which the labels name: then the tests are of that build, and there is no need of one
 * of our own. An id is an origin, a colon and anything. NULL: no label names it. */
static const char *label_id(const struct boot *b, const char *label) {
        const char *id = boot_label_value(b, label);
        const size_t n = id ? strspn(id, "abcdefghijklmnopqrstuvwxyz0123456789_") : 0;

        return n && id[n] == ':' && id[n + 1] ? id : NULL;
}
static const char *build_id(const struct boot *b) {
        return label_id(b, "kcidb_build");
}
static const char *checkout_id(const struct boot *b) {
        return label_id(b, "kcidb_checkout");
}

/* A text has no boot ID: its name, its kernel and all that a CI system said of it tell it from the next night's. */
static void text_boot_hash(const struct boot *b, const char *name, char hash[static HASH_CHARS + 1]) {
        hash_strings(hash, HASH_CHARS, (const char *[]){ name, b->release ? b->release : "" }, 2);
        hash[HASH_CHARS] = '\0';
        for (size_t i = 0; i < b->n_labels; i++) {
                char before[HASH_CHARS + 1];

                memcpy(before, hash, sizeof(before));
                hash_strings(hash, HASH_CHARS, (const char *[]){ before, b->labels[i].name, b->labels[i].value }, 3);
        }
}

static void boot_hash(const struct out *o, uint32_t boot, char hash[static HASH_CHARS + 1]) {
        _cleanup_(arena_free) struct arena arena = {};
        const struct boot *b = o->saved->scan.boots.items[boot];

        if (*b->id) {
                memcpy(hash, b->id, HASH_CHARS + 1);
                return;
        }
        const char *label = boot_label(&o->saved->scan, &o->by_boot, boot, &arena);
        text_boot_hash(b, label ? label : "", hash);
}

/* A detector as a step of a path: a report may hold any word. */
static void path_step(const char *detector, char step[static ID_MAX]) {
        size_t n = 0;

        for (; *detector && n < ID_MAX - 1; detector++)
                step[n++] = isalnum((unsigned char) *detector) ? *detector : '-';
        step[n] = '\0';
}

static void put_id(struct out *o, struct json_object *to, const char *key, const char *kind, const char *id,
                   const char *part) {
        _cleanup_free_ char *s = NULL;

        if (asprintf(&s, "%s:%s-%s%s%s", o->origin, kind, id, *part ? "." : "", part) < 0)
                s = NULL;
        if (s)
                put_text(&o->build, to, key, s);
        else
                o->build.failed = true;
}

/* --- lists --- */

static void list_begin(struct out *o, const char *name) {
        fprintf(o->f, ",\n\"%s\": [", name);
        o->n = 0;
}

static void list_add(struct out *o, struct json_object *v) {
        fputs(o->n++ ? ",\n" : "\n", o->f);
        if (o->build.failed) {
                json_object_put(v);
                v = NULL;
        }
        if (print_object(o->f, v, JSON_C_TO_STRING_SPACED) < 0)
                o->error = -ENOMEM;
}

static void list_end(struct out *o) {
        fputs("\n]", o->f);
}

static struct json_object *new_object(struct out *o, const char *kind, const char *id, const char *part) {
        struct json_object *v = json_object_new_object();

        put_id(o, v, "id", kind, id, part);
        put_text(&o->build, v, "origin", o->origin);
        return v;
}

/* --- kernels --- */

static int compare_text(const char *a, const char *b) {
        return strcmp(a ? a : "", b ? b : "");
}

static int by_kernel(const void *a, const void *b, void *userdata) {
        const uint32_t i = *(const uint32_t *) a, k = *(const uint32_t *) b;
        struct boot *const *boots = userdata;
        int c = compare_text(boots[i]->release, boots[k]->release);

        if (c == 0)
                c = compare_text(boots[i]->version, boots[k]->version);
        for (size_t n = 0; c == 0 && n < ARRAY_SIZE(kernel_labels); n++)
                c = compare_text(boot_label_value(boots[i], kernel_labels[n]),
                                 boot_label_value(boots[k], kernel_labels[n]));
        if (c == 0)
                c = compare_text(build_id(boots[i]), build_id(boots[k]));
        return c ? c : compare_text(checkout_id(boots[i]), checkout_id(boots[k]));
}

static int by_index(const void *a, const void *b, void *userdata) {
        const int c = by_kernel(a, b, userdata);
        const uint32_t i = *(const uint32_t *) a, k = *(const uint32_t *) b;

        return c ? c : i < k ? -1 : i > k;
}

/* Marks the first boot of each kernel. */
static int find_kernels(const struct boots *boots, bool *is_first) {
        _cleanup_free_ uint32_t *order = calloc(boots->n + 1, sizeof(*order));

        if (!order)
                return -ENOMEM;
        for (uint32_t i = 0; i < boots->n; i++)
                order[i] = i;
        qsort_r(order, boots->n, sizeof(*order), by_index, boots->items);
        for (size_t i = 0; i < boots->n; i++)
                is_first[order[i]] = i == 0 || by_kernel(&order[i], &order[i - 1], boots->items) != 0;
        return 0;
}

static void add_checkout(struct out *o, const struct boot *b) {
        char hash[HASH_CHARS + 1];

        kernel_hash(b, hash);
        struct json_object *v = new_object(o, "kernel", hash, "");
        put_text(&o->build, v, "git_commit_hash", commit_id(b));
        put_text(&o->build, v, "comment", b->release ? b->release : "kernel of unknown release");
        list_add(o, v);
}

static void add_build(struct out *o, const struct boot *b) {
        char hash[HASH_CHARS + 1];

        kernel_hash(b, hash);
        struct json_object *v = new_object(o, "kernel", hash, ""), *misc = json_object_new_object();
        if (checkout_id(b))
                put_text(&o->build, v, "checkout_id", checkout_id(b));
        else
                put_id(o, v, "checkout_id", "kernel", hash, "");
        put_text(&o->build, v, "comment", b->version);
        put_text(&o->build, v, "config_name", boot_label_value(b, "config"));
        put_text(&o->build, misc, "build", boot_label_value(b, "build"));
        put_text(&o->build, misc, "commit", boot_label_value(b, "commit"));
        put_text(&o->build, misc, "release", b->release);
        if (b->loaded) {
                put_text(&o->build, misc, "vmlife_variant", b->variant);
                put_text(&o->build, misc, "vmlife_rules", b->rules);
        }
        put(&o->build, v, "misc", misc);
        list_add(o, v);
}

/* --- tests --- */

/* What the database takes of a log: 16384 characters, whole ones. */
static void put_log(struct out *o, struct json_object *v, const char *key, const struct finding *x) {
        enum { LOG_MAX = 16384 };
        _cleanup_(buffer_done) struct buffer scratch = {}, clean = {};
        struct slice lines;

        if (store_excerpt(&o->saved->scan.store, x, &scratch, &lines) < 0 || utf8_add_shown(&clean, lines) < 0) {
                o->build.failed = true;
                return;
        }
        size_t n = MIN(clean.size, (size_t) LOG_MAX);
        while (n && n < clean.size && ((unsigned char) clean.data[n] & 0xc0) == 0x80)
                n--;
        put(&o->build, v, key, text(&o->build, buffer_slice(&clean, 0, n)));
}

/* Of a detector in a boot, the worst of its cases. */
static const char *status_of(const struct test_case *cases, size_t n, const struct boot *b,
                             const struct finding **shown) {
        bool asked = false;

        *shown = NULL;
        for (size_t i = 0; i < n; i++) {
                if (cases[i].outcome == OUTCOME_FAIL && cases[i].finding) {
                        *shown = cases[i].finding;
                        return "FAIL";
                }
                if (!*shown)
                        *shown = cases[i].finding;
                asked |= cases[i].finding && cases[i].finding->injected == INJECTED_YES;
        }
        if (asked)
                return "DONE";
        if (n == 1 && cases[0].outcome == OUTCOME_SKIP && !cases[0].finding) {
                enum detector d = detector_of(slice_of(cases[0].detector));
                return d != DETECTOR_NONE && b->watch[d].present == PRESENCE_YES ? "MISS" : "SKIP";
        }
        return "PASS";
}

static struct json_object *new_test(struct out *o, const struct boot *b, const char *boot, const char *part) {
        char kernel[HASH_CHARS + 1];
        struct json_object *v = new_object(o, "boot", boot, part), *environment = json_object_new_object();
        _cleanup_free_ char *path = NULL;

        kernel_hash(b, kernel);
        if (build_id(b))
                put_text(&o->build, v, "build_id", build_id(b));
        else
                put_id(o, v, "build_id", "kernel", kernel, "");
        if (asprintf(&path, "vmlife%s%s", *part ? "." : "", part) < 0)
                path = NULL;
        put_text(&o->build, v, "path", path ? path : "vmlife");
        put_text(&o->build, environment, "comment", b->host);
        put(&o->build, v, "environment", environment);
        if (b->first.has_real)
                put_realtime(&o->build, v, "start_time", b->first.real_us);
        put(&o->build, v, "duration", json_object_new_double(boot_seconds(b)));
        return v;
}

static struct json_object *labels(struct out *o, const struct boot *b) {
        struct json_object *v = json_object_new_object();

        for (size_t i = 0; i < b->n_labels; i++)
                put_text(&o->build, v, b->labels[i].name, b->labels[i].value);
        return v;
}

static void add_boot_test(struct out *o, const struct boot *b, const char *boot, const struct cases *cases) {
        struct json_object *v = new_test(o, b, boot, ""), *misc = json_object_new_object();

        put_text(&o->build, v, "status",
                 cases->failed                    ? "FAIL" :
                 b->verdict == VERDICT_CLEAN      ? "PASS" :
                 b->verdict == VERDICT_NOT_PROVEN ? "MISS" :
                                                    "DONE");
        put_text(&o->build, misc, "verdict", verdict_name(b->verdict));
        put(&o->build, misc, "not_proven", texts(&o->build, b->reasons, b->n_reasons));
        put_number(&o->build, misc, "messages_lost", b->lost);
        put_text(&o->build, misc, "command_line", b->command_line);
        put(&o->build, misc, "labels", labels(o, b));
        put(&o->build, v, "misc", misc);
        list_add(o, v);
}

static void add_detector_test(struct out *o, const struct boot *b, const char *boot, const struct test_case *cases,
                              size_t n) {
        const struct finding *shown;
        const char *status = status_of(cases, n, b, &shown);
        char step[ID_MAX];

        path_step(cases[0].detector, step);
        struct json_object *v = new_test(o, b, boot, step);
        put_text(&o->build, v, "status", status);
        put_text(&o->build, v, "comment", shown ? shown->title : cases[0].why);
        if (shown)
                put_log(o, v, "log_excerpt", shown);
        list_add(o, v);
}

static int by_detector(const void *a, const void *b) {
        char x[ID_MAX], y[ID_MAX];

        path_step(((const struct test_case *) a)->detector, x);
        path_step(((const struct test_case *) b)->detector, y);
        return strcmp(x, y);
}

static void add_tests(struct out *o, uint32_t boot) {
        _cleanup_(cases_done) struct cases cases = {};
        const struct boot *b = o->saved->scan.boots.items[boot];
        char hash[HASH_CHARS + 1];

        o->error = cases_of_boot(o->saved, &o->by_boot, boot, &cases);
        if (o->error < 0)
                return;
        boot_hash(o, boot, hash);
        qsort(cases.items, cases.n, sizeof(*cases.items), by_detector);
        add_boot_test(o, b, hash, &cases);
        for (size_t from = 0, to; from < cases.n; from = to) {
                for (to = from + 1; to < cases.n && by_detector(&cases.items[from], &cases.items[to]) == 0;)
                        to++;
                add_detector_test(o, b, hash, cases.items + from, to - from);
        }
}

/* --- issues --- */

static bool is_issue(const struct out *o, const struct finding *f) {
        return f->injected != INJECTED_YES && finding_counts(f, &o->saved->scan.question);
}

static bool has_issue(const struct out *o, const struct digest_line *l) {
        for (size_t i = 0; i < l->n; i++)
                if (is_issue(o, l->all[i]))
                        return true;
        return false;
}

/* Without the colon, which divides the origin from the rest. */
static const char *signature_id(const struct finding *f) {
        return f->signature + strlen("v2:");
}

static void add_issue(struct out *o, const struct digest_line *l) {
        const struct finding *x = l->example;
        struct json_object *v = new_object(o, "signature", signature_id(x), ""), *misc = json_object_new_object(),
                           *culprit = json_object_new_object(), *categories = json_object_new_array();
        char step[ID_MAX];

        put(&o->build, v, "version", json_object_new_int(1));
        path_step(x->detector, step);
        append(&o->build, categories, text(&o->build, slice_of(step)));
        put(&o->build, v, "categories", categories);
        put_text(&o->build, v, "report_subject", x->title);
        put_text(&o->build, v, "comment", x->why);
        put_flag(&o->build, culprit, "code", true);
        put(&o->build, v, "culprit", culprit);
        put_text(&o->build, misc, "signature", x->signature);
        put_text(&o->build, misc, "kind", x->kind);
        put_text(&o->build, misc, "rule", x->rule);
        put_text(&o->build, misc, "relevance", relevance_name(x->relevance));
        put_text(&o->build, misc, "severity", severity_name(x->severity));
        put(&o->build, misc, "functions", texts(&o->build, x->functions, x->n_functions));
        put_text(&o->build, misc, "guilty_file", x->guilty_file);
        put_text(&o->build, misc, "guilty_file_guess", x->guilty_file_guess);
        put_text(&o->build, misc, "subsystem", x->subsystem);
        put_text(&o->build, misc, "owner", x->owner);
        if (x->issue) {
                put_text(&o->build, misc, "known_issue", x->issue->name);
                put_text(&o->build, misc, "bug", x->issue->bug);
        }
        if (x->n_maintainers)
                put(&o->build, misc, "maintainers", texts(&o->build, x->maintainers, x->n_maintainers));
        if (x->n_reviewers)
                put(&o->build, misc, "reviewers", texts(&o->build, x->reviewers, x->n_reviewers));
        if (x->n_wider)
                put(&o->build, misc, "wider_sections", texts(&o->build, x->wider, x->n_wider));
        if (x->n_lists)
                put(&o->build, misc, "lists", texts(&o->build, x->lists, x->n_lists));
        put_number(&o->build, misc, "count", l->count);
        put_log(o, misc, "log_excerpt", x);
        put(&o->build, v, "misc", misc);
        list_add(o, v);
}

static void add_incident(struct out *o, const struct finding *f) {
        char boot[HASH_CHARS + 1], step[ID_MAX];

        boot_hash(o, f->boot, boot);
        /* Events of two texts that begin alike have one id. */
        const bool has_id = *o->saved->scan.boots.items[f->boot]->id;
        struct json_object *v = new_object(o, "event", f->id, has_id ? "" : boot), *misc = json_object_new_object();
        path_step(f->detector, step);
        put_id(o, v, "issue_id", "signature", signature_id(f), "");
        put(&o->build, v, "issue_version", json_object_new_int(1));
        put_id(o, v, "test_id", "boot", boot, step);
        put_flag(&o->build, v, "present", true);
        put_number(&o->build, misc, "count", f->count);
        put(&o->build, v, "misc", misc);
        list_add(o, v);
}

static int write_form(const struct saved *s, const struct export_options *options, FILE *f) {
        _cleanup_(digest_done) struct digest digest = {};
        struct out o = { .saved = s,
                         .build.shown = true,
                         .origin = options->origin,
                         .f = f,
                         .error = digest_make(s, options, &digest) };
        const struct boots *boots = &s->scan.boots;
        _cleanup_free_ bool *is_first = calloc(boots->n + 1, sizeof(*is_first));

        if (o.error == 0)
                o.error = is_first ? find_kernels(boots, is_first) : -ENOMEM;
        if (o.error == 0)
                o.error = by_boot_make(&s->scan, &o.by_boot);
        fputs("{\n\"version\": { \"major\": 5, \"minor\": 3 }", f);
        list_begin(&o, "checkouts");
        for (uint32_t i = 0; o.error == 0 && i < boots->n; i++)
                if (is_first[i] && !build_id(boots->items[i]) && !checkout_id(boots->items[i]))
                        add_checkout(&o, boots->items[i]);
        list_end(&o);
        list_begin(&o, "builds");
        for (uint32_t i = 0; o.error == 0 && i < boots->n; i++)
                if (is_first[i] && !build_id(boots->items[i]))
                        add_build(&o, boots->items[i]);
        list_end(&o);
        list_begin(&o, "tests");
        for (uint32_t i = 0; o.error == 0 && i < boots->n; i++)
                add_tests(&o, i);
        list_end(&o);
        list_begin(&o, "issues");
        for (size_t i = 0; o.error == 0 && i < digest.n; i++)
                if (has_issue(&o, &digest.lines[i]))
                        add_issue(&o, &digest.lines[i]);
        list_end(&o);
        list_begin(&o, "incidents");
        for (size_t i = 0; o.error == 0 && i < s->scan.store.n; i++)
                if (is_issue(&o, s->scan.store.items[i]))
                        add_incident(&o, s->scan.store.items[i]);
        list_end(&o);
        fputs("\n}\n", f);
        buffer_done(&o.build.scratch);
        by_boot_done(&o.by_boot);
        return o.error;
}

const struct export export_kcidb = { "kcidb", "submission to KernelCI's common database, schema 5.3", write_form,
                                     false };
