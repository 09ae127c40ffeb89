/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>

#include "base/macros.h"
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
        /* x86's own checks, 4.14 to 5.4 */
        { SLICE("underflow"), "underflow", SEVERITY_CRITICAL },
        { SLICE("overflow"), "saturated", SEVERITY_HIGH },
        { SLICE("hit zero"), "dec-to-zero", SEVERITY_HIGH },
};

/* Counts are kept by wrappers of many names; the wrapper's caller broke the balance. */
static const char *const machinery[] = {
        "kobject_get*", "kobject_put*",          "get_device", "put_device", "sock_hold", "sock_put",
        "klist_*",      "refcount_error_report", NULL,
};

static bool claims(const struct report *r) {
        const struct slice m = warn_message(r);
        return warn_is_of_refcount(m) || warn_of_counter(m).n || slice_starts(warn_file(r), SLICE("lib/refcount.c:"));
}

static int parse(const struct report *r, struct finding *f) {
        int e = warn_parse(r, f, "WARNING: refcount bug in @", machinery);
        if (e < 0)
                return e;

        struct slice says = slice_of(f->message ? f->message : "");
        if (warn_of_counter(says).n)
                says = warn_of_counter(says);
        slice_eat(&says, SLICE("refcount_t: "));
        f->detector = "refcount";
        f->kind = "unknown";
        f->severity = SEVERITY_HIGH;
        for (size_t i = 0; i < ARRAY_SIZE(events); i++)
                if (slice_starts(says, events[i].says)) {
                        f->kind = events[i].kind;
                        f->severity = events[i].severity;
                        break;
                }
        return 0;
}

KIND_NAMES(events, "refcount", events[i].kind)

const struct kind kind_refcount = {
        .name = "refcount",
        .names = names,
        .claims = claims,
        .parse = parse,
};
