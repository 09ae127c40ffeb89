/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>

#include "base/macros.h"
#include "kind/dump.h"
#include "kind/guilty.h"
#include "kind/headline.h"

/* warn_alloc() in mm/page_alloc.c: "comm: page allocation failure: order:4, mode:0x40dc0(GFP_KERNEL|__GFP_ZERO)", a
 * dump, then what memory there is. The line begins with the task's name, which is shorter than what follows it. */

enum { COMM_MAX = 15 };

static const struct headline headline = {
        "*", "mm", "page-allocation-failure", "page allocation failure in @", SEVERITY_MEDIUM, OWES_STACK, NULL,
};

static const char *const triggers[] = { ": page allocation failure", ": page allocation stall", NULL };

/* Who asks on behalf of whom. */
static const char *const machinery[] = {
        "dma_alloc*",          "dma_direct_alloc*", "__dma_*alloc*",
        "__dma_direct_alloc*", "dma_common_alloc*", "iommu_dma_alloc*",
        "kmalloc_order*",      "___kmalloc*",       "folio_alloc*",
        "__folio_alloc*",      "vma_alloc_folio*",  "alloc_folio*",
        "__vmalloc*",          "alloc_skb*",        "__alloc_skb*",
        "allocate_slab*",      "shmem_alloc*",      NULL,
};

/* The task's name, which may be empty, and what follows the sentence. */
static bool parse_failure(struct slice text, struct slice *comm, struct slice *rest) {
        static const struct slice says[] = { SLICE(": page allocation failure"),
                                             SLICE(": page allocation stalls for ") };
        struct slice s = slice_trim(text), order;

        for (size_t i = 0; i < ARRAY_SIZE(says); i++) {
                size_t at = slice_find(s, says[i]);
                if (at == SLICE_NPOS || at > COMM_MAX)
                        continue;
                *comm = slice_head(s, at);
                *rest = slice_from(s, at + says[i].n);
                order = slice_from(*rest, slice_find(*rest, SLICE("order:")));
                return order.n && slice_has(order, SLICE(", mode:0x"));
        }
        return false;
}

static bool starts(struct slice text) {
        struct slice comm, rest;
        return parse_failure(text, &comm, &rest);
}

static bool tells_memory(struct slice text) {
        return slice_eq(slice_trim(text), SLICE("Mem-Info:"));
}

/* "CPU: 2 PID: 12 Comm: x Not tainted", of that task? */
static bool is_dump_of(struct slice text, struct slice comm) {
        static const struct slice says[] = { SLICE(" Comm: "), SLICE(", comm: ") };

        for (size_t i = 0; i < ARRAY_SIZE(says); i++) {
                const size_t at = slice_find(text, says[i]);
                struct slice s = slice_from(text, at == SLICE_NPOS ? text.n : at + says[i].n);
                if (slice_eat(&s, comm) && slice_starts(s, SLICE(" ")))
                        return true;
        }
        return false;
}

static bool begins_dump(const struct report *r, struct slice text, enum line_class class) {
        struct slice comm, rest;

        return class == LINE_TRACE_HEAD ||
               (class == LINE_CPU && parse_failure(report_text(r, 0), &comm, &rest) && is_dump_of(text, comm));
}

/* Another CPU's line came into its first one, before the name of the task's cgroup: that follows in a record of its
 * own, and is no part of the dump, whatever it is. */
static bool lacks_rest(const struct report *r) {
        return r->n_lines == 1 && slice_ends(slice_rtrim(report_text(r, 0)), SLICE("cpuset="));
}

static enum part part(struct report *r, const struct line *l, enum line_class class, const struct kind *starter) {
        r->complete = r->has_frames;
        if (!starter && lacks_rest(r) && !begins_dump(r, l->text, class))
                return PART_FOREIGN;
        if (!starter && !r->has_frames && class == LINE_OTHER && tells_memory(l->text))
                return PART_LAST;
        return part_dump(r, l, class, starter);
}

/* A user's string of a few bytes more may hold the sentence; the dump it cannot. Of that the stack may be lost: a
 * filter of levels takes the lines of one and leaves those of another. */
static bool stands(const struct report *r) {
        struct slice comm, rest;

        if (r->has_frames || !parse_failure(report_text(r, 0), &comm, &rest))
                return r->has_frames;
        for (size_t i = 1; i < r->n_lines; i++)
                if (tells_memory(report_text(r, i)) ||
                    (r->lines[i].class == LINE_CPU && is_dump_of(report_text(r, i), comm)))
                        return true;
        return false;
}

static int parse(const struct report *r, struct finding *f) {
        struct slice comm, rest;

        parse_failure(report_text(r, 0), &comm, &rest);
        struct slice order = slice_from(rest, slice_find(rest, SLICE("order:")) + strlen("order:"));
        struct slice mode = slice_from(rest, slice_find(rest, SLICE(", mode:")) + strlen(", mode:"));
        size_t end = slice_find_byte(mode, ')');
        int e = finding_add_field(f, SLICE("order"), slice_token(&order, ','));

        if (e == 0)
                e = finding_add_field(f, SLICE("mode"),
                                      end == SLICE_NPOS ? slice_token(&mode, ',') : slice_head(mode, end + 1));
        if (e == 0)
                e = headline_begin(r, f, &headline);
        if (e == 0 && f->n_tasks == 0) {
                struct task *t = finding_add_task(f);
                if (!t || !(t->comm = arena_dup(&f->arena, comm)))
                        return -ENOMEM;
                t->role = "reporter";
        }
        if (e < 0)
                return e;
        const struct stack *s = dump_main(f);
        return headline_end(r, f, &headline, s ? blame_stack(s, machinery) : NULL);
}

static bool names(size_t i, struct kind_name *ret) {
        *ret = (struct kind_name){ headline.detector, headline.kind };
        return i == 0;
}

const struct kind kind_page_alloc = {
        .name = "page_alloc",
        .names = names,
        .triggers = triggers,
        .starts = starts,
        .task_first = true,
        .part = part,
        .stands = stands,
        .parse = parse,
};
