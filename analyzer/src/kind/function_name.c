/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "kind/function_name.h"

#include "base/macros.h"
#include "line/frame.h"
#include "line/rust.h"

/* Takes what stands before a system call's name: "__x64_sys_". NULL slice: it is none. */
static struct slice eat_wrapper(struct slice *name) {
        static const struct slice wrappers[] = {
                SLICE("__x64_sys_"),
                SLICE("__ia32_sys_"),
                SLICE("__se_sys_"),
                SLICE("__do_sys_"),
                SLICE("__arm64_sys_"),
                SLICE("SyS_"),
                SLICE("SYSC_"),
                SLICE("__x64_compat_sys_"),
                SLICE("__ia32_compat_sys_"),
                SLICE("__se_compat_sys_"),
                SLICE("__do_compat_sys_"),
                SLICE("compat_SyS_"),
                SLICE("C_SYSC_"),
        };

        for (size_t i = 0; i < ARRAY_SIZE(wrappers); i++)
                if (slice_eat(name, wrappers[i]))
                        return wrappers[i];
        return SLICE_NULL;
}

static bool is_compat(struct slice wrapper) {
        return slice_has(wrapper, SLICE("compat")) || slice_starts(wrapper, SLICE("C_"));
}

char *blame_name(struct arena *a, const char *function) {
        struct slice name = function_base(slice_of(function));
        char *rust = rust_path(a, name);

        if (rust)
                return rust;
        const struct slice wrapper = eat_wrapper(&name);
        return wrapper.n == 0 || is_compat(wrapper) ? arena_dup(a, name) : arena_printf(a, "sys_%.*s", SLICE_FMT(name));
}

bool blame_is_of(struct slice name, const struct frame *fr) {
        struct slice function = function_base(slice_of(fr->function));
        const struct slice wrapper = eat_wrapper(&function);

        return !is_compat(wrapper) && (wrapper.n == 0 || slice_eat(&name, SLICE("sys_"))) && slice_eq(name, function);
}
