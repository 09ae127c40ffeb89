/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "output/xml.h"

#include "base/macros.h"
#include "base/utf8.h"

static const char *entity(char c) {
        switch (c) {
        case '&':
                return "&amp;";
        case '<':
                return "&lt;";
        case '>':
                return "&gt;";
        case '"':
                return "&quot;";
        case '\'':
                return "&#39;";
        default:
                return NULL;
        }
}

int print_xml(FILE *f, struct slice s) {
        _cleanup_(buffer_done) struct buffer clean = {};
        size_t from = 0;

        int e = utf8_add_shown(&clean, s);
        if (e < 0)
                return e;
        for (size_t i = 0; i < clean.size; i++) {
                const char *with = entity(clean.data[i]);

                if (!with)
                        continue;
                fwrite(clean.data + from, 1, i - from, f);
                fputs(with, f);
                from = i + 1;
        }
        if (clean.size > from)
                fwrite(clean.data + from, 1, clean.size - from, f);
        return 0;
}
