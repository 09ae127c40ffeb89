/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "kind/alt_titles.h"

#include <ctype.h>
#include <errno.h>

#include "base/macros.h"
#include "kind/function_name.h"
#include "line/frame.h"

/* Wordings that changed between kernels, or that the kernel prints and the title does not follow. */
static const struct {
        const char *title, *also; /* how it begins */
        const char *field;        /* only where the report has this field; NULL: always */
} wordings[] = {
        /* KASAN tells slab objects from other memory since 6.4. */
        { "KASAN: slab-use-after-free ", "KASAN: use-after-free ", NULL },
        { "KASAN: use-after-free ", "KASAN: slab-use-after-free ", "cache" },
        { "KASAN: invalid-free ", "KASAN: double-free or invalid-free ", NULL },
        /* Lockdep's words differ by architecture. */
        { "BUG: Invalid wait context in ", "WARNING: locking bug in ", NULL },
        /* Which grace period does not end is chance where one is stuck. */
        { "INFO: task hung in synchronize_srcu", "INFO: task hung in synchronize_rcu", NULL },
        { "INFO: task hung in __synchronize_srcu", "INFO: task hung in synchronize_rcu", NULL },
        { "INFO: task hung in synchronize_net", "INFO: task hung in synchronize_rcu", NULL },
        { "INFO: task hung in synchronize_sched", "INFO: task hung in synchronize_rcu", NULL },
        /* x86 says so since 5.1 and 5.2. */
        { "BUG: unable to handle kernel NULL pointer dereference ", "BUG: kernel NULL pointer dereference ", NULL },
        { "BUG: unable to handle kernel paging request ", "BUG: unable to handle page fault ", NULL },
};

static int add(struct finding *f, const char *title) {
        if (!title)
                return -ENOMEM;
        if (strcmp(title, f->title) == 0)
                return 0;
        for (size_t i = 0; i < f->n_alt_titles; i++)
                if (strcmp(f->alt_titles[i], title) == 0)
                        return 0;
        return finding_add_alt_title(f, title);
}

static bool is_word(char c) {
        return isalnum((unsigned char) c) || c == '_' || c == '.' || c == ':';
}

/* The title with another name for a function; nothing where it does not name the function. */
static int add_named(struct finding *f, const char *function, struct slice other) {
        const size_t n = strlen(function);

        for (const char *at = strstr(f->title, function); at; at = strstr(at + 1, function))
                if ((at == f->title || !is_word(at[-1])) && !is_word(at[n]))
                        return add(f, arena_printf(&f->arena, "%.*s%.*s%s", (int) (at - f->title), f->title,
                                                   SLICE_FMT(other), at + n));
        return 0;
}

/* As the kernel printed the function that the title calls otherwise. */
static int add_printed(struct finding *f, const char *function, struct slice bare) {
        for (size_t i = 0; i < f->n_stacks; i++)
                for (size_t k = 0; k < f->stacks[i].n_frames; k++) {
                        const char *printed = f->stacks[i].frames[k].function;
                        const struct slice base = function_base(slice_of(printed));

                        /* Wrappers of system calls end in its name. */
                        if (!slice_ends(base, bare) || slice_eq(base, slice_of(function)))
                                continue;
                        const char *name = blame_name(&f->arena, printed);
                        if (!name)
                                return -ENOMEM;
                        if (strcmp(name, function) == 0)
                                return add_named(f, function, base);
                }
        return 0;
}

/* "rmdir" of "sys_rmdir", and of "__riscv_sys_rmdir" and "__s390x_compat_sys_rmdir", whose prefix blame_name() keeps;
 * empty for what is no system call. */
static struct slice call_of(struct slice function) {
        if (slice_eat(&function, SLICE("__"))) {
                slice_token(&function, '_');
                slice_eat(&function, SLICE("compat_"));
        }
        return slice_eat(&function, SLICE("sys_")) ? function : SLICE_NULL;
}

static int add_names(struct finding *f, const char *function) {
        const struct slice call = call_of(slice_of(function));
        int e = add_printed(f, function, call.n ? call : slice_of(function));

        if (e == 0 && call.n && !slice_starts(slice_of(function), SLICE("sys_"))) {
                const char *usual = arena_printf(&f->arena, "sys_%.*s", SLICE_FMT(call));
                e = usual ? add_named(f, function, slice_of(usual)) : -ENOMEM;
        }
        return e == 0 && call.n ? add_named(f, function, call) : e;
}

int alt_titles_make(struct finding *f) {
        int e = 0;

        for (size_t i = 0; e == 0 && i < ARRAY_SIZE(wordings); i++) {
                struct slice rest = slice_of(f->title);
                if (slice_eat(&rest, slice_of(wordings[i].title)) &&
                    (!wordings[i].field || finding_field(f, wordings[i].field)))
                        e = add(f, arena_printf(&f->arena, "%s%.*s", wordings[i].also, SLICE_FMT(rest)));
        }
        /* arm64 says so by a panic alone. */
        if (e == 0 && f->n_functions && strcmp(f->title, "kernel panic: kernel stack overflow") == 0)
                e = add(f, arena_printf(&f->arena, "kernel stack overflow in %s", f->functions[0]));
        for (size_t i = 0; e == 0 && i < f->n_functions; i++)
                e = add_names(f, f->functions[i]);
        return e;
}
