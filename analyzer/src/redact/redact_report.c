/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "redact/redact_report.h"

#include <errno.h>
#include <stdlib.h>

#include "base/log.h"
#include "base/macros.h"
#include "triage/known.h"

struct work {
        struct redactor *r;
        struct buffer out, lines;
};

static void work_done(struct work *w) {
        redactor_free(w->r);
        buffer_done(&w->out);
        buffer_done(&w->lines);
}

/* --- names --- */

static int learn_lines(struct redactor *r, struct slice text) {
        int e = 0;

        while (text.n && e == 0)
                e = redact_learn(r, slice_token(&text, '\n'));
        return e;
}

static int learn_boot(struct redactor *r, const struct boot *b) {
        int e = redact_know_boot(r, b);

        if (e == 0 && b->version) {
                _cleanup_free_ char *line = NULL;
                if (asprintf(&line, "Linux version %s", b->version) < 0) {
                        line = NULL;
                        return -ENOMEM;
                }
                e = learn_lines(r, slice_of(line));
        }
        const char *label = boot_label_value(b, "machine");
        if (e == 0 && label)
                e = redact_know(r, SECRET_HOST, slice_of(label));
        return e == 0 ? redact_learn_written(r, slice_of(b->command_line)) : e;
}

static int learn_finding(struct work *w, const struct store *store, const struct finding *f) {
        struct slice excerpt;
        int e = redact_know_finding(w->r, f);

        if (e == 0)
                e = store_excerpt(store, f, &w->lines, &excerpt);
        return e == 0 ? learn_lines(w->r, excerpt) : e;
}

/* Is it a log of this machine, whose people may stand in it? */
static bool is_here(const struct source_info *s) {
        return strcmp(s->name, "journal") == 0 || strcmp(s->type, "kmsg") == 0;
}

static int learn(struct work *w, const struct scan *s) {
        bool here = false;
        int e = 0;

        for (size_t i = 0; i < s->n_sources && e == 0; i++) {
                here |= is_here(&s->sources[i]);
                e = learn_lines(w->r, slice_of(s->sources[i].name));
        }
        if (e == 0 && here)
                e = redact_know_here(w->r);
        for (size_t i = 0; s->known && i < s->known->n_issues && e == 0; i++)
                e = learn_lines(w->r, slice_of(s->known->issues[i]->file));
        for (size_t i = 0; i < s->boots.n && e == 0; i++)
                e = learn_boot(w->r, s->boots.items[i]);
        for (size_t i = 0; i < s->store.n && e == 0; i++)
                e = learn_finding(w, &s->store, s->store.items[i]);
        return e;
}

/* --- what is written --- */

/* A string with its names taken out is a new one in the arena; one without names stays where it is. */
static int set(struct work *w, struct arena *a, const char **s) {
        if (strlen(*s) == w->out.size && (w->out.size == 0 || memcmp(*s, w->out.data, w->out.size) == 0))
                return 0;
        const char *copy = arena_dup(a, buffer_all(&w->out));
        if (copy)
                *s = copy;
        return copy ? 0 : -ENOMEM;
}

static int text(struct work *w, struct arena *a, const char **s) {
        if (!*s)
                return 0;
        w->out.size = 0;
        int e = redact_text(w->r, slice_of(*s), &w->out);
        return e == 0 ? set(w, a, s) : e;
}

static int texts(struct work *w, struct arena *a, const char **s, size_t n) {
        int e = 0;

        for (size_t i = 0; i < n && e == 0; i++)
                e = text(w, a, &s[i]);
        return e;
}

static int name(struct work *w, struct arena *a, enum secret secret, const char **s) {
        if (!*s)
                return 0;
        w->out.size = 0;
        int e = redact_name(w->r, secret, slice_of(*s), &w->out);
        return e == 0 ? set(w, a, s) : e;
}

static void id(struct work *w, char *machine) {
        char id[33];

        if (*machine) {
                redact_id(w->r, machine, id);
                memcpy(machine, id, sizeof(id));
        }
}

/* What the lines of a layout say that names may stand in. Names of functions, modules and locks are spared, but not
 * where a person or a machine has the same. */
static int members(struct work *w, struct arena *a, const struct layout *l, void *item) {
        int e = 0;

        EACH_MEMBER(l, m) {
                if (m->flags & NAMES && m->form == FORM_TEXTS)
                        e = texts(w, a, member_pointer(item, m), member_n(item, m));
                else if (m->flags & NAMES)
                        e = text(w, a, member_in(item, m));
                else if (m->flags & (HOST_NAME | TASK_NAME))
                        e = name(w, a, m->flags & HOST_NAME ? SECRET_HOST : SECRET_TASK, member_in(item, m));
                else if (m->flags & MACHINE_ID)
                        id(w, member_in(item, m));
                else if (m->form == FORM_ITEMS || m->form == FORM_MAP || m->form == FORM_INLINE)
                        for (size_t i = 0; e == 0 && i < member_n(item, m); i++)
                                e = members(w, a, m->of(), member_item(item, m, i));
                if (e < 0)
                        return e;
        }
        return 0;
}

static int excerpt(struct work *w, const struct store *store, struct finding *f) {
        struct slice lines;

        w->out.size = 0;
        int e = store_excerpt(store, f, &w->lines, &lines);
        if (e == 0)
                e = redact_text(w->r, lines, &w->out);
        if (e == 0 && lines.n) {
                f->excerpt = buffer_all(&w->out);
                f->excerpt.s = arena_dup(&f->arena, f->excerpt);
                e = f->excerpt.s ? 0 : -ENOMEM;
        }
        return e;
}

static int replace_finding(struct work *w, struct store *store, struct finding *f) {
        struct finding *by = malloc(sizeof(*by));

        if (!by)
                return -ENOMEM;
        *by = *f;
        /* Its arrays are those of the store's finding, and its own are the strings that it gets. */
        by->arena = (struct arena){};
        int e = excerpt(w, store, by);
        if (e == 0)
                e = members(w, &by->arena, finding_layout(), by);
        if (e < 0) {
                finding_free(by);
                return e;
        }
        return store_replace(store, f, by);
}

static int source(struct work *w, struct source_info *s) {
        /* "journal" and "-" name no file. */
        if (strcmp(s->name, "journal") == 0)
                return 0;
        return members(w, &s->arena, source_info_layout(), s);
}

static int take_out(struct work *w, struct scan *s) {
        int e = 0;

        for (size_t i = 0; i < s->n_sources && e == 0; i++)
                e = source(w, &s->sources[i]);
        for (size_t i = 0; i < s->boots.n && e == 0; i++)
                e = members(w, &s->boots.items[i]->arena, boot_layout(), s->boots.items[i]);
        for (size_t i = 0; i < s->store.n && e == 0; i++)
                e = replace_finding(w, &s->store, s->store.items[i]);
        for (size_t i = 0; s->known && i < s->known->n_issues && e == 0; i++)
                e = text(w, s->known->arena, &s->known->issues[i]->file);
        return e;
}

static int take_out_of_text(struct work *w, struct buffer *b) {
        _cleanup_(buffer_done) struct buffer out = {};
        struct slice rest = buffer_all(b);
        int e = 0;

        while (rest.n && e == 0) {
                e = redact_text(w->r, slice_token(&rest, '\n'), &out);
                if (e == 0)
                        e = buffer_add(&out, "\n", 1);
        }
        if (e == 0) {
                const struct buffer before = *b;
                *b = out;
                out = before;
        }
        return e;
}

int redact_report(struct scan *s, const struct redaction *o, struct buffer *also) {
        _cleanup_(work_done) struct work w = {};
        int e = redaction_begin(&w.r, o);

        if (e < 0)
                return e;
        e = learn(&w, s);
        if (e == 0 && also)
                e = redact_learn_written(w.r, buffer_all(also));
        if (e == 0)
                e = take_out(&w, s);
        if (e == 0 && also)
                e = take_out_of_text(&w, also);
        if (e == -ENOMEM)
                return log_oom();
        if (e < 0)
                log_error("cannot redact the report: %s", strerror(-e));
        return e;
}
