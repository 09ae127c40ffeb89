/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "cmd/showing.h"

#include <errno.h>
#include <unistd.h>

#include "base/log.h"
#include "cmd/output.h"

const struct cmd_option pager_options[] = {
        { 0, "no-pager", NULL, "on a terminal: do not pipe the output into a pager ($VMLIFE_PAGER, $PAGER, less)",
          set_flag, .at = offsetof(struct showing, no_pager) },
        {},
};

const struct cmd_option showing_options[] = {
        { 0, "color", "WHEN", "in text: @; auto, the default, is colour for a terminal, unless NO_COLOR is set",
          set_choice, .at = offsetof(struct showing, color), .values = color_when_name },
        { .include = pager_options },
        {},
};

bool showing_to_person(const char *path) {
        return !path && isatty(STDOUT_FILENO);
}

struct terminal showing_terminal(const struct showing *s, const char *path) {
        return terminal_of(path ? NULL : stdout, (enum color_when) s->color);
}

int showing_write(const struct showing *s, const char *path, int (*write)(const void *what, FILE *f),
                  const void *what) {
        struct pager pager;

        if (s->no_pager || !pager_open(&pager, path))
                return output_write(path, write, what);
        int e = write(what, stdout);
        const bool written = pager_close(&pager);
        if (e == -ENOMEM)
                return log_oom();
        if (e == 0 && !written) {
                e = -EIO;
                log_error("cannot write standard output");
        }
        return e;
}
