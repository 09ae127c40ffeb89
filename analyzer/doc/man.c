/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/macros.h"
#include "doc.h"

static void write_option(const struct cmd_option *o, FILE *f) {
        _cleanup_free_ char *help = option_help(o);

        fputs(".TP\n", f);
        if (o->letter)
                fprintf(f, "\\fB\\-%c\\fR, ", o->letter);
        fputs("\\fB\\-\\-", f);
        roff(f, o->name);
        fputs("\\fR", f);
        if (o->arg)
                fprintf(f, o->optional ? "[=\\fI%s\\fR]" : "=\\fI%s\\fR", o->arg);
        fputc('\n', f);
        roff(f, help ? help : o->help);
        fputs(".\n", f);
}

static void write_options(const struct command *c, FILE *f) {
        struct flat_option flat[OPTIONS_MAX];
        const size_t n = options_flatten(c, flat);

        for (size_t i = 0; i < n; i++)
                write_option(flat[i].o, f);
}

static int copy(const char *path, FILE *f) {
        FILE *in = fopen(path, "re");
        char line[4096];

        if (!in)
                return -errno;
        while (fgets(line, sizeof(line), in))
                fputs(line, f);
        fclose(in);
        return 0;
}

static void write_see_also(const char *but_not, FILE *f) {
        fputs(".SH SEE ALSO\n", f);
        if (but_not)
                fputs(".BR vmlife (1),\n", f);
        for (size_t i = 0; commands[i]; i++)
                if (!but_not || strcmp(but_not, commands[i]->name) != 0)
                        fprintf(f, ".BR vmlife\\-%s (1),\n", commands[i]->name);
        fputs(".BR vmlife\\-report (5),\n.BR vmlife\\-known\\-issues (5),\n.BR vmlife\\-explain (7),\n.BR journalctl "
              "(1)\n",
              f);
}

/* A paragraph that begins with "Exit status" gets a section of its own. */
static void write_after(const char *text, FILE *f) {
        static const char status[] = "Exit status";
        const char *at = strncmp(text, status, sizeof(status) - 1) == 0 ? text : strstr(text, "\n\nExit status");
        _cleanup_free_ char *notes = strndup(text, at ? (size_t) (at - text) : strlen(text));

        if (notes && *notes) {
                fputs(".SH NOTES\n", f);
                roff_paragraphs(f, notes);
        }
        if (at) {
                fputs(".SH EXIT STATUS\n", f);
                roff_paragraphs(f, *at == '\n' ? at + 2 : at);
        }
}

static void write_list(const struct command *c, FILE *f) {
        const char *name, *what;

        for (size_t i = 0; c->list && (name = c->list(i, &what)); i++) {
                fprintf(f, ".TP\n.B %s\n", name);
                roff(f, what);
                fputc('\n', f);
        }
}

int write_command_page(const struct command *c, const char *more, FILE *f) {
        char name[64];

        snprintf(name, sizeof(name), "vmlife-%s", c->name);
        roff_title(f, name, 1);
        fputs(".SH NAME\n", f);
        fprintf(f, "vmlife\\-%s \\- ", c->name);
        roff(f, c->what);
        fprintf(f, "\n.SH SYNOPSIS\n.B vmlife %s\n[\\fIOPTION\\fR...]", c->name);
        if (c->words) {
                fputc(' ', f);
                roff(f, c->words);
        }
        fputs("\n.SH DESCRIPTION\n", f);
        roff_paragraphs(f, c->about ? c->about : c->what);
        write_list(c, f);
        fputs(".SH OPTIONS\n", f);
        write_options(c, f);
        if (c->after)
                write_after(c->after, f);
        int e = copy(more, f);
        if (e < 0 && e != -ENOENT) {
                log_error("cannot read %s: %s", more, strerror(-e));
                return e;
        }
        write_see_also(c->name, f);
        return 0;
}

static void write_commands(FILE *f) {
        for (size_t i = 0; commands[i]; i++) {
                fprintf(f, ".TP\n.BR vmlife\\-%s (1)\n", commands[i]->name);
                roff(f, commands[i]->what);
                fputs(".\n", f);
        }
}

static int expand(const char *line, const char *template, FILE *f) {
        char word[32], argument[256];
        const int n = sscanf(line, "@%31s %255s", word, argument);

        if (n == 2 && strcmp(word, "TITLE") == 0) {
                char *dot = strrchr(argument, '.');
                if (dot) {
                        *dot = '\0';
                        roff_title(f, argument, atoi(dot + 1));
                        return 0;
                }
        }
        if (n == 2 && strcmp(word, "SCHEMA") == 0)
                return write_schema(argument, f);
        if (n == 1 && strcmp(word, "COMMANDS") == 0) {
                write_commands(f);
                return 0;
        }
        if (n == 1 && strcmp(word, "SEEALSO") == 0) {
                write_see_also(NULL, f);
                return 0;
        }
        log_error("%s: nothing is made for the line %s", template, line);
        return -EINVAL;
}

int write_page(const char *template, FILE *f) {
        FILE *in = fopen(template, "re");
        char line[4096];
        int e = 0;

        if (!in) {
                e = -errno;
                log_error("cannot open %s: %s", template, strerror(-e));
                return e;
        }
        while (e == 0 && fgets(line, sizeof(line), in))
                if (*line == '@')
                        e = expand(line, template, f);
                else
                        fputs(line, f);
        fclose(in);
        return e;
}
