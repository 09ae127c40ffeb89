/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <inttypes.h>
#include <stdio.h>

#include "judge/judge.h"
#include "write/utf8.h"
#include "write/write.h"

/* For people at a terminal: what was found, the worst first, then what was read. */

int write_text(const struct scan *s, FILE *f);

/* Log text goes to a terminal only with its control characters taken out. */
static void print_text(FILE *f, const char *text) {
        struct buffer b = {};
        if (text && utf8_add(&b, slice_of(text)) == 0)
                fwrite(b.data ? b.data : "", 1, b.size, f);
        buffer_done(&b);
}

static void print_time(FILE *f, const struct stamp *t) {
        if (t->has_mono)
                fprintf(f, "[%5" PRIu64 ".%06" PRIu64 "]", t->mono_us / 1000000, t->mono_us % 1000000);
        else
                fputs("(time not known)", f);
}

static void print_stack(FILE *f, const struct stack *s) {
        enum { SHOWN = 6 };
        size_t shown = 0;

        fprintf(f, "    %s", s->what);
        if (s->of) {
                fputs(" of ", f);
                print_text(f, s->of);
        }
        fputs(":\n", f);
        for (size_t i = 0; i < s->n_frames && shown < SHOWN; i++) {
                const struct frame *fr = &s->frames[i];
                if (!fr->reliable)
                        continue;
                fputs("      ", f);
                print_text(f, fr->function);
                if (fr->module) {
                        fputs(" [", f);
                        print_text(f, fr->module);
                        fputs("]", f);
                }
                if (fr->file) {
                        fputs(" ", f);
                        print_text(f, fr->file);
                        fprintf(f, ":%u", fr->line);
                }
                fputc('\n', f);
                shown++;
        }
}

static void print_finding(FILE *f, const struct scan *s, const struct finding *x) {
        fprintf(f, "%s%s  ", relevance_name(x->relevance), x->injected == INJECTED_YES ? " (injected)" : "");
        print_text(f, x->title);
        if (x->count > 1)
                fprintf(f, "  x%" PRIu64, x->count);
        fputs("\n    ", f);
        if (x->rule) {
                fputs("rule ", f);
                print_text(f, x->rule);
                fputs(": ", f);
        }
        print_text(f, x->why);
        fputs("\n    ", f);
        print_time(f, &x->first);
        if (x->count > 1) {
                fputs(" to ", f);
                print_time(f, &x->last);
        }
        fputs(" ", f);
        print_text(f, s->sources[x->source].name);
        fprintf(f, ", %s %" PRIu64 ", severity %s, %s\n", strcmp(s->sources[x->source].type, "text") == 0 ? "line" : "entry",
                x->number, severity_name(x->severity), x->signature);
        if (x->cause == x)
                fputs("    the likely first cause of others below\n", f);
        else if (x->cause) {
                fputs("    likely caused by: ", f);
                print_text(f, x->cause->title);
                fprintf(f, " (%s)\n", x->link);
        }
        if (x->origin == ORIGIN_USERSPACE)
                fputs("    a process wrote this, not the kernel\n", f);
        for (size_t i = 0; i < x->n_corrupted; i++)
                fprintf(f, "    corrupted: %s\n", x->corrupted[i]);
        if (x->message) {
                fputs("    ", f);
                print_text(f, x->message);
                fputc('\n', f);
        }
        for (size_t i = 0; i < x->n_accesses; i++) {
                const struct access *a = &x->accesses[i];
                fprintf(f, "    %s%s of %" PRIu64 " bytes at 0x%" PRIx64 " by ", a->type, a->marked ? " (marked)" : "", a->size, a->address);
                if (a->interrupt)
                        fputs("an interrupt", f);
                else
                        fprintf(f, "task %" PRIu64, a->task);
                fprintf(f, " on CPU %" PRId64 "\n", a->cpu);
        }
        for (size_t i = 0; i < x->n_stacks && i < 4; i++)
                if (x->stacks[i].n_frames)
                        print_stack(f, &x->stacks[i]);
        fputc('\n', f);
}

/* How many of the variant's hooks were passed; the others are named, since they prove nothing. */
static void print_passes(FILE *f, const struct boot *b) {
        size_t passed = 0;
        const char *before = "    never passed: ";

        if (!b->n_passes)
                return;
        for (size_t i = 0; i < b->n_passes; i++)
                passed += b->passes[i].n > 0;
        fprintf(f, "    hooks passed: %zu of %zu\n", passed, b->n_passes);
        for (size_t i = 0; i < b->n_passes; i++)
                if (!b->passes[i].n) {
                        fputs(before, f);
                        print_text(f, b->passes[i].site);
                        before = ", ";
                }
        if (passed < b->n_passes)
                fputc('\n', f);
}

static void print_boot(FILE *f, const struct boot *b) {
        fputs("boot ", f);
        fputs(*b->id ? b->id : "(text)", f);
        if (b->release) {
                fputs(", kernel ", f);
                print_text(f, b->release);
        }
        if (b->host) {
                fputs(", host ", f);
                print_text(f, b->host);
        }
        if (b->loaded) {
                fputs(", variant loaded, inject=", f);
                print_text(f, b->inject ? b->inject : "none");
        }
        if (b->lost)
                fprintf(f, ", %" PRIu64 " messages lost", b->lost);
        fprintf(f, ": %s\n", verdict_name(b->verdict));
        for (size_t i = 0; i < b->n_reasons; i++) {
                fputs(b->verdict == VERDICT_FINDINGS ? "    nor proven: " : "    not proven: ", f);
                print_text(f, b->reasons[i]);
                fputc('\n', f);
        }
        print_passes(f, b);
}

int write_text(const struct scan *s, FILE *f) {
        uint64_t by_relevance[4] = {};

        for (size_t i = 0; i < s->store.n; i++)
                by_relevance[s->store.items[i]->relevance]++;
        if (s->store.n == 0)
                fputs("no findings\n\n", f);
        else
                fprintf(f, "%zu finding%s: %" PRIu64 " certain, %" PRIu64 " likely, %" PRIu64 " related, %" PRIu64 " unrelated\n\n",
                        s->store.n, s->store.n == 1 ? "" : "s", by_relevance[3], by_relevance[2], by_relevance[1], by_relevance[0]);
        for (int r = RELEVANCE_CERTAIN; r >= RELEVANCE_UNRELATED; r--)
                for (size_t i = 0; i < s->store.n; i++)
                        if (s->store.items[i]->relevance == (enum relevance) r)
                                print_finding(f, s, s->store.items[i]);
        for (size_t i = 0; i < s->boots.n; i++)
                print_boot(f, s->boots.items[i]);
        for (size_t i = 0; i < s->n_sources; i++) {
                fputs("read ", f);
                print_text(f, s->sources[i].name);
                fprintf(f, ": %" PRIu64 " %s, %" PRIu64 " bytes%s\n", s->sources[i].entries,
                        strcmp(s->sources[i].type, "text") == 0 ? "lines" : "entries", s->sources[i].bytes,
                        s->sources[i].incomplete ? ", NOT IN FULL" : "");
        }
        return 0;
}
