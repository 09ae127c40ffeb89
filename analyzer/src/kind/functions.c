/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "kind/functions.h"

/* The files as they are, put in by the assembler; build.mk names them as what this one is made of. */
#define FILE_IN(name, path)                                                                     \
        __asm__(".section .rodata\n"                                                            \
                "functions_" #name "_begin: .incbin \"analyzer/src/kind/functions/" path "\"\n" \
                "functions_" #name "_end:\n"                                                    \
                ".balign 8\n"                                                                   \
                ".previous\n");                                                                 \
        extern const char functions_##name##_begin[] __attribute__((visibility("hidden")));     \
        extern const char functions_##name##_end[] __attribute__((visibility("hidden")))

FILE_IN(list, "functions.txt");
FILE_IN(areas, "areas.tsv");

/* "[i915]", "slab". */
static enum function_role role_of_area(struct slice area, struct slice *ret_module) {
        if (ret_module)
                *ret_module = SLICE_NULL;
        if (area.n == 0 || slice_eq(area, SLICE("-")))
                return FUNCTION_UNKNOWN;
        if (!slice_eat(&area, SLICE("[")))
                return slice_eq(area, SLICE("inline")) ? FUNCTION_INLINE : FUNCTION_MACHINERY;
        if (ret_module)
                *ret_module = slice_head(area, area.n - 1);
        return FUNCTION_MODULE;
}

static int compare(struct slice a, struct slice b) {
        int c = memcmp(a.s, b.s, a.n < b.n ? a.n : b.n);
        return c ? c : (a.n > b.n) - (a.n < b.n);
}

/* Lines "name area" in the order of bytes: halve the text and go to the line that the middle lies in. */
struct slice function_area(struct slice name) {
        const char *low = functions_list_begin, *high = functions_list_end;

        while (low < high) {
                const char *line = low + (high - low) / 2;
                while (line > low && line[-1] != '\n')
                        line--;
                const char *end = memchr(line, '\n', (size_t) (high - line));
                struct slice rest = { line, (size_t) ((end ? end : high) - line) };
                int c = compare(name, slice_token(&rest, ' '));

                if (c == 0)
                        return rest;
                if (c < 0)
                        high = line;
                else
                        low = end ? end + 1 : high;
        }
        return SLICE_NULL;
}

enum function_role function_role(struct slice name, struct slice *ret_module) {
        return role_of_area(function_area(name), ret_module);
}

static bool matches_any_glob(struct slice path, struct slice globs) {
        char pattern[64];

        while (globs.n) {
                struct slice one = slice_token(&globs, ' ');
                if (one.n == 0 || one.n >= sizeof(pattern))
                        continue;
                memcpy(pattern, one.s, one.n);
                pattern[one.n] = '\0';
                if (slice_glob(path, pattern))
                        return true;
        }
        return false;
}

enum function_role path_role(struct slice path, struct slice *ret_module) {
        struct slice rest = { functions_areas_begin, (size_t) (functions_areas_end - functions_areas_begin) };

        while (rest.n) {
                struct slice line = slice_token(&rest, '\n'), area = slice_token(&line, '\t');
                if (!slice_starts(area, SLICE("#")) && matches_any_glob(path, line))
                        return role_of_area(area, ret_module);
        }
        return role_of_area(SLICE_NULL, ret_module);
}
