/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "base/macros.h"
#include "doc.h"

static void quote(FILE *f, const char *text) {
        fputc('\'', f);
        for (; *text; text++)
                fprintf(f, "%s%c", *text == '\'' || *text == '\\' ? "\\" : "", *text);
        fputc('\'', f);
}

static void print_option(const struct command *c, const struct cmd_option *o, FILE *f) {
        _cleanup_free_ char *help = option_help(o);

        fprintf(f, "complete -c vmlife -n '__fish_seen_subcommand_from %s'", c->name);
        if (o->letter)
                fprintf(f, " -s %c", o->letter);
        fprintf(f, " -l %s", o->name);
        if (o->arg && !o->optional)
                fputs(completes_option(o) == COMPLETES_FILES ? " -r -F" : " -x", f);
        switch (completes_option(o)) {
        case COMPLETES_FOLDERS:
                fputs(" -a '(__fish_complete_directories)'", f);
                break;
        case COMPLETES_VALUES:
                fputs(o->list ? " -a '(__fish_append , " : " -a '", f);
                print_words(f, o->values);
                fputs(o->list ? ")'" : "'", f);
                break;
        default:
                break;
        }
        fputs(" -d ", f);
        quote(f, help ? help : o->help);
        fputc('\n', f);
}

static void print_command(const struct command *c, FILE *f) {
        struct flat_option flat[OPTIONS_MAX];
        const size_t n = options_flatten(c, flat);

        fprintf(f, "\ncomplete -c vmlife -n __fish_use_subcommand -a %s -d ", c->name);
        quote(f, c->what);
        fputc('\n', f);
        for (size_t i = 0; i < n; i++)
                print_option(c, flat[i].o, f);
        switch (completes_words(c)) {
        case COMPLETES_VALUES:
                fprintf(f, "complete -c vmlife -n '__fish_seen_subcommand_from %s' -a '", c->name);
                print_words(f, c->word);
                fputs("'\n", f);
                break;
        case COMPLETES_NOTHING:
                break;
        default:
                fprintf(f, "complete -c vmlife -n '__fish_seen_subcommand_from %s' -F\n", c->name);
        }
}

int write_fish(FILE *f) {
        fputs("# SPDX-License-Identifier: LGPL-2.1-or-later\n"
              "# Made by vmlife-doc. Completion of vmlife's commands and options for fish.\n\n"
              "complete -c vmlife -f\n"
              "complete -c vmlife -n __fish_use_subcommand -l help -d 'how to use it'\n"
              "complete -c vmlife -n __fish_use_subcommand -l version -d 'the version'\n",
              f);
        for (size_t i = 0; commands[i]; i++)
                print_command(commands[i], f);
        return 0;
}
