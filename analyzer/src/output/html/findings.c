/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <inttypes.h>

#include "base/macros.h"
#include "judge/judge.h"
#include "output/html/page.h"
#include "triage/known.h"

/* The findings: one line each, which opens. */

enum { TOLD_MAX = 50 }; /* times that a finding came which are listed */

static bool is_asked(const struct finding *f) {
        return f->injected == INJECTED_YES;
}

static const struct issue *issue_of(const struct digest_line *l) {
        for (size_t i = 0; i < l->n; i++)
                if (l->all[i]->issue)
                        return l->all[i]->issue;
        return NULL;
}

static bool is_known(const struct digest_line *l) {
        for (size_t i = 0; i < l->n; i++)
                if (l->all[i]->status == STATUS_KNOWN)
                        return true;
        return false;
}

/* --- the line --- */

/* What the filters ask for. */
static void print_marks(struct page *p, const struct digest_line *l) {
        const struct finding *f = l->example;

        rawf(p, " data-relevance=\"%s\" data-severity=\"%s\" data-count=\"%" PRIu64 "\" data-last=\"%" PRIu64 "\"",
             relevance_name(f->relevance), severity_name(f->severity), l->count, l->last->last.real_us);
        html_attribute(p, "data-owner", f->owner);
        html_attribute(p, "data-subsystem", f->subsystem);
        html_attribute(p, "data-detector", f->detector);
        html_attribute(p, "data-rule", f->rule ? f->rule : "none");
        rawf(p, " data-state=\"%s\" data-boots=\"",
             is_asked(f) ? "asked" :
             l->is_new   ? "new" :
             is_known(l) ? "known" :
                           "seen");
        for (size_t i = 0; i < l->n; i++)
                if (i == 0 || l->all[i]->boot != l->all[i - 1]->boot)
                        rawf(p, " %" PRIu32, p->rank[l->all[i]->boot] + 1);
        raw(p, " \" data-events=\"");
        for (size_t i = 0; i < l->n; i++)
                rawf(p, "%s%" PRIu32 ":%zu:%" PRIu64, i ? " " : "", p->rank[l->all[i]->boot] + 1,
                     span_column(p, l->all[i]), l->all[i]->count);
        rawf(p, "\" data-first=\"%" PRIu32 ":%zu\"", p->rank[l->first->boot] + 1, span_column(p, l->first));
}

static void print_badges(struct page *p, const struct digest_line *l) {
        const struct finding *f = l->example;

        raw(p, "<span class=\"badges\">");
        if (l->is_new)
                raw(p, "<span class=\"badge new\">new</span>");
        else if (is_known(l))
                raw(p, "<span class=\"badge known\">known</span>");
        if (is_asked(f))
                raw(p, "<span class=\"badge asked\">injected</span>");
        rawf(p, "<span class=\"badge r-%s\">%s</span></span>", relevance_name(f->relevance),
             relevance_name(f->relevance));
}

static void print_summary(struct page *p, const struct digest_line *l) {
        const struct finding *f = l->example;

        raw(p, "<summary>");
        print_badges(p, l);
        raw(p, "<span class=\"title\">");
        html_text(p, f->title);
        raw(p, "</span><span class=\"sub\">");
        if (f->rule) {
                raw(p, "<b>");
                html_text(p, f->rule);
                raw(p, "</b> · ");
        }
        html_text(p, f->detector);
        if (strcmp(f->detector, f->kind) != 0 && (!f->rule || strcmp(f->rule, f->kind) != 0)) {
                raw(p, " ");
                html_text(p, f->kind);
        }
        rawf(p, " · <span class=\"severity\">%s</span></span><span class=\"when\">", severity_name(f->severity));
        if (p->span->n > 1)
                html_bars(p, l);
        rawf(p, "<span class=\"count\">×%" PRIu64 "</span><span class=\"in\">", l->count);
        html_count(p, l->n_boots, "boot", "boots");
        raw(p, "</span></span></summary>\n");
}

/* --- what stands in it --- */

static void print_issue(struct page *p, const struct digest_line *l) {
        const struct issue *i = issue_of(l);

        if (!i)
                return;
        raw(p, "<aside class=\"issue\"><h4>Known: ");
        html_text(p, i->name);
        raw(p, i->expired ? " <span class=\"tag\">expired</span></h4>" : "</h4>");
        if (i->note) {
                raw(p, "<p>");
                html_text(p, i->note);
                raw(p, "</p>");
        }
        /* Only a link to another page: a report may hold any text there. */
        const struct slice bug = slice_of(i->bug);
        if (slice_starts(bug, SLICE("https://")) || slice_starts(bug, SLICE("http://"))) {
                raw(p, "<p><a rel=\"noreferrer\" href=\"");
                html_slice(p, bug);
                raw(p, "\">");
                html_slice(p, bug);
                raw(p, "</a></p>");
        } else if (bug.n) {
                raw(p, "<p>");
                html_slice(p, bug);
                raw(p, "</p>");
        }
        raw(p, "</aside>");
}

static void term(struct page *p, const char *name, const char *value) {
        if (!value)
                return;
        raw(p, "<div><dt>");
        html_text(p, name);
        raw(p, "<dd>");
        html_text(p, value);
        raw(p, "</div>");
}

static void term_seen(struct page *p, const char *name, const struct finding *f, const struct stamp *t) {
        rawf(p, "<div><dt>%s<dd>", name);
        html_time(p, t);
        raw(p, ", ");
        html_boot_link(p, f->boot);
        raw(p, "</div>");
}

static void print_group(struct page *p, const struct finding *f) {
        if (!f->cause)
                return;
        if (f->cause != f) {
                raw(p, "<div><dt>likely caused by<dd><a href=\"#");
                html_line_id(p, f->cause);
                raw(p, "\">");
                html_text(p, f->cause->title);
                raw(p, "</a>");
                if (f->link) {
                        raw(p, " (");
                        html_text(p, f->link);
                        raw(p, ")");
                }
                raw(p, "</div>");
                return;
        }
        raw(p, "<div><dt>likely led to<dd>");
        for (const struct finding *x = f->next_in_group, *first = x; x; x = x->next_in_group) {
                raw(p, x == first ? "<a href=\"#" : "<br><a href=\"#");
                html_line_id(p, x);
                raw(p, "\">");
                html_text(p, x->title);
                raw(p, "</a>");
        }
        raw(p, "</div>");
}

static void print_signature(struct page *p, const struct finding *f) {
        raw(p, "<div><dt>signature<dd>");
        html_text(p, f->signature);
        raw(p, " <button type=\"button\" hidden");
        html_attribute(p, "data-copy", f->signature);
        raw(p, ">copy</button></div>");
}

static void print_facts(struct page *p, const struct digest_line *l) {
        const struct finding *f = l->example;

        raw(p, "<dl class=\"facts\">");
        term_seen(p, "first seen", l->first, &l->first->first);
        if (l->count > 1)
                term_seen(p, "last seen", l->last, &l->last->last);
        html_history(p, l);
        print_group(p, f);
        term(p, "the kernel's words", f->message);
        for (size_t i = 0; i < f->n_alt_titles; i++)
                term(p, "also called", f->alt_titles[i]);
        term(p, "owner", f->owner);
        term(p, "subsystem", f->subsystem);
        term(p, "file", f->guilty_file);
        term(p, "file guessed by", f->guilty_file_guess);
        for (size_t i = 0; i < f->n_maintainers; i++)
                term(p, "maintainer", f->maintainers[i]);
        for (size_t i = 0; i < f->n_reviewers; i++)
                term(p, "reviewer", f->reviewers[i]);
        for (size_t i = 0; i < f->n_wider; i++)
                term(p, "of a wider section", f->wider[i]);
        for (size_t i = 0; i < f->n_lists; i++)
                term(p, "list", f->lists[i]);
        term(p, "test", f->test);
        for (size_t i = 0; i < f->n_tasks; i++) {
                raw(p, "<div><dt>task<dd>");
                html_text(p, f->tasks[i].comm ? f->tasks[i].comm : "");
                rawf(p, "/%" PRIu64, f->tasks[i].pid);
                if (f->tasks[i].cpu >= 0)
                        rawf(p, " on CPU %" PRId64, f->tasks[i].cpu);
                if (f->tasks[i].role) {
                        raw(p, ", ");
                        html_text(p, f->tasks[i].role);
                }
                raw(p, "</div>");
        }
        for (size_t i = 0; i < f->n_fields; i++)
                if (strcmp(f->fields[i].key, "value_old") != 0 && strcmp(f->fields[i].key, "value_new") != 0)
                        term(p, f->fields[i].key, f->fields[i].value);
        if (f->origin == ORIGIN_USERSPACE)
                term(p, "origin", "a process wrote this, not the kernel");
        for (size_t i = 0; i < f->n_corrupted; i++)
                term(p, "not whole", f->corrupted[i]);
        print_signature(p, f);
        raw(p, "</dl>");
}

static void print_held(struct page *p, const struct finding *f) {
        bool any = false;

        for (size_t i = 0; i < f->n_locks; i++) {
                const struct lock *l = &f->locks[i];
                if (strcmp(l->role, "chain") == 0)
                        continue;
                if (!any)
                        raw(p, "<div class=\"scroll\"><table "
                               "class=\"held\"><caption>Locks</caption><thead><tr><th>role</th><th>lock</th><th>usage</"
                               "th><th>taken in</th></tr></thead><tbody>");
                any = true;
                raw(p, "<tr><td>");
                html_text(p, l->role);
                raw(p, "</td><td><code>");
                html_text(p, l->name ? l->name : "");
                raw(p, "</code></td><td>");
                html_text(p, l->usage ? l->usage : "");
                raw(p, "</td><td><code>");
                html_text(p, l->function ? l->function : "");
                raw(p, "</code></td></tr>");
        }
        if (any)
                raw(p, "</tbody></table></div>");
}

static void print_times(struct page *p, const struct digest_line *l) {
        if (l->n == 1)
                return;
        rawf(p,
             "<details class=\"times\"><summary>All %zu boots and times</summary><div "
             "class=\"scroll\"><table><thead><tr><th>boot<th>machine"
             "<th>kernel<th>first<th>last<th>count<tbody>",
             l->n);
        for (size_t i = 0; i < l->n && i < TOLD_MAX; i++) {
                const struct finding *f = l->all[l->n - 1 - i];
                const struct boot *b = p->scan->boots.items[f->boot];
                raw(p, "<tr><td>");
                html_boot_link(p, f->boot);
                raw(p, "<td>");
                html_text(p, p->machines[l->all[l->n - 1 - i]->boot] ? p->machines[l->all[l->n - 1 - i]->boot] : "");
                raw(p, "<td>");
                html_text(p, b->release ? b->release : "");
                raw(p, "<td>");
                html_when(p, &f->first);
                raw(p, "<td>");
                html_when_after(p, &f->first, &f->last);
                rawf(p, "<td>%" PRIu64, f->count);
        }
        raw(p, "</table></div>");
        if (l->n > TOLD_MAX)
                rawf(p, "<p class=\"none\">and %zu earlier ones</p>", l->n - TOLD_MAX);
        raw(p, "</details>");
}

static void print_excerpt(struct page *p, const struct finding *f) {
        _cleanup_(buffer_done) struct buffer scratch = {};
        const struct source_info *source = &p->scan->sources[f->source];
        struct slice lines;

        if (p->error == 0)
                p->error = store_excerpt(&p->scan->store, f, &scratch, &lines);
        if (p->error < 0 || lines.n == 0)
                return;
        raw(p, "<details class=\"excerpt\"><summary>What the kernel printed</summary><p class=\"none\">");
        html_text(p, source->name);
        rawf(p, ", %s %" PRIu64 "</p><pre tabindex=\"0\">", entry_word(source), f->number);
        html_slice(p, lines);
        raw(p, "</pre></details>");
}

/* Titles of our own are in no list's archive: the variant's, a count, one without the function that was lost. */
static bool is_searchable(const struct finding *f) {
        return strcmp(f->detector, "vmlife") != 0 && strcmp(f->kind, "suspected") != 0 &&
               !slice_ends(slice_of(f->title), SLICE(" in corrupted"));
}

/* A link to this finding, and a search for its title in the archive of the mailing lists. */
static void print_links(struct page *p, const struct digest_line *l) {
        const struct finding *f = l->example;

        raw(p, "<p class=\"links\"><a href=\"#");
        html_line_id(p, f);
        raw(p, "\">link to this finding</a>");
        if (!is_searchable(f)) {
                raw(p, "</p>");
                return;
        }
        raw(p, " <a rel=\"noreferrer\" href=\"https://lore.kernel.org/all/?q=");
        html_phrases(p, f->title);
        raw(p, "\">search the kernel's mailing lists for it</a></p>");
}

static void print_line(struct page *p, const struct digest_line *l, bool follows) {
        const struct finding *f = l->example;

        raw(p, follows ? "<li class=\"finding follows\"" : "<li class=\"finding\"");
        print_marks(p, l);
        raw(p, "><details id=\"");
        html_line_id(p, f);
        raw(p, "\">");
        print_summary(p, l);
        raw(p, "<div class=\"body\"><p class=\"why\">");
        html_text(p, f->why);
        raw(p, "</p>");
        print_issue(p, l);
        html_topic(p, f);
        if (html_has_locks(f))
                html_locks(p, f);
        html_stacks(p, f);
        print_facts(p, l);
        print_held(p, f);
        print_times(p, l);
        print_excerpt(p, f);
        print_links(p, l);
        raw(p, "</div></details></li>\n");
}

/* --- the filters --- */

static int by_word(const void *a, const void *b) {
        return strcmp(*(const char *const *) a, *(const char *const *) b);
}

/* The i-th of n values that a filter chooses among; NULL: that one has none. */
typedef const char *(*value_of_t)(const struct page *p, size_t i);

/* Each value once; nothing where no item has one. */
static void print_choice(struct page *p, const char *name, size_t n, value_of_t value) {
        _cleanup_free_ const char **values = calloc(n + 1, sizeof(*values));
        size_t n_values = 0;

        if (!values) {
                p->error = -ENOMEM;
                return;
        }
        for (size_t i = 0; i < n; i++)
                if ((values[n_values] = value(p, i)))
                        n_values++;
        if (n_values == 0)
                return;
        qsort(values, n_values, sizeof(*values), by_word);
        rawf(p, "<label>%s <select name=\"%s\"><option value=\"\">any</option>", name, name);
        for (size_t i = 0; i < n_values; i++) {
                if (i && strcmp(values[i], values[i - 1]) == 0)
                        continue;
                raw(p, "<option>");
                html_text(p, values[i]);
                raw(p, "</option>");
        }
        raw(p, "</select></label>\n");
}

static const struct finding *line(const struct page *p, size_t i) {
        return p->digest->lines[i].example;
}

static const char *rule_value(const struct page *p, size_t i) {
        return line(p, i)->rule ? line(p, i)->rule : "none";
}

static const char *detector_value(const struct page *p, size_t i) {
        return line(p, i)->detector;
}

static const char *owner_value(const struct page *p, size_t i) {
        return line(p, i)->owner;
}

static const char *subsystem_value(const struct page *p, size_t i) {
        return line(p, i)->subsystem;
}

static const char *machine_value(const struct page *p, size_t i) {
        return p->machines[i];
}

static const char *build_value(const struct page *p, size_t i) {
        return boot_label_value(p->scan->boots.items[i], "build");
}

static const char *kernel_value(const struct page *p, size_t i) {
        return p->scan->boots.items[i]->release;
}

static void print_filters(struct page *p) {
        raw(p, "<form class=\"filters\" id=\"filters\" hidden role=\"search\">\n<label class=\"text\">search "
               "<input type=\"search\" name=\"text\" autocomplete=\"off\" spellcheck=\"false\" placeholder=\"words in "
               "titles, stacks, logs\"></label>\n");
        print_choice(p, "rule", p->digest->n, rule_value);
        raw(p, "<label>severity <select name=\"severity\"><option value=\"\">any</option><option "
               "value=\"critical\">critical</option><option value=\"critical high\">high or more</option><option "
               "value=\"critical high medium\">medium or more</option></select></label>\n");
        raw(p, "<label>relevance <select name=\"relevance\"><option value=\"\">any</option><option "
               "value=\"certain\">certain</option>"
               "<option value=\"certain likely\">likely or more</option><option value=\"certain likely "
               "related\">related or more</option>"
               "<option value=\"unrelated\">unrelated only</option></select></label>\n");
        print_choice(p, "detector", p->digest->n, detector_value);
        print_choice(p, "subsystem", p->digest->n, subsystem_value);
        print_choice(p, "owner", p->digest->n, owner_value);
        print_choice(p, "machine", p->scan->boots.n, machine_value);
        print_choice(p, "build", p->scan->boots.n, build_value);
        print_choice(p, "kernel", p->scan->boots.n, kernel_value);
        raw(p, "<label>boot <select name=\"boot\"><option value=\"\">any</option>");
        for (uint32_t i = 0; i < p->scan->boots.n; i++) {
                rawf(p, "<option value=\"%" PRIu32 "\">%" PRIu32 "  ", i + 1, i + 1);
                html_text(p, p->labels[p->order[i]]);
                raw(p, "</option>");
        }
        raw(p, "</select></label>\n<label>state <select name=\"state\"><option "
               "value=\"\">any</option><option>new</option><option>seen</option>"
               "<option>known</option><option value=\"asked\">injected</option></select></label>\n"
               "<label>sort by <select name=\"sort\"><option value=\"\">new, worst</option><option>severity</option>"
               "<option>count</option><option>boots</option><option value=\"last\">last seen</option>"
               "<option>title</option><option>detector</option></select></label>\n"
               "<button type=\"reset\">clear</button> <output aria-live=\"polite\"></output>\n</form>\n");
}

void html_findings(struct page *p) {
        raw(p, "<section id=\"findings\"><h2>Findings</h2>\n");
        if (p->digest->n == 0) {
                raw(p, "<p class=\"none\">No report of the kernel was found. Whether that proves something, see "
                       "the verdicts.</p></section>\n");
                return;
        }
        print_filters(p);
        raw(p, "<ol class=\"findings\">\n");
        for (size_t i = 0; i < p->digest->n && p->error == 0; i++)
                print_line(p, &p->digest->lines[p->lines[i].line], p->lines[i].follows);
        raw(p, "</ol></section>\n");
}
