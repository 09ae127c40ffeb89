/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "base/arena.h"

/* One ELF file with its functions: vmlinux or a module. */
struct object;

/* Opens the file; -errno if it is not an ELF file with symbols. */
int object_open(struct object **ret, const char *path);
struct object *object_free(struct object *o);

bool object_has_debug_info(struct object *o);

/* Where a function's byte is: an address of the object, for object_place(). size is the function's as kallsyms tells
 * it, 0 where not known. -ENOENT: no such function; -EXDEV: it has another size, so the file is of another build. */
int object_find(struct object *o, const char *function, uint64_t offset, uint64_t size, uint64_t *ret);

/* A place in the source: a function inlined there, or (the last) the function itself, which has no name here. */
struct place {
        const char *function, *file;
        unsigned line;
};

enum { PLACES_MAX = 32 };

/* The places that an address stands for, the innermost first: their number, 0 where nothing is known. The strings
 * are the object's. */
size_t object_place(struct object *o, uint64_t address, struct place *places);
