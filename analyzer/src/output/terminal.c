/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "output/terminal.h"

#include <stdlib.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "base/macros.h"
#include "base/utf8.h"

enum { COLUMNS_FILE = 80, COLUMNS_LEAST = 40, COLUMNS_MOST = 110 };

const char *color_when_name(size_t i) {
        static const char
                *const names[] = { [COLOR_AUTO] = "auto", [COLOR_ALWAYS] = "always", [COLOR_NEVER] = "never" };

        return i < ARRAY_SIZE(names) ? names[i] : NULL;
}

static bool is_set(const char *variable) {
        const char *value = getenv(variable);

        return value && *value;
}

struct terminal terminal_of(FILE *f, enum color_when when) {
        struct terminal t = { .f = f, .columns = COLUMNS_FILE };
        struct winsize size;
        const char *kind = getenv("TERM");
        const bool is_terminal = f && isatty(fileno(f));

        t.color = when == COLOR_ALWAYS ||
                  (when == COLOR_AUTO && is_terminal && !is_set("NO_COLOR") && kind && strcmp(kind, "dumb") != 0);
        if (is_terminal && ioctl(fileno(f), TIOCGWINSZ, &size) == 0 && size.ws_col) {
                t.width = size.ws_col;
                t.columns = MIN(MAX((size_t) size.ws_col, (size_t) COLUMNS_LEAST), (size_t) COLUMNS_MOST);
        }
        return t;
}

/* The sixteen colours that each terminal's owner chose; none says all by itself. */
static const char *const paints[N_PAINT] = {
        [PAINT_NONE] = "",      [PAINT_STRONG] = "1", [PAINT_QUIET] = "2", [PAINT_GOOD] = "1;32",
        [PAINT_DOUBT] = "1;33", [PAINT_BAD] = "1;31", [PAINT_NOTE] = "35",
};

void paint(const struct terminal *t, enum paint p) {
        if (t->color && p != PAINT_NONE)
                fprintf(t->f, "\033[%sm", paints[p]);
}

void unpaint(const struct terminal *t, enum paint p) {
        if (t->color && p != PAINT_NONE)
                fputs("\033[0m", t->f);
}

size_t show(const struct terminal *t, struct slice text) {
        struct buffer b = {};
        size_t columns = 0;

        if (utf8_add_shown(&b, text) < 0) {
                buffer_done(&b);
                return (size_t) MAX(fprintf(t->f, "(out of memory)"), 0);
        }
        for (size_t i = 0; i < b.size; i++) {
                fputc(b.data[i] == '\n' || b.data[i] == '\t' ? ' ' : b.data[i], t->f);
                columns += ((unsigned char) b.data[i] & 0xc0) != 0x80;
        }
        buffer_done(&b);
        return columns;
}

static size_t columns_of(struct slice word) {
        size_t n = 0;

        for (size_t i = 0; i < word.n; i++)
                n += ((unsigned char) word.s[i] & 0xc0) != 0x80;
        return n;
}

static struct slice next_word(struct slice *rest) {
        size_t n = 0;

        while (n < rest->n && rest->s[n] != ' ' && rest->s[n] != '\n')
                n++;
        struct slice word = slice_head(*rest, n);
        *rest = slice_from(*rest, n);
        return word;
}

void show_wrapped(const struct terminal *t, struct slice text, size_t at, size_t indent) {
        bool first = true; /* in its line */

        while (text.n) {
                if (slice_eat(&text, SLICE("\n\n"))) {
                        fprintf(t->f, "\n\n%*s", (int) indent, "");
                        at = indent;
                        first = true;
                        continue;
                }
                struct slice word = next_word(&text);
                if (!first && word.n && at + 1 + columns_of(word) > t->columns) {
                        fprintf(t->f, "\n%*s", (int) indent, "");
                        at = indent;
                        first = true;
                }
                if (word.n) {
                        if (!first)
                                fputc(' ', t->f);
                        at += show(t, word) + !first;
                        first = false;
                }
                if (!slice_starts(text, SLICE("\n\n")))
                        text = slice_from(text, 1);
        }
        fputc('\n', t->f);
}

void painted(const struct terminal *t, enum paint p, const char *text) {
        paint(t, p);
        show_text(t, text);
        unpaint(t, p);
}

void show_line(const struct terminal *t, size_t indent, const char *label, const char *text) {
        fprintf(t->f, "%*s%s", (int) indent, "", label);
        show_wrapped(t, slice_of(text), indent + strlen(label), indent);
}
