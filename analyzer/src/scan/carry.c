/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "scan/carry.h"

#include "kind/kind.h"
#include "scan/assembler.h"

int carry_begin(struct scan *s, uint32_t source) {
        struct carried *c = &s->carried;
        const struct report *r = assembler_n_open(s->assembler) == 1 ? assembler_open_report(s->assembler, 0) : NULL;

        c->lines.size = 0;
        c->source = source;
        c->findings = s->store.n;
        c->unrecognized = s->sources[source].unrecognized;
        /* Behind its own end nothing more can come. */
        if (!r || !r->console || r->over || r->n_lines == 0 || r->source != source)
                return 0;
        const struct report_line *last = &r->lines[r->n_lines - 1];
        c->last = r->last;
        c->opening = r->lines[0].class == LINE_CUT_HERE && !r->has_banner;
        return buffer_add(&c->lines, r->bytes.data, last->at + last->raw_n);
}

void carry_end(struct scan *s, uint32_t source) {
        struct carried *c = &s->carried;

        c->cut = s->store.n == c->findings + 1 ? s->store.items[c->findings] : NULL;
        /* It was one more of a known finding, or something else became of it. */
        if (!c->cut && s->sources[source].unrecognized == c->unrecognized)
                c->lines.size = 0;
}

/* Rotating a log takes no time, and within a report the kernel does not wait. */
static bool is_near(const struct stamp *before, const struct stamp *now) {
        static const uint64_t near_us = 10 * 1000000ull;

        if (before->has_mono && now->has_mono)
                return now->mono_us >= before->mono_us && now->mono_us <= before->mono_us + near_us;
        return !before->has_real || !now->has_real ||
               (now->real_us >= before->real_us && now->real_us <= before->real_us + near_us);
}

/* What stands within a report alone, or behind the line that only begins one. */
static bool goes_on(const struct carried *c, const struct line *l) {
        return c->opening || line_classify(l->text) >= LINE_END_TRACE || kinds_amid(l->text);
}

struct slice carry_take(struct scan *s, uint32_t source, const struct line *l) {
        struct carried *c = &s->carried;
        size_t i = 0;

        if (c->lines.size == 0 || c->source + 1 != source || !is_near(&c->last, &l->time) || !goes_on(c, l))
                return SLICE_NULL;
        while (c->cut && i < s->store.n && s->store.items[i] != c->cut)
                i++;
        if (c->cut && i == s->store.n)
                return SLICE_NULL;
        if (c->cut)
                store_drop(&s->store, c->cut);
        else
                s->sources[c->source].unrecognized--;
        const struct slice lines = buffer_all(&c->lines);
        c->lines.size = 0;
        return lines;
}
