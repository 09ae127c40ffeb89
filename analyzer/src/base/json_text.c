/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "base/json_text.h"

#include <stdint.h>
#include <string.h>

#include "base/ci_command.h"
#include "base/utf8.h"

enum { ESCAPE_SIZE = 24 };

/* Is the byte one of ASCII that never needs an escape? */
static bool is_plain(char c) {
        return (unsigned char) c < 0x7f && c != '#';
}

/* Are all eight? Nearly all of a report's text are. */
static bool are_plain(const char *p) {
        static const uint64_t ones = 0x0101010101010101, high = 0x8080808080808080;
        uint64_t v;

        memcpy(&v, p, sizeof(v));
        const uint64_t hashes = v ^ ones * '#';
        /* A byte that is 0x7f or more has its highest bit set, or gets it; one that became zero was a '#'. */
        return ((v | (v + ones) | ((hashes - ones) & ~hashes)) & high) == 0;
}

/* The first bytes of the text that are plain. */
static size_t n_plain(struct slice s) {
        size_t n = 0;

        while (s.n - n >= sizeof(uint64_t) && are_plain(s.s + n))
                n += sizeof(uint64_t);
        while (n < s.n && is_plain(s.s[n]))
                n++;
        return n;
}

/* The next bytes that stay as they are; behind them stands what escape is in letters, which is empty at the end. */
static struct slice next(struct slice *rest, char *escape) {
        size_t i = 0, len = 0;
        uint32_t c;

        *escape = '\0';
        while ((i += n_plain(slice_from(*rest, i))) < rest->n) {
                const struct slice s = slice_from(*rest, i);
                len = utf8_invisible(s, &c);
                if (ci_command_at(s, false))
                        c = '#', len = 1;
                if (len > 0)
                        break;
                i++;
        }
        if (len > 0 && c < 0x10000)
                snprintf(escape, ESCAPE_SIZE, "\\u%04x", c);
        else if (len > 0)
                snprintf(escape, ESCAPE_SIZE, "\\u%04x\\u%04x", 0xd800 + ((c - 0x10000) >> 10), 0xdc00 + (c & 0x3ff));
        const struct slice ret = slice_head(*rest, i);
        *rest = slice_from(*rest, i + len);
        return ret;
}

int json_text_add(struct buffer *b, const char *json) {
        struct slice rest = slice_of(json);
        char escape[ESCAPE_SIZE];
        int e = 0;

        while (rest.n && e == 0) {
                const struct slice same = next(&rest, escape);
                e = buffer_add(b, same.s, same.n);
                e = e == 0 ? buffer_add(b, escape, strlen(escape)) : e;
        }
        return e;
}

void json_text_print(FILE *f, const char *json) {
        struct slice rest = slice_of(json);
        char escape[ESCAPE_SIZE];

        while (rest.n) {
                const struct slice same = next(&rest, escape);
                fwrite(same.s, 1, same.n, f);
                fputs(escape, f);
        }
}
