/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <math.h>

#include "base/build.h"
#include "base/macros.h"
#include "diff/diff.h"
#include "judge/judge.h"
#include "triage/known.h"

static void put_double(struct build *b, struct json_object *o, const char *key, double v) {
        char digits[32];

        /* As many digits as mean something; json-c would write all there are. */
        snprintf(digits, sizeof(digits), "%.6g", isfinite(v) ? v : 0);
        put(b, o, key, json_object_new_double_s(v, digits));
}

static struct json_object *exposure_of(struct build *b, const struct exposure *e) {
        struct json_object *o = json_object_new_object();

        put_number(b, o, "boots", e->boots);
        if (e->has_uptime)
                put_number(b, o, "uptime_us", e->uptime_us);
        if (e->rounds)
                put_number(b, o, "rounds", e->rounds);
        return o;
}

static struct json_object *seen_of(struct build *b, const struct seen *s) {
        struct json_object *o = json_object_new_object(), *rates = json_object_new_object();
        const struct exposure *e = &s->exposure;

        put_number(b, o, "boots", s->boots);
        put_number(b, o, "events", s->events);
        if (s->earliest_us != UINT64_MAX)
                put_number(b, o, "earliest_us", s->earliest_us);
        put(b, o, "exposure", exposure_of(b, e));
        if (e->boots)
                put_double(b, rates, "boots_per_boot", (double) s->boots / (double) e->boots);
        if (e->has_uptime && e->uptime_us)
                put_double(b, rates, "events_per_hour", (double) s->events / ((double) e->uptime_us / 3.6e9));
        if (e->rounds)
                put_double(b, rates, "events_per_million_rounds", (double) s->events / (double) e->rounds * 1e6);
        put(b, o, "rates", rates);
        return o;
}

static struct json_object *difference_of(const struct difference *x) {
        struct json_object *o = json_object_new_object();
        const struct finding *f = x->finding;
        struct build b = {};

        put_text(&b, o, "change", change_name(x->change));
        put_flag(&b, o, "counts", x->counts);
        put_text(&b, o, "signature", x->signature);
        put_text(&b, o, "title", f->title);
        put_text(&b, o, "base_title", x->base_title);
        put_text(&b, o, "detector", f->detector);
        put_text(&b, o, "kind", f->kind);
        put_text(&b, o, "rule", f->rule);
        put_text(&b, o, "relevance", relevance_name(x->relevance));
        put_text(&b, o, "severity", severity_name(f->severity));
        put_text(&b, o, "why", f->why);
        put_flag(&b, o, "injected", f->injected == INJECTED_YES);
        put_flag(&b, o, "corrupted", f->n_corrupted > 0);
        if (x->status != STATUS_NONE)
                put_text(&b, o, "status", known_status_name(x->status));
        put_text(&b, o, "owner", f->owner);
        if (f->issue && x->status != STATUS_NONE) {
                struct json_object *issue = json_object_new_object();
                put_text(&b, issue, "name", f->issue->name);
                put_text(&b, issue, "bug", f->issue->bug);
                put_text(&b, issue, "note", f->issue->note);
                put_flag(&b, issue, "expired", f->issue->expired);
                put(&b, o, "issue", issue);
        }
        put_text(&b, o, "example", f->id);
        put_text(&b, o, "example_source", x->scan->sources[f->source].name);
        put_number(&b, o, "example_number", f->number);
        put_text(&b, o, "kernel", x->boot->release);
        if (*x->boot->id)
                put_text(&b, o, "boot_id", x->boot->id);
        put(&b, o, "base", seen_of(&b, &x->base));
        put(&b, o, "new", seen_of(&b, &x->new));
        put_double(&b, o, "chance", x->chance);
        put_text(&b, o, "per", per_name(x->per));
        put_flag(&b, o, "sure", x->sure);
        put_text(&b, o, "why_unsure", x->why_unsure);
        if (x->change == CHANGE_NOT_SEEN)
                put(&b, o, "needed", exposure_of(&b, &x->needed));
        put(&b, o, "history", history_json(&x->history));
        return build_done(&b, o);
}

static struct json_object *side_of(const struct diff *d, int i) {
        const struct side *s = i == 0 ? d->base : d->new;
        struct json_object *o = json_object_new_object(), *read = json_object_new_array(),
                           *verdicts = json_object_new_object(), *exposure = json_object_new_object(),
                           *kernels = json_object_new_array();
        uint64_t n[3] = {};
        struct build b = {};

        for (size_t k = 0; k < s->saved.n_reports; k++)
                append(&b, read, text(&b, slice_of(s->saved.reports[k].name)));
        for (size_t k = 0; s->has_live && k < s->live.n_sources; k++)
                append(&b, read, text(&b, slice_of(s->live.sources[k].name)));
        put(&b, o, "read", read);
        for (size_t k = 0; k < s->n_trials; k++) {
                const char *release = s->trials[k].boot->release;
                size_t m = 0;

                n[s->trials[k].boot->verdict]++;
                /* A side is mostly of one kernel; of a fleet's many, some will do. */
                while (release && m < json_object_array_length(kernels) &&
                       strcmp(json_object_get_string(json_object_array_get_idx(kernels, m)), release) != 0)
                        m++;
                if (release && m == json_object_array_length(kernels) && m < 16)
                        append(&b, kernels, text(&b, slice_of(release)));
        }
        put(&b, o, "kernels", kernels);
        for (int v = VERDICT_CLEAN; v <= VERDICT_NOT_PROVEN; v++)
                put_number(&b, verdicts, verdict_name((enum verdict) v), n[v]);
        put(&b, o, "verdicts", verdicts);
        put_number(&b, exposure, "boots", s->n_trials);
        if (s->has_uptime)
                put_number(&b, exposure, "uptime_us", s->uptime_us);
        if (s->rounds)
                put_number(&b, exposure, "rounds", s->rounds);
        put(&b, o, "exposure", exposure);
        put_number(&b, o, "lost", s->lost);
        put_number(&b, o, "injected", d->injected[i]);
        put_number(&b, o, "userspace", d->userspace[i]);
        return build_done(&b, o);
}

static struct json_object *watching_of(struct build *b, const struct watching *w, const struct side *s) {
        struct json_object *o = json_object_new_object();

        put_number(b, o, "boots", s->n_trials);
        put_number(b, o, "present", w->present);
        put_number(b, o, "alive", w->alive);
        put_text(b, o, "quiet", w->quiet);
        return o;
}

static struct json_object *coverage_of(const struct diff *d, const struct coverage_difference *c) {
        struct json_object *o = json_object_new_object();
        struct build b = {};

        put_text(&b, o, "detector", detector_name(c->detector));
        put_text(&b, o, "change", coverage_change_name(c->change));
        put(&b, o, "base", watching_of(&b, &c->base, d->base));
        put(&b, o, "new", watching_of(&b, &c->new, d->new));
        return build_done(&b, o);
}

static struct json_object *doubt_of(const struct doubt *x) {
        struct json_object *o = json_object_new_object();
        struct build b = {};

        if (x->boot && *x->boot->id)
                put_text(&b, o, "boot_id", x->boot->id);
        if (x->boot)
                put_text(&b, o, "host", x->boot->host);
        put_text(&b, o, "reason", x->reason);
        return build_done(&b, o);
}

static struct json_object *summary_of(const struct diff *d) {
        struct json_object *o = json_object_new_object(), *changes = json_object_new_object(),
                           *asked = json_object_new_object(), *require = json_object_new_array();
        const struct diff_options *q = d->options;
        struct build b = {};

        put_text(&b, o, "verdict", diff_verdict(d));
        for (int c = 0; c < N_CHANGES; c++)
                put_number(&b, changes, change_name((enum change) c), d->by_change[c]);
        put(&b, o, "changes", changes);
        put_number(&b, o, "counted", d->counted);
        put_number(&b, o, "known", d->known);
        put_text(&b, asked, "fail_on", fail_on_name(&q->question));
        for (int i = 0; i < N_DETECTORS; i++)
                if (q->question.require[i])
                        append(&b, require, json_object_new_string(detector_name((enum detector) i)));
        if (q->question.require_origin)
                append(&b, require, json_object_new_string(REQUIRE_ORIGIN));
        if (q->question.has_require)
                put(&b, asked, "require", require);
        else
                json_object_put(require);
        put_double(&b, asked, "confidence", q->confidence);
        put_text(&b, asked, "per", per_name(q->per));
        put_flag(&b, asked, "injected", q->injected);
        put(&b, o, "asked", asked);
        return build_done(&b, o);
}

int diff_write_json(const struct diff *d, FILE *f) {
        const int flags = JSON_C_TO_STRING_PRETTY | JSON_C_TO_STRING_SPACED;
        size_t n = 0;

        fputs("{\n\"schema\": \"" DIFF_SCHEMA "\",\n\"tool\": { \"name\": \"vmlife\", \"version\": \"" VMLIFE_VERSION
              "\" },\n\"base\": ",
              f);
        int e = print_object(f, side_of(d, 0), flags);
        fputs(",\n\"new\": ", f);
        if (e == 0)
                e = print_object(f, side_of(d, 1), flags);
        fputs(",\n\"findings\": [", f);
        for (size_t i = 0; e == 0 && i < d->n; i++) {
                fputs(i ? ",\n" : "\n", f);
                e = print_object(f, difference_of(&d->items[i]), flags);
        }
        fputs("],\n\"coverage\": [", f);
        for (size_t i = 0; e == 0 && i < N_DETECTORS; i++)
                if (d->coverage[i].change != COVERAGE_SAME) {
                        fputs(n++ ? ",\n" : "\n", f);
                        e = print_object(f, coverage_of(d, &d->coverage[i]), flags);
                }
        fputs("],\n\"unproven\": [", f);
        for (size_t i = 0; e == 0 && i < d->n_doubts; i++) {
                fputs(i ? ",\n" : "\n", f);
                e = print_object(f, doubt_of(&d->doubts[i]), flags);
        }
        fputs("],\n\"summary\": ", f);
        if (e == 0)
                e = print_object(f, summary_of(d), flags);
        fputs("\n}\n", f);
        return e;
}
