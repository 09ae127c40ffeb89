/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <string.h>

#include "base/macros.h"
#include "doc.h"

/* In single quotes; in a description of _arguments, brackets and colons end it. */
static void quote(FILE *f, const char *text, const char *escaped) {
        for (; *text; text++)
                if (*text == '\'')
                        fputs("'\\''", f);
                else
                        fprintf(f, "%s%c", strchr(escaped, *text) ? "\\" : "", *text);
}

static void print_action(const struct cmd_option *o, FILE *f) {
        fprintf(f, "%s%s:", o->optional ? "::" : ":", o->arg);
        switch (completes_option(o)) {
        case COMPLETES_FILES:
                fputs("_files", f);
                break;
        case COMPLETES_FOLDERS:
                fputs("_directories", f);
                break;
        case COMPLETES_VALUES:
                fputs(o->list ? "_values -s , value " : "(", f);
                print_words(f, o->values);
                fputs(o->list ? "" : ")", f);
                break;
        case COMPLETES_NOTHING:
                fputc(' ', f);
        }
}

static void print_option(const struct cmd_option *o, FILE *f) {
        _cleanup_free_ char *help = option_help(o);
        const bool again = !o->arg && o->set == set_count;
        const char *first = !o->arg ? "" : o->optional ? "-" : "+", *later = !o->arg ? "" : o->optional ? "=-" : "=";

        fputs("\t\t", f);
        if (o->letter)
                fprintf(f, again ? "'*'{-%c%s,--%s%s}'" : "'(-%1$c --%3$s)'{-%1$c%2$s,--%3$s%4$s}'", o->letter, first,
                        o->name, later);
        else
                fprintf(f, "'--%s%s", o->name, later);
        fputc('[', f);
        quote(f, help ? help : o->help, "[]:\\");
        fputc(']', f);
        if (o->arg)
                print_action(o, f);
        fputs("' \\\n", f);
}

static void print_command(const struct command *c, FILE *f) {
        struct flat_option flat[OPTIONS_MAX];
        const size_t n = options_flatten(c, flat);

        fprintf(f, "_vmlife_%s() {\n\t_arguments -s -S \\\n", c->name);
        for (size_t i = 0; i < n; i++)
                print_option(flat[i].o, f);
        switch (completes_words(c)) {
        case COMPLETES_VALUES:
                fputs("\t\t'*:word:(", f);
                print_words(f, c->word);
                fputs(")'\n", f);
                break;
        case COMPLETES_NOTHING:
                fputs("\t\t&& return\n", f);
                break;
        default:
                fputs("\t\t'*:file:_files'\n", f);
        }
        fputs("}\n\n", f);
}

int write_zsh(FILE *f) {
        fputs("#compdef vmlife\n# SPDX-License-Identifier: LGPL-2.1-or-later\n"
              "# Made by vmlife-doc. Completion of vmlife's commands and options for zsh.\n\n",
              f);
        for (size_t i = 0; commands[i]; i++)
                print_command(commands[i], f);
        fputs("_vmlife() {\n\tlocal -a commands\n\tlocal state line context\n\tlocal -A opt_args\n\tcommands=(\n", f);
        for (size_t i = 0; commands[i]; i++) {
                fprintf(f, "\t\t'%s:", commands[i]->name);
                quote(f, commands[i]->what, ":\\");
                fputs("'\n", f);
        }
        fputs("\t)\n\t_arguments -C '(- *)--help[how to use it]' '(- *)--version[the version]' '1:command:->command' "
              "'*::argument:->argument'\n"
              "\tcase $state in\n\tcommand) _describe command commands ;;\n\targument)\n\t\tcase $line[1] in\n",
              f);
        for (size_t i = 0; commands[i]; i++)
                fprintf(f, "\t\t%s) _vmlife_%s ;;\n", commands[i]->name, commands[i]->name);
        fputs("\t\tesac\n\t\t;;\n\tesac\n}\n\n_vmlife \"$@\"\n", f);
        return 0;
}
