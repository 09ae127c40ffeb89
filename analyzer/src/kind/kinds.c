/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "kind/kind.h"

extern const struct kind kind_vmlife, kind_refcount, kind_bug, kind_warn, kind_kcsan, kind_lockdep;

const struct kind *const kinds[] = {
        /* Those that claim reports others start. */
        &kind_vmlife,
        &kind_refcount,
        /* Those that start them. */
        &kind_kcsan,
        &kind_lockdep,
        &kind_bug,
        &kind_warn,
        NULL,
};

const struct kind *kinds_start(struct slice text) {
        struct slice s = slice_ltrim(text);

        for (size_t i = 0; kinds[i]; i++)
                if (kinds[i]->starts && kinds[i]->starts(s))
                        return kinds[i];
        return NULL;
}

const struct kind *kinds_claim(const struct report *r) {
        for (size_t i = 0; kinds[i]; i++)
                if (kinds[i]->claims ? kinds[i]->claims(r) : r->kind == kinds[i])
                        return kinds[i];
        return r->kind;
}

enum part part_dump(struct report *r, const struct line *l, enum line_class class, const struct kind *starter) {
        if (starter)
                return PART_OVER;
        switch (class) {
        case LINE_END_TRACE:
                return PART_LAST;
        case LINE_FRAME:
                r->has_frames = true;
                return PART_BODY;
        case LINE_OTHER:
                if (!r->complete)
                        return PART_MAYBE;
                return l->caller ? PART_OVER : PART_FOREIGN;
        case LINE_BLANK:
                return PART_MAYBE;
        case LINE_RULER:
        case LINE_CUT_HERE:
                return PART_OVER;
        default:
                return PART_BODY;
        }
}
