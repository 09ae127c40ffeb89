/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <string.h>
#include <strings.h>

#include "base/log.h"
#include "base/macros.h"
#include "base/suggest.h"
#include "cmd/command.h"
#include "cmd/showing.h"
#include "judge/rules.h"
#include "output/terminal.h"
#include "output/topic.h"

extern const struct command command_explain;

static const struct cmd_option options[] = {
        { .include = showing_options },
        {},
};

static const char *word(size_t i) {
        const struct topic *x;

        for (size_t k = 0; topics_all[k]; k++)
                for (size_t n = 0; (x = topics_item(topics_all[k], n)); n++)
                        if (i-- == 0)
                                return x->word;
        return NULL;
}

static void heading(const struct terminal *t, const char *text) {
        paint(t, PAINT_STRONG);
        fprintf(t->f, "%s\n", text);
        unpaint(t, PAINT_STRONG);
}

static void list(const struct terminal *t) {
        enum { WIDTH = 30 };
        const struct topic *x;

        for (size_t k = 0; topics_all[k]; k++) {
                heading(t, topics_all[k]->heading);
                for (size_t i = 0; (x = topics_item(topics_all[k], i)); i++) {
                        fprintf(t->f, "  %-*s ", WIDTH, x->word);
                        const size_t at = 3 + MAX(strlen(x->word), (size_t) WIDTH);
                        show_wrapped(t, slice_of(x->what), at, 3 + WIDTH);
                }
                fputc('\n', t->f);
        }
        fputs("\"vmlife explain WORD\" says more about each.\n", t->f);
}

static void section(const struct terminal *t, const char *title, const char *text) {
        if (!text)
                return;
        fputc('\n', t->f);
        heading(t, title);
        fputs("  ", t->f);
        show_wrapped(t, slice_of(text), 2, 2);
}

static void show_commands(const struct terminal *t, const char *lines) {
        struct slice rest = slice_of(lines);

        if (!lines)
                return;
        fputc('\n', t->f);
        heading(t, "To watch it");
        while (rest.n) {
                struct slice line = slice_token(&rest, '\n');
                fprintf(t->f, "  %.*s\n", SLICE_FMT(line));
        }
}

static void explain(const struct terminal *t, const struct topic *x) {
        const struct topic *up = topic_parent(x);
        const struct rule *rule = rule_of(slice_of(x->word));
#define OR_UP(member) (x->member ? x->member : up ? up->member : NULL)

        paint(t, PAINT_STRONG);
        fputs(x->word, t->f);
        unpaint(t, PAINT_STRONG);
        fputs(": ", t->f);
        show_wrapped(t, slice_of(x->what), strlen(x->word) + 2, 2);
        section(t, "The contract", rule ? rule->contract : NULL);
        section(t, "What it means", OR_UP(means));
        section(t, "Typical cause", OR_UP(cause));
        section(t, "What to look at", OR_UP(look));
        section(t, "To see more", OR_UP(turn_on));
        show_commands(t, OR_UP(commands));
#undef OR_UP
}

struct writing {
        const struct words *words;
        struct terminal terminal;
};

static int write_topics(const void *what, FILE *f) {
        const struct writing *w = what;
        struct terminal t = w->terminal;
        bool first = true;

        t.f = f;
        if (w->words->n == 0)
                list(&t);
        for (size_t i = 0; i < w->words->n; i++) {
                const struct topic *x;

                for (size_t k = 0; (x = topic_of_many(w->words->items[i], k)); k++) {
                        if (!first)
                                fputc('\n', f);
                        first = false;
                        explain(&t, x);
                }
        }
        return 0;
}

static void unknown(const char *typed) {
        struct suggestion s = { .typed = typed };
        const char *candidate, *slash;

        if (strncmp(typed, "v1:", 3) == 0 || strncmp(typed, "v2:", 3) == 0) {
                log_error("%s is a signature: \"vmlife report SIGNATURE LOG\" shows its finding, whose title can be "
                          "explained",
                          typed);
                return;
        }
        for (size_t i = 0; (candidate = word(i)); i++) {
                suggest(&s, candidate);
                if ((slash = strchr(candidate, '/')))
                        suggest(&s, slash + 1);
        }
        if (s.best)
                log_error("unknown word \"%s\"; did you mean \"%s\"? \"vmlife explain\" lists all", typed, s.best);
        else
                log_error("unknown word \"%s\"; \"vmlife explain\" lists all", typed);
}

/* "kasan/nosuch": its detector is explained, as what a newer kernel's kind deserves, and a mistyped one is told. */
static bool is_kind_of(const char *typed, const struct topic *detector) {
        const size_t n = strlen(detector->word);
        struct suggestion s = { .typed = typed };
        const char *candidate;

        if (strncasecmp(typed, detector->word, n) != 0 || typed[n] != '/' || strchr(typed, ' '))
                return true;
        for (size_t i = 0; (candidate = word(i)); i++)
                if (strncmp(candidate, detector->word, n) == 0 && candidate[n] == '/')
                        suggest(&s, candidate);
        log_error("vmlife knows no kind \"%s\" of %s%s%s%s; \"vmlife explain\" lists all", typed + n + 1,
                  detector->word, s.best ? "; did you mean \"" : "", s.best ? s.best : "", s.best ? "\"?" : "");
        return false;
}

/* "vmlife explain not proven": one word of the reports in several of the shell's. */
static const char *joined(const struct words *w, char *buffer, size_t size) {
        size_t n = 0;

        for (size_t i = 0; i < w->n && n < size; i++)
                n += (size_t) snprintf(buffer + n, size - n, "%s%s", i ? " " : "", w->items[i]);
        return w->n > 1 && n < size && topic_of(buffer) ? buffer : NULL;
}

static int run(int argc, char **argv) {
        char buffer[128];
        const char *phrase;
        struct showing showing = {};
        struct words words;
        int e = options_parse(&command_explain, argc, argv, &showing, &words), status = EXIT_CLEAN;

        if (e != 0)
                return e > 0 ? EXIT_CLEAN : EXIT_INPUT;
        size_t n_known = 0;
        if ((phrase = joined(&words, buffer, sizeof(buffer))))
                words = (struct words){ &phrase, 1 };
        for (size_t i = 0; i < words.n; i++) {
                const struct topic *t = topic_of(words.items[i]);

                n_known += t != NULL;
                if (!t)
                        unknown(words.items[i]);
                if (!t || !is_kind_of(words.items[i], t))
                        status = EXIT_INPUT;
        }
        if (words.n && n_known == 0)
                return status;
        const struct writing w = { &words, showing_terminal(&showing, NULL) };
        return showing_write(&showing, NULL, write_topics, &w) < 0 ? EXIT_INPUT : status;
}

const struct command command_explain = {
        .name = "explain",
        .what = "explain a rule, a kind of report or a verdict, and how to investigate it",
        .words = "[WORD...]",
        .word = word,
        .about =
                "Explains what each WORD means, its usual causes, what to look at, and which kernel options and "
                "tracepoints show more. WORD is a rule, a detector, a kind (\"lockdep/circular-locking\", "
                "or \"circular-locking\", which explains each detector's kind of that name), a verdict or another term "
                "of the reports. With no WORD: lists all of them.",
        .after = "Exit status: 2 if a WORD is unknown, otherwise 0.",
        .options = options,
        .run = run,
};
