/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "boot/fault.h"

#include <errno.h>

/* More than any run of selftests; a hostile log must not grow without end. */
enum { FAULTS_MAX = 65536 };

static int ask(struct boot *b, struct slice rule) {
        enum { ASKED_MAX = 32 };

        for (size_t i = 0; i < b->n_asked; i++)
                if (slice_eq(slice_of(b->asked[i].rule), rule))
                        return 0;
        if (slice_eq(rule, SLICE("none")) || b->n_asked == ASKED_MAX)
                return 0;
        struct asked *p = arena_grow(&b->arena, b->asked, b->n_asked, sizeof(*p));
        if (!p || !(p[b->n_asked].rule = arena_dup(&b->arena, rule)))
                return -ENOMEM;
        b->asked = p;
        b->asked[b->n_asked++].seen = false;
        return 0;
}

int fault_add(struct boot *b, enum fault_event event, struct slice rule, const struct line *l) {
        if (b->n_faults >= FAULTS_MAX || (event != FAULT_TEST_BEGIN && rule.n == 0))
                return 0;
        struct fault *p = arena_grow(&b->arena, b->faults, b->n_faults, sizeof(*p));
        if (!p)
                return -ENOMEM;
        b->faults = p;
        p += b->n_faults;
        *p = (struct fault){ .event = event, .source = l->record->source, .number = l->record->number };
        if (event != FAULT_TEST_BEGIN && !(p->rule = arena_dup(&b->arena, rule)))
                return -ENOMEM;
        b->n_faults++;
        return event == FAULT_TEST_END ? ask(b, rule) : 0;
}

static bool is_after(const struct fault *e, uint32_t source, uint64_t number) {
        return e->source != source ? e->source > source : e->number > number;
}

const char *fault_at(const struct boot *b, uint32_t source, uint64_t number) {
        size_t low = 0, high = b->n_faults;

        while (low < high) {
                size_t middle = low + (high - low) / 2;
                if (is_after(&b->faults[middle], source, number))
                        high = middle;
                else
                        low = middle + 1;
        }
        /* Inside a selftest, its own last words count. */
        if (low < b->n_faults && b->faults[low].event == FAULT_TEST_END)
                return b->faults[low].rule;
        while (low-- > 0)
                if (b->faults[low].event == FAULT_SET)
                        return b->faults[low].rule;
        return NULL;
}
