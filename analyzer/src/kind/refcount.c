/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>

#include "base/macros.h"
#include "kind/blame.h"
#include "kind/warn.h"

/* lib/refcount.c: a WARN whose message begins with "refcount_t: ". Each kind warns once a boot. */
static const struct {
        struct slice says;
        const char *kind;
        enum severity severity;
} events[] = {
        { SLICE("addition on 0; use-after-free"), "add-on-zero", SEVERITY_CRITICAL },
        { SLICE("increment on 0; use-after-free"), "add-on-zero", SEVERITY_CRITICAL },
        { SLICE("underflow; use-after-free"), "underflow", SEVERITY_CRITICAL },
        { SLICE("saturated; leaking memory"), "saturated", SEVERITY_HIGH },
        { SLICE("decrement hit 0; leaking memory"), "dec-to-zero", SEVERITY_HIGH },
        { SLICE("unknown saturation event"), "unknown", SEVERITY_HIGH },
};

static bool claims(const struct report *r) {
        return slice_starts(warn_message(r), SLICE("refcount_t: "));
}

static int parse(const struct report *r, struct finding *f) {
        int e = warn_parse(r, f);
        if (e < 0)
                return e;

        struct slice says = slice_from(slice_of(f->message), strlen("refcount_t: "));
        f->detector = "refcount";
        f->kind = "unknown";
        f->severity = SEVERITY_HIGH;
        for (size_t i = 0; i < ARRAY_SIZE(events); i++)
                if (slice_starts(says, events[i].says)) {
                        f->kind = events[i].kind;
                        f->severity = events[i].severity;
                        break;
                }
        f->title = arena_printf(&f->arena, "WARNING: refcount bug in %s", f->n_functions ? f->functions[0] : blame_nobody);
        return f->title ? 0 : -ENOMEM;
}

const struct kind kind_refcount = {
        .name = "refcount",
        .claims = claims,
        .parse = parse,
};
