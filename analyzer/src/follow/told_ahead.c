/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "follow/told_ahead.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/macros.h"

static uint64_t hash_line(enum ahead_type type, const char *id) {
        return hash_slice(hash_u64(HASH_START, type), slice_of(id));
}

static bool is_same(const void *item, const void *key) {
        const struct ahead_line *a = item, *b = key;
        return a->type == b->type && strcmp(a->id, b->id) == 0;
}

static struct ahead_line key_of(enum ahead_type type, const char *id) {
        struct ahead_line key = { .type = type };

        snprintf(key.id, sizeof(key.id), "%s", id);
        return key;
}

struct ahead_line *ahead_find(const struct ahead *a, enum ahead_type type, const char *id) {
        const struct ahead_line key = key_of(type, id);
        return table_get(&a->by_id, hash_line(type, key.id), is_same, &key);
}

struct ahead_line *ahead_add(struct ahead *a, enum ahead_type type, const char *id) {
        struct ahead_line *x = ahead_find(a, type, id);

        if (x)
                return x;
        if (a->n == a->room) {
                size_t room = a->room ? a->room * 2 : 16;
                struct ahead_line **p = reallocarray(a->items, room, sizeof(*p));
                if (!p)
                        return NULL;
                a->items = p;
                a->room = room;
        }
        x = malloc(sizeof(*x));
        if (!x)
                return NULL;
        *x = key_of(type, id);
        if (table_add(&a->by_id, hash_line(type, x->id), x) < 0) {
                free(x);
                return NULL;
        }
        return a->items[a->n++] = x;
}

void ahead_clear(struct ahead *a) {
        for (size_t i = 0; i < a->n; i++)
                free(a->items[i]);
        free(a->items);
        table_done(&a->by_id);
        *a = (struct ahead){};
}

static void code_line(struct codec *c, struct ahead_line *x) {
        CODE(c, x->ordinal);
        CODE(c, x->body);
        CODE(c, x->verdict);
        CODE(c, x->over);
}

void ahead_code(struct codec *c, struct ahead *a) {
        uint64_t n = a->n;

        codec_u64(c, &n);
        for (size_t i = 0; !c->reading && i < a->n; i++) {
                CODE(c, a->items[i]->type);
                codec_bytes(c, a->items[i]->id, sizeof(a->items[i]->id));
                code_line(c, a->items[i]);
        }
        for (uint64_t i = 0; c->reading && i < n && c->error == 0; i++) {
                struct ahead_line line = {};
                CODE(c, line.type);
                codec_bytes(c, line.id, sizeof(line.id));
                line.id[ID_CHARS] = '\0';
                code_line(c, &line);
                struct ahead_line *x = c->error == 0 ? ahead_add(a, line.type, line.id) : NULL;
                if (x)
                        *x = line;
                else if (c->error == 0)
                        c->error = -ENOMEM;
        }
}
