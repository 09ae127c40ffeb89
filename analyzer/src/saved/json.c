/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "saved/json.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>

#include "base/macros.h"
#include "judge/judge.h"
#include "base/build.h"
#include "base/utf8.h"
#include "triage/known.h"

static struct json_object *stamp(struct build *b, const struct stamp *t) {
        struct json_object *o = json_object_new_object();

        if (t->has_mono)
                put_number(b, o, "monotonic_us", t->mono_us);
        if (t->has_real)
                put_realtime(b, o, "realtime", t->real_us);
        return o;
}

static struct json_object *frame(struct build *b, const struct frame *fr) {
        struct json_object *o = json_object_new_object();

        put_text(b, o, "function", fr->function);
        if (fr->offset || fr->size) {
                put_hex(b, o, "offset", fr->offset);
                put_hex(b, o, "size", fr->size);
        }
        put_text(b, o, "module", fr->module);
        put_text(b, o, "file", fr->file);
        if (fr->file)
                put_number(b, o, "line", fr->line);
        put_flag(b, o, "reliable", fr->reliable);
        if (fr->inlined)
                put_flag(b, o, "inlined", true);
        if (fr->rip)
                put_flag(b, o, "trap", true);
        return o;
}

static struct json_object *stacks(struct build *b, const struct finding *f) {
        struct json_object *array = json_object_new_array();

        for (size_t i = 0; i < f->n_stacks; i++) {
                struct json_object *o = json_object_new_object(), *frames = json_object_new_array();
                put_text(b, o, "what", f->stacks[i].what);
                put_text(b, o, "of", f->stacks[i].of);
                for (size_t k = 0; k < f->stacks[i].n_frames; k++)
                        append(b, frames, frame(b, &f->stacks[i].frames[k]));
                put(b, o, "frames", frames);
                append(b, array, o);
        }
        return array;
}

static struct json_object *accesses(struct build *b, const struct finding *f) {
        struct json_object *array = json_object_new_array();

        for (size_t i = 0; i < f->n_accesses; i++) {
                const struct access *a = &f->accesses[i];
                struct json_object *o = json_object_new_object();
                put_text(b, o, "type", a->type);
                put_text(b, o, "function", a->function);
                put_hex(b, o, "address", a->address);
                put_number(b, o, "size", a->size);
                put_flag(b, o, "marked", a->marked);
                put_flag(b, o, "reordered", a->reordered);
                put(b, o, "context", json_object_new_string(a->interrupt ? "interrupt" : "task"));
                if (a->has_task)
                        put_number(b, o, "task", a->task);
                put_index(b, o, "cpu", a->cpu);
                put_index(b, o, "stack", a->stack);
                append(b, array, o);
        }
        return array;
}

static struct json_object *scenario(struct build *b, const struct finding *f) {
        struct json_object *a = json_object_new_array();

        for (size_t i = 0; i < f->n_scenario; i++) {
                struct json_object *o = json_object_new_object();
                put_index(b, o, "cpu", f->scenario[i].cpu);
                put_text(b, o, "action", f->scenario[i].action);
                put_text(b, o, "lock", f->scenario[i].lock);
                append(b, a, o);
        }
        return a;
}

static struct json_object *locks(struct build *b, const struct finding *f) {
        struct json_object *array = json_object_new_array();

        for (size_t i = 0; i < f->n_locks; i++) {
                const struct lock *l = &f->locks[i];
                struct json_object *o = json_object_new_object();
                put_text(b, o, "role", l->role);
                put_text(b, o, "name", l->name);
                put_text(b, o, "usage", l->usage);
                put_text(b, o, "wait", l->wait);
                put_text(b, o, "function", l->function);
                put_index(b, o, "index", l->index);
                if (l->has_address)
                        put_hex(b, o, "address", l->address);
                append(b, array, o);
        }
        return array;
}

static struct json_object *tasks(struct build *b, const struct finding *f) {
        struct json_object *array = json_object_new_array();

        for (size_t i = 0; i < f->n_tasks; i++) {
                struct json_object *o = json_object_new_object();
                put_text(b, o, "role", f->tasks[i].role);
                put_text(b, o, "comm", f->tasks[i].comm);
                put_number(b, o, "pid", f->tasks[i].pid);
                put_index(b, o, "cpu", f->tasks[i].cpu);
                append(b, array, o);
        }
        return array;
}

static struct json_object *place(struct build *b, const struct scan *s, const struct finding *f) {
        struct json_object *o = json_object_new_object();
        const char *type = s->sources[f->source].type;
        const bool lines = strcmp(type, "text") == 0 || strcmp(type, "pstore") == 0;

        put_number(b, o, "index", f->source);
        put_number(b, o, lines ? "line" : "entry", f->number);
        put_text(b, o, "cursor", f->cursor);
        return o;
}

static struct json_object *known_issue(struct build *b, const struct known_issue *i) {
        struct json_object *o = json_object_new_object();

        put_text(b, o, "name", i->name);
        put_text(b, o, "bug", i->bug);
        put_text(b, o, "owner", i->owner);
        put_text(b, o, "note", i->note);
        if (*i->expires) {
                put_text(b, o, "expires", i->expires);
                put_flag(b, o, "expired", i->expired);
        }
        return o;
}

struct json_object *json_of_known(const struct known_issue *i) {
        struct build b = {};
        struct json_object *o = known_issue(&b, i);

        put_text(&b, o, "file", i->file);
        put_number(&b, o, "index", i->index);
        put_number(&b, o, "findings", i->matched);
        if (i->stopped)
                put_flag(&b, o, "stopped", true);
        return build_done(&b, o);
}

static void put_excerpt(struct build *b, struct json_object *o, const struct scan *s, const struct finding *f) {
        _cleanup_(buffer_done) struct buffer lines = {};
        struct slice excerpt;

        if (store_excerpt(&s->store, f, &lines, &excerpt) < 0)
                b->failed = true;
        else
                put(b, o, "excerpt", text(b, excerpt));
}

/* Who said what of it before. */
static void put_known(struct build *b, struct json_object *o, const struct finding *f) {
        if (f->status != STATUS_NONE)
                put_text(b, o, "status", known_status_name(f->status));
        put_text(b, o, "owner", f->owner);
        if (f->issue)
                put(b, o, "issue", known_issue(b, f->issue));
}

struct json_object *json_of_finding(const struct scan *s, const struct finding *f) {
        struct json_object *o = json_object_new_object(), *fields = json_object_new_object();
        const struct boot *boot = s->boots.items[f->boot];
        struct build b = {};

        put_text(&b, o, "id", f->id);
        put_text(&b, o, "signature", f->signature);
        put_text(&b, o, "title", f->title);
        put(&b, o, "alt_titles", texts(&b, f->alt_titles, f->n_alt_titles));
        put_text(&b, o, "detector", f->detector);
        put_text(&b, o, "kind", f->kind);
        put_text(&b, o, "rule", f->rule);
        put_text(&b, o, "relevance", relevance_name(f->relevance));
        put_text(&b, o, "why", f->why);
        if (f->cause) {
                put_text(&b, o, "group", f->cause->id);
                put_text(&b, o, "link", f->cause == f ? "the likely first cause" : f->link);
        }
        put_flag(&b, o, "injected", f->injected == INJECTED_YES);
        put_text(&b, o, "origin", origin_name(f->origin));
        put_text(&b, o, "severity", severity_name(f->severity));
        put_known(&b, o, f);
        put_text(&b, o, "message", f->message);
        put_text(&b, o, "test", f->test);
        put(&b, o, "functions", texts(&b, f->functions, f->n_functions));
        put(&b, o, "accesses", accesses(&b, f));
        put(&b, o, "stacks", stacks(&b, f));
        put(&b, o, "locks", locks(&b, f));
        if (f->n_scenario)
                put(&b, o, "scenario", scenario(&b, f));
        put(&b, o, "tasks", tasks(&b, f));
        for (size_t i = 0; i < f->n_fields; i++) {
                /* Keys come from the log too. */
                struct buffer key = {};
                if (utf8_add(&key, slice_of(f->fields[i].key)) < 0 || buffer_add(&key, "", 1) < 0)
                        b.failed = true;
                else
                        put_text(&b, fields, key.data, f->fields[i].value);
                buffer_done(&key);
        }
        put(&b, o, "fields", fields);
        put_text(&b, o, "kernel", boot->release);
        put(&b, o, "boot", json_object_new_int64(f->boot));
        if (*boot->id)
                put_text(&b, o, "boot_id", boot->id);
        put(&b, o, "first_seen", stamp(&b, &f->first));
        put(&b, o, "last_seen", stamp(&b, &f->last));
        put_number(&b, o, "count", f->count);
        put(&b, o, "source", place(&b, s, f));
        put(&b, o, "corrupted", texts(&b, f->corrupted, f->n_corrupted));
        put_excerpt(&b, o, s, f);
        return build_done(&b, o);
}

static struct json_object *variant(struct build *b, const struct boot *boot) {
        struct json_object *o = json_object_new_object();

        put_text(b, o, "version", boot->variant);
        put_text(b, o, "tree", boot->tree);
        put_text(b, o, "rules", boot->rules);
        put_text(b, o, "inject", boot->inject);
        put_text(b, o, "load", boot->load);
        put_text(b, o, "unload", boot->unload);
        return o;
}

/* Words of the command line that begin with "kcsan.". */
static void put_kcsan_parameters(struct build *b, struct json_object *o, const char *command_line) {
        struct json_object *array = json_object_new_array();

        for (struct slice rest = slice_of(command_line); rest.n;) {
                struct slice word = slice_token(&rest, ' ');
                if (slice_starts(word, SLICE("kcsan.")))
                        append(b, array, text(b, word));
        }
        put(b, o, "parameters", array);
}

static struct json_object *kcsan_settings(struct build *b, const struct boot *boot) {
        struct json_object *o = json_object_new_object();

        put_text(b, o, "mode", boot->kcsan_mode);
        put_text(b, o, "selftest", boot->kcsan_selftest);
        put_kcsan_parameters(b, o, boot->command_line);
        return o;
}

static struct json_object *exposure(struct build *b, const struct boot *boot) {
        struct json_object *o = json_object_new_object();

        if (boot->first.has_mono && boot->last.has_mono && boot->last.mono_us >= boot->first.mono_us)
                put_number(b, o, "uptime_us", boot->last.mono_us - boot->first.mono_us);
        if (boot->n_selftests) {
                struct json_object *tests = json_object_new_array();
                uint64_t rounds = 0;
                for (size_t i = 0; i < boot->n_selftests; i++) {
                        const struct selftest *t = &boot->selftests[i];
                        struct json_object *test = json_object_new_object();
                        put_text(b, test, "name", t->name);
                        put_text(b, test, "inject", t->inject);
                        put_number(b, test, "rounds", t->rounds);
                        put(b, test, "error", json_object_new_int64(t->error));
                        append(b, tests, test);
                        if (__builtin_add_overflow(rounds, t->rounds, &rounds))
                                rounds = UINT64_MAX;
                }
                put_number(b, o, "rounds", rounds);
                put(b, o, "selftests", tests);
        }
        if (boot->unload) {
                struct json_object *passes = json_object_new_object();
                for (size_t i = 0; i < boot->n_passes; i++) {
                        struct buffer key = {};
                        if (utf8_add(&key, slice_of(boot->passes[i].site)) < 0 || buffer_add(&key, "", 1) < 0)
                                b->failed = true;
                        else
                                put_number(b, passes, key.data, boot->passes[i].n);
                        buffer_done(&key);
                }
                put(b, o, "passes", passes);
                put_number(b, o, "reports", boot->reports);
                if (boot->has_suppressed)
                        put_number(b, o, "suppressed", boot->suppressed);
                put_number(b, o, "unchecked", boot->unchecked);
        }
        if (boot->kcsan_mode || boot->watch[DETECTOR_KCSAN].present == PRESENCE_YES)
                put(b, o, "kcsan", kcsan_settings(b, boot));
        return o;
}

static const char *presence_name(enum presence p) {
        static const char *const names[] = { "unknown", "no", "yes" };
        return names[p];
}

static struct json_object *watch(struct build *b, const struct boot *boot, enum detector d) {
        struct json_object *o = json_object_new_object();
        const struct watch *w = &boot->watch[d];

        put_text(b, o, "name", detector_name(d));
        put_text(b, o, "present", presence_name(w->present));
        if (w->shown_by) {
                put_text(b, o, "shown_by", w->shown_by);
                put(b, o, "since", stamp(b, &w->since));
        }
        if (w->present == PRESENCE_YES) {
                put_flag(b, o, "alive", !w->quiet);
                put(b, o, "until", stamp(b, w->quiet ? &w->quiet_at : &boot->last));
        }
        put_text(b, o, "quiet", w->quiet);
        put_text(b, o, "limited", w->limited);
        if (w->n_spent)
                put(b, o, "spent", texts(b, w->spent, w->n_spent));
        return o;
}

static struct json_object *coverage(struct build *b, const struct boot *boot) {
        struct json_object *o = json_object_new_object(), *detectors = json_object_new_array(),
                           *losses = json_object_new_array(), *limits = json_object_new_array();

        put_flag(b, o, "from_start", boot->from_start);
        for (int d = 0; d < N_DETECTORS; d++)
                append(b, detectors, watch(b, boot, (enum detector) d));
        put(b, o, "detectors", detectors);
        for (size_t i = 0; i < boot->n_losses; i++) {
                struct json_object *loss = json_object_new_object();
                put_number(b, loss, "messages", boot->losses[i].n);
                put(b, loss, "after", stamp(b, &boot->losses[i].after));
                put(b, loss, "before", stamp(b, &boot->losses[i].before));
                append(b, losses, loss);
        }
        put(b, o, "losses", losses);
        for (size_t i = 0; i < boot->n_limits; i++) {
                struct json_object *limit = json_object_new_object();
                put_text(b, limit, "function", boot->limits[i].function);
                put_number(b, limit, "messages", boot->limits[i].n);
                append(b, limits, limit);
        }
        put(b, o, "rate_limited", limits);
        return o;
}

struct json_object *json_of_boot(const struct scan *s, const struct boot *boot) {
        struct json_object *o = json_object_new_object();
        struct build b = {};

        (void) s;
        if (*boot->id)
                put_text(&b, o, "id", boot->id);
        if (*boot->machine)
                put_text(&b, o, "machine", boot->machine);
        put_text(&b, o, "host", boot->host);
        put_text(&b, o, "release", boot->release);
        put_text(&b, o, "version", boot->version);
        put_text(&b, o, "command_line", boot->command_line);
        put_number(&b, o, "source", boot->source);
        put_text(&b, o, "verdict", verdict_name(boot->verdict));
        put(&b, o, "reasons", texts(&b, boot->reasons, boot->n_reasons));
        put(&b, o, "coverage", coverage(&b, boot));
        put_number(&b, o, "lost", boot->lost);
        put(&b, o, "first_seen", stamp(&b, &boot->first));
        put(&b, o, "last_seen", stamp(&b, &boot->last));
        if (boot->loaded)
                put(&b, o, "variant", variant(&b, boot));
        put(&b, o, "exposure", exposure(&b, boot));
        return build_done(&b, o);
}

struct json_object *json_of_source(const struct scan *s, size_t i) {
        struct json_object *o = json_object_new_object();
        const struct source_info *in = &s->sources[i];
        struct build b = {};
        uint64_t n_boots = 0;

        for (size_t k = 0; k < s->boots.n; k++)
                n_boots += s->boots.items[k]->source == i;
        put_text(&b, o, "name", in->name);
        put_text(&b, o, "type", in->type);
        put_number(&b, o, "entries", in->entries);
        put_number(&b, o, "bytes", in->bytes);
        put_number(&b, o, "lost", in->lost);
        if (in->repeated)
                put_number(&b, o, "repeated", in->repeated);
        put_number(&b, o, "boots", n_boots);
        put_flag(&b, o, "complete", !in->incomplete);
        return build_done(&b, o);
}

static struct json_object *verdicts(struct build *b, const struct scan *s) {
        struct json_object *o = json_object_new_object();
        uint64_t n[3] = {};

        for (size_t i = 0; i < s->boots.n; i++)
                n[s->boots.items[i]->verdict]++;
        for (int v = VERDICT_CLEAN; v <= VERDICT_NOT_PROVEN; v++)
                put_number(b, o, verdict_name((enum verdict) v), n[v]);
        return o;
}

/* Verdicts answer a question: this one. */
static struct json_object *asked(struct build *b, const struct question *q) {
        struct json_object *o = json_object_new_object(), *require = json_object_new_array();

        put_text(b, o, "fail_on", fail_on_name(q));
        for (int d = 0; d < N_DETECTORS; d++)
                if (q->require[d])
                        append(b, require, json_object_new_string(detector_name((enum detector) d)));
        if (q->has_require)
                put(b, o, "require", require);
        else
                json_object_put(require);
        return o;
}

struct json_object *json_of_summary(const struct scan *s) {
        struct json_object *o = json_object_new_object(), *by = json_object_new_object();
        uint64_t events = 0, injected = 0, new = 0, known = 0, by_relevance[4] = {};
        bool marked = s->known != NULL;
        struct build b = {};

        for (size_t i = 0; i < s->store.n; i++) {
                const struct finding *f = s->store.items[i];
                events += f->count;
                injected += f->injected == INJECTED_YES;
                marked |= f->status != STATUS_NONE;
                new += f->status == STATUS_NEW && f->injected != INJECTED_YES && f->origin != ORIGIN_USERSPACE;
                known += f->status == STATUS_KNOWN;
                by_relevance[f->relevance]++;
        }
        put_number(&b, o, "findings", s->store.n);
        put_number(&b, o, "events", events);
        put_number(&b, o, "injected", injected);
        if (marked) {
                put_number(&b, o, "new", new);
                put_number(&b, o, "known", known);
        }
        for (int r = RELEVANCE_CERTAIN; r >= RELEVANCE_UNRELATED; r--)
                put_number(&b, by, relevance_name((enum relevance) r), by_relevance[r]);
        put(&b, o, "relevance", by);
        put(&b, o, "verdicts", verdicts(&b, s));
        put(&b, o, "asked", asked(&b, &s->question));
        return build_done(&b, o);
}

struct json_object *json_of_group(const struct scan *s, const struct finding *cause) {
        struct json_object *o = json_object_new_object(), *ids = json_object_new_array();
        struct build b = {};

        put_text(&b, o, "id", cause->id);
        put_text(&b, o, "cause", cause->title);
        put_text(&b, o, "rule", cause->rule);
        put_flag(&b, o, "injected", cause->injected == INJECTED_YES);
        put(&b, o, "boot", json_object_new_int64(cause->boot));
        for (const struct finding *f = cause; f; f = f->next_in_group)
                append(&b, ids, text(&b, slice_of(f->id)));
        put(&b, o, "findings", ids);
        (void) s;
        return build_done(&b, o);
}

/* Findings are written one at a time: a report of many needs no second copy in memory. */
int write_json(const struct scan *s, FILE *f) {
        const int flags = JSON_C_TO_STRING_PRETTY | JSON_C_TO_STRING_SPACED;
        int e = 0;

        fprintf(f, "{\n\"schema\": \"" REPORT_SCHEMA "\",\n\"tool\": { \"name\": \"vmlife\", \"version\": \"" VMLIFE_VERSION "\" },\n\"sources\": [");
        for (size_t i = 0; e == 0 && i < s->n_sources; i++) {
                fputs(i ? ",\n" : "\n", f);
                e = print_object(f, json_of_source(s, i), flags);
        }
        fputs("],\n\"boots\": [", f);
        for (size_t i = 0; e == 0 && i < s->boots.n; i++) {
                fputs(i ? ",\n" : "\n", f);
                e = print_object(f, json_of_boot(s, s->boots.items[i]), flags);
        }
        fputs("],\n\"findings\": [", f);
        for (size_t i = 0; e == 0 && i < s->store.n; i++) {
                fputs(i ? ",\n" : "\n", f);
                e = print_object(f, json_of_finding(s, s->store.items[i]), flags);
        }
        fputs("],\n\"groups\": [", f);
        for (size_t i = 0, n = 0; e == 0 && i < s->store.n; i++)
                if (s->store.items[i]->cause == s->store.items[i]) {
                        fputs(n++ ? ",\n" : "\n", f);
                        e = print_object(f, json_of_group(s, s->store.items[i]), flags);
                }
        if (s->known)
                fputs("],\n\"known_issues\": [", f);
        for (size_t i = 0; s->known && e == 0 && i < s->known->n_issues; i++) {
                fputs(i ? ",\n" : "\n", f);
                e = print_object(f, json_of_known(s->known->issues[i]), flags);
        }
        fputs("],\n\"summary\": ", f);
        if (e == 0)
                e = print_object(f, json_of_summary(s), flags);
        fputs("\n}\n", f);
        return e;
}

/* A line's type takes the place of the source's own. */
static struct json_object *source_line(const struct scan *s, size_t i) {
        struct json_object *o = json_of_source(s, i);

        if (o && json_object_object_add(o, "source_type", json_object_new_string(s->sources[i].type)) < 0) {
                json_object_put(o);
                return NULL;
        }
        return o;
}

static int print_line(FILE *f, struct json_object *o, const char *type) {
        if (o && json_object_object_add(o, "type", json_object_new_string(type)) < 0) {
                json_object_put(o);
                o = NULL;
        }
        int e = print_object(f, o, JSON_C_TO_STRING_PLAIN);
        fputc('\n', f);
        return e;
}

int write_ndjson(const struct scan *s, FILE *f) {
        int e = 0;

        fputs("{\"type\":\"report\",\"schema\":\"" REPORT_SCHEMA "\",\"tool\":{\"name\":\"vmlife\",\"version\":\"" VMLIFE_VERSION "\"}}\n", f);
        for (size_t i = 0; e == 0 && i < s->n_sources; i++)
                e = print_line(f, source_line(s, i), "source");
        for (size_t i = 0; e == 0 && i < s->boots.n; i++)
                e = print_line(f, json_of_boot(s, s->boots.items[i]), "boot");
        for (size_t i = 0; e == 0 && i < s->store.n; i++)
                e = print_line(f, json_of_finding(s, s->store.items[i]), "finding");
        for (size_t i = 0; e == 0 && i < s->store.n; i++)
                if (s->store.items[i]->cause == s->store.items[i])
                        e = print_line(f, json_of_group(s, s->store.items[i]), "group");
        for (size_t i = 0; s->known && e == 0 && i < s->known->n_issues; i++)
                e = print_line(f, json_of_known(s->known->issues[i]), "known-issue");
        return e == 0 ? print_line(f, json_of_summary(s), "summary") : e;
}
