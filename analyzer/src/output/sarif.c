/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <ctype.h>
#include <errno.h>

#include "base/build.h"
#include "base/macros.h"
#include "findings/signature.h"
#include "judge/judge.h"
#include "judge/rules.h"
#include "output/digest.h"

/* SARIF 2.1.0: results at places in the code. A place is where a WARN or BUG says that it stands, or the file and line
 * of the first frame that has them (scan --vmlinux gives them). Findings without are counted in a notification. */

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

/* The first function to blame that has a place, then any frame. */
static struct place place_of(const struct finding *f) {
        struct place any = {};

        for (size_t i = 0; i < f->n_stacks; i++)
                for (size_t k = 0; k < f->stacks[i].n_frames; k++) {
                        const struct frame *fr = &f->stacks[i].frames[k];
                        const struct place p = { .file = slice_of(fr->file), .line = fr->line };
                        if (!fr->file || fr->line == 0)
                                continue;
                        if (!any.file.n)
                                any = p;
                        for (size_t n = 0; n < f->n_functions; n++)
                                if (strcmp(f->functions[n], fr->function) == 0)
                                        return p;
                }
        const char *at = finding_field(f, "at");
        struct place said = at ? place_of_text(at) : (struct place){};
        return any.file.n ? any : said;
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
        put(b, o, "uri", text(b, uri.size ? buffer_slice(&uri, 0, uri.size) : SLICE("unnamed")));
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
                        struct json_object *frame = json_object_new_object();
                        struct place p = fr->file && fr->line ? (struct place){ slice_of(fr->file), fr->line, 0 } :
                                                                (struct place){};
                        put(b, frame, "location", location(b, p, fr->function));
                        put_text(b, frame, "module", fr->module);
                        append(b, frames, frame);
                }
                put(b, o, "frames", frames);
                append(b, array, o);
        }
        return array;
}

/* Of the contract where a rule broke, else of the detector. */
static void put_rule(struct build *b, struct json_object *o, const struct finding *f) {
        _cleanup_free_ char *id = NULL;

        if (f->rule)
                put_text(b, o, "ruleId", f->rule);
        else if (asprintf(&id, "%s/%s", f->detector, f->kind) >= 0)
                put_text(b, o, "ruleId", id);
        else {
                id = NULL;
                b->failed = true;
        }
}

static const char *level_of(const struct finding *f) {
        if (f->injected == INJECTED_YES || f->relevance == RELEVANCE_UNRELATED)
                return "note";
        return f->severity >= SEVERITY_HIGH || f->relevance >= RELEVANCE_LIKELY ? "error" : "warning";
}

static struct json_object *result(struct build *b, const struct digest_line *l, struct place p) {
        const struct finding *f = l->example;
        struct json_object *o = json_object_new_object(), *places = json_object_new_array(),
                           *prints = json_object_new_object(), *properties = json_object_new_object();
        _cleanup_free_ char *words = NULL;

        put_rule(b, o, f);
        put_text(b, o, "level", level_of(f));
        if (asprintf(&words, "%s: %s", f->title, f->why) < 0)
                words = NULL;
        put(b, o, "message", message(b, words ? words : f->title));
        append(b, places, location(b, p, NULL));
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
        put(b, o, "properties", properties);
        return o;
}

static struct json_object *driver(struct build *b) {
        struct json_object *o = json_object_new_object(), *array = json_object_new_array();

        put_text(b, o, "name", "vmlife");
        put_text(b, o, "version", VMLIFE_VERSION);
        for (size_t i = 0; i < n_rules; i++) {
                struct json_object *rule = json_object_new_object();
                put_text(b, rule, "id", rules[i].id);
                put(b, rule, "shortDescription", message(b, rules[i].contract));
                append(b, array, rule);
        }
        put(b, o, "rules", array);
        return o;
}

/* How many findings nobody will see here, and what to do about it. */
static struct json_object *invocations(struct build *b, size_t left_out) {
        struct json_object *array = json_object_new_array(), *o = json_object_new_object(),
                           *notes = json_object_new_array(), *note = json_object_new_object();
        char words[160];

        put_flag(b, o, "executionSuccessful", true);
        snprintf(words, sizeof(words),
                 "%zu findings are left out: their file and line are not known. Frames get them from vmlife scan "
                 "--vmlinux and --modules.",
                 left_out);
        put_text(b, note, "level", "note");
        put(b, note, "message", message(b, words));
        if (left_out)
                append(b, notes, note);
        else
                json_object_put(note);
        put(b, o, "toolExecutionNotifications", notes);
        append(b, array, o);
        return array;
}

static int write_form(const struct saved *s, const struct export_options *options, FILE *f) {
        _cleanup_(digest_done) struct digest digest = {};
        struct build b = {};
        size_t n = 0, left_out = 0;

        int e = digest_make(s, options, &digest);
        fputs("{\n\"$schema\": \"https://json.schemastore.org/sarif-2.1.0.json\",\n\"version\": \"2.1.0\",\n\"runs\": "
              "[ {\n\"results\": [",
              f);
        for (size_t i = 0; e == 0 && i < digest.n; i++) {
                struct place p = place_of(digest.lines[i].example);
                if (!p.file.n) {
                        left_out++;
                        continue;
                }
                fputs(n++ ? ",\n" : "\n", f);
                struct json_object *o = result(&b, &digest.lines[i], p);
                e = b.failed ? -ENOMEM : print_object(f, o, JSON_C_TO_STRING_SPACED);
        }
        fputs("\n],\n\"columnKind\": \"utf16CodeUnits\",\n\"tool\": { \"driver\": ", f);
        if (e == 0)
                e = print_object(f, driver(&b), JSON_C_TO_STRING_SPACED);
        fputs(" },\n\"invocations\": ", f);
        if (e == 0)
                e = print_object(f, invocations(&b, left_out), JSON_C_TO_STRING_SPACED);
        fputs("\n} ]\n}\n", f);
        buffer_done(&b.scratch);
        return b.failed ? -ENOMEM : e;
}

const struct export export_sarif = { "sarif", "code locations (SARIF 2.1.0) of findings whose file and line are known",
                                     write_form };
