/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <inttypes.h>
#include <time.h>

#include "base/macros.h"
#include "judge/judge.h"
#include "output/html/page.h"

/* What each detector found in each boot: a row for each detector, a column for each boot. The latest boots come first,
 * because a narrow screen shows only the first columns. */

struct cell {
        uint64_t findings; /* that came by themselves */
        enum relevance worst;
        bool injected;
};

/* Findings that need no detector: warnings, oopses, ... */
enum { ROW_OTHERS = N_DETECTORS, N_ROWS };

static const char *row_name(int row) {
        return row == ROW_OTHERS ? "others" : detector_name((enum detector) row);
}

static void count(const struct page *p, struct cell *cells) {
        for (size_t i = 0; i < p->scan->store.n; i++) {
                const struct finding *f = p->scan->store.items[i];
                struct cell *c = &cells[(size_t) f->boot * N_ROWS + detector_of(slice_of(f->detector))];
                if (f->injected == INJECTED_YES) {
                        c->injected = true;
                        continue;
                }
                c->findings++;
                c->worst = MAX(c->worst, f->relevance);
        }
}

/* A cell without findings. */
static void silence(struct page *p, const struct boot *b, int row) {
        const struct watch *w = row == ROW_OTHERS ? NULL : &b->watch[row];

        if (!w)
                raw(p, "<td class=\"c empty\">");
        else if (w->present == PRESENCE_YES && !w->quiet)
                raw(p, "<td class=\"c ok\" title=\"active to the end, no finding\">✓");
        else if (w->present == PRESENCE_YES) {
                raw(p, "<td class=\"c part\"");
                html_attribute(p, "title", w->quiet);
                raw(p, ">◐");
        } else if (w->present == PRESENCE_NO)
                raw(p, "<td class=\"c no\" title=\"not in this kernel\">–");
        else
                raw(p, "<td class=\"c no\" title=\"the log does not show that it was enabled\">?");
}

static void print_cell(struct page *p, const struct boot *b, const struct cell *c, int row) {
        if (c->findings) {
                rawf(p, "<td class=\"c f-%s\" title=\"", relevance_name(c->worst));
                html_count(p, c->findings, "finding", "findings");
                rawf(p, ", the worst %s\">", relevance_name(c->worst));
                rawf(p, c->findings > 99 ? "∗" : "%" PRIu64, c->findings);
        } else if (c->injected)
                raw(p, "<td class=\"c asked\" title=\"reported the injected fault\">▲");
        else
                silence(p, b, row);
}

static void print_verdict(struct page *p, const struct boot *b) {
        static const struct {
                const char *class, *sign;
        } verdicts[] = { { "ok", "✓" }, { "bad", "✗" }, { "part", "?" } };

        rawf(p, "<td class=\"c %s\" title=\"%s\">%s", verdicts[b->verdict].class, verdict_name(b->verdict),
             verdicts[b->verdict].sign);
}

static bool is_used(const struct page *p, const struct cell *cells, int row) {
        for (size_t i = 0; i < p->scan->boots.n; i++) {
                const struct cell *c = &cells[i * N_ROWS + (size_t) row];
                if (c->findings || c->injected ||
                    (row != ROW_OTHERS && p->scan->boots.items[i]->watch[row].present == PRESENCE_YES))
                        return true;
        }
        return false;
}

/* Beyond COLUMNS_MAX a table is no longer read, and a browser takes long to show it. What is wider than paper is
 * printed in parts, one below the other, which the script makes; without it the style turns the table, so that boots
 * are rows. */
enum { COLUMNS_MAX = 500, COLUMNS_SEEN = 38 /* at once, on a wide screen */ };

static size_t n_columns(const struct page *p) {
        return MIN(p->scan->boots.n, (size_t) COLUMNS_MAX);
}

/* The boot of the n-th column. */
static uint32_t column(const struct page *p, size_t n) {
        return p->order[p->scan->boots.n - 1 - n];
}

static uint64_t day_of(const struct page *p, size_t n) {
        return p->scan->boots.items[column(p, n)]->first.real_us / 86400000000ull;
}

/* Over the boots of each day, its date, where all have one. */
static void print_days(struct page *p) {
        const size_t n = n_columns(p);

        for (size_t i = 0; i < p->scan->boots.n; i++)
                if (!p->scan->boots.items[i]->first.has_real)
                        return;
        raw(p, "<tr class=\"days\"><th></th>");
        for (size_t from = 0, to; from < n; from = to) {
                time_t sec = (time_t) (day_of(p, from) * 86400);
                char date[32] = "";
                struct tm tm;
                for (to = from + 1; to < n && day_of(p, to) == day_of(p, from);)
                        to++;
                if (gmtime_r(&sec, &tm))
                        strftime(date, sizeof(date), to - from > 3 ? "%Y-%m-%d" : to - from > 1 ? "%m-%d" : "%d", &tm);
                rawf(p, "<th scope=\"colgroup\" colspan=\"%zu\" data-boots=\"%zu\"><span>%s</span></th>", to - from,
                     to - from, date);
        }
        raw(p, "</tr>\n");
}

static void print_head(struct page *p) {
        raw(p, "<thead>");
        print_days(p);
        raw(p, "<tr><th scope=\"col\">boot</th>");
        for (size_t i = 0; i < n_columns(p); i++) {
                const uint32_t number = p->rank[column(p, i)] + 1;
                rawf(p, "<th scope=\"col\"><a href=\"#b-%" PRIu32 "\"", number);
                html_attribute(p, "title", p->labels[column(p, i)]);
                rawf(p, ">%" PRIu32 "</a>", number);
        }
        raw(p, "</tr></thead>\n");
}

void html_matrix(struct page *p) {
        const size_t n = n_columns(p);
        _cleanup_free_ struct cell *cells = calloc(p->scan->boots.n * N_ROWS + 1, sizeof(*cells));

        if (!cells) {
                p->error = -ENOMEM;
                return;
        }
        count(p, cells);
        raw(p, "<section id=\"matrix\"><h2>Verdicts by boot and detector <small><span class=\"chosen\"></span>");
        if (n < p->scan->boots.n)
                rawf(p, "the latest %zu of %zu boots, ", n, p->scan->boots.n);
        raw(p, "latest first");
        if (n > COLUMNS_SEEN)
                raw(p, "<span class=\"scrolls\">: scroll to the right for earlier ones</span>");
        rawf(p, "</small></h2>\n<div class=\"scroll\" tabindex=\"0\"><table class=\"matrix%s\">\n",
             n > COLUMNS_SEEN ? " many" : "");
        print_head(p);
        raw(p, "<tbody><tr class=\"verdict\"><th scope=\"row\">verdict</th>");
        for (size_t i = 0; i < n; i++)
                print_verdict(p, p->scan->boots.items[column(p, i)]);
        raw(p, "</tr>\n");
        for (int row = 0; row < N_ROWS; row++) {
                if (!is_used(p, cells, row))
                        continue;
                rawf(p, "<tr><th scope=\"row\">%s</th>", row_name(row));
                for (size_t i = 0; i < n; i++)
                        print_cell(p, p->scan->boots.items[column(p, i)],
                                   &cells[(size_t) column(p, i) * N_ROWS + (size_t) row], row);
                raw(p, "</tr>\n");
        }
        raw(p,
            "</tbody></table></div>\n<p class=\"legend\"><span><b class=\"c f-certain\">2</b> findings: certain</span> "
            "<span><b class=\"c f-likely\">2</b> likely</span> <span><b class=\"c f-related\">2</b> related</span> "
            "<span><b class=\"c f-unrelated\">2</b> unrelated</span> <span><b class=\"c asked\">▲</b> injected "
            "fault</span> "
            "<span><b class=\"c ok\">✓</b> active, silent</span> <span><b class=\"c part\">◐</b> fell silent "
            "early</span> "
            "<span><b class=\"c no\">–</b> not in this kernel</span> <span><b class=\"c no\">?</b> not "
            "known</span></p></section>\n");
}
