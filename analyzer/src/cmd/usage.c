/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "cmd/usage.h"

#include "base/macros.h"
#include "base/slice.h"
#include "cmd/command.h"
#include "cmd/showing.h"
#include "output/terminal.h"

const struct cmd_option help_option = { 'h', "help", NULL, "print this help", .set = NULL };

static size_t flatten(const struct cmd_option *o, size_t at, struct flat_option *ret, size_t n) {
        for (; o && (o->name || o->include); o++)
                if (o->include)
                        n = flatten(o->include, at + o->at, ret, n);
                else if (n < OPTIONS_MAX - 1)
                        ret[n++] = (struct flat_option){ o, at + o->at };
        return n;
}

size_t options_flatten(const struct command *c, struct flat_option ret[static OPTIONS_MAX]) {
        size_t n = flatten(c->options, 0, ret, 0);

        ret[n++] = (struct flat_option){ &help_option, 0 };
        return n;
}

static struct terminal paper(FILE *f) {
        return (struct terminal){ .f = f, .columns = 80 };
}

static void print_option(const struct cmd_option *o, FILE *f) {
        enum { TEXT = 26 };
        _cleanup_free_ char *help = option_help(o);
        char letter[] = { '-', o->letter, ',', ' ', '\0' };
        int n = fprintf(f, "  %s--%s", o->letter ? letter : "    ", o->name);

        if (o->arg)
                n += fprintf(f, o->optional ? "[=%s]" : "=%s", o->arg);
        if (n + 2 > TEXT)
                fprintf(f, "\n%*s", TEXT, "");
        else
                fprintf(f, "%*s", TEXT - n, "");
        const struct terminal t = paper(f);
        show_wrapped(&t, slice_of(help ? help : o->help), TEXT, TEXT);
}

static void print_list(const struct command *c, const struct terminal *t) {
        const char *name, *what;

        for (size_t i = 0; c->list && (name = c->list(i, &what)); i++) {
                size_t at = (size_t) fprintf(t->f, "%s  %-12s ", i ? "" : "\n", name);
                show_wrapped(t, slice_of(what), i ? at : at - 1, 15);
        }
}

void options_help(const struct command *c, FILE *f) {
        struct flat_option flat[OPTIONS_MAX];
        size_t n = options_flatten(c, flat);
        const struct terminal t = paper(f);

        fprintf(f, "usage: vmlife %s [OPTION...]%s%s\n\n", c->name, c->words ? " " : "", c->words ? c->words : "");
        show_wrapped(&t, slice_of(c->about ? c->about : c->what), 0, 0);
        print_list(c, &t);
        fputc('\n', f);
        for (size_t i = 0; i < n; i++)
                print_option(flat[i].o, f);
        if (!c->after)
                return;
        fputc('\n', f);
        show_wrapped(&t, slice_of(c->after), 0, 0);
}

struct commands_shown {
        const struct command *const *items;
        size_t n;
};

static int write_usage(const void *what, FILE *f) {
        const struct commands_shown *shown = what;

        for (size_t i = 0; i < shown->n; i++) {
                if (i)
                        fputc('\n', f);
                options_help(shown->items[i], f);
        }
        return 0;
}

int usage_show(const struct command *const *which, size_t n, bool no_pager) {
        const struct showing showing = { .no_pager = no_pager };
        const struct commands_shown shown = { which, n };

        return showing_write(&showing, NULL, write_usage, &shown) < 0 ? EXIT_INPUT : EXIT_CLEAN;
}
