/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "output/text.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <time.h>

#include "base/macros.h"
#include "judge/judge.h"
#include "output/fold.h"
#include "triage/known.h"

/* Columns: the relevance, then what is said of the finding. */
enum { INDENT = 11, DEEPER = 2 };

static const enum paint relevance_paint[] = { PAINT_NONE, PAINT_STRONG, PAINT_DOUBT, PAINT_BAD };

/* What is bad for the machine is never dimmed, whatever driver it concerns. */
static enum paint paint_of(const struct finding *x) {
        if (x->relevance > RELEVANCE_UNRELATED)
                return relevance_paint[x->relevance];
        return x->severity == SEVERITY_CRITICAL ? PAINT_BAD :
               x->severity == SEVERITY_HIGH     ? PAINT_DOUBT :
               x->severity == SEVERITY_MEDIUM   ? PAINT_STRONG :
                                                  PAINT_QUIET;
}

void show_time(const struct terminal *t, const struct stamp *at) {
        struct tm tm;
        char text[32];
        time_t seconds = (time_t) (at->real_us / 1000000);

        if (at->has_mono)
                fprintf(t->f, "[%" PRIu64 ".%06" PRIu64 "]", at->mono_us / 1000000, at->mono_us % 1000000);
        else if (at->has_real && localtime_r(&seconds, &tm) && strftime(text, sizeof(text), "%F %T", &tm))
                fputs(text, t->f);
        else
                fputs("time not known", t->f);
}

static size_t group_size(const struct finding *cause) {
        size_t n = 0;

        for (const struct finding *x = cause; x; x = x->next_in_group)
                n++;
        return n;
}

static enum relevance best_of_group(const struct finding *x) {
        enum relevance best = x->relevance;

        for (; x; x = x->next_in_group)
                best = MAX(best, x->relevance);
        return best;
}

static enum severity worst_of_group(const struct finding *x) {
        enum severity worst = x->severity;

        for (; x; x = x->next_in_group)
                worst = MAX(worst, x->severity);
        return worst;
}

/* Where it stands: rule, how bad, when, in which line of what. */
static void show_place(const struct terminal *t, const struct scan *s, const struct finding *x) {
        const struct source_info *source = &s->sources[x->source];
        const struct boot *b = s->boots.items[x->boot];

        if (x->rule) {
                fputs("rule ", t->f);
                painted(t, PAINT_STRONG, x->rule);
                fputs(", ", t->f);
        }
        fprintf(t->f, "severity %s, ", severity_name(x->severity));
        show_time(t, &x->first);
        if (x->count > 1) {
                fputs(" to ", t->f);
                show_time(t, &x->last);
        }
        fprintf(t->f, " %s %" PRIu64, entry_word(source), x->number);
        if (s->n_sources > 1) {
                fputs(" of ", t->f);
                show_text(t, source->name);
        }
        if (s->boots.n > 1 && (*b->id || b->host)) {
                fprintf(t->f, ", boot %.8s%s", b->id, *b->id && b->host ? " of " : "");
                show_text(t, b->host);
        }
        if (x->test) {
                fputs(", test ", t->f);
                show_text(t, x->test);
        }
        fputc('\n', t->f);
}

/* Whom to ask; those of wider sections are many. */
static void show_people(const struct terminal *t, const struct finding *x, bool wider, size_t indent) {
        if (!x->subsystem)
                return;
        fprintf(t->f, "%*ssubsystem: ", (int) indent, "");
        show_text(t, x->subsystem);
        if (x->guilty_file) {
                fputs(" (", t->f);
                show_text(t, x->guilty_file);
                if (x->guilty_file_guess) {
                        fputs(", guessed by ", t->f);
                        show_text(t, x->guilty_file_guess);
                }
                fputc(')', t->f);
        }
        fputc('\n', t->f);
        for (size_t i = 0; i < x->n_maintainers; i++)
                show_line(t, indent, "maintainer: ", x->maintainers[i]);
        for (size_t i = 0; i < x->n_reviewers; i++)
                show_line(t, indent, "reviewer: ", x->reviewers[i]);
        for (size_t i = 0; wider && i < x->n_wider; i++)
                show_line(t, indent, "of a wider section: ", x->wider[i]);
        for (size_t i = 0; i < x->n_lists; i++)
                show_line(t, indent, "list: ", x->lists[i]);
}

/* What people said of it before. */
static void show_issue(const struct terminal *t, const struct finding *x, bool wider, size_t indent) {
        const struct issue *i = x->issue;

        if (i) {
                fprintf(t->f, "%*sknown issue ", (int) indent, "");
                show_text(t, i->name);
                if (i->expired && i->expires) {
                        fputs(", expired on ", t->f);
                        show_text(t, i->expires);
                }
                if (i->bug) {
                        fputs(", ", t->f);
                        show_text(t, i->bug);
                }
                fputc('\n', t->f);
        }
        if (i && i->note)
                show_line(t, indent, "note: ", i->note);
        if (x->owner)
                show_line(t, indent, "owner: ", x->owner);
        show_people(t, x, wider, indent);
}

static void show_marks(const struct terminal *t, const struct finding *x, size_t indent) {
        if (x->cause == x && x->next_in_group)
                fprintf(t->f, "%*sthe likely first cause of the %zu below it\n", (int) indent, "", group_size(x) - 1);
        if (x->origin == ORIGIN_USERSPACE)
                show_line(t, indent, "", "a process wrote this, not the kernel: it does not count");
        for (size_t i = 0; i < x->n_corrupted; i++)
                show_line(t, indent, "corrupted: ", x->corrupted[i]);
}

/* Our own records say in their title what matters, KASAN's in the access; the others' sentence tells apart what their
 * title does not. */
static bool has_news(const struct finding *x) {
        return x->message && strcmp(x->detector, "vmlife") != 0 &&
               !(strcmp(x->detector, "kasan") == 0 && x->n_accesses);
}

static void show_why(const struct terminal *t, const struct finding *x, const struct finding *cause, unsigned verbose,
                     size_t indent) {
        /* What does not touch the driver needs no reason. */
        if (x->relevance == RELEVANCE_UNRELATED && !verbose)
                return;
        if (x->why && (!cause || verbose))
                show_line(t, indent, "", x->why);
        /* That both break the same rule is to be seen. */
        else if (cause && !(x->rule && cause->rule && strcmp(x->rule, cause->rule) == 0))
                show_line(t, indent, "", x->link);
}

static int show_finding(const struct scan *s, const struct style *style, const struct finding *x,
                        const struct finding *cause) {
        const struct terminal *t = &style->terminal;
        const size_t outer = cause ? DEEPER : 0, indent = INDENT + outer;
        const enum paint p = paint_of(x);

        fprintf(t->f, "%*s", (int) outer, "");
        paint(t, p);
        fprintf(t->f, "%-*s", INDENT,
                s->question.focus.form == FOCUS_NONE ? severity_name(x->severity) : relevance_name(x->relevance));
        unpaint(t, p);
        painted(t, PAINT_STRONG, x->title);
        if (x->count > 1)
                fprintf(t->f, "  x%" PRIu64, x->count);
        if (x->injected == INJECTED_YES)
                painted(t, PAINT_NOTE, "  (injected)");
        if (x->status != STATUS_NONE && x->injected != INJECTED_YES)
                painted(t, x->status == STATUS_NEW ? PAINT_NOTE : PAINT_QUIET,
                        x->status == STATUS_NEW ? "  (new)" : "  (known)");
        fprintf(t->f, "\n%*s", (int) indent, "");
        show_place(t, s, x);
        if (x->message && (has_news(x) || style->verbose))
                show_line(t, indent, "", x->message);
        show_facts(t, x, indent);
        show_why(t, x, cause, style->verbose, indent);
        show_machine(t, s, x, indent);
        fprintf(t->f, "%*ssignature %s\n", (int) indent, "", x->signature);
        show_marks(t, x, indent);
        show_issue(t, x, style->verbose, indent);
        if (!style->verbose)
                return 0;
        int e = show_detail(s, x, style, indent);
        fputc('\n', t->f);
        return e;
}

enum { N_RANKS = RELEVANCE_CERTAIN + SEVERITY_CRITICAL + 1 };

static unsigned rank_of(const struct finding *x) {
        const enum relevance best = best_of_group(x);

        return best > RELEVANCE_UNRELATED ? RELEVANCE_CERTAIN - best : N_RANKS - 1 - worst_of_group(x);
}

static int show_findings(const struct scan *s, const struct style *style) {
        int e = 0;

        /* Those of the driver in the order in which they came, all others the worst first. */
        for (unsigned rank = 0; rank < N_RANKS; rank++)
                for (size_t i = 0; e == 0 && i < s->store.n; i++) {
                        const struct finding *x = s->store.items[i];

                        if ((x->cause && x->cause != x) || rank_of(x) != rank)
                                continue;
                        e = show_finding(s, style, x, NULL);
                        for (const struct finding *y = x->next_in_group; e == 0 && y; y = y->next_in_group)
                                e = show_finding(s, style, y, x);
                        if (!style->verbose)
                                fputc('\n', style->terminal.f);
                }
        return e;
}

struct tally {
        size_t boots[3]; /* by verdict */
        uint64_t relevance[4], severity[4], injected;
        uint64_t known, userspace, below; /* of those that do not count; below: --fail-on asks for more */
        uint64_t unrelated_critical; /* which nobody in focus is asked about, and the machine suffers all the same */
};

static struct tally count(const struct scan *s) {
        struct tally n = {};

        for (size_t i = 0; i < s->boots.n; i++)
                n.boots[s->boots.items[i]->verdict]++;
        for (size_t i = 0; i < s->store.n; i++) {
                const struct finding *x = s->store.items[i];

                n.relevance[x->relevance]++;
                n.severity[x->severity]++;
                n.injected += x->injected == INJECTED_YES;
                n.unrelated_critical += x->relevance == RELEVANCE_UNRELATED && x->severity == SEVERITY_CRITICAL;
                if (finding_counts(x, &s->question))
                        continue;
                if (x->origin == ORIGIN_USERSPACE)
                        n.userspace++;
                else if (s->question.only_new && x->status == STATUS_KNOWN)
                        n.known++;
                else
                        n.below += !s->question.only_new || x->injected != INJECTED_YES;
        }
        return n;
}

static void show_number(const struct terminal *t, uint64_t n, const char *what) {
        if (n)
                fprintf(t->f, "; %" PRIu64 " %s", n, what);
}

/* One line that says how it stands: the worst of the boots' verdicts, and what makes it so. */
static void show_verdict(const struct terminal *t, const struct scan *s) {
        const struct tally n = count(s);
        const enum verdict v = n.boots[VERDICT_FINDINGS]   ? VERDICT_FINDINGS :
                               n.boots[VERDICT_NOT_PROVEN] ? VERDICT_NOT_PROVEN :
                                                             VERDICT_CLEAN;
        const char *before = " (";

        painted(t, paint_of_verdict(v), verdict_name(v));
        if (s->store.n)
                fprintf(t->f, ": %zu", s->store.n);
        else
                fputs(": no findings", t->f);
        /* With no focus nothing is related: severity is what findings are marked with. */
        const bool none = s->question.focus.form == FOCUS_NONE;
        for (int i = 3; i >= 0; i--) {
                const uint64_t many = none ? n.severity[i] : n.relevance[i];
                if (!many)
                        continue;
                fprintf(t->f, "%s%" PRIu64 " %s", before, many,
                        none ? severity_name((enum severity) i) : relevance_name((enum relevance) i));
                before = ", ";
        }
        if (!none && n.unrelated_critical)
                fprintf(t->f, ", %" PRIu64 " of them critical", n.unrelated_critical);
        fprintf(t->f, "%s in %zu boot%s", s->store.n ? ")" : "", s->boots.n, s->boots.n == 1 ? "" : "s");
        if (s->question.focus.name)
                fprintf(t->f, ", focus %s", s->question.focus.name);
        if (s->boots.n > 1)
                fprintf(t->f, ", of which %zu with findings, %zu not proven clean, %zu clean",
                        n.boots[VERDICT_FINDINGS], n.boots[VERDICT_NOT_PROVEN], n.boots[VERDICT_CLEAN]);
        if (n.injected == s->store.n && n.injected)
                fputs("; all injected", t->f);
        else
                show_number(t, n.injected, "injected");
        show_number(t, n.known, "known");
        show_number(t, n.userspace, "from userspace");
        show_number(t, n.below, "below --fail-on");
        fputs("\n\n", t->f);
}

/* The rules that are named, once each, for who meets them the first time. */
static void show_hint(const struct style *style, const struct scan *s) {
        const struct terminal *t = &style->terminal;
        const char *rule = NULL;

        for (size_t i = 0; !rule && i < s->store.n; i++)
                rule = s->store.items[i]->rule;
        if (s->store.n == 0 || style->verbose)
                return;
        fputs("\n", t->f);
        paint(t, PAINT_QUIET);
        fputs("-v adds stacks and locks, -vv the log's lines", t->f);
        if (rule) {
                fputs("; vmlife explain ", t->f);
                show_text(t, rule);
                fputs(" says what it means", t->f);
        }
        if (s->n_sources > 1)
                fputs("; --by signature has a line for each bug", t->f);
        unpaint(t, PAINT_QUIET);
        fputc('\n', t->f);
}

int write_text(const struct scan *s, const struct style *style, FILE *f) {
        struct style on_file = *style;

        on_file.terminal.f = fold_open(f, style->terminal.width);
        if (!on_file.terminal.f)
                return -ENOMEM;
        show_verdict(&on_file.terminal, s);
        int e = show_findings(s, &on_file);
        if (e == 0)
                e = show_boots(&on_file, s);
        show_sources(&on_file, s);
        show_hint(&on_file, s);
        const int closed = fold_close(on_file.terminal.f, f);
        return e < 0 ? e : closed;
}
