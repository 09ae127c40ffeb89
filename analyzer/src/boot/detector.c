/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "boot/detector.h"

#include <errno.h>

#include "base/macros.h"
#include "boot/boot.h"

static const char *const names[N_DETECTORS] = {
        [DETECTOR_VMLIFE] = "vmlife",       [DETECTOR_LOCKDEP] = "lockdep",   [DETECTOR_KCSAN] = "kcsan",
        [DETECTOR_KASAN] = "kasan",         [DETECTOR_REFCOUNT] = "refcount", [DETECTOR_KFENCE] = "kfence",
        [DETECTOR_UBSAN] = "ubsan",         [DETECTOR_KMEMLEAK] = "kmemleak", [DETECTOR_ODEBUG] = "odebug",
        [DETECTOR_HUNG_TASK] = "hung-task",
};

const char *detector_name(enum detector d) {
        return names[d];
}

enum detector detector_of(struct slice name) {
        for (size_t i = 0; i < N_DETECTORS; i++)
                if (slice_eq(name, slice_of(names[i])))
                        return (enum detector) i;
        return DETECTOR_NONE;
}

/* The kernel's own words, from the sources of 5.10 to 7.2. Each word also stands in boot_lines.c's table, so that
 * the prefilter finds it. */
static const struct sign {
        const char *says; /* the text begins with it */
        enum detector detector;
        enum presence present; /* UNKNOWN: says nothing of that */
        const char *quiet;     /* it falls silent by this, NULL: it does not */
        const char *limited;
} signs[] = {
        { "Lock dependency validator: ", DETECTOR_LOCKDEP, PRESENCE_YES, NULL, NULL },
        { "BUG: MAX_", DETECTOR_LOCKDEP, PRESENCE_YES, "one of its tables was too small (BUG: MAX_... too low!)",
          NULL },
        { "turning off the locking correctness validator", DETECTOR_LOCKDEP, PRESENCE_YES, "it turned itself off",
          NULL },
        { "Disabling lock debugging due to kernel taint", DETECTOR_LOCKDEP, PRESENCE_UNKNOWN,
          "a kernel taint disabled it", NULL },
        { "INFO: lockdep is turned off", DETECTOR_LOCKDEP, PRESENCE_YES,
          "it was turned off earlier, at an unknown time", NULL },
        { "DEBUG_LOCKS_WARN_ON(", DETECTOR_LOCKDEP, PRESENCE_YES,
          "its own state was inconsistent (DEBUG_LOCKS_WARN_ON)", NULL },
        { "BUG: spinlock ", DETECTOR_LOCKDEP, PRESENCE_UNKNOWN, "a broken spinlock turns it off", NULL },
        { "Kernel panic - not syncing", DETECTOR_LOCKDEP, PRESENCE_UNKNOWN, "a panic turns it off", NULL },

        { "kcsan: enabled early", DETECTOR_KCSAN, PRESENCE_YES, NULL, NULL },
        { "kasan: KernelAddressSanitizer initialized", DETECTOR_KASAN, PRESENCE_YES, NULL, NULL },
        { "KernelAddressSanitizer initialized", DETECTOR_KASAN, PRESENCE_YES, NULL, NULL },
        { "kfence: initialized", DETECTOR_KFENCE, PRESENCE_YES, NULL, "it guards a sample of allocations" },
        { "kfence: disabled", DETECTOR_KFENCE, PRESENCE_YES, "it is disabled", NULL },
        { "kfence: failed to allocate", DETECTOR_KFENCE, PRESENCE_YES, "it could not allocate memory", NULL },
        { "kmemleak: Kernel memory leak detector initialized", DETECTOR_KMEMLEAK, PRESENCE_YES, NULL,
          "it scans from time to time" },
        { "kmemleak: Kernel memory leak detector disabled", DETECTOR_KMEMLEAK, PRESENCE_YES, "it is disabled", NULL },
        { "kmemleak: Automatic memory scanning thread ended", DETECTOR_KMEMLEAK, PRESENCE_YES, "its scanning ended",
          NULL },
        { "ODEBUG: Out of memory. ODEBUG disabled", DETECTOR_ODEBUG, PRESENCE_YES, "it ran out of memory", NULL },
        { "ODEBUG: selftest passed", DETECTOR_ODEBUG, PRESENCE_YES, NULL, "it reports five times per boot" },
        { "Future hung task reports are suppressed", DETECTOR_HUNG_TASK, PRESENCE_YES,
          "it reports ten times per boot (hung_task_warnings)", NULL },
};

int watch_present(struct boot *b, enum detector d, enum presence p, struct slice shown_by, const struct stamp *t) {
        struct watch *w = &b->watch[d];

        if (p == PRESENCE_UNKNOWN || w->present == PRESENCE_YES || (p == PRESENCE_NO && w->present == PRESENCE_NO))
                return 0;
        w->present = p;
        w->since = *t;
        w->shown_by = arena_dup(&b->arena, slice_head(shown_by, 256));
        return w->shown_by ? 0 : -ENOMEM;
}

void watch_quiet(struct boot *b, enum detector d, const char *why, const struct stamp *t) {
        struct watch *w = &b->watch[d];

        if (w->quiet && !(w->quiet_at.has_mono && t->has_mono && t->mono_us < w->quiet_at.mono_us))
                return;
        w->quiet = why;
        w->quiet_at = *t;
}

/* As many words as a person reads. */
enum { SPENT_MAX = 64 };

int watch_spent(struct boot *b, enum detector d, struct slice what) {
        struct watch *w = &b->watch[d];

        for (size_t i = 0; i < w->n_spent; i++)
                if (slice_eq(slice_of(w->spent[i]), what))
                        return 0;
        if (w->n_spent == SPENT_MAX) {
                w->more_spent++;
                return 0;
        }
        const char **p = arena_grow(&b->arena, w->spent, w->n_spent, sizeof(*p));
        if (!p || !(p[w->n_spent] = arena_dup(&b->arena, what)))
                return -ENOMEM;
        w->spent = p;
        w->n_spent++;
        return 0;
}

int sign_take(struct boot *b, const struct line *l) {
        struct slice text = slice_trim(l->text);

        for (size_t i = 0; i < ARRAY_SIZE(signs); i++) {
                const struct sign *s = &signs[i];
                struct slice says = slice_of(s->says);

                if (!slice_starts(text, says))
                        continue;
                if (s->quiet)
                        watch_quiet(b, s->detector, s->quiet, &l->time);
                if (s->limited)
                        b->watch[s->detector].limited = s->limited;
                return watch_present(b, s->detector, s->present, text, &l->time);
        }
        return 0;
}
