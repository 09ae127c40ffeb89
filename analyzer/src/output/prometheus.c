/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <inttypes.h>

#include "base/macros.h"
#include "base/utf8.h"
#include "judge/judge.h"
#include "judge/rules.h"
#include "output/export.h"
#include "output/topic.h"

/* Prometheus' text format. All are gauges: the next report counts anew. Labels have few values, never a signature or
 * a boot, or the series would be without number. */

/* Of rules and detectors only those that vmlife knows: a report may say any. */
static const char *known_rule(const struct finding *f) {
        const struct rule *r = f->rule ? rule_of(slice_of(f->rule)) : NULL;
        return r ? r->id : f->rule ? "other" : "";
}

static const char *known_detector(const struct finding *f) {
        for (size_t i = 0; i < topics_detectors.n; i++)
                if (strcmp(topics_detectors.items[i].word, f->detector) == 0)
                        return topics_detectors.items[i].word;
        return "other";
}

static void head(FILE *f, const char *name, const char *help) {
        fprintf(f, "# HELP %s %s\n# TYPE %s gauge\n", name, help, name);
}

/* Findings that have all labels in common. */
struct series {
        const char *detector, *rule;
        enum relevance relevance;
        enum severity severity;
        bool injected;
        uint64_t findings, events;
};

static bool is_of(const struct series *x, const struct finding *f) {
        return x->relevance == f->relevance && x->severity == f->severity &&
               x->injected == (f->injected == INJECTED_YES) && strcmp(x->detector, known_detector(f)) == 0 &&
               strcmp(x->rule, known_rule(f)) == 0;
}

static void print_series(FILE *f, const char *name, const struct series *x, uint64_t value) {
        fprintf(f, "%s{detector=\"%s\",rule=\"%s\",relevance=\"%s\",severity=\"%s\",injected=\"%s\"} %" PRIu64 "\n",
                name, x->detector, x->rule, relevance_name(x->relevance), severity_name(x->severity),
                x->injected ? "true" : "false", value);
}

/* More than there are detectors, rules and levels: what is beyond is somebody's invention, and is summed up. */
enum { SERIES_MAX = 1000 };

static int print_findings(const struct saved *s, FILE *f) {
        _cleanup_free_ struct series *series = calloc(SERIES_MAX, sizeof(*series));
        size_t n = 0;

        if (!series)
                return -ENOMEM;
        for (size_t i = 0; i < s->scan.store.n; i++) {
                const struct finding *x = s->scan.store.items[i];
                size_t k = 0;
                while (k < n && !is_of(&series[k], x))
                        k++;
                if (k == SERIES_MAX)
                        k--;
                else if (k == n)
                        series[n++] = (struct series){ known_detector(x),
                                                       known_rule(x),
                                                       x->relevance,
                                                       x->severity,
                                                       x->injected == INJECTED_YES,
                                                       0,
                                                       0 };
                series[k].findings++;
                if (__builtin_add_overflow(series[k].events, x->count, &series[k].events))
                        series[k].events = UINT64_MAX;
        }
        head(f, "vmlife_findings", "Different reports of the kernel, by boot and signature.");
        for (size_t i = 0; i < n; i++)
                print_series(f, "vmlife_findings", &series[i], series[i].findings);
        head(f, "vmlife_events", "Reports of the kernel, each time that one came.");
        for (size_t i = 0; i < n; i++)
                print_series(f, "vmlife_events", &series[i], series[i].events);
        return 0;
}

static void print_verdicts(const struct saved *s, FILE *f) {
        uint64_t n[VERDICT_NOT_PROVEN + 1] = {};

        for (size_t i = 0; i < s->scan.boots.n; i++)
                n[s->scan.boots.items[i]->verdict]++;
        head(f, "vmlife_boots", "Boots by verdict.");
        for (int v = 0; v <= VERDICT_NOT_PROVEN; v++)
                fprintf(f, "vmlife_boots{verdict=\"%s\"} %" PRIu64 "\n", verdict_name((enum verdict) v), n[v]);
}

static void print_detectors(const struct saved *s, FILE *f) {
        uint64_t present[N_DETECTORS] = {}, alive[N_DETECTORS] = {};

        for (size_t i = 0; i < s->scan.boots.n; i++)
                for (int d = 0; d < N_DETECTORS; d++) {
                        const struct watch *w = &s->scan.boots.items[i]->watch[d];
                        present[d] += w->present == PRESENCE_YES;
                        alive[d] += w->present == PRESENCE_YES && !w->quiet;
                }
        head(f, "vmlife_detector_present_boots", "Boots in which the detector was there.");
        for (int d = 0; d < N_DETECTORS; d++)
                fprintf(f, "vmlife_detector_present_boots{detector=\"%s\"} %" PRIu64 "\n",
                        detector_name((enum detector) d), present[d]);
        head(f, "vmlife_detector_alive_boots", "Boots in which the detector was awake to the end of the log.");
        for (int d = 0; d < N_DETECTORS; d++)
                fprintf(f, "vmlife_detector_alive_boots{detector=\"%s\"} %" PRIu64 "\n",
                        detector_name((enum detector) d), alive[d]);
}

static uint64_t plus(uint64_t a, uint64_t b) {
        return __builtin_add_overflow(a, b, &a) ? UINT64_MAX : a;
}

static void print_exposure(const struct saved *s, FILE *f) {
        uint64_t uptime_us = 0, rounds = 0, lost = 0, passes = 0, suppressed = 0, entries = 0, last_us = 0;

        for (size_t i = 0; i < s->scan.boots.n; i++) {
                const struct boot *b = s->scan.boots.items[i];
                if (b->first.has_mono && b->last.has_mono && b->last.mono_us >= b->first.mono_us)
                        uptime_us = plus(uptime_us, b->last.mono_us - b->first.mono_us);
                for (size_t k = 0; k < b->n_selftests; k++)
                        rounds = plus(rounds, b->selftests[k].rounds);
                for (size_t k = 0; k < b->n_passes; k++)
                        passes = plus(passes, b->passes[k].n);
                lost = plus(lost, b->lost);
                suppressed = plus(suppressed, b->suppressed);
                if (b->last.has_real && b->last.real_us > last_us)
                        last_us = b->last.real_us;
        }
        for (size_t i = 0; i < s->scan.n_sources; i++)
                entries = plus(entries, s->scan.sources[i].entries);

        head(f, "vmlife_uptime_seconds", "Time that the logs cover, of all boots.");
        fprintf(f, "vmlife_uptime_seconds %.6f\n", (double) uptime_us / 1e6);
        head(f, "vmlife_selftest_rounds", "Rounds of the variant's selftests.");
        fprintf(f, "vmlife_selftest_rounds %" PRIu64 "\n", rounds);
        head(f, "vmlife_hook_passes", "Times that the variant's hooks were passed.");
        fprintf(f, "vmlife_hook_passes %" PRIu64 "\n", passes);
        head(f, "vmlife_reports_suppressed", "Reports that the variant held back in a flood.");
        fprintf(f, "vmlife_reports_suppressed %" PRIu64 "\n", suppressed);
        head(f, "vmlife_messages_lost", "Kernel messages known to be lost.");
        fprintf(f, "vmlife_messages_lost %" PRIu64 "\n", lost);
        head(f, "vmlife_entries_read", "Log entries or lines read.");
        fprintf(f, "vmlife_entries_read %" PRIu64 "\n", entries);
        if (last_us == 0)
                return;
        head(f, "vmlife_last_entry_timestamp_seconds", "When the last entry of all boots was logged.");
        fprintf(f, "vmlife_last_entry_timestamp_seconds %.6f\n", (double) last_us / 1e6);
}

static int write_form(const struct saved *s, const struct export_options *o, FILE *f) {
        (void) o;
        head(f, "vmlife_build_info", "The vmlife that wrote this.");
        fputs("vmlife_build_info{version=\"" VMLIFE_VERSION "\"} 1\n", f);
        int e = print_findings(s, f);
        print_verdicts(s, f);
        print_detectors(s, f);
        print_exposure(s, f);
        return e;
}

const struct export export_prometheus = { "prometheus", "metrics, for node-exporter's textfile collector", write_form,
                                          false };
