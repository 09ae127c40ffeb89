/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "judge/coverage.h"

#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>

#include "base/macros.h"

/* What a report does to those who report; all lines that fit count. From kernel/locking/lockdep.c,
 * mm/kasan/report.c, lib/refcount.c, kernel/kcsan/report.c, lib/ubsan.c, lib/debugobjects.c. */
static const struct effect {
        const char *detector, *kind; /* patterns of the finding */
        const char *but_not;         /* patterns of kinds; NULL: none */
        enum detector target;
        const char *quiet; /* it is silent from then on, NULL: it is not */
        bool spent;        /* it does not say this kind again */
        const char *limited;
} effects[] = {
        { "lockdep", "*", "suspicious-rcu* *assert* preemptible", DETECTOR_LOCKDEP,
          "it turns itself off after such a report", false, NULL },
        { "lockdep", "suspicious-rcu*", NULL, DETECTOR_LOCKDEP, NULL, false,
          "each place that checks RCU's rules reports once per boot" },
        { "kasan", "*", NULL, DETECTOR_LOCKDEP, "KASAN's report turns it off", false, NULL },
        { "kasan", "*", NULL, DETECTOR_KASAN, "it reports once per boot (kasan_multi_shot is not set)", false, NULL },
        { "kcsan", "*", NULL, DETECTOR_KCSAN, NULL, false,
          "it samples, and reports a race only once per KCSAN_REPORT_ONCE_IN_MS" },
        { "refcount", "*", NULL, DETECTOR_REFCOUNT, NULL, true, NULL },
        { "ubsan", "*", NULL, DETECTOR_UBSAN, NULL, true, "each place reports once per boot" },
        { "odebug", "*", NULL, DETECTOR_ODEBUG, NULL, false, "it reports five times per boot" },
};

int require_parse(const char *list, struct question *q, struct slice *bad) {
        struct slice rest = slice_of(list);

        q->has_require = true;
        do {
                struct slice name = slice_trim(slice_token(&rest, ','));
                enum detector d = detector_of(name);
                if (slice_eq(name, SLICE(REQUIRE_ORIGIN))) {
                        q->require_origin = true;
                        continue;
                }
                if (d == DETECTOR_NONE) {
                        *bad = name;
                        return -EINVAL;
                }
                q->require[d] = true;
        } while (rest.n);
        return 0;
}

static const char *const levels[] = {
        "any", "related",     "likely",     "certain",     "low",     "medium",     "high",     "critical",
        "new", "new,related", "new,likely", "new,certain", "new,low", "new,medium", "new,high", "new,critical",
};
/* What the first half means; the second is the same of what is new. "low" is "any": the first of a meaning names it. */
static const struct level {
        enum relevance relevance;
        enum severity severity;
} meanings[] = {
        { RELEVANCE_UNRELATED, SEVERITY_LOW },  { RELEVANCE_RELATED, SEVERITY_LOW },
        { RELEVANCE_LIKELY, SEVERITY_LOW },     { RELEVANCE_CERTAIN, SEVERITY_LOW },
        { RELEVANCE_UNRELATED, SEVERITY_LOW },  { RELEVANCE_UNRELATED, SEVERITY_MEDIUM },
        { RELEVANCE_UNRELATED, SEVERITY_HIGH }, { RELEVANCE_UNRELATED, SEVERITY_CRITICAL },
};
_Static_assert(ARRAY_SIZE(levels) == 2 * ARRAY_SIZE(meanings), "each level stands there twice");

bool fail_on_parse(struct slice level, struct question *q) {
        if (slice_eq(level, SLICE("new,any")))
                level = SLICE("new");
        for (size_t i = 0; i < ARRAY_SIZE(levels); i++)
                if (slice_eq(level, slice_of(levels[i]))) {
                        q->fail_on = meanings[i % ARRAY_SIZE(meanings)].relevance;
                        q->fail_severity = meanings[i % ARRAY_SIZE(meanings)].severity;
                        q->only_new = i >= ARRAY_SIZE(meanings);
                        return true;
                }
        return false;
}

const char *fail_on_name(const struct question *q) {
        size_t i = 0;

        while (meanings[i].relevance != q->fail_on || meanings[i].severity != q->fail_severity)
                i++;
        return levels[(q->only_new ? ARRAY_SIZE(meanings) : 0) + i];
}

const char *fail_on_level(size_t i) {
        return i < ARRAY_SIZE(levels) ? levels[i] : NULL;
}

bool question_can_hold(const struct question *q) {
        return q->focus.form != FOCUS_NONE || q->fail_on == RELEVANCE_UNRELATED;
}

bool finding_counts(const struct finding *f, const struct question *q) {
        if (q->only_new && (f->status == STATUS_KNOWN || f->injected == INJECTED_YES))
                return false;
        return f->origin != ORIGIN_USERSPACE && f->relevance >= q->fail_on && f->severity >= q->fail_severity;
}

static bool multi_shot(const struct boot *b) {
        return b->command_line && strstr(b->command_line, "kasan_multi_shot");
}

/* Who reports is there. */
static int show_reporter(struct boot *b, const struct finding *f) {
        enum detector d = detector_of(slice_of(f->detector));
        return d == DETECTOR_NONE ? 0 : watch_present(b, d, PRESENCE_YES, slice_of(f->title), &f->first);
}

static int apply_effects(struct boot *b, const struct finding *f) {
        int e = show_reporter(b, f);

        for (size_t i = 0; e == 0 && i < ARRAY_SIZE(effects); i++) {
                const struct effect *x = &effects[i];

                if (!slice_glob_any(slice_of(f->detector), x->detector) ||
                    !slice_glob_any(slice_of(f->kind), x->kind) ||
                    (x->but_not && slice_glob_any(slice_of(f->kind), x->but_not)))
                        continue;
                if (x->quiet && !(x->target == DETECTOR_KASAN && multi_shot(b)))
                        watch_quiet(b, x->target, x->quiet, &f->first);
                if (x->limited)
                        b->watch[x->target].limited = x->limited;
                if (x->spent)
                        e = watch_spent(b, x->target, slice_of(f->kind));
        }
        return e;
}

static int add_text(struct boot *b, const char ***list, size_t *n, const char *text) {
        const char **p = arena_grow(&b->arena, *list, *n, sizeof(*p));

        if (!p || !(p[*n] = arena_dup(&b->arena, slice_of(text))))
                return -ENOMEM;
        *list = p;
        ++*n;
        return 0;
}

__attribute__((format(printf, 2, 3))) static int doubt(struct boot *b, const char *format, ...) {
        char text[512];
        va_list ap;

        va_start(ap, format);
        vsnprintf(text, sizeof(text), format, ap);
        va_end(ap);
        return add_text(b, &b->reasons, &b->n_reasons, text);
}

/* What does not change the verdict, and whoever relies on it must know. */
static int caveat(struct boot *b, const char *text) {
        return b->n_reasons == 0 ? add_text(b, &b->caveats, &b->n_caveats, text) :
                                   add_text(b, &b->reasons, &b->n_reasons, text);
}

static const char anybody[] = "origin: the source does not record who wrote a line: any process that can write to the "
                              "console or to the log may have written it";

static bool is_there(const struct boot *b, enum detector d) {
        return b->watch[d].present == PRESENCE_YES;
}

static int doubt_absent(struct boot *b, enum detector d) {
        const struct watch *w = &b->watch[d];

        if (w->present == PRESENCE_YES)
                return 0;
        if (d == DETECTOR_VMLIFE)
                return doubt(b, "vmlife: the debug variant of i915 was not loaded: there is no load line");
        if (w->present == PRESENCE_NO)
                return doubt(b, "%s: it is not built in", detector_name(d));
        if (d == DETECTOR_KCSAN && b->kcsan_mode)
                return doubt(b, "kcsan: it is built in, but the log does not show that it was enabled");
        return doubt(b, "%s: the log does not show that it is enabled", detector_name(d));
}

static int doubt_quiet(struct boot *b, enum detector d) {
        const struct watch *w = &b->watch[d];

        if (!w->quiet || w->present != PRESENCE_YES)
                return 0;
        if (w->quiet_at.has_mono)
                return doubt(b, "%s: silent since [%" PRIu64 ".%06" PRIu64 "]: %s", detector_name(d),
                             w->quiet_at.mono_us / 1000000, w->quiet_at.mono_us % 1000000, w->quiet);
        return doubt(b, "%s: silent: %s", detector_name(d), w->quiet);
}

/* The variant is i915's: with another driver in focus, or none, its silence proves nothing and its absence neither. */
static bool is_required(enum detector d, const struct question *q) {
        if (q->has_require)
                return q->require[d];
        return d == DETECTOR_LOCKDEP || (d == DETECTOR_VMLIFE && q->focus.form == FOCUS_I915);
}

/* Each looks at one thing that leaves a silence without meaning. */
static int doubt_required(struct boot *b, const struct question *q) {
        int e = 0;

        for (int d = 0; e == 0 && d < N_DETECTORS; d++) {
                if (is_required((enum detector) d, q))
                        e = doubt_absent(b, (enum detector) d);
                if (e == 0)
                        e = doubt_quiet(b, (enum detector) d);
        }
        if (e == 0 && !q->has_require && !is_there(b, DETECTOR_KCSAN) && !is_there(b, DETECTOR_KASAN))
                e = b->kcsan_mode ? doubt_absent(b, DETECTOR_KCSAN) :
                                    doubt(b, "kcsan, kasan: the log does not show that either is enabled");
        return e;
}

static int doubt_log(struct boot *b, const struct source_doubts *doubts) {
        int e = 0;

        if (!b->from_start)
                e = doubt(b, "the log does not begin with the kernel's first message: earlier messages are missing");
        if (e == 0 && b->lost)
                e = doubt(b, "%" PRIu64 " message%s lost", b->lost, b->lost == 1 ? " was" : "s were");
        if (e == 0 && doubts[b->source].incomplete)
                e = doubt(b, "the source could not be read in full");
        if (e == 0 && doubts[b->source].reason)
                e = doubt(b, "%s", doubts[b->source].reason);
        return e;
}

static int doubt_variant(struct boot *b) {
        uint64_t passes = 0;
        int e = 0;

        if (!b->loaded)
                return 0;
        for (size_t i = 0; i < b->n_passes; i++)
                passes += b->passes[i].n != 0;
        if (b->unload && passes == 0)
                e = doubt(b, "vmlife: no hook was passed");
        if (e == 0 && b->excess)
                e = doubt(b, "vmlife: its lines name more hooks or selftests than a driver has: not all were kept");
        if (e == 0 && b->unchecked)
                e = doubt(b, "vmlife: %" PRIu64 " address spaces could not be accounted for", b->unchecked);
        for (size_t i = 0; e == 0 && i < b->n_off; i++)
                e = doubt(b, "vmlife: the rule %s was switched off (vmlife_rules): breaks of it were not reported",
                          b->off[i]);
        /* Who does not see the fault that was asked for does not see a real one. */
        for (size_t i = 0; e == 0 && i < b->n_asked; i++)
                if (!b->asked[i].seen)
                        e = doubt(b, "vmlife: the fault %s was injected and nothing reported it", b->asked[i].rule);
        for (size_t i = 0; e == 0 && i < b->n_selftests; i++)
                if (b->selftests[i].error)
                        e = doubt(b, "vmlife: selftest %s ended with error %" PRId64,
                                  b->selftests[i].name ? b->selftests[i].name : "?", b->selftests[i].error);
        return e;
}

static bool was_passed(const struct boot *b, const struct site *s) {
        for (size_t i = 0; i < b->n_passes; i++)
                if (strcmp(b->passes[i].site, s->name) == 0)
                        return b->passes[i].n > 0;
        return false;
}

/* A hook that nobody passed saw nothing, whatever was broken there. */
static int doubt_hooks(struct boot *b, const struct sites *all) {
        const struct sites *sites = b->loaded ? sites_of(all, b) : NULL;
        int e = 0;

        if (!b->loaded || !all)
                return 0;
        if (!sites)
                return doubt(b, "vmlife: no file given with --sites belongs to this driver's tree: the hooks that must "
                                "be passed are unknown");
        if (!b->unload)
                return doubt(b, "vmlife: the unload line is missing: the hooks that were passed are unknown");
        for (size_t i = 0; e == 0 && i < sites->n; i++) {
                const struct site *s = &sites->items[i];
                /* Several of one name count together: they are told once. */
                if (!s->reachable || was_passed(b, s) || (i && strcmp(s[-1].name, s->name) == 0))
                        continue;
                e = doubt(b, "vmlife: the hook %s in %s:%u was not passed, although it needs no hardware%s%s", s->name,
                          s->file, s->line, s->rules ? "; it judges " : "", s->rules ? s->rules : "");
        }
        return e;
}

static int doubt_spent(struct boot *b) {
        const struct watch *w = &b->watch[DETECTOR_REFCOUNT];
        int e = 0;

        for (size_t i = 0; e == 0 && i < w->n_spent; i++)
                e = doubt(b, "refcount: \"%s\" already fired; it warns once per boot", w->spent[i]);
        return e;
}

static void see_fault(struct boot *b, const struct finding *f) {
        for (size_t i = 0; f->rule && i < b->n_asked; i++)
                if (strcmp(b->asked[i].rule, f->rule) == 0)
                        b->asked[i].seen = true;
}

static int add_caveats(struct boot *b, const struct question *q) {
        char text[160];
        int e = 0;

        if (!b->writers_known && !q->require_origin)
                e = caveat(b, anybody);
        if (e == 0 && b->loaded && !b->token)
                e = caveat(
                        b,
                        "vmlife: the variant's lines carry no token: a copy of them cannot be distinguished from them");
        snprintf(text, sizeof(text),
                 "vmlife: ignored %" PRIu64 " lines that look like the variant's but lack its token", b->foreign);
        return e == 0 && b->foreign ? caveat(b, text) : e;
}

static int judge_boot(struct boot *b, const struct question *q, const struct source_doubts *doubts) {
        /* refcount_t cannot be configured away. */
        int e = b->release ?
                        watch_present(b, DETECTOR_REFCOUNT, PRESENCE_YES, SLICE("part of every kernel"), &b->first) :
                        0;

        if (e == 0)
                e = doubt_required(b, q);
        if (e == 0)
                e = doubt_log(b, doubts);
        if (e == 0)
                e = doubt_variant(b);
        if (e == 0)
                e = doubt_hooks(b, q->sites);
        if (e == 0)
                e = doubt_spent(b);
        b->writers_known = doubts[b->source].writers_known;
        if (e == 0 && q->require_origin && !b->writers_known)
                e = doubt(b, "%s", anybody);
        if (b->verdict != VERDICT_FINDINGS)
                b->verdict = b->n_reasons ? VERDICT_NOT_PROVEN : VERDICT_CLEAN;
        return e == 0 ? add_caveats(b, q) : e;
}

int coverage_make(const struct boots *boots, const struct store *s, const struct question *q,
                  const struct source_doubts *doubts) {
        int e = 0;

        for (size_t i = 0; e == 0 && i < s->n; i++) {
                struct finding *f = s->items[i];
                if (f->origin == ORIGIN_USERSPACE)
                        continue;
                e = apply_effects(boots->items[f->boot], f);
                see_fault(boots->items[f->boot], f);
                if (finding_counts(f, q))
                        boots->items[f->boot]->verdict = VERDICT_FINDINGS;
        }
        for (size_t i = 0; e == 0 && i < boots->n; i++)
                e = judge_boot(boots->items[i], q, doubts);
        return e;
}
