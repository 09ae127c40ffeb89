/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <inttypes.h>

#include "base/macros.h"
#include "output/code.h"
#include "output/text.h"

static void begin(const struct terminal *t, size_t indent) {
        fprintf(t->f, "%*s", (int) indent, "");
}

void show_frame(const struct terminal *t, const struct frame *fr, size_t indent) {
        begin(t, indent);
        show_text(t, fr->function);
        if (fr->size)
                fprintf(t->f, "+0x%" PRIx64 "/0x%" PRIx64, fr->offset, fr->size);
        if (fr->module) {
                fputs(" [", t->f);
                show_text(t, fr->module);
                fputs("]", t->f);
        }
        if (fr->file) {
                fputs(" ", t->f);
                show_text(t, fr->file);
                fprintf(t->f, ":%u", fr->line);
        }
        fputs(fr->inlined ? " (inlined)\n" : "\n", t->f);
}

static void show_stack(const struct terminal *t, const struct stack *s, size_t indent) {
        if (!s->n_frames)
                return;
        begin(t, indent);
        show_text(t, s->what);
        if (s->of) {
                fputs(" of ", t->f);
                show_text(t, s->of);
        }
        fputs(":\n", t->f);
        for (size_t i = 0; i < s->n_frames; i++)
                /* What is only a leftover is not what happened; the log's own lines have it. */
                if (s->frames[i].reliable)
                        show_frame(t, &s->frames[i], indent + 2);
}

static void show_access(const struct terminal *t, const struct access *a, size_t indent) {
        begin(t, indent);
        show_text(t, a->type);
        fprintf(t->f, "%s%s", a->marked ? " (marked)" : "", a->reordered ? " (reordered)" : "");
        /* KASAN's line of a free has no size. */
        if (a->size)
                fprintf(t->f, " of %" PRIu64 " bytes", a->size);
        fprintf(t->f, " at 0x%" PRIx64 " by ", a->address);
        if (a->interrupt)
                fputs("an interrupt", t->f);
        else if (a->has_task)
                fprintf(t->f, "task %" PRIu64, a->task);
        else
                fputs("an unknown task", t->f);
        if (a->cpu >= 0)
                fprintf(t->f, " on CPU %" PRId64, a->cpu);
        if (a->function) {
                fputs(" in ", t->f);
                show_text(t, a->function);
        }
        fputc('\n', t->f);
}

static void show_pair(const struct terminal *t, const struct finding *x, size_t indent, const char *label,
                      const char *first, const char *between, const char *second) {
        const char *a = finding_field(x, first), *b = finding_field(x, second);

        if (!a)
                return;
        begin(t, indent);
        fputs(label, t->f);
        show_text(t, a);
        if (b) {
                fputs(between, t->f);
                show_text(t, b);
        }
        fputc('\n', t->f);
}

/* "object: 48 bytes inside of freed 64-byte region, cache kmalloc-64" */
static void show_object(const struct terminal *t, const struct finding *x, size_t indent) {
        const char *cache = finding_field(x, "cache"), *located = finding_field(x, "located");

        if (!cache && !located)
                return;
        begin(t, indent);
        fputs("object: ", t->f);
        show_text(t, located ? located : "place in it not known");
        if (cache) {
                fputs(", cache ", t->f);
                show_text(t, cache);
        }
        if (finding_field(x, "object")) {
                fputs(", at ", t->f);
                show_text(t, finding_field(x, "object"));
        }
        fputc('\n', t->f);
}

void show_facts(const struct terminal *t, const struct finding *x, size_t indent) {
        show_pair(t, x, indent, "at ", "at", "", "");
        for (size_t i = 0; i < x->n_accesses; i++)
                show_access(t, &x->accesses[i], indent);
        /* KCSAN saw the value change, and not who did it. */
        if (x->n_accesses == 1 && strcmp(x->detector, "kcsan") == 0)
                fprintf(t->f, "%*sraced with an access of unknown origin\n", (int) indent, "");
        show_object(t, x, indent);
        show_pair(t, x, indent, "value changed: ", "value_old", " -> ", "value_new");
        show_pair(t, x, indent, "bits changed: ", "bits_changed", " with mask ", "mask");
}

void show_machine(const struct terminal *t, const struct scan *s, const struct finding *x, size_t indent) {
        const char *release = s->boots.items[x->boot]->release;
        const char *before = "";

        if (!release)
                release = x->release;
        if (x->rip) {
                begin(t, indent);
                fputs("RIP: ", t->f);
                show_text(t, x->rip);
                fputc('\n', t->f);
        }
        if (!release && !x->taint && !x->hardware)
                return;
        begin(t, indent);
        if (release) {
                fputs("kernel ", t->f);
                show_text(t, release);
                before = ", ";
        }
        if (x->taint) {
                fprintf(t->f, "%s%s", before, *x->taint == 'N' ? "" : "tainted: ");
                show_text(t, *x->taint == 'N' ? "not tainted" : x->taint);
                before = ", ";
        }
        if (x->hardware) {
                fprintf(t->f, "%shardware: ", before);
                show_text(t, x->hardware);
        }
        fputc('\n', t->f);
}

static void show_lock(const struct terminal *t, const struct lock *l, size_t indent) {
        begin(t, indent);
        fprintf(t->f, "lock %s: ", l->role);
        show_text(t, l->name);
        if (l->function) {
                fputs(" at ", t->f);
                show_text(t, l->function);
        }
        fputc('\n', t->f);
}

static void show_step(const struct terminal *t, const struct step *s, size_t indent) {
        begin(t, indent);
        if (s->cpu >= 0)
                fprintf(t->f, "CPU %" PRId64 ": ", s->cpu);
        show_text(t, s->action);
        if (s->lock) {
                fputs(" ", t->f);
                show_text(t, s->lock);
        }
        fputc('\n', t->f);
}

static void show_tasks(const struct terminal *t, const struct finding *x, size_t indent) {
        for (size_t i = 0; i < x->n_tasks; i++) {
                const struct task *task = &x->tasks[i];

                begin(t, indent);
                fprintf(t->f, "task %" PRIu64 " ", task->pid);
                show_text(t, task->comm);
                if (task->cpu >= 0)
                        fprintf(t->f, " on CPU %" PRId64, task->cpu);
                if (task->role)
                        fprintf(t->f, " (%s)", task->role);
                fputc('\n', t->f);
        }
}

static int show_excerpt(const struct terminal *t, const struct scan *s, const struct finding *x, size_t indent) {
        struct buffer scratch = {};
        struct slice rest = SLICE_NULL;
        int e = store_excerpt(&s->store, x, &scratch, &rest);

        while (e == 0 && rest.n) {
                begin(t, indent);
                paint(t, PAINT_QUIET);
                fputs("| ", t->f);
                show(t, slice_rtrim(slice_token(&rest, '\n')));
                unpaint(t, PAINT_QUIET);
                fputc('\n', t->f);
        }
        buffer_done(&scratch);
        return e;
}

/* The report's lines show whose machine code it is. */
static int show_code_of(const struct terminal *t, const struct scan *s, const struct finding *x, size_t indent) {
        _cleanup_(buffer_done) struct buffer scratch = {};
        struct slice lines = SLICE_NULL;
        const int e = store_excerpt(&s->store, x, &scratch, &lines);

        if (e == 0)
                show_code(t, x->code, lines, indent);
        return e;
}

int show_detail(const struct scan *s, const struct finding *x, const struct style *style, size_t indent) {
        const struct terminal *t = &style->terminal;

        begin(t, indent);
        fprintf(t->f, "id %s\n", x->id);
        show_tasks(t, x, indent);
        for (size_t i = 0; i < x->n_locks; i++)
                show_lock(t, &x->locks[i], indent);
        if (x->n_scenario) {
                begin(t, indent);
                fputs("how it can deadlock:\n", t->f);
        }
        for (size_t i = 0; i < x->n_scenario; i++)
                show_step(t, &x->scenario[i], indent + 2);
        for (size_t i = 0; i < x->n_stacks; i++)
                show_stack(t, &x->stacks[i], indent);
        int e = x->code ? show_code_of(t, s, x, indent) : 0;
        return e == 0 && style->verbose > 1 ? show_excerpt(t, s, x, indent) : e;
}
