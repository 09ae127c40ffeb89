/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "report/report.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

struct report *report_free(struct report *r) {
        if (r) {
                buffer_done(&r->bytes);
                free(r->lines);
                free(r->cursor);
                free(r);
        }
        return NULL;
}

int report_add(struct report *r, const struct line *l, enum line_class class) {
        if (r->n_lines >= REPORT_LINES_MAX || r->bytes.size + l->raw.n + 1 > REPORT_BYTES_MAX)
                return -E2BIG;
        if (r->n_lines == r->room) {
                size_t room = r->room ? r->room * 2 : 64;
                struct report_line *lines = realloc(r->lines, room * sizeof(*lines));
                if (!lines)
                        return -ENOMEM;
                r->lines = lines;
                r->room = room;
        }
        size_t at = r->bytes.size;
        int e = buffer_reserve(&r->bytes, l->raw.n + 1);
        if (e < 0)
                return e;
        if (l->raw.n)
                memcpy(r->bytes.data + at, l->raw.s, l->raw.n);
        r->bytes.data[at + l->raw.n] = '\n';
        r->bytes.size += l->raw.n + 1;
        r->lines[r->n_lines++] = (struct report_line){
                .at = (uint32_t) at,
                .raw_n = (uint32_t) l->raw.n,
                .text_at = (uint32_t) (at + (l->text.n ? (size_t) (l->text.s - l->raw.s) : 0)),
                .text_n = (uint32_t) l->text.n,
                .class = (uint8_t) class,
        };
        return 0;
}
