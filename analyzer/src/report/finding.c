/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "report/finding.h"

#include <errno.h>
#include <stdlib.h>

#include "line/frame.h"

static const char *const severity_words[] = { "low", "medium", "high", "critical" };
static const char *const relevance_words[] = { "unrelated", "related", "likely", "certain" };
static const char *const origin_words[] = { "kernel", "userspace", "unverified" };
static const char *const status_words[] = { "none", "new", "known" };
static const char *const context_words[] = { "task", "interrupt" };

const char *severity_name(enum severity s) {
        return severity_words[s];
}

const char *relevance_name(enum relevance r) {
        return relevance_words[r];
}

const char *known_status_name(enum known_status s) {
        return status_words[s];
}

static bool frame_has_offset(const void *item) {
        const struct frame *f = item;
        return f->offset || f->size;
}

#define MEMBER(form, ...) DESCRIBE_##form(__VA_ARGS__)
#include "report/finding.def"

struct finding *finding_free(struct finding *f) {
        if (f) {
                arena_free(&f->arena);
                free(f);
        }
        return NULL;
}

/* The five arrays grow the same way. */
#define APPEND(f, array, n)                                                             \
        ({                                                                              \
                void *grown_ = arena_grow(&(f)->arena, (array), (n), sizeof(*(array))); \
                if (grown_)                                                             \
                        (array) = grown_;                                               \
                grown_ ? memset(&(array)[(n)++], 0, sizeof(*(array))) : NULL;           \
        })

struct access *finding_add_access(struct finding *f) {
        struct access *a = APPEND(f, f->accesses, f->n_accesses);
        if (a)
                a->cpu = a->stack = -1;
        return a;
}

struct stack *finding_add_stack(struct finding *f, const char *what) {
        struct stack *s = APPEND(f, f->stacks, f->n_stacks);
        if (s) {
                s->what = what;
                s->former = f->former;
        }
        return s;
}

struct lock *finding_add_lock(struct finding *f, const char *role) {
        struct lock *l = APPEND(f, f->locks, f->n_locks);
        if (l) {
                l->role = role;
                l->index = -1;
        }
        return l;
}

struct task *finding_add_task(struct finding *f) {
        struct task *t = APPEND(f, f->tasks, f->n_tasks);
        if (t)
                t->cpu = -1;
        return t;
}

struct step *finding_add_step(struct finding *f) {
        struct step *s = APPEND(f, f->scenario, f->n_scenario);
        if (s)
                s->cpu = -1;
        return s;
}

struct frame *stack_add_frame(struct finding *f, struct stack *s) {
        return APPEND(f, s->frames, s->n_frames);
}

int finding_add_function(struct finding *f, struct slice function) {
        char *name = arena_dup(&f->arena, function_base(function));
        const char **slot = name ? APPEND(f, f->functions, f->n_functions) : NULL;
        if (!slot)
                return -ENOMEM;
        *slot = name;
        return 0;
}

int finding_add_field(struct finding *f, struct slice key, struct slice value) {
        char *k = arena_dup(&f->arena, key), *v = arena_dup(&f->arena, value);
        struct field *slot = k && v ? APPEND(f, f->fields, f->n_fields) : NULL;
        if (!slot)
                return -ENOMEM;
        *slot = (struct field){ k, v };
        return 0;
}

int finding_corrupt(struct finding *f, const char *reason) {
        for (size_t i = 0; i < f->n_corrupted; i++)
                if (strcmp(f->corrupted[i], reason) == 0)
                        return 0;
        const char **slot = APPEND(f, f->corrupted, f->n_corrupted);
        if (!slot)
                return -ENOMEM;
        *slot = reason;
        return 0;
}

int finding_add_alt_title(struct finding *f, const char *title) {
        const char **slot = APPEND(f, f->alt_titles, f->n_alt_titles);
        if (!slot)
                return -ENOMEM;
        *slot = title;
        return 0;
}

const char *finding_field(const struct finding *f, const char *key) {
        for (size_t i = 0; i < f->n_fields; i++)
                if (strcmp(f->fields[i].key, key) == 0)
                        return f->fields[i].value;
        return NULL;
}

static const char *device_of(const struct finding *f) {
        return f->detector && strcmp(f->detector, "vmlife") == 0 ? finding_field(f, "dev") : NULL;
}

bool finding_on_other_device(const struct finding *a, const struct finding *b) {
        const char *x = device_of(a), *y = device_of(b);
        return x && y && strcmp(x, y) != 0;
}
