/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>

#include "base/macros.h"
#include "output/cases.h"
#include "output/html/page.h"

/* The same by machine, by kernel, by owner and by subsystem: each row leads to the findings of its name. */

enum { ROWS_MAX = 1000, NO_ROW = UINT32_MAX };

struct row {
        const char *name;
        size_t boots, verdicts[VERDICT_NOT_PROVEN + 1], machines, signatures, fresh;
        uint64_t events; /* as signatures, without injected ones */
        double seconds;
        uint32_t newest;  /* boot */
        size_t seen_line; /* the last line, or 1 + boot, that was counted */
};

struct table_of {
        struct row *rows;
        size_t n;
        uint32_t *of; /* the row of each boot, or of each line; NO_ROW: it has no name */
};

static void table_of_done(struct table_of *t) {
        free(t->rows);
        free(t->of);
}

struct name {
        const char *name;
        uint32_t at;
};

static int by_name(const void *a, const void *b) {
        const struct name *x = a, *y = b;
        const int c = strcmp(x->name, y->name);

        return c ? c : x->at < y->at ? -1 : x->at > y->at;
}

/* A row for each name that value() gives for the items from 0 to n. */
static int make_rows(const struct page *p, struct table_of *t, size_t n,
                     const char *(*value)(const struct page *p, size_t i)) {
        _cleanup_free_ struct name *names = calloc(n + 1, sizeof(*names));
        size_t n_names = 0;

        *t = (struct table_of){ .rows = calloc(n + 1, sizeof(*t->rows)), .of = calloc(n + 1, sizeof(*t->of)) };
        if (!names || !t->rows || !t->of)
                return -ENOMEM;
        for (size_t i = 0; i < n; i++) {
                t->of[i] = NO_ROW;
                names[n_names] = (struct name){ value(p, i), (uint32_t) i };
                n_names += names[n_names].name != NULL;
        }
        qsort(names, n_names, sizeof(*names), by_name);
        for (size_t i = 0; i < n_names; i++) {
                if (i == 0 || strcmp(names[i].name, names[i - 1].name) != 0)
                        t->rows[t->n++].name = names[i].name;
                t->of[names[i].at] = (uint32_t) (t->n - 1);
        }
        return 0;
}

static struct row *row_of(const struct table_of *t, size_t item) {
        return t->of[item] == NO_ROW ? NULL : &t->rows[t->of[item]];
}

/* Of rows of boots: in the page's order, so that the last is the newest. */
static void count_boots(const struct page *p, struct table_of *t) {
        for (size_t k = 0; k < p->scan->boots.n; k++) {
                const uint32_t i = p->order[k];
                const struct boot *b = p->scan->boots.items[i];
                struct row *row = row_of(t, i);

                if (!row)
                        continue;
                row->boots++;
                row->verdicts[b->verdict]++;
                row->seconds += boot_seconds(b);
                row->newest = i;
        }
}

static bool counts(const struct digest_line *l) {
        return l->example->injected != INJECTED_YES;
}

static void count_lines(const struct page *p, struct table_of *t) {
        for (size_t i = 0; i < p->digest->n; i++) {
                const struct digest_line *l = &p->digest->lines[i];

                for (size_t k = 0; counts(l) && k < l->n; k++) {
                        struct row *row = row_of(t, l->all[k]->boot);
                        if (!row)
                                continue;
                        row->events += l->all[k]->count;
                        row->signatures += row->seen_line != i + 1;
                        row->fresh += row->seen_line != i + 1 && l->is_new;
                        row->seen_line = i + 1;
                }
        }
}

/* Of kernels: how many machines ran them. */
static void count_machines(const struct page *p, struct table_of *t, const struct table_of *machines) {
        _cleanup_free_ bool *ran = calloc(t->n * machines->n + 1, sizeof(*ran));

        for (size_t i = 0; ran && i < p->scan->boots.n; i++) {
                if (t->of[i] == NO_ROW || machines->of[i] == NO_ROW)
                        continue;
                bool *here = &ran[t->of[i] * machines->n + machines->of[i]];
                t->rows[t->of[i]].machines += !*here;
                *here = true;
        }
}

/* Of rows of lines: owners, subsystems. */
static int count_own_lines(const struct page *p, struct table_of *t) {
        _cleanup_free_ bool *counted = calloc(t->n * p->scan->boots.n + 1, sizeof(*counted));

        if (!counted)
                return -ENOMEM;
        for (size_t i = 0; i < p->digest->n; i++) {
                const struct digest_line *l = &p->digest->lines[i];
                struct row *row = row_of(t, i);

                if (!row || !counts(l))
                        continue;
                row->signatures++;
                row->fresh += l->is_new;
                row->events += l->count;
                for (size_t k = 0; k < l->n; k++) {
                        bool *here = &counted[t->of[i] * p->scan->boots.n + l->all[k]->boot];
                        row->boots += !*here;
                        *here = true;
                }
        }
        return 0;
}

static int by_weight(const void *a, const void *b) {
        const struct row *x = a, *y = b;

        if (x->fresh != y->fresh)
                return x->fresh < y->fresh ? 1 : -1;
        if (x->signatures != y->signatures)
                return x->signatures < y->signatures ? 1 : -1;
        return strcmp(x->name, y->name);
}

/* --- written --- */

static void begin(struct page *p, const char *id, const char *heading, size_t n, const char *const *columns) {
        rawf(p,
             "<div class=\"by\" id=\"%s\"><h2>%s <small>%zu</small></h2>\n<div class=\"scroll\"><table "
             "class=\"overview\">"
             "<thead><tr>",
             id, heading, n);
        for (size_t i = 0; columns[i]; i++)
                rawf(p, i ? "<th class=\"n\">%s</th>" : "<th>%s</th>", columns[i]);
        raw(p, "</tr></thead><tbody>\n");
}

static void end(struct page *p, size_t n) {
        raw(p, "</tbody></table></div>");
        if (n > ROWS_MAX)
                rawf(p, "<p class=\"none\">and %zu more with fewer findings</p>", n - ROWS_MAX);
        raw(p, "</div>\n");
}

/* With the script it is a button that asks for the findings of that name. */
static void print_name(struct page *p, const char *filter, const char *name) {
        rawf(p, "<tr><td><button type=\"button\" class=\"name\" data-filter=\"%s\"", filter);
        html_attribute(p, "data-value", name);
        raw(p, ">");
        html_text(p, name);
        raw(p, "</button></td>");
}

static void number(struct page *p, uint64_t n) {
        rawf(p, "<td class=\"n\">%" PRIu64 "</td>", n);
}

static void print_boots(struct page *p, const struct row *r) {
        number(p, r->boots);
        number(p, r->verdicts[VERDICT_CLEAN]);
        number(p, r->verdicts[VERDICT_FINDINGS]);
        number(p, r->verdicts[VERDICT_NOT_PROVEN]);
        rawf(p, "<td class=\"n\">%.1f</td>", r->seconds / 3600);
}

static void print_findings(struct page *p, const struct row *r) {
        number(p, r->signatures);
        number(p, r->fresh);
        number(p, r->events);
}

static void print_machines(struct page *p, const struct table_of *t) {
        static const char *const columns[] = { "machine",    "boots", "clean",  "findings", "not proven", "hours",
                                               "signatures", "new",   "events", "newest",   NULL };

        begin(p, "machines", "Machines", t->n, columns);
        for (size_t i = 0; i < t->n && i < ROWS_MAX; i++) {
                const struct row *r = &t->rows[i];
                const struct boot *b = p->scan->boots.items[r->newest];

                print_name(p, "machine", r->name);
                print_boots(p, r);
                print_findings(p, r);
                raw(p, "<td class=\"n\">");
                html_boot_link(p, r->newest);
                rawf(p, ": %s", verdict_name(b->verdict));
                if (b->release) {
                        raw(p, ", ");
                        html_text(p, b->release);
                }
                raw(p, "</td></tr>\n");
        }
        end(p, t->n);
}

static void print_kernels(struct page *p, const struct table_of *t) {
        static const char *const columns[] = { "kernel",     "boots", "clean",  "findings", "not proven", "hours",
                                               "signatures", "new",   "events", "machines", NULL };

        begin(p, "kernels", "Kernels", t->n, columns);
        for (size_t i = 0; i < t->n && i < ROWS_MAX; i++) {
                print_name(p, "kernel", t->rows[i].name);
                print_boots(p, &t->rows[i]);
                print_findings(p, &t->rows[i]);
                number(p, t->rows[i].machines);
                raw(p, "</tr>\n");
        }
        end(p, t->n);
}

static void print_people(struct page *p, const char *id, const char *heading, const char *filter,
                         const struct table_of *t) {
        const char *const columns[] = { filter, "signatures", "new", "events", "boots", NULL };

        begin(p, id, heading, t->n, columns);
        for (size_t i = 0; i < t->n && i < ROWS_MAX; i++) {
                print_name(p, filter, t->rows[i].name);
                print_findings(p, &t->rows[i]);
                number(p, t->rows[i].boots);
                raw(p, "</tr>\n");
        }
        end(p, t->n);
}

/* --- what the rows are of --- */

static const char *machine_of(const struct page *p, size_t boot) {
        return p->machines[boot];
}

static const char *kernel_of(const struct page *p, size_t boot) {
        return p->scan->boots.items[boot]->release;
}

static const char *owner_of(const struct page *p, size_t line) {
        return p->digest->lines[line].example->owner;
}

static const char *subsystem_of(const struct page *p, size_t line) {
        return p->digest->lines[line].example->subsystem;
}

static void people(struct page *p, const char *id, const char *heading, const char *filter,
                   const char *(*value)(const struct page *p, size_t i)) {
        _cleanup_(table_of_done) struct table_of t = {};

        if (make_rows(p, &t, p->digest->n, value) < 0 || count_own_lines(p, &t) < 0) {
                p->error = -ENOMEM;
                return;
        }
        qsort(t.rows, t.n, sizeof(*t.rows), by_weight);
        if (t.n)
                print_people(p, id, heading, filter, &t);
}

void html_overview(struct page *p) {
        _cleanup_(table_of_done) struct table_of machines = {}, kernels = {};

        if (make_rows(p, &machines, p->scan->boots.n, machine_of) < 0 ||
            make_rows(p, &kernels, p->scan->boots.n, kernel_of) < 0) {
                p->error = -ENOMEM;
                return;
        }
        count_boots(p, &machines);
        count_lines(p, &machines);
        count_boots(p, &kernels);
        count_lines(p, &kernels);
        count_machines(p, &kernels, &machines);
        /* From here on the rows' order is not that of their boots. */
        qsort(machines.rows, machines.n, sizeof(*machines.rows), by_weight);
        qsort(kernels.rows, kernels.n, sizeof(*kernels.rows), by_weight);
        if (machines.n > 1)
                print_machines(p, &machines);
        if (kernels.n > 1)
                print_kernels(p, &kernels);
        people(p, "owners", "Owners", "owner", owner_of);
        people(p, "subsystems", "Subsystems", "subsystem", subsystem_of);
}
