/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A text's format is learned from its lines, whatever they are; what it makes of each of them lies within it. */
#include "base/macros.h"
#include "fuzz.h"
#include "line/layout.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
        struct slice rest = { (const char *) data, size }, last = {};
        struct layout *l;

        MUST(layout_new(&l, false) == 0);
        while (rest.n) {
                struct slice window = { rest.s, MIN(rest.n, (size_t) LAYOUT_WINDOW) }, line = slice_token(&rest, '\n');
                const struct prefix initial = { .text = line };
                struct prefix p;
                bool blank;
                size_t at;

                line = slice_rtrim(line);
                if (layout_doubts(l, line))
                        MUST(layout_learn(l, window) == 0);
                if (layout_match(l, line, &initial, &p))
                        MUST(layout_known(l) && lies_within(p.text, line) && p.width <= line.n);
                if (layout_breaks(l, last, line, true, &blank, &at))
                        MUST(at <= line.n);
                last = line;
        }
        MUST(layout_name(l) || !layout_known(l));
        layout_free(l);
        return 0;
}
