/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <ctype.h>
#include <errno.h>

#include "base/build.h"
#include "base/macros.h"
#include "findings/signature.h"
#include "judge/judge.h"
#include "output/digest.h"
#include "output/topic.h"

/* SARIF 2.1.0: results at places in the code: the file and line of the blamed function's frame (scan --vmlinux gives
 * them), or what a WARN or BUG says of its place. A finding without a place names the function alone. */

struct place {
        struct slice file;     /* empty: not known */
        uint64_t line, column; /* 0: not known */
};

/* "file.c:12" and, from UBSAN, "file.c:12:3". */
static struct place place_of_text(const char *at) {
        struct slice rest = slice_of(at), file = slice_token(&rest, ':');
        struct place p = {};

        if (!slice_eat_u64(&rest, &p.line) || p.line == 0 || file.n == 0)
                return (struct place){};
        if (slice_eat(&rest, SLICE(":")))
                (void) slice_eat_u64(&rest, &p.column);
        p.file = file;
        return p;
}

static bool is_named(const struct finding *f, const char *function) {
        for (size_t i = 0; i < f->n_functions; i++)
                if (strcmp(f->functions[i], function) == 0)
                        return true;
        return false;
}

/* Stopped in a function that is not to blame: lib/refcount.c's WARN is where a fault was found, not where it is. */
static bool is_of_checker(const struct finding *f) {
        struct slice rest = slice_of(f->rip ? f->rip : ""), function = slice_token(&rest, '+');

        for (size_t i = 0; i < f->n_functions; i++)
                if (slice_eq(function, slice_of(f->functions[i])))
                        return false;
        return function.n && f->n_functions;
}

/* Where a frame is; empty where it does not say, and of those that the kernel itself doubts. */
static struct place place_of_frame(const struct frame *f) {
        return f->reliable && f->file && f->line ? (struct place){ slice_of(f->file), f->line, 0 } : (struct place){};
}

/* The function to blame, if its frame has a place. What the report says of its own place comes next, unless it is that
 * of a check, the variant's or another; then any frame. */
static struct place place_of(const struct finding *f) {
        struct place any = {};

        for (size_t i = 0; i < f->n_stacks; i++)
                for (size_t k = 0; k < f->stacks[i].n_frames; k++) {
                        const struct frame *frame = &f->stacks[i].frames[k];
                        const struct place p = place_of_frame(frame);
                        if (p.file.n && is_named(f, frame->function))
                                return p;
                        if (!any.file.n)
                                any = p;
                }
        if (strcmp(f->detector, detector_name(DETECTOR_VMLIFE)) == 0 || is_of_checker(f))
                return (struct place){};
        const char *at = finding_field(f, "at");
        const struct place said = at ? place_of_text(at) : (struct place){};
        return said.file.n ? said : any;
}

/* What has a meaning in a reference is escaped, and so is what is no ASCII. */
static int add_escaped(struct buffer *uri, struct slice step) {
        int e = 0;

        for (size_t i = 0; e == 0 && i < step.n; i++) {
                char escaped[4];
                const char c = step.s[i];
                const bool plain = isalnum((unsigned char) c) || strchr("._-~", c);
                snprintf(escaped, sizeof(escaped), plain ? "%c" : "%%%02X", plain ? c : (unsigned char) c);
                e = buffer_add(uri, escaped, strlen(escaped));
        }
        return e;
}

static bool is_empty_step(struct slice s) {
        return s.n == 0 || slice_eq(s, SLICE(".")) || slice_eq(s, SLICE(".."));
}

/* A path as a relative reference that stays below its root, whatever a report says: readers open what it names. */
static void put_uri(struct build *b, struct json_object *o, struct slice path) {
        _cleanup_(buffer_done) struct buffer uri = {};
        int e = 0;

        while (e == 0 && path.n) {
                size_t n = 0;
                while (n < path.n && path.s[n] != '/' && path.s[n] != '\\')
                        n++;
                const struct slice step = slice_head(path, n);
                path = slice_from(path, MIN(n + 1, path.n));
                if (is_empty_step(step))
                        continue;
                if (uri.size)
                        e = buffer_add(&uri, "/", 1);
                if (e == 0)
                        e = add_escaped(&uri, step);
        }
        if (e < 0)
                b->failed = true;
        put(b, o, "uri", text(b, uri.size ? buffer_all(&uri) : SLICE("unnamed")));
}

/* The function by name, for results of which that is all that is known. */
static struct json_object *function_location(struct build *b, const char *function) {
        struct json_object *o = json_object_new_object(), *array = json_object_new_array(),
                           *logical = json_object_new_object();

        put_text(b, logical, "name", function);
        put_text(b, logical, "kind", "function");
        append(b, array, logical);
        put(b, o, "logicalLocations", array);
        return o;
}

static struct json_object *location(struct build *b, struct place p, const char *message) {
        struct json_object *o = json_object_new_object(), *physical = json_object_new_object();

        if (p.file.n) {
                struct json_object *artifact = json_object_new_object(), *region = json_object_new_object();
                put_uri(b, artifact, p.file);
                /* Absolute paths are the build machine's. */
                if (p.file.s[0] != '/')
                        put_text(b, artifact, "uriBaseId", "KERNEL");
                put(b, physical, "artifactLocation", artifact);
                put_number(b, region, "startLine", p.line);
                if (p.column)
                        put_number(b, region, "startColumn", p.column);
                put(b, physical, "region", region);
                put(b, o, "physicalLocation", physical);
        } else
                json_object_put(physical);
        if (message) {
                struct json_object *m = json_object_new_object();
                put_text(b, m, "text", message);
                put(b, o, "message", m);
        }
        return o;
}

static struct json_object *message(struct build *b, const char *s) {
        struct json_object *o = json_object_new_object();

        put_text(b, o, "text", s);
        return o;
}

static struct json_object *stacks(struct build *b, const struct finding *f) {
        struct json_object *array = json_object_new_array();

        for (size_t i = 0; i < f->n_stacks; i++) {
                const struct stack *s = &f->stacks[i];
                struct json_object *o = json_object_new_object(), *frames = json_object_new_array();
                put(b, o, "message", message(b, s->what));
                for (size_t k = 0; k < s->n_frames; k++) {
                        const struct frame *fr = &s->frames[k];
                        if (!fr->reliable)
                                continue;
                        struct json_object *frame = json_object_new_object();
                        put(b, frame, "location", location(b, place_of_frame(fr), fr->function));
                        put_text(b, frame, "module", fr->module);
                        append(b, frames, frame);
                }
                put(b, o, "frames", frames);
                append(b, array, o);
        }
        return array;
}

/* Of the contract where a rule broke, else of the detector. */
static void put_rule(struct build *b, struct json_object *o, const struct finding *f, const char *key) {
        _cleanup_free_ char *id = NULL;

        if (f->rule)
                put_text(b, o, key, f->rule);
        else if (asprintf(&id, "%s/%s", f->detector, f->kind) >= 0)
                put_text(b, o, key, id);
        else {
                id = NULL;
                b->failed = true;
        }
}

static const char *level_of(const struct finding *f) {
        if (f->injected == INJECTED_YES)
                return "note";
        if (f->severity >= SEVERITY_HIGH || f->relevance >= RELEVANCE_LIKELY)
                return "error";
        return f->relevance == RELEVANCE_UNRELATED ? "note" : "warning";
}

/* What a CI gave of the boot that the example is of. */
static struct json_object *labels(struct build *b, const struct boot *boot) {
        struct json_object *o = json_object_new_object();

        for (size_t i = 0; i < boot->n_labels; i++)
                put_text(b, o, boot->labels[i].name, boot->labels[i].value);
        return o;
}

static struct json_object *result(struct build *b, const struct boots *boots, const struct digest_line *l,
                                  struct place p) {
        const struct finding *f = l->example;
        struct json_object *o = json_object_new_object(), *places = json_object_new_array(),
                           *prints = json_object_new_object(), *properties = json_object_new_object();
        _cleanup_free_ char *words = NULL;

        put_rule(b, o, f, "ruleId");
        put_text(b, o, "level", level_of(f));
        if (asprintf(&words, "%s: %s", f->title, f->why) < 0)
                words = NULL;
        put(b, o, "message", message(b, words ? words : f->title));
        if (p.file.n)
                append(b, places, location(b, p, NULL));
        else if (f->n_functions)
                append(b, places, function_location(b, f->functions[0]));
        put(b, o, "locations", places);
        put_text(b, prints, "vmlifeSignature/v1", signature_v1(f));
        if (!signature_is_v1(f))
                put_text(b, prints, "vmlifeSignature/v2", f->signature);
        put(b, o, "partialFingerprints", prints);
        put(b, o, "occurrenceCount", json_object_new_int64((int64_t) MIN(l->count, (uint64_t) INT32_MAX)));
        if (f->n_stacks)
                put(b, o, "stacks", stacks(b, f));
        put_text(b, properties, "detector", f->detector);
        put_text(b, properties, "relevance", relevance_name(f->relevance));
        put_text(b, properties, "severity", severity_name(f->severity));
        put_flag(b, properties, "injected", f->injected == INJECTED_YES);
        put_number(b, properties, "boots", l->n_boots);
        if (boots->items[f->boot]->n_labels)
                put(b, properties, "labels", labels(b, boots->items[f->boot]));
        put(b, o, "properties", properties);
        return o;
}

/* --- rules: what vmlife explain says of each that a result names --- */

static void put_help(struct build *b, struct json_object *rule, const struct topic *t) {
        const struct topic *parent = topic_parent(t);
        const char *means = t->means ? t->means : parent ? parent->means : NULL;
        const char *look = t->look ? t->look : parent ? parent->look : NULL;
        _cleanup_free_ char *help = NULL;

        put(b, rule, "shortDescription", message(b, t->what));
        if (means)
                put(b, rule, "fullDescription", message(b, means));
        if (!look && !means)
                return;
        if (asprintf(&help, "%s%s%s", means ? means : "", means && look ? "\n\n" : "", look ? look : "") < 0)
                help = NULL;
        if (!help)
                b->failed = true;
        else
                put(b, rule, "help", message(b, help));
}

static struct json_object *rule_of(struct build *b, const struct finding *f) {
        struct json_object *rule = json_object_new_object();
        const struct topic *t = topic_of_finding(f);

        put_rule(b, rule, f, "id");
        if (t)
                put_help(b, rule, t);
        return rule;
}

static struct json_object *driver(struct build *b, const struct digest *digest) {
        struct json_object *o = json_object_new_object(), *array = json_object_new_array(),
                           *seen = json_object_new_object();

        put_text(b, o, "name", "vmlife");
        put_text(b, o, "version", VMLIFE_VERSION);
        for (size_t i = 0; i < digest->n; i++) {
                struct json_object *rule = rule_of(b, digest->lines[i].example),
                                   *id = json_object_object_get(rule, "id");
                const char *word = id ? json_object_get_string(id) : "";
                if (json_object_object_get_ex(seen, word, NULL)) {
                        json_object_put(rule);
                        continue;
                }
                put_flag(b, seen, word, true);
                append(b, array, rule);
        }
        json_object_put(seen);
        put(b, o, "rules", array);
        return o;
}

/* How many findings name a function alone, and what to do about it. */
static struct json_object *invocations(struct build *b, size_t without) {
        struct json_object *array = json_object_new_array(), *o = json_object_new_object(),
                           *notes = json_object_new_array(), *note = json_object_new_object();
        char words[160];

        put_flag(b, o, "executionSuccessful", true);
        snprintf(words, sizeof(words),
                 "%zu findings have no file and line. vmlife scan --vmlinux and --modules adds them to frames.",
                 without);
        put_text(b, note, "level", "note");
        put(b, note, "message", message(b, words));
        if (without)
                append(b, notes, note);
        else
                json_object_put(note);
        put(b, o, "toolExecutionNotifications", notes);
        append(b, array, o);
        return array;
}

static int write_form(const struct saved *s, const struct export_options *options, FILE *f) {
        _cleanup_(digest_done) struct digest digest = {};
        struct build b = { .shown = true };
        size_t without = 0;

        int e = digest_make(s, options, &digest);
        fputs("{\n\"$schema\": \"https://json.schemastore.org/sarif-2.1.0.json\",\n\"version\": \"2.1.0\",\n\"runs\": "
              "[ {\n\"results\": [",
              f);
        for (size_t i = 0; e == 0 && i < digest.n; i++) {
                struct place p = place_of(digest.lines[i].example);
                without += !p.file.n;
                fputs(i ? ",\n" : "\n", f);
                struct json_object *o = result(&b, &s->scan.boots, &digest.lines[i], p);
                e = b.failed ? -ENOMEM : print_object(f, o, JSON_C_TO_STRING_SPACED);
        }
        fputs("\n],\n\"columnKind\": \"utf16CodeUnits\",\n\"tool\": { \"driver\": ", f);
        if (e == 0)
                e = print_object(f, driver(&b, &digest), JSON_C_TO_STRING_SPACED);
        fputs(" },\n\"invocations\": ", f);
        if (e == 0)
                e = print_object(f, invocations(&b, without), JSON_C_TO_STRING_SPACED);
        fputs("\n} ]\n}\n", f);
        buffer_done(&b.scratch);
        return b.failed ? -ENOMEM : e;
}

const struct export export_sarif = { "sarif", "findings at places in the code (SARIF 2.1.0)", write_form, false };
