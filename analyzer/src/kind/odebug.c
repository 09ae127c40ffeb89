/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>

#include "base/macros.h"
#include "kind/warn.h"

/* lib/debugobjects.c: a WARN that says "ODEBUG: free active (active state 0) object: 0x... object type: work_struct
 * hint: f+0x0/0x1". */

/* Objects are timers, works, RCU heads and the like: those who keep them stand above who uses them. */
static const char *const machinery[] = {
        "debug_*",
        "__debug_*",
        "*_fixup_*",
        "*_is_static_object",
        "__init_work*",
        "init_timer*",
        "timer_*",
        "__timer_*",
        "hrtimer_*",
        "__hrtimer_*",
        "rcu_*",
        "call_rcu*",
        "__call_rcu*",
        "kvfree_call_rcu*",
        "destroy_*",
        "mod_timer*",
        "__mod_timer*",
        "del_timer*",
        "add_timer*",
        "try_to_del_timer*",
        "del_singleshot*",
        "queue_work*",
        "__queue_work*",
        "queue_delayed*",
        "mod_delayed*",
        "cancel_work*",
        "cancel_delayed*",
        "__cancel_work*",
        "__cancel_delayed*",
        "flush_work*",
        "__flush_work*",
        "schedule_work*",
        "free_pages*",
        "free_unref*",
        "__free_pages*",
        "page_frag_free*",
        "init_rcu_head*",
        "__vunmap*",
        "vunmap*",
        "vfree*",
        "kvfree*",
        "percpu_counter_*",
        "__percpu_counter*",
        "lookup_object*",
        NULL,
};

static const struct {
        struct slice says;
        const char *kind;
} events[] = {
        { SLICE("free active"), "free-active" },
        { SLICE("init active"), "init-active" },
        { SLICE("activate active"), "activate-active" },
        { SLICE("active_state active"), "activate-active" },
        { SLICE("activate not available"), "not-initialized" },
        { SLICE("assert_init not available"), "not-initialized" },
        { SLICE("init destroyed"), "init-destroyed" },
        { SLICE("activate destroyed"), "activate-destroyed" },
        { SLICE("deactivate not available"), "not-initialized" },
        { SLICE("active_state not available"), "not-initialized" },
};

static bool claims(const struct report *r) {
        return warn_is_of_objects(warn_message(r)) || slice_starts(warn_file(r), SLICE("lib/debugobjects.c:"));
}

static int parse(const struct report *r, struct finding *f) {
        int e = warn_parse(r, f, "WARNING: ODEBUG bug in @", machinery);
        if (e < 0)
                return e;
        f->detector = "odebug";
        f->kind = "object";
        f->severity = SEVERITY_HIGH;
        struct slice s = slice_of(f->message ? f->message : "");
        slice_eat(&s, SLICE("ODEBUG: "));
        for (size_t i = 0; i < ARRAY_SIZE(events); i++)
                if (slice_starts(s, events[i].says))
                        f->kind = events[i].kind;
        static const struct {
                struct slice says, key;
        } keys[] = { { SLICE("object type: "), SLICE("object_type") },
                     { SLICE("hint: "), SLICE("hint") },
                     { SLICE("object: "), SLICE("object") } };
        for (size_t i = 0; i < ARRAY_SIZE(keys); i++) {
                size_t at = slice_find(s, keys[i].says);
                if (at == SLICE_NPOS)
                        continue;
                struct slice v = slice_from(s, at + keys[i].says.n);
                e = finding_add_field(f, keys[i].key, slice_token(&v, ' '));
                if (e < 0)
                        return e;
        }
        return 0;
}

KIND_NAMES(events, "odebug", events[i].kind, { "odebug", "object" })

const struct kind kind_odebug = {
        .name = "odebug",
        .names = names,
        .claims = claims,
        .parse = parse,
};
