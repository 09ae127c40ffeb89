/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "output/markdown.h"

#include <inttypes.h>

#include "base/macros.h"
#include "base/utf8.h"
#include "judge/judge.h"
#include "output/export.h"
#include "output/text.h"

/* Markdown (CommonMark with tables), for issues, merge requests and chats: a table of the findings, then each in full.
 */

/* What trackers make a link or a call of, whatever marks stand before it: "@name", "#12", "!12", "https://". */
static bool calls(struct slice s) {
        if (s.n < 2)
                return false;
        return s.s[0] == '@' || ((s.s[0] == '#' || s.s[0] == '!') && is_digit(s.s[1])) ||
               slice_starts(s, SLICE("://")) || slice_starts(s, SLICE("www."));
}

static bool is_of_word(char c) {
        return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* Has the byte a meaning in Markdown? "_" within a word has none. */
static bool is_markup(struct slice s, size_t i) {
        if (s.s[i] == '_' && i > 0 && i + 1 < s.n)
                return !is_of_word(s.s[i - 1]) || !is_of_word(s.s[i + 1]);
        return strchr("\\`*_[]|~", s.s[i]) != NULL;
}

static void print_byte(FILE *f, struct slice s, size_t i) {
        const char c = s.s[i];

        if (c == '\n' || c == '\t' || c == '\r')
                fputc(' ', f);
        else if (c == '<')
                fputs("&lt;", f);
        else if (c == '&')
                fputs("&amp;", f);
        else if (is_markup(s, i))
                fprintf(f, "\\%c", c);
        else
                fputc(c, f);
}

void markdown_words(FILE *f, struct slice words) {
        _cleanup_(buffer_done) struct buffer b = {};

        if (utf8_add_shown(&b, words) < 0)
                return;
        const struct slice shown = buffer_all(&b);
        for (size_t i = 0; i < shown.n; i++) {
                print_byte(f, shown, i);
                /* A space without width. */
                if (calls(slice_from(shown, i)))
                        fputs("&#8203;", f);
        }
}

static void print_text(FILE *f, const char *words) {
        markdown_words(f, slice_of(words));
}

static const char *release_of(const struct scan *s, const struct finding *x) {
        const struct boot *b = s->boots.items[x->boot];
        return b->release ? b->release : "unknown";
}

static void print_row(FILE *f, const struct scan *s, const struct finding *x) {
        fprintf(f, "| %s | %s | ", severity_name(x->severity), relevance_name(x->relevance));
        print_text(f, x->title);
        fprintf(f, "%s | %" PRIu64 " | ", x->injected == INJECTED_YES ? " (injected)" : "", x->count);
        print_text(f, release_of(s, x));
        fputs(" |\n", f);
}

static int print_finding(FILE *f, const struct scan *s, const struct finding *x) {
        /* Each line of the detail begins with a word of ours, so that none can end the block. */
        const struct style style = { .terminal = terminal_of(f, COLOR_NEVER), .verbose = 2 };

        fputs("\n## ", f);
        print_text(f, x->title);
        fprintf(f, "\n\n- %s, severity %s%s", relevance_name(x->relevance), severity_name(x->severity),
                x->injected == INJECTED_YES ? ", injected" : "");
        if (x->rule) {
                fputs(", rule ", f);
                print_text(f, x->rule);
        }
        if (x->why) {
                fputs(": ", f);
                print_text(f, x->why);
        }
        fputs("\n- kernel ", f);
        print_text(f, release_of(s, x));
        if (s->boots.items[x->boot]->host) {
                fputs(" on ", f);
                print_text(f, s->boots.items[x->boot]->host);
        }
        fputs(", at ", f);
        show_time(&style.terminal, &x->first);
        fprintf(f, ", seen %" PRIu64 " time%s\n", x->count, x->count == 1 ? "" : "s");
        if (x->message) {
                fputs("- ", f);
                print_text(f, x->message);
                fputc('\n', f);
        }
        for (size_t i = 0; i < x->n_corrupted; i++) {
                fputs("- corrupted: ", f);
                print_text(f, x->corrupted[i]);
                fputc('\n', f);
        }
        fprintf(f, "- signature %s\n", x->signature);
        fputs("\n```\n", f);
        int e = show_detail(s, x, &style, 0);
        fputs("```\n", f);
        return e;
}

static void print_boot(FILE *f, const struct scan *s, uint32_t boot) {
        const struct boot *b = s->boots.items[boot];

        fprintf(f, "- boot %s, kernel ", *b->id ? b->id : "(text)");
        print_text(f, b->release ? b->release : "unknown");
        fprintf(f, ": **%s**", verdict_name(b->verdict));
        for (size_t i = 0; i < b->n_reasons; i++) {
                fputs(i ? "; " : ": ", f);
                print_text(f, b->reasons[i]);
        }
        for (size_t i = 0; i < b->n_caveats; i++) {
                fputs(i ? "; " : ", but: ", f);
                print_text(f, b->caveats[i]);
        }
        for (size_t i = 0; i < b->n_labels; i++) {
                fputs(i ? ", " : "; labels: ", f);
                print_text(f, b->labels[i].name);
                fputc('=', f);
                print_text(f, b->labels[i].value);
        }
        fputc('\n', f);
}

static int write_form(const struct saved *saved, const struct export_options *o _unused_, FILE *f) {
        const struct scan *s = &saved->scan;
        int e = 0;

        fprintf(f, "# vmlife: %zu finding%s in %zu boot%s\n\n", s->store.n, s->store.n == 1 ? "" : "s", s->boots.n,
                s->boots.n == 1 ? "" : "s");
        for (uint32_t i = 0; i < s->boots.n; i++)
                print_boot(f, s, i);
        if (s->store.n)
                fputs("\n| severity | relevance | finding | count | kernel |\n|---|---|---|---:|---|\n", f);
        for (size_t i = 0; i < s->store.n; i++)
                print_row(f, s, s->store.items[i]);
        for (size_t i = 0; e == 0 && i < s->store.n; i++)
                e = print_finding(f, s, s->store.items[i]);
        return e;
}

const struct export export_markdown = { "markdown", "for issues, merge requests and chats", write_form, true };
