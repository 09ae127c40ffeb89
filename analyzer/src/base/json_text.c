/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "base/json_text.h"

#include <stdint.h>
#include <string.h>

#include "base/ci_command.h"
#include "base/utf8.h"

enum { ESCAPE_SIZE = 24 };

/* The next bytes that stay as they are; behind them stands what escape is in letters, which is empty at the end. */
static struct slice next(struct slice *rest, char *escape) {
        const char *const begin = rest->s;
        size_t i = 0, len = 0;
        uint32_t c;

        *escape = '\0';
        for (; i < rest->n && len == 0; i += len == 0)
                if ((unsigned char) begin[i] >= 0x7f)
                        len = utf8_invisible(slice_from(*rest, i), &c);
                else if (begin[i] == '#' && ci_command_at(slice_from(*rest, i), false))
                        c = '#', len = 1;
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
