/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <inttypes.h>

#include "base/macros.h"
#include "output/cases.h"
#include "output/html/page.h"

/* Each boot by itself, and what was read. */

static void print_coverage(struct page *p, const struct boot *b) {
        raw(p, "<div class=\"scroll\"><table><thead><tr><th>detector<th>enabled<th>until<th>why it fell "
               "silent<tbody>");
        for (int d = 0; d < N_DETECTORS; d++) {
                const struct watch *w = &b->watch[d];
                if (w->present == PRESENCE_UNKNOWN)
                        continue;
                rawf(p, "<tr><td>%s<td>%s<td>", detector_name((enum detector) d),
                     w->present == PRESENCE_YES ? "yes" : "no");
                if (w->quiet)
                        html_time(p, &w->quiet_at);
                else if (w->present == PRESENCE_YES)
                        raw(p, "the end");
                raw(p, "<td>");
                html_text(p, w->quiet ? w->quiet : w->limited ? w->limited : "");
                for (size_t i = 0; i < w->n_spent; i++) {
                        raw(p, w->quiet || w->limited || i ? "<br>warns once per boot, already fired: " :
                                                             "warns once per boot, already fired: ");
                        html_text(p, w->spent[i]);
                }
        }
        raw(p, "</table></div>");
}

static void term(struct page *p, const char *name, const char *value) {
        if (!value || !*value)
                return;
        raw(p, strlen(value) > 100 ? "<div class=\"wide\"><dt>" : "<div><dt>");
        html_text(p, name);
        raw(p, "<dd>");
        html_text(p, value);
        raw(p, "</div>");
}

static void print_exposure(struct page *p, const struct boot *b) {
        uint64_t rounds = 0;
        size_t passed = 0;

        raw(p, "<div><dt>time covered<dd>");
        html_duration(p, boot_seconds(b));
        raw(p, "</div>");
        for (size_t i = 0; i < b->n_selftests; i++)
                rounds += b->selftests[i].rounds;
        if (b->n_selftests)
                rawf(p, "<div><dt>rounds of selftests<dd>%" PRIu64 "</div>", rounds);
        if (!b->n_passes)
                return;
        for (size_t i = 0; i < b->n_passes; i++)
                passed += b->passes[i].n > 0;
        rawf(p, "<div class=\"wide\"><dt>hooks passed<dd>%zu of %zu", passed, b->n_passes);
        const char *before = "; never: ";
        for (size_t i = 0; i < b->n_passes; i++)
                if (!b->passes[i].n) {
                        raw(p, before);
                        html_text(p, b->passes[i].site);
                        before = ", ";
                }
        raw(p, "</div>");
}

static void print_boot(struct page *p, uint32_t i) {
        const struct boot *b = p->scan->boots.items[i];
        static const char *const signs[] = { "✓", "✗", "?" };
        static const char *const classes[] = { "ok", "bad", "part" };

        rawf(p, "<li><details id=\"b-%" PRIu32 "\"", p->rank[i] + 1);
        html_attribute(p, "data-machine", p->machines[i]);
        html_attribute(p, "data-build", boot_label_value(b, "build"));
        html_attribute(p, "data-kernel", b->release);
        html_attribute(p, "data-verdict", verdict_name(b->verdict));
        rawf(p, "><summary><b class=\"c %s\">%s</b> <span class=\"title\">boot %" PRIu32 "</span> <span class=\"sub\">",
             classes[b->verdict], signs[b->verdict], p->rank[i] + 1);
        html_text(p, p->machines[i] ? p->machines[i] : p->labels[i]);
        if (b->release) {
                raw(p, " · ");
                html_text(p, b->release);
        }
        if (b->first.has_real) {
                raw(p, " · ");
                html_time(p, &b->first);
        }
        rawf(p, " · %s</span></summary>\n<div class=\"body\">", verdict_name(b->verdict));
        for (size_t k = 0; k < b->n_caveats; k++) {
                raw(p, "<p>But: ");
                html_text(p, b->caveats[k]);
                raw(p, "</p>");
        }
        if (b->n_reasons) {
                rawf(p, "<p>%s</p><ul class=\"reasons\">",
                     b->verdict == VERDICT_FINDINGS ? "Besides the findings, silence would prove nothing:" :
                                                      "Its silence proves nothing:");
                for (size_t k = 0; k < b->n_reasons; k++) {
                        raw(p, "<li>");
                        html_text(p, b->reasons[k]);
                }
                raw(p, "</ul>");
        }
        raw(p, "<dl class=\"facts\">");
        term(p, "boot", p->labels[i]);
        term(p, "machine", b->machine);
        term(p, "kernel", b->version);
        if (b->loaded) {
                term(p, "variant", b->variant);
                term(p, "injected fault", b->inject);
        }
        print_exposure(p, b);
        if (b->lost)
                rawf(p, "<div><dt>messages lost<dd>%" PRIu64 "</div>", b->lost);
        term(p, "command line", b->command_line);
        for (size_t k = 0; k < b->n_labels; k++)
                term(p, b->labels[k].name, b->labels[k].value);
        term(p, "read from", p->scan->sources[b->source].name);
        raw(p, "</dl>");
        print_coverage(p, b);
        rawf(p,
             "<p class=\"links\" hidden><button type=\"button\" data-boot=\"%" PRIu32
             "\">show its findings</button></p></div></details></li>\n",
             p->rank[i] + 1);
}

void html_boots(struct page *p) {
        raw(p, "<section id=\"boots\"><h2>Boots <small><span class=\"chosen\"></span>latest first</small></h2>\n<ol "
               "class=\"boots\">\n");
        for (size_t i = p->scan->boots.n; i-- > 0;)
                print_boot(p, p->order[i]);
        raw(p, "</ol></section>\n");
}

void html_sources(struct page *p) {
        const struct saved *s = p->saved;

        raw(p, "<section id=\"sources\"><h2>What was read</h2>\n<div "
               "class=\"scroll\"><table><thead><tr><th>log</th><th>kind</th><th class=\"n\">entries</th><th "
               "class=\"n\">bytes</th><th class=\"n\">lost</th><th>report</th></tr></thead><tbody>\n");
        for (size_t r = 0; r < s->n_reports; r++)
                for (uint32_t i = 0; i < s->reports[r].n_sources; i++) {
                        const struct source_info *in = &s->scan.sources[s->reports[r].source + i];
                        raw(p, "<tr><td>");
                        html_text(p, in->name);
                        raw(p, in->complete ? "</td><td>" : " <span class=\"tag warn\">not in full</span></td><td>");
                        html_text(p, in->type);
                        rawf(p,
                             "</td><td class=\"n\">%" PRIu64 "</td><td class=\"n\">%" PRIu64
                             "</td><td class=\"n\">%" PRIu64 "</td><td>",
                             in->entries, in->bytes, in->lost);
                        html_text(p, s->reports[r].name);
                        if (s->reports[r].version) {
                                raw(p, " by vmlife ");
                                html_text(p, s->reports[r].version);
                        }
                        raw(p, "</td></tr>\n");
                }
        raw(p, "</tbody></table></div></section>\n");
}
