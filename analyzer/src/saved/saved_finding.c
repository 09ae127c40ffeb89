/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "base/macros.h"
#include "judge/judge.h"
#include "saved/convert.h"
#include "triage/known.h"

static void read_frames(struct reading *r, struct json_object *o, struct finding *f, struct stack *s) {
        size_t n;
        struct json_object *array = read_array(r, o, "frames", &n);

        for (size_t i = 0; i < n; i++) {
                struct json_object *item = read_item(r, array, "frames", i);
                struct frame *fr = item ? stack_add_frame(f, s) : NULL;
                uint64_t line = 0;

                if (!item)
                        return;
                if (!fr) {
                        reading_oom(r);
                        return;
                }
                fr->function = need_text(r, item, "function");
                fr->module = read_text(r, item, "module");
                fr->file = read_text(r, item, "file");
                read_hex(r, item, "offset", &fr->offset);
                read_hex(r, item, "size", &fr->size);
                if (read_count(r, item, "line", &line))
                        fr->line = (unsigned) MIN(line, (uint64_t) UINT32_MAX);
                fr->reliable = read_flag(r, item, "reliable");
                fr->inlined = read_flag(r, item, "inlined");
                fr->rip = read_flag(r, item, "trap");
        }
}

static void read_stack(struct reading *r, struct json_object *o, struct finding *f) {
        struct stack *s = finding_add_stack(f, need_text(r, o, "what"));

        if (!s) {
                reading_oom(r);
                return;
        }
        s->of = read_text(r, o, "of");
        read_frames(r, o, f, s);
}

static void read_access(struct reading *r, struct json_object *o, struct finding *f) {
        static const char *const contexts[] = { "task", "interrupt" };
        struct access *a = finding_add_access(f);

        if (!a) {
                reading_oom(r);
                return;
        }
        a->type = need_text(r, o, "type");
        a->function = read_text(r, o, "function");
        read_hex(r, o, "address", &a->address);
        read_count(r, o, "size", &a->size);
        a->marked = read_flag(r, o, "marked");
        a->reordered = read_flag(r, o, "reordered");
        a->interrupt = read_choice(r, o, "context", contexts, 2) == 1;
        a->has_task = read_count(r, o, "task", &a->task);
        read_integer(r, o, "cpu", &a->cpu);
        if (read_integer(r, o, "stack", &a->stack) && (a->stack < -1 || a->stack >= (int64_t) f->n_stacks))
                reading_fail(r, "accesses", "name a stack that is not there");
}

static void read_lock(struct reading *r, struct json_object *o, struct finding *f) {
        struct lock *l = finding_add_lock(f, need_text(r, o, "role"));

        if (!l) {
                reading_oom(r);
                return;
        }
        l->name = read_text(r, o, "name");
        l->usage = read_text(r, o, "usage");
        l->wait = read_text(r, o, "wait");
        l->function = read_text(r, o, "function");
        read_integer(r, o, "index", &l->index);
        l->has_address = read_hex(r, o, "address", &l->address);
}

static void read_task(struct reading *r, struct json_object *o, struct finding *f) {
        struct task *t = finding_add_task(f);

        if (!t) {
                reading_oom(r);
                return;
        }
        t->role = read_text(r, o, "role");
        t->comm = read_text(r, o, "comm");
        read_count(r, o, "pid", &t->pid);
        read_integer(r, o, "cpu", &t->cpu);
}

static void read_step(struct reading *r, struct json_object *o, struct finding *f) {
        struct step *s = finding_add_step(f);

        if (!s) {
                reading_oom(r);
                return;
        }
        s->action = need_text(r, o, "action");
        s->lock = read_text(r, o, "lock");
        read_integer(r, o, "cpu", &s->cpu);
}

static void read_fields(struct reading *r, struct json_object *o, struct finding *f) {
        struct json_object *fields = read_object(r, o, "fields");

        if (!fields)
                return;
        json_object_object_foreach(fields, key, value) {
                const char *v = read_string(r, "fields", value);
                if (r->error < 0)
                        return;
                if (finding_add_field(f, slice_of(key), slice_of(v)) < 0)
                        reading_oom(r);
        }
}

static void read_each(struct reading *r, struct json_object *o, struct finding *f, const char *key,
                      void (*take)(struct reading *, struct json_object *, struct finding *)) {
        size_t n;
        struct json_object *array = read_array(r, o, key, &n);

        for (size_t i = 0; i < n && r->error == 0; i++) {
                struct json_object *item = read_item(r, array, key, i);
                if (item)
                        take(r, item, f);
        }
}

static void read_place(struct reading *r, struct json_object *o, struct finding *f, struct finding_place *place) {
        struct json_object *source = read_object(r, o, "source");

        read_count(r, source, "index", &place->source);
        if (!read_count(r, source, "line", &f->number))
                read_count(r, source, "entry", &f->number);
        f->cursor = read_text(r, source, "cursor");
        place->has_boot = read_count(r, o, "boot", &place->boot);
        read_digits(r, o, "boot_id", "", 32, place->boot_id);
        place->kernel = read_text(r, o, "kernel");
        if (r->error == 0 && !place->has_boot && !*place->boot_id)
                reading_fail(r, "boot", "is missing");
}

/* The names of an enumeration, as its own function has them. */
#define NAMES(name_of, type, n)                                 \
        ({                                                      \
                static const char *names_[n];                   \
                for (int i_ = 0; i_ < (n); i_++)                \
                        names_[i_] = name_of((enum type) i_);   \
                names_;                                         \
        })

static void read_known(struct reading *r, struct json_object *o, struct finding *f) {
        struct json_object *issue = read_object(r, o, "issue");

        f->status = (enum known_status) MAX(read_choice(r, o, "status", NAMES(known_status_name, known_status, STATUS_KNOWN + 1), STATUS_KNOWN + 1), 0);
        f->owner = read_text(r, o, "owner");
        if (!issue)
                return;
        struct known_issue *i = arena_new(r->arena, struct known_issue, 1);
        if (!i) {
                reading_oom(r);
                return;
        }
        i->name = need_text(r, issue, "name");
        i->bug = read_text(r, issue, "bug");
        i->owner = read_text(r, issue, "owner");
        i->note = read_text(r, issue, "note");
        const char *expires = read_text(r, issue, "expires");
        if (expires && strlen(expires) == KNOWN_DATE_CHARS)
                memcpy(i->expires, expires, KNOWN_DATE_CHARS);
        i->expired = read_flag(r, issue, "expired");
        f->issue = i;
}

static void read_excerpt(struct reading *r, struct json_object *o, struct finding *f) {
        const char *excerpt = read_text(r, o, "excerpt");
        f->excerpt = slice_of(excerpt);
}

static int need_choice(struct reading *r, struct json_object *o, const char *key, const char *const *names, int n) {
        int choice = read_choice(r, o, key, names, n);

        if (choice < 0 && r->error == 0)
                reading_fail(r, key, "is missing");
        return MAX(choice, 0);
}

void convert_finding(struct reading *r, struct json_object *o, struct finding *f, struct finding_place *place) {
        if (!read_digits(r, o, "id", "", ID_CHARS, f->id) && r->error == 0)
                reading_fail(r, "id", "is missing");
        if (!read_digits(r, o, "signature", "v1:", 32, f->signature) && r->error == 0)
                reading_fail(r, "signature", "is missing");
        f->title = need_text(r, o, "title");
        f->alt_titles = read_texts(r, o, "alt_titles", &f->n_alt_titles);
        f->detector = need_text(r, o, "detector");
        f->kind = need_text(r, o, "kind");
        f->rule = read_text(r, o, "rule");
        f->relevance = (enum relevance) need_choice(r, o, "relevance", NAMES(relevance_name, relevance, RELEVANCE_CERTAIN + 1), RELEVANCE_CERTAIN + 1);
        f->why = need_text(r, o, "why");
        f->injected = read_flag(r, o, "injected") ? INJECTED_YES : INJECTED_NO;
        f->origin = (enum origin) need_choice(r, o, "origin", NAMES(origin_name, origin, ORIGIN_UNVERIFIED + 1), ORIGIN_UNVERIFIED + 1);
        f->severity = (enum severity) need_choice(r, o, "severity", NAMES(severity_name, severity, SEVERITY_CRITICAL + 1), SEVERITY_CRITICAL + 1);
        f->message = read_text(r, o, "message");
        f->test = read_text(r, o, "test");
        f->functions = read_texts(r, o, "functions", &f->n_functions);
        read_each(r, o, f, "stacks", read_stack);
        read_each(r, o, f, "accesses", read_access);
        read_each(r, o, f, "locks", read_lock);
        read_each(r, o, f, "scenario", read_step);
        read_each(r, o, f, "tasks", read_task);
        read_fields(r, o, f);
        f->corrupted = read_texts(r, o, "corrupted", &f->n_corrupted);
        f->first = read_stamp(r, o, "first_seen");
        f->last = read_stamp(r, o, "last_seen");
        f->count = 1;
        if (read_count(r, o, "count", &f->count) && f->count == 0)
                reading_fail(r, "count", "is 0");
        if (read_digits(r, o, "group", "", ID_CHARS, place->group))
                f->link = read_text(r, o, "link");
        read_known(r, o, f);
        read_place(r, o, f, place);
        read_excerpt(r, o, f);
}
