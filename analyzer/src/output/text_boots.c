/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Behind the findings: what is proven of each boot, and what was read. */
#include <errno.h>
#include <inttypes.h>

#include "base/cleanup.h"
#include "base/macros.h"
#include "output/reasons.h"
#include "output/text.h"

enum { FEW_BOOTS = 3, FEW_SOURCES = 5 };

enum paint paint_of_verdict(enum verdict v) {
        static const enum paint paints[] = { [VERDICT_CLEAN] = PAINT_GOOD,
                                             [VERDICT_FINDINGS] = PAINT_BAD,
                                             [VERDICT_NOT_PROVEN] = PAINT_DOUBT };
        return paints[v];
}

/* How many of the variant's hooks were passed; the others prove nothing. */
static void show_passes(const struct style *style, const struct boot *b) {
        const struct terminal *t = &style->terminal;
        size_t passed = 0;
        const char *before = "    never passed: ";

        if (!b->n_passes)
                return;
        for (size_t i = 0; i < b->n_passes; i++)
                passed += b->passes[i].n > 0;
        fprintf(t->f, "    hooks passed: %zu of %zu\n", passed, b->n_passes);
        for (size_t i = 0; style->verbose && i < b->n_passes; i++)
                if (!b->passes[i].n) {
                        fputs(before, t->f);
                        show_text(t, b->passes[i].site);
                        before = "\n                  ";
                }
        if (style->verbose && passed < b->n_passes)
                fputc('\n', t->f);
}

/* A text's boots have no other name than their source's. */
static void show_name(const struct terminal *t, const struct scan *s, const struct boot *b) {
        fputs("boot ", t->f);
        show_text(t, *b->id ? b->id : s->n_sources > 1 ? s->sources[b->source].name : "(text)");
        if (b->host) {
                fputs(" of ", t->f);
                show_text(t, b->host);
        }
}

/* What a CI system knew of the log. */
static void show_labels(const struct terminal *t, const struct boot *b) {
        for (size_t i = 0; i < b->n_labels; i++) {
                fputs(i ? ", " : "    labels: ", t->f);
                show_text(t, b->labels[i].name);
                fputc('=', t->f);
                show_text(t, b->labels[i].value);
        }
        if (b->n_labels)
                fputc('\n', t->f);
}

static const char *reason_label(const struct boot *b) {
        return b->verdict == VERDICT_FINDINGS ? "also unproven" : "not proven";
}

static void show_reasons(const struct terminal *t, const struct boot *b) {
        char label[32];

        for (size_t i = 0; i < b->n_caveats; i++)
                show_line(t, 4, "but: ", b->caveats[i]);
        snprintf(label, sizeof(label), "%s: ", reason_label(b));
        for (size_t i = 0; i < b->n_reasons; i++)
                show_line(t, 4, label, b->reasons[i]);
}

static void show_boot(const struct style *style, const struct scan *s, const struct boot *b, bool with_reasons) {
        const struct terminal *t = &style->terminal;

        show_name(t, s, b);
        if (b->release) {
                fputs(", kernel ", t->f);
                show_text(t, b->release);
        }
        if (b->loaded) {
                fputs(", variant loaded, inject=", t->f);
                show_text(t, b->inject ? b->inject : "none");
        }
        fputs(": ", t->f);
        painted(t, paint_of_verdict(b->verdict), verdict_name(b->verdict));
        if (b->lost)
                fprintf(t->f, ", %" PRIu64 " messages lost", b->lost);
        fputc('\n', t->f);
        if (with_reasons) {
                show_labels(t, b);
                show_reasons(t, b);
        }
        for (size_t i = 0; i < b->n_events; i++) {
                fprintf(t->f, "    beside reports: %s, %" PRIu64 " time%s", event_name(b->events[i].what),
                        b->events[i].n, b->events[i].n == 1 ? "" : "s");
                show_line(t, 0, ": ", b->events[i].says);
        }
        show_passes(style, b);
}

static int show_all_reasons(const struct terminal *t, const struct scan *s, const char *label, bool caveats) {
        _cleanup_(reasons_done) struct reasons all = {};

        for (size_t i = 0; i < s->boots.n; i++) {
                const struct boot *b = s->boots.items[i];
                const size_t n = caveats ? b->n_caveats : b->n_reasons;

                if (!caveats && strcmp(reason_label(b), label) != 0)
                        continue;
                for (size_t k = 0; k < n; k++)
                        if (reasons_add(&all, caveats ? b->caveats[k] : b->reasons[k], i) < 0)
                                return -ENOMEM;
        }
        return reasons_show(&all, t, label);
}

int show_boots(const struct style *style, const struct scan *s) {
        const struct terminal *t = &style->terminal;
        const bool each = style->verbose || s->boots.n <= FEW_BOOTS;
        int e = 0;

        for (size_t i = 0; i < s->boots.n; i++)
                show_boot(style, s, s->boots.items[i], each);
        if (!each)
                e = show_all_reasons(t, s, "not proven", false);
        if (!each && e == 0)
                e = show_all_reasons(t, s, "also unproven", false);
        return each || e < 0 ? e : show_all_reasons(t, s, "but", true);
}

static void show_source(const struct terminal *t, const struct source_info *s) {
        fputs("read ", t->f);
        show_text(t, s->name);
        const bool lines = strcmp(s->type, "text") == 0, one = s->entries == 1;
        fprintf(t->f, ": %" PRIu64 " %s, %" PRIu64 " byte%s", s->entries,
                lines ? one ? "line" : "lines" :
                one   ? "entry" :
                        "entries",
                s->bytes, s->bytes == 1 ? "" : "s");
        if (s->repeated)
                fprintf(t->f, ", %" PRIu64 " sent twice", s->repeated);
        if (s->format) {
                fputs(", format: ", t->f);
                show_text(t, s->format);
        }
        if (s->unread)
                fprintf(t->f, ", %" PRIu64 " of other form", s->unread);
        if (s->unrecognized)
                fprintf(t->f, ", %" PRIu64 " not recognized", s->unrecognized);
        if (s->stacks)
                fprintf(t->f, ", %" PRIu64 " stack%s of no report", s->stacks, s->stacks == 1 ? "" : "s");
        if (s->stacks_asked)
                fprintf(t->f, ", %" PRIu64 " stack%s on request", s->stacks_asked, s->stacks_asked == 1 ? "" : "s");
        if (!s->complete)
                painted(t, PAINT_BAD, ", NOT IN FULL");
        fputc('\n', t->f);
}

/* Of many only those of which something is missing. */
void show_sources(const struct style *style, const struct scan *s) {
        const struct terminal *t = &style->terminal;
        const bool each = style->verbose || s->n_sources <= FEW_SOURCES;
        uint64_t bytes = 0;
        size_t whole = 0;

        for (size_t i = 0; i < s->n_sources; i++) {
                const struct source_info *x = &s->sources[i];
                whole += x->complete;
                bytes += x->bytes;
                if (each || !x->complete || x->unrecognized || x->stacks)
                        show_source(t, x);
        }
        if (!each)
                fprintf(t->f, "read %zu sources, %zu of them in full, %" PRIu64 " bytes\n", s->n_sources, whole, bytes);
}
