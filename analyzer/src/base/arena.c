/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "base/arena.h"

#include <stdalign.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/macros.h"

struct arena_block {
        struct arena_block *next;
        size_t size, used;
        alignas(max_align_t) unsigned char data[];
};

void arena_free(struct arena *a) {
        for (struct arena_block *b = a->head, *next; b; b = next) {
                next = b->next;
                free(b);
        }
        *a = (struct arena){};
}

/* As arena_alloc(), not zeroed. */
static void *take(struct arena *a, size_t size) {
        const size_t align = alignof(max_align_t);

        if (size > SIZE_MAX / 2)
                return NULL;
        size = (size + align - 1) / align * align;
        if (!a->head || a->head->size - a->head->used < size) {
                /* Blocks double up to 16 KiB: most findings are small, some hold hundreds of frames. */
                size_t want = MAX(size, a->head ? MIN(a->head->size * 2, (size_t) 16384) : (size_t) 1024);
                struct arena_block *b = malloc(sizeof(*b) + want);
                if (!b)
                        return NULL;
                b->size = want;
                b->used = 0;
                b->next = a->head;
                a->head = b;
                a->total += sizeof(*b) + want;
        }
        void *p = a->head->data + a->head->used;
        a->head->used += size;
        return p;
}

void *arena_alloc(struct arena *a, size_t size) {
        void *p = take(a, size);
        return p ? memset(p, 0, size) : NULL;
}

void *arena_exact(struct arena *a, size_t size) {
        struct arena_block *b = size > SIZE_MAX / 2 ? NULL : calloc(1, sizeof(*b) + size);

        if (!b)
                return NULL;
        b->size = b->used = size;
        b->next = a->head;
        a->head = b;
        a->total += sizeof(*b) + size;
        return b->data;
}

void *arena_grow(struct arena *a, const void *items, size_t n, size_t size) {
        /* Room for 4, 8, 16...: a new copy only when n reaches a power of two. */
        if (n != 0 && (n < 4 || (n & (n - 1)) != 0))
                return (void *) items;
        void *p = arena_alloc(a, (n == 0 ? 4 : n * 2) * size);
        if (p && n)
                memcpy(p, items, n * size);
        return p;
}

void *arena_items(struct arena *a, size_t n, size_t size) {
        size_t room = 4;

        while (room < n)
                room *= 2;
        return arena_alloc(a, room * size);
}

char *arena_dup(struct arena *a, struct slice s) {
        char *p = take(a, s.n + 1);
        if (p && s.n)
                memcpy(p, s.s, s.n);
        if (p)
                p[s.n] = '\0';
        return p;
}

char *arena_printf(struct arena *a, const char *format, ...) {
        char most[256]; /* are no longer */
        va_list ap, again;

        va_start(ap, format);
        va_copy(again, ap);
        int n = vsnprintf(most, sizeof(most), format, ap);
        va_end(ap);
        char *p = n < 0 ? NULL : take(a, (size_t) n + 1);
        if (p && (size_t) n < sizeof(most))
                memcpy(p, most, (size_t) n + 1);
        else if (p)
                vsnprintf(p, (size_t) n + 1, format, again);
        va_end(again);
        return p;
}
