/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* One line, in any of the ways a source may hand it over. */
#include "base/buffer.h"
#include "fuzz.h"
#include "line/classify.h"
#include "line/frame.h"
#include "line/line.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
        static struct buffer scratch; /* as in a scan: kept from line to line */
        struct slice raw = { (const char *) data, size }, s;
        struct frame_view v;

        if (memchr(data, '\n', size))
                return 0;
        for (int console = 0; console < 2; console++) {
                struct record r = { .message = raw, .console = console };
                struct line l;

                MUST(line_parse(raw, &r, &scratch, &l) == 0);
                MUST(l.raw.n <= raw.n && lies_within(l.text, l.raw));
                line_classify(l.text);
                if (frame_parse(l.text, &v)) {
                        MUST(v.function.n > 0 && lies_within(v.function, l.text));
                        MUST(lies_within(v.module, l.text) && lies_within(v.file, l.text));
                        MUST(function_base(v.function).n <= v.function.n);
                }
                s = l.text;
                if (symbol_eat(&s, true, &v))
                        MUST(s.n < l.text.n && lies_within(s, l.text));
        }
        return 0;
}
