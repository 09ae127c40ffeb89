/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <stdlib.h>

#include "base/macros.h"
#include "output/html/page.h"
#include "output/topic.h"

/* What vmlife explain prints about the findings: each topic once, at the end of the page. The script copies it into a
 * finding that is opened. */

void html_topic(struct page *p, const struct finding *f) {
        const struct topic *t = topic_of_finding(f);

        if (!t)
                return;
        raw(p, "<aside class=\"topic\"><h4>");
        html_text(p, t->word);
        raw(p, ": ");
        html_text(p, t->what);
        raw(p, "</h4><p><a href=\"#t-");
        html_text(p, t->word);
        raw(p, "\">what it means, typical causes, where to look</a></p></aside>");
}

/* Paragraphs, divided by empty lines. */
static void print_paragraphs(struct page *p, const char *heading, const char *text) {
        struct slice rest = slice_of(text);

        if (!text)
                return;
        if (heading)
                rawf(p, "<h5>%s</h5>", heading);
        while (rest.n) {
                const size_t at = slice_find(rest, SLICE("\n\n"));
                raw(p, "<p>");
                html_slice(p, slice_head(rest, at));
                raw(p, "</p>");
                rest = at == SLICE_NPOS ? slice_from(rest, rest.n) : slice_from(rest, at + 2);
        }
}

static void print_topic(struct page *p, const struct topic *t) {
        const struct topic *up = topic_parent(t);

#define OR_UP(member) (t->member ? t->member : up ? up->member : NULL)
        raw(p, "<li class=\"topic\"><details id=\"t-");
        html_text(p, t->word);
        raw(p, "\"><summary>");
        html_text(p, t->word);
        raw(p, ": ");
        html_text(p, t->what);
        raw(p, "</summary><div>");
        print_paragraphs(p, NULL, OR_UP(means));
        print_paragraphs(p, "Typical cause", OR_UP(cause));
        print_paragraphs(p, "What to look at", OR_UP(look));
        print_paragraphs(p, "To see more", OR_UP(turn_on));
        if (OR_UP(commands)) {
                raw(p, "<pre tabindex=\"0\">");
                html_text(p, OR_UP(commands));
                raw(p, "</pre>");
        }
        raw(p, "</div></details></li>\n");
#undef OR_UP
}

static int by_word(const void *a, const void *b) {
        const struct topic *const *x = a, *const *y = b;

        return strcmp((*x)->word, (*y)->word);
}

void html_topics(struct page *p) {
        _cleanup_free_ const struct topic **topics = calloc(p->digest->n + 1, sizeof(*topics));
        size_t n = 0;

        if (!topics) {
                p->error = -ENOMEM;
                return;
        }
        for (size_t i = 0; i < p->digest->n; i++)
                if ((topics[n] = topic_of_finding(p->digest->lines[i].example)))
                        n++;
        if (n == 0)
                return;
        qsort(topics, n, sizeof(*topics), by_word);
        raw(p, "<section id=\"explained\"><h2>Explained</h2>\n<ul class=\"topics\">\n");
        for (size_t i = 0; i < n; i++)
                if (i == 0 || topics[i] != topics[i - 1])
                        print_topic(p, topics[i]);
        raw(p, "</ul></section>\n");
}
