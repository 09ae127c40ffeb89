/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "output/fold.h"

#include <errno.h>
#include <stdlib.h>

#include "base/buffer.h"
#include "base/macros.h"

struct fold {
        FILE *to;
        size_t width;
        struct buffer line; /* what came since the last line end */
};

/* How many bytes of the text are a colour, which takes no column. */
static size_t color_size(struct slice text) {
        size_t n = 2;

        if (!slice_starts(text, SLICE("\033[")))
                return 0;
        while (n < text.n && text.s[n] != 'm')
                n++;
        return n < text.n ? n + 1 : 0;
}

/* Bytes of the character at the beginning, and the columns that it takes. */
static size_t step(struct slice text, size_t *columns) {
        size_t n = color_size(text);

        *columns = n == 0;
        if (n)
                return n;
        for (n = 1; n < text.n && ((unsigned char) text.s[n] & 0xc0) == 0x80;)
                n++;
        return n;
}

/* Where a broken line goes on, as a column: at most half the width. */
static size_t hanging(struct slice line, size_t width) {
        size_t column = 0, spaces = 0, indent = 0, one;
        bool word = false;

        for (size_t i = 0; i < line.n && column <= width / 2; i += step(slice_from(line, i), &one), column += one) {
                if (color_size(slice_from(line, i)))
                        continue;
                const bool space = line.s[i] == ' ';
                if (!space && word && spaces > 1)
                        return column;
                if (!space && !word)
                        indent = column;
                word |= !space;
                spaces = space ? spaces + 1 : 0;
        }
        return MIN(indent, width / 2);
}

/* How many bytes fit into so many columns and end before a space; of a word that is longer, all of it. */
static size_t fitting(struct slice line, size_t columns) {
        size_t column = 0, best = 0, one;
        bool word = false;

        for (size_t i = 0; i < line.n; i += step(slice_from(line, i), &one), column += one) {
                const bool space = line.s[i] == ' ';
                if (space && word && (column <= columns || best == 0))
                        best = i;
                if (column > columns && best)
                        return best;
                word |= !space && !color_size(slice_from(line, i));
        }
        return column <= columns || best == 0 ? line.n : best;
}

static void put_line(const struct fold *f, struct slice line) {
        const size_t hang = hanging(line, f->width);
        size_t columns = f->width;

        if (slice_starts(slice_ltrim(line), SLICE("| ")) || slice_starts(slice_ltrim(line), SLICE("\033[2m| ")))
                columns = SIZE_MAX;
        for (;;) {
                const size_t n = fitting(line, columns);
                fwrite(line.s, 1, n, f->to);
                line = slice_ltrim(slice_from(line, n));
                if (!line.n)
                        break;
                fprintf(f->to, "\n%*s", (int) hang, "");
                columns = f->width - hang;
        }
        fputc('\n', f->to);
}

static ssize_t take(void *cookie, const char *data, size_t n) {
        struct fold *f = cookie;
        struct slice rest = { data, n };

        while (rest.n) {
                const size_t end = slice_find_byte(rest, '\n'), part = MIN(end, rest.n);
                if (buffer_add(&f->line, rest.s, part) < 0) {
                        errno = ENOMEM;
                        return 0;
                }
                rest = slice_from(rest, part);
                if (end == SLICE_NPOS)
                        break;
                put_line(f, buffer_all(&f->line));
                buffer_drop(&f->line, f->line.size);
                rest = slice_from(rest, 1);
        }
        return (ssize_t) n;
}

static int end(void *cookie) {
        struct fold *f = cookie;

        fwrite(f->line.data, 1, f->line.size, f->to);
        buffer_done(&f->line);
        free(f);
        return 0;
}

FILE *fold_open(FILE *to, size_t width) {
        if (!width)
                return to;
        struct fold *f = calloc(1, sizeof(*f));
        if (!f)
                return NULL;
        *f = (struct fold){ .to = to, .width = width };
        FILE *folded = fopencookie(f, "w", (cookie_io_functions_t){ .write = take, .close = end });
        if (!folded)
                free(f);
        return folded;
}

int fold_close(FILE *folded, FILE *to) {
        if (folded == to)
                return 0;
        return fclose(folded) == 0 ? 0 : errno ? -errno : -EIO;
}
