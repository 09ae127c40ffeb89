/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "cmd/option.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/macros.h"
#include "base/suggest.h"

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
