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
enum { SHORT_SIGNATURE = 11, TITLE_COLUMN = 50, TITLE_LEAST = 40, BEFORE_TITLE = 34, HOSTS_COLUMN = 6 };

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

/* What follows the title, as plain text in memory: its length decides how much of both there is room for. */
static void print_tail(FILE *f, const struct signature_line *l) {
        const struct issue *issue = l->example->issue;

        print_kernels(f, l->first_kernel, l->last_kernel);
        print_days(f, &l->first, &l->last);
        if (l->injected)
                fputs("  (injected)", f);
        else if (l->status == STATUS_NEW)
                fputs("  (new)", f);
        if (issue && l->status == STATUS_KNOWN)
                fprintf(f, "  known: %s", issue->name);
        if (l->example->owner || l->example->subsystem)
                fprintf(f, "  owner: %s", l->example->owner ? l->example->owner : l->example->subsystem);
}

/* What stands behind the title; the caller frees it. NULL when out of memory. */
static char *tail_of(const struct signature_line *l) {
        char *tail = NULL;
        size_t n = 0;
        FILE *f = open_memstream(&tail, &n);

        if (!f)
                return NULL;
        print_tail(f, l);
        fclose(f);
        return tail;
}

static const char head_of_tail[] = "  kernel, days";

/* What the first n lines are laid out by. */
struct columns {
        size_t title; /* columns that titles take, at least */
        size_t room;  /* for a title and what follows it; 0: no bound */
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

/* Columns for titles: at a terminal as many as the longest needs, and as the longest tail leaves. */
static size_t title_column(const struct signatures *s, size_t n, size_t room) {
        size_t title = TITLE_LEAST, tail = strlen(head_of_tail);

        if (!room)
                return TITLE_COLUMN;
        for (size_t i = 0; i < n; i++) {
                _cleanup_free_ char *text = tail_of(&s->lines[i]);
                title = MAX(title, strlen(s->lines[i].example->title));
                tail = MAX(tail, text ? strlen(text) : 0);
        }
        return MAX(MIN(title, room > tail ? room - tail : 0), MIN((size_t) TITLE_LEAST, room));
}

/* A line is a line at a terminal, where -v does not ask for all. */
static struct columns columns_of(const struct by_signature *w, size_t n, const struct terminal *t) {
        const bool hosts = shows_hosts(w->signatures, n, t);
        const size_t before = BEFORE_TITLE + (hosts ? HOSTS_COLUMN : 0),
                     room = t->width && !w->places ? MAX(t->width, before + 2 * SHORT_SIGNATURE) - before : 0;

        return (struct columns){ .title = title_column(w->signatures, n, room), .room = room, .hosts = hosts };
}

/* Where its last part begins, the function: "in provoke_null_write". */
static size_t last_words(struct slice title) {
        static const struct slice in = SLICE(" in ");
        size_t at = title.n, next = slice_find(title, in);

        while (next != SLICE_NPOS) {
                at = next + 1;
                const size_t more = slice_find(slice_from(title, at), in);
                next = more == SLICE_NPOS ? SLICE_NPOS : at + more;
        }
        return at;
}

/* The title without its middle, for bugs are told apart by both ends. Returns the columns taken. */
static size_t show_cut(const struct terminal *t, struct slice title, size_t room) {
        enum { DOTS = 3, HEAD_LEAST = 8 };
        const size_t words = title.n - last_words(title), least = MIN(words, room - DOTS - HEAD_LEAST);
        const size_t n = show(t, slice_head(title, room - DOTS - least));

        fputs("...", t->f);
        return n + DOTS + show(t, slice_from(title, title.n - least));
}

/* Returns the columns taken. */
static size_t show_title(const struct terminal *t, struct slice title, const struct columns *c) {
        const size_t n = c->room && title.n > c->room ? show_cut(t, title, c->room) : show(t, title);

        if (n < c->title)
                fprintf(t->f, "%*s", (int) (c->title - n), "");
        return MAX(n, c->title);
}

/* As much of it as has room; a few letters are noise. */
static void show_tail(const struct terminal *t, struct slice tail, const struct columns *c, size_t taken) {
        enum { DOTS = 3, LEAST = 9 };
        const size_t left = c->room > taken ? c->room - taken : 0;

        if (!c->room || tail.n <= left) {
                show(t, tail);
        } else if (left >= LEAST + DOTS) {
                show(t, slice_rtrim(slice_head(tail, left - DOTS)));
                fputs("...", t->f);
        }
}

static void show_hosts(const struct terminal *t, size_t n) {
        if (n)
                fprintf(t->f, " %5zu", n);
        else
                fputs("     -", t->f);
}

static void show_signature(const struct terminal *t, const struct signature_line *l, const struct columns *c) {
        const struct finding *x = l->example;
        const bool quiet = l->injected || l->status == STATUS_KNOWN;
        const enum paint p = quiet ? PAINT_QUIET : severity_paint[x->severity];
        _cleanup_free_ char *tail = tail_of(l);

        fprintf(t->f, "%.*s ", SHORT_SIGNATURE, l->signature);
        paint(t, p);
        fprintf(t->f, "%-8s", severity_name(x->severity));
        unpaint(t, p);
        fprintf(t->f, " %5" PRIu64 " %5zu", l->count, l->n_boots);
        if (c->hosts)
                show_hosts(t, l->n_machines);
        fputs("  ", t->f);
        paint(t, quiet ? PAINT_QUIET : PAINT_STRONG);
        const size_t taken = show_title(t, slice_of(x->title), c);
        unpaint(t, quiet ? PAINT_QUIET : PAINT_STRONG);
        show_tail(t, slice_of(tail), c, taken);
        fputc('\n', t->f);
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
        fprintf(t->f, "%-*s %-8s %5s %5s%s  %-*s", SHORT_SIGNATURE, "signature", "severity", "count", "boots",
                c->hosts ? " hosts" : "", (int) c->title, "title");
        show_tail(t, slice_of(head_of_tail), c, c->title);
        fputc('\n', t->f);
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
        show_sentence(t, w->places ? "vmlife report SIGNATURE LOG... writes a mail about one" :
                                     "-v shows whole lines and where each begins; vmlife report SIGNATURE LOG... "
                                     "writes a mail about one");
        unpaint(t, PAINT_QUIET);
}

void write_by_signature(const struct by_signature *w, const struct terminal *t) {
        const struct signatures *s = w->signatures;
        /* One line is not replaced by two that say that it is missing. */
        const size_t n = w->limit && s->n > w->limit + 1 ? w->limit : s->n;
        const struct columns c = columns_of(w, n, t);

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
