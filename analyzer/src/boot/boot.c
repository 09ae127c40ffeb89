/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "boot/boot.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>

#include "base/macros.h"

static const char *const verdict_words[] = { "clean", "findings", "not-proven" };
static const char *const presence_words[] = { "unknown", "no", "yes" };
static const char *const event_words[] = { "set", "test-begin", "test-end" };
static const char *const what_words[] = { "oom-kill",       "machine-check",    "hardware-error",
                                          "edac-corrected", "edac-uncorrected", "throttling" };

const char *event_name(enum event_what what) {
        return what_words[what];
}

const char *verdict_name(enum verdict v) {
        return verdict_words[v];
}

static bool boot_is_unloaded(const void *item) {
        return ((const struct boot *) item)->unload;
}

static bool boot_tells_of_kcsan(const void *item) {
        const struct boot *b = item;
        return b->kcsan_mode || b->watch[DETECTOR_KCSAN].present == PRESENCE_YES;
}

#define MEMBER(form, ...) DESCRIBE_##form(__VA_ARGS__)
#include "boot/boot.def"

static void boot_free(struct boot *b) {
        arena_free(&b->arena);
        repeats_done(&b->repeats);
        free(b);
}

void boots_drop_last(struct boots *b) {
        boot_free(b->items[--b->n]);
}

void boots_join(struct boots *b, const uint32_t *to) {
        size_t n = 0;

        for (size_t i = 0; i < b->n; i++) {
                struct boot *boot = b->items[i], **at = &b->items[to[i]];
                if (to[i] == n) {
                        b->items[n++] = boot;
                        continue;
                }
                const bool further = boot_reads_further(boot, *at) && !boot_reads_further(*at, boot);
                boot_free(further ? *at : boot);
                if (further)
                        *at = boot;
        }
        b->n = n;
        table_clear(&b->by_id); /* all are read: none is looked for any more */
}

int label_parse(const char *text, struct arena *arena, struct label *ret) {
        struct slice value = slice_of(text);
        const size_t equals = slice_find_byte(value, '=');
        const struct slice name = slice_head(value, equals);

        if (equals == SLICE_NPOS || name.n == 0)
                return -EINVAL;
        for (size_t i = 0; i < name.n; i++)
                if (!isalnum((unsigned char) name.s[i]) && !strchr("_-.", name.s[i]))
                        return -EINVAL;
        ret->name = arena_dup(arena, name);
        ret->value = arena_dup(arena, slice_from(value, equals + 1));
        return ret->name && ret->value ? 0 : -ENOMEM;
}

const char *boot_label_value(const struct boot *b, const char *name) {
        for (size_t i = 0; i < b->n_labels; i++)
                if (strcmp(b->labels[i].name, name) == 0)
                        return b->labels[i].value;
        return NULL;
}

const char *boot_machine(const struct boot *b) {
        const char *label = boot_label_value(b, "machine");

        return label ? label : b->host ? b->host : *b->machine ? b->machine : NULL;
}

void boots_done(struct boots *b) {
        while (b->n)
                boots_drop_last(b);
        free(b->items);
        table_done(&b->by_id);
        *b = (struct boots){};
}

int boots_add(struct boots *b, uint32_t source, uint32_t *ret) {
        if ((b->n & (b->n - 1)) == 0) {
                struct boot **items = realloc(b->items, (b->n ? b->n * 2 : 1) * sizeof(*items));
                if (!items)
                        return -ENOMEM;
                b->items = items;
        }
        struct boot *boot = calloc(1, sizeof(*boot));
        if (!boot)
                return -ENOMEM;
        boot->source = source;
        boot->labels = b->labels;
        boot->n_labels = b->n_labels;
        b->items[b->n] = boot;
        *ret = (uint32_t) b->n++;
        return 0;
}

int boots_copy(struct boots *to, const struct boots *from) {
        uint32_t i;

        *to = (struct boots){};
        for (size_t k = 0; k < from->n; k++) {
                int e = boots_add(to, 0, &i);
                if (e < 0)
                        return e;
                struct boot *b = to->items[i];
                *b = *from->items[k];
                b->arena = (struct arena){};
                b->repeats = (struct repeats){};
                if (b->n_asked && !(b->asked = arena_new(&b->arena, struct asked, b->n_asked)))
                        return -ENOMEM;
                if (b->n_asked)
                        memcpy(b->asked, from->items[k]->asked, b->n_asked * sizeof(*b->asked));
        }
        return 0;
}

/* A log that loses something at every other line is told as a whole. */
enum { LOSSES_MAX = 256 };

int boot_lost(struct boot *b, uint64_t n, const struct stamp *before) {
        if (n == 0)
                return 0;
        if (__builtin_add_overflow(b->lost, n, &b->lost))
                b->lost = UINT64_MAX;
        if (b->n_losses == LOSSES_MAX) {
                struct loss *last = &b->losses[LOSSES_MAX - 1];
                last->before = *before;
                if (__builtin_add_overflow(last->n, n, &last->n))
                        last->n = UINT64_MAX;
                return 0;
        }
        struct loss *p = arena_grow(&b->arena, b->losses, b->n_losses, sizeof(*p));
        if (!p)
                return -ENOMEM;
        b->losses = p;
        p[b->n_losses++] = (struct loss){ .after = b->last, .before = *before, .n = n };
        return 0;
}

/* Items of the table are indices + 1. */
struct wanted {
        const struct boots *boots;
        const char *identity;
        const struct boot *like; /* whose labels are not to be contradicted; NULL: any will do */
};

/* A job that says of two equal texts that they are of two builds, or machines, knows better. */
static bool contradict(const struct boot *a, const struct boot *b) {
        for (size_t i = 0; i < a->n_labels; i++) {
                const char *other = boot_label_value(b, a->labels[i].name);
                if (other && strcmp(other, a->labels[i].value) != 0)
                        return true;
        }
        return false;
}

static bool is_boot(const void *item, const void *key) {
        const struct wanted *w = key;
        const struct boot *b = w->boots->items[(uintptr_t) item - 1];

        return strcmp(boot_identity(b), w->identity) == 0 && !(w->like && contradict(b, w->like));
}

/* 1: it is new, and has no name yet; 0: it was there; -ENOMEM. */
static int find(struct boots *b, const char *identity, const struct boot *like, uint32_t source, uint32_t *ret) {
        const uint64_t h = hash_slice(HASH_START, slice_of(identity));
        const uintptr_t at = (uintptr_t) table_get(&b->by_id, h, is_boot, &(struct wanted){ b, identity, like });

        if (at) {
                *ret = (uint32_t) (at - 1);
                return 0;
        }
        int e = boots_add(b, source, ret);
        if (e == 0)
                e = table_add(&b->by_id, h, (const void *) ((uintptr_t) *ret + 1));
        return e < 0 ? e : 1;
}

int boots_find(struct boots *b, const char *id, uint32_t source, uint32_t *ret) {
        int e = find(b, id, NULL, source, ret);

        if (e > 0)
                memcpy(b->items[*ret]->id, id, 33);
        return MIN(e, 0);
}

int boots_find_start(struct boots *b, const char *start, const struct boot *like, uint32_t source, uint32_t *ret) {
        int e = find(b, start, like, source, ret);

        if (e > 0)
                memcpy(b->items[*ret]->start, start, 33);
        return MIN(e, 0);
}

bool boot_reads_further(const struct boot *a, const struct boot *b) {
        if (a->last.has_mono && b->last.has_mono)
                return a->last.mono_us >= b->last.mono_us;
        if (a->last.has_real && b->last.has_real)
                return a->last.real_us >= b->last.real_us;
        return a->last.has_mono || a->last.has_real || !(b->last.has_mono || b->last.has_real);
}
