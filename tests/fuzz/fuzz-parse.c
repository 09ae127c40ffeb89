/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Complete reports, to the parser of each kind that would take them. The first line says which kind started it. */
#include <errno.h>

#include "fuzz.h"
#include "kind/kind.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
        struct report r = { .end = END_MARK };
        struct slice rest = { (const char *) data, size }, first = rest;

        r.kind = kinds_start(slice_token(&first, '\n'), UINT64_MAX);
        if (!r.kind)
                return 0;
        while (rest.n) {
                struct slice text = slice_token(&rest, '\n');
                struct line l = { .text = slice_rtrim(text), .raw = text };
                int e = report_add(&r, &l, line_classify(l.text));
                MUST(e == 0 || e == -E2BIG);
        }
        r.n_own = r.n_lines;
        for (size_t i = 0; kinds[i]; i++) {
                if (!(kinds[i]->claims ? kinds[i]->claims(&r) : r.kind == kinds[i]))
                        continue;
                struct finding *f = calloc(1, sizeof(*f));
                MUST(f && kind_parse(kinds[i], &r, f) == 0);
                MUST(f->title && f->detector && f->kind);
                for (size_t k = 0; k < f->n_accesses; k++)
                        MUST(f->accesses[k].stack < (int64_t) f->n_stacks);
                finding_free(f);
        }
        free(r.lines);
        buffer_done(&r.bytes);
        return 0;
}
