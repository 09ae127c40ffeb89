/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "doc.h"

static const char head[] =
        "# SPDX-License-Identifier: LGPL-2.1-or-later\n"
        "# shellcheck shell=bash\n"
        "# Made by vmlife-doc. Completion of vmlife's commands and options for bash.\n"
        "\n"
        "_vmlife_words() { mapfile -t COMPREPLY < <(compgen -W \"$1\" -- \"$cur\"); }\n"
        "_vmlife_files() { compopt -o filenames 2>/dev/null; mapfile -t COMPREPLY < <(compgen -f -- \"$cur\"); }\n"
        "_vmlife_folders() { compopt -o filenames 2>/dev/null; mapfile -t COMPREPLY < <(compgen -d -- \"$cur\"); }\n"
        "# Several words, with commas between.\n"
        "_vmlife_list() {\n"
        "\tlocal last=${cur##*,}\n"
        "\tmapfile -t COMPREPLY < <(compgen -P \"${cur%\"$last\"}\" -W \"$1\" -- \"$last\")\n"
        "}\n"
        "# Long options; those that take an argument end in '=', and no blank follows.\n"
        "_vmlife_options() {\n"
        "\t_vmlife_words \"$1\"\n"
        "\t[[ ${#COMPREPLY[@]} -ne 1 || ${COMPREPLY[0]} != *= ]] || compopt -o nospace 2>/dev/null\n"
        "}\n"
        "\n"
        "_vmlife() {\n"
        "\tlocal cur=${COMP_WORDS[COMP_CWORD]} option=${COMP_WORDS[COMP_CWORD-1]}\n"
        "\tCOMPREPLY=()\n"
        "\t# bash takes \"--option=argument\" apart.\n"
        "\tif [[ $cur == = ]]; then\n"
        "\t\tcur=\n"
        "\telif [[ $option == = ]]; then\n"
        "\t\toption=${COMP_WORDS[COMP_CWORD-2]}\n"
        "\tfi\n";

static const char tail[] = "}\n"
                           "complete -F _vmlife vmlife\n";

static void print_completer(const struct cmd_option *o, FILE *f) {
        switch (completes_option(o)) {
        case COMPLETES_FILES:
                fputs("_vmlife_files", f);
                break;
        case COMPLETES_FOLDERS:
                fputs("_vmlife_folders", f);
                break;
        case COMPLETES_VALUES:
                fputs(o->list ? "_vmlife_list \"" : "_vmlife_words \"", f);
                print_words(f, o->values);
                fputc('"', f);
                break;
        case COMPLETES_NOTHING:
                fputc(':', f);
        }
}

/* The argument of an option that must have one is this word or the next. */
static void print_arguments(const struct flat_option *flat, size_t n, FILE *f) {
        for (size_t i = 0; i < n; i++) {
                const struct cmd_option *o = flat[i].o;

                if (!o->arg)
                        continue;
                /* One that may be left out stands behind a '=' only. */
                if (o->optional)
                        fprintf(f,
                                "\t\t--%s) [[ ${COMP_WORDS[COMP_CWORD]} != = && ${COMP_WORDS[COMP_CWORD-1]} != = ]] || "
                                "{ ",
                                o->name);
                else if (o->letter)
                        fprintf(f, "\t\t-%c | --%s) ", o->letter, o->name);
                else
                        fprintf(f, "\t\t--%s) ", o->name);
                print_completer(o, f);
                fputs(o->optional ? "; return; } ;;\n" : "; return ;;\n", f);
        }
}

static void print_command(const struct command *c, FILE *f) {
        struct flat_option flat[OPTIONS_MAX];
        const size_t n = options_flatten(c, flat);

        fprintf(f, "\t%s)\n\t\tcase $option in\n", c->name);
        print_arguments(flat, n, f);
        fputs("\t\tesac\n\t\tif [[ $cur == -* ]]; then\n\t\t\t_vmlife_options \"", f);
        for (size_t i = 0; i < n; i++)
                fprintf(f, "%s--%s%s", i ? " " : "", flat[i].o->name,
                        flat[i].o->arg && !flat[i].o->optional ? "=" : "");
        fputs("\"\n\t\t\treturn\n\t\tfi\n", f);
        switch (completes_words(c)) {
        case COMPLETES_VALUES:
                fputs("\t\t_vmlife_words \"", f);
                print_words(f, c->word);
                fputs("\"\n", f);
                break;
        case COMPLETES_NOTHING:
                break;
        default:
                fputs("\t\t_vmlife_files\n", f);
        }
        fputs("\t\t;;\n", f);
}

int write_bash(FILE *f) {
        fputs(head, f);
        fputs("\tif [[ $COMP_CWORD -eq 1 ]]; then\n\t\t_vmlife_words \"", f);
        for (size_t i = 0; commands[i]; i++)
                fprintf(f, "%s ", commands[i]->name);
        fputs("--help --version\"\n\t\treturn\n\tfi\n\tcase ${COMP_WORDS[1]} in\n", f);
        for (size_t i = 0; commands[i]; i++)
                print_command(commands[i], f);
        fputs("\tesac\n", f);
        fputs(tail, f);
        return 0;
}
