/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "cmd/options.h"

#include <errno.h>
#include <getopt.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/macros.h"
#include "base/slice.h"
#include "base/suggest.h"
#include "cmd/command.h"
#include "output/terminal.h"

static const struct cmd_option help_option = { 'h', "help", NULL, "print this help", .set = NULL };

int set_text(void *to, const char *arg, const struct cmd_option *o) {
        (void) o;
        *(const char **) to = arg;
        return 0;
}

int set_output(void *to, const char *arg, const struct cmd_option *o _unused_) {
        *(const char **) to = strcmp(arg, "-") == 0 ? NULL : arg;
        return 0;
}

int set_flag(void *to, const char *arg, const struct cmd_option *o) {
        (void) arg, (void) o;
        *(bool *) to = true;
        return 0;
}

int set_count(void *to, const char *arg, const struct cmd_option *o) {
        (void) arg, (void) o;
        ++*(unsigned *) to;
        return 0;
}

int set_choice(void *to, const char *arg, const struct cmd_option *o) {
        int i = option_choice(o, arg);

        if (i < 0)
                return i;
        *(unsigned *) to = (unsigned) i;
        return 0;
}

/* "json, ndjson or text" */
static void print_values(FILE *f, const struct cmd_option *o) {
        for (size_t i = 0; o->values(i); i++)
                fprintf(f, "%s%s", i == 0 ? "" : o->values(i + 1) || o->list ? ", " : " or ", o->values(i));
}

char *option_help(const struct cmd_option *o) {
        char *text = NULL;
        size_t n = 0, at = strcspn(o->help, "@");
        FILE *f = open_memstream(&text, &n);

        if (!f)
                return NULL;
        fprintf(f, "%.*s", (int) at, o->help);
        if (o->help[at]) {
                print_values(f, o);
                fputs(o->help + at + 1, f);
        }
        if (fclose(f) == 0)
                return text;
        free(text);
        return NULL;
}

int option_choice(const struct cmd_option *o, const char *arg) {
        _cleanup_free_ char *list = NULL;

        for (int i = 0; o->values((size_t) i); i++)
                if (strcmp(o->values((size_t) i), arg) == 0)
                        return i;
        struct suggestion s = { .typed = arg };
        for (size_t i = 0; o->values(i); i++)
                suggest(&s, o->values(i));
        list = option_help(&(struct cmd_option){ .help = "@", .values = o->values });
        log_error("--%s takes %s, not \"%s\"%s%s%s", o->name, list ? list : "something else", arg,
                  s.best ? "; did you mean \"" : "", s.best ? s.best : "", s.best ? "\"?" : "");
        return -EINVAL;
}

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

/* getopt_long() calls an option by its place here, and knows nothing of letters but whose they are. */
static void make_tables(const struct flat_option *flat, size_t n, struct option *names, char *letters) {
        *letters++ = ':';
        for (size_t i = 0; i < n; i++) {
                const struct cmd_option *o = flat[i].o;
                int takes = !o->arg ? no_argument : o->optional ? optional_argument : required_argument;

                names[i] = (struct option){ o->name, takes, NULL, 256 + (int) i };
                if (!o->letter)
                        continue;
                *letters++ = o->letter;
                for (int k = 0; k < takes; k++)
                        *letters++ = ':';
        }
        names[n] = (struct option){};
        *letters = '\0';
}

static const struct flat_option *called(const struct flat_option *flat, size_t n, int c) {
        for (size_t i = 0; i < n; i++)
                if (c == 256 + (int) i || (flat[i].o->letter && c == flat[i].o->letter))
                        return &flat[i];
        return NULL;
}

static int set(const struct flat_option *f, void *values, int argc, char **argv) {
        const char *arg = optarg;

        if (!arg && f->o->may_follow && optind < argc && f->o->may_follow(argv[optind]))
                arg = argv[optind++];
        return f->o->set((char *) values + f->at, arg, f->o);
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

static void unknown_option(const struct command *c, const struct flat_option *flat, size_t n, const char *word) {
        _cleanup_free_ char *typed = strncmp(word, "--", 2) == 0 ? strndup(word + 2, strcspn(word + 2, "=")) : NULL;
        struct suggestion s = { .typed = typed };

        for (size_t i = 0; typed && i < n; i++)
                suggest(&s, flat[i].o->name);
        /* An option of the command alone, "vmlife --versoin". */
        const char *own = s.best;
        if (typed)
                suggest(&s, "version");
        if (s.best != own)
                log_error("there is no option %s; did you mean \"vmlife --%s\"? See vmlife --help", word, s.best);
        else if (s.best)
                log_error("there is no option %s; did you mean --%s? See vmlife %s --help", word, s.best, c->name);
        else
                log_error("there is no option %s; see vmlife %s --help", word, c->name);
}

/* --help is printed before what stands behind it is read. */
static bool is_among(char **words, int n, const char *word) {
        for (int i = 0; i < n; i++)
                if (strcmp(words[i], word) == 0)
                        return true;
        return false;
}

int options_parse(const struct command *c, int argc, char **argv, void *values, struct words *ret) {
        struct flat_option flat[OPTIONS_MAX];
        struct option names[OPTIONS_MAX + 1];
        char letters[3 * OPTIONS_MAX + 2];
        size_t n = options_flatten(c, flat);
        int e = 0;

        make_tables(flat, n, names, letters);
        opterr = 0;
        optind = 0;
        for (int o; e == 0 && (o = getopt_long(argc, argv, letters, names, NULL)) >= 0;) {
                const struct flat_option *f = called(flat, n, o);

                if (f && f->o == &help_option)
                        return help_show(&c, 1, is_among(argv, argc, "--no-pager")) == EXIT_CLEAN ? 1 : -EIO;
                if (f) {
                        e = set(f, values, argc, argv);
                        continue;
                }
                if (o == ':')
                        log_error("%s needs an argument; see vmlife %s --help", argv[optind - 1], c->name);
                else
                        unknown_option(c, flat, n, argv[optind - 1]);
                return -EINVAL;
        }
        *ret = (struct words){ (const char *const *) argv + optind, (size_t) (argc - optind) };
        if (e == 0 && ret->n && !c->words) {
                log_error("%s takes no arguments, but got \"%s\"; see vmlife %s --help", c->name, ret->items[0],
                          c->name);
                return -EINVAL;
        }
        return e;
}
