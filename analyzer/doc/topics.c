/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <string.h>

#include "base/slice.h"
#include "doc.h"
#include "judge/rules.h"
#include "output/topic.h"

static void part(FILE *f, const char *label, const char *text) {
        if (!text)
                return;
        fprintf(f, ".PP\n.I %s\n.br\n", label);
        roff_paragraphs(f, text);
}

static void topic(FILE *f, const struct topic *t) {
        const struct rule *rule = rule_of(slice_of(t->word));

        fputs(".SS ", f);
        roff(f, t->word);
        fputc('\n', f);
        roff(f, t->what);
        fputs(".\n", f);
        part(f, "The contract:", rule ? rule->contract : NULL);
        part(f, "What it means:", t->means);
        part(f, "Typical cause:", t->cause);
        part(f, "What to look at:", t->look);
        part(f, "To see more:", t->turn_on);
        if (t->commands) {
                fputs(".PP\n.nf\n", f);
                roff(f, t->commands);
                fputs("\n.fi\n", f);
        }
}

int write_topics_page(FILE *f) {
        const struct topic *t;

        roff_title(f, "vmlife-explain", 7);
        fputs(".SH NAME\nvmlife\\-explain \\- what the rules, kinds and verdicts of vmlife mean\n.SH DESCRIPTION\n"
              "What\n.BR vmlife\\-explain (1)\nsays of each word, in one place. A kind of report that says nothing of "
              "its own about "
              "something shares what\nits detector says.\n",
              f);
        for (size_t i = 0; topics_all[i]; i++) {
                fputs(".SH ", f);
                for (const char *p = topics_all[i]->heading; *p; p++)
                        fputc(*p >= 'a' && *p <= 'z' ? *p - 'a' + 'A' : *p, f);
                fputc('\n', f);
                for (size_t k = 0; (t = topics_item(topics_all[i], k)); k++)
                        topic(f, t);
        }
        fputs(".SH SEE ALSO\n.BR vmlife (1),\n.BR vmlife\\-explain (1),\n.BR vmlife\\-report (5)\n", f);
        return 0;
}

static void entry(FILE *f, const char *id, const char *subject) {
        fprintf(f,
                "\n-- %s\nSubject: %s\nDefined-By: vmlife\nSupport: man:vmlife(1)\nDocumentation: "
                "man:vmlife-explain(7)\n\n",
                id, subject);
}

/* A line that begins with "--" would begin the next entry. */
static void paragraph(FILE *f, const char *text) {
        if (text)
                fprintf(f, "%s%s\n\n", strncmp(text, "--", 2) == 0 ? " " : "", text);
}

int write_catalog(FILE *f) {
        const struct topic *t;

        fputs("# SPDX-License-Identifier: LGPL-2.1-or-later\n# Made by vmlife-doc. What journalctl -x says of findings "
              "that vmlife "
              "follow writes to the journal.\n",
              f);
        entry(f, MESSAGE_ID_FINDING, "vmlife: a report of the kernel");
        fputs("The kernel reported:\n\n@MESSAGE@\n\nvmlife explain lists what is known of reports.\n", f);
        for (size_t i = 0; topics_all[i]; i++)
                for (size_t k = 0; (t = topics_item(topics_all[i], k)); k++) {
                        if (!t->message_id)
                                continue;
                        entry(f, t->message_id, t->what);
                        paragraph(f, t->means);
                        paragraph(f, t->cause);
                        paragraph(f, t->look);
                        fprintf(f, "vmlife explain %s says more.\n", t->word);
                }
        return 0;
}
