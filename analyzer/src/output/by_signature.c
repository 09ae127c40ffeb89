/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "output/by_signature.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/cleanup.h"
#include "base/macros.h"
#include "triage/known.h"

/* "v2:" and as many digits as tell signatures apart at a desk; vmlife report takes them. */
enum { SHORT_SIGNATURE = 11, TITLE_COLUMN = 50, BEFORE_TITLE = 34, HOSTS_COLUMN = 6 };

static const enum paint severity_paint[] = { PAINT_QUIET, PAINT_NONE, PAINT_DOUBT, PAINT_BAD };

static void date(char text[static 16], const struct stamp *at) {
        const time_t seconds = (time_t) (at->real_us / 1000000);
        struct tm tm;

        if (!at->has_real || !localtime_r(&seconds, &tm) || !strftime(text, 16, "%F", &tm))
                *text = '\0';
}

/* "6.1.192" of "6.1.192-foo", "6.2.0-rc3" of "6.2.0-rc3-next": what a line has room for. */
static int version_length(const char *release) {
        size_t n = strcspn(release, "-");

        if (strncmp(release + n, "-rc", 3) == 0)
                n += 1 + strcspn(release + n + 1, "-");
        return (int) n;
}

static void print_kernels(FILE *f, const char *first, const char *last) {
        if (!first)
                return;
        const int n = version_length(first), m = version_length(last);
        fprintf(f, "  %.*s", n, first);
        if (n != m || strncmp(first, last, (size_t) n) != 0)
                fprintf(f, " to %.*s", m, last);
}

static void print_days(FILE *f, const struct stamp *first, const struct stamp *last) {
        char from[16], to[16];

        date(from, first);
        date(to, last);
        if (!*from)
                return;
        fprintf(f, "  %s", from);
        if (strcmp(from, to) != 0)
                fprintf(f, " to %s", to);
}

static void print_when(FILE *f, const struct signature_line *l) {
        print_kernels(f, l->first_kernel, l->last_kernel);
        print_days(f, &l->first, &l->last);
        if (l->injected)
                fputs("  (injected)", f);
        else if (l->status == STATUS_NEW)
                fputs("  (new)", f);
}

static void print_whose(FILE *f, const struct signature_line *l) {
        const struct issue *issue = l->example->issue;

        if (issue && l->status == STATUS_KNOWN)
                fprintf(f, "  known: %s", issue->name);
        if (l->example->owner || l->example->subsystem)
                fprintf(f, "  owner: %s", l->example->owner ? l->example->owner : l->example->subsystem);
}

/* What follows the title, as plain text in memory: its length decides whether both have room in a line. */
static void print_tail(FILE *f, const struct signature_line *l) {
        print_when(f, l);
        print_whose(f, l);
}

/* The caller frees it. NULL when out of memory. */
static char *printed(const struct signature_line *l, void (*print)(FILE *f, const struct signature_line *l)) {
        char *text = NULL;
        size_t n = 0;
        FILE *f = open_memstream(&text, &n);

        if (!f)
                return NULL;
        print(f, l);
        fclose(f);
        return text;
}

static const char head_of_tail[] = "  kernel, days";

/* What the first n lines are laid out by. */
struct columns {
        size_t title; /* columns that titles take; 0: each has a line of its own, below */
        bool hosts;   /* the number of machines is shown */
};

/* A file has the same columns always; at a terminal titles need the room more than a column of "-" does. */
static bool shows_hosts(const struct signatures *s, size_t n, const struct terminal *t) {
        if (!t->width)
                return true;
        for (size_t i = 0; i < n; i++)
                if (s->lines[i].n_machines)
                        return true;
        return false;
}

/* Columns for titles: at a terminal as many as the longest needs, where the longest tail has room behind it. Nothing is
 * cut: bugs are told apart by both ends of their titles. */
static size_t title_column(const struct signatures *s, size_t n, const struct terminal *t, size_t before) {
        size_t title = strlen("title"), tail = strlen(head_of_tail);

        if (!t->width)
                return TITLE_COLUMN;
        for (size_t i = 0; i < n; i++) {
                _cleanup_free_ char *text = printed(&s->lines[i], print_tail);
                title = MAX(title, strlen(s->lines[i].example->title));
                tail = MAX(tail, text ? strlen(text) : 0);
        }
        return before + title + tail <= t->width ? title : 0;
}

static struct columns columns_of(const struct signatures *s, size_t n, const struct terminal *t) {
        const bool hosts = shows_hosts(s, n, t);

        return (struct columns){ .title = title_column(s, n, t, BEFORE_TITLE + (hosts ? HOSTS_COLUMN : 0)),
                                 .hosts = hosts };
}

static void show_title(const struct terminal *t, const struct signature_line *l, enum paint p, size_t column) {
        paint(t, p);
        const size_t n = show(t, slice_of(l->example->title));
        unpaint(t, p);
        if (n < column)
                fprintf(t->f, "%*s", (int) (column - n), "");
}

static void show_hosts(const struct terminal *t, size_t n) {
        if (n)
                fprintf(t->f, " %5zu", n);
        else
                fputs("     -", t->f);
}

static void show_printed_of(const struct terminal *t, const struct signature_line *l,
                            void (*print)(FILE *f, const struct signature_line *l)) {
        _cleanup_free_ char *text = printed(l, print);

        show_text(t, text ? text : "");
}

static void show_beside(const struct terminal *t, const struct signature_line *l, bool quiet, size_t column) {
        fputs("  ", t->f);
        show_title(t, l, quiet ? PAINT_QUIET : PAINT_STRONG, column);
        show_printed_of(t, l, print_tail);
        fputc('\n', t->f);
}

static void show_below(const struct terminal *t, const struct signature_line *l, bool quiet) {
        show_printed_of(t, l, print_when);
        fputs("\n  ", t->f);
        show_title(t, l, quiet ? PAINT_QUIET : PAINT_STRONG, 0);
        fputc('\n', t->f);
        if (l->status != STATUS_KNOWN && !l->example->owner && !l->example->subsystem)
                return;
        show_printed_of(t, l, print_whose);
        fputc('\n', t->f);
}

static void show_signature(const struct terminal *t, const struct signature_line *l, const struct columns *c) {
        const struct finding *x = l->example;
        const bool quiet = l->injected || l->status == STATUS_KNOWN;
        const enum paint p = quiet ? PAINT_QUIET : severity_paint[x->severity];
        fprintf(t->f, "%.*s ", SHORT_SIGNATURE, l->signature);
        paint(t, p);
        fprintf(t->f, "%-8s", severity_name(x->severity));
        unpaint(t, p);
        fprintf(t->f, " %5" PRIu64 " %5zu", l->count, l->n_boots);
        if (c->hosts)
                show_hosts(t, l->n_machines);
        if (c->title)
                show_beside(t, l, quiet, c->title);
        else
                show_below(t, l, quiet);
}

/* ": 2 critical, 1 low" of the lines from there to the end. */
static void print_severities(FILE *f, const struct signatures *s, size_t from) {
        size_t of_severity[SEVERITY_CRITICAL + 1] = {};
        const char *before = ": ";

        for (size_t i = from; i < s->n; i++)
                of_severity[s->lines[i].example->severity]++;
        for (int v = SEVERITY_CRITICAL; v >= SEVERITY_LOW; v--)
                if (of_severity[v]) {
                        fprintf(f, "%s%zu %s", before, of_severity[v], severity_name((enum severity) v));
                        before = ", ";
                }
}

static void print_statuses(FILE *f, const struct signatures *s, size_t from) {
        size_t n_new = 0, n_known = 0, n_injected = 0;

        for (size_t i = from; i < s->n; i++) {
                n_injected += s->lines[i].injected;
                n_new += !s->lines[i].injected && s->lines[i].status == STATUS_NEW;
                n_known += s->lines[i].status == STATUS_KNOWN;
        }
        if (n_new)
                fprintf(f, "; %zu new", n_new);
        if (n_known)
                fprintf(f, "; %zu known", n_known);
        if (n_injected)
                fprintf(f, "; %zu injected", n_injected);
}

static uint64_t count_events(const struct signatures *s, size_t from) {
        uint64_t events = 0;

        for (size_t i = from; i < s->n; i++)
                events += s->lines[i].count;
        return events;
}

/* Broken into lines at a terminal; a file gets one. */
static void show_sentence(const struct terminal *t, const char *text) {
        if (t->width) {
                show_wrapped(t, slice_of(text), 0, 0);
                return;
        }
        show(t, slice_of(text));
        fputc('\n', t->f);
}

static void print_head(const struct by_signature *w, FILE *f) {
        const struct signatures *s = w->signatures;
        const uint64_t events = count_events(s, 0);

        fprintf(f, "%zu signature%s, %" PRIu64 " event%s in %zu boot%s of %zu source%s", s->n, s->n == 1 ? "" : "s",
                events, events == 1 ? "" : "s", w->n_boots, w->n_boots == 1 ? "" : "s", w->n_sources,
                w->n_sources == 1 ? "" : "s");
        print_severities(f, s, 0);
        print_statuses(f, s, 0);
}

static void print_rest(const struct by_signature *w, FILE *f) {
        const struct signatures *s = w->signatures;

        fprintf(f, "%zu more signatures with %" PRIu64 " events are not listed", s->n - w->limit,
                count_events(s, w->limit));
        print_severities(f, s, w->limit);
        print_statuses(f, s, w->limit);
}

static void show_printed(const struct by_signature *w, const struct terminal *t,
                         void (*print)(const struct by_signature *w, FILE *f)) {
        _cleanup_free_ char *text = NULL;
        size_t n = 0;
        FILE *f = open_memstream(&text, &n);

        if (!f)
                return;
        print(w, f);
        if (fclose(f) == 0)
                show_sentence(t, text);
}

static void show_head(const struct by_signature *w, const struct terminal *t, const struct columns *c) {
        show_printed(w, t, print_head);
        fputc('\n', t->f);
        if (!w->signatures->n)
                return;
        paint(t, PAINT_QUIET);
        fprintf(t->f, "%-*s %-8s %5s %5s%s", SHORT_SIGNATURE, "signature", "severity", "count", "boots",
                c->hosts ? " hosts" : "");
        if (c->title)
                fprintf(t->f, "  %-*s%s\n", (int) c->title, "title", head_of_tail);
        else
                fprintf(t->f, "%s, title below\n", head_of_tail);
        unpaint(t, PAINT_QUIET);
}

static void show_rest(const struct by_signature *w, const struct terminal *t) {
        fputc('\n', t->f);
        show_printed(w, t, print_rest);
        fputs("--lines all lists them, --format json has all\n", t->f);
}

static void show_example(const struct terminal *t, const struct signature_line *l) {
        fprintf(t->f, "%*s%s %" PRIu64 " of ", SHORT_SIGNATURE + 1, "",
                entry_word(&l->scan->sources[l->example->source]), l->example->number);
        show_text(t, example_source(l));
        fputc('\n', t->f);
}

static void show_hint(const struct by_signature *w, const struct terminal *t) {
        fputc('\n', t->f);
        paint(t, PAINT_QUIET);
        show_sentence(t, w->places ?
                                 "vmlife report SIGNATURE LOG... writes a mail about one" :
                                 "-v shows where each begins; vmlife report SIGNATURE LOG... writes a mail about one");
        unpaint(t, PAINT_QUIET);
}

void write_by_signature(const struct by_signature *w, const struct terminal *t) {
        const struct signatures *s = w->signatures;
        /* One line is not replaced by two that say that it is missing. */
        const size_t n = w->limit && s->n > w->limit + 1 ? w->limit : s->n;
        const struct columns c = columns_of(s, n, t);

        show_head(w, t, &c);
        for (size_t i = 0; i < n; i++) {
                show_signature(t, &s->lines[i], &c);
                if (w->places)
                        show_example(t, &s->lines[i]);
        }
        if (n < s->n)
                show_rest(w, t);
        if (n && t->width)
                show_hint(w, t);
}
