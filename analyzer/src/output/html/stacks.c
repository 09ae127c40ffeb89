/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <inttypes.h>

#include "base/macros.h"
#include "kind/machinery.h"
#include "line/frame.h"
#include "output/html/page.h"

static bool is_blamed(const struct finding *f, const struct frame *fr) {
        const struct slice base = function_base(slice_of(fr->function));

        for (size_t i = 0; i < f->n_functions; i++)
                if (slice_eq(base, slice_of(f->functions[i])))
                        return true;
        return false;
}

static void print_frame(struct page *p, const struct finding *f, const struct frame *fr) {
        const bool hot = fr->reliable && is_blamed(f, fr), dim = !hot && is_machinery(fr->function, NULL);

        raw(p, "<li");
        if (hot || dim || !fr->reliable || fr->rip)
                rawf(p, " class=\"%s%s%s\"",
                     hot ? "hot" :
                     dim ? "dim" :
                           "",
                     fr->reliable ? "" : " guess", fr->rip ? " trap" : "");
        raw(p, ">");
        if (!fr->reliable)
                raw(p, "? ");
        html_text(p, fr->function);
        if (fr->offset || fr->size)
                rawf(p, "<i>+0x%" PRIx64 "/0x%" PRIx64 "</i>", fr->offset, fr->size);
        if (fr->module) {
                raw(p, " <span class=\"mod\">[");
                html_text(p, fr->module);
                raw(p, "]</span>");
        }
        if (fr->inlined)
                raw(p, " <i>inlined</i>");
        if (fr->file) {
                raw(p, " <span class=\"file\">");
                html_source(p, f, fr->file, fr->line);
                raw(p, "</span>");
        }
}

static void one_stack(struct page *p, const struct finding *f, const struct stack *s) {
        if (s->n_frames == 0) {
                raw(p, "<p class=\"none\">no frame was printed</p>");
                return;
        }
        raw(p, "<ol class=\"frames\">");
        for (size_t i = 0; i < s->n_frames; i++)
                print_frame(p, f, &s->frames[i]);
        raw(p, "</ol>");
}

static void print_access(struct page *p, const struct finding *f, const struct access *a) {
        raw(p, "<h4><span class=\"op\">");
        html_text(p, a->type);
        raw(p, "</span>");
        if (a->size)
                rawf(p, " of %" PRIu64 " byte%s", a->size, a->size == 1 ? "" : "s");
        /* An assertion accesses nothing, and only KCSAN prints whether an access is marked. */
        if (strcmp(f->detector, detector_name(DETECTOR_KCSAN)) == 0 &&
            strncmp(a->type, "assert", strlen("assert")) != 0)
                raw(p, a->marked ? " <span class=\"tag\">marked</span>" : " <span class=\"tag plain\">plain</span>");
        if (a->reordered)
                raw(p, " <span class=\"tag\">reordered</span>");
        raw(p, "</h4><p class=\"who\">");
        if (a->interrupt)
                raw(p, "interrupt");
        else if (a->has_task)
                rawf(p, "task %" PRIu64, a->task);
        if (a->cpu >= 0)
                rawf(p, " on CPU %" PRId64, a->cpu);
        if (a->address)
                rawf(p, ", <code>0x%" PRIx64 "</code>", a->address);
        raw(p, "</p>");
}

static void print_values(struct page *p, const struct finding *f) {
        const char *was = finding_field(f, "value_old"), *is = finding_field(f, "value_new");

        if (!was || !is)
                return;
        raw(p, "<p class=\"values\">The value changed during the check: <code>");
        html_text(p, was);
        raw(p, "</code> → <code>");
        html_text(p, is);
        raw(p, "</code></p>");
}

/* The two sides of a race, side by side. */
static void print_accesses(struct page *p, const struct finding *f) {
        rawf(p, "<div class=\"sides n%zu\">", MIN(f->n_accesses, (size_t) 2));
        for (size_t i = 0; i < f->n_accesses; i++) {
                const struct access *a = &f->accesses[i];
                raw(p, "<div class=\"side\">");
                print_access(p, f, a);
                if (a->stack >= 0)
                        one_stack(p, f, &f->stacks[a->stack]);
                else
                        raw(p, "<p class=\"none\">the kernel did not record this access</p>");
                raw(p, "</div>");
        }
        raw(p, "</div>");
        print_values(p, f);
}

static bool is_of_access(const struct finding *f, size_t stack) {
        for (size_t i = 0; i < f->n_accesses; i++)
                if (f->accesses[i].stack == (int64_t) stack)
                        return true;
        return false;
}

void html_stacks(struct page *p, const struct finding *f) {
        size_t others = 0;

        if (f->n_accesses)
                print_accesses(p, f);
        for (size_t i = 0; i < f->n_stacks; i++)
                others += !is_of_access(f, i) && f->stacks[i].n_frames > 0;
        if (!others)
                return;
        rawf(p, "<div class=\"sides n%zu\">", MIN(others, (size_t) 2));
        for (size_t i = 0; i < f->n_stacks; i++) {
                const struct stack *s = &f->stacks[i];
                if (is_of_access(f, i) || s->n_frames == 0)
                        continue;
                raw(p, "<div class=\"side\"><h4>");
                html_text(p, s->what);
                if (s->of) {
                        raw(p, " of ");
                        html_text(p, s->of);
                }
                raw(p, "</h4>");
                one_stack(p, f, s);
                raw(p, "</div>");
        }
        raw(p, "</div>");
}
