/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "saved/json.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/build.h"
#include "base/macros.h"
#include "base/utf8.h"
#include "judge/judge.h"
#include "triage/known.h"

static struct json_object *stamp(struct build *b, const struct stamp *t) {
        struct json_object *o = json_object_new_object();

        if (t->has_mono)
                put_number(b, o, "monotonic_us", t->mono_us);
        if (t->has_real)
                put_realtime(b, o, "realtime", t->real_us);
        return o;
}

/* A structure that is written, with what the lines marked OWN need to know of the rest. */
struct writing {
        struct build b;
        const struct scan *scan;
        const struct finding *finding;
        const struct boot *boot;
        uint64_t n_boots; /* of a source */
        const void *item; /* the structure whose member is written */
};

static void put_members(struct writing *w, struct json_object *o, const struct layout *l, const struct member **m,
                        const void *item);

static struct json_object *object_of(struct writing *w, const struct layout *l, const void *item) {
        struct json_object *o = json_object_new_object();
        const struct member *m = l->members;

        put_members(w, o, l, &m, item);
        return o;
}

static struct json_object *value_of(struct writing *w, const struct member *m, const void *item);

/* Keys come from the log too. */
static struct json_object *map_of(struct writing *w, const struct member *m, const void *item) {
        struct json_object *o = json_object_new_object();
        const struct member *members = m->of()->members;

        for (size_t i = 0; i < member_n(item, m); i++) {
                const void *entry = member_item(item, m, i);
                _cleanup_(buffer_done) struct buffer key = {};

                if (utf8_add(&key, slice_of(member_pointer(entry, &members[0]))) < 0 || buffer_add(&key, "", 1) < 0)
                        w->b.failed = true;
                else
                        put(&w->b, o, key.data, value_of(w, &members[1], entry));
        }
        return o;
}

static struct json_object *items_of(struct writing *w, const struct member *m, const void *item) {
        struct json_object *array = json_object_new_array();

        for (size_t i = 0; i < member_n(item, m); i++)
                append(&w->b, array, object_of(w, m->of(), member_item(item, m, i)));
        return array;
}

static struct json_object *lines_of(struct writing *w) {
        _cleanup_(buffer_done) struct buffer lines = {};
        struct slice excerpt;

        return store_excerpt(&w->scan->store, w->finding, &lines, &excerpt) < 0 ? NULL : text(&w->b, excerpt);
}

static struct json_object *value_of(struct writing *w, const struct member *m, const void *item) {
        const uint64_t number = m->form == FORM_COUNT || m->form == FORM_INTEGER || m->form == FORM_INDEX ||
                                                m->form == FORM_HEX || m->form == FORM_FLAG || m->form == FORM_CHOICE ?
                                        member_number(item, m) :
                                        0;
        char hex[2 + 16 + 1];

        switch (m->form) {
        case FORM_TEXT:
                return text(&w->b, slice_of(member_pointer(item, m)));
        case FORM_TEXTS:
                return texts(&w->b, member_pointer(item, m), member_n(item, m));
        case FORM_DIGITS:
                return text(&w->b, slice_of(member_in(item, m)));
        case FORM_COUNT:
                return json_object_new_uint64(number);
        case FORM_INTEGER:
        case FORM_INDEX:
                return json_object_new_int64((int64_t) number);
        case FORM_HEX:
                snprintf(hex, sizeof(hex), "0x%" PRIx64, number);
                return json_object_new_string(hex);
        case FORM_FLAG:
                return json_object_new_boolean(number == 1);
        case FORM_CHOICE:
                return json_object_new_string(m->words[number]);
        case FORM_STAMP:
                return stamp(&w->b, member_in(item, m));
        case FORM_LINES:
                return lines_of(w);
        case FORM_MAP:
                return map_of(w, m, item);
        case FORM_RECORD:
                return object_of(w, m->of(), member_pointer(item, m));
        default:
                return items_of(w, m, item);
        }
}

/* --- what depends on more than the structure itself --- */

#define OWN(name) static void own_##name(struct writing *w, struct json_object *o, const char *key)

OWN(group) {
        put_text(&w->b, o, key, w->finding->cause ? w->finding->cause->id : NULL);
}

OWN(link) {
        const struct finding *f = w->finding;
        put_text(&w->b, o, key, f->cause == f ? "the likely first cause" : f->cause ? f->link : NULL);
}

OWN(kernel) {
        put_text(&w->b, o, key, w->boot->release ? w->boot->release : w->finding->release);
}

OWN(boot) {
        put_number(&w->b, o, key, w->finding->boot);
}

OWN(boot_id) {
        put_text(&w->b, o, key, *w->boot->id ? w->boot->id : NULL);
}

OWN(log_id) {
        put_text(&w->b, o, key, *w->boot->start && !*w->boot->id ? w->boot->start : NULL);
}

static bool has_lines(const struct writing *w) {
        const char *type = w->scan->sources[w->finding->source].type;
        return strcmp(type, "text") == 0 || strcmp(type, "pstore") == 0;
}

OWN(line) {
        if (has_lines(w))
                put_number(&w->b, o, key, w->finding->number);
}

OWN(entry) {
        if (!has_lines(w))
                put_number(&w->b, o, key, w->finding->number);
}

OWN(name) {
        put_text(&w->b, o, key, detector_name((enum detector)((const struct watch *) w->item - w->boot->watch)));
}

OWN(alive) {
        const struct watch *d = w->item;
        if (d->present == PRESENCE_YES)
                put_flag(&w->b, o, key, !d->quiet);
}

OWN(until) {
        const struct watch *d = w->item;
        if (d->present == PRESENCE_YES)
                put(&w->b, o, key, stamp(&w->b, d->quiet ? &d->quiet_at : &w->boot->last));
}

OWN(uptime_us) {
        const struct stamp *first = &w->boot->first, *last = &w->boot->last;
        if (first->has_mono && last->has_mono && last->mono_us >= first->mono_us)
                put_number(&w->b, o, key, last->mono_us - first->mono_us);
}

OWN(rounds) {
        uint64_t n = 0;

        for (size_t i = 0; i < w->boot->n_selftests; i++)
                if (__builtin_add_overflow(n, w->boot->selftests[i].rounds, &n))
                        n = UINT64_MAX;
        if (w->boot->n_selftests)
                put_number(&w->b, o, key, n);
}

OWN(type) {
        put_text(&w->b, o, key, ((const struct source_info *) w->item)->type);
}

OWN(boots) {
        put_number(&w->b, o, key, w->n_boots);
}

/* Words of the command line that begin with "kcsan.". */
OWN(parameters) {
        struct json_object *array = json_object_new_array();

        for (struct slice rest = slice_of(w->boot->command_line); rest.n;) {
                struct slice word = slice_token(&rest, ' ');
                if (slice_starts(word, SLICE("kcsan.")))
                        append(&w->b, array, text(&w->b, word));
        }
        put(&w->b, o, key, array);
}
#undef OWN

static void put_own(struct writing *w, struct json_object *o, const struct member *m, const void *item) {
        static const struct {
                const char *key;
                void (*put)(struct writing *w, struct json_object *o, const char *key);
        } own[] = {
#define OWN(key) { #key, own_##key }
                OWN(group),  OWN(link),       OWN(kernel), OWN(boot),  OWN(boot_id), OWN(log_id),
                OWN(line),   OWN(entry),      OWN(name),   OWN(alive), OWN(until),   OWN(uptime_us),
                OWN(rounds), OWN(parameters), OWN(type),   OWN(boots),
        };

        w->item = item;
        for (size_t i = 0; i < ARRAY_SIZE(own); i++)
                if (strcmp(own[i].key, m->key) == 0)
                        own[i].put(w, o, m->key);
}

/* From line *m on, to the end of the group that it is in. */
static void put_members(struct writing *w, struct json_object *o, const struct layout *l, const struct member **m,
                        const void *item) {
        for (; *m < l->members + l->n_members && (*m)->form != FORM_UNGROUP; ++*m) {
                const struct member *line = *m;

                if (line->form == FORM_GROUP) {
                        struct json_object *group = json_object_new_object();
                        ++*m;
                        put_members(w, group, l, m, item);
                        if (member_is_shown(item, line))
                                put(&w->b, o, line->key, group);
                        else
                                json_object_put(group);
                } else if (line->form == FORM_OWN)
                        put_own(w, o, line, item);
                else if (line->key && member_is_shown(item, line))
                        put(&w->b, o, line->key, value_of(w, line, item));
        }
}

/* A known issue, and how many findings it matched. */
static struct json_object *json_of_known(const struct known_issue *i) {
        struct writing w = {};
        struct json_object *o = object_of(&w, issue_layout(), &i->says);

        put_text(&w.b, o, "file", i->file);
        put_number(&w.b, o, "index", i->index);
        put_number(&w.b, o, "findings", i->matched);
        if (i->stopped)
                put_flag(&w.b, o, "stopped", true);
        return build_done(&w.b, o);
}

struct json_object *json_of_finding(const struct scan *s, const struct finding *f) {
        struct writing w = { .scan = s, .finding = f, .boot = s->boots.items[f->boot] };
        return build_done(&w.b, object_of(&w, finding_layout(), f));
}

struct json_object *json_of_boot(const struct boot *boot) {
        struct writing w = { .boot = boot };
        return build_done(&w.b, object_of(&w, boot_layout(), boot));
}

/* How many boots were seen first in each source; NULL when out of memory. */
static uint64_t *boots_by_source(const struct scan *s) {
        uint64_t *n = calloc(s->n_sources + 1, sizeof(*n));

        for (size_t i = 0; n && i < s->boots.n; i++)
                n[s->boots.items[i]->source]++;
        return n;
}

static struct json_object *json_of_source(const struct scan *s, size_t i, uint64_t n_boots) {
        struct writing w = { .scan = s, .n_boots = n_boots };
        return build_done(&w.b, object_of(&w, source_info_layout(), &s->sources[i]));
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
        if (q->focus.name)
                put_text(b, o, "focus", q->focus.name);
        for (int d = 0; d < N_DETECTORS; d++)
                if (q->require[d])
                        append(b, require, json_object_new_string(detector_name((enum detector) d)));
        if (q->require_origin)
                append(b, require, json_object_new_string(REQUIRE_ORIGIN));
        if (q->has_require)
                put(b, o, "require", require);
        else
                json_object_put(require);
        return o;
}

static struct json_object *json_of_summary(const struct scan *s) {
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

/* A group, by its cause. */
static struct json_object *json_of_group(const struct finding *cause) {
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
        return build_done(&b, o);
}

/* Findings are written one at a time: a report of many needs no second copy in memory. */
int write_json(const struct scan *s, FILE *f) {
        const int flags = JSON_C_TO_STRING_PRETTY | JSON_C_TO_STRING_SPACED;
        _cleanup_free_ uint64_t *n_boots = boots_by_source(s);
        int e = n_boots ? 0 : -ENOMEM;

        fprintf(f, "{\n\"schema\": \"" REPORT_SCHEMA
                   "\",\n\"tool\": { \"name\": \"vmlife\", \"version\": \"" VMLIFE_VERSION "\" },\n\"sources\": [");
        for (size_t i = 0; e == 0 && i < s->n_sources; i++) {
                fputs(i ? ",\n" : "\n", f);
                e = print_object(f, json_of_source(s, i, n_boots[i]), flags);
        }
        fputs("],\n\"boots\": [", f);
        for (size_t i = 0; e == 0 && i < s->boots.n; i++) {
                fputs(i ? ",\n" : "\n", f);
                e = print_object(f, json_of_boot(s->boots.items[i]), flags);
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
                        e = print_object(f, json_of_group(s->store.items[i]), flags);
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
static struct json_object *source_line(const struct scan *s, size_t i, uint64_t n_boots) {
        struct json_object *o = json_of_source(s, i, n_boots);

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
        _cleanup_free_ uint64_t *n_boots = boots_by_source(s);
        int e = n_boots ? 0 : -ENOMEM;

        fputs("{\"type\":\"report\",\"schema\":\"" REPORT_SCHEMA
              "\",\"tool\":{\"name\":\"vmlife\",\"version\":\"" VMLIFE_VERSION "\"}}\n",
              f);
        for (size_t i = 0; e == 0 && i < s->n_sources; i++)
                e = print_line(f, source_line(s, i, n_boots[i]), "source");
        for (size_t i = 0; e == 0 && i < s->boots.n; i++)
                e = print_line(f, json_of_boot(s->boots.items[i]), "boot");
        for (size_t i = 0; e == 0 && i < s->store.n; i++)
                e = print_line(f, json_of_finding(s, s->store.items[i]), "finding");
        for (size_t i = 0; e == 0 && i < s->store.n; i++)
                if (s->store.items[i]->cause == s->store.items[i])
                        e = print_line(f, json_of_group(s->store.items[i]), "group");
        for (size_t i = 0; s->known && e == 0 && i < s->known->n_issues; i++)
                e = print_line(f, json_of_known(s->known->issues[i]), "known-issue");
        return e == 0 ? print_line(f, json_of_summary(s), "summary") : e;
}
