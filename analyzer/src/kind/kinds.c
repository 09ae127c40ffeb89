/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "kind/kind.h"
#include "kind/machine.h"

#include "base/macros.h"
#include "kind/dump.h"
#include "kind/headline.h"
#include "line/own_words.h"

/* All kinds, by the name of their file. The first that claims a report has it, the first that a line starts. */
#define KINDS(KIND)                                    \
        /* Those that claim reports others start. */   \
        KIND(vmlife)                                   \
        KIND(refcount)                                 \
        KIND(odebug)                                   \
        /* Those that start them. */                   \
        KIND(kcsan)                                    \
        KIND(kasan)                                    \
        KIND(kfence)                                   \
        KIND(kmsan)                                    \
        KIND(ubsan)                                    \
        KIND(lockdep)                                  \
        KIND(stall)                                    \
        KIND(hung)                                     \
        KIND(context)                                  \
        KIND(workqueue)                                \
        KIND(kmemleak)                                 \
        KIND(slub)                                     \
        KIND(ref_tracker)                              \
        KIND(gpu_hang)                                 \
        KIND(gpu)                                      \
        KIND(iommu)                                    \
        KIND(irq)                                      \
        KIND(page_alloc)                               \
        KIND(spl)                                      \
        KIND(bug)                                      \
        KIND(warn)                                     \
        KIND(oops)                                     \
        KIND(panic)                                    \
        /* Whatever else the kernel calls a bug. */    \
        KIND(message)                                  \
        /* A report of which no first line is left. */ \
        KIND(headless)                                 \
        KIND(reporter)                                 \
        KIND(beheaded)

#define DECLARE(name) extern const struct kind kind_##name;
KINDS(DECLARE)

const struct kind *const kinds[] = {
#define ENTRY(name) &kind_##name,
        KINDS(ENTRY) NULL,
};

bool kind_names(const struct kind *k, size_t i, struct kind_name *ret) {
        if (k->names)
                return k->names(i, ret);
        if (i < k->n_headlines)
                *ret = (struct kind_name){ k->headlines[i].detector, k->headlines[i].kind };
        return i < k->n_headlines;
}

/* headline: headline_text() of the text, which most kinds look at. */
static bool kind_starts(const struct kind *k, struct slice text, struct slice headline) {
        return k->starts ? k->starts(text) : headline_find(k->headlines, k->n_headlines, headline) != NULL;
}

enum part kind_part(const struct kind *k, struct report *r, const struct line *l, enum line_class class,
                    const struct kind *starter) {
        if (k->part)
                return k->part(r, l, class, starter);
        r->complete = r->has_frames;
        return part_dump(r, l, class, starter);
}

bool kind_owes_stack(const struct report *r) {
        const struct slice text = report_text(r, 0);
        const struct headline *h = headline_of(r->kind->headlines, r->kind->n_headlines, text);

        return h ? h->owes != OWES_NOTHING : !r->kind->alone || !r->kind->alone(text);
}

int kind_parse(const struct kind *k, const struct report *r, struct finding *f) {
        int e = k->parse ? k->parse(r, f) :
                           headline_parse(r, f, headline_of(k->headlines, k->n_headlines, report_text(r, 0)));
        if (e == 0)
                e = dump_told_task(r, f);
        return e < 0 || f->former ? e : machine_read(r, f);
}

_Static_assert(ARRAY_SIZE(kinds) - 1 <= KINDS_MAX, "each has a bit in a word");

const struct kind *kinds_start(struct slice text, uint64_t set) {
        if (set == 0)
                return NULL;
        struct slice s = slice_ltrim(text);
        const struct slice headline = headline_text(s);
        const bool task = begins_with_task(s) || begins_with_id(s);

        for (size_t i = 0; kinds[i]; i++)
                if (set & KIND_BIT(i) && kinds[i]->triggers && (!task || kinds[i]->task_first) &&
                    kind_starts(kinds[i], s, headline))
                        return kinds[i];
        return NULL;
}

bool kinds_amid(struct slice text) {
        const struct slice trimmed = slice_trim(text);

        if (line_classify(text) >= LINE_FRAME)
                return true;
        for (size_t i = 0; kinds[i]; i++)
                if (kinds[i]->own_line && kinds[i]->own_line(trimmed))
                        return true;
        return false;
}

const struct kind *kinds_claim(const struct report *r) {
        for (size_t i = 0; kinds[i]; i++)
                if (kinds[i]->claims ? kinds[i]->claims(r) : r->kind == kinds[i])
                        return kinds[i];
        return r->kind;
}
