/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <string.h>

#include "base/macros.h"
#include "doc.h"

enum completes completes_option(const struct cmd_option *o) {
        if (!o->arg)
                return COMPLETES_NOTHING;
        if (o->values)
                return COMPLETES_VALUES;
        return strcmp(o->arg, "FILE") == 0 ? COMPLETES_FILES :
               strcmp(o->arg, "DIR") == 0  ? COMPLETES_FOLDERS :
                                             COMPLETES_NOTHING;
}

enum completes completes_words(const struct command *c) {
        return c->word ? COMPLETES_VALUES : c->words ? COMPLETES_FILES : COMPLETES_NOTHING;
}

void print_words(FILE *f, const char *(*value)(size_t i)) {
        for (size_t i = 0; value(i); i++)
                fprintf(f, "%s%s", i ? " " : "", value(i));
}

int write_table(FILE *f) {
        for (size_t i = 0; commands[i]; i++) {
                struct flat_option flat[OPTIONS_MAX];
                const size_t n = options_flatten(commands[i], flat);

                for (size_t k = 0; k < n; k++) {
                        const struct cmd_option *o = flat[k].o;
                        _cleanup_free_ char *help = option_help(o);

                        fprintf(f, "%s\t%s%.1s\t--%s\t%s\t%s\t", commands[i]->name, o->letter ? "-" : "",
                                o->letter ? &o->letter : "", o->name, o->arg ? o->arg : "",
                                o->optional ? "optional" : "");
                        if (o->values)
                                print_words(f, o->values);
                        fprintf(f, "\t%s\n", help ? help : o->help);
                }
        }
        return 0;
}
