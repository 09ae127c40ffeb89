/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <string.h>

#include "base/log.h"
#include "base/macros.h"
#include "cmd/command.h"
#include "judge/rules.h"
#include "output/terminal.h"
#include "output/topic.h"

extern const struct command command_explain;

struct options {
        unsigned color; /* enum color_when */
};

static const struct cmd_option options[] = {
        { 0, "color", "WHEN", "@; auto, the default, is colour for a terminal, unless NO_COLOR is set", set_choice,
          .at = offsetof(struct options, color), .values = color_when_name },
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

static int run(int argc, char **argv) {
        struct options o = {};
        struct words words;
        int e = options_parse(&command_explain, argc, argv, &o, &words), status = EXIT_CLEAN;

        if (e != 0)
                return e > 0 ? EXIT_CLEAN : EXIT_INPUT;
        const struct terminal t = terminal_of(stdout, (enum color_when) o.color);
        if (words.n == 0)
                list(&t);
        for (size_t i = 0; i < words.n; i++) {
                const struct topic *x = topic_of(words.items[i]);

                if (!x) {
                        log_error("unknown rule, detector, kind or verdict \"%s\"; \"vmlife explain\" lists all",
                                  words.items[i]);
                        status = EXIT_INPUT;
                        continue;
                }
                if (i)
                        fputc('\n', t.f);
                explain(&t, x);
        }
        if (fflush(stdout) != 0) {
                log_error("cannot write standard output");
                return EXIT_INPUT;
        }
        return status;
}

const struct command command_explain = {
        .name = "explain",
        .what = "explain a rule, a kind of report or a verdict, and how to investigate it",
        .words = "[WORD...]",
        .word = word,
        .about = "Explains what each WORD means, its usual causes, what to look at, and which kernel options and "
                 "tracepoints show more. WORD is a rule, a detector, a kind (\"lockdep/circular-locking\", "
                 "or \"circular-locking\" if no other detector has a kind of that name), a verdict or another term of "
                 "the reports. With no WORD: lists all of them.",
        .after = "Exit status: 2 if a WORD is unknown, otherwise 0.",
        .options = options,
        .run = run,
};
