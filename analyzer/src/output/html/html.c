/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>

#include "base/macros.h"
#include "output/cases.h"
#include "output/html/page.h"

/* One page that needs nothing but itself: no request goes out from it, and its policy lets nothing run or be loaded
 * but the style and the script that it brings. All of it can be read without the script, which only filters. */

/* --- boots in order --- */

struct place {
        uint64_t us;
        uint32_t boot;
};

static int by_time(const void *x, const void *y) {
        const struct place *a = x, *b = y;

        if (a->us != b->us)
                return a->us < b->us ? -1 : 1;
        return a->boot < b->boot ? -1 : a->boot > b->boot;
}

struct host {
        const char *host, *machine;
        uint32_t boot;
};

static int by_host(const void *x, const void *y) {
        const struct host *a = x, *b = y;
        const int c = strcmp(a->host, b->host);

        return c ? c : strcmp(a->machine, b->machine);
}

/* By the lab's label, or by the host; of several machines that have one host name, by their id too. */
static int name_machines(struct page *p) {
        const size_t n = p->scan->boots.n;
        _cleanup_free_ struct host *hosts = calloc(n + 1, sizeof(*hosts));

        p->machines = arena_new(&p->arena, const char *, n + 1);
        if (!hosts || !p->machines)
                return -ENOMEM;
        for (uint32_t i = 0; i < n; i++) {
                const struct boot *b = p->scan->boots.items[i];
                const char *name = boot_machine(b);
                hosts[i] = (struct host){ name ? name : "", boot_label_value(b, "machine") ? "" : b->machine, i };
        }
        qsort(hosts, n, sizeof(*hosts), by_host);
        for (size_t from = 0, to; from < n; from = to) {
                for (to = from + 1; to < n && strcmp(hosts[to].host, hosts[from].host) == 0;)
                        to++;
                const bool several = strcmp(hosts[from].machine, hosts[to - 1].machine) != 0;
                for (size_t i = from; i < to; i++) {
                        char name[300];
                        snprintf(name, sizeof(name), several && *hosts[i].machine ? "%s (%.8s)" : "%s", hosts[i].host,
                                 hosts[i].machine);
                        if (*name && !(p->machines[hosts[i].boot] = arena_dup(&p->arena, slice_of(name))))
                                return -ENOMEM;
                }
        }
        return 0;
}

/* Without a wall clock for all, the order of the reports is the best guess. */
static int order_boots(struct page *p) {
        const size_t n = p->scan->boots.n;
        _cleanup_free_ struct place *places = calloc(n + 1, sizeof(*places));
        _cleanup_(by_boot_done) struct by_boot by_boot = {};
        bool clock = true;

        p->order = arena_new(&p->arena, uint32_t, n + 1);
        p->rank = arena_new(&p->arena, uint32_t, n + 1);
        p->labels = arena_new(&p->arena, const char *, n + 1);
        if (!places || !p->order || !p->rank || !p->labels || by_boot_make(p->scan, &by_boot) < 0)
                return -ENOMEM;
        for (uint32_t i = 0; i < n; i++) {
                clock &= p->scan->boots.items[i]->first.has_real;
                places[i] = (struct place){ p->scan->boots.items[i]->first.real_us, i };
        }
        if (clock)
                qsort(places, n, sizeof(*places), by_time);
        for (uint32_t i = 0; i < n; i++) {
                p->order[i] = places[i].boot;
                p->rank[places[i].boot] = i;
                p->labels[i] = boot_label(p->scan, &by_boot, i, &p->arena);
                if (!p->labels[i])
                        return -ENOMEM;
        }
        return 0;
}

/* --- the top --- */

struct sums {
        uint64_t verdicts[VERDICT_NOT_PROVEN + 1];
        uint64_t events, asked;
        size_t lines, fresh;
        double seconds;
};

static struct sums sums_of(const struct page *p) {
        struct sums s = {};

        for (size_t i = 0; i < p->scan->boots.n; i++) {
                s.verdicts[p->scan->boots.items[i]->verdict]++;
                s.seconds += boot_seconds(p->scan->boots.items[i]);
        }
        for (size_t i = 0; i < p->digest->n; i++) {
                const struct digest_line *l = &p->digest->lines[i];
                if (l->example->injected == INJECTED_YES) {
                        s.asked++;
                        continue;
                }
                s.lines++;
                s.fresh += l->is_new;
                s.events += l->count;
        }
        return s;
}

/* name: of what it counts, for the script. */
static void begin_tile(struct page *p, const char *class, const char *name, uint64_t n, const char *one,
                       const char *many) {
        rawf(p, "<li class=\"tile %s%s\" data-tile=\"%s\" data-one=\"%s\" data-many=\"%s\"><b>%" PRIu64 "</b> %s",
             class, n ? "" : " zero", name, one, many, n, n == 1 ? one : many);
}

static void print_tile(struct page *p, const char *class, const char *name, uint64_t n, const char *one,
                       const char *many) {
        begin_tile(p, class, name, n, one, many);
        raw(p, "</li>\n");
}

/* Other signatures came for the first time, too, and are no longer new. */
static void print_new_tile(struct page *p, uint64_t n) {
        begin_tile(p, "bad", "new", n, "new", "new");
        if (p->digest->new_since)
                rawf(p, "<small> %s</small>", p->digest->new_since);
        raw(p, "</li>\n");
}

/* From when to when, of which kernels. */
static void print_span(struct page *p) {
        const size_t n = p->scan->boots.n;
        const char *release = NULL;
        bool several = false, clock = n > 0;

        for (size_t i = 0; i < n; i++) {
                const struct boot *b = p->scan->boots.items[i];
                clock &= b->first.has_real && b->last.has_real;
                several |= b->release && release && strcmp(b->release, release) != 0;
                release = b->release ? b->release : release;
        }
        raw(p, "<p class=\"span\">");
        html_count(p, n, "boot", "boots");
        if (clock) {
                raw(p, " · ");
                html_time(p, &p->scan->boots.items[p->order[0]]->first);
                raw(p, " to ");
                html_time(p, &p->scan->boots.items[p->order[n - 1]]->last);
                raw(p, " UTC");
        }
        if (several)
                raw(p, " · several kernels");
        else if (release) {
                raw(p, " · ");
                html_text(p, release);
        }
        raw(p, "</p>\n");
}

static void summary(struct page *p) {
        const struct sums s = sums_of(p);

        print_span(p);
        raw(p, "<ul class=\"tiles\">\n");
        print_new_tile(p, s.fresh);
        print_tile(p, "plain", "signatures", s.lines, "signature", "signatures");
        print_tile(p, "plain", "events", s.events, "event", "events");
        print_tile(p, "ok", verdict_name(VERDICT_CLEAN), s.verdicts[VERDICT_CLEAN], "boot clean", "boots clean");
        print_tile(p, "bad", verdict_name(VERDICT_FINDINGS), s.verdicts[VERDICT_FINDINGS], "boot with findings",
                   "boots with findings");
        print_tile(p, "part", verdict_name(VERDICT_NOT_PROVEN), s.verdicts[VERDICT_NOT_PROVEN], "boot not proven",
                   "boots not proven");
        if (s.asked)
                print_tile(p, "asked", "asked", s.asked, "signature of injected faults",
                           "signatures of injected faults");
        raw(p, "</ul>\n");
        html_timeline(p);
}

/* --- the page --- */

static void print_head(struct page *p) {
        const struct slice css = html_file_css(), js = html_file_js();
        char css_hash[HASH_SOURCE_SIZE], js_hash[HASH_SOURCE_SIZE];

        html_hash(css, css_hash);
        html_hash(js, js_hash);
        rawf(p,
             "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
             "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src '%s'; script-src "
             "'%s'; base-uri 'none'; form-action 'none'\">\n"
             "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<meta name=\"color-scheme\" "
             "content=\"light dark\">\n"
             "<meta name=\"referrer\" content=\"no-referrer\">\n<title>",
             css_hash, js_hash);
        if (p->digest->n_new)
                rawf(p, "%zu new · ", p->digest->n_new);
        raw(p, "vmlife report</title>\n<style>");
        fwrite(css.s, 1, css.n, p->f);
        raw(p, "</style>\n</head>\n");
}

static void print_page(struct page *p) {
        const struct slice js = html_file_js();

        print_head(p);
        raw(p, "<body>\n");
        html_arrow_tips(p);
        raw(p, "<a class=\"skip\" href=\"#findings\">to the findings</a>\n<header><h1>vmlife report</h1>\n<nav><a "
               "href=\"#matrix\">verdicts</a> <a href=\"#findings\">findings</a> <a href=\"#boots\">boots</a> <a "
               "href=\"#sources\">sources</a></nav></header>\n<main>\n<section id=\"summary\">");
        summary(p);
        raw(p, "</section>\n");
        html_matrix(p);
        html_findings(p);
        html_overview(p);
        html_boots(p);
        html_topics(p);
        html_sources(p);
        raw(p, "</main>\n<footer><p>written by vmlife " VMLIFE_VERSION
               "<span class=\"keys\" hidden> · keys: <kbd>j</kbd> <kbd>k</kbd> next and previous finding, "
               "<kbd>Enter</kbd> opens, <kbd>/</kbd> search, <kbd>Esc</kbd> clears</span></p></footer>\n<script>");
        fwrite(js.s, 1, js.n, p->f);
        raw(p, "</script>\n</body>\n</html>\n");
}

static void page_done(struct page *p) {
        series_done(&p->series);
        arena_free(&p->arena);
}

static int write_form(const struct saved *s, const struct export_options *o, FILE *f) {
        _cleanup_(digest_done) struct digest digest = {};
        _cleanup_(page_done) struct page p = { .saved = s,
                                               .scan = &s->scan,
                                               .digest = &digest,
                                               .f = f,
                                               .source_url = o->source_url };

        int e = digest_make(s, o, &digest);
        if (e == 0)
                e = order_boots(&p);
        if (e == 0)
                e = series_make(&p.series, (const struct boot *const *) s->scan.boots.items, s->scan.boots.n);
        if (e == 0)
                e = name_machines(&p);
        if (e == 0)
                e = html_order(&p);
        if (e == 0)
                e = span_make(&p);
        if (e < 0)
                return e;
        print_page(&p);
        return p.error;
}

const struct export export_html = { "html", "one page for people, for one report or many", write_form, false };
