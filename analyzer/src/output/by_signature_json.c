/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "base/build.h"
#include "base/macros.h"
#include "output/by_signature.h"
#include "triage/known.h"

static void put_issue(struct build *b, struct json_object *o, const struct issue *x) {
        struct json_object *issue = json_object_new_object();

        put_text(b, issue, "name", x->name);
        put_text(b, issue, "bug", x->bug);
        put_text(b, issue, "note", x->note);
        put_flag(b, issue, "expired", x->expired);
        put(b, o, "issue", issue);
}

/* Injected faults have none. */
static void put_history(struct build *b, struct json_object *o, const struct series *series,
                        const struct signature_line *l) {
        _cleanup_(history_done) struct history h = {};

        if (l->n_sightings == 0)
                return;
        if (history_make(series, l->sightings, l->n_sightings, &h) < 0)
                b->failed = true;
        else
                put(b, o, "history", history_json(&h));
}

static struct json_object *signature_of(const struct series *series, const struct signature_line *l) {
        struct json_object *o = json_object_new_object();
        const struct finding *x = l->example;
        struct build b = {};

        put_text(&b, o, "signature", l->signature);
        put_text(&b, o, "title", x->title);
        put_text(&b, o, "detector", x->detector);
        put_text(&b, o, "kind", x->kind);
        put_text(&b, o, "rule", x->rule);
        put_text(&b, o, "severity", severity_name(x->severity));
        put_text(&b, o, "relevance", relevance_name(x->relevance));
        put_flag(&b, o, "injected", l->injected);
        if (l->status != STATUS_NONE)
                put_text(&b, o, "status", known_status_name(l->status));
        put_number(&b, o, "count", l->count);
        put_number(&b, o, "boots", l->n_boots);
        put_number(&b, o, "machines", l->n_machines);
        put_text(&b, o, "first_kernel", l->first_kernel);
        put_text(&b, o, "last_kernel", l->last_kernel);
        if (l->first.has_real)
                put_realtime(&b, o, "first_seen", l->first.real_us);
        if (l->last.has_real)
                put_realtime(&b, o, "last_seen", l->last.real_us);
        put_text(&b, o, "owner", x->owner);
        put_text(&b, o, "subsystem", x->subsystem);
        if (x->n_maintainers)
                put(&b, o, "maintainers", texts(&b, x->maintainers, x->n_maintainers));
        if (x->n_reviewers)
                put(&b, o, "reviewers", texts(&b, x->reviewers, x->n_reviewers));
        if (x->n_wider)
                put(&b, o, "wider_sections", texts(&b, x->wider, x->n_wider));
        if (x->n_lists)
                put(&b, o, "lists", texts(&b, x->lists, x->n_lists));
        if (x->issue && l->status != STATUS_NONE)
                put_issue(&b, o, x->issue);
        put_text(&b, o, "example", x->id);
        put_text(&b, o, "example_source", example_source(l));
        put_number(&b, o, "example_number", x->number);
        put_history(&b, o, series, l);
        return build_done(&b, o);
}

int write_by_signature_json(const struct by_signature *w, FILE *f) {
        const int flags = JSON_C_TO_STRING_PRETTY | JSON_C_TO_STRING_SPACED;
        _cleanup_(series_done) struct series series = {};
        int e = series_make(&series, w->signatures->boots, w->signatures->n_boots);

        if (e < 0)
                return e;
        fprintf(f,
                "{\n\"schema\": \"" BY_SIGNATURE_SCHEMA
                "\",\n\"tool\": { \"name\": \"vmlife\", \"version\": \"" VMLIFE_VERSION
                "\" },\n\"sources\": %zu,\n\"boots\": %zu,\n\"signatures\": [",
                w->n_sources, w->n_boots);
        for (size_t i = 0; e == 0 && i < w->signatures->n; i++) {
                fputs(i ? ",\n" : "\n", f);
                e = print_object(f, signature_of(&series, &w->signatures->lines[i]), flags);
        }
        fputs("]\n}\n", f);
        return e;
}
