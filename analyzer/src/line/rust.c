/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "line/rust.h"

#include <libiberty/demangle.h>
#include <stdlib.h>

/* Names refer back to their own parts, and a hostile one to parts that do: each such step may multiply what comes
 * out. The kernel's longest names have a handful. */
enum { LENGTH_MAX = 512, BACK_MAX = 16 };

static bool is_bounded(struct slice symbol) {
        unsigned back = 0;

        for (size_t i = 0; i < symbol.n; i++)
                back += symbol.s[i] == 'B';
        return symbol.n <= LENGTH_MAX && back <= BACK_MAX;
}

char *rust_path(struct arena *a, struct slice symbol) {
        if (!slice_starts(symbol, SLICE("_R")) || !is_bounded(symbol))
                return NULL;

        char *mangled = arena_dup(a, symbol), *path = mangled ? rust_demangle(mangled, DMGL_NO_OPTS) : NULL;
        char *copy = path ? arena_dup(a, slice_of(path)) : NULL;
        free(path);
        return copy;
}
