/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "base/slice.h"
#include <stddef.h>

/* Memory that is freed all at once. All memory of one finding is in one arena. */
struct arena {
        struct arena_block *head;
        size_t total; /* bytes asked from the system */
};

void arena_free(struct arena *a);

/* Zeroed, aligned for any type, NULL when out of memory. Lives until arena_free(). */
void *arena_alloc(struct arena *a, size_t size);
/* Grows an array of items in place of *items; the old copy stays in the arena. NULL when out of memory. */
void *arena_grow(struct arena *a, const void *items, size_t n, size_t size);
/* An array of n zeroed items that arena_grow() may grow. */
void *arena_items(struct arena *a, size_t n, size_t size);
/* One block of exactly that size, for memory that does not grow. Zeroed; NULL when out of memory. */
void *arena_exact(struct arena *a, size_t size);
/* A NUL-terminated copy. */
char *arena_dup(struct arena *a, struct slice s);
char *arena_printf(struct arena *a, const char *format, ...) __attribute__((format(printf, 2, 3)));

#define arena_new(a, type, n) ((type *) arena_alloc((a), sizeof(type) * (n)))
