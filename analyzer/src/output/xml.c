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

/* Of what is valid UTF-8: U+FFFE and U+FFFF; U+061C, U+200E, U+200F, U+202A to U+202E, U+2066 to U+2069. */
static size_t unwanted(const char *p, size_t n) {
        static const struct slice sequences[] = {
                SLICE("\357\277\276"), SLICE("\357\277\277"), SLICE("\330\234"),     SLICE("\342\200\216"),
                SLICE("\342\200\217"), SLICE("\342\200\252"), SLICE("\342\200\253"), SLICE("\342\200\254"),
                SLICE("\342\200\255"), SLICE("\342\200\256"), SLICE("\342\201\246"), SLICE("\342\201\247"),
                SLICE("\342\201\250"), SLICE("\342\201\251"),
        };

        for (size_t i = 0; i < ARRAY_SIZE(sequences); i++)
                if (slice_starts((struct slice){ p, n }, sequences[i]))
                        return sequences[i].n;
        return 0;
}

int print_xml(FILE *f, struct slice s) {
        _cleanup_(buffer_done) struct buffer clean = {};
        size_t from = 0;

        int e = utf8_add(&clean, s);
        if (e < 0)
                return e;
        for (size_t i = 0; i < clean.size; i++) {
                const char *with = entity(clean.data[i]);
                size_t n = with                                  ? 1 :
                           (unsigned char) clean.data[i] >= 0x80 ? unwanted(clean.data + i, clean.size - i) :
                                                                   0;
                if (n == 0)
                        continue;
                fwrite(clean.data + from, 1, i - from, f);
                fputs(with ? with : "\357\277\275", f);
                from = i + n;
                i = from - 1;
        }
        if (clean.size > from)
                fwrite(clean.data + from, 1, clean.size - from, f);
        return 0;
}
