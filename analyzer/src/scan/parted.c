/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "scan/parted.h"

#include "line/own_words.h"

/* How long a CPU takes from one part of a line to the next, and how many records others print meanwhile. */
enum { MOMENT_US = 2 * 1000000, RECORDS_MAX = 64 };

/* Is it a line that the kernel began and did not end? A name in it is no more than a task's, so that no user's string
 * makes one. */
static bool begins(struct slice text) {
        enum { COMM_MAX = 15 };
        static const struct slice fails[] = { SLICE(": page allocation "), SLICE(": vmalloc ") },
                                  old = SLICE(" cpuset="),
                                  empty = SLICE("cpuset: failed to transfer tasks out of empty");
        const struct slice s = slice_rtrim(text);

        if (slice_starts(s, empty))
                return slice_ends(s, SLICE(" cpuset"));
        if (slice_ends(s, old))
                return s.n <= COMM_MAX + old.n;
        if (!slice_ends(s, SLICE(",cpuset=")))
                return false;
        for (size_t i = 0; i < sizeof(fails) / sizeof(fails[0]); i++)
                if (slice_find(slice_head(s, COMM_MAX + fails[i].n), fails[i]) != SLICE_NPOS)
                        return true;
        return slice_starts(s, SLICE("oom-kill:constraint="));
}

static bool is_late(const struct parted *p, const struct line *l) {
        return l->record->number > p->number + RECORDS_MAX ||
               (p->time.has_mono && l->time.has_mono && l->time.mono_us > p->time.mono_us + MOMENT_US);
}

static enum rest rest_of(struct parted *p, const struct line *l) {
        if (!p->open || l->record->boot != p->boot || l->record->source != p->source || l->origin == ORIGIN_USERSPACE)
                return REST_NOT;
        if (is_late(p, l)) {
                p->open = false;
                return REST_NOT;
        }
        const bool known = p->caller != CALLER_NONE && l->caller != CALLER_NONE;
        if (known && p->caller != l->caller)
                return REST_NOT;
        /* The caller's next record is the name; of others, the end shows, behind the name or alone. */
        if (known || slice_has(l->text, SLICE("mems_allowed=")))
                p->open = false;
        return known ? REST_IS : REST_MAYBE;
}

enum rest parted_rest(struct parted *p, const struct line *l) {
        const enum rest rest = rest_of(p, l);

        if (rest != REST_IS && l->origin != ORIGIN_USERSPACE && begins(l->text))
                *p = (struct parted){
                        .open = true,
                        .boot = l->record->boot,
                        .source = l->record->source,
                        .caller = l->caller,
                        .number = l->record->number,
                        .time = l->time,
                };
        return rest;
}
