/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "cmd/options.h"

#include <errno.h>
#include <getopt.h>
#include <string.h>

#include "base/log.h"
#include "base/macros.h"
#include "base/slice.h"
#include "base/suggest.h"
#include "cmd/command.h"
#include "cmd/usage.h"

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
                        return usage_show(&c, 1, is_among(argv, argc, "--no-pager")) == EXIT_CLEAN ? 1 : -EIO;
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
